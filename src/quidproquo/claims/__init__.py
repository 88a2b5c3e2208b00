"""Claims: the record, loading and writing tables, merging what was read, links, and what conditions.

Load       load_claims, load_links, check_claims; write_claims
Judge      see `quidproquo.claims.journal`
Join       attach, merge
Compare    conflicts, circular, superseded, independent_origins, claims_for_quantity, reach, sources_of
Hand over  evidence_table, unused_counts; evaluate (checks); ages (of the newest claims)
Show       claim_rows, claim_details, claim_counts
"""

from __future__ import annotations

from quidproquo.claims.ages import Age, ages
from quidproquo.claims.checks import CheckedInput, CheckResult, evaluate
from quidproquo.claims.linking import (
    Circular,
    Conflict,
    circular,
    claims_for_quantity,
    conflicts,
    independent_origins,
    reach,
    superseded,
)
from quidproquo.claims.listing import LIST_COLUMNS, claim_counts, claim_details, claim_rows
from quidproquo.claims.load import CLAIM_COLUMNS, check_claims, load_claims, load_links
from quidproquo.claims.merge import MergeResult, attach, merge
from quidproquo.claims.origins import sources_of
from quidproquo.claims.record import Claim, Link
from quidproquo.claims.selection import (
    UNUSED_REASONS,
    evidence_table,
    judged_table,
    rests_on,
    unused_counts,
)
from quidproquo.claims.table import EvidenceTable, Unused
from quidproquo.claims.tables import TABLE_VERSION
from quidproquo.claims.write import write_claims

__all__ = [
    "CLAIM_COLUMNS",
    "LIST_COLUMNS",
    "TABLE_VERSION",
    "UNUSED_REASONS",
    "Age",
    "CheckResult",
    "CheckedInput",
    "Circular",
    "Claim",
    "Conflict",
    "EvidenceTable",
    "Link",
    "MergeResult",
    "Unused",
    "ages",
    "attach",
    "check_claims",
    "circular",
    "claim_counts",
    "claim_details",
    "claim_rows",
    "claims_for_quantity",
    "conflicts",
    "evaluate",
    "evidence_table",
    "independent_origins",
    "judged_table",
    "load_claims",
    "load_links",
    "merge",
    "reach",
    "rests_on",
    "sources_of",
    "superseded",
    "unused_counts",
    "write_claims",
]
