"""What people look up about the campaign."""

from datetime import date
from typing import TypeAlias

from bot.domain.demand_history import DemandChange, changes_of
from bot.domain.export_rows import K
from bot.domain.language import later, say
from bot.domain.models import Action, Aim, Demand, DemandStatus, Motion, Term
from bot.domain.problems import BadInput, NotFound
from bot.services.campaign_index import Entry, EntryType, Shelf
from bot.services.context import Context

SUGGESTIONS = 25
_QUOTED = 100
_NEAREST = 3
_NO_DEMAND, _NO_MOTION = later("No demand matches {typed}."), later("No motion matches {typed}.")
_NO_ACTION, _NO_TERM = later("No action matches {typed}."), later("No term matches {typed}.")

Suggestion: TypeAlias = tuple[str, str]
"""A label, and the key that it stands for."""


async def list_demands(
    context: Context, guild_id: int, status: DemandStatus | None = None
) -> tuple[Demand, ...]:
    """The demands that are made, in their order; with a status, only those that have it now."""
    snapshot = await context.snapshots.get(context, guild_id)
    return tuple(
        demand
        for demand in snapshot.demands.entries
        if demand.retired_on is None and status in {None, demand.status}
    )


async def list_retired_demands(context: Context, guild_id: int) -> tuple[Demand, ...]:
    """The demands that are no longer made."""
    snapshot = await context.snapshots.get(context, guild_id)
    return tuple(demand for demand in snapshot.demands.entries if demand.retired_on is not None)


async def all_demands(context: Context, guild_id: int) -> tuple[Demand, ...]:
    """Every demand, those that are no longer made too."""
    return (await context.snapshots.get(context, guild_id)).demands.entries


async def get_demand(context: Context, guild_id: int, key_or_words: str) -> Demand:
    """The demand with this key, or else the one that these words most likely mean.

    Raises:
        NotFound: none is near enough; the problem names the nearest.
    """
    snapshot = await context.snapshots.get(context, guild_id)
    return _found(snapshot.demands, key_or_words, _NO_DEMAND, "/demand list")


async def demand_with_key(context: Context, guild_id: int, key: str | None) -> Demand | None:
    """The demand with exactly this key; `None` without a key, or when it is gone."""
    demands = (await context.snapshots.get(context, guild_id)).demands.entries
    return next((demand for demand in demands if demand.key == key), None)


async def demand_of_button(context: Context, guild_id: int, key: str) -> Demand:
    """The demand to which a button belongs that may have stood for months; never another one that is called alike.

    Raises:
        NotFound: it is gone.
    """
    demand = await demand_with_key(context, guild_id, key)
    if demand is None:
        raise NotFound(
            say("That demand is not here any more, so nothing was changed."),
            next_step=say("`/demand list` shows the demands that there are."),
        )
    return demand


async def demand_numbered(context: Context, guild_id: int, number: int) -> Demand:
    """The demand with this number in the list.

    Raises:
        BadInput: two have it.
        NotFound: there is none.
    """
    demands = (await context.snapshots.get(context, guild_id)).demands.entries
    found = [demand for demand in demands if demand.position == number]
    if not found:
        raise NotFound(
            say("There is no demand {number}.", number=number),
            next_step=say("`/demand list` shows them with their numbers."),
        )
    if len(found) > 1:
        quoted = [f"“{demand.title}”" for demand in found]
        titles = say("{first} and {last}", first=", ".join(quoted[:-1]), last=quoted[-1])
        raise BadInput(
            say(
                "More than one demand has the number {number}: {titles}. So it is not clear which is meant.",
                number=number,
                titles=titles,
            ),
            next_step=say(
                "Ask whoever runs the bot to load the campaign again: that gives each a number of its own."
            ),
        )
    return found[0]


async def evidence_for(context: Context, guild_id: int, demand: Demand) -> int | None:
    """How many pieces of feedback speak to a demand at least, in steps of `K`; `None` when they are too few to be told.

    An exact number would show everybody when one more piece has come in.
    """
    number = (await context.snapshots.get(context, guild_id)).evidence.get(demand.key, 0)
    return number - number % K or None


async def search_demands(
    context: Context, guild_id: int, query: str, *, limit: int = SUGGESTIONS
) -> list[Demand]:
    """The demands that answer to a query, the best first."""
    snapshot = await context.snapshots.get(context, guild_id)
    return [demand for demand, _ in snapshot.demands.search(query, limit=limit)]


async def suggest_demands(context: Context, guild_id: int, typed: str) -> list[Suggestion]:
    """Demands to choose from while somebody types, at most 25."""
    snapshot = await context.snapshots.get(context, guild_id)
    return _suggest(snapshot.demands, typed)


async def list_aims(context: Context, guild_id: int) -> tuple[Aim, ...]:
    """The campaign's aims in their order."""
    return (await context.snapshots.get(context, guild_id)).aims


async def list_motions(context: Context, guild_id: int) -> tuple[Motion, ...]:
    """The conference motions in their order."""
    return (await context.snapshots.get(context, guild_id)).motions.entries


async def get_motion(context: Context, guild_id: int, key_or_words: str) -> Motion:
    """The motion with this key, or else the one that these words most likely mean.

    Raises:
        NotFound: none is near enough; the problem names the nearest.
    """
    snapshot = await context.snapshots.get(context, guild_id)
    return _found(snapshot.motions, key_or_words, _NO_MOTION, "/motion list")


async def suggest_motions(context: Context, guild_id: int, typed: str) -> list[Suggestion]:
    """Motions to choose from while somebody types, at most 25."""
    snapshot = await context.snapshots.get(context, guild_id)
    return _suggest(snapshot.motions, typed)


async def list_actions(context: Context, guild_id: int) -> tuple[Action, ...]:
    """What members can do now, in order."""
    return (await context.snapshots.get(context, guild_id)).actions.entries


async def get_action(context: Context, guild_id: int, key_or_words: str) -> Action:
    """The action with this key, or else the one that these words most likely mean.

    Raises:
        NotFound: none is near enough; the problem names the nearest.
    """
    snapshot = await context.snapshots.get(context, guild_id)
    return _found(snapshot.actions, key_or_words, _NO_ACTION, "/action list")


async def suggest_actions(context: Context, guild_id: int, typed: str) -> list[Suggestion]:
    """Actions to choose from while somebody types, at most 25."""
    snapshot = await context.snapshots.get(context, guild_id)
    return _suggest(snapshot.actions, typed)


async def list_terms(context: Context, guild_id: int) -> tuple[Term, ...]:
    """The glossary in its order."""
    return (await context.snapshots.get(context, guild_id)).terms.entries


async def explain_term(context: Context, guild_id: int, key_or_words: str) -> Term:
    """The term with this key, or else the one that these words most likely mean.

    Raises:
        NotFound: none is near enough; the problem names the nearest.
    """
    snapshot = await context.snapshots.get(context, guild_id)
    return _found(snapshot.terms, key_or_words, _NO_TERM, "/glossary")


async def suggest_terms(context: Context, guild_id: int, typed: str) -> list[Suggestion]:
    """Terms to choose from while somebody types, at most 25."""
    snapshot = await context.snapshots.get(context, guild_id)
    return _suggest(snapshot.terms, typed)


async def changes_since(context: Context, guild_id: int, since: date) -> list[DemandChange]:
    """The employer's responses dated on or after a day, the oldest first, without those that were corrected."""
    snapshot = await context.snapshots.get(context, guild_id)
    changes = [change for demand in snapshot.demands.entries for change in changes_of(demand)]
    return sorted(
        (change for change in changes if change.response.on >= since), key=lambda change: change.response.on
    )


def _found(shelf: Shelf[EntryType], key_or_words: str, refusal: str, command: str) -> EntryType:
    found = shelf.find(key_or_words)
    if found is not None:
        return found
    nearest = [entry.title for entry, _ in shelf.search(key_or_words, limit=_NEAREST)]
    if nearest:
        next_step = say(
            "Did you mean one of these? {nearest}. `{command}` shows all.",
            nearest="; ".join(nearest),
            command=command,
        )
    elif shelf.entries:
        next_step = say("`{command}` shows all.", command=command)
    else:
        next_step = say("Ask an organiser: nothing of that kind has been added in this server yet.")
    raise NotFound(say(refusal, typed=_quoted(key_or_words)), next_step=next_step)


def _suggest(shelf: Shelf[EntryType], typed: str) -> list[Suggestion]:
    return [(_label(entry), entry.key) for entry, _ in shelf.search(typed, limit=SUGGESTIONS)]


def _label(entry: Entry) -> str:
    expansion = f" ({entry.expansion})" if isinstance(entry, Term) and entry.expansion else ""
    return entry.title + expansion


def _quoted(text: str) -> str:
    """What was typed, short and on one line, so that an answer can repeat it."""
    flat = " ".join(text.split())
    return f"“{flat if len(flat) <= _QUOTED else flat[: _QUOTED - 1] + '…'}”"
