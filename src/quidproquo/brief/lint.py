"""Faults of wording that an analytic product must not have, found by rule.

Intelligence Community Directive 203, *Analytic Standards* (2015), section D.6.e: likelihood and
confidence don't share a sentence, and the two sets of likelihood words aren't mixed. A sentence
that slides from one row of the scale to another says nothing, unless each word has its number.
"""

from __future__ import annotations

import re
from dataclasses import dataclass, field
from html.parser import HTMLParser

from quidproquo.terms.grades import LIKELIHOODS, Likelihood

__all__ = ["Fault", "lint"]

_ROWS = {row.word: row for row in LIKELIHOODS} | {row.synonym: row for row in LIKELIHOODS}
_BY_LENGTH = sorted(_ROWS, key=len, reverse=True)
_LIKELIHOOD = re.compile(rf"\b({'|'.join(map(re.escape, _BY_LENGTH))})\b", re.IGNORECASE)
_SYNONYMS = {row.synonym for row in LIKELIHOODS}
_CONFIDENCE = re.compile(
    r"\b(?:low|moderate|medium|high)(?:\s+\w+)?\s+confidence\b"
    r"|\bconfidence\b[^.;]{0,40}?\b(?:low|moderate|medium|high)\b",
    re.IGNORECASE,
)
_PROBABILITY = re.compile(r"\((\d+(?:\.\d+)?)\s*(%|per cent|percent)?\)")
_REACH = 60
_SENTENCE_END = re.compile(r"(?<=[.!?])\s+(?=[A-Z$“\"'(])|\n{2,}")
_QUOTES = re.compile(r"[“”„«»\"]")
_DIGITS = re.compile(r"\d")
_SPACED_PERCENT = re.compile(r"\d[ \u00a0]%")
_AVOIDED = {
    "supposition": "assumption",
    "supposed to be": "assumed to be",
    "hangs on": "depends on",
    "hang on": "depend on",
    "taken away": "left out",
    "take away": "leave out",
    "anew": "again",
    "told apart": "tied, or tell which is better",
    "foretold": "forecast",
    "bettered": "dominated",
    "letter moved": "grade moved",
}
_AVOIDED_WORDS = re.compile(rf"\b({'|'.join(map(re.escape, _AVOIDED))})s?\b", re.IGNORECASE)
_ROUNDING = 0.005
_VOID = {"br", "hr", "img", "input", "link", "meta", "wbr", "col", "source"}
_THEIRS = {"verbatim", "grade"}
_HIDDEN = {"style", "script", "svg", "title"}
_BLOCKS = {"p", "li", "td", "th", "dd", "dt", "figcaption", "blockquote", "caption", "summary"}
_BLOCKS |= {"h1", "h2", "h3", "h4", "h5", "div", "section", "article"}


@dataclass(frozen=True)
class Fault:
    """One breach: the rule's name, the sentence or words, and what is wrong in it."""

    rule: str
    text: str
    reason: str


def lint(text: str) -> list[Fault]:
    """Every fault in a text or a page of HTML.

    In HTML, what documents say (`blockquote`, `q`, class `verbatim`) and the words of the
    Admiralty code (class `grade`) aren't judged;
    inside class `digest` no quotation mark may stand; inside class `judgement` every number must
    be a link. `style`, `script` and `svg` are passed over.
    """
    reader = _Reader()
    reader.feed(text)
    reader.close()
    reader.flush()
    faults = list(reader.faults)
    for block in reader.blocks:
        for sentence in _SENTENCE_END.split(block):
            faults += _sentence_faults(sentence.strip())
    faults += _mixed_faults(reader.blocks)
    return faults


def _sentence_faults(sentence: str) -> list[Fault]:
    faults = _style_faults(sentence)
    words = list(_LIKELIHOOD.finditer(sentence))
    if not words:
        return faults
    if _CONFIDENCE.search(sentence):
        faults.append(Fault("likelihood with confidence", sentence, "say the confidence in its own sentence"))
    bare = False
    for index, word in enumerate(words):
        end = words[index + 1].start() if index + 1 < len(words) else len(sentence)
        found = _PROBABILITY.search(sentence, word.end(), min(end, word.end() + _REACH))
        bare = bare or found is None
        if found:
            faults += _outside(word[1], found, sentence)
    rows = {_ROWS[word[1].lower()].word for word in words}
    if bare and len(rows) > 1:
        reason = (
            f"{' and '.join(sorted(rows))} are two rows of the scale; choose one, or give each its number"
        )
        faults.append(Fault("two rows of the scale in one sentence", sentence, reason))
    return faults


def _style_faults(sentence: str) -> list[Fault]:
    """Phrases that have a plainer form, and a space before a percent sign."""
    faults = [
        Fault("phrase with a plainer form", sentence, f"write '{_AVOIDED[found[1].lower()]}'")
        for found in _AVOIDED_WORDS.finditer(sentence)
    ]
    if _SPACED_PERCENT.search(sentence):
        faults.append(Fault("space before a percent sign", sentence, "write '5%'"))
    return faults


def _outside(word: str, found: re.Match[str], sentence: str) -> list[Fault]:
    value = float(found[1]) / (100.0 if found[2] else 1.0)
    row = _ROWS[word.lower()]
    low, high = _interval(row)
    if low - _ROUNDING <= value <= high + _ROUNDING:
        return []
    reason = f"'{word}' stands for {row.low:g} to {row.high:g}, but the number beside it is {value:g}"
    return [Fault("likelihood word outside its interval", sentence, reason)]


def _interval(row: Likelihood) -> tuple[float, float]:
    low = 0.0 if row is LIKELIHOODS[0] else row.low
    return low, 1.0 if row is LIKELIHOODS[-1] else row.high


def _mixed_faults(blocks: list[str]) -> list[Fault]:
    found = {match[1].lower() for block in blocks for match in _LIKELIHOOD.finditer(block)}
    first, second = found - _SYNONYMS, found & _SYNONYMS
    if not first or not second:
        return []
    return [
        Fault(
            "two sets of likelihood words",
            ", ".join(sorted(found)),
            f"use one set throughout; {', '.join(sorted(second))} belong to the other",
        )
    ]


@dataclass
class _Open:
    """An element that is open, with what holds inside it."""

    tag: str
    theirs: bool
    digest: bool
    judged: bool
    linked: bool
    hidden: bool


@dataclass
class _State:
    stack: list[_Open] = field(default_factory=list)


class _Reader(HTMLParser):
    """Collects the page's own sentences block by block, and the faults that need the markup."""

    def __init__(self) -> None:
        super().__init__(convert_charrefs=True)
        self.blocks: list[str] = []
        self.faults: list[Fault] = []
        self._state = _State()
        self._text: list[str] = []

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        """Open an element; blocks begin a new run of sentences."""
        if tag in _BLOCKS:
            self.flush()
        if tag in _VOID:
            return
        classes = set((dict(attrs).get("class") or "").split())
        above = self._state.stack[-1] if self._state.stack else None
        self._state.stack.append(
            _Open(
                tag,
                _is(above, "theirs") or tag in {"blockquote", "q"} or bool(classes & _THEIRS),
                _is(above, "digest") or "digest" in classes,
                _is(above, "judged") or "judgement" in classes,
                _is(above, "linked") or tag == "a",
                _is(above, "hidden") or tag in _HIDDEN,
            )
        )

    def handle_endtag(self, tag: str) -> None:
        """Close the element, and whatever was left open inside it."""
        if tag in _BLOCKS:
            self.flush()
        stack = self._state.stack
        if any(item.tag == tag for item in stack):
            while stack.pop().tag != tag:
                pass

    def handle_data(self, data: str) -> None:
        """Judge a run of text by where it stands, and keep it for the sentences."""
        above = self._state.stack[-1] if self._state.stack else None
        if _is(above, "hidden"):
            return
        if _is(above, "digest") and _QUOTES.search(data):
            self.faults.append(
                Fault("digest in quotation marks", data.strip(), "a summary isn't anybody's words")
            )
        if _is(above, "judged") and not _is(above, "linked") and _DIGITS.search(data):
            self.faults.append(Fault("number without a link", data.strip(), "link it to what it rests on"))
        if not _is(above, "theirs") and not _is(above, "digest"):
            self._text.append(data)

    def flush(self) -> None:
        """End the present run of sentences."""
        text = " ".join("".join(self._text).split())
        if text:
            self.blocks.append(text)
        self._text = []


def _is(item: _Open | None, name: str) -> bool:
    return item is not None and bool(getattr(item, name))
