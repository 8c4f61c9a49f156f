"""Discord's events of some guilds, whose failures a test can choose."""

from collections import defaultdict, deque
from dataclasses import dataclass, field, replace

from bot.domain.native_events import EventText
from bot.services.native_events import Shown
from bot.services.sending import NotSent, Refused


@dataclass
class CalendarOnPaper:
    """Keeps what arrives. A failure in `before` is raised before a change is made, one in `after` once it is made."""

    shown: dict[int, dict[int, Shown]] = field(default_factory=lambda: defaultdict(dict))
    requests: list[str] = field(default_factory=list)
    before: deque[Exception] = field(default_factory=deque)
    after: deque[Exception] = field(default_factory=deque)
    allowed: bool = True
    visible: bool = True
    channel: str = "announcements"
    made: int = 0

    def may_create(self, guild_id: int) -> bool:
        if not self.visible:
            raise NotSent("Discord has not shown me that server yet.")
        return self.allowed

    def remembered(self, guild_id: int) -> tuple[Shown, ...]:
        return tuple(self.shown[guild_id].values())

    def channel_name(self, guild_id: int, channel_id: int) -> str | None:
        return self.channel

    async def look(self, guild_id: int) -> "GuildOnPaper":
        self.requests.append("look")
        return GuildOnPaper(self, guild_id, tuple(self.shown[guild_id].values()))

    def by_hand(self, guild_id: int, event_id: int, **changes: object) -> None:
        """Somebody changes an event in Discord."""
        event = self.shown[guild_id][event_id]
        self.shown[guild_id][event_id] = replace(event, text=replace(event.text, **changes))

    def put(self, guild_id: int, text: EventText) -> Shown:
        self.made += 1
        self.shown[guild_id][self.made] = Shown(self.made, text)
        return self.shown[guild_id][self.made]


@dataclass
class GuildOnPaper:
    """One guild's events, as they were listed."""

    calendar: CalendarOnPaper
    guild_id: int
    events: tuple[Shown, ...]

    async def create(self, text: EventText) -> Shown:
        self._begin("create")
        return self._done(self.calendar.put(self.guild_id, text))

    async def edit(self, event: Shown, text: EventText) -> Shown:
        self._begin("edit")
        if event.is_running and event.text.starts_at != text.starts_at:
            raise Refused("An event that has begun cannot begin at another time.")
        self.calendar.shown[self.guild_id][event.event_id] = replace(event, text=text)
        return self._done(self.calendar.shown[self.guild_id][event.event_id])

    async def delete(self, event: Shown) -> None:
        self._begin("delete")
        self.calendar.shown[self.guild_id].pop(event.event_id, None)
        self._done(event)

    def _begin(self, what: str) -> None:
        self.calendar.requests.append(what)
        if self.calendar.before:
            raise self.calendar.before.popleft()

    def _done(self, event: Shown) -> Shown:
        if self.calendar.after:
            raise self.calendar.after.popleft()
        return event
