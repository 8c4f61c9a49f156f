"""What the campaign should focus on next: rounds of suggestions, ranked votes, and how they are counted.

The count is Borda's (Jean-Charles de Borda, "Mémoire sur les élections au scrutin", 1781), cut off after five places: a
first choice brings 5 points, a second 4, and so on down to 1. What a member leaves out gets nothing from them. It was
chosen over instant run-off because the question is what comes first, second and third, not who is the one winner: points
order the whole list, anybody can add them up again, and something that many put second is not thrown out early. Equal
points share a place; nothing breaks the tie, neither chance nor a moderator.
"""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from enum import StrEnum

from bot.domain.language import say
from bot.domain.problems import BadInput

TITLE_LIMIT, SUGGESTION_LIMIT = 100, 200
BALLOT_LEAST, BALLOT_MOST = 2, 25
POINTS = (5, 4, 3, 2, 1)
"""For the first choice, the second, and so on."""

MOST_CHOICES = len(POINTS)
BALLOTS_LEAST = 5
"""From fewer ballots one could guess who chose what."""

_LETTERS = "abcdefghijklmnopqrstuvwxy"


class Phase(StrEnum):
    """How far a round has come, by the clock alone."""

    SUGGESTING = "suggesting"
    VOTING = "voting"
    CLOSED = "closed"


class SuggestionState(StrEnum):
    """What became of a suggestion."""

    WAITING = "waiting"
    ON_BALLOT = "ballot"
    MERGED = "merged"
    SET_ASIDE = "aside"


@dataclass(frozen=True, slots=True)
class Round:
    """Suggestions are taken until the voting opens, votes until it closes."""

    round_id: str
    title: str
    opens_at: datetime
    closes_at: datetime

    def phase(self, now: datetime) -> Phase:
        """How far it has come at an instant."""
        if now >= self.closes_at:
            return Phase.CLOSED
        return Phase.VOTING if now >= self.opens_at else Phase.SUGGESTING


@dataclass(frozen=True, slots=True)
class Suggestion:
    """What a member suggested. Nothing in it leads to them; its text is left out of `repr`, which may end up in a log."""

    suggestion_id: str
    round_id: str
    text: str = field(repr=False)
    state: SuggestionState = SuggestionState.WAITING
    merged_into: str | None = None


@dataclass(frozen=True, slots=True)
class Standing:
    """Where a suggestion came in the count."""

    place: int
    text: str
    points: int
    first_choices: int
    shared: bool
    """Whether others have the same place."""


def count(options: Sequence[Suggestion], ballots: Iterable[Sequence[str]]) -> tuple[Standing, ...]:
    """Counts the ballots.

    Args:
        options: what stood on the ballot.
        ballots: the ids of suggestions, the first choice first. An id that is not among the options gets no points, and
            does not move up what comes after it.

    Returns:
        Every option, the most points first; those with equal points in the order given, sharing a place.
    """
    points = {one.suggestion_id: 0 for one in options}
    firsts = dict.fromkeys(points, 0)
    for ranking in ballots:
        for place, (chosen, worth) in enumerate(zip(ranking, POINTS, strict=False)):
            if chosen in points:
                points[chosen] += worth
                firsts[chosen] += place == 0
    every = list(points.values())
    ordered = sorted(options, key=lambda one: -points[one.suggestion_id])
    return tuple(
        Standing(
            place=1 + sum(other > points[one.suggestion_id] for other in every),
            text=one.text,
            points=points[one.suggestion_id],
            first_choices=firsts[one.suggestion_id],
            shared=every.count(points[one.suggestion_id]) > 1,
        )
        for one in ordered
    )


def letter(place: int) -> str:
    """The letter that stands for a place on the ballot, counted from 0, while somebody is choosing."""
    return _LETTERS[place]


def places_of(letters: str, options: int) -> tuple[int, ...]:
    """The places on the ballot that are chosen so far, the first choice first.

    Raises:
        BadInput: they are too many, name one twice, or name what is not on the ballot.
    """
    places = tuple(_LETTERS.find(one) for one in letters)
    known = all(0 <= place < options for place in places)
    if not known or len(set(places)) < len(places) or len(places) > MOST_CHOICES:
        raise BadInput(
            say("Those choices do not fit this ballot, so nothing was counted."),
            next_step=say("Type `/focus vote` to get a fresh ballot."),
        )
    return places
