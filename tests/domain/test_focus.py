"""Rounds by the clock, and the count of ranked ballots."""

from datetime import UTC, datetime, timedelta
from itertools import permutations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bot.domain.focus import MOST_CHOICES, POINTS, Phase, Round, Suggestion, count, letter, places_of
from bot.domain.problems import BadInput

OPENS = datetime(2025, 4, 4, 7, tzinfo=UTC)
CLOSES = OPENS + timedelta(days=7)
SECOND = timedelta(seconds=1)


def options(*ids: str) -> list[Suggestion]:
    return [Suggestion(one, "round", f"Text of {one}") for one in ids]


def counted(ids: str, *ballots: str) -> list[tuple[int, str, int]]:
    """Each ballot as letters, the first choice first."""
    return [(one.place, one.text[-1], one.points) for one in count(options(*ids), map(list, ballots))]


def test_a_round_takes_suggestions_then_votes_then_nothing() -> None:
    one = Round("round", "Our focus", OPENS, CLOSES)
    phases = [one.phase(at) for at in (OPENS - SECOND, OPENS, CLOSES - SECOND, CLOSES)]
    assert phases == [Phase.SUGGESTING, Phase.VOTING, Phase.VOTING, Phase.CLOSED]


def test_points_by_place_order_the_list() -> None:
    assert counted("abcd", "ab", "ba", "bca") == [
        (1, "b", 4 + 5 + 5),
        (2, "a", 5 + 4 + 3),
        (3, "c", 4),
        (4, "d", 0),
    ]
    assert counted("abcdef", "abcdef") == [
        (1, "a", 5),
        (2, "b", 4),
        (3, "c", 3),
        (4, "d", 2),
        (5, "e", 1),
        (6, "f", 0),
    ]


def test_a_consensus_beats_a_split_field() -> None:
    """What everybody puts second comes first; instant run-off would have thrown it out at once."""
    places = counted("abx", "ax", "ax", "bx", "bx", "bx")
    assert places == [(1, "x", 20), (2, "b", 15), (3, "a", 10)]


def test_ties_share_a_place_openly_and_keep_the_order_of_the_ballot() -> None:
    for ids in permutations("abc"):
        standings = count(options(*ids, "d"), [list("ab"), list("ba"), list("c")])
        assert [(one.place, one.shared) for one in standings] == [
            (1, True),
            (1, True),
            (3, False),
            (4, False),
        ]
        first_two = [one.text[-1] for one in standings[:2]]
        assert first_two == [one for one in ids if one in "ab"]


def test_the_number_of_first_choices_is_told() -> None:
    standings = count(options("a", "b"), [["a", "b"], ["a"], ["b"]])
    assert [(one.text[-1], one.first_choices) for one in standings] == [("a", 2), ("b", 1)]


rankings = st.lists(
    st.lists(st.sampled_from("abcdefg"), unique=True, min_size=1, max_size=MOST_CHOICES), max_size=30
)


@given(rankings)
def test_every_ballot_counts_once_whatever_came_first(ballots: list[list[str]]) -> None:
    standings = count(options(*"abcdefg"), ballots)
    assert sum(one.points for one in standings) == sum(sum(POINTS[: len(ballot)]) for ballot in ballots)
    assert sum(one.first_choices for one in standings) == len(ballots)
    assert count(options(*"abcdefg"), reversed(ballots)) == standings
    assert [one.points for one in standings] == sorted((one.points for one in standings), reverse=True)


@given(st.lists(st.integers(0, 24), unique=True, max_size=MOST_CHOICES))
def test_choices_travel_as_letters(places: list[int]) -> None:
    assert places_of("".join(map(letter, places)), 25) == tuple(places)


@pytest.mark.parametrize("letters", ["aa", "abcdef", "c", "z", "A", "a|b", "a b", "é"])
def test_choices_that_do_not_fit_the_ballot_are_refused(letters: str) -> None:
    with pytest.raises(BadInput, match="do not fit"):
        places_of(letters, 6 if letters == "abcdef" else 2)


def test_a_suggestions_words_are_not_in_its_repr() -> None:
    assert "Text of" not in repr(options("a"))
