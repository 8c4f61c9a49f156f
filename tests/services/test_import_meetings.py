"""Meetings of imported documents: cancelled ones, past ones whose date is corrected, and those that repeat."""

import pytest
from sqlalchemy import select

from bot.domain.bulletins.proposals import Draft, Kind, Proposal, Standing
from bot.domain.bulletins.records import Deed
from bot.domain.problems import BadInput
from bot.services import import_drafts, import_edits, import_undo, imports
from bot.services.context import Context
from bot.services.import_edits import Wish
from db.tables import meetings, native_events, schedules
from tests.conftest import StoppedClock
from tests.services.importing import GUILD, column, draft_of, empty, imported, number_of

__all__ = ["empty"]

LONDON = "Europe/London"
NOTICE = "Branch news\n\nBRANCH MEETING THURSDAY 3rd APRIL 2025 - 12.30PM\n\nAll are welcome.\n"


def both(draft: Draft) -> tuple[Proposal, Proposal]:
    """The meeting, and its reminders."""
    meeting, reminders = draft.proposals
    assert (meeting.kind, reminders.kind) == (Kind.MEETING, Kind.REMINDERS)
    return meeting, reminders


async def states(context: Context) -> list[str]:
    async with context.database.read() as connection:
        rows = await connection.execute(select(meetings.c.state).order_by(meetings.c.state))
        return list(rows.scalars())


async def test_a_meeting_that_an_undo_cancelled_can_be_imported_anew(empty: Context) -> None:
    record = await imported(empty, NOTICE)
    (key,) = await column(empty, meetings, "key")
    event = {"meeting_key": key, "local_date": record.imported_at.date(), "event_id": 9, "deletions": 0}
    async with empty.database.write() as connection:
        await connection.execute(native_events.insert().values(guild_id=GUILD, **event))
    await import_undo.undo(empty, GUILD, record.import_id)
    assert await states(empty) == ["cancelled"]
    draft = await draft_of(empty, NOTICE)
    meeting, reminders = both(draft)
    assert (meeting.standing, meeting.ticked, reminders.ticked) == (Standing.UNSURE, False, False)
    assert any("cancelled" in doubt for doubt in meeting.doubts)
    await import_drafts.tick(empty, GUILD, draft.draft_id, [1, 2], [1, 2])
    assert (await imports.apply(empty, GUILD, draft.draft_id)).record is not None
    assert await states(empty) == ["cancelled", "planned"]
    assert await number_of(empty, schedules) == 1
    other = await draft_of(empty, NOTICE.replace("welcome", "very welcome"))
    assert other.proposals[0].standing is Standing.SAME


async def test_a_cancelled_meeting_keeps_no_other_out_of_its_time(empty: Context) -> None:
    await imported(empty, NOTICE)
    draft = await draft_of(empty, NOTICE.replace("THURSDAY 3rd", "FRIDAY 4th").replace("news", "letter"))
    wish = Wish(when="Thursday 3 April 12.30pm")
    with pytest.raises(BadInput, match="at that time already"):
        await import_edits.edit(empty, GUILD, draft.draft_id, 1, wish, zone=LONDON)
    async with empty.database.write() as connection:
        await connection.execute(meetings.update().values(state="cancelled"))
    changed = await import_edits.edit(empty, GUILD, draft.draft_id, 1, wish, zone=LONDON)
    meeting = both(changed)[0].meeting
    assert meeting is not None
    assert f"{meeting.starts_wall:%d %H:%M}" == "03 12:30"


async def test_a_past_meeting_gets_its_reminders_once_its_date_is_corrected(
    empty: Context, clock: StoppedClock
) -> None:
    clock.forward(days=10)
    draft = await draft_of(empty, NOTICE)
    ids = (empty, GUILD, draft.draft_id, 1)
    assert [one.ticked for one in both(draft)] == [True, False]
    corrected = await import_edits.edit(*ids, Wish(when="Thursday 24 April 12.30pm"), zone=LONDON)
    assert [one.ticked for one in both(corrected)] == [True, True]
    record = (await imports.apply(*ids[:3])).record
    assert record is not None
    ((key, times),) = (await imports.coming_posts(empty, GUILD, record)).items()
    assert [f"{due:%d %H:%M}" for due in times] == ["17 11:30", "23 11:30", "24 10:30", "24 11:30"]
    assert key == record.of(Deed.SCHEDULED)[0].key


async def test_a_meeting_that_repeats_gets_reminders_of_the_days_to_come(
    empty: Context, clock: StoppedClock
) -> None:
    first = await draft_of(empty, NOTICE)
    await import_drafts.tick(empty, GUILD, first.draft_id, [1], [1, 2])
    await imports.apply(empty, GUILD, first.draft_id)
    weekly = {"repeat": "FREQ=WEEKLY", "skipped": ["2025-04-24"]}
    async with empty.database.write() as connection:
        await connection.execute(meetings.update().values(**weekly))
    clock.forward(days=10)
    draft = await draft_of(empty, NOTICE.replace("3rd APRIL", "17th APRIL").replace("news", "letter"))
    meeting, reminders = both(draft)
    assert meeting.known
    assert reminders.ticked
    await import_edits.edit(empty, GUILD, draft.draft_id, 2, Wish(phrase="start"), zone=LONDON)
    record = (await imports.apply(empty, GUILD, draft.draft_id)).record
    assert record is not None
    (times,) = (await imports.coming_posts(empty, GUILD, record)).values()
    assert [f"{due:%d %b}" for due in times][:3] == ["10 Apr", "17 Apr", "01 May"]
