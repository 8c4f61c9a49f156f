"""The commands that look after the data: `db …`."""

import typer

from bot.command_line.backup import backup, restore, verify
from bot.command_line.common import ConfigOption, settings_for, with_database
from bot.command_line.moving import move

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


database_app.command(short_help="Look for damage in the database, or in a backup.")(verify)
database_app.command(short_help="Make a backup, also while the bot runs.")(backup)
database_app.command(short_help="Put a backup in place of the database.")(restore)
database_app.command(short_help="Copy everything to another database, and compare the two.")(move)
