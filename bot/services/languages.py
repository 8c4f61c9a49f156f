"""Which language a person, or a guild, is spoken to in."""

import logging
from dataclasses import replace
from functools import cache
from gettext import NullTranslations, translation
from importlib.resources import as_file, files

from sqlalchemy.exc import SQLAlchemyError
from sqlalchemy.ext.asyncio import AsyncConnection

from bot.domain.language import ENGLISH, LANGUAGES, later, say
from bot.domain.problems import BadInput
from bot.services import guilds
from bot.services.context import Context
from bot.services.sending import Post
from db import members as queries
from db.guilds import fetch_guild

log = logging.getLogger(__name__)

DOMAIN = "solidarity"
AS_THE_SERVER = "server"


@cache
def catalogue(language: str) -> NullTranslations:
    """The texts of a language. English needs none; a language that is not known here is spoken to in English."""
    if language == ENGLISH or language not in LANGUAGES:
        return NullTranslations()
    try:
        with as_file(files("bot") / "languages") as folder:
            return translation(DOMAIN, folder, [language])
    except Exception:  # a damaged file must keep no post back
        log.exception(
            "a catalogue could not be read, so its language is not spoken", extra={"language": language}
        )
        return NullTranslations()


async def of_guild(context: Context, guild_id: int) -> NullTranslations:
    """The texts in which a guild's channels are written to."""
    return catalogue((await guilds.get(context, guild_id)).language)


async def of_guild_in(context: Context, connection: AsyncConnection, guild_id: int) -> NullTranslations:
    """The same as `of_guild`, in the caller's transaction."""
    guild = context.guilds.get(guild_id) or await fetch_guild(connection, guild_id)
    return catalogue(guild.language if guild else ENGLISH)


async def of_person(context: Context, guild_id: int, user_id: int) -> NullTranslations:
    """The texts for one person: in the language that they chose, or else the guild's."""
    chosen = await context.languages.chosen(context, guild_id)
    return catalogue(chosen[user_id]) if user_id in chosen else await of_guild(context, guild_id)


async def of_person_if_known(context: Context, guild_id: int, user_id: int) -> NullTranslations:
    """The same, and English where it cannot be looked up: word of a failing database must not fail for want of it."""
    try:
        return await of_person(context, guild_id, user_id)
    except (SQLAlchemyError, OSError) as error:
        log.warning("a language could not be looked up", extra={"error": type(error).__name__})
        return catalogue(ENGLISH)


async def of_post(context: Context, post: Post) -> NullTranslations:
    """The texts for a post: the person's whom it goes to, or else the guild's."""
    guild_id = post.delivery.guild_id
    if post.is_for_a_person:
        return await of_person(context, guild_id, post.delivery.target_id)
    return await of_guild(context, guild_id)


async def choose(context: Context, guild_id: int, user_id: int, wanted: str) -> None:
    """Sets the language in which a member is answered.

    Args:
        context: the installation.
        guild_id: the guild.
        user_id: the member.
        wanted: the language's code; `AS_THE_SERVER` returns to the guild's own.

    Raises:
        BadInput: there is no such language; nothing is changed then.
    """
    own = None if wanted == AS_THE_SERVER else _known(wanted)
    async with context.database.write() as connection:
        chosen = await queries.fetch_choices(connection, guild_id, user_id)
        await queries.write_choices(connection, guild_id, user_id, replace(chosen, language=own))
    context.languages.forget(guild_id)


async def choose_for_guild(context: Context, guild_id: int, wanted: str) -> None:
    """Sets the language of a guild's posts, and of its answers to everybody who chose none.

    Raises:
        BadInput: there is no such language; nothing is changed then.
    """
    await guilds.change(context, guild_id, language=_known(wanted))


def _known(wanted: str) -> str:
    if wanted not in LANGUAGES:
        raise BadInput(
            say("I do not speak that language."),
            next_step=say("Choose one of {languages}.", languages=", ".join(LANGUAGES.values())),
        )
    return wanted


AWAITING_REVIEW = later(
    "The Welsh was not read by a native speaker yet. If a sentence is wrong, please tell the people who run this bot."
)
"""Said wherever somebody chooses a language, until somebody whose language it is has read the catalogue."""
