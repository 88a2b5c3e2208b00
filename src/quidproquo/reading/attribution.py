"""Who says what: source, cue and content of attributed speech, thought and documents."""

from __future__ import annotations

import re
from dataclasses import dataclass

from quidproquo.reading.cues import DENIALS, PASSIVES, VERBS
from quidproquo.reading.quotes import Quotation, quotations
from quidproquo.reading.sentences import Span, sentences

__all__ = ["Attribution", "attributions"]


@dataclass(frozen=True)
class Attribution:
    """Somebody's words, or thoughts, in a text: spans of source, cue and content.

    `source` is None where nobody is named, `cue` where a quotation goes on without one. `kind` is
    "direct", "indirect", "mixed" or "document"; `sort` the class of the cue ("say", "think", "want",
    "show", "deny", "according"); `sentence` the span of the sentence that carries it.
    """

    source: Span | None
    cue: Span | None
    content: tuple[Span, ...]
    kind: str = "indirect"
    sort: str = "say"
    sentence: Span = (0, 0)


@dataclass(frozen=True)
class _Token:
    text: str
    start: int
    end: int

    @property
    def lower(self) -> str:
        return self.text.lower()


_TOKEN = re.compile(
    r"(?:[A-Za-z]\.){2,}|(?:Mr|Mrs|Ms|Dr|Gen|Lt|Col|Sen|Rep|Gov|St|Jr|Sr|Prof|Adm|Maj|Capt|Sgt|Rev)\.|</?[a-z]+>"
    r"|[A-Za-z0-9$€£][\w’'.$%-]*[\w%]|[\w$%]|[^\w\s]"
)
_Q = "\x00"
_BREAK = frozenset({",", ";", ":", "—", "–", "(", ")", "-"})
_CONJUNCTIONS = frozenset("and but or while as because although though if when since so that which where after before until unless whereas".split())
_TIMES = frozenset(
    "monday tuesday wednesday thursday friday saturday sunday yesterday today tomorrow earlier later last this recently again also then "
    "now sunday night morning afternoon evening week month year tonight once repeatedly publicly privately late".split()
)
_PREPOSITIONS = frozenset(
    "in on at during to by via from with after before for through of about into against over under following upon amid "
    "when while as outside inside near between among".split()
)
_DETERMINERS = frozenset("the a an his her its their my your our this that these those no any some such another each every".split())
_CLAUSAL = frozenset(
    "believe believes believed think thinks thought expect expects expected hope hopes hoped fear fears feared doubt doubts doubted suspect suspects suspected "
    "feel feels felt realize realized assume assumes assumed anticipate anticipates anticipated estimate estimates estimated considers consider considered "
    "predict worried worry prefers prefer preferred understands regret regrets regretted resent favors favor favours opposes oppose welcomed welcomes".split()
)
_TRAILING = frozenset("saying adding noting arguing claiming warning telling suggesting insisting stating alleging explaining asserting declaring".split())
_PRONOUNS = frozenset("he she they it we i you who".split())
_AUX = frozenset("is are was were be been being am has have had do does did will would can could may might must should not n't never also has".split())
_ADVERBS = re.compile(r".+ly$|^(?:also|then|later|now|still|even|once|often|never|always|first|again|further|just|previously|so|soon|already|not)$")
_ADDRESSEE = frozenset("told tell tells telling informed assured reminded advised warned notified asked".split())


def attributions(text: str) -> list[Attribution]:
    """Attributions in a text, in order of their sentences.

    >>> [text_found] = attributions("The envoy said that 3,000 crates had arrived.")
    >>> text_found.source, text_found.content
    ((0, 9), ((20, 44),))
    """
    quotes = quotations(text)
    found: list[Attribution] = []
    for span in sentences(text):
        found.extend(_in_sentence(text, span, quotes))
    return found


def _in_sentence(text: str, span: Span, quotes: list[Quotation]) -> list[Attribution]:
    inside = [quote for quote in quotes if quote.start < span[1] and quote.end > span[0]]
    tokens = _tokens(text, span, inside)
    if not tokens:
        return []
    found = _according(text, span, tokens)
    if found is not None:
        return [found]
    results: list[Attribution] = []
    for index, token in enumerate(tokens):
        sort = VERBS.get(token.lower)
        if sort is None or _inside(token, results) or not _is_verb(tokens, index):
            continue
        result = _around(tokens, index, sort, span)
        if result is not None and not (results and _crosses(result, results)):
            results.append(result)
    return results or _introduced(tokens, span) or _bare_quotes(tokens, span)


def _inside(token: _Token, results: list[Attribution]) -> bool:
    return any(start <= token.start < end for result in results for start, end in result.content)


def _crosses(result: Attribution, results: list[Attribution]) -> bool:
    """Whether a content overlaps that of an earlier cue."""
    return any(
        start < other_end and other_start < end
        for start, end in result.content
        for other in results
        for other_start, other_end in other.content
    )


_MOST_WORDS = 5


def _introduced(tokens: list[_Token], span: Span) -> list[Attribution]:
    """"NAME: words" as in a transcript, and "From the minister: words"."""
    for index, token in enumerate(tokens[: _MOST_WORDS + 2]):
        if token.text != ":" or index == 0:
            continue
        content = _trimmed(tokens, index + 1)
        named = all(item.text[0].isupper() or item.lower in {"the", "of", "from"} for item in tokens[:index])
        if content is None or not named:
            return []
        source = (tokens[0].start, tokens[index - 1].end)
        return [Attribution(source, (token.start, token.end), (content,), _kind(tokens, (content,)), "say", span)]
    return []


def _tokens(text: str, span: Span, quotes: list[Quotation]) -> list[_Token]:
    """Words and marks of a sentence, with each quotation as one token."""
    tokens: list[_Token] = []
    at = span[0]
    for quote in quotes:
        if quote.end - quote.start < 4:  # noqa: PLR2004 - stray marks
            continue
        start, end = max(quote.start, span[0]), min(quote.end, span[1])
        if start > at:
            tokens.extend(_words(text, at, start))
        if end > max(start, at):
            tokens.append(_Token(_Q, max(start, at), end))
            at = end
    tokens.extend(_words(text, at, span[1]))
    return tokens


def _words(text: str, start: int, end: int) -> list[_Token]:
    return [_Token(m[0], m.start(), m.end()) for m in _TOKEN.finditer(text, start, end) if m[0][0] != "<" or len(m[0]) == 1]


def _according(text: str, span: Span, tokens: list[_Token]) -> Attribution | None:
    for index, token in enumerate(tokens[:-2]):
        if token.lower == "according" and tokens[index + 1].lower == "to":
            break
    else:
        return None
    cue = (token.start, tokens[index + 1].end)
    last = index + 2
    while last < len(tokens) and tokens[last].text not in {",", ".", ";", _Q, "—"}:
        last += 1
    if last == index + 2:
        return None
    source = (tokens[index + 2].start, tokens[last - 1].end)
    before = (tokens[0].start, tokens[index - 1].end) if index > 0 else None
    after = _trimmed(tokens, last)
    content = tuple(part for part in (_without_comma(text, before), after) if part is not None)
    if not content:
        return None
    del span
    return Attribution(source, cue, content, "document", "according", (tokens[0].start, tokens[-1].end))


def _without_comma(text: str, span: Span | None) -> Span | None:
    if span is None:
        return None
    start, end = span
    while end > start and text[end - 1] in ", ;—–":
        end -= 1
    return (start, end) if end > start else None


def _trimmed(tokens: list[_Token], first: int) -> Span | None:
    last = len(tokens) - 1
    while first <= last and tokens[first].text in {",", ";", ":", "—", "."}:
        first += 1
    while last >= first and tokens[last].text in {".", ",", ";", "!", "?"}:
        last -= 1
    return (tokens[first].start, tokens[last].end) if first <= last else None


def _is_verb(tokens: list[_Token], index: int) -> bool:
    """Whether a cue form is a finite verb here, not a noun or a participle in a noun phrase."""
    word = tokens[index].lower
    previous = tokens[index - 1].lower if index else ""
    if tokens[index].text[0].isupper():
        return False
    if previous in _DETERMINERS or previous in {"of", "in", "with", "for", "by", "on"}:
        return False
    if word.endswith("ing") and previous not in _AUX and previous not in {",", ""}:
        return False
    if previous in {"is", "are", "was", "were", "been", "be"} and not word.endswith("ing"):
        return word in PASSIVES
    if previous == "to" and word not in {"say", "tell"}:
        return index > 1 and tokens[index - 2].lower in VERBS
    return not (word in {"like", "back", "call", "plan", "report", "claim", "view", "figure", "press", "state", "note", "point", "need", "concern"} and previous not in {"they", "we", "i", "you", "who", "officials", "analysts", "experts"})


def _around(tokens: list[_Token], index: int, sort: str, span: Span) -> Attribution | None:
    """Source and content on both sides of a cue."""
    word = tokens[index].lower
    cue = (tokens[index].start, tokens[index].end)
    first, source = _source_before(tokens, index)
    after = _content_after(_until_dash(tokens, first), index, sort)
    before = _content_before(tokens, first)
    if source is None:
        inverted = _inverted(tokens, index)
        if inverted is not None and before is not None:
            source, rest = inverted
            after = _quote_after(tokens, rest)
    if source is None and word not in PASSIVES and not (word in _TRAILING and after is not None):
        return None
    passive = index > 0 and tokens[index - 1].lower in {"is", "are", "was", "were", "been", "be"} and word in PASSIVES
    if passive:
        content = tuple(part for part in ((tokens[first].start, tokens[index - 2].end) if index - 2 >= first else None, after) if part)
        return Attribution(None, (tokens[index - 1].start, cue[1]), content, "indirect", sort, span) if content else None
    if before is not None and after is not None and not _quoted(tokens, before) and tokens[index + 1].text != ",":
        before = None
    content = tuple(part for part in (before, after) if part is not None)
    if not content:
        return None
    kind = _kind(tokens, content)
    return Attribution(source, cue, content, kind, "deny" if word in DENIALS else sort, span)


def _until_dash(tokens: list[_Token], first: int) -> list[_Token]:
    """The tokens up to the closing dash, where the source follows an opening one."""
    if first == 0 or tokens[first - 1].text not in {"—", "–"}:
        return tokens
    closing = next((at for at in range(first, len(tokens)) if tokens[at].text in {"—", "–"}), len(tokens))
    return tokens[:closing]


def _source_before(tokens: list[_Token], index: int) -> tuple[int, Span | None]:
    """The noun phrase before a cue: the index of its first token, and its span."""
    last = index - 1
    while last >= 0 and (tokens[last].lower in _AUX or _ADVERBS.match(tokens[last].lower)):
        last -= 1
    if last < 0 or tokens[last].text == _Q:
        return last + 1, None
    end = last
    if tokens[last].text == "," and last > 1:
        # an apposition: "Ana Lima, an analyst at the institute, said"
        opening = last - 1
        while opening > 0 and tokens[opening].text not in {",", _Q, ";"}:
            opening -= 1
        if tokens[opening].text == "," and opening > 0 and last - opening > 1 and tokens[opening - 1].text[:1].isalpha():
            last = opening - 1
            end = index - 2
        else:
            return index, None
    if tokens[last].lower in _PRONOUNS:
        return last, (tokens[last].start, tokens[last].end)
    first = last
    while first > 0 and tokens[first - 1].text not in {",", ";", ":", "—", "–", _Q, "(", ")", "”"} and tokens[first - 1].lower not in _CONJUNCTIONS:
        first -= 1
    if end < last:
        end = last
    return first, (tokens[first].start, tokens[end].end)


def _content_before(tokens: list[_Token], first: int) -> Span | None:
    """What stands before the source, if a comma or a quotation parts them."""
    if first <= 0:
        return None
    gap = tokens[first - 1]
    if gap.text == _Q:
        return (tokens[0].start if tokens[0].text == _Q else tokens[0].start, gap.end)
    if gap.text == "," and first >= 4:  # noqa: PLR2004 - a clause, not a connective
        quoted = tokens[first - 2].text == _Q
        return (tokens[0].start, tokens[first - 2].end) if quoted or first >= 5 else None  # noqa: PLR2004
    return None


def _content_after(tokens: list[_Token], index: int, sort: str) -> Span | None:
    """The complement of a cue: after "that", a quotation, or at once; past an adjunct where one comes first."""
    at = index + 1
    if at >= len(tokens):
        return None
    token = tokens[at]
    if tokens[index].lower in _ADDRESSEE:
        return _after_addressee(tokens, at)
    if token.lower == "for" and [t.lower for t in tokens[at + 1 : at + 4]] in (["the", "first", "time"], ["the", "second", "time"]):
        return _trimmed(tokens, at + 4)
    if token.lower == "that" or (token.text == ":" and at + 1 < len(tokens)):
        return _trimmed(tokens, at + 1)
    if token.text in {",", ".", ";"}:
        return _quote_after(tokens, at) if _goes_on(tokens, at) is None else _trimmed(tokens, at + 1)
    adjunct = token.lower in _TIMES or (token.lower in _PREPOSITIONS and not (sort == "want" and token.lower == "for"))
    if adjunct:
        return _past_adjunct(tokens, at)
    if sort in {"want", "think"} and not _complements(tokens, at, sort):
        return None
    return _trimmed(tokens, at)


def _past_adjunct(tokens: list[_Token], at: int) -> Span | None:
    """What follows "on Monday", "in a letter to the board", "during the talks": that …, a colon, a quotation."""
    for later in range(at, min(len(tokens), at + 24)):
        token = tokens[later]
        if token.text == _Q:
            return _trimmed(tokens, later)
        if token.text == ":" or (token.lower == "that" and later > at):
            return _trimmed(tokens, later + 1)
        if token.text == "." and later + 1 == len(tokens):
            break
    return None


def _goes_on(tokens: list[_Token], at: int) -> int | None:
    """For a cue between commas: the clause that began before it goes on after it."""
    if tokens[at].text != "," or at + 2 >= len(tokens):
        return None
    following = tokens[at + 1]
    if following.text == _Q or following.lower in _CONJUNCTIONS or following.lower.endswith("ing") or following.lower in _PREPOSITIONS:
        return None
    return at + 1


_OPENS = frozenset("that whether how what why if when where who he she they it we i you there".split())
_WANTED = frozenset("want wants wanted wanting".split())


def _complements(tokens: list[_Token], at: int, sort: str) -> bool:
    """Whether what follows a verb of wanting or thinking is what is wanted or thought."""
    token = tokens[at]
    if token.text == _Q or token.lower in _OPENS:
        return True
    cue = tokens[at - 1].lower
    if sort == "want":
        return token.lower in {"to", "for"} or cue in _WANTED or any(t.lower == "to" for t in tokens[at : at + 4])
    return cue in _CLAUSAL


def _after_addressee(tokens: list[_Token], at: int) -> Span | None:
    for later in range(at, min(len(tokens), at + 14)):
        token = tokens[later]
        if token.lower in {"that", "to", "about"} or token.text == _Q:
            first = later if token.text == _Q or token.lower != "that" else later + 1
            if token.lower == "to" and later == at:
                continue
            return _trimmed(tokens, first)
    if at + 1 < len(tokens) and tokens[at].lower in {"me", "him", "her", "us", "them", "you", "reporters", "lawmakers", "journalists"}:
        if tokens[at + 1].lower not in _PREPOSITIONS and tokens[at + 1].lower not in _TIMES and tokens[at + 1].text not in {".", ","}:
            return _trimmed(tokens, at + 1)
    return None


def _quote_after(tokens: list[_Token], at: int) -> Span | None:
    for later in range(at, len(tokens)):
        if tokens[later].text == _Q:
            return _trimmed(tokens, later)
    return None


def _inverted(tokens: list[_Token], index: int) -> tuple[Span, int] | None:
    """The source after a cue: "…, said Ana Lima, an analyst"."""
    at = index + 1
    last = at
    while last < len(tokens) and tokens[last].text not in {".", ";", _Q, "—"} and tokens[last].lower not in _CONJUNCTIONS | {"in", "during", "on"}:
        if tokens[last].text == "," and last > at and not (last + 1 < len(tokens) and tokens[last + 1].lower in {"a", "an", "the", "who"}):
            break
        last += 1
    if last == at:
        return None
    return (tokens[at].start, tokens[last - 1].end), last


def _quoted(tokens: list[_Token], part: Span) -> bool:
    return any(token.text == _Q and part[0] <= token.start and token.end <= part[1] for token in tokens)


def _kind(tokens: list[_Token], content: tuple[Span, ...]) -> str:
    quoted = [t for t in tokens if t.text == _Q]
    if not quoted:
        return "indirect"
    whole = all(any(q.start <= part[0] and part[1] <= q.end for q in quoted) for part in content)
    return "direct" if whole else "mixed"


def _bare_quotes(tokens: list[_Token], span: Span) -> list[Attribution]:
    """A sentence that is nothing but a quotation."""
    quotes = [token for token in tokens if token.text == _Q]
    if not quotes:
        return []
    outside = sum(len(token.text) for token in tokens if token.text != _Q and token.text not in {".", ","})
    if outside > 0:
        return []
    return [Attribution(None, None, tuple((q.start, q.end) for q in quotes), "direct", "say", span)]
