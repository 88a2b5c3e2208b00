"""Whether a page reads the same at any width: numbers, dates and speakers, each paragraph on one line and wrapped.

    python benchmarks/reading_wrapped.py FOLDER [--codes FILE] [--show DIR]

FOLDER and codes are those of `reading_speakers.py`. Every page is read with one line for each paragraph, and
wrapped at 60, 72 and 84 columns. Prints how many numbers were read, and how many changed: other value,
comparison, unit, speaker, date of the event or polarity, or lost or new. The target is none.
`--show` writes the changes into a file in DIR, outside the checkout.
"""

from __future__ import annotations

import argparse
import difflib
import hashlib
import re
import tempfile
import textwrap
from collections.abc import Sequence
from pathlib import Path

from reading_speakers import CASE, ROOT, rows_of

from quidproquo.cases import Case, load_case
from quidproquo.reading import Appearance, load, read

WIDTHS = (60, 72, 84)


def paragraphs(text: str) -> list[str]:
    """The paragraphs of a page, each on one line."""
    return [" ".join(part.split()) for part in re.split(r"\n\s*\n", text) if part.strip()]


def at_width(text: str, width: int) -> str:
    """A page wrapped at a width; 0 leaves each paragraph on one line."""
    lines = paragraphs(text)
    if width:
        lines = [textwrap.fill(line, width, break_long_words=False) for line in lines]
    return "\n\n".join(lines) + "\n"


def stated(one: Appearance) -> str:
    """What is compared of an appearance with a number."""
    number = one.number
    assert number is not None
    value = number.value if number.low is None else (number.low, number.high)
    chain = [speaker.name for speaker in one.speakers if speaker.role != "author"]
    event = "" if one.event is None else one.event.edtf
    since = "" if one.since is None else one.since.edtf
    parts = (number.comparison, number.near, value, number.unit, chain[-1:], event, since, one.polarity)
    return " ".join(str(parts).split())


def readings(texts: Sequence[str], published: Sequence[str], case: Case) -> list[list[str]]:
    """What is stated by the numbers of each page, in the order of the text."""
    with tempfile.TemporaryDirectory() as folder:
        paths = [Path(folder) / f"{number:03d}.txt" for number in range(len(texts))]
        known = {}
        for path, text, day in zip(paths, texts, published, strict=True):
            path.write_text(text, encoding="utf-8")
            known[hashlib.sha256(path.read_bytes()).hexdigest()] = {"published": day}
        loaded = load(paths, known=known)
    found = read(loaded, case).appearances
    result = []
    for document in loaded.documents:
        mine = [one for one in found if one.document == document.id and one.number is not None]
        mine.sort(key=lambda one: (one.number.start, one.number.end) if one.number else (0, 0))
        result.append([stated(one).replace(document.id, "author") for one in mine])
    return result


def changes(one: Sequence[str], other: Sequence[str]) -> list[str]:
    """What differs, as lines with - and +."""
    return [line for line in difflib.ndiff(one, other) if line[0] in "-+"]


def count(lines: Sequence[str]) -> int:
    """How many numbers changed: one taken away and one put in its place count once."""
    return max(sum(line[0] == sign for line in lines) for sign in "-+")


def main() -> int:
    """Print the table; 1 if anything changes."""
    parser = argparse.ArgumentParser(description="Compare the reading of pages at several widths.")
    parser.add_argument("folder", type=Path, help="the pages, NNN.txt, and codes.csv")
    parser.add_argument("--codes", type=Path, help="the codes, if not codes.csv in the folder")
    parser.add_argument("--show", type=Path, help="a folder outside the checkout for what changes")
    given = parser.parse_args()
    if given.show and given.show.resolve().is_relative_to(ROOT):
        parser.error(f"--show {given.show} lies in the checkout; name a folder outside it")
    pages = rows_of(given.codes or given.folder / "codes.csv")
    texts = [(given.folder / f"{page}.txt").read_text(encoding="utf-8") for page in pages]
    published = [rows[0]["published"] for rows in pages.values()]
    case = load_case(CASE)
    plain = readings([at_width(text, 0) for text in texts], published, case)
    print(f"{'columns':<9}{'numbers':>8}{'changed':>9}{'pages':>7}  target 0")
    total = 0
    told: list[str] = []
    for width in WIDTHS:
        wrapped = readings([at_width(text, width) for text in texts], published, case)
        lines = [changes(one, other) for one, other in zip(plain, wrapped, strict=True)]
        changed = [count(one) if one else 0 for one in lines]
        total += sum(changed)
        print(f"{width:<9}{sum(map(len, plain)):>8}{sum(changed):>9}{sum(map(bool, changed)):>7}")
        told += [f"{width} {page} {line}" for page, one in zip(pages, lines, strict=True) for line in one]
    if given.show:
        given.show.mkdir(parents=True, exist_ok=True)
        (given.show / "reading_wrapped.txt").write_text("\n".join(told) + "\n", encoding="utf-8")
    return int(total > 0)


if __name__ == "__main__":
    raise SystemExit(main())
