"""Numbers in languages that the rules don't read: digits with scale words, shares and money.

Numbers in words aren't read, and in a language without a table here none are. How a number is meant
("at least") isn't read either.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass, replace

from quidproquo.reading.quantities.find import quantities
from quidproquo.reading.quantities.special import countable
from quidproquo.reading.quantities.units import currency_before
from quidproquo.reading.record import NumberKind, Quantified
from quidproquo.reading.sentences import Span

__all__ = ["RULED", "numbers_in"]

RULED = frozenset({"en", ""})
"""The languages that the rules read; "" is a text too short to tell."""

# Scale words by language; a final "*" stands for any ending.
_SCALES = {
    "ko": {"십": 1e1, "백": 1e2, "천": 1e3, "만": 1e4, "억": 1e8, "조": 1e12},
    "ja": {"千": 1e3, "万": 1e4, "億": 1e8, "兆": 1e12},
    "zh": {"千": 1e3, "万": 1e4, "萬": 1e4, "亿": 1e8, "億": 1e8, "万亿": 1e12, "兆": 1e12},
    "ru": {"тыс*": 1e3, "млн*": 1e6, "миллион*": 1e6, "млрд*": 1e9, "миллиард*": 1e9, "трлн*": 1e12,
           "триллион*": 1e12},
    "uk": {"тис*": 1e3, "млн*": 1e6, "мільйон*": 1e6, "млрд*": 1e9, "мільярд*": 1e9, "трлн*": 1e12,
           "трильйон*": 1e12},
    "de": {"tausend": 1e3, "mio*": 1e6, "million*": 1e6, "mrd*": 1e9, "milliarde*": 1e9, "billion*": 1e12},
    "fr": {"mille": 1e3, "million*": 1e6, "milliard*": 1e9},
    "es": {"mil millones": 1e9, "mil": 1e3, "millón": 1e6, "millones": 1e6, "billones": 1e12},
}  # fmt: skip
_UNSPACED = frozenset({"ko", "ja", "zh"})
_SHARES = ("%", "％", "퍼센트", "パーセント", "процент*", "відсот*", "Prozent", "pour cent", "por ciento")
_POINTS = ("%p", "％p", "퍼센트포인트", "процентных пункт*", "процентні пункт*", "Prozentpunkt*",
           "points de pourcentage", "puntos porcentuales")  # fmt: skip
_MONEY = {
    "달러": "USD", "ドル": "USD", "美元": "USD", "долл*": "USD", "дол*": "USD", "dollar*": "USD",
    "dólar*": "USD",
    "원": "KRW", "ウォン": "KRW", "韩元": "KRW", "韓元": "KRW", "вон": "KRW", "유로": "EUR", "ユーロ": "EUR",
    "欧元": "EUR", "евро": "EUR", "євро": "EUR", "euro*": "EUR", "€": "EUR", "$": "USD",
    "루블": "RUB", "卢布": "RUB", "руб*": "RUB", "위안": "CNY",
    "元": "CNY", "юан*": "CNY", "엔": "JPY", "円": "JPY", "иен*": "JPY",
    "грн": "UAH", "гривен*": "UAH", "гривн*": "UAH",
}  # fmt: skip
_SPACE = "[ \u00a0\u202f]"
_LINK = re.compile(rf"{_SPACE}*(?:~|〜|～|–|—|-|至|до|bis|à){_SPACE}*")


def _words(words: tuple[str, ...] | list[str]) -> re.Pattern[str]:
    """A pattern of any of some words, the longest first, after at most one space."""
    shown = sorted(words, key=len, reverse=True)
    parts = "|".join(
        re.escape(word.rstrip("*")) + (r"\w*\.?" if word.endswith("*") else "") for word in shown
    )
    return re.compile(rf"{_SPACE}?(?P<word>{parts})", re.IGNORECASE)


_SHARE, _POINT, _COIN = _words(_SHARES), _words(_POINTS), _words(list(_MONEY))
_SCALE = {language: _words(list(words)) for language, words in _SCALES.items()}
# A dot before three digits parts groups where the comma is the decimal mark, and the other way round.
_COMMA_DECIMAL = re.compile(
    rf"(?<![\w.,-])\d{{1,3}}(?:(?:\.|{_SPACE})\d{{3}})+(?:,\d+)?(?!\d)|(?<![\w.,-])\d+(?:[.,]\d+)?(?!\d)"
)
_POINT_DECIMAL = re.compile(
    r"(?<![A-Za-z0-9.,-])(?:\d{1,3}(?:,\d{3})+(?:\.\d+)?|\d+(?:\.\d+)?)(?![A-Za-z\d])"
)


@dataclass(frozen=True)
class _Digits:
    """A number with its scale words: its value, the product of its scales, and where it stands."""

    start: int
    end: int
    value: float
    scale: float


def numbers_in(text: str, span: Span, language: str) -> list[Quantified]:
    """Numbers in a stretch of a text, in order; comparison "eq" except where the rules read the language."""
    if language in RULED:
        found = countable(quantities(text[slice(*span)]))
        return [replace(one, start=one.start + span[0], end=one.end + span[0]) for one in found]
    if language not in _SCALES:
        return []
    return list(_ranges(text, list(_digits(text, span, language))))


def _digits(text: str, span: Span, language: str) -> Iterator[_Digits]:
    pattern = _POINT_DECIMAL if language in _UNSPACED else _COMMA_DECIMAL
    done = span[0]
    for match in pattern.finditer(text, *span):
        if match.start() < done:
            continue
        one = _scaled(text, _Digits(*match.span(), _value(match[0], language), 1.0), span[1], language)
        # "1만 2천": a smaller scale goes on with the same number.
        while language in _UNSPACED and one.scale > 1:
            more = pattern.match(text, one.end + (text[one.end : one.end + 1] == " "), span[1])
            following = None
            if more is not None:
                raw = _Digits(*more.span(), _value(more[0], language), 1.0)
                following = _scaled(text, raw, span[1], language)
            if following is None or not 0 < following.value < one.scale or following.scale >= one.scale:
                break
            if following.scale == 1.0 and text[one.end] == " ":
                break
            one = _Digits(one.start, following.end, one.value + following.value, following.scale)
        done = one.end
        yield one


def _value(printed: str, language: str) -> float:
    bare = re.sub(_SPACE, "", printed)
    if language in _UNSPACED:
        return float(bare.replace(",", ""))
    groups = re.fullmatch(r"\d{1,3}(?:\.\d{3})+(?:,\d+)?", bare) is not None
    return float((bare.replace(".", "") if groups else bare).replace(",", "."))


def _scaled(text: str, one: _Digits, last: int, language: str) -> _Digits:
    scale, end = 1.0, one.end
    while (found := _SCALE[language].match(text, end, last)) is not None:
        word = found["word"].lower()
        scale *= next(
            factor
            for printed, factor in sorted(_SCALES[language].items(), key=lambda item: -len(item[0]))
            if word == printed or (printed.endswith("*") and word.startswith(printed[:-1]))
        )
        end = found.end()
    return _Digits(one.start, end, float(f"{one.value * scale:.14g}"), scale)


def _unit(text: str, one: _Digits) -> Quantified:
    kind: NumberKind = "count"
    unit, start, end = "", one.start, one.end
    before = currency_before(text, start)
    point, share, coin = (pattern.match(text, end) for pattern in (_POINT, _SHARE, _COIN))
    if before is not None:
        kind, unit, start = "money", *before
    elif point is not None:
        kind, unit, end = "points", "percentage points", point.end()
    elif share is not None:
        kind, unit, end = "share", "percent", share.end()
    elif coin is not None:
        kind, unit, end = "money", _currency(coin["word"]), coin.end()
    return Quantified(start, end, text[start:end], "eq", False, one.value, None, None, unit, kind=kind)


def _currency(word: str) -> str:
    lower = word.lower()
    return next(
        code
        for printed, code in sorted(_MONEY.items(), key=lambda item: -len(item[0]))
        if lower == printed.lower() or (printed.endswith("*") and lower.startswith(printed[:-1].lower()))
    )


def _ranges(text: str, found: list[_Digits]) -> Iterator[Quantified]:
    """Give units, and join "3–5" to one number with a low and a high end, in scale and unit of the latter."""
    index = 0
    while index < len(found):
        here = _unit(text, found[index])
        following = _unit(text, found[index + 1]) if index + 1 < len(found) else None
        index += 1
        if following is not None and _LINK.fullmatch(text, here.end, following.start):
            low, high, scale = here.value or 0.0, following.value or 0.0, found[index].scale
            low *= scale if found[index - 1].scale == 1.0 and low * scale < high else 1.0
            if low < high and here.unit in {"", following.unit}:
                yield replace(
                    following, start=here.start, surface=text[here.start : following.end],
                    comparison="between", value=None, low=low, high=high,
                )  # fmt: skip
                index += 1
                continue
        yield here
