"""How fast the rule reader is, and how its time grows with the length of a text.

    python benchmarks/reading_speed.py

The sample has about as many numbers, dates and quotations as news prose.
Prints sentences a second for each grammar on one core, documents a second for short web pages from
bytes to appearances, and for ordinary and pathological texts the exponent of growth (1 is linear).
"""

from __future__ import annotations

import math
import tempfile
import time
from collections.abc import Callable
from datetime import date
from pathlib import Path

from quidproquo.cases import load_case
from quidproquo.reading import attributions, dates, hedges, quantities, read, sentences

SAMPLE = (
    "The ministry said on Tuesday that at least 3,000 workers had arrived in the port since early June, up "
    "from 1,200 a month earlier. "
    "“We expect between 40 and 45 percent of the crates to be moved by the end of October,” Ana Lima, a "
    "senior analyst at the Freedonia "
    "Institute, told reporters last Friday. According to the customs office, exports were worth $5.5 "
    "billion to $9.8 billion in 2023. "
    "Officials have denied the report. Nobody in the town seems to remember how the old bridge was built, "
    "or who paid for it. "
    "The council met again in the old hall, and its members spoke for hours about the harbour and the price "
    "of bread. "
    "A plan to move the market to the other bank was dropped after the traders complained. "
    "The new pier is longer than the old one, but the ferries still use the old one because it lies nearer "
    "to the road. "
    "His sister, who kept the books, never spoke of it. Some of the boats were sold, others were left on "
    "the beach. "
    "It could be a token of goodwill, he added. The road follows the river for most of the way and then "
    "turns inland.\n\n"
)
PATHOLOGICAL = {
    "ordinary": SAMPLE,
    "one letter": "a",
    "spaces": "    ",
    "digits": "1234567890",
    "groups": "1,234,",
    "words for numbers": "one hundred and ",
    "quotation marks": '“"',
    "newlines": "\n\n",
    "full stops": "Mr. U.S. ",
    "said": "said ",
    "between": "between 1 and 2 ",
    "commas": "a, ",
    "March": "March 3 ",
}
GRAMMARS: dict[str, Callable[[str], object]] = {
    "sentences": sentences,
    "quantities": quantities,
    "dates": lambda text: dates(text, date(2024, 10, 24)),
    "hedges": hedges,
    "attributions": attributions,
}


def seconds(work: Callable[[], object]) -> float:
    """The shortest of three runs."""
    best = math.inf
    for _ in range(3):
        start = time.perf_counter()
        work()
        best = min(best, time.perf_counter() - start)
    return best


def grammar_speeds() -> None:
    """Sentences a second of each grammar, and of all together."""
    text = SAMPLE * 300
    count = len(sentences(text))
    total = 0.0
    for name, grammar in GRAMMARS.items():
        taken = seconds(lambda grammar=grammar: grammar(text))  # type: ignore[misc]
        total += taken
        print(f"{name:<20}{count / taken:>12,.0f} sentences a second")
    print(f"{'all grammars':<20}{count / total:>12,.0f} sentences a second (target 10,000)")


def growth(base: str, grammar: Callable[[str], object]) -> float:
    """The slope of time against length on logarithmic scales, from 50 to 400 kB."""
    small, large = base * (50_000 // len(base)), base * (400_000 // len(base))
    return math.log(
        max(seconds(lambda: grammar(large)), 1e-6) / max(seconds(lambda: grammar(small)), 1e-6)
    ) / math.log(8)


def growth_table() -> None:
    """The exponent for every grammar and every text."""
    print(f"\n{'growth exponent':<20}" + "".join(f"{name:>14}" for name in GRAMMARS))
    for label, base in PATHOLOGICAL.items():
        print(
            f"{label:<20}" + "".join(f"{growth(base, grammar):>14.2f}" for grammar in GRAMMARS.values()),
            flush=True,
        )


def document_speed() -> None:
    """Short web pages a second, from bytes to appearances."""
    case = load_case("dprk-russia")
    with tempfile.TemporaryDirectory() as folder:
        for number in range(200):
            body = "".join(f"<p>{part}</p>" for part in (f"Report {number}. " + SAMPLE).split(". ") if part)
            page = (
                f"<html><head><title>Report {number}</title><meta property='article:published_time' "
                f"content='2024-10-24'></head>"
            )
            page += f"<body><nav>menu</nav><article><h1>Report {number}</h1>{body}</article></body></html>"
            Path(folder, f"{number:03}.html").write_text(page, encoding="utf-8")
        read([folder], case)
        taken = seconds(lambda: read([folder], case))
    print(f"\n{'short web pages':<20}{200 / taken:>12,.0f} documents a second (target 200)")


def long_text() -> None:
    """A text of 20 MB, whole."""
    text = SAMPLE * (20_000_000 // len(SAMPLE))
    for name, grammar in GRAMMARS.items():
        start = time.perf_counter()
        grammar(text)
        print(f"{name:<20}{time.perf_counter() - start:>12.1f} s for 20 MB", flush=True)


if __name__ == "__main__":
    import sys

    grammar_speeds()
    document_speed()
    growth_table()
    if "--long" in sys.argv:
        long_text()
