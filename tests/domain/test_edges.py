"""What lies on the edge of a rule. Each of these is a change of one sign in the program that no other test noticed."""

from datetime import datetime, timedelta

import pytest

from bot.domain import moderating
from bot.domain.attendance import Counts, counts_in_words
from bot.domain.bulletins.dates import find_days
from bot.domain.bulletins.describing import named
from bot.domain.bulletins.differences import Change, Piece, differences
from bot.domain.campaign_texts import Kind
from bot.domain.export_formats import About
from bot.domain.export_html import HtmlWriter
from bot.domain.export_rows import Entry, Particulars
from bot.domain.joining_links import LINK_LIMIT, is_joining_link
from bot.domain.problems import BadInput
from bot.domain.recurrence import describe, parse_recurrence
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
