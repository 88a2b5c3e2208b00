"""From texts to a question: what each name means in a run, and how it changes the weights of the run's worlds."""

from __future__ import annotations

import math
from collections.abc import Callable, Sequence
from dataclasses import dataclass

import numpy as np
from jaxtyping import Float
from scipy import special

from quidproquo.cases.record import Case
from quidproquo.evidence.weights.reweight import Change
from quidproquo.sensitivity.priors import ENDS, moved_prior
from quidproquo.study.schema.assumptions import AssumptionRecord
from quidproquo.study.schema.brief import Brief
from quidproquo.study.schema.what_if import WhatIfQuestion
from quidproquo.study.what_if.basis import Basis
from quidproquo.study.what_if.names import KINDS, Group, Named, find_name, groups_of
from quidproquo.study.what_if.request import WhatIfRequest
from quidproquo.terms.errors import InputError, sentence
from quidproquo.terms.grades import RELIABILITIES

__all__ = ["Question", "as_change", "check_request", "read_question"]

_PRIOR_FORM = "NAME=q05, NAME=q95 or NAME=VALUE"
_NOTHING = sentence(
    "what-if",
    "supposition",
    "missing",
    "--without, --reliability, --prior or --hypothesis",
    "say what to suppose",
)
_POINTS = {"q05": "5%", "q95": "95%"}
_UNIFORM = 0.9  # where the 5 and 95% quantiles of a uniform prior lie between the ends of its range, −1 and 1
_MOST = 8.0  # standard deviations, beyond which a float has no probability left


@dataclass(frozen=True)
class Question:
    """What is supposed, found in a run.

    `groups` are left out. `grades` maps an origin to its new grade, `ends` a parameter to the coordinate that its
    prior is centred on, `answers` a hypothesis to the place of the state that is taken as certain. `ids` says
    the same by ids, and `title` in words.
    """

    groups: tuple[Group, ...]
    grades: dict[str, str]
    ends: dict[str, float]
    answers: dict[str, int]
    ids: WhatIfQuestion
    title: str

    @property
    def drop(self) -> tuple[str, ...]:
        """Ids of the claims that are left out, each once."""
        return tuple(dict.fromkeys(item for group in self.groups for item in group.items))

    def claims(self, brief: Brief) -> list[str]:
        """Ids of the claims that it leaves out, or grades otherwise."""
        gone = set(self.drop)
        return [c.id for c in brief.claims if c.id in gone or (c.used and c.origin in self.grades)]


def read_question(request: WhatIfRequest, brief: Brief, case: Case | None) -> Question:
    """Find every name of a request in a run; `case` knows the aliases of its sources.

    Raises:
        InputError: if a text isn't of the form that its option takes, or a name is unknown.
    """
    groups = tuple(_group(text, brief, case) for text in request.without)
    found = {
        "--reliability": dict(_grade(text, brief, case) for text in request.reliability),
        "--prior": dict(_prior(text, brief) for text in request.priors),
        "--hypothesis": dict(_answer(text, brief) for text in request.hypotheses),
    }
    given = {
        "--reliability": request.reliability,
        "--prior": request.priors,
        "--hypothesis": request.hypotheses,
    }
    for option, texts in given.items():
        if len(found[option]) < len(texts):
            allowed = "given once for each name"
            raise InputError(sentence(option, "name", "given twice", allowed, "leave one of them out"))
    if not groups and not any(found.values()):
        raise InputError(_NOTHING)
    grades, priors, answers = found.values()
    ids = WhatIfQuestion(
        without=[f"{group.kind}:{group.id}" for group in groups],
        reliability=grades,
        priors=priors,
        hypotheses=answers,
    )
    return Question(
        groups=groups,
        grades=grades,
        ends={name: _end(name, text, brief.assumptions[name]) for name, text in priors.items()},
        answers={name: list(brief.hypotheses[name].states).index(s) for name, s in answers.items()},
        ids=ids,
        title=_title(groups, ids, brief),
    )


def check_request(request: WhatIfRequest, case: Case) -> None:
    """Refuse what the case alone shows to be wrong, before anything is run.

    Raises:
        InputError: if nothing is supposed, a text isn't of its form, or a prior, question or answer is unknown.
    """
    if not (request.without or request.reliability or request.priors or request.hypotheses):
        raise InputError(_NOTHING)
    for text in request.without:
        _kind(text)
    for text in request.reliability:
        _graded(text)
    for text in request.priors:
        name, end = _pair("--prior", text, _PRIOR_FORM)
        found = name if name in case.priors else find_name("--prior", _priors_of(case), name)
        _check_end(found, end, case.priors[found].unit)
    for text in request.hypotheses:
        name, answer = _pair("--hypothesis", text, "QUESTION=ANSWER")
        known = Named("hypothesis", {id_: (one.title,) for id_, one in case.hypotheses.items()})
        question = find_name("--hypothesis", known, name)
        answers = {state.id: (state.title,) for state in case.hypotheses[question].states}
        find_name(f"--hypothesis {question}", Named("answer", answers), answer)


def _priors_of(case: Case) -> Named:
    """The priors of a case by name and title; titles are the model's, which takes a moment to build."""
    from quidproquo.sensitivity.what_ifs import meanings
    from quidproquo.worlds.model import build_model

    titles = {name: (title,) for name, (_, title) in meanings(build_model(case, case.decision_date)).items()}
    return Named("prior", {name: titles.get(name, ()) for name in case.priors})


def _kind(text: str) -> tuple[str, str]:
    kind, colon, name = text.partition(":")
    kind, name = kind.strip().lower(), name.strip()
    if not colon or kind not in KINDS or not name:
        allowed = "kind:name, with a kind of " + ", ".join(KINDS)
        raise InputError(sentence("--without", "value", text, allowed, f"write, say, origin:{name or text}"))
    return kind, name


def _group(text: str, brief: Brief, case: Case | None) -> Group:
    kind, name = _kind(text)
    known = groups_of(brief, case)[kind]
    if kind == "claim" and name not in known:
        unused = next((claim for claim in brief.claims if claim.id == name), None)
        if unused is not None:
            allowed = "of one that weighs"
            reason = f"{name}, which doesn't weigh ({unused.unused_reason or 'not used'})"
            raise InputError(sentence("--without", "claim", reason, allowed, "nothing would move"))
    others: dict[str, tuple[str, ...]] = dict.fromkeys(known, ())
    if kind == "document":
        others |= {d.id: (d.title, d.name) for d in brief.documents if d.id in known}
    return known[find_name("--without", Named(kind, others), name, _alias(name, kind, case))]


def _alias(name: str, kind: str, case: Case | None) -> str | None:
    """The source that a case knows by this name, where sources are meant."""
    source = case.source_of(name) if case is not None and kind in ("origin", "source") else None
    return None if source is None else source.name


def _pair(option: str, text: str, form: str) -> tuple[str, str]:
    name, sign, value = text.rpartition("=")
    if not sign or not name.strip() or not value.strip():
        raise InputError(sentence(option, "value", text, f"of the form {form}", "write both parts"))
    return name.strip(), value.strip()


def _graded(text: str) -> tuple[str, str]:
    name, grade = _pair("--reliability", text, "SOURCE=GRADE, such as 'Ministry=D'")
    if grade.upper() not in RELIABILITIES:
        allowed = "one of " + ", ".join(f"{key} ({meaning})" for key, meaning in RELIABILITIES.items())
        raise InputError(sentence("--reliability", "grade", grade, allowed, "choose one of them"))
    return name, grade.upper()


def _grade(text: str, brief: Brief, case: Case | None) -> tuple[str, str]:
    name, grade = _graded(text)
    origins = Named("source", {claim.origin: () for claim in brief.claims if claim.used})
    return find_name("--reliability", origins, name, _alias(name, "origin", case)), grade


def _prior(text: str, brief: Brief) -> tuple[str, str]:
    name, end = _pair("--prior", text, _PRIOR_FORM)
    known = Named("prior", {id_: (one.title,) for id_, one in brief.assumptions.items()})
    found = find_name("--prior", known, name)
    return found, _check_end(found, end, brief.assumptions[found].unit)


def _check_end(prior: str, end: str, unit: str) -> str:
    if end.lower() in ENDS:
        return end.lower()
    try:
        value = float(end)
    except ValueError:
        value = math.nan
    if not math.isfinite(value):
        allowed = f"q05, q95 or a number, in {unit or 'no unit'}"
        raise InputError(sentence(f"--prior {prior}", "value", end, allowed, "say where to move it"))
    return end


def _answer(text: str, brief: Brief) -> tuple[str, str]:
    name, answer = _pair("--hypothesis", text, "QUESTION=ANSWER")
    known = Named("hypothesis", {id_: (one.title,) for id_, one in brief.hypotheses.items()})
    found = find_name("--hypothesis", known, name)
    states = brief.hypotheses[found].states
    answers = Named("answer", {id_: (state.title,) for id_, state in states.items()})
    return found, find_name(f"--hypothesis {found}", answers, answer)


def _title(groups: Sequence[Group], ids: WhatIfQuestion, brief: Brief) -> str:
    """What is supposed, in words."""
    parts = []
    for group in groups:
        count = len(group.items)
        name = f"{group.id} ({group.title})" if group.kind == "claim" else f"“{group.title}”"
        of = "" if group.kind == "claim" else f" ({count} {'claim' if count == 1 else 'claims'})"
        parts.append(f"without the {group.kind} {name}{of}")
    parts += [f"“{name}” graded {g} ({RELIABILITIES[g]})" for name, g in ids.reliability.items()]  # type: ignore[index]
    for name, end in ids.priors.items():
        record = brief.assumptions[name]
        to = f"its own {_POINTS[end]} point" if end in _POINTS else f"{end} {record.unit}".strip()
        parts.append(f"the prior of “{record.title}” ({name}) moved to {to}")
    for name, state in ids.hypotheses.items():
        record_of = brief.hypotheses[name]
        parts.append(f"“{record_of.title}” answered by “{record_of.states[state].title}”, for certain")
    return "; ".join(parts)


def as_change(question: Question, basis: Basis) -> Change:
    """The question as another weight of every world.

    Raises:
        InputError: if a grade is asked about in a run that doesn't hold what that takes.
    """
    factor = np.zeros(len(basis.ensemble.log_weight))
    for name, end in question.ends.items():
        column = basis.ensemble.draws[:, basis.ensemble.parameters.index(name)]
        factor += moved_prior(_coordinates(basis.brief.assumptions[name], column), end)
    for name, state in question.answers.items():
        place = basis.ensemble.hypotheses.index(name)
        factor[basis.ensemble.states[:, place] != state] = -np.inf
    if question.grades:
        factor += _grade_factor(question, basis)
    factored = bool(question.ends or question.answers or question.grades)
    return Change(drop=question.drop, log_factor=factor if factored else None)


def _grade_factor(question: Question, basis: Basis) -> Float[np.ndarray, " world"]:
    """Log-likelihood of the claims that are graded otherwise, over that under their own grades."""
    from quidproquo.study.what_if.grades import grade_factor

    evidence = basis.evidence
    if evidence is None:
        allowed = "of a run that keeps the claims as numbers"
        found = "one of an earlier version"
        raise InputError(sentence("--reliability", "run", found, allowed, "make the brief anew"))
    return grade_factor(evidence, basis.ensemble.predicted, question.grades, question.drop)


def _linked(distribution: str) -> Callable[[np.ndarray], np.ndarray]:
    """The scale on which a prior is normal or uniform."""
    if distribution in ("lognormal", "loguniform"):
        return np.log
    return special.logit if distribution == "logitnormal" else np.asarray


def _coordinates(prior: AssumptionRecord, values: Float[np.ndarray, " world"]) -> Float[np.ndarray, " world"]:
    """Where values lie on the coordinate on which the prior is standard normal."""
    linked = _linked(prior.distribution)
    with np.errstate(divide="ignore", invalid="ignore"):
        low, high = (float(linked(np.asarray(end))) for end in (prior.prior_q05, prior.prior_q95))
        unit = 2.0 * (linked(np.asarray(values, dtype=np.float64)) - low) / (high - low) - 1.0
        if "uniform" not in prior.distribution:
            return np.asarray(ENDS["q95"] * unit)
        return np.asarray(np.clip(special.ndtri((_UNIFORM * unit + 1.0) / 2.0), -_MOST, _MOST))


def _end(name: str, text: str, prior: AssumptionRecord) -> float:
    """The coordinate that a prior is moved to."""
    if prior.prior_q95 <= prior.prior_q05:
        allowed = "of one that is not fixed"
        raise InputError(sentence("--prior", "name", name, allowed, "ask about another one"))
    if text in ENDS:
        return ENDS[text]
    end = float(_coordinates(prior, np.array([float(text)]))[0])
    if not abs(end) < _MOST:
        allowed = "a value that its distribution can have, not far beyond its ends"
        ends = f"write a number from {prior.prior_q05:.3g} to {prior.prior_q95:.3g}"
        raise InputError(sentence(f"--prior {name}", "value", text, allowed, ends))
    return end
