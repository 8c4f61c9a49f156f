"""What a demand says: organisers add demands and edit them, and see both versions before anything changes."""

from dataclasses import asdict, dataclass
from datetime import date

from bot.domain.keys import free_key
from bot.domain.language import later, say
from bot.domain.marks import mark_of
from bot.domain.models import KEYWORDS_LIMIT, Demand
from bot.domain.past_days import parse_past_day
from bot.domain.problems import BadInput
from bot.domain.text import clean_line, clean_text
from bot.services import guilds
from bot.services.context import Context
from bot.services.demand_ledger import SOURCE_LIMIT, demand_to_change, note
from db import campaign as queries
from db.campaign import EntryKind
from db.guilds import lock_guild

TITLE_LIMIT, SUMMARY_LIMIT, WORDING_LIMIT, DATE_LIMIT = 200, 2_000, 4_000, 60
_KEYWORDS = later("list of search words")


@dataclass(frozen=True, slots=True)
class TypedDemand:
    """What an organiser typed into the form."""

    title: str
    summary: str
    source: str
    source_on: str
    keywords: str = ""
    wording: str = ""


@dataclass(frozen=True, slots=True)
class DemandText:
    """What a demand says, as it may be stored."""

    title: str
    summary: str
    source: str
    source_on: date
    keywords: tuple[str, ...]


def text_of(demand: Demand) -> DemandText:
    """What a demand says now."""
    return DemandText(
        demand.title, demand.summary, demand.source.title, demand.source.on, tuple(demand.keywords)
    )


def seen(text: DemandText) -> str:
    """A short mark of a text, by which a later change of it is noticed."""
    return mark_of(asdict(text))


async def read_typed(context: Context, guild_id: int, typed: TypedDemand) -> DemandText:
    """The text that somebody means by what they typed.

    Raises:
        BadInput: something is missing or too long, or the date is none.
    """
    zone = (await guilds.get(context, guild_id)).zone
    return DemandText(
        title=clean_line(typed.title, name=say("title"), most=TITLE_LIMIT),
        summary=clean_text(typed.summary, name=say("summary"), most=WORDING_LIMIT),
        source=clean_line(typed.source, name=say("source"), most=SOURCE_LIMIT),
        source_on=parse_past_day(typed.source_on.strip() or "today", now=context.now(), zone=zone),
        keywords=_keywords(typed.keywords),
    )


async def add(context: Context, guild_id: int, actor_id: int, typed: TypedDemand) -> Demand:
    """Adds a demand at the end of the list.

    Raises:
        BadInput: something that was typed cannot be used, or there is a demand with that title.
    """
    text = await read_typed(context, guild_id, typed)
    wording = (
        clean_text(typed.wording, name=say("wording"), most=WORDING_LIMIT) if typed.wording.strip() else None
    )
    async with context.database.write() as connection:
        await lock_guild(connection, guild_id)
        known = await queries.fetch_demands(connection, guild_id)
        _must_be_new(text.title, known)
        key = free_key(text.title, {demand.key for demand in known}, otherwise="demand")
        position = max((demand.position for demand in known), default=0) + 1
        row = {"key": key, "position": position, "wording": wording, **_columns(text)}
        await queries.insert_entries(connection, guild_id, EntryKind.DEMAND, [row])
        demand = await demand_to_change(connection, guild_id, key)
        await note(context, connection, guild_id, actor_id, demand, "added")
    context.snapshots.forget(guild_id)
    return demand


async def edit(
    context: Context, guild_id: int, actor_id: int, key: str, text: DemandText, *, as_seen: str
) -> Demand:
    """Changes what a demand says; its history stays. Doing it twice changes nothing more.

    Args:
        context: the installation.
        guild_id: the guild.
        actor_id: the organiser, for the audit log.
        key: the demand's own key.
        text: what it is to say.
        as_seen: the mark of what it said when the organiser decided.

    Raises:
        BadInput: somebody else has changed it meanwhile.
        NotFound: the guild has no such demand.
    """
    async with context.database.write() as connection:
        before = await demand_to_change(connection, guild_id, key)
        if text_of(before) == text:
            return before
        if seen(text_of(before)) != as_seen:
            raise BadInput(
                say("Somebody has changed that demand since you opened it, so nothing was changed."),
                next_step=say("Open it again with `/organise demand edit`, and look at what it says now."),
            )
        await queries.update_entry(connection, guild_id, EntryKind.DEMAND, key, _columns(text))
        changed = ", ".join(differing(text_of(before), text))
        await note(context, connection, guild_id, actor_id, before, f"edited ({changed})")
        demand = await demand_to_change(connection, guild_id, key)
    context.snapshots.forget(guild_id)
    return demand


def differing(before: DemandText, after: DemandText) -> tuple[str, ...]:
    """What differs between two texts, in English words: `say` them to a reader."""
    pairs = {
        later("title"): (before.title, after.title),
        later("summary"): (before.summary, after.summary),
        later("source"): ((before.source, before.source_on), (after.source, after.source_on)),
        later("search words"): (before.keywords, after.keywords),
    }
    return tuple(name for name, (old, new) in pairs.items() if old != new)


def _columns(text: DemandText) -> dict[str, object]:
    return {**asdict(text), "keywords": list(text.keywords)}


def _keywords(typed: str) -> tuple[str, ...]:
    if not typed.strip():
        return ()
    line = clean_line(typed, name=say(_KEYWORDS), most=KEYWORDS_LIMIT)
    words = tuple(dict.fromkeys(word.strip() for word in line.split(",") if word.strip()))
    if words:
        # The form shows them with a space after each comma, so they may be longer there than they were typed.
        clean_line(", ".join(words), name=say(_KEYWORDS), most=KEYWORDS_LIMIT)
    return words


def _must_be_new(title: str, known: tuple[Demand, ...]) -> None:
    twin = next((demand for demand in known if demand.title.casefold() == title.casefold()), None)
    if twin is not None:
        raise BadInput(
            say(
                "There is a demand “{title}” already, number {position}, so nothing was added.",
                title=twin.title,
                position=twin.position,
            ),
            next_step=say("Change that one with `/organise demand edit`, or give yours another title."),
        )
