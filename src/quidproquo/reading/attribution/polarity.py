"""Whether a figure is asserted, denied, unconfirmed or only supposed, by the words that govern it."""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass

from quidproquo.reading.attribution.record import Attribution
from quidproquo.reading.record import Modality, Polarity
from quidproquo.reading.sentences import Span

__all__ = ["Standing", "standing"]


@dataclass(frozen=True)
class Standing:
    """How a figure stands: `modality` is "unknown" where it is unconfirmed, else None."""

    polarity: Polarity = "asserted"
    modality: Modality | None = None


_ASSERTED = Standing()
_DENIED = Standing("denied")
_SUPPOSED = Standing("counterfactual")
_OPEN = Standing("unconfirmed", "unknown")
# A clause is shorter than this; looking no further keeps reading linear.
_FAR = 400

_NOT = r"(?:not|never|n['’]t|cannot|no longer|hardly|neither|nor|nowhere(?! near\b))"
_CLAIM = (
    r"(?:(?:the|a|an|any|all|such|these|those|as|media|press|recent|earlier|western|foreign|its|his|her|"
    r"their|\w+['’]s|"
    r"baseless|false|untrue|reports? of|[a-z]+ed)\s+){0,5}"
    r"(?:reports?|claims?|allegations?|accusations?|suggestions?|assertions?|rumou?rs?|figures?|estimates?|"
    r"numbers?|"
    r"statements?|notion|idea|charges?|speculation|stor(?:y|ies)|tolls?|counts?|losses|involvement|reporting|talk|"
    r"tales?|insinuations?|versions?|accounts?)\b"
)
# What a report is called by those who deny it.
_FALSEHOOD = (
    r"(?:false(?:hoods?)?|untrue|untruths?|baseless|groundless|unfounded|fabricat(?:ed|ions?)|nonsens(?:e|ical)|"
    r"fake|bogus|lies?|invent(?:ed|ions?)|ficti(?:on|tious)|hoax(?:es)?|fantas(?:y|ies)|myths?|rubbish|absurd|"
    r"ridiculous|ludicrous|laughable|propaganda|disinformation|misinformation|slander|smears?|wrong|incorrect|"
    r"inaccurate|exaggerat(?:ed|ions?)|made up|far-fetched|fairy tales?|not true|"
    r"without (?:any )?(?:foundation|basis|merit|substance))"
)
# What may stand between a frame and the figure in it: no new clause beside the one that the frame opens.
_UP_TO = (
    r"(?:(?!,\s*(?:but|while|whereas|though|although|and|which|who|said|so)\b|"
    r"\b(?:after|before|when|because|since|although|though)\b)[^;:—?]){0,200}$"
)
_BOUNDARY = re.compile(
    r"[;:—–()?!]|,\s|\b(?:that|who|which|when|while|whereas|after|before|because|since|although|though|if|unless|"
    r"whether|where|how|why|but|until|so|as|then)\b",
    re.IGNORECASE,
)
_NOT_NEGATING = (
    r"(?!\s*(?:only|just|merely|simply|least|fewer|less|more|until|because|long|to mention|counting|"
    r"including)\b)"
)
_NEGATED = re.compile(
    rf"\b(?:is|are|was|were|has|have|had|do|does|did|will|would|could|can|should|may|might|must|ca|wo)?\s*{_NOT}\b"
    rf"{_NOT_NEGATING}(?P<verb>.*)$",
    re.IGNORECASE | re.DOTALL,
)
# Verbs that leave their object standing when they are negated: "did not prevent 40 deaths".
_PRESUPPOSING = re.compile(
    r"\s*(?:\w+ly\s+)?(?:prevent|stop|respon|repl|comment|elaborat|specif|identif|name|mention|forg|"
    r"hesitat|attend|appear|"
    r"mind|disclos|explain|give|provid|answer|surpris|care|matter|deter|spare|want|need|like|work|feel|"
    r"speak|meet|met|"
    r"affect|change|includ|count|return|survive|recover|pay|paid|exceed|surpass)\w*\b",
    re.IGNORECASE,
)
_LACKING = re.compile(
    r"\b(?:fail(?:s|ed|ing|ures?)? to|inability to|nowhere near(?=\s\w+ing)|yet to|refus(?:es|ed|ing) to|"
    r"declin(?:es|ed|ing) to|unable to|"
    r"stopp?(?:ed|s)? short of|"
    r"far from|without(?! (?:counting|including|mentioning|naming|pay))|instead of|rather than|no plans? to|"
    r"no intention of|not going to|none of)\s(?P<verb>.*)$",
    re.IGNORECASE | re.DOTALL,
)
# What somebody fails to stop or to tell has happened: "failed to stop 40 lorries".
_UNSTOPPED = re.compile(
    r"\s*(?:\w+ly\s+)?(?:prevent|stop|halt|avert|avoid|notic|mention|disclos|report|respon|explain|deter|account|"
    r"includ|count|identif|name|spot|see|warn|tell|protect|punish|prosecut|arrest)\w*\b",
    re.IGNORECASE,
)
_UNMADE = re.compile(
    r"^[^,;:]{0,80}?\b(?:(?:do|does|did|is|are|was|were|has|have|had|will|would)\s*(?:not|n['’]t)|"
    r"never|simply do not|no longer)\s+"
    r"(?:\w+ly\s+|been\s+|be\s+|ever\s+|yet\s+|actually\s+)*(?:exist\w*|happen\w*|occurr?\w*|"
    r"take place|taken place|took place|true|"
    r"sent|deployed|shipped|kill(?:ed)|lost|transferred|delivered|supplied|built|fired|there|real|arrived|"
    r"crossed|left|arrive|"
    r"cross|leave)\b"
    r"|^[^,;:]{0,60}?\b(?:is|are|was|were)\s+(?:\w+ly\s+)?(?:untrue|false|baseless|wrong|fabricated|fake|"
    r"fiction|invented|"
    r"incorrect|a lie|lies|nonsense|not true)\b"
    r"|^[^;:]{0,80}?\b(?:turned out to be|proved)\s+(?:false|untrue|wrong|baseless)\b",
    re.IGNORECASE,
)
_DENY = re.compile(
    rf"(?P<not>\b{_NOT}\s+(?:\w+ly\s+)?)?\b(?:den(?:y|ies|ied|ying)|reject(?:s|ed|ing)?|dismiss(?:es|ed|ing)?|"
    rf"refut(?:es?|ed|ing)|rebut(?:s|ted)?|disput(?:es?|ed|ing)|disavow(?:s|ed)?|debunk(?:s|ed)?|"
    rf"ridicul(?:es?|ed|ing)|mock(?:s|ed|ing)?|contradict(?:s|ed|ing)?|"
    r"scoff(?:s|ed|ing)? at|(?:shrug(?:s|ged|ging)?|laugh(?:s|ed|ing)?|brush(?:es|ed|ing)?|wav(?:es?|ed|ing)) "
    r"(?:off|aside|away)|rul(?:es?|ed|ing) out)\b"
    rf"(?:\s+as\s+(?:[\w-]+\s+){{0,3}}?[\w-]+(?=\s+{_CLAIM}))?"
    rf"(?:\s+(?:that\b|\w+ing\b|{_CLAIM}|it\b|he\b|she\b|they\b|there\b|ever\b)){_UP_TO}",
    re.IGNORECASE,
)
_UNTRUE = re.compile(
    rf"\b(?:{_NOT}\s+(?:\w+ly\s+)?(?:true|correct|the case|right|accurate|so)\s+that|(?:untrue|false|"
    rf"a lie|nonsense|wrong|"
    rf"incorrect|fiction|a myth)\s+(?:to say\s+|to claim\s+)?that|no truth (?:to|in)|falsely (?:claim|"
    rf"stat|report|sa|alleg)\w*|"
    rf"(?:false|fake|fabricated|bogus|baseless|untrue|unfounded|debunked)\s+{_CLAIM}|"
    rf"as\s+(?:an?\s+)?(?:[\w-]+\s+)?{_FALSEHOOD}\s+{_CLAIM}|contrary to\s+{_CLAIM}\s+(?:that|of)\b(?=[^,]*$)|"
    rf"(?:do|does|did)\s*(?:not|n['’]t)\s+(?:believe|think|accept|agree|see)(?:\s+that|\s+there|"
    rf"\s+it)?)\b{_UP_TO}",
    re.IGNORECASE,
)
_CONFIRM = (
    r"(?:confirm\w*|verif\w+|corroborat\w+|substantiat\w+|authenticat\w+|prove[ns]?|comment on|"
    r"ascertain(?:ed)?|establish(?:ed)?|be drawn on|back up|"
    r"rule out|ruled out|exclude|vouch for|say|said|know|knew|determine|claim|suggest|endorse|disclose)"
)
_UNSURE = re.compile(
    rf"\b(?:(?:no|little|scant|without|lack of|lacks|insufficient)\s+(?:[\w-]+\s+){{0,3}}?(?:evidence|"
    rf"proof|indications?|signs?|traces?|word|news|reports?|mention|hint|"
    rf"confirmation|information|record|reason to believe|basis for)\b(?:\s+[\w-]+){{0,3}}?\s+(?:that|of|"
    rf"to|for|showing|suggesting|indicating|about|on)\b|"
    rf"(?:nobody|no one|none of \w+|{_NOT}|unable to|declin\w+ to|"
    rf"refus\w+ to|yet to|in no position to|"
    rf"without|stopped short of)\s+(?:(?:been\s+)?(?:able|possible|in a position)\s+to\s+|"
    rf"\w+\s+){{0,2}}?{_CONFIRM}\b(?:ing)?(?!\s+(?:when|where|why|who|"
    rf"how|what)\b)|nothing\s+(?:to\s+)?"
    rf"(?:suggest|indicate|show|prove|support|confirm|verif|corroborat|back|substantiat|point)\w*|"
    rf"neither\s+confirm\w*\s+nor\s+den\w+|"
    rf"(?:unclear|unknown|uncertain|not (?:\w+ly )?(?:clear|known|certain|confirmed))\b|"
    rf"(?<!no )(?<!little )doubt(?:s|ed|"
    rf"ful)?\s+(?:that|whether|if)|"
    rf"(?:doubts?|doubted|doubting|questions?|questioned|challenged?|doubt on|doubts about)\s+(?:{_CLAIM}|"
    rf"whether)|"
    rf"(?:sceptical|skeptical|(?:not|n['’]t) aware|unaware|no knowledge|knows? nothing|"
    rf"knew nothing)\s+(?:that|of|about)|"
    rf"(?:unconfirmed|unverified|unsubstantiated|unproven|uncorroborated)\s+{_CLAIM}|whether\b|"
    rf"asked\s+(?:\w+\s+){{0,3}}if\b|"
    rf"(?:remains?|remained) to be (?:seen|confirmed|verified)|{_NOT}\s+(?:deny|denied|dispute|disputed)){_UP_TO}",
    re.IGNORECASE,
)
_AFTERWARDS = re.compile(
    r"^[^;:.?!]{0,120}?,?\s*\b(?:a|an|the|though|but|which|claims?|reports?|figures?|that|this|it|"
    r"and)?\s*(?:\w+\s+){0,4}?"
    r"(?:(?:could|can|has|have|had|was|were|is|are)\s*(?:not|n['’]t)\s+(?:be\s+|been\s+)?(?:immediately\s+|"
    r"independently\s+|yet\s+)*"
    r"(?:be\s+|been\s+)?(?:\w+ly\s+)?(?:confirm|verif|corroborat|substantiat|check|establish|ascertain)\w+|"
    r"cannot be (?:\w+ly )?(?:confirm|verif)\w+)",
    re.IGNORECASE,
)
_CONDITION = re.compile(
    r"(?:\b(?:if|unless|in case|in the event|provid(?:ed|ing) that|"
    r"(?<=, )provided(?= (?:it|he|she|they|we|the)\b)|"
    r"assuming(?! (?:command|office|power|control|charge|responsibility|the (?:post|role)))|"
    r"suppos(?:e|ing)|as though|"
    r"lest|should it|were it|imagin(?:e|ing)|what if)\b(?! not\b)|"
    r"(?:^|[“\"])\s*(?-i:Had|Were|Should)\s+\w+|,\s(?:had|were)\s+(?:the|a|an|it|he|she|they|we)\b)[^,;:?]*$",
    re.IGNORECASE,
)
_CONDITIONAL = re.compile(
    r"\b(?:if|unless|in case|in the event (?:that|of)|in case of|but for|provided that|"
    r"assuming)\b(?! (?:not|any|anything|so)\b)|"
    r"(?:^|[“\"])\s*(?:without|otherwise|"
    r"had|were|should)\b|\botherwise\b",
    re.IGNORECASE,
)
_MODAL = re.compile(r"\b(?:would|could|might|will|['’]ll|shall|may)\b", re.IGNORECASE)
_WOULD_HAVE = re.compile(
    r"\b(?:would|could|might|should)(?:\s*(?:not|n['’]t|never|also|easily))?\s+have\b", re.IGNORECASE
)
_QUESTION = re.compile(r"\?[”\"’')\]]*\s*$")


def standing(text: str, span: Span, number: Span, around: Sequence[Attribution]) -> Standing:
    """How a figure of a sentence stands; `around` are the attributions around it, outermost first."""
    first = max(_outset(text, span, around), number[0] - _FAR)
    before = text[first : number[0]].replace("\n", " ")
    after = text[number[1] : min(span[1], number[1] + _FAR)].replace("\n", " ")
    if _QUESTION.search(text, max(span[0], span[1] - 6), span[1]) and not around:
        return _OPEN
    if not any(sign in before or sign in after for sign in _HINTS) and not _HINTED.search(
        before + " " + after
    ):
        return _ASSERTED
    if _NOT_ONLY.search(before) and _ONLY.match(text, number[0]):
        return _ASSERTED
    before = _SETTLED.sub(" ", _PARENTHESIS.sub(" ", before))
    found = _framed(before) or _judged_later(before, after) or _own_clause(before, after)
    found = found or _supposed(text, span, number, around)
    if found is not None:
        return found
    return _OPEN if _AFTERWARDS.match(after) else _ASSERTED


_NOT_ONLY = re.compile(r"\bnot\s+$", re.IGNORECASE)
_ONLY = re.compile(r"(?:only|just|merely|simply)\b", re.IGNORECASE)
_PARENTHESIS = re.compile(r",\s(?:as|however|in fact|of course|contrary to)\b[^,]{0,40},", re.IGNORECASE)
# Two denials assert: "nobody doubts that …", "not a day passes without …".
_SETTLED = re.compile(
    r"\b(?:(?:nobody|no one|no-one|few)\s+(?:\w+ly\s+)?(?:den(?:y|ies|ied)|disput(?:es?|ed)|doubt(?:s|ed)?|"
    r"question(?:s|ed)?|contest(?:s|ed)?)|(?:cannot|can\s*(?:not|n['’]t)|could\s*(?:not|n['’]t))\s+be\s+(?:denied|"
    r"disputed|doubted|questioned)|no\s+(?:longer\s+)?(?:any\s+)?(?:\w+\s+)?(?:denying|disputing|question|"
    r"doubt)|without\s+(?:any\s+|an?\s+)?"
    r"(?:doubt|question|exception|exaggeration)|no(?:t an?)?\s+\w+\s+(?:passe[sd]|goes by|went by)\s+without|"
    r"beyond\s+(?:all\s+|any\s+|a\s+)?(?:doubt|dispute|question))\b",
    re.IGNORECASE,
)
_CALLED = re.compile(
    rf"\b(?:call|label|brand|describ|term|dub|consider)\w*\s+{_CLAIM}{_UP_TO}", re.IGNORECASE
)
_FALSE = re.compile(rf"^[^,;:]{{0,80}}\b{_FALSEHOOD}\b", re.IGNORECASE)
_CLAIMED = re.compile(rf"\b{_CLAIM}\s+(?:that|of)\b{_UP_TO}", re.IGNORECASE)
_REFUSED = re.compile(
    r"^[^;:]{0,100}\b(?:was|were|has been|have been|had been|is|are)\s+(?:\w+ly\s+)?"
    r"(?:denied|rejected|dismissed|refuted|debunked|retracted|withdrawn)\b"
    rf"|^[^;:]{{0,100}}\b(?:was|were|has been|have been|had been|is|are)\s+(?:\w+ly\s+)?(?:an?\s+|nothing but\s+)?"
    rf"(?:(?:pure|complete|utter|total|sheer|mere|plain|pack of|malicious|crude|cheap)\s+)?{_FALSEHOOD}\b"
    r"|^[^;:]{0,100}\b(?:(?:has|have|had)\s+no|lack(?:s|ed)(?:\s+any)?)\s+(?:basis|foundation|merit|substance)\b",
    re.IGNORECASE,
)


def _judged_later(before: str, after: str) -> Standing | None:
    """By what follows: "called reports of 40 dead false", "the rumour that 40 men fled was denied"."""
    if (_CALLED.search(before) and _FALSE.match(after)) or (
        _CLAIMED.search(before) and _REFUSED.match(after)
    ):
        return _DENIED
    return None


_HINTS = ("n't", "n’t", "?")
_HINTED = re.compile(
    r"\b(?:not|never|no|nor|neither|nothing|nobody|cannot|none|without|if|unless|had|were|should|would|"
    r"could|might|whether|provid\w+|assum\w+|"
    r"suppos\w+|in case|event|otherwise|lest|den(?:y|ies|ied|ying)|reject\w*|dismiss\w*|refut\w*|"
    r"rebut\w*|disput\w*|disavow\w*|"
    r"debunk\w*|untrue|false\w*|fake|fabricated|bogus|baseless|unfounded|wrong|incorrect|lies?|nonsense|"
    r"myth|little|scant|"
    r"lacks?|insufficient|unable|declin\w*|refus\w*|yet|stopped|un\w+|doubt\w*|question\w*|challenge\w*|"
    r"sceptical|skeptical|"
    r"remain\w*|fail\w*|instead|rather|far|hardly|though|nowhere|inability|ridicul\w*|mock\w*|contradict\w*|"
    r"contrary|imagin\w+|ruled|cancel\w*|scrap\w*|abandon\w*|shelv\w*|drop\w*|call\w*|thwart\w*|foil\w*|block\w*|"
    r"rul\w+|check\w*|scoff\w*|shrug\w*|laugh\w*|brush\w*|wav(?:es?|ed|ing)|"
    rf"{_FALSEHOOD})\b",
    re.IGNORECASE,
)


def _framed(before: str) -> Standing | None:
    """By a frame before the figure: "denied that …", "no evidence that …", "it is not true that …"."""
    unsure = _UNSURE.search(before)
    denial = _DENY.search(before)
    untrue = _UNTRUE.search(before)
    if unsure is not None and (denial is None or unsure.start() <= denial.start()) and untrue is None:
        return _OPEN
    if denial is not None:
        return _OPEN if denial["not"] else _DENIED
    return _DENIED if untrue is not None else None


def _own_clause(before: str, after: str) -> Standing | None:
    """By a negation in the clause of the figure: "has not sent 40 crates", "the 40 crates do not exist"."""
    start = 0
    for mark in _BOUNDARY.finditer(before):
        start = mark.end()
    before = before[start:]
    if _UNMADE.match(after):
        return _DENIED
    joined = before.rfind(" and ")
    if joined >= 0 and _is_subject(after):
        before = before[joined + 5 :]
    negated = _NEGATED.search(before)
    if _UNDONE.search(before):
        return _DENIED
    if _PART_OF.search(before):
        return None
    if negated is not None and not _PRESUPPOSING.match(negated["verb"]):
        return _DENIED
    if _NOBODY.search(before) and not _DEFINITE.search(before):
        return _DENIED
    if _NO_SUBJECT.search(before) or _NONE_OF.search(before) or _NO_SET.search(before):
        return _DENIED
    lacking = _LACKING.search(before)
    if lacking is None or _DEFINITE.search(before) or _UNSTOPPED.match(lacking["verb"]):
        return None
    return _DENIED


_SUBJECT = re.compile(
    r"^(?:\s+[\w’'-]+){0,5}?\s+(?:is|are|was|were|has|have|had|will|would|died|came|went|fell|left|crossed|"
    r"arrived|[a-z]+ed)\b"
)


_NO_SUBJECT = re.compile(
    r"\b(?:no(?! (?:doubt|evidence|more|fewer|less|longer|later|matter|secret|sign|proof|one knows))|"
    r"neither|none of)\s+"
    r"(?:[\w’'-]+\s+){1,4}?(?:has|have|had|was|were|did|will|would|ever|lost|sent|took|bought|"
    r"sold|made|gave|got|won|saw|held|built|paid|shot|fled|struck|hit|left|[a-z]+ed)\s",
    re.IGNORECASE,
)
# "Nobody in the town had seen 22 carts", but not "nobody was hurt by 22 carts".
_NOBODY = re.compile(
    r"\b(?:nobody|no one|no-one)\s+(?:[\w’'-]+\s+){0,5}?(?:has|have|had|did|will|would|ever|saw|got|took|"
    r"made|sent|lost|"
    r"sold|bought|gave|[a-z]+ed)\s(?!.*\b(?:by|with|of|from|in|at|among|on)\s+(?:the\s+)?$)",
    re.IGNORECASE,
)
# "Cancelled the delivery of 22 carts", "abandoned plans to buy 22 carts".
_UNDONE = re.compile(
    r"\b(?:cancel(?:s|l?ed|l?ing)?|scrap(?:s|ped|ping)?|abandon(?:s|ed|ing)?|shelv(?:es?|ed|ing)|drop(?:s|"
    r"ped|ping)?|"
    r"call(?:s|ed|ing)? off|thwart(?:s|ed|ing)?|foil(?:s|ed|ing)?|block(?:s|ed|ing)?)\s+(?:[\w’'-]+\s+){0,3}?"
    r"(?:plans?|deliver(?:y|ies)|shipments?|transfers?|sales?|orders?|purchases?|exports?|attempts?|"
    r"efforts?|bids?)\s+"
    r"(?:of|to|for)\b[^,;:]{0,60}$",
    re.IGNORECASE,
)
_NONE_OF = re.compile(
    r"\b(?:none|not one|not a single one|neither|not any)\s+of\s+(?:\w+\s+)?$", re.IGNORECASE
)
# "No shipment of 40 cranes", "not a single convoy with 25 lorries".
_NO_SET = re.compile(
    r"\b(?:no(?! (?:doubt|more|fewer|less|longer|later|matter|secret|one|other)\b)|not (?:a|one|a single)|nor any|"
    r"neither)\s+(?:[\w’'-]+\s+){1,3}?"
    r"(?:of|with|carrying|worth|involving|comprising|numbering|totall?ing|containing|holding|bearing)\s+"
    r"(?:(?:about|around|some|roughly|up to|at least|more than|over|nearly|almost|the|its|their|those|"
    r"an estimated)"
    r"\s+){0,2}$",
    re.IGNORECASE,
)
# The figure belongs to a thing that stands: "won't return the loan of 40 million".
_PART_OF = re.compile(
    r"\b(?:the|this|that|its|their|his|her)\s+(?:\w+\s+){1,3}(?:of|worth)\s+$", re.IGNORECASE
)
_DEFINITE = re.compile(r"\b(?:the|these|those|its|their|his|her)\s+$", re.IGNORECASE)


def _is_subject(after: str) -> bool:
    """Whether the figure is the subject of a verb that follows."""
    return _SUBJECT.match(after) is not None


def _supposed(text: str, span: Span, number: Span, around: Sequence[Attribution]) -> Standing | None:
    """By a condition: in its clause, or with "would" beside one."""
    start, end = _innermost(span, number[0], around)
    start, end = max(start, number[0] - _FAR), min(end, number[1] + _FAR)
    opening = text[start : number[0]]
    if _CONDITION.search(opening):
        return _SUPPOSED
    marks = [mark.end() for mark in _BOUNDARY.finditer(opening)]
    after = _BOUNDARY.search(text, number[1], end)
    clause = text[start + (marks[-1] if marks else 0) : after.start() if after else end]
    if _WOULD_HAVE.search(clause):
        return _SUPPOSED
    if _MODAL.search(clause) and _CONDITIONAL.search(text[start:end]):
        return _SUPPOSED
    return None


def _outset(text: str, span: Span, around: Sequence[Attribution]) -> int:
    """Where the words that bear on a figure begin: at the outermost speaker, or at her words before that."""
    if not around or around[0].source is None:
        return span[0]
    starts = [part[0] for part in (around[0].source, *around[0].content)]
    first = max(span[0], min(starts))
    return span[0] if _is_claim(text, around[0]) else first


_NOUN = re.compile(rf"{_CLAIM}\Z", re.IGNORECASE)


def _is_claim(text: str, attribution: Attribution) -> bool:
    """Whether a noun names somebody's words, so that what stands before it bears on them: "the mayor's claim"."""
    source, cue = attribution.source, attribution.cue
    if source is None or cue is None or _NOUN.search(text[cue[0] : cue[1]]) is None:
        return False
    return (
        cue[0] < source[0]
        or text[source[1] : source[1] + 1] in "'’"
        or text[: source[1]].endswith(("'s", "’s"))
    )


def _innermost(span: Span, at: int, around: Sequence[Attribution]) -> Span:
    """The innermost content around a position, or the sentence."""
    for attribution in reversed(around):
        for part in attribution.content:
            if part[0] <= at < part[1]:
                return part
    return span
