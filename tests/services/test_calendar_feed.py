"""The calendar to which phones subscribe, over real sockets: what it shows, to whom, and what it answers to the rest."""

import asyncio
import logging
from collections.abc import AsyncIterator
from dataclasses import dataclass
from datetime import UTC, date, datetime, timedelta
from email.utils import format_datetime, parsedate_to_datetime
from ipaddress import ip_address
from types import SimpleNamespace

import pytest
from ical.calendar import Calendar
from ical.calendar_stream import IcsCalendarStream

import bot.web
from bot.config import Settings
from bot.config.sections import FeedSettings
from bot.domain.attendance import Answer
from bot.domain.diary import CALENDAR_NAME
from bot.domain.language import WELSH, say, speaking
from bot.domain.problems import BadInput, NotFound
from bot.feed import REQUESTS_PER_MINUTE, FeedServer
from bot.services import calendar_feed, languages, meeting_answers, meeting_changes
from bot.services.calendar_feed import FeedAddress
from bot.services.context import Context
from bot.services.meetings import MeetingRequest, schedule_meeting, upcoming
from tests.conftest import StoppedClock

GUILD, OTHER_GUILD, CHANNEL, ADMINISTRATOR, ANA = 771_001_771, 771_002_771, 2, 9_000, 9_001
LINK = "https://meet.example/secret-room"
CALL = MeetingRequest("Branch call", "Thursday 10 April 12.30pm", CHANNEL, link=LINK, agenda=f"Pay. {LINK}")
WEEKLY = MeetingRequest("Drop-in", "Thursday 10 April 6pm", CHANNEL, repeat="every week")


@dataclass(frozen=True)
class Reply:
    status: int
    headers: dict[str, str]
    body: bytes

    @property
    def calendar(self) -> Calendar:
        return IcsCalendarStream.calendar_from_ics(self.body.decode())


async def ask(server: FeedServer, target: str, method: str = "GET", **headers: str) -> Reply:
    """One request over a connection of its own, and all that comes back."""
    assert server.port is not None
    reader, writer = await asyncio.open_connection("127.0.0.1", server.port)
    lines = [f"{method} {target} HTTP/1.1", "Host: feed.example", "Connection: close"]
    lines += [f"{name.replace('_', '-')}: {value}" for name, value in headers.items()]
    writer.write("\r\n".join([*lines, "", ""]).encode())
    head, _, body = (await reader.read()).partition(b"\r\n\r\n")
    writer.close()
    await writer.wait_closed()
    first, *rest = head.decode().split("\r\n")
    pairs = (line.partition(": ")[::2] for line in rest)
    return Reply(int(first.split()[1]), {name.lower(): value for name, value in pairs}, body)


def path_of(address: FeedAddress) -> str:
    return address.web.removeprefix("https://feed.example")


@pytest.fixture
def settings(settings: Settings) -> Settings:
    """On a free port of the loopback interface, which only a test may leave to the system."""
    feed = FeedSettings.model_construct(listen="127.0.0.1:0", public_url="https://feed.example")
    return settings.model_copy(update={"feed": feed})


@pytest.fixture
async def server(context: Context) -> AsyncIterator[FeedServer]:
    running = FeedServer()
    await running.start(context)
    yield running
    await running.stop()


async def turn_on(context: Context, guild_id: int = GUILD) -> str:
    return path_of(await calendar_feed.turn_on(context, guild_id, ADMINISTRATOR))


async def test_the_calendar_is_in_the_language_of_the_server(context: Context, server: FeedServer) -> None:
    await schedule_meeting(context, GUILD, CALL)
    path = await turn_on(context)
    first = await ask(server, path)
    await languages.choose_for_guild(context, GUILD, WELSH)
    second = await ask(server, path, if_none_match=first.headers["etag"])
    with speaking(languages.catalogue(WELSH)):
        name = say(CALENDAR_NAME)
    assert f"NAME:{CALENDAR_NAME}".encode() in first.body
    assert second.status == 200, "it says something else now"
    assert f"NAME:{name}".encode() in second.body
    assert name != CALENDAR_NAME


async def test_a_phone_gets_the_calendar_and_then_only_what_changed(
    context: Context, server: FeedServer, clock: StoppedClock
) -> None:
    await schedule_meeting(context, GUILD, CALL)
    path = await turn_on(context)
    first = await ask(server, path)
    assert first.status == 200
    assert first.headers["content-type"] == "text/calendar; charset=utf-8"
    assert first.headers["cache-control"].startswith("private")
    assert [event.summary for event in first.calendar.events] == ["Branch call"]
    tag, changed = first.headers["etag"], first.headers["last-modified"]

    head = await ask(server, path, "HEAD")
    assert (head.status, head.body) == (200, b"")
    assert int(head.headers["content-length"]) == len(first.body)

    clock.forward(hours=1)
    for known in ({"If_None_Match": tag}, {"If_None_Match": f'"x", {tag}'}, {"If_Modified_Since": changed}):
        again = await ask(server, path, **known)
        assert (again.status, again.body) == (304, b"")
        assert again.headers["etag"] == tag
    before = format_datetime(parsedate_to_datetime(changed) - timedelta(seconds=1), usegmt=True)
    assert (await ask(server, path, If_Modified_Since=before)).status == 200
    # What it does not show is no change; a program that is started anew knows the calendar by its tag, too.
    await meeting_changes.edit(
        context, GUILD, "Branch call", meeting_changes.Edits(link="https://meet.example/2", agenda="Pay.")
    )
    renamed = await ask(server, path, If_None_Match=tag, If_Modified_Since=changed)
    assert renamed.status == 200
    assert renamed.headers["etag"] != tag
    assert parsedate_to_datetime(renamed.headers["last-modified"]) > parsedate_to_datetime(changed)
    anew = FeedServer()
    await anew.start(context)
    clock.forward(hours=1)
    assert (await ask(anew, path, If_None_Match=renamed.headers["etag"])).status == 304
    await anew.stop()


async def test_each_meeting_is_shown_once_whatever_became_of_it(
    context: Context, server: FeedServer, clock: StoppedClock
) -> None:
    await schedule_meeting(context, GUILD, CALL)
    await schedule_meeting(context, GUILD, WEEKLY)
    await schedule_meeting(context, GUILD, MeetingRequest("Old call", "Tuesday 1 April 9am", CHANNEL))
    path = await turn_on(context)
    uids: set[str] = set()
    for change in (
        meeting_changes.move(context, GUILD, "Branch call", "Friday 11 April 9am"),
        meeting_changes.move(context, GUILD, "Branch call", "Friday 11 April 10am"),
        meeting_changes.skip(context, GUILD, "Drop-in", "17 April"),
        meeting_changes.move(context, GUILD, "Drop-in", "Friday 25 April 7pm", "24 April"),
        meeting_changes.cancel(context, GUILD, "Branch call"),
    ):
        await change
        reply = await ask(server, path)
        uids |= {str(event.uid) for event in reply.calendar.events}
        assert len(uids) == 3
    shown = {
        (event.summary, event.start_datetime)
        for event in reply.calendar.timeline.included(
            datetime(2025, 4, 2, tzinfo=UTC), datetime(2025, 5, 4, tzinfo=UTC)
        )
    }
    assert shown == {
        ("Cancelled: Branch call", datetime(2025, 4, 11, 9, tzinfo=UTC)),
        ("Drop-in", datetime(2025, 4, 10, 17, tzinfo=UTC)),
        ("Drop-in", datetime(2025, 4, 25, 18, tzinfo=UTC)),
        ("Drop-in", datetime(2025, 5, 1, 17, tzinfo=UTC)),
    }
    clock.forward(days=35)
    later = await ask(server, path)
    assert {event.summary for event in later.calendar.events} == {"Cancelled: Branch call", "Drop-in"}


async def test_nothing_in_it_leads_to_a_person_a_link_or_the_server(
    context: Context, server: FeedServer
) -> None:
    await schedule_meeting(context, GUILD, CALL)
    (meeting,) = await upcoming(context, GUILD)
    await meeting_answers.give(context, GUILD, ANA, meeting.key, meeting.day, Answer.COMING)
    path = await turn_on(context)
    reply = await ask(server, path)
    unfolded = reply.body.replace(b"\r\n ", b"")
    for secret in (
        b"secret-room",
        str(GUILD).encode(),
        str(ANA).encode(),
        str(CHANNEL).encode() + b" coming",
    ):
        assert secret not in unfolded
    assert b"Pay." in unfolded
    assert str(GUILD) not in path
    assert str(GUILD) not in str(reply.headers)


async def test_without_its_secret_there_is_nothing(context: Context, server: FeedServer) -> None:
    await schedule_meeting(context, GUILD, CALL)
    path = await turn_on(context)
    assert (await ask(server, path)).status == 200
    secret = path.removeprefix("/calendar/").removesuffix(".ics")
    wrong = secret[:-1] + ("0" if secret[-1] != "0" else "1")
    attempts = [
        ("GET", f"/calendar/{wrong}.ics"),
        ("GET", f"/calendar/{secret[:-1]}.ics"),
        ("GET", f"/calendar/{secret.upper()}.ics" if secret.upper() != secret else "/x"),
        ("GET", f"/calendar/{secret}"),
        ("GET", f"/calendar/{secret}.ics/"),
        ("GET", f"//calendar/{secret}.ics"),
        ("GET", f"/calendar/{GUILD}.ics"),
        ("GET", "/"),
        ("GET", "/robots.txt"),
        ("HEAD", "/calendar/.ics"),
        ("POST", path),
        ("PUT", path),
        ("OPTIONS", "*"),
    ]
    answers = [await ask(server, target, method) for method, target in attempts]
    plain = [(one.status, one.body, {**one.headers, "date": "", "content-length": "0"}) for one in answers]
    assert [one for one in plain if one != plain[0]] == []
    assert plain[0][:2] == (404, b"")
    assert "etag" not in plain[0][2]


async def test_a_new_address_ends_the_old_one_and_guilds_are_apart(
    context: Context, server: FeedServer
) -> None:
    await schedule_meeting(context, GUILD, CALL)
    await schedule_meeting(context, OTHER_GUILD, WEEKLY)
    first, other = await turn_on(context), await turn_on(context, OTHER_GUILD)
    assert await turn_on(context) == first
    second = path_of(await calendar_feed.give_new_address(context, GUILD, ADMINISTRATOR))
    assert [(await ask(server, path)).status for path in (first, second)] == [404, 200]
    assert [event.summary for event in (await ask(server, second)).calendar.events] == ["Branch call"]
    assert [event.summary for event in (await ask(server, other)).calendar.events] == ["Drop-in"]
    await calendar_feed.turn_off(context, GUILD, ADMINISTRATOR)
    assert [(await ask(server, path)).status for path in (first, second, other)] == [404, 404, 200]
    with pytest.raises(NotFound):
        await calendar_feed.address(context, GUILD)
    third = await turn_on(context)
    assert len({first, second, third, other}) == 4
    assert context.keys.feed_secret(GUILD, 1) != context.keys.feed_secret(OTHER_GUILD, 1)
    assert [(await ask(server, path)).status for path in (first, second, third)] == [404, 404, 200]


async def test_who_asks_too_often_has_to_wait_and_others_do_not(
    context: Context, server: FeedServer, clock: StoppedClock
) -> None:
    path = await turn_on(context)
    assert server._limit.most == REQUESTS_PER_MINUTE
    server._limit.most = 5  # so that the test need not ask 120 times
    mine = {"X_Forwarded_For": "198.51.100.7"}
    assert [(await ask(server, path, **mine)).status for _ in range(5)] == [200] * 5
    refused = await ask(server, path, **mine)
    assert (refused.status, refused.body) == (429, b"")
    # Only what the web server in front adds counts: what a caller claims stands before it.
    assert (await ask(server, path, X_Forwarded_For="203.0.113.1, 198.51.100.7")).status == 429
    assert (await ask(server, path, X_Forwarded_For="198.51.100.8")).status == 200
    # An address of IPv6 is one of many that its household has.
    for last in range(5):
        await ask(server, "/", X_Forwarded_For=f"2001:db8:1:2::{last:x}")
    assert (await ask(server, path, X_Forwarded_For="2001:db8:1:2:ffff::1")).status == 429
    assert (await ask(server, path, X_Forwarded_For="2001:db8:1:3::1")).status == 200
    clock.forward(minutes=1)
    assert (await ask(server, path, **mine)).status == 200


@pytest.mark.parametrize(
    ("other_end", "named", "caller"),
    [
        ("9.9.9.9", "198.51.100.7", "9.9.9.9"),
        ("127.0.0.1", "203.0.113.1, 198.51.100.7", "198.51.100.7"),
        ("10.0.0.2", "198.51.100.7", "198.51.100.7"),
        ("10.0.0.2", "not an address", "10.0.0.2"),
    ],
)
def test_only_a_web_server_on_this_network_may_name_the_caller(
    other_end: str, named: str, caller: str
) -> None:
    request = SimpleNamespace(remote=other_end, headers={"X-Forwarded-For": named})
    assert bot.feed._caller(request) == int(ip_address(caller))


async def test_the_log_says_nothing_of_who_asked_for_what(
    context: Context, server: FeedServer, caplog: pytest.LogCaptureFixture, monkeypatch: pytest.MonkeyPatch
) -> None:
    caplog.set_level(logging.DEBUG)
    path = await turn_on(context)
    await ask(server, path, X_Forwarded_For="198.51.100.7")
    await ask(server, "/calendar/0123.ics")
    assert (await ask(server, path, "G\x01T")).status == 400
    assert (await ask(server, "/" + "a" * 10_000)).status == 400
    monkeypatch.setattr(context.keys, "feed_secret", lambda *_: 1 / 0)
    broken = await ask(server, path)
    assert (broken.status, broken.body) == (503, b"")
    assert "could not be read" in caplog.text
    for secret in (path.split("/")[2][:40], "198.51.100.7", "127.0.0.1"):
        assert secret not in caplog.text


async def test_callers_who_dawdle_or_crowd_in_are_sent_away(
    context: Context, server: FeedServer, monkeypatch: pytest.MonkeyPatch
) -> None:
    path = await turn_on(context)
    assert server.port is not None
    reader, writer = await asyncio.open_connection("127.0.0.1", server.port)
    writer.write(b"GET /calendar/")
    await writer.drain()
    assert (await ask(server, path)).status == 200
    monkeypatch.setattr(bot.web, "MOST_CONNECTIONS", 1)
    crowding, other = await asyncio.open_connection("127.0.0.1", server.port)
    assert await crowding.read() == b""
    other.close()
    for _ in range(2):  # two looks: the first only notes it
        assert not reader.at_eof()
        server._end_old_connections()
    assert await reader.read() == b""
    writer.close()
    assert (await ask(server, path)).status == 200


async def test_a_configuration_that_switches_it_off_is_said_with_the_way_on(
    context: Context, settings: Settings
) -> None:
    path = await turn_on(context)
    context.settings = settings.model_copy(update={"feed": FeedSettings()})
    unheard = FeedServer()
    await unheard.start(context)
    assert unheard.port is None
    for ask_for in (calendar_feed.turn_on, calendar_feed.give_new_address):
        with pytest.raises(BadInput) as refused:
            await ask_for(context, GUILD, ADMINISTRATOR)
        assert "`listen`" in refused.value.next_step
    with pytest.raises(NotFound):
        await calendar_feed.address(context, GUILD)
    assert not await calendar_feed.is_offered(context, GUILD)
    assert path
    await calendar_feed.turn_off(context, GUILD, ADMINISTRATOR)


async def test_a_file_holds_the_whole_series_or_one_day_of_it(context: Context) -> None:
    await schedule_meeting(context, GUILD, WEEKLY)
    await meeting_changes.skip(context, GUILD, "Drop-in", "17 April")
    whole = await calendar_feed.diary_file(context, GUILD, "Drop-in")
    assert (whole.is_series, whole.can_be_one_day) == (True, True)
    assert b"RRULE" in whole.content
    assert b"EXDATE" in whole.content
    one = await calendar_feed.diary_file(context, GUILD, "Drop-in", date(2025, 4, 24))
    assert one.meeting.starts_at == datetime(2025, 4, 24, 17, tzinfo=UTC)
    (event,) = IcsCalendarStream.calendar_from_ics(one.content.decode()).events
    assert event.start_datetime == one.meeting.starts_at
    with pytest.raises(NotFound):
        await calendar_feed.diary_file(context, GUILD, "Drop-in", date(2025, 4, 17))
