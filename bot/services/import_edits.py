"""What organisers change in a draft before they confirm it."""

from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import datetime

from bot.domain.bulletins.found_meetings import at
from bot.domain.bulletins.held import Held
from bot.domain.bulletins.model import FoundLink
from bot.domain.bulletins.proposals import (
    CHANGES,
    Draft,
    Kind,
    MeetingTime,
    Posts,
    Proposal,
    Standing,
    as_known,
    as_new,
    reworded,
)
from bot.domain.bulletins.proposing import meeting_at
from bot.domain.language import say
from bot.domain.problems import BadInput, NotFound
from bot.domain.recurrence import parse_recurrence
from bot.domain.when import LocalMoment, parse_duration, parse_lead_times, parse_moment, told_in
from bot.domain.when.moment import format_date
from bot.services import guilds, import_drafts
from bot.services.context import Context
from bot.services.meetings import link_of


@dataclass(frozen=True, slots=True)
class Wish:
    """What an organiser typed or chose for one proposal; what is `None` stays."""

    is_known: bool | None = None
    """Whether it is the entry that it seems to be, rather than a new one."""
    title: str | None = None
    summary: str | None = None
    wording: str | None = None
    when: str | None = None
    duration: str | None = None
    link: str | None = None
    phrase: str | None = None
    channel_id: int | None = None


async def edit(
    context: Context, guild_id: int, draft_id: str, number: int, wish: Wish, *, zone: str
) -> Draft:
    """Changes one proposal of a draft.

    Args:
        context: the installation.
        guild_id: the guild.
        draft_id: the draft.
        number: the proposal's number in it.
        wish: what to change.
        zone: the zone in which the organiser types times.

    Raises:
        NotFound: the draft or the proposal is gone.
        BadInput: something that was typed cannot be used; the draft stays as it was then.
    """
    guild_zone = (await guilds.get(context, guild_id)).zone
    now = context.now()
    diary = await _diary(context, guild_id) if wish.when is not None else ()

    def deciding(draft: Draft) -> Draft:
        proposal = _found(draft, number)
        changed = reworded(proposal, title=wish.title, summary=wish.summary, wording=wish.wording)
        changed = _identified(changed, wish)
        if changed.meeting is not None:
            changed = _timed(changed, changed.meeting, wish, now=now, zone=zone, guild_zone=guild_zone)
            _refuse_doubled(proposal, changed, diary)
            draft = _with_reminders(draft, changed, now)
        if changed.posts is not None:
            changed = _posted(changed, changed.posts, wish, now=now, zone=guild_zone)
        return draft.replacing(changed)

    return await import_drafts.change(context, guild_id, draft_id, deciding)


def shown_time(time: MeetingTime) -> str:
    """When a meeting is, as it stands in the form; typed back unchanged, it changes nothing."""
    wall = time.starts_wall
    return f"{format_date(wall)} {wall:%H:%M}" if wall else time.phrase


def shown_duration(time: MeetingTime) -> str:
    """How long a meeting lasts, as it stands in the form."""
    return f"{time.minutes} minutes"  # in English, since that is how it is read back


async def _diary(context: Context, guild_id: int) -> Sequence[Held]:
    """The meetings that take place, or took place."""
    async with context.database.read() as connection:
        meetings = (await import_drafts.campaign_of(connection, guild_id))[Kind.MEETING]
    return [one for one in meetings if not one.is_over]


def _refuse_doubled(before: Proposal, changed: Proposal, diary: Sequence[Held]) -> None:
    """Refuses to put a meeting beside one that begins at the very same time."""
    starts_at = changed.meeting.starts_at if changed.meeting else None
    if starts_at is None or before.meeting is None or starts_at == before.meeting.starts_at:
        return
    there = meeting_at(starts_at, diary)
    if there is not None:
        raise BadInput(
            say("“{title}” is in the diary at that time already.", title=there.known.title),
            next_step=say("Give another time, or leave this meeting unticked."),
        )


def _found(draft: Draft, number: int) -> Proposal:
    proposal = draft.numbered(number)
    if proposal is None:
        raise NotFound(
            say("That item is no longer in the document."),
            next_step=say("Look at the review again, and pick another."),
        )
    return proposal


def _identified(proposal: Proposal, wish: Wish) -> Proposal:
    if wish.is_known is None or not proposal.key or proposal.standing is Standing.SAME:
        return proposal
    is_known = proposal.standing in CHANGES
    if wish.is_known == is_known:
        return proposal
    return as_known(proposal) if wish.is_known else as_new(proposal)


def _timed(
    proposal: Proposal, time: MeetingTime, wish: Wish, *, now: datetime, zone: str, guild_zone: str
) -> Proposal:
    changed = proposal
    if wish.link is not None:
        address = link_of(wish.link) if wish.link.strip() else ""
        changed = replace(changed, links=(FoundLink(say("Join"), address),) if address else ())
    if proposal.standing in CHANGES or wish.when is None:
        return changed
    minutes = time.minutes
    if wish.duration:
        minutes = int(parse_duration(wish.duration).total_seconds()) // 60
    if wish.when == shown_time(time) and time.starts_wall is not None:
        moment = LocalMoment(time.starts_wall, time.zone)
    else:
        moment = told_in(parse_moment(wish.when, now=now, zone=zone), guild_zone)
    return at(changed, moment, minutes, now, phrase=wish.when)


def _with_reminders(draft: Draft, meeting: Proposal, now: datetime) -> Draft:
    """Ticks the reminders of a meeting that just got a time to come, and unticks those of one that is past."""
    if meeting.standing in CHANGES:
        return draft  # it stands in the diary, and its time is not changed here
    starts_at = meeting.meeting.starts_at if meeting.meeting else None
    before = draft.numbered(meeting.number)
    had = before.meeting.starts_at if before and before.meeting else None
    got_time = had is None or had <= now
    for one in draft.proposals:
        if one.posts is None or one.posts.of != meeting.number or starts_at is None:
            continue
        is_ahead = starts_at > now and one.posts.channel_id is not None
        ticked = is_ahead and (one.ticked or got_time)
        draft = draft.replacing(replace(one, ticked=ticked, title=meeting.title))
    return draft


def _posted(proposal: Proposal, posts: Posts, wish: Wish, *, now: datetime, zone: str) -> Proposal:
    phrase = posts.phrase if wish.phrase is None else wish.phrase.strip()
    if proposal.kind is Kind.REMINDERS:
        if not parse_lead_times(phrase):
            raise BadInput(
                say("No reminder is left."),
                next_step=say("Untick the reminders instead, or give at least one time."),
            )
    else:
        parse_recurrence(phrase, now=now, zone=zone)
    channel_id = wish.channel_id or posts.channel_id
    return replace(
        proposal,
        posts=replace(posts, phrase=phrase, channel_id=channel_id),
        ticked=channel_id is not None,
        doubts=() if channel_id is not None else proposal.doubts,
    )
