from __future__ import annotations

from dataclasses import replace
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st
from tests.claims.factory import ROW, make_case, make_claim, make_proposition, write_table

from quidproquo.claims import CLAIM_COLUMNS, check_claims, load_claims, load_links, write_claims
from quidproquo.claims.origins import ORIGIN_AS_STATED
from quidproquo.terms.errors import ClaimError

CASE = make_case()
PROPOSITION = {
    "id": "P1", "role": "assessment", "quantity": "treaty", "proposition": "treaty_signed",
    "comparison": "proposition_true", "event": "2024", "published": "2025-02", "speaker": "A. Scholar",
    "hedge": "very likely", "verification": "unverified",
}  # fmt: skip


def test_a_row_becomes_a_claim(tmp_path: Path) -> None:
    row = ROW | {
        "origin": "Trade Ministry",
        "hedge": "probably",
        "page": "7",
        "state": "proposed",
        "credibility": "3",
    }
    (claim,) = load_claims(write_table(tmp_path / "claims.csv", row), CASE)
    assert (claim.value, claim.unit, claim.comparison) == (18000.0, "crates", "more_than")
    assert (claim.origin, claim.family, claim.reliability) == ("Ministry of Trade", "Freedonia", "B")
    assert (claim.state, claim.credibility, claim.likelihood) == ("proposed", 3, (0.55, 0.80))
    assert claim.extra == {"page": "7", ORIGIN_AS_STATED: "Trade Ministry"}


def test_what_isnt_stated_is_the_cautious_reading(tmp_path: Path) -> None:
    (claim,) = load_claims(write_table(tmp_path / "claims.csv", ROW), CASE)
    assert (claim.state, claim.credibility, claim.likelihood, claim.derived) == ("accepted", 6, None, False)


@pytest.mark.parametrize(
    ("speaker", "origin", "found"),
    [
        ("Ministry of Trade", "", ("Ministry of Trade", "Freedonia", "B")),
        ("A. Scholar", "Gazette", ("Daily Gazette", "press", "C")),
        ("Border Office", "lorry counts", ("Border Office", "Sylvania", "C")),
        ("A. Scholar", "old ledgers", ("old ledgers", "old ledgers", "F")),
        ("A. Scholar", "", ("A. Scholar", "A. Scholar", "F")),
        ("A. Scholar", "own analysis", ("A. Scholar", "A. Scholar", "F")),
        ("Border Office", "derived: 3 x 5", ("Border Office", "Sylvania", "C")),
    ],
)
def test_origin_family_and_letter(tmp_path: Path, speaker: str, origin: str, found: tuple[str, ...]) -> None:
    table = write_table(tmp_path / "claims.csv", ROW | {"speaker": speaker, "origin": origin})
    (claim,) = load_claims(table, CASE)
    assert (claim.origin, claim.family, claim.reliability) == found


def test_derived_rows_are_marked(tmp_path: Path) -> None:
    (claim,) = load_claims(write_table(tmp_path / "claims.csv", ROW | {"verification": "derived"}), CASE)
    assert claim.derived


RANGE = {"comparison": "between", "value": ""}
BAD = [
    ({"id": ""}, r"claims\.csv: row 1: id is '', but it must be a name that no other row has"),
    ({"role": "guess"}, r"claim 'C1': role is 'guess', but it must be one of observation"),
    ({"quantity": "crate_sent"}, r"'crate_sent'.*vocabulary of case 'freedonia'; did you mean 'crates_sent'\?"),
    ({"quantity": "zzz"}, "declare it in the case or correct it"),
    ({"quantity": ""}, "quantity is '', but it must be a quantity in the vocabulary"),
    ({"quantity": "treaty"}, "'treaty' is an event; name the proposition"),
    ({"proposition": "treaty_singed"}, r"proposition of case 'freedonia'; did you mean 'treaty_signed'\?"),
    ({"proposition": "treaty_signed"}, "quantity is 'crates_sent', but it must be a quantity of kind event"),
    ({"comparison": "over"}, "comparison is 'over', but it must be one of eq, about"),
    ({"comparison": "proposition_true"}, "comparison is 'proposition_true', but it must be one of eq"),
    ({"near": "yes"}, "near is 'yes', but it must be 'true' or empty"),
    ({"value": ""}, "value is '', but it must be a number beside the comparison more_than"),
    ({"value": "18,000"}, "write digits with a decimal point and no separators"),
    ({"value": "18_000"}, "write digits with a decimal point and no separators"),
    ({"value": "nan"}, "value is 'nan', but it must be 0 or more, the range of unit 'crates'"),
    ({"value": "-3"}, "value is '-3', but it must be 0 or more"),
    ({"low": "3"}, "low is '3', but it must be empty beside the comparison more_than"),
    ({"comparison": "between"}, "value is '18000', but it must be empty beside the comparison between"),
    ({"comparison": "between", "value": "", "low": "5"}, "high is '', but it must be a number"),
    (RANGE | {"low": "5", "high": "3"}, "low is '5', but it must be no more than high, 3"),
    (RANGE | {"low": "1", "high": "3", "near": "true"}, "near is 'true', but it must be empty"),
    ({"unit": "boxes"}, "unit is 'boxes', but it must be 'crates', the unit of quantity 'crates_sent'"),
    ({"quantity": "faulty_share", "unit": "fraction", "value": "40"}, "from 0 to 1, the range of unit 'fraction'"),
    ({"event": "24/10/2024"}, "event is '24/10/2024', but it must be an EDTF date"),
    ({"event": "2024-02-30"}, "event is '2024-02-30', but it must be an EDTF date"),
    ({"published": "May 2024"}, "published is 'May 2024', but it must be an EDTF date"),
    ({"since": "2024-11"}, "since is '2024-11', but it must be no later than the event date, 2024-10-24"),
    ({"speaker": ""}, "speaker is '', but it must be a name"),
    ({"verification": "sure"}, "verification is 'sure', but it must be one of seed_text"),
    ({"state": "accept"}, r"state is 'accept'.*did you mean 'accepted'\?"),
    ({"credibility": "0"}, "credibility is '0', but it must be a whole number from 1 to 6"),
    ({"credibility": "2.5"}, "credibility is '2.5'"),
]  # fmt: skip


@pytest.mark.parametrize(("change", "message"), BAD)
def test_a_broken_row_is_one_sentence(tmp_path: Path, change: dict[str, str], message: str) -> None:
    with pytest.raises(ClaimError, match=message) as caught:
        load_claims(write_table(tmp_path / "claims.csv", ROW | change), CASE)
    assert "\n" not in str(caught.value)
    assert str(caught.value).startswith("claims.csv: ")


@pytest.mark.parametrize("column", ["value", "low", "unit", "qualifier", "near"])
def test_a_proposition_has_no_numbers(tmp_path: Path, column: str) -> None:
    table = write_table(tmp_path / "claims.csv", PROPOSITION | {column: "true" if column == "near" else "1"})
    with pytest.raises(ClaimError, match=f"claim 'P1': {column} is .* empty in a row with a proposition"):
        load_claims(table, CASE)


def test_a_proposition_may_lack_a_topic(tmp_path: Path) -> None:
    (claim,) = load_claims(write_table(tmp_path / "claims.csv", PROPOSITION | {"quantity": ""}), CASE)
    assert (claim.quantity, claim.proposition, claim.likelihood) == ("", "treaty_signed", (0.80, 0.95))


def test_ids_are_unique(tmp_path: Path) -> None:
    with pytest.raises(
        ClaimError, match="claim 'C1': id is 'C1', but it must be a name that no other row has"
    ):
        load_claims(write_table(tmp_path / "claims.csv", ROW, ROW), CASE)


HEADER = ",".join(CLAIM_COLUMNS)


@pytest.mark.parametrize(
    ("data", "message"),
    [
        (b"", "claim table 'claims.csv': content is 'empty'"),
        (b"\n\n", "content is 'empty'"),
        (
            b"id,role\n",
            "missing column is 'quantity', but it must be named in the header line; add it; 19 more are missing",
        ),
        (
            HEADER.replace("speaker", "Speaker").encode(),
            "missing column is 'speaker', but it must be named in the header line; rename the column 'Speaker'",
        ),
        (
            HEADER.replace("published", "publshed").encode(),
            "missing column is 'published', .*; rename the column 'publshed'",
        ),
        (
            HEADER.replace(",", ";").encode(),
            "delimiter is ';', but it must be a comma; export the table again with commas between the columns",
        ),
        (HEADER.replace(",", "\t").encode(), r"delimiter is '\\t', but it must be a comma"),
        (
            HEADER.encode() + b",note\n",
            "header is 'note', but it must be a header that names each column once",
        ),
        (
            HEADER.encode() + b"\nC1,observation\n",
            r"number of fields is '2 in row 1 \(line 2\)', but it must be 22",
        ),
        (
            HEADER.encode() + b"\nC1,caf\xe9\n",
            "encoding is 'byte 0xe9 at position .*save the table as 'CSV UTF-8'",
        ),
        (HEADER.encode() + b'\n"C1,observation\n', "content is 'malformed at line 2"),
        (HEADER.encode() + b'\n"' + b"x" * 200_000 + b'"\n', "or shorten its text"),
        (HEADER.encode() + b"\nC1,\x00\n", "claim table 'claims.csv': "),
    ],
)
def test_a_file_that_is_no_table(tmp_path: Path, data: bytes, message: str) -> None:
    path = tmp_path / "claims.csv"
    path.write_bytes(data)
    with pytest.raises(ClaimError, match=message):
        load_claims(path, CASE)


def test_a_missing_file(tmp_path: Path) -> None:
    with pytest.raises(ClaimError, match=r"claim table 'none\.csv': file is 'no such file or directory'"):
        load_claims(tmp_path / "none.csv", CASE)


def test_a_header_alone_holds_no_claims(tmp_path: Path) -> None:
    assert load_claims(write_table(tmp_path / "claims.csv"), CASE) == []


def test_a_byte_order_mark_and_crlf_are_read(tmp_path: Path) -> None:
    path = write_table(tmp_path / "claims.csv", ROW)
    plain = load_claims(path, CASE)
    path.write_bytes(b"\xef\xbb\xbf" + path.read_bytes().replace(b"\n", b"\r\n"))
    assert load_claims(path, CASE) == plain


def test_checking_gathers_one_problem_a_row(tmp_path: Path) -> None:
    rows = [ROW, ROW | {"id": "C2", "unit": "boxes"}, ROW | {"id": "C3"}, ROW | {"id": "C4", "role": ""}]
    claims, problems = check_claims(write_table(tmp_path / "claims.csv", *rows), CASE)
    assert [claim.id for claim in claims] == ["C1", "C3"]
    assert [str(problem).split("'")[1] for problem in problems] == ["C2", "C4"]


@given(data=st.binary(max_size=400))
def test_any_bytes_give_claims_or_one_sentence(data: bytes, tmp_path_factory: pytest.TempPathFactory) -> None:
    path = tmp_path_factory.mktemp("fuzz") / "claims.csv"
    path.write_bytes(HEADER.encode() + b"\n" + data)
    claims, problems = [], []
    try:
        claims, problems = check_claims(path, CASE)
    except ClaimError as error:
        problems = [error]
    assert not claims
    assert all(str(problem).endswith(".") for problem in problems)


# ------------------------------------------------------------------ writing


NUMBER = st.floats(0, 1e15) | st.integers(0, 10**15).map(float)
TEXT = st.text(
    st.characters(
        codec="utf-8", exclude_characters="\x00\r", exclude_categories=("Cs", "Zs", "Cc", "Zl", "Zp")
    )
)


@given(
    value=NUMBER, near=st.booleans(), note=TEXT, page=TEXT,
    comparison=st.sampled_from(["eq", "about", "at_least", "less_than"]),
    since=st.sampled_from(["", "2022", "2023-05"]), state=st.sampled_from(["proposed", "accepted", "rejected"]),
    credibility=st.integers(1, 6),
)  # fmt: skip
def test_a_written_table_reads_back(tmp_path_factory: pytest.TempPathFactory, **changes: object) -> None:
    page = changes.pop("page")
    claim = make_claim(**changes, extra={"page": page} if page else {})  # type: ignore[arg-type]
    ranged = make_claim("C2", comparison="between", value=None, low=1.5, high=2e6, origin="old ledgers",
                        family="old ledgers", reliability="F", speaker="A. Scholar")  # fmt: skip
    path = tmp_path_factory.mktemp("write") / "claims.csv"
    claims = [claim, ranged, make_proposition(likelihood=(0.55, 0.8), hedge="likely")]
    write_claims(claims, path)
    assert load_claims(path, CASE) == claims


def test_writing_keeps_the_tables_own_words_for_an_origin(tmp_path: Path) -> None:
    rows = [
        ROW | {"origin": "the ministry"},
        ROW | {"id": "C2", "origin": "lorry counts", "speaker": "Border Office"},
    ]
    claims = load_claims(write_table(tmp_path / "in.csv", *rows), CASE)
    write_claims(claims, tmp_path / "out.csv")
    assert load_claims(tmp_path / "out.csv", CASE) == claims
    assert "the ministry" in (tmp_path / "out.csv").read_text(encoding="utf-8")
    assert ORIGIN_AS_STATED not in (tmp_path / "out.csv").read_text(encoding="utf-8")


def test_appearances_arent_part_of_a_table(tmp_path: Path) -> None:
    claim = make_claim()
    write_claims([replace(claim, appearances=())], tmp_path / "a.csv")
    assert load_claims(tmp_path / "a.csv", CASE) == [claim]


# ------------------------------------------------------------------ links


def test_links_name_pairs_and_products(tmp_path: Path) -> None:
    path = tmp_path / "links.csv"
    path.write_text(
        "a,relation,b\nC3,derived_from,C1 x C2\nC1,relays,C2\nC1,relays,C2\nC9,corroborates,C1\n",
        encoding="utf-8",
    )
    links = load_links(path, [make_claim("C1"), make_claim("C2"), make_claim("C3")])
    assert [(link.a, link.relation, link.b) for link in links] == [
        ("C3", "derived_from", "C1"),
        ("C3", "derived_from", "C2"),
        ("C1", "relays", "C2"),
        ("C9", "corroborates", "C1"),
    ]


@pytest.mark.parametrize(
    ("row", "message"),
    [
        ("C1,contradict,C2", r"links.csv: row 1: relation is 'contradict'.*did you mean 'contradicts'\?"),
        (",relays,C2", "a is '', but it must be the id of a claim"),
        ("C1,relays,", "b is '', but it must be the id of a claim"),
        ("C1,relays,C1", "b is 'C1', but it must be another claim than a"),
    ],
)
def test_a_broken_link_is_one_sentence(tmp_path: Path, row: str, message: str) -> None:
    path = tmp_path / "links.csv"
    path.write_text(f"a,relation,b\n{row}\n", encoding="utf-8")
    with pytest.raises(ClaimError, match=message):
        load_links(path, [])
