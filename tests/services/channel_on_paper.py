"""A sender whose failures a test can choose."""

from collections import deque
from dataclasses import dataclass, field

from bot.services.delivery import Post


@dataclass
class ChannelOnPaper:
    """Stands for a Discord channel: keeps what arrives, and fails as Discord would where a test says so.

    A failure in `before` is raised before the post arrives, one in `after` once it has arrived.
    """

    posts: list[str] = field(default_factory=list)
    sent: list[Post] = field(default_factory=list)
    alerts: list[str] = field(default_factory=list)
    before: deque[Exception] = field(default_factory=deque)
    after: deque[Exception] = field(default_factory=deque)
    unreadable: Exception | None = None

    async def send(self, post: Post) -> int:
        if self.before:
            raise self.before.popleft()
        self.posts.append(post.delivery.delivery_id)
        self.sent.append(post)
        if self.after:
            raise self.after.popleft()
        return len(self.posts)

    async def find(self, post: Post) -> int | None:
        if self.unreadable is not None:
            raise self.unreadable
        key = post.delivery.delivery_id
        return self.posts.index(key) + 1 if key in self.posts else None

    async def alert(self, guild_id: int, channel_id: int | None, text: str) -> None:
        del guild_id, channel_id
        self.alerts.append(text)
