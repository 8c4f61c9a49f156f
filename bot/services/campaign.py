"""What people look up about the campaign, and the employer's responses that organisers record."""

import secrets
from dataclasses import dataclass
from datetime import date
from typing import TypeAlias

from bot.domain.export_rows import K
from bot.domain.models import Action, Aim, Demand, DemandResponse, DemandStatus, Motion, Term
from bot.domain.problems import BadInput, NotFound
from bot.services.context import Context
from bot.services.guilds import local_now
from bot.services.snapshot import Entry, EntryType, Shelf
from db import campaign as queries

SUGGESTIONS = 25
LABEL_LIMIT = 100
RESPONSE_LIMIT = 1_000
SOURCE_LIMIT = 300
_NEAREST = 3

Suggestion: TypeAlias = tuple[str, str]
"""A label of at most 100 characters, and the key that it stands for."""


@dataclass(frozen=True, slots=True)
class FoundDemand:
    """A demand that answers to a search, with the place in its text where it does."""

    demand: Demand
    fragment: str | None


@dataclass(frozen=True, slots=True)
class DemandChange:
    """A response of the employer, and the status that the demand had before it."""

    demand: Demand
    before: DemandStatus
    response: DemandResponse


async def list_demands(
    context: Context, guild_id: int, status: DemandStatus | None = None
) -> tuple[Demand, ...]:
    """The demands in their order; with a status, only those that have it now."""
    snapshot = await context.snapshots.get(context, guild_id)
    return tuple(demand for demand in snapshot.demands.entries if status in {None, demand.status})


async def get_demand(context: Context, guild_id: int, key_or_words: str) -> Demand:
    """The demand with this key, or else the one that these words most likely mean.

    Raises:
        NotFound: none is near enough; the problem names the nearest.
    """
    snapshot = await context.snapshots.get(context, guild_id)
    return _found(snapshot.demands, key_or_words, "demand", "/demand list")


async def demand_with_key(context: Context, guild_id: int, key: str | None) -> Demand | None:
    """The demand with exactly this key; `None` without a key, or when it is gone."""
    demands = (await context.snapshots.get(context, guild_id)).demands.entries
    return next((demand for demand in demands if demand.key == key), None)


async def demand_numbered(context: Context, guild_id: int, number: int) -> Demand:
    """The demand with this number in the list.

    Raises:
        NotFound: there is none.
    """
    demands = (await context.snapshots.get(context, guild_id)).demands.entries
    demand = next((demand for demand in demands if demand.position == number), None)
    if demand is None:
        raise NotFound(
            f"There is no demand {number}.", next_step="`/demand list` shows them with their numbers."
        )
    return demand


async def evidence_for(context: Context, guild_id: int, demand: Demand) -> int | None:
    """How many pieces of feedback speak to a demand; `None` when they are too few to be told."""
    number = (await context.snapshots.get(context, guild_id)).evidence.get(demand.key, 0)
    return number if number >= K else None


async def search_demands(
    context: Context, guild_id: int, query: str, *, limit: int = SUGGESTIONS
) -> list[FoundDemand]:
    """The demands that answer to a query, the best first."""
    snapshot = await context.snapshots.get(context, guild_id)
    return [FoundDemand(demand, hit.fragment) for demand, hit in snapshot.demands.search(query, limit=limit)]


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
    return _found(snapshot.motions, key_or_words, "motion", "/motion list")


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
    return _found(snapshot.actions, key_or_words, "action", "/action list")


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
    return _found(snapshot.terms, key_or_words, "term", "/glossary")


async def suggest_terms(context: Context, guild_id: int, typed: str) -> list[Suggestion]:
    """Terms to choose from while somebody types, at most 25."""
    snapshot = await context.snapshots.get(context, guild_id)
    return _suggest(snapshot.terms, typed)


async def changes_since(context: Context, guild_id: int, since: date) -> list[DemandChange]:
    """The employer's responses dated on or after a day, the oldest first."""
    snapshot = await context.snapshots.get(context, guild_id)
    changes = [change for demand in snapshot.demands.entries for change in _changes(demand)]
    return sorted(
        (change for change in changes if change.response.on >= since), key=lambda change: change.response.on
    )


async def record_response(
    context: Context, guild_id: int, key: str, status: DemandStatus | str, text: str, on: date, source: str
) -> Demand:
    """Adds a response of the employer to a demand's history. Nothing in the history is overwritten.

    Args:
        context: the installation.
        guild_id: the guild.
        key: the demand's own key: words would do for looking up, but not for writing.
        status: the status that the demand has from this response on.
        text: what the employer said or did, at most 1,000 characters.
        on: the day of the response, today at the latest.
        source: where that can be read, or who said so, at most 300 characters.

    Returns:
        The demand with its new response.

    Raises:
        BadInput: something about the response cannot be used.
        NotFound: the guild has no such demand.
    """
    response = DemandResponse(
        on=await _not_in_the_future(context, guild_id, on),
        status=_known_status(status),
        text=_within(text, RESPONSE_LIMIT, "The response"),
        source=_within(source, SOURCE_LIMIT, "The source"),
    )
    async with context.database.write() as connection:
        _must_exist(await queries.fetch_demand(connection, guild_id, key), key)
        await queries.insert_response(
            connection,
            guild_id,
            key,
            response,
            response_id=secrets.token_hex(16),
            recorded_at=context.now(),
        )
        demand = _must_exist(await queries.fetch_demand(connection, guild_id, key), key)
    context.snapshots.forget(guild_id)
    return demand


def _must_exist(demand: Demand | None, key: str) -> Demand:
    if demand is None:
        raise NotFound(
            f"There is no demand {_quoted(key)}, so nothing was recorded.",
            next_step="Choose one from the list that appears while you type.",
        )
    return demand


async def _not_in_the_future(context: Context, guild_id: int, on: date) -> date:
    today = (await local_now(context, guild_id)).date()
    if on > today:
        raise BadInput(
            f"{on:%A} {on.day} {on:%B %Y} is in the future, so nothing was recorded.",
            next_step="Give the day on which the employer responded, today at the latest.",
        )
    return on


def _known_status(status: DemandStatus | str) -> DemandStatus:
    try:
        return DemandStatus(status)
    except ValueError:
        words = ", ".join(known.value.replace("_", " ") for known in DemandStatus)
        raise BadInput(
            f"{_quoted(status)} is not a status, so nothing was recorded.", next_step=f"Use one of: {words}."
        ) from None


def _within(text: str, limit: int, what: str) -> str:
    # PostgreSQL cannot store NUL, which pasted text may bring along.
    text = text.replace("\0", "").strip()
    if not text:
        raise BadInput(f"{what} is empty, so nothing was recorded.", next_step="Write a sentence or two.")
    if len(text) > limit:
        raise BadInput(
            f"{what} has {len(text):,} characters; {limit:,} is the most. Nothing was recorded.",
            next_step="Shorten it, and send it again.",
        )
    return text


def _changes(demand: Demand) -> list[DemandChange]:
    before = [DemandStatus.NO_RESPONSE, *(response.status for response in demand.responses)]
    return [DemandChange(demand, *pair) for pair in zip(before, demand.responses, strict=False)]


def _found(shelf: Shelf[EntryType], key_or_words: str, noun: str, command: str) -> EntryType:
    found = shelf.find(key_or_words)
    if found is not None:
        return found
    nearest = [entry.title for entry, _ in shelf.search(key_or_words, limit=_NEAREST)]
    if nearest:
        next_step = f"Did you mean one of these? {'; '.join(nearest)}. `{command}` shows all."
    elif shelf.entries:
        next_step = f"`{command}` shows all."
    else:
        next_step = "Ask an organiser: nothing of that kind has been added in this server yet."
    raise NotFound(f"No {noun} matches {_quoted(key_or_words)}.", next_step=next_step)


def _suggest(shelf: Shelf[EntryType], typed: str) -> list[Suggestion]:
    return [(_label(entry), entry.key) for entry, _ in shelf.search(typed, limit=SUGGESTIONS)]


def _label(entry: Entry) -> str:
    expansion = f" ({entry.expansion})" if isinstance(entry, Term) and entry.expansion else ""
    label = entry.title + expansion
    return label if len(label) <= LABEL_LIMIT else label[: LABEL_LIMIT - 1].rstrip() + "…"


def _quoted(text: str) -> str:
    """What was typed, short and on one line, so that an answer can repeat it."""
    flat = " ".join(text.split())
    return f"“{flat if len(flat) <= LABEL_LIMIT else flat[: LABEL_LIMIT - 1] + '…'}”"
