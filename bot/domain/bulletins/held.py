"""What the campaign has, as far as documents are compared with it."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import date, datetime

from bot.domain.bulletins.matching import Known
from bot.domain.bulletins.proposals import Kind, Proposal, Standing
from bot.domain.language import later, say


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
    repeats: tuple[str, datetime, str] | None = None
    """Of a meeting that repeats: the rule, the local time of the first one, and its zone."""
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

_OVER = later("It was retired or cancelled, and stays so.")
_PROBABLY = {
    Kind.AIM: later("It is probably aim {number}. Tick it to keep it as a new one."),
    Kind.DEMAND: later("It is probably demand {number}. Tick it to keep it as a new one."),
}


def as_entry(proposal: Proposal, held: Held) -> Proposal:
    """The proposal as one for an entry that is there; whether it changes that remains to be seen."""
    over = (_OVER,) if held.is_over else ()
    return replace(
        proposal,
        key=held.known.key,
        known=_name(proposal.kind, held),
        old=held.known.wording,
        doubts=(*proposal.doubts, *over),
    )


def _name(kind: Kind, held: Held) -> str:
    """What it is called, as it is stored: `describing.known_name` says it."""
    return f"{kind.value} {held.position}: {held.known.title}" if held.position else held.known.title


def unsure(proposal: Proposal, held: Held) -> Proposal:
    """The proposal as one about which an organiser is asked."""
    numbered = _PROBABLY.get(proposal.kind) if held.position else None
    doubt = (
        say(numbered, number=held.position)
        if numbered
        else say("It is probably “{title}”. Tick it to keep it as a new one.", title=held.known.title)
    )
    return replace(proposal, standing=Standing.UNSURE, ticked=False, doubts=(*proposal.doubts, doubt))
