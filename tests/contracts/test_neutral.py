"""Engine and case are apart: no country, city, weapon or quantity is named outside a case's folder."""

from __future__ import annotations

import re
from pathlib import Path

import pytest

from quidproquo.cases import list_cases, load_case

PACKAGE = Path(__file__).parents[2] / "src" / "quidproquo"
CASE_FOLDERS = {path.parent for path in (PACKAGE / "cases").glob("*/case.toml")}

COUNTRIES = """
    afghanistan australia austria belarus belgium brazil britain british bulgaria canada china chinese cuba
    czechia denmark dprk egypt england european finland france french germany german greece hungary india
    indian indonesia iran iranian iraq israel israeli italy japan japanese kazakhstan korea korean koreas
    laos libya malaysia mexico mongolia myanmar netherlands norway pakistan philippines poland polish
    portugal romania rok russia russian russians serbia singapore spain sweden swiss switzerland syria
    taiwan thailand turkey ukraine ukrainian ukrainians venezuela vietnam vietnamese yemen america american
    americans
""".split()
CITIES = """
    beijing berlin brussels hanoi havana kursk kyiv kiev london moscow paris pyongyang saigon seoul tehran
    tokyo vladivostok vostochny washington
""".split()
WEAPONS = """
    ammunition artillery ballistic bomb bombs drone drones grenade gun guns howitzer howitzers hwasong icbm
    iskander kn-23 kn-24 missile missiles mortar mortars munition munitions nuclear rifle rifles rocket
    rockets satellite satellites shell shells submarine submarines tank tanks torpedo uranium warhead
    warheads
""".split()

# Titles of publications and institutions that a mechanism's source may name.
CITED = (
    "American Economic Review",
    "American Journal of Political Science",
    "American Political Science Review",
    "NATO AJP-2.1",
    "Security Council voting record",
)
# Languages by their codes: a document in one of them is told by its name.
LANGUAGE = r'"[a-z]{2}": "[A-Z][a-z]+"'


def word(text: str) -> str:
    return rf"(?<![\w-]){re.escape(text)}(?![\w-])"


THINK_TANK = r"think[ -]tank"
SPARED = re.compile(
    "|".join([LANGUAGE, THINK_TANK, *(re.escape(title).replace(r"\ ", r"\s+") for title in CITED)])
)
FORBIDDEN = re.compile("|".join(word(text) for text in (*COUNTRIES, *CITIES, *WEAPONS)), re.IGNORECASE)


def named_in(text: str, pattern: re.Pattern[str]) -> list[str]:
    text = SPARED.sub(lambda spared: re.sub(r"\S", "·", spared.group()), text)
    return [
        f"line {number}: {found.group()}"
        for number, line in enumerate(text.splitlines(), start=1)
        for found in pattern.finditer(line)
    ]


def engine_files() -> list[Path]:
    return [
        path
        for path in sorted(PACKAGE.rglob("*"))
        if path.suffix in {".py", ".j2", ".toml", ".css", ".js", ".json"}
        and not CASE_FOLDERS & set(path.parents)
    ]


def names_of_cases() -> re.Pattern[str]:
    """Ids of quantities, and names of actors with their aliases (but "US", "UN"), of all shipped cases."""
    words: set[str] = set()
    for name in list_cases():
        case = load_case(name.name)
        words |= set(case.quantities)
        for actor in case.actors.values():
            words |= {text for text in (actor.name, *actor.aliases) if len(text) > 2}
    return re.compile("|".join(word(text) for text in sorted(words)))


@pytest.mark.parametrize("path", engine_files(), ids=lambda path: path.relative_to(PACKAGE).as_posix())
def test_engine_names_no_country_city_or_weapon(path: Path) -> None:
    assert named_in(path.read_text(encoding="utf-8"), FORBIDDEN) == []


def test_engine_names_nothing_of_a_case() -> None:
    pattern = names_of_cases()
    found = {
        path.relative_to(PACKAGE).as_posix(): named_in(path.read_text(encoding="utf-8"), pattern)
        for path in engine_files()
    }
    assert {name: lines for name, lines in found.items() if lines} == {}


def test_a_name_is_seen() -> None:
    assert named_in("x = 1\n# shells from Freedonia", FORBIDDEN) == ["line 2: shells"]
    assert named_in("as in *American\n    Economic Review*, on shells", FORBIDDEN) == ["line 2: shells"]
    assert named_in("nutshell, shell_count, mini-tank", FORBIDDEN) == []
    assert named_in("a think tank's tank", FORBIDDEN) == ["line 1: tank"]
