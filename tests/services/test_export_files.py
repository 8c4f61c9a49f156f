"""The files of an export: no formula, nothing that runs, zipped or in parts when large, sealed for those with keys."""

import csv
import io
import json
import random
import re
import zipfile
from html.parser import HTMLParser

import openpyxl
import pyrage
import pytest

from bot.domain.export_rows import guarded
from bot.domain.problems import BadInput
from bot.services import exports, feedback, feedback_receipts
from bot.services.context import Context
from bot.services.exports import Wish
from bot.services.rate_limit import SubmissionLimit
from tests.domain.test_export_rows import FORMULAS, PLAIN
from tests.services.exporting import MODERATOR, A, audited, exported, fill, give


@pytest.fixture
def unlimited(context: Context) -> Context:
    context.limit = SubmissionLimit(1_000)
    return context


def formulas(book: bytes) -> int:
    sheet = openpyxl.load_workbook(io.BytesIO(book)).active
    return sum(cell.data_type == "f" for row in sheet.iter_rows() for cell in row)


async def test_no_cell_of_a_spreadsheet_is_a_formula_and_every_text_is_whole(unlimited):
    corpus = [text for text in [*FORMULAS, *PLAIN] if text.strip("\0") and "\0" not in text]
    await fill(unlimited, len(corpus), corpus.__getitem__)
    as_csv = await exported(unlimited, A, MODERATOR, "Briefing")
    assert _texts(as_csv.content.getvalue(), "csv") == [guarded(text) for text in corpus]
    book = await exported(unlimited, A, MODERATOR, "Briefing", format="xlsx")
    assert book.file_name == "feedback-2025-03-31.xlsx"
    assert formulas(book.content.getvalue()) == 0
    sheet = openpyxl.load_workbook(io.BytesIO(book.content.getvalue())).active
    header, *rows = sheet.iter_rows(values_only=True)
    text = header.index("Text")
    # A text of nothing but blanks comes back without them, and XML knows one kind of line end.
    assert [_as_xml(row[text]) for row in rows] == [_as_xml(text) for text in corpus]
    with zipfile.ZipFile(io.BytesIO(book.content.getvalue())) as archive:
        assert b"<f>" not in archive.read("xl/worksheets/sheet1.xml")


def _as_xml(text: str | None) -> str:
    return (text or "").replace("_x000D_", "\r").replace("_x0001_", "\x01")


async def test_a_spreadsheet_in_one_piece_has_a_limit_that_is_said_kindly(unlimited, monkeypatch):
    monkeypatch.setattr("bot.services.exports._SHEET_ROWS", 3)
    await fill(unlimited, 4, str)
    wish = Wish("Briefing", "xlsx")
    target = io.BytesIO()
    with pytest.raises(BadInput) as caught:
        await exports.export_to(unlimited, A, exports.THE_COMMAND_LINE, wish, target)
    assert "it takes 3 pieces" in str(caught.value)
    assert "csv" in str(caught.value.next_step)
    assert (target.getvalue(), await audited(unlimited)) == (b"", [])
    monkeypatch.setattr("bot.services.exports._SHEET_ROWS", 4)
    assert await exports.export_to(unlimited, A, exports.THE_COMMAND_LINE, wish, target) == (4, False)
    assert _texts(target.getvalue(), "xlsx") == list("0123")


class _Page(HTMLParser):
    def __init__(self) -> None:
        super().__init__()
        self.tags: list[tuple[str, dict[str, str | None]]] = []
        self.said = ""

    def handle_starttag(self, tag, attrs) -> None:
        self.tags.append((tag, dict(attrs)))

    def handle_data(self, data) -> None:
        self.said += data


async def test_the_kinds_that_are_read_show_the_words_and_run_nothing(unlimited):
    await give(unlimited, "<script>alert(1)</script> & **bold**", "# not a heading\n[link](http://x.example)")
    await give(unlimited, "שלום", topic="situation", region="wales")
    await feedback.release_batches(unlimited)
    asked = {"purpose": "a <b>purpose</b>"}
    data = {
        kind: (await exported(unlimited, A, MODERATOR, format=kind, **asked)).content.getvalue().decode()
        for kind in ("json", "md", "html")
    }
    document = json.loads(data["json"])
    assert {one["text"] for one in document["feedback"]} >= {"<script>alert(1)</script> & **bold**", "שלום"}
    assert document["purpose"] == "a <b>purpose</b>"
    assert {one["region"] for one in document["feedback"]} == {None}
    headings = re.findall(r"^#+ .*", data["md"], flags=re.MULTILINE)
    assert headings == ["# What members said", "## The situation on the ground", "## Something else"]
    assert "<script" not in data["md"]
    assert "](http" not in data["md"]
    page = _Page()
    page.feed(data["html"])
    names = [tag for tag, _ in page.tags]
    assert not {"script", "b", "iframe", "link"} & set(names)
    assert "<script>alert(1)</script> & **bold**" in page.said
    assert not any(name.startswith("on") for _, attributes in page.tags for name in attributes)
    pictures = [attributes for tag, attributes in page.tags if tag == "img"]
    assert len(pictures) == 4
    assert all(one["alt"].startswith("Chart: ") and one["src"].startswith("data:") for one in pictures)
    assert "Wales" not in page.said


async def test_an_empty_document_says_so(unlimited):
    for kind in ("md", "html"):
        assert (
            b"Nothing was found."
            in (await exported(unlimited, A, MODERATOR, "Briefing", format=kind)).content.getvalue()
        )
    empty = json.loads(
        (await exported(unlimited, A, MODERATOR, "Briefing", format="json")).content.getvalue()
    )
    assert empty["feedback"] == []


@pytest.mark.parametrize("kind", ["csv", "json", "xlsx"])
async def test_what_is_too_large_is_zipped_and_then_comes_in_parts(unlimited, monkeypatch, kind):
    monkeypatch.setattr("db.feedback_export.PAGE_ROWS", 2_000)
    monkeypatch.setattr("bot.services.export_files._BETWEEN_LOOKS", 8_000)
    monkeypatch.setattr("bot.services.export_files.MAX_BYTES", 160_000)
    monkeypatch.setattr("bot.services.export_files.XLSX_CHARACTERS", 160_000)
    chance = random.Random(1)
    texts = [chance.randbytes(200).hex() for _ in range(2_300)]  # more than one page, and hard to compress
    await fill(unlimited, len(texts), texts.__getitem__)
    told: list[int] = []

    async def progress(rows: int) -> None:
        told.append(rows)

    wish = Wish("Briefing", kind)
    files = [one async for one in exports.export_files(unlimited, A, MODERATOR, wish, progress)]
    assert len(files) > 2
    assert told == [2_000, 2_300]
    assert all(len(one.content.getvalue()) <= 160_000 for one in files)
    found: list[str] = []
    for number, one in enumerate(files, start=1):
        ending = "xlsx" if kind == "xlsx" else "zip" if number < len(files) else r"(zip|csv|json)"
        assert re.fullmatch(rf"feedback-2025-03-31-part-{number}\.{ending}", one.file_name)
        found += _texts(one.content.getvalue(), kind)
    assert found == texts
    rows = {row.sha256: row.rows for row in await audited(unlimited)}
    assert rows == {one.sha256: one.rows for one in files}
    assert sum(rows.values()) == len(texts)


def _texts(data: bytes, kind: str) -> list[str]:
    if kind == "xlsx":
        _, *rows = openpyxl.load_workbook(io.BytesIO(data)).active.iter_rows(values_only=True)
        return [row[6] for row in rows]
    if data.startswith(b"PK"):
        with zipfile.ZipFile(io.BytesIO(data)) as archive:
            (name,) = archive.namelist()
            data = archive.read(name)
    if kind == "json":
        return [one["text"] for one in json.loads(data)["feedback"]]
    return [row["Text"] for row in csv.DictReader(io.StringIO(data.decode("utf-8-sig"), newline=""))]


async def test_one_zip_is_enough_where_it_fits(unlimited, monkeypatch):
    monkeypatch.setattr("bot.services.export_files._BETWEEN_LOOKS", 1_000)
    monkeypatch.setattr("bot.services.export_files.MAX_BYTES", 50_000)
    await fill(unlimited, 500, lambda number: f"{number} " + "the same again and again " * 20)
    export = await exported(unlimited, A, MODERATOR, "Briefing")
    assert (export.file_name, export.part, export.rows) == ("feedback-2025-03-31.zip", None, 500)
    assert len(_texts(export.content.getvalue(), "csv")) == 500


async def test_with_recipients_only_their_keys_open_it(unlimited):
    key = pyrage.x25519.Identity.generate()
    mine = unlimited.settings.feedback.model_copy(update={"recipients": (str(key.to_public()),)})
    unlimited.settings = unlimited.settings.model_copy(update={"feedback": mine})
    receipt = await feedback.give(unlimited, A, 1, "other", "sealed words")
    await feedback_receipts.add(unlimited, A, 1, receipt, "more sealed words")
    await feedback.release_batches(unlimited)
    export = await exported(unlimited, A, MODERATOR, "Briefing")
    assert export.file_name == "feedback-2025-03-31.csv.age"
    assert export.sealed
    assert b"Topic" not in export.content.getvalue()
    opened = pyrage.decrypt(export.content.getvalue(), [key])
    assert b"sealed words" not in opened
    rows = list(csv.DictReader(io.StringIO(opened.decode("utf-8-sig"), newline="")))
    assert {row["Text"] for row in rows} == {"[sealed]"}
    assert len({row["Sealed"] for row in rows}) == 2
