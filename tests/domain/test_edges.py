"""What lies on the edge of a rule. Each of these is a change of one sign in the program that no other test noticed."""

from collections.abc import Iterator
from datetime import date, datetime, timedelta
from pathlib import Path

import pytest

from bot.domain import moderating
from bot.domain.attendance import Counts, counts_in_words
from bot.domain.bulletins.dates import find_days
from bot.domain.bulletins.describing import named
from bot.domain.bulletins.differences import Change, Piece, differences
from bot.domain.bulletins.proposals import Kind
from bot.domain.export_formats import About
from bot.domain.export_html import HtmlWriter
from bot.domain.export_rows import Entry, Particulars
from bot.domain.feedback_threads import ThreadMessage
from bot.domain.joining_links import LINK_LIMIT, is_joining_link
from bot.domain.lateness import Lateness, judge
from bot.domain.native_events import MOST_IN_A_GUILD
from bot.domain.problems import BadInput
from bot.domain.recurrence import Recurrence, describe, next_occurrences, parse_recurrence
from bot.domain.schedules import Schedule, ScheduleKind, planned
from bot.domain.search import Kinship, Searchable, SearchIndex, kinship_in_steps, search
from bot.domain.when import parse_moment
from bot.domain.when.spans import parse_duration

LONDON = "Europe/London"
NOW = datetime.fromisoformat("2025-03-31T09:00+00:00")


def test_the_counts_of_a_meeting_say_seats_only_where_there_are_so_many() -> None:
    assert counts_in_words(Counts(3, 1)) == "3 coming · 1 maybe · 0 can't come"
    full = counts_in_words(Counts(3, 1, 2, cap=2))
    assert full == "2 of 2 seats taken · 1 on the waiting list · 1 maybe · 2 can't come"


def test_a_reference_has_four_to_thirty_two_characters() -> None:
    assert [moderating.read_reference(one) for one in ("abcd", "`AB12`", "a" * 32)] == [
        "abcd",
        "ab12",
        "a" * 32,
    ]
    for typed in ("abc", "a" * 33, "wxyz"):
        with pytest.raises(BadInput):
            moderating.read_reference(typed)


def test_a_joining_link_is_as_long_as_there_is_room_for() -> None:
    start = "https://union.example/"
    assert is_joining_link(start + "a" * (LINK_LIMIT - len(start)))
    assert not is_joining_link(start + "a" * (LINK_LIMIT - len(start) + 1))


def test_a_page_of_feedback_has_one_heading_for_each_topic() -> None:
    writer = HtmlWriter(About("Feedback", "31 March 2025", "a meeting"), ())
    pieces = [Entry(Particulars(topic, "", "", "", "", "", False, False, ""), "Words") for topic in "AAB"]
    page = writer.rows(pieces[:1]) + writer.rows(pieces[1:])
    assert [page.count(f"<h3>{topic}</h3>") for topic in "AB"] == [1, 1]
    assert page.index("<h3>A</h3>") < page.index("Words") < page.index("<h3>B</h3>")


@pytest.mark.parametrize(
    ("kind", "title", "words"),
    [
        (Kind.DEMAND, "demand 4: A cap on cases", "Demand 4: A cap on cases"),
        (Kind.AIM, "aim 1: Less work", "Aim 1: Less work"),
        (Kind.AIM, "Less work", "Aim: Less work"),
    ],
)
def test_a_title_says_once_what_it_is_the_title_of(kind: Kind, title: str, words: str) -> None:
    assert named(kind, title) == words


def test_words_between_two_changes_are_kept_and_no_more_of_them() -> None:
    old = "We ask for a cap of forty cases in every team this year"
    new = "We ask for a limit of forty cases in each team this year"
    assert differences(old, new) == (
        Piece(Change.KEPT, "We ask for a"),
        Piece(Change.REMOVED, "cap"),
        Piece(Change.ADDED, "limit"),
        Piece(Change.KEPT, "of forty cases in"),
        Piece(Change.REMOVED, "every"),
        Piece(Change.ADDED, "each"),
        Piece(Change.KEPT, "team this year"),
    )


def test_no_day_of_a_month_is_the_fortieth() -> None:
    assert find_days("on 40 April and on 0 May") == []
    assert [one.number for one in find_days("on 1 April and on 31 May")] == [1, 31]


@pytest.mark.parametrize(
    ("phrase", "words"),
    [
        ("every 3 days at 9am", "every 3 days at 09:00"),
        ("every 3 weeks on Monday 9am", "every 3 weeks on Monday at 09:00"),
        ("the second Monday of every month 9am", "the second Monday of every month at 09:00"),
        ("the fourth Monday of every month 9am", "the fourth Monday of every month at 09:00"),
    ],
)
def test_a_repetition_in_words(phrase: str, words: str) -> None:
    assert describe(parse_recurrence(phrase, now=NOW, zone=LONDON)).startswith(words)


@pytest.mark.parametrize(
    ("words", "minutes"), [("twenty minutes", 20), ("fifty minutes", 50), ("thirty-five minutes", 35)]
)
def test_tens_in_words(words: str, minutes: int) -> None:
    assert parse_duration(words) == timedelta(minutes=minutes)


def test_the_first_year_that_can_be_no_hour_is_read_as_a_year() -> None:
    with pytest.raises(BadInput, match="Wednesday 3 April 2024, 8am is past"):
        parse_moment("3 April 24 8am", now=NOW, zone=LONDON)


def test_noughts_before_an_hour_do_not_make_it_another() -> None:
    found = parse_moment("Friday 00000010:30", now=NOW, zone=LONDON)
    assert found.wall == datetime(2025, 4, 4, 10, 30)


def test_a_nudge_is_not_sent_any_more_when_its_day_ends() -> None:
    evening = datetime.fromisoformat("2025-04-01T18:00+00:00")
    nudge = Schedule(
        "id", 1, ScheduleKind.NUDGE, "Ask a colleague", ("Ask",), datetime(2025, 4, 1, 19), LONDON, 2, ()
    )
    delivery = planned(nudge, local_date=date(2025, 4, 1), slot="start", due_at=evening, occurs_at=evening)
    midnight = datetime.fromisoformat("2025-04-02T00:00+01:00")
    assert judge(nudge, delivery, midnight - timedelta(seconds=1)) is Lateness.LATE
    assert judge(nudge, delivery, midnight) is Lateness.TOO_LATE


def test_a_day_that_was_moved_does_not_happen_after_its_series_has_ended() -> None:
    moved = (
        (date(2025, 4, 11), datetime(2025, 4, 10, 9)),
        (date(2025, 4, 18), datetime(2025, 4, 17, 9)),
    )
    fridays = Recurrence(
        "FREQ=WEEKLY;BYDAY=FR;UNTIL=20250411T235959", datetime(2025, 4, 4, 9), LONDON, moved=moved
    )
    found = [one.wall for one in next_occurrences(fridays, after=NOW)]
    assert found == [datetime(2025, 4, 4, 9), datetime(2025, 4, 10, 9)]


def test_as_many_events_stand_in_a_server_as_the_readme_says() -> None:
    readme = " ".join((Path(__file__).parents[2] / "README.md").read_text(encoding="utf-8").split())
    assert f"and {MOST_IN_A_GUILD} in a server at most; Discord allows 100" in readme


def test_what_follows_feedback_comes_into_no_log() -> None:
    shown = repr(ThreadMessage("id", 1, False, False, "2025-W14", "My manager", b"sealed words"))
    assert "manager" not in shown
    assert "sealed words" not in shown


def test_a_letter_too_many_in_a_word_of_three_is_forgiven() -> None:
    entries = (Searchable("pay", "Pay", "-"), Searchable("cases", "Cases", "-"))
    assert [hit.key for hit in search("pauy", entries, limit=5)] == ["pay"]


def test_a_typing_error_is_forgiven_though_entries_of_another_kind_have_a_word_that_begins_so() -> None:
    index = SearchIndex(
        (
            Searchable("demand", "A card for all staff", "-"),
            Searchable("motion", "Cartridges for printers", "-"),
        )
    )
    assert [hit.key for hit in index.search("cart", limit=5, within=range(1))] == ["demand"]


def test_a_motion_stands_behind_a_demand_without_its_little_words() -> None:
    found: list[Kinship] = []

    def finding() -> Iterator[None]:
        demands = [Searchable("cap", "A cap on the cases of an officer", "-")]
        paragraphs = [("motion", "Officers' cases need a cap."), ("another", "A cap, on the cases.")]
        found.append((yield from kinship_in_steps(demands, paragraphs, {}, lambda _: 0.5)))

    list(finding())
    assert [kin.motion for kin in found[0].behind("cap")] == ["motion"]
