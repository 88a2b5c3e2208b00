"""Files made to harm end with a status and one sentence; `benchmarks/hostile_files.py` measures what they take."""

from __future__ import annotations

from pathlib import Path

import pytest
from tests.reading.documents.hostile import HOSTILE, SOUND

from quidproquo.reading import load

HARMLESS = {"sheet_with_far_cells", "feed_with_entities", "pdf_whose_pages_loop"}
"""Files in which the limits leave nothing to refuse: what little they hold is read."""
CUT = {
    "page_of_many_tables",
    "page_of_wide_cells",
    "word_of_endless_table",
    "open_sheet_repeated",
    "table_of_endless_rows",
}
"""Files of which a part is read."""
MOST_TEXT = 8_000_000


@pytest.mark.parametrize(
    "what", [pytest.param(what, marks=pytest.mark.slow) if what in CUT else what for what in HOSTILE]
)
def test_a_file_made_to_harm_ends_with_a_sentence(what: str, tmp_path: Path) -> None:
    name, maker = HOSTILE[what]
    (tmp_path / name).write_bytes(maker())
    loaded = load([tmp_path / name])
    [document] = loaded.documents
    text = loaded.snapshots[document.snapshot].text
    assert len(text) < MOST_TEXT
    if document.status == "read":
        assert what in HARMLESS or what.startswith("changed ")
        return
    assert document.status == ("partly read" if what in CUT else document.status)
    assert document.status in {"unreadable", "empty", "partly read"}
    assert document.reason.startswith(f"document '{name}'")
    assert document.reason.endswith(".")
    assert document.reason.count("\n") == 0
    assert (text == "") == (document.status != "partly read")


@pytest.mark.parametrize("name", SOUND)
def test_what_is_cut_or_changed_was_sound(name: str, tmp_path: Path) -> None:
    (tmp_path / name).write_bytes(SOUND[name])
    [document] = load([tmp_path / name]).documents
    assert document.status == "read"
