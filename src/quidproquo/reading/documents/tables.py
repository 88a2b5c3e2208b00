"""Tables as sentences: every figure with what its row and its column say of it.

The heads "Year, Crates shipped, Workers" and the row "2024, 20,000, 9,000,000" become
"2024; 20,000 Crates shipped; 9,000,000 Workers." Where the columns are dates, the row says what is counted:
"20,000 Crates shipped in 2024". A column of sources gives the speaker: "…, according to the port".
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from functools import lru_cache

__all__ = ["has_figures", "is_figure", "table_lines"]

_MONTH = r"(?:jan|feb|mar|apr|may|jun|jul|aug|sep|sept|oct|nov|dec)[a-z]*\.?"
_YEAR = r"(?:1[89]|20)\d\d"
_DATE = re.compile(
    rf"(?:fy\s?)?{_YEAR}(?:\s?[-–/]\s?(?:{_YEAR}|\d\d))?|{_MONTH}(?:\s\d{{1,2}},?)?(?:\s{_YEAR})?|"
    rf"\d{{1,2}}\s{_MONTH}(?:\s{_YEAR})?|{_YEAR}-\d\d(?:-\d\d)?|(?:q[1-4]|h[12])[\s/-]{_YEAR}|"
    rf"{_YEAR}[\s-]?(?:q[1-4]|h[12])|\d{{1,2}}[./]\d{{1,2}}[./]{_YEAR}",
    re.IGNORECASE,
)
_DAY = re.compile(rf"{_MONTH}\s\d{{1,2}}\b|\d{{1,2}}\s{_MONTH}|{_YEAR}-\d\d-\d\d", re.IGNORECASE)
_FIGURE = re.compile(
    r"(?P<before>(?:about|around|approx\.?|ca\.?|over|under|up to|at least|at most|more than|less than|some|"
    r"[~≈<>≤≥±+−-])?\s?(?:[$€£¥₩]|US\$|USD|EUR|GBP|KRW|RUB)?\s?)(?P<digits>\d[\d.,\u00a0\u202f']*(?:\s\d{3})*)"
    r"(?P<after>\s?(?:%|percent|per cent|thousand|million|billion|trillion|mn|bn|[kmb]\b)?"
    r"(?:\s?[-–]\s?\d[\d.,]*\s?%?)?\s?[+*†‡]*)",
    re.IGNORECASE,
)
_ADDRESS = re.compile(r"://|\bwww\.|[\w-]\.(?:com|org|net|gov|io)\b")
_NOTHING = frozenset({"", "-", "–", "—", "…", "..", "...", "n/a", "n.a.", "na", "x", "?"})
_GENERIC = frozenset(
    "number numbers total totals amount amounts count counts quantity quantities value values figure figures no "
    "no. nr estimate estimates sum all level result data units number(s)".split()
)
_TIMES = frozenset(
    "year years date dates month months day days period periods quarter week time when".split()
)
_SOURCES = frozenset(
    "source|sources|reported by|said by|claimed by|according to|attributed to|speaker|reporting agency".split(
        "|"
    )
)
_RANKS = frozenset({"#", "no", "no.", "nr", "nr.", "rank", "id", "row", "item no.", "s/n"})
_NUMBER_OF = re.compile(
    r"^(?:the\s)?(?:total\s)?(?:number|no\.|count|amount|quantity|#)\s(?:of\s)?", re.IGNORECASE
)
_SCALES = {
    "thousand": "thousand", "thousands": "thousand", "000": "thousand", "000s": "thousand", "'000": "thousand",
    "'000s": "thousand", "’000": "thousand", "k": "thousand", "million": "million", "millions": "million",
    "mn": "million", "mln": "million", "m": "million", "billion": "billion", "billions": "billion",
    "bn": "billion", "trillion": "trillion",
}  # fmt: skip
_MONEY = {
    "$": "$", "us$": "$", "usd": "$", "u.s. dollars": "$", "us dollars": "$", "dollars": "$", "€": "€",
    "eur": "€", "euro": "€", "euros": "€", "£": "£", "gbp": "£", "¥": "¥", "₩": "₩",
}  # fmt: skip
_UNIT = re.compile(r"\s*(?:[(\[]\s*([^()\[\]]{1,30}?)\s*[)\]]|,\s*((?:in\s)?[^,]{1,24}))\s*$")
_SHARE = re.compile(r"\b(?:percent|percentage|per cent|pct)\b|%", re.IGNORECASE)
_MEASURES = frozenset(
    "tons tonnes ton kg km miles hours days weeks months years people persons litres liters barrels mw kw "
    "hectares".split()
)
_PROSE = re.compile(r"(?:\S+\s+){5}.*[.!?][\"'”’)]*$", re.DOTALL)  # a sentence of its own, not an entry
# What a row's first cell names may be counted if it is a plural: "Crates, 40", but not "North, 40".
_COUNTABLE = re.compile(
    r"\b[a-z]*[b-hj-rt-z]s\b|\b(?:[a-z]*(?:ses|ies|ees|oes|aes)|[a-z]*men|people|children|personnel|staff|[a-z]*craft|"
    r"cattle|police|crew|aid|fuel|food|grain|oil|coal|steel|share|rate)\b",
    re.IGNORECASE,
)
_MOST_LOOKED_AT = 50
_MOST_HEADS = 4
_LONG_LABEL = 12


@lru_cache(maxsize=8192)
def is_figure(cell: str) -> bool:
    """Whether a cell is a number, perhaps with a sign, a currency, a scale or a percent sign; a date isn't."""
    return _FIGURE.fullmatch(cell) is not None and _DATE.fullmatch(cell) is None


def has_figures(rows: Iterable[Sequence[str]]) -> bool:
    """Whether a table holds data rather than a page's layout: at least one cell is a figure."""
    return any(is_figure(cell) for row in rows for cell in row)


@dataclass(frozen=True)
class _Head:
    """What a head says: what is counted, when, in which unit or scale."""

    noun: str = ""
    when: str = ""
    currency: str = ""
    scale: str = ""
    unit: str = ""
    sort: str = ""


def table_lines(rows: Sequence[Sequence[str]], heads: int | None = None) -> list[str]:
    """The rows of a table as lines, each figure with its heads; the heads themselves first.

    `heads` says how many rows are heads; without it, rows without a figure at the top are, if figures
    follow. A table without any figure gives its cells, row by row.
    """
    grid = [[" ".join(cell.split()) for cell in row] for row in rows]
    grid = [row for row in grid if any(row)]
    if not grid:
        return []
    count = _head_rows(grid) if heads is None else min(heads, len(grid) - 1, _MOST_HEADS)
    above, body = grid[:count], grid[count:]
    width = max(len(row) for row in grid)
    columns = [_head(tuple(_column(above, at))) for at in range(width)]
    figures = has_figures(body)
    lines = [_closed("; ".join(_distinct(_heads_of(row, body))), "") for row in above]
    for row in body:
        prose = [cell for cell in row if _PROSE.search(cell)]
        others = ["" if cell in prose else cell for cell in row]
        line = (
            _line(others, columns, labelled=bool(above))
            if figures
            else _closed("; ".join(_distinct(others)), ".")
        )
        lines += [line] * bool(line) + _distinct(prose)
    return lines


def _heads_of(row: list[str], body: list[list[str]]) -> list[str]:
    """A row of heads, those above figures without their units: "Crates (thousands)" holds no number."""
    figures = {at for line in body[:_MOST_LOOKED_AT] for at, cell in enumerate(line) if is_figure(cell)}
    return [_without_unit(cell)[0] if at in figures and cell else cell for at, cell in enumerate(row)]


def _head_rows(grid: list[list[str]]) -> int:
    """How many rows at the top are heads: without figures, or of dates, before a row with figures."""
    count = 0
    for row in grid[:_MOST_HEADS]:
        filled = [cell for cell in row if cell]
        if any(is_figure(cell) for cell in filled) or (len(filled) < 2 and len(row) > 1 and count):
            break
        if all(_DATE.fullmatch(cell) for cell in row[1:] if cell) is False and _is_record(row):
            break
        count += 1
    return count if has_figures(grid[count:]) else 0


def _is_record(row: list[str]) -> bool:
    """Whether a row begins with a date, as rows of data do; a head names the column there."""
    return _DATE.fullmatch(row[0]) is not None


def _column(above: list[list[str]], at: int) -> list[str]:
    return _distinct(row[at] for row in above if at < len(row))


def _distinct(cells: Iterable[str]) -> list[str]:
    return list(dict.fromkeys(cell for cell in cells if cell))


@lru_cache(maxsize=4096)
def _head(parts: tuple[str, ...]) -> _Head:
    """The head that the cells above a column, or the cell before a row, make."""
    when = next((part for part in parts if _DATE.fullmatch(part)), "")
    words = [part for part in parts if part != when]
    currency = scale = unit = ""
    kept: list[str] = []
    for part in words:
        stem, found = _without_unit(part)
        currency, scale, unit = found[0] or currency, found[1] or scale, found[2] or unit
        if stem:
            kept.append(stem)
    noun = " ".join(kept)
    noun = _NUMBER_OF.sub("", noun) or noun
    plain = noun.casefold()
    sort = "time" if plain in _TIMES else "rank" if plain in _RANKS else "source" if plain in _SOURCES else ""
    if plain in _GENERIC:
        noun = ""
    return _Head(noun, when, currency, scale, unit, sort)


def _without_unit(part: str) -> tuple[str, tuple[str, str, str]]:
    """A head without the unit that it ends with, and that: currency, scale, unit."""
    whole = _unit(part)
    if whole is not None:
        return "", whole
    found = _UNIT.search(part)
    if found is None:
        return part, ("", "", "%" if _SHARE.match(part.rsplit(maxsplit=1)[-1]) else "")
    unit = _unit(found[1] or found[2])
    return (part, ("", "", "")) if unit is None else (part[: found.start()].rstrip(), unit)


def _unit(printed: str) -> tuple[str, str, str] | None:
    """Currency, scale and unit of such words as "USD million", "in thousands", "%", "tons"; None if it is none."""
    words = printed.casefold().removeprefix("in ").removeprefix("of ").replace(" of ", " ")
    currency = next(
        (sign for name, sign in _MONEY.items() if re.search(rf"(?<!\w){re.escape(name)}(?!\w)", words)), ""
    )
    if not currency and words[:1] in _MONEY:
        currency = _MONEY[words[:1]]
    for name in sorted(_MONEY, key=len, reverse=True):
        words = words.replace(name, " ") if currency else words
    rest = words.split()
    scale = next((_SCALES[word] for word in rest if word in _SCALES), "")
    rest = [word for word in rest if word not in _SCALES]
    if rest and all(_SHARE.fullmatch(word) for word in rest):
        return currency, scale, "%"
    if not rest and (currency or scale):
        return currency, scale, ""
    if len(rest) == 1 and (rest[0] in _MEASURES):
        return currency, scale, rest[0]
    return None


def _line(row: list[str], columns: list[_Head], *, labelled: bool) -> str:
    """One row as a sentence: what it is about, then each figure with its heads."""
    label = next((cell for cell in row if cell.casefold() not in _NOTHING and not is_figure(cell)), "")
    own = _head((label,)) if label and not _DATE.fullmatch(label) else _Head()
    pieces: list[str] = []
    sources: list[str] = []
    consumed = False
    for at, cell in enumerate(row):
        if cell.casefold() in _NOTHING or (at and cell == row[at - 1] and not is_figure(cell)):
            continue
        head = columns[at] if at < len(columns) else _Head()
        if head.sort == "rank":
            pieces.append(f"No. {cell}" if cell.isdigit() else cell)
        elif head.sort == "source" and _ADDRESS.search(cell) is None and not is_figure(cell):
            sources.append(cell.rstrip("."))
        elif not is_figure(cell) or head.sort == "time":
            pieces.append(cell)
        else:
            counted = not head.noun and _COUNTABLE.search(own.noun) is not None
            consumed = consumed or counted
            pieces.append(_counted(cell, head, own if counted else _Head()))
    if consumed and label in pieces and len(label.split()) <= _LONG_LABEL and (labelled or len(pieces) == 2):
        pieces.remove(label)
    if sources and pieces:
        pieces[-1] = f"{pieces[-1]}, according to {' and '.join(sources)}"
    return _closed("; ".join(pieces or sources), ".")


def _counted(cell: str, head: _Head, own: _Head) -> str:
    """A figure with what it counts: the column's noun, else the row's; and the column's date."""
    noun = head.noun or own.noun
    currency, scale, unit = head.currency or own.currency, head.scale or own.scale, head.unit or own.unit
    figure = cell
    if currency and not re.match(r"[$€£¥₩]|US|EUR|GBP", cell):
        figure = f"{currency}{figure}"
    if scale and not re.search(r"[a-z]", cell, re.IGNORECASE):
        figure = f"{figure} {scale}"
    if unit == "%" and "%" not in cell:
        figure = f"{figure}%"
    elif unit and unit != "%":
        figure = f"{figure} {unit}" + (" of" if noun else "")
    whole = f"{figure} {noun}".rstrip()
    if not head.when:
        return whole
    return f"{whole} {'on' if _DAY.search(head.when) else 'in'} {head.when}"


def _closed(line: str, mark: str) -> str:
    return line if not line or line[-1] in ".!?:" else f"{line}{mark}"
