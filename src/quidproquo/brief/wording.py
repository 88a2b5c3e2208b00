"""Words that many sentences of the brief share: likelihood, counts, grades, and how two options differ."""

from __future__ import annotations

import math
from collections.abc import Iterable, Sequence
from dataclasses import dataclass

from markupsafe import Markup

from quidproquo.brief.markup import join, link, phrase
from quidproquo.brief.natural import metric_words
from quidproquo.brief.numerals import plain, share
from quidproquo.study.schema.brief import Brief
from quidproquo.study.schema.claims import ClaimRecord
from quidproquo.terms.grades import CREDIBILITIES, RELIABILITIES, likelihood_word

__all__ = [
    "Contrast",
    "contrast",
    "ess_sentence",
    "grade_words",
    "likelihood",
    "likelihood_over",
    "listed",
    "number_words",
    "option_link",
    "option_links",
]

_WORDS = ("no", "one", "two", "three", "four", "five", "six", "seven", "eight", "nine", "ten")


def number_words(count: int, noun: str, plural: str = "") -> str:
    """A count with its noun: small numbers in words.

    >>> number_words(1, "claim"), number_words(0, "claim"), number_words(40, "claim")
    ('one claim', 'no claims', '40 claims')
    """
    word = _WORDS[count] if count < len(_WORDS) else f"{count:,}"
    return f"{word} {noun if count == 1 else plural or noun + 's'}"


def option_links(brief: Brief, names: Iterable[str]) -> Markup:
    """Titles of options in quotation marks, linked and joined: titles hold commas and verbs."""
    return join([phrase("“{title}”", title=option_link(brief, name)) for name in names])


def option_link(brief: Brief, name: str) -> Markup:
    """The title of an option as it stands in a table, linked."""
    return link("option", name, brief.options[name].title)


def likelihood(probability: float) -> str:
    r"""The ICD 203 word for a probability with the number in brackets.

    >>> likelihood(0.63)
    'likely (63%)'
    """
    word = likelihood_word(probability).word
    article = "a " if word == "roughly even chance" else ""
    return f"{article}{word} ({share(probability)})"


def likelihood_over(probabilities: list[float]) -> str | None:
    """The one ICD 203 word that fits all of a set of probabilities; None where it takes several.

    >>> likelihood_over([0.6, 0.7]), likelihood_over([0.4, 0.7])
    ('likely', None)
    """
    words = {likelihood_word(min(1.0, max(0.0, p))).word for p in probabilities}
    return words.pop() if len(words) == 1 else None


def grade_words(claim: ClaimRecord) -> str:
    """The Admiralty grade of a claim, code and words."""
    reliability, credibility = claim.reliability or "F", claim.credibility
    return f"{reliability}{credibility}: source {RELIABILITIES[reliability]}; content {CREDIBILITIES[credibility]}"


def listed(items: Sequence[str]) -> str:
    """Clauses in a row.

    >>> listed(["one", "two", "three"])
    'one, two and three'
    """
    return ", ".join(items[:-1]) + (" and " if len(items) > 1 else "") + items[-1]


@dataclass(frozen=True)
class Contrast:
    """The metrics on which an option does better or worse than another, and those tied within error."""

    first: str
    second: str
    better: tuple[Markup, ...]
    worse: tuple[Markup, ...]
    tied: tuple[Markup, ...]


def contrast(brief: Brief, first: str, second: str) -> Contrast:
    """Sort the metrics by how two options differ on them, the weightiest first.

    Two means differ where they lie more than two Monte Carlo errors apart; both errors count in
    full, although futures that the options share make the true error smaller.
    """
    found: dict[str, list[Markup]] = {"better": [], "worse": [], "tied": []}
    for name in sorted(brief.metrics, key=lambda name: -brief.metrics[name].weight):
        record = brief.metrics[name]
        a = brief.options[first].weighted.metrics[name]
        b = brief.options[second].weighted.metrics[name]
        error = math.hypot(a.mcse, b.mcse)
        sizes = {
            key: link("basis", f"metric.{name}", metric_words(one.mean, record.unit, one.mcse))
            for key, one in (("a", a), ("b", b))
        }
        words = phrase("{metric} ({a} against {b})", metric=link("metric", name, record.title), **sizes)
        if abs(a.mean - b.mean) <= 2.0 * error:
            found["tied"].append(words)
        elif (a.mean < b.mean) == (record.direction == "lower"):
            found["better"].append(words)
        else:
            found["worse"].append(words)
    return Contrast(first, second, *(tuple(items) for items in found.values()))


def ess_sentence(ess: float) -> str:
    """What an effective sample size means for somebody who never met one."""
    error = 1.0 / math.sqrt(max(ess, 1.0))
    return (
        f"The estimate that chance moves most is as exact as {plain(ess, digits=2)} independent draws would make "
        f"it: another seed would move it by about {share(error)} of its standard deviation, which is small beside "
        "what the reports leave open."
        if error < 0.1
        else f"The estimate that chance moves most is only as exact as {plain(ess, digits=2)} independent draws "
        f"would make it: another seed would move it by about {share(error)} of its standard deviation. Do not "
        "read small differences into it."
    )
