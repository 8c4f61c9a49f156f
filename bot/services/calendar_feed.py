"""The calendar to which phones subscribe: by a secret address, one for each guild that wants it.

The secret is derived from the installation's key and a number that is drawn whenever there is to be a new address, so
nothing in the database alone leads to it. The calendar holds planned and cancelled meetings, and no joining link, no name
and no count.
"""

import hashlib
import hmac
import re
import secrets
from dataclasses import dataclass
from datetime import date, datetime, timedelta

from bot.domain.diary import DiaryEntry, feed_of, file_of, repeats_within_a_day
from bot.domain.language import later, say, speaking
from bot.domain.meeting_days import at_day, next_of
from bot.domain.models import Guild, Meeting
from bot.domain.problems import BadInput, NotFound
from bot.services import guilds, languages
from bot.services.context import Context
from bot.services.meetings import choose_meeting
from db import guilds as guild_queries
from db import meetings as queries

CALENDAR_CHANGED = "calendar set"
NEW_ADDRESS = later("new address")
LOOK_BACK = timedelta(days=30)
MOST_MEETINGS = 200
_EPOCHS = 2**31
_STAMPS = re.compile(rb"^DTSTAMP:[^\r]*", re.MULTILINE)
"""When an entry was written. That says nothing of the meeting, so it does not count as a change."""

_SECOND = timedelta(seconds=1)


@dataclass(frozen=True, slots=True)
class FeedAddress:
    """The secret address of a guild's calendar, for phones and for programs that want it as a web address."""

    web: str

    @property
    def webcal(self) -> str:
        """The same, in the form that a phone opens with its calendar."""
        return f"webcal://{self.web.partition('://')[2]}"


@dataclass(frozen=True, slots=True)
class DiaryFile:
    """A calendar file, and the occurrence of the meeting at which it was asked for.

    `is_series` says that the file holds all days of what repeats, `can_be_one_day` that one of them can be had by itself.
    """

    meeting: Meeting
    content: bytes
    is_series: bool
    can_be_one_day: bool


@dataclass(frozen=True, slots=True)
class Feed:
    """A guild's calendar. `tag` is the same as long as it says the same; `changed_at` is in whole seconds."""

    content: bytes
    tag: str
    changed_at: datetime


class Feeds:
    """The calendars as they were last asked for, so that only a change has them written anew."""

    def __init__(self, context: Context) -> None:
        self._context = context
        self._known: dict[int, tuple[tuple[str, tuple[DiaryEntry, ...]], Feed]] = {}

    def now(self) -> datetime:
        """The current instant, aware, in UTC."""
        return self._context.now()

    async def find(self, secret: str) -> Feed | None:
        """The calendar with that secret, if there is one. Each secret that fits nobody takes the same time."""
        context = self._context
        async with context.database.read() as connection:
            epochs = await guild_queries.fetch_feed_epochs(connection)
            typed = secret.encode()
            fitting = [
                guild_id
                for guild_id, epoch in epochs
                if hmac.compare_digest(context.keys.feed_secret(guild_id, epoch).encode(), typed)
            ]
            if not fitting:
                return None
            meetings = await queries.fetch_meetings(connection, fitting[0])
        guild = await guilds.get(context, fitting[0])
        with speaking(languages.catalogue(guild.language)):
            return self._feed(guild, _entries(context, guild.guild_id, meetings))

    def _feed(self, guild: Guild, entries: tuple[DiaryEntry, ...]) -> Feed:
        said = (guild.language, entries)
        known = self._known.get(guild.guild_id)
        if known and known[0] == said:
            return known[1]
        now = self._context.now().replace(microsecond=0)
        changed_at = max(now, known[1].changed_at + _SECOND) if known else now
        content = feed_of(entries, now=changed_at)
        tag = hashlib.sha256(_STAMPS.sub(b"", content)).hexdigest()[:32]
        feed = known[1] if known and known[1].tag == tag else Feed(content, tag, changed_at)
        self._known[guild.guild_id] = (said, feed)
        return feed


async def diary_file(context: Context, guild_id: int, typed: str, day: date | None = None) -> DiaryFile:
    """The calendar file of a meeting: of all its occurrences, or only of the one that its rule puts on a day.

    Raises:
        NotFound: no meeting fits, or it does not take place on that day.
    """
    now = context.now()
    async with context.database.read() as connection:
        stored = choose_meeting(await queries.fetch_meetings(connection, guild_id), typed)
    meant = at_day(stored, day) if day else next_of(stored, now) or stored
    if meant is None:
        raise NotFound(
            say("{title} does not take place on that day any more.", title=stored.title),
            next_step=say("`/meeting list` shows what is on."),
        )
    entry = DiaryEntry(context.keys.diary_uid(guild_id, stored.key), stored)
    is_series = stored.repeat is not None and day is None
    return DiaryFile(
        meant, file_of(entry, now=now, day=day), is_series, is_series and not repeats_within_a_day(stored)
    )


async def is_offered(context: Context, guild_id: int) -> bool:
    """Whether members of a guild can subscribe to its calendar."""
    guild = await guilds.get(context, guild_id)
    return context.settings.feed.endpoint is not None and guild.feed_epoch is not None


async def address(context: Context, guild_id: int) -> FeedAddress:
    """The address of a guild's calendar.

    Raises:
        NotFound: there is no calendar to subscribe to, in this guild or in the whole installation.
    """
    guild = await guilds.get(context, guild_id)
    if context.settings.feed.endpoint is None or guild.feed_epoch is None:
        raise NotFound(
            say("There is no calendar to subscribe to here yet."),
            next_step=say(
                "`/meeting diary` puts a meeting into your own diary. Administrators can offer a "
                "calendar with `/setup calendar`."
            ),
        )
    return _address(context, guild, guild.feed_epoch)


async def turn_on(context: Context, guild_id: int, administrator_id: int) -> FeedAddress:
    """Offers the calendar; one that is offered already keeps its address.

    Raises:
        BadInput: the configuration does not switch it on.
    """
    require_switched_on(context)
    guild = await guilds.get(context, guild_id)
    if guild.feed_epoch is not None:
        return _address(context, guild, guild.feed_epoch)
    return await _draw(context, guild_id, administrator_id, "on")


async def give_new_address(context: Context, guild_id: int, administrator_id: int) -> FeedAddress:
    """Offers the calendar under a new address; the one before leads nowhere from now on.

    Raises:
        BadInput: the configuration does not switch it on.
    """
    require_switched_on(context)
    return await _draw(context, guild_id, administrator_id, NEW_ADDRESS)


async def turn_off(context: Context, guild_id: int, administrator_id: int) -> None:
    """Offers no calendar any more: its address leads nowhere, now and later."""
    await guilds.change_and_record(
        context, guild_id, administrator_id, CALENDAR_CHANGED, "off", feed_epoch=None
    )


async def _draw(context: Context, guild_id: int, administrator_id: int, what: str) -> FeedAddress:
    epoch = secrets.randbelow(_EPOCHS)
    guild = await guilds.change_and_record(
        context, guild_id, administrator_id, CALENDAR_CHANGED, what, feed_epoch=epoch
    )
    return _address(context, guild, epoch)


def require_switched_on(context: Context) -> None:
    """Refuses where the configuration does not say where to listen.

    Raises:
        BadInput: it does not.
    """
    if context.settings.feed.endpoint is None:
        raise BadInput(
            say("The calendar is switched off in the bot's configuration."),
            next_step=say(
                "Whoever runs the bot switches it on: `listen` and `public_url` below `[feed]` in "
                "config.toml, as docs/calendar-feed.md says, and a restart. Until then `/meeting "
                "diary` gives members each meeting as a file."
            ),
        )


def _address(context: Context, guild: Guild, epoch: int) -> FeedAddress:
    secret = context.keys.feed_secret(guild.guild_id, epoch)
    return FeedAddress(f"{context.settings.feed.public_url}/calendar/{secret}.ics")


def _entries(context: Context, guild_id: int, meetings: tuple[Meeting, ...]) -> tuple[DiaryEntry, ...]:
    """The meetings of the feed, planned and cancelled: those that are not over for long, the nearest first."""
    since = context.now() - LOOK_BACK
    near = [(coming.starts_at, meeting) for meeting in meetings if (coming := next_of(meeting, since))]
    near.sort(key=lambda pair: pair[0])
    return tuple(
        DiaryEntry(context.keys.diary_uid(guild_id, meeting.key), meeting)
        for _, meeting in near[:MOST_MEETINGS]
    )
