"""`solidarity-bot export`, on a real database; the file itself is made by a real process."""

import csv
import sqlite3
import stat
from pathlib import Path

from tests.config.helpers import bot, here

GUILD = "123456789012345678"
DEMANDS = ("cap-on-cases", None, None)
ASKED = ("export", "--guild", GUILD, "--purpose", "Briefing")


def fill() -> None:
    assert here("seed", "operation_protect", "--guild", GUILD).returncode == 0
    with sqlite3.connect("data/solidarity.sqlite3") as database:
        for number, (text, state) in enumerate(
            [("=1+1", "new"), ("Too much work", "open"), ("x", "waiting")]
        ):
            database.execute(
                "INSERT INTO feedback (feedback_id, guild_id, topic, iso_week, text, receipt_hash, state, demand_key)"
                " VALUES (?, ?, 'other', '2025-W14', ?, ?, ?, ?)",
                (f"{number:032}", int(GUILD), text, f"{number:064}", state, DEMANDS[number]),
            )
        database.execute("INSERT INTO feedback_tags VALUES (?, 'staffing', ?)", (f"{1:032}", int(GUILD)))
    database.close()


def audited() -> list[tuple[object, ...]]:
    with sqlite3.connect("data/solidarity.sqlite3") as database:
        found = database.execute("SELECT actor_id, event, purpose, rows, sha256 FROM audit").fetchall()
    database.close()
    return found


def test_the_file_is_for_this_user_only_and_leaves_its_trace() -> None:
    fill()
    _what_cannot_be_done_leaves_no_file()
    result = bot(*ASKED, "feedback.csv")
    assert (result.returncode, result.stderr) == (0, "")
    assert result.stdout == "2 pieces of feedback written to feedback.csv.\n"
    path = Path("feedback.csv")
    assert stat.S_IMODE(path.stat().st_mode) == 0o600
    with path.open(encoding="utf-8-sig", newline="") as file:
        assert [row["Text"] for row in csv.DictReader(file)] == ["'=1+1", "Too much work"]
    ((actor, event, purpose, rows, digest),) = audited()
    assert (actor, event, purpose, rows, len(str(digest))) == (0, "export", "Briefing", 2, 64)
    again = here(*ASKED, "feedback.csv")
    assert again.returncode == 1
    assert "left as it is" in again.stderr
    for number, asked in enumerate((("--demand", "cap on cases"), ("--tag", "Staffing"))):
        part = here(*ASKED, *asked, f"part-{number}.csv")
        assert part.stdout == f"1 piece of feedback written to part-{number}.csv.\n"
    assert "'=1+1" in Path("part-0.csv").read_text()
    assert "Too much work" in Path("part-1.csv").read_text()
    page = here(*ASKED, "--format", "html", "--state", "open", "page.html")
    assert page.stdout == "1 piece of feedback written to page.html.\n"
    assert "Too much work" in Path("page.html").read_text()


def _what_cannot_be_done_leaves_no_file() -> None:
    for wrong, words in ((("--format", "exe"), "kind of file"), (("--since", "W60"), "no such week")):
        result = here(*ASKED, *wrong, "feedback.csv")
        assert result.returncode == 1
        assert words in result.stderr
        assert not Path("feedback.csv").exists()
    result = here("export", "--guild", "1", "--purpose", "Briefing", "feedback.csv")
    assert "serves no Discord server" in result.stderr
    assert not Path("feedback.csv").exists()
    assert audited() == []
