"""What organisers change about actions: add one, edit it, set its goal, retire it and bring it back."""

from collections.abc import Iterable
from dataclasses import dataclass, replace
from datetime import date

from sqlalchemy.ext.asyncio import AsyncConnection

from bot.domain.actions import LABEL_LIMIT, MOST_GOAL, read_links, read_picture
from bot.domain.keys import free_key
from bot.domain.language import later, say, say_count
from bot.domain.marks import mark_of
from bot.domain.models import Action
from bot.domain.problems import BadInput, NotFound, TooMany
from bot.domain.schedules import Schedule
from bot.domain.search import Searchable, SearchIndex
from bot.domain.text import clean_line, clean_text
from bot.services.campaign_index import Shelf
from bot.services.context import Context
from bot.services.guilds import local_now
from bot.services.sending import Post
from db import actions as queries
from db.guilds import lock_guild

TITLE_LIMIT, SUMMARY_LIMIT = 200, 1_024
MOST_ACTIONS = 50
SUGGESTIONS = 25
OWN_SOURCE = later("Organisers of this server")
"""Stored in English, and said where it is shown."""


@dataclass(frozen=True, slots=True)
class ActionForm:
    """What an organiser typed. Links stand one a line; a picture's address stands above what it shows."""

    title: str
    summary: str
    button: str = ""
    links: str = ""
    picture: str = ""


@dataclass(frozen=True, slots=True)
class Retired:
    """An action that is no longer asked for, and the nudges that still call for it."""

    action: Action
    nudges: tuple[str, ...]


async def add(context: Context, guild_id: int, form: ActionForm, goal: int | None) -> Action:
    """Adds an action, last in the list.

    Raises:
        BadInput: something that was typed cannot be used; nothing is stored then.
        TooMany: the guild has too many already.
    """
    values = _values(form)
    today = await _today(context, guild_id)
    async with context.database.write() as connection:
        await lock_guild(connection, guild_id)
        present = await queries.fetch_all_actions(connection, guild_id)
        if len(present) >= MOST_ACTIONS:
            raise TooMany(
                say_count(
                    len(present),
                    "There is {number} action, and no room for more.",
                    "There are {number} actions, retired ones among them, and no room for more.",
                ),
                next_step=say("Change one that is retired with `/organise action edit`."),
            )
        key = free_key(form.title, {action.key for action in present}, otherwise="action")
        await queries.insert_action(
            connection,
            guild_id,
            key=key,
            position=await queries.fetch_next_position(connection, guild_id),
            source=OWN_SOURCE,
            source_on=today,
            goal=_goal(goal),
            **values,
        )
        added = await _fetch(connection, guild_id, key)
    context.snapshots.forget(guild_id)
    return added


def seen(action: Action) -> str:
    """A short mark of what an action says, by which a later change of it is noticed."""
    return mark_of(_columns(action))


async def edit(
    context: Context, guild_id: int, key: str, form: ActionForm, goal: int | None, *, as_seen: str
) -> Action:
    """Changes what an action says; without a goal, the goal stays, and a goal of 0 takes it off.

    Args:
        context: the installation.
        guild_id: the guild.
        key: the action.
        form: what it is to say.
        goal: how many members are hoped for each week.
        as_seen: the mark of what it said when the form was shown. To send the same form again changes nothing more.

    Raises:
        BadInput: something that was typed cannot be used, or somebody has changed the action meanwhile; nothing is
            changed then.
        NotFound: there is no such action.
    """
    values = _values(form) | ({} if goal is None else {"goal": _goal(goal)})
    async with context.database.write() as connection:
        await lock_guild(connection, guild_id)
        before = await _fetch(connection, guild_id, key)
        if _columns(before) | values == _columns(before):
            return before
        if seen(before) != as_seen:
            raise BadInput(
                say("Somebody has changed that action since you opened it, so nothing was changed."),
                next_step=say("Open it again with `/organise action edit`, and look at what it says now."),
            )
        await queries.update_action(connection, guild_id, key, **values)
        changed = await _fetch(connection, guild_id, key)
    context.snapshots.forget(guild_id)
    return changed


async def retire(context: Context, guild_id: int, key: str) -> Retired:
    """Takes an action off the list; its numbers stay, and it can be brought back.

    Raises:
        NotFound: there is no such action.
    """
    action = await _change(context, guild_id, key, retired_on=await _today(context, guild_id))
    async with context.database.read() as connection:
        return Retired(action, await queries.fetch_nudges_for(connection, guild_id, key))


async def restore(context: Context, guild_id: int, key: str) -> Action:
    """Puts a retired action back on the list.

    Raises:
        NotFound: there is no such action.
    """
    return await _change(context, guild_id, key, retired_on=None)


async def get(context: Context, guild_id: int, key: str) -> Action:
    """The action with just this key, also if it is retired.

    Raises:
        NotFound: there is no such action.
    """
    async with context.database.read() as connection:
        return await _fetch(connection, guild_id, key)


async def find(context: Context, guild_id: int, key_or_words: str) -> Action:
    """The action with this key or else the one that these words most likely mean, also if it is retired.

    Raises:
        NotFound: none is near enough.
    """
    found = (await _shelf(context, guild_id)).find(key_or_words)
    if found is None:
        raise _no_such_action()
    return found


async def suggest(context: Context, guild_id: int, typed: str) -> list[tuple[str, str, str]]:
    """Actions to choose from while an organiser types: title, key, and of the retired ones that they are."""
    found = (await _shelf(context, guild_id)).search(typed, limit=SUGGESTIONS)
    retired = " (" + say("retired") + ")"
    return [(action.title, action.key, retired if action.retired_on else "") for action, _ in found]


async def called_for(
    connection: AsyncConnection, schedules: Iterable[Schedule]
) -> dict[tuple[int, str | None], Action | None]:
    """The actions that nudges call for, by guild and key: their words stand on the nudges' buttons."""
    wanted = {(one.guild_id, one.action_key) for one in schedules if one.action_key}
    return {place: await queries.fetch_action(connection, *place) for place in wanted}


async def with_action(context: Context, post: Post) -> Post:
    """The post with the action that it calls for."""
    async with context.database.read() as connection:
        actions = await called_for(connection, [post.schedule])
    return replace(post, action=actions.get((post.schedule.guild_id, post.schedule.action_key)))


async def _shelf(context: Context, guild_id: int) -> Shelf[Action]:
    async with context.database.read() as connection:
        present = await queries.fetch_all_actions(connection, guild_id)
    return Shelf(present, SearchIndex([Searchable(one.key, one.title, one.summary) for one in present]))


async def _change(context: Context, guild_id: int, key: str, **values: object) -> Action:
    async with context.database.write() as connection:
        await _fetch(connection, guild_id, key)
        await queries.update_action(connection, guild_id, key, **values)
        changed = await _fetch(connection, guild_id, key)
    context.snapshots.forget(guild_id)
    return changed


async def _fetch(connection: AsyncConnection, guild_id: int, key: str) -> Action:
    action = await queries.fetch_action(connection, guild_id, key)
    if action is None:
        raise _no_such_action()
    return action


def _no_such_action() -> NotFound:
    return NotFound(
        say("There is no such action, so nothing was changed."),
        next_step=say("Choose one from the list that appears while you type."),
    )


def _values(form: ActionForm) -> dict[str, object]:
    picture = read_picture(form.picture)
    label = form.button.strip()
    return {
        "title": clean_line(form.title, name=say("title"), most=TITLE_LIMIT),
        "summary": clean_text(form.summary, name=say("text"), most=SUMMARY_LIMIT),
        "button": clean_line(label, name=say("words on the button"), most=LABEL_LIMIT) if label else None,
        "links": [{"label": link.label, "url": link.url} for link in read_links(form.links)],
        "picture_url": picture.url if picture else None,
        "picture_alt": picture.alt if picture else None,
    }


def _columns(action: Action) -> dict[str, object]:
    """What the form changes, as it is stored."""
    return {
        "title": action.title,
        "summary": action.summary,
        "button": action.button,
        "links": [{"label": link.label, "url": link.url} for link in action.links],
        "picture_url": action.picture.url if action.picture else None,
        "picture_alt": action.picture.alt if action.picture else None,
        "goal": action.goal,
    }


def _goal(goal: int | None) -> int | None:
    if goal is not None and not 0 <= goal <= MOST_GOAL:
        raise BadInput(
            say("A goal of {goal} cannot be used, so nothing was stored.", goal=f"{goal:,}"),
            next_step=say(
                "Give a number of members a week, from 1 to {most}; 0 takes the goal off.",
                most=f"{MOST_GOAL:,}",
            ),
        )
    return goal or None


async def _today(context: Context, guild_id: int) -> date:
    return (await local_now(context, guild_id)).date()
