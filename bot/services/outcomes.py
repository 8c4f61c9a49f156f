"""What becomes of one attempt at a delivery, and how that is written down and told."""

import asyncio
import contextlib
import logging
from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import timedelta
from enum import Enum, auto
from gettext import NullTranslations

from sqlalchemy.ext.asyncio import AsyncConnection

from bot.domain.language import later, say, speak, speaking
from bot.domain.lateness import Lateness, judge
from bot.domain.schedules import DeliveryState, ScheduleKind, ScheduleState
from bot.services import direct_nudges, follows, languages
from bot.services.closed_channels import note_closed, say_why
from bot.services.context import Context
from bot.services.policy import limit_in_words
from bot.services.sending import (
    HistoryUnreadable,
    NotSent,
    NotTried,
    PersonClosed,
    Post,
    Refused,
    Sender,
    TargetDeleted,
    TargetGone,
)
from db import deliveries as delivery_queries
from db import guilds as guild_queries

log = logging.getLogger(__name__)

RETRY_AFTER = timedelta(seconds=30)
MOST_ATTEMPTS = 10
LONGEST_ALERT = 1_900
UNKNOWN_WHETHER_SENT = later(
    "Whether it was posted is not certain, and I may not read that channel's history to "
    "find out. Please look, and post it by hand if it is missing."
)
TOO_LATE = later("It was too late to be of use.")
NOTHING_TO_TELL = later("The member stopped following, or the entry was corrected meanwhile.")
TRIED_OFTEN = later("Tried {most} times.")
STOPPED = later("Its schedule was paused or ended meanwhile.")


class Ending(Enum):
    """How an attempt ended."""

    SENT = auto()
    CLOSED = auto()
    PERSON_CLOSED = auto()
    REFUSED = auto()
    TOO_LATE = auto()
    NOT_CERTAIN = auto()
    NOT_SENT = auto()
    NOT_TRIED = auto()
    UNKNOWN = auto()


@dataclass(frozen=True, slots=True)
class Outcome:
    """How the attempt at one post ended."""

    post: Post
    ending: Ending
    message_id: int | None = None
    reason: str = ""


# The first kind that fits counts, so the special ones stand before the general.
_ENDINGS: tuple[tuple[type[Exception], Ending], ...] = (
    (PersonClosed, Ending.PERSON_CLOSED),
    (TargetGone, Ending.CLOSED),
    (Refused, Ending.REFUSED),
    (NotTried, Ending.NOT_TRIED),
    (NotSent, Ending.NOT_SENT),
)


async def attempt(context: Context, sender: Sender, post: Post) -> Outcome:
    """Looks for the post where it may stand already, and sends it where it does not. Never raises."""
    try:
        speak(await languages.of_post(context, post))
        return await _find_or_send(context, sender, post)
    except (TargetGone, Refused, NotSent) as error:
        ending = next(ending for kind, ending in _ENDINGS if isinstance(error, kind))
        return Outcome(post, ending, reason=str(error))
    except Exception as error:  # noqa: BLE001 - whatever it was, the outcome is unknown: the lease decides when to look
        log.warning(
            "delivery outcome unknown",
            extra={"delivery": post.delivery.delivery_id, "error": type(error).__name__},
        )
        return Outcome(post, Ending.UNKNOWN)


async def _find_or_send(context: Context, sender: Sender, post: Post) -> Outcome:
    limit = context.settings.delivery.send_timeout_seconds
    if post.delivery.may_stand:
        try:
            async with asyncio.timeout(limit):
                found = await sender.find(post)
        except TargetDeleted:
            raise
        except (HistoryUnreadable, TargetGone):
            return Outcome(post, Ending.NOT_CERTAIN, reason=UNKNOWN_WHETHER_SENT)
        if found is not None:
            return Outcome(post, Ending.SENT, message_id=found)
    elif context.pulse.is_doubtful(post.delivery.due_at):
        with contextlib.suppress(HistoryUnreadable):
            async with asyncio.timeout(limit):
                found = await sender.find(_as_if_tried_when_due(post))
            if found is not None:
                return Outcome(post, Ending.SENT, message_id=found)
    if post.schedule.state is not ScheduleState.ACTIVE or post.is_empty:
        return Outcome(post, Ending.TOO_LATE, reason=NOTHING_TO_TELL if post.is_empty else STOPPED)
    if judge(post.schedule, post.delivery, context.now()) is Lateness.TOO_LATE:
        return Outcome(post, Ending.TOO_LATE, reason=TOO_LATE)
    async with asyncio.timeout(limit):
        return Outcome(post, Ending.SENT, message_id=await sender.send(post))


def _as_if_tried_when_due(post: Post) -> Post:
    return replace(post, delivery=replace(post.delivery, first_attempted_at=post.delivery.due_at))


async def settle_all(context: Context, sender: Sender, outcomes: Sequence[Outcome]) -> None:
    """Writes down a group of outcomes in one transaction, then tells the organisers what they have to know."""
    try:
        catalogues = await _catalogues(context, outcomes)
        alerts = await _record(context, outcomes, catalogues)
    except Exception:
        if len(outcomes) == 1:
            log.exception("an outcome could not be written down; its lease decides when to look")
            return
        log.warning("a group of outcomes could not be written down", exc_info=True)
        for outcome in outcomes:
            await settle_all(context, sender, [outcome])
        return
    for outcome in outcomes:
        if outcome.ending is Ending.PERSON_CLOSED:
            following = outcome.post.schedule.kind is ScheduleKind.FOLLOW
            switch_off = follows.closed if following else direct_nudges.closed
            await switch_off(context, outcome.post.delivery.guild_id, outcome.post.delivery.target_id)
    await _tell(sender, alerts)


async def _catalogues(context: Context, outcomes: Sequence[Outcome]) -> dict[int, NullTranslations]:
    """The languages of those who may have to be told, looked up before the transaction begins."""
    guild_ids = {outcome.post.delivery.guild_id for outcome in outcomes}
    return {guild_id: await languages.of_guild(context, guild_id) for guild_id in guild_ids}


@dataclass(frozen=True, slots=True)
class _Alert:
    guild_id: int
    channel_id: int | None
    text: str


async def _record(
    context: Context, outcomes: Sequence[Outcome], catalogues: Mapping[int, NullTranslations]
) -> list[_Alert]:
    alerts: list[_Alert] = []
    async with context.database.write() as connection:
        for outcome in outcomes:
            guild_id = outcome.post.delivery.guild_id
            with speaking(catalogues[guild_id]):
                text = await _write(context, connection, outcome)
            if text is None or outcome.post.is_for_a_person:
                continue
            guild = await guild_queries.fetch_guild(connection, guild_id)
            alerts.append(_Alert(guild_id, guild.organisers_channel_id if guild else None, text))
    return alerts


async def _write(context: Context, connection: AsyncConnection, outcome: Outcome) -> str | None:
    """Writes one outcome. Returns what the organisers are told of it, if anything."""
    post, reason = outcome.post, outcome.reason
    match outcome.ending:
        case Ending.SENT:
            await _write_sent(context, connection, outcome)
        case Ending.CLOSED if not post.is_for_a_person:
            return await _write_closed(context, connection, outcome)
        case Ending.CLOSED | Ending.PERSON_CLOSED:
            await _settle(context, connection, outcome, DeliveryState.SKIPPED)
        case Ending.TOO_LATE:
            return await _settle(context, connection, outcome, DeliveryState.SKIPPED)
        case Ending.REFUSED:
            return await _settle(context, connection, outcome, DeliveryState.FAILED)
        case Ending.NOT_CERTAIN:
            return await _settle(context, connection, outcome, DeliveryState.HELD)
        case Ending.NOT_SENT:
            return await _write_retry(context, connection, outcome)
        case Ending.NOT_TRIED:
            again = context.now() + (RETRY_AFTER if reason else timedelta())
            await delivery_queries.give_back(connection, post.delivery, at=again, reason=reason or None)
        case Ending.UNKNOWN:
            pass
    return None


async def _write_sent(context: Context, connection: AsyncConnection, outcome: Outcome) -> None:
    post = outcome.post
    marked = await delivery_queries.settle(
        connection, post.delivery, DeliveryState.SENT, at=context.now(), message_id=outcome.message_id
    )
    _note_settled(context, post, DeliveryState.SENT, marked)
    if marked and post.schedule.kind is ScheduleKind.NUDGE and not post.is_for_a_person:
        await direct_nudges.spread(context, connection, post.delivery, post.schedule)


async def _settle(
    context: Context,
    connection: AsyncConnection,
    outcome: Outcome,
    state: DeliveryState,
    reason: str | None = None,
) -> str | None:
    reason = reason or outcome.reason
    marked = await delivery_queries.settle(
        connection, outcome.post.delivery, state, at=context.now(), reason=reason
    )
    _note_settled(context, outcome.post, state, marked)
    return alert_text(say(_WHAT_BECAME[state], **_named(outcome.post)), reason) if marked else None


async def _write_retry(context: Context, connection: AsyncConnection, outcome: Outcome) -> str | None:
    attempts = outcome.post.delivery.attempts
    if attempts >= MOST_ATTEMPTS:
        reason = f"{_tried_often()} {outcome.reason}"
        return await _settle(context, connection, outcome, DeliveryState.FAILED, reason)
    wait = RETRY_AFTER * 2 ** min(attempts - 1, 6)
    await delivery_queries.put_back(
        connection, outcome.post.delivery, retry_at=context.now() + wait, reason=outcome.reason
    )
    return None


async def _write_closed(context: Context, connection: AsyncConnection, outcome: Outcome) -> str | None:
    """Holds the post until its channel is mended, or sends it to the fallback channel, and tells of the channel once."""
    post, reason, now = outcome.post, outcome.reason, context.now()
    delivery = post.delivery
    guild = await guild_queries.fetch_guild(connection, delivery.guild_id)
    fallback = guild.fallback_channel_id if guild else None
    if fallback is not None and not post.stands_in and fallback != delivery.target_id:
        what = say(
            "“{title}”, due {when} in {channel}, goes to <#{fallback}> instead.",
            fallback=fallback,
            **_named(post),
        )
        marked = await delivery_queries.redirect(
            connection, delivery, at=now, reason=reason, target_id=fallback
        )
    else:
        what = say(_WHAT_BECAME[DeliveryState.HELD], **_named(post))
        home = post.schedule.channel_id
        marked = await delivery_queries.hold_unsent(
            connection, delivery, at=now, reason=reason, target_id=home
        )
        _note_settled(context, post, DeliveryState.HELD, marked)
    if not marked or not await note_closed(connection, delivery.guild_id, delivery.target_id, reason):
        return None
    return alert_text(
        what,
        say("{reason} The same goes for what follows there, until it is mended.", reason=say_why(reason)),
    )


_WHAT_BECAME = {
    DeliveryState.HELD: later("“{title}”, due {when} in {channel}, is held back."),
    DeliveryState.SKIPPED: later("“{title}”, due {when} in {channel}, was left out."),
    DeliveryState.FAILED: later("“{title}”, due {when} in {channel}, could not be posted."),
}


def reason_in_words(reason: str) -> str:
    """Why a post did not go out, in the reader's language: it is stored in English."""
    often = _tried_often()
    if reason.startswith(often):
        return f"{say(TRIED_OFTEN, most=MOST_ATTEMPTS)} {say_why(reason.removeprefix(often).strip())}"
    return limit_in_words(reason) or say_why(reason)


def _tried_often() -> str:
    return TRIED_OFTEN.format(most=MOST_ATTEMPTS)


def alert_text(what: str, reason: str) -> str:
    """What the organisers are told of a post that did not go out as planned."""
    where_to_look = say(
        "Nothing was deleted; `/organise deliveries` shows what is waiting, `/setup check` what to mend."
    )
    return f"{what} {reason_in_words(reason)} {where_to_look}"


def _named(post: Post) -> dict[str, str]:
    return {
        "title": post.schedule.title,
        "when": f"<t:{int(post.delivery.due_at.timestamp())}:F>",
        "channel": f"<#{post.delivery.target_id}>",
    }


async def _tell(sender: Sender, alerts: Iterable[_Alert]) -> None:
    texts: defaultdict[tuple[int, int | None], list[str]] = defaultdict(list)
    for alert in alerts:
        texts[alert.guild_id, alert.channel_id].append(alert.text)
    for (guild_id, channel_id), lines in texts.items():
        for text in joined(lines):
            await sender.alert(guild_id, channel_id, text)


def joined(lines: Sequence[str]) -> list[str]:
    """The lines in as few messages as Discord's limit allows."""
    messages: list[str] = []
    for line in lines:
        if messages and len(messages[-1]) + len(line) < LONGEST_ALERT:
            messages[-1] += f"\n{line}"
        else:
            messages.append(line[:LONGEST_ALERT])
    return messages


def _note_settled(context: Context, post: Post, state: DeliveryState, marked: bool) -> None:
    if marked:
        context.pulse.settled(state, post.delivery.due_at, context.now())
    log.info(
        "delivery settled",
        extra={"delivery": post.delivery.delivery_id, "state": state.value, "held": marked},
    )
