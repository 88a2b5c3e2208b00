"""Sources that no verb brings in: "according to X", "by X's count", "as noted in X", "X: …"."""

from __future__ import annotations

import re

from quidproquo.reading.attribution.clauses import trimmed
from quidproquo.reading.attribution.cues import VERBS
from quidproquo.reading.attribution.record import Frame
from quidproquo.reading.attribution.words import (
    CONJUNCTIONS,
    DASHES,
    DETERMINERS,
    QUOTED,
    TIMES,
    Token,
    is_finite,
    is_number,
)
from quidproquo.reading.sentences import Span

__all__ = ["COUNTS", "Frame", "according", "counted", "labelled", "may_count", "without_dateline"]

_STOPS = frozenset({",", ".", ";", ":", QUOTED, "(", ")"}) | DASHES
_NO_SOURCE = frozenset(
    "plan plans schedule law rules rule procedure protocol custom tradition merit need size age rank type "
    "circumstances ability taste sample method methods methodology criteria formula standard standards wishes "
    "capabilities capability capacity abilities means timetable calendar pattern principle principles "
    "needs design definition order".split()
)
COUNTS = frozenset(
    "count counts estimate estimates reckoning tally tallies account accounts calculation calculations figures "
    "assessment view words opinion telling".split()
)


_CLAUSAL = CONJUNCTIONS - {"and", "or", "than"}


def according(tokens: list[Token], at: int) -> Frame | None:
    """As in "according to X, …", "…, according to X", "…, per X", "…, as noted in X"."""
    first = at + 1
    if first >= len(tokens):
        return None
    last = first
    comma = any(token.text == "," for token in tokens[first : first + 30])
    while last < len(tokens) and tokens[last].text not in _STOPS:
        token, previous = tokens[last], tokens[last - 1]
        if last > first and token.lower in _CLAUSAL:
            break
        ends = last > first and not (comma and at == 0) and _ends_source(token, previous)
        if ends and (is_number(token) or at == 0 or _has_verb(tokens, last)):
            break
        last += 1
    head = tokens[last - 1]
    if last == first or (
        head.lower in _NO_SOURCE and not any(_is_name(token) for token in tokens[first:last])
    ):
        return None
    source = (tokens[first].start, tokens[last - 1].end)
    opening = _dash_before(tokens, at, last)
    if opening is not None:
        inside = (tokens[opening + 1].start, (_before(tokens, at) or source)[1])
        return source, (tokens[at].start, tokens[at].end), (inside,), "according"
    before = _before(tokens, at)
    content = tuple(part for part in (before, trimmed(tokens, last)) if part is not None)
    return (source, (tokens[at].start, tokens[at].end), content, "according") if content else None


def _dash_before(tokens: list[Token], at: int, last: int) -> int | None:
    """The dash that opens an insertion which ends with the source: "Delta – 40 people, according to Lima – …"."""
    if last >= len(tokens) - 1 or tokens[last].text not in DASHES:
        return None
    opening = next((back for back in range(at - 2, 0, -1) if tokens[back].text in DASHES), None)
    return opening if opening is None or at - opening < 12 else None


def _has_verb(tokens: list[Token], first: int) -> bool:
    """Whether a clause follows, not the rest of a name ("Save the Children")."""
    for at in range(first + 1, len(tokens)):
        if tokens[at].text in _STOPS:
            return False
        if is_finite(tokens, at):
            return True
    return False


def _is_name(token: Token) -> bool:
    return token.text[0].isupper()


_DATING = DETERMINERS | TIMES


def _ends_source(token: Token, previous: Token) -> bool:
    """Whether the statement begins here although no comma says so: "According to the port 12,500 crates …"."""
    if is_number(token):
        return not re.fullmatch(r"(?:19|20)\d\d", token.text) and previous.lower not in _DATING
    return token.lower in {"the", "there", "about", "some", "he", "she", "it", "they"} and previous.lower not in {
        "of", "in", "for", "and", "by", "at", "from", "with", "on", "to",
    }  # fmt: skip


_LOOSE = frozenset({",", ";", *DASHES})


def _before(tokens: list[Token], at: int) -> Span | None:
    last = at - 1
    while last >= 0 and tokens[last].text in _LOOSE:
        last -= 1
    return (tokens[0].start, tokens[last].end) if last >= 0 else None


def may_count(words: set[str]) -> bool:
    """Whether a sentence of such words may hold what `counted` looks for: a quick look."""
    return not COUNTS.isdisjoint(words) or ("as" in words and ("in" in words or "by" in words))


def counted(tokens: list[Token]) -> Frame | None:
    """As in "By the port's count, …", "…, by X's own estimate", "…, as noted in the plan"."""
    for at, token in enumerate(tokens[:-2]):
        opens = at == 0 or tokens[at - 1].text == ","
        if not opens or token.lower not in {"by", "on", "in", "as"}:
            continue
        last = at + 1
        while last < len(tokens) and last - at < 12 and tokens[last].text not in _STOPS:
            last += 1
        if last == at + 1 or (last < len(tokens) and tokens[last].text not in {",", "."}):
            continue
        first = _counts(tokens, at, last) if token.lower != "as" else _noted(tokens, at)
        if first is None:
            continue
        before, after = _before(tokens, at), trimmed(tokens, last)
        content = tuple(part for part in (before, after) if part is not None)
        if content:
            cue = (token.start, tokens[first - 1].end)
            return (tokens[first].start, tokens[last - 1].end), cue, content, "according"
    return None


def _counts(tokens: list[Token], at: int, last: int) -> int | None:
    """The first token of "the port's count", or of the mayor in "the words of the mayor"."""
    if last - at > 4 and tokens[at + 2].lower in COUNTS and tokens[at + 3].lower == "of":
        return at + 4
    if tokens[last - 1].lower not in COUNTS or last - at < 3:
        return None
    owned = tokens[at + 1].lower == "our" or any(
        token.lower.endswith(("'s", "’s", "s'", "s’")) for token in tokens[at + 1 : last - 1]
    )
    return at + 1 if owned else None


def _noted(tokens: list[Token], at: int) -> int | None:
    """The first token of the source in "as noted in the plan", "as reported by the ministry"."""
    if (
        at + 3 >= len(tokens)
        or tokens[at + 1].lower not in VERBS
        or not tokens[at + 1].lower.endswith(("ed", "n", "t", "d"))
    ):
        return None
    return at + 3 if tokens[at + 2].lower in {"in", "by", "via"} else None


_LABELS = frozenset(
    "source sources note notes update updated photo photos image credit caption background analysis key takeaways "
    "table figure fig read related topics topic tags tag contact editor correction summary published date file "
    "location translation question answer q a re subject from to cc sent warning example chart map graphic video "
    "watch listen more also see fact sheet factbox explainer opinion editorial week day part chapter section "
    "step number total".split()
)
_MOST_WORDS = 5
_MOST_AWAY = 16
_OF = frozenset("the of from for and".split())


def labelled(tokens: list[Token]) -> Frame | None:
    """As in "NAME: words" as in a transcript, and "From the minister: words"."""
    for index, token in enumerate(tokens[:_MOST_AWAY]):
        if token.text != ":" or index == 0:
            continue
        quoted = index + 1 < len(tokens) and tokens[index + 1].text == QUOTED
        if index > _MOST_WORDS + 1 and not quoted:
            return None
        content = trimmed(tokens, index + 1)
        words = [item for item in tokens[:index] if item.text != "."]
        named = all(item.text[0].isupper() or item.lower in _OF for item in words)
        if quoted and len(words) > 2 and words[0].text[0].isupper():
            named = ":" not in {item.text for item in words[:-1]} and QUOTED not in {
                item.text for item in words
            }
        first = next((item.lower for item in words if item.lower not in _OF), "from")
        if content is None or not named or (first in _LABELS and words[0].lower != "from"):
            return None
        if any(is_finite(tokens, at) for at in range(1, index)):
            return None
        return (tokens[0].start, tokens[index - 1].end), (token.start, token.end), (content,), "say"
    return None


_CITY = r"[A-Z][A-Z.’'-]+[A-Z.](?:[ /][A-Z][A-Z.’'-]*[A-Z.])*"
_REST = r"(?:, [A-Z][\w.]*(?: [\w.]+){0,3})?"
_DATELINE = re.compile(
    rf"(?:{_CITY}{_REST}(?: ?\([^()\n]{{2,40}}\))?"
    rf"|[A-Z][a-z]+(?: [A-Z][a-z]+)?{_REST} ?\((?:[A-Z]{{2,}}|Reuters|Bloomberg|dpa)[^()\n]{{0,20}}\))"
    r"\s*(?:—|–|--|-|:)\s+"
)
_MARK = re.compile(
    r"(?:[-*•·–—]|\(?\d{1,2}[.)]|\d{1,2}[:.]\d\d(?:\s*(?:GMT|CET|UTC|[ap]\.?m\.?))?\s*[-–—:])\s+"
)
_TITLED = re.compile(
    r"(?:MR|MRS|MS|DR|GEN|GENERAL|ADM|ADMIRAL|COL|SECRETARY|PRESIDENT|VICE|PRIME|MINISTER|SENATOR|SEN|REP|AMBASSADOR|"
    r"SENIOR|SPOKES\w+|CHAIR\w*|OFFICIAL|MODERATOR|REPORTER|DIRECTOR|THE)\b"
)


def without_dateline(text: str, span: Span, speaking: frozenset[str] = frozenset()) -> Span:
    """A sentence without the mark of a list or the dateline before it; `speaking` are labels of a transcript."""
    start = span[0]
    mark = _MARK.match(text, start, min(span[1], start + 16))
    if mark is not None and mark.end() < span[1]:
        start = mark.end()
    found = _DATELINE.match(text, start, min(span[1], start + 120))
    if found is None or found.end() >= span[1] or _TITLED.match(text, start):
        return start, span[1]
    label = found[0].rstrip(" \n:—–-")
    return (start, span[1]) if label in speaking else (found.end(), span[1])
