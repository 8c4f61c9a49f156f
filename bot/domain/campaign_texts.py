"""What can be searched of a campaign: every kind of entry, and the words by which each is found."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from enum import StrEnum

from bot.domain.models import Action, Aim, Demand, ImportedDocument, Meeting, Motion, Term
from bot.domain.search import Searchable


class Kind(StrEnum):
    """The kinds of entry that a search finds, in the order in which equally good finds are shown."""

    DEMAND = "demand"
    MOTION = "motion"
    TERM = "term"
    MEETING = "meeting"
    ACTION = "action"
    AIM = "aim"
    DOCUMENT = "document"


@dataclass(frozen=True, slots=True)
class Entries:
    """All entries of a campaign, by kind, as they were read."""

    demands: tuple[Demand, ...]
    motions: tuple[Motion, ...]
    terms: tuple[Term, ...]
    meetings: tuple[Meeting, ...]
    actions: tuple[Action, ...]
    aims: tuple[Aim, ...]
    documents: tuple[ImportedDocument, ...]


def texts_of(entries: Entries) -> Iterator[tuple[Kind, Searchable]]:
    """Every entry with its kind, kind after kind, in their order."""
    for demand in entries.demands:
        text = _joined(demand.summary, demand.wording)
        yield Kind.DEMAND, Searchable(demand.key, demand.title, text, demand.keywords)
    for motion in entries.motions:
        points = [text for point in motion.points for text in (point.text, point.wording)]
        text = _joined(motion.summary, *points, motion.wording)
        yield Kind.MOTION, Searchable(motion.key, motion.title, text, (motion.conference,))
    for term in entries.terms:
        keywords = (term.expansion,) if term.expansion else ()
        yield Kind.TERM, Searchable(term.key, term.title, term.summary, keywords)
    for meeting in entries.meetings:
        yield Kind.MEETING, Searchable(meeting.key, meeting.title, _joined(meeting.summary, _day(meeting)))
    for action in entries.actions:
        yield Kind.ACTION, Searchable(action.key, action.title, action.summary)
    for aim in entries.aims:
        yield Kind.AIM, Searchable(aim.key, aim.title, aim.summary)
    for document in entries.documents:
        yield Kind.DOCUMENT, Searchable(document.key, document.title, document.summary)


def paragraphs_of(motions: Sequence[Motion]) -> list[tuple[str, str]]:
    """Each paragraph of the motions, with the motion's key."""
    return [
        (motion.key, text)
        for motion in motions
        for text in (motion.title, motion.summary, *(point.text for point in motion.points))
    ]


def _joined(*parts: str | None) -> str:
    return " ".join(part for part in parts if part)


def _day(meeting: Meeting) -> str:
    on = meeting.starts_wall
    return f"{on:%A} {on.day} {on:%B %Y}"
