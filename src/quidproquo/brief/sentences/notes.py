"""What stands above a table or a picture: how to read it, and what it doesn't say."""

from __future__ import annotations

from collections.abc import Callable, Mapping

from markupsafe import Markup

from quidproquo.brief.markup import link, phrase
from quidproquo.brief.numerals import date_words, plain
from quidproquo.brief.sentences.limits import sources_sentence
from quidproquo.brief.sentences.support import RULE
from quidproquo.brief.wording import number_words
from quidproquo.study.schema.brief import Brief

__all__ = ["NOTES", "note"]


def note(brief: Brief, name: str) -> Markup:
    """The note of a table or picture, by its name."""
    found = NOTES[name]
    return Markup("{}").format(found if isinstance(found, str) else found(brief))


def _horizon(brief: Brief) -> str:
    return (
        "A milestone is a public event. Its own rate follows from the record of attempts where there is one; help "
        "multiplies it. Months gained are expected months between the decision date and "
        f"{date_words(brief.about.horizon)}, capped there. Below the mean is the 90% interval over worlds."
    )


def _claims(brief: Brief) -> str:
    count = number_words(len(brief.claims), "claim").capitalize()
    return (
        f"{count}. The first part of a grade, the reliability, belongs to the source; the second, the "
        "credibility, "
        "to the claim."
    )


def _steps(brief: Brief) -> str:
    again = " For half the weight the worlds were conditioned again." if brief.steps.half_rerun else ""
    return (
        "The same numbers without the claims, with each claim at half its weight, and with all claims. The "
        "last column "
        "says how much is due to the claims: how much of the margin disappears without them, and how much of the "
        "squared error that an estimate would have without them they remove by the model's own account (0% "
        "where "
        f"they change nothing).{again}"
    )


def _sources(brief: Brief) -> str:
    if not brief.documents:
        return "No document was read in this run; the claims come from the case's table."
    return sources_sentence(brief)


def _appendix(_: Brief) -> Markup:
    pages = {
        "influence": "what reads what in the model",
        "assumptions": "every prior beside what the claims made of it",
        "misfit": "how each claim sits among the others",
        "calibration": "how earlier forecasts of the model did",
        "diagnostics": "what was counted on the way",
        "sources": "the sources",
        "claims": "the claims",
    }
    links = [Markup('<a href="#{}">{}</a>').format(name, words) for name, words in pages.items()]
    return phrase("For those who want to check: {links}.", links=Markup(", ").join(links))


def _planted(brief: Brief) -> str:
    found = brief.ranks
    if found is None:
        return "No simulation-based calibration is on file."
    verdict = "passes" if found.passed else "fails"
    return (
        f"Worlds were drawn from the prior and reports from them, {found.replicates:,} times. Conditioned on "
        "its own "
        "reports, the planted world must take every rank among the draws equally often. All "
        f"{number_words(len(found.quantities), 'quantity', 'quantities')} together: p = {found.p:.2g}, which "
        f"{verdict} at "
        f"{found.level:g}. It tests the sampler, not the model. (Made on {date_words(found.made)}, for the model, "
        "claims and sampler of that day.)"
    )


def _weighted(brief: Brief) -> str:
    return (
        "Two ensembles of worlds are shown. The weighted one follows the priors and the claims. The "
        "exploratory one "
        "fills the declared ranges evenly: it shows where an option fails, and is no forecast."
        if brief.options
        else "No option was compared."
    )


def _assumptions(brief: Brief) -> str:
    every = list(brief.assumptions.values())
    judged = sum(record.judgement for record in every)
    reasoned = sum(record.judgement and record.grounds != "" for record in every)
    return (
        "Each row shows a prior before the claims and after. Contraction is the share of the prior's variance "
        "that the "
        "claims took away, on the scale on which the prior is normal; near zero, the claims say nothing about it. "
        f"{judged} of {len(every)} priors rest on judgement; {reasoned} of these state a reason."
    )


def _coverage(brief: Brief) -> str:
    record = brief.backtest.record
    count = number_words(record.overall.targets, "target") if record is not None else "no target"
    return f"Coverage of {count}, with the band that chance allows in 95% of cases."


def _moves(brief: Brief) -> str:
    found = brief.unchanged
    if found is None:
        return ""
    return (
        f"Moves are against “{brief.options[found.baseline].title}”, on the mean over worlds. One counts where it "
        f"is worth δ = {plain(found.delta)} of value or more, its weight considered. Under the limit, δ of the "
        "way between the metric’s anchors or two Monte Carlo errors, it would not even count if that metric were "
        "all."
    )


def _turning(brief: Brief) -> str:
    tried = brief.metric_weights.tried if brief.metric_weights is not None else 0
    return (
        "One number is changed and all others stay: a weight as a share of all weights (the others in "
        f"proportion), a stated cost, or an anchor of a metric. Of {tried} numbers, those not listed do neither."
    )


def _preferred(_: Brief) -> Markup:
    return phrase(
        "What these numbers rest on: {basis}.", basis=link("basis", "choice", "reports, priors and weights")
    )


NOTES: Mapping[str, str | Callable[[Brief], str | Markup]] = {
    "confidence": RULE,
    "likelihood": "Likelihood words stand for ranges of probability (Intelligence Community Directive 203). "
    "Confidence is a separate thing: it says how good the basis of a judgement is.",
    "limits": "What this brief can't tell you, and what it must not be used for.",
    "ledger": "Medians on the as-of date with 90% intervals. Square brackets mark a figure on which reports "
    "conflict, those that do not weigh among them; only conflicts between reports that weigh lower the "
    "confidence. The last column counts the origins behind the reports that weigh, and their families. "
    "Each figure leads to what it rests on.",
    "estimates": "Each chart shows a quantity over time with policy as it stands: the line is the median, the "
    "bands hold 50% and 90% of the weighted worlds. Reports are drawn at the date they speak about. A report "
    "on something else moves an estimate where it shows how far its origin can be trusted, or what else "
    "must then be so.",
    "options": _weighted,
    "weightings": "The choice and its value under each weighting of claims, origins and hypotheses. The option "
    "that leads under all the evidence stays chosen where it is tied; its lead is below 0 where another gives up "
    "less. It isn't decided where only an error larger than δ makes a further option tie with those that lead "
    "under all the evidence, or makes these tie: that is often the error of another option, which isn't shown "
    "here. An error among the options that lead already matters less: they are tied in any case.",
    "value": "Value is 0 with every metric at its worst anchor and 1 with each at its best; beyond an "
    "anchor it goes on, by "
    "half the range at most. "
    "Regret is what "
    "one gives up against each world's best option. The largest expected regret is that under the answer to a "
    "hypothesis, or in the third of a prior, where it is largest; both are named below it.",
    "costs": "Options as the case defines them. Money is the stated cost; what is spent in the worlds, a metric, "
    "may be more, because costs overrun. A cost without a unit is on a scale of the case, from 0 up.",
    "pareto": "An option dominates another if it is worse on no metric and better on at least one, by more "
    "than the "
    "Monte Carlo error.",
    "metrics": "Expected over weighted worlds, with the Monte Carlo error; below it, in italics, over exploratory "
    "worlds. Each row leads to what the metric rests on.",
    "hypotheses": "Pale: before the claims; dark: after.",
    "matrix": "How many times each claim, beside all the others, multiplies (×) or divides (÷) the odds of an "
    "answer. "
    "A cell is empty where the change is smaller than 5% or than two Monte Carlo errors. A claim is "
    "diagnostic where "
    "it changes the odds of an answer that is still open by a quarter or more, and by more than chance "
    "would change any of the odds in the table, in 19 cases of 20. A claim on something else bears on an answer "
    "where it shows how far its origin can be trusted, or what else must then be so.",
    "odds": "Every answer with all the evidence, half of it and none, then with each origin left out, those that "
    "change the leading answer most first. Where weights can't be trusted, worlds were conditioned again; "
    "empty rows can't be judged so either.",
    "discovery": "In the weighted worlds, assumptions, hypotheses and quantities on the decision date are "
    "searched (by PRIM) for ranges between which something is frequent: a box of worlds. A part of a box stands "
    "only if it also tells worlds apart that it was not chosen on. A box says what goes with a loss or a success "
    "in these worlds, not what causes it.",
    "boxes": "Each box, then the box without each of its parts. Quasi-p: the chance of as many such worlds in the "
    "box if that part said nothing.",
    "tree": "A second view of the same worlds: each leaf, and what leads there. A split stands only if it also "
    "tells worlds apart that it was not chosen on.",
    "adaptive": "The rule is simulated along the same futures as the options of the menu, and is no part of the "
    "menu: no figure of another option depends on it. Its threshold was found under policy as it stands, and "
    "the two options may move what is watched; the months that it takes to switch are a judgement.",
    "signposts": "Separation: how much more often a quantity beyond its best threshold warns of a loss than of "
    "none, in worlds that the threshold was not chosen on; 1 is perfect, 0 is chance. Each world is taken at the "
    "mean of its futures, so what is seen in one of them warns less well. Only quantities are watched that there "
    "have been reports on.",
    "information": "In value, for a choice by mean value, each with its Monte Carlo error. A new report is as "
    "good as the named claim, and of an origin that has not reported before. What would be chosen is worked out "
    "from some of the independent runs and judged in the others, so a worth below 0 is an error around nothing. "
    "Marked is what is worth more than nothing at 5% over all kinds together.",
    "steps": _steps,
    "leverage": "Each row says what changes when one thing is left out, or one assumption is changed: how far "
    "estimates "
    "move, in posterior standard deviations; by what share of its variance it narrows an estimate; and how "
    "far the "
    "margin between options moves.",
    "conflicts": "Pairs of claims that are set against each other. Where their numbers or sentences exclude each "
    "other on the same days, the reason says so: these can't both be right. The others are set against each other "
    "in the case's table of links: they may speak of other days or things, and both be right.",
    "circular": "Claims that look like several witnesses but go back to one. The origin is that of the first of "
    "them; where another is counted under an origin of its own, the row says so.",
    "checks": "Figures that a document works out are worked out again, beside the same figures from other "
    "inputs. That "
    "a result agrees with the document says that its arithmetic is right, not that its inputs are. Checks "
    "never weigh "
    "as evidence.",
    "appendix": _appendix,
    "influence": "An arrow runs from what is read to what reads it, noted while the model ran. Levers of "
    "options are on "
    "the left, metrics on the right. Under each name: how many priors it has, and how many claims that weigh are "
    "compared with it. Point at a box to see only its own arrows.",
    "assumptions": _assumptions,
    "decided": "To find what decides a parameter, its prior, or all claims, are made to count a little more. They "
    "disagree where both move it and pull it in opposite directions.",
    "forecasts": "The speaker's word stands for a range of probability; the model's own probability is of the "
    "event that is named beside it, by the same day, with policy as it stands. A forecast that is coded as a bare "
    "figure counts as one of a figure close to it: to reach or pass it is another event. "
    "A forecast that is due came true where that probability is at "
    "least "
    "95%, and did not where it is at most 5%. The Brier score is 0 at best and 1 at worst.",
    "misfit": "What the worlds say without the claim's whole origin (median and 90% interval, without report "
    "error), and "
    "the chance of a report at least as far out as the one made. A claim that only bounds is never wrong for "
    "lying far "
    "off on its own side.",
    "planted": _planted,
    "sources": _sources,
    "claims": _claims,
    "programmes": _horizon,
    "totals": "Sums that others have published. The rows of a total are what it may count; the first is what "
    "it says "
    "itself. A cell holds the median of what worlds with that pair of answers give, and the chance of a "
    "report at least "
    "as far from it as the one made, with the error and bias of the speaker. For a bound it is the chance "
    "that the "
    "bound is kept.",
    "no hypotheses": "The case declares no rival hypotheses.",
    "no leverage": "Nothing was left out in this run.",
    "no conflicts": "No claims are set against each other.",
    "no circular": "No circular reports were found.",
    "no checks": "The case declares no checks.",
    "no expectation": "Nothing is stated to compare it with.",
    "no influence": "Nothing is on file of what the model reads.",
    "footer": "Likelihood words follow ICD 203, grades the Admiralty code. A claim says that something was "
    "said, not that "
    "it is so.",
    "basis": "What each number on this page rests on: the reports behind it, and the priors and settings that are "
    "judgement, by name.",
    "preferred": _preferred,
    "moves": _moves,
    "ranks": "Best in: share of worlds and weights together in which an option comes first (rank acceptability, "
    "SMAA-2). Least given up: share of the sets of weights under which the rule puts it first. First or tied: "
    "under which it is tied with that one, too.",
    "turning": _turning,
    "bundles": "Each part of a bundle is left out in turn; where the menu lacks what remains, it was simulated "
    "beside the menu and counts in no comparison of the options. Differences are means over worlds.",
    "parts": "What each part adds to the bundle: in value, and to the metrics of which it moves the value most.",
    "coverage": _coverage,
    "scores": "Against simple forecasts, with one-sided 90% bounds. Skill is the share by which CRPS is "
    "smaller; for log "
    "scores larger is better.",
    "pit": "Targets by tenth of the forecast that the report fell into. The line is the even share; the band "
    "holds 95% of "
    "each bar if the targets were unrelated. Bars high in the middle: the intervals were too wide. Bars high "
    "on the "
    "right: the forecasts were too low.",
    "exposure": "What each day may have known too early.",
}
"""Name → the note, or what makes it from a brief."""
