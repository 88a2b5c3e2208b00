"""Files made to stall, crash or fill whoever opens them, each small on disk."""

from __future__ import annotations

import random
import zlib
from collections.abc import Callable

from tests.reading.documents import made

MEGABYTE = 1024 * 1024
LAUGHS = "<!DOCTYPE a [<!ENTITY e0 'ha'>{}]>".format(
    "".join(f"<!ENTITY e{n} '{f'&e{n - 1};' * 10}'>" for n in range(1, 10))
)


def word_with_a_part_that_swells() -> bytes:
    return made.word(made.paragraph("a" * (40 * MEGABYTE)))


def word_of_tags() -> bytes:
    return made.word(made.paragraph("<w:r/>" * 3_000_000))


def word_with_entities() -> bytes:
    parts = made.word_parts(made.paragraph("&e9;"))
    return made.zipped({**parts, "word/document.xml": LAUGHS + parts["word/document.xml"]})


def word_of_nested_controls() -> bytes:
    depth = 100_000
    return made.word("<w:sdt>" * depth + made.paragraph("deep") + "</w:sdt>" * depth)


def word_of_endless_table() -> bytes:
    cell = f"<w:tc>{made.paragraph('7')}</w:tc>"
    row = f"<w:tr>{cell * 50}</w:tr>"
    return made.word(made.paragraph("Before it.") + f"<w:tbl>{row * 2_500}</w:tbl>")


def cut(data: bytes) -> bytes:
    return data[: len(data) * 2 // 3]


def with_noise(data: bytes) -> bytes:
    """A file with every fiftieth byte changed, always the same."""
    chance = random.Random(1)
    changed = bytearray(data)
    for at in range(60, len(changed), 50):
        changed[at] = chance.randrange(256)
    return bytes(changed)


def archive_of_many_files() -> bytes:
    return made.zipped({f"word/{n}.xml": "" for n in range(20_000)})


def sheet(rows: str) -> bytes:
    """A workbook whose one sheet has these rows, written by hand."""
    import io
    import zipfile

    source = zipfile.ZipFile(io.BytesIO(made.workbook(One=[["Crates"], [1]])))
    parts = {name: source.read(name) for name in source.namelist()}
    main = "http://schemas.openxmlformats.org/spreadsheetml/2006/main"
    parts["xl/worksheets/sheet1.xml"] = (
        f'<worksheet xmlns="{main}"><sheetData>{rows}</sheetData></worksheet>'.encode()
    )
    return made.zipped(parts)


def sheet_with_far_cells() -> bytes:
    return sheet(
        '<row r="1"><c r="A1"><v>1</v></c></row><row r="1048576"><c r="XFD1048576"><v>2</v></c></row>'
    )


def sheet_that_swells() -> bytes:
    return sheet('<row r="1"><c r="A1"><v>1</v></c></row>' + " " * (40 * MEGABYTE))


def sheet_of_endless_rows() -> bytes:
    return sheet("".join(f'<row r="{n}"><c r="A{n}"><v>{n}</v></c></row>' for n in range(1, 300_000)))


def open_sheet_repeated() -> bytes:
    cell = '<table:table-cell table:number-columns-repeated="999999999"><text:p>7</text:p></table:table-cell>'
    row = f'<table:table-row table:number-rows-repeated="999999999">{cell}</table:table-row>'
    return made.opendocument(f"<table:table>{row}</table:table>", "spreadsheet")


def open_text_of_spaces() -> bytes:
    return made.opendocument("<text:p>" + '<text:s text:c="999999999"/>' * 1_000 + "</text:p>")


def book_that_swells() -> bytes:
    return made.book(*["<p>" + "a " * (8 * MEGABYTE) + "</p>"] * 4)


def book_with_entities() -> bytes:
    return made.book("<p>One.</p>", **{"META-INF/container.xml": LAUGHS + "<container>&e9;</container>"})


def page_of_nested_blocks() -> bytes:
    return b"<html><body>" + b"<div>" * 80_000 + b"deep" + b"</div>" * 80_000 + b"</body></html>"


def page_that_is_huge() -> bytes:
    return b"<html><body><p>" + b"many words " * MEGABYTE + b"</p></body></html>"


def page_of_wide_cells() -> bytes:
    row = b"<tr>" + b"<td colspan=1000 rowspan=60000>7</td>" * 20 + b"</tr>"
    return b"<html><body><p>Before it.</p><table>" + row * 4_000 + b"</table></body></html>"


def page_of_many_tags() -> bytes:
    return b"<html><body>" + b"<p>a</p>" * 500_000 + b"</body></html>"


def page_of_many_tables() -> bytes:
    return b"<html><body>" + b"<table><tr><td>x<td>7</table>" * 30_000 + b"</body></html>"


def mail_of_nested_parts() -> bytes:
    heads = b"".join(
        b"Content-Type: multipart/mixed; boundary=b%d\n\n--b%d\n" % (n, n) for n in range(20_000)
    )
    return (
        b"From: a@b.test\nSubject: deep\nMIME-Version: 1.0\n" + heads + b"Content-Type: text/plain\n\ndeep\n"
    )


def mail_of_many_parts() -> bytes:
    head = b"From: a@b.test\nSubject: s\nMIME-Version: 1.0\nContent-Type: multipart/mixed; boundary=b\n\n"
    return head + b"--b\nContent-Type: text/plain\n\nword\n" * 100_000 + b"--b--\n"


def mail_with_a_huge_header() -> bytes:
    return b"From: a@b.test\nSubject: " + b"=?utf-8?q?a?= " * 500_000 + b"\nDate: x\n\n\n"


def table_of_one_endless_cell() -> bytes:
    return b'Year,Crates\n2024,"' + b"endless " * MEGABYTE


def table_of_endless_rows() -> bytes:
    return b"Year,Crates\n" + b"2024,7\n" * 500_000


def feed_with_entities() -> bytes:
    return (
        f"{LAUGHS}<rss version='2.0'><channel><title>G</title><item><title>&e9;</title></item></channel></rss>"
    ).encode()


def feed_that_is_huge() -> bytes:
    item = b"<item><title>T</title><description>word</description></item>"
    return b"<?xml version='1.0'?><rss version='2.0'><channel>" + item * 200_000 + b"</channel></rss>"


def stream(content: bytes, more: bytes = b"") -> bytes:
    packed = zlib.compress(content, 9)
    return b"<< /Length %d /Filter /FlateDecode %s >>\nstream\n%s\nendstream" % (len(packed), more, packed)


PAGE = (
    b"<< /Type /Page /Parent 2 0 R /MediaBox [0 0 612 792] /Contents 4 0 R "
    b"/Resources << /Font << /F1 5 0 R >> /XObject << /X0 6 0 R >> >> >>"
)
FONT = b"<< /Type /Font /Subtype /Type1 /BaseFont /Helvetica >>"
CATALOGUE = (b"<< /Type /Catalog /Pages 2 0 R >>", b"<< /Type /Pages /Kids [3 0 R] /Count 1 >>", PAGE)


def pdf_with_a_stream_that_swells() -> bytes:
    return made.pdf_of([*CATALOGUE, stream(b"BT /F1 1 Tf (a) Tj ET\n" * (20 * MEGABYTE)), FONT])


def pdf_of_forms_in_forms() -> bytes:
    forms = [
        stream(
            f"/X{n + 1} Do ".encode() * 40 if n < 12 else b"BT /F1 9 Tf 9 9 Td (a) Tj ET",
            f"/Type /XObject /Subtype /Form /BBox [0 0 9 9] /Resources << /Font << /F1 5 0 R >> "
            f"/XObject << /X{n + 1} {7 + n} 0 R >> >>".encode(),
        )
        for n in range(13)
    ]
    return made.pdf_of([*CATALOGUE, stream(b"/X0 Do " * 40), FONT, *forms])


def pdf_whose_pages_loop() -> bytes:
    pages = b"<< /Type /Pages /Kids [2 0 R 2 0 R 3 0 R] /Count 2000000000 >>"
    return made.pdf_of([CATALOGUE[0], pages, PAGE, stream(b"BT /F1 9 Tf 9 9 Td (a) Tj ET"), FONT])


SOUND_PDF = made.pdf([(50.0, 700.0 - 14 * n, 11.0, "The port counted 40 crates.") for n in range(40)])

MAKERS: dict[str, tuple[str, Callable[[], bytes]]] = {
    maker.__name__: (name, maker)
    for name, maker in (
        ("a.docx", word_with_a_part_that_swells), ("a.docx", word_of_tags), ("a.docx", word_with_entities),
        ("a.docx", word_of_nested_controls), ("a.docx", word_of_endless_table),
        ("a.docx", archive_of_many_files), ("a.xlsx", sheet_with_far_cells), ("a.xlsx", sheet_that_swells),
        ("a.xlsx", sheet_of_endless_rows), ("a.ods", open_sheet_repeated), ("a.odt", open_text_of_spaces),
        ("a.epub", book_that_swells), ("a.epub", book_with_entities), ("a.html", page_of_nested_blocks),
        ("a.html", page_that_is_huge), ("a.html", page_of_wide_cells), ("a.html", page_of_many_tags),
        ("a.html", page_of_many_tables), ("a.eml", mail_of_nested_parts), ("a.eml", mail_of_many_parts),
        ("a.eml", mail_with_a_huge_header), ("a.csv", table_of_one_endless_cell),
        ("a.csv", table_of_endless_rows), ("a.xml", feed_with_entities), ("a.xml", feed_that_is_huge),
        ("a.pdf", pdf_with_a_stream_that_swells), ("a.pdf", pdf_of_forms_in_forms),
        ("a.pdf", pdf_whose_pages_loop),
    )
}  # fmt: skip
"""Every file by the name of what is wrong with it: its name on disk and what makes it."""

SOUND = {
    "a.docx": made.word(made.paragraph("The port counted 40 crates.") * 40),
    "a.odt": made.opendocument("<text:p>The port counted 40 crates.</text:p>" * 40),
    "a.xlsx": made.workbook(One=[made.TABLE[0], *[[2024, n, n * n] for n in range(40)]]),
    "a.epub": made.book("<p>The port counted 40 crates.</p>" * 40),
    "a.pdf": SOUND_PDF,
}
"""Sound files, to be cut short or changed at random."""

HOSTILE: dict[str, tuple[str, Callable[[], bytes]]] = {
    **MAKERS,
    **{f"cut {name}": (name, lambda data=data: cut(data)) for name, data in SOUND.items()},
    **{f"changed {name}": (name, lambda data=data: with_noise(data)) for name, data in SOUND.items()},
}
