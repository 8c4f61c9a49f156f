"""Which guilds a process serves: Discord splits a large bot's guilds into shards, and processes share the shards out."""

from dataclasses import dataclass
from itertools import pairwise

SHARD_SHIFT = 22
"""Discord finds a guild's shard in the part of its id that lies above these bits."""


@dataclass(frozen=True, slots=True)
class Share:
    """Neighbouring shards, served by one process; without more ado, the one shard that there is."""

    count: int = 1
    first: int = 0
    last: int = 0

    @property
    def ids(self) -> tuple[int, ...]:
        """The numbers of its shards."""
        return tuple(range(self.first, self.last + 1))

    @property
    def is_everything(self) -> bool:
        """Whether no guild is left for another process."""
        return len(self.ids) == self.count

    @property
    def is_first(self) -> bool:
        """Whether what is done once for the whole installation is done here."""
        return self.first == 0

    def has(self, guild_id: int) -> bool:
        """Whether a guild belongs to it."""
        return self.first <= shard_of(guild_id, self.count) <= self.last

    def __str__(self) -> str:
        return str(self.first) if self.first == self.last else f"{self.first}-{self.last}"


EVERYTHING = Share()


def shard_of(guild_id: int, count: int) -> int:
    """The shard to which a guild belongs, by Discord's own formula."""
    return (guild_id >> SHARD_SHIFT) % count


def shares(count: int, processes: int) -> tuple[Share, ...]:
    """All shards, shared out among so many processes as evenly as possible."""
    bounds = [number * count // processes for number in range(processes + 1)]
    return tuple(Share(count, first, after - 1) for first, after in pairwise(bounds))
