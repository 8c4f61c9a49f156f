"""In which language an interaction is answered."""

from bot.domain.language import say, speak
from bot.domain.problems import BadInput
from bot.services import languages
from cogs._bot import Interaction, context_of
from cogs._routes import SEPARATOR, custom_id_of, guild_in


async def speak_to(interaction: Interaction) -> None:
    """Speaks to a person in their language, for the rest of the task."""
    guild_id = interaction.guild_id or _guild_of_message(interaction)
    if guild_id is None:
        return
    speak(await languages.of_person_if_known(context_of(interaction), guild_id, interaction.user.id))


def what_stays() -> tuple[str, str]:
    """What no language changes, as a detail of a page."""
    return (
        say("What stays as it is"),
        say("What organisers and members write, the campaign's texts, and commands' names."),
    )


def _guild_of_message(interaction: Interaction) -> int | None:
    """The server that a direct message is about: its buttons carry it first."""
    try:
        return guild_in(custom_id_of(interaction).partition(SEPARATOR)[2])
    except BadInput:
        return None
