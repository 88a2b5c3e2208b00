from __future__ import annotations

from datetime import date
from pathlib import Path

import pytest

from quidproquo.cases import Case, check_case, copy_case, list_cases, load_case
from quidproquo.cases.sections import formula_names
from quidproquo.terms.errors import CaseError


def test_every_field_of_the_small_case_arrives(small: Path) -> None:
    case = load_case(small)
    assert (case.name, case.title, case.delta) == ("small", "Crates for credit", 0.01)
    assert (case.start, case.decision_date, case.horizon) == (
        date(2020, 1, 1),
        date(2021, 6, 30),
        date(2022, 12, 31),
    )
    assert case.actors["freedonia"].aliases == ("Freedonian",)
    crates = case.quantities["crates_delivered"]
    assert crates.observes == {"": "crates.delivered", "capacity": "crates.capacity"}
    assert (crates.low, crates.high, crates.report) == (1.0, 1e6, True)
    assert not case.quantities["approval"].report
    assert list(case.propositions) == ["freedonia_gives", "talk_helps"]
    assert case.options["talk"].cost == {"money": 3.0}
    assert case.metrics["flow"].observable == "crates.delivered@gain"
    assert case.topics["T1"].quantities == ("crates_delivered", "motive")
    assert case.ledger[0].stage == "sent"
    assert [item.name for item in case.checks["double"].inputs] == ["crates", "spare"]
    assert [state.prior for state in case.hypotheses["reason"].states] == [0.6, 0.4]
    assert [(use.mechanism, use.name) for use in case.mechanisms] == [("war", "war"), ("flow", "crates")]
    assert case.mechanisms[1].settings == {"packed": True, "goods": ["a", "b"]}
    assert case.lexicon[0].near == (("sent", "deliver*"), ("@freedonia",))
    assert case.lexicon[1].polarity == "proposition_true"


def test_priors_keep_dates_and_earlier_forms(small: Path) -> None:
    priors = load_case(small).priors
    assert priors["war.end_rate"].before == (0.05, 2.0)
    assert priors["war.end_rate"].known_by == date(2021, 1, 1)
    assert priors["crates.share"].set_from == ("F2",)
    assert priors["crates.start"].low == date(2020, 2, 1).toordinal()


def test_a_source_is_found_by_name_and_alias_in_any_case(small: Path) -> None:
    case = load_case(small)
    assert case.source_of(" the gazette ") is case.sources["Freedonia Gazette"]
    assert case.source_of("own analysis") is None


def test_a_proposition_tells_how_far_it_speaks_to_each_answer(spoil) -> None:
    old = 'about = "option:talk"'
    table = "{ reason = { money = [0.6, 0.9], honour = [0.2, 0.9] } }"
    folder = spoil("more.toml", old, f'{old}\nlasting = true\nbears = {table}\nreason = "talk is cheap"')
    said = load_case(folder).propositions["talk_helps"]
    (bearing,) = said.bears
    assert (said.lasting, said.observes, bearing.hypothesis) == (True, "", "reason")
    assert bearing.chances == {"money": (0.6, 0.9), "honour": (0.2, 0.9)}
    assert bearing.reason == "talk is cheap"
    assert load_case(folder).propositions["freedonia_gives"].bears == ()


def test_a_person_speaks_under_several_offices(spoil) -> None:
    old = 'reason = "Counts, but late."'
    offices = '["Port authority", "Freedonia Gazette"]'
    person = f'[[person]]\nname = "Ann Low"\nreason = "two posts"\noffices = {offices}\naliases = ["Low"]'
    case = load_case(spoil("sources.toml", old, f"{old}\n{person}"))
    assert case.people["Ann Low"].offices == ("Port authority", "Freedonia Gazette")
    for name in ("ann low", "Ann Low (editor)", "LOW", "Low (port authority)"):
        assert case.person_of(name) is case.people["Ann Low"]
    for name in ("Ann", "Ann Lowe", "Low and others", "(Ann Low)", ""):
        assert case.person_of(name) is None


def test_a_bare_text_observes_the_plain_quantity(spoil) -> None:
    folder = spoil(
        "case.toml",
        '{ "" = "crates.delivered", capacity = "crates.capacity" }',
        '"crates.delivered"',
    )
    assert load_case(folder).quantities["crates_delivered"].observes == {"": "crates.delivered"}


def test_the_small_case_has_no_problem(small: Path) -> None:
    assert check_case(small) == []
    assert check_case(load_case(small)) == []


def test_shipped_cases_are_listed_and_load() -> None:
    names = [summary.name for summary in list_cases()]
    assert "dprk-russia" in names
    assert names == sorted(names)
    for summary in list_cases():
        case = load_case(summary.name)
        assert isinstance(case, Case)
        assert (case.name, case.title) == (summary.name, summary.title)
        assert check_case(case) == []


def test_a_copy_is_the_same_case_and_writable(tmp_path: Path) -> None:
    target = copy_case("dprk-russia", tmp_path / "mine")
    mine, shipped = load_case(target), load_case("dprk-russia")
    assert (mine.quantities, mine.priors, mine.lexicon) == (
        shipped.quantities,
        shipped.priors,
        shipped.lexicon,
    )
    assert sorted(path.name for path in (target / "documents").iterdir()) == sorted(
        path.name for path in (shipped.folder / "documents").iterdir()
    )
    (target / "claims.csv").write_text("id\n", encoding="utf-8")
    with (target / "documents" / "new.md").open("x", encoding="utf-8"):
        pass


def test_a_copy_fills_an_empty_folder_but_no_other(small: Path, tmp_path: Path) -> None:
    (tmp_path / "empty").mkdir()
    assert load_case(copy_case(small, tmp_path / "empty")).title == "Crates for credit"
    for target in (small, small / "case.toml"):
        with pytest.raises(
            CaseError, match=r"copy of a case: folder is '.*', but it must be a new or empty folder"
        ):
            copy_case("dprk-russia", target)


def test_a_name_that_is_no_case_is_refused_with_the_shipped_names(tmp_path: Path) -> None:
    with pytest.raises(CaseError, match=r"case: name is 'nowhere'.*shipped cases.*'qpq cases list'"):
        load_case("nowhere")
    with pytest.raises(CaseError, match=r"case\.toml is 'missing'"):
        load_case(tmp_path)


@pytest.mark.parametrize(
    ("formula", "names"),
    [
        ("12 * income / exports", {"income", "exports"}),
        ("-(a + b) / 2.5", {"a", "b"}),
        ("a ** 2", None),
        ("f(a)", None),
        ("a.b", None),
        ("a if b else c", None),
        ("True * a", None),
        ("'x' + a", None),
        ("a +", None),
    ],
)
def test_a_formula_is_plain_arithmetic(formula: str, names: set[str] | None) -> None:
    assert formula_names(formula) == names
