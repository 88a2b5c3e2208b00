"""Words that deny, leave open or bound what stands near them: what an offer's sense is checked against.

For figures in English the rules decide. Here are denials around propositions in English, and denials and
comparisons in the languages whose digits `numerals` reads. A word too many costs a proposal, which is shown; a
word too few would let a dropped "not" through.
"""

from __future__ import annotations

import re
from typing import Literal, TypeAlias

from quidproquo.reading.attribution.hedges import reach
from quidproquo.reading.llm.numerals import RULED
from quidproquo.reading.sentences import Span
from quidproquo.terms.vocabulary import NumericComparison

__all__ = ["KNOWN", "Sense", "comparison_of", "is_negative", "sense_of", "surroundings"]

Sense: TypeAlias = Literal["asserted", "denied", "open"]


def _whole(words: str) -> re.Pattern[str]:
    return re.compile(rf"(?<!\w)(?:{words})(?!\w)", re.IGNORECASE)


def _part(words: str) -> re.Pattern[str]:
    return re.compile(words)


# What nobody vouches for: supposed, asked, unconfirmed.
_OPEN = {
    "en": _whole(
        r"if|unless|whether|suppos(?:e|ing)|assuming|hypothetical\w*|were (?:it|he|she|they|the \w+) to|in case|"
        r"(?:would|could|might|should) (?:not |never )?have|had (?:it|he|she|they|the \w+) (?:not )?\w+ed|"
        r"(?:no|little|scant|without|any|lacks?|insufficient) (?:\w+ ){0,2}?(?:evidence|proof|indications?|signs?|"
        r"confirmation)|unconfirmed|unverified|unproven|unsubstantiated|unclear|unknown|uncertain|"
        r"(?<!no )doubt\w*|question(?:s|ed)|"
        r"(?:not|n['’]t|cannot|never|unable to|declin\w+ to|refus\w+ to|neither) (?:\w+ ){0,2}?(?:confirm|verif|"
        r"corroborat|substantiat|say|know|comment)\w*|remains? to be \w+"
    ),
    "ru": _whole(r"если|бы|б|ли|якобы|будто|неизвестно|неясно|не подтвер\w+"),
    "uk": _whole(r"якщо|якби|би|б|чи|нібито|невідомо|неясно|не підтвер\w+"),
    "de": _whole(r"wenn|falls|sofern|ob|wäre\w*|hätte\w*|würde\w*|unbestätigt\w*|unklar|angeblich\w*"),
    "fr": _whole(r"si|s['’]ils?|\w{2,}rai(?:t|ent)|non confirmée?s?|incertain\w*"),
    "es": _whole(r"si|habrían?|serían?|hubiera\w*|fuera\w*|sin confirmar|supuestamente"),
    "ko": _part(r"만약|만일|다면|라면|여부|미확인|불분명|확인되지|확인하지"),
    "ja": _part(r"もし|ならば|れば|かどうか|未確認|不明|確認され(?:てい)?ない"),
    "zh": _part(r"如果|假如|假设|倘若|若(?!干)|是否|未经证实|未經證實|不明|不清楚"),
}  # fmt: skip
_DENIAL = {
    "en": _whole(
        r"not(?! (?:only|just|merely|simply|least|fewer than|less than|more than)\b)|\w+n['’]t|cannot|"
        r"never|neither|nor|none|nobody|no one|nothing|no(?! (?:doubt|fewer|less|more than|later)\b)|without|"
        r"hardly|den(?:y|ies|ied|ying|ials?)|reject\w*|dismiss\w*|refut\w*|disput\w*|debunk\w*|disavow\w*|"
        r"rebut\w*|contradict\w*|false|falsely|untrue|baseless|fabricated|fake|unfounded|nonsense|myth|"
        r"yet to|fail(?:s|ed)? to|failure to|refus\w+ to|declin\w+ to|unable to|far from|instead of|rather than"
    ),
    "ru": _whole(
        r"не(?! (?:менее|меньше|более|больше|только|ниже|выше)\b)|нет|ни|никак\w*|никогда|никто|ничего|нельзя|без|"
        r"невозможно|опров\w+|отриц\w+|отверг\w+|отказал\w+|лож\w+"
    ),
    "uk": _whole(
        r"не(?! (?:менше|менш|більше|більш|лише|тільки)\b)|немає|нема|ні|жод\w+|ніколи|ніхто|нічого|без|неможливо|"
        r"спрост\w+|запереч\w+|відкин\w+|відмов\w+|хибн\w+"
    ),
    "de": _whole(
        r"nicht(?! (?:nur|weniger|mehr als)\b)|nichts|niemand|kein\w*|nie|niemals|weder|noch nie|ohne|"
        r"bestritt\w*|bestreit\w*|dementier\w*|zurückgewiesen|zurückweis\w*|wies\w*|leugne\w*|falsch\w*|unwahr\w*"
    ),
    "fr": _whole(
        r"ne|n['’]\w+|non|pas(?! (?:moins|plus de|seulement)\b)|jamais|aucun\w*|sans|ni|personne|"
        r"nie|nient|niée?s?|nia|démen\w+|rejet\w+|réfut\w+|faux|fausses?"
    ),
    "es": _whole(
        r"no(?! (?:menos de|más de|s[oó]lo|solamente)\b)|nunca|jamás|ning[uú]n\w*|sin|ni|nadie|nada|tampoco|"
        r"neg(?:ó|aron|aba\w*|ado|ar)|niegan?|desm(?:int|ent|ient)\w+|rechaz\w+|refut\w+|fals\w+"
    ),
    "ko": _part(r"않|아니|아닌|못하|못했|없|부인|부정했|부정하|거부|반박|일축|거짓|허위|(?<!\S)(?:안|못) "),
    "ja": _part(r"(?<!少)な(?:い|く|かった)|ません|せず|否定|否認|拒否|反論|虚偽|未(?!来)"),
    "zh": _part(
        r"不(?!仅|僅|但|少|断|斷|久|过|過|同|只|止|管|超|低|下)|没(?!收)|沒(?!收)|未(?!来|來)|无(?!人机|线)|無(?!人機|線)|"
        r"否认|否認|否定|拒绝|拒絕|驳斥|駁斥|虚假|虛假|谣言|謠言"
    ),
}
# What says the contrary of something without a negation: an offered "proposition_false" may rest on it.
_CONTRARY = _whole(
    r"clos(?:e[sd]?|ing|ure)|shut\w*|stop\w*|halt\w*|end(?:s|ed|ing)?|ceas\w+|suspend\w*|suspension|cancel\w*|abandon\w*|"
    r"withdr[ae]w\w*|refus\w*|oppos\w*|block\w*|prevent\w*|bann?(?:ed|s)?|prohibit\w*|lack\w*|absen\w+|fail\w*|broke\w*|"
    r"violat\w+|against|still|remain\w*|unchanged|impossible|lost|loses?|declin\w*|fell|drop\w*"
)

_FLOOR: NumericComparison = "at_least"
_CEILING: NumericComparison = "at_most"
_MORE: NumericComparison = "more_than"
_LESS: NumericComparison = "less_than"
_ABOUT: NumericComparison = "about"
# Words right before a number. The order tells: "не менее" comes before "менее".
_BEFORE: dict[str, tuple[tuple[str, NumericComparison], ...]] = {
    "ru": (("не менее|не меньше|как минимум|минимум|по меньшей мере|по крайней мере", _FLOOR),
           ("не более|не больше|максимум|до", _CEILING), ("более|больше|свыше", _MORE), ("менее|меньше", _LESS),
           ("около|примерно|порядка|приблизительно|почти", _ABOUT)),
    "uk": (("не менше|не менш ніж|щонайменше|принаймні|мінімум", _FLOOR),
           ("не більше|не більш ніж|щонайбільше|максимум|до", _CEILING),
           ("понад|більше|більше ніж|більш ніж|більш як", _MORE), ("менше|менше ніж|менш ніж|менш як", _LESS),
           ("близько|приблизно|майже|орієнтовно", _ABOUT)),
    "de": (("mindestens|wenigstens|zumindest|nicht weniger als", _FLOOR),
           ("höchstens|maximal|bis zu|nicht mehr als", _CEILING), ("mehr als|über", _MORE),
           ("weniger als|unter", _LESS), ("rund|etwa|ca\\.|circa|ungefähr|fast|knapp", _ABOUT)),
    "fr": (("au moins|pas moins de|pas moins d['’]|au minimum", _FLOOR),
           ("au plus|au maximum|jusqu['’]à|pas plus de|pas plus d['’]", _CEILING), ("plus de|plus d['’]", _MORE),
           ("moins de|moins d['’]", _LESS), ("environ|près de|quelque|autour de|presque", _ABOUT)),
    "es": (("al menos|por lo menos|como mínimo|no menos de", _FLOOR),
           ("hasta|como máximo|a lo sumo|no más de", _CEILING), ("más de", _MORE), ("menos de", _LESS),
           ("unos|unas|cerca de|alrededor de|aproximadamente|casi", _ABOUT)),
    "ko": (("최소|최소한|적어도", _FLOOR), ("최대|많게는|최고", _CEILING), ("약|대략|거의", _ABOUT)),
    "ja": (("少なくとも|最低でも|最低", _FLOOR), ("最大で|最大|最高|多くても", _CEILING),
           ("約|およそ|おおよそ|ほぼ", _ABOUT)),
    "zh": (("至少|不少于|不少於|不低于|不低於|不下", _FLOOR), ("最多|至多|不超过|不超過", _CEILING),
           ("超过|超過|逾|多于|多於|高于|高於", _MORE), ("不到|少于|少於|低于|低於|不足", _LESS),
           ("约|約|大约|大約|近|将近|接近", _ABOUT)),
}  # fmt: skip
# Words behind a number, after at most a counter of four characters.
_AFTER: dict[str, tuple[tuple[str, NumericComparison], ...]] = {
    "ko": (("이상", _FLOOR), ("이하|까지", _CEILING), ("초과|넘는|넘게|넘은|넘었", _MORE), ("미만", _LESS),
           ("가량|정도|안팎|여|남짓", _ABOUT)),
    "ja": (("以上", _FLOOR), ("以下|まで", _CEILING), ("超|を超え|を上回", _MORE), ("未満|足らず|弱", _LESS),
           ("程度|ほど|前後|余り|あまり", _ABOUT)),
    "zh": (("以上", _FLOOR), ("以下|以内|以內", _CEILING), ("左右|上下|余|餘|多", _ABOUT)),
}  # fmt: skip
_NEAR = 40
_BOUND_BEFORE = {
    language: [(re.compile(rf"(?<!\w)(?:{words})\s*$" if language not in _AFTER else rf"(?:{words})\s*$",
                           re.IGNORECASE), meant) for words, meant in table]
    for language, table in _BEFORE.items()
}  # fmt: skip
_BOUND_AFTER = {
    language: [(re.compile(rf"\s?\w{{0,4}}?\s?(?:{words})"), meant) for words, meant in table]
    for language, table in _AFTER.items()
}
_STOP = re.compile(r"[.!?…]+[\"”»’)\]]*(?=\s)|[。！？]|\n\s*\n")
_RELATIVE = re.compile(r",\s*(?:who|which|whose|where)\b[^,;]*,")
_QUESTION = re.compile(r"[?？][\"”»’)\]]*\s*$")

KNOWN = frozenset(_BEFORE)
"""Languages with words that deny and compare, besides those that the rules read."""


def surroundings(text: str, quote: Span) -> Span:
    """The stretch around a quote up to the ends of sentences, in any language."""
    start = 0
    for mark in _STOP.finditer(text, 0, quote[0]):
        start = mark.end()
    after = _STOP.search(text, max(quote[0], quote[1] - 1))
    return start, after.end() if after else len(text)


def sense_of(text: str, sentence: Span, quote: Span, language: str) -> Sense | None:
    """Whether words around a quote deny it or leave it open; None in a language without such words here.

    Of an English sentence the main clauses that the quote touches count, without relative clauses outside it.

    >>> text = "The mayor said that the bridge has not been opened."
    >>> sense_of(text, (0, len(text)), (20, len(text)), "en")
    'denied'
    """
    table = "en" if language in RULED else language
    if table not in _DENIAL:
        return None
    start, end = sentence
    if table == "en":
        first, last = reach(text, sentence, quote[0]), reach(text, sentence, max(quote[0], quote[1] - 1))
        start, end = min(first[0], quote[0]), max(last[1], quote[1])
    words = text[start:end].replace("\n", " ")
    if table == "en":
        for aside in _RELATIVE.finditer(words):
            if start + aside.end() <= quote[0] or start + aside.start() >= quote[1]:
                words = words[: aside.start()] + " " * len(aside[0]) + words[aside.end() :]
    if _OPEN[table].search(words) or _QUESTION.search(words):
        return "open"
    return "denied" if _DENIAL[table].search(words) else "asserted"


def is_negative(words: str) -> bool:
    """Whether English words say the contrary of something without denying it: "closed", "stopped"."""
    return _CONTRARY.search(words) is not None


def comparison_of(text: str, number: Span, language: str) -> NumericComparison | None:
    """What the words next to a number make of it in a language of `KNOWN`; None if there are none that we know.

    >>> comparison_of("не менее 3 000 солдат", (9, 14), "ru")
    'at_least'
    """
    before, after = text[max(0, number[0] - _NEAR) : number[0]], text[number[1] : number[1] + _NEAR]
    for pattern, meant in _BOUND_AFTER.get(language, ()):
        if pattern.match(after):
            return meant
    for pattern, meant in _BOUND_BEFORE.get(language, ()):
        if pattern.search(before):
            return meant
    return None
