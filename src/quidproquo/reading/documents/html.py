"""Web pages: the article's text, and what the page says of itself."""

from __future__ import annotations

import copy
import json
import re
from itertools import islice
from typing import Any

from quidproquo.reading.documents.extract import Extract, Unreadable
from quidproquo.reading.documents.limits import (
    MOST_CELLS,
    MOST_HTML,
    MOST_NESTING,
    MOST_TAGS_OF_ARTICLE,
    MOST_TAGS_OF_PAGE,
    megabytes,
)
from quidproquo.reading.documents.page_tables import plain_structure
from quidproquo.reading.documents.text import decode

__all__ = ["page_text", "plain", "read_html"]

_CHARSET = re.compile(rb"<meta[^>]{0,200}charset=[\"']?([A-Za-z0-9_-]{2,20})", re.IGNORECASE)
_FIELDS = {
    "title": ("og:title", "twitter:title", "dc.title", "citation_title"),
    "author": ("author", "article:author", "dc.creator", "byl", "parsely-author", "citation_author"),
    "publisher": ("og:site_name", "publisher", "dc.publisher", "application-name", "citation_journal_title"),
    "published": (
        "article:published_time", "datepublished", "date", "dc.date", "dc.date.issued", "pubdate", "publishdate",
        "parsely-pub-date", "sailthru.date", "citation_publication_date", "og:published_time", "dcterms.created",
    ),
    "url": ("og:url",),
}  # fmt: skip
_DEBRIS = re.compile(
    r"^(?:leave a (?:reply|comment)|share this|related (?:articles|posts|stories)|advertisement|read more|"
    r"sign up|subscribe|"
    r"follow us|comments?|print|tags?|all rights reserved|cookie (?:policy|settings)|skip to (?:main "
    r")?content)\b[ :.!]*$",
    re.IGNORECASE,
)
_DEEPEST = 200
_LIST_SIGN = re.compile(r"^[ \t]*[-*•·][ \t]+", re.MULTILINE)
_LINE_BLOCKS = (
    "p", "br", "div", "li", "h1", "h2", "h3", "h4", "h5", "h6", "tr", "dt", "dd", "blockquote", "section",
    "article", "header", "footer", "figcaption", "pre",
)  # fmt: skip
# Elements that must be closed; others may be left open and aren't nested by that.
_BLOCK_TAG = re.compile(
    r"<(/?)(?:div|table|ul|ol|dl|blockquote|section|article|center|fieldset|main|aside|nav|details|figure)\b"
    r"(?![^<>]*/>)",
    re.IGNORECASE,
)


def read_html(data: bytes, charset: str = "") -> list[Extract]:
    """The main text of a web page, with title, author, site and date from its metadata.

    Raises:
        Unreadable: if it is no page, or asks for more than the limits.
    """
    declared = _CHARSET.search(data[:4096])
    tree = _tree(decode(data, charset or (declared[1].decode("ascii", "ignore") if declared else "")))
    if tree is None:
        return [Extract("", "html")]
    meta = _metadata(tree)
    cut = plain_structure(tree)
    omitted = f"the tables after the first {MOST_CELLS:,} cells" if cut else ""
    return [Extract(_cleaned(_body(tree)), "html", meta, omitted=omitted)]


def page_text(data: bytes) -> str:
    """The whole text of a page, without looking for an article in it."""
    declared = _CHARSET.search(data[:4096])
    tree = _tree(decode(data, declared[1].decode("ascii", "ignore") if declared else ""))
    if tree is None:
        return ""
    plain_structure(tree)
    return _cleaned(block_text(tree))


def _tree(text: str) -> Any:  # noqa: ANN401 - lxml has no types
    """The page as a tree; None if it is empty."""
    import lxml.html
    from lxml import etree

    if len(text) > MOST_HTML:
        raise Unreadable(
            f"it is a page of more than {megabytes(MOST_HTML)}", "save only the text, or split it"
        )
    if text.count("<") > MOST_TAGS_OF_PAGE:
        raise Unreadable(
            f"it is a page of more than {MOST_TAGS_OF_PAGE:,} tags", "save only the text, or split it"
        )
    stripped = re.sub(r"^\s*<\?xml[^>]*\?>", "", text)
    if not stripped.strip():
        return None
    if _too_deep(stripped):
        raise Unreadable(f"its elements stand more than {MOST_NESTING} deep inside each other")
    try:
        return lxml.html.document_fromstring(stripped)
    except (etree.LxmlError, ValueError, AssertionError) as error:
        raise Unreadable("its markup can't be parsed") from error


def _too_deep(text: str) -> bool:
    """Whether blocks are nested deeper than people write: parsing and reading take a step for each level."""
    depth = 0
    for tag in _BLOCK_TAG.finditer(text):
        depth = max(0, depth - 1) if tag[1] else depth + 1
        if depth > MOST_NESTING:
            return True
    return False


def _body(tree: Any) -> str:  # noqa: ANN401 - lxml has no types
    from trafilatura import bare_extraction

    if 2 * sum(1 for _ in islice(tree.iter(), MOST_TAGS_OF_ARTICLE)) > MOST_TAGS_OF_ARTICLE:
        return block_text(tree)
    try:
        found = bare_extraction(
            copy.deepcopy(tree), include_comments=False, include_tables=True, fast=True, with_metadata=False
        )
    except (ValueError, TypeError, AttributeError, RecursionError, IndexError, KeyError):
        found = None
    text = str(getattr(found, "text", "") or "") if found is not None else ""
    return _LIST_SIGN.sub("", text) or block_text(tree)


def block_text(tree: Any) -> str:  # noqa: ANN401
    """The whole text of a parsed page, a line for each block."""
    for item in tree.xpath("//script|//style|//noscript|//template|//head"):
        item.drop_tree() if item.getparent() is not None else None
    for block in tree.iter(*_LINE_BLOCKS):
        block.text = "\n" + (block.text or "")
        block.tail = "\n" + (block.tail or "")
    lines = (" ".join(line.split()) for line in str(tree.text_content()).split("\n"))
    return "\n".join(line for line in lines if line)


def plain(fragment: str) -> str:
    r"""The text of a fragment of HTML, a paragraph a line.

    >>> plain("<p>One</p><p>two &amp; three</p>")
    'One\n\ntwo & three'
    """
    import lxml.html
    from lxml import etree

    if not fragment.strip():
        return ""
    try:
        tree = lxml.html.fragment_fromstring(fragment, create_parent="div")
    except (etree.LxmlError, ValueError, AssertionError):
        return re.sub(r"<[^>]*>", " ", fragment).strip()
    for block in tree.iter("p", "br", "div", "li", "h1", "h2", "h3", "h4", "tr", "blockquote"):
        block.tail = "\n\n" + (block.tail or "")
    text = tree.text_content()
    return re.sub(r"[ \t]*\n[ \t\n]*", "\n\n", text).strip()


def _metadata(tree: Any) -> dict[str, str]:  # noqa: ANN401
    printed: dict[str, str] = {}
    for node in tree.iter("meta"):
        name = (node.get("property") or node.get("name") or node.get("itemprop") or "").strip().lower()
        value = (node.get("content") or "").strip()
        if name and value:
            printed.setdefault(name, value)
    meta = {
        field: next((printed[name] for name in names if name in printed), "")
        for field, names in _FIELDS.items()
    }
    for field, value in _linked_data(tree).items():
        if not meta.get(field):
            meta[field] = value
    if not meta["title"]:
        meta["title"] = " ".join((tree.findtext(".//title") or tree.findtext(".//h1") or "").split())
    if not meta["published"]:
        meta["published"] = next(
            (node.get("datetime") for node in tree.iter("time") if node.get("datetime")), ""
        )
    if not meta["url"]:
        meta["url"] = next(
            (node.get("href") or "" for node in tree.iter("link") if node.get("rel") == "canonical"), ""
        )
    if meta["author"].startswith("http"):
        meta["author"] = ""
    return {field: " ".join(value.split()) for field, value in meta.items() if value}


def _linked_data(tree: Any) -> dict[str, str]:  # noqa: ANN401
    """Headline, author, publisher and date from schema.org data in the page."""
    for node in tree.iter("script"):
        if (node.get("type") or "").lower() != "application/ld+json":
            continue
        try:
            data = json.loads(node.text_content())
        except (ValueError, RecursionError):
            continue
        item = _article(data, 0)
        if item is not None:
            return {
                "title": _name(item.get("headline")), "author": _name(item.get("author")),
                "publisher": _name(item.get("publisher")), "published": _name(item.get("datePublished")),
            }  # fmt: skip
    return {}


def _article(data: object, depth: int) -> dict[str, Any] | None:
    if depth > _DEEPEST:
        return None
    if isinstance(data, dict):
        if "datePublished" in data or "headline" in data:
            return data
        return _article(data.get("@graph"), depth + 1)
    if isinstance(data, list):
        for item in data:
            found = _article(item, depth + 1)
            if found is not None:
                return found
    return None


def _name(value: object) -> str:
    if isinstance(value, str):
        return value
    if isinstance(value, dict):
        return _name(value.get("name"))
    if isinstance(value, list):
        return ", ".join(name for name in (_name(item) for item in value) if name)
    return ""


def _cleaned(text: str) -> str:
    """Text without soft hyphens and zero-width characters, and without a page's debris."""
    text = re.sub(r"[\u00ad\u200b\u2060\ufeff]", "", text).replace("\r\n", "\n")
    lines = [line.rstrip() for line in text.split("\n")]
    kept = [line for line in lines if not _DEBRIS.match(line.strip())]
    return "\n\n".join(line for line in kept if line)
