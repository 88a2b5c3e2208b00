"""Key judgements: five to nine sentences, each with its likelihood, its basis and its confidence."""

from __future__ import annotations

from dataclasses import dataclass

from markupsafe import Markup

from quidproquo.brief.leverage import changes_choice, is_assumption
from quidproquo.brief.markup import join, link, link_numbers, phrase
from quidproquo.brief.natural import lead_words
from quidproquo.brief.numerals import plain, share, signed
from quidproquo.brief.sentences.advised import heaviest_sentences
from quidproquo.brief.sentences.answers import answer_sentence, answer_sure, diagnostic_claims, speaking_for
from quidproquo.brief.sentences.decisions import leading, unchanged_sentences
from quidproquo.brief.sentences.estimates import (
    estimate_confidence,
    estimate_sentence,
    is_index,
    rests_on_sentence,
)
from quidproquo.brief.sentences.fit import fit_sentence, misfits
from quidproquo.brief.sentences.support import standing, support
from quidproquo.brief.sentences.ties import chosen, level_under, tied_sentence
from quidproquo.brief.smallest import together
from quidproquo.brief.wording import likelihood_over, listed, number_words, option_links
from quidproquo.study.schema.assumptions import HypothesisRecord
from quidproquo.study.schema.brief import Brief
from quidproquo.study.schema.estimates import LedgerRecord

__all__ = ["Judgement", "WeightingOutcomes", "cautions", "key_judgements", "weighting_outcomes"]

_MOST = 9
_LEAST_ESS = 1000
_MANY = 4
_MOST_WORLDS = 0.5
_LEDGER_EACH_SIDE = 2
_ASSUMPTIONS = 4  # that are named one by one
_WANTED = {"sought", "promised"}


@dataclass(frozen=True)
class Judgement:
    """What is judged, what it rests on, and how sure one can be of it, in a sentence of its own."""

    statement: Markup
    basis: tuple[Markup, ...] = ()
    confidence: str = ""


def key_judgements(brief: Brief) -> list[Judgement]:
    """The judgements in the order in which a reader needs them, at most nine."""
    poor = misfits(brief)
    found = [
        *(_fit(brief) if poor else []),
        *_unchanged(brief),
        _choice(brief),
        *_best_share(brief),
        *_ledger(brief, "gives"),
        *_ledger(brief, "gets"),
        *_hypotheses(brief),
        *_leverage(brief),
        *_reports(brief),
        *([] if poor else _fit(brief)),
    ]
    return found[:_MOST]


def cautions(brief: Brief) -> list[str]:
    """What a reader must keep in mind before anything else, the warnings of the run among it."""
    found = []
    if misfits(brief):
        found.append(fit_sentence(brief))
    if brief.diagnostics.run_ess_min < _LEAST_ESS:
        found.append(_coarse(brief))
    if brief.diagnostics.hindsight:
        count = number_words(len(brief.diagnostics.hindsight), "prior")
        found.append(f"Exposed to hindsight: {count} rest on what became known after the as-of date.")
    margin = brief.diagnostics.accepted_only_margin
    if margin is not None and margin < 0.0 <= brief.preferred.margin:
        found.append("With accepted claims only, another option leads.")
    return list(dict.fromkeys([*found, *brief.diagnostics.warnings]))


def _coarse(brief: Brief) -> str:
    """That the estimate with the smallest run ESS is not exact enough for small differences."""
    found = brief.diagnostics
    estimate = brief.estimates.get(found.run_ess_min_of)
    which = f"“{estimate.title}”" if estimate is not None else "one estimate"
    draws = plain(found.run_ess_min, digits=2)
    return f"Of {which} the worlds tell no more than {draws} independent draws would: small differences are noise."


@dataclass(frozen=True)
class WeightingOutcomes:
    """What the set of weightings does to the choice, by id of the weighting.

    Under those `changed` another option is chosen by the rule; under those `tied` another can't be told from
    those preferred; those `unjudged` can't be trusted; the error of those `undecided` is too large to say either.
    """

    changed: tuple[str, ...]
    tied: tuple[str, ...]
    unjudged: tuple[str, ...]
    undecided: tuple[str, ...]

    @property
    def open(self) -> tuple[str, ...]:
        """Those of which can't be said what they do to the choice."""
        return self.unjudged + self.undecided


def weighting_outcomes(brief: Brief) -> WeightingOutcomes:
    """Sort the weightings by what they do to the choice."""
    kept = leading(brief) or chosen(brief)
    found: dict[str, list[str]] = {"changed": [], "tied": [], "unjudged": [], "undecided": []}
    for item in brief.weightings:
        if not item.reliable:
            found["unjudged"].append(item.id)
        elif not item.decided:
            found["undecided"].append(item.id)
        elif item.preferred not in kept:
            found["changed"].append(item.id)
        elif set(level_under(brief, item)) - set(kept):
            found["tied"].append(item.id)
    return WeightingOutcomes(*(tuple(ids) for ids in found.values()))


def _choice(brief: Brief) -> Judgement:
    preferred = brief.preferred
    names = chosen(brief)
    if not names:
        return Judgement(Markup("No option was compared."))
    if len(brief.options) == 1:
        only = option_links(brief, names)
        return Judgement(
            phrase("{option} is the only option: there is nothing to compare it with.", option=only)
        )
    margin = link("basis", "choice", lead_words(preferred.margin, preferred.mcse))
    if len(names) > 1:
        text = tied_sentence(brief, margin)
    else:
        text = phrase(
            "Of the {count} options, {option} does best by the rule {rule}; its margin over the next "
            "is {margin} of value.",
            count=link("options", "all", len(brief.options)),
            option=option_links(brief, names),
            rule=link("basis", "choice", preferred.rule),
            margin=margin,
        )
    changed = weighting_outcomes(brief).changed
    judged = sum(row.judged for row in brief.weightings)
    if changed:
        text += phrase(
            " The choice depends on how the claims are weighed: another option leads under {some} of {all} "
            "ways to "
            "weigh them{of}.",
            some=link("weightings", "all", len(changed)),
            all=link("weightings", "all", judged),
            of="" if judged == len(brief.weightings) else " that could be decided",
        )
    return Judgement(text + _assumptions(brief), (), _choice_confidence(brief, len(names) > 1, len(changed)))


def _unchanged(brief: Brief) -> list[Judgement]:
    """What no option changes, and how often none is acceptable."""
    lines = unchanged_sentences(brief)
    if not lines:
        return []
    judged = any(item.judgement for item in brief.assumptions.values())
    sure = "Confidence in this is low: what the options do rests on judgement rather than on data."
    first = lines[: len(heaviest_sentences(brief)) + 1]
    text = link_numbers(" ".join(dict.fromkeys([*first, lines[-1]])), "basis", "choice")
    return [Judgement(text, (), sure if judged else "")]


def _assumptions(brief: Brief) -> Markup:
    """A sentence on the priors, grades and answers of which one alone changes the choice."""
    found = changes_choice(brief)
    if not found:
        return Markup("")
    named = [link("leverage", f"{item.kind}-{item.id}", item.title) for item in found]
    first = named[0]
    if len(found) == 1:
        return phrase(
            " Changing one assumption would put {option} first: {first}.",
            option=_then(brief, found[0].preferred),
            first=first,
        )
    count = link("leverage", "all", number_words(len(found), "assumption"))
    if len(found) <= _ASSUMPTIONS:
        return phrase(
            " Changing any one of {count} would put another option first: {every}.",
            count=count,
            every=Markup("; ").join(
                phrase("{title} ({option})", title=title, option=_then(brief, item.preferred))
                for title, item in zip(named, found, strict=True)
            ),
        )
    return phrase(
        " Changing any one of {count} would put another option first; the strongest is {first}.",
        count=count,
        first=first,
    )


def _then(brief: Brief, name: str) -> Markup:
    return option_links(brief, [name]) if name in brief.options else Markup("another option")


def _choice_confidence(brief: Brief, tied: bool, changed: int) -> str:
    low, high = brief.preferred.range
    reasons = []
    judged = any(item.judgement for item in brief.assumptions.values())
    if judged:
        reasons.append("what the options do rests on judgement rather than on data")
    if changed:
        reasons.append("another option leads under some weightings")
    if tied:
        reasons.append("the options that are named cannot be told apart")
    elif low <= 0.0 <= high:
        reasons.append("the lead is gone under some weightings")
    unjudged = len(weighting_outcomes(brief).open)
    if unjudged:
        reasons.append(f"{'many' if unjudged > _MANY else 'some'} weightings could not be judged")
    level = "low" if judged or tied or len(reasons) > 1 else "moderate"
    because = f": {listed(reasons)}" if reasons else ""
    return f"Confidence in this choice is {level}{because}."


def _best_share(brief: Brief) -> list[Judgement]:
    if not brief.options:
        return []
    best = max(brief.options, key=lambda name: brief.options[name].weighted.best_share)
    option = brief.options[best]
    shares = [option.weighted.best_share, option.exploratory.best_share]
    word = likelihood_over(shares)
    found = weighting_outcomes(brief)
    stable = word is not None and not found.changed and not found.unjudged
    first, second = (link("basis", "choice", share(value)) for value in shares)
    if len(chosen(brief)) > 1:
        text = phrase(
            "{option} is the best option in {first} of the worlds weighed by the claims, more often than any "
            "other{few}, and in {second} of worlds that fill the declared ranges evenly.",
            option=option_links(brief, [best]),
            first=first,
            few=" but not in most" if max(shares) < _MOST_WORLDS else "",
            second=second,
        )
    elif stable and word is not None:
        article = "a " if word.startswith("roughly") else ""
        text = phrase(
            "It is {word} ({first}) that {option} is the best of the options.",
            word=article + word,
            first=first,
            option=option_links(brief, [best]),
        )
    elif word is not None:
        text = phrase(
            "{option} is best in {first} of worlds weighed by the claims and in {second} of worlds that "
            "fill the declared ranges evenly. No likelihood word is given, because the answer depends on "
            "{why}.",
            why=_why(brief, found),
            option=option_links(brief, [best]),
            first=first,
            second=second,
        )
    else:
        text = phrase(
            "Whether {option} is the best option depends on how worlds are weighed: it is best in {first} "
            "of worlds weighed by the claims and in {second} of worlds that fill the declared ranges evenly.",
            option=option_links(brief, [best]),
            first=first,
            second=second,
        )
    return [Judgement(text)]


def _why(brief: Brief, found: WeightingOutcomes) -> Markup:
    if found.changed:
        return Markup("the weighting")
    count = link("weightings", "all", f"{len(found.unjudged)} of {len(brief.weightings)} weightings")
    return phrase("{count} that could not be judged", count=count)


def _ledger(brief: Brief, side: str) -> list[Judgement]:
    lines = [
        line
        for line in brief.ledger
        if line.side == side
        and line.quantity in brief.estimates
        and line.stage not in _WANTED
        and (line.claims or brief.estimates[line.quantity].claims)
    ]
    lines.sort(key=lambda line: (-support(brief, standing(brief, line.quantity)).origins, line.id))
    return [_ledger_line(brief, line) for line in _distinct(lines)[:_LEDGER_EACH_SIDE]]


def _distinct(lines: list[LedgerRecord]) -> list[LedgerRecord]:
    seen: set[str] = set()
    kept = []
    for line in lines:
        if line.quantity not in seen:
            kept.append(line)
            seen.add(line.quantity)
    return kept


def _ledger_line(brief: Brief, line: LedgerRecord) -> Judgement:
    text = phrase(
        "{title}, {rest}",
        title=link("estimate", line.quantity, line.title),
        rest=_lower_first(estimate_sentence(brief, line.quantity)),
    )
    behind = standing(brief, line.quantity)
    if not is_index(brief.estimates[line.quantity]) or not behind:
        # what bears on a chance from elsewhere stands behind it, and so in the basis
        text += Markup(" ") + rests_on_sentence(brief, line.quantity)
    said = estimate_confidence(brief, line.quantity)
    sure = link_numbers(said, "basis", f"estimate.{line.quantity}")
    return Judgement(text, _claim_links(behind), sure)


def _lower_first(text: Markup) -> Markup:
    return Markup(text[:1].lower()) + text[1:]


def _claim_links(claims: list[str]) -> tuple[Markup, ...]:
    return tuple(link("claim", claim, claim) for claim in claims)


def _hypotheses(brief: Brief) -> list[Judgement]:
    return [
        Judgement(
            answer_sentence(brief, name),
            _claim_links(_behind_answer(brief, hypothesis)),
            link_numbers(answer_sure(brief, name), "basis", f"hypothesis.{name}"),
        )
        for name, hypothesis in brief.hypotheses.items()
    ]


def _behind_answer(brief: Brief, hypothesis: HypothesisRecord) -> list[str]:
    """What stands behind the leading answer; nothing where no report tells the answers apart."""
    return speaking_for(brief, hypothesis) if diagnostic_claims(brief, hypothesis) else []


def _leverage(brief: Brief) -> list[Judgement]:
    kept = set(leading(brief) or chosen(brief))
    # assumptions are mentioned with the choice
    left_out = [item for item in brief.leverage if not is_assumption(item)]
    known = [item for item in left_out if item.judged]
    if not known:
        return []
    moving = [item for item in known if item.preferred and item.preferred not in kept]
    singles = [item for item in moving if item.kind == "claim"]
    if not moving:
        judged = "" if len(known) == len(left_out) else " that could be judged"
        text = phrase(
            "No single report, origin, family, source or document{judged} changes the choice when it is "
            "left out.",
            judged=judged,
        )
        return [Judgement(text + together(brief))]
    top = sorted(moving, key=lambda item: -abs(item.margin_shift))[:3]
    named = join([link("leverage", f"{item.kind}-{item.id}", item.title) for item in top])
    start: str | Markup = "No single report changes the choice when it is left out"
    if singles:
        count = number_words(len(singles), "single report")
        start = phrase(
            "{count} would change the choice if left out",
            count=link("leverage", "all", count[:1].upper() + count[1:]),
        )
    text = phrase(
        "{start}; it depends most on {named} (largest shift of the margin {shift}).",
        start=start,
        named=named,
        shift=link("basis", "choice", signed(top[0].margin_shift)),
    )
    return [Judgement(text + together(brief))]


def _reports(brief: Brief) -> list[Judgement]:
    if not brief.conflicts and not brief.circular:
        return []
    text = phrase(
        "Among the {claims} claims there are {conflicts} set against each other, and {circular} that look like "
        "several witnesses but go back to one origin. Each origin counts once.",
        claims=link("claims", "all", len(brief.claims)),
        conflicts=link("conflicts", "all", number_words(len(brief.conflicts), "pair")),
        circular=link("conflicts", "all", number_words(len(brief.circular), "group")),
    )
    return [Judgement(text)]


def _fit(brief: Brief) -> list[Judgement]:
    return [Judgement(link_numbers(fit_sentence(brief), "misfit", "all"))]
