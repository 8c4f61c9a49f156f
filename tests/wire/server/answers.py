"""What a member sees after doing something: the bot's answer, as it stands now."""

from collections.abc import Callable

from tests.wire.server.basics import PATIENCE_SECONDS, Json, MessageFlag
from tests.wire.server.interactions import Interaction
from tests.wire.server.messages import Attachment, Message


class NoAnswerError(AssertionError):
    """The bot left a member without an answer: Discord shows "The application did not respond"."""


class RefusedByClientError(AssertionError):
    """Discord's own client would not let the member do this."""


class Answer:
    """The bot's answer to one interaction; it follows later edits and followups."""

    def __init__(self, interaction: Interaction) -> None:
        self.interaction = interaction

    def __repr__(self) -> str:
        return f"<Answer {self.kind} {self.text!r}>"

    @property
    def kind(self) -> str:
        """message, deferred, deferred_update, update, choices or modal: what the *first* answer was."""
        return self.interaction.kind or "none"

    @property
    def latency(self) -> float:
        """Seconds from the dispatch of the event to the arrival of the first answer."""
        return self.interaction.latency or 0.0

    @property
    def message(self) -> Message:
        """The message that answers.

        Raises:
            AssertionError: the answer is no message, or it was deleted.
        """
        message = self.interaction.original
        if message is None or message.deleted:
            raise AssertionError(f"there is no message to look at: {self.kind}")
        return message

    @property
    def deferred(self) -> bool:
        """Whether the member still sees "thinking"."""
        original = self.interaction.original
        return original is not None and bool(original.flags & MessageFlag.LOADING)

    @property
    def content(self) -> str:
        """The message's content."""
        return self.message.content

    @property
    def text(self) -> str:
        """All that can be read: content, text displays and embeds, or nothing when there is no message."""
        original = self.interaction.original
        if original is None:
            return ""
        return "\n".join([original.text, *(_embed_text(embed) for embed in original.embeds)]).strip("\n")

    @property
    def embeds(self) -> list[Json]:
        """The message's embeds as sent."""
        return self.message.embeds

    @property
    def components(self) -> list[Json]:
        """The message's components as sent."""
        return self.message.components

    @property
    def attachments(self) -> list[Attachment]:
        """The message's files, each with ``name`` and ``data``."""
        return self.message.attachments

    @property
    def ephemeral(self) -> bool:
        """Whether only the member can see the answer."""
        return self.message.ephemeral

    @property
    def followups(self) -> list[Message]:
        """Further messages, oldest first, without deleted ones."""
        return [message for message in self.interaction.followups if not message.deleted]

    @property
    def modal(self) -> Json:
        """The modal that the bot opened: its title, custom_id and components.

        Raises:
            AssertionError: the answer is no modal.
        """
        if self.interaction.modal is None:
            raise AssertionError(f"the answer is no modal but {self.kind}: {self.text!r}")
        return self.interaction.modal

    @property
    def choices(self) -> list[Json]:
        """The choices offered by an autocomplete, each with ``name`` and ``value``."""
        return self.interaction.choices or []

    async def settled(self, timeout: float = PATIENCE_SECONDS) -> "Answer":
        """Wait until a deferred answer has been filled in; return self."""
        await self.until(lambda: not self.deferred, timeout)
        return self

    async def until(self, condition: Callable[[], object], timeout: float = PATIENCE_SECONDS) -> "Answer":
        """Wait until a condition about this answer holds; return self."""
        await self.interaction.world.changes.until(condition, what=f"a change of {self!r}", timeout=timeout)
        return self


def _embed_text(embed: Json) -> str:
    fields = (f"{entry['name']}\n{entry['value']}" for entry in embed.get("fields", ()))
    footer = (embed.get("footer") or {}).get("text", "")
    return "\n".join(part for part in (embed.get("title"), embed.get("description"), *fields, footer) if part)
