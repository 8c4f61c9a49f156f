"""The commands that look after the data: `db …` and `seed`."""

from typing import TYPE_CHECKING, Annotated

import typer

from bot.command_line.common import FAILED, ConfigOption, settings_for, with_database

if TYPE_CHECKING:
    from db.engine import Database
    from seeds.loader import LoadReport

database_app = typer.Typer(
    help="Look after the database.", no_args_is_help=True, add_completion=False, rich_markup_mode=None
)


@database_app.command()
def upgrade(context: typer.Context, config: ConfigOption = None) -> None:
    """Bring the database to this version's schema; a database that is there already is left as it is."""
    from db.upgrade import upgrade as upgrade_database  # noqa: PLC0415 - see bot.__main__

    changed = with_database(settings_for(context, config, need_token=False), upgrade_database)
    typer.echo(
        "The database now has this version's schema." if changed else "The database was up to date already."
    )


@database_app.command()
def verify(context: typer.Context, config: ConfigOption = None) -> None:
    """Look for damage in the database, and for a schema that is not this version's."""
    from db.upgrade import verify as verify_database  # noqa: PLC0415

    problems = with_database(settings_for(context, config, need_token=False), verify_database)
    for problem in problems:
        typer.echo(problem)
    if problems:
        raise typer.Exit(FAILED)
    typer.echo("The database is whole, and has this version's schema.")


def seed(
    context: typer.Context,
    name: Annotated[str, typer.Argument(help="A campaign that comes with the bot, or the path of a folder.")],
    guild: Annotated[
        int | None,
        typer.Option(
            min=1, metavar="ID", help="The id of one Discord server.", show_default="every one the bot serves"
        ),
    ] = None,
    config: ConfigOption = None,
) -> None:
    """Load a campaign's demands, aims, motions, meetings and actions; what organisers changed is kept."""
    settings = settings_for(context, config, need_token=False)

    async def load(database: "Database") -> "dict[int, LoadReport]":
        return await _seed(database, name, guild, settings.campaign.timezone)

    reports = with_database(settings, load)
    if not reports:
        typer.echo(
            "The bot serves no Discord server yet. Name one with --guild, or start the bot first.", err=True
        )
        raise typer.Exit(FAILED)
    for guild_id, report in reports.items():
        typer.echo(
            f"Server {guild_id}: {len(report.added)} added, {len(report.updated)} updated, "
            f"{len(report.unchanged)} unchanged, {len(report.kept)} kept because they were edited there."
        )


async def _seed(database: "Database", name: str, guild: int | None, zone: str) -> "dict[int, LoadReport]":
    from db.guilds import ensure_guild, fetch_guild_ids  # noqa: PLC0415
    from db.upgrade import upgrade as upgrade_database  # noqa: PLC0415
    from seeds.loader import load_campaign  # noqa: PLC0415
    from seeds.reader import read_campaign  # noqa: PLC0415

    campaign = read_campaign(name)
    await upgrade_database(database)
    async with database.write() as connection:
        if guild is not None:
            await ensure_guild(connection, guild, zone)
        chosen = await fetch_guild_ids(connection) if guild is None else (guild,)
    return {guild_id: await load_campaign(database, guild_id, campaign) for guild_id in chosen}
