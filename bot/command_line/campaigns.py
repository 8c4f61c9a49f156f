"""`seed`: load a campaign, look whether its files are right, start one of your own."""

from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from bot.command_line.common import FAILED, ConfigOption, settings_for, with_database

if TYPE_CHECKING:
    from collections.abc import Iterator

    from db.engine import Database
    from seeds.format import CampaignSeed
    from seeds.loader import LoadReport

OWN_SINCE_EDITED = "kept because they were edited there"


def seed(
    context: typer.Context,
    name: Annotated[
        str | None,
        typer.Argument(
            help="A campaign that comes with the bot, or the path of a folder.", show_default=False
        ),
    ] = None,
    guild: Annotated[
        int | None,
        typer.Option(
            min=1, metavar="ID", help="The id of one Discord server.", show_default="every one the bot serves"
        ),
    ] = None,
    keep: Annotated[
        bool, typer.Option("--keep", help="Add it beside the server's campaign instead of in its place.")
    ] = False,
    check: Annotated[
        bool, typer.Option("--check", help="Only say what is wrong in its files; load nothing.")
    ] = False,
    new: Annotated[
        bool, typer.Option("--new", help="Make the folder NAME with files to fill in; load nothing.")
    ] = False,
    listed: Annotated[
        bool, typer.Option("--list", help="List the campaigns that come with the bot.")
    ] = False,
    config: ConfigOption = None,
) -> None:
    """Load a campaign: its demands, aims, motions, meetings, actions and glossary.

    What organisers changed is kept. If the server had another campaign, what came with that goes, unless it was
    edited or worked with.
    """
    if sum((keep, check, new, listed)) > 1:
        raise typer.BadParameter("Use one of --keep, --check, --new and --list at a time.")
    if listed:
        _list_shipped()
        return
    if name is None:
        raise typer.BadParameter("Name a campaign or a folder; --list shows those that come with the bot.")
    if check:
        typer.echo(_sound(name))
        return
    if new:
        _start_folder(Path(name))
        return
    settings = settings_for(context, config, need_token=False)

    async def load(database: "Database") -> "dict[int, LoadReport]":
        return await _seed(database, name, guild, settings.campaign.timezone, keep=keep)

    reports = with_database(settings, load)
    if not reports:
        typer.echo(
            "The bot serves no Discord server yet. Name one with --guild, or start the bot first.", err=True
        )
        raise typer.Exit(FAILED)
    for guild_id, report in reports.items():
        for line in _told(guild_id, report):
            typer.echo(line)


def _list_shipped() -> None:
    from seeds.reader import read_campaign, shipped_names  # noqa: PLC0415 - see bot.__main__

    for name in shipped_names():
        campaign = read_campaign(name)
        typer.echo(f"{name}: {campaign.title}, {_sizes(campaign)}")


def _sound(name: str) -> str:
    from seeds.reader import read_campaign  # noqa: PLC0415

    campaign = read_campaign(name)
    return f"Nothing is wrong with {campaign.title}: {_sizes(campaign)}."


def _sizes(campaign: "CampaignSeed") -> str:
    kinds = {
        "demand": campaign.demands,
        "aim": campaign.aims,
        "motion": campaign.motions,
        "action": campaign.actions,
        "meeting": campaign.meetings,
        "glossary term": campaign.terms,
    }
    return ", ".join(
        f"{len(found)} {kind if len(found) == 1 else f'{kind}s'}" for kind, found in kinds.items()
    )


def _start_folder(folder: Path) -> None:
    from seeds.skeleton import write_skeleton  # noqa: PLC0415

    for path in write_skeleton(folder):
        typer.echo(f"Made {path}")
    typer.echo(f"Fill them in, then look whether all is right: solidarity-bot seed --check {folder}")


async def _seed(
    database: "Database", name: str, guild: int | None, zone: str, *, keep: bool
) -> "dict[int, LoadReport]":
    from db.guilds import ensure_guild, fetch_guild_ids  # noqa: PLC0415
    from db.upgrade import upgrade as upgrade_database  # noqa: PLC0415
    from seeds.loader import change_campaign, load_campaign  # noqa: PLC0415
    from seeds.reader import read_campaign  # noqa: PLC0415

    campaign = read_campaign(name)
    await upgrade_database(database)
    async with database.write() as connection:
        if guild is not None:
            await ensure_guild(connection, guild, zone)
        chosen = await fetch_guild_ids(connection) if guild is None else (guild,)
    if keep:
        return {guild_id: await load_campaign(database, guild_id, campaign) for guild_id in chosen}
    return {guild_id: await change_campaign(database, guild_id, campaign, zone=zone) for guild_id in chosen}


def _told(guild_id: int, report: "LoadReport") -> "Iterator[str]":
    former = f", {len(report.removed)} of the former campaign removed" if report.removed else ""
    yield (
        f"Server {guild_id}: {len(report.added)} added, {len(report.updated)} updated, "
        f"{len(report.unchanged)} unchanged, {len(report.kept)} {OWN_SINCE_EDITED}{former}."
    )
    if report.left:
        one = len(report.left) == 1
        yield (
            f"  {len(report.left)} of the former campaign {'was' if one else 'were'} edited or worked with, "
            f"and {'belongs' if one else 'belong'} to the server now:"
        )
        yield from (f"  - {name}" for name in report.left)
