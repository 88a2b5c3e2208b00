"""The process that opens a PDF: a file made to harm can stall or crash it, and nothing else.

It is run as a script with the PDF on standard input and writes a line of JSON for the file and for each page.
It stops itself when a page takes more CPU time or memory than its arguments allow, so it imports nothing of the
package and little else.
"""

from __future__ import annotations

import contextlib
import ctypes
import json
import signal
import sys
from collections.abc import Iterator
from typing import Any

_RAISED = 0.15
"""By how much of a letter's height a mark of a note stands above the line, at least."""

_SMALL = 0.82
"""How high a mark of a note is, measured by the text beside it, at most."""

_GAP = 1.0
"""Width of a gap that parts two cells or columns, in heights of the text."""

_SIDES = ("left", "bottom", "right", "top")
_UNITS = ("km", "m", "cm", "mm", "ft", "mi")


def main() -> None:
    """Read the PDF on standard input; arguments: bytes of memory, seconds for a page and on average."""
    memory, first, each, most_pages, most_text = (float(part) for part in sys.argv[1:6])
    data = sys.stdin.buffer.read()
    limit = _limited(int(memory) + 2 * len(data))
    import pypdfium2

    if limit:
        signal.setitimer(signal.ITIMER_PROF, first)
    try:
        document = pypdfium2.PdfDocument(data)
        count = min(len(document), int(most_pages))
        info = document.get_metadata_dict()
    except pypdfium2.PdfiumError as error:
        _write({"error": "locked" if "password" in str(error).lower() else "damaged"})
        return
    _write({"pages": count, "info": info})
    # each page adds to what all may take, so a long file may take long and a short one may not
    allowed, size = first, 0
    for number in range(count):
        if limit:
            unused = signal.setitimer(signal.ITIMER_PROF, 0)[0]
            allowed = min(first, unused + each) if number else first
            signal.setitimer(signal.ITIMER_PROF, max(allowed, 0.001))
        try:
            page = _page(document, number)
        except pypdfium2.PdfiumError:
            page = {"error": "damaged"}
        size += len(page.get("text", ""))
        if size > most_text:
            return
        _write(page)


def _limited(memory: int) -> bool:
    """Set a limit on memory; gives whether the system has limits. Too much CPU time ends the process."""
    try:
        import resource
    except ImportError:
        return False
    for name, most in (("RLIMIT_AS", memory), ("RLIMIT_CORE", 0)):
        with contextlib.suppress(ValueError, OSError, AttributeError):  # a system may lack one, or refuse it
            resource.setrlimit(getattr(resource, name), (most, most))
    signal.signal(signal.SIGPROF, signal.SIG_DFL)
    return True


def _write(line: dict[str, Any]) -> None:
    sys.stdout.buffer.write(json.dumps(line).encode() + b"\n")
    sys.stdout.buffer.flush()


def _page(document: Any, number: int) -> dict[str, Any]:  # noqa: ANN401 - pypdfium2 has no types
    """The text of a page without note marks, and its stretches with their places."""
    page = document[number]
    layer = page.get_textpage()
    text = layer.get_text_range()
    found = {"text": text, "stretches": []}
    if text.strip():
        marks, stretches = _placed(layer)
        found = {"text": _without(text, marks) if marks else text, "stretches": stretches}
    layer.close()
    page.close()
    return found


class _Layer:
    """Characters of a page and where they stand."""

    def __init__(self, layer: Any) -> None:  # noqa: ANN401
        from pypdfium2 import raw

        self._raw = raw
        self._handle = layer.raw
        self.count = layer.count_chars()
        self._rect = raw.FS_RECTF()

    def character(self, at: int) -> str:
        code = self._raw.FPDFText_GetUnicode(self._handle, at)
        return chr(code) if 0 < code < sys.maxunicode else ""

    def box(self, at: int) -> tuple[float, float, float, float]:
        """Left, bottom, right, top; of the line, not of the ink."""
        if not self._raw.FPDFText_GetLooseCharBox(self._handle, at, ctypes.byref(self._rect)):
            return 0.0, 0.0, 0.0, 0.0
        first, second, third, fourth = (getattr(self._rect, side) for side in _SIDES)
        return min(first, third), min(second, fourth), max(first, third), max(second, fourth)

    def next_word(self, at: int) -> int:
        """The index of the first letter from here on."""
        while at < self.count - 1 and not self.character(at).strip():
            at += 1
        return int(min(at, self.count - 1))

    def words(self) -> Iterator[tuple[int, int, str]]:
        """First and last index of what stands between spaces, and its text."""
        start, letters = 0, ""
        for at in range(self.count):
            letter = self.character(at)
            if letter.isspace() or not letter:
                if letters:
                    yield start, at - 1, letters
                letters = ""
            else:
                start = start if letters else at
                letters += letter
        if letters:
            yield start, self.count - 1, letters


def _placed(layer: Any) -> tuple[list[tuple[str, str, str]], list[list[Any]]]:  # noqa: ANN401
    """Note marks with the words that hold them, and stretches: left, bottom, right, top and text."""
    characters = _Layer(layer)
    marks: list[tuple[str, str, str]] = []
    stretches: list[list[Any]] = []
    previous: tuple[float, float, float, float] | None = None
    before = ""
    for start, end, word in characters.words():
        first, last = characters.box(start), characters.box(end)
        shown = word
        if any(letter.isdigit() for letter in word):
            shown = _without_mark(characters, start, word, previous, before)
            if shown != word:
                marks.append((before, word, shown))
        height = max(first[3] - first[1], 1e-3)
        same_line = previous is not None and abs(first[1] - previous[1]) < 0.5 * height
        if not shown:
            continue
        if (
            stretches
            and same_line
            and previous is not None
            and -height < first[0] - previous[2] < _GAP * height
        ):
            stretches[-1][2] = round(max(stretches[-1][2], last[2]), 1)
            stretches[-1][4] += " " + shown
        else:
            stretches.append([*(round(value, 1) for value in (first[0], first[1], last[2], first[3])), shown])
        previous, before = (first[0], first[1], last[2], first[3]), word
    return marks, stretches


def _without_mark(
    characters: _Layer,
    start: int,
    word: str,
    previous: tuple[float, float, float, float] | None,
    before: str,
) -> str:
    """A word without the small raised digits at its end, or without all if it is nothing else."""
    stem = word.rstrip("0123456789,")
    digits = word[len(stem) :]
    if not digits.strip(",") or len(digits.strip(",")) > 6:
        return word
    at = start + len(stem)
    mark = characters.box(at)
    if stem:
        neighbour = characters.box(at - 1)
        if stem.lower() in _UNITS or stem[-1].isdigit() or stem[-1] in "-+.$€£":
            return word
    elif previous is not None and abs(mark[1] - previous[1]) < 0.6 * (previous[3] - previous[1]):
        neighbour = previous
        if before.lower() in _UNITS:
            return word
    else:  # at the start of a line: the mark of a note's own text, before larger letters
        neighbour = characters.box(characters.next_word(start + len(word)))
    height, base = mark[3] - mark[1], neighbour[3] - neighbour[1]
    near = abs((mark[1] + mark[3]) - (neighbour[1] + neighbour[3])) < 2 * base
    raised = mark[1] - neighbour[1] > _RAISED * base
    return stem if near and raised and height < _SMALL * base else word


def _without(text: str, marks: list[tuple[str, str, str]]) -> str:
    """The text of a page without its note marks, each looked for after the one before."""
    at = 0
    for before, word, shown in marks:
        found = text.find(word, at)
        while found >= 0 and before and before not in text[max(0, found - len(before) - 4) : found + 1]:
            found = text.find(word, found + 1)
        if found >= 0:
            text = text[:found] + shown + text[found + len(word) :]
            at = found
    return text


if __name__ == "__main__":
    main()
