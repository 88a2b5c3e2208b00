"""Every format gives its text, with tables as sentences; what can't be read says so."""

from __future__ import annotations

from datetime import date, datetime
from pathlib import Path

import pytest
from tests.reading.documents import made

from quidproquo.reading import load, quantities
from quidproquo.reading.documents.formats import READERS

SENTENCE = "The harbour office said on Tuesday that 3,000 crates were sent to the island in the spring."
ROW = "2024; 20,000 Crates shipped; 9,000,000 Bottles."
BODY = (
    f"<p>{SENTENCE}</p><p>It is the largest number of this kind since the flood, and the town was glad.</p>"
)
HTML_TABLE = "<table>{}</table>".format(
    "".join(f"<tr>{''.join(f'<td>{cell}</td>' for cell in row)}</tr>" for row in made.TABLE)
)
PDF_TABLE = [
    (x, y, 11.0, cell)
    for y, row in zip((600.0, 584.0), made.TABLE, strict=True)
    for x, cell in zip((50.0, 200.0, 350.0), row, strict=True)
]


def read_one(folder: Path, name: str, data: bytes):
    path = folder / name
    path.write_bytes(data)
    loaded = load([path])
    [document] = loaded.documents
    return document, loaded.snapshots[document.snapshot].text


WITH_SENTENCE = {
    "a.txt": ("text", SENTENCE.encode()),
    "a.md": ("markdown", SENTENCE.encode()),
    "a.html": ("html", f"<html><body>{BODY}</body></html>".encode()),
    "a.mhtml": (
        "saved page",
        f"MIME-Version: 1.0\nContent-Type: multipart/related; boundary=x\n\n--x\nContent-Type: text/html; "
        f"charset=utf-8\n\n<html><body>{BODY}</body></html>\n--x--\n".encode(),
    ),
    "a.xml": (
        "feed",
        f"<?xml version='1.0'?><rss version='2.0'><channel><title>G</title><item><title>Day</title>"
        f"<description>{SENTENCE}</description></item></channel></rss>".encode(),
    ),
    "a.pdf": ("pdf", made.pdf([(50.0, 700.0, 11.0, SENTENCE)])),
    "a.docx": ("word", made.word(made.paragraph(SENTENCE))),
    "a.odt": ("opendocument", made.opendocument(f"<text:p>{SENTENCE}</text:p>")),
    "a.epub": ("epub", made.book(f"<p>{SENTENCE}</p>")),
    "a.eml": ("e-mail", made.mail(SENTENCE)),
    "a.xlsx": ("spreadsheet", made.workbook(One=[["Note"], [SENTENCE]])),
    "a.ods": ("spreadsheet", made.opendocument(made.opendocument_table([[SENTENCE]]), "spreadsheet")),
    "a.csv": ("table", f'Place,Remark\nNorth,"{SENTENCE}"\n'.encode()),
}


@pytest.mark.parametrize("name", WITH_SENTENCE)
def test_every_format_gives_its_text(name: str, tmp_path: Path) -> None:
    format_, data = WITH_SENTENCE[name]
    document, text = read_one(tmp_path, name, data)
    assert (document.format, document.status) == (format_, "read")
    assert SENTENCE in " ".join(text.split())


def test_every_format_that_is_read_has_a_file_here() -> None:
    assert {format_ for format_, _ in WITH_SENTENCE.values()} == set(READERS)


WITH_TABLE = {
    "a.html": f"<html><body>{BODY}{HTML_TABLE}{BODY}</body></html>".encode(),
    "a.pdf": made.pdf([(50.0, 700.0, 11.0, SENTENCE), *PDF_TABLE]),
    "a.docx": made.word(made.paragraph(SENTENCE) + made.word_table(made.TABLE)),
    "a.odt": made.opendocument(f"<text:p>{SENTENCE}</text:p>{made.opendocument_table(made.TABLE)}"),
    "a.epub": made.book(BODY + HTML_TABLE),
    "a.eml": made.mail(page=f"<html><body>{BODY}{HTML_TABLE}{BODY}</body></html>"),
    "a.xlsx": made.workbook(One=[made.TABLE[0], [2024, 20_000, 9_000_000]]),
    "a.ods": made.opendocument(made.opendocument_table(made.TABLE), "spreadsheet"),
    "a.csv": b'Year,Crates shipped,Bottles\r\n2024,"20,000","9,000,000"\r\n',
    "a.tsv": b"Year\tCrates shipped\tBottles\n2024\t20,000\t9,000,000\n",
}


@pytest.mark.parametrize("name", WITH_TABLE)
def test_figures_of_a_table_are_read_with_their_heads(name: str, tmp_path: Path) -> None:
    _, text = read_one(tmp_path, name, WITH_TABLE[name])
    assert ROW in text.split("\n")
    found = {(item.value, item.unit) for item in quantities(ROW)}
    assert {(20_000.0, "Crates"), (9_000_000.0, "Bottles")} == found


def test_word_reads_as_if_all_changes_were_accepted(tmp_path: Path) -> None:
    deleted = '<w:del><w:r><w:delText xml:space="preserve">4,000</w:delText></w:r></w:del>'
    inserted = f"<w:ins>{made.run('12,000')}</w:ins>"
    box = (
        "<w:r><mc:AlternateContent><mc:Choice><w:drawing><w:txbxContent>{0}</w:txbxContent></w:drawing>"
        "</mc:Choice><mc:Fallback><w:pict><w:txbxContent>{0}</w:txbxContent></w:pict></mc:Fallback>"
        "</mc:AlternateContent></w:r>"
    ).format(made.paragraph("Eleven ferries turned back."))
    control = (
        f"<w:sdt><w:sdtContent>{made.paragraph('The mayor said 77 carts burned.')}</w:sdtContent></w:sdt>"
    )
    moved = f"<w:p><w:moveFrom>{made.run('Nine boats sank.')}</w:moveFrom></w:p>"
    body = (
        made.paragraph(
            "The ministry said on Monday that ", deleted, inserted, " soldiers had crossed the river."
        )
        + control
        + made.paragraph("A box stands here.", box)
        + moved
        + made.paragraph(made.run("Not shown.", "<w:vanish/>"), "It is 5 km away.")
    )
    notes = (
        f'<w:footnote w:type="separator" w:id="0">{made.paragraph("-----")}</w:footnote>'
        f'<w:footnote w:id="1">{made.paragraph("The office counted 31 rafts.")}</w:footnote>'
    )
    _, text = read_one(tmp_path, "a.docx", made.word(body, footnotes=notes))
    assert text.split("\n\n") == [
        "The ministry said on Monday that 12,000 soldiers had crossed the river.",
        "The mayor said 77 carts burned.",
        "A box stands here.",
        "Eleven ferries turned back.",
        "It is 5 km away.",
        "The office counted 31 rafts.",
    ]


def test_note_marks_of_a_word_file_are_left_out_and_powers_stay(tmp_path: Path) -> None:
    raised = '<w:vertAlign w:val="superscript"/>'
    body = made.paragraph(
        "It counted 900 crates", made.run("12", raised), " on 40 km", made.run("2", raised), "."
    )
    _, text = read_one(tmp_path, "a.docx", made.word(body))
    assert text == "It counted 900 crates on 40 km2."


@pytest.mark.parametrize(
    ("modified", "published"), [("2013-12-23T23:15:00Z", None), ("2024-10-24T08:00:00Z", "2024-10-24")]
)
def test_the_date_of_a_template_is_no_date_of_publication(
    tmp_path: Path, modified: str, published: str | None
) -> None:
    import docx

    file = docx.Document()
    file.add_paragraph("The port said that 55 barges sank.")
    file.core_properties.modified = datetime.fromisoformat(modified)
    file.save(str(tmp_path / "a.docx"))
    [document] = load([tmp_path / "a.docx"]).documents
    assert (document.published.edtf if document.published else None) == published


def test_cells_of_a_workbook_are_read_as_they_are_shown(tmp_path: Path) -> None:
    import openpyxl

    book = openpyxl.Workbook()
    sheet = book.active
    for row in (["Day", "Crates", "Share of all crates"], [date(2024, 5, 1), 1500.0, 0.25]):
        sheet.append(row)
    sheet["C2"].number_format = "0%"
    book.save(tmp_path / "a.xlsx")
    _, text = read_one(tmp_path, "a.xlsx", (tmp_path / "a.xlsx").read_bytes())
    assert text.split("\n\n")[1] == "2024-05-01; 1500 Crates; 25% Share of all crates."
    sheet["B2"] = "=1+1"
    book.save(tmp_path / "a.xlsx")
    document, _ = read_one(tmp_path, "a.xlsx", (tmp_path / "a.xlsx").read_bytes())
    assert document.status == "partly read"
    assert document.reason.endswith("left out; open it in a spreadsheet program and save it again.")


def test_rows_that_a_tracked_change_deletes_are_left_out(tmp_path: Path) -> None:
    table = made.word_table([["Year", "Crates"], ["2023", "10"], ["2024", "20"]])
    first, _, rest = table.partition(f"<w:tr><w:tc>{made.paragraph('2023')}")
    deleted = f"{first}<w:tr><w:trPr><w:del/></w:trPr><w:tc>{made.paragraph('2023')}{rest}"
    _, text = read_one(tmp_path, "a.docx", made.word(deleted))
    assert text.split("\n\n") == ["Year; Crates", "2024; 20 Crates."]


def test_opendocument_leaves_out_deletions_and_comments(tmp_path: Path) -> None:
    content = (
        "<text:tracked-changes><text:changed-region><text:deletion><text:p>4,000</text:p></text:deletion>"
        "</text:changed-region></text:tracked-changes>"
        "<text:h>Heading</text:h><text:p>It holds<text:s text:c='2'/>40 crates<office:annotation><text:p>why?"
        "</text:p></office:annotation>.<text:note><text:note-citation>1</text:note-citation><text:note-body>"
        "<text:p>So says the port.</text:p></text:note-body></text:note></text:p>"
        "<text:list><text:list-item><text:p>Nine boats</text:p></text:list-item></text:list>"
    )
    document, text = read_one(tmp_path, "a.odt", made.opendocument(content))
    assert text.split("\n\n") == ["Heading", "It holds  40 crates.", "So says the port.", "Nine boats"]
    assert (document.title, document.author) == ("Crates", "Ana Lima")


def test_a_book_is_read_in_the_order_of_its_spine(tmp_path: Path) -> None:
    document, text = read_one(tmp_path, "a.epub", made.book("<p>First came one.</p>", "<p>Then two.</p>"))
    assert text.split() == "First came one. Then two.".split()
    assert (document.title, document.author) == ("Crates", "Ana Lima")


def test_an_email_gives_headers_text_and_attachments(tmp_path: Path) -> None:
    attached = {
        "list.csv": b"Year,Crates\n2024,20\n",
        "old.doc": b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1" + bytes(600),
        "logo.png": b"\x89PNG\r\n\x1a\n" + bytes(60),
    }
    (tmp_path / "a.eml").write_bytes(made.mail(SENTENCE, f"<p>{SENTENCE} Other form.</p>", attached))
    loaded = load([tmp_path / "a.eml"])
    texts = [loaded.snapshots[document.snapshot].text.strip() for document in loaded.documents]
    assert texts == [SENTENCE, "Year; Crates\n\n2024; 20 Crates.", "", ""]
    first = loaded.documents[0]
    assert (first.title, first.author, first.meta["sender"]) == (
        "Crätes at the port",
        "Ana Lima",
        "ana@gazette.test",
    )
    assert [document.name for document in loaded.documents[1:]] == [
        "a.eml#list.csv",
        "a.eml#old.doc",
        "a.eml#logo.png",
    ]
    assert {document.published.edtf for document in loaded.documents[:2] if document.published} == {
        "2024-10-24"
    }
    assert [document.status for document in loaded.documents[2:]] == ["unreadable", "unreadable"]
    assert "save it as .docx" in loaded.documents[2].reason


@pytest.mark.parametrize(
    ("encoding", "body"),
    [
        ("quoted-printable", "The port said that 40 ships were lost=2C and that 12=\r\n,500 men fled=2E\r\n"),
        (
            "base64",
            "VGhlIHBvcnQgc2FpZCB0aGF0IDQwIHNoaXBzIHdlcmUgbG9zdCwgYW5kIHRoYXQgMTIsNTAwIG1l\r\nbiBmbGVkLg==\r\n",
        ),
    ],
)
def test_an_email_is_decoded(tmp_path: Path, encoding: str, body: str) -> None:
    head = (
        "From: Ana Lima <a@b.test>\r\nDate: Thu, 24 Oct 2024 08:00:00 +0000\r\nSubject: =?utf-8?q?Caf=C3=A9?=\r\n"
        "MIME-Version: 1.0\r\nContent-Type: text/plain; charset=utf-8\r\n"
        f"Content-Transfer-Encoding: {encoding}\r\n\r\n"
    )
    document, text = read_one(tmp_path, "a.eml", (head + body).encode())
    assert text.strip() == "The port said that 40 ships were lost, and that 12,500 men fled."
    assert document.title == "Café"


def test_a_mail_inside_a_mail_is_a_document_of_its_own(tmp_path: Path) -> None:
    inner = made.mail("The inner text says 40 crates.").decode()
    outer = (
        "From: Bo <b@b.test>\nSubject: Fwd\nMIME-Version: 1.0\nContent-Type: multipart/mixed; boundary=x\n\n--x\n"
        f"Content-Type: text/plain\n\n> Quoted words.\n\n--x\nContent-Type: message/rfc822\n\n{inner}\n--x--\n"
    )
    (tmp_path / "a.eml").write_text(outer)
    loaded = load([tmp_path / "a.eml"])
    texts = [loaded.snapshots[document.snapshot].text.strip() for document in loaded.documents]
    assert texts == ["Quoted words.", "The inner text says 40 crates."]
    assert [document.author for document in loaded.documents] == ["Bo", "Ana Lima"]


LEFT = (
    "The ministry said on Monday|that 40 ships were lost in the|storm of the winter, and that it|"
    "knows of none that came back|to any port of the island."
).split("|")
RIGHT = (
    "Ana Lima of the port authority|said that more than 12,500 men|had crossed the river by June,|"
    "which nobody else has counted|in any of the four harbours."
).split("|")


def two_columns(*, by_row: bool) -> bytes:
    rows = [(700.0 - 14 * n, one, other) for n, (one, other) in enumerate(zip(LEFT, RIGHT, strict=True))]
    placed = [[(50.0, y, 10.0, one), (320.0, y, 10.0, other)] for y, one, other in rows]
    if by_row:
        return made.pdf([item for pair in placed for item in pair])
    return made.pdf([pair[0] for pair in placed] + [pair[1] for pair in placed])


def test_three_columns_of_a_pdf_are_read_one_after_the_other(tmp_path: Path) -> None:
    columns = [LEFT[:4], RIGHT[:4], [f"{line} again" for line in LEFT[1:5]]]
    page = [
        (40.0 + 190 * at, 700.0 - 14 * row, 9.0, column[row])
        for row in range(4)
        for at, column in enumerate(columns)
    ]
    _, text = read_one(tmp_path, "a.pdf", made.pdf(page))
    assert " ".join(text.split()) == " ".join(line for column in columns for line in column)


@pytest.mark.parametrize("by_row", [True, False])
def test_columns_of_a_pdf_are_read_one_after_the_other(tmp_path: Path, by_row: bool) -> None:
    _, text = read_one(tmp_path, "a.pdf", two_columns(by_row=by_row))
    assert " ".join(text.split()) == " ".join([*LEFT, *RIGHT])


def test_note_marks_of_a_pdf_are_left_out(tmp_path: Path) -> None:
    page = [
        (50.0, 700.0, 11.0, "The port counted 36,000 men"),
        (195.0, 705.0, 6.0, "12"),
        (203.0, 700.0, 11.0, "and an area of 40 km"),
        (305.0, 705.0, 6.0, "2"),
        (310.0, 700.0, 11.0, "there."),
        (50.0, 103.0, 6.0, "12"),
        (60.0, 100.0, 9.0, "Interview with the mayor in the town hall."),
    ]
    _, text = read_one(tmp_path, "a.pdf", made.pdf(page))
    words = " ".join(text.split())
    assert words.startswith("The port counted 36,000 men and an area of 40 km2 there.")
    assert words.endswith("Interview with the mayor in the town hall.")
    assert "12" not in words.split()


def test_note_marks_of_a_page_are_left_out_and_powers_stay(tmp_path: Path) -> None:
    body = (
        f"<p>The port counted 36,000 men<sup>12</sup> on 40 km<sup>2</sup> and 10<sup>6</sup> more.</p>{BODY}"
    )
    _, text = read_one(tmp_path, "a.html", f"<html><body>{body}</body></html>".encode())
    assert "36,000 men on 40 km2 and 106 more." in " ".join(text.split())


def test_lists_and_layout_tables_of_a_page_become_passages(tmp_path: Path) -> None:
    page = (
        "<html><body><table><tr><td><a href='/'>Home</a></td><td><h1>Raid</h1>"
        f"<p>The ministry said that 40 ships were lost in the storm of that winter.</p>{BODY}"
        "<ul><li>Officials said 300 crates burned.</li><li>Ten were saved.</li></ul></td></tr></table>"
        "</body></html>"
    )
    _, text = read_one(tmp_path, "a.html", page.encode())
    lines = text.split("\n")
    assert "The ministry said that 40 ships were lost in the storm of that winter." in lines
    assert "Officials said 300 crates burned." in lines
    assert "|" not in text


@pytest.mark.parametrize(
    ("name", "data", "what", "remedy"),
    [
        (
            "a.doc",
            b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1" + bytes(99),
            "a Word file of the old kind",
            "save it as .docx",
        ),
        (
            "a.docx",
            b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1" + bytes(99),
            "locked by a password",
            "without the password",
        ),
        ("a.rtf", b"{\\rtf1 Some text}", "a rich text file", "save it as .docx"),
        ("cut.pptx", b"PK\x03\x04", "a presentation", "save it as PDF"),
        ("a.pptx", made.zipped({"ppt/presentation.xml": "<a/>"}), "a presentation", "save it as PDF"),
        (
            "a.msg",
            b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1" + bytes(99),
            "an Outlook message",
            "save the message as .eml",
        ),
        ("a.pages", made.zipped({"Index.zip": "x"}), "a Pages file", "export it as Word or PDF"),
        ("a.png", b"\x89PNG\r\n\x1a\n" + bytes(20), "a picture", "have its text recognised (OCR)"),
        ("a.txt", b"\x89PNG\r\n\x1a\n" + bytes(20), "a picture", "have its text recognised (OCR)"),
        ("a.zip", made.zipped({"a.txt": SENTENCE}), "an archive", "unpack it"),
        ("a.gz", b"\x1f\x8b\x08" + bytes(20), "an archive", "unpack it"),
        (
            "a.xls",
            b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1" + bytes(99),
            "an Excel file of the old kind",
            "as .xlsx",
        ),
        ("a.bin.txt", bytes(range(128, 256)) * 20, "its encoding can't be told", "save it as UTF-8"),
    ],
)
def test_other_formats_are_refused_with_what_to_do(
    tmp_path: Path, name: str, data: bytes, what: str, remedy: str
) -> None:
    document, _ = read_one(tmp_path, name, data)
    assert document.status == "unreadable"
    assert document.reason.startswith(f"document '{name}' can't be read: ")
    assert what in document.reason
    assert remedy in document.reason
    assert document.reason.endswith(".")


@pytest.mark.parametrize(
    ("text", "encoding", "language"),
    [
        ("북한은 러시아에 병력을 보냈다고 국가정보원이 밝혔다. 규모는 약 3천 명이다.", "euc-kr", "ko"),
        ("Северная Корея отправила войска в Россию, сообщило ведомство в среду.", "cp1251", "ru"),
        ("Северная Корея отправила войска в Россию, сообщило ведомство в среду.", "koi8-r", "ru"),
        ("北朝鮮はロシアに約三千人の兵士を送ったと情報機関が水曜日に述べた。", "shift_jis", "ja"),
    ],
)
def test_old_encodings_of_other_languages_are_told(
    tmp_path: Path, text: str, encoding: str, language: str
) -> None:
    document, _ = read_one(tmp_path, "a.txt", text.encode(encoding))
    assert (document.status, document.language) == ("other language", language)


def test_one_broken_byte_does_not_change_the_rest(tmp_path: Path) -> None:
    _, text = read_one(tmp_path, "a.txt", f"“Café” — {SENTENCE}".encode() + b"\xe2\x80")
    assert text.startswith(f"“Café” — {SENTENCE}")


def test_a_scan_and_an_empty_page_are_empty(tmp_path: Path) -> None:
    document, _ = read_one(tmp_path, "scan.pdf", made.pdf([]))
    assert document.status == "empty"
    assert "recognised (OCR)" in document.reason
    assert read_one(tmp_path, "a.html", b"<html><body></body></html>")[0].status == "empty"
    assert read_one(tmp_path, "a.docx", made.word(made.paragraph("")))[0].status == "empty"


def test_a_pdf_program_that_is_missing_is_not_called_a_damaged_file(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    (tmp_path / "broken.py").write_text("raise ImportError('no such library')\n")
    monkeypatch.setattr("quidproquo.reading.documents.pdf._WORKER", tmp_path / "broken.py")
    document, _ = read_one(tmp_path, "a.pdf", made.pdf([(50.0, 700.0, 11.0, SENTENCE)]))
    assert document.status == "unreadable"
    assert "ImportError: no such library" in document.reason


def test_addresses_and_folders_without_documents_say_what_to_do(tmp_path: Path) -> None:
    (tmp_path / "bare").mkdir()
    (tmp_path / "bare" / "notes.xyz").write_bytes(b"no format that is known")
    address, folder = load(["https://example.org/story.html", tmp_path / "bare"]).documents
    assert address.reason == (
        "document: address is 'https://example.org/story.html', but it must be a file, since qpq opens no "
        "connection; save the page and name the file."
    )
    assert (address.status, folder.status) == ("missing", "missing")
    assert folder.reason.startswith(f"folder '{tmp_path / 'bare'}': number of documents is 0")
    assert all(document.named for document in (address, folder))


def test_what_lies_in_a_folder_and_cannot_be_read_is_counted(tmp_path: Path) -> None:
    for folder in ("page_files", ".hidden"):
        (tmp_path / folder).mkdir()
        (tmp_path / folder / "logo.png").write_bytes(b"\x89PNG\r\n\x1a\n" + bytes(20))
    (tmp_path / "scan.png").write_bytes(b"\x89PNG\r\n\x1a\n" + bytes(20))
    (tmp_path / "a.txt").write_text(SENTENCE, encoding="utf-8")
    documents = load([tmp_path]).documents
    assert [(one.name, one.status, one.named) for one in documents] == [
        ("a.txt", "read", False),
        ("scan.png", "unreadable", False),
    ]


def test_what_is_attached_to_an_email_is_not_what_the_user_named(tmp_path: Path) -> None:
    attached = {"logo.png": b"\x89PNG\r\n\x1a\n" + bytes(60)}
    (tmp_path / "a.eml").write_bytes(made.mail(SENTENCE, f"<p>{SENTENCE}</p>", attached))
    assert [(one.status, one.named) for one in load([tmp_path / "a.eml"]).documents] == [
        ("read", True),
        ("unreadable", False),
    ]
