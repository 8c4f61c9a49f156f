"""Proposals in words, the same on Discord and on the command line."""

import re
from collections import Counter
from collections.abc import Callable, Mapping
from datetime import timedelta

from bot.domain.bulletins.model import DocumentKind, ItemKind
from bot.domain.bulletins.proposals import CHANGES, Draft, Kind, Proposal, Standing
from bot.domain.language import later, say, say_count
from bot.domain.when import LocalMoment, format_duration, format_moment

KINDS = {
    Kind.AIM: later("Aim"),
    Kind.DEMAND: later("Demand"),
    Kind.MOTION: later("Motion"),
    Kind.MEETING: later("Meeting"),
    Kind.REMINDERS: later("Reminders"),
    Kind.ACTION: later("Action"),
    Kind.NUDGE: later("Nudge"),
}
STANDINGS = {
    Standing.NEW: later("new"),
    Standing.SAME: later("there already"),
    Standing.GAINS: later("there already, gains the document's own words"),
    Standing.CHANGED: later("there already, with other words"),
    Standing.UNSURE: later("perhaps there already"),
    Standing.LACKING: later("cannot be kept yet"),
}
_COUNTED: Mapping[ItemKind, Callable[[int], str]] = {
    ItemKind.AIM: lambda number: say_count(number, "{number} aim", "{number} aims"),
    ItemKind.DEMAND: lambda number: say_count(number, "{number} demand", "{number} demands"),
    ItemKind.MEETING: lambda number: say_count(number, "{number} meeting", "{number} meetings"),
    ItemKind.ACTION: lambda number: say_count(number, "{number} action", "{number} actions"),
    ItemKind.LINK: lambda number: say_count(number, "{number} link", "{number} links"),
    ItemKind.NOTE: lambda number: say_count(number, "{number} note", "{number} notes"),
    ItemKind.CONCERN: lambda number: say_count(number, "{number} concern", "{number} concerns"),
    ItemKind.RESOLUTION: lambda number: say_count(number, "{number} resolution", "{number} resolutions"),
}


_NUMBERED = {
    Kind.AIM: later("aim {number}: {title}"),
    Kind.DEMAND: later("demand {number}: {title}"),
}
_NUMBERED_TITLE = re.compile(r"(?P<kind>[a-z]+) (?P<number>[0-9]+): (?P<title>.*)", re.DOTALL)
DOCUMENTS = {
    DocumentKind.BULLETIN.value: later("Bulletin"),
    DocumentKind.MOTION.value: later("Motion"),
}
"""What sort of document was read, by the word that is stored."""


def named(kind: Kind, title: str) -> str:
    """A title with what it is the title of: "Demand 4: A cap on cases", "Aim: Less work"."""
    if title.startswith(f"{kind.value} "):
        known = known_name(kind, title)
        return known[:1].upper() + known[1:]
    return f"{say(KINDS[kind])}: {title}"


def known_name(kind: Kind, title: str) -> str:
    """What an entry is called that the campaign has; those with a number are stored as "demand 4: A cap on cases"."""
    numbered = _NUMBERED_TITLE.fullmatch(title) if kind in _NUMBERED else None
    if numbered is None or numbered["kind"] != kind.value:
        return title
    return say(_NUMBERED[kind], number=numbered["number"], title=numbered["title"])


def name_of(proposal: Proposal) -> str:
    """A proposal's name: that of the entry which it is, or else its own title."""
    is_there = proposal.standing in {Standing.SAME, *CHANGES}
    return named(proposal.kind, proposal.known if is_there and proposal.known else proposal.title)


def found_line(draft: Draft) -> str:
    """What the reader found, counted: "12 demands, 5 aims"."""
    parts = [_COUNTED[ItemKind(kind)](number) for kind, number in draft.origin.seen if number]
    return ", ".join(parts) or say("nothing that I recognise")


def standings_line(draft: Draft) -> str:
    """How the proposals stand, counted: "3 new; 12 there already"."""
    counted = Counter(one.standing for one in draft.proposals if one.posts is None)
    return "; ".join(f"{counted[one]} {say(words)}" for one, words in STANDINGS.items() if counted[one])


def fate(draft: Draft, proposal: Proposal) -> str:
    """Whether it would be applied."""
    if not proposal.can_tick:
        return say("left as it is")
    if draft.left_out_with(proposal):
        return say("left out, because what it goes with is")
    if not proposal.ticked:
        return say("not ticked: left out")
    return say("ticked: will be added") if proposal.adds else say("ticked: will be kept")


def time_line(proposal: Proposal) -> str:
    """When a meeting is, and how long; empty for anything else."""
    time = proposal.meeting
    if time is None:
        return ""
    if time.starts_wall is None:
        return say("When: {phrase}", phrase=time.phrase) if time.phrase else say("When: not said")
    when = format_moment(LocalMoment(time.starts_wall, time.zone))
    return f"{when}, {_length(time.minutes)}"


def points_line(proposal: Proposal) -> str:
    """What a new motion holds, counted; empty for anything else."""
    if proposal.motion is None or not proposal.adds:
        return ""
    counted = Counter(point.kind for point in proposal.motion.points)
    parts = [_COUNTED[ItemKind(kind)](number) for kind, number in counted.items()]
    return ", ".join(filter(None, (*parts, proposal.motion.conference, proposal.motion.decision)))


def place_line(proposal: Proposal) -> str:
    """Where it stands in the document."""
    if proposal.first_line == proposal.last_line:
        return say("line {line}", line=proposal.first_line)
    return say("lines {first} to {last}", first=proposal.first_line, last=proposal.last_line)


def _length(minutes: int) -> str:
    return format_duration(timedelta(minutes=minutes))
