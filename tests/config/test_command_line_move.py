"""`solidarity-bot db move`: to PostgreSQL and back, on a terminal and elsewhere."""

import os
import pty
import re
import sqlite3
import subprocess
import sys
from contextlib import closing
from pathlib import Path

from tests.config.helpers import bot, closed_port, environment, here

BACK = "sqlite+aiosqlite:///data/back.sqlite3"


def content(path: str) -> list[str]:
    with closing(sqlite3.connect(path)) as database:
        return sorted(database.iterdump())


def test_an_installation_moves_there_and_back(postgres_url: str) -> None:
    assert here("seed", "operation_protect", "--guild", "7").returncode == 0
    Path("data/backups").mkdir()
    Path("data/secret.key").write_text("0" * 64)
    there = bot("db", "move", "--to", postgres_url, afresh=True)
    assert (there.returncode, there.stderr) == (0, "")
    lines = there.stdout.splitlines()
    assert lines[0].startswith("From sqlite+aiosqlite:///")
    assert {"demands: 12 rows copied", "demands: 12 rows compared", "guilds: 1 row compared"} <= set(lines)
    assert re.search(r"^All \d+ rows were compared: they are the same in both\.$", there.stdout, re.MULTILINE)
    folder = Path("data").absolute()
    assert [line for line in lines if line.startswith("- ")] == [
        f"- {folder}/secret.key",
        f"- {folder}/backups",
    ]

    moved = {"SOLIDARITY_DATABASE__URL": postgres_url}
    assert "Server 7: 0 added, 0 updated" in here("seed", "operation_protect", **moved).stdout
    back = here("db", "move", "--to", BACK, **moved)
    assert back.returncode == 0, back.stderr
    assert content("data/back.sqlite3") == content("data/solidarity.sqlite3")
    again = here("db", "move", "--to", BACK)
    assert again.returncode == 1
    assert re.fullmatch(r"The target is not empty: it holds \d+ rows\. .*\n", again.stderr)
    assert "without" not in again.stderr


def test_what_is_wrong_is_told_by_words_and_exit_code() -> None:
    assert here("db", "upgrade").returncode == 0
    assert here("db", "move").returncode == 2
    for url, words in (
        ("postgresql://bot:secret-word@localhost/x", r"Begin it with postgresql\+asyncpg://"),
        ("minutes.txt", "not the address of a database"),
        ("sqlite+aiosqlite:///:memory:", "Name a file instead"),
    ):
        wrong = here("db", "move", "--to", url)
        assert wrong.returncode == 2
        assert re.search(words, " ".join(wrong.stderr.split()))
        assert "secret-word" not in wrong.stderr
    gone = here("db", "move", "--to", f"postgresql+asyncpg://bot:secret-word@127.0.0.1:{closed_port()}/x")
    assert gone.returncode == 1
    assert "The new database cannot be used." in gone.stderr
    assert "secret-word" not in gone.stdout + gone.stderr


def test_on_a_terminal_one_line_shows_how_far_it_is() -> None:
    assert here("seed", "operation_protect", "--guild", "7").returncode == 0
    master, slave = pty.openpty()
    process = subprocess.Popen(
        [sys.executable, "-m", "bot", "db", "move", "--to", BACK],
        env=environment({}),
        stdout=slave,
        stderr=slave,
    )
    os.close(slave)
    shown = b""
    try:
        while part := os.read(master, 4096):
            shown += part
    except OSError:  # how Linux says that the other end is closed
        pass
    assert process.wait() == 0
    os.close(master)
    drawn = [line.rpartition("\r\x1b[K")[2] for line in shown.decode().split("\r\n")]
    assert re.search(r"\r\x1b\[K *\d+%  demands copied\r\x1b\[K", shown.decode())
    assert re.search(r"\r\x1b\[K100%  \w+ compared\r\x1b\[K", shown.decode())
    assert [line.split()[0] for line in drawn if line] == ["From", "to", "All", "Now", "The"]
