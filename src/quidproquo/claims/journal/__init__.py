"""The journal of a case: every judgement on a claim or a link, one line each, never changed afterwards.

Read       read_present (what the tables and the journal say together)
Judge      CaseJournal, Draft
Merge      lines_to_merge
"""

from __future__ import annotations

from quidproquo.claims.journal.folder import JOURNAL, CaseJournal
from quidproquo.claims.journal.lines import open_alone, replace_file
from quidproquo.claims.journal.merging import lines_to_merge
from quidproquo.claims.journal.present import Present, read_present
from quidproquo.claims.journal.record import Act, Cells, Draft, Judgement, Subject
from quidproquo.claims.journal.replay import Dispute, dispute_sentence

__all__ = [
    "JOURNAL",
    "Act",
    "CaseJournal",
    "Cells",
    "Dispute",
    "Draft",
    "Judgement",
    "Present",
    "Subject",
    "dispute_sentence",
    "lines_to_merge",
    "open_alone",
    "read_present",
    "replace_file",
]
