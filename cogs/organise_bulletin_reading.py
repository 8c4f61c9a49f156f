"""What becomes of a document that an organiser hands over: what is behind `/organise bulletin`.

It is imported when it is first used: what reads documents takes long to load, and most days nobody needs it.
"""

import discord

from bot.domain.bulletins.files import check_size
from bot.domain.bulletins.records import ImportRecord
from bot.domain.language import say
from bot.domain.problems import BadInput
from bot.services import import_drafts, imports
from bot.services.documents import text_of
from cogs._answers import answer
from cogs._bot import Interaction, context_of, guild_id_of
from cogs.organise_bulletin_done import already_imported, list_page, show_import, undo_pressed
from cogs.organise_bulletin_edit import edit_chosen, edit_typed
from cogs.organise_bulletin_review import (
    apply_pressed,
    give_up_pressed,
    show_review,
    ticks_chosen,
    turn_page,
)

HANDLERS = {
    "import.page": turn_page,
    "import.tick": ticks_chosen,
    "import.edit": edit_chosen,
    "import.save": edit_typed,
    "import.apply": apply_pressed,
    "import.drop": give_up_pressed,
    "import.show": show_import,
    "import.undo": undo_pressed,
}


async def read_file(interaction: Interaction, file: discord.Attachment) -> None:
    """Reads a file, and shows what was found in it."""
    await _review(interaction, await _text_of(file))


async def read_text(interaction: Interaction, text: str) -> None:
    """Reads what was pasted, and shows what was found in it."""
    await _review(interaction, text)


async def list_imported(interaction: Interaction) -> None:
    """Lists the imports."""
    records = await imports.list_imports(context_of(interaction), guild_id_of(interaction))
    page, buttons = list_page(records)
    await answer(interaction, page, buttons=buttons)


async def _text_of(file: discord.Attachment) -> str:
    check_size(file.size)
    try:
        data = await file.read()
    except discord.HTTPException as error:
        raise BadInput(
            say("Discord did not hand the file over, so nothing was read."),
            next_step=say("Upload it once more, or paste its text."),
        ) from error
    return await text_of(data, file.filename)


async def _review(interaction: Interaction, text: str) -> None:
    found = await import_drafts.begin(context_of(interaction), guild_id_of(interaction), text)
    if isinstance(found, ImportRecord):
        page, buttons = already_imported(found)
        await answer(interaction, page, buttons=buttons)
        return
    await show_review(interaction, found)
