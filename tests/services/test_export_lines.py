"""A large export to CSV: what the database puts together is what the program would have written, to the byte."""

import hashlib
import io

import pytest
from sqlalchemy import insert

from bot.domain.export_rows import Labels
from bot.domain.feedback import FeedbackState
from bot.services.exports import THE_COMMAND_LINE, Wish, export_to
from db import tables
from db.engine import Database
from db.feedback_export import Asked
from db.feedback_lines import LinePages
from db.upgrade import upgrade
from seeds.loader import load_campaign
from seeds.reader import read_campaign
from tests.domain.test_export_rows import FORMULAS, PLAIN
from tests.services.exporting import MODERATOR, A, B, audited, exported

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


async def fill_in(database) -> list[str]:
    """Many kinds of pieces, of another guild, too; the texts of ours."""
    texts = [text for text in AWKWARD if database.is_sqlite or "\0" not in text]
    told = [{"text": text} for text in texts] * 3 + [{"text": "plain", **strange} for strange in STRANGE]
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
        assert (in_one_piece, rows) == (by_moderator.data, by_moderator.rows)
        trace = (rows, hashlib.sha256(in_one_piece).hexdigest())
        assert [(row.rows, row.sha256) for row in await audited(context)].count(trace) >= 2
    whole, rows = await written(context)
    assert rows > 100
    assert b"of others" not in whole
    assert b'"Wales","Probation officer (PO)"' in whole
    assert b"'=HYPERLINK" in whole
    assert (b'and ""more""' in whole, b"waits" in whole, b"a reply" in whole) == (more, False, False)


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
