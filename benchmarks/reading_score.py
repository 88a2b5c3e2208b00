"""How well the rule reader does on the coded facts: run with the folder `shared` beside the checkout.

    python benchmarks/reading_score.py [SHARED]

Prints every figure with its target; with `-v` every miss as well.
"""

from __future__ import annotations

import csv
import sys
from pathlib import Path

from quidproquo.cases import Case, load_case
from quidproquo.reading import Appearance, Quantified, Reading, quantities, read
from quidproquo.terms.edtf import Interval, parse

ROWS = "S012 S013 S021 S040 S048 S050 S059 S060 S072 S074 S075 S078 S082 S083".split()
TARGETS = {
    "rows": 13.0,
    "precision": 0.95, "speaker": 0.90, "cue": 0.85, "role": 0.80, "values": 0.97, "comparisons": 0.95,
}  # fmt: skip
Row = dict[str, str]


def table(path: Path) -> list[Row]:
    """The rows of a CSV table."""
    with path.open(encoding="utf-8", newline="") as handle:
        return list(csv.DictReader(handle))


def same_number(found: Appearance, row: Row) -> bool:
    """Whether value, or low and high, are those of the row."""
    if row["value"]:
        return found.value is not None and abs(found.value - float(row["value"])) <= 1e-9 * abs(
            float(row["value"])
        )
    return (found.low, found.high) == (float(row["low"]), float(row["high"]))


def same_speaker(found: Appearance, row: Row, case: Case) -> bool:
    """Whether the last speaker of the chain is the row's: the same source of the case, or the same name."""
    name = row["speaker"].split(" (")[0].casefold()
    if not found.speakers:
        return False
    speaker = found.speakers[-1]
    source = case.source_of(row["speaker"])
    if source is not None and speaker.source == source.name:
        return True
    return speaker.name.casefold() == name


def same_date(found: Appearance, row: Row) -> bool:
    """Whether the event dates share a day, and the start is the row's where both state one."""
    wanted = parse(row["event"])
    event = found.event
    if event is None or not event.overlaps(wanted):
        return (
            event is not None
            and row["since"] != ""
            and Interval(parse(row["since"]).start, wanted.end).overlaps(event)
        )
    return not (row["since"] and found.since) or found.since.overlaps(parse(row["since"]))


def fits(found: Appearance, row: Row, case: Case) -> dict[str, bool]:
    """Which parts of a numeric row an appearance gives back."""
    return {
        "value": same_number(found, row),
        "comparison": found.comparison == row["comparison"] and found.near == (row["near"] == "true"),
        "unit": found.unit == row["unit"],
        "quantity": found.quantity == row["quantity"],
        "date": same_date(found, row),
        "speaker": same_speaker(found, row, case),
    }


def on_sentence(reading: Reading, span: Row) -> list[Appearance]:
    """The appearances on the sentence of a span, in its document."""
    start, end = int(span["start"]), int(span["end"])
    return [
        found
        for found in reading.appearances
        if found.document == span["document"] and found.sentence.start < end and start < found.sentence.end
    ]


def score_rows(
    reading: Reading, facts: dict[str, Row], spans: dict[str, Row], case: Case, verbose: bool
) -> float:
    """How many of the fourteen rows are right in everything."""
    right = 0
    for name in ROWS:
        tries = [
            fits(found, facts[name], case)
            for found in on_sentence(reading, spans[name])
            if found.number is not None
        ]
        best = max(tries, key=lambda parts: sum(parts.values()), default={"found": False})
        right += all(best.values())
        if not all(best.values()) and verbose:
            print(f"  {name}: wrong in {', '.join(part for part, good in best.items() if not good)}")
    return float(right)


def score_precision(reading: Reading, facts: dict[str, Row], spans: dict[str, Row], verbose: bool) -> float:
    """The share of numeric appearances that give back the number of a row on the same sentence."""
    good = total = 0
    for found in reading.appearances:
        if found.number is None:
            continue
        total += 1
        names = [
            name
            for name, span in spans.items()
            if span["document"] == found.document
            and int(span["start"]) <= found.sentence.start < int(span["end"])
        ]
        rows = [facts[name] for name in names if facts[name]["value"] or facts[name]["low"]]
        right = any(
            same_number(found, row)
            and found.comparison == row["comparison"]
            and found.quantity == row["quantity"]
            for row in rows
        )
        good += right
        if not right and verbose:
            print(
                f"  not in the table: {found.number.surface!r} as {found.quantity or 'unclassified'} in "
                f"{found.sentence.quote[:80]!r}"
            )
    return good / total if total else 0.0


def score_sentences(
    reading: Reading, facts: dict[str, Row], spans: dict[str, Row], case: Case, verbose: bool
) -> dict[str, float]:
    """Speaker, cue and role over the 88 coded sentences."""
    right = {"speaker": 0, "cue": 0, "role": 0}
    cues = 0
    for name, span in spans.items():
        row = facts[name]
        found = _meant(on_sentence(reading, span), row)
        speaker = any(same_speaker(item, row, case) for item in found)
        role = any(item.role == span["role"] for item in found)
        right["speaker"] += speaker
        right["role"] += role
        missed = [] if speaker else [f"speaker {row['speaker']} / {[i.speakers[-1].name for i in found]}"]
        missed += [] if role else [f"role {span['role']} / {[i.role for i in found]}"]
        if span["cue"]:
            cues += 1
            hedged = {part for item in found for part in item.hedge.casefold().split("; ")}
            cue = all(
                any(part in one or (one and one in part) for one in hedged)
                for part in span["cue"].casefold().split("; ")
            )
            right["cue"] += cue
            missed += [] if cue else [f"cue {span['cue']} / {sorted(hedged)}"]
        if missed and verbose:
            print(f"  {name}: {'; '.join(missed)}")
    return {
        "speaker": right["speaker"] / len(spans),
        "cue": right["cue"] / cues,
        "role": right["role"] / len(spans),
    }


def _meant(found: list[Appearance], row: Row) -> list[Appearance]:
    """The appearances that are about the row's quantity or proposition; all of them where none is."""
    about = [
        item
        for item in found
        if (row["proposition"] and item.proposition == row["proposition"])
        or (not row["proposition"] and item.quantity == row["quantity"])
    ]
    return about or found


def score_paraphrases(rows: list[Row], verbose: bool) -> dict[str, float]:
    """Value and comparison of the paraphrases that state both."""
    values = comparisons = total = 0
    for row in rows:
        if row.get("readable") != "1":
            continue
        total += 1
        close = [found for found in quantities(row["paraphrase"]) if _states(found, row)]
        values += bool(close)
        compared = any(found.comparison == row["comparison"] for found in close)
        comparisons += compared
        if not compared and verbose:
            print(f"  {row['id']}: {row['comparison']} {row['value']} in {row['paraphrase']!r}")
    return {"values": values / total, "comparisons": comparisons / total}


def _states(found: Quantified, row: Row) -> bool:
    factor = 0.01 if found.unit.startswith("percent") else 1.0
    if row["value"]:
        wanted = float(row["value"])
        if found.value is None:
            return (
                found.low is not None
                and found.vague
                and found.low * factor <= wanted <= (found.high or 0.0) * factor
            )
        return abs(found.value * factor - wanted) <= 1e-3 * max(1.0, abs(wanted))
    if found.low is None or found.high is None:
        return False
    return abs(found.low * factor - float(row["low"])) < 1e-6 * float(row["low"]) and abs(
        found.high * factor - float(row["high"])
    ) < 1e-6 * float(row["high"])


def scores(shared: Path, *, verbose: bool = False) -> dict[str, float]:
    """All figures by name."""
    case = load_case("dprk-russia")
    facts = {row["id"]: row for row in table(shared / "facts" / "facts_seeds.csv")}
    spans = {row["id"]: row for row in table(shared / "facts" / "seed_spans.csv")}
    reading = read(sorted((shared / "seeds").glob("*.txt")), case)
    found = {"rows": score_rows(reading, facts, spans, case, verbose)}
    found["precision"] = score_precision(reading, facts, spans, verbose)
    found |= score_sentences(reading, facts, spans, case, verbose)
    return found | score_paraphrases(table(shared / "facts" / "facts_2022_2025.csv"), verbose)


def main() -> int:
    """Print the table; 1 if a target is missed."""
    verbose = "-v" in sys.argv
    given = [argument for argument in sys.argv[1:] if not argument.startswith("-")]
    shared = Path(given[0]) if given else Path(__file__).resolve().parents[2] / "shared"
    found = scores(shared, verbose=verbose)
    print(f"{'figure':<14}{'found':>8}{'target':>8}")
    for name, target in TARGETS.items():
        mark = "" if found[name] >= target else "  missed"
        print(f"{name:<14}{found[name]:>8.3g}{target:>8.3g}{mark}")
    return int(any(found[name] < target for name, target in TARGETS.items()))


if __name__ == "__main__":
    raise SystemExit(main())
