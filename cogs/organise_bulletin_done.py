"""After a document was imported: what became of it, the list of imports, and undoing one."""

from collections.abc import Mapping, Sequence
from datetime import datetime
from typing import Any, TypeAlias

import discord

from bot.domain.bulletins.describing import DOCUMENTS, named
from bot.domain.bulletins.records import Deed, EntryChange, ImportRecord, ImportSummary
from bot.domain.language import later, say, say_count
from bot.domain.when import format_moment, moment_of
from bot.domain.when.moment import format_calendar_day
from bot.services import guilds, import_undo, imports
from bot.services.context import Context
from bot.services.import_undo import Undone
from bot.services.imports import Applied
from cogs._answers import answer
from cogs._bot import Interaction, context_of, guild_id_of
from cogs._permissions import require_organiser
from cogs._render import Page, button, day, fields_of, moment, plain, shorten
from cogs._routes import chosen_value, route

LISTED, TITLE_ROOM = 10, 80
Answer: TypeAlias = tuple[Page, list[discord.ui.Item[Any]]]

_HEADINGS = {
    Deed.ADDED: later("Added to the campaign"),
    Deed.CHANGED: later("Was there, and has the document's words now"),
    Deed.SCHEDULED: later("Scheduled"),
}


async def applied_answer(context: Context, guild_id: int, applied: Applied) -> Answer:
    """What a press of Apply came to."""
    record = applied.record
    if record is None:
        return Page(say("Nothing was applied.")), []
    if applied.already:
        return already_imported(record)
    zone = (await guilds.get(context, guild_id)).zone
    posts = await imports.coming_posts(context, guild_id, record)
    page = Page(
        say("Imported: {title}", title=shorten(record.title, TITLE_ROOM)),
        say("All of it is in the campaign now. Undo puts everything back as it was before."),
        _details(record, posts, zone),
        say("Times are in {zone}.", zone=zone),
    )
    return page, _steps(record)


def already_imported(record: ImportRecord) -> Answer:
    """What to say of a document that was imported before, and perhaps undone since."""
    if record.undone_at is not None:
        body = say(
            "It was imported {imported}, and that was undone {undone}, so nothing was "
            "changed now.\nTo import it after all, read the document once more with `/organise "
            "bulletin import`.",
            imported=moment(record.imported_at),
            undone=moment(record.undone_at),
        )
        return Page(say("Undone since: {title}", title=shorten(record.title, TITLE_ROOM)), body), []
    body = say(
        "It was imported {imported}, and importing it again changes nothing.\nTo decide "
        "anew what is kept of it, undo that import and read the document once more.",
        imported=moment(record.imported_at),
    )
    return Page(say("Imported already: {title}", title=shorten(record.title, TITLE_ROOM)), body), _steps(
        record
    )


def list_page(records: Sequence[ImportSummary]) -> Answer:
    """The latest imports, with a list to choose one from."""
    if not records:
        return Page(
            say("Nothing was imported yet."), say("`/organise bulletin import` reads a bulletin or a motion.")
        ), []
    shown = records[:LISTED]
    lines = [f"**{plain(one.title)}**\n{_state(one)}" for one in shown]
    more = (
        say_count(
            len(records) - LISTED,
            "{number} earlier one is not shown.",
            "{number} earlier ones are not shown.",
        )
        if len(records) > LISTED
        else ""
    )
    choose: discord.ui.Select[Any] = discord.ui.Select(
        custom_id=route("import.show"),
        placeholder=say("Look at one, to undo it"),
        options=[
            discord.SelectOption(
                label=shorten(one.title, 100),
                value=one.import_id,
                description=format_calendar_day(one.imported_at),
            )
            for one in shown
        ],
    )
    return Page(
        say_count(len(records), "{number} imported document", "{number} imported documents"),
        "\n".join(lines),
        foot=more,
    ), [choose]


async def show_import(interaction: Interaction, argument: str) -> None:
    """Shows what one import changed."""
    await require_organiser(interaction)
    context, guild_id = context_of(interaction), guild_id_of(interaction)
    record = await imports.get(context, guild_id, chosen_value(interaction) or argument)
    zone = (await guilds.get(context, guild_id)).zone
    posts = await imports.coming_posts(context, guild_id, record)
    dated = say("Dated {day}.", day=day(record.on)) if record.on else ""
    page = Page(
        f"{say(DOCUMENTS[record.kind])}: {shorten(record.title, TITLE_ROOM)}",
        f"{dated} {_state(record)}".strip(),
        _details(record, posts, zone),
    )
    await answer(interaction, page, buttons=_steps(record))


async def undo_pressed(interaction: Interaction, argument: str) -> None:
    """Undoes an import."""
    await require_organiser(interaction)
    undone = await import_undo.undo(context_of(interaction), guild_id_of(interaction), argument)
    await answer(interaction, _undone_page(undone), replace=True)


def _undone_page(undone: Undone) -> Page:
    title = shorten(undone.record.title, TITLE_ROOM)
    if undone.already:
        return Page(say("Undone already: {title}", title=title), say("Nothing more was changed."))
    kept = [f"{plain(name)}: {why}" for name, why in undone.kept]
    details = [
        *fields_of(say("Taken out again"), map(plain, undone.removed)),
        *fields_of(say("As it was before"), map(plain, undone.restored)),
        *fields_of(say("Kept"), kept),
    ]
    body = (
        say("The campaign is as it was before it.")
        if not kept
        else say("Some of it was kept, for the reasons given below.")
    )
    return Page(say("Undone: {title}", title=title), body, tuple(details))


def _state(record: ImportRecord | ImportSummary) -> str:
    imported = moment(record.imported_at)
    if record.undone_at:
        return say("Imported {imported}, undone {undone}", imported=imported, undone=moment(record.undone_at))
    return say("Imported {imported}", imported=imported)


def _steps(record: ImportRecord) -> list[discord.ui.Item[Any]]:
    return (
        [] if record.undone_at else [button(say("Undo this import"), route("import.undo", record.import_id))]
    )


def _details(
    record: ImportRecord, posts: Mapping[str, tuple[datetime, ...]], zone: str
) -> tuple[tuple[str, str], ...]:
    details: list[tuple[str, str]] = []
    for deed, heading in _HEADINGS.items():
        lines = dict.fromkeys(_line(change, posts, zone) for change in record.of(deed))
        details += fields_of(say(heading), lines)
    return tuple(details)


def _line(change: EntryChange, posts: Mapping[str, tuple[datetime, ...]], zone: str) -> str:
    if change.deed is not Deed.SCHEDULED:
        return plain(named(change.kind, change.title))
    times = [format_moment(moment_of(instant, zone)) for instant in posts.get(change.key, ())]
    where = f"<#{change.after['channel_id']}>"
    return "\n".join(
        (say("{title}, in {channel}", title=plain(named(change.kind, change.title)), channel=where), *times)
    )
