"""Discord's own events in the running bot: looks where something has changed, and tells organisers of foreign hands."""

import logging
from datetime import datetime, timedelta
from functools import partial
from typing import TYPE_CHECKING, Any

import discord

from bot.domain.language import say, speak
from bot.domain.native_events import EventText
from bot.domain.when import format_moment, moment_of
from bot.event_calendar import DiscordCalendar
from bot.one_task import OneTask
from bot.services import guilds, languages
from bot.services.native_events import Meddled, reconcile
from cogs._render import button, plain, shorten
from cogs._routes import route
from db.guilds import fetch_guild_ids

if TYPE_CHECKING:
    from bot.sender import DiscordSender
    from bot.services.context import Context

log = logging.getLogger(__name__)

AGAIN_AFTER = timedelta(minutes=5)
"""So long after a failure, and after what another process may have changed, it is looked again."""
_WORDS = 300


class NativeEvents:
    """Looks at one guild after the other, in a task of its own, so that no post ever waits for it."""

    def __init__(self, client: discord.Client, sender: "DiscordSender") -> None:
        self._calendar, self._sender = DiscordCalendar(client), sender
        self._context: Context | None = None
        self._to_look_at: dict[int, None] = {}
        self._task = OneTask()
        self._looked_everywhere: datetime | None = None
        self.again_at: datetime | None = None

    def bind(self, context: "Context") -> None:
        """Names the installation whose meetings these are."""
        self._context = context
        context.meetings_changed = self.changed

    def changed(self, guild_id: int) -> None:
        """Notes that a guild's meetings, its events or what the bot may do there have changed."""
        if self._context is None or not self._context.pulse.leads:
            return
        self._to_look_at[guild_id] = None
        self._task.begin(partial(self._run, self._context))

    async def look_everywhere(self, *, only_if_due: bool = False) -> None:
        """Notes all guilds; if only what is due, only where something failed or nobody has looked for a while."""
        context = self._context
        if context is None:
            return
        now = context.now()
        if only_if_due and not self._is_due(now):
            return
        self.again_at, self._looked_everywhere = None, now
        async with context.database.read() as connection:
            guild_ids = await fetch_guild_ids(connection, context.share)
        for guild_id in guild_ids:
            self.changed(guild_id)

    async def stop(self) -> None:
        """Gives up what is still to be looked at; the next start looks everywhere."""
        await self._task.stop()

    def _is_due(self, now: datetime) -> bool:
        last = self._looked_everywhere
        return (
            last is None or now - last >= AGAIN_AFTER or (self.again_at is not None and now >= self.again_at)
        )

    async def _run(self, context: "Context") -> None:
        while self._to_look_at and context.pulse.leads:
            guild_id = next(iter(self._to_look_at))
            del self._to_look_at[guild_id]
            try:
                await self._look(context, guild_id)
            except Exception:
                log.exception("events could not be brought up to date", extra={"guild": guild_id})
                self._look_again(context)

    async def _look(self, context: "Context", guild_id: int) -> None:
        speak(await languages.of_guild(context, guild_id))
        outcome = await reconcile(context, self._calendar, guild_id)
        if outcome.again:
            self._look_again(context)
        for one in outcome.meddled:
            guild = await guilds.get(context, guild_id)
            await self._sender.alert(guild_id, guild.organisers_channel_id, _told(one), _buttons(one))

    def _look_again(self, context: "Context") -> None:
        if self.again_at is None:
            self.again_at = context.now() + AGAIN_AFTER
            context.wake()


def _told(one: Meddled) -> str:
    """What the organisers are told about an event that somebody else changed or deleted."""
    name, zone = f"**{plain(one.meeting.title)}**", one.meeting.zone
    when = format_moment(moment_of(one.meeting.starts_at, zone))
    if one.left:
        return say(
            "Somebody deleted Discord's event of {name} on {when} again, so I leave it deleted. "
            "The meeting itself goes on. To call it off, use `/organise meeting cancel` or "
            "`skip`.",
            name=name,
            when=when,
        )
    if one.said is None:
        return say(
            "Somebody deleted Discord's event of {name} on {when}. The meeting still takes "
            "place, so I made the event anew. To call the meeting off, use `/organise meeting "
            "cancel` or `skip`. If only the event is unwanted, delete it once more: I leave it "
            "deleted then.",
            name=name,
            when=when,
        )
    said, lines = one.said, _differences(one.said, one.text, zone)
    steps = say("`/organise meeting edit` changes its words and its length.")
    if said.starts_at != one.text.starts_at:
        move = say("If the meeting is to move, press the button: everything else moves along.")
        steps = f"{move} {steps}"
    heading = say(
        "Somebody changed Discord's event of {name}. I put it back as the campaign's diary says.", name=name
    )
    return "\n".join((heading, *lines, steps))


def _differences(said: EventText, text: EventText, zone: str) -> list[str]:
    pairs = (
        (say("Start"), _when(said.starts_at, zone), _when(text.starts_at, zone)),
        (say("End"), _when(said.ends_at, zone), _when(text.ends_at, zone)),
        (say("Name"), plain(said.name), plain(text.name)),
        (say("Place"), plain(said.location) or say("another place"), plain(text.location)),
    )
    lines = [
        say(
            "- {what}: it said {there}; the diary says {ours}.",
            what=what,
            there=shorten(there, _WORDS),
            ours=ours,
        )
        for what, there, ours in pairs
        if there != ours
    ]
    if " ".join(said.description.split()) != " ".join(text.description.split()):
        lines.append(say("- Its description was another one."))
    return lines


def _when(instant: datetime, zone: str) -> str:
    return format_moment(moment_of(instant, zone))


def _buttons(one: Meddled) -> list[discord.ui.Button[Any]]:
    if one.said is None or one.said.starts_at == one.text.starts_at:
        return []
    seconds = str(int(one.said.starts_at.timestamp()))
    custom_id = route("event.move", one.meeting.key, one.meeting.day.isoformat(), seconds)
    return [button(say("Move the meeting to that time"), custom_id, main=True)]
