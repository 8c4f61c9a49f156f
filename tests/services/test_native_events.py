"""Discord's own events follow the meetings: one for each occurrence, whatever fails, and whoever else changes them."""

from datetime import UTC, datetime, timedelta

import pytest
from sqlalchemy import delete, func, select

from bot.domain.models import Meeting
from bot.domain.native_events import DESCRIPTION_LIMIT, LOCATION_LIMIT, EventText
from bot.services import meeting_changes
from bot.services.context import Context
from bot.services.meeting_changes import Edits
from bot.services.meetings import MeetingRequest, schedule_meeting
from bot.services.native_events import Outcome, reconcile
from bot.services.sending import NotSent, Refused, TargetGone
from db.engine import Database
from db.tables import meetings, native_events
from tests.conftest import StoppedClock
from tests.services.calendar_on_paper import CalendarOnPaper

GUILD, OTHER, CHANNEL = 1_001, 1_002, 2
LINK = "https://join.example.org/1"
CALL = MeetingRequest("Branch call", "Thursday 10 April 12.30pm", CHANNEL, link=LINK)
WEEKLY = MeetingRequest("Drop-in", "Thursday 10 April 6pm", CHANNEL, repeat="every week")


@pytest.fixture
def calendar() -> CalendarOnPaper:
    return CalendarOnPaper()


async def schedule(context: Context, request: MeetingRequest = CALL, guild_id: int = GUILD) -> Meeting:
    return (await schedule_meeting(context, guild_id, request)).meeting


def starts(calendar: CalendarOnPaper, guild_id: int = GUILD) -> list[str]:
    """When the events begin, in UTC."""
    return sorted(f"{one.text.starts_at:%m-%d %H:%M}" for one in calendar.shown[guild_id].values())


def only(calendar: CalendarOnPaper) -> EventText:
    (event,) = calendar.shown[GUILD].values()
    return event.text


async def quiet(context: Context, calendar: CalendarOnPaper) -> Outcome:
    """A look that has to find that all is told."""
    calendar.requests.clear()
    outcome = await reconcile(context, calendar, GUILD)
    assert calendar.requests == []
    return outcome


async def rows(database: Database) -> int:
    async with database.read() as connection:
        return (await connection.execute(select(func.count()).select_from(native_events))).scalar_one()


async def test_moved_twice_and_cancelled_is_one_event_at_every_point(
    context: Context, calendar: CalendarOnPaper
) -> None:
    meeting = await schedule(context)
    await reconcile(context, calendar, GUILD)
    assert starts(calendar) == ["04-10 11:30"]
    for to, start in (("Friday 11 April 2pm", "04-11 13:00"), ("30 October 6pm", "10-30 18:00")):
        await meeting_changes.move(context, GUILD, meeting.key, to)
        await reconcile(context, calendar, GUILD)
        assert starts(calendar) == [start]
        await quiet(context, calendar)
    assert calendar.made == 1
    await meeting_changes.cancel(context, GUILD, meeting.key)
    await reconcile(context, calendar, GUILD)
    assert starts(calendar) == []
    assert await rows(context.database) == 0
    assert (await quiet(context, calendar)).meddled == []


async def test_what_it_says_follows_and_the_joining_link_is_never_in_it(
    context: Context, calendar: CalendarOnPaper
) -> None:
    agenda = f"1. Pay. 2. {LINK} is where we meet. " + "x" * 900
    meeting = await schedule(
        context, MeetingRequest("Call", "10 April 6pm", CHANNEL, link=LINK, agenda=agenda)
    )
    calendar.channel = "c" * 100
    await reconcile(context, calendar, GUILD)
    said = only(calendar)
    assert LINK not in f"{said}"
    assert "1. Pay" in said.description
    assert len(said.description) <= DESCRIPTION_LIMIT
    assert len(said.location) <= LOCATION_LIMIT
    calendar.channel = "news"
    await meeting_changes.edit(
        context, GUILD, meeting.key, Edits(title="All-members' call", duration="90 minutes", agenda="none")
    )
    await reconcile(context, calendar, GUILD)
    said = only(calendar)
    assert said.name == "All-members' call"
    assert said.ends_at - said.starts_at == timedelta(minutes=90)
    assert said.location == "Online: press “Get the link” under the post in #news"
    assert "Pay" not in said.description
    await meeting_changes.edit(context, GUILD, meeting.key, Edits(link="none", cap="5"))
    await reconcile(context, calendar, GUILD)
    assert only(calendar).location == "Look at the post in #news"


async def test_of_a_series_the_next_few_at_the_same_time_on_the_clock(
    context: Context, calendar: CalendarOnPaper, clock: StoppedClock
) -> None:
    clock.instant = datetime(2025, 10, 10, 9, tzinfo=UTC)
    meeting = await schedule(
        context, MeetingRequest("Drop-in", "16 October 6pm", CHANNEL, repeat="every week")
    )
    await reconcile(context, calendar, GUILD)
    assert starts(calendar) == ["10-16 17:00", "10-23 17:00", "10-30 18:00", "11-06 18:00"]
    await meeting_changes.skip(context, GUILD, meeting.key, "23 October")
    await meeting_changes.move(context, GUILD, meeting.key, "31 October 7pm", on="30 October")
    await reconcile(context, calendar, GUILD)
    assert starts(calendar) == ["10-16 17:00", "10-31 19:00", "11-06 18:00", "11-13 18:00"]
    assert calendar.made == 5
    clock.forward(days=6, hours=8, minutes=30)
    await reconcile(context, calendar, GUILD)
    assert "10-16 17:00" in starts(calendar), "it is on"
    assert await rows(context.database) == 5 - 1
    calendar.shown[GUILD].pop(1)  # Discord closes it
    clock.forward(hours=3)
    await reconcile(context, calendar, GUILD)
    assert starts(calendar) == ["10-31 19:00", "11-06 18:00", "11-13 18:00", "11-20 18:00"]
    assert await rows(context.database) == 4


@pytest.mark.parametrize("lost", ["before", "after"])
async def test_killed_between_asking_and_storing_there_is_still_one(
    context: Context, calendar: CalendarOnPaper, lost: str
) -> None:
    meeting = await schedule(context)
    getattr(calendar, lost).append(KeyboardInterrupt())
    with pytest.raises(KeyboardInterrupt):
        await reconcile(context, calendar, GUILD)
    assert await rows(context.database) == 1, "written before it was asked for"
    await meeting_changes.move(context, GUILD, meeting.key, "Friday 11 April 2pm")
    assert (await reconcile(context, calendar, GUILD)).meddled == []
    assert starts(calendar) == ["04-11 13:00"]
    await meeting_changes.move(context, GUILD, meeting.key, "Friday 11 April 3pm")
    getattr(calendar, lost).append(KeyboardInterrupt())
    with pytest.raises(KeyboardInterrupt):
        await reconcile(context, calendar, GUILD)
    assert (await reconcile(context, calendar, GUILD)).meddled == [], "nobody but the bot has changed it"
    assert starts(calendar) == ["04-11 14:00"]
    await quiet(context, calendar)
    assert calendar.made == 1


async def test_what_fails_is_tried_again_and_holds_nothing_else_up(
    context: Context, calendar: CalendarOnPaper
) -> None:
    await schedule(context)
    await schedule(context, MeetingRequest("Reps", "11 April 6pm", CHANNEL))
    calendar.visible = False
    assert (await reconcile(context, calendar, GUILD)).again
    calendar.visible = True
    calendar.before.append(Refused("code 50035"))
    assert not (await reconcile(context, calendar, GUILD)).again
    assert starts(calendar) == ["04-11 17:00"]
    calendar.after.append(NotSent("Discord is busy."))
    assert (await reconcile(context, calendar, GUILD)).again
    calendar.before.append(TargetGone("I may not make events there."))
    await meeting_changes.move(context, GUILD, "reps", "12 April 6pm")
    assert not (await reconcile(context, calendar, GUILD)).again
    await reconcile(context, calendar, GUILD)
    assert starts(calendar) == ["04-10 11:30", "04-12 17:00"]
    assert calendar.made == 2


async def test_without_the_permission_nothing_is_asked_and_with_it_all_appears(
    context: Context, calendar: CalendarOnPaper
) -> None:
    calendar.allowed = False
    meeting = await schedule(context)
    await reconcile(context, calendar, GUILD)
    await meeting_changes.move(context, GUILD, meeting.key, "Friday 11 April 2pm")
    await quiet(context, calendar)
    calendar.allowed = True
    await reconcile(context, calendar, GUILD)
    assert starts(calendar) == ["04-11 13:00"]


async def test_a_change_by_hand_is_put_back_and_told_once(
    context: Context, calendar: CalendarOnPaper
) -> None:
    await schedule(context)
    await reconcile(context, calendar, GUILD)
    moved = datetime(2025, 4, 12, 9, tzinfo=UTC)
    calendar.by_hand(GUILD, 1, starts_at=moved, ends_at=moved + timedelta(hours=1), name="Cancelled!")
    (one,) = (await reconcile(context, calendar, GUILD)).meddled
    assert one.said is not None
    assert (one.said.starts_at, one.said.name) == (moved, "Cancelled!")
    assert (only(calendar).name, starts(calendar)) == ("Branch call", ["04-10 11:30"])
    assert (await quiet(context, calendar)).meddled == []
    calendar.by_hand(GUILD, 1, description="Come to the pub instead.")
    assert len((await reconcile(context, calendar, GUILD)).meddled) == 1
    assert "Reference" in only(calendar).description
    calendar.by_hand(GUILD, 1, description=only(calendar).description + "  \n")
    assert (await quiet(context, calendar)).meddled == [], "only the spacing differs"


async def test_deleted_by_hand_it_is_made_anew_once(context: Context, calendar: CalendarOnPaper) -> None:
    meeting = await schedule(context)
    await reconcile(context, calendar, GUILD)
    calendar.shown[GUILD].clear()
    (one,) = (await reconcile(context, calendar, GUILD)).meddled
    assert (one.said, one.left) == (None, False)
    assert starts(calendar) == ["04-10 11:30"]
    calendar.shown[GUILD].clear()
    (one,) = (await reconcile(context, calendar, GUILD)).meddled
    assert one.left
    await meeting_changes.move(context, GUILD, meeting.key, "Friday 11 April 2pm")
    assert (await quiet(context, calendar)).meddled == []
    assert starts(calendar) == []


async def test_what_stands_there_twice_or_for_nothing_is_taken_away(
    context: Context, calendar: CalendarOnPaper
) -> None:
    meeting = await schedule(context)
    await reconcile(context, calendar, GUILD)
    calendar.put(GUILD, only(calendar))
    calendar.put(GUILD, EventText("Quiz", "Bring a pen.", "Pub", meeting.starts_at, meeting.ends_at))
    await reconcile(context, calendar, GUILD)
    assert sorted(calendar.shown[GUILD]) == [1, 3], "not the bot's to delete"
    async with context.database.write() as connection:
        await connection.execute(delete(meetings).where(meetings.c.key == meeting.key))
    await reconcile(context, calendar, GUILD)
    assert sorted(calendar.shown[GUILD]) == [3]


async def test_moved_while_it_is_on_it_begins_anew(
    context: Context, calendar: CalendarOnPaper, clock: StoppedClock
) -> None:
    meeting = await schedule(context)
    await reconcile(context, calendar, GUILD)
    clock.instant = meeting.starts_at + timedelta(minutes=5)
    await quiet(context, calendar)
    ((number, event),) = calendar.shown[GUILD].items()
    calendar.shown[GUILD][number] = type(event)(number, event.text, is_running=True)
    await meeting_changes.move(context, GUILD, meeting.key, "11 April 2pm")
    calendar.after.append(KeyboardInterrupt())
    with pytest.raises(KeyboardInterrupt):
        await reconcile(context, calendar, GUILD)
    assert (await reconcile(context, calendar, GUILD)).meddled == []
    assert starts(calendar) == ["04-11 13:00"]


async def test_each_guild_has_its_own(context: Context, calendar: CalendarOnPaper) -> None:
    meeting = await schedule(context)
    await schedule(context, WEEKLY, OTHER)
    for guild_id in (GUILD, OTHER):
        await reconcile(context, calendar, guild_id)
    assert (starts(calendar), len(starts(calendar, OTHER))) == (["04-10 11:30"], 4)
    await meeting_changes.cancel(context, GUILD, meeting.key)
    calendar.shown[OTHER].clear()
    assert (await reconcile(context, calendar, GUILD)).meddled == []
    assert (starts(calendar), starts(calendar, OTHER)) == ([], [])
