"""The product's engine on a clock that a test drives: real services, a real database file, real scheduler turns.

Only Discord is on paper: a sender that notes what arrives and when, and fails as its `weather` says.
"""

import contextlib
from collections import Counter, defaultdict
from collections.abc import Callable, Sequence
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from pathlib import Path
from typing import Any

from sqlalchemy import event

from bot.app import SolidarityBot, create_bot
from bot.config import Settings, load_settings
from bot.domain.schedules import Delivery, DeliveryState, Schedule
from bot.services import guilds
from bot.services.context import Context
from bot.services.delivery import HistoryUnreadable, NotSent, Post, TargetGone
from bot.services.keys import load_keys
from bot.services.rate_limit import SubmissionLimit
from bot.services.schedules import add_schedule
from db.deliveries import fetch_deliveries
from db.engine import Database
from db.upgrade import upgrade
from tests.conftest import StoppedClock

GUILD, CHANNEL = 1, 2
LONDON = "Europe/London"


class PowerCut(BaseException):
    """The machine goes off. Nobody may catch it; the test starts the product again."""


@dataclass
class Weather:
    """What goes wrong with one attempt; `None` where nothing does."""

    before: BaseException | None = None
    """Raised before the post arrives."""
    after: BaseException | None = None
    """Raised once it has arrived."""
    unreadable: bool = False
    """Whether the channel's history is closed at this moment."""


def fair() -> Weather:
    """Nothing goes wrong."""
    return Weather()


@dataclass
class Discord:
    """Every channel, on paper."""

    clock: StoppedClock
    weather: Callable[[], Weather] = fair
    posts: dict[str, list[datetime]] = field(default_factory=lambda: defaultdict(list))
    late: set[str] = field(default_factory=set[str])
    alerts: list[str] = field(default_factory=list)
    failures: Counter[str] = field(default_factory=Counter[str])
    cut: bool = False

    async def send(self, post: Post) -> int:
        self._must_be_on()
        weather = self.weather()
        if weather.before is not None:
            self._fail("before", weather.before)
        self.posts[post.delivery.delivery_id].append(self.clock.now())
        if post.late:
            self.late.add(post.delivery.delivery_id)
        if weather.after is not None:
            self._fail("after", weather.after)
        return self._number(post)

    async def find(self, post: Post) -> int | None:
        self._must_be_on()
        if self.weather().unreadable:
            self.failures["unreadable"] += 1
            raise HistoryUnreadable
        return self._number(post) if self.posts[post.delivery.delivery_id] else None

    async def alert(
        self, guild_id: int, channel_id: int | None, text: str, buttons: Sequence[object] = ()
    ) -> None:
        self.alerts.append(text)

    async def problem_with(self, guild_id: int, channel_id: int) -> str | None:
        """What closes a channel here passes at once."""
        return None

    def role_gone(self, guild_id: int, role_id: int) -> bool:
        """Roles stay."""
        return False

    def _must_be_on(self) -> None:
        if self.cut:
            raise PowerCut  # whatever else was under way at that moment dies too

    def _fail(self, when: str, error: BaseException) -> None:
        self.failures[f"{type(error).__name__} {when}"] += 1
        self.cut = isinstance(error, PowerCut)
        raise error

    def _number(self, post: Post) -> int:
        return 1 + sorted(self.posts).index(post.delivery.delivery_id)


@dataclass
class Machine:
    """The product, switched on; `restart` opens the same files again."""

    clock: StoppedClock
    discord: Discord
    settings: Settings
    bot: SolidarityBot
    restarts: int = 0

    @classmethod
    async def boot(cls, folder: Path, clock: StoppedClock) -> "Machine":
        """Switches on for the first time."""
        settings = load_settings(None, {"SOLIDARITY_DATA__DIRECTORY": str(folder)}, need_token=False)
        discord = Discord(clock)
        machine = cls(clock, discord, settings, await _bot(settings, clock, discord))
        await upgrade(machine.context.database)
        await guilds.welcome(machine.context, [GUILD])
        return machine

    @property
    def context(self) -> Context:
        """What the services need."""
        return self.bot.context

    async def off(self) -> None:
        """Switches off."""
        await self.bot.engine.stop()
        await self.bot.engine.resign()
        await self.context.database.close()

    async def restart(self) -> None:
        """Switches off and on again."""
        await self.off()
        await self.on()

    async def on(self) -> None:
        """Switches on again."""
        self.restarts += 1
        self.discord.cut = False
        self.bot = await _bot(self.settings, self.clock, self.discord)

    async def add(self, schedule: Schedule) -> None:
        """Stores a schedule, as an organiser's command would."""
        async with self.context.database.write() as connection:
            await add_schedule(self.context, connection, schedule)

    async def run_until(self, end: datetime) -> None:
        """Steps from due instant to due instant, starting again after each power cut."""
        while (due := await self._turn()) is not None and due <= end:
            self.clock.instant = max(self.clock.instant, due)
        self.clock.instant = max(self.clock.instant, end)

    async def _turn(self) -> datetime | None:
        with contextlib.suppress(PowerCut, BaseExceptionGroup):
            await self.bot.scheduler.turn()
        if self.discord.cut:
            await self.restart()
            return self.clock.now()
        return self.bot.scheduler.due

    async def deliveries(self, schedule_id: str) -> list[Delivery]:
        """What was due up to now, as the database has it."""
        async with self.context.database.read() as connection:
            found = await fetch_deliveries(connection, GUILD, schedule_id)
        return [delivery for delivery in found if delivery.due_at <= self.clock.now()]

    def posted(self, delivery: Delivery) -> list[datetime]:
        """When a delivery arrived in its channel."""
        return self.discord.posts.get(delivery.delivery_id, [])


async def _database(settings: Settings) -> Database:
    """The product's own database, spared from waiting for the disk: a power cut here loses the process only."""
    database = await Database.open(settings.database.url)

    @event.listens_for(database._writer.sync_engine, "connect")
    def prepare(connection: Any, record: object) -> None:
        connection.execute("PRAGMA synchronous = OFF").close()

    return database


async def _bot(settings: Settings, clock: StoppedClock, discord: Discord) -> SolidarityBot:
    bot = create_bot(settings, clock=clock)
    bot.context = Context(
        database=await _database(settings),
        clock=clock,
        settings=settings,
        keys=load_keys(settings.data.directory),
        limit=SubmissionLimit(settings.feedback.submissions_per_day),
        wake=bot.scheduler.wake,
    )
    bot.engine.sender = discord  # type: ignore[assignment]
    bot.engine.bind(bot.context)
    return bot


def schedule(schedule_id: str, starts: datetime, **parts: object) -> Schedule:
    """A schedule into the one channel, in London's time."""
    from bot.domain.schedules import ScheduleKind

    given: dict[str, object] = {
        "schedule_id": schedule_id,
        "guild_id": GUILD,
        "kind": ScheduleKind.REMINDER,
        "title": f"Title of {schedule_id}",
        "wordings": ("Post your ballot paper.",),
        "starts_wall": starts,
        "zone": LONDON,
        "channel_id": CHANNEL,
        "lead_times": (timedelta(),),
        **parts,
    }
    return Schedule(**given)  # type: ignore[arg-type]


UNSETTLED = {DeliveryState.PENDING, DeliveryState.SENDING}
OUTAGES: tuple[Callable[[], Weather], ...] = (
    lambda: Weather(before=NotSent("Discord is busy.")),
    lambda: Weather(before=ConnectionResetError("lost on the way there")),
    lambda: Weather(after=ConnectionResetError("lost on the way back")),
    lambda: Weather(before=TimeoutError()),
    lambda: Weather(after=TimeoutError()),
    lambda: Weather(after=ConnectionResetError("lost on the way back"), unreadable=True),
    lambda: Weather(before=PowerCut(), unreadable=True),
    lambda: Weather(before=PowerCut()),
    lambda: Weather(after=PowerCut()),
    lambda: Weather(before=TargetGone("The channel is closed to me."), unreadable=True),
)
