"""In which language an interaction is answered."""

import logging

from sqlalchemy.exc import SQLAlchemyError

from bot.domain.language import speak
from bot.domain.problems import BadInput
from bot.services import languages
from cogs._bot import Interaction, context_of
from cogs._routes import SEPARATOR, custom_id_of, guild_in

log = logging.getLogger(__name__)


async def speak_to(interaction: Interaction) -> None:
    """Speaks to a person in their language, for the rest of the task. Never fails: English is what remains.

    The answer to a failing database must not fail for want of a language.
    """
    guild_id = interaction.guild_id or _guild_of_message(interaction)
    if guild_id is None:
        return
    try:
        speak(await languages.of_person(context_of(interaction), guild_id, interaction.user.id))
    except (SQLAlchemyError, OSError) as error:
        log.warning("a language could not be looked up", extra={"error": type(error).__name__})


def _guild_of_message(interaction: Interaction) -> int | None:
    """The server that a direct message is about: its buttons carry it first."""
    try:
        return guild_in(custom_id_of(interaction).partition(SEPARATOR)[2])
    except BadInput:
        return None
