"""`solidarity-bot import`, on a real database, as a real process where that matters; killed at every step, too."""

import signal
import sqlite3
import subprocess
import sys
from pathlib import Path

from tests.config.helpers import bot, environment, here
from tests.services.bulletins import FIRST, SECOND
from tests.wire.born import run

GUILD = "123456789012345678"
CHANNEL = 77
FAR_OFF = SECOND.replace("THURSDAY 3rd APRIL", "SUNDAY 3rd APRIL 2050")
TABLES = ("demands", "aims", "actions", "meetings", "schedules", "deliveries", "imports")
KILLED = """
import os, signal, sys
from importlib import import_module

module = import_module({module!r})
run = module.{name}

async def dying(*arguments, **options):
    result = await run(*arguments, **options)
    os.kill(os.getpid(), signal.SIGKILL)
    return result

module.{name} = dying
from bot.__main__ import main
sys.argv = ["solidarity-bot", *sys.argv[1:]]
main()
"""


def fill(*, channel: bool = True) -> None:
    assert here("seed", "operation_protect", "--guild", GUILD).returncode == 0
    if channel:
        with sqlite3.connect("data/solidarity.sqlite3") as database:
            database.execute("UPDATE guilds SET announcements_channel_id = ?", (CHANNEL,))
        database.close()


def stored() -> dict[str, list[tuple[object, ...]]]:
    with sqlite3.connect("data/solidarity.sqlite3") as database:
        found = {name: sorted(database.execute(f"SELECT * FROM {name}"), key=repr) for name in TABLES}
        assert database.execute("PRAGMA integrity_check").fetchall() == [("ok",)]
    database.close()
    return found


def written(text: str, name: str) -> str:
    Path(name).write_text(text, encoding="utf-8")
    return name


def test_it_shows_asks_applies_and_says_when_there_is_nothing_more() -> None:
    fill(channel=False)
    before = stored()
    second = written(SECOND, "second.txt")
    shown = bot("import", second, "--dry-run", afresh=True)
    assert (shown.returncode, shown.stderr) == (0, "")
    assert "Found: 12 demands, 5 aims, 1 meeting, 3 actions." in shown.stdout
    assert "[x] 9. Demand 4: An agreed cap on cases: there already, gains" in shown.stdout
    assert "No channel is chosen for posts" in shown.stdout
    assert "dry run" in shown.stdout
    unanswered = here("import", second, "--guild", GUILD)
    assert unanswered.returncode == 1
    assert "Apply what is ticked (21)?" in unanswered.stdout
    assert stored() == before
    done = here("import", second, "--yes")
    assert done.returncode == 0
    assert "Done: 0 added, 21 changed, 0 scheduled." in done.stdout
    after = stored()
    again = here("import", second, written(FIRST, "first.md"), "--yes")
    assert again.returncode == 0
    assert "imported on" in again.stdout
    assert "There is nothing to apply." in again.stdout
    assert stored() == after


def test_who_was_slower_with_the_same_document_is_told_that_nothing_was_changed() -> None:
    fill(channel=False)
    document = written(SECOND, "second.txt")
    slower = subprocess.Popen(
        [sys.executable, "-m", "bot", "import", document],
        env=environment({}),
        stdin=subprocess.PIPE,
        stdout=subprocess.PIPE,
        text=True,
    )
    assert slower.stdout is not None
    shown = ""
    while not shown.endswith("[y/N]: "):
        letter = slower.stdout.read(1)
        assert letter, shown
        shown += letter
    assert "Done: 0 added, 21 changed" in bot("import", document, "--yes").stdout
    before = stored()
    told, _ = slower.communicate("y\n", timeout=60)
    assert "already. Nothing was changed." in told
    assert "Done:" not in told
    assert stored() == before


def test_what_cannot_be_imported_is_named_and_the_rest_is_imported() -> None:
    assert here("import", "any.txt").returncode == 2  # it serves no server yet
    fill()
    assert here("import", "any.txt", "--guild", "5").returncode == 2
    Path("picture.txt").write_bytes(b"\x89PNG\r\n\x1a\n" + b"\0" * 100)
    result = here("import", "missing.txt", "picture.txt", written(FAR_OFF, "good.txt"), "--yes")
    assert result.returncode == 1
    assert "missing.txt: it cannot be read" in result.stderr
    assert "picture.txt" in result.stderr
    assert "1 added, 20 changed, 2 scheduled." in result.stdout
    assert "A bot that is running finds the new posts" in result.stdout
    assert len(stored()["imports"]) == 1


def killed_at(module: str, name: str, document: str) -> None:
    """Runs an import that ends as a power cut would, once a function has done its part."""
    script = KILLED.format(module=module, name=name)
    killed = run(["-c", script, "import", document, "--yes"], environment=environment({}), timeout=60)
    assert killed.returncode == -signal.SIGKILL, killed.stderr


def test_a_process_that_is_killed_leaves_all_or_nothing() -> None:
    fill()
    untouched = stored()
    document = written(FAR_OFF, "far-off.txt")
    for module, name in (
        ("db.schedules", "insert_schedule"),
        ("db.imports", "delete_draft"),
    ):
        killed_at(module, name, document)
        assert stored() == untouched, name
    killed_at("bot.services.imports", "apply", document)
    after = stored()
    assert (len(after["imports"]), len(after["schedules"]), len(after["meetings"])) == (1, 2, 2)
    assert len([row for row in after["demands"] if "Post Sentence Supervision to stop now" in repr(row)]) == 1
    again = here("import", document, "--yes")
    assert "Nothing was changed." in again.stdout
    assert stored() == after
