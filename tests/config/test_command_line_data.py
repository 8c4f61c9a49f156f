"""The commands that look after the data: one of each group as a real process, and the others in this one."""

import re
import sqlite3
import stat
from pathlib import Path

from tests.config.helpers import CANARY, bot, here


def test_check_says_ok_or_problem_of_everything() -> None:
    result = bot("check", afresh=True, DISCORD_TOKEN=CANARY)
    assert result.returncode == 0, result.stdout
    assert all(line.startswith("ok ") for line in result.stdout.splitlines())
    assert "ok       Configuration: It is complete." in result.stdout
    assert "Database:" in result.stdout


def test_check_looks_at_the_rest_though_the_token_is_missing() -> None:
    result = here("check")
    assert result.returncode == 1
    assert "problem  [discord] token: There is no Discord token." in result.stdout
    assert "ok       Database:" in result.stdout


def test_check_finds_a_database_that_cannot_be_used() -> None:
    Path("minutes.txt").write_text("Minutes of the branch meeting.")
    result = here("check", DISCORD_TOKEN=CANARY, SOLIDARITY_DATABASE__URL="sqlite+aiosqlite:///minutes.txt")
    assert result.returncode == 1
    (line,) = [line for line in result.stdout.splitlines() if line.startswith("problem")]
    assert "not a SQLite database" in line
    assert "Move that file away" in line


def test_check_lists_the_configuration_and_says_what_it_did_not_look_at() -> None:
    result = here("check", SOLIDARITY_LOG__LEVEL="loud")
    assert result.returncode == 1
    assert result.stdout.count("problem") == 2
    assert "were not looked at" in result.stdout


def test_the_database_is_made_once_and_for_this_user_only() -> None:
    first, second = bot("db", "upgrade", afresh=True), here("db", "upgrade")
    assert (first.returncode, second.returncode) == (0, 0)
    assert first.stdout == "The database now has this version's schema.\n"
    assert second.stdout == "The database was up to date already.\n"
    for path, mode in ((Path("data"), 0o700), (Path("data/solidarity.sqlite3"), 0o600)):
        assert stat.S_IMODE(path.stat().st_mode) == mode
    whole = here("db", "verify")
    assert (whole.returncode, whole.stderr) == (0, "")
    assert "whole" in whole.stdout


def test_verify_finds_what_is_wrong() -> None:
    Path("data").mkdir()
    Path("data/solidarity.sqlite3").touch()
    result = here("db", "verify")
    assert result.returncode == 1
    assert "Run: solidarity-bot db upgrade" in result.stdout


def test_another_programs_database_is_left_alone() -> None:
    Path("data").mkdir()
    with sqlite3.connect("data/solidarity.sqlite3") as theirs:
        theirs.execute("CREATE TABLE theirs (id)")
    theirs.close()
    result = here("db", "upgrade")
    assert result.returncode == 1
    assert result.stderr.startswith("That database belongs to another program. It was left untouched.")


def test_a_campaign_is_loaded_into_a_server_again_and_again() -> None:
    nowhere = here("seed", "operation_protect")
    assert nowhere.returncode == 1
    assert "Name one with --guild" in nowhere.stderr
    first = bot("seed", "operation_protect", "--guild", "123456789012345678")
    assert first.returncode == 0
    assert re.fullmatch(
        r"Server 123456789012345678: [1-9]\d* added, 0 updated, 0 unchanged, 0 kept .*\n", first.stdout
    )
    again = here("seed", "operation_protect")
    assert re.match(r"Server 123456789012345678: 0 added, 0 updated, [1-9]", again.stdout)


def test_a_campaign_that_does_not_exist_is_told_with_those_that_do() -> None:
    result = here("seed", "operation_protekt", "--guild", "1")
    assert result.returncode == 1
    assert "operation_protect" in result.stderr
    assert result.stderr.splitlines()[-1] == "Correct the files, then load them again."
