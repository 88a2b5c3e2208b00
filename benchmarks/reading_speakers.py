"""How well the rules read figures on real pages: numbers, comparisons, polarity, dates and, above all, speakers.

    python benchmarks/reading_speakers.py FOLDER [--codes FILE] [--other SRC] [--show DIR]

FOLDER holds the pages as NNN.txt and the codes as `codes.csv`. The pages belong to others and aren't
shipped; `benchmarks/data/reading_speakers.md` says how to cut them again, and `--codes` names the codes that
are shipped, `benchmarks/data/reading_speakers.csv`. `--other` is the `src` folder of another version, scored
for comparison. `--show` writes what is wrong into a file in DIR, which must lie outside the checkout: it
quotes the pages.

Every page is loaded as `qpq read` loads a text file. Its publication date is given as a bibliography
gives it. A coded figure is found if a number of an appearance covers its place; the number that
overlaps it most is compared. What isn't found is wrong in everything.

**Speakers.** Only the innermost one counts. Where the text names no source, the appearance must have none
but the author. Else two names match if they are *fairly* the same:

- Articles, possessives ("its", "Seoul's"), "there", honorifics and what follows the first comma are
  dropped, case and marks too. A name in brackets is another name for the same.
- A product stands for its maker: "estimates from Lima's office", "Bloomberg estimates" are the office and
  Bloomberg; but "Ukrainian estimates" has no other name. So does a class noun after a name: "the Delta
  news agency" is Delta.
- The names match if their words are equal, or if they have the same head and all words of one are in the
  other: "officials" and "Western officials", "Jake Sullivan" and "National Security Adviser Jake
  Sullivan". The head is the noun before the first preposition, less participles ("the ministry of
  defence": ministry; "a draft seen by Delta": draft), and the surname of a person whose name ends the
  phrase.
- Names that are joined count together: "South Korean and Western intelligence" isn't "Western
  intelligence".
- A pronoun is right only as the name that it stands for. A name with a piece of the verb at its end is
  wrong.

**Other parts.** Value: the value, or both ends of a range, to a part in 5,000 (codes have 0.3333 for a
third). Polarity: denied and
conditional figures must not be asserted, all others must be. Event: of the figures whose date is coded, the
same first and last day, and at least a day in common (a date "since" a day may start there and end at the
event).

The interval of each share is the central 95% of 10,000 resamplings of whole pages.
"""

from __future__ import annotations

import argparse
import csv
import hashlib
import json
import os
import re
import subprocess
import sys
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import numpy as np

from quidproquo.cases import load_case
from quidproquo.reading import Appearance, Quantified, load, read
from quidproquo.terms.edtf import Interval, parse

ROOT = Path(__file__).resolve().parents[1]
CASE = "dprk-russia"
NAMED, SPEAKER = "speaker, source named", "speaker, all"
TARGETS = {NAMED: 0.85, SPEAKER: 0.92}
Row = dict[str, str]

_DROPPED = set("the a an its his her their our my this that these those some there here".split())
_HONORIFICS = set(
    "mr mrs ms miss dr prof professor sir lord lady dame gen general lt lieutenant col colonel maj major capt "
    "captain brig brigadier adm admiral sgt".split()
)
_PREPOSITIONS = set(
    "of for in at from on with by to within inside near who which that among against over under about".split()
)
_PRODUCTS = set(
    "estimate estimates data figures calculations count tally analysis report reports statement records "
    "assessment assessments".split()
)
_CLASSES = set(
    "publication newspaper magazine daily weekly agency channel outlet website site broadcaster "
    "think-tank".split()
)
_NATIONAL = re.compile(r"(?:[ai]an|ern|ese|ish)$")
_POSSESSIVE = re.compile(r"(?:['’]s|(?<=s)['’])(?=\s)")
_BRACKETS = re.compile(r"\(([^)]*)\)")
_WORD = re.compile(r"[^\W_]+(?:[-.&][^\W_]+)*")


@dataclass(frozen=True)
class Name:
    """A name without its trimmings: its words in small letters, its heads, and whether it joins several."""

    words: frozenset[str]
    heads: frozenset[str]
    joined: bool


def names(printed: str) -> list[Name]:
    """All that a printed name may be called by: the phrase itself, its maker, and what stands in brackets."""
    inside = [part for part in _BRACKETS.findall(printed) if re.search(r"[A-Z]", part)]
    phrases = [_tokens(part) for part in (_BRACKETS.sub(" ", printed), *inside)]
    return [_name(tokens) for phrase in phrases for tokens in (phrase, *_shorter(phrase)) if tokens]


def _tokens(phrase: str) -> list[str]:
    phrase = phrase.partition(",")[0]
    owners = list(_POSSESSIVE.finditer(phrase))
    words: list[str] = _WORD.findall(phrase[owners[-1].end() :] if owners else phrase)
    kept = [word for word in words if word.casefold() not in _DROPPED]
    return [word for word in kept if word.casefold().rstrip(".") not in _HONORIFICS] or kept


def _shorter(tokens: list[str]) -> Iterator[list[str]]:
    """The maker of a product, and a name without the class noun after it."""
    small = [token.casefold() for token in tokens]
    if len(small) > 2 and small[0] in _PRODUCTS and small[1] in {"of", "from", "by"}:
        yield tokens[2:]
    if len(small) > 1 and not _NATIONAL.search(small[-2]):
        if small[-1] in _PRODUCTS | _CLASSES:
            yield tokens[:-1]
        if small[-2:] == ["news", "agency"] or small[-2:] == ["think", "tank"]:
            yield tokens[:-2]


def _name(tokens: list[str]) -> Name:
    small = [token.casefold() for token in tokens]
    cut = next((i for i, word in enumerate(small) if i and word in _PREPOSITIONS), len(small))
    after = len(small) - cut
    while 1 < cut < len(small) and small[cut - 1].endswith(("ing", "ed", "een", "iven")):
        cut -= 1
    heads = {small[cut - 1]}
    if after > 3 and _capitals_at_end(tokens) > 2:  # "secretary of state Antony Blinken": person after office
        heads.add(small[-1])
    words = frozenset(word for word in small if word not in _PREPOSITIONS)
    return Name(words, frozenset(heads), "and" in small[:cut])


def _capitals_at_end(tokens: Sequence[str]) -> int:
    count = 0
    for token in reversed(tokens):
        if not token[0].isupper():
            break
        count += 1
    return count


def same_name(one: str, other: str) -> bool:
    """Whether two printed names are fairly the same (see above)."""
    return any(
        a.words == b.words
        or (a.joined == b.joined and bool(a.heads & b.heads) and (a.words <= b.words or b.words <= a.words))
        for a in names(one)
        for b in names(other)
    )


@dataclass(frozen=True)
class Found:
    """The number that stands at a coded place, with its appearance."""

    number: Quantified
    appearance: Appearance

    @property
    def speaker(self) -> str:
        """The innermost speaker, "" where that is the author."""
        chain = self.appearance.speakers
        return chain[-1].name if chain and chain[-1].role != "author" else ""


def rows_of(path: Path) -> dict[str, list[Row]]:
    """The coded figures of every page."""
    pages: dict[str, list[Row]] = {}
    with path.open(encoding="utf-8", newline="") as handle:
        for row in csv.DictReader(handle):
            pages.setdefault(row["page"], []).append(row)
    return pages


def place(text: str, raw: str, row: Row) -> tuple[int, int]:
    """Where a coded figure stands in a snapshot, whose white space may differ from that of the page."""
    start = -1
    for _ in range(int(row["occurrence"])):
        start = raw.index(row["number_text"], start + 1 if start < 0 else start + len(row["number_text"]))
    pattern = re.compile(r"\s+".join(re.escape(part) for part in row["number_text"].split()))
    nth = sum(hit.start() < start for hit in pattern.finditer(raw))
    hits = list(pattern.finditer(text))
    return hits[nth].span() if nth < len(hits) else (-1, -1)


def candidates(found: Iterable[Appearance]) -> Iterator[Found]:
    """All numbers of appearances; those of a change "from 3 to 10" singly too."""
    for appearance in found:
        if appearance.number is not None:
            for number in (*appearance.number.levels, appearance.number):
                yield Found(number, appearance)


def covering(found: Sequence[Found], start: int, end: int) -> Found | None:
    """The number that overlaps a place most, the narrowest of several."""

    def overlap(one: Found) -> tuple[int, int]:
        shared = min(one.number.end, end) - max(one.number.start, start)
        return shared, one.number.start - one.number.end

    best = max(found, key=overlap, default=None)
    return best if best is not None and overlap(best)[0] > 0 else None


def same_value(number: Quantified, row: Row) -> bool:
    """Whether the value, or both ends of the range, are those coded."""
    pairs = (
        [(number.value, row["value"])]
        if row["value"]
        else [(number.low, row["low"]), (number.high, row["high"])]
    )
    return all(
        found is not None and abs(found - float(coded)) <= 2e-4 * abs(float(coded)) for found, coded in pairs
    )


def same_comparison(number: Quantified, row: Row) -> bool:
    """Whether value and comparison are those coded."""
    return (
        same_value(number, row)
        and number.comparison == row["comparison"]
        and number.near == (row["near"] == "true")
    )


def read_dates(appearance: Appearance) -> list[Interval]:
    """The dates of an appearance as they may be meant: the event, and from "since" to the event."""
    event, since = appearance.event, appearance.since
    if event is None:
        return [] if since is None else [since]
    return [event, Interval(since.start, event.end)] if since is not None else [event]


def judged(found: Found | None, row: Row) -> dict[str, bool]:
    """What is right of one coded figure; only the parts that it counts in."""
    named = row["named_source"] == "1"
    got = "" if found is None else found.speaker
    speaker = found is not None and (bool(got) and same_name(got, row["speaker"]) if named else not got)
    parts = {
        "figures found": found is not None,
        SPEAKER: speaker,
        "value": found is not None and same_value(found.number, row),
        "value and comparison": found is not None and same_comparison(found.number, row),
        "polarity": found is not None
        and (found.appearance.polarity == "asserted") == (row["polarity"] == "asserted"),
    }
    parts[NAMED if named else "speaker, no source named"] = speaker
    if row["polarity"] != "asserted":
        parts["polarity, not asserted"] = parts["polarity"]
    if row["event"]:
        coded = parse(row["event"])
        dates = [] if found is None else read_dates(found.appearance)
        parts["event"] = any((one.start, one.end) == (coded.start, coded.end) for one in dates)
        parts["event, a day in common"] = any(one.overlaps(coded) for one in dates)
    return parts


def score(folder: Path, codes: Path) -> tuple[dict[str, list[dict[str, bool]]], list[str]]:
    """What is right of every figure by page, and what is wrong, in lines that quote the pages."""
    pages = rows_of(codes)
    paths = {page: folder / f"{page}.txt" for page in pages}
    known = {
        hashlib.sha256(paths[page].read_bytes()).hexdigest(): {"published": rows[0]["published"]}
        for page, rows in pages.items()
    }
    loaded = load([paths[page] for page in pages], known=known)
    reading = read(loaded, load_case(CASE))
    result: dict[str, list[dict[str, bool]]] = {}
    wrong: list[str] = []
    for (page, rows), document in zip(pages.items(), loaded.documents, strict=True):
        text = loaded.snapshots[document.snapshot].text
        raw = paths[page].read_text(encoding="utf-8")
        numbers = list(candidates(one for one in reading.appearances if one.document == document.id))
        for row in rows:
            found = covering(numbers, *place(text, raw, row))
            parts = judged(found, row)
            result.setdefault(page, []).append(parts)
            missed = [name for name, right in parts.items() if not right]
            if missed:
                wrong.append(_told(page, row, found, missed))
    return result, wrong


def _told(page: str, row: Row, found: Found | None, missed: Sequence[str]) -> str:
    coded = (
        row["comparison"],
        row["value"] or (row["low"], row["high"]),
        row["speaker"],
        row["event"],
        row["polarity"],
    )
    lines = [
        f"{page} {row['number_text']!r} ({row['occurrence']}): {', '.join(missed)}",
        f"    coded {coded}",
    ]
    if found is not None:
        number, one = found.number, found.appearance
        event = "" if one.event is None else one.event.edtf
        value = number.value if number.low is None else (number.low, number.high)
        lines.append(f"    read  {(number.comparison, value, found.speaker, event, one.polarity)}")
        lines.append(f"    {one.sentence.quote}")
    return "\n".join(lines)


def summary(pages: dict[str, list[dict[str, bool]]]) -> dict[str, list[float]]:
    """Right, of how many, and the ends of the 95% interval of the share, by part."""
    parts = list(dict.fromkeys(part for figures in pages.values() for one in figures for part in one))
    draws = np.random.default_rng(23).integers(len(pages), size=(10_000, len(pages)))
    result = {}
    for part in parts:
        right = np.array([sum(one.get(part, False) for one in figures) for figures in pages.values()])
        total = np.array([sum(part in one for one in figures) for figures in pages.values()])
        all_right, all_total = right[draws].sum(axis=1), total[draws].sum(axis=1)
        shares = all_right[all_total > 0] / all_total[all_total > 0]
        low, high = np.quantile(shares, [0.025, 0.975])
        result[part] = [float(right.sum()), float(total.sum()), float(low), float(high)]
    return result


def other_version(src: Path, folder: Path, codes: Path) -> dict[str, Any]:
    """The same scores with another version of the program."""
    command = [sys.executable, __file__, str(folder), "--codes", str(codes), "--json"]
    environment = {**os.environ, "PYTHONPATH": str(src.resolve())}
    done = subprocess.run(command, env=environment, capture_output=True, text=True, check=False)
    if done.returncode:
        sys.exit(f"{src}: {done.stderr.strip()}")
    answer: dict[str, Any] = json.loads(done.stdout)
    return answer


def print_table(found: dict[str, list[float]], other: dict[str, list[float]] | None) -> None:
    """One line for each part."""
    extra = "  other version" if other else ""
    print(f"{'part':<26}{'right':>6}{'of':>5}{'share':>8}  {'95% interval':<15}{'target':>7}{extra}")
    for part, (right, total, low, high) in found.items():
        target = f"{TARGETS[part]:>7.2f}" if part in TARGETS else " " * 7
        old = ""
        if other:
            was = other[part]
            old = f"  {was[0]:>4.0f} {was[0] / was[1]:.3f}"
        print(
            f"{part:<26}{right:>6.0f}{total:>5.0f}{right / total:>8.3f}  {low:.3f} to {high:.3f} {target}{old}"
        )


def print_pages(
    pages: dict[str, list[dict[str, bool]]], other: dict[str, list[dict[str, bool]]] | None
) -> None:
    """Figures, sources named, and what is right of each page."""
    extra = "  other version" if other else ""
    print(f"\n{'page':<6}{'figures':>8}{'found':>7}{'value':>7}{'named':>7}{'right':>7}{'speaker':>9}{extra}")
    for page, figures in pages.items():
        named = [one for one in figures if NAMED in one]
        old = f"  {sum(one[SPEAKER] for one in other[page])}" if other else ""
        print(
            f"{page:<6}{len(figures):>8}{sum(o['figures found'] for o in figures):>7}"
            f"{sum(o['value'] for o in figures):>7}{len(named):>7}{sum(o[NAMED] for o in named):>7}"
            f"{sum(o[SPEAKER] for o in figures):>9}{old}"
        )


def main() -> int:
    """Print the tables; 1 if a target is missed."""
    parser = argparse.ArgumentParser(description="Score the reading of coded figures on real pages.")
    parser.add_argument("folder", type=Path, help="the pages, NNN.txt, and codes.csv")
    parser.add_argument("--codes", type=Path, help="the codes, if not codes.csv in the folder")
    parser.add_argument("--other", type=Path, help="the src folder of a version to compare with")
    parser.add_argument("--show", type=Path, help="a folder outside the checkout for what is wrong")
    parser.add_argument("--json", action="store_true", help="print the counts as JSON")
    given = parser.parse_args()
    codes = given.codes or given.folder / "codes.csv"
    if given.show and given.show.resolve().is_relative_to(ROOT):
        parser.error(f"--show {given.show} lies in the checkout; name a folder outside it")
    pages, wrong = score(given.folder, codes)
    found = summary(pages)
    if given.json:
        print(json.dumps({"summary": found, "pages": pages}))
        return 0
    other = other_version(given.other, given.folder, codes) if given.other else None
    print_table(found, other and other["summary"])
    print_pages(pages, other and other["pages"])
    if given.show:
        given.show.mkdir(parents=True, exist_ok=True)
        (given.show / "reading_speakers.txt").write_text("\n\n".join(wrong) + "\n", encoding="utf-8")
    return int(
        any(found[part][0] < target * found[part][1] for part, target in TARGETS.items() if part in found)
    )


if __name__ == "__main__":
    raise SystemExit(main())
