"""`/organise bulletin`: bring the union's own documents into the campaign."""

from collections.abc import Sequence
from typing import Any

import discord
from discord import app_commands

from bot.domain.bulletins.files import check_size
from bot.domain.bulletins.records import ImportRecord
from bot.domain.problems import BadInput
from bot.services import import_drafts, imports
from bot.services.documents import text_of
from cogs._answers import answer
from cogs._bot import CampaignBot, Interaction, context_of, guild_id_of
from cogs._permissions import organiser_only, require_organiser
from cogs._routes import modal_values, route, show_modal
from cogs.organise_bulletin_done import already_imported, list_page, show_import, undo_pressed
from cogs.organise_bulletin_edit import edit_chosen, edit_typed
from cogs.organise_bulletin_review import (
    apply_pressed,
    give_up_pressed,
    show_review,
    ticks_chosen,
    turn_page,
)

PASTE = "import.paste"
PARTS = ("text", "second", "third")
PART_LIMIT = 4_000

_HANDLERS = {
    "import.page": turn_page,
    "import.tick": ticks_chosen,
    "import.edit": edit_chosen,
    "import.save": edit_typed,
    "import.apply": apply_pressed,
    "import.drop": give_up_pressed,
    "import.show": show_import,
    "import.undo": undo_pressed,
}


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
        await _review(interaction, await _text_of(file))

    @app_commands.command(name="list", description="What was imported and when; an import can be undone")
    @organiser_only()
    async def list_imported(self, interaction: Interaction) -> None:
        """Lists the imports."""
        records = await imports.list_imports(context_of(interaction), guild_id_of(interaction))
        page, buttons = list_page(records)
        await answer(interaction, page, buttons=buttons)


def add_bulletins(bot: CampaignBot) -> None:
    """Adds what is behind the buttons of a review."""
    for name, handler in _HANDLERS.items():
        bot.routes.add(name, handler)
    bot.routes.add(PASTE, _pasted)


def _paste_modal() -> discord.ui.Modal:
    """A form for a document; a box holds 4,000 characters, so there are several."""
    modal = discord.ui.Modal(title="Read a document", custom_id=route(PASTE))
    for place, name in enumerate(PARTS):
        text: discord.ui.TextInput[Any] = discord.ui.TextInput(
            custom_id=name,
            style=discord.TextStyle.paragraph,
            max_length=PART_LIMIT,
            required=place == 0,
        )
        modal.add_item(
            discord.ui.Label(
                text="If it did not fit: what comes next" if place else "Paste the bulletin or motion",
                description=None if place else "Nothing is stored in the campaign before you confirm it.",
                component=text,
            )
        )
    return modal


async def _pasted(interaction: Interaction, argument: str) -> None:
    del argument
    await require_organiser(interaction)
    typed = modal_values(interaction)
    await interaction.response.defer(ephemeral=True, thinking=True)
    await _review(interaction, _joined([typed.get(name, "") for name in PARTS]))


def _joined(parts: Sequence[str]) -> str:
    """The whole document. A part that fills its box was cut off there, perhaps in the middle of a word."""
    return "".join(part if len(part) >= PART_LIMIT else f"{part}\n" for part in parts)


async def _text_of(file: discord.Attachment) -> str:
    check_size(file.size)
    try:
        data = await file.read()
    except discord.HTTPException as error:
        raise BadInput(
            "Discord did not hand the file over, so nothing was read.",
            next_step="Upload it once more, or paste its text.",
        ) from error
    return await text_of(data, file.filename)


async def _review(interaction: Interaction, text: str) -> None:
    found = await import_drafts.begin(context_of(interaction), guild_id_of(interaction), text)
    if isinstance(found, ImportRecord):
        page, buttons = already_imported(found)
        await answer(interaction, page, buttons=buttons)
        return
    await show_review(interaction, found)
