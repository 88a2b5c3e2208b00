"""Whether pages read the same however they are wrapped.

    python benchmarks/reading_wrapped.py FOLDER [-v]

Every text of the folder (.txt, .md) is read with each paragraph in one line, and wrapped at 60, 72 and 84
columns, at blanks only. Prints how many pages and how many numbers, dates, sentences, hedges and sources
come out otherwise (target 0); with `-v` each of them.
"""

from __future__ import annotations

import sys
import textwrap
from collections.abc import Callable
from datetime import date
from pathlib import Path

from quidproquo.reading import attributions, dates, hedges, quantities, sentences

WIDTHS = (60, 72, 84)
ANCHOR = date(2024, 10, 24)
Read = list[tuple[object, ...]]


def unwrapped(text: str) -> str:
    """The text with each paragraph of running text in one line."""
    return "\n\n".join(" ".join(part.split()) for part in text.split("\n\n") if part.strip())


def wrapped(text: str, width: int) -> str:
    """Such a text wrapped at a width; headings and rows of tables stay as they are."""
    return "\n\n".join(
        part
        if part.startswith(("|", "#", "-"))
        else textwrap.fill(part, width, break_long_words=False, break_on_hyphens=False)
        for part in text.split("\n\n")
    )


def _plain(text: str, start: int, end: int) -> str:
    return " ".join(text[start:end].split())


def _numbers(text: str) -> Read:
    return [
        (one.comparison, one.near, one.value, one.low, one.high, one.unit, one.head, one.base)
        for one in quantities(text)
    ]


def _dates(text: str) -> Read:
    return [(one.edtf, one.relation) for one in dates(text, ANCHOR)]


def _hedges(text: str) -> Read:
    return [(_plain(text, one.start, one.end), one.modality) for one in hedges(text)]


def _sources(text: str) -> Read:
    return [
        (
            _plain(text, *one.source) if one.source else "",
            one.sort,
            *(_plain(text, *part) for part in one.content),
        )
        for one in attributions(text)
    ]


READERS: dict[str, Callable[[str], Read]] = {
    "numbers": _numbers,
    "dates": _dates,
    "sentences": lambda text: [(_plain(text, *span),) for span in sentences(text)],
    "hedges": _hedges,
    "sources": _sources,
}


def differences(text: str) -> dict[str, list[tuple[int, object, object]]]:
    """By what is read: the width, and what is read there only in one line, or only wrapped."""
    plain = unwrapped(text)
    found: dict[str, list[tuple[int, object, object]]] = {}
    for name, read in READERS.items():
        wanted = read(plain)
        for width in WIDTHS:
            got = read(wrapped(plain, width))
            if got != wanted:
                lost, new = (
                    [one for one in wanted if one not in got],
                    [one for one in got if one not in wanted],
                )
                found.setdefault(name, []).append((width, lost, new))
    return found


def main(folder: str, verbose: bool) -> int:
    """Print the counts; the number of differences."""
    pages = [path for path in sorted(Path(folder).rglob("*")) if path.suffix in {".txt", ".md"}]
    counts = dict.fromkeys(READERS, 0)
    for page in pages:
        for name, listed in differences(page.read_text(encoding="utf-8")).items():
            counts[name] += len(listed)
            for width, lost, new in listed if verbose else ():
                print(f"{page.name}, {width} columns, {name}: {lost} → {new}")
    print(f"{len(pages)} pages at {', '.join(map(str, WIDTHS))} columns; differences (target 0):")
    for name, count in counts.items():
        print(f"{name:<12}{count:>6}")
    return sum(counts.values())


if __name__ == "__main__":
    sys.exit(1 if main(next(arg for arg in sys.argv[1:] if not arg.startswith("-")), "-v" in sys.argv) else 0)
