"""The gateway: websocket connections, sessions that can be resumed, and ways to break them."""

import asyncio
import json
import secrets
import zlib
from collections import deque
from dataclasses import dataclass, field
from typing import Any

from aiohttp import WSMsgType, web

from tests.wire.server.basics import PRIVILEGED_INTENTS, Intent, Json
from tests.wire.server.state import World

DISPATCH, HEARTBEAT, IDENTIFY, PRESENCE, VOICE_STATE, RESUME, RECONNECT = 0, 1, 2, 3, 4, 6, 7
REQUEST_MEMBERS, INVALID_SESSION, HELLO, HEARTBEAT_ACK = 8, 9, 10, 11
_REPLAYED_EVENTS = 10_000
_ABOUT_GUILDS = frozenset({"GUILD_CREATE", "GUILD_UPDATE", "GUILD_DELETE"})


class Connection:
    """One websocket, with a queue so that sending never waits and events keep their order."""

    def __init__(self, request: web.Request, socket: web.WebSocketResponse) -> None:
        self.socket = socket
        self.session: Session | None = None
        self.closed_by_server = False
        self._request = request
        self._queue: asyncio.Queue[str] = asyncio.Queue()
        # Any other compression is answered in plain text, which the library reads as well.
        wants_zlib = request.query.get("compress") == "zlib-stream"
        self._zlib = zlib.compressobj() if wants_zlib else None

    def send(self, op: int, data: Any = None) -> None:
        """Queue a payload that is not an event."""
        self.send_text(json.dumps({"op": op, "d": data, "s": None, "t": None}))

    def send_text(self, text: str) -> None:
        """Queue a payload."""
        self._queue.put_nowait(text)

    async def pump(self) -> None:
        """Write the queue to the socket until cancelled or cut off."""
        while True:
            text = await self._queue.get()
            try:
                await self._write(text)
            except ConnectionError:
                return

    def abort(self) -> None:
        """Cut the connection without a closing handshake, as a lost network does."""
        if self._request.transport is not None:
            self._request.transport.abort()

    async def _write(self, text: str) -> None:
        if self._zlib is None:
            await self.socket.send_str(text)
        else:
            packed = self._zlib.compress(text.encode()) + self._zlib.flush(zlib.Z_SYNC_FLUSH)
            await self.socket.send_bytes(packed)


@dataclass(eq=False)
class Session:
    """What an IDENTIFY opened; it outlives its connection and replays what that missed."""

    id: str
    intents: int
    connection: Connection | None
    shard: tuple[int, int] = (0, 1)
    sequence: int = 0
    sent: deque[tuple[int, str]] = field(default_factory=lambda: deque(maxlen=_REPLAYED_EVENTS))

    def dispatch(self, event: str, data: Json) -> None:
        """Send an event now, or keep it for a RESUME."""
        self.sequence += 1
        text = json.dumps({"op": DISPATCH, "d": data, "s": self.sequence, "t": event})
        self.sent.append((self.sequence, text))
        if self.connection is not None:
            self.connection.send_text(text)

    def has(self, guild_id: str | None) -> bool:
        """Whether a guild belongs to the session's shard; what belongs to no guild goes to the first."""
        number, count = self.shard
        return (int(guild_id or 0) >> 22) % count == number

    def replay(self, after: int) -> None:
        """Send again what came after a sequence number."""
        if self.connection is not None:
            for sequence, text in self.sent:
                if sequence > after:
                    self.connection.send_text(text)


class Gateway:
    """All sessions, and the switches that tests use to break them."""

    def __init__(self, world: World) -> None:
        self.heartbeat_interval_ms = 41_250
        self.acknowledges_heartbeats = True
        self.accepts_connections = True
        self.identify_interval = 0.0
        """For so many seconds after an IDENTIFY another is refused; Discord takes five, once in a while."""
        self._may_identify_at = 0.0
        self.identifies = 0
        self.resumes = 0
        self.heartbeats = 0
        self.presences: list[Json] = []
        self._world = world
        self._sessions: dict[str, Session] = {}
        self._connections: set[Connection] = set()

    @property
    def connected(self) -> list[Session]:
        """The sessions that a bot is connected to at this moment."""
        return [session for session in self._sessions.values() if session.connection is not None]

    @property
    def url(self) -> str:
        """Where bots connect."""
        return self._world.base_url.replace("http", "ws", 1) + "/gateway"

    def dispatch(self, event: str, data: Json, intent: int) -> None:
        """Send an event to every session of its guild's shard that wants it."""
        guild_id = data.get("id") if event in _ABOUT_GUILDS else data.get("guild_id")
        for session in self._sessions.values():
            if session.has(guild_id) and (not intent or session.intents & intent):
                session.dispatch(event, data)

    def drop_gateway(self) -> None:
        """Cut every connection without a word; sessions stay resumable."""
        for connection in tuple(self._connections):
            connection.abort()

    def send_reconnect(self) -> None:
        """Ask every bot to reconnect and resume (op 7)."""
        for connection in self._connections:
            connection.send(RECONNECT)

    def invalid_session(self, resumable: bool = False) -> None:
        """Declare every session invalid (op 9), forgetting it unless it may be resumed."""
        for connection in self._connections:
            connection.send(INVALID_SESSION, resumable)
        if not resumable:
            self.forget_sessions()

    def forget_sessions(self) -> None:
        """Forget every session in silence: the next RESUME is answered with op 9."""
        self._sessions.clear()

    async def close_gateway(self, code: int) -> None:
        """Close every connection with a close code, for instance 4004 or 1000."""
        for connection in tuple(self._connections):
            connection.closed_by_server = True
            await connection.socket.close(code=code)

    async def serve(self, request: web.Request) -> web.StreamResponse:
        """Serve one websocket until it closes."""
        if not self.accepts_connections:
            return web.Response(status=503, text="no healthy upstream")
        socket = web.WebSocketResponse(compress=False, max_msg_size=1024 * 1024)
        await socket.prepare(request)
        connection = Connection(request, socket)
        self._connections.add(connection)
        pump = asyncio.create_task(connection.pump())
        try:
            connection.send(HELLO, {"heartbeat_interval": self.heartbeat_interval_ms})
            await self._listen(connection)
        finally:
            pump.cancel()
            self._disconnected(connection)
        return socket

    async def _listen(self, connection: Connection) -> None:
        async for message in connection.socket:
            if message.type is not WSMsgType.TEXT:
                continue
            payload = json.loads(message.data)
            close_code = self._receive(connection, payload["op"], payload.get("d"))
            if close_code is not None:
                await connection.socket.close(code=close_code)

    def _disconnected(self, connection: Connection) -> None:
        self._connections.discard(connection)
        session = connection.session
        if session is not None and session.connection is connection:
            session.connection = None
            # A client that says goodbye gives its session up; one that breaks off may come back.
            if connection.socket.close_code in (1000, 1001) and not connection.closed_by_server:
                self._sessions.pop(session.id, None)
        self._world.changes.announce()

    def _receive(self, connection: Connection, op: int, data: Any) -> int | None:
        """Act on one payload; a number is the code to close the connection with."""
        if op == HEARTBEAT:
            self.heartbeats += 1
            if self.acknowledges_heartbeats:
                connection.send(HEARTBEAT_ACK)
            return None
        if op == IDENTIFY:
            return self._identify(connection, data)
        if op == RESUME:
            return self._resume(connection, data)
        if connection.session is None:
            return 4003
        if op == PRESENCE:
            self.presences.append(data)
        elif op in (VOICE_STATE, REQUEST_MEMBERS):
            self._world.unsupported.append(f"gateway op {op}")
        else:
            return 4001
        return None

    def _identify(self, connection: Connection, data: Json) -> int | None:
        self.identifies += 1
        if connection.session is not None:
            return 4005
        if data["token"] != self._world.token:
            return 4004
        if data["intents"] & PRIVILEGED_INTENTS:
            return 4014
        now = asyncio.get_running_loop().time()
        if now < self._may_identify_at:
            connection.send(INVALID_SESSION, False)
            return None
        self._may_identify_at = now + self.identify_interval
        shard = tuple(data.get("shard") or (0, 1))
        if len(shard) != 2 or not 0 <= shard[0] < shard[1]:
            return 4010
        session = Session(secrets.token_hex(16), data["intents"], connection, shard)
        connection.session = session
        self._sessions[session.id] = session
        self._greet(session)
        self._world.changes.announce()
        return None

    def _greet(self, session: Session) -> None:
        guilds = [guild for guild in self._world.guilds.values() if session.has(guild.id)]
        session.dispatch(
            "READY",
            {
                "v": 10,
                "user": self._world.bot.payload(),
                "guilds": [{"id": guild.id, "unavailable": True} for guild in guilds],
                "session_id": session.id,
                "resume_gateway_url": self.url,
                "shard": list(session.shard),
                "application": {"id": self._world.application_id, "flags": 0},
                "private_channels": [],
            },
        )
        if session.intents & Intent.GUILDS:
            for guild in guilds:
                session.dispatch("GUILD_CREATE", guild.create_payload())

    def _resume(self, connection: Connection, data: Json) -> int | None:
        if data["token"] != self._world.token:
            return 4004
        session = self._sessions.get(data["session_id"])
        if session is None:
            connection.send(INVALID_SESSION, False)
            return None
        self.resumes += 1
        session.connection = connection
        connection.session = session
        session.replay(after=data["seq"])
        session.dispatch("RESUMED", {})
        self._world.changes.announce()
        return None
