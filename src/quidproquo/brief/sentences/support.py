"""What stands behind a figure, and how sure one can be of it.

Analytic confidence speaks of the basis of a judgement and is separate from its likelihood (Intelligence Community
Directive 203, 2015, section D.6.e). The rule is one function, and is published as the sentence beside it.
"""

from __future__ import annotations

from collections.abc import Collection, Iterable
from dataclasses import dataclass

from quidproquo.brief.numerals import share
from quidproquo.brief.sentences.fit import misfits, probably_wrong
from quidproquo.brief.wording import listed, number_words
from quidproquo.evidence.checks.binomial import binomial_quantile
from quidproquo.study.schema.backtest import QuantityFigures
from quidproquo.study.schema.brief import Brief
from quidproquo.study.schema.claims import ClaimRecord
from quidproquo.study.schema.estimates import Estimate
from quidproquo.study.schema.leverage import LeverageRecord

__all__ = [
    "LITTLE",
    "RULE",
    "Confidence",
    "Support",
    "confidence",
    "confidence_sentence",
    "contradicted",
    "falls_short",
    "moved_by",
    "sound",
    "standing",
    "support",
    "weighed",
]

_SURE_ORIGINS, _FAIR_ORIGINS, _SURE_FAMILIES = 4, 2, 2
_TRUSTED = {"A", "B"}
_LEVELS = ("low", "moderate", "high")
_MOSTLY = 0.5
_NOTICEABLE = 0.1  # posterior standard deviations
_MOST = 5
LITTLE = 0.1  # share of its squared error below which an estimate rests on judgement
_ONE = {"fraction", "probability"}

RULE = (
    "Confidence is high where four or more origins in at least two families stand behind a figure and one of "
    "them is at least usually reliable. It is moderate with two or more origins otherwise. It is low with "
    "fewer and wherever no report on it weighs, or reports remove less than half of the error that the priors "
    "alone would make. Each of these lowers it by one level: reports behind it contradict each other; in "
    "back-tests its intervals held fewer later reports than they should; more than a tenth of all claims lie "
    "where the others leave almost no room for them. Reports that are probably wrong by all reports together "
    "are not counted. Confidence in an answer to a hypothesis is moderate at most, and low where another "
    "answer leads under some weighting or no likelihood word fits all of them. Confidence in the choice is "
    "moderate at most, and low where the options are tied or what they do rests on judgement, or for two "
    "reasons of these: another option leads under some weightings, the lead is gone under some, or some "
    "weightings could not be judged."
)


@dataclass(frozen=True)
class Support:
    """Claims that weigh, and the origins and families behind them."""

    claims: tuple[ClaimRecord, ...]
    origins: int
    families: int


def weighed(brief: Brief, claims: Collection[str]) -> list[ClaimRecord]:
    """Those of some claims that weigh: only these stand behind a figure."""
    wanted = set(claims)
    return [claim for claim in brief.claims if claim.used and claim.id in wanted]


def support(brief: Brief, claims: Collection[str]) -> Support:
    """What stands behind some claims."""
    used = weighed(brief, claims)
    return Support(
        tuple(used),
        len({claim.origin or claim.speaker for claim in used}),
        len({claim.family or "unknown" for claim in used}),
    )


def standing(brief: Brief, quantity: str) -> list[str]:
    """The reports that an estimate rests on, those that move it most first; empty where none on it weighs.

    Of a chance or an index, which no report can count, reports on other things that move it noticeably stand
    behind it too, and no report that speaks against it does. All others are reports on it that weigh.
    """
    estimate = brief.estimates[quantity]
    own = [claim.id for claim in weighed(brief, estimate.claims)]
    shifts = {
        item.id: item.shift[quantity]
        for item in brief.leverage
        if item.kind == "claim" and item.reliable and quantity in item.shift
    }
    found = own
    if own and estimate.unit in _ONE and estimate.kind == "level":
        used = {claim.id for claim in brief.claims if claim.used}
        others = [name for name, shift in shifts.items() if name in used and abs(shift) >= _NOTICEABLE]
        found = [name for name in dict.fromkeys([*own, *others]) if _raises(estimate, shifts.get(name, 0.0))]
    return sorted(found, key=lambda name: -abs(shifts.get(name, 0.0)))


def _raises(estimate: Estimate, shift: float) -> bool:
    """Whether what moves an estimate so, when it is left out, has moved it the way that the claims have."""
    moved = estimate.q50[estimate.as_of_index] - estimate.prior_q50
    return shift * moved <= 0.0


def contradicted(brief: Brief, claims: Collection[str]) -> bool:
    """Whether two of some claims, both weighing, contradict each other."""
    used = {claim.id for claim in weighed(brief, claims)}
    return any(conflict.a in used and conflict.b in used for conflict in brief.conflicts)


@dataclass(frozen=True)
class Confidence:
    """Analytic confidence, which is separate from likelihood: the level and the reasons for it."""

    level: str
    reasons: tuple[str, ...]


def confidence(brief: Brief, claims: Collection[str], quantity: str = "") -> Confidence:
    """How sure one can be of a figure that rests on these claims, by the published rule.

    With `quantity`, what back-tests say of it and how much of its error the claims remove count too.
    """
    behind = support(brief, claims)
    if not behind.claims:
        return Confidence("low", (_unsupported(brief, quantity),))
    behind, words = sound(brief, behind)
    if not behind.claims:
        return Confidence("low", words)
    trusted = any(claim.reliability in _TRUSTED for claim in behind.claims)
    level, reasons = 0, [*words]
    if behind.origins >= _FAIR_ORIGINS:
        sure = behind.origins >= _SURE_ORIGINS and behind.families >= _SURE_FAMILIES and trusted
        level = 2 if sure else 1
    if not trusted:
        reasons.append("none of its sources is rated usually reliable or better")
    if contradicted(brief, claims):
        level -= 1
        reasons.append("some of these reports contradict each other")
    missed = too_narrow(brief, quantity)
    if missed:
        level -= 1
        reasons.append(missed)
    if misfits(brief):
        level -= 1
        reasons.append("more than a tenth of all claims lie where the others leave almost no room")
    steps = brief.steps.estimates.get(quantity)
    if steps is not None and steps.share < _MOSTLY:
        level = 0
        reasons.append("the figure owes more to priors than to reports")
    return Confidence(_LEVELS[max(0, level)], tuple(reasons))


def _unsupported(brief: Brief, quantity: str) -> str:
    """Why a figure without a report that stands behind it is uncertain, as a clause."""
    estimate = brief.estimates.get(quantity)
    if estimate is not None and weighed(brief, estimate.claims):
        return "no report on it that weighs speaks for it"
    steps = brief.steps.estimates.get(quantity)
    if steps is None or steps.share < LITTLE:
        return "no report on it weighs, so it rests on judgement"
    return f"no report on it weighs; reports on other things remove {share(steps.share)} of its squared error"


def sound(brief: Brief, behind: Support) -> tuple[Support, tuple[str, ...]]:
    """What remains of a support without the reports that are probably wrong, and clauses that say so."""
    wrong = probably_wrong(brief)
    kept = [claim.id for claim in behind.claims if claim.id not in wrong]
    gone = len(behind.claims) - len(kept)
    if not gone:
        return behind, (behind_words(behind),)
    if not kept:
        every = "the only report behind it is" if gone == 1 else "all reports behind it are"
        return support(brief, kept), (f"{every} probably wrong",)
    found = support(brief, kept)
    more = number_words(gone, "more report")
    are = "is" if gone == 1 else "are"
    words = behind_words(found)
    if len(kept) == 1:
        words = "a single report that is not probably wrong stands behind it"
    return found, (words, f"{more} {are} probably wrong and not counted")


def behind_words(behind: Support) -> str:
    """How many origins and families stand behind something, as a clause."""
    if len(behind.claims) == 1:
        return "a single report stands behind it"
    if behind.origins == 1:
        return "all reports behind it go back to one origin"
    families = number_words(behind.families, "family", "families")
    return f"{number_words(behind.origins, 'origin')} in {families} stand behind it"


def too_narrow(brief: Brief, quantity: str) -> str:
    """That intervals of a quantity held fewer later reports than chance allows; empty if not, or not tested."""
    record = brief.backtest.record
    found = record.quantities.get(quantity) if record is not None else None
    if found is None or not falls_short(found):
        return ""
    return "in back-tests its intervals held fewer later reports than they should"


def falls_short(found: QuantityFigures) -> bool:
    """Whether 90% intervals held fewer later reports than 97.5% of chances would have it."""
    if found.coverage90 is None or not found.targets:
        return False
    least = float(binomial_quantile(0.025, found.targets, 0.9)) / found.targets
    return found.coverage90 < least


def confidence_sentence(found: Confidence) -> str:
    """The confidence in its own sentence."""
    return f"Confidence is {found.level}: {listed(found.reasons)}."


def moved_by(brief: Brief, quantity: str, kinds: Iterable[str]) -> list[LeverageRecord]:
    """What moves an estimate by a tenth of its standard deviation or more, the strongest first, at most five."""
    wanted = set(kinds)
    found = [
        item
        for item in brief.leverage
        if item.kind in wanted and item.reliable and abs(item.shift.get(quantity, 0.0)) >= _NOTICEABLE
    ]
    strongest: dict[str, LeverageRecord] = {}
    for item in sorted(found, key=lambda item: -abs(item.shift[quantity])):
        strongest.setdefault(item.id.partition("=")[0], item)
    return list(strongest.values())[:_MOST]
