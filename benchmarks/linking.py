"""How many of the coded links are proposed: `python benchmarks/linking.py FOLDER [--blank]`.

FOLDER holds facts_seeds.csv, facts_2022_2025.csv and links.csv. With `--blank`, origin, note and verification are
emptied first, so that nothing but the claims themselves suggests a link.

Targets, blanked: derived_from and relays together with precision 0.9 and recall 0.7, contradicts with
precision 0.7 and recall 0.8.
"""

from __future__ import annotations

import csv
import sys
from pathlib import Path

from quidproquo.cases import load_case
from quidproquo.cases.csv_rows import Row
from quidproquo.claims.load import claims_of_rows
from quidproquo.claims.proposals import propose_links

TABLES = ("facts_seeds.csv", "facts_2022_2025.csv")
EMPTIED = {"origin": "", "note": "", "verification": "unverified"}


def main() -> None:
    """Print precision and recall by relation."""
    folder = Path(sys.argv[1])
    rows = []
    for name in TABLES:
        with (folder / name).open(encoding="utf-8", newline="") as file:
            rows += list(csv.DictReader(file))
    if "--blank" in sys.argv:
        rows = [row | EMPTIED for row in rows]
    case = load_case("dprk-russia")
    claims = claims_of_rows([Row(number, row) for number, row in enumerate(rows, start=1)], case)
    coded: dict[str, set[frozenset[str]]] = {}
    with (folder / "links.csv").open(encoding="utf-8", newline="") as file:
        for row in csv.DictReader(file):
            for end in row["b"].split(" x "):
                coded.setdefault(row["relation"], set()).add(frozenset((row["a"], end.strip())))
    proposals = propose_links(claims, (), case)
    no_witness = ("derived_from", "relays")
    wanted = [(" + ".join(no_witness), no_witness), *((relation, (relation,)) for relation in sorted(coded))]
    for title, relations in wanted:
        links = set().union(*(coded[relation] for relation in relations))
        found = {frozenset((p.link.a, p.link.b)) for p in proposals if p.link.relation in relations}
        hits = len(found & links)
        precision = f"{hits / len(found):.2f}" if found else "-"
        print(f"{title:<21} {len(links):>3} coded {len(found):>3} proposed {hits:>3} found"
              f"  precision {precision}  recall {hits / len(links):.2f}")  # fmt: skip


if __name__ == "__main__":
    main()
