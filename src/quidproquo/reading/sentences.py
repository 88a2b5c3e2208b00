"""Splitting a text into sentences, with exact code-point spans."""

from __future__ import annotations

import re
from functools import lru_cache

__all__ = ["Span", "paragraphs", "sentences"]

Span = tuple[int, int]

_TITLES = (
    "mr mrs ms dr prof gen lt col maj capt cpl sgt adm brig cmdr rep sen gov pres hon rev st jr sr "
    "no nos art vs v fig vol pp p cf approx ca al dept univ gov insp supt amb sec min "
    "mt ops div regt bn bde inf assoc natl intl govt pvt spc cdr cmdre vadm radm ltc ltg msgt ssgt ret mgr"
)
_OTHERS = (
    "jan feb mar apr jun jul aug sep sept oct nov dec mon tue tues wed thu thur thurs fri sat sun "
    "co corp inc ltd llc plc bros etc e.g i.e eg ie a.m p.m est dist ave blvd rd ft lb lbs oz "
    "u.s u.k u.n e.u d.c u.s.a u.s.s.r ph.d"
)
_NEVER = frozenset(_TITLES.split()) - {"no", "nos"}
_SOMETIMES = frozenset(_OTHERS.split()) | {"no", "nos"}
# A word that opens a sentence far more often than it continues a name.
_OPENERS = frozenset(
    "the a an this that these those he she it they we i you his her its their our my but and or so "
    "in on at by for from with as if when while after before since although though however meanwhile "
    "there here what who why how one two some many most all both each no not also yet then now it's "
    "still instead according despite during under over last earlier later asked such other another".split()
)
_OPENERS_OF_QUOTES = frozenset('“‘«"')
_CLOSERS = "\"'”’»)]}›"
# Possessive, and only from the first mark of a run: linear on any text.
_END = re.compile(r"(?<![.!?…])[.!?…]++[\"'”’»)\]}]*+(?=\s|$)")
_BLANK = re.compile(r"\n[ \t\r\f\v]*+\n\s*+")
_LINE = re.compile(r"\n")
_LAST_WORD = re.compile(r"(?:[A-Za-z]\.)*[A-Za-z0-9]+$")
_NEXT = re.compile(r"[\s\"'“‘«(\[{—–-]*([^\s\"'“‘«(\[{”’»)\]}]+)")
# A mark that goes on after an abbreviation: "Ops. & Adm."
_CONTINUES = frozenset("&,;/+=%")
_TERMINAL = re.compile(r"[.!?…:;][\"'”’»)\]}]*$")
_BROKEN_WORDS = 8
_SHORT_LINE = 60
_ITEM_MARKS = frozenset({"- ", "* ", "• ", "· "})
# Text is wrapped at no fewer columns than this; narrower blocks are lists and headings.
_LEAST_WIDTH = 50


def paragraphs(text: str) -> list[Span]:
    """Spans of the paragraphs: what blank lines or headings on a line of their own part."""
    return list(_paragraphs(text))


# Several grammars ask for the sentences of one text; only its last answer is kept.
@lru_cache(maxsize=1)
def _paragraphs(text: str) -> tuple[Span, ...]:
    found: list[Span] = []
    at = 0
    for blank in _BLANK.finditer(text):
        _lines(text, at, blank.start(), found)
        at = blank.end()
    _lines(text, at, len(text), found)
    return tuple(found)


def sentences(text: str) -> list[Span]:
    """Spans of the sentences, in order of their start.

    A sentence that a blank line, or a foreign paragraph, breaks is one span that covers the break;
    a foreign paragraph inside has spans of its own, so spans nest and never cross.
    """
    return list(_sentences(text))


@lru_cache(maxsize=1)
def _sentences(text: str) -> tuple[Span, ...]:
    blocks = paragraphs(text)
    found: list[Span] = []
    open_start: int | None = None
    for index, (start, end) in enumerate(blocks):
        pieces = list(_split(text, start, end))
        if open_start is not None and _continues(text, start):
            if pieces:
                found.append((open_start, pieces[0][1]))
                pieces = pieces[1:]
            open_start = None
        if pieces and _is_broken(text, pieces[-1], blocks, index):
            open_start = pieces[-1][0]
            pieces = pieces[:-1]
        found.extend(pieces)
    return tuple(sorted(found, key=lambda span: (span[0], -span[1])))


def _lines(text: str, start: int, end: int, found: list[Span]) -> None:
    """Part a block at line ends that close a heading or a list item, not at wrapped lines.

    A short line closes a heading if the next word would have fitted on it: no wrapped line ends so early.
    """
    at = line_start = start
    width = 0
    for newline in _LINE.finditer(text, start, end):
        alone = line_start == at
        last = text[max(line_start, newline.start() - 400) : newline.start()].strip()
        line_start = newline.end()
        following = text[newline.end() : newline.end() + 80].lstrip()
        if not last:
            continue
        short = len(last) < _SHORT_LINE and not _TERMINAL.search(last) and not last.endswith(",")
        item = following[:1] in {"#", "|"}
        mark = following[:2] in _ITEM_MARKS
        if not item and (mark or (short and following[:1].isupper() and alone)):
            width = width or max(map(len, text[start:end].split("\n")))
            item = width < _LEAST_WIDTH or len(last) + 1 + len(following.split(maxsplit=1)[0]) <= width
            item = item or (mark and text[start : start + 2] in _ITEM_MARKS)
        if item:
            _add(text, at, newline.start(), found)
            at = newline.end()
    _add(text, at, end, found)


def _add(text: str, start: int, end: int, found: list[Span]) -> None:
    while start < end and text[start].isspace():
        start += 1
    while end > start and text[end - 1].isspace():
        end -= 1
    if start < end:
        found.append((start, end))


_DATELINE = re.compile(r"[\w .,]{2,40}?(?: \([^)\n]{2,40}\))?\s(?:—|–|--)\s")


def _continues(text: str, start: int) -> bool:
    """Whether a paragraph begins in mid-sentence: in lower case, and not with a dateline."""
    return text[start].islower() and _DATELINE.match(text, start, start + 90) is None


def _is_broken(text: str, piece: Span, blocks: list[Span], index: int) -> bool:
    """Whether the last piece of a block goes on in the next block, or the one after it."""
    body = text[piece[0] : piece[1]]
    if _TERMINAL.search(body) or body.count(" ") + 1 < _BROKEN_WORDS:
        return False
    after = blocks[index + 1 : index + 3]
    if after and _continues(text, after[0][0]):
        return True
    return (
        len(after) == 2
        and _continues(text, after[1][0])
        and bool(_TERMINAL.search(text[max(after[0][0], after[0][1] - 4) : after[0][1]]))
    )


def _split(text: str, start: int, end: int) -> list[Span]:
    found: list[Span] = []
    at = start
    for mark in _END.finditer(text, start, end):
        if mark.end() < end and _is_end(text, mark, end):
            _add(text, at, mark.end(), found)
            at = mark.end()
    _add(text, at, end, found)
    return found


def _is_end(text: str, mark: re.Match[str], end: int) -> bool:
    following = _NEXT.match(text, mark.end(), min(end, mark.end() + 80))
    if following is None:
        return True
    word = following[1]
    first = word[0]
    if first.islower() or first in _CONTINUES:
        return False
    opens_quote = not _OPENERS_OF_QUOTES.isdisjoint(text[mark.end() : following.start(1)])
    if mark[0][0] != "." or len(mark[0].rstrip(_CLOSERS)) > 1:
        return first.isupper() or opens_quote or first.isdigit() or mark[0][0] in "!?"
    if mark[0] != ".":
        return True
    words = text[max(0, mark.start() - 24) : mark.start()].split()
    before = _LAST_WORD.search(words[-1]) if words else None
    if before is None:
        return True
    return _ends_after(before[0], word)


def _ends_after(abbreviated: str, word: str) -> bool:
    """Whether a full stop after a word, with another word following, ends a sentence."""
    last, first = abbreviated.lower(), word[0]
    if last in _NEVER:
        return False
    if last in {"no", "nos"}:
        return not first.isdigit()
    opener = word.lower().rstrip(",.:;") in _OPENERS and first.isupper()
    initial = len(last) == 1 and abbreviated.isupper() and last != "i"
    return opener or not (last in _SOMETIMES or initial or "." in last)
