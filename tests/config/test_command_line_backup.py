"""Backups from the command line; putting one back is a real process, as it is in an emergency."""

import re
import stat
from pathlib import Path

from tests.config.helpers import bot, here


def test_a_backup_is_made_looked_at_and_put_back() -> None:
    assert here("keygen", "key.txt").returncode == 0
    (public,) = re.findall(r"age1\w+", here("keygen", "other.txt").stdout)
    assert here("seed", "operation_protect", "--guild", "7").returncode == 0
    plain = here("db", "backup")
    assert plain.returncode == 0, plain.stderr
    assert "not encrypted" in plain.stdout
    (in_folder,) = Path("data/backups").glob("solidarity-*")
    assert str(in_folder) in plain.stdout
    assert stat.S_IMODE(in_folder.stat().st_mode) == 0o600

    sealed = here("db", "backup", "copy.age", SOLIDARITY_BACKUP__RECIPIENTS=public)
    assert "It is whole, encrypted" in sealed.stdout
    again = here("db", "backup", "copy.age")
    assert (again.returncode, again.stderr) == (
        1,
        "There is a file copy.age already, and it was left as it is. Choose another name.\n",
    )
    assert "--identity" in here("db", "verify", "copy.age").stderr
    assert "other keys" in here("db", "verify", "copy.age", "-i", "key.txt").stderr
    assert "can be restored" in here("db", "verify", "copy.age", "-i", "other.txt").stdout

    assert here("seed", "operation_protect", "--guild", "8").returncode == 0
    restored = bot("db", "restore", "copy.age", "--identity", "other.txt")
    assert restored.returncode == 0, restored.stderr
    (aside,) = re.findall(r"\S+-before-\S+\.sqlite3", restored.stdout)
    assert Path(aside).exists()
    assert re.findall(r"Server (\d+)", here("seed", "operation_protect").stdout) == ["7"]
    back = here("db", "restore", aside)
    assert back.returncode == 0, back.stderr
    assert re.findall(r"Server (\d+)", here("seed", "operation_protect").stdout) == ["7", "8"]
    assert "newest is solidarity-" in here("check").stdout


def test_what_is_no_backup_is_told() -> None:
    Path("minutes.txt").write_text("Minutes of the branch meeting.")
    looked = here("db", "verify", "minutes.txt")
    assert (looked.returncode, looked.stdout) == (1, "It is not a SQLite database.\n")
    assert "cannot be restored" in here("db", "restore", "minutes.txt").stderr
    assert "There is no file gone.sqlite3." in here("db", "restore", "gone.sqlite3").stderr


def test_where_nothing_is_yet_nothing_is_backed_up_or_made() -> None:
    for command in ("backup", "verify"):
        told = here("db", command)
        assert told.returncode == 1
        assert told.stderr.startswith("There is no database yet: ")
        assert "--config" in told.stderr
    assert not list(Path().rglob("*.sqlite3"))
