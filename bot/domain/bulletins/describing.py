"""Proposals in words, the same on Discord and on the command line."""

from collections import Counter
from datetime import timedelta

from bot.domain.bulletins.model import ItemKind
from bot.domain.bulletins.proposals import CHANGES, Draft, Kind, Proposal, Standing
from bot.domain.when import LocalMoment, format_duration, format_moment

KINDS = {
    Kind.AIM: "Aim",
    Kind.DEMAND: "Demand",
    Kind.MOTION: "Motion",
    Kind.MEETING: "Meeting",
    Kind.REMINDERS: "Reminders",
    Kind.ACTION: "Action",
    Kind.NUDGE: "Nudge",
}
STANDINGS = {
    Standing.NEW: "new",
    Standing.SAME: "there already",
    Standing.GAINS: "there already, gains the document's own words",
    Standing.CHANGED: "there already, with other words",
    Standing.UNSURE: "perhaps there already",
    Standing.LACKING: "cannot be kept yet",
}
_COUNTED = {
    ItemKind.AIM: ("aim", "aims"),
    ItemKind.DEMAND: ("demand", "demands"),
    ItemKind.MEETING: ("meeting", "meetings"),
    ItemKind.ACTION: ("action", "actions"),
    ItemKind.LINK: ("link", "links"),
    ItemKind.NOTE: ("note", "notes"),
    ItemKind.CONCERN: ("concern", "concerns"),
    ItemKind.RESOLUTION: ("resolution", "resolutions"),
}


def named(kind: Kind, title: str) -> str:
    """A title with what it is the title of: "Demand 4: A cap on cases", "Aim: Less work"."""
    if title.startswith(f"{kind.value} "):
        return title[:1].upper() + title[1:]
    return f"{KINDS[kind]}: {title}"


def name_of(proposal: Proposal) -> str:
    """A proposal's name: that of the entry which it is, or else its own title."""
    is_there = proposal.standing in {Standing.SAME, *CHANGES}
    return named(proposal.kind, proposal.known if is_there and proposal.known else proposal.title)


def found_line(draft: Draft) -> str:
    """What the reader found, counted: "12 demands, 5 aims"."""
    parts = [
        f"{number} {_COUNTED[ItemKind(kind)][number != 1]}" for kind, number in draft.origin.seen if number
    ]
    return ", ".join(parts) or "nothing that I recognise"


def standings_line(draft: Draft) -> str:
    """How the proposals stand, counted: "3 new; 12 there already"."""
    counted = Counter(one.standing for one in draft.proposals if one.posts is None)
    return "; ".join(f"{counted[one]} {words}" for one, words in STANDINGS.items() if counted[one])


def fate(draft: Draft, proposal: Proposal) -> str:
    """Whether it would be applied."""
    if not proposal.can_tick:
        return "left as it is"
    if draft.left_out_with(proposal):
        return "left out, because what it goes with is"
    if not proposal.ticked:
        return "not ticked: left out"
    return "ticked: will be added" if proposal.adds else "ticked: will be kept"


def time_line(proposal: Proposal) -> str:
    """When a meeting is, and how long; empty for anything else."""
    time = proposal.meeting
    if time is None:
        return ""
    if time.starts_wall is None:
        return f"When: {time.phrase or 'not said'}"
    when = format_moment(LocalMoment(time.starts_wall, time.zone))
    return f"{when}, {_length(time.minutes)}"


def points_line(proposal: Proposal) -> str:
    """What a new motion holds, counted; empty for anything else."""
    if proposal.motion is None or not proposal.adds:
        return ""
    counted = Counter(point.kind for point in proposal.motion.points)
    parts = [f"{number} {_COUNTED[ItemKind(kind)][number != 1]}" for kind, number in counted.items()]
    return ", ".join(filter(None, (*parts, proposal.motion.conference, proposal.motion.decision)))


def place_line(proposal: Proposal) -> str:
    """Where it stands in the document."""
    if proposal.first_line == proposal.last_line:
        return f"line {proposal.first_line}"
    return f"lines {proposal.first_line} to {proposal.last_line}"


def _length(minutes: int) -> str:
    return format_duration(timedelta(minutes=minutes))
