"""What was done about the resolutions of motions, and which motions stand behind a demand."""

import hashlib
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date

from bot.domain.language import say
from bot.domain.models import Demand, Motion, MotionProgress, Resolution
from bot.domain.problems import BadInput, NotFound
from bot.domain.search import Kin
from bot.domain.text import clean_line, clean_text
from bot.domain.when.moment import format_date
from bot.services import campaign
from bot.services.context import Context
from bot.services.guilds import local_now
from bot.services.snapshot import CampaignSnapshot
from db.audit import insert_audit
from db.motions import fetch_motion, insert_progress

PROGRESS_LIMIT = 1_000
SOURCE_LIMIT = 300
PROGRESS_RECORDED = "motion"
"""The audit log's name for it."""


@dataclass(frozen=True, slots=True)
class Relation:
    """A motion behind a demand, and the demand's words that the motion holds, so that a reader can judge."""

    motion: Motion
    demand: Demand
    shared: tuple[str, ...]


async def record_progress(
    context: Context,
    guild_id: int,
    organiser_id: int,
    motion_key: str,
    mark: str,
    *,
    text: str,
    on: date,
    source: str,
) -> tuple[Motion, Resolution]:
    """Adds what was done about a resolution to its history, where nothing is overwritten.

    The same once more, as when a form is sent twice, changes nothing.

    Args:
        context: the installation.
        guild_id: the guild.
        organiser_id: who records it, for the audit log.
        motion_key: the motion's own key: words would do for looking up, but not for writing.
        mark: which of its resolutions.
        text: what was done, at most 1,000 characters.
        on: the day on which it was done, today at the latest.
        source: where that can be read, or who said so, at most 300 characters.

    Returns:
        The motion, and the resolution with its new progress.

    Raises:
        BadInput: something about it cannot be used.
        NotFound: the guild has no such motion, or the motion no such resolution.
    """
    today = (await local_now(context, guild_id)).date()
    if on > today:
        raise BadInput(
            say("{day} is in the future, so nothing was recorded.", day=format_date(on)),
            next_step=say("Give the day on which it was done, today at the latest."),
        )
    progress = MotionProgress(
        label=mark,
        on=on,
        text=clean_text(text, name=say("text"), most=PROGRESS_LIMIT),
        source=clean_line(source, name=say("source"), most=SOURCE_LIMIT),
    )
    async with context.database.write() as connection:
        motion = _must_exist(await fetch_motion(connection, guild_id, motion_key))
        resolution_of(motion, mark)
        is_new = await insert_progress(
            connection,
            guild_id,
            motion_key,
            progress,
            progress_id=_id_of(motion_key, progress),
            recorded_at=context.now(),
        )
        if is_new:
            await insert_audit(
                connection,
                guild_id,
                at=context.now(),
                actor_id=organiser_id,
                event=PROGRESS_RECORDED,
                purpose=f"{motion.title}: resolution {mark}",
            )
        motion = _must_exist(await fetch_motion(connection, guild_id, motion_key))
    context.snapshots.forget(guild_id)
    return motion, resolution_of(motion, mark)


async def find_resolution(
    context: Context, guild_id: int, motion_words: str, typed: str
) -> tuple[Motion, Resolution]:
    """A resolution by what somebody typed: its mark, its label, or words that only one of them holds.

    Raises:
        NotFound: there is no such motion, or the motion has no such resolution.
    """
    motion = await campaign.get_motion(context, guild_id, motion_words)
    wanted = typed.strip().casefold()
    for resolution in motion.resolutions():
        if wanted in {resolution.mark, resolution.point.label.casefold()}:
            return motion, resolution
    holding = [one for one in motion.resolutions() if wanted and wanted in one.point.text.casefold()]
    return motion, holding[0] if len(holding) == 1 else resolution_of(motion, typed)


def resolution_of(motion: Motion, mark: str) -> Resolution:
    """The resolution with this mark.

    Raises:
        NotFound: the motion has none.
    """
    for resolution in motion.resolutions():
        if resolution.mark == mark:
            return resolution
    marks = ", ".join(resolution.mark for resolution in motion.resolutions())
    raise NotFound(
        say("“{title}” has no resolution “{mark}”.", title=motion.title, mark=mark[:40]),
        next_step=say("Choose one of these: {marks}.", marks=marks)
        if marks
        else say("This motion resolves nothing."),
    )


async def suggest_resolutions(
    context: Context, guild_id: int, motion_words: str, typed: str
) -> list[campaign.Suggestion]:
    """The resolutions of a motion that hold what was typed so far, as label and mark; none of a motion unknown."""
    motion = (await context.snapshots.get(context, guild_id)).motions.find(motion_words or " ")
    if motion is None:
        return []
    wanted = typed.strip().casefold()
    labels = [(f"{one.mark}: {one.point.text}", one.mark) for one in motion.resolutions()]
    return [(label, mark) for label, mark in labels if wanted in label.casefold()]


async def motions_behind(context: Context, guild_id: int, demand_key: str) -> tuple[Relation, ...]:
    """The motions that hold a demand's words, the closest first; a demand that nobody knows has none."""
    snapshot = await context.snapshots.get(context, guild_id)
    return _relations(snapshot, snapshot.everything.kinship.behind(demand_key))


async def demands_before(context: Context, guild_id: int, motion_key: str) -> tuple[Relation, ...]:
    """The demands that are still made and of whose words a motion holds some, the closest first."""
    snapshot = await context.snapshots.get(context, guild_id)
    relations = _relations(snapshot, snapshot.everything.kinship.before(motion_key))
    return tuple(one for one in relations if one.demand.retired_on is None)


def _relations(snapshot: CampaignSnapshot, kin: Iterable[Kin]) -> tuple[Relation, ...]:
    pairs = ((snapshot.motions.get(one.motion), snapshot.demands.get(one.demand), one.shared) for one in kin)
    return tuple(Relation(motion, demand, shared) for motion, demand, shared in pairs if motion and demand)


def _id_of(motion_key: str, progress: MotionProgress) -> str:
    """The same for the same words of the same day about the same resolution."""
    parts = (motion_key, progress.label, progress.on.isoformat(), progress.text, progress.source)
    return hashlib.sha256("\0".join(parts).encode()).hexdigest()[:32]


def _must_exist(motion: Motion | None) -> Motion:
    if motion is None:
        raise NotFound(
            say("That motion is not here any more, so nothing was recorded."),
            next_step=say("Choose one from the list that appears while you type."),
        )
    return motion
