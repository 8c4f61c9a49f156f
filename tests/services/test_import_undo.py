"""Imports are all or nothing, once, and can be undone."""

import asyncio
from datetime import date
from typing import Any

import pytest
from sqlalchemy import select, text
from sqlalchemy.exc import DBAPIError

from bot.domain.models import DemandStatus
from bot.domain.problems import NotFound
from bot.services import import_undo, imports
from bot.services.context import Context
from db import schedules as schedule_queries
from db.tables import (
    actions,
    deliveries,
    demand_responses,
    demands,
    meeting_counts,
    meetings,
    native_events,
    participation,
    schedules,
)
from db.tables import (
    imports as imports_table,
)
from tests.conftest import StoppedClock
from tests.services.bulletins import SECOND
from tests.services.importing import (
    GUILD,
    column,
    draft_of,
    empty,
    imported,
    number_of,
    seeded,
    stored,
)

__all__ = ["empty", "seeded"]


async def test_undoing_leaves_everything_as_it_was(seeded: Context) -> None:
    before = await stored(seeded)
    record = await imported(seeded, SECOND)
    assert await stored(seeded) != before
    undone = await import_undo.undo(seeded, GUILD, record.import_id)
    assert undone.kept == []
    assert await stored(seeded) == before
    assert (await import_undo.undo(seeded, GUILD, record.import_id)).already
    again = await imported(seeded, SECOND)
    assert len(again.changes) == len(record.changes)


async def test_undoing_an_import_into_an_empty_campaign_empties_it(empty: Context) -> None:
    record = await imported(empty, SECOND)
    assert await number_of(empty, deliveries) > 0
    undone = await import_undo.undo(empty, GUILD, record.import_id)
    assert len(undone.removed) == len(record.changes)
    assert not any((await stored(empty)).values())


async def test_undoing_keeps_what_was_changed_or_used_since_and_names_it(empty: Context) -> None:
    record = await imported(empty, SECOND)
    answered, reworded = (await column(empty, demands, "key"))[:2]
    async with empty.database.write() as connection:
        await connection.execute(
            demands.update().where(demands.c.key == reworded).values(summary="In plain words")
        )
        await connection.execute(
            demand_responses.insert().values(
                guild_id=GUILD,
                response_id="1",
                demand_key=answered,
                on=empty.now().date(),
                status=DemandStatus.REFUSED.value,
                text="No.",
                source="A letter",
                recorded_at=empty.now(),
            )
        )
        nudge = (await connection.execute(select(schedules).where(schedules.c.action_key.is_not(None)))).one()
        posted = (
            select(deliveries.c.delivery_id).where(deliveries.c.schedule_id == nudge.schedule_id).limit(1)
        )
        await connection.execute(
            deliveries.update()
            .where(deliveries.c.delivery_id == posted.scalar_subquery())
            .values(state="sent")
        )
    undone = await import_undo.undo(empty, GUILD, record.import_id)
    reasons = dict(undone.kept)
    assert len(reasons) == 4
    assert await column(empty, demands, "key") == [answered, reworded]
    assert "changed since" in reasons["Sight of the bid that HMPPS makes to the Spending Review"]
    assert await number_of(empty, demand_responses) == 1
    (nudge_reason,) = [why for name, why in undone.kept if name.startswith("Nudge")]
    assert "posted already" in nudge_reason
    async with empty.database.read() as connection:
        rows = await connection.execute(select(deliveries.c.state).distinct().order_by(deliveries.c.state))
        assert list(rows.scalars()) == ["sent", "skipped"]
    assert await number_of(empty, meetings) == 0


async def test_undoing_keeps_what_only_organisers_set_and_numbers_of_those_who_came(
    empty: Context, clock: StoppedClock
) -> None:
    clock.forward(days=10)
    record = await imported(empty, SECOND)
    retired, pictured, taken_part, counted = (
        *(await column(empty, demands, "key"))[:1],
        *(await column(empty, actions, "key"))[:2],
        *await column(empty, meetings, "key"),
    )
    week = {"guild_id": GUILD, "iso_week": "2025-W15", "members": 7}
    came = {"guild_id": GUILD, "local_date": empty.now().date(), "coming": 9, "maybe": 1, "not_coming": 2}
    async with empty.database.write() as connection:
        for change in (
            demands.update().where(demands.c.key == retired).values(retired_on=empty.now().date()),
            actions.update()
            .where(actions.c.key == pictured)
            .values(picture_url="https://example.org/scarf.png"),
            participation.insert().values(action_key=taken_part, **week),
            meeting_counts.insert().values(meeting_key=counted, **came),
        ):
            await connection.execute(change)
    undone = await import_undo.undo(empty, GUILD, record.import_id)
    titles = {change.key: change.title for change in record.changes}
    assert dict(undone.kept) == {
        titles[retired]: import_undo.CHANGED,
        titles[pictured]: import_undo.CHANGED,
        titles[taken_part]: import_undo.USED,
        titles[counted]: import_undo.USED,
    }
    assert [await number_of(empty, table) for table in (demands, actions, meetings, meeting_counts)] == [
        1,
        2,
        1,
        1,
    ]


async def test_a_meeting_in_discords_calendar_is_cancelled_there_and_in_every_phone(empty: Context) -> None:
    record = await imported(empty, SECOND)
    (key,) = await column(empty, meetings, "key")
    async with empty.database.write() as connection:
        await connection.execute(
            native_events.insert().values(
                guild_id=GUILD, meeting_key=key, local_date=date(2025, 4, 3), event_id=9, deletions=0
            )
        )
    undone = await import_undo.undo(empty, GUILD, record.import_id)
    assert [why for _, why in undone.kept] == [import_undo.IN_DIARIES]
    assert await column(empty, meetings, "state") == ["cancelled"]
    assert await column(empty, meetings, "sequence") == [1]


async def test_a_statement_that_fails_in_the_middle_leaves_nothing_behind(
    seeded: Context, monkeypatch: pytest.MonkeyPatch
) -> None:
    draft = await draft_of(seeded, SECOND)
    before = await stored(seeded)
    insert_schedule = schedule_queries.insert_schedule

    async def failing(connection: Any, schedule: Any) -> None:
        await insert_schedule(connection, schedule)
        await connection.execute(text("INSERT INTO schedules (schedule_id) VALUES ('incomplete')"))

    with monkeypatch.context() as patched:
        patched.setattr(schedule_queries, "insert_schedule", failing)
        with pytest.raises(DBAPIError):
            await imports.apply(seeded, GUILD, draft.draft_id)
    assert await stored(seeded) == before
    assert await number_of(seeded, imports_table) == 0
    applied = await imports.apply(seeded, GUILD, draft.draft_id)
    assert applied.record is not None
    assert await number_of(seeded, schedules) == 2


async def test_a_second_press_and_a_second_organiser_change_nothing_more(empty: Context) -> None:
    one, other = await draft_of(empty, SECOND), await draft_of(empty, SECOND)
    both = await asyncio.gather(
        *(imports.apply(empty, GUILD, draft.draft_id) for draft in (one, other, one, other)),
        return_exceptions=True,
    )
    applied = [result for result in both if isinstance(result, imports.Applied)]
    assert all(isinstance(result, imports.Applied | NotFound) for result in both), both
    assert [result.already for result in applied].count(False) == 1
    assert await number_of(empty, demands) == 12
    assert await number_of(empty, imports_table) == 1
    assert (await imports.apply(empty, GUILD, applied[0].record.import_id)).already  # type: ignore[union-attr]
