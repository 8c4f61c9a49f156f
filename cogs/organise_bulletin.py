"""`/organise bulletin`: bring the union's own documents into the campaign."""

import asyncio
from collections.abc import Sequence
from importlib import import_module
from typing import Any

import discord
from discord import app_commands

from bot.domain.language import say
from cogs._bot import CampaignBot, Interaction
from cogs._permissions import organiser_only, require_organiser
from cogs._routes import Handler, modal_values, route, show_modal

PASTE = "import.paste"
PARTS = ("text", "second", "third")
PART_LIMIT = 4_000

_ROUTES = (
    "import.page",
    "import.tick",
    "import.edit",
    "import.save",
    "import.apply",
    "import.drop",
    "import.show",
    "import.undo",
)


async def _reading() -> Any:
    """The module that reads documents; loading it takes long, so other members need not wait for it."""
    return await asyncio.to_thread(import_module, "cogs.organise_bulletin_reading")


def _handler_of(name: str) -> Handler:
    async def handle(interaction: Interaction, argument: str) -> None:
        await require_organiser(interaction)
        reading = await _reading()
        await reading.HANDLERS[name](interaction, argument)

    return handle


class BulletinGroup(app_commands.Group):
    """The commands for documents."""

    def __init__(self) -> None:
        super().__init__(name="bulletin", description="Read bulletins and motions into the campaign")

    @app_commands.command(
        name="import", description="Read a bulletin or motion; you decide what is kept of it"
    )
    @app_commands.describe(file="a .txt, .md, .docx or .pdf file; without one you paste the text")
    @organiser_only()
    async def import_document(self, interaction: Interaction, file: discord.Attachment | None = None) -> None:
        """Reads a file, or asks for the text."""
        if file is None:
            await show_modal(interaction, _paste_modal())
            return
        await interaction.response.defer(ephemeral=True, thinking=True)
        await (await _reading()).read_file(interaction, file)

    @app_commands.command(name="list", description="What was imported and when; an import can be undone")
    @organiser_only()
    async def list_imported(self, interaction: Interaction) -> None:
        """Lists the imports."""
        await (await _reading()).list_imported(interaction)


def add_bulletins(bot: CampaignBot) -> None:
    """Adds what is behind the buttons of a review."""
    for name in _ROUTES:
        bot.routes.add(name, _handler_of(name))
    bot.routes.add(PASTE, _pasted)


def _paste_modal() -> discord.ui.Modal:
    """A form for a document; a box holds 4,000 characters, so there are several."""
    modal = discord.ui.Modal(title=say("Read a document"), custom_id=route(PASTE))
    for place, name in enumerate(PARTS):
        text: discord.ui.TextInput[Any] = discord.ui.TextInput(
            custom_id=name,
            style=discord.TextStyle.paragraph,
            max_length=PART_LIMIT,
            required=place == 0,
        )
        modal.add_item(
            discord.ui.Label(
                text=say("If it did not fit: what comes next")
                if place
                else say("Paste the bulletin or motion"),
                description=None
                if place
                else say("Nothing is stored in the campaign before you confirm it."),
                component=text,
            )
        )
    return modal


async def _pasted(interaction: Interaction, argument: str) -> None:
    del argument
    await require_organiser(interaction)
    typed = modal_values(interaction)
    await interaction.response.defer(ephemeral=True, thinking=True)
    await (await _reading()).read_text(interaction, _joined([typed.get(name, "") for name in PARTS]))


def _joined(parts: Sequence[str]) -> str:
    """The whole document. A part that fills its box was cut off there, perhaps in the middle of a word."""
    return "".join(part if len(part) >= PART_LIMIT else f"{part}\n" for part in parts)
