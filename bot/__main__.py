"""The command line. What a command needs is imported when it runs, so that `--help` answers at once."""

import asyncio
import gc
import logging
import os
import re
import sys
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from bot import __version__
from bot.command_line.campaigns import seed
from bot.command_line.common import FAILED, WRONG_USE, ConfigOption, settings_for
from bot.command_line.data import database_app
from bot.command_line.documents import import_documents
from bot.command_line.export import export
from bot.command_line.sealing import keygen, unseal

if TYPE_CHECKING:
    from datetime import datetime

    from bot.config import ConfigurationError, Settings

NAME = "solidarity-bot"
PRACTICE_PORT = 8765

app = typer.Typer(
    name=NAME,
    help="Runs Solidarity Bot, a Discord bot for trade-union campaigns, and looks after its data.",
    epilog="Every command has a --help of its own. Exit codes: 0 fine, 1 failed, 2 wrong use.",
    no_args_is_help=True,
    add_completion=False,
    pretty_exceptions_enable=False,
    rich_markup_mode=None,
)
app.add_typer(database_app, name="db")


def main() -> None:
    """Runs the command line; whatever goes wrong is told in plain words."""
    try:
        app(prog_name=NAME)
    except Exception as error:  # noqa: BLE001 - each becomes plain words
        sys.exit(_explain(error))


def _explain(error: Exception) -> int:
    from bot.config import ConfigurationError  # noqa: PLC0415

    if isinstance(error, ConfigurationError):
        _list_problems(error)
        return WRONG_USE
    from bot.config.sections import LogSettings  # noqa: PLC0415
    from bot.failures import report  # noqa: PLC0415
    from bot.logs import configure_logging  # noqa: PLC0415

    if not logging.getLogger().handlers:  # it failed before a configuration said how to log
        configure_logging(LogSettings())
    report(error, sys.stderr)
    return FAILED


def _list_problems(error: "ConfigurationError") -> None:
    count = len(error.problems)
    typer.echo(
        "The configuration needs a correction:"
        if count == 1
        else f"The configuration needs {count} corrections:",
        err=True,
    )
    for problem in error.problems:
        typer.echo(f"- {problem}", err=True)


def _show_version(wanted: bool) -> None:
    if wanted:
        typer.echo(f"{NAME} {__version__}")
        raise typer.Exit


@app.callback()
def _common(
    context: typer.Context,
    config: ConfigOption = None,
    version: Annotated[  # noqa: ARG001 - answered by its callback
        bool,
        typer.Option("--version", help="Print the version and stop.", callback=_show_version, is_eager=True),
    ] = False,
) -> None:
    context.obj = config
    os.umask(0o077)  # whatever any command writes is for this user only


@app.command(short_help="Connect to Discord and run the bot.")
def run(context: typer.Context, config: ConfigOption = None) -> None:
    """Connect to Discord and run the bot until it is stopped with Ctrl+C or SIGTERM."""
    gc.disable()  # until the program is imported; `bot.process` says why, and enables it again
    from bot.process import run_bot  # noqa: PLC0415

    raise typer.Exit(run_bot(settings_for(context, config, need_token=True)))


@app.command(short_help="Run the bot if there is a token, else practise.")
def start(context: typer.Context, config: ConfigOption = None) -> None:
    """Run the bot if a Discord token is configured; otherwise open the practice server, which needs none."""
    settings = settings_for(context, config, need_token=False)
    if settings.discord.token is not None:
        from bot.process import run_bot  # noqa: PLC0415

        raise typer.Exit(run_bot(settings))
    typer.echo(
        "No Discord token is configured, so this is the practice server: the whole bot, without Discord. "
        "To connect to Discord, set DISCORD_TOKEN or see config.example.toml.",
        err=True,
    )
    raise typer.Exit(_practise(settings, port=PRACTICE_PORT, begin=None, data=None, browser=True))


@app.command(short_help="Try everything in the browser, without Discord.")
def practice(
    context: typer.Context,
    port: Annotated[
        int, typer.Option(min=0, max=65535, help="The port on this machine; 0 takes any free one.")
    ] = PRACTICE_PORT,
    begin: Annotated[
        str | None,
        typer.Option(
            "--start",
            metavar="WHEN",
            help='The time at which practice begins, such as "2025-03-31 09:00", or now.',
            show_default="a day of the campaign",
        ),
    ] = None,
    data: Annotated[
        Path | None,
        typer.Option(metavar="DIR", help="A folder to keep what was done.", show_default="kept nowhere"),
    ] = None,
    campaign: Annotated[
        str | None,
        typer.Option(
            metavar="NAME|FOLDER", help="The campaign to practise with.", show_default="the configured one"
        ),
    ] = None,
    no_browser: Annotated[
        bool, typer.Option("--no-browser", help="Do not open a browser; the address is printed.")
    ] = False,
    config: ConfigOption = None,
) -> None:
    """Practise in the browser with the real bot on a simulated Discord, without a token or an account."""
    settings = settings_for(context, config, need_token=False)
    if campaign is not None:
        settings = _with_campaign(settings, campaign)
    instant = _instant(begin, settings.campaign.timezone) if begin else None
    raise typer.Exit(_practise(settings, port=port, begin=instant, data=data, browser=not no_browser))


def _with_campaign(settings: "Settings", name: str) -> "Settings":
    """The settings with another campaign; a folder beside the current one needs no slash here."""
    chosen = settings.campaign.model_copy(
        update={"name": f"./{name}" if "/" not in name and Path(name).is_dir() else name}
    )
    return settings.model_copy(update={"campaign": chosen})


def _instant(text: str, zone: str) -> "datetime":
    from datetime import datetime  # noqa: PLC0415

    from bot.clock import SystemClock  # noqa: PLC0415
    from bot.domain.when import resolve  # noqa: PLC0415

    if text.strip().lower() == "now":
        return SystemClock().now()
    try:
        when = datetime.fromisoformat(text.strip())
    except ValueError:
        raise typer.BadParameter('Write it as "2025-03-31 09:00", or now.', param_hint="--start") from None
    return when if when.tzinfo else resolve(when, zone)


def _practise(
    settings: "Settings", *, port: int, begin: "datetime | None", data: Path | None, browser: bool
) -> int:
    from importlib.util import find_spec  # noqa: PLC0415

    if find_spec("simcord") is None:
        typer.echo(
            # Not the name of a package: whoever gave theirs ours in a registry would be installed.
            "The practice server needs a part that is not installed here. In the folder of the source, run: make run",
            err=True,
        )
        return FAILED
    from bot.logs import configure_logging  # noqa: PLC0415
    from bot.practice import run_practice  # noqa: PLC0415

    if settings.log.level == "info":
        # The server itself tells what happens, line by line; only a fault is worth a line of log between them.
        configure_logging(settings.log.model_copy(update={"level": "error"}))
    tell = _print_and_open if browser else typer.echo
    return run_practice(port=port, start=begin, data=data, campaign=settings.campaign.name, log=tell)


def _print_and_open(line: str) -> None:
    """Prints a line; if it names the page, opens the page too, where there is a screen to show it on."""
    typer.echo(line)
    address = re.search(r"http://127\.0\.0\.1\S+", line)
    screen = (
        sys.platform in {"darwin", "win32"} or os.environ.get("DISPLAY") or os.environ.get("WAYLAND_DISPLAY")
    )
    if address and screen and sys.stdout.isatty():
        import webbrowser  # noqa: PLC0415

        webbrowser.open(address[0])


@app.command(short_help="Say what is wrong, and how to put it right.")
def check(context: typer.Context, config: ConfigOption = None) -> None:
    """Look at the configuration, the files and the database, and say what is wrong and how to put it right."""
    from bot.config import ConfigurationError  # noqa: PLC0415

    problems = []
    try:
        settings = settings_for(context, config, need_token=True)
    except ConfigurationError as error:
        problems = error.problems
        settings = _settings_without_token(context, config)
    for problem in problems:
        _print_finding(False, problem.where, problem.what, problem.fix)
    if not problems:
        _print_finding(True, "Configuration", "It is complete.", None)
    if settings is None:
        typer.echo("The files and the database were not looked at: put the configuration right first.")
        raise typer.Exit(FAILED)
    from bot.clock import SystemClock  # noqa: PLC0415
    from bot.services.setup_check import check_installation  # noqa: PLC0415

    findings = asyncio.run(check_installation(settings, SystemClock().now()))
    for finding in findings:
        _print_finding(finding.ok, finding.subject, finding.what, finding.fix)
    raise typer.Exit(FAILED if problems or not all(finding.ok for finding in findings) else 0)


def _settings_without_token(context: typer.Context, config: Path | None) -> "Settings | None":
    """The settings if only the token is missing, so that the rest can be looked at."""
    from bot.config import ConfigurationError  # noqa: PLC0415

    try:
        return settings_for(context, config, need_token=False)
    except ConfigurationError:
        return None


def _print_finding(ok: bool, subject: str, what: str, fix: str | None) -> None:
    typer.echo(f"{'ok' if ok else 'problem':<8} {subject}: {' '.join(part for part in (what, fix) if part)}")


app.command(short_help="Load a campaign's facts.")(seed)
app.command("import", short_help="Read bulletins and motions into a campaign.")(import_documents)
app.command(short_help="Write a server's feedback to a file.")(export)
app.command(short_help="Make a key that opens sealed feedback.")(keygen)
app.command(short_help="Open a sealed export with your secret key.")(unseal)


if __name__ == "__main__":
    main()
