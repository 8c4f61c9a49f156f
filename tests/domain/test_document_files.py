"""From a file's bytes to its text: encodings, Word documents, PDF pages in the order in which people read them."""

import io
import logging
import random
import re
import tomllib
import warnings
import zipfile
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import docx
import pytest
from docx.document import Document as WordDocument
from docx.oxml import parse_xml
from docx.oxml.ns import nsdecls, qn

from bot.domain.bulletins.files import FileKind, check_size, kind_of, text_from
from bot.domain.problems import BadInput
from tests.documents import attacks, pdf
from tests.documents.make import link

DOCUMENTS = Path(__file__).parents[1] / "documents"
EXPECTED = sorted(DOCUMENTS.glob("*.toml"))
WESTERN = "The café’s “rate” – £9.20 a week\n• naïve? Ça dépend…\n"


def text_of(data: bytes) -> str:
    return text_from(kind_of(data), data)


def reason(data: bytes) -> str:
    with pytest.raises(BadInput) as refused:
        text_of(data)
    assert refused.value.next_step
    return refused.value.what


# Plain text


@pytest.mark.parametrize(
    "encoding", ["utf-8", "utf-8-sig", "utf-16", "utf-16-le", "utf-16-be", "windows-1252", "mac-roman"]
)
def test_the_encodings_of_union_offices_give_the_same_text(encoding: str):
    assert text_of(WESTERN.encode(encoding)) == WESTERN
    assert text_of(WESTERN.replace("\n", "\r\n").encode(encoding)) == WESTERN
    assert text_of("No accents, but £5 more\n".encode(encoding)) == "No accents, but £5 more\n"


def test_latin_1_is_read_where_it_differs_from_the_others():
    assert text_of("Un café à £2, señor\n".encode("latin-1")) == "Un café à £2, señor\n"


def test_what_cannot_be_seen_is_taken_out_and_pages_stay_parted():
    text = "\ufeffof\ufb01ce\u200b con\u00adsent, a con\u00ad\nsent form   \r\rnext\x07 line\u2028\f\n\uf0b7 point"
    assert text_of(text.encode()) == "office consent, a consent\nform\n\nnext line\n\f\n• point\n"


# What is refused by its first bytes, whatever its name


@pytest.mark.parametrize(
    ("data", "said"),
    [
        (b"", "empty"),
        (b"\xef\xbb\xbf \r\n\x00", "empty"),
        (b"\x89PNG\r\n\x1a\n" + bytes(50), "picture"),
        (b"\xff\xd8\xff\xe0" + bytes(50), "picture"),
        (b"RIFF\x10\x00\x00\x00WEBPVP8 ", "picture"),
        (b"\x00\x00\x00\x18ftypheic" + bytes(50), "picture"),
        (b"<svg xmlns='http://www.w3.org/2000/svg'/>", "picture"),
        (b"\x00\x00\x00\x18ftypmp42" + bytes(50), "recording"),
        (b"\x1f\x8b\x08\x00" + bytes(50), "packed"),
        (b"\x7fELF\x02" + bytes(50), "program"),
        (b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1" + bytes(50), ".doc"),
        (b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1" + "EncryptedPackage".encode("utf-16-le"), "password"),
        (b"{\\rtf1\\ansi Our demands}", ".rtf"),
        (b"<!DOCTYPE html><html><p>Our demands</p></html>", "web page"),
        (bytes(range(256)) * 8, "no text"),
        (b"word " * 250_000, "too long"),
    ],
)
def test_other_files_are_refused_with_the_reason(data: bytes, said: str):
    assert said in reason(data)


def test_ten_megabytes_are_too_large_before_they_are_fetched():
    check_size(5_000_000)
    with pytest.raises(BadInput, match=r"too large: 10\.0 MB") as refused:
        check_size(10_000_000)
    assert ".txt" in refused.value.next_step


def zipped(**parts: bytes) -> bytes:
    file = io.BytesIO()
    with zipfile.ZipFile(file, "w") as package:
        for name, part in parts.items():
            package.writestr(name, part)
    return file.getvalue()


@pytest.mark.parametrize(
    ("parts", "said"),
    [
        ({"mimetype": b"application/vnd.oasis.opendocument.text", "content.xml": b"<a/>"}, ".odt"),
        ({"[Content_Types].xml": b"<a/>", "xl/workbook.xml": b"<a/>"}, "spreadsheet"),
        ({"holiday/beach.jpg": b"\xff\xd8\xff"}, "ZIP file"),
        ({"[Content_Types].xml": b"<a/>", "word/document.xml": b"<a/>"}, "damaged"),
    ],
)
def test_a_zip_file_is_looked_into(parts: dict[str, bytes], said: str):
    assert said in reason(zipped(**parts))


# Word


def saved(document: WordDocument) -> bytes:
    file = io.BytesIO()
    document.save(file)
    return file.getvalue()


def paragraph(document: WordDocument, inside: str) -> None:
    document.element.body.insert_element_before(
        parse_xml(f"<w:p {nsdecls('w', 'r')}>{inside}</w:p>"), "w:sectPr"
    )


def run(text: str) -> str:
    return f'<w:r><w:t xml:space="preserve">{text}</w:t></w:r>'


def point(document: WordDocument, text: str, number: int, level: int = 0) -> None:
    place = f'<w:numPr><w:ilvl w:val="{level}"/><w:numId w:val="{number}"/></w:numPr>'
    paragraph(document, f"<w:pPr>{place}</w:pPr>{run(text)}")


def numbering(document: WordDocument, xml: str) -> None:
    element = document.part.numbering_part.element
    for child in parse_xml(f"<w:numbering {nsdecls('w')}>{xml}</w:numbering>"):
        if child.tag == qn("w:abstractNum"):
            element.insert(0, child)
        else:
            element.append(child)


def test_lists_have_the_labels_that_word_shows():
    document = docx.Document()
    levels = "".join(
        f'<w:lvl w:ilvl="{level}"><w:start w:val="1"/><w:numFmt w:val="{style}"/><w:lvlText w:val="{text}"/></w:lvl>'
        for level, (style, text) in enumerate(
            [("decimal", "%1)"), ("lowerLetter", "%2)"), ("lowerRoman", "(%3)")]
        )
    )
    sections = (
        '<w:lvl w:ilvl="0"><w:numFmt w:val="upperRoman"/><w:lvlText w:val="%1."/></w:lvl>'
        '<w:lvl w:ilvl="1"><w:numFmt w:val="decimal"/><w:lvlText w:val="%1.%2"/></w:lvl>'
        '<w:lvl w:ilvl="2"><w:numFmt w:val="bullet"/><w:lvlText w:val="o"/></w:lvl>'
    )
    numbering(
        document,
        f'<w:abstractNum w:abstractNumId="70">{levels}</w:abstractNum>'
        f'<w:abstractNum w:abstractNumId="71">{sections}</w:abstractNum>'
        '<w:num w:numId="70"><w:abstractNumId w:val="70"/></w:num>'
        '<w:num w:numId="71"><w:abstractNumId w:val="71"/></w:num>'
        '<w:num w:numId="72"><w:abstractNumId w:val="70"/>'
        '<w:lvlOverride w:ilvl="0"><w:startOverride w:val="1"/></w:lvlOverride></w:num>',
    )
    for text, number, level in [
        ("one", 70, 0), ("letter", 70, 1), ("another", 70, 1), ("roman", 70, 2), ("two", 70, 0), ("afresh", 70, 1),
        ("section", 71, 0), ("sub", 71, 1), ("hollow", 71, 2), ("again one", 72, 0), ("again two", 72, 0), ("none", 0, 0),
    ]:  # fmt: skip
        point(document, text, number, level)
    document.add_paragraph("by style", style="List Bullet")
    document.add_paragraph("by style too", style="List Number")
    assert text_of(saved(document)).splitlines() == [
        "1) one", "  a) letter", "  b) another", "    (i) roman", "2) two", "  a) afresh",
        "I. section", "  I.1 sub", "    ◦ hollow", "1) again one", "2) again two", "", "none", "",
        "• by style", "1. by style too",
    ]  # fmt: skip


def test_what_a_reader_of_the_page_sees_is_there_and_nothing_else():
    document = docx.Document()
    document.sections[0].header.paragraphs[0].text = "Bulletin 3"
    document.sections[0].footer.paragraphs[0].text = "Printed by us"
    document.add_heading("What we ask", level=1)
    paragraph(
        document,
        run("We ask for ")
        + f'<w:del w:id="1" w:author="a">{run("5").replace("w:t", "w:delText")}</w:del>'
        + f'<w:ins w:id="2" w:author="a">{run("7")}</w:ins>'
        + run(" per cent")
        + f"<w:r><w:rPr><w:vanish/></w:rPr><w:t>hidden</w:t></w:r>{run('; see ')}"
        + '<w:r><w:fldChar w:fldCharType="begin"/></w:r><w:r><w:instrText> HYPERLINK "https://u.example/a" </w:instrText>'
        + f'</w:r><w:r><w:fldChar w:fldCharType="separate"/></w:r>{run("our letter")}'
        + '<w:r><w:fldChar w:fldCharType="end"/></w:r>'
        + '<w:r><w:t>.</w:t><w:br w:type="page"/></w:r>',
    )
    linked = document.add_paragraph("Write to ")
    link(linked, "us all", "mailto:us@u.example")
    linked.add_run(" or ")
    link(linked, "sign", "https://u.example/sign")
    box = f"<w:txbxContent><w:p>{run('In a box')}</w:p></w:txbxContent>"
    paragraph(
        document,
        run("Beside a box")
        + '<w:r><mc:AlternateContent xmlns:mc="http://schemas.openxmlformats.org/markup-compatibility/2006">'
        + f"<mc:Choice Requires='wps'><w:drawing>{box}</w:drawing></mc:Choice>"
        + f"<mc:Fallback><w:pict>{box}</w:pict></mc:Fallback></mc:AlternateContent></w:r>",
    )
    controlled = parse_xml(
        f"<w:sdt {nsdecls('w')}><w:sdtContent><w:p>{run('In a control')}</w:p></w:sdtContent></w:sdt>"
    )
    document.element.body.insert_element_before(controlled, "w:sectPr")
    table = document.add_table(rows=2, cols=2)
    for cell, text in zip(
        [*table.rows[0].cells, *table.rows[1].cells], ["Day", "Time", "Mon 4 May", "6pm\n7pm"], strict=True
    ):
        cell.text = text
    assert text_of(saved(document)).split("\n\n") == [
        "Bulletin 3", "What we ask", "We ask for 7 per cent; see our letter (https://u.example/a).\n\f",
        "Write to us all or sign (https://u.example/sign)", "Beside a box", "In a box", "In a control",
        "Day | Time\nMon 4 May | 6pm 7pm\n",
    ]  # fmt: skip


# PDF


def page_of(*lines: tuple[float, float, str]) -> pdf.Page:
    page = pdf.Page()
    for left, height, text in lines:
        page.line(left, height, text)
    return page


def column(left: float, top: float, lines: list[str], step: float = 14) -> list[tuple[float, float, str]]:
    return [(left, top - step * place, line) for place, line in enumerate(lines)]


def prose(word: str, count: int) -> list[str]:
    return [f"{word} {place} of a text that fills its column well" for place in range(count)]


@pytest.mark.parametrize("second_top", [700, 693.5])
def test_columns_are_read_one_after_the_other(second_top: float):
    """Whether their lines stand on the same heights or not, and in whichever order the file holds them."""
    one, other = prose("left", 9), prose("right", 7)
    lines = [
        *column(50, 700, one),
        *column(320, second_top, other),
        (50, 760, "A title"),
        (50, 40, "A foot, which goes " * 6),
    ]
    random.Random(4).shuffle(lines)
    read = text_of(pdf.write([page_of(*lines)]))
    assert [line for line in read.splitlines() if line] == [
        "A title",
        *one,
        *other,
        ("A foot, which goes " * 6).strip(),
    ]


def test_three_columns_and_a_sentence_that_runs_over():
    first, second, third = (prose(word, 6) for word in ("left", "then the middle", "right"))
    first, second, third = ([line[:31] for line in part] for part in (first, second, third))
    read = text_of(
        pdf.write([page_of(*column(40, 700, first), *column(220, 700, second), *column(400, 700, third))])
    )
    assert read.splitlines() == [*first, *second, *third], "small letters go on without a gap"


def test_a_table_is_read_row_by_row_and_wrapped_cells_stay_whole():
    rows = [
        (50, 700, "Day"), (150, 700, "Time"), (250, 700, "Place"),
        (50, 680, "Mon 4 May"), (150, 680, "6pm"), (250, 680, "Trades Hall"),
        (50, 660, "Tue 5 May"), (150, 660, "7pm"), (250, 660, "Library, first floor,"),
        (250, 648, "at the back"),
        (50, 628, "Where:"), (150, 628, "everywhere"),
    ]  # fmt: skip
    read = text_of(
        pdf.write(
            [
                page_of(
                    (50, 740, "Meetings for everybody, in every town of the region, and online as well"),
                    *rows,
                )
            ]
        )
    )
    assert read.splitlines()[-4:] == [
        "Day | Time | Place", "Mon 4 May | 6pm | Trades Hall", "Tue 5 May | 7pm | Library, first floor, at the back",
        "Where: everywhere",
    ]  # fmt: skip


def test_short_columns_under_a_list_keep_their_neighbours_out():
    above = ["Our demands", "• A rise of 6%", "• A shorter week"]
    left = [
        "Meetings",
        "Monday 8 June at 6pm, Hall",
        "Tuesday 9 June at noon, online",
        "Those who cannot come may send a note",
    ]
    right = [
        "What you can do",
        "• Wear the badge on Fridays",
        "• Talk to a colleague about it",
        "• Tell your rep what you hear",
    ]
    lines = [
        *column(50, 700, above),
        *column(50, 640, left, 24),
        *column(320, 640, right, 24),
        (290, 500, "1"),
    ]
    read = text_of(pdf.write([page_of(*lines)])).splitlines()
    assert [line for line in read if line] == [*above, *left, *right, "1"]
    assert read[:5] == [*above, "", "Meetings"], "a paragraph of one line is one"


def test_addresses_behind_words_are_written_out_and_pages_are_parted():
    first = page_of(
        (50, 700, "Sign the petition today"),
        (50, 672, "•"),
        (66, 672, "a point"),
        (50, 660, "of ofﬁce hours"),
    )
    data = pdf.write(
        [first, page_of((50, 700, "Head of page 2"))], links=[(50, 695, 120, 712, "https://u.example/sign")]
    )
    assert text_of(data).split("\n") == [
        "Sign the petition (https://u.example/sign) today", "", "• a point", "of office hours", "\f", "Head of page 2", "",
    ]  # fmt: skip


def test_pdfs_without_readable_letters_say_so():
    assert "scanned" in reason(attacks.scanned())
    assert "password" in reason(attacks.protected())
    assert "more than 60 pages" in reason(pdf.write([page_of((50, 700, "Page"))] * 61))
    assert "damaged" in reason(pdf.write([page_of((50, 700, "Page"))])[:300])


# All of it


@pytest.mark.parametrize("expected", EXPECTED, ids=lambda path: path.stem)
def test_the_words_of_the_ten_documents_come_out_in_order(expected: Path):
    source = next(path for path in DOCUMENTS.glob(f"{expected.stem}.*") if path != expected)
    read = re.sub(r"[\s*]+", " ", re.sub(r"\[([^]]*)\]\([^)]*\)", r"\1", text_of(source.read_bytes())))
    place = 0
    for item in tomllib.loads(expected.read_text())["items"]:
        for words in filter(None, [item.get("words"), item.get("link")]):
            if item["kind"] not in {"link", "meeting"} and words == item.get("words"):
                place = read.index(words, place) + 1
            else:
                assert words in read or source.suffix == ".md", words


@contextmanager
def _quietly() -> Iterator[None]:
    """The library's own murmur about broken files is not what is tested."""
    logging.disable(logging.CRITICAL)
    try:
        with warnings.catch_warnings():
            warnings.simplefilter("ignore")
            yield
    finally:
        logging.disable(logging.NOTSET)


@pytest.mark.parametrize("name", ["bakery-two-column.pdf", "conference-motion.pdf", "care-homes.docx"])
def test_broken_files_end_in_text_or_a_kind_word(name: str):
    whole = (DOCUMENTS / name).read_bytes()
    chance = random.Random(name)
    ended = {"text": 0, "refused": 0}
    with _quietly():
        for _ in range(25):
            data = bytearray(whole)
            for _ in range(chance.choice([1, 5, 40])):
                data[chance.randrange(len(data))] = chance.randrange(256)
            try:
                text_from(FileKind.PDF if name.endswith(".pdf") else FileKind.WORD, bytes(data))
                ended["text"] += 1
            except BadInput:
                ended["refused"] += 1
    assert ended["refused"], ended
