"""The condition that keeps a process to the guilds that it serves."""

from typing import Any

from sqlalchemy import Column, ColumnElement, Integer, and_, literal_column, true

from bot.domain.shards import SHARD_SHIFT, Share


def belongs_to(column: "Column[Any]", share: Share) -> ColumnElement[bool]:
    """Whether a row's guild belongs to a share; nothing is asked of the rows where every guild does."""
    if share.is_everything:
        return true()
    # The numbers are settings, not input; written out, both databases know at once that they are small.
    shift, count = literal_column(str(SHARD_SHIFT), Integer), literal_column(str(share.count), Integer)
    shard = column.bitwise_rshift(shift) % count
    return and_(shard >= share.first, shard <= share.last)
