"""simcord's browser preview, with a choice of channels.

simcord shows one channel for each preview. Here every open page has a channel of its own, and a few lines of script and
style add the list of channels and the practice clock. All that touches simcord's private parts is in this file; the
dependency is pinned to the minor version for which it was written.
"""

import contextvars
import json
import re
import secrets
import socket
from collections import Counter, OrderedDict
from collections.abc import Callable, Sequence
from pathlib import Path
from typing import Any, ClassVar, Final, Self

from aiohttp import web
from simcord.backend.cdn import CDN_BASE
from simcord.builders import ChannelHandle
from simcord.env import Env
from simcord.preview import Preview
from simcord.preview._markdown import _FIELD_POLICIES  # pyright: ignore[reportPrivateUsage]
from simcord.preview._media import MediaInfo, MediaWorker
from simcord.preview._server import PreviewServer

from bot.practice.journal import ZONE
from bot.practice.world import Person, World

HOST: Final = "127.0.0.1"
PORTS_TO_TRY: Final = 50
MOST_PICTURES: Final = 20
_STATIC: Final = Path(__file__).with_name("static")
_KINDS: Final = {".js": "application/javascript", ".css": "text/css", ".png": "image/png"}
_HEAD: Final = (
    '<link rel="icon" href="/avatar.png"><link rel="stylesheet" href="/practice.css">'
    '<script src="/practice.js" defer></script></head>'
)
_INCLUDED: Final = re.compile(r'((?:src|href)=)"(/[\w-]+\.(?:js|css))"')
_RUN: Final = f"/{secrets.token_hex(8)}"
_KEPT: Final = "max-age=31536000, immutable"
_chosen: contextvars.ContextVar[ChannelHandle | None] = contextvars.ContextVar(
    "practice_channel", default=None
)


class PracticePage(Preview):
    """The preview of a whole server.

    Args:
        env: the simulated Discord.
        world: what to show.
        told_now: tells the practice clock's time in words.
        port: where to listen; 0 for any free port.
    """

    def __init__(self, env: Env, world: World, told_now: Callable[[], str], *, port: int) -> None:
        self._channels = {channel.id: channel for channel in world.channels.values()}
        self._people: Sequence[Person] = tuple(world.people.values())
        self._told_now = told_now
        self._versions: Counter[int] = Counter()
        self._published: dict[str, int] = {}
        super().__init__(
            env,
            world.channels["welcome"],
            tuple(person.actor for person in self._people),
            layout="channel",
            display="responsive",
            width=1280,
            height=800,
            locale="en-GB",
            timezone=ZONE,
            presentation_time=None,
            assets={avatar_url(env): ("avatar.png", (_STATIC / "avatar.png").read_bytes())},
            port=port,
        )
        self._server = PracticeServer(self, port)
        self._media_worker = Pictures()
        _show_mentions_in_embeds()

    @property
    def channel(self) -> ChannelHandle:
        """The channel of the page that is being served; outside a request, the first one."""
        return _chosen.get() or self._first

    @channel.setter
    def channel(self, channel: ChannelHandle) -> None:
        self._first = channel

    async def __aenter__(self) -> Self:
        """Starts to serve the page."""
        await super().__aenter__()
        if self._python is not None:
            # Pages opened later start where this one stands; it has to stand at the newest message.
            self._python.target_id = self._python.window_end_id = None
        return self

    def choose(self, channel_id: str | None) -> None:
        """Makes this request one about a channel; an unknown one is ignored."""
        channel = self._channels.get(int(channel_id)) if channel_id and channel_id.isdecimal() else None
        if channel is not None:
            _chosen.set(channel)

    def changed(self, channel_id: int) -> None:
        """Notes that something in a channel is new, so that its pages are out of date."""
        self._versions[channel_id] += 1

    def republish(self) -> bool:
        """Brings pages up to date, unless an action is under way, which does so itself; says whether all are."""
        stale = [
            page
            for page in tuple(self._pages.values())
            if self._published.get(page.id) != self._versions[page.channel_id]
        ]
        if self._active_action is not None:
            return not stale
        for page in stale:
            self._publish(page, reason="refresh")
        return True

    def describe(self) -> str:
        """What the script in the page needs to know, as JSON."""
        return json.dumps(
            {
                "now": self._told_now(),
                "channels": [
                    {
                        "id": str(channel.id),
                        "name": channel.name,
                        "last": str(self._last_post(channel)),
                        "viewers": [
                            str(person.actor.id) for person in self._people if self._sees(person, channel)
                        ],
                    }
                    for channel in self._channels.values()
                ],
            }
        )

    def _last_post(self, channel: ChannelHandle) -> int:
        messages = self.env.backend.messages[channel.id].values()
        return max((message.id for message in messages if not message.is_ephemeral), default=0)

    def _sees(self, person: Person, channel: ChannelHandle) -> bool:
        permissions = self.env.backend.compute_permissions(person.actor.guild.id, person.actor.id, channel.id)
        return bool(permissions & 1 << 10)

    def _publish(self, page: Any, *, reason: Any = "action") -> None:
        self._advance_presentation_time()
        super()._publish(page, reason=reason)
        self._published[page.id] = self._versions[page.channel_id]

    def _close_page(self, context_id: str) -> None:
        super()._close_page(context_id)
        self._published.pop(context_id, None)

    async def _action(self, context_id: str | None, body: Any) -> dict[str, Any]:
        _chosen.set(self._channels[self._get_page(context_id).channel_id])
        return await super()._action(context_id, body)


class Pictures(MediaWorker):
    """Looks at each picture once; simcord starts a process for it on every page that shows it."""

    def __init__(self) -> None:
        super().__init__()
        self._known: OrderedDict[tuple[str, float | None], MediaInfo] = OrderedDict()

    async def validate(self, key: str, blob: bytes, *, media_time: float | None = None) -> MediaInfo:
        """What is known of a picture, whose key is the digest of its bytes."""
        place = (key, media_time)
        if place not in self._known:
            self._known[place] = await super().validate(key, blob, media_time=media_time)
        self._known.move_to_end(place)
        if len(self._known) > MOST_PICTURES:
            self._known.popitem(last=False)
        return self._known[place]


_FILES: Final = {
    **PreviewServer._STATIC_FILES,  # noqa: SLF001  # pyright: ignore[reportPrivateUsage]
    "/practice.js": "practice.js",
    "/practice.css": "practice.css",
    "/practice.json": "practice.json",
    "/avatar.png": "avatar.png",
}


class PracticeServer(PreviewServer):
    """simcord's server, with the script and style of the practice page.

    Each channel is a page of its own, which simcord has the browser fetch anew with all its scripts and 30 MB of letters.
    Here a browser keeps the letters, whose names say their version, and for this run of the server also the scripts:
    their address begins with a word that no other run has.
    """

    _STATIC_FILES: ClassVar[dict[str, str]] = _FILES | {
        f"{_RUN}{path}": name for path, name in _FILES.items() if path.endswith((".js", ".css"))
    }
    preview: PracticePage

    async def start(self) -> None:
        """Starts to listen. At the end, a request that is still being answered is given a second, not a minute."""
        await super().start()
        self.runner._shutdown_timeout = 1.0  # noqa: SLF001

    async def _static(self, request: Any) -> Any:
        if request.path == "/practice.json":
            if not self._authorized(request):
                raise web.HTTPUnauthorized
            return self._respond(self.preview.describe().encode(), "application/json")
        response = await self._file(request)
        if request.path == "/":
            response.text = _INCLUDED.sub(rf'\1"{_RUN}\2"', response.text.replace("</head>", _HEAD))
        elif request.path.startswith((_RUN, "/fonts/")):
            response.headers["Cache-Control"] = _KEPT
            del response.headers["Pragma"]
        return response

    async def _file(self, request: Any) -> Any:
        own = _STATIC / self._STATIC_FILES[request.path]
        if own.is_file():
            return self._respond(own.read_bytes(), _KINDS[own.suffix])
        return await super()._static(request)

    async def _pages(self, request: Any) -> Any:
        self.preview.choose(request.headers.get("X-Practice-Channel"))
        return await super()._pages(request)

    def _respond(self, body: bytes, kind: str) -> web.Response:
        return web.Response(body=body, content_type=kind, headers=self._SECURITY_HEADERS)


def avatar_url(env: Env) -> str:
    """Where simcord looks for the bot's picture."""
    return f"{CDN_BASE}/avatars/{env.backend.bot_user.id}/{env.backend.bot_user.avatar}.png"


def _show_mentions_in_embeds() -> None:
    """Lets an embed show a channel by its name, as Discord does; simcord shows the raw mention."""
    for part in ("embed_description", "embed_field_value"):
        _FIELD_POLICIES[part]["mentions"] = True


def free_port(first: int) -> int:
    """The first free port from this one on; 0 stays 0, which means any."""
    for port in range(first, first + PORTS_TO_TRY) if first else ():
        with socket.socket() as probe:
            probe.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
            try:
                probe.bind((HOST, port))
            except OSError:
                continue
            return port
    return 0
