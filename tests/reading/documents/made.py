"""Files of every format that is read, made for the tests: small, and with one thing in them to find."""

from __future__ import annotations

import io
import zipfile
from collections.abc import Mapping, Sequence
from email.message import EmailMessage

W = "http://schemas.openxmlformats.org/wordprocessingml/2006/main"
R = "http://schemas.openxmlformats.org/officeDocument/2006/relationships"
TABLE = [["Year", "Crates shipped", "Bottles"], ["2024", "20,000", "9,000,000"]]

Placed = tuple[float, float, float, str]
"""Left, bottom and size in points, and the words."""


def zipped(parts: Mapping[str, str | bytes]) -> bytes:
    """An archive; a part called mimetype comes first and unpacked, as OpenDocument and EPUB want it."""
    out = io.BytesIO()
    with zipfile.ZipFile(out, "w", zipfile.ZIP_DEFLATED) as archive:
        for name, content in parts.items():
            how = zipfile.ZIP_STORED if name == "mimetype" else zipfile.ZIP_DEFLATED
            archive.writestr(name, content, how)
    return out.getvalue()


def word_parts(body: str, **more: str) -> dict[str, str]:
    """The parts of a Word file with this body; `footnotes` is a part of its own."""
    kinds = {"footnotes": f"{R}/footnotes", "endnotes": f"{R}/endnotes"}
    relations = "".join(
        f'<Relationship Id="r{n}" Type="{kinds[name]}" Target="{name}.xml"/>' for n, name in enumerate(more)
    )
    package = "http://schemas.openxmlformats.org/package/2006/relationships"
    head = f'<w:{{}} xmlns:w="{W}" xmlns:mc="http://schemas.openxmlformats.org/markup-compatibility/2006">'
    return {
        "[Content_Types].xml": "<Types/>",
        "_rels/.rels": f'<Relationships xmlns="{package}"><Relationship Id="a" Type="{R}/officeDocument" '
        f'Target="word/document.xml"/></Relationships>',
        "word/_rels/document.xml.rels": f'<Relationships xmlns="{package}">{relations}</Relationships>',
        "word/document.xml": head.format("document") + f"<w:body>{body}</w:body></w:document>",
        **{f"word/{name}.xml": head.format(name) + f"{content}</w:{name}>" for name, content in more.items()},
    }


def word(body: str, **more: str) -> bytes:
    return zipped(word_parts(body, **more))


def run(text: str, properties: str = "") -> str:
    before = f"<w:rPr>{properties}</w:rPr>" if properties else ""
    return f'<w:r>{before}<w:t xml:space="preserve">{text}</w:t></w:r>'


def paragraph(*pieces: str) -> str:
    return f"<w:p>{''.join(piece if piece.startswith('<') else run(piece) for piece in pieces)}</w:p>"


def word_table(rows: Sequence[Sequence[str]]) -> str:
    cells = ("".join(f"<w:tc>{paragraph(cell)}</w:tc>" for cell in row) for row in rows)
    return f"<w:tbl>{''.join(f'<w:tr>{row}</w:tr>' for row in cells)}</w:tbl>"


OFFICE = "urn:oasis:names:tc:opendocument:xmlns:"
ODF = "".join(f' xmlns:{name}="{OFFICE}{name}:1.0"' for name in ("office", "text", "table", "meta"))


def opendocument_parts(content: str, kind: str = "text") -> dict[str, str]:
    return {
        "mimetype": f"application/vnd.oasis.opendocument.{kind}",
        "content.xml": f"<office:document-content{ODF}><office:body><office:{kind}>{content}</office:{kind}>"
        f"</office:body></office:document-content>",
        "meta.xml": f'<office:document-meta{ODF} xmlns:dc="http://purl.org/dc/elements/1.1/"><office:meta>'
        f"<dc:title>Crates</dc:title><meta:initial-creator>Ana Lima</meta:initial-creator>"
        f"</office:meta></office:document-meta>",
    }


def opendocument(content: str, kind: str = "text") -> bytes:
    return zipped(opendocument_parts(content, kind))


def opendocument_table(rows: Sequence[Sequence[str]]) -> str:
    return "<table:table>{}</table:table>".format(
        "".join(
            "<table:table-row>{}</table:table-row>".format(
                "".join(f"<table:table-cell><text:p>{cell}</text:p></table:table-cell>" for cell in row)
            )
            for row in rows
        )
    )


def book(*chapters: str, **more: str) -> bytes:
    """An EPUB; its chapters are listed in the order opposite to that of their names."""
    names = [f"c{len(chapters) - n}.xhtml" for n in range(len(chapters))]
    items = "".join(f'<item id="{n}" href="{n}" media-type="application/xhtml+xml"/>' for n in sorted(names))
    order = "".join(f'<itemref idref="{name}"/>' for name in names)
    return zipped(
        {
            "mimetype": "application/epub+zip",
            "META-INF/container.xml": '<container xmlns="urn:oasis:names:tc:opendocument:xmlns:container">'
            '<rootfiles><rootfile full-path="OEBPS/a.opf"/></rootfiles></container>',
            "OEBPS/a.opf": '<package xmlns="http://www.idpf.org/2007/opf" '
            'xmlns:dc="http://purl.org/dc/elements/1.1/"><metadata><dc:title>Crates</dc:title>'
            f"<dc:creator>Ana Lima</dc:creator></metadata><manifest>{items}</manifest>"
            f"<spine>{order}</spine></package>",
            **{
                f"OEBPS/{name}": f'<html xmlns="http://www.w3.org/1999/xhtml"><body>{chapter}</body></html>'
                for name, chapter in zip(names, chapters, strict=True)
            },
            **more,
        }
    )


def workbook(**sheets: Sequence[Sequence[object]]) -> bytes:
    import openpyxl

    made = openpyxl.Workbook()
    made.remove(made.active)
    for name, rows in sheets.items():
        sheet = made.create_sheet(name)
        for row in rows:
            sheet.append(list(row))
    out = io.BytesIO()
    made.save(out)
    return out.getvalue()


def mail(body: str = "", page: str = "", attached: Mapping[str, bytes] | None = None) -> bytes:
    """An e-mail from Ana Lima of 24 October 2024, with text, with HTML, or both, and attachments."""
    message = EmailMessage()
    message["From"] = "Ana Lima <ana@gazette.test>"
    message["To"] = "desk@gazette.test"
    message["Date"] = "Thu, 24 Oct 2024 08:00:00 +0900"
    message["Subject"] = "Crätes at the port"
    if body:
        message.set_content(body)
    if page:
        (message.add_alternative if body else message.set_content)(page, subtype="html")
    for name, content in (attached or {}).items():
        message.add_attachment(content, maintype="application", subtype="octet-stream", filename=name)
    return message.as_bytes()


def pdf(*pages: Sequence[Placed]) -> bytes:
    """A PDF written by hand: words at places, in the order in which they are stored."""
    kids = " ".join(f"{4 + 2 * n} 0 R" for n in range(len(pages)))
    parts = [
        b"<< /Type /Catalog /Pages 2 0 R >>",
        f"<< /Type /Pages /Kids [{kids}] /Count {len(pages)} >>".encode(),
        b"<< /Type /Font /Subtype /Type1 /BaseFont /Helvetica >>",
    ]
    for number, page in enumerate(pages):
        parts.append(
            f"<< /Type /Page /Parent 2 0 R /MediaBox [0 0 612 792] /Contents {5 + 2 * number} 0 R "
            f"/Resources << /Font << /F1 3 0 R >> >> >>".encode()
        )
        shown = "".join(
            f"BT /F1 {size} Tf {left} {bottom} Td ({words}) Tj ET\n" for left, bottom, size, words in page
        ).encode()
        parts.append(b"<< /Length %d >>\nstream\n%s\nendstream" % (len(shown), shown))
    return pdf_of(parts)


def pdf_of(parts: Sequence[bytes]) -> bytes:
    """A PDF of these objects, the first of which is its catalogue."""
    out = io.BytesIO()
    out.write(b"%PDF-1.4\n")
    places = []
    for number, part in enumerate(parts, start=1):
        places.append(out.tell())
        out.write(b"%d 0 obj\n%s\nendobj\n" % (number, part))
    start = out.tell()
    out.write(b"xref\n0 %d\n0000000000 65535 f \n" % (len(parts) + 1))
    out.write(b"".join(b"%010d 00000 n \n" % place for place in places))
    out.write(b"trailer << /Size %d /Root 1 0 R >>\nstartxref\n%d\n%%%%EOF\n" % (len(parts) + 1, start))
    return out.getvalue()
