"""What an import would do, item by item, as an organiser ticks, edits and confirms it."""

from collections import Counter
from collections.abc import Hashable, Sequence
from dataclasses import dataclass, field, replace
from datetime import date, datetime
from enum import StrEnum

from bot.domain.bulletins.differences import same_words
from bot.domain.bulletins.model import FoundLink
from bot.domain.language import say
from bot.domain.text import clean_line, clean_text

TITLE_LIMIT, SHORT_TITLE = 100, 60
SUMMARY_LIMIT, WORDING_LIMIT = 1_000, 4_000
DEFAULT_REMINDERS = "7 d, 1 d, 1 h, start"
DEFAULT_MINUTES = 60


class Kind(StrEnum):
    """What a proposal is about: an entry of the campaign, or the posts that go with one."""

    AIM = "aim"
    DEMAND = "demand"
    MOTION = "motion"
    MEETING = "meeting"
    REMINDERS = "reminders"
    ACTION = "action"
    NUDGE = "nudge"


class Standing(StrEnum):
    """How an item stands to what the campaign has."""

    NEW = "new"
    SAME = "same"
    GAINS = "gains"
    """It is there, and gains the document's own words."""
    CHANGED = "changed"
    """It is there, and the document words it differently than the one before."""
    UNSURE = "unsure"
    """It may be there. Ticked, it becomes a new entry."""
    LACKING = "lacking"
    """Something is missing without which it cannot be kept; an organiser can add it."""


ADDS = (Standing.NEW, Standing.UNSURE)
CHANGES = (Standing.GAINS, Standing.CHANGED)


@dataclass(frozen=True, slots=True)
class MeetingTime:
    """When a meeting is; `starts_wall` is local time in `zone`, `None` as long as nobody knows it."""

    phrase: str
    zone: str
    starts_wall: datetime | None
    starts_at: datetime | None
    minutes: int = DEFAULT_MINUTES


@dataclass(frozen=True, slots=True)
class Posts:
    """The posts that go with an entry: lead times of reminders, or the rhythm of a nudge, and where they go."""

    of: int
    """The number of the proposal whose posts these are."""
    phrase: str
    channel_id: int | None


@dataclass(frozen=True, slots=True)
class Point:
    """A paragraph of a motion: a note, a concern or a resolution; the label with its bracket, as in "a)"."""

    kind: str
    label: str
    text: str


@dataclass(frozen=True, slots=True)
class MotionPart:
    """What only a motion has. For a motion that is there already, `points` are those that it lacks."""

    conference: str
    decision: str
    calls_on: str
    points: tuple[Point, ...]


@dataclass(frozen=True, slots=True)
class Proposal:
    """One item of a document, and what would become of it.

    `key` and `known` name the entry that it is, or may be; `old` is the wording that the entry has so far. `wording` is the
    document's own. `first_line` and `last_line` say where it stands there.
    """

    number: int
    kind: Kind
    standing: Standing
    ticked: bool
    title: str
    summary: str = ""
    wording: str = ""
    key: str = ""
    known: str = ""
    old: str = ""
    first_line: int = 0
    last_line: int = 0
    doubts: tuple[str, ...] = ()
    links: tuple[FoundLink, ...] = ()
    meeting: MeetingTime | None = None
    posts: Posts | None = None
    motion: MotionPart | None = None
    compared: Standing = Standing.NEW
    """How it stood when the document was compared, before an organiser decided anything."""

    @property
    def can_tick(self) -> bool:
        """Whether there is anything to apply."""
        return self.standing not in {Standing.SAME, Standing.LACKING}

    @property
    def adds(self) -> bool:
        """Whether applying it makes a new entry, or new posts."""
        return self.standing in ADDS


@dataclass(frozen=True, slots=True)
class Origin:
    """The document that the proposals come from."""

    kind: str
    title: str
    dated: date | None
    digest: str
    text: str
    doubts: tuple[str, ...] = ()
    seen: tuple[tuple[str, int], ...] = ()
    """How many items of each kind the reader found, kinds that are only shown among them."""


@dataclass(frozen=True, slots=True)
class Draft:
    """A document that waits for an organiser's word.

    `basis` stands for the campaign with which the document was compared.
    """

    draft_id: str
    origin: Origin
    basis: str
    proposals: tuple[Proposal, ...] = field(default=())

    def numbered(self, number: int) -> Proposal | None:
        """The proposal with this number."""
        return next((one for one in self.proposals if one.number == number), None)

    @property
    def chosen(self) -> tuple[Proposal, ...]:
        """What would be applied: all that is ticked, but no posts of an entry that is left out."""
        return tuple(one for one in self.proposals if one.ticked and one.can_tick and self._has_parent(one))

    def left_out_with(self, proposal: Proposal) -> bool:
        """Whether these are posts that are ticked, but go with an entry that is left out."""
        return proposal.ticked and not self._has_parent(proposal)

    def _has_parent(self, proposal: Proposal) -> bool:
        if proposal.posts is None:
            return True
        parent = self.numbered(proposal.posts.of)
        if parent is None or parent.standing is Standing.LACKING:
            return False
        return parent.ticked if parent.adds else True

    def ticking(self, numbers: Sequence[int], among: Sequence[int]) -> "Draft":
        """The same draft with these proposals ticked, and the others among some unticked."""
        return replace(
            self,
            proposals=tuple(
                replace(one, ticked=one.number in numbers) if one.number in among and one.can_tick else one
                for one in self.proposals
            ),
        )

    def replacing(self, proposal: Proposal) -> "Draft":
        """The same draft with one proposal in place of the one with its number."""
        return replace(
            self,
            proposals=tuple(proposal if one.number == proposal.number else one for one in self.proposals),
        )


def reworded(
    proposal: Proposal, *, title: str | None = None, summary: str | None = None, wording: str | None = None
) -> Proposal:
    """The proposal in an organiser's words; what is `None` stays.

    Raises:
        BadInput: one of them is empty or too long.
    """
    changed = replace(
        proposal,
        title=proposal.title if title is None else clean_line(title, name=say("title"), most=TITLE_LIMIT),
        summary=proposal.summary
        if summary is None
        else clean_text(summary, name=say("summary"), most=SUMMARY_LIMIT),
        wording=proposal.wording
        if wording is None
        else clean_text(wording, name=say("wording"), most=WORDING_LIMIT),
        ticked=proposal.can_tick,
    )
    return with_standing(changed) if changed.standing in CHANGES else changed


def carried(old: Sequence[Proposal], new: Sequence[Proposal]) -> tuple[Proposal, ...]:
    """New proposals from the same document, with an organiser's decisions on the old ones wherever both are alike."""
    before = dict(zip(_identities(old), old, strict=True))
    return tuple(
        _decided(before.get(identity), one) for identity, one in zip(_identities(new), new, strict=True)
    )


def _identities(proposals: Sequence[Proposal]) -> list[Hashable]:
    """What stays the same of each, whatever an organiser edits: its place, and how it compared with the campaign.

    Several items may stand on one line, so those of a place are counted. Posts are known by what they go with.
    """
    at_place: Counter[Hashable] = Counter()
    of_number: dict[int, Hashable] = {}
    for one in proposals:
        if one.posts is not None:
            of_number[one.number] = (one.kind, one.compared, of_number.get(one.posts.of))
            continue
        place = (one.kind, one.first_line, one.last_line)
        at_place[place] += 1
        of_number[one.number] = (*place, at_place[place], one.key, one.old, one.motion, one.compared)
    return list(of_number.values())


def _decided(old: Proposal | None, new: Proposal) -> Proposal:
    if old is None:
        return new
    posts = replace(old.posts, of=new.posts.of) if old.posts and new.posts else new.posts
    return replace(old, number=new.number, known=new.known, posts=posts)


def with_standing(proposal: Proposal) -> Proposal:
    """A proposal for an entry that is there, with what its wording would change."""
    standing = Standing.CHANGED
    adds_points = proposal.motion is not None and bool(proposal.motion.points)
    adds_link = proposal.meeting is not None and bool(proposal.links)
    if not proposal.wording or same_words(proposal.wording, proposal.old):
        standing = Standing.GAINS if adds_points or adds_link else Standing.SAME
    elif not proposal.old:
        standing = Standing.GAINS
    return replace(proposal, standing=standing, ticked=standing in CHANGES)


def as_new(proposal: Proposal) -> Proposal:
    """The same item as an entry of its own, although it may be one that is there."""
    return replace(proposal, standing=Standing.UNSURE, ticked=True)


def as_known(proposal: Proposal) -> Proposal:
    """The same item as the entry that it probably is, which then gains its words."""
    return with_standing(proposal)
