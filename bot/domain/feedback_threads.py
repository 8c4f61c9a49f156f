"""What follows a piece of feedback: what its member adds, and what moderators reply. Nobody is named in it."""

from dataclasses import dataclass, field

from bot.domain.feedback import Feedback


@dataclass(frozen=True, slots=True)
class ThreadMessage:
    """An addition or a reply. Its text is left out of `repr`, which may end up in a log."""

    message_id: str
    number: int
    from_moderators: bool
    waiting: bool
    """An addition that moderators cannot see yet."""
    iso_week: str
    text: str = field(repr=False)
    sealed: bytes | None = field(default=None, repr=False)


@dataclass(frozen=True, slots=True)
class FeedbackThread:
    """A piece of feedback with everything that followed it, oldest first."""

    feedback: Feedback
    messages: tuple[ThreadMessage, ...]
