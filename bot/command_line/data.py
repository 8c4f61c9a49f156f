"""The commands that look after the data: `db …`."""

import typer

from bot.command_line.common import FAILED, ConfigOption, settings_for, with_database

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
