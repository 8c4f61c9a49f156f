"""Channels and their messages over HTTP."""

from collections.abc import Mapping, Sequence

from aiohttp import web

from tests.wire.server.basics import API_PATH, Json, Permission, utc_now
from tests.wire.server.bodies import json_answer, no_content, read_body
from tests.wire.server.contracts import Contract
from tests.wire.server.errors import (
    ApiError,
    FormErrors,
    dms_closed,
    missing_access,
    missing_permissions,
    unknown,
)
from tests.wire.server.limits import check_message
from tests.wire.server.messages import Message, Upload
from tests.wire.server.places import Channel
from tests.wire.server.state import World

_CHANNEL = API_PATH + "/channels/{channel_id}"
_MESSAGES = _CHANNEL + "/messages"


class MessageRoutes:
    """Sending, reading, changing and pinning messages, within the bot's permissions."""

    def __init__(self, world: World, contract: Contract) -> None:
        self._world = world
        self._contract = contract

    def routes(self) -> list[web.RouteDef]:
        """Return the routes; pins come first, since their path looks like a message's."""
        return [
            web.get(_CHANNEL, self.get_channel),
            web.post(_CHANNEL + "/typing", self.typing),
            web.get(_MESSAGES + "/pins", self.pins),
            web.put(_MESSAGES + "/pins/{message_id}", self.pin),
            web.delete(_MESSAGES + "/pins/{message_id}", self.unpin),
            web.get(_MESSAGES, self.history),
            web.post(_MESSAGES, self.create),
            web.get(_MESSAGES + "/{message_id}", self.get),
            web.patch(_MESSAGES + "/{message_id}", self.edit),
            web.delete(_MESSAGES + "/{message_id}", self.delete),
        ]

    async def get_channel(self, request: web.Request) -> web.Response:
        """Return a channel that the bot can see."""
        return json_answer(self._channel(request).payload())

    async def typing(self, request: web.Request) -> web.Response:
        """Accept the typing signal where the bot may send."""
        self._require(self._channel(request), Permission.SEND_MESSAGES)
        return no_content()

    async def create(self, request: web.Request) -> web.Response:
        """Post a message."""
        body, files = await read_body(request)
        self._contract.check("post", "/channels/{channel_id}/messages", body)
        channel = self._channel(request)
        self._check_may_send(channel, body, files)
        check_message(body, files)
        reference = self._reference(channel, body)
        message = self._world.post(channel, self._world.bot, body, files, reference=reference)
        return json_answer(message.payload())

    async def history(self, request: web.Request) -> web.Response:
        """Return messages, newest first; to a bot that may not read history, an empty list and no error."""
        channel = self._channel(request)
        if Permission.READ_MESSAGE_HISTORY not in channel.permissions_for(self._world.bot):
            return json_answer([])
        limit = int(request.query.get("limit", "50"))
        if not 1 <= limit <= 100:
            errors = FormErrors()
            errors.add("limit", "int value should be between 1 and 100.", "NUMBER_TYPE_MAX")
            errors.raise_if_any()
        return json_answer([message.payload() for message in _page(channel.messages, request.query, limit)])

    async def get(self, request: web.Request) -> web.Response:
        """Return one message."""
        return json_answer(self._readable_message(request).payload())

    async def edit(self, request: web.Request) -> web.Response:
        """Change one of the bot's own messages."""
        body, files = await read_body(request)
        self._contract.check("patch", "/channels/{channel_id}/messages/{message_id}", body)
        message = self._message(request)
        if message.author is not self._world.bot:
            raise ApiError(403, 50005, "Cannot edit a message authored by another user")
        check_message(body, files, editing=True, flags=message.flags)
        self._world.edit(message, body, files)
        return json_answer(message.payload())

    async def delete(self, request: web.Request) -> web.Response:
        """Delete a message: the bot's own, or anybody's for who manages messages."""
        message = self._message(request)
        if message.author is not self._world.bot:
            self._require(message.channel, Permission.MANAGE_MESSAGES)
        self._world.delete(message)
        return no_content()

    async def pins(self, request: web.Request) -> web.Response:
        """Return the pinned messages, the last pinned first."""
        channel = self._channel(request)
        pinned = [message for message in channel.messages if message.pinned_at is not None]
        if Permission.READ_MESSAGE_HISTORY not in channel.permissions_for(self._world.bot):
            pinned = []
        items = [
            {"pinned_at": message.pinned_at.isoformat(), "message": message.payload()}
            for message in reversed(pinned)
            if message.pinned_at is not None
        ]
        return json_answer({"items": items, "has_more": False})

    async def pin(self, request: web.Request) -> web.Response:
        """Pin a message."""
        message = self._readable_message(request)
        self._require(message.channel, Permission.PIN_MESSAGES)
        if sum(each.pinned_at is not None for each in message.channel.messages) >= 250:
            raise ApiError(400, 30003, "Maximum number of pins reached (250)")
        message.pinned_at = message.pinned_at or utc_now()
        return no_content()

    async def unpin(self, request: web.Request) -> web.Response:
        """Unpin a message."""
        message = self._readable_message(request)
        self._require(message.channel, Permission.PIN_MESSAGES)
        message.pinned_at = None
        return no_content()

    def _channel(self, request: web.Request) -> Channel:
        channel = self._world.channel(request.match_info["channel_id"])
        if Permission.VIEW_CHANNEL not in channel.permissions_for(self._world.bot):
            raise missing_access()
        return channel

    def _require(self, channel: Channel, permission: Permission) -> None:
        if permission not in channel.permissions_for(self._world.bot):
            raise missing_permissions()

    def _check_may_send(self, channel: Channel, body: Json, files: Sequence[Upload]) -> None:
        if channel.recipient is not None and not channel.recipient.takes_dms:
            raise dms_closed()
        self._require(channel, Permission.SEND_MESSAGES)
        if body.get("embeds"):
            self._require(channel, Permission.EMBED_LINKS)
        if files:
            self._require(channel, Permission.ATTACH_FILES)

    def _message(self, request: web.Request) -> Message:
        channel = self._channel(request)
        message = self._world.messages.get(request.match_info["message_id"])
        # An ephemeral message can be reached by its interaction's token only.
        if message is None or message.channel is not channel or message.ephemeral:
            raise unknown("Message")
        return message

    def _readable_message(self, request: web.Request) -> Message:
        self._require(self._channel(request), Permission.READ_MESSAGE_HISTORY)
        return self._message(request)

    def _reference(self, channel: Channel, body: Json) -> Json | None:
        reference = body.get("message_reference")
        if reference is None:
            return None
        self._require(channel, Permission.READ_MESSAGE_HISTORY)
        known = str(reference.get("message_id")) in self._world.messages
        if not known and reference.get("fail_if_not_exists", True):
            errors = FormErrors()
            errors.add("message_reference", "Unknown message", "REPLIES_UNKNOWN_MESSAGE")
            errors.raise_if_any()
        return {"channel_id": channel.id, "message_id": str(reference.get("message_id"))}


def _page(messages: Sequence[Message], query: Mapping[str, str], limit: int) -> list[Message]:
    """Return one page of history, newest first, as ``before``, ``after`` or ``around`` ask for it."""
    if "before" in query:
        return [each for each in messages if int(each.id) < int(query["before"])][-limit:][::-1]
    if "after" in query:
        return [each for each in messages if int(each.id) > int(query["after"])][:limit][::-1]
    if "around" in query:
        centre = int(query["around"])
        half = limit // 2
        older = [each for each in messages if int(each.id) < centre][-half:] if half else []
        newer = [each for each in messages if int(each.id) >= centre][: limit - half]
        return [*older, *newer][::-1]
    return list(messages[-limit:][::-1])
