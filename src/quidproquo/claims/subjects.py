"""What a case declares about the subjects of claims: whose side speaks, what counts what, what a word is of.

Everything here is read from the case: actors, sources, the ledger's stages, titles and meanings of quantities, and
the sentences of propositions.
"""

from __future__ import annotations

import re
from collections import defaultdict
from collections.abc import Mapping
from functools import cached_property

from quidproquo.cases.record import Case
from quidproquo.claims.record import Claim
from quidproquo.terms.names import word_keys

__all__ = ["Subjects", "stems"]

_STEM = 5  # letters by which words of one family agree ("technical", "technology")
_SHORTEST = 3
_ENDINGS = ("ing", "ed", "es", "s")
_COMMON = frozenset(
    """all and any are but can did for from got had has her him his how its may nor not now off one our out
    per put she six ten the too two use was way who why yet you about after again against also among another
    around because been before being between both could does done down during each either even every going
    gone have having here hers himself into itself just last less like made make many more most much must
    near never only other others over same shall should since some still such than that their them then
    there these they thing this those though through under until upon used very were what when where which
    while whom whose will with within without would year years month months week weeks days said says state
    stated number thousand million hundred billion percent""".split()
)
# an assertion of a sentence with one of these says that something isn't so
# ("to the state, not to the workers" is a contrast and denies nothing)
_NEGATION = re.compile(r"(?<!, )\b(?:not|no|never|nothing|none|nobody|denied|denies)\b|n't\b", re.IGNORECASE)
_ONE_ANSWER = re.compile(r"\s*(?:where|which)\b", re.IGNORECASE)
_NO_EYES = re.compile(
    r"\bbriefing\b|\bfigures of others\b|\bno (?:\w+ )?collection\b|\brelays?\b|\brepeats\b|\bmultiplies\b",
    re.IGNORECASE,
)
_CAPITALISED = re.compile(r"\b[A-Z][\w'\u2019-]*")
_SHORTEST_NAME = 4
# words of offices and titles, which tell nobody's name
_OFFICES = frozenset(
    """academy adviser affairs agency ambassador analyst armed army assembly assistant association bank board
    bureau captain center centre chairman chancellor chief colonel command commander commission committee
    commons company council court customs defence deputy desk director economic economy embassy energy envoy
    expert experts exterior federal finance fleet force forces foreign former fund general government governor
    group house information inspector institute institution intelligence interior international joint justice
    kremlin laboratory lawmaker local major marine maritime marshal media member military minister ministry
    mission monitor monitoring national navy network news observatory office officer official officials panel
    parliament party police policy premier president press prime prosecutor prosecutors public radio
    representative republic research review royal school secretary security senate senator senior service
    services society special spokesman spokesperson spokeswoman staff state strategic studies supreme team
    television think ministry's times trade treasury union united university vice watch weekly world daily
    journal post northern southern eastern western central north south east west regional unnamed
    unidentified collective anonymous""".split()
)
_OF_ONE_SERIES = ("sent", "in_place", "used", "lost")


def stems(text: str) -> frozenset[str]:
    """The telling words of a text, cut so that forms of one word agree.

    >>> stems("They delivered crates") & stems("deliveries of a crate") == {"deliv", "crate"}
    True
    """
    found = set()
    for word in word_keys(text):
        for part in word.split("-"):
            if len(part) >= _SHORTEST and part.isalpha() and part not in _COMMON:
                found.add(_stem(part))
    return frozenset(found)


def _stem(word: str) -> str:
    for ending in _ENDINGS:
        if word.endswith(ending) and len(word) - len(ending) >= _SHORTEST:
            word = word.removesuffix(ending)
            break
    return word[:_STEM]


class Subjects:
    """The declared subjects of one case, looked up quickly."""

    def __init__(self, case: Case) -> None:
        self.case = case
        self._sides: dict[str, str] = {}
        self._of_text: dict[str, tuple[frozenset[str], tuple[str, ...]]] = {}

    @cached_property
    def _actors(self) -> list[tuple[tuple[str, ...], str]]:
        """Names of actors as words, the longest first, with the actor's id."""
        named = [
            (word_keys(name), actor.id)
            for actor in self.case.actors.values()
            for name in (actor.name, *actor.aliases)
        ]
        return sorted(((words, actor) for words, actor in named if words), key=lambda one: -len(one[0]))

    @cached_property
    def stages(self) -> dict[str, str]:
        """Stage of each quantity that a line of the ledger is about."""
        return {line.quantity: line.stage for line in self.case.ledger}

    @cached_property
    def _sides_of_ledger(self) -> dict[str, str]:
        return {line.quantity: line.side for line in self.case.ledger}

    @cached_property
    def parts_of(self) -> Mapping[str, list[tuple[str, str]]]:
        """For each quantity the pairs whose titles its own joins: "hurt or lost" of "hurt" and "lost"."""
        words = {name: self.words_in(one.title) for name, one in self.case.quantities.items()}
        alike: dict[object, list[str]] = defaultdict(list)
        for name, one in self.case.quantities.items():
            if one.unit and one.kind != "event":
                alike[one.unit, one.group, one.kind].append(name)
        joined: dict[str, list[tuple[str, str]]] = {}
        for names in alike.values():
            for whole in names:
                parts = [name for name in names if words[name] < words[whole]]
                pairs = [
                    (a, b) for a in parts for b in parts if a < b and words[a] | words[b] == words[whole]
                ]
                if pairs:
                    joined[whole] = pairs
        return joined

    @cached_property
    def wholes_of(self) -> Mapping[str, frozenset[str]]:
        """For each quantity the totals that it is a part of, and so can't be more than."""
        found: dict[str, set[str]] = defaultdict(set)
        for whole, pairs in self.parts_of.items():
            for part in (name for pair in pairs for name in pair):
                found[part].add(whole)
        return {part: frozenset(wholes) for part, wholes in found.items()}

    def side(self, claim: Claim) -> str:
        """The actor that a claim's origin belongs to, else its family; an outsider stands for himself."""
        side = self._side_of(claim.family)
        return side or (claim.origin if self.case.actors else claim.family)

    def outsider(self, claim: Claim) -> bool:
        """Whether no actor of the case stands behind whoever speaks: press, scholars and others who cite."""
        return bool(self.case.actors) and not self._side_of(self._family_of_speaker(claim))

    def _family_of_speaker(self, claim: Claim) -> str:
        source = self.case.source_of(claim.speaker)
        return source.family if source else claim.family

    def _side_of(self, family: str) -> str:
        if family not in self._sides:
            self._sides[family] = self._side(family)
        return self._sides[family]

    def _side(self, family: str) -> str:
        """The actor that has the family's name, else the only one with a name that begins as it does."""
        words = word_keys(family)
        for name, actor in self._actors:
            if name == words:
                return actor
        firsts = {actor for name, actor in self._actors if name[0] == words[0]} if words else set()
        return firsts.pop() if len(firsts) == 1 else ""

    def actors_in(self, text: str) -> tuple[str, ...]:
        """Ids of the actors that a text names, in the order in which it names them first."""
        return self._parsed(text)[1]

    def words_in(self, text: str) -> frozenset[str]:
        """The telling words of a text, names of actors aside."""
        return self._parsed(text)[0]

    def words_of(self, claim: Claim) -> frozenset[str]:
        """The telling words of a claim's paraphrase and of the sentence that it asserts or denies."""
        words = self.words_in(claim.paraphrase)
        return words | self.words_in(self.sentence(claim)) if claim.proposition else words

    def sentence(self, claim: Claim) -> str:
        """The declared sentence of a claim's proposition, or '' for a number."""
        return self.case.propositions[claim.proposition].sentence if claim.proposition else ""

    def meaning(self, claim: Claim) -> str:
        """Title and meaning of the quantity, or of the topic that a proposition belongs to."""
        quantity = self.case.quantities.get(claim.quantity)
        return f"{quantity.title} {quantity.meaning}" if quantity else ""

    def group(self, claim: Claim) -> str:
        """The group of a claim's quantity, else the quantity itself."""
        quantity = self.case.quantities.get(claim.quantity)
        return (quantity.group if quantity else "") or claim.quantity or claim.proposition

    def about(self, claim: Claim) -> str:
        """What a claim's proposition bears on: a hypothesis, an option, an event."""
        return self.case.propositions[claim.proposition].about if claim.proposition else ""

    def mechanism(self, claim: Claim) -> str:
        """The part of the model that a claim is compared with, or ''."""
        quantity = self.case.quantities.get(claim.quantity)
        if claim.proposition or quantity is None:
            return ""
        return quantity.observes.get("", "").partition(".")[0]

    def asserts(self, claim: Claim) -> bool:
        """Whether a claim says that something is so: a denied denial does, an asserted "not yet" doesn't."""
        negative = _NEGATION.search(self.sentence(claim)) is not None
        return (claim.comparison == "proposition_true") != negative

    def lasting(self, claim: Claim) -> bool:
        """Whether what is so once stays so."""
        return bool(claim.proposition) and self.case.propositions[claim.proposition].lasting

    def one_answer(self, claim: Claim) -> bool:
        """Whether a topic asks where or which, so that two different answers exclude each other."""
        quantity = self.case.quantities.get(claim.quantity)
        return quantity is not None and _ONE_ANSWER.match(quantity.meaning) is not None

    def second_hand(self, claim: Claim) -> bool:
        """Whether the register of sources says that whoever speaks passes on what others see."""
        source = self.case.source_of(claim.speaker)
        return source is not None and _NO_EYES.search(f"{source.reason} {source.affiliation}") is not None

    def leans_on(self, claim: Claim) -> frozenset[str]:
        """Actors whom the register names where it says that a second-hand source has it from them."""
        source = self.case.source_of(claim.speaker)
        if source is None or not self.second_hand(claim):
            return frozenset()
        return frozenset(self.actors_in(source.reason)) - {self._side_of(source.family)}

    def names(self, claim: Claim, other: Claim) -> bool:
        """Whether the words of a claim, or of the register on its speaker, name the source of another one."""
        source, own = self.case.source_of(other.origin), self.case.source_of(claim.speaker)
        if own is not None and own == source:
            return False
        report = claim.reporting_source if claim.reporting_source != other.reporting_source else ""
        where = (claim.paraphrase, claim.hedge, claim.speaker, report, own.affiliation if own else "")
        text = f" {' '.join(word_keys(' '.join(where)))} "
        names = (other.origin, other.speaker, *((source.name, *source.aliases) if source else ()))
        if any((words := " ".join(word_keys(name))) and f" {words} " in text for name in names):
            return True
        printed = self._proper(f"{claim.paraphrase} {claim.hedge} {claim.speaker}")
        # what both speak of names nobody, nor does what the speaker is called himself
        aside = self._proper(
            f"{claim.speaker} {claim.reporting_source} {other.paraphrase} {self.sentence(other)}"
        )
        return bool((self._proper(f"{other.origin} {other.speaker}") - aside) & printed)

    def _proper(self, text: str) -> frozenset[str]:
        """Words of proper names in a text, such as a surname or a region: neither actors nor kinds of offices."""
        if text not in self._proper_of:
            capitals = (word for word in _CAPITALISED.findall(text) if len(word) >= _SHORTEST_NAME)
            keys = (key for word in capitals for key in word_keys(word))
            self._proper_of[text] = frozenset(
                key for key in keys if key not in _OFFICES and key not in self._words_of_actors
            )
        return self._proper_of[text]

    @cached_property
    def _words_of_actors(self) -> frozenset[str]:
        return frozenset(word for words, _ in self._actors for word in words)

    @cached_property
    def _proper_of(self) -> dict[str, frozenset[str]]:
        return {}

    def series(self, claim: Claim) -> tuple[str, str]:
        """Ledger side and unit of a quantity that is a stage of a stream (sent, in place, used, lost); else ''."""
        if claim.proposition or self.stages.get(claim.quantity) not in _OF_ONE_SERIES:
            return "", ""
        return self._sides_of_ledger[claim.quantity], claim.unit

    def stage(self, claim: Claim) -> str:
        """The stage of a claim's quantity in the ledger, or ''."""
        return "" if claim.proposition else self.stages.get(claim.quantity, "")

    def _parsed(self, text: str) -> tuple[frozenset[str], tuple[str, ...]]:
        if text not in self._of_text:
            words = list(word_keys(text))
            for name, actor in self._actors:
                for place in range(len(words) - len(name), -1, -1):
                    if tuple(words[place : place + len(name)]) == name:
                        words[place : place + len(name)] = [f"@{actor}"]
            named = dict.fromkeys(word[1:] for word in words if word.startswith("@"))
            rest = " ".join(word for word in words if not word.startswith("@"))
            self._of_text[text] = stems(rest), tuple(named)
        return self._of_text[text]
