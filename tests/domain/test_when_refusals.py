"""What is refused, and that every refusal says what is wrong and shows two phrases that work."""

import unicodedata
from datetime import UTC, datetime

import pytest

from bot.domain.problems import Problem
from bot.domain.when import DateProblem, parse_moment
from tests.domain.malformed import MALFORMED

LONDON = "Europe/London"
NOW = datetime(2025, 3, 31, 9, 0, tzinfo=UTC)  # Monday, 10am in London


def test_there_are_many_ways_to_be_wrong():
    assert len({phrase for phrase, _ in MALFORMED}) >= 200


@pytest.mark.parametrize(("phrase", "reason"), MALFORMED)
def test_refused_with_a_reason_and_examples_that_work(phrase: str, reason: str):
    with pytest.raises(DateProblem) as caught:
        parse_moment(phrase, now=NOW, zone=LONDON)
    problem = caught.value
    assert reason in f"{problem.what} {problem.next_step}"
    assert problem.what.endswith(".")
    assert len(problem.examples) == 2
    for each in problem.examples:
        assert each in problem.next_step
        assert parse_moment(each, now=NOW, zone=LONDON).instant > NOW


@pytest.mark.parametrize(("phrase", "reason"), MALFORMED)
def test_what_was_typed_is_repeated_briefly_and_harmlessly(phrase: str, reason: str):
    with pytest.raises(DateProblem) as caught:
        parse_moment(phrase, now=NOW, zone=LONDON)
    shown = caught.value.what + caught.value.next_step
    assert not set("`@<>*_~|") & set(shown)
    assert not any(unicodedata.category(character) in {"Cc", "Cf"} for character in shown)
    assert len(caught.value.what) < 300


def test_a_refusal_is_a_problem_that_people_are_told():
    with pytest.raises(Problem) as caught:
        parse_moment("`@everyone` <@123> hello", now=NOW, zone=LONDON)
    assert '"everyone 123 hello"' in caught.value.what


def test_a_long_phrase_is_shortened_to_sixty_characters():
    with pytest.raises(DateProblem) as caught:
        parse_moment("x" * 150, now=NOW, zone=LONDON)
    quoted = caught.value.what.split('"')[1]
    assert len(quoted) == 60
    assert quoted.endswith("…")


def test_a_weekday_that_does_not_fit_names_the_nearest_that_do():
    now = datetime(2026, 1, 5, 9, tzinfo=UTC)
    with pytest.raises(DateProblem) as caught:
        parse_moment("Thursday 3 April 12.30pm", now=now, zone=LONDON)
    assert "3 April 2026 is a Friday, not a Thursday" in caught.value.what
    for fit in ("Friday 3 April 2026", "Thursday 2 April 2026", "Thursday 3 April 2031"):
        assert fit in caught.value.next_step


def test_the_nearest_that_fit_are_never_past():
    now = datetime(2026, 4, 3, 9, tzinfo=UTC)  # the Friday itself
    with pytest.raises(DateProblem) as caught:
        parse_moment("Thursday 3 April 12.30pm", now=now, zone=LONDON)
    assert "Thursday 9 April 2026" in caught.value.next_step
    assert "Thursday 2 April 2026" not in caught.value.next_step


def test_a_leap_day_on_the_wrong_weekday_names_a_year_that_has_one():
    with pytest.raises(DateProblem) as caught:
        parse_moment("Thursday 29 February 9am", now=NOW, zone=LONDON)
    assert "29 February 2028 is a Tuesday" in caught.value.what
    assert "Thursday 29 February 2052" in caught.value.next_step


def test_part_of_a_day_is_asked_for_in_spite_of_a_default():
    with pytest.raises(DateProblem, match="at what time"):
        parse_moment("tomorrow evening", now=NOW, zone=LONDON, default_time=datetime(2025, 1, 1, 8).time())


def test_present_time_is_told_in_the_persons_zone():
    with pytest.raises(DateProblem, match="it is now 5am on Monday 31 March 2025 in New York"):
        parse_moment("today at 4am", now=NOW, zone="America/New_York")
