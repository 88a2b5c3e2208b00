"""How fast the rule reader is beside an earlier version, and how its time grows with the length of a text.

    python benchmarks/reading_speed.py [--base SRC] [--growth] [--long]

SRC is the folder `src` of the version to compare with. Prints CPU seconds of one core, each the least of three
runs in a process of its own: of each grammar, of all, and of the whole path from a file to statements; how time
grows from 0.25 to 4 MB (an exponent of 1 is linear); and short web pages a second. `--growth` adds the exponent of
every grammar for pathological texts, `--long` a text of 20 MB.

The sample has about as many numbers, dates and quotations as news prose. Its numbers and some of its words differ
from paragraph to paragraph, so that keeping what was read of one doesn't help with the next.
"""

from __future__ import annotations

import argparse
import json
import math
import os
import subprocess
import sys
import tempfile
import time
from collections.abc import Callable
from datetime import date
from functools import partial
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


SIZES = (0.25, 1.0, 4.0)
"""Megabytes of text."""


def sample(megabytes: float) -> str:
    """News prose of about this size, every paragraph with numbers and words of its own."""
    paragraphs = []
    size = number = 0
    while size < megabytes * 1e6:
        number += 1
        paragraph = (
            SAMPLE.replace("3,000", f"{3 + number % 900},{number % 1000:03}")
            .replace("1,200", f"{number % 9 + 1},2{number % 100:02}")
            .replace("$5.5", f"${number % 50}.5")
            .replace("crates", f"crates{'' if number % 3 else ' and barrels'} of kind {number}")
            .replace("Ana Lima", f"Ana {'ABCDEFGHIKLMNOPRST'[number % 18]}imora")
            .replace("harbour", f"harbour{number % 97}")
        )
        paragraphs.append(paragraph)
        size += len(paragraph)
    return "".join(paragraphs)


def seconds(work: Callable[[], object], runs: int = 3) -> float:
    """The least CPU time of some runs."""
    best = math.inf
    for _ in range(runs):
        start = time.process_time()
        work()
        best = min(best, time.process_time() - start)
    return best


def from_file(text: str, runs: int = 3) -> float:
    """CPU seconds from a text in a file to statements."""
    case = load_case("dprk-russia")
    with tempfile.TemporaryDirectory() as folder:
        path = Path(folder, "a.txt")
        path.write_text(text, encoding="utf-8")
        return seconds(lambda: read([path], case), runs)


def measure() -> dict[str, dict[str, float]]:
    """CPU seconds by size in MB, of each grammar and from file to statements."""
    found: dict[str, dict[str, float]] = {}
    for size in SIZES:
        text = sample(size)
        runs = 3 if size < 4 else 1
        row = {name: seconds(partial(grammar, text), runs) for name, grammar in GRAMMARS.items()}
        row["all grammars"] = sum(row.values())
        row["file to statements"] = from_file(text, runs)
        found[str(size)] = row
    return found


def measured_in(source: str) -> dict[str, dict[str, float]]:
    """What `measure` gives in a process of its own with the package of a folder."""
    command = [sys.executable, __file__, "--measure"]
    environment = os.environ | {"PYTHONPATH": source}
    done = subprocess.run(command, env=environment, capture_output=True, text=True, check=True)
    return dict(json.loads(done.stdout))


def exponent(row: dict[str, dict[str, float]], name: str) -> float:
    """The slope of time against length on logarithmic scales, from the smallest size to the largest."""
    first, last = SIZES[0], SIZES[-1]
    return math.log(row[str(last)][name] / row[str(first)][name]) / math.log(last / first)


def comparison(base: str | None) -> None:
    """A table of times and targets."""
    here = str(Path(__file__).parents[1] / "src")
    now = measured_in(here)
    before = measured_in(base) if base else {}
    print(f"{'CPU seconds':<22}{'MB':>6}{'base':>9}{'now':>9}{'times as fast':>15}")
    for size in SIZES:
        for name, taken in now[str(size)].items():
            old = before[str(size)][name] if before else math.nan
            print(f"{name:<22}{size:>6}{old:>9.2f}{taken:>9.2f}{old / taken:>15.2f}")
    largest = str(SIZES[-1])
    share = now[largest]["all grammars"] / now[largest]["file to statements"]
    if before:
        gain = before[largest]["all grammars"] / now[largest]["all grammars"]
        print(f"\nall grammars: {gain:.2f} times as fast as the base (target: 1, aim: 2)")
    print(f"file to statements: {share:.2f} of the speed of the grammars alone (target: 0.50)")
    for name in ("all grammars", "file to statements"):
        print(f"growth of {name}: exponent {exponent(now, name):.2f} (target: at most 1.10)")


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
    print(f"short web pages: {200 / taken:,.0f} documents a second (target: 200)")


def long_text() -> None:
    """A text of 20 MB, whole, and its growth from 2 MB."""
    texts = [sample(2.0), sample(20.0)]
    for name, grammar in GRAMMARS.items():
        small, large = (seconds(partial(grammar, text), 1) for text in texts)
        slope = math.log(large / small) / math.log(10)
        print(
            f"{name:<20}{large:>12.1f} s for 20 MB, exponent {slope:.2f} (target: at most 1.10)", flush=True
        )
    small, large = (from_file(text, 1) for text in texts)
    slope = math.log(large / small) / math.log(10)
    print(
        f"{'file to statements':<20}{large:>12.1f} s for 20 MB, exponent {slope:.2f} (target: at most 1.10)"
    )


def main() -> None:
    parser = argparse.ArgumentParser()
    parser.add_argument("--base", help="folder src of the version to compare with")
    parser.add_argument("--growth", action="store_true")
    parser.add_argument("--long", action="store_true")
    parser.add_argument("--measure", action="store_true", help=argparse.SUPPRESS)
    wanted = parser.parse_args()
    if wanted.measure:
        print(json.dumps(measure()))
        return
    comparison(wanted.base)
    document_speed()
    if wanted.growth:
        growth_table()
    if wanted.long:
        long_text()


if __name__ == "__main__":
    main()
