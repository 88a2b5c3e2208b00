"""The noun phrase that speaks: before its verb, or shared with an earlier verb."""

from __future__ import annotations

import re

from quidproquo.reading.attribution.cues import INFORMED, NOUN_LIKE, PASSIVES, VERBS
from quidproquo.reading.attribution.names import OFFICE
from quidproquo.reading.attribution.noun_clauses import antecedent_end, with_clause
from quidproquo.reading.attribution.noun_cues import takes_its_object
from quidproquo.reading.attribution.words import (
    AUX,
    BREAKS,
    CONJUNCTIONS,
    DASHES,
    DETERMINERS,
    PREPOSITIONS,
    PRONOUNS,
    QUOTED,
    RELATIVES,
    TIMES,
    Token,
    is_adverb,
    is_finite,
    is_number,
    is_past,
    is_plural,
)
from quidproquo.reading.sentences import Span

__all__ = ["Subject", "is_verb", "subject_of"]

Subject = tuple[int, Span | None]

# A noun phrase is shorter than this; looking no further keeps reading linear.
_MOST = 40
_JOINING = frozenset("and or &".split())
_OPENERS = frozenset(
    "but and or so yet then also meanwhile however still separately nevertheless nonetheless moreover instead "
    "indeed thus even only while as when because although though if that whereas".split()
)
_LINKS = PREPOSITIONS - {"while", "when", "as"} | {"of"}
_BE = frozenset("is are was were been be being".split())
_NOUN_AFTER = frozenset("of from for about in on by".split())


def is_verb(tokens: list[Token], index: int) -> bool:
    """Whether a cue form is a finite verb here, not a noun or a participle in a noun phrase."""
    token = tokens[index]
    word = token.lower
    previous = tokens[index - 1].lower if index else ""
    alone = previous == "that" or (previous in _ALONE and word not in NOUN_LIKE)
    if token.text[0].isupper() or (previous in DETERMINERS and not alone):
        return False
    if previous in {"of", "in", "with", "for", "by", "on", "into", "from"} or previous.endswith(
        ("'s", "’s", "s'", "s’")
    ):
        return False
    if word in _CALLS and index + 1 < len(tokens) and tokens[index + 1].lower in _CALL_UP:
        return False
    if previous in {"as", "than"} and word in PASSIVES and _ends_clause(tokens, index):
        return False
    if word.endswith("ing") and previous not in AUX and previous not in {",", ""}:
        return index > 1 and previous in _STILL and tokens[index - 2].lower in _BE
    if previous in _BE and not word.endswith("ing"):
        return word in PASSIVES or word in INFORMED
    if previous == "to" and word not in {"say", "tell"}:
        return index > 1 and (
            tokens[index - 2].lower in VERBS or antecedent_end(tokens, index - 1) is not None
        )
    following = tokens[index + 1].lower if index + 1 < len(tokens) else ""
    if word.endswith("ed") and (following == "by" or (index and is_number(tokens[index - 1]))):
        return False
    if not takes_its_object(tokens, index):
        return False
    return word not in NOUN_LIKE or _agrees(tokens, index)


_ENDS_PAIR = (
    CONJUNCTIONS | PREPOSITIONS | frozenset("to around across behind beyond below above along".split())
)


def _is_pair(tokens: list[Token], last: int) -> bool:
    """Whether "and" joins the noun at a token to another one: "the port and the Red Cross estimate"."""
    at = last
    while at > 0 and last - at < 8 and (tokens[at].text[0].isalnum() or tokens[at].text == ","):
        if tokens[at].lower in _JOINING:
            return tokens[at - 1].text[0].isalnum() and not is_finite(tokens, at - 1)
        if is_finite(tokens, at) or tokens[at].lower in _ENDS_PAIR:
            return False
        at -= 1
    return False


# Determiners that stand for a noun: "another says".
_ALONE = frozenset("another some these those each".split())
_STILL = frozenset("also now still again already".split())
_CALLS = frozenset("call calls called".split())
_CALL_UP = frozenset("up off in back out".split())
_CLOSE_MARKS = BREAKS | {"."}


def _ends_clause(tokens: list[Token], index: int) -> bool:
    """Whether a mark follows: "as reported, …" names nobody."""
    return index + 1 == len(tokens) or tokens[index + 1].text in _CLOSE_MARKS


def _agrees(tokens: list[Token], index: int) -> bool:
    """Whether the word before a form like "claim" or "claims" can be its subject, by its number."""
    at = index - 1
    while at > 0 and is_adverb(tokens[at].lower) and tokens[at].lower not in AUX:
        at -= 1
    if at < 0:
        return False
    subject = tokens[at]
    following = tokens[index + 1] if index + 1 < len(tokens) else None
    if subject.lower in AUX or subject.lower in PRONOUNS or subject.lower in RELATIVES:
        return subject.lower != "be"
    if not subject.text[0].isalnum() or subject.lower in CONJUNCTIONS or subject.lower in _QUALIFYING:
        return False
    if following is not None and (following.lower in VERBS or is_finite(tokens, index + 1)):
        return False
    if subject.lower in {"media", "press"}:
        return not tokens[index].lower.endswith("s") and subject.lower == "media"
    singular = tokens[index].lower.endswith("s") and tokens[index].lower != "press"
    if not singular and _is_pair(tokens, at):
        return True
    if following is None or following.text in {".", ","}:
        return is_plural(subject) != singular
    if following.lower in AUX or following.lower in _NOUN_AFTER:
        return False
    if singular:
        return not is_plural(subject) or subject.text[0].isupper() or subject.lower in _COLLECTIVE
    return is_plural(subject)


# Nouns with a verb in either number: "the military judges", "the military judge".
_COLLECTIVE = frozenset("military staff crew majority minority".split())
# What stands before a noun, never as the subject of a verb.
_QUALIFYING = frozenset(
    "other recent new own latest previous earlier similar separate various such several".split()
)
_COORDINATING = _JOINING | {"but", "nor", "then"}


def subject_of(tokens: list[Token], index: int) -> Subject:
    """The noun phrase that is the subject of a cue: the index where its clause begins, and its span."""
    last = _before_verb(tokens, index)
    if last < 0 or tokens[last].text == QUOTED:
        return last + 1, None
    token = tokens[last]
    if token.lower in {"who", "which"} or (
        token.lower == "that" and last > 0 and tokens[last - 1].text == ","
    ):
        return _antecedent(tokens, last)
    if token.text == ",":
        if last > 0 and tokens[last - 1].lower in _JOINING:
            return index, None
        return _past_apposition(tokens, last, index)
    if token.lower in _COORDINATING:
        return index, _shared(tokens, last)
    if token.lower in PRONOUNS:
        return last, (token.start, token.end)
    if token.text in DASHES:
        return _past_dashes(tokens, last, index)
    if token.text in BREAKS:
        return index, None
    headed = with_clause(tokens, last)
    if headed is None:
        return _phrase(tokens, last)
    first, span = _phrase(tokens, headed[0])
    return (first, (span[0], tokens[headed[1]].end)) if span is not None else _phrase(tokens, last)


def _past_dashes(tokens: list[Token], last: int, index: int) -> Subject:
    """As in "Ana Lima — a lawyer at the port — said": the dash that closes the apposition is given."""
    opening = next((at for at in range(last - 2, 0, -1) if tokens[at].text in DASHES), 0)
    if opening < 1 or last - opening > _MOST or is_finite(tokens, opening - 1):
        return index, None
    first, span = _phrase(tokens, opening - 1)
    return (first, span) if first == 0 or tokens[first - 1].text == "," else (index, None)


# Auxiliaries after which, up to the participle, only adverbs stand.
_HAVE = frozenset("has have had hasn't haven't hadn't hasn’t haven’t hadn’t".split())


def _is_between(tokens: list[Token], at: int) -> bool:
    """Whether a word stands between an auxiliary and its participle: "have long warned", "has so far said"."""
    return any(
        tokens[back].lower in _HAVE and all(_may_be_adverb(token) for token in tokens[back + 1 : at + 1])
        for back in range(max(0, at - 2), at)
    )


def _may_be_adverb(token: Token) -> bool:
    word = token.lower
    return token.text.islower() and word not in DETERMINERS and word not in PRONOUNS and not is_past(word)


def _before_verb(tokens: list[Token], index: int) -> int:
    """The last token before a verb that isn't an auxiliary, an adverb, a date ("on Tuesday") or in brackets."""
    last = index - 1
    while last >= 0:
        word = tokens[last].lower
        if (
            word in AUX
            or (is_adverb(word) and not tokens[last].text[0].isupper())
            or _is_between(tokens, last)
        ):
            last -= 1
        elif word == ")":
            opening = next((at for at in range(last - 1, max(-1, last - 9), -1) if tokens[at].text == "("), 0)
            if opening < 1:
                return last
            last = opening - 1
        elif word in TIMES and last > 0:
            start = last
            while start > 0 and (tokens[start - 1].lower in TIMES or is_number(tokens[start - 1])):
                start -= 1
            if start > 1 and tokens[start - 1].lower in {"on", "in", "at", "by"}:
                start -= 1
            if start == 0 or tokens[start - 1].text == ",":
                return last
            last = start - 1
        else:
            break
    return last


def _antecedent(tokens: list[Token], relative: int) -> Subject:
    """The noun before "who" or "which"."""
    last = relative - 1
    if last < 0:
        return relative, (tokens[relative].start, tokens[relative].end)
    if tokens[last].text == ",":
        first, span = _past_apposition(tokens, last, relative, named=True)
        if span is not None:
            return first, span
        last -= 1
    if last < 0 or not tokens[last].text[0].isalnum():
        return relative, None
    first, span = _phrase(tokens, last)
    if span is None:  # "… issued by the police, who said …": the noun with its article
        for at in range(last - 1, max(-1, last - 6), -1):
            if tokens[at].lower in DETERMINERS:
                return at, (tokens[at].start, tokens[last].end)
    return first, span


def _before_brackets(tokens: list[Token], comma: int) -> int:
    """Where the brackets open that end before a comma: "Ana Lima (45), a driver, said"; else the comma itself."""
    if comma < 1 or tokens[comma - 1].text != ")":
        return comma
    return next((at for at in range(comma - 2, max(-1, comma - 9), -1) if tokens[at].text == "("), comma)


_PARENTHETIC = frozenset("meanwhile however though too instead moreover therefore".split())
_RELATING = RELATIVES | {"speaking", "whose", "where"}


def _past_apposition(tokens: list[Token], last: int, index: int, *, named: bool = False) -> Subject:
    """As in "Ana Lima, an analyst at the institute, said": the comma that closes the apposition is given."""
    opening = last - 1
    while opening > 0 and last - opening < _MOST and tokens[opening].text not in {",", QUOTED, ";", "—", "–"}:
        opening -= 1
    if tokens[opening].text == "," and opening > 2 and tokens[opening - 1].lower in _PARENTHETIC:
        opening -= 2 if tokens[opening - 2].text == "," else 0  # "Lima, meanwhile, who lost, said"
    inserted = tokens[opening].text == "," and opening > 0 and last - opening > 1
    opening = _before_brackets(tokens, opening)
    if opening > 2 and is_number(tokens[opening - 1]) and tokens[opening - 2].text == ",":
        opening -= 2  # "Ana Lima, 35, a nurse, said"
    if not inserted or opening < 1 or not tokens[opening - 1].text[0].isalpha():
        return index, None
    within = tokens[opening + 1 : last]
    relative = within[0].lower in _RELATING
    participle = within[0].lower.endswith(("ing", "ed"))
    ends = next((at for at in range(opening + 1, last) if tokens[at].lower in RELATIVES), last)
    clause = any(is_finite(tokens, at) for at in range(opening + 1, ends))
    if within[0].lower in {"a", "an"} and tokens[opening - 1].text[0].isupper():
        clause = any(item.lower in AUX for item in within)
    if clause and (named or not (relative or participle)):
        return index, None
    first, span = _phrase(tokens, opening - 1)
    if span is None:
        return first, None
    if tokens[opening].text == "(":
        return first, span
    if span[0] == tokens[opening - 1].start and tokens[opening - 1].lower in TIMES:
        return _phrase(tokens, last - 1)
    asked = relative and any(item.lower in VERBS for item in within)
    return first, (span[0], tokens[opening - 1].end if asked else tokens[last - 1].end)


def _shared(tokens: list[Token], conjunction: int) -> Span | None:
    """The subject of the verb before "and": in "the team urged calm and said" it is the team."""
    start = conjunction
    while (
        start > 0
        and conjunction - start < _MOST
        and tokens[start - 1].text not in {";", ":", QUOTED} | DASHES
    ):
        start -= 1
    verbs = [at for at in range(start, conjunction) if is_finite(tokens, at) or tokens[at].lower in VERBS]
    for at in reversed(verbs):
        if at == start or not (is_finite(tokens, at) or is_verb(tokens, at)):
            continue
        previous = tokens[at - 1].lower
        if previous in AUX or previous in _JOINING or previous in RELATIVES or previous == "to":
            continue
        _, span = subject_of(tokens, at) if previous != "," else (0, None)
        if span is not None:
            return span
    return None


def _phrase(tokens: list[Token], last: int) -> Subject:
    """The noun phrase that ends at a token, with what "and" joins to it."""
    first = last
    joined = False
    while first > 0 and last - first < _MOST:
        before = tokens[first - 1]
        if before.text == ",":
            if not joined or not _is_item(tokens, first - 1):
                break
        elif before.lower in _JOINING:
            if not _joins(tokens, first - 1):
                break
            joined = True
        elif _bounds(tokens, first - 1) or _begins(tokens, first):
            break
        first -= 1
    if tokens[first].lower in _NOMINATIVE and first + 1 < last:  # "they include Ana Lima, who said …"
        return first, (tokens[first + 2].start, tokens[last].end)
    named = _named_before(tokens, first, last)
    if named is not None:
        return named, (tokens[named].start, tokens[last].end)
    begin = _opening(tokens, first, last)
    if begin > last or tokens[first].lower in {"with", "without"}:
        return first, None
    return first, (tokens[begin].start, tokens[last].end)


_NO_NAMES = _LINKS | TIMES | _OPENERS


def _named_before(tokens: list[Token], first: int, last: int) -> int | None:
    """The name before an office that no comma closes: "…, Ana Lima, acting head of the port said"."""
    at = first - 1
    if (
        at < 2
        or tokens[at].text != ","
        or not (tokens[first].text.islower() or (tokens[first].text.isupper() and last > first))
        or tokens[first].lower in PRONOUNS
    ):
        return None
    while at > 0 and tokens[at - 1].text.istitle() and tokens[at - 1].lower not in _NO_NAMES:
        at -= 1
    parted = at == 0 or tokens[at - 1].text in {",", QUOTED} | DASHES
    office = (
        tokens[first].lower in {"the", "a", "an"}
        or OFFICE.match(tokens[last].text) is not None
        or any(token.lower == "of" for token in tokens[first:last])
    )
    return at if parted and office and first - at > 2 else None


_BEFORE_ARTICLES = PREPOSITIONS | {"of", "all", "both", "half", "such", "than", "even", "only", "what", "as"}


def _begins(tokens: list[Token], at: int) -> bool:
    """Whether an article begins a noun phrase right after another noun: "with food and items the office …"."""
    before = tokens[at - 1]
    return (
        tokens[at].lower in {"the", "a", "an"}
        and before.text.islower()
        and before.lower not in _BEFORE_ARTICLES
        and not is_adverb(before.lower)
        and not before.lower.endswith("ing")
    )


def _such_as(tokens: list[Token], at: int) -> bool:
    return tokens[at].lower == "as" and at > 0 and tokens[at - 1].lower == "such"


def _bounds(tokens: list[Token], at: int) -> bool:
    """Whether a token ends a noun phrase on its left."""
    token = tokens[at]
    return (
        token.text in BREAKS
        or token.text in {QUOTED, "”", "“", "•", "*"}
        or token.lower in _RELATING_NOUNS
        or (token.lower in CONJUNCTIONS and token.lower != "than" and not _such_as(tokens, at))
        or is_finite(tokens, at)
        or (token.lower in VERBS and is_verb(tokens, at) and token.lower not in {"like"})
    )


_NOMINATIVE = frozenset("he she they we i".split())
_RELATING_NOUNS = frozenset("who whom whose".split())
_SUBORDINATING = CONJUNCTIONS - _JOINING


def _joins(tokens: list[Token], conjunction: int) -> bool:
    """Whether "and" joins nouns: no verb stands between it and the beginning of its clause."""
    if conjunction == 0 or not (
        tokens[conjunction - 1].text[0].isalnum() or tokens[conjunction - 1].text == ","
    ):
        return False
    at = conjunction - 1
    if tokens[at].text == ",":
        at -= 1
    while (
        at >= 0
        and conjunction - at < _MOST
        and tokens[at].text not in {",", ";", ":", QUOTED, "(", ")"} | DASHES
    ):
        if tokens[at].lower in _SUBORDINATING:
            return tokens[at].lower in {"that", "but", "while", "as", "because"} and at < conjunction - 1
        if is_finite(tokens, at) or (tokens[at].lower in VERBS and is_verb(tokens, at)):
            return False
        at -= 1
    return tokens[at + 1].lower not in PREPOSITIONS or at + 1 == conjunction


_ITEM_ENDS = BREAKS | {QUOTED}


def _is_item(tokens: list[Token], comma: int) -> bool:
    """Whether an item of a list ("Lima, Costa and four others") stands before a comma."""
    at = comma - 1
    while at >= 0 and comma - at <= 6 and tokens[at].text not in _ITEM_ENDS:
        if is_finite(tokens, at):
            return False
        if tokens[at].lower in CONJUNCTIONS:
            break
        at -= 1
    item = tokens[at + 1 : comma]
    if not item or comma - at > 6 or item[0].lower in PREPOSITIONS or item[-1].lower in TIMES:
        return False
    return item[0].text[0].isupper() or item[0].lower in DETERMINERS


def _opening(tokens: list[Token], first: int, last: int) -> int:
    """Where a noun phrase begins, past conjunctions, adverbs, dates and the adjuncts of a sentence."""
    at = first
    while at <= last:
        token = tokens[at]
        word = token.lower
        if at < last and word in _LINKS:
            at = _past_adjunct(tokens, at, last)
            continue
        mark = not token.text[0].isalnum() and token.text not in {"(", "["}
        adverb = word in _OPENERS or is_adverb(word) or (word in TIMES and word not in {"may", "march"})
        if not (mark or (at < last and adverb)):
            return at
        at += 1
    return at


_NATIONAL = re.compile(r"[A-Z][a-z]+(?:ian|ean|ese|ish|can)$")


_GOES_ON = PREPOSITIONS | _JOINING | {"of"}


_PREPOSITIONS_OF = PREPOSITIONS | {"of"}


_LINKING = _JOINING | {"of"}


def _past_adjunct(tokens: list[Token], at: int, last: int) -> int:
    """The token after "on Saturday", "in Sylvania", "at the talks in June"; past the end where nothing follows."""
    here = at + 1
    while here <= last:
        token, previous = tokens[here], tokens[here - 1]
        linked = previous.lower in PREPOSITIONS or previous.lower in _LINKING
        if token.lower in DETERMINERS and not linked:
            return here
        if (
            (previous.lower in TIMES or is_number(previous))
            and token.lower not in TIMES
            and not is_number(token)
            and token.lower not in _PREPOSITIONS_OF
        ):
            return here
        if _NATIONAL.match(token.text) and here > at + 1 and not linked:
            return here
        if (
            previous.text[0].isupper()
            and token.text.islower()
            and token.lower not in _GOES_ON
            and here > at + 1
        ):
            return here
        here += 1
    return here
