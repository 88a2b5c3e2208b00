"""The clause around a cue: its tokens, the source before it, the content on both sides."""

from __future__ import annotations

import re
from typing import NamedTuple

from quidproquo.reading.attribution.cues import PASSIVES, VERBS, WANTS
from quidproquo.reading.attribution.quotes import Quotation
from quidproquo.reading.sentences import Span

__all__ = [
    "QUOTED",
    "TRAILING",
    "Token",
    "content_after",
    "content_before",
    "inverted",
    "is_verb",
    "quote_after",
    "source_before",
    "subject",
    "tokens_of",
    "trimmed",
    "until_dash",
]


class Token(NamedTuple):
    """A word or mark, or a whole quotation, with its span and its lower case."""

    text: str
    start: int
    end: int
    lower: str


_TOKEN = re.compile(
    r"(?:[A-Za-z]\.){2,}|(?:Mr|Mrs|Ms|Dr|Gen|Lt|Col|Sen|Rep|Gov|St|Jr|Sr|Prof|Adm|Maj|Capt|Sgt|Rev)\.|"
    r"</?[a-z]+>"
    r"|[A-Za-z0-9$€£][\w’'.$%-]*[\w%]|[\w$%]|[^\w\s]"
)
QUOTED = "\x00"

_BREAK = frozenset({",", ";", ":", "—", "–", "(", ")", "-"})
CONJUNCTIONS = frozenset(
    "and but or while as because although though if when since so that which where after before until "
    "unless whereas".split()
)
_TIMES = frozenset(
    "monday tuesday wednesday thursday friday saturday sunday yesterday today tomorrow earlier later last "
    "this recently again also then "
    "now sunday night morning afternoon evening week month year tonight once repeatedly publicly privately "
    "late".split()
)
PREPOSITIONS = frozenset(
    "in on at during to by via from with after before for through of about into against over under "
    "following upon amid "
    "when while as outside inside near between among".split()
)
_DETERMINERS = frozenset(
    "the a an his her its their my your our this that these those no any some such another each every".split()
)
_CLAUSAL = frozenset(
    "believe believes believed think thinks thought expect expects expected hope hopes hoped fear fears "
    "feared doubt doubts doubted suspect suspects suspected "
    "feel feels felt realize realized assume assumes assumed anticipate anticipates anticipated estimate "
    "estimates estimated considers consider considered "
    "predict worried worry prefers prefer preferred understands regret regrets regretted resent favors "
    "favor favours opposes oppose welcomed welcomes".split()
)
TRAILING = frozenset(
    "saying adding noting arguing claiming warning telling suggesting insisting stating alleging explaining "
    "asserting declaring".split()
)
_PRONOUNS = frozenset("he she they it we i you who".split())
_AUX = frozenset(
    "is are was were be been being am has have had do does did will would can could may might must should "
    "not n't never also has".split()
)
_LISTENERS = frozenset("me him her us them you reporters lawmakers journalists".split())
_ADVERBS = re.compile(
    r".+ly$|^(?:also|then|later|now|still|even|once|often|never|always|first|again|further|just|previously|"
    r"so|soon|already|not)$"
)
_ADDRESSEE = frozenset(
    "told tell tells telling informed assured reminded advised warned notified asked".split()
)


def tokens_of(text: str, span: Span, quotes: list[Quotation]) -> list[Token]:
    """Words and marks of a sentence, with each quotation as one token."""
    tokens: list[Token] = []
    at = span[0]
    for quote in quotes:
        if quote.end - quote.start < 4:
            continue
        start, end = max(quote.start, span[0]), min(quote.end, span[1])
        if start > at:
            tokens.extend(_words(text, at, start))
        if end > max(start, at):
            tokens.append(Token(QUOTED, max(start, at), end, QUOTED))
            at = end
    tokens.extend(_words(text, at, span[1]))
    return tokens


def _words(text: str, start: int, end: int) -> list[Token]:
    return [
        Token(word, match.start(), match.end(), word.lower())
        for match in _TOKEN.finditer(text, start, end)
        if (word := match[0])[0] != "<" or len(word) == 1
    ]


def trimmed(tokens: list[Token], first: int) -> Span | None:
    """The span from a token to the end of the sentence, without marks at its ends."""
    last = len(tokens) - 1
    while first <= last and tokens[first].text in {",", ";", ":", "—", "."}:
        first += 1
    while last >= first and tokens[last].text in {".", ",", ";", "!", "?"}:
        last -= 1
    return (tokens[first].start, tokens[last].end) if first <= last else None


def is_verb(tokens: list[Token], index: int) -> bool:
    """Whether a cue form is a finite verb here, not a noun or a participle in a noun phrase."""
    word = tokens[index].lower
    previous = tokens[index - 1].lower if index else ""
    if tokens[index].text[0].isupper():
        return False
    if previous in _DETERMINERS or previous in {"of", "in", "with", "for", "by", "on"}:
        return False
    if previous == "as" and word in PASSIVES and _ends_clause(tokens, index):
        return False
    if word.endswith("ing") and previous not in _AUX and previous not in {",", ""}:
        return False
    if previous in {"is", "are", "was", "were", "been", "be"} and not word.endswith("ing"):
        return word in PASSIVES
    if previous == "to" and word not in {"say", "tell"}:
        return index > 1 and tokens[index - 2].lower in VERBS
    return not (
        word
        in {
            "like",
            "back",
            "call",
            "plan",
            "report",
            "claim",
            "view",
            "figure",
            "press",
            "state",
            "note",
            "point",
            "need",
            "concern",
        }
        and previous not in {"they", "we", "i", "you", "who", "officials", "analysts", "experts"}
    )


def _ends_clause(tokens: list[Token], index: int) -> bool:
    """Whether a mark follows: "as reported, …" names nobody."""
    return index + 1 == len(tokens) or tokens[index + 1].text in _BREAK | {"."}


def until_dash(tokens: list[Token], first: int) -> list[Token]:
    """The tokens up to the closing dash, where the source follows an opening one."""
    if first == 0 or tokens[first - 1].text not in {"—", "–"}:
        return tokens
    closing = next((at for at in range(first, len(tokens)) if tokens[at].text in {"—", "–"}), len(tokens))
    return tokens[:closing]


def source_before(tokens: list[Token], index: int) -> tuple[int, Span | None]:
    """The noun phrase before a cue: the index of its first token, and its span."""
    last = index - 1
    while last >= 0 and (tokens[last].lower in _AUX or _ADVERBS.match(tokens[last].lower)):
        last -= 1
    if last < 0 or tokens[last].text == QUOTED:
        return last + 1, None
    end = last
    if tokens[last].text == "," and last > 1:
        # an apposition: "Ana Lima, an analyst at the institute, said"
        opening = last - 1
        while opening > 0 and tokens[opening].text not in {",", QUOTED, ";"}:
            opening -= 1
        if (
            tokens[opening].text == ","
            and opening > 0
            and last - opening > 1
            and tokens[opening - 1].text[:1].isalpha()
        ):
            last = opening - 1
            end = index - 2
        else:
            return index, None
    if tokens[last].lower in _PRONOUNS:
        return last, (tokens[last].start, tokens[last].end)
    first = last
    while (
        first > 0
        and tokens[first - 1].text not in {",", ";", ":", "—", "–", QUOTED, "(", ")", "”"}
        and tokens[first - 1].lower not in CONJUNCTIONS
    ):
        first -= 1
    end = max(end, last)
    return first, (tokens[first].start, tokens[end].end)


def subject(tokens: list[Token], index: int) -> Span | None:
    """The subject of a sentence that ends with "…, saying it would help": what stands before its first verb."""
    if tokens[0].lower in CONJUNCTIONS | PREPOSITIONS:
        return None
    for at, token in enumerate(tokens[: min(index, 10)]):
        if token.text in _BREAK or token.text == QUOTED:
            return None
        verb = (
            token.lower in _AUX
            or token.lower in VERBS
            or (token.lower.endswith("ed") and token.text.islower())
        )
        if at > 0 and verb and tokens[at - 1].lower not in _DETERMINERS:
            return tokens[0].start, tokens[at - 1].end
    return None


def content_before(tokens: list[Token], first: int, *, inserted: bool = False) -> Span | None:
    """What stands before the source, if a comma or a quotation parts them."""
    if first <= 0:
        return None
    gap = tokens[first - 1]
    if gap.text == QUOTED:
        return (tokens[0].start, gap.end)
    if gap.text == "," and inserted and first >= 3 and tokens[0].lower not in CONJUNCTIONS | PREPOSITIONS:
        return tokens[0].start, tokens[first - 2].end
    if gap.text == "," and first >= 4:
        quoted = tokens[first - 2].text == QUOTED
        return (tokens[0].start, tokens[first - 2].end) if quoted or first >= 5 else None
    return None


def content_after(tokens: list[Token], index: int, sort: str) -> Span | None:
    """The complement of a cue: after "that", a quotation, or at once; past an adjunct where one comes first."""
    at = index + 1
    if at >= len(tokens):
        return None
    token = tokens[at]
    if tokens[index].lower in _ADDRESSEE:
        return _after_addressee(tokens, at)
    if token.lower == "for" and [t.lower for t in tokens[at + 1 : at + 4]] in (
        ["the", "first", "time"],
        ["the", "second", "time"],
    ):
        return trimmed(tokens, at + 4)
    if token.lower == "that" or (token.text == ":" and at + 1 < len(tokens)):
        return trimmed(tokens, at + 1)
    if token.text in {",", ".", ";"}:
        return quote_after(tokens, at) if _goes_on(tokens, at) is None else trimmed(tokens, at + 1)
    wanted = tokens[index].lower in WANTS and token.lower in {"to", "for"}
    adjunct = token.lower in _TIMES or (token.lower in PREPOSITIONS and not wanted)
    if adjunct:
        return _past_adjunct(tokens, at)
    if sort in {"want", "think"} and not _complements(tokens, at, sort):
        return None
    return trimmed(tokens, at)


def _past_adjunct(tokens: list[Token], at: int) -> Span | None:
    """What follows "on Monday", "in a letter to the board", "during the talks": that …, a colon, a quotation."""
    for later in range(at, min(len(tokens), at + 24)):
        token = tokens[later]
        if token.text == QUOTED:
            return trimmed(tokens, later)
        if token.text == ":" or (token.lower == "that" and later > at):
            return trimmed(tokens, later + 1)
        if token.text == "." and later + 1 == len(tokens):
            break
    return None


def _goes_on(tokens: list[Token], at: int) -> int | None:
    """For a cue between commas: the clause that began before it goes on after it."""
    if tokens[at].text != "," or at + 2 >= len(tokens):
        return None
    following = tokens[at + 1]
    if (
        following.text == QUOTED
        or following.lower in CONJUNCTIONS
        or following.lower.endswith("ing")
        or following.lower in PREPOSITIONS
    ):
        return None
    return at + 1


_OPENS = frozenset("that whether how what why if when where who he she they it we i you there".split())
_WANTED = frozenset("want wants wanted wanting".split())


def _complements(tokens: list[Token], at: int, sort: str) -> bool:
    """Whether what follows a verb of wanting or thinking is what is wanted or thought."""
    token = tokens[at]
    if token.text == QUOTED or token.lower in _OPENS:
        return True
    cue = tokens[at - 1].lower
    if sort == "want":
        return (
            token.lower in {"to", "for"}
            or cue in _WANTED
            or any(t.lower == "to" for t in tokens[at : at + 4])
        )
    return cue in _CLAUSAL


def _after_addressee(tokens: list[Token], at: int) -> Span | None:
    for later in range(at, min(len(tokens), at + 14)):
        token = tokens[later]
        if token.lower in {"that", "to", "about"} or token.text == QUOTED:
            first = later if token.text == QUOTED or token.lower != "that" else later + 1
            if token.lower == "to" and later == at:
                continue
            return trimmed(tokens, first)
    if at + 1 >= len(tokens) or tokens[at].lower not in _LISTENERS:
        return None
    following = tokens[at + 1]
    adjunct = following.lower in PREPOSITIONS or following.lower in _TIMES or following.text in {".", ","}
    return None if adjunct else trimmed(tokens, at + 1)


def quote_after(tokens: list[Token], at: int) -> Span | None:
    """The span from the first quotation at or after a token."""
    for later in range(at, len(tokens)):
        if tokens[later].text == QUOTED:
            return trimmed(tokens, later)
    return None


def inverted(tokens: list[Token], index: int) -> tuple[Span, int] | None:
    """The source after a cue: "…, said Ana Lima, an analyst"."""
    at = index + 1
    last = at
    while (
        last < len(tokens)
        and tokens[last].text not in {".", ";", QUOTED, "—"}
        and tokens[last].lower not in CONJUNCTIONS | {"in", "during", "on"}
    ):
        if (
            tokens[last].text == ","
            and last > at
            and not (last + 1 < len(tokens) and tokens[last + 1].lower in {"a", "an", "the", "who"})
        ):
            break
        last += 1
    if last == at:
        return None
    return (tokens[at].start, tokens[last - 1].end), last
