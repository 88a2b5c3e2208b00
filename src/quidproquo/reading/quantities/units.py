"""Units as they are printed: currencies, shares, measures, spans of time, and rates."""

from __future__ import annotations

import re
from dataclasses import dataclass

from quidproquo.reading.record import NumberKind

__all__ = [
    "ATTACHED_CODE",
    "CURRENCIES",
    "DAYS",
    "MEASURES",
    "Suffix",
    "currency_before",
    "rate_after",
    "rate_before",
    "unit_after",
    "without_attached_codes",
]  # fmt: skip

CURRENCIES = {
    "$": "USD", "us$": "USD", "usd": "USD", "€": "EUR", "eur": "EUR", "£": "GBP", "gbp": "GBP",
    "¥": "JPY", "jpy": "JPY", "cny": "CNY", "rmb": "CNY", "₩": "KRW", "krw": "KRW", "₽": "RUB",
    "rub": "RUB", "₴": "UAH", "uah": "UAH", "₹": "INR", "inr": "INR", "rs": "INR", "a$": "AUD", "au$": "AUD",
    "aud": "AUD", "c$": "CAD", "ca$": "CAD", "cad": "CAD", "hk$": "HKD", "nt$": "TWD", "s$": "SGD",
    "$us": "USD", "ps": "GBP", "nz$": "NZD", "rm": "MYR", "r$": "BRL",
    "myr": "MYR", "sgd": "SGD", "hkd": "HKD", "nzd": "NZD", "zar": "ZAR", "brl": "BRL", "mxn": "MXN",
    "thb": "THB", "idr": "IDR", "php": "PHP", "pln": "PLN", "aed": "AED", "twd": "TWD", "dkk": "DKK",
    "chf": "CHF", "sek": "SEK", "nok": "NOK", "₺": "TRY", "₫": "VND", "₦": "NGN", "₱": "PHP", "₪": "ILS",
    "฿": "THB", "₸": "KZT", "dh": "AED", "dhs": "AED", "rp": "IDR", "ksh": "KES", "r": "ZAR",
    **{code.lower(): code for code in
       "VND NGN KES EGP SAR QAR KWD ILS PKR LKR BDT CLP ARS UZS KZT GEL CZK HUF BGN XAF XOF ETB TZS UGX GHS DZD "
       "IQD IRR LBP SYP YER MMK KHR LAK MNT NPR AFN BYN KPW TRY".split()},
}  # fmt: skip
_CURRENCY_WORDS = {
    "dollar": "USD", "dollars": "USD", "bucks": "USD", "euro": "EUR", "euros": "EUR", "won": "KRW",
    "yen": "JPY", "yuan": "CNY", "renminbi": "CNY", "ruble": "RUB", "rubles": "RUB", "rouble": "RUB",
    "roubles": "RUB", "hryvnia": "UAH", "hryvnias": "UAH", "rupee": "INR", "rupees": "INR",
    "sterling": "GBP", "francs": "francs", "pesos": "pesos", "kronor": "SEK", "lira": "TRY", "dong": "VND",
    "cent": "cents", "cents": "cents", "pence": "pence", "usd": "USD", "eur": "EUR", "gbp": "GBP",
    "jpy": "JPY", "cny": "CNY", "krw": "KRW", "rub": "RUB", "uah": "UAH", "riyals": "riyals",
    "dirhams": "dirhams", "rand": "rand", "shekels": "shekels", "baht": "baht", "ringgit": "ringgit",
}  # fmt: skip
# A currency by the word before its name, where the name alone stands for several.
_NAMED = {
    "us dollar": "USD",
    "us dollars": "USD",
    "u dollars": "USD",
    "cfa franc": "XOF",
    "cfa francs": "XOF",
}
_SHARES = {
    "%": "percent", "percent": "percent", "pct": "percent", "pc": "percent", "per cent": "percent",
    "percentage point": "percentage points", "percentage points": "percentage points",
    "percent points": "percentage points", "basis point": "basis points", "basis points": "basis points",
    "bps": "basis points", "bp": "basis points",
}  # fmt: skip
_TIMES = {
    "second": "second", "minute": "minute", "hour": "hour", "day": "day", "week": "week",
    "fortnight": "fortnight", "month": "month", "quarter": "quarter", "year": "year", "decade": "decade",
    "century": "century", "centurie": "century", "night": "night", "weekend": "weekend", "hr": "hour",
    "min": "minute", "sec": "second", "yr": "year", "annum": "year",
}  # fmt: skip
DAYS = {
    "hour": 1 / 24, "day": 1.0, "week": 7.0, "fortnight": 14.0, "month": 365.25 / 12,
    "quarter": 365.25 / 4, "year": 365.25, "decade": 3652.5,
}  # fmt: skip
_MEASURE_WORDS = {
    "tonnes": "tonnes tonne tons ton t metric-tons", "kg": "kg kilogram kilograms kilogramme kilogrammes "
                                                           "kilos kilo",
    "g": "gram grams g", "mg": "mg milligram milligrams", "hp": "hp bhp horsepower",
    "lb": "pounds pound lbs lb", "oz": "ounces ounce oz",
    "km": "km kilometer kilometers kilometre kilometres kms", "m": "m meter meters metre metres",
    "cm": "cm centimeter centimeters centimetre centimetres", "mm": "mm millimeter millimeters millimetre "
                                                                    "millimetres",
    "mi": "mile miles mi", "ft": "feet foot ft", "in": "inch inches", "yd": "yard yards",
    "ha": "hectare hectares ha", "acre": "acre acres", "l": "litre litres liter liters", "gal": "gallon gallons",
    "barrels": "barrel barrels bbl bbls", "W": "watt watts", "kW": "kw kilowatt kilowatts",
    "MW": "mw megawatt megawatts", "GW": "gw gigawatt gigawatts", "kWh": "kwh kilowatt-hours", "MWh": "mwh",
    "GWh": "gwh", "TWh": "twh", "GB": "gb gigabyte gigabytes", "MB": "mb megabyte megabytes",
    "TB": "tb terabyte terabytes", "kt": "kilotons kiloton kilotonnes kt", "Mt": "megatons megaton megatonnes",
    "mph": "mph", "km/h": "km/h kph kmh", "°C": "°c celsius degc", "°F": "°f fahrenheit degf",
    "degrees": "degree degrees",
    "bpd": "bpd", "g/km": "g/km", "Mbps": "mbps", "Hz": "hz hertz", "GHz": "ghz", "bushels": "bushel bushels",
    "sq km": "km2 km²", "sq m": "m2 m²", "cu m": "m3 m³", "sq ft": "ft2 ft²", "sq cm": "cm2 cm²",
    "cu cm": "cm3 cm³", "TEU": "teu teus", "psi": "psi", "ksi": "ksi", "kPa": "kpa", "MPa": "mpa",
    "PS": "ps", "Nm": "nm",
}  # fmt: skip
MEASURES = {word: unit for unit, words in _MEASURE_WORDS.items() for word in words.split()}
# Units of one letter that touch their number: "118p", "40C", "3x".
_ATTACHED: dict[str, tuple[str, NumberKind]] = {
    "p": ("pence", "money"), "C": ("°C", "measure"), "F": ("°F", "measure"), "x": ("times", "ratio"),
}  # fmt: skip
_SQUARES = {"square": "sq ", "cubic": "cu ", "metric": "", "nautical": "nautical ", "sq": "sq ", "long": ""}
_ENERGY = frozenset({"mw", "gw", "kw", "t", "m", "g", "l", "in", "ha", "mi", "kt", "gb", "mb", "tb"})

_CODES = (
    "USD|EUR|GBP|JPY|CNY|RMB|KRW|RUB|UAH|INR|AUD|CAD|CHF|SEK|NOK|DKK|MYR|SGD|HKD|NZD|ZAR|BRL|MXN|THB|IDR|PHP|PLN|"
    "AED|TWD|RM|VND|NGN|KES|EGP|SAR|QAR|KWD|ILS|PKR|LKR|BDT|CLP|ARS|UZS|KZT|GEL|CZK|HUF|BGN|XAF|XOF|ETB|TZS|"
    "UGX|GHS|"
    "DZD|IQD|IRR|LBP|SYP|YER|MMK|KHR|LAK|MNT|NPR|AFN|BYN|KPW|Dhs?\\.?|Rp\\.?|KSh"
)
# "R" stands for rand before an amount, and names a road or a model before a short number.
_RAND = r"R(?=[ ]?(?:\d{1,3}(?:,\d{3})+|\d+(?:\.\d+)?[ ]?(?:m|bn|million|billion|trillion)\b|\d+\.\d\d\b))"
_IS_RAND = re.compile(_RAND)
_BEFORE = re.compile(
    rf"(?:(?<![A-Za-z])(?P<code>\$US|{_CODES}|R|Rs\.?|(?:US|AU|CA|HK|NT|NZ)[ ]?\$|[ACSR]\$)"
    r"|(?P<sign>[$€£¥₩₽₴₹₺₫₦₱₪฿₸]))(?:[ \u00a0]?|(?<=[$€£¥])[-−])$|(?<![A-Za-z])(?P<folded>PS)$"
)
# A code printed without a space before its number: "USD10m", "RM23.50", "$US160 million".
# "PS" is the pound sign in news that was folded to ASCII; "PS4" names something.
_FOLDED = r"PS(?=\d[\d,]*(?:\.\d+)?[ ]?(?:m|bn|k|tn|million|billion|trillion)\b|\d+[,.]\d|\d\d)"
ATTACHED_CODE = re.compile(rf"(?:\$US|{_CODES}|{_RAND}|Rs\.?|{_FOLDED})(?=\d)")
# Letters that touch an amount, whatever they stand for: "Dh7,350", "about12,500", "XY4.9 billion".
_TOUCHED = re.compile(r"\d(?<=[A-Za-z.]\d)")
_AMOUNT = re.compile(r"\d{1,3}(?:,\d{3})+(?![\d])|\d+(?:\.\d+)?[ ]?(?:million|billion|trillion|bn)\b")
_MOST_LETTERS = 12
# "816 000 t, worth …", "500 g of": letters that stand alone are a unit only where the phrase ends or goes on so.
_ALONE = re.compile(r"(?=[,;:.)]|\Z|[ ](?:of|per|a|in|at|were|was|and|or|to|from|worth)\b)")
_SPACE = r"[ \u00a0\u202f\t]*(?:\n[ \t]*)?"
_UNIT = re.compile(
    _SPACE + r"(?:-?(?P<share>%|percentage[ -]points?|percent[ -]points?|per[ -]?cent(?:age)?\b|pct\b|pc\b"
    r"|basis[ -]points?|bps\b|bp\b)"
    r"|(?P<sign>[$€£₽₩₴₺₹¥])(?![ ]?\d)"
    r"|-?(?P<word>[A-Za-z°][A-Za-z°²³/]*(?:(?<=[mt])[23](?!\w))?)(?:[ -](?P<second>[A-Za-z]+))?)",
    re.IGNORECASE,
)
_RATE = re.compile(
    _SPACE + r"(?:(?:about|roughly|around|approximately|almost|nearly)\s+)?"
    r"(?:(?:-(?=an?-|per-))?(?P<each>an?|per|each|every|apiece per|for each|for every|in one|in a|/|a single)"
    r"(?:\s+|(?<=/)|-)(?:(?:about|roughly|around|calendar|working|business)\s+)?(?:(?P<count>\d+|two|three|"
    r"four|five|six|seven|ten|single|one)\s+)?"
    r"(?P<base>[a-z]+)|(?P<adverb>monthly|annually|yearly|daily|hourly|weekly|quarterly|apiece|p\.a(?=\.)|pa|"
    r"pcm))\b",
    re.IGNORECASE,
)
_AGO = re.compile(r"[ \n]+(?:ago|earlier|before|later|old)\b")
_RATE_COUNTS = {"two": 2, "three": 3, "four": 4, "five": 5, "six": 6, "seven": 7, "ten": 10}
_ADVERBS = {"monthly": "month", "annually": "year", "yearly": "year", "daily": "day", "weekly": "week",
            "quarterly": "quarter", "apiece": "item", "hourly": "hour", "annual": "year", "p.a": "year",
            "pa": "year", "pcm": "month"}  # fmt: skip
_HEADS = frozenset(
    "soldier troop person head capita worker man woman recruit employee household family student child unit "
    "item "
    "piece barrel tonne ton litre liter gallon kilogram kilo share hectare acre mile kilometer kilometre "
    "ounce pound "
    "room seat passenger vehicle patient pupil ticket bottle bushel megawatt visit trip container resident "
    "voter "
    "ship vessel game match customer user citizen".split()
)


@dataclass(frozen=True)
class Suffix:
    """A unit found after (or before) a number: its name, what sort it is, and where it ends."""

    unit: str
    kind: NumberKind
    end: int


def without_attached_codes(text: str) -> str:
    """The text at the same length with letters blanked where they touch an amount, as currency codes do."""
    pieces: list[str] = []
    at = 0
    for touched in _TOUCHED.finditer(text):
        end = touched.start()
        start, amount = _code_start(text, end), _AMOUNT.match(text, end)
        if start < end:
            pieces += (text[at:start], " " * (end - start))
            at = end
        elif amount is not None and text[end - 1].isalpha():
            pieces += (text[at:end], "x" * (amount.end() - end))
            at = amount.end()
    return "".join([*pieces, text[at:]]) if pieces else text


def _code_start(text: str, end: int) -> int:
    """Where the letters that touch an amount at a place begin; the place itself where they name something."""
    start = end
    while start > max(0, end - _MOST_LETTERS) and (text[start - 1].isalpha() or text[start - 1] in ".$"):
        start -= 1
    if start == end or text[start - 1 : start].isalnum():
        return end
    code = ATTACHED_CODE.match(text, start)
    if code is not None and code.end() == end:
        return start
    parted = text[start - 1 : start] in {"-", "_", "/"} or not text[start:end].isalpha()
    return end if parted or not _AMOUNT.match(text, end) else start


def currency_before(text: str, start: int) -> tuple[str, int] | None:
    """The currency printed straight before a number, and where it starts."""
    nearest = text[max(0, start - 2) : start].rstrip(" \u00a0")[-1:]
    if nearest.islower() and nearest not in "shp":
        return None
    found = _BEFORE.search(text, max(0, start - 6), start)
    if found is None:
        return None
    printed = (found["code"] or found["sign"] or found["folded"]).rstrip(".")
    if printed == "R" and not _IS_RAND.match(text, found.start()):
        return None
    return CURRENCIES[printed.lower().replace(" ", "")], found.start()


def unit_after(text: str, end: int, attached: bool = False) -> Suffix | None:
    """The unit printed after a number: a share, money, a measure or a span of time."""
    found = _UNIT.match(text, end)
    if found is None:
        return None
    if found["sign"]:
        return Suffix(CURRENCIES[found["sign"]], "money", found.end())
    if found["share"]:
        name = found["share"].lower()
        unit = _SHARES.get(name) or _SHARES.get(re.sub(r"[\s-]+", " ", name), "percent")
        return Suffix(unit, "share" if unit == "percent" else "points", found.end())
    return _word_unit(found, attached)


def _word_unit(found: re.Match[str], attached: bool) -> Suffix | None:
    word, second = found["word"].lower(), (found["second"] or "").lower()
    singular = word[:-1] if word.endswith("s") and word != "s" else word
    if len(word) == 3 and found["word"].isupper() and word in CURRENCIES:
        return Suffix(CURRENCIES[word], "money", found.end("word"))
    if word in _CURRENCY_WORDS:
        return Suffix(_CURRENCY_WORDS[word], "money", found.end("word"))
    if (
        second in _CURRENCY_WORDS
        and second not in {"won", "cent", "rand", "dong"}
        and found["word"][0].isupper()
    ):
        known = _NAMED.get(f"{word} {second}", "")
        return Suffix(known or f"{found['word']} {second}", "money", found.end("second"))
    if attached and found["word"] in _ATTACHED:
        unit, kind = _ATTACHED[found["word"]]
        return Suffix(unit, kind, found.end("word"))
    if word in _SQUARES and second in MEASURES:
        return Suffix(_SQUARES[word] + MEASURES[second], "measure", found.end("second"))
    if singular in _TIMES:
        return Suffix(_TIMES[singular], "time", found.end("word"))
    if word in MEASURES and (word not in _ENERGY or attached or found["word"] == word):
        unit = found["word"]
        if unit.lower() in {"m", "t", "g", "l", "in"} and not attached and unit != "m":
            alone = unit != "in" and _ALONE.match(found.string, found.end("word"))
            return Suffix(MEASURES[word], "measure", found.end("word")) if alone else None
        return Suffix(MEASURES[word], "measure", found.end("word"))
    if word == "times" or word == "fold":
        return Suffix("times", "ratio", found.end("word"))
    return None


# "A monthly wage of $2,000", "daily losses of 300 men", "an annual 5,000 rounds": the rate stands first.
_RATE_BEFORE = re.compile(
    r"\b(?P<each>hourly|daily|weekly|monthly|quarterly|yearly|annual)(?:[ ](?:[a-z-]+[ ]){0,2}(?:wages?|"
    r"salar(?:y|ies)|pay|"
    r"income|earnings|output|production|budget|revenues?|fees?|rent|costs?|spending|expenditures?|quotas?|"
    r"caps?|limits?|"
    r"rations?|exports|imports|sales|turnover|volumes?|averages?|losses|tolls?|allowances?|stipends?|bonus(?:es)?|"
    r"payments?|capacit(?:y|ies)|consumption|deliver(?:y|ies)|shipments?|supplies|trade|profits?|intake|"
    r"subsid(?:y|ies)|"
    r"premiums?|contributions?|casualties|fuel|aid|grants?|loss|demand|supply|yield|harvest|catch|throughput)"
    r"(?:[ ](?:(?:which|that)[ ])?(?:of|at|is|was|are|were|to|worth|total(?:s|l?ed|l?ing)|averag(?:es|ed|ing)|"
    r"reach(?:es|ed|ing)|"
    r"exceed(?:s|ed|ing)|amount(?:s|ed|ing)[ ]to|st(?:ands|ood)[ ]at|rose[ ]to|fell[ ]to|com(?:es|ing)[ ]to|"
    r"set[ ]at))?"
    r"(?:[ ](?:put|estimated|valued|set)[ ]at)?)?[ ]\Z",
    re.IGNORECASE,
)
_EACH = {**_ADVERBS, "hourly": "hour"}


def rate_before(text: str, start: int) -> str:
    """The time base of a number by the words before it, as in "a monthly wage of"; "" where there is none."""
    first = max(0, start - 72)
    if text.find("ly ", first, start) < 0 and text.find("nual ", first, start) < 0:
        return ""
    found = _RATE_BEFORE.search(text, first, start)
    return _EACH[found["each"].lower()] if found is not None else ""


def rate_after(text: str, end: int) -> tuple[str, float, int] | None:
    """A rate after a number's phrase: its base, how many of it, and where it ends.

    "a month" → ("month", 1), "about every 10 days" → ("day", 10), "per worker" → ("worker", 1).
    """
    found = _RATE.match(text, end)
    if found is None:
        return None
    if found["adverb"]:
        return _ADVERBS[found["adverb"].lower()], 1.0, found.end()
    word = found["base"].lower()
    if found["count"] and found["each"].lower() in {"a", "an"}:
        return None
    singular = word[:-1] if word.endswith("s") else word
    base = _TIMES.get(singular) or (singular if singular in _HEADS else "")
    each = found["each"].lower()
    if not base and each == "per":
        base = singular
    if _AGO.match(text, found.end()):
        return None
    if not base or (each in {"in one", "in a"} and base not in DAYS):
        return None
    count = (found["count"] or "1").lower()
    number = float(count) if count.isdigit() else float(_RATE_COUNTS.get(count, 1))
    if number == 0:
        return None
    return ("person" if base in {"head", "capita"} else base), number, found.end()
