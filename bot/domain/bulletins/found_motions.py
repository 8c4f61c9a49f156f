"""A motion that a document holds, and the motion of the campaign that it may be."""

from collections.abc import Sequence
from dataclasses import replace

from rapidfuzz.distance import Indel

from bot.domain.bulletins.differences import folded_words
from bot.domain.bulletins.held import Held, as_entry, unsure
from bot.domain.bulletins.matching import match
from bot.domain.bulletins.model import Document, Item, ItemKind
from bot.domain.bulletins.naming import cut_text
from bot.domain.bulletins.proposals import (
    SUMMARY_LIMIT,
    TITLE_LIMIT,
    Kind,
    MotionPart,
    Point,
    Proposal,
    Standing,
    with_standing,
)
from bot.domain.language import say

POINT_KINDS = (ItemKind.NOTE, ItemKind.CONCERN, ItemKind.RESOLUTION)
MOTION_WORDS = 3_000
_SAME_TITLE, _SAME_CONFERENCE = 0.8, 0.7


def motion_proposal(document: Document, held: Sequence[Held]) -> Proposal:
    """The proposal for a motion: its notes, concerns and resolutions, or what a motion that is there gains."""
    points = tuple(_point(item) for item in document.items if item.kind in POINT_KINDS)
    summary = next((point.text for point in points), document.title)
    lines = [item.place for item in document.items]
    proposal = Proposal(
        number=0,
        kind=Kind.MOTION,
        standing=Standing.NEW,
        ticked=True,
        title=cut_text(document.title, TITLE_LIMIT),
        summary=cut_text(summary, SUMMARY_LIMIT),
        wording=document.body,
        first_line=min((place.first_line for place in lines), default=1),
        last_line=max((place.last_line for place in lines), default=1),
        motion=MotionPart(document.conference, document.decision, document.calls_on, points),
    )
    return _known_motion(proposal, document, held)


def _point(item: Item) -> Point:
    label = f"{item.label})" if item.label else ""
    return Point(item.kind.value, label, cut_text(item.text, SUMMARY_LIMIT))


def _known_motion(proposal: Proposal, document: Document, held: Sequence[Held]) -> Proposal:
    """A motion is known by its day and its conference, and then by its title or its words."""
    likely = [one for one in held if _same_day(one, document)]
    words = " ".join((proposal.title, *(item.text for item in document.items)))
    found = match([words], [one.known for one in likely], most_words=MOTION_WORDS)[0]
    for one in likely:
        same_title = (
            Indel.normalized_similarity(folded_words(document.title), folded_words(one.known.title))
            >= _SAME_TITLE
        )
        if same_title or (found and found.key == one.known.key):
            return with_standing(_lacking_points(as_entry(proposal, one), one))
    return unsure(as_entry(proposal, likely[0]), likely[0]) if likely else proposal


def _same_day(held: Held, document: Document) -> bool:
    if document.dated is None or held.on != document.dated:
        return False
    one, other = folded_words(document.conference), folded_words(held.conference)
    return not one or not other or Indel.normalized_similarity(one, other) >= _SAME_CONFERENCE


def _lacking_points(proposal: Proposal, held: Held) -> Proposal:
    """Only the resolutions that the entry lacks: its notes and concerns may be counted in another way."""
    if proposal.motion is None:
        return proposal
    lacking = tuple(
        point
        for point in proposal.motion.points
        if point.kind == ItemKind.RESOLUTION.value and point.label and point.label not in held.labels
    )
    doubts = (
        (say("It adds {labels}.", labels=", ".join(point.label for point in lacking)),) if lacking else ()
    )
    return replace(
        proposal, motion=replace(proposal.motion, points=lacking), doubts=(*proposal.doubts, *doubts)
    )
