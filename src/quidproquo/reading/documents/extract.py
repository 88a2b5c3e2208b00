"""What every format gives: the text, and what the file says of itself."""

from __future__ import annotations

from dataclasses import dataclass, field

__all__ = ["Extract", "Unreadable"]


class Unreadable(Exception):  # noqa: N818 - caught where a status is made of it
    """A file that its format's reader can't make sense of; the message says why, in a clause.

    `remedy` says what to do about it, where that is more than to save the file again.
    """

    def __init__(self, why: str, remedy: str = "") -> None:
        super().__init__(why)
        self.remedy = remedy


@dataclass(frozen=True)
class Extract:
    """The text of one document and its metadata: title, author, publisher, published, url, kind.

    `pages` holds the offset at which each page starts, where the format has pages. `part` names the
    document inside its file (an entry of a feed, an attachment of an e-mail). `omitted` says in a clause
    what of the document wasn't read; `refused` says why nothing of this part could be, and `remedy` what to do.
    """

    text: str
    format: str
    meta: dict[str, str] = field(default_factory=dict)
    pages: tuple[int, ...] = ()
    part: str = ""
    omitted: str = ""
    refused: str = ""
    remedy: str = ""
