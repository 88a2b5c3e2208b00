"""Line ends inside running text: a page wrapped at any width reads like the page in one line."""

from __future__ import annotations

import bisect
import re
from dataclasses import dataclass

__all__ = ["Unwrapped", "unwrapped"]


@dataclass(frozen=True)
class Unwrapped:
    """A text without the line ends that only wrap it, and the way back to the text as printed.

    `kept` are offsets into `text` from which on `dropped` characters, all told, were left out before.
    """

    text: str
    kept: tuple[int, ...] = ()
    dropped: tuple[int, ...] = ()

    def printed(self, start: int, end: int) -> tuple[int, int]:
        """The span in the printed text that a span of `text` stands for."""
        if not self.kept:
            return start, end
        return self._back(start), self._back(end - 1) + 1 if end > start else self._back(end)

    def _back(self, at: int) -> int:
        index = bisect.bisect_right(self.kept, at)
        return at + self.dropped[index - 1] if index else at


# "- crates", "• crates", "# Losses", "| 2023 | 12 |", "> quoted", "3. crates".
_ITEM = re.compile(r"(?:[-*•·▪●◦‣–—][ \t]|[#|>]|\d{1,2}[.)][ \t]+[A-Z]|\([a-z0-9]{1,2}\)[ \t])")
_WORD = re.compile(r"\S+")
_LETTER = re.compile(r"[^\W\d_]")
_FIGURE = re.compile(r"[\d\s.,:;%$€£¥()+−–-]*\d[\d\s.,:;%$€£¥()+−–-]*\Z")
_TERMINAL = re.compile(r"[.!?…:;][\"'”’»)\]}]*\Z")
# What no heading ends with: a word or a sign that needs another.
_GOES_ON = re.compile(
    r"(?:[,$€£¥–—-]|\b(?:the|an?|of|in|on|at|by|to|for|from|with|and|or|nor|but|as|than|that|which|who|into|per|"
    r"over|under|about|around|some|between|until|since|before|after|during|through|is|are|was|were|be|been|has|"
    r"have|had|will|would|its|their|his|her|this|these|those|said|says|late|early|last|next|Mr\.|Mrs\.|Dr\.|Gen\."
    r"|\d+(?:st|nd|rd|th)?))\Z",
    re.IGNORECASE,
)
_MONTH = re.compile(r"(?:Jan|Feb|Mar|Apr|May|Jun|Jul|Aug|Sep|Oct|Nov|Dec)[a-z]*\b")
_LONG_LINE = 40
# A line end with something on either side of it.
_INNER = re.compile(r"\n(?<=[^\n]\n)[ \t]*[^\s]")


def unwrapped(text: str) -> Unwrapped:
    r"""The text with blanks for the line ends, and for the blanks beside them, that only wrap a paragraph.

    Line ends stay where they part something: blank lines, items of a list, headings, rows of figures.

    >>> unwrapped("between 300 and\n400 tonnes").text
    'between 300 and 400 tonnes'
    """
    if _INNER.search(text) is None:
        return Unwrapped(text)
    lines = text.split("\n")
    pieces: list[str] = []
    kept: list[int] = []
    dropped: list[int] = []
    at = gone = 0
    index = 0
    while index < len(lines):
        last = _block_end(lines, index)
        joins = _joins(lines[index:last]) if last - index > 1 else []
        for number in range(index, last):
            line = lines[number]
            after = number - index < len(joins) and joins[number - index]
            if number > index and joins[number - index - 1]:
                inner = line.lstrip()
                if len(inner) < len(line):
                    gone += len(line) - len(inner)
                    kept.append(at)
                    dropped.append(gone)
                    line = inner
            if after:
                inner = line.rstrip()
                if len(inner) < len(line):
                    gone += len(line) - len(inner)
                    kept.append(at + len(inner) + 1)
                    dropped.append(gone)
                    line = inner
            mark = "" if number + 1 == len(lines) else " " if after else "\n"
            pieces.append(line + mark)
            at += len(line) + len(mark)
        index = last
    whole = "".join(pieces)
    return Unwrapped(text if whole == text else whole, tuple(kept), tuple(dropped))


def _block_end(lines: list[str], first: int) -> int:
    """Where the run of lines without a blank line that begins at `first` ends; at least one line."""
    last = first + 1
    if lines[first] and not lines[first].isspace():
        while last < len(lines) and lines[last] and not lines[last].isspace():
            last += 1
    return last


def _joins(block: list[str]) -> list[bool]:
    """For each line of a block but the last whether the text runs on in the next line."""
    bare = [line.strip() for line in block]
    width = max(map(len, bare))
    listed = _ITEM.match(bare[0]) is not None
    return [_runs_on(bare[number], bare[number + 1], width, listed) for number in range(len(bare) - 1)]


def _runs_on(line: str, following: str, width: int, listed: bool) -> bool:
    if following[:1] in {"#", "|"} or line[:1] in {"#", "|"}:
        return False
    word = _WORD.match(following)
    room = len(line) + 1 + (word.end() if word is not None else 0) <= width
    if _ITEM.match(following) and (room or listed or width < _LONG_LINE):
        return False
    if _FIGURE.match(line) or (_FIGURE.match(following) and len(line) < _LONG_LINE):
        # A column of figures, but not the year in which a sentence ends.
        return not _FIGURE.match(line) and (following.endswith(".") or _GOES_ON.search(line) is not None)
    if (
        not following[:1].isupper()
        or _GOES_ON.search(line)
        or (line[-1:].isdigit() and _MONTH.match(following))
    ):
        return True
    return not room or (_TERMINAL.search(line) is not None and len(line) >= _LONG_LINE)
