"""From a document and what the campaign has to proposals: what is new, what is there already, what changed."""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field, replace
from datetime import date, datetime

from rapidfuzz.distance import Indel

from bot.domain.bulletins.differences import folded_words
from bot.domain.bulletins.found_meetings import NO_LENGTH, meeting_proposal, nudge_rhythm
from bot.domain.bulletins.matching import Known, match
from bot.domain.bulletins.model import Document, DocumentKind, FoundLink, Item, ItemKind
from bot.domain.bulletins.naming import cut_text, short_title
from bot.domain.bulletins.proposals import (
    DEFAULT_REMINDERS,
    SUMMARY_LIMIT,
    TITLE_LIMIT,
    WORDING_LIMIT,
    Kind,
    MotionPart,
    Point,
    Posts,
    Proposal,
    Standing,
    with_standing,
)

REPEATED = 0.8
MOST_LINKS = 5
"""An action's links are buttons in one row."""

POINT_KINDS = (ItemKind.NOTE, ItemKind.CONCERN, ItemKind.RESOLUTION)
_LISTS = ((ItemKind.AIM, Kind.AIM), (ItemKind.DEMAND, Kind.DEMAND), (ItemKind.ACTION, Kind.ACTION))
MOTION_WORDS = 3_000
_MOTION_TITLE = 0.8
_SAME_CONFERENCE = 0.7
_LABEL_ROOM, _URL_ROOM = 80, 512
_BEFORE_LINK = " :;,-\u2013"


@dataclass(frozen=True, slots=True)
class Held:
    """An entry that the campaign has, as far as an import looks at it."""

    known: Known
    position: int = 0
    on: date | None = None
    starts_at: datetime | None = None
    conference: str = ""
    labels: tuple[str, ...] = ()
    link: str = ""
    has_posts: bool = False
    is_over: bool = False
    """A demand or an action that was retired, a meeting that was cancelled."""


@dataclass(frozen=True, slots=True)
class Circumstances:
    """When and where a document is read: the instant, the guild's zone, and the channel for posts."""

    now: datetime
    zone: str
    channel_id: int | None


Campaign = Mapping[Kind, Sequence[Held]]


@dataclass(slots=True)
class _Numbered:
    """Proposals, numbered as they come."""

    proposals: list[Proposal] = field(default_factory=list[Proposal])

    def add(self, proposal: Proposal) -> Proposal:
        numbered = replace(proposal, number=len(self.proposals) + 1)
        self.proposals.append(numbered)
        return numbered


def propose(document: Document, campaign: Campaign, around: Circumstances) -> tuple[Proposal, ...]:
    """What importing a document would do, in the order in which an organiser looks at it."""
    numbered = _Numbered()
    if document.kind is DocumentKind.MOTION:
        numbered.add(_motion(document, campaign.get(Kind.MOTION, ())))
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
            yield with_standing(_of(proposal, by_key[found.key]))
        else:
            yield _unsure(_of(proposal, by_key[found.key]), by_key[found.key])
        before.append(item)


def _without_repeats(items: Sequence[Item]) -> list[Item]:
    """Each item once, where it stands first."""
    return list({folded_words(item.text): item for item in reversed(items)}.values())[::-1]


def _from_item(document: Document, item: Item, kind: Kind) -> Proposal:
    links = links_of(document, item) if kind is Kind.ACTION else ()
    said = without_links(item.text, links)
    cut = ("It is long: its summary was cut.",) if len(said) > SUMMARY_LIMIT else ()
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


def links_of(document: Document, action: Item) -> tuple[FoundLink, ...]:
    """The links of an action: its own, and those that stand between it and the next action, demand or aim."""
    found = list(action.links)
    later = [item for item in document.items if item.place.first_line > action.place.first_line]
    for item in sorted(later, key=lambda one: one.place.first_line):
        if item.kind is not ItemKind.LINK:
            break
        found += item.links
    usable = {
        link.url: FoundLink(cut_text(link.label.strip() or link.url, _LABEL_ROOM), link.url) for link in found
    }
    return tuple(
        link for link in usable.values() if link.url.startswith("https://") and len(link.url) <= _URL_ROOM
    )[:MOST_LINKS]


def without_links(text: str, links: Sequence[FoundLink]) -> str:
    """A text without the links that are listed at its end: they get buttons."""
    places = [text.find(link.url) for link in links if link.url in text]
    if not places:
        return text
    said = text[: min(places)].rstrip(_BEFORE_LINK)
    for link in links:
        said = said.removesuffix(link.label).rstrip(_BEFORE_LINK)
    return said or text


def _of(proposal: Proposal, held: Held) -> Proposal:
    over = ("It was retired or cancelled, and stays so.",) if held.is_over else ()
    return replace(
        proposal,
        key=held.known.key,
        known=_name(proposal.kind, held),
        old=held.known.wording,
        doubts=(*proposal.doubts, *over),
    )


def _name(kind: Kind, held: Held) -> str:
    return f"{kind.value} {held.position}: {held.known.title}" if held.position else held.known.title


def _unsure(proposal: Proposal, held: Held) -> Proposal:
    name = f"{proposal.kind.value} {held.position}" if held.position else f"\u201c{held.known.title}\u201d"
    doubt = f"It is probably {name}. Tick it to keep it as a new one."
    return replace(proposal, standing=Standing.UNSURE, ticked=False, doubts=(*proposal.doubts, doubt))


def _new_unless_repeated(proposal: Proposal, item: Item, before: Sequence[Item]) -> Proposal:
    words = folded_words(item.text)
    for other in before:
        if Indel.normalized_similarity(words, folded_words(other.text)) >= REPEATED:
            doubt = f"It reads like what stands in line {other.place.first_line}. Tick it to keep it as well."
            return replace(proposal, standing=Standing.UNSURE, ticked=False, doubts=(*proposal.doubts, doubt))
    return proposal


def _motion(document: Document, held: Sequence[Held]) -> Proposal:
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
            >= _MOTION_TITLE
        )
        if same_title or (found and found.key == one.known.key):
            return with_standing(_lacking_points(_of(proposal, one), one))
    return _unsure(_of(proposal, likely[0]), likely[0]) if likely else proposal


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
    doubts = (f"It adds {', '.join(point.label for point in lacking)}.",) if lacking else ()
    return replace(
        proposal, motion=replace(proposal.motion, points=lacking), doubts=(*proposal.doubts, *doubts)
    )


def _add_meetings(numbered: _Numbered, document: Document, campaign: Campaign, around: Circumstances) -> None:
    held = campaign.get(Kind.MEETING, ())
    for item in document.of_kind(ItemKind.MEETING):
        proposal = meeting_proposal(_from_item(document, item, Kind.MEETING), item, around.now, around.zone)
        known = _meeting_there(proposal, held)
        if known is not None:
            proposal = _known_meeting(_of(proposal, known), known)
        elif nearby := _meeting_that_day(proposal, held):
            doubt = (
                f"\u201c{nearby.known.title}\u201d is on the same day at another time. "
                "Tick this to keep both in the diary."
            )
            proposal = replace(
                proposal, standing=Standing.UNSURE, ticked=False, doubts=(*proposal.doubts, doubt)
            )
        _add_reminders(numbered, numbered.add(proposal), known, around)


def _known_meeting(proposal: Proposal, held: Held) -> Proposal:
    """A meeting that is in the diary: it may gain words, and its joining link."""
    doubts = tuple(doubt for doubt in proposal.doubts if doubt != NO_LENGTH)
    if not proposal.links or proposal.links[0].url == held.link:
        return with_standing(replace(proposal, links=(), doubts=doubts))
    told = (
        "The document's joining link replaces the present one." if held.link else "It gains its joining link."
    )
    return with_standing(replace(proposal, doubts=(*doubts, told)))


def _meeting_there(proposal: Proposal, held: Sequence[Held]) -> Held | None:
    starts_at = proposal.meeting.starts_at if proposal.meeting else None
    return next((one for one in held if starts_at is not None and one.starts_at == starts_at), None)


def _meeting_that_day(proposal: Proposal, held: Sequence[Held]) -> Held | None:
    wall = proposal.meeting.starts_wall if proposal.meeting else None
    return next((one for one in held if wall is not None and one.on == wall.date()), None)


def _add_reminders(numbered: _Numbered, meeting: Proposal, known: Held | None, around: Circumstances) -> None:
    starts_at = meeting.meeting.starts_at if meeting.meeting else None
    is_over = starts_at is not None and starts_at <= around.now
    if is_over or (known is not None and (known.has_posts or known.is_over)):
        return
    posts = Posts(meeting.number, DEFAULT_REMINDERS, around.channel_id)
    numbered.add(_posts(meeting, Kind.REMINDERS, meeting.known or meeting.title, posts))


def _add_nudge(numbered: _Numbered, action: Proposal, campaign: Campaign, around: Circumstances) -> None:
    held = next((one for one in campaign.get(Kind.ACTION, ()) if one.known.key == action.key), None)
    known = held is not None and action.standing is not Standing.UNSURE
    if held is not None and known and (held.has_posts or held.is_over):
        return
    rhythm, is_named = nudge_rhythm(action.wording)
    posts = Posts(action.number, rhythm, around.channel_id)
    nudge = _posts(action, Kind.NUDGE, held.known.title if held and known else action.title, posts)
    doubts = nudge.doubts if is_named else (*nudge.doubts, "The document names no day for it.")
    numbered.add(replace(nudge, ticked=nudge.ticked and is_named, doubts=doubts))


def _posts(parent: Proposal, kind: Kind, title: str, posts: Posts) -> Proposal:
    has_channel = posts.channel_id is not None
    doubts = () if has_channel else ("No channel is chosen for posts: choose one, then tick it.",)
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
