"""Meetings in a document: the days and times that people write, the year that is meant, and what is unsure."""

from datetime import date, datetime

import pytest

from bot.domain.bulletins.model import FoundTime, Item, ItemKind
from bot.domain.bulletins.reading import read_document

LONDON = "Europe/London"
TODAY = date(2026, 1, 5)  # a Monday


def meetings(text: str, today: date = TODAY, zone: str = LONDON) -> list[Item]:
    return list(read_document(text, today=today, zone=zone).of_kind(ItemKind.MEETING))


def time_of(item: Item) -> FoundTime:
    assert item.time is not None
    return item.time


def told(text: str, today: date = TODAY) -> list[str]:
    lines: list[str] = []
    for item in meetings(text, today):
        time = time_of(item)
        parts = [str(time.day)]
        parts += [f"to {time.last_day}"] if time.last_day else []
        parts += [f"{time.starts_wall:%H:%M}"] if time.starts_wall else []
        parts += [f"till {time.ends_wall:%H:%M}"] if time.ends_wall else []
        lines.append(" ".join(parts))
    return lines


@pytest.mark.parametrize(
    ("phrase", "expected"),
    [
        ("THURSDAY 3rd APRIL \u2013 12.30PM", ["2025-04-03 12:30"]),
        ("Wed 14 Jan 6-7pm", ["2026-01-14 18:00 till 19:00"]),
        ("14/01/2026 at 18:00", ["2026-01-14 18:00"]),
        ("14.01.26, 18.00 hrs", ["2026-01-14 18:00"]),
        ("2026-01-14 1800 hours", ["2026-01-14 18:00"]),
        ("Wednesday 4th March 2026, 1pm\u20132pm, Zoom", ["2026-03-04 13:00 till 14:00"]),
        ("noon on Wednesday the 4th of March", ["2026-03-04 12:00"]),
        ("4 March 2026 from 11-1pm", ["2026-03-04 11:00 till 13:00"]),
        ("4 March 2026 between 5pm and 6.30pm", ["2026-03-04 17:00 till 18:30"]),
        ("4 March 2026, 12 noon to 1pm", ["2026-03-04 12:00 till 13:00"]),
        ("4 March 2026, half past six", ["2026-03-04 18:30"]),
        ("4 March 2026 at 6", ["2026-03-04 18:00"]),
        ("March 4th, 2026, 10am", ["2026-03-04 10:00"]),
        ("Monday 2 and Tuesday 3 March, 5.45pm", ["2026-03-02 17:45", "2026-03-03 17:45"]),
        ("2, 9 and 16 March 2026 at 5.30pm", ["2026-03-02 17:30", "2026-03-09 17:30", "2026-03-16 17:30"]),
        ("12 to 14 May 2026", ["2026-05-12 to 2026-05-14"]),
        ("28 May \u2013 2 June 2026", ["2026-05-28 to 2026-06-02"]),
        ("30 December 2026 to 2 January", ["2026-12-30 to 2027-01-02"]),
        ("Weds 4 March 2026 at 11:00 and 19:00", ["2026-03-04 11:00", "2026-03-04 19:00"]),
        ("6.30 for 7pm on Friday 6 March", ["2026-03-06 19:00"]),
    ],
)
def test_days_and_times_as_they_are_written(phrase: str, expected: list[str]) -> None:
    assert told(f"Members' meeting: {phrase}") == expected


def test_the_year_follows_from_the_weekday_and_from_what_else_is_dated() -> None:
    text = "Members' meeting on Thursday 3 April at 6pm"
    long = "The company wrote on 30 March 2014, and what it wrote leaves us little choice but to decide together."
    assert told(text, date(2025, 1, 1)) == ["2025-04-03 18:00"]
    assert told(text, date(2026, 11, 23)) == ["2025-04-03 18:00"]
    assert told(f"20 February 2014\n\n{text}", date(2025, 1, 1)) == ["2014-04-03 18:00"]
    assert told(f"Spring 2014\n\nBranch news\n\n{text}", date(2025, 1, 1)) == ["2014-04-03 18:00"]
    assert told(f"{long}\n\n{text}", date(2025, 1, 1)) == ["2014-04-03 18:00"]
    assert told("10 December 2025\n\nMembers' meeting: 14 January, 6pm") == ["2026-01-14 18:00"]


def test_what_is_unsure_of_a_day_or_time_is_said() -> None:
    def doubts(text: str) -> str:
        (meeting,) = meetings(text)
        return " ".join(meeting.doubts)

    assert "not a Friday" in doubts("Rally: Friday 4 March 2026, noon, the square")
    assert "not a Thursday in 2026" in doubts("20 February 2026\n\nRally: Thursday 4 March, noon, the square")
    assert "2026 is a guess" in doubts("Rally: 4 March, noon, the square")
    assert "no time of day" in doubts("Rally: 4 March 2026, the square")
    assert "morning or the evening" in doubts("Rally: 4 March 2026 at 8 o'clock, the square")
    assert "“6.30 for 7pm”" in doubts("Rally: 4 March 2026, 6.30 for 7pm, the square")
    assert "no 31 April" in doubts("Rally: 31 April 2026, noon, the square")
    assert "again and again" in doubts("Stewards' meeting: first Tuesday of every month, 10am")
    assert "a weekday but no date" in doubts("The next meeting is on Thursday at 6pm, upstairs.")
    assert "still to come" in doubts("Meeting on Zoom: 4 March 2026, noon. The link will be sent to members.")
    assert "link is not in the text" in doubts("Online meeting: 4 March 2026, noon")
    assert "which zone “EST”" in doubts("Webinar: 4 March 2026, noon EST. https://union.example/join")
    assert doubts("Rally: Wednesday 4 March 2026, noon, the square") == ""


def test_a_weekday_alone_is_the_next_one_after_the_document_s_date() -> None:
    (meeting,) = meetings("Branch news, 4 March 2026\n\nThe next meeting is on Thursday at 6pm, upstairs.")
    assert time_of(meeting).starts_wall == datetime(2026, 3, 5, 18)
    assert "only a weekday" in meeting.doubts[0]


def test_a_zone_is_read_and_else_the_guild_s_is_taken() -> None:
    def zone(words: str) -> str:
        (meeting,) = meetings(f"Meeting: 4 March 2026, noon{words}", zone="Europe/Dublin")
        return time_of(meeting).zone

    assert [zone(words) for words in ("", " GMT", " (UK time)", " BST", " CET")] == [
        "Europe/Dublin",
        LONDON,
        LONDON,
        LONDON,
        "Europe/Paris",
    ]


@pytest.mark.parametrize(
    "text",
    [
        "At the meeting on 4 March 2026 at noon members were told that nothing has changed.",
        "We met the employer on 4 March 2026.",
        "The campaign was launched at a rally on 4 March 2026.",
        "The ballot opens on 4 March 2026 and closes on 20 March 2026.",
        "Please return the form by 5pm on 4 March 2026.",
        "The members' meeting on 4 March 2026 at noon is cancelled.",
        "Strike dates: 4 and 5 March 2026.",
        "The new rota will apply from 4 March 2026.",
        "We demand:\n\n- A meeting with the minister on 4 March 2026 at noon\n- An answer",
        "Your shift may run from 6am to 2pm on section 3 may apply.",
    ],
)
def test_days_on_which_members_meet_nobody_are_no_meetings(text: str) -> None:
    assert meetings(text) == []


def test_a_meeting_told_twice_is_one_and_two_in_a_list_are_two() -> None:
    text = (
        "MEMBERS' MEETING: THURSDAY 5 MARCH\n\nJoin us on Thursday 5 March at 6pm: https://union.example/m\n\n"
        "LOCAL MEETINGS\n- Leeds: 14 May 2026, 6pm\n- York: 14 May 2026, 6pm\n\nSee you at the meeting on the 5th of March!"
    )
    first, leeds, york = meetings(text)
    assert time_of(first).starts_wall == datetime(2026, 3, 5, 18)
    assert (first.place.first_line, first.place.last_line) == (1, 3)
    assert [link.url for link in first.links] == ["https://union.example/m"]
    assert (leeds.text, york.text) == ("Leeds: 14 May 2026, 6pm", "York: 14 May 2026, 6pm")


def test_details_that_stand_below_the_day_belong_to_it() -> None:
    text = (
        "NEXT MEETING\n\nDate: Thursday 5 March 2026\nTime: 6pm to 7.30pm\nWhere: the canteen\n"
        "Link: https://union.example/m\n\nOur aims are:\n\n- Join at https://union.example/other\n"
    )
    (meeting,) = meetings(text)
    assert time_of(meeting).starts_wall == datetime(2026, 3, 5, 18)
    assert time_of(meeting).ends_wall == datetime(2026, 3, 5, 19, 30)
    assert [link.url for link in meeting.links] == ["https://union.example/m"]


def test_meetings_are_known_by_the_sentence_above_them_and_promises_by_their_words() -> None:
    text = "Branch meetings will be held:\nBrighton - Monday 2nd March at 1900 hours, Railway Club\nSelhurst - 3 March 2026, 11am"
    assert told(text) == ["2026-03-02 19:00", "2026-03-03 11:00"]
    shifts = "Meetings will be held:\n\nMonday 9 March\n  Early shift, 0600 hrs\n  Late shift, 1400 hrs\n  Doors open 5.30am\n"
    assert told(shifts) == ["2026-03-09 06:00", "2026-03-09 14:00"]
    (promise,) = meetings("We will hold an online members' meeting later this month. Details to follow.")
    assert promise.doubts == ("There is no date yet: details are to follow.",)
    assert time_of(promise).day is None
