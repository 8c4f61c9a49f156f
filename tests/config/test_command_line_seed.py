"""`solidarity-bot seed`: the commands of docs/campaigns.md, and what goes wrong."""

import re
import sqlite3
from pathlib import Path

from tests.config.helpers import REPOSITORY, bot, here

SERVER = "123456789012345678"
DOCUMENT = (REPOSITORY / "docs" / "campaigns.md").read_text()
COMMANDS = re.findall(r"```sh\n *solidarity-bot (.+)\n", DOCUMENT)


def test_the_commands_of_the_document_work_one_after_the_other() -> None:
    said = {command: here(*command.split()) for command in COMMANDS}
    assert len(said) == 5
    assert {result.returncode for result in said.values()} == {0}, [one.stderr for one in said.values()]
    outputs = [result.stdout for result in said.values()]
    assert "solidarity-bot seed --check our_campaign" in outputs[0]
    assert outputs[1].startswith("Nothing is wrong with Our campaign: 1 demand,")
    assert outputs[2] == (
        f"Server {SERVER}: 6 added, 0 updated, 0 unchanged, 0 kept because they were edited there.\n"
    )
    assert "library_hours: Hours that Work, 5 demands" in outputs[3]
    assert f"Server {SERVER}: 19 added" in outputs[4]
    with sqlite3.connect("data/solidarity.sqlite3") as edited:
        edited.execute("UPDATE demands SET title = 'Ours' WHERE key = 'two-at-the-desk'")
    edited.close()
    changed = here("seed", "operation_protect", "--guild", SERVER)
    first, second, third = changed.stdout.splitlines()
    assert "59 added" in first
    assert "24 of the former campaign removed" in first
    assert second.endswith(
        "1 of the former campaign was edited or worked with, and belongs to the server now:"
    )
    assert third == "  - demand two-at-the-desk"


def test_everything_that_is_wrong_is_told_at_once_and_nothing_is_loaded() -> None:
    assert here("seed", "--new", "ours").returncode == 0
    for name, old, new in (
        ("demands", "summary", "sumary"),
        ("meetings", '"Thursday"', '"Friday"'),
        ("actions", "https://example.org/badge.png", "https://cdn.discordapp.com/attachments/1/badge.png"),
    ):
        path = Path(f"ours/{name}.toml")
        path.write_text(path.read_text().replace(old, new, 1))
    result = bot("seed", "--check", "./ours")
    assert result.returncode == 1
    assert result.stdout == ""
    for line in (
        "- demands.toml, safe-staffing: sumary is not known here; write summary",
        "- meetings.toml, open-meeting-2025-05-15: 2025-05-15 is a Thursday, not a Friday",
        "- actions.toml, wear-green: picture.url is an address that Discord only lends for a day;",
    ):
        assert line in result.stderr
    assert not Path("data").exists()
    refused = here("seed", "--new", "ours")
    assert refused.returncode == 1
    assert "nothing was made" in refused.stderr
    both = here("seed", "ours", "--check", "--keep")
    assert (both.returncode, "one of --keep" in both.stderr) == (2, True)
