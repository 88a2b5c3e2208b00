"""Word files."""

from __future__ import annotations

import io
import zipfile

from quidproquo.reading.documents.extract import Extract, Unreadable

__all__ = ["read_word"]

_LARGEST = 200 * 1024 * 1024


def read_word(data: bytes) -> list[Extract]:
    """The paragraphs and tables of a Word file, in the order of the file.

    Raises:
        Unreadable: if it is damaged, or swells beyond 200 MB when unpacked.
    """
    try:
        with zipfile.ZipFile(io.BytesIO(data)) as archive:
            if sum(item.file_size for item in archive.infolist()) > _LARGEST:
                raise Unreadable("it unpacks to more than 200 MB")
    except (zipfile.BadZipFile, OSError, ValueError) as error:
        raise Unreadable("it is no whole Word file") from error
    return [_document(data)]


def _document(data: bytes) -> Extract:
    import docx
    from docx.opc.exceptions import OpcError
    from lxml import etree

    try:
        document = docx.Document(io.BytesIO(data))
        lines: list[str] = []
        for block in document.iter_inner_content():
            if hasattr(block, "rows"):
                lines.extend(" | ".join(cell.text.strip() for cell in row.cells) for row in block.rows)
            else:
                lines.append(block.text)
        core = document.core_properties
        created = core.created.date().isoformat() if core.created else ""
        meta = {"title": core.title or "", "author": core.author or "", "published": created}
    except (
        OpcError,
        etree.LxmlError,
        KeyError,
        ValueError,
        AttributeError,
        zipfile.BadZipFile,
        NotImplementedError,  # of zipfile, for a way of packing that it doesn't know
        OSError,
        RuntimeError,
        EOFError,
    ) as error:
        raise Unreadable("it is no whole Word file") from error
    text = "\n\n".join(line.strip() for line in lines if line.strip())
    return Extract(
        text.replace("\u00ad", ""), "word", {k: v for k, v in meta.items() if v and v != "python-docx"}
    )
