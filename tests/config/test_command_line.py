"""The command line as people meet it: real processes, their words and their exit codes."""

import json
import subprocess
import sys
from pathlib import Path

import pytest

from bot import __version__
from bot.__main__ import main
from tests.config.helpers import CANARY, bot, closed_port, environment, here

COMMANDS = ["run", "start", "practice", "check", "seed", "db upgrade", "db verify"]


# Asking for help


def test_help_lists_every_command_and_imports_nothing_heavy() -> None:
    code = (
        "import sys; sys.argv = ['solidarity-bot', '--help']\n"
        "from bot.__main__ import main\n"
        "try: main()\n"
        "except SystemExit as end: code = end.code\n"
        "import json; print(json.dumps([code, sorted(sys.modules)]))"
    )
    result = subprocess.run(
        [sys.executable, "-c", code], env=environment({}), capture_output=True, text=True, check=True
    )
    *shown, last = result.stdout.splitlines()
    code, modules = json.loads(last)
    assert code == 0
    heavy = {"discord", "sqlalchemy", "rich", "alembic", "simcord", "aiohttp", "apscheduler", "pydantic"}
    assert heavy.isdisjoint(modules)
    for command in ("run", "start", "practice", "check", "seed", "db"):
        assert any(line.split()[:1] == [command] for line in shown)


@pytest.mark.parametrize("command", COMMANDS)
def test_every_command_explains_itself_in_a_full_sentence(
    command: str, capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    assert called(monkeypatch, *command.split(), "--help") == 0
    shown = capsys.readouterr().out
    assert "--config FILE" in shown
    explanation = " ".join(shown.split("\n\n")[1].split())
    assert explanation[0].isupper()
    assert explanation.endswith(".")
    assert len(explanation.split()) >= 8


def called(monkeypatch: pytest.MonkeyPatch, *arguments: str) -> object:
    """Runs the command line in this process, for what needs no process of its own; returns the exit code."""
    monkeypatch.setattr(sys, "argv", ["solidarity-bot", *arguments])
    with pytest.raises(SystemExit) as end:
        main()
    return end.value.code


def test_the_version_is_told() -> None:
    result = bot("--version", afresh=True)
    assert (result.returncode, result.stdout) == (0, f"solidarity-bot {__version__}\n")


def test_the_installed_program_is_the_same() -> None:
    program = Path(sys.executable).with_name("solidarity-bot")
    result = subprocess.run(
        [program, "--version"], env=environment({}), capture_output=True, text=True, check=True
    )
    assert result.stdout == f"solidarity-bot {__version__}\n"


@pytest.mark.parametrize(
    "arguments",
    [
        [],
        ["db"],
        ["nonsense"],
        ["run", "--nonsense"],
        ["seed"],
        ["seed", "operation_protect", "--guild", "branch"],
        ["practice", "--port", "70000"],
        ["practice", "--start", "yesterday-ish"],
        ["--config"],
    ],
)
def test_wrong_use_is_exit_code_2(
    arguments: list[str], capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    assert called(monkeypatch, *arguments) == 2
    captured = capsys.readouterr()
    assert ("Error: " in captured.err) == bool(
        set(arguments) - {"db"}
    )  # without a command, help is the answer


def test_wrong_use_of_the_process_is_exit_code_2() -> None:
    result = bot("nonsense", afresh=True)
    assert (result.returncode, result.stdout) == (2, "")
    assert "No such command 'nonsense'." in result.stderr


# The configuration


@pytest.mark.parametrize("command", ["run", "db upgrade"])
def test_every_command_lists_every_problem_of_the_configuration(command: str) -> None:
    Path("config.toml").write_text(f'[log]\nlevel = "loud"\n[discord]\ntoken = "Bot {CANARY}"\n[nonsense]\n')
    result = here(*command.split())
    assert result.returncode == 2
    lines = result.stderr.splitlines()
    assert lines[0] == "The configuration needs 3 corrections:"
    assert len(lines) == 4
    assert "- config.toml, [log] level: This must be debug, info, warning or error." in result.stderr
    assert list(Path().iterdir()) == [Path("config.toml")]


@pytest.mark.parametrize(
    "arguments", [["--config", "other.toml", "check"], ["check", "--config", "other.toml"]]
)
def test_the_configuration_may_be_named_before_or_after_the_command(arguments: list[str]) -> None:
    Path("other.toml").write_text("[log]\ncolour = true\n")
    result = here(*arguments)
    assert result.returncode == 1
    assert "other.toml, [log] colour: There is no such setting in [log]." in result.stdout


def test_a_configuration_that_is_not_there_is_a_problem() -> None:
    result = here("run", "--config", "absent.toml")
    assert result.returncode == 2
    assert "- absent.toml: There is no such file." in result.stderr


def test_without_a_token_run_says_where_to_get_one() -> None:
    result = bot("run")
    assert result.returncode == 2
    assert "There is no Discord token. Set DISCORD_TOKEN" in result.stderr
    assert "https://discord.com/developers/applications" in result.stderr


def test_run_ends_with_1_when_it_fails() -> None:
    address = f"http://127.0.0.1:{closed_port()}/api/v10"
    result = bot("run", afresh=True, DISCORD_TOKEN=CANARY, SOLIDARITY_DISCORD__API_BASE=address)
    assert result.returncode == 1
    assert result.stderr.splitlines()[-1].startswith(f"Nothing answers at {address}.")


# What nobody expected


def test_a_defect_is_told_in_plain_words() -> None:
    code = (
        "import sys, bot.config\n"
        "def broken(*arguments, **options): raise ZeroDivisionError\n"
        "bot.config.load_settings = broken\n"
        "sys.argv = ['solidarity-bot', 'check']\n"
        "from bot.__main__ import main\n"
        "main()"
    )
    result = subprocess.run(
        [sys.executable, "-c", code], env=environment({}), capture_output=True, text=True, check=False
    )
    assert result.returncode == 1
    assert "Traceback" not in result.stderr
    assert "fault of its own (ZeroDivisionError)" in result.stderr
