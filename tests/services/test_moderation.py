"""An export: only what is released, small groups hidden, nothing without a trace."""

import csv
import hashlib
import io

import pytest
from sqlalchemy import select

from bot.domain.problems import BadInput, TooMany
from bot.services import feedback, moderation
from bot.services.context import Context
from db.feedback import fetch_released
from db.tables import audit

A, B = 1_001, 1_002
MODERATOR = 900_719_925_474_099


@pytest.fixture
def unlimited(context: Context) -> Context:
    context.limit.most = 1_000
    return context


async def give(
    context: Context, *texts: str, guild_id: int = A, topic: str = "other", **options: str
) -> None:
    for text in texts:
        await feedback.give(context, guild_id, 1, topic, text, **options)


def read(export: moderation.Export) -> list[dict[str, str]]:
    text = export.data.decode("utf-8-sig")
    return list(csv.DictReader(io.StringIO(text, newline=""), strict=True))


async def audited(context: Context) -> list:
    async with context.database.read() as connection:
        return list((await connection.execute(select(audit))).all())


async def test_an_export_and_its_trace(unlimited):
    await give(unlimited, "Zero", "=1+1", 'with "quotes"\nand lines')
    await feedback.release_batches(unlimited)
    await give(unlimited, "still waiting")
    export = await moderation.export_csv(unlimited, A, MODERATOR, "  Briefing\nfor Thursday ")
    assert {row["Text"] for row in read(export)} == {"Zero", "'=1+1", 'with "quotes"\nand lines'}
    assert {row["State"] for row in read(export)} == {"New"}
    assert list(read(export)[0]) == ["Topic", "Region", "Grade", "Week", "Text", "State"]
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
        (entry,) = await fetch_released(connection, A, moderation.Wanted())
    export = await moderation.export_csv(unlimited, A, MODERATOR, "Briefing")
    for secret in (entry.feedback_id, str(A), str(MODERATOR)):
        assert secret.encode() not in export.data


async def test_the_order_is_not_that_of_arrival(unlimited):
    texts = [f"{number:02}" for number in range(30)]
    await give(unlimited, *texts)
    await feedback.release_batches(unlimited)
    export = await moderation.export_csv(unlimited, A, MODERATOR, "Briefing")
    shown = [row["Text"] for row in read(export)]
    assert sorted(shown) == texts
    assert shown != texts


async def test_another_guild_is_never_in_it(unlimited):
    await give(unlimited, "Ours")
    await give(unlimited, "Theirs", guild_id=B)
    await feedback.release_batches(unlimited)
    export = await moderation.export_csv(unlimited, A, MODERATOR, "Briefing")
    assert [row["Text"] for row in read(export)] == ["Ours"]
    assert [row.guild_id for row in await audited(unlimited)] == [A]


async def test_groups_of_another_guild_do_not_make_ours_large(unlimited):
    await give(unlimited, *"1234", region="wales")
    await give(unlimited, *"12345", guild_id=B, region="wales")
    await feedback.release_batches(unlimited)
    export = await moderation.export_csv(unlimited, A, MODERATOR, "Briefing")
    assert {row["Region"] for row in read(export)} == {""}
    assert export.blanked_regions == 4


async def test_filters_and_groups_that_are_counted_over_all(unlimited, clock):
    await give(unlimited, *"123", topic="meeting", region="wales")
    clock.forward(weeks=1)
    await give(unlimited, *"45", region="wales")
    await give(unlimited, "6", region="london", grade="po")
    await feedback.release_batches(unlimited)
    export = await moderation.export_csv(unlimited, A, MODERATOR, "Briefing", topic="meeting")
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
        export = await moderation.export_csv(unlimited, A, MODERATOR, "Briefing", since=since, until=until)
        assert "".join(sorted(row["Text"] for row in read(export))) == texts
    export = await moderation.export_csv(unlimited, A, MODERATOR, "Briefing", since="2025-W15")
    assert (export.blanked_regions, export.blanked_grades) == (1, 1)
    export = await moderation.export_csv(unlimited, A, MODERATOR, "Briefing", state="new")
    assert export.rows == 6


async def test_what_waits_is_neither_exported_nor_counted(unlimited):
    await give(unlimited, *"1234", region="wales")
    await feedback.release_batches(unlimited)
    await give(unlimited, "5", region="wales")
    export = await moderation.export_csv(unlimited, A, MODERATOR, "Briefing")
    assert (export.rows, export.blanked_regions) == (4, 4)


async def test_an_empty_export_leaves_a_trace_too(unlimited):
    export = await moderation.export_csv(unlimited, A, MODERATOR, "Briefing")
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
    ],
)
async def test_what_cannot_be_done_leaves_nothing(unlimited, asked):
    with pytest.raises(BadInput):
        await moderation.export_csv(unlimited, A, MODERATOR, **{"purpose": "Briefing", **asked})
    assert await audited(unlimited) == []


async def test_a_file_that_is_too_large_is_not_made(unlimited, monkeypatch):
    await give(unlimited, "x" * 4_000)
    await feedback.release_batches(unlimited)
    monkeypatch.setattr(moderation, "MAX_BYTES", 4_000)
    with pytest.raises(TooMany) as caught:
        await moderation.export_csv(unlimited, A, MODERATOR, "Briefing")
    assert "since and until" in caught.value.next_step
    assert await audited(unlimited) == []


async def test_nothing_is_exported_when_the_trace_cannot_be_written(unlimited, monkeypatch):
    async def fail(*arguments, **options):
        raise RuntimeError

    monkeypatch.setattr(moderation, "insert_audit", fail)
    with pytest.raises(RuntimeError):
        await moderation.export_csv(unlimited, A, MODERATOR, "Briefing")
    assert await audited(unlimited) == []


async def test_the_file_is_not_in_the_representation(unlimited):
    await give(unlimited, "canary")
    await feedback.release_batches(unlimited)
    assert "canary" not in repr(await moderation.export_csv(unlimited, A, MODERATOR, "Briefing"))
