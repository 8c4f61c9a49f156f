"""Examples of commands in the words of a guild's own campaign."""

import re
from typing import TYPE_CHECKING, Any

from bot.services.context import Context

if TYPE_CHECKING:
    from collections.abc import Mapping

    from bot.services.campaign_index import Shelf

_OPTION = re.compile(r"\b(demand|query|motion|action|term|nudge):(.+?)(?= [a-z_]+:|$)")


async def fitting(context: Context, guild_id: int, examples: list[str]) -> list[str]:
    """The examples, with what there is in this guild in the place of words that mean nothing there.

    A word that finds something stays, since it shows that a word is enough.
    """
    snapshot = await context.snapshots.get(context, guild_id)
    shelves: Mapping[str, Shelf[Any]] = {
        "demand": snapshot.demands,
        "query": snapshot.demands,
        "motion": snapshot.motions,
        "action": snapshot.actions,
        "nudge": snapshot.actions,
        "term": snapshot.terms,
    }

    def in_its_words(option: re.Match[str]) -> str:
        shelf = shelves[option[1]]
        if not shelf.entries or shelf.find(option[2]) is not None:
            return option[0]
        return f"{option[1]}:{shelf.entries[0].title}"

    return [_OPTION.sub(in_its_words, example) for example in examples]
