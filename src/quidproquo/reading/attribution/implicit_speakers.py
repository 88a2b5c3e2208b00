"""How speakers other than the author are told from words around a statement."""

from __future__ import annotations

import re

from quidproquo.reading.attribution.find import Attribution

__all__ = [
    "LATER_SUBJECT",
    "OF_TIME",
    "OPINION",
    "PASSIVE",
    "PLEDGE",
    "REPORTEDLY",
    "SINCE",
    "STUDIES",
    "SUBJECT",
    "negated",
    "speaks",
]

OF_TIME = re.compile(r",\s+of\s+(?:the time from\s+)?")
REPORTEDLY = re.compile(r"\breportedly\b", re.IGNORECASE)
PASSIVE = re.compile(
    r"\b(?:is|are|was|were) (?:widely |also |generally )?(?:believed|thought|said|reported|understood|"
    r"rumou?red|estimated|feared|assumed) (?:to|that)\b",
    re.IGNORECASE,
)
STUDIES = re.compile(
    r"\bwith ((?:some |many |several )?[a-z]+(?: [a-z]+)?) (?:saying|estimating|suggesting|showing|putting|"
    r"claiming|indicating)\b",
    re.IGNORECASE,
)
OPINION = re.compile(
    r"\b(?:of|percent of|per cent of) (?:the )?((?:[A-Z]?[\w’'-]+ ){0,3}?(?:public|respondents|people|"
    r"adults|voters|citizens|[A-Z]\w+ns)\b)[^.;]{0,20}?\b(?:described|said|say|saw|see|viewed|view|"
    r"considered|consider|favou?red|opposed|supported|felt|believed|believe|thought|worr\w+|oppose|favou?r|"
    r"support|approve\w*)\b"
)
PLEDGE = re.compile(
    r"\b(?:[Dd]espite|[Bb]roke|[Aa]gainst) (?:its|their|his|her) (?:own )?(?:pledge|promise|vow|plan|"
    r"commitment)\b"
)


MODAL = re.compile(
    r"\b(?:could|may|might|should|must|would|will|can|to|needs? to|cannot|can't|can’t)\s+$", re.IGNORECASE
)
DOCUMENT = re.compile(
    r"\b(?:reports?|stud(?:y|ies)|data|polls?|surveys?|figures|statistics|documents?|records?|images?|"
    r"imagery|photos?|footage|analysis|analyses|"
    r"estimates?|assessments?|intelligence|evidence|research|article|paper|letter|memo|video|agency|"
    r"ministry|government|officials?|he|she|they|[A-Z][a-z]+)$"
)
IMPERSONAL = re.compile(r"(?:this|that|it|these|those|which|what)\b|(?:the )?following\b", re.IGNORECASE)
SPOKEN = frozenset("said says say reported reports".split())
JUDGED = frozenset(
    "believes believe believed thinks think thought expects expect expected suspects suspect suspected "
    "fears fear feared reckons reckon doubts doubt considers".split()
)
PROMISED = frozenset(
    "vowed vows pledged pledges promised promises threatened threatens urged urges demanded demands warned".split()
)
SUBJECT = re.compile(
    r"((?:[A-Z][\w’'-]*|[a-z]+s)(?:\s(?!last\b|this\b|on\b|in\b|have\b|has\b|"
    r"released\b)[a-z]+){0,4}?)\s(?:last|this|on|in|have|has|[a-z]+ed)\b"
)


LATER_SUBJECT = re.compile(r",\s*(?:the )?((?:[A-Z][\w’'-]*\s?)+)")
SINCE = re.compile(r"\bsince\s+((?:\S+\s+){0,8}\S+)", re.IGNORECASE)


def speaks(text: str, attribution: Attribution, cue: str) -> bool:
    """Whether an attribution makes its source a speaker: not if it is only supposed, wanted or meant."""
    start = attribution.cue[0] if attribution.cue else 0
    before = text[max(0, start - 14) : start]
    if MODAL.search(before) or (cue.lower().endswith("ing") and not _relays(before, cue)):
        return False
    source = text[attribution.source[0] : attribution.source[1]] if attribution.source else ""
    if attribution.sort == "show":
        return DOCUMENT.search(source) is not None or cue.lower() in SPOKEN
    if attribution.sort == "think":
        return cue.lower() in JUDGED
    if attribution.sort == "want":
        return cue.lower() in PROMISED
    return not IMPERSONAL.match(source)


def _relays(before: str, cue: str) -> bool:
    """Whether a participle brings in somebody who is cited: "citing a lawmaker", "quoted a lawmaker as saying"."""
    return cue.lower() in {"citing", "quoting"} or re.search(r"\bas\s+$", before) is not None


def negated(text: str, attribution: Attribution) -> bool:
    """Whether a denial is itself denied: "did not deny"."""
    if attribution.cue is None:
        return False
    before = text[max(0, attribution.cue[0] - 12) : attribution.cue[0]].lower()
    return re.search(r"\b(?:not|never|n't|n’t)\s+$", before) is not None
