"""Names of speakers and offices, compared whatever their apostrophes, case, spelling or word order."""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Iterable, Mapping

__all__ = ["name_key", "office_key", "word_keys"]

_APOSTROPHES = dict.fromkeys(map(ord, "\u2018\u2019\u201b\u02bc\u00b4\u0060\uff07"), "'")
_DASHES = dict.fromkeys(map(ord, "\u2010\u2011\u2012\u2013\u2014\u2212"), "-")
_QUOTES = dict.fromkeys(map(ord, "\u201c\u201d\u201e\u00ab\u00bb"), '"')
_INITIALS = re.compile(r"\b(?:[a-z]\.){2,}")
_WORD = re.compile(r"[^\W_]+(?:['-][^\W_]+)*")
# other spellings of words that names of offices are made of
_SPELLINGS = {
    "center": "centre",
    "defense": "defence",
    "labor": "labour",
    "organization": "organisation",
}
# words that join the parts of an office's name and tell one office from no other
_JOINING = frozenset({"a", "an", "and", "for", "in", "national", "of", "the"})


def name_key(name: str) -> str:
    """One spelling of a name, so that names which differ in print alone are equal.

    Apostrophes, dashes, quotation marks, case, white space, dotted initials, a leading "the" and
    spellings such as "defense" make no difference.

    >>> name_key("The F.S. Defense  Ministry\u2019s office") == name_key("fs defence ministry's office")
    True
    """
    text = unicodedata.normalize("NFKC", name).translate(_APOSTROPHES | _DASHES | _QUOTES)
    text = _INITIALS.sub(lambda found: found[0].replace(".", ""), text.casefold())
    words = [_SPELLINGS.get(word, word) for word in text.split()]
    return " ".join(words[1:] if len(words) > 1 and words[0] == "the" else words)


def word_keys(name: str) -> tuple[str, ...]:
    """The words of a name in order, each in one spelling and without a possessive ending."""
    found = (word.removesuffix("'s").removesuffix("'") for word in _WORD.findall(name_key(name)))
    return tuple(_SPELLINGS.get(word, word) for word in found if word)


def office_key(name: str, actors: Mapping[str, Iterable[str]]) -> frozenset[str]:
    """What an office's name says, whatever its word order: its words, with every actor under one name.

    `actors` are the names of each actor by its id. Joining words count for nothing. Empty where the
    name holds no actor, or nothing beside one: then it can't stand for an office.

    >>> actors = {"freedonia": ["Freedonia", "Freedonian"]}
    >>> names = ["Freedonia's defense ministry", "the Ministry of Defence of Freedonia"]
    >>> sorted(office_key(names[0], actors)), office_key(names[0], actors) == office_key(names[1], actors)
    (['@freedonia', 'defence', 'ministry'], True)
    """
    words = list(word_keys(name))
    whose: set[str] = set()
    longest_first = sorted(
        ((word_keys(alias), actor) for actor, aliases in actors.items() for alias in aliases),
        key=lambda entry: -len(entry[0]),
    )
    for alias, actor in longest_first:
        size = len(alias)
        for place in range(len(words) - size + 1) if size else ():
            if tuple(words[place : place + size]) == alias:
                words[place : place + size] = []
                whose.add(actor)
                break
    rest = {word for word in words if word not in _JOINING}
    return frozenset(rest | {f"@{actor}" for actor in whose}) if rest and whose else frozenset()
