"""The case's words: which quantity or proposition a number or a sentence is about."""

from __future__ import annotations

import bisect
import re
from collections.abc import Iterable
from dataclasses import dataclass, field, replace
from functools import cached_property

from quidproquo.cases.record import Case, LexiconEntry, Quantity
from quidproquo.reading.owners import is_ahead, owners
from quidproquo.reading.quantities.conversion import converted
from quidproquo.reading.quantities.noun_phrases import is_plural
from quidproquo.reading.recipients import flows, recipients
from quidproquo.reading.record import Quantified
from quidproquo.reading.sentences import Span

__all__ = ["Fit", "Hit", "Lexicon", "SentenceContext"]

_WORD = re.compile(r"[A-Za-z0-9]+(?:[’'.&-][A-Za-z0-9]+)*(?:(?<=\.[A-Za-z])\.)?")
_CLAUSE = re.compile(r"[;—–]|[,:](?=\s)|\s-\s|\b(?:so|but|while|whereas|although|though)\b", re.IGNORECASE)
_COORDINATED = re.compile(r",?[ ](?:and|or|while|but)[ ]|,[ ]")
_HEAD_SCORE = 2.0
_MOST_KNOWN = 50_000
# A clause is shorter than this; looking no further keeps reading linear.
_FAR = 1000


@dataclass(frozen=True)
class Hit:
    """A word or phrase of the lexicon found in a text."""

    item: str
    start: int
    end: int


@dataclass(frozen=True)
class Fit:
    """An entry that fits, with its score; for a quantity the numbers in its unit."""

    entry: LexiconEntry
    score: float
    value: float | None = None
    low: float | None = None
    high: float | None = None


@dataclass(frozen=True)
class SentenceContext:
    """A sentence with the lexicon's words found in it, and those found around it."""

    text: str
    span: Span
    hits: tuple[Hit, ...]
    around: frozenset[str] = frozenset()
    numbers: tuple[Quantified, ...] = ()

    @cached_property
    def items(self) -> frozenset[str]:
        """The words found in the sentence."""
        return frozenset(hit.item for hit in self.hits)

    @cached_property
    def _marks(self) -> list[Span]:
        """Where the clauses of the sentence are parted."""
        return [mark.span() for mark in _CLAUSE.finditer(self.text, self.span[0], self.span[1])]

    def clause(self, at: int) -> Span:
        """The clause around a position: between commas, semicolons, colons, dashes, "so", "but", "while"."""
        start, end = max(self.span[0], at - _FAR), min(self.span[1], at + _FAR)
        after = bisect.bisect_right(self._marks, at, key=lambda mark: mark[1])
        if after:
            start = max(start, self._marks[after - 1][1])
        if after < len(self._marks) and self._marks[after][0] < at:
            after += 1  # the place is inside a mark
        if after < len(self._marks):
            end = min(end, self._marks[after][0])
        return start, end

    def near(self, at: int) -> frozenset[str]:
        """The words found in the clause around a position."""
        return self.within(self.clause(at))

    def within(self, span: Span) -> frozenset[str]:
        """The words found in a stretch of the sentence."""
        start, end = span
        return frozenset(hit.item for hit in self.hits if start <= hit.start and hit.end <= end)

    def repeated(self, number: Quantified) -> Quantified | None:
        """The number before whose noun and verb this one repeats unsaid; None where it has its own."""
        before = [other for other in self.numbers if other.end <= number.start]
        if not before or number.kind != "count" or is_plural(number.unit.split("/")[0]):
            return None
        found = any(_ANOTHER.finditer(self.text, before[-1].end, number.end))
        return before[-1] if found and before[-1].head else None

    def is_alternative(self, number: Quantified) -> bool:
        """Whether it stands in place of the number before: "a million of one kind or 200,000 of another"."""
        before = [other.end for other in self.numbers if other.end <= number.start]
        return bool(before) and _OR.fullmatch(self.text, max(before), number.start) is not None

    def own(self, number: Quantified) -> Span:
        """The part of the clause that is a number's own where other numbers share it.

        Of "300 men were lost and 2,700 were found" each number has its own verb.
        """
        start, end = self.clause(number.start)
        for other in self.numbers:
            if other.end <= number.start and other.end > start:
                joins = [join.start() for join in _COORDINATED.finditer(self.text, other.end, number.start)]
                start = joins[-1] if joins else other.end
            elif number.end <= other.start < end:
                end = other.start
                for join in _COORDINATED.finditer(self.text, number.end, end):
                    end = join.start()
        return start, end


_OR = re.compile(r"[^,;:.()]{1,60}\sor\s+")

# "Sent 11,000 men in May, and another 3,000 in June": the second number is of what the first one is.
_ANOTHER = re.compile(
    r"(?:,|[ ]and|[ ]then|[ ]with|,[ ]followed by)[ ](?:then[ ])?(?:another|a further|an additional)[ ]"
)


_TENSES = (
    ("is", "was", "has been", "had been"),
    ("are", "were", "have been", "had been"),
    ("has", "had"),
    ("have", "had"),
)


def _in_all_tenses(item: str) -> list[str]:
    """An item as it stands, and with "is", "are", "has" or "have" in other tenses: "are in" is also "were in"."""
    words = item.split(" ")
    found = [item]
    for present, *others in _TENSES:
        if present in words:
            at = words.index(present)
            found += [" ".join([*words[:at], other, *words[at + 1 :]]) for other in others]
    return list(dict.fromkeys(found))


@dataclass(frozen=True)
class _Word:
    """What a printed word is and gives: without its case and possessive, the items, the phrases it may open."""

    bare: str
    items: tuple[str, ...]
    phrases: tuple[tuple[tuple[str, ...], str, bool], ...]


@dataclass
class _Vocabulary:
    """Items by how they are found: whole words, stems by length, phrases by first word."""

    words: dict[str, list[str]] = field(default_factory=dict)
    exact: dict[str, list[str]] = field(default_factory=dict)
    stems: dict[str, list[str]] = field(default_factory=dict)
    lengths: list[int] = field(default_factory=list)
    phrases: dict[str, list[tuple[tuple[str, ...], str, bool]]] = field(default_factory=dict)

    def add(self, printed: str, item: str) -> None:
        """Have `item` reported wherever `printed` stands."""
        capitals = printed.isupper() and len(printed) > 1 and "*" not in printed
        tokens = tuple(_WORD.findall(printed if capitals else printed.lower()))
        if not tokens:
            return
        stem = printed.endswith("*")
        if len(tokens) > 1:
            self.phrases.setdefault(_bare(tokens[0]), []).append(
                (tuple(_bare(t).rstrip("*") for t in tokens), item, stem)
            )
        elif stem:
            self.stems.setdefault(tokens[0], []).append(item)
            if len(tokens[0]) not in self.lengths:
                self.lengths.append(len(tokens[0]))
        elif capitals:
            self.exact.setdefault(tokens[0], []).append(item)
        else:
            self.words.setdefault(tokens[0], []).append(item)


class Lexicon:
    """The entries of a case, ready to be matched."""

    def __init__(self, case: Case) -> None:
        self._quantities = case.quantities
        self._entries = case.lexicon
        self._names = {f"@{actor.id}": (actor.name, *actor.aliases) for actor in case.actors.values()}
        self._vocabulary = _Vocabulary()
        used = {item for entry in case.lexicon for item in _items(entry)}
        self._flows = flows(case)
        owned = bool(self._flows) or any(entry.owner for entry in case.lexicon)
        for item in sorted(used | (set(self._names) if owned else set())):
            for printed in self._names.get(item) or _in_all_tenses(item):
                self._vocabulary.add(printed, item)
        self._known: dict[str, _Word] = {}
        self._starts = self._index()

    def _index(self) -> dict[str, list[int]]:
        """Entries by one word each that a sentence must hold."""
        index: dict[str, list[int]] = {}
        for number, entry in enumerate(self._entries):
            groups = [*entry.all_of, *entry.near] or ([entry.heads] if entry.heads else [])
            keys = min(groups, key=len) if groups else ("",)
            for key in keys:
                index.setdefault(key, []).append(number)
        return index

    def hits(self, text: str, span: Span) -> tuple[Hit, ...]:
        """The lexicon's words in a stretch of text."""
        found: list[Hit] = []
        # Owners that stand inside a place: "are in Sylvania" ends in none of "are in Sylvania’s Delta region".
        inner: list[Span] = []
        tokens = list(_WORD.finditer(text, span[0], span[1]))
        words = [self._known.get(token[0]) or self._look_up(token[0]) for token in tokens]
        for number, word in enumerate(words):
            if word.bare in _PLACING and word.phrases:
                placed = self._placed(number, tokens, words)
                if placed:
                    found.extend(placed)
                    inner.append(tokens[number + 1].span())
            if word.items:
                start, end = tokens[number].span()
                found.extend(Hit(item, start, end) for item in word.items)
            if not word.phrases or number + 1 == len(words):
                continue
            following = words[number + 1].bare
            for phrase, item, stem in word.phrases:
                if phrase[1] != following and (len(phrase) > 2 or not stem):
                    continue
                stop = number + len(phrase)
                if stop <= len(words) and _same([one.bare for one in words[number:stop]], phrase, stem):
                    found.append(Hit(item, tokens[number].start(), tokens[stop - 1].end()))
        if inner:
            found = [
                hit for hit in found if not any(hit.start < start and hit.end == end for start, end in inner)
            ]
        return tuple(found)

    def _placed(self, number: int, tokens: list[re.Match[str]], words: list[_Word]) -> list[Hit]:
        """Phrases of a place with its owner or direction inside: "in Sylvania’s Delta region" for "in Delta"."""
        at = number + 1
        possessed = at < len(words) and (_is_possessive(tokens[at][0]) or words[at].bare in _POSSESSIVES)
        article = at < len(words) and words[at].bare == "the"
        if not possessed and not article:
            return []
        at += 1
        while (
            at < len(words)
            and at < number + 4
            and (words[at].bare in _DIRECTIONS or _is_adjective(tokens[at][0]))
        ):
            at += 1
        if article and at == number + 2:
            return []  # "in the Delta region" stands as it is
        found: list[Hit] = []
        for phrase, item, stem in words[number].phrases:
            rest = phrase[2:] if phrase[1] == "the" else phrase[1:]
            if not rest or (article and phrase[1] != "the"):
                continue
            stop = at + len(rest)
            same = [one.bare for one in words[at:stop]]
            if stop <= len(words) and same[:-1] == list(rest[:-1]) and _ends(same[-1], rest[-1], stem):
                found.append(Hit(item, tokens[number].start(), tokens[stop - 1].end()))
        return found

    def _look_up(self, token: str) -> _Word:
        """What a printed word gives; kept, since words recur."""
        if len(self._known) > _MOST_KNOWN:
            self._known.clear()
        bare = _bare(token)
        forms = (bare, *bare.split("-")) if "-" in bare else (bare,)
        items = [item for form in forms for item in self._single(form)]
        items.extend(self._vocabulary.exact.get(_unpossessed(token), ()))
        word = _Word(bare, tuple(items), tuple(self._vocabulary.phrases.get(bare, ())))
        self._known[token] = word
        return word

    def _single(self, word: str) -> tuple[str, ...]:
        """The items that a single word gives: itself and the stems it begins with."""
        vocabulary = self._vocabulary
        found = list(vocabulary.words.get(word, ()))
        for length in vocabulary.lengths:
            if length <= len(word):
                found.extend(vocabulary.stems.get(word[:length], ()))
        return tuple(found)

    def quantity(self, context: SentenceContext, number: Quantified) -> Fit | None:
        """The quantity that a number in a sentence is about, with its value in that quantity's unit."""
        if context.is_alternative(number):
            return None  # the first of two alternatives is the report; both can't be
        head = self._head_items(number)
        actors = [hit for hit in context.hits if hit.item.startswith("@")]
        around = _Around(
            number, frozenset(item for item, counted in head.items() if counted), context.near(number.start),
            owners(context.text, context.span, number, actors, head), is_ahead(context.text, context.span, number),
            recipients(context.text, context.span, number, actors),
        )  # fmt: skip
        own = replace(around, near=context.within(context.own(number)))
        candidates = self._candidates(context.items | frozenset(head))
        fits = [fit for one in (own, around) if (fit := self._best(candidates, context, one)) is not None]
        if fits:
            return max(fits, key=lambda fit: fit.score)
        model = context.repeated(number)
        return self._as_before(context, own, model) if model is not None else None

    def _as_before(self, context: SentenceContext, around: _Around, model: Quantified) -> Fit | None:
        """The quantity of a number that repeats the noun and the verb of the number before it."""
        head = self._head_items(model)
        heads = around.head | {item for item, counted in head.items() if counted}
        likewise = replace(around, head=heads, near=around.near | context.near(model.start))
        return self._best(self._candidates(context.items | frozenset(head)), context, likewise)

    def _best(self, candidates: list[LexiconEntry], context: SentenceContext, around: _Around) -> Fit | None:
        """The entry that fits best, of those that fit equally the first."""
        best: Fit | None = None
        for entry in candidates:
            quantity = self._quantities.get(entry.target)
            if entry.kind != "quantity" or quantity is None:
                continue
            fit = self._fits(entry, quantity, context, around)
            if fit is not None and (best is None or fit.score > best.score):
                best = fit
        return best

    def _head_items(self, number: Quantified) -> dict[str, bool]:
        """The words found in a number's noun phrase, and whether each is what is counted, not what describes it.

        In "300 crate factories" the crates describe.
        """
        phrase = number.head
        noun = number.unit.split("/")[0] if number.kind == "count" else ""
        at = phrase.find(noun) if noun else -1
        found: dict[str, bool] = {}
        for hit in self.hits(phrase, (0, len(phrase))):
            counted = at < 0 or hit.end > at
            found[hit.item] = found.get(hit.item, False) or counted
        return found

    def _fits(
        self, entry: LexiconEntry, quantity: Quantity, context: SentenceContext, around: _Around
    ) -> Fit | None:
        if entry.owner and around.owners and not around.owners.intersection(entry.owner):
            return None
        if entry.stage in _DONE and around.ahead:
            return None
        if entry.stage == "sent" and not self._flows_so(entry, around):
            return None
        score = _groups(entry, context, around.near)
        if score is None:
            return None
        if entry.heads:
            if not around.head.intersection(entry.heads):
                return None
            score += _HEAD_SCORE
        number = around.number
        if entry.units and number.unit not in entry.units and number.kind not in entry.units:
            return None
        values = converted(number, quantity.unit)
        if values is None:
            return None
        return Fit(entry, score + (0.0 if values.changed else 1.0), values.value, values.low, values.high)

    def _flows_so(self, entry: LexiconEntry, around: _Around) -> bool:
        """Whether giver and receiver of what was sent, as far as they are named, can be those of the ledger."""
        if entry.target not in self._flows:
            return True
        giver, receiver = self._flows[entry.target]
        if around.recipients and receiver not in around.recipients:
            return False
        return bool(entry.owner) or not around.owners or not around.owners.isdisjoint({giver, receiver})

    def propositions(self, context: SentenceContext) -> list[Fit]:
        """The propositions that a sentence is about: the best entry of each."""
        found: dict[str, Fit] = {}
        for entry in self._candidates(context.items):
            if entry.kind != "proposition":
                continue
            score = _groups(entry, context, context.items)
            if score is None:
                continue
            known = found.get(entry.target)
            if known is None or score > known.score:
                found[entry.target] = Fit(entry, score)
        return list(found.values())

    def _candidates(self, items: frozenset[str]) -> list[LexiconEntry]:
        numbers = {number for item in items for number in self._starts.get(item, ())}
        numbers.update(self._starts.get("", ()))
        return [self._entries[number] for number in sorted(numbers)]


@dataclass(frozen=True)
class _Around:
    number: Quantified
    head: frozenset[str]
    near: frozenset[str]
    owners: frozenset[str]
    ahead: bool
    recipients: frozenset[str] = frozenset()


# What is only planned or promised has none of these stages.
_DONE = frozenset({"sent", "in_place", "used", "lost"})


def _groups(entry: LexiconEntry, context: SentenceContext, near: frozenset[str]) -> float | None:
    """The number of groups that an entry demands and finds; None where one is missing or forbidden."""
    items = context.items
    if any(not items.intersection(group) for group in entry.all_of):
        return None
    if any(not near.intersection(group) for group in entry.near):
        return None
    if items.intersection(entry.none_of) or near.intersection(entry.not_near):
        return None
    if any(not (items | context.around).intersection(group) for group in entry.context):
        return None
    return float(len(entry.all_of) + len(entry.near) + len(entry.context))


def _items(entry: LexiconEntry) -> Iterable[str]:
    yield from entry.heads
    yield from entry.none_of
    yield from entry.not_near
    yield from entry.owner
    for group in (*entry.all_of, *entry.near, *entry.context):
        yield from group


def _unpossessed(word: str) -> str:
    return word[:-2] if word.endswith(("'s", "’s")) else word


def _bare(word: str) -> str:
    return _unpossessed(word).lower().replace("’", "'")


# A place may stand behind one of these with its owner and direction: "in Sylvania’s western Delta region".
_PLACING = frozenset({"in", "to", "into", "from", "near", "inside", "within", "across"})
_POSSESSIVES = frozenset({"its", "their", "his", "her", "our"})
_DIRECTIONS = frozenset(
    "western eastern northern southern central northwestern northeastern southwestern southeastern north-western "
    "north-eastern south-western south-eastern far nearby neighbouring neighboring occupied".split()
)
_ADJECTIVE = re.compile(r"[A-Z][a-z]+(?:an|ish|ese|ic)\Z")


def _is_possessive(token: str) -> bool:
    return token.endswith(("'s", "’s")) and token[0].isupper()


def _is_adjective(token: str) -> bool:
    """Whether a word is an adjective of a nation: "Sylvanian", "Freedonian"."""
    return _ADJECTIVE.match(token) is not None


def _ends(word: str, last: str, stem: bool) -> bool:
    return word.startswith(last) if stem else word == last


def _same(words: list[str], phrase: tuple[str, ...], stem: bool) -> bool:
    """Whether words are those of a phrase, whose last is a stem if `stem` says so."""
    if words[1] != phrase[1] and len(phrase) > 2:
        return False
    if stem:
        return words[-1].startswith(phrase[-1]) and words[:-1] == list(phrase[:-1])
    return words == list(phrase)
