"""How speakers other than the author are told from words around a statement."""

from __future__ import annotations

import re

from quidproquo.reading.attribution.clauses import TRAILING
from quidproquo.reading.attribution.record import Attribution

__all__ = [
    "AS_OF",
    "DOER",
    "ELSEWHERE",
    "ISSUED",
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
    r"\b(?:could|(?-i:may)|might|should|must|would|will|can|(?<!able )(?<!spoken )(?<!spoke )(?<!talked )to|"
    r"needs? to|cannot|can't|can’t)\s+"
    r"(?:(?:[a-z]+ly|also|never|soon|still|even|now)\s+)?$",
    re.IGNORECASE,
)
DOCUMENT = re.compile(
    r"\b(?:reports?|stud(?:y|ies)|data|polls?|surveys?|figures|statistics|documents?|records?|images?|"
    r"imagery|photos?|photographs?|pictures?|footage|analysis|analyses|"
    r"estimates?|assessments?|intelligence|evidence|research|article|paper|letter|memo|video|agency|"
    r"ministry|government|officials?|he|she|they|tall(?:y|ies)|counts?|accounts?|sources?|reporting|calculations?|filings?|"
    r"experts?|analysts?|researchers?|scientists?|investigat\w+|databases?|registry|register|maps?|charts?|index|census|"
    r"archives?|logs|invoices|contracts?|manifests?|ledgers?|transcripts?|indictment|[A-Z][\w’'-]+)$|^(?i:(?:.*?\b)?(?:research|figures|data|reports?|records?|images?|"
    r"imagery|photos?|photographs?|pictures?|footage|estimates?|documents?|statistics|stud(?:y|ies)|polls?|surveys?|evidence|"
    r"analysis) (?:from|by|of|for|on|in|"
    r"released|reviewed|published|taken|seen|obtained|compiled|shared|leaked|gathered|collected|cited|held)\b|"
    r"intelligence (?:from|shared|gathered|passed)\b)"
)
IMPERSONAL = re.compile(
    r"(?:this|that|it|these|those|which|what|you|anybody|anyone|everybody|everyone|somebody|someone|nobody|"
    r"no one|let)\b|(?:the )?following\b",
    re.IGNORECASE,
)
# Cues that say nothing of who speaks: a thing shows it.
SHOWN = frozenset(
    "show shows showed shown prove proves proved illustrate illustrates illustrated depict depicts "
    "depicted suggest "
    "suggests suggested indicate indicates indicated reflect reflects reflected reveal reveals "
    "revealed confirm".split()
)
# Cues with which "it" is somebody: "it said", not "it shows".
ASSERTED = frozenset(
    "said says added adds announced reported reports told claimed claims warned estimated estimates "
    "confirmed stated "
    "cites cited quotes quoted acknowledged denied declared believes believed assessed assesses put "
    "puts insisted".split()
)
# Verbs that judge a thing: how it is described is the author's.
_EVALUATING = re.compile(r"(?:calls|called|calling|blast(?:s|ed)?|slam(?:s|med)?)$")
# A share of those who were asked is no speaker: "47 percent of voters", "less than a third".
_SHARE = re.compile(
    r"(?:[\w-]+ ){0,3}?(?:\d[\d.,]*\s?(?:%|percent|per cent|pct)|(?:percent|per cent)\b|"
    r"(?:a |one[ -]|two[ -]|three[ -])(?:third|half|quarter|fifth)s?\b(?: of\b|$)|half\b(?: of\b|$))",
    re.IGNORECASE,
)
UNCONFIRMED = re.compile(
    r"\b(?:would|could|can|will|did|does|do)\s*(?:not|n['’]t|never|neither)\s+(?:\w+ly\s+|immediately\s+)?$"
)
WITHHELD = frozenset("declined declines refused refuses decline refuse".split())
WITHHOLDING = re.compile(
    r"to (?:confirm|verify|say|comment|deny|rule out|disclose|reveal|discuss|specify|acknowledge)\b"
)
JUDGED = frozenset(
    "believes believe believed thinks think thought expects expect expected suspects suspect suspected "
    "fears fear feared reckons reckon doubts doubt doubted considers found discovered determined "
    "calculated concluded "
    "see sees understands".split()
)
PROMISED = frozenset(
    "vowed vows pledged pledges promised promises threatened threatens urged urges demanded demands warned "
    "promising pledging vowing threatening".split()
)
SUBJECT = re.compile(
    r"((?:[A-Z][\w’'-]*|[a-z]+s)(?:\s(?!last\b|this\b|on\b|in\b|have\b|has\b|"
    r"released\b|was\b|were\b|are\b|is\b|had\b)[a-z]+){0,4}?)\s(?:last|this|on|in|have|has|[a-z]+ed)\b"
)


# A document that names nobody, and who acts at the beginning of a sentence: it is the statement of that one.
ISSUED = re.compile(
    r"an? (?:(?:news|press|written|joint|short|brief|public|official) )?"
    r"(?:statement|release|post|letter|memo|filing)(?: (?:on|in|late|early|last|this|dated|published|released|"
    r"issued) [\w ,]{1,40}| [A-Z][a-z]+day)?",
    re.IGNORECASE,
)
DOER = re.compile(
    r"(?P<who>(?:The )?(?:[A-Z][\w.’'-]*)(?: (?:[A-Z][\w.’'-]*|of|for|and|the)){0,6}?) "
    r"(?:has |have |had |will |would |also )*[a-z]+(?:ed|t|nt|ss|ve|se|ld|es|w|n|y)\b"
)
LATER_SUBJECT = re.compile(r",\s*(?:the )?((?:[A-Z][\w’'-]*\s?)+)")
AS_OF = re.compile(r"\bas of\s+(?:the\s+)?$", re.IGNORECASE)
# A date behind a figure that tells when another thing was done: "20 jets under two orders placed since 2020".
ELSEWHERE = re.compile(
    r"[^,;]*\b(?:under|from|by|with|through|in|as part of)\s(?:\w+\s){1,5}(?:placed|signed|made|"
    r"agreed|begun|[a-z]+ed)\s+"
    r"(?:since|in|on|before|after|during)?\s*(?:the\s+)?$"
)
SINCE = re.compile(r"\bsince\s+((?:\S+\s+){0,8}\S+)", re.IGNORECASE)


# "Are believed by mid-January to …": no agent.
_WHEN = re.compile(
    r"\d|\b(?:mid|early|late|end|then|now|today|yesterday|tomorrow|spring|summer|autumn|winter|week|month|year|night|"
    r"noon|January|February|March|April|May|June|July|August|September|October|November|December|[A-Z][a-z]+day|"
    r"chance|mistake|accident|all|many|most|some)\b"
)


def speaks(text: str, attribution: Attribution, cue: str) -> bool:
    """Whether an attribution makes its source a speaker: not if it is only supposed, wanted or meant."""
    start = attribution.cue[0] if attribution.cue else 0
    before, word = text[max(0, start - 24) : start], cue.lower()
    if attribution.sort == "according":
        return True
    if MODAL.search(before) and not UNCONFIRMED.search(text, max(0, start - 24), start):
        return False
    if word.endswith("ing") and not _relays(before, word):
        return False
    source = text[attribution.source[0] : attribution.source[1]] if attribution.source else ""
    if _SHARE.match(source) is not None:
        return False
    if IMPERSONAL.match(source) and not (source.lower() == "it" and word in ASSERTED):
        return False
    if _EVALUATING.match(word) and attribution.kind == "indirect" and attribution.cue is not None:
        return re.search(r"\bthat\b", text[attribution.cue[1] : attribution.content[-1][0]]) is not None or (
            text.startswith("for ", attribution.content[-1][0])
        )
    if attribution.sort == "show" and word in SHOWN:
        return DOCUMENT.search(source.partition(",")[0]) is not None
    if attribution.sort == "think":
        # "Are believed by the ministry to …": whoever is named for it speaks.
        agent = word.startswith(("is ", "are ", "was ", "were ", "been ")) and _WHEN.search(source) is None
        return word in JUDGED or agent
    if attribution.sort == "want":
        return word in PROMISED or (word in WITHHELD and _withholds(text, attribution))
    return True


def _withholds(text: str, attribution: Attribution) -> bool:
    """Whether somebody declines to confirm something, not to do it."""
    start, end = attribution.content[0]
    return WITHHOLDING.match(text, start, end) is not None


def _relays(before: str, cue: str) -> bool:
    """Whether a participle brings in somebody who speaks: "citing a lawmaker", "as saying", ", adding that"."""
    return (
        cue in {"citing", "quoting", "referring to"}
        or cue in TRAILING
        or cue in PROMISED
        or re.search(r"\bas\s+$", before) is not None
    )


def negated(text: str, attribution: Attribution) -> bool:
    """Whether a denial is itself denied: "did not deny"."""
    if attribution.cue is None:
        return False
    before = text[max(0, attribution.cue[0] - 12) : attribution.cue[0]].lower()
    return re.search(r"\b(?:not|never|n't|n’t)\s+$", before) is not None
