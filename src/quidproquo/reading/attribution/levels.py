"""The attributions of a clause: those side by side, and those inside what others say."""

from __future__ import annotations

from collections.abc import Sequence

from quidproquo.reading.attribution.able_to_speak import names_speaker
from quidproquo.reading.attribution.clauses import (
    TRAILING,
    content_after,
    content_before,
    first_subject,
    quote_after,
    trimmed,
    until_dash,
    until_main,
    until_turn,
)
from quidproquo.reading.attribution.cues import CLOSING, DENIALS, PASSIVES, VERBS
from quidproquo.reading.attribution.frames import (
    according,
    counted,
    labelled,
    may_count,
)
from quidproquo.reading.attribution.inversion import inverted
from quidproquo.reading.attribution.noun_cues import GIVING, MAKERS, reckoned, uncovers
from quidproquo.reading.attribution.passives import by_agent, passive
from quidproquo.reading.attribution.record import Attribution, Frame
from quidproquo.reading.attribution.subjects import is_verb, subject_of
from quidproquo.reading.attribution.words import (
    AUX,
    CONJUNCTIONS,
    DASHES,
    PRONOUNS,
    QUOTED,
    Token,
    is_finite,
    is_number,
    lower_of,
)
from quidproquo.reading.sentences import Span

__all__ = ["kind_of_content", "level", "nested", "with_nested"]

_MOST_DEPTH = 4
# A clause with more cues than this is none; looking no further keeps reading fast on any text.
_MOST_CUES = 24


def level(tokens: list[Token]) -> list[Attribution]:
    """The attributions of a clause that stand side by side, not inside each other."""
    if len(tokens) < 2:
        return []
    lowers = list(map(lower_of, tokens))
    words = set(lowers)
    cues = [at for at, word in enumerate(lowers) if word in VERBS][:_MOST_CUES]
    trailing = None if TRAILING.isdisjoint(words) else _trailing(tokens)
    if trailing is not None:
        return trailing
    framed = not words.isdisjoint({"according to", "per"})
    frame = (_according(tokens) if framed else None) or (counted(tokens) if may_count(words) else None)
    if frame is not None:
        turned = _turned(tokens, frame)
        if turned is not None:
            return turned
        return [_framed(tokens, frame, "document"), *_around_frame(tokens, frame)]
    closing = None if CLOSING.isdisjoint(words) else _closing(tokens, cues)
    if closing is not None:
        return [closing]
    results: list[Attribution] = []
    for index in cues:
        if lowers[index] == "citing" or _inside(tokens[index], results) or not is_verb(tokens, index):
            continue
        result = _around(tokens, index, VERBS[lowers[index]])
        if result is not None and not (results and _crosses(result, results)):
            results.append(result)
    results = results or ([] if GIVING.isdisjoint(words) else _reckoned(tokens))
    if results:
        return results
    label = (labelled(tokens) or _led(tokens)) if ":" in words else None
    if label is not None:
        return [_framed(tokens, label, "")]
    return _exclaimed(tokens) if QUOTED in words else [] if PASSIVES.isdisjoint(words) else passive(tokens)


def _turned(tokens: list[Token], frame: Frame) -> list[Attribution] | None:
    """As in "According to the navy 300 ships sailed, and one captain said 40 sank": each part by itself."""
    if frame[1][0] > tokens[0].start:
        return None
    first = until_turn(tokens, _index_after(tokens, frame[0][1]))
    rest = tokens[len(first) + 1 :]
    found = level(rest)
    if not found or found[0].source is None or found[0].source[0] > rest[0].start or len(first) < 4:
        return None
    if any(token.lower in {"percent", "cent"} or token.text.endswith("%") for token in rest[:4]):
        return None  # those asked are no second source
    return [*level(first), *found]


def _reckoned(tokens: list[Token]) -> list[Attribution]:
    """As in "polls have him at 40 percent" and "Delta pegs the loss at $3 million"."""
    found: list[Attribution] = []
    for at in range(1, len(tokens) - 3):
        if (
            _inside(tokens[at], found)
            or tokens[at].lower not in GIVING
            or not tokens[at].text.islower()
            or not reckoned(tokens, at)
        ):
            continue
        _, source = subject_of(tokens, at)
        if source is None or not names_speaker(tokens, source):
            continue
        head = [token for token in tokens if source[0] <= token.start < source[1]][-1]
        turn = next((n for n in range(at, len(tokens)) if tokens[n].lower in {"while", ";"}), len(tokens))
        content = trimmed(tokens[:turn], at + 1)
        if content is None or (tokens[at].lower.startswith("ha") and head.lower not in MAKERS):
            continue
        found.append(Attribution(source, (tokens[at].start, tokens[at].end), (content,), "indirect", "show"))
    return found


def _led(tokens: list[Token]) -> Frame | None:
    """As in "Ana Lima, head of the port, was blunt: “…”": the subject of the clause that leads to a quotation."""
    colon = next(
        (at for at, token in enumerate(tokens[:-1]) if token.text == ":" and tokens[at + 1].text == QUOTED), 0
    )
    verb = next((at for at in range(1, colon) if is_finite(tokens, at)), None)
    source = subject_of(tokens, verb)[1] if verb is not None else None
    content = trimmed(tokens, colon + 1)
    if source is None or content is None or not names_speaker(tokens, source):
        return None
    return source, (tokens[colon].start, tokens[colon].end), (content,), "say"


def _framed(tokens: list[Token], frame: Frame, kind: str) -> Attribution:
    source, cue, content, sort = frame
    return Attribution(source, cue, content, kind or kind_of_content(tokens, content), sort)


def _around_frame(tokens: list[Token], frame: Frame) -> list[Attribution]:
    """As in "The office, according to the Gazette, believes that …": who speaks around the frame."""
    source, cue, content, _ = frame
    if len(content) < 2 or content[0][1] > cue[0]:
        return []
    kept = [token for token in tokens if token.end <= content[0][1] or token.start >= content[1][0]]
    parted = [item for item in level(kept) if item.source is not None and item.sort != "want"]
    return [
        item
        for item in parted
        if item.source and item.source[1] <= cue[0] and item.cue and item.cue[0] > source[1]
    ]


def _according(tokens: list[Token]) -> Frame | None:
    """The outermost "according to": the last one at the end of a clause, else the first."""
    places = [
        at
        for at, token in enumerate(tokens)
        if (token.lower == "according to" and not _is_inside(tokens, at)) or _is_per(tokens, at)
    ]
    for at in reversed(places[1:]):
        frame = according(tokens, at)
        if frame is not None and trimmed(tokens, _index_after(tokens, frame[0][1])) is None:
            return frame
    return according(tokens, places[0]) if places else None


def _is_inside(tokens: list[Token], at: int) -> bool:
    """Whether a frame belongs to what somebody else says: "the paper said that, according to Lima, …"."""
    before = [token.lower for token in tokens[max(0, at - 2) : at]]
    return before[-1:] == ["that"] or before == ["that", ","]


def _is_per(tokens: list[Token], at: int) -> bool:
    """Whether "per" names a source: ", per Reuters", ", per the ministry"."""
    return tokens[at].lower == "per" and (at == 0 or tokens[at - 1].text == ",") and at + 1 < len(tokens)


def _index_after(tokens: list[Token], end: int) -> int:
    return next((at for at, token in enumerate(tokens) if token.start >= end), len(tokens))


_PARTING = frozenset({",", *DASHES})


def _trailing(tokens: list[Token]) -> list[Attribution] | None:
    """As in "…, the minister said, adding that …": the speaker of the sentence goes on."""
    for at in range(3, len(tokens) - 1):
        if tokens[at].lower not in TRAILING or tokens[at - 1].text not in _PARTING:
            continue
        content = content_after(tokens, at, VERBS[tokens[at].lower])
        if content is None:
            continue
        before = level(tokens[: at - 1])
        spoken = [item for item in before if item.source is not None and item.sort != "want"]
        source = spoken[-1].source if spoken else first_subject(tokens, at)
        if source is None:
            continue
        cue = (tokens[at].start, tokens[at].end)
        added = Attribution(
            source, cue, (content,), kind_of_content(tokens, (content,)), VERBS[tokens[at].lower]
        )
        return [*before, added]
    return None


_SHUT = frozenset({";", ":", QUOTED})


def _closing(tokens: list[Token], cues: list[int]) -> Attribution | None:
    """As in "The office believes that …, a lawmaker said on Monday.": the words are all that stands before."""
    for index in reversed(cues):
        token, sort = tokens[index], VERBS[tokens[index].lower]
        if index < 2 or token.lower not in CLOSING:
            continue
        if not _SHUT.isdisjoint(map(lower_of, tokens[index + 1 :])):
            return None
        if not is_verb(tokens, index):
            continue
        first, source = subject_of(tokens, index)
        before = content_before(tokens, first)
        if source is None or before is None:
            continue
        if tokens[first - 1].text == QUOTED and not _said_before(tokens, first - 1, cues):
            continue
        if (
            tokens[first].lower in {"who", "which", "that"}
            or tokens[first].lower in CONJUNCTIONS
            or not names_speaker(tokens, source)
        ):
            continue
        if content_after(until_dash(tokens, first), index, sort) is not None or _relative(
            tokens, first, index
        ):
            return None
        added = _added(tokens, index)
        content = (before,) if added is None else (before, added)
        return Attribution(
            source, (token.start, token.end), content, kind_of_content(tokens, content), _sort(token, sort)
        )
    return None


def _added(tokens: list[Token], index: int) -> Span | None:
    """What "with" adds behind a closing cue: "…, officials say, with at least two people missing"."""
    following = [token.lower for token in tokens[index + 1 : index + 3]]
    if following != [",", "with"] or not any(
        is_number(item) or item.lower in _FEW for item in tokens[index + 3 :]
    ):
        return None
    return trimmed(tokens, index + 2)


_FEW = frozenset("two three four five six seven eight nine ten dozens hundreds thousands several".split())


def _said_before(tokens: list[Token], quote: int, cues: list[int]) -> bool:
    """Whether a quotation has its speaker before it: who follows relays it ("Lima said “…,” Delta reported")."""
    for cue in cues:
        between = {token.lower for token in tokens[cue + 1 : quote]}
        if cue < quote <= cue + 2 and between <= {"that", ":", ","} and is_verb(tokens, cue):
            source = subject_of(tokens, cue)[1]
            return source is not None and names_speaker(tokens, source)
    return False


def _relative(tokens: list[Token], first: int, index: int) -> bool:
    """Whether "who" or "which" stands right before a cue."""
    return any(token.lower in {"which", "who"} for token in tokens[max(first, index - 2) : index])


def _until_resumption(tokens: list[Token], index: int) -> list[Token]:
    """The tokens up to the comma after which the main clause goes on: "The mayor, who denied it, said …"."""
    for at in range(index + 1, len(tokens) - 1):
        if tokens[at].text == "," and (is_finite(tokens, at + 1) or tokens[at + 1].lower in VERBS):
            return tokens[: at + 1]
    return tokens


def with_nested(tokens: list[Token], found: Sequence[Attribution], depth: int) -> list[Attribution]:
    """Attributions, each followed by those inside its content."""
    results: list[Attribution] = []
    cues = {item.cue for item in found}
    for outer in found:
        results.append(outer)
        if outer.kind == "direct" or depth >= _MOST_DEPTH:
            continue
        for start, end in outer.content:
            inside = [token for token in tokens if start <= token.start and token.end <= end]
            nested = [item for item in level(inside) if item.cue not in cues and _nests(inside, item)]
            results.extend(with_nested(inside, nested, depth + 1))
    return results


# Forms that are seldom participles, so that a clause may follow without "that".
_PLAIN = frozenset("says said believes believed thinks estimates counts points out pointed out".split())


# Who commits himself inside what another says is the source: "Costa said the firm had pledged to send 40 ships".
_COMMITTING = frozenset(
    "pledged pledges promised promises vowed vows threatened threatens claimed claims".split()
)


_COMMITTED = PRONOUNS | {"to", "that"}


def nested(tokens: list[Token]) -> list[Attribution]:
    """The attributions in somebody's words that certainly name a speaker of their own."""
    return [item for item in level(tokens) if _nests(tokens, item)]


def _nests(tokens: list[Token], item: Attribution) -> bool:
    """Whether an attribution inside a content certainly names a speaker of its own."""
    if item.source is None or item.cue is None:
        return False
    if item.sort == "according":
        return True
    at = next(n for n, token in enumerate(tokens) if token.start == item.cue[0])
    committed = (
        tokens[at].lower in _COMMITTING and tokens[at + 1 : at + 2] and tokens[at + 1].lower in _COMMITTED
    )
    if item.sort == "want" and not committed:
        return False
    words = [token for token in tokens if item.source[0] <= token.start < item.source[1]]
    if (
        not words
        or not names_speaker(tokens, item.source)
        or words[-1].lower.endswith(("'s", "’s", "s'", "s’"))
    ):
        return False
    if any(
        token.lower in {"not", "never", "nobody"} or token.lower.endswith(("n't", "n’t"))
        for token in tokens[max(0, at - 3) : at]
    ):
        return False
    if committed or item.content[0][0] < item.cue[0]:
        return True
    following = tokens[at + 1]
    if following.lower == "that" or following.text == QUOTED:
        return True
    addressed = tokens[at].lower in {"told", "tells"}
    clause = following.text[0].isalnum() and following.lower not in {"to", "by", "in", "on", "at"}
    named = tokens[at - 1].lower in {"had", "has", "have"} or words[0].text[0].isupper()
    counted_one = is_number(following) and named and item.sort != "think"
    return addressed or counted_one or (tokens[at].lower in _PLAIN and clause)


def _inside(token: Token, results: list[Attribution]) -> bool:
    return any(start <= token.start < end for result in results for start, end in result.content)


def _crosses(result: Attribution, results: list[Attribution]) -> bool:
    """Whether a content overlaps that of an earlier cue."""
    return any(
        start < other_end and other_start < end
        for start, end in result.content
        for other in results
        for other_start, other_end in other.content
    )


def _sort(token: Token, sort: str) -> str:
    return "deny" if token.lower in DENIALS else sort


def _around(tokens: list[Token], index: int, sort: str) -> Attribution | None:
    """Source and content on both sides of a cue in the active voice."""
    if (
        index
        and tokens[index - 1].lower in {"is", "are", "was", "were", "been", "be"}
        and not tokens[index].lower.endswith("ing")
    ):
        return by_agent(tokens, index, sort)
    first, source = subject_of(tokens, index)
    gap = tokens[index + 1 : index + 2]
    if source is not None and gap and gap[0].lower in _FINITE and not _relative(tokens, 0, index):
        return _of_gap(tokens, index, sort)  # "a move analysts said would cost 40"
    if _relative(tokens, 0, index):
        if sort == "want" or tokens[index].lower == "asked":
            return None
        tokens = _until_resumption(tokens, index)
    reach = until_turn(until_dash(until_main(tokens, index), first), index)
    after = content_after(reach, index, sort)
    if after is None and source is not None and uncovers(tokens, index, source):
        after = trimmed(reach, index + 1)
    broken = index + 2 < len(tokens) and tokens[index + 1].text in _PARTING
    resumed = after is not None and tokens[_index_after(tokens, after[0])].lower in AUX
    before = content_before(tokens, first, inserted=broken or resumed)
    if (
        before is not None
        and tokens[first - 1].text == QUOTED
        and after is not None
        and not broken
        and not resumed
    ):
        after = after if tokens[index + 1].lower == "that" else quote_after(tokens, index + 1)
    if before is not None and (
        (tokens[index].lower not in CLOSING and not _quoted(tokens, before))
        or any(token.lower in {"who", "which"} for token in tokens[max(first, index - 3) : index])
    ):
        before = None
    if source is None:
        turned = inverted(tokens, index)
        if turned is None or before is None:
            return None
        source, rest = turned
        after = quote_after(tokens, rest)
    if not names_speaker(tokens, source):
        return None
    if before is not None and after is not None and not (_quoted(tokens, before) or broken or resumed):
        before = None
    content = tuple(part for part in (before, after) if part is not None)
    if not content or _leaves_open(tokens, index):
        return None
    token = tokens[index]
    return Attribution(
        source, (token.start, token.end), content, kind_of_content(tokens, content), _sort(token, sort)
    )


def _leaves_open(tokens: list[Token], index: int) -> bool:
    """As in "has not said whether …": nothing is said."""
    following = tokens[index + 1].lower if index + 1 < len(tokens) else ""
    before = tokens[max(0, index - 3) : index]
    denied = any(token.lower in {"not", "never"} or token.lower.endswith(("n't", "n’t")) for token in before)
    return denied and following in {"whether", "if", "how", "what", "when", "who", "why", "where"}


_FINITE = frozenset("is are was were has had will would could can may might should must".split())


def _of_gap(tokens: list[Token], index: int, sort: str) -> Attribution | None:
    """As in "a move analysts said would cost 40": what stands before is the author's."""
    start, _ = subject_of(tokens, index)
    noun = tokens[index - 1]
    at = index - 1
    if tokens[start].lower not in {"a", "an", "the"} or noun.text[0].isupper():
        while at > start and tokens[at - 1].text[0].isupper():
            at -= 1
    source, after = (tokens[at].start, noun.end), trimmed(tokens, index + 1)
    if after is None or not names_speaker(tokens, source):
        return None
    cue = (tokens[index].start, tokens[index].end)
    return Attribution(source, cue, (after,), kind_of_content(tokens, (after,)), _sort(tokens[index], sort))


def _exclaimed(tokens: list[Token]) -> list[Attribution]:
    """As in "“…,” laughed one of the men" and "“…,” Lima sighed": beside a quotation any verb will do."""
    at = next(n for n, token in enumerate(tokens) if token.text == QUOTED) + 1
    quote = (tokens[at - 1].start, tokens[at - 1].end)
    if at >= len(tokens) - 1:
        return []
    if is_finite([tokens[at - 1], *tokens[at:]], 1) and tokens[at].lower not in AUX:
        turned = inverted(tokens, at)
        source, verb = (turned[0], at) if turned is not None else (None, at)
    else:
        verb = next((n for n in range(at + 1, min(len(tokens), at + 8)) if is_finite(tokens, n)), at)
        closes = verb > at and tokens[verb].lower not in AUX and verb >= len(tokens) - 2
        source = subject_of(tokens, verb)[1] if closes else None
    if source is None or not names_speaker(tokens, source):
        return []
    return [Attribution(source, (tokens[verb].start, tokens[verb].end), (quote,), "direct", "say")]


def _quoted(tokens: list[Token], part: Span) -> bool:
    return any(token.text == QUOTED and part[0] <= token.start and token.end <= part[1] for token in tokens)


def kind_of_content(tokens: list[Token], content: tuple[Span, ...]) -> str:
    """Direct, "indirect" or "mixed": whether a content is all between quotation marks."""
    quoted = [t for t in tokens if t.text == QUOTED]
    if not quoted:
        return "indirect"
    whole = all(any(q.start <= part[0] and part[1] <= q.end for q in quoted) for part in content)
    return "direct" if whole else "mixed"
