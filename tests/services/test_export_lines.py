"""A large export to CSV: what the database puts together is what the program would have written, to the byte."""

import csv
import hashlib
import io
import random
import zipfile

import pytest
from sqlalchemy import insert

from bot.domain.export_rows import Labels
from bot.domain.feedback import FeedbackState
from bot.services.exports import THE_COMMAND_LINE, Wish, export_files, export_to
from db import tables
from db.engine import Database
from db.feedback_export import Asked
from db.feedback_lines import LinePages
from db.upgrade import upgrade
from seeds.loader import load_campaign
from seeds.reader import read_campaign
from tests.domain.test_export_rows import FORMULAS, PLAIN
from tests.services.exporting import MODERATOR, A, B, audited, exported, fill

AWKWARD = [
    *FORMULAS,
    *PLAIN,
    "two\r\nlines",
    "a\0b",
    '"',
    '"""',
    'a"b""c',
    "a,b;c\td",
    " leading",
    "\U0001f9d1\u200d\U0001f4bb at work",
    "Ŵy Glyndŵr",
    "\u00ff\x7f\x80",
    "A" * 4_000,
    "[z",
    "{z",
    "/0",
    ":9",
    "`a",
    "Z@",
]
GROUPS = [("wales", "po"), ("wales", "po"), ("wales", None), ("london", "pso"), (None, "po"), (None, None)]
STATES = ["new", "open", "done", "spam", "new", "new"]
STRANGE = [
    {"topic": 'un"known'},
    {"topic": "=1"},
    {"region": "atlantis", "grade": "=po"},
    {"iso_week": '2025"W14'},
    {"iso_week": "=1"},
    {"demand_key": 'gone"'},
    {"demand_key": "=1"},
    {"sealed": b"\xff\x00sealed", "text": ""},
]


async def fill_in(database, times: int = 3, chance: random.Random | None = None) -> list[str]:
    """Many kinds of pieces, of another guild, too; with something hard to compress in each if there is a chance."""
    texts = [text for text in AWKWARD if database.is_sqlite or "\0" not in text]
    texts = [text + (chance.randbytes(200).hex() if chance else "") for text in texts * times]
    told = [{"text": text} for text in texts] + [{"text": "plain", **strange} for strange in STRANGE]
    await load_campaign(database, A, read_campaign("operation_protect"))
    pieces = []
    for number, one in enumerate(told):
        region, grade = GROUPS[number % len(GROUPS)]
        pieces.append(
            {
                "feedback_id": hashlib.md5(b"%d" % number).hexdigest(),
                "guild_id": A,
                "topic": ["situation", "focus", "meeting", "other"][number % 4],
                "region": region,
                "grade": grade,
                "demand_key": [None, "wmt-does-not-measure", None, "1"][number % 4],
                "iso_week": f"2025-W{number % 9 + 1:02}",
                "receipt_hash": f"{number:064}",
                "state": STATES[number % len(STATES)],
                "sealed": None,
                **one,
            }
        )
    theirs = {**pieces[0], "feedback_id": "f" * 32, "guild_id": B, "text": "of others"}
    async with database.write() as connection:
        await connection.execute(insert(tables.feedback), [*pieces, theirs])
    return [piece["feedback_id"] for piece in pieces]


async def tell_more(database, feedback_ids: list[str]) -> None:
    """Tags and additions, readable and sealed, to some of the pieces."""
    of_guild = [{"guild_id": A, "feedback_id": one} for one in feedback_ids]
    tags = [{**one, "tag": tag} for one in of_guild[::5] for tag in ("staffing", "=tag")]
    added = [
        {
            **one,
            "message_id": f"{one['feedback_id'][:31]}{number}",
            "number": number,
            "iso_week": "2025-W14",
            "from_moderators": from_moderators,
            "waiting": waiting,
            "text": text,
            "sealed": sealed,
        }
        for one in of_guild[::7]
        for number, (text, sealed, from_moderators, waiting) in enumerate(
            [
                ('and "more"', None, False, False),
                ("", b"\xff", False, False),
                ("waits", None, False, True),
                ("a reply", None, True, False),
            ]
        )
    ]
    async with database.write() as connection:
        await connection.execute(insert(tables.feedback_tags), tags)
        await connection.execute(insert(tables.feedback_messages), added)


async def written(context, **asked: str) -> tuple[bytes, int]:
    target = io.BytesIO()
    rows, _ = await export_to(context, A, THE_COMMAND_LINE, Wish("Briefing", **asked), target)
    return target.getvalue(), rows


@pytest.mark.parametrize("more", [False, True], ids=["plain", "tagged"])
async def test_both_ways_write_the_same_bytes(context, monkeypatch, more):
    monkeypatch.setattr("db.feedback_export.PAGE_ROWS", 11)
    feedback_ids = await fill_in(context.database)
    if more:
        await tell_more(context.database, feedback_ids)
    asked = [{}, {"state": "spam"}, {"topic": "focus", "since": "2025-W02", "until": "2025-W05"}]
    asked += [{"demand": "wmt"}, {"tag": "staffing"}, {"state": "done", "since": "2025-W20"}]
    for one in asked:
        in_one_piece, rows = await written(context, **one)
        by_moderator = await exported(context, A, MODERATOR, "Briefing", **one)
        assert (in_one_piece, rows) == (by_moderator.content.getvalue(), by_moderator.rows)
        trace = (rows, hashlib.sha256(in_one_piece).hexdigest())
        assert [(row.rows, row.sha256) for row in await audited(context)].count(trace) >= 2
    whole, rows = await written(context)
    assert rows > 100
    assert b"of others" not in whole
    assert b'"Wales","Probation officer (PO)"' in whole
    assert b"'=HYPERLINK" in whole
    assert (b'and ""more""' in whole, b"waits" in whole, b"a reply" in whole) == (more, False, False)


async def test_parts_are_divided_between_rows_and_hold_all_of_them(context, monkeypatch):
    monkeypatch.setattr("bot.services.export_files._BETWEEN_LOOKS", 8_000)
    await tell_more(context.database, await fill_in(context.database, 30, random.Random(1)))
    whole, rows = await written(context)
    monkeypatch.setattr("bot.services.export_files.MAX_BYTES", 160_000)
    files = [one async for one in export_files(context, A, MODERATOR, Wish("Briefing"))]
    assert len(files) > 2
    assert max(len(one.content.getvalue()) for one in files) <= 160_000
    parts = [unpacked(one.content.getvalue()) for one in files]
    header, found = read(whole)
    assert [read(part)[0] for part in parts] == [header] * len(parts)
    assert [line for part in parts for line in read(part)[1]] == found
    assert sum(one.rows for one in files) == rows == len(found)
    assert [len(read(part)[1]) for part in parts] == [one.rows for one in files]


def unpacked(data: bytes) -> bytes:
    if not data.startswith(b"PK"):
        return data
    with zipfile.ZipFile(io.BytesIO(data)) as archive:
        return archive.read(archive.namelist()[0])


def read(data: bytes) -> tuple[list[str], list[list[str]]]:
    header, *rows = csv.reader(io.StringIO(data.decode("utf-8-sig"), newline=""))
    return header, rows


async def test_what_is_left_blank_is_counted_also_of_groups_that_came_up_meanwhile(context, monkeypatch):
    await fill_in(context.database)
    before = await exported(context, A, MODERATOR, "Briefing")
    assert (before.blanked_regions, before.blanked_grades) == (1, 1)

    async def nobody(*asked: object) -> dict:
        return {}

    monkeypatch.setattr("db.feedback_export.count_counted_groups", nobody)
    blank = await exported(context, A, MODERATOR, "Briefing")
    _, rows = read(before.content.getvalue())
    assert blank.blanked_regions == 1 + sum(row[1] != "" for row in rows)
    assert blank.blanked_grades == 1 + sum(row[2] != "" for row in rows)


async def test_long_texts_keep_within_what_discord_takes(context, monkeypatch):
    monkeypatch.setattr("bot.services.export_files._BETWEEN_LOOKS", 5_000)
    monkeypatch.setattr("bot.services.export_files.MAX_BYTES", 120_000)
    chance = random.Random(1)
    await fill(context, 60, lambda _: "".join(map(chr, chance.choices(range(0x4E00, 0x9FFF), k=3_000))))
    for kind in ("csv", "json"):
        files = [one async for one in export_files(context, A, MODERATOR, Wish("Briefing", kind))]
        assert sum(one.rows for one in files) == 60
        assert max(len(one.content.getvalue()) for one in files) <= 120_000


async def test_sqlite_puts_together_all_but_what_is_sealed_tagged_or_strange(tmp_path):
    database = await Database.open(f"sqlite+aiosqlite:///{tmp_path / 'own.sqlite3'}")
    await upgrade(database)
    feedback_ids = await fill_in(database)
    await tell_more(database, feedback_ids[:1])
    demands = {"wmt-does-not-measure": "The measuring", "1": "=1"}
    cells = Labels(dict.fromkeys(GROUPS, 100), demands).csv_cells()
    assert database.path is not None
    async with LinePages(database.path, cells, more_to_tell=True) as pages:
        page = await pages.read(A, FeedbackState.NEW, Asked(), after="")
        assert page is not None
        assert await pages.read(A, FeedbackState.NEW, Asked(), after=page.last_id) is None
    await database.close()
    assert page.text.count(b"\xff") == len(page.marked)
    assert {piece.text for piece in page.marked} == {"", "plain", AWKWARD[0]}
    assert page.ready > 80
    assert b',"2025-W05","","New","' in page.text
    assert b""","'=1","New",\"""" in page.text
