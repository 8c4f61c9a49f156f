"""The command line as people meet it: real processes, their words and their exit codes."""

import json
import os
import re
import signal
import socket
import sqlite3
import stat
import subprocess
import sys
import time
from pathlib import Path

import pytest

from bot import __version__

REPOSITORY = Path(__file__).parents[2]
CANARY = "MTAxMDEwMTAxMDEwMTAxMDEw.Canary.abcdefghijklmnopqrstuvwxyz0123456789AB"
COMMANDS = ["run", "start", "practice", "check", "seed", "db upgrade", "db verify"]
CLEAN = {
    name: value for name, value in os.environ.items() if not name.startswith(("SOLIDARITY_", "DISCORD_"))
}


@pytest.fixture(autouse=True)
def _in_an_empty_folder(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.chdir(tmp_path)


def environment(environ: dict[str, str]) -> dict[str, str]:
    return {**CLEAN, "PYTHONPATH": str(REPOSITORY), **environ}


def bot(*arguments: str, **environ: str) -> subprocess.CompletedProcess[str]:
    """Runs `solidarity-bot` to its end in the test's own folder."""
    result = subprocess.run(
        [sys.executable, "-m", "bot", *arguments],
        env=environment(environ),
        capture_output=True,
        text=True,
        timeout=60,
        check=False,
    )
    assert "Traceback" not in result.stderr
    assert CANARY not in result.stdout + result.stderr
    return result


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
def test_every_command_explains_itself_in_a_full_sentence(command: str) -> None:
    result = bot(*command.split(), "--help")
    assert result.returncode == 0
    assert "--config FILE" in result.stdout
    explanation = " ".join(result.stdout.split("\n\n")[1].split())
    assert explanation[0].isupper()
    assert explanation.endswith(".")
    assert len(explanation.split()) >= 8


def test_the_version_is_told() -> None:
    result = bot("--version")
    assert (result.returncode, result.stdout) == (0, f"solidarity-bot {__version__}\n")


def test_the_installed_program_is_the_same() -> None:
    program = Path(sys.executable).with_name("solidarity-bot")
    if not program.exists():
        pytest.skip("the package is not installed beside this Python")
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
def test_wrong_use_is_exit_code_2(arguments: list[str]) -> None:
    assert bot(*arguments).returncode == 2


# The configuration


@pytest.mark.parametrize("command", ["run", "start", "practice", "db upgrade"])
def test_every_command_lists_every_problem_of_the_configuration(command: str) -> None:
    Path("config.toml").write_text(f'[log]\nlevel = "loud"\n[discord]\ntoken = "Bot {CANARY}"\n[nonsense]\n')
    result = bot(*command.split())
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
    result = bot(*arguments)
    assert result.returncode == 1
    assert "other.toml, [log] colour: There is no such setting in [log]." in result.stdout


def test_a_configuration_that_is_not_there_is_a_problem() -> None:
    result = bot("run", "--config", "absent.toml")
    assert result.returncode == 2
    assert "- absent.toml: There is no such file." in result.stderr


def test_without_a_token_run_says_where_to_get_one() -> None:
    result = bot("run")
    assert result.returncode == 2
    assert "There is no Discord token. Set DISCORD_TOKEN" in result.stderr
    assert "https://discord.com/developers/applications" in result.stderr


def test_run_ends_with_1_when_it_fails() -> None:
    with socket.socket() as listener:
        listener.bind(("127.0.0.1", 0))
        port = listener.getsockname()[1]
    address = f"http://127.0.0.1:{port}/api/v10"
    result = bot("run", DISCORD_TOKEN=CANARY, SOLIDARITY_DISCORD__API_BASE=address)
    assert result.returncode == 1
    assert result.stderr.splitlines()[-1].startswith(f"Nothing answers at {address}.")


# Looking after the data


def test_check_says_ok_or_problem_of_everything() -> None:
    result = bot("check", DISCORD_TOKEN=CANARY)
    assert result.returncode == 0, result.stdout
    assert all(line.startswith("ok ") for line in result.stdout.splitlines())
    assert "ok       Configuration: It is complete." in result.stdout
    assert "Database:" in result.stdout


def test_check_looks_at_the_rest_though_the_token_is_missing() -> None:
    result = bot("check")
    assert result.returncode == 1
    assert "problem  [discord] token: There is no Discord token." in result.stdout
    assert "ok       Database:" in result.stdout


def test_check_finds_a_database_that_cannot_be_used() -> None:
    Path("minutes.txt").write_text("Minutes of the branch meeting.")
    result = bot("check", DISCORD_TOKEN=CANARY, SOLIDARITY_DATABASE__URL="sqlite+aiosqlite:///minutes.txt")
    assert result.returncode == 1
    (line,) = [line for line in result.stdout.splitlines() if line.startswith("problem")]
    assert "not a SQLite database" in line
    assert "Move that file away" in line


def test_check_lists_the_configuration_and_says_what_it_did_not_look_at() -> None:
    result = bot("check", SOLIDARITY_LOG__LEVEL="loud")
    assert result.returncode == 1
    assert result.stdout.count("problem") == 2
    assert "were not looked at" in result.stdout


def test_the_database_is_made_once_and_for_this_user_only() -> None:
    first, second = bot("db", "upgrade"), bot("db", "upgrade")
    assert (first.returncode, second.returncode) == (0, 0)
    assert first.stdout == "The database now has this version's schema.\n"
    assert second.stdout == "The database was up to date already.\n"
    for path, mode in ((Path("data"), 0o700), (Path("data/solidarity.sqlite3"), 0o600)):
        assert stat.S_IMODE(path.stat().st_mode) == mode
    whole = bot("db", "verify")
    assert (whole.returncode, whole.stderr) == (0, "")
    assert "whole" in whole.stdout


def test_verify_finds_what_is_wrong() -> None:
    Path("data").mkdir()
    result = bot("db", "verify")
    assert result.returncode == 1
    assert "Run: solidarity-bot db upgrade" in result.stdout


def test_another_programs_database_is_left_alone() -> None:
    Path("data").mkdir()
    with sqlite3.connect("data/solidarity.sqlite3") as theirs:
        theirs.execute("CREATE TABLE theirs (id)")
    theirs.close()
    result = bot("db", "upgrade")
    assert result.returncode == 1
    assert result.stderr.startswith("That database belongs to another program. It was left untouched.")


def test_a_campaign_is_loaded_into_a_server_again_and_again() -> None:
    nowhere = bot("seed", "operation_protect")
    assert nowhere.returncode == 1
    assert "Name one with --guild" in nowhere.stderr
    first = bot("seed", "operation_protect", "--guild", "123456789012345678")
    assert first.returncode == 0
    assert re.fullmatch(
        r"Server 123456789012345678: [1-9]\d* added, 0 updated, 0 unchanged, 0 kept .*\n", first.stdout
    )
    again = bot("seed", "operation_protect")
    assert re.match(r"Server 123456789012345678: 0 added, 0 updated, [1-9]", again.stdout)


def test_a_campaign_that_does_not_exist_is_told_with_those_that_do() -> None:
    result = bot("seed", "operation_protekt", "--guild", "1")
    assert result.returncode == 1
    assert "operation_protect" in result.stderr
    assert result.stderr.splitlines()[-1] == "Correct the files, then load them again."


# Practising


@pytest.mark.parametrize(
    ("arguments", "time_told"),
    [
        (["start"], "Monday 31 March 2025, 9am BST"),
        (["practice", "--no-browser", "--start", "2025-10-25 18:30"], "Saturday 25 October 2025, 6.30pm BST"),
        (["practice", "--no-browser", "--start", "2026-01-05T09:00+00:00"], "Monday 5 January 2026, 9am GMT"),
        (["practice", "--no-browser", "--start", "now"], ""),
    ],
)
def test_practice_needs_no_token_and_no_account(arguments: list[str], time_told: str) -> None:
    server = subprocess.Popen(
        [sys.executable, "-m", "bot", *arguments],
        env=environment({}),
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
        text=True,
    )
    try:
        said = read_until(server, "Stop with Ctrl+C.")
        assert time_told in said
        assert re.search(r"http://127\.0\.0\.1:\d+/", said)
        server.send_signal(signal.SIGINT)
        rest, complaints = server.communicate(timeout=15)
    finally:
        if server.poll() is None:
            server.kill()
            server.communicate()
    assert server.returncode == 0
    assert "Stopped" in rest
    assert complaints.startswith("No Discord token is configured") == (arguments == ["start"])
    assert complaints.count("\n") == (arguments == ["start"])


def read_until(process: "subprocess.Popen[str]", text: str) -> str:
    assert process.stdout is not None
    said, deadline = "", time.monotonic() + 30
    while text not in said and time.monotonic() < deadline:
        line = process.stdout.readline()
        assert line, f"it ended early, having said: {said}"
        said += line
    return said


def test_without_the_practice_extra_it_says_how_to_get_it() -> None:
    code = (
        "import importlib.util, sys\n"
        "find = importlib.util.find_spec\n"
        "importlib.util.find_spec = lambda name, *more: None if name == 'simcord' else find(name, *more)\n"
        "sys.argv = ['solidarity-bot', 'practice']\n"
        "from bot.__main__ import main\n"
        "main()"
    )
    result = subprocess.run(
        [sys.executable, "-c", code], env=environment({}), capture_output=True, text=True, check=False
    )
    assert result.returncode == 1
    assert "pip install 'solidarity-bot[practice]'" in result.stderr


def test_a_token_makes_start_run_the_bot() -> None:
    with socket.socket() as listener:
        listener.bind(("127.0.0.1", 0))
        address = f"http://127.0.0.1:{listener.getsockname()[1]}/api/v10"
    Path("token").write_text(CANARY)
    Path("token").chmod(0o600)
    Path("config.toml").write_text(f'[discord]\ntoken_file = "token"\napi_base = "{address}"\n')
    result = bot("start")
    assert result.returncode == 1
    assert result.stderr.startswith(f"Nothing answers at {address}.")


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
