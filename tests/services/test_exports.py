"""Exports and figures: only what is released, small groups hidden, nothing without a trace, whatever the size."""

import csv
import hashlib
import io
import random

import pytest
from sqlalchemy import insert, update

from bot.domain.problems import BadInput, NotFound
from bot.domain.receipts import new_receipt
from bot.services import exports, feedback, feedback_receipts, moderation_changes, reports
from bot.services.context import Context
from bot.services.rate_limit import SubmissionLimit
from db import tables
from db.feedback import Wanted, fetch_released
from seeds.loader import load_campaign
from seeds.reader import read_campaign
from tests.services.exporting import MODERATOR, A, B, audited, exported, give


@pytest.fixture
def unlimited(context: Context) -> Context:
    context.limit = SubmissionLimit(1_000)
    return context


def read(export: exports.Export) -> list[dict[str, str]]:
    text = export.content.getvalue().decode("utf-8-sig")
    return list(csv.DictReader(io.StringIO(text, newline=""), strict=True))


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
    assert export.sha256 == hashlib.sha256(export.content.getvalue()).hexdigest()
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
        assert secret.encode() not in export.content.getvalue()


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
        await moderation_changes.tag(unlimited, A, MODERATOR, mine[:12], tag)
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
