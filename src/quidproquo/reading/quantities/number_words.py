"""Number words and digits → values: the core of a quantity, without unit or comparison."""

from __future__ import annotations

import re
from dataclasses import dataclass

from quidproquo.reading.quantities.figures import CUT, GRAND, GROUPED, SPACED, figure
from quidproquo.reading.quantities.vague import COUNTS, DECADES, PLURAL_SCALES, read_vague
from quidproquo.reading.quantities.vague_counts import SMALL_WORDS, level, small_count, teens
from quidproquo.reading.trie import trie

__all__ = ["ATOM", "SCALES", "Core", "read_core"]

_SMALL = {
    word: float(value)
    for value, word in enumerate(
        "zero one two three four five six seven eight nine ten eleven twelve thirteen fourteen fifteen "
        "sixteen seventeen eighteen nineteen".split()
    )
}
_TENS = {
    word: float(10 * value)
    for value, word in enumerate("twenty thirty forty fifty sixty seventy eighty ninety".split(), start=2)
}
SCALES = {"thousand": 1e3, "million": 1e6, "billion": 1e9, "trillion": 1e12, "quadrillion": 1e15,
           "lakh": 1e5, "crore": 1e7}  # fmt: skip
# "12.3m tonnes", "2.7m sales": millions; "7.9m deep", "the 400m hurdles": metres.
_COUNTED_M = re.compile(
    r"[ ](?:[A-Z][a-z]+[ ](?:dollars|francs|pesos|rupees|pounds|riyals|dirhams|euros|yen|won)|tonnes|tons|"
    r"barrels|litres|people|hectares|acres|euros?|dollars|pounds|(?:[a-z]+[ ])?"
    r"(?!hurdles|races|sprints|relays|metres|meters|waves|walls|across|towards|upwards|downwards|this|was|is)"
    r"[a-z]{3,}[^\Wus]s)\b"
)
_SHORT = {"k": 1e3, "m": 1e6, "mn": 1e6, "mln": 1e6, "mil": 1e6, "mio": 1e6, "mm": 1e6, "b": 1e9,
          "bn": 1e9, "bln": 1e9, "tn": 1e12, "trn": 1e12, "t": 1e12}  # fmt: skip
_PARTS = {"half": 2.0, "halves": 2.0, "third": 3.0, "thirds": 3.0, "quarter": 4.0, "quarters": 4.0, "fourth": 4.0,
          "fourths": 4.0, "fifth": 5.0, "fifths": 5.0, "sixth": 6.0, "sixths": 6.0, "seventh": 7.0,
          "sevenths": 7.0,
          "eighth": 8.0, "eighths": 8.0, "ninth": 9.0, "ninths": 9.0, "tenth": 10.0, "tenths": 10.0,
          "hundredth": 100.0, "hundredths": 100.0}  # fmt: skip
_FOLDS = {f"{word}fold": value for word, value in {**_SMALL, **_TENS}.items() if value >= 2}
_FOLDS |= {"hundredfold": 100.0, "thousandfold": 1e3}
_GLYPHS = {"½": 0.5, "⅓": 1 / 3, "⅔": 2 / 3, "¼": 0.25, "¾": 0.75, "⅕": 0.2, "⅛": 0.125, "⅜": 0.375, "⅝": 0.625,
           "⅞": 0.875}  # fmt: skip
_WORDS = [*_SMALL, *_TENS, *SCALES, "hundred", "dozen", *PLURAL_SCALES, *_PARTS, "twice", "thrice", "triple",
          "double", "quadruple", "score", *SMALL_WORDS, *DECADES, *_FOLDS]  # fmt: skip


# Words come first: most places of a text begin one, and few begin a figure.
_INITIALS = "".join(sorted({word[0] for word in _WORDS}))
ATOM = re.compile(
    rf"(?<!\w)(?=[\d.½⅓⅔¼¾⅕⅛⅜⅝⅞{_INITIALS}])(?:(?P<word>{trie(_WORDS)})(?!\w)"
    rf"|(?P<digits>{CUT}|{GROUPED}|{SPACED}|\d+(?:\.\d+)?|(?<!\.)\.\d+)"
    r"(?P<glyph>[½⅓⅔¼¾⅕⅛⅜⅝⅞])?|(?P<alone>[½⅓⅔¼¾⅕⅛⅜⅝⅞]))",
    re.IGNORECASE,
)
_GAP = re.compile(r"[ \u00a0\u202f\t]*\n?[ \t]*(?:-|and[ ]a[ ]|and[ ])?", re.IGNORECASE)
_AND_PART = re.compile(
    r"[ -]and[ -]a[ -](half|third|quarter)\b(?![ ]+(?:of|year|month|day|week|hour|dozen)s?\b)"
    r"|[ -]and[ -](?:a[ -]half|(?:three|two|one)[ -](?:quarters?|thirds?|half))\b",
    re.IGNORECASE,
)
_SLASH = re.compile(r"(?:[ -](\d{1,2}))?[/⁄](\d{1,3})(?![\d/])")
_VAGUE_HEAD = re.compile(
    r"(?<!\w)(several|a[ ]few|few|some|many|multiple|a[ ]couple(?:[ ]of)?|couple(?:[ ]of)?|a[ ]handful[ "
    r"]of)[ -]$",
    re.I,
)
_MOST_DIGITS = 24
# "1.5 x 10^6", "3 × 10⁻³", "2.5e6".
_POWER = re.compile(
    r"[ ]?[x×·][ ]?10(?:\^(?P<ten>[-−]?\d{1,2})|(?P<super>[⁻]?[⁰¹²³⁴-⁹]{1,2}))(?!\w)|[eE](?P<e>[-+]?\d{1,2})(?!\w)"
)
_SUPERSCRIPT = str.maketrans("⁰¹²³⁴⁵⁶⁷⁸⁹⁻", "0123456789-")
_ARTICLE = re.compile(r"(?<!\w)an?[ -]$", re.IGNORECASE)


_LETTERS = re.compile(r"[A-Za-z]+")
_TO_SCALE = re.compile(r"[ \u00a0\u202f-]?\n?[ ]*")
_POINT = re.compile(r"[ ]point((?:[ -](?:zero|oh|one|two|three|four|five|six|seven|eight|nine))+)\b", re.I)
_OF_SCALE = re.compile(r"[ ]of[ ]an?[ ](million|billion|trillion)\b", re.I)


@dataclass(frozen=True)
class Core:
    """A number as such: `value`, or `low` and `high` if vague; `part` if it is a fraction of something."""

    start: int
    end: int
    value: float | None
    low: float | None = None
    high: float | None = None
    part: bool = False
    digits: bool = False
    scale: float = 1.0
    times: bool = False

    @property
    def vague(self) -> bool:
        """Whether the number is a vague word with an interval."""
        return self.value is None

    @property
    def top(self) -> float:
        """The value, or the upper end of a vague one."""
        return self.value if self.value is not None else (self.high or 0.0)


def read_core(text: str, atom: re.Match[str], money: bool = False) -> Core | None:
    """Read the number that begins with an atom; None where the word isn't one here."""
    if atom["digits"] or atom["alone"]:
        return _digits(text, atom, money)
    word = atom["word"].lower()
    if word in PLURAL_SCALES or word in DECADES:
        return _vague_scale(text, atom)
    if word in _FOLDS:
        return Core(atom.start(), atom.end(), _FOLDS[word], times=True)
    if word == "score":
        return _score(text, atom)
    if word in SMALL_WORDS:
        return _small(text, atom)
    if word in _PARTS:
        return _part(text, atom)
    if word in {"twice", "thrice", "double", "triple", "quadruple"}:
        factor = {"twice": 2.0, "double": 2.0, "thrice": 3.0, "triple": 3.0, "quadruple": 4.0}[word]
        return Core(atom.start(), atom.end(), factor, times=True)
    return _words(text, atom)


def _digits(text: str, atom: re.Match[str], money: bool) -> Core | None:
    start, end = atom.span()
    if end - start > _MOST_DIGITS:
        return None
    if atom["alone"]:
        return _scaled(text, start, end, _GLYPHS[atom["alone"]], part=True)
    value = figure(atom["digits"])
    if atom["glyph"]:
        return _scaled(text, start, end, value + _GLYPHS[atom["glyph"]])
    slash = _SLASH.match(text, end)
    if slash is not None and "." not in atom["digits"]:
        under = float(slash[2])
        over = float(slash[1]) if slash[1] else value
        if 0 < over < under and under in {2, 3, 4, 5, 6, 8, 10, 16, 100}:
            mixed = value + over / under if slash[1] else over / under
            return _scaled(text, start, slash.end(), mixed, part=not slash[1])
        return None
    power = _POWER.match(text, end)
    if power is not None:
        exponent = float(power["ten"] or power["e"] or power["super"].translate(_SUPERSCRIPT))
        return Core(start, power.end(), _rounded(value * 10.0**exponent), digits=True, scale=10.0**exponent)
    letters = _LETTERS.match(text, end)
    short = letters[0].lower() if letters is not None else ""
    if letters is None or short in SCALES:
        return _scaled(text, start, end, value)
    if short in _SHORT and (
        money
        or short not in {"m", "mm", "t", "b", "k"}
        or letters[0] in {"M", "B", "K", "k"}
        or (letters[0] == "m" and _COUNTED_M.match(text, letters.end()) is not None)
    ):
        if text[letters.end() : letters.end() + 1].isdigit():
            return None
        scale = _SHORT[short]
        return Core(start, letters.end(), _rounded(value * scale), digits=True, scale=scale)
    return Core(start, end, value, digits=True)


def _scaled(text: str, start: int, end: int, value: float, part: bool = False) -> Core:
    """Apply the scale words after digits: "1.5 million", "2 1/2 hundred thousand", "3 dozen"."""
    scale = 1.0
    more = _AND_PART.match(text, end)
    if more is not None and not part:
        value += _tail(more[0])
        end = more.end()
    while True:
        gap = _TO_SCALE.match(text, end)
        word = _LETTERS.match(text, gap.end() if gap else end)
        if word is None:
            break
        name = word[0].lower()
        factor = SCALES.get(name) or {"hundred": 100.0, "dozen": 12.0}.get(name)
        if factor is None and name in {"bn", "mn", "mln", "mil", "bln", "tn", "trn"}:
            factor = _SHORT[name]
        if factor is None:
            break
        scale *= factor
        end = word.end()
        part = False
    grand = GRAND.match(text, end) if scale == 1.0 and text.startswith(" grand", end) else None
    if grand is not None:
        scale, end = 1000.0, grand.end()
    value = _rounded(value * scale) if scale != 1.0 else value
    more = _AND_PART.match(text, end) if scale > 1 else None
    if more is not None:
        value += _tail(more[0]) * scale
        end = more.end()
    return Core(start, end, value, part=part and scale == 1.0, digits=True, scale=scale)


def _rounded(value: float) -> float:
    """A value without the last bits that a product in binary leaves: 8.47 billion is 8,470,000,000."""
    return float(f"{value:.14g}")


def _tail(printed: str) -> float:
    """The value of "and a half", "and three quarters"."""
    words = re.findall(r"[a-z]+", printed.lower())
    part = 1.0 / _PARTS[words[-1]]
    return part * _SMALL.get(words[-2], 1.0)


def _vague_scale(text: str, atom: re.Match[str]) -> Core | None:
    words = [atom["word"].lower()]
    start, end = atom.span()
    chain = re.compile(
        r"[ ]+(?:and[ ]\w+[ ])?of[ ]+(tens|dozens|hundreds|thousands|millions|billions|trillions)\b", re.I
    )
    while (found := chain.match(text, end)) is not None:
        words.append(found[1].lower())
        end = found.end()
    placed = level(text, start, words)
    if placed is not None:
        return Core(placed[0], end, None, placed[1], placed[2])
    if words == ["teens"] and (interval := teens(text, start)) is not None:
        return Core(start, end, None, *interval)
    if (
        words[0] in DECADES
        or words == ["tens"]
        or (words == ["scores"] and not re.match(r"[ ]+of\b", text[end : end + 6]))
    ):
        return None
    low, high = read_vague(words)
    several = _VAGUE_HEAD.search(text, max(0, start - 16), start)
    if several is not None:
        few = COUNTS[re.sub(r"\s+", " ", several[1].lower())]
        start, low, high = several.start(), few[0] * PLURAL_SCALES[words[0]], few[1] * PLURAL_SCALES[words[0]]
    return Core(start, end, None, low, high)


def _score(text: str, atom: re.Match[str]) -> Core | None:
    """As in "a score of boats", "three score years"."""
    before = re.search(r"\b(a|two|three|four|six)[ ]$", text[max(0, atom.start() - 6) : atom.start()], re.I)
    follows = re.match(r"[ ]of[ ](?:[a-z]+[ ])?[a-z]+s\b|[ ]years\b", text[atom.end() : atom.end() + 40])
    if before is None or follows is None:
        return None
    many = _SMALL.get(before[1].lower(), 1.0)
    end = atom.end() + (3 if follows[0].startswith(" of") else 0)
    return Core(atom.start() - len(before[0]), end, 20.0 * many, scale=20.0)


def _small(text: str, atom: re.Match[str]) -> Core | None:
    found = small_count(text, *atom.span())
    if found is None:
        return None
    start, end, low, high = found
    return Core(start, end, low) if low == high else Core(start, end, None, low, high)


# "A quarter of a percentage point", "half a percent", "a quarter-point cut".
_PART_POINT = re.compile(
    r"(?:[ ](?:of[ ])?an?|(?=[ -]p(?:ercentage[ -]p)?oint\b(?![ ](?:guard|line|mark|of))))"
    r"(?=[ -](?:per[ ]?cent|percentage[ ]point|point)\b)"
)


def _part(text: str, atom: re.Match[str]) -> Core | None:
    """A fraction word: "half", "a third of", "a quarter of a million"; None for ordinals and periods."""
    word = atom["word"].lower()
    start, end = atom.span()
    article = _ARTICLE.search(text, max(0, start - 3), start)
    rest = text[end : end + 40].lower()
    scale = re.match(
        r"(?:[ -](?:of[ ])?an?[ -]|[ -])(hundred|thousand|million|billion|trillion|dozen)\b", rest
    )
    if scale is not None:
        factor = SCALES.get(scale[1]) or {"hundred": 100.0, "dozen": 12.0}[scale[1]]
        return Core(
            article.start() if article else start, end + scale.end(), factor / _PARTS[word], scale=factor
        )
    points = _PART_POINT.match(rest)
    if points is not None:
        return Core(article.start() if article else start, end + points.end(), 1.0 / _PARTS[word])
    if word == "half":
        if not _is_half(text, start, rest):
            return None
        return Core(article.start() if article else start, end, 0.5, part=True)
    if (
        article is None
        or word.endswith("s")
        or not (
            _by_part(text, article.start(), rest)
            or re.match(r"[ ]+of\b|[.,;)]|[ ]+(?:less|more|fewer|higher|lower)\b", rest)
        )
    ):
        return None
    if word == "quarter" and re.match(r"[ ]+of[ ]+(?:the[ ]+)?(?:year|\d{4})", rest):
        return None
    if re.match(r"[.,;)]", rest) and word != "third" and word != "quarter":
        return None
    return Core(article.start(), end, 1.0 / _PARTS[word], part=True)


_MEASURED = re.compile(
    r"\b(?:by|nearly|almost|about|around|roughly|than|over|under|only|just|least|down|up)[ ]$", re.I
)


def _by_part(text: str, start: int, rest: str) -> bool:
    """As in "fell by nearly a third since June": a word of measure before, no noun after."""
    after = re.match(
        r"[ ](?:since|in|from|over|on|this|last|between|to|and|during|after|when|compared)\b", rest
    )
    return after is not None and _MEASURED.search(text, max(0, start - 10), start) is not None


_NOT_HALF = re.compile(
    r"-|[ ]+(?:an?[ ]+)?(?:hour|day|year|month|century|decade|time|brother|sister|way|mile|marathon|dollar|"
    r"minute|an|a|past|back)\b"
    r"|[ ]+(?:centur|decade)"
)
_ORDERED = re.compile(
    r"\b(?:first|second|other|latter|former|better|top|bottom|upper|lower|third|last|final|this|next|its|his|"
    r"her|my|your|each"
    r"|eastern|western|northern|southern|east|west|north|south|early|late|and[ ]an?|behalf|one-and-a|"
    r"two-and-a)[ -]$"
)


def _is_half(text: str, start: int, rest: str) -> bool:
    before = text[max(0, start - 16) : start].lower()
    if _NOT_HALF.match(rest) or _ORDERED.search(before):
        return False
    return not (rest.startswith("'s") or re.search(r"[a-z]-$", before))


def _words(text: str, atom: re.Match[str]) -> Core | None:
    """Compose spelled-out numbers: "twenty-five hundred", "one point two million", "a hundred and ten"."""
    total, current, scale = 0.0, 0.0, 1.0
    start, end = atom.span()
    word = atom["word"].lower()
    article = None
    if word in SCALES or word in {"hundred", "dozen"}:
        article = _ARTICLE.search(text, max(0, start - 3), start)
        several = _VAGUE_HEAD.search(text, max(0, start - 16), start)
        if several is not None:
            return _several(text, atom, several)
        if article is None:
            return None
        start, current = article.start(), 1.0
    previous = ""
    while True:
        step = _step(word, previous, total, current)
        if step is None:
            break
        total, current, grown = step
        scale = max(scale, grown)
        previous, end = word, atom.end()
        point = _POINT.match(text, end)
        if point is not None and current < 1000:
            digits = "".join(str(int(_SMALL.get(d, 0.0))) for d in re.findall(r"[a-z]+", point[1].lower()))
            current, end = current + float("0." + digits), point.end()
        half = _AND_PART.match(text, end)
        if half is not None:
            if previous in SCALES:
                total += _tail(half[0]) * SCALES[previous]
            else:
                current += _tail(half[0])
            end = half.end()
        gap = _GAP.match(text, end)
        following = ATOM.match(text, gap.end()) if gap else None
        if following is None or following["word"] is None or gap is None or gap.end() == end:
            break
        name = following["word"].lower()
        if (
            name in _PARTS
            and "and" not in gap[0]
            and previous in _SMALL
            and (name.endswith("s") or previous == "one")
        ):
            if (
                name in {"quarter", "quarters"}
                and previous != "one"
                and "-" not in gap[0]
                and not _of_follows(text, following.end())
            ):
                break
            value = current / _PARTS[name]
            return _part_scaled(text, start, following.end(), value)
        if "and" in gap[0].lower() and not (
            previous in {"hundred", *SCALES} and (name in _SMALL or name in _TENS)
        ):
            break
        atom, word = following, name
    grand = GRAND.match(text, end) if scale == 1.0 and text.startswith(" grand", end) else None
    if grand is not None:
        return Core(start, grand.end(), (total + current) * 1000.0, scale=1000.0)
    return Core(start, end, total + current, scale=scale)


def _of_follows(text: str, end: int) -> bool:
    return re.match(r"[ ]+of\b", text[end : end + 5]) is not None


def _part_scaled(text: str, start: int, end: int, value: float) -> Core:
    scale = _OF_SCALE.match(text, end)
    if scale is not None:
        factor = SCALES[scale[1].lower()]
        return Core(start, scale.end(), value * factor, scale=factor)
    return Core(start, end, value, part=True)


def _several(text: str, atom: re.Match[str], several: re.Match[str]) -> Core:
    low, high = COUNTS[re.sub(r"\s+", " ", several[1].lower())]
    scaled = _scaled(text, atom.start(), atom.start(), 1.0)
    factor, end = scaled.scale, scaled.end
    if low == high:
        return Core(several.start(), end, low * factor, scale=factor)
    return Core(several.start(), end, None, low * factor, high * factor, scale=factor)


def _step(word: str, previous: str, total: float, current: float) -> tuple[float, float, float] | None:
    """Add one number word to a sum under way; None where it can't follow."""
    if word in _SMALL:
        if previous and previous not in _TENS and previous != "hundred" and previous not in SCALES:
            return None
        if previous in _TENS and not 1 <= _SMALL[word] <= 9:
            return None
        return total, current + _SMALL[word], 1.0
    if word in _TENS:
        if previous and previous != "hundred" and previous not in SCALES:
            return None
        return total, current + _TENS[word], 1.0
    if word == "hundred" and 0 < current < 100:
        return total, current * 100.0, 100.0
    if word == "dozen" and current > 0:
        return total, current * 12.0, 12.0
    if word in SCALES and current > 0:
        return total + current * SCALES[word], 0.0, SCALES[word]
    if word in SCALES and total > 0 and previous in SCALES:
        return total * SCALES[word], 0.0, SCALES[word]
    return None
