"""Interactions on the server's side: their deadline, their one first answer, and what follows it."""

import asyncio
import secrets
import time
from collections.abc import Sequence
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Literal

from tests.wire.server.basics import Json, MessageFlag
from tests.wire.server.errors import ApiError, FormErrors, already_acknowledged, unknown
from tests.wire.server.limits import check_choices, check_message, check_modal
from tests.wire.server.messages import Message, Upload

if TYPE_CHECKING:
    from tests.wire.server.members import Member
    from tests.wire.server.places import Channel
    from tests.wire.server.state import World

COMMAND, COMPONENT, AUTOCOMPLETE, MODAL_SUBMIT = 2, 3, 4, 5
Kind = Literal["message", "deferred", "deferred_update", "update", "choices", "modal"]
KINDS: dict[int, Kind] = {
    4: "message",
    5: "deferred",
    6: "deferred_update",
    7: "update",
    8: "choices",
    9: "modal",
}
_ALLOWED: dict[int, frozenset[Kind]] = {
    COMMAND: frozenset({"message", "deferred", "modal"}),
    COMPONENT: frozenset({"message", "deferred", "deferred_update", "update", "modal"}),
    AUTOCOMPLETE: frozenset({"choices"}),
    MODAL_SUBMIT: frozenset({"message", "deferred", "deferred_update", "update"}),
}
CHAT_INPUT_MESSAGE, REPLY_MESSAGE = 20, 19


@dataclass(eq=False)
class Interaction:
    """One thing that a member did, from its dispatch to the end of its token."""

    world: "World"
    type: int
    member: "Member"
    channel: "Channel"
    source: Message | None = None
    id: str = ""
    token: str = ""
    dispatched_at: float = 0.0
    latency: float | None = None
    kind: Kind | None = None
    original: Message | None = None
    followups: list[Message] = field(default_factory=list)
    modal: Json | None = None
    choices: list[Json] | None = None
    # Set when the first answer is in, and when one came too late to be taken.
    decided: asyncio.Event = field(default_factory=asyncio.Event)

    def __post_init__(self) -> None:
        self.id = self.world.ids.next()
        self.token = "wire-" + secrets.token_urlsafe(48)
        self.world.interactions[self.token] = self

    @property
    def age(self) -> float:
        """Seconds since the bot was told."""
        return time.perf_counter() - self.dispatched_at

    def respond(self, body: Json, files: Sequence[Upload], arrived: float) -> Json:
        """Take the first answer and return what Discord returns for it.

        Raises:
            ApiError: 10062 too late, 40060 a second time, 50035 or 50006 not an answer Discord takes.
        """
        elapsed = arrived - self.dispatched_at
        if self.kind is None and elapsed > self.world.interaction_deadline:
            self.decided.set()
            raise unknown("Interaction")
        if self.kind is not None:
            raise already_acknowledged()
        kind = self._allowed_kind(body.get("type"))
        self._act(kind, body.get("data") or {}, files)
        self.kind, self.latency = kind, elapsed
        self.decided.set()
        self.world.changes.announce()
        return self._callback_payload(body["type"])

    def follow_up(self, body: Json, files: Sequence[Upload]) -> Message:
        """Post a followup; the first one after a deferral becomes the deferred answer itself."""
        self.check_answered()
        check_message(body, files)
        if self.original is not None and self.original.flags & MessageFlag.LOADING:
            self.world.edit(self.original, body, files)
            return self.original
        message = self._post(body, files, REPLY_MESSAGE)
        self.followups.append(message)
        self.world.changes.announce()
        return message

    def message(self, message_id: str) -> Message:
        """Return the original answer or a followup.

        Raises:
            ApiError: 10008 when there is no such message any more.
        """
        self.check_answered()
        known = [self.original, *self.followups]
        wanted = self.original.id if message_id == "@original" and self.original else message_id
        for message in known:
            if message is not None and message.id == wanted and not message.deleted:
                return message
        raise unknown("Message")

    def check_answered(self) -> None:
        """Refuse the token before the first answer (10015) and after its 15 minutes (50027)."""
        if self.kind is None:
            raise unknown("Webhook")
        if self.age > self.world.interaction_lifetime:
            raise ApiError(401, 50027, "Invalid Webhook Token")

    def _allowed_kind(self, number: object) -> Kind:
        kind = KINDS.get(number) if isinstance(number, int) else None
        needs_source = kind in ("update", "deferred_update")
        if kind is None or kind not in _ALLOWED[self.type] or (needs_source and self.source is None):
            errors = FormErrors()
            errors.add(
                "type",
                f"Value {number!r} is no answer to an interaction of type {self.type}.",
                "BASE_TYPE_CHOICES",
            )
            errors.raise_if_any()
        assert kind is not None
        return kind

    def _act(self, kind: Kind, data: Json, files: Sequence[Upload]) -> None:
        if kind == "message":
            check_message(data, files)
            self.original = self._post(data, files, CHAT_INPUT_MESSAGE)
        elif kind == "deferred":
            flags = (data.get("flags") or 0) | MessageFlag.LOADING
            self.original = self._post({**data, "flags": flags}, (), CHAT_INPUT_MESSAGE)
        elif kind == "choices":
            check_choices(data)
            self.choices = data.get("choices") or []
        elif kind == "modal":
            check_modal(data)
            self.modal = data
        else:
            self._update_source(kind, data, files)

    def _update_source(self, kind: Kind, data: Json, files: Sequence[Upload]) -> None:
        assert self.source is not None
        if kind == "update":
            check_message(data, files, editing=True, flags=self.source.flags)
            self.world.edit(self.source, data, files)
        self.original = self.source

    def _post(self, body: Json, files: Sequence[Upload], message_type: int) -> Message:
        ephemeral = (body.get("flags") or 0) & MessageFlag.EPHEMERAL
        return self.world.post(
            self.channel,
            self.world.bot,
            body,
            files,
            flags=ephemeral,
            type=message_type,
            interaction_metadata=self._metadata(),
            application_id=self.world.application_id,
        )

    def _metadata(self) -> Json:
        guild = self.channel.guild
        return {
            "id": self.id,
            "type": self.type,
            "user": self.member.user.payload(),
            "authorizing_integration_owners": {"0": guild.id if guild else "0"},
        }

    def _callback_payload(self, number: int) -> Json:
        interaction: Json = {"id": self.id, "type": self.type}
        payload: Json = {"interaction": interaction}
        if self.original is not None:
            interaction |= {
                "response_message_id": self.original.id,
                "response_message_loading": bool(self.original.flags & MessageFlag.LOADING),
                "response_message_ephemeral": self.original.ephemeral,
            }
            if number != 6:
                payload["resource"] = {"type": number, "message": self.original.payload()}
        return payload
