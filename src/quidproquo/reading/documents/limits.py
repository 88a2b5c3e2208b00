"""How much a file may ask for: beyond a limit it is refused in a sentence, so that none can stall a run.

Each limit is far above what a document written by people needs, and low enough that a file made to harm
ends within two seconds and 500 MiB.
"""

from __future__ import annotations

__all__ = [
    "MOST_BYTES",
    "MOST_CELLS",
    "MOST_COLUMNS",
    "MOST_ENTRIES",
    "MOST_ENTRIES_OF_FEED",
    "MOST_HTML",
    "MOST_NESTING",
    "MOST_PAGES",
    "MOST_PARTS",
    "MOST_SPAN",
    "MOST_STREAM",
    "MOST_TAGS",
    "MOST_TAGS_OF_ARTICLE",
    "MOST_TAGS_OF_PAGE",
    "MOST_UNPACKED",
    "PAGE_SECONDS",
    "PDF_MEMORY",
    "megabytes",
]

MOST_BYTES = 200 * 1024 * 1024
"""Bytes of any file. The collected works of an author take 10 MB as text."""

MOST_UNPACKED = 32 * 1024 * 1024
"""Bytes of one unpacked part of a Word, OpenDocument, Excel or EPUB file: 5,000 pages take about 20 MB."""

MOST_TAGS = 1_500_000
"""Tags in one part of XML: each takes 120 bytes or more once it is parsed."""

MOST_ENTRIES = 10_000
"""Files in an archive: an EPUB of a thousand chapters with their pictures has a third of that."""

MOST_CELLS = 100_000
"""Cells that are read of all tables of a document: more is a data set, not a document."""

MOST_COLUMNS = 500
"""Columns of a table; spreadsheets declare thousands of empty ones."""

MOST_SPAN = 100
"""Columns or rows that one cell of a page may cover; HTML allows 1,000 and 65,534."""

MOST_ENTRIES_OF_FEED = 2_000
"""Entries of one feed: sites give their latest 10 to 100."""

MOST_HTML = 8 * 1024 * 1024
"""Bytes of one web page or feed: the longest articles have 2 MB, and a page makes a tree of 20 times its size."""

MOST_TAGS_OF_PAGE = 200_000
"""Tags of one web page, opening and closing: the longest articles of an encyclopedia have about half of that."""

MOST_TAGS_OF_ARTICLE = 40_000
"""Tags of a page up to which its article is looked for, at 25 microseconds a tag; of longer ones all is read."""

MOST_NESTING = 200
"""Elements inside each other, on a page: parsers of HTML go no deeper than 255."""

MOST_PARTS = 200
"""Parts of one e-mail, with those of the mails inside it."""

MOST_PAGES = 10_000
"""Pages of a PDF."""

MOST_STREAM = 64 * 1024 * 1024
"""Characters of one PDF's text."""

PAGE_SECONDS = 1.0
"""CPU seconds that one page of a PDF may take; an ordinary one takes a hundredth of that."""

PDF_MEMORY = 448 * 1024 * 1024
"""Bytes of address space for reading a PDF, beyond twice the file's own size."""


def megabytes(size: int) -> str:
    """A size in words.

    >>> megabytes(33554432)
    '32 MB'
    """
    return f"{size / 1024 / 1024:,.0f} MB"
