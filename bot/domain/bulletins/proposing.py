"""From a document and what the campaign has to proposals: what is new, what is there already, what changed."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field, replace
from datetime import datetime, timedelta

from rapidfuzz.distance import Indel

from bot.domain.bulletins.differences import folded_words, same_words
from bot.domain.bulletins.found_links import links_of, without_links
from bot.domain.bulletins.found_meetings import NO_LENGTH, meeting_proposal, nudge_rhythm
from bot.domain.bulletins.found_motions import motion_proposal
from bot.domain.bulletins.held import Campaign, Circumstances, Held, as_entry, unsure
from bot.domain.bulletins.matching import match
from bot.domain.bulletins.model import Document, DocumentKind, Item, ItemKind
from bot.domain.bulletins.naming import cut_text, short_title
from bot.domain.bulletins.proposals import (
    DEFAULT_REMINDERS,
    SUMMARY_LIMIT,
    TITLE_LIMIT,
    WORDING_LIMIT,
    Kind,
    Posts,
    Proposal,
    Standing,
    with_standing,
)
from bot.domain.language import later, say
from bot.domain.recurrence import Recurrence, occurrences

REPEATED = 0.8
_MOMENT = timedelta(seconds=1)
_LISTS = ((ItemKind.AIM, Kind.AIM), (ItemKind.DEMAND, Kind.DEMAND), (ItemKind.ACTION, Kind.ACTION))


@dataclass(slots=True)
class _Numbered:
    """Proposals, numbered as they come."""

    proposals: list[Proposal] = field(default_factory=list[Proposal])

    def add(self, proposal: Proposal) -> Proposal:
        numbered = replace(proposal, number=len(self.proposals) + 1, compared=proposal.standing)
        self.proposals.append(numbered)
        return numbered


def propose(document: Document, campaign: Campaign, around: Circumstances) -> tuple[Proposal, ...]:
    """What importing a document would do, in the order in which an organiser looks at it."""
    numbered = _Numbered()
    if document.kind is DocumentKind.MOTION:
        numbered.add(motion_proposal(document, campaign.get(Kind.MOTION, ())))
    for item_kind, kind in _LISTS[:-1]:
        for proposal in _listed(document, item_kind, kind, campaign):
            numbered.add(proposal)
    _add_meetings(numbered, document, campaign, around)
    for proposal in _listed(document, *_LISTS[-1], campaign):
        _add_nudge(numbered, numbered.add(proposal), campaign, around)
    return tuple(numbered.proposals)


def counts(document: Document) -> tuple[tuple[str, int], ...]:
    """How many items of each kind there are."""
    return tuple((kind.value, len(document.of_kind(kind))) for kind in ItemKind if document.of_kind(kind))


def _listed(document: Document, item_kind: ItemKind, kind: Kind, campaign: Campaign) -> Iterator[Proposal]:
    items = _without_repeats(document.of_kind(item_kind))
    held = campaign.get(kind, ())
    matches = match([item.text for item in items], [one.known for one in held])
    by_key = {one.known.key: one for one in held}
    before: list[Item] = []
    for item, found in zip(items, matches, strict=True):
        proposal = _from_item(document, item, kind)
        if found is None:
            yield _new_unless_repeated(proposal, item, before)
        elif found.is_sure:
            yield with_standing(as_entry(proposal, by_key[found.key]))
        else:
            yield unsure(as_entry(proposal, by_key[found.key]), by_key[found.key])
        before.append(item)


def _without_repeats(items: Sequence[Item]) -> list[Item]:
    """Each item once, where it stands first."""
    return list({folded_words(item.text): item for item in reversed(items)}.values())[::-1]


def _from_item(document: Document, item: Item, kind: Kind) -> Proposal:
    links = links_of(document, item) if kind is Kind.ACTION else ()
    said = without_links(item.text, links)
    cut = (later("It is long: its summary was cut."),) if len(said) > SUMMARY_LIMIT else ()
    return Proposal(
        number=0,
        kind=kind,
        standing=Standing.NEW,
        ticked=True,
        title=short_title(said),
        summary=cut_text(said, SUMMARY_LIMIT),
        wording=cut_text(item.text, WORDING_LIMIT),
        first_line=item.place.first_line,
        last_line=item.place.last_line,
        doubts=(*item.doubts, *cut),
        links=links,
    )


def _new_unless_repeated(proposal: Proposal, item: Item, before: Sequence[Item]) -> Proposal:
    words = folded_words(item.text)
    for other in before:
        if Indel.normalized_similarity(words, folded_words(other.text)) >= REPEATED:
            doubt = say(
                "It reads like what stands in line {line}. Tick it to keep it as well.",
                line=other.place.first_line,
            )
            return replace(proposal, standing=Standing.UNSURE, ticked=False, doubts=(*proposal.doubts, doubt))
    return proposal


def _add_meetings(numbered: _Numbered, document: Document, campaign: Campaign, around: Circumstances) -> None:
    in_diary = campaign.get(Kind.MEETING, ())
    held = [one for one in in_diary if not one.is_over]
    for item in document.of_kind(ItemKind.MEETING):
        proposal = meeting_proposal(_from_item(document, item, Kind.MEETING), item, around.now, around.zone)
        known = _meeting_there(proposal, held)
        if known is not None:
            proposal = _known_meeting(as_entry(proposal, known), known)
        elif dropped := _meeting_there(proposal, in_diary):  # it is none of those that still take place
            proposal = _doubted(
                proposal,
                say(
                    "“{title}” is in the diary as cancelled. Tick this to put it there anew.",
                    title=dropped.known.title,
                ),
            )
        elif nearby := _meeting_that_day(proposal, held):
            proposal = _doubted(
                proposal,
                say(
                    "“{title}” is on the same day at another time. Tick this to keep both in the diary.",
                    title=nearby.known.title,
                ),
            )
        _add_reminders(numbered, numbered.add(proposal), known, around)


def _doubted(meeting: Proposal, doubt: str) -> Proposal:
    if meeting.standing is Standing.LACKING:
        return replace(meeting, doubts=(*meeting.doubts, doubt))
    return replace(meeting, standing=Standing.UNSURE, ticked=False, doubts=(*meeting.doubts, doubt))


def _known_meeting(proposal: Proposal, held: Held) -> Proposal:
    """A meeting that is in the diary: it may gain words, and its joining link."""
    doubts = tuple(doubt for doubt in proposal.doubts if doubt != NO_LENGTH)
    if not proposal.links or proposal.links[0].url == held.link:
        return with_standing(replace(proposal, links=(), doubts=doubts))
    told = (
        later("The document's joining link replaces the present one.")
        if held.link
        else later("It gains its joining link.")
    )
    return with_standing(replace(proposal, doubts=(*doubts, told)))


def _meeting_there(proposal: Proposal, held: Sequence[Held]) -> Held | None:
    time = proposal.meeting
    if time is None:
        return None
    at_that_time = meeting_at(time.starts_at, held) if time.starts_at else None
    # What was imported before and has been moved since; the time has to be part of the words that are the same.
    says_when = bool(time.phrase) and time.phrase in proposal.wording
    moved = (one for one in held if says_when and same_words(one.known.wording, proposal.wording))
    return at_that_time or next(moved, None)


def meeting_at(instant: datetime, held: Sequence[Held]) -> Held | None:
    """The meeting among some that begins at an instant, once or as one of a series."""
    return next((one for one in held if _begins_at(one, instant)), None)


def _begins_at(held: Held, instant: datetime) -> bool:
    if held.starts_at == instant or held.repeats is None:
        return held.starts_at == instant
    rule, start, zone = held.repeats
    series = occurrences(
        Recurrence(rule=rule, start=start, zone=zone), after=instant - _MOMENT, until=instant
    )
    return any(occurrence.instant == instant for occurrence in series)


def _meeting_that_day(proposal: Proposal, held: Sequence[Held]) -> Held | None:
    wall = proposal.meeting.starts_wall if proposal.meeting else None
    return next((one for one in held if wall is not None and one.on == wall.date()), None)


def _add_reminders(numbered: _Numbered, meeting: Proposal, known: Held | None, around: Circumstances) -> None:
    """The reminders of a meeting; of one that is past, unticked, as its date may be wrong and can be edited."""
    starts_at = meeting.meeting.starts_at if meeting.meeting else None
    is_past = starts_at is not None and starts_at <= around.now
    if known is not None and (known.has_posts or (is_past and known.repeats is None)):
        return
    posts = Posts(meeting.number, DEFAULT_REMINDERS, around.channel_id)
    reminders = _posts(meeting, Kind.REMINDERS, meeting.known or meeting.title, posts)
    numbered.add(replace(reminders, ticked=reminders.ticked and not is_past))


def _add_nudge(numbered: _Numbered, action: Proposal, campaign: Campaign, around: Circumstances) -> None:
    held = next((one for one in campaign.get(Kind.ACTION, ()) if one.known.key == action.key), None)
    known = held is not None and action.standing is not Standing.UNSURE
    if held is not None and known and (held.has_posts or held.is_over):
        return
    rhythm, is_named = nudge_rhythm(action.wording)
    posts = Posts(action.number, rhythm, around.channel_id)
    nudge = _posts(action, Kind.NUDGE, held.known.title if held and known else action.title, posts)
    doubts = nudge.doubts if is_named else (*nudge.doubts, later("The document names no day for it."))
    numbered.add(replace(nudge, ticked=nudge.ticked and is_named, doubts=doubts))


def _posts(parent: Proposal, kind: Kind, title: str, posts: Posts) -> Proposal:
    has_channel = posts.channel_id is not None
    doubts = () if has_channel else (later("No channel is chosen for posts: choose one, then tick it."),)
    return Proposal(
        number=0,
        kind=kind,
        standing=Standing.NEW,
        ticked=has_channel and parent.standing not in {Standing.LACKING, Standing.UNSURE},
        title=cut_text(title, TITLE_LIMIT),
        first_line=parent.first_line,
        last_line=parent.last_line,
        doubts=doubts,
        posts=posts,
    )
