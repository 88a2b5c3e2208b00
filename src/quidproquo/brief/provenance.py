"""What each number rests on, in one step: the sentences of claims, or judgements by name with their reasons.

A number never leads to its own paragraph. What it leads to is a `Basis`: claims, whose sentences stand there,
priors with the grounds that the case gives, and what the case itself has set.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from itertools import chain

from markupsafe import Markup

from quidproquo.brief.leverage import beyond_error
from quidproquo.brief.markup import anchor, phrase
from quidproquo.brief.natural import cost_words, metric_words
from quidproquo.brief.numerals import plain, range_words, share
from quidproquo.brief.sentences.answers import diagnostic_claims
from quidproquo.brief.sentences.estimates import counted_by
from quidproquo.brief.sentences.support import moved_by, standing, weighed
from quidproquo.brief.wording import listed, number_words
from quidproquo.study.schema.assumptions import AssumptionRecord
from quidproquo.study.schema.brief import Brief
from quidproquo.study.schema.leverage import LeverageRecord
from quidproquo.study.schema.options import MetricRecord, OptionRecord

__all__ = [
    "Basis",
    "NamedPrior",
    "bases",
    "choice_basis",
    "cost_basis",
    "estimate_basis",
    "hypothesis_basis",
    "metric_basis",
    "no_reason",
]

_MOST_CLAIMS, _MOST_PRIORS = 8, 5
_JUDGEMENT = "judgement"


@dataclass(frozen=True)
class NamedPrior:
    """A prior by name, with what the case says for it."""

    name: str
    title: str
    range: str
    grounds: str


@dataclass(frozen=True)
class Basis:
    """What a number rests on; `set_by` is what the case has set, `note` says how the rest was found."""

    id: str
    title: str
    note: str
    claims: tuple[str, ...] = ()
    priors: tuple[NamedPrior, ...] = ()
    set_by: tuple[str, ...] = ()


def bases(brief: Brief) -> dict[str, Basis]:
    """Every basis by its name, which a link of kind "basis" takes."""
    found = {f"metric.{name}": metric_basis(brief, name) for name in brief.metrics}
    found |= {f"hypothesis.{name}": hypothesis_basis(brief, name) for name in brief.hypotheses}
    found |= {f"cost.{name}": cost_basis(name, option) for name, option in brief.options.items()}
    found |= {f"estimate.{name}": estimate_basis(brief, name) for name in brief.estimates}
    return found | {"choice": choice_basis(brief)}


def no_reason(record: AssumptionRecord) -> str:
    """The grounds of a prior, or that the case names none."""
    if record.judgement:
        return f"judgement: {record.grounds}" if record.grounds else "judgement; the case states no reason"
    return record.grounds or record.source


def estimate_basis(brief: Brief, name: str) -> Basis:
    """Claims that weigh on an estimate, else those that move it, and the priors that do."""
    counted = counted_by(brief, name)
    if counted:
        title = brief.estimates[name].title
        return Basis(_id(f"estimate.{name}"), title, "Reports that count it.", tuple(counted), ())
    own = standing(brief, name) or [claim.id for claim in weighed(brief, brief.estimates[name].claims)]
    others = [] if own else [item.id for item in moved_by(brief, name, ("claim",))]
    priors = _named(brief, moved_by(brief, name, ("prior",)))
    part = f"mechanism.{brief.estimates[name].part}"
    if not priors and not own and not others:
        read = chain([part], *_parts(brief, part))
        behind = [prior for one in read for prior in _members(brief, one)]
        priors = tuple(_priors(brief, behind or brief.assumptions)[:_MOST_PRIORS])
    if own:
        note = "Reports that weigh on it."
    elif others:
        note = "No report on it weighs. The reports named below are on other things, and move it most."
    else:
        note = "No report moves it noticeably."
    if priors:
        note += " Priors that move it most are named below them." if own or others else " Priors behind it:"
    return Basis(_id(f"estimate.{name}"), brief.estimates[name].title, note, tuple(own or others), priors)


def metric_basis(brief: Brief, name: str) -> Basis:
    """What the case has set, and the claims and priors of the parts of the model that a metric reads."""
    record = brief.metrics[name]
    own, upstream = _parts(brief, f"metric.{name}")
    claims = _observed(brief, chain(own, upstream)) or _topic_claims(brief, name)
    direct = [prior for part in own for prior in _members(brief, part)]
    kept = _priors(brief, direct)[:_MOST_PRIORS]
    behind = [prior for part in (*own, *upstream) for prior in _members(brief, part)]
    judged = sum(brief.assumptions[prior].judgement for prior in behind if prior in brief.assumptions)
    note = (
        f"The model works it out. {number_words(len(behind), 'prior').capitalize()} "
        f"{'stands' if len(behind) == 1 else 'stand'} behind it, "
        f"{'all' if judged == len(behind) else judged} of them judgement."
        if behind
        else "The model works it out."
    )
    more = len(claims) - _MOST_CLAIMS
    if more > 0:
        note += f" Of {len(claims)} reports that weigh on what it reads, {_MOST_CLAIMS} are named here."
    return Basis(
        _id(f"metric.{name}"), record.title, note, tuple(claims[:_MOST_CLAIMS]), tuple(kept), _set_by(record)
    )


def _set_by(record: MetricRecord) -> tuple[str, ...]:
    """Weight, anchors and threshold, all of them judgements of the case."""
    ends = " to ".join(metric_words(end, record.unit) for end in (record.worst, record.best))
    least = metric_words(record.threshold, record.unit)
    rows = {
        "Threshold": least,
        "Anchors of its value, worst to best": ends,
        "Weight": plain(record.weight),
    }
    unsourced = f"{_JUDGEMENT} of the case; no reason is stated"
    meaning = (record.meaning,) if record.meaning else ()
    return tuple(f"{name}: {value} ({unsourced})." for name, value in rows.items()) + meaning


def hypothesis_basis(brief: Brief, name: str) -> Basis:
    """Chances before the claims, as the case has set them, and the claims that tell answers apart."""
    record = brief.hypotheses[name]
    telling = diagnostic_claims(brief, record)
    before = listed([f"{state.title} {share(state.prior)}" for state in record.states.values()])
    note = "Reports that tell the answers apart:" if telling else "No report tells the answers apart."
    chances = f"Before the claims: {before} ({_JUDGEMENT} of the case; no reason is stated)."
    return Basis(_id(f"hypothesis.{name}"), record.title, note, tuple(telling), (), (chances,))


def cost_basis(name: str, option: OptionRecord) -> Basis:
    """Where the cost of an option comes from."""
    costs = "; ".join(cost_words(key, value) for key, value in option.cost.items()) or "none"
    source = option.cost_source
    if source == _JUDGEMENT:
        source = f"{_JUDGEMENT} of the case; no reason is stated"
    return Basis(_id(f"cost.{name}"), f"Cost of: {option.title}", "", (), (), (f"Cost: {costs} ({source}).",))


def choice_basis(brief: Brief) -> Basis:
    """Claims and priors that move the margin between options most."""
    moved = sorted((i for i in brief.leverage if i.reliable), key=lambda item: -abs(item.margin_shift))
    known = {claim.id for claim in brief.claims}
    moved = [item for item in moved if beyond_error(item)]
    claims = [item.id for item in moved if item.kind == "claim" and item.id in known]
    priors = _named(brief, [item for item in moved if item.kind == "prior"]) or tuple(
        _priors(brief, brief.assumptions)[:_MOST_PRIORS]
    )
    weights = (
        listed([f"{m.title} {plain(m.weight)}" for m in brief.metrics.values()]) if brief.metrics else "none"
    )
    thresholds = (
        listed([f"{m.title} {metric_words(m.threshold, m.unit)}" for m in brief.metrics.values()])
        if brief.metrics
        else "none"
    )
    return Basis(
        _id("choice"),
        "Values, regrets and margins of options",
        "They follow from the metrics. "
        + (
            "What moves the margin most, reports first, then priors:"
            if claims
            else "No single report moves the margin by more than chance would. Priors that do, or stand behind it:"
        ),
        tuple(claims[:_MOST_PRIORS]),
        priors,
        (
            f"Weights of the metrics: {weights} ({_JUDGEMENT} of the case; no reason is stated).",
            f"Thresholds: {thresholds} ({_JUDGEMENT} of the case; no reason is stated).",
            f"δ, the least difference in value that counts: {plain(brief.preferred.delta)} ({_JUDGEMENT}).",
        ),
    )


def _id(name: str) -> str:
    return anchor("basis", name)


def _named(brief: Brief, items: Sequence[LeverageRecord]) -> tuple[NamedPrior, ...]:
    names = dict.fromkeys(item.id.partition("=")[0] for item in items)
    return tuple(_priors(brief, names)[:_MOST_PRIORS])


def _priors(brief: Brief, names: Iterable[str]) -> list[NamedPrior]:
    return [_prior(name, brief.assumptions[name]) for name in names if name in brief.assumptions]


def _prior(name: str, record: AssumptionRecord) -> NamedPrior:
    ends = range_words(record.prior_q05, record.prior_q95, record.unit)
    return NamedPrior(name, record.title, ends, no_reason(record))


def _parts(brief: Brief, target: str) -> tuple[list[str], list[str]]:
    """Mechanisms that something reads, and those that these read, nearest first."""
    sources: dict[str, list[str]] = {}
    for edge in brief.influence.edges:
        if edge.source.startswith("mechanism."):
            sources.setdefault(edge.target, []).append(edge.source)
    own = list(dict.fromkeys(sources.get(target, [])))
    seen, queue = dict.fromkeys(own), list(own)
    while queue:
        for source in sources.get(queue.pop(0), []):
            if source not in seen:
                seen[source] = None
                queue.append(source)
    return own, list(seen)[len(own) :]


def _members(brief: Brief, part: str) -> list[str]:
    node = brief.influence.nodes.get(f"parameters.{part.partition('.')[2]}")
    return node.members if node is not None else []


def _observed(brief: Brief, parts: Iterable[str]) -> list[str]:
    nodes = brief.influence.nodes
    return list(dict.fromkeys(item for part in parts if part in nodes for item in nodes[part].observed))


def _topic_claims(brief: Brief, metric: str) -> list[str]:
    """Claims of the topics that show a metric, where the model's own are not on file."""
    found = [claim for topic in brief.topics.values() if metric in topic.metrics for claim in topic.claims]
    return [claim.id for claim in weighed(brief, found)]


def prior_rows(basis: Basis) -> Iterator[Markup]:
    """The named priors of a basis, each a sentence with its link."""
    for prior in basis.priors:
        yield phrase(
            '<a href="#{id}">{title}</a>, {range}: <span class="verbatim">{grounds}</span>',
            id=anchor("prior", prior.name),
            title=prior.title,
            range=prior.range,
            grounds=prior.grounds,
        )
