"""The words of a sentence, and what sort of word each one is."""

from __future__ import annotations

import re
from operator import itemgetter
from typing import NamedTuple

from quidproquo.reading.attribution.cues import NOUN_LIKE, VERBS
from quidproquo.reading.attribution.quotes import Quotation
from quidproquo.reading.sentences import Span

__all__ = [
    "APPROXIMATE",
    "AUX",
    "BREAKS",
    "CONJUNCTIONS",
    "DASHES",
    "DETERMINERS",
    "NEGATIONS",
    "PLURALS",
    "PREPOSITIONS",
    "PRONOUNS",
    "QUOTED",
    "RELATIVES",
    "TIMES",
    "Token",
    "is_adverb",
    "is_finite",
    "is_number",
    "is_past",
    "is_plural",
    "lower_of",
    "tokens_of",
]


class Token(NamedTuple):
    """A word or mark, or a whole quotation, with its span and its lower case."""

    text: str
    start: int
    end: int
    lower: str


lower_of = itemgetter(3)
QUOTED = "\x00"
DASHES = frozenset({"—", "–"})
BREAKS = frozenset({",", ";", ":", "—", "–", "(", ")"})
CONJUNCTIONS = frozenset(
    "and but or nor while as because although though if when since so that which where after before until "
    "unless whereas than whether how why what".split()
)
RELATIVES = frozenset("who which that".split())
MONTHS = frozenset(
    "january february march april may june july august september october november december".split()
)
TIMES = MONTHS | frozenset(
    "monday tuesday wednesday thursday friday saturday sunday yesterday today tomorrow earlier later last "
    "this recently again also then now night morning afternoon evening week month year tonight once "
    "repeatedly publicly privately late early next spring summer autumn winter".split()
)
PREPOSITIONS = frozenset(
    "in on at during to by via from with without after before for through of about into against over under "
    "following upon amid when while as outside inside near between among despite since until ahead alongside "
    "because".split()
)
# Prepositions that stand before a number and belong to it.
APPROXIMATE = frozenset("about around between over under up at near above below from some".split())
DETERMINERS = frozenset(
    "the a an his her its their my your our this that these those no any some such another each every".split()
)
PRONOUNS = frozenset("he she they it we i you who".split())
NEGATIONS = frozenset("not n't never neither nor cannot hardly".split())
AUX = frozenset(
    "is are was were be been being am has have had do does did will would can could may might must should "
    "shall not n't never cannot isn't aren't wasn't weren't hasn't haven't hadn't don't doesn't didn't won't "
    "wouldn't can't couldn't shouldn't isn’t aren’t wasn’t weren’t hasn’t haven’t hadn’t don’t doesn’t "
    "didn’t won’t wouldn’t can’t couldn’t shouldn’t neither".split()
) | {"able to"}
PLURALS = frozenset(
    "police people media data troops many others most both some men women staff majority minority half crew "
    "number families military".split()
)
# Past forms that don't end in "ed".
_PARTICIPLES = frozenset(
    "seen known given driven chosen stolen shown sworn spoken written fallen hidden flown drawn "
    "thrown broken".split()
)
_PAST_FORMS = frozenset(
    "began begun bore became bet bought brought broke built came caught chose cost cut dealt drew drove ate "
    "fell felt fought fled flew forbade forgot froze gave got went gone grew had held hid hit kept knew laid "
    "led left lent lay lost made met paid put ran rang read rose said sank saw sold sent set shook shot shut "
    "sat slept spent split spoke spread stood stole struck swept swore swung taken took taught tore thought "
    "threw told understood woke wore won wrote ran overran withdrew burnt dug fed hung rode wound".split()
)
# Finite forms that don't end in "ed".
_PASTS = _PAST_FORMS | frozenset(
    "remains seems becomes stands wants continues runs says goes has does makes takes gives gets "
    "comes holds keeps".split()
)
_ADVERBS = re.compile(
    r".+ly$|^(?:also|then|later|now|still|even|once|often|never|always|first|again|further|just|previously|"
    r"so|far|soon|already|not|earlier|too|both|all|have|instead)$"
)
_LY_NOUNS = frozenset(
    "family ally supply reply tally assembly july daily weekly monthly fly rally ugly".split()
)
_TOKEN = re.compile(
    # Plain words first: most tokens are.
    r"[A-Z]?[a-z]++(?![\w’'.$%-])|,|"
    r"[$€£]?\d{1,3}(?:,\d{3})+(?:\.\d+)?[%\w]*"
    r"|(?:[A-Za-z]\.){2,}|(?:Mr|Mrs|Ms|Dr|Gen|Lt|Col|Sen|Rep|Gov|St|Jr|Sr|Prof|Adm|Maj|Capt|Sgt|Rev|Brig|"
    r"Cmdr|Ops|Inc|Co|Corp|Ltd|No|al|Jan|Feb|Aug|Sept|Oct|Nov|Dec)\."
    r"|</?[a-z]+>"
    r"|[A-Za-z0-9$€£][\w’'.$%-]*[\w%]|[\w$%]|--+|[^\w\s]"
)
# Several words that work as one cue: the lower case of the first, the others, and what they stand for.
_MERGED: dict[str, tuple[tuple[tuple[str, ...], str], ...]] = {
    "point": ((("out",), "point out"),),
    "points": ((("out",), "points out"),),
    "pointed": ((("out",), "pointed out"),),
    "pointing": ((("out",), "pointing out"),),
    "with": ((("reference", "to"), "citing"),),
    "referring": ((("to",), "citing"),),
    "on": ((("the", "authority", "of"), "citing"),),
    "as": ((("per",), "according to"),),
    "according": ((("to",), "according to"), (("the",), "according to")),
    "speaks": ((("of",), "speaks of"),),
    "spoke": ((("of",), "spoke of"),),
    "speak": ((("of",), "speak of"),),
    "set": ((("out",), "set out"),),
    "able": ((("to",), "able to"),),
}


# One word of each, seldom enough to spare most sentences a closer look.
_TELLING = frozenset("able out reference referring authority per according speak speaks spoke (".split())


def tokens_of(text: str, span: Span, quotes: list[Quotation]) -> list[Token]:
    """Words and marks of a sentence, with each quotation as one token."""
    tokens: list[Token] = []
    at = span[0]
    for quote in quotes:
        if quote.end - quote.start < 4 or _is_mention(text, quote):
            continue
        start, end = max(quote.start, span[0]), min(quote.end, span[1])
        if start > at:
            tokens.extend(_words(text, at, start))
        if end > max(start, at):
            tokens.append(Token(QUOTED, max(start, at), end, QUOTED))
            at = end
    tokens.extend(_words(text, at, span[1]))
    return _merged(tokens)


def _is_mention(text: str, quote: Quotation) -> bool:
    """Whether a quotation is a name or a word, as in 'the “Azov” brigade': it closes without a mark of its own."""
    return (
        quote.closed
        and quote.end - quote.start < 40
        and text[quote.end - 2] not in ",.!?…"
        and text.count(" ", quote.start, quote.end) < 2
        and text[quote.start + 1].isupper()
    )


def _words(text: str, start: int, end: int) -> list[Token]:
    found: list[Token] = []
    new, append = tuple.__new__, found.append
    for match in _TOKEN.finditer(text, start, end):
        word = match[0]
        first, last = match.span()
        if word.islower() or word == "WHO":
            append(new(Token, (word, first, last, word)))
        elif word[0] == "-":
            alone = first > start and text[first - 1].isspace() and text[last : last + 1].isspace()
            sign = "—" if len(word) > 1 or alone else word
            append(Token(sign, first, last, sign))
        elif word[0] != "<" or len(word) == 1:
            append(new(Token, (word, first, last, word.lower())))
    return found


def _merged(tokens: list[Token]) -> list[Token]:
    """The tokens with cues of several words as one, and without acronyms in brackets."""
    if _TELLING.isdisjoint(map(lower_of, tokens)):
        return tokens
    found: list[Token] = []
    at = 0
    while at < len(tokens):
        token = tokens[at]
        if token.text == "(" and _is_acronym(tokens, at):
            at += 3
            continue
        for others, meaning in _MERGED.get(token.lower, ()):
            stop = at + 1 + len(others)
            if tuple(item.lower for item in tokens[at + 1 : stop]) == others:
                token = Token(token.text, token.start, tokens[stop - 1].end, meaning)
                at = stop - 1
                break
        found.append(token)
        at += 1
    return found


def _is_acronym(tokens: list[Token], at: int) -> bool:
    """Whether "(ISW)" stands here: it names again what stands before it."""
    inside = tokens[at + 1 : at + 3]
    return (
        len(inside) == 2 and inside[1].text == ")" and inside[0].text[0].isalpha() and len(inside[0].text) > 1
    )


def is_adverb(word: str) -> bool:
    """Whether a word (in lower case) can stand between a subject and its verb."""
    return word not in _LY_NOUNS and _ADVERBS.match(word) is not None


def is_number(token: Token) -> bool:
    """Whether a token begins a number in digits."""
    return token.text[0].isdigit() or (len(token.text) > 1 and token.text[0] in "$€£")


def is_past(word: str) -> bool:
    """Whether a word (in lower case) is a past form or a participle by its form."""
    return (word.endswith("ed") and len(word) > 3) or word in _PAST_FORMS or word in _PARTICIPLES


def is_plural(token: Token) -> bool:
    """Whether a noun looks plural."""
    word = token.lower
    return word in PLURALS or (
        word.endswith("s") and not word.endswith(("'s", "’s", "ss", "us", "is", "gas"))
    )


_OF_NOUNS = frozenset("of by from for in on".split())


def is_finite(tokens: list[Token], index: int) -> bool:
    """Whether a word is the finite verb of a clause, as far as its form tells."""
    word = tokens[index].lower
    if word in AUX:
        return True
    if not tokens[index].text.islower():
        return False
    previous = tokens[index - 1] if index else None
    if previous is not None and (previous.lower in DETERMINERS or previous.lower.endswith(("'s", "’s"))):
        return False
    if word in _PASTS:
        return True
    if word.endswith("ed"):
        if index + 1 < len(tokens) and tokens[index + 1].lower == "by":
            return False
        return previous is not None and previous.lower not in PREPOSITIONS
    if word in NOUN_LIKE and index + 1 < len(tokens) and tokens[index + 1].lower in _OF_NOUNS:  # "reports of"
        return False
    return word in VERBS and word.endswith("s") and previous is not None and not is_plural(previous)
