"""Exports and figures: only what is released, small groups hidden, nothing without a trace, whatever the size."""

import csv
import hashlib
import io
import json
import random
import re
import zipfile
from html.parser import HTMLParser

import openpyxl
import pyrage
import pytest
from sqlalchemy import insert, select, update

from bot.domain.export_rows import guarded
from bot.domain.problems import BadInput, NotFound
from bot.domain.receipts import new_receipt
from bot.services import exports, feedback, feedback_receipts, moderation_queue, reports
from bot.services.context import Context
from bot.services.exports import Wish
from bot.services.rate_limit import SubmissionLimit
from db import tables
from db.feedback import Wanted, fetch_released
from db.tables import audit
from seeds.loader import load_campaign
from seeds.reader import read_campaign
from tests.domain.test_export_rows import FORMULAS, PLAIN
from tests.services.exporting import exported

A, B = 1_001, 1_002
MODERATOR = 900_719_925_474_099


@pytest.fixture
def unlimited(context: Context) -> Context:
    context.limit = SubmissionLimit(1_000)
    return context


async def give(
    context: Context, *texts: str, guild_id: int = A, topic: str = "other", **options: str
) -> None:
    for text in texts:
        await feedback.give(context, guild_id, 1, topic, text, **options)


async def fill(context: Context, rows: int, text, **values: object) -> None:
    """Many pieces at once, as if they had been given and handed over."""
    entries = [
        {
            "feedback_id": f"{number:032x}",
            "guild_id": A,
            "topic": "other",
            "iso_week": "2025-W14",
            "text": text(number),
            "receipt_hash": f"{number:064x}",
            "state": "new",
            **values,
        }
        for number in range(rows)
    ]
    async with context.database.write() as connection:
        await connection.execute(insert(tables.feedback), entries)


def read(export: exports.Export) -> list[dict[str, str]]:
    text = export.data.decode("utf-8-sig")
    return list(csv.DictReader(io.StringIO(text, newline=""), strict=True))


async def audited(context: Context) -> list:
    async with context.database.read() as connection:
        return list((await connection.execute(select(audit))).all())


async def test_an_export_and_its_trace(unlimited):
    await give(unlimited, "Zero", "=1+1", 'with "quotes"\nand lines')
    await feedback.release_batches(unlimited)
    await give(unlimited, "still waiting")
    export = await exported(unlimited, A, MODERATOR, "  Briefing\nfor Thursday ")
    assert {row["Text"] for row in read(export)} == {"Zero", "'=1+1", 'with "quotes"\nand lines'}
    assert {row["State"] for row in read(export)} == {"New"}
    assert list(read(export)[0]) == [
        "Topic",
        "Region",
        "Grade",
        "Week",
        "Demand",
        "State",
        "Text",
        "Tags",
        "Sealed",
    ]
    assert export.rows == 3
    assert export.sha256 == hashlib.sha256(export.data).hexdigest()
    assert export.file_name == "feedback-2025-03-31.csv"
    (row,) = await audited(unlimited)
    assert (row.guild_id, row.actor_id, row.event) == (A, MODERATOR, "export")
    assert (row.purpose, row.rows, row.sha256) == ("Briefing for Thursday", 3, export.sha256)
    assert row.at == unlimited.now()


async def test_no_id_leaves_the_bot(unlimited):
    await give(unlimited, "Text")
    await feedback.release_batches(unlimited)
    async with unlimited.database.read() as connection:
        (entry,) = await fetch_released(connection, A, Wanted())
    export = await exported(unlimited, A, MODERATOR, "Briefing")
    for secret in (entry.feedback_id, str(A), str(MODERATOR)):
        assert secret.encode() not in export.data


async def test_the_order_is_not_that_of_arrival(unlimited):
    texts = [f"{number:02}" for number in range(30)]
    await give(unlimited, *texts)
    await feedback.release_batches(unlimited)
    export = await exported(unlimited, A, MODERATOR, "Briefing")
    shown = [row["Text"] for row in read(export)]
    assert sorted(shown) == texts
    assert shown != texts


async def test_another_guild_is_never_in_it(unlimited):
    await give(unlimited, "Ours")
    await give(unlimited, "Theirs", guild_id=B)
    await feedback.release_batches(unlimited)
    export = await exported(unlimited, A, MODERATOR, "Briefing")
    assert [row["Text"] for row in read(export)] == ["Ours"]
    assert [row.guild_id for row in await audited(unlimited)] == [A]


async def test_groups_of_another_guild_do_not_make_ours_large(unlimited):
    await give(unlimited, *"1234", region="wales")
    await give(unlimited, *"12345", guild_id=B, region="wales")
    await feedback.release_batches(unlimited)
    export = await exported(unlimited, A, MODERATOR, "Briefing")
    assert {row["Region"] for row in read(export)} == {""}
    assert export.blanked_regions == 4


async def test_filters_and_groups_that_are_counted_over_all(unlimited, clock):
    await give(unlimited, *"123", topic="meeting", region="wales")
    clock.forward(weeks=1)
    await give(unlimited, *"45", region="wales")
    await give(unlimited, "6", region="london", grade="po")
    await feedback.release_batches(unlimited)
    export = await exported(unlimited, A, MODERATOR, "Briefing", topic="meeting")
    assert sorted(row["Text"] for row in read(export)) == list("123")
    assert {row["Region"] for row in read(export)} == {"Wales"}  # three here, but five in all
    assert (export.blanked_regions, export.blanked_grades) == (0, 0)
    cases = {
        ("2025-W15", None): "456",
        (None, "2025-W14"): "123",
        ("week 14", "31/03/2025"): "123",
        ("1 April", "today"): "123456",
    }
    for (since, until), texts in cases.items():
        export = await exported(unlimited, A, MODERATOR, "Briefing", since=since, until=until)
        assert "".join(sorted(row["Text"] for row in read(export))) == texts
    export = await exported(unlimited, A, MODERATOR, "Briefing", since="2025-W15")
    assert (export.blanked_regions, export.blanked_grades) == (1, 1)
    export = await exported(unlimited, A, MODERATOR, "Briefing", state="new")
    assert export.rows == 6


async def test_what_waits_is_neither_exported_nor_counted(unlimited):
    await give(unlimited, *"1234", region="wales")
    await feedback.release_batches(unlimited)
    await give(unlimited, "5", region="wales")
    export = await exported(unlimited, A, MODERATOR, "Briefing")
    assert (export.rows, export.blanked_regions) == (4, 4)


async def test_an_empty_export_leaves_a_trace_too(unlimited):
    export = await exported(unlimited, A, MODERATOR, "Briefing")
    assert (export.rows, read(export)) == (0, [])
    assert [row.rows for row in await audited(unlimited)] == [0]


@pytest.mark.parametrize(
    "asked",
    [
        {"purpose": ""},
        {"purpose": " x "},
        {"purpose": "\0\0\0\0"},
        {"purpose": "x" * 201},
        {"topic": "nonsense"},
        {"since": "2025-W60"},
        {"until": "the day after"},
        {"since": "2025-W14", "until": "2025-W13"},
        {"state": "waiting"},
        {"state": "nonsense"},
        {"format": "exe"},
        {"tag": "!!!"},
    ],
)
async def test_what_cannot_be_done_leaves_nothing(unlimited, asked):
    with pytest.raises(BadInput):
        await exported(unlimited, A, MODERATOR, **{"purpose": "Briefing", **asked})
    assert await audited(unlimited) == []


async def test_nothing_is_exported_when_the_trace_cannot_be_written(unlimited, monkeypatch):
    async def fail(*arguments, **options):
        raise RuntimeError

    monkeypatch.setattr(exports, "insert_audit", fail)
    with pytest.raises(RuntimeError):
        await exported(unlimited, A, MODERATOR, "Briefing")
    assert await audited(unlimited) == []


async def test_the_file_is_not_in_the_representation(unlimited):
    await give(unlimited, "canary")
    await feedback.release_batches(unlimited)
    assert "canary" not in repr(await exported(unlimited, A, MODERATOR, "Briefing"))


async def test_what_was_set_aside_is_in_it_only_if_asked_for_and_makes_no_group_large(unlimited):
    await give(unlimited, *"1234", "spam", region="wales")
    await feedback.release_batches(unlimited)
    async with unlimited.database.write() as connection:
        spam = update(tables.feedback).where(tables.feedback.c.text == "spam").values(state="spam")
        await connection.execute(spam)
    export = await exported(unlimited, A, MODERATOR, "Briefing")
    assert sorted(row["Text"] for row in read(export)) == list("1234")
    assert {row["Region"] for row in read(export)} == {""}
    asked = await exported(unlimited, A, MODERATOR, "Briefing", state="spam")
    assert [(row["Text"], row["State"]) for row in read(asked)] == [("spam", "Not feedback")]


async def test_tags_demands_and_what_was_added_are_in_it_and_can_be_asked_for(unlimited):
    await load_campaign(unlimited.database, A, read_campaign("operation_protect"))
    await give(unlimited, "other")
    receipt = await feedback.give(unlimited, A, 1, "situation", "mine")
    await feedback_receipts.add(unlimited, A, 1, receipt, "and more")
    await feedback.release_batches(unlimited)
    async with unlimited.database.read() as connection:
        pieces = await fetch_released(connection, A, Wanted())
    (mine,) = [one.feedback_id for one in pieces if one.text == "mine"]
    for tag in ("staffing", "demand 1"):
        await moderation_queue.tag(unlimited, A, MODERATOR, mine[:12], tag)
    whole = await exported(unlimited, A, MODERATOR, "Briefing")
    assert len(read(whole)) == 2
    (title,) = {row["Demand"].partition(": ")[2] for row in read(whole)} - {""}
    for asked in ({"tag": "Staffing"}, {"demand": title}, {"topic": "situation"}):
        (row,) = read(await exported(unlimited, A, MODERATOR, "Briefing", **asked))
        assert row["Text"] == "mine\n\n[Added in 2025-W14:] and more"
        assert row["Tags"] == "staffing"
        assert row["Demand"].startswith("Demand 1: ")
    with pytest.raises(NotFound):
        await exported(unlimited, A, MODERATOR, "Briefing", demand="xyzzyplugh")


def formulas(book: bytes) -> int:
    sheet = openpyxl.load_workbook(io.BytesIO(book)).active
    return sum(cell.data_type == "f" for row in sheet.iter_rows() for cell in row)


async def test_no_cell_of_a_spreadsheet_is_a_formula_and_every_text_is_whole(unlimited):
    corpus = [text for text in [*FORMULAS, *PLAIN] if text.strip("\0") and "\0" not in text]
    await fill(unlimited, len(corpus), corpus.__getitem__)
    as_csv = await exported(unlimited, A, MODERATOR, "Briefing")
    assert [row["Text"] for row in read(as_csv)] == [guarded(text) for text in corpus]
    book = await exported(unlimited, A, MODERATOR, "Briefing", format="xlsx")
    assert book.file_name == "feedback-2025-03-31.xlsx"
    assert formulas(book.data) == 0
    sheet = openpyxl.load_workbook(io.BytesIO(book.data)).active
    header, *rows = sheet.iter_rows(values_only=True)
    text = header.index("Text")
    # A text of nothing but blanks comes back without them, and XML knows one kind of line end.
    assert [_as_xml(row[text]) for row in rows] == [_as_xml(text) for text in corpus]
    with zipfile.ZipFile(io.BytesIO(book.data)) as archive:
        assert b"<f>" not in archive.read("xl/worksheets/sheet1.xml")


def _as_xml(text: str | None) -> str:
    return (text or "").replace("_x000D_", "\r").replace("_x0001_", "\x01")


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
        kind: (await exported(unlimited, A, MODERATOR, format=kind, **asked)).data.decode()
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
            b"Nothing was found." in (await exported(unlimited, A, MODERATOR, "Briefing", format=kind)).data
        )
    empty = json.loads((await exported(unlimited, A, MODERATOR, "Briefing", format="json")).data)
    assert empty["feedback"] == []


@pytest.mark.parametrize("kind", ["csv", "json", "xlsx"])
async def test_what_is_too_large_is_zipped_and_then_comes_in_parts(unlimited, monkeypatch, kind):
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
    assert all(len(one.data) <= 160_000 for one in files)
    found: list[str] = []
    for number, one in enumerate(files, start=1):
        ending = "xlsx" if kind == "xlsx" else "zip" if number < len(files) else r"(zip|csv|json)"
        assert re.fullmatch(rf"feedback-2025-03-31-part-{number}\.{ending}", one.file_name)
        found += _texts(one.data, kind)
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
    assert len(_texts(export.data, "csv")) == 500


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
    assert b"Topic" not in export.data
    opened = pyrage.decrypt(export.data, [key])
    assert b"sealed words" not in opened
    rows = list(csv.DictReader(io.StringIO(opened.decode("utf-8-sig"), newline="")))
    assert {row["Text"] for row in rows} == {"[sealed]"}
    assert len({row["Sealed"] for row in rows}) == 2


async def test_figures_of_any_weeks_agree_so_that_nothing_follows_from_two(unlimited, clock):
    await load_campaign(unlimited.database, A, read_campaign("operation_protect"))
    chance = random.Random(4)
    weeks = [f"2025-W{number:02}" for number in range(1, 15)]
    for week in weeks:
        await _give_in(unlimited, chance, week)
    whole = await reports.figures(unlimited, A)
    regions = dict(whole[2].rows)
    assert "Wales" not in regions  # three, among many more
    assert min(value for figure in whole for _, value in figure.rows if value is not None) >= 5
    for _ in range(6):
        since, until = sorted(chance.sample(weeks, 2))
        part = await reports.figures(unlimited, A, since, until)
        assert part[1:] == whole[1:]
        assert part[0].rows == tuple(row for row in whole[0].rows if since <= row[0] <= until)
        assert part[0].note == whole[0].note


async def _give_in(context: Context, chance: random.Random, week: str) -> None:
    entries = [
        {
            "feedback_id": f"{chance.getrandbits(128):032x}",
            "guild_id": A,
            "topic": chance.choice(["other", "situation", "situation", "focus"]),
            "region": chance.choice(["london", "north_east", "south_west", None]),
            "iso_week": week,
            "text": "Text",
            "receipt_hash": new_receipt(),
            "state": chance.choice(["new", "open", "done", "spam"]),
        }
        for _ in range(chance.randint(2, 14))
    ]
    if week in {"2025-W03", "2025-W04", "2025-W09"}:
        entries.append(
            {**entries[0], "feedback_id": week, "receipt_hash": week, "region": "wales", "state": "new"}
        )
    async with context.database.write() as connection:
        await connection.execute(insert(tables.feedback), entries)


async def test_a_report_leaves_a_trace_and_refuses_what_it_cannot_read(unlimited):
    await give(unlimited, *"123456", topic="situation")
    await feedback.release_batches(unlimited)
    made = await reports.make_report(unlimited, A, MODERATOR, since="1 March")
    assert [one.name for one in made.pictures] == ["weeks.png", "topics.png", "regions.png", "demands.png"]
    assert all(one.png.startswith(b"\x89PNG") for one in made.pictures)
    assert "The situation on the ground: 6 pieces" in made.pictures[1].description
    assert made.total == 6
    (row,) = await audited(unlimited)
    assert (row.event, row.actor_id, row.rows) == ("report", MODERATOR, 6)
    for asked in (("nonsense", None), ("2025-W14", "2025-W13")):
        with pytest.raises(BadInput):
            await reports.make_report(unlimited, A, MODERATOR, *asked)
    assert len(await audited(unlimited)) == 1
