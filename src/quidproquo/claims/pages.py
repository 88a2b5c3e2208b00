"""Where claims on file stand: their sentences and their addresses, so that nothing is counted again."""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from urllib.parse import parse_qsl, urlencode, urlsplit

from quidproquo.claims.record import Claim
from quidproquo.reading.record import Appearance, Locator
from quidproquo.terms.names import name_key

__all__ = ["Pages", "address_key", "same_sentence"]

_FEWEST_WORDS = 5  # a shorter line may stand on any page
_TRACKING = re.compile(r"(?:utm_.*|fbclid|gclid|ref|source|amp)", re.IGNORECASE)


def address_key(url: str) -> str:
    """One spelling of a web address: scheme, "www.", fragment, tracking and a last slash make no difference.

    >>> address_key("https://www.Example.org/a/?utm_source=x#top") == address_key("http://example.org/a")
    True
    """
    parts = urlsplit(url.strip())
    if not parts.netloc:
        return ""
    host = parts.netloc.casefold().removeprefix("www.")
    kept = sorted((key, value) for key, value in parse_qsl(parts.query) if not _TRACKING.fullmatch(key))
    path = parts.path.rstrip("/")
    return f"{host}{path}?{urlencode(kept)}" if kept else f"{host}{path}"


def same_sentence(a: Locator, b: Locator) -> bool:
    """Whether two places hold one sentence: they overlap, or the same words stand in both."""
    if a.snapshot == b.snapshot and a.start < b.end and b.start < a.end:
        return True
    return bool(_words(a)) and _words(a) == _words(b)


def _words(place: Locator) -> str:
    words = name_key(place.quote).strip(" .\"'")
    return words if len(words.split()) >= _FEWEST_WORDS else ""


@dataclass(frozen=True)
class Pages:
    """Claims on file by the sentence and by the address at which they stand.

    `addresses` are those of documents, by the document's id. Sentences count of reviewed claims only.
    """

    addresses: Mapping[str, str] = field(default_factory=dict)
    by_address: Mapping[str, tuple[Claim, ...]] = field(default_factory=dict)
    by_snapshot: Mapping[str, tuple[Claim, ...]] = field(default_factory=dict)
    by_words: Mapping[str, tuple[Claim, ...]] = field(default_factory=dict)

    @classmethod
    def of(cls, claims: Iterable[Claim], addresses: Mapping[str, str]) -> Pages:
        """Index claims on file; `addresses` are urls of documents by their ids."""
        by_address: dict[str, dict[str, Claim]] = {}
        by_snapshot: dict[str, dict[str, Claim]] = {}
        by_words: dict[str, dict[str, Claim]] = {}
        for claim in claims:
            if key := address_key(claim.url):
                by_address.setdefault(key, {})[claim.id] = claim
            for seen in claim.appearances if claim.state != "proposed" else ():
                by_snapshot.setdefault(seen.sentence.snapshot, {})[claim.id] = claim
                if words := _words(seen.sentence):
                    by_words.setdefault(words, {})[claim.id] = claim
        keys = {document: address_key(url) for document, url in addresses.items()}
        tables = (by_address, by_snapshot, by_words)
        return cls(keys, *({key: tuple(some.values()) for key, some in table.items()} for table in tables))

    def of_sentence(self, seen: Appearance) -> tuple[Claim, ...]:
        """Reviewed claims that stand in the sentence of an appearance, here or word for word elsewhere."""
        some = {
            claim.id: claim
            for claim in (
                *self.by_snapshot.get(seen.sentence.snapshot, ()),
                *self.by_words.get(_words(seen.sentence), ()),
            )
            if any(same_sentence(seen.sentence, place.sentence) for place in claim.appearances)
        }
        return tuple(some.values())

    def of_page(self, seen: Appearance) -> tuple[Claim, ...]:
        """Claims on file whose address is that of the page on which an appearance stands."""
        return self.by_address.get(self.addresses.get(seen.document, ""), ())
