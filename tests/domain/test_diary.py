"""Meetings as calendar entries, read back by two programs that had no part in writing them.

`ical` reads whole files as a phone would, with repetition, days left out and days moved. `dateutil` reads the time zone
from the file itself, which `ical` takes from its own list.
"""

import re
from dataclasses import replace
from datetime import UTC, date, datetime, timedelta
from io import StringIO
from urllib.parse import parse_qs, parse_qsl, urlsplit
from zoneinfo import ZoneInfo

import pytest
from dateutil.tz import tzical
from ical.calendar import Calendar
from ical.calendar_stream import IcsCalendarStream
from ical.event import Event

from bot.domain.diary import DiaryEntry, feed_of, file_of
from bot.domain.diary_links import LONGEST_ADDRESS, web_diaries
from bot.domain.diary_zone import timezone_of
from bot.domain.meeting_days import recurrence_of
from bot.domain.models import Meeting, MeetingState
from bot.domain.recurrence import occurrences
from bot.domain.when import resolve

NOW = datetime(2026, 1, 1, 12, tzinfo=UTC)
LINK = "https://meet.example/secret-room"


def a_meeting(starts: datetime, zone: str = "Europe/London", **others: object) -> Meeting:
    meeting = Meeting(
        key="call",
        title="All-members' call",
        summary="Pay; workloads, and what next",
        starts_wall=starts,
        zone=zone,
        starts_at=resolve(starts, zone).astimezone(UTC),
        duration=timedelta(minutes=90),
        source="test",
        link=LINK,
    )
    return replace(meeting, **others)


def written(meeting: Meeting, day: date | None = None) -> bytes:
    return file_of(DiaryEntry("uid@example.invalid", meeting), now=NOW, day=day)


def read(content: bytes) -> Calendar:
    return IcsCalendarStream.calendar_from_ics(content.decode())


def shown(content: bytes, until: datetime) -> list[tuple[datetime, datetime]]:
    """When a phone shows the meeting from and to, by the file, in UTC."""
    found: list[tuple[datetime, datetime]] = []
    for event in read(content).timeline:
        if event.start_datetime > until:
            break
        found.append((event.start_datetime.astimezone(UTC), event.end_datetime.astimezone(UTC)))
    return found


def the_event(content: bytes) -> Event:
    (event,) = read(content).events
    return event


def test_a_meeting_is_read_back_as_it_was_meant():
    title = "Call; “strike, or not?” ✊ " + "with a title that has to be folded " * 2
    meeting = a_meeting(
        datetime(2026, 7, 2, 12, 30),
        title=title.strip(),
        summary="One, two; three\\four\n\nBEGIN:VEVENT",
        sequence=4,
    )
    content = written(meeting)
    event = the_event(content)
    assert event.uid == "uid@example.invalid"
    assert event.summary == title.strip()
    assert event.description is not None
    assert event.description.startswith("One, two; three\\four\n\nBEGIN:VEVENT\n\nTo join")
    assert event.dtstart == datetime(2026, 7, 2, 12, 30, tzinfo=ZoneInfo("Europe/London"))
    assert event.end_datetime - event.start_datetime == timedelta(minutes=90)
    assert (event.sequence, event.status, event.classification) == (4, "CONFIRMED", "PRIVATE")
    assert [alarm.trigger for alarm in event.alarm] == [-timedelta(days=1), -timedelta(hours=1)]
    lines = content.split(b"\r\n")
    assert b"METHOD:PUBLISH" in lines
    assert all(len(line) <= 75 for line in lines)
    assert b"\n" not in b"".join(lines)


def test_the_joining_link_is_nowhere_even_if_the_agenda_repeats_it():
    meeting = a_meeting(datetime(2026, 7, 2, 12, 30), summary=f"Join at {LINK} please", title=f"Call {LINK}")
    everything = re.sub(rb"\r\n ", b"", written(meeting)) + feed_of([DiaryEntry("uid", meeting)], now=NOW)
    everything += "".join(address for _, address in web_diaries(meeting)).encode()
    assert b"secret-room" not in everything
    assert b"please" in everything


def test_a_cancelled_meeting_takes_its_entry_back():
    planned = a_meeting(datetime(2026, 7, 2, 12, 30), sequence=1)
    cancelled = replace(planned, state=MeetingState.CANCELLED, sequence=2)
    content = written(cancelled)
    event = the_event(content)
    assert b"METHOD:CANCEL" in content
    assert event.uid == the_event(written(planned)).uid
    assert (event.status, event.sequence, event.alarm) == ("CANCELLED", 2, [])
    assert event.summary == "Cancelled: All-members' call"
    assert b"TRANSP:TRANSPARENT" in content


SERIES = {
    "weekly over both changes of the clocks": "FREQ=WEEKLY;BYDAY=TH",
    "every other week until a day": "FREQ=WEEKLY;INTERVAL=2;BYDAY=MO,TH;UNTIL=20260903T235959",
    "until the very minute of the last, in summer": "FREQ=WEEKLY;UNTIL=20260702T183000",
    "the last Friday of the month": "FREQ=MONTHLY;BYDAY=-1FR",
    "the first working day": "FREQ=MONTHLY;BYDAY=MO,TU,WE,TH,FR;BYSETPOS=1",
    "a number of times": "FREQ=DAILY;INTERVAL=3;COUNT=40",
    "yearly": "FREQ=YEARLY;BYMONTH=6;BYMONTHDAY=11",
}


@pytest.mark.parametrize("zone", ["Europe/London", "America/New_York", "Asia/Tokyo"])
@pytest.mark.parametrize("rule", SERIES.values(), ids=SERIES)
def test_a_phone_shows_the_days_of_a_series_that_the_bot_means(rule: str, zone: str):
    """Over a year, with every third day left out, and another third moved to another day and time."""
    meeting = a_meeting(datetime(2026, 1, 8, 18, 30), zone, repeat=rule)
    end = datetime(2027, 1, 31, tzinfo=UTC)
    begin = meeting.starts_at - timedelta(days=1)
    every = list(occurrences(recurrence_of(meeting), after=begin, until=end))
    skipped = frozenset(one.local_date for one in every[::3])
    moved = tuple((one.local_date, one.wall + timedelta(days=1, hours=-9)) for one in every[1::3])
    # One that was moved and then left out stays out.
    changed = replace(meeting, skipped=skipped | {day for day, _ in moved[:1]}, moved=moved)
    meant = list(occurrences(recurrence_of(changed), after=begin, until=end))
    assert shown(written(changed), end) == [(one.instant, one.instant + meeting.duration) for one in meant]
    assert len({event.uid for event in read(written(changed)).events}) == 1


@pytest.mark.parametrize(
    ("zone", "last"),
    [("Europe/London", "20260702T173000Z"), ("America/New_York", "20260702T223000Z")],
)
def test_a_series_ends_with_its_last_day_wherever_the_zone_is(zone: str, last: str):
    """RFC 5545 wants the end in UTC; the rule has it on the wall clock."""
    meeting = a_meeting(datetime(2026, 6, 4, 18, 30), zone, repeat="FREQ=WEEKLY;UNTIL=20260702T183000")
    content = written(meeting)
    assert f"UNTIL={last}".encode() in content
    days = [begins.day for begins, _ in shown(content, datetime(2027, 1, 1, tzinfo=UTC))]
    assert days == [4, 11, 18, 25, 2]


def test_a_start_that_its_rule_leaves_out_is_not_shown():
    """Diaries take the start for the first time, whatever the rule says."""
    meeting = a_meeting(datetime(2026, 1, 6, 18), repeat="FREQ=WEEKLY;BYDAY=TH")
    first = shown(written(meeting), datetime(2026, 1, 20, tzinfo=UTC))[0][0]
    assert first == datetime(2026, 1, 8, 18, tzinfo=UTC)


def test_one_day_of_a_series_changes_that_day_in_a_diary_that_has_the_series():
    days = ((date(2026, 1, 15), datetime(2026, 1, 16, 9)),)
    meeting = a_meeting(datetime(2026, 1, 8, 18), repeat="FREQ=WEEKLY;BYDAY=TH", moved=days)
    event = the_event(written(meeting, date(2026, 1, 15)))
    assert event.dtstart == datetime(2026, 1, 16, 9, tzinfo=ZoneInfo("Europe/London"))
    assert event.recurrence_id is not None
    assert "20260115T180000" in str(event.recurrence_id)
    assert event.rrule is None
    assert event.uid == "uid@example.invalid"


def test_a_meeting_that_was_moved_twice_and_cancelled_is_one_entry_throughout():
    meeting = a_meeting(datetime(2026, 3, 5, 18))
    other = a_meeting(datetime(2026, 3, 6, 18))
    steps = [
        meeting,
        replace(meeting, starts_wall=datetime(2026, 3, 30, 18), sequence=1),
        replace(meeting, starts_wall=datetime(2026, 4, 2, 9), sequence=2),
        replace(meeting, starts_wall=datetime(2026, 4, 2, 9), sequence=3, state=MeetingState.CANCELLED),
    ]
    diary: dict[str, Event] = {}
    for step in steps:
        for event in read(feed_of([DiaryEntry("one", step), DiaryEntry("two", other)], now=NOW)).events:
            assert event.uid not in diary or (event.sequence or 0) >= (diary[event.uid].sequence or 0)
            diary[event.uid] = event
        assert sorted(diary) == ["one", "two"]
    assert diary["one"].status == "CANCELLED"
    assert diary["one"].start_datetime == datetime(2026, 4, 2, 8, tzinfo=UTC)


@pytest.mark.parametrize(
    "zone",
    [
        "Europe/London",
        "Europe/Dublin",
        "America/New_York",
        "Australia/Sydney",
        "Africa/Casablanca",
        "Asia/Jerusalem",
        "Asia/Kolkata",
        "UTC",
    ],
)
def test_a_time_zone_is_right_for_whoever_knows_only_the_file(zone: str):
    """Every six hours of three years, as `dateutil` reads it from the file."""
    begin = datetime(2026, 1, 1, tzinfo=UTC)
    calendar = f"BEGIN:VCALENDAR\r\n{timezone_of(zone, begin).to_ical().decode()}END:VCALENDAR\r\n"
    told = tzical(StringIO(calendar)).get(zone)
    assert told is not None
    for step in range(4 * 3 * 365):
        instant = begin + timedelta(hours=6 * step + 3)
        wall = instant.astimezone(ZoneInfo(zone)).replace(tzinfo=None)
        assert wall.replace(tzinfo=told).utcoffset() == instant.astimezone(ZoneInfo(zone)).utcoffset(), wall


def test_a_time_zone_with_rules_says_them_for_all_years():
    london = timezone_of("Europe/London", NOW).to_ical().decode()
    assert london.count("RRULE") == 2
    assert "RDATE" not in london


def test_web_diaries_get_the_time_the_title_and_the_agenda():
    meeting = a_meeting(datetime(2026, 7, 2, 12, 30), title="Call & “more” + plus")
    links = {name: urlsplit(address) for name, address in web_diaries(meeting)}
    queries = {
        name: {key: value[0] for key, value in parse_qs(link.query).items()} for name, link in links.items()
    }
    assert all(link.scheme == "https" for link in links.values())
    assert all("+" not in link.query for link in links.values())
    google = queries["Google Calendar"]
    assert (google["action"], google["text"]) == ("TEMPLATE", meeting.title)
    assert (google["dates"], google["ctz"]) == ("20260702T123000/20260702T140000", "Europe/London")
    assert google["details"].startswith(meeting.summary)
    for name, host in (("Outlook.com", "outlook.live.com"), ("Microsoft 365", "outlook.office.com")):
        assert links[name].hostname == host
        assert queries[name]["subject"] == meeting.title
        assert (queries[name]["startdt"], queries[name]["enddt"]) == (
            "2026-07-02T11:30:00Z",
            "2026-07-02T13:00:00Z",
        )
        assert (queries[name]["rru"], queries[name]["path"]) == ("addevent", "/calendar/action/compose")
    yahoo = queries["Yahoo"]
    assert (yahoo["v"], yahoo["st"], yahoo["et"]) == ("60", "20260702T113000Z", "20260702T130000Z")
    assert yahoo["title"] == meeting.title


@pytest.mark.parametrize("letter", ["a", "ŵ", "✊"])
def test_a_long_agenda_and_title_are_cut_so_that_discord_takes_the_button(letter: str):
    meeting = a_meeting(datetime(2026, 7, 2, 12, 30), title=letter * 100, summary=f"{letter} " * 400)
    for name, address in web_diaries(meeting):
        assert len(address) <= LONGEST_ADDRESS, name
        values = [value for _, value in parse_qsl(urlsplit(address).query, errors="strict")]
        cut = [value for value in values if value.endswith("…")]
        assert any(letter in value for value in values), name
        assert cut, name
