"""What is said: the content before and after a cue, and where it ends."""

from __future__ import annotations

from quidproquo.reading.attribution.cues import PERCEIVING, VERBS, WANTS
from quidproquo.reading.attribution.subjects import is_verb, subject_of
from quidproquo.reading.attribution.words import (
    APPROXIMATE,
    AUX,
    BREAKS,
    CONJUNCTIONS,
    DASHES,
    DETERMINERS,
    PREPOSITIONS,
    PRONOUNS,
    QUOTED,
    TIMES,
    Token,
    is_finite,
    is_number,
    is_plural,
    lower_of,
)
from quidproquo.reading.sentences import Span

__all__ = [
    "TRAILING",
    "content_after",
    "content_before",
    "first_subject",
    "quote_after",
    "trimmed",
    "until_dash",
    "until_main",
    "until_turn",
]

_CLAUSAL = frozenset(
    "believe believes believed think thinks thought expect expects expected hope hopes hoped fear fears "
    "feared doubt doubts doubted suspect suspects suspected "
    "feel feels felt realize realized assume assumes assumed anticipate anticipates anticipated estimate "
    "estimates estimated considers consider considered found discovered determined calculated "
    "predict worried worry prefers prefer preferred understands regret regrets regretted resent favors "
    "favor favours opposes oppose welcomed welcomes see".split()
)
TRAILING = frozenset(
    "saying adding noting arguing claiming warning telling suggesting insisting stating alleging explaining "
    "asserting declaring stressing emphasizing emphasising estimating confirming reporting announcing predicting "
    "acknowledging conceding revealing recalling promising vowing pledging".split()
) | {"pointing out"}
_LISTENERS = frozenset("me him her us them you reporters lawmakers journalists parliament".split())
_ADDRESSEE = frozenset(
    "told tell tells telling informed assured reminded advised warned notified asked".split()
)
_END_MARKS = frozenset({".", ",", ";", "!", "?"})
_TURNS = frozenset("while whereas but though although and as".split())
_FAR = 24


def trimmed(tokens: list[Token], first: int) -> Span | None:
    """The span from a token to the end of the sentence, without marks at its ends."""
    last = len(tokens) - 1
    while first <= last and tokens[first].text in {",", ";", ":", "—", "–", "."}:
        first += 1
    while last >= first and tokens[last].text in _END_MARKS:
        last -= 1
    return (tokens[first].start, tokens[last].end) if first <= last else None


def until_dash(tokens: list[Token], first: int) -> list[Token]:
    """The tokens up to the closing dash, where the source follows an opening one."""
    if first == 0 or tokens[first - 1].text not in DASHES:
        return tokens
    closing = next((at for at in range(first, len(tokens)) if tokens[at].text in DASHES), len(tokens))
    return tokens[:closing]


_STRETCH_ENDS = BREAKS | {QUOTED}


def until_turn(tokens: list[Token], index: int) -> list[Token]:
    """The tokens up to a clause that has a speaker of its own: "…, while the agency reported that …"."""
    if _TURNING.isdisjoint(map(lower_of, tokens[index + 1 :])):
        return tokens
    for at in range(index + 1, len(tokens) - 2):
        token = tokens[at]
        if (token.text == "," and _is_aside(tokens, at + 1)) or (
            token.lower in _SPANS and _is_after(tokens, at)
        ):
            return tokens[:at]
        if at < index + 3:
            continue
        if token.lower not in _TURNS or not (
            tokens[at - 1].text == "," or token.lower in {"while", "whereas"}
        ):
            continue
        for cue in range(at + 2, min(len(tokens) - 1, at + 16)):
            if tokens[cue].text in _STRETCH_ENDS:
                break
            if tokens[cue].lower in VERBS and is_verb(tokens, cue):
                _, source = subject_of(tokens, cue)
                if (
                    source is not None
                    and source[0] == tokens[at + 1].start
                    and content_after(tokens, cue, "say")
                ):
                    return tokens[:at]
                break
    return tokens


_NUMERALS = frozenset(
    "two three four five six seven eight nine ten eleven twelve half third quarter dozen dozens hundreds "
    "thousands millions one-third two-thirds one-fifth".split()
)
# Words that bound a number.
_HEDGING = frozenset(
    "nearly almost roughly approximately at least most more fewer less than as many much to only just well an "
    "estimated exactly".split()
)
_SPANS = frozenset("hours days weeks months years decades day week month year hour".split())
_SUBORDINATE = frozenset("while although though when as after before since because even".split())


def _is_aside(tokens: list[Token], at: int) -> bool:
    """Whether the reporter goes on: "…, months after a truce", "…, a day before the vote"."""
    near = [token.lower for token in tokens[at : at + 4]]
    span = next((n for n, word in enumerate(near) if word in _SPANS), None)
    return span is not None and span + 1 < len(near) and near[span + 1] in {"after", "before"}


_COUNTING = frozenset("two three four five six seven eight nine ten few several many dozen some more".split())
_COUNTED = _COUNTING | DETERMINERS


def _is_after(tokens: list[Token], at: int) -> bool:
    """As in "… hours after", where no number says how many."""
    before = tokens[at - 1]
    alone = before.text.islower() and before.lower not in _COUNTED
    return alone and is_plural(tokens[at]) and tokens[at + 1].lower in {"after", "before"}


_TURNING = _TURNS | _SPANS


def until_main(tokens: list[Token], index: int) -> list[Token]:
    """The tokens up to the main clause, for a cue in a clause before it: "While he said it would, it did not"."""
    if tokens[0].lower not in _SUBORDINATE:
        return tokens
    for at in range(index + 2, len(tokens) - 2):
        if tokens[at].text == "," and _opens_clause(tokens, at + 1):
            return tokens[:at]
    return tokens


_LINKS = CONJUNCTIONS | PREPOSITIONS


def first_subject(tokens: list[Token], index: int) -> Span | None:
    """The subject of a sentence that ends with "…, saying it would help": what stands before its first verb."""
    if tokens[0].lower in _LINKS:
        return None
    for at, token in enumerate(tokens[: min(index, 16)]):
        if token.text in BREAKS or token.text == QUOTED:
            return None
        if at > 0 and (is_finite(tokens, at) or (token.lower in VERBS and is_verb(tokens, at))):
            return tokens[0].start, tokens[at - 1].end
    return None


def content_before(tokens: list[Token], first: int, *, inserted: bool = False) -> Span | None:
    """What stands before the source, if a comma, a dash, a colon or a quotation parts them."""
    if first <= 0:
        return None
    gap = first - 1
    if tokens[gap].lower == "as" and gap > 0 and tokens[gap - 1].text == ",":
        gap -= 1
    sign = tokens[gap].text
    if sign == QUOTED:
        return tokens[0].start, tokens[gap].end
    if sign in DASHES and gap >= 1:
        return tokens[0].start, tokens[gap - 1].end
    if sign != "," or gap < 1:
        return None
    opening = tokens[0].lower in _LINKS
    if tokens[gap - 1].text == QUOTED or gap >= 4 or (inserted and gap >= 2 and not opening):
        return tokens[0].start, tokens[gap - 1].end
    clause = any(is_finite(tokens, at) for at in range(1, gap))
    return (tokens[0].start, tokens[gap - 1].end) if gap >= 3 and (clause or not opening) else None


_CUE_ENDS = frozenset({",", ".", ";", *DASHES, "(", ")"})


def content_after(tokens: list[Token], index: int, sort: str) -> Span | None:
    """The complement of a cue: after "that", a quotation, or at once; past an adjunct where one comes first."""
    at = index + 1
    if at >= len(tokens) or _is_deed(tokens, index):
        return None
    token = tokens[at]
    if tokens[index].lower in _ADDRESSEE and not (token.lower == "of" and tokens[index].lower == "warned"):
        return _after_addressee(tokens, at)
    if token.lower == "for" and [t.lower for t in tokens[at + 1 : at + 4]] in (
        ["the", "first", "time"],
        ["the", "second", "time"],
    ):
        return trimmed(tokens, at + 4)
    spoken_of = token.lower == "of" and tokens[index].lower.startswith(("warn", "boast", "complain"))
    if token.lower == "that" or (token.text == ":" and at + 1 < len(tokens)) or spoken_of:
        return trimmed(tokens, at + 1)
    if token.text in _CUE_ENDS:
        return quote_after(tokens, at) if _goes_on(tokens, at) is None else trimmed(tokens, at + 1)
    if _opens_number(tokens, at):
        return trimmed(tokens, at)
    wanted = tokens[index].lower in WANTS and token.lower in {"to", "for"}
    if not wanted and _opens_adjunct(tokens, at, sort):
        return _past_adjunct(tokens, at)
    if sort in {"want", "think"} and not _complements(tokens, at, sort):
        return None
    if tokens[index].lower in PERCEIVING and not (token.text == QUOTED or _is_clause(tokens, at)):
        return None
    return trimmed(tokens, at)


def _is_deed(tokens: list[Token], index: int) -> bool:
    """Whether nothing is said: "explained 39%", "claimed an attack", "agreed to swap", "identified him"."""
    cue, following = tokens[index].lower, tokens[index + 1]
    if cue.startswith("explain"):
        return is_number(following)
    if cue.startswith("claim"):
        return following.lower in {"a", "an"} and not _is_clause(tokens, index + 1)
    if cue.startswith("identif"):
        counts = any(map(is_number, tokens[index + 1 : index + 5])) or following.lower in {*_COUNTING, "that"}
        return not (counts or _opens_number(tokens, index + 1))
    return cue.startswith("agree") and following.lower == "to"


def _opens_adjunct(tokens: list[Token], at: int, sort: str) -> bool:
    """Whether a date, "in a letter" or "to the board" begins here."""
    word = tokens[at].lower
    if word != "to":
        return word in TIMES or word in PREPOSITIONS
    return sort == "say" and at + 1 < len(tokens) and _is_listener(tokens, at + 1)


_LISTENING = _LISTENERS | DETERMINERS


def _is_listener(tokens: list[Token], at: int) -> bool:
    return tokens[at].lower in _LISTENING or tokens[at].text[0].isupper()


def _opens_number(tokens: list[Token], at: int) -> bool:
    """Whether "about", "between", "over", "at least" and the like open a number, not an adjunct."""
    opening = {token.lower for token in tokens[at : at + 3]}
    if tokens[at].lower in _HEDGING and not opening.isdisjoint(_HEDGING):
        behind = next((item for item in tokens[at + 1 : at + 5] if item.lower not in _HEDGING), None)
        return behind is not None and (is_number(behind) or behind.lower in _NUMERALS)
    if tokens[at].lower not in APPROXIMATE:
        return False
    behind_article = 1 + (tokens[at + 1 : at + 2] != [] and tokens[at + 1].lower in {"a", "an", "one"})
    if any(item.lower in _NUMERALS for item in tokens[at + 1 : at + 1 + behind_article]):
        return True
    following = tokens[at + 1 : at + 3]
    return any(is_number(item) and len(item.text) != 4 for item in following[:1]) or (
        len(following) == 2 and following[0].lower in {"to", "least", "a"} and is_number(following[1])
    )


def _past_adjunct(tokens: list[Token], at: int) -> Span | None:
    """What follows "on Monday", "in a letter to the board", "Friday": that …, a colon, a quotation, a clause."""
    dated = tokens[at].lower in TIMES
    for later in range(at, min(len(tokens), at + _FAR)):
        token = tokens[later]
        if token.text == QUOTED:
            return trimmed(tokens, later)
        if token.text == ":" or (token.lower == "that" and later > at):
            return trimmed(tokens, later + 1)
        if token.text == ",":
            return (
                trimmed(tokens, later + 1)
                if later + 1 < len(tokens) and _resumes(tokens, later + 1)
                else _late(tokens, later)
            )
        if token.text == "." and later + 1 == len(tokens):
            break
        if (
            later > at + 1
            and token.lower in _CLAUSE_SUBJECTS
            and later + 1 < len(tokens)
            and is_finite(tokens, later + 1)
        ):
            return trimmed(tokens, later)
        timed = later > at and tokens[later - 1].lower in TIMES
        if timed and token.lower not in TIMES and (dated or later - at <= 3) and _opens_clause(tokens, later):
            return trimmed(tokens, later)
    return None


_CLAUSE_SUBJECTS = frozenset("he she they it we i there".split())


def _late(tokens: list[Token], at: int) -> Span | None:
    """The "that", or the quotation, that follows an adjunct with a comma in it."""
    for later in range(at, min(len(tokens), at + _FAR)):
        if tokens[later].text == QUOTED:
            return trimmed(tokens, later)
        if tokens[later].text == ":" or (tokens[later].lower == "that" and tokens[later - 1].text == ","):
            return trimmed(tokens, later + 1)
    return None


_CLAUSE_OPENERS = PRONOUNS | DETERMINERS | {"there", "at", "some", "more", "nearly", "about"}


def _opens_clause(tokens: list[Token], at: int) -> bool:
    """Whether a clause can begin here: a pronoun, an article, a name or a number, with a verb to come."""
    token = tokens[at]
    begins = token.lower in _CLAUSE_OPENERS or is_number(token) or token.text[0].isupper()
    return begins and any(is_finite(tokens, later) for later in range(at + 1, min(len(tokens), at + 14)))


def _is_clause(tokens: list[Token], at: int) -> bool:
    """Whether a clause, not a bare noun, begins here: its verb follows soon, without a preposition between."""
    for later in range(at + 1, min(len(tokens), at + 7)):
        if (
            tokens[later].text in BREAKS
            or tokens[later].lower in PREPOSITIONS
            or tokens[later].lower.endswith("ing")
        ):
            return False
        if is_finite(tokens, later):
            return True
    return False


def _resumes(tokens: list[Token], at: int) -> bool:
    """Whether the verb of a clause that was broken off follows a comma."""
    return tokens[at].lower in AUX or (is_finite(tokens, at) and tokens[at].text.islower())


_PARTING = frozenset({",", *DASHES})


def _goes_on(tokens: list[Token], at: int) -> int | None:
    """For a cue between commas: the clause that began before it goes on after it."""
    if tokens[at].text not in _PARTING or at + 2 >= len(tokens):
        return None
    following = tokens[at + 1]
    if following.text == QUOTED or following.lower.endswith("ing"):
        return None
    if following.lower in {"and", "but", "or", "nor"}:
        return at + 1
    if _opens_number(tokens, at + 1):
        return at + 1
    if following.lower in CONJUNCTIONS or following.lower in PREPOSITIONS:
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


_SUBJECTS = PRONOUNS - {"you", "it"}


def _after_addressee(tokens: list[Token], at: int) -> Span | None:
    """What follows those who are told: that …, about …, a quotation, or a clause at once."""
    first = tokens[at]
    if (
        is_number(first)
        or _opens_number(tokens, at)
        or (first.lower in _SUBJECTS and _opens_clause(tokens, at))
    ):
        return trimmed(tokens, at)
    for later in range(at, min(len(tokens), at + 14)):
        token = tokens[later]
        if token.text == QUOTED:
            return trimmed(tokens, later)
        if token.lower == "that":
            return trimmed(tokens, later + 1)
        if token.lower in {"to", "about"} and later > at and not _opens_number(tokens, later):
            return trimmed(tokens, later)
        if later > at and _message_at_once(tokens, later):
            return trimmed(tokens, later)
    warned = tokens[at - 1].lower.startswith("warn") and _opens_clause(tokens, at)
    return trimmed(tokens, at) if warned else None


_JOINERS = PREPOSITIONS | {"and", "of", ","}


_MESSAGE_OPENERS = DETERMINERS | PRONOUNS - {"who"}


_ADJUNCTS = PREPOSITIONS | TIMES


_MARKS = BREAKS | {"."}


def _message_at_once(tokens: list[Token], at: int) -> bool:
    """Whether the message begins here without "that": "told AFP 40 crates were lost", "told me it was over"."""
    token, previous = tokens[at], tokens[at - 1]
    if previous.lower in _JOINERS or previous.lower in DETERMINERS:
        return False
    if _opens_number(tokens, at) or (is_number(token) and previous.lower not in TIMES):
        return True
    if previous.lower in _LISTENERS and token.text not in _MARKS and token.lower not in _ADJUNCTS:
        return True
    return token.lower in _MESSAGE_OPENERS and _opens_clause(tokens, at)


def quote_after(tokens: list[Token], at: int) -> Span | None:
    """The span from the first quotation at or after a token."""
    for later in range(at, len(tokens)):
        if tokens[later].text == QUOTED:
            return trimmed(tokens, later)
    return None
