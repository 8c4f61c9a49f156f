"""The settings of installations that are split over several processes; see `docs/scaling.md`."""

from typing import Self

from pydantic import Field, model_validator

from bot.config.sections import OptionalNumber, Section, Unfit, WholeNumber
from bot.domain.shards import Share, shares

MOST_SHARDS, MOST_PROCESSES = 1024, 16


class ShardingSettings(Section):
    """How many shards there are, over how many processes they are split, and with which of them this one begins."""

    count: WholeNumber = Field(
        default=1,
        ge=1,
        le=MOST_SHARDS,
        description=f"a whole number from 1 to {MOST_SHARDS}",
        examples=["4"],
    )
    processes: OptionalNumber = Field(
        default=None,
        ge=1,
        le=MOST_PROCESSES,
        description=f"a whole number from 1 to {MOST_PROCESSES}",
        examples=["2"],
    )
    shards: str = Field(
        default="",
        pattern=r"^(\d+(-\d+)?)?$",
        description="two shards with a hyphen between them, or one shard, or nothing",
        examples=['"0-1"'],
    )

    @property
    def is_on(self) -> bool:
        """Whether the process waits until it is its turn, and serves its shards only."""
        return self.count > 1 or self.processes is not None

    @property
    def shares(self) -> tuple[Share, ...]:
        """What each of the processes that serve has to serve."""
        return shares(self.count, self.processes or 1)

    @property
    def begins_with(self) -> Share | None:
        """What this process takes at once if nobody serves it; `None` for one that stands by for any."""
        return next((share for share in self.shares if str(share) == self.shards), None)

    @model_validator(mode="after")
    def _fits_together(self) -> Self:
        if (self.processes or 1) > self.count:
            what = f"There are fewer shards ({self.count}) than processes to serve them."
            raise Unfit(what, f"Write {self.count} or less, or raise count.", key="processes")
        if self.shards and self.begins_with is None:
            groups = ", ".join(f'"{share}"' for share in self.shares)
            what = (
                f"No process has just these, with {self.count} shards over {self.processes or 1} processes."
            )
            raise Unfit(what, f"Write one of {groups}, or nothing.", key="shards")
        return self
