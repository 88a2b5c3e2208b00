"""What every format gives: the text, and what the file says of itself."""

from __future__ import annotations

from dataclasses import dataclass, field

__all__ = ["Extract", "Unreadable"]


class Unreadable(Exception):  # noqa: N818 - caught where a status is made of it
    """A file that its format's reader can't make sense of; the message says why, in a clause."""


@dataclass(frozen=True)
class Extract:
    """The text of one document and its metadata: title, author, publisher, published, url, kind.

    `pages` holds the offset at which each page starts, where the format has pages. `part` names the
    document inside its file (an entry of a feed).
    """

    text: str
    format: str
    meta: dict[str, str] = field(default_factory=dict)
    pages: tuple[int, ...] = ()
    part: str = ""
