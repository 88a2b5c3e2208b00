from __future__ import annotations

import io
from pathlib import Path

import pytest

from quidproquo.reading import load
from quidproquo.reading.documents.bibliography import bibliography
from quidproquo.reading.documents.pdf import joined
from quidproquo.terms.errors import CaseError

BODY = (
    "The harbour office said on Tuesday that 3,000 crates were sent to the island in the spring. "
    "It is the largest number of this kind since the flood, and the town has been glad of it. "
    "Nobody knows who paid for the crates, and nobody has asked so far. "
)


def one(path: Path, **options: object):
    loaded = load([path], **options)
    [document] = loaded.documents
    return document, loaded.snapshots[document.snapshot].text


def test_plain_text_is_kept_as_it_stands(tmp_path: Path) -> None:
    text = "  First.\r\n\r\nSecond\u00ad one.  \n"
    (tmp_path / "a.txt").write_bytes(text.encode())
    assert one(tmp_path / "a.txt")[1] == text


def test_front_matter_is_metadata(tmp_path: Path) -> None:
    (tmp_path / "a.md").write_text(
        f'---\ntitle: "A: b"\npublished: 2024-02-23\nkind: digest\nauthor: Ana Lima\nmood: calm\n---\n{BODY}'
    )
    document, text = one(tmp_path / "a.md")
    assert (document.title, document.kind, document.author, document.meta["mood"]) == (
        "A: b",
        "digest",
        "Ana Lima",
        "calm",
    )
    assert document.published is not None
    assert (document.published.edtf, document.published_from) == ("2024-02-23", "metadata")
    assert text == BODY


def test_a_web_page_gives_text_and_metadata(tmp_path: Path) -> None:
    page = (
        "<html><head><title>Old</title><meta property='og:title' content='Crates'><meta name='author' "
        "content='Ana Lima'>"
        "<meta property='og:site_name' content='Gazette'><meta property='article:published_time' "
        "content='2024-10-24T08:00:00Z'></head>"
        f"<body><nav>Home</nav><article><p>{BODY}</p><p>{BODY}</p><p>leave a reply:</p></article></body></html>"
    )
    (tmp_path / "a.html").write_text(page)
    document, text = one(tmp_path / "a.html")
    assert (document.title, document.author, document.publisher) == ("Crates", "Ana Lima", "Gazette")
    assert document.published is not None
    assert document.published.edtf == "2024-10-24"
    assert "3,000 crates" in text
    assert "leave a reply" not in text


def test_word_and_feed_and_archive(tmp_path: Path) -> None:
    import docx

    file = docx.Document()
    file.add_paragraph(BODY)
    file.core_properties.title = "Crates"
    file.core_properties.author = "Ana Lima"
    file.save(str(tmp_path / "a.docx"))
    document, text = one(tmp_path / "a.docx")
    assert (document.format, document.title, document.author) == ("word", "Crates", "Ana Lima")
    assert "3,000 crates" in text
    feed = (
        "<?xml version='1.0'?><rss version='2.0'><channel><title>Gazette</title>"
        + "".join(
            f"<item><title>Day {n}</title><link>http://x.test/{n}</link><pubDate>Thu, 24 Oct 2024 08:00:00 "
            f"GMT</pubDate>"
            f"<description>&lt;p&gt;{BODY} Number {n}.&lt;/p&gt;</description></item>"
            for n in (1, 2)
        )
        + "</channel></rss>"
    )
    (tmp_path / "f.xml").write_text(feed)
    loaded = load([tmp_path / "f.xml"])
    assert [document.title for document in loaded.documents] == ["Day 1", "Day 2"]
    assert loaded.documents[0].published is not None
    assert loaded.documents[0].published.edtf == "2024-10-24"
    archive = (
        f"MIME-Version: 1.0\nContent-Type: multipart/related; boundary=x\n\n--x\nContent-Type: "
        f"text/html; charset=utf-8\n\n<html><body><p>{BODY}</p></body></html>\n--x--\n"
    )
    (tmp_path / "a.mhtml").write_text(archive)
    assert "3,000 crates" in one(tmp_path / "a.mhtml")[1]


PAGE = (
    b"<< /Type /Page /Parent 2 0 R /MediaBox [0 0 612 792] /Contents 4 0 R "
    b"/Resources << /Font << /F1 5 0 R >> >> >>"
)


def pdf_of(lines: list[str]) -> bytes:
    """A one-page PDF, written by hand."""
    stream = (
        "BT /F1 12 Tf 50 750 Td 14 TL " + " ".join(f"({line}) Tj T*" for line in lines) + " ET"
    ).encode()
    parts = [
        b"<< /Type /Catalog /Pages 2 0 R >>",
        b"<< /Type /Pages /Kids [3 0 R] /Count 1 >>",
        PAGE,
        b"<< /Length %d >>\nstream\n%s\nendstream" % (len(stream), stream),
        b"<< /Type /Font /Subtype /Type1 /BaseFont /Helvetica >>",
        b"<< /Title (Crates) /Author (Ana Lima) /CreationDate (D:20241024080000Z) >>",
    ]
    out = io.BytesIO()
    out.write(b"%PDF-1.4\n")
    places = []
    for number, part in enumerate(parts, start=1):
        places.append(out.tell())
        out.write(b"%d 0 obj\n%s\nendobj\n" % (number, part))
    start = out.tell()
    out.write(b"xref\n0 7\n0000000000 65535 f \n" + b"".join(b"%010d 00000 n \n" % place for place in places))
    out.write(b"trailer << /Size 7 /Root 1 0 R /Info 6 0 R >>\nstartxref\n%d\n%%%%EOF\n" % start)
    return out.getvalue()


def test_a_pdf_gives_text_metadata_and_pages(tmp_path: Path) -> None:
    (tmp_path / "a.pdf").write_bytes(
        pdf_of(["The harbour office said that 3,000 crates", "were sent to the is-", "land in the spring."])
    )
    loaded = load([tmp_path / "a.pdf"])
    [document] = loaded.documents
    snapshot = loaded.snapshots[document.snapshot]
    assert "sent to the island" in snapshot.text.replace("\n", " ")
    assert snapshot.pages == (0,)
    assert (document.title, document.author) == ("Crates", "Ana Lima")
    assert document.published is not None
    assert document.published.edtf == "2024-10-24"


def test_running_heads_go_and_pages_are_known() -> None:
    words = ["harbour", "river", "market", "bridge"]
    pages = [
        f"Gazette of the harbour\nThe text on the {word} stands here.\n{n}" for n, word in enumerate(words)
    ]
    text, starts = joined(pages)
    assert "Gazette" not in text
    assert [text[start:].split()[4] for start in starts] == words


@pytest.mark.parametrize(
    ("text", "language"),
    [
        ("북한은 러시아에 병력을 보냈다고 국가정보원이 밝혔다. 규모는 약 3천 명이다.", "ko"),
        ("Северная Корея отправила войска в Россию, сообщило ведомство в среду.", "ru"),
        ("Das Amt sagte, dass die Kisten auf dem Weg in den Hafen sind und nicht mehr kommen.", "de"),
    ],
)
def test_other_languages_get_a_status(tmp_path: Path, text: str, language: str) -> None:
    (tmp_path / "a.txt").write_text(text, encoding="utf-8")
    document, _ = one(tmp_path / "a.txt")
    assert (document.status, document.language) == ("other language", language)
    assert "language is" in document.reason
    assert one(tmp_path / "a.txt", language="")[0].status == "read"


def test_encodings(tmp_path: Path) -> None:
    for encoding in ("utf-16", "utf-8-sig", "cp1252"):
        (tmp_path / "a.txt").write_bytes(f"Café: {BODY}".encode(encoding))
        assert one(tmp_path / "a.txt")[1] == f"Café: {BODY}"


def test_a_missing_file_and_an_unreadable_one_say_so(tmp_path: Path) -> None:
    (tmp_path / "bad.pdf").write_bytes(b"%PDF-1.4 nothing here")
    (tmp_path / "empty.txt").write_text("  \n")
    (tmp_path / "fine.txt").write_text(BODY)
    loaded = load(
        [tmp_path / "none.txt", tmp_path / "bad.pdf", tmp_path / "empty.txt", tmp_path / "fine.txt"]
    )
    assert [document.status for document in loaded.documents] == ["missing", "unreadable", "empty", "read"]
    assert all(document.named for document in loaded.documents)
    assert "none.txt" in loaded.documents[0].reason
    assert "bad.pdf" in loaded.documents[1].reason
    assert all(document.reason.endswith(".") for document in loaded.documents[:3])


def test_a_folder_and_a_pattern_name_nothing(tmp_path: Path) -> None:
    (tmp_path / "a.txt").write_text(BODY)
    (tmp_path / ".hidden.txt").write_text(BODY)
    (tmp_path / "b.bin").write_bytes(b"\x00\x01")
    assert [d.name for d in load([tmp_path]).documents] == ["a.txt"]
    [document] = load([str(tmp_path / "*.txt")]).documents
    assert (document.name, document.named) == ("a.txt", False)


def test_copies_are_recognised_and_kept(tmp_path: Path) -> None:
    long = " ".join(
        f"{BODY} Paragraph {n} has words of its own, such as {n * 7} and {n * 13}." for n in range(12)
    )
    (tmp_path / "a.txt").write_text(long)
    (tmp_path / "b.txt").write_text("GAZETTE — " + long + " Reprinted.")
    (tmp_path / "c.txt").write_text(
        "Something else altogether stands in this text, which is about rivers. " * 9
    )
    found = load([tmp_path]).documents
    assert [(d.status, d.duplicate_of) for d in found] == [("read", ""), ("duplicate", "a.txt"), ("read", "")]


@pytest.mark.parametrize(
    ("text", "edtf", "clue"),
    [
        (f"Published: October 24, 2024\n\n{BODY}", "2024-10-24", "dateline"),
        (f"GENEVA, Oct. 24, 2024 (Gazette) — {BODY}", "2024-10-24", "dateline"),
    ],
)
def test_the_date_comes_from_the_dateline(tmp_path: Path, text: str, edtf: str, clue: str) -> None:
    (tmp_path / "a.txt").write_text(text)
    document, _ = one(tmp_path / "a.txt")
    assert document.published is not None
    assert (document.published.edtf, document.published_from) == (edtf, clue)


def test_a_document_that_says_that_it_has_no_date_gets_none(tmp_path: Path) -> None:
    path = tmp_path / "a.md"
    path.write_text(f"---\ntitle: A\npublished: undated\n---\nOn 4 May 2021 it began.\n{BODY}")
    document = one(path)[0]
    assert document.published is None
    assert document.published_from == "metadata"


def test_a_bibliography_must_be_sound(tmp_path: Path) -> None:
    assert bibliography(tmp_path) == {}
    (tmp_path / "bibliography.toml").write_text("[[document]]\nsha256 = 'abc'\n")
    with pytest.raises(CaseError, match="sha256 is 'abc'"):
        bibliography(tmp_path)
    (tmp_path / "bibliography.toml").write_text("= nothing")
    with pytest.raises(CaseError, match="TOML"):
        bibliography(tmp_path)
