"""Sealed mode from end to end: what a member writes is readable nowhere but where a key is."""

import csv
import io
import json
import logging
import re
import shutil
import subprocess
from collections.abc import Iterator
from pathlib import Path

import pytest
from pyrage import x25519
from sqlalchemy import select

from bot.config import Settings, load_settings
from bot.config.sections import LogSettings
from bot.logs import FLOORS, LineHandler, configure_logging
from bot.services.feedback import release_batches
from bot.services.sealing import open_sealed
from db.tables import feedback, feedback_messages
from tests.config.helpers import environment
from tests.discord.conftest import World, text_of
from tests.wire.born import run

KEY = x25519.Identity.generate()
OTHER_KEY = x25519.Identity.generate()
WORDS = "canary words that nobody else would write"
LATER = "canary afterthought that came a week later"
RECEIPT = re.compile(r"\b([0-9A-Z]{4}-){3}[0-9A-Z]{4}\b")


@pytest.fixture
def settings(tmp_path: Path, migrated_file: Path) -> Settings:
    (tmp_path / "data").mkdir()
    shutil.copy(migrated_file, tmp_path / "data")
    environ = {
        "SOLIDARITY_DATA__DIRECTORY": str(tmp_path / "data"),
        "SOLIDARITY_FEEDBACK__RECIPIENTS": f"{KEY.to_public()}, {OTHER_KEY.to_public()}",
    }
    return load_settings(None, environ, need_token=False)


@pytest.fixture
def log() -> Iterator[io.StringIO]:
    """Everything that the product's own logging would write when debugging."""
    root = logging.getLogger()
    before = {name: logging.getLogger(name).level for name in ("", *FLOORS)}
    stream = io.StringIO()
    configure_logging(LogSettings(level="debug"), stream=stream)
    yield stream
    logging.captureWarnings(capture=False)
    for handler in [one for one in root.handlers if isinstance(one, LineHandler)]:
        root.removeHandler(handler)
    for name, level in before.items():
        logging.getLogger(name).setLevel(level)


def assert_nowhere(folder: Path, log: io.StringIO, *texts: str) -> None:
    files = [path for path in folder.rglob("*") if path.is_file()]
    assert files
    for text in texts:
        for path in files:
            assert text.encode() not in path.read_bytes(), path
        assert text not in log.getvalue()


async def rows(world: World, table) -> list:
    async with world.bot.context.database.read() as connection:
        return list((await connection.execute(select(table))).all())


async def give(world: World) -> str:
    """A member gives feedback with a number in it, accepts that it is left out, and adds something."""
    form = await world.member.slash(world.general, "feedback give", topic="situation")
    asked = await world.member.submit_modal(form, {"text": f"{WORDS}, ring 07700 900123"})
    given = text_of(await world.member.click(asked.response, label="Store it like this"))
    assert "encrypted so that only the holders" in given
    receipt = RECEIPT.search(given)[0]
    form = await world.member.slash(world.general, "feedback add")
    await world.member.submit_modal(form, {"receipt": receipt, "text": LATER})
    return receipt


async def test_what_is_given_and_added_is_kept_sealed_only(world: World, tmp_path: Path, log) -> None:
    receipt = await give(world)
    assert_nowhere(tmp_path, log, WORDS, LATER, "900123", receipt)
    await release_batches(world.bot.context)
    assert_nowhere(tmp_path, log, WORDS, LATER, "900123", receipt)
    (piece,), (added,) = await rows(world, feedback), await rows(world, feedback_messages)
    assert (piece.text, added.text) == ("", "")
    assert open_sealed([OTHER_KEY], piece.sealed) == f"{WORDS}, ring [telephone number]"
    assert open_sealed([KEY], added.sealed) == LATER


async def test_the_check_says_that_feedback_is_sealed(world: World) -> None:
    shown = await world.administrator.slash(world.general, "setup check")
    assert "any one of the 2 keys" in text_of(shown)


def unseal(machine: Path, name: str, key: x25519.Identity) -> subprocess.CompletedProcess[str]:
    """Runs the command on a moderator's own machine, which has the export and a key, and no configuration."""
    (machine / "feedback.key").write_text(f"{key}\n")
    command = ["-m", "bot", "unseal", "--identity", "feedback.key", name]
    return run(command, environment=environment({}), folder=machine, timeout=60)


async def test_the_export_is_opened_on_a_moderators_own_machine(world: World, tmp_path: Path, log) -> None:
    await give(world)
    await release_batches(world.bot.context)
    machine = tmp_path / "machine"
    machine.mkdir()
    expected = [f"{WORDS}, ring [telephone number]", LATER]
    for kind, texts_in in (("csv", texts_in_csv), ("json", texts_in_json)):
        asked = {"format": kind, "purpose": "Briefing for Thursday"}
        result = await world.moderator.slash(world.moderators, "moderate export", **asked)
        messages = [result.response, *result.followups]
        (file,) = [one for message in messages if message for one in message.attachments]
        assert file.filename == f"feedback-2025-03-31.{kind}.age"
        (machine / file.filename).write_bytes(data := await file.read())
        assert not any(words.encode() in data for words in (WORDS, LATER))
        assert_nowhere(tmp_path / "data", log, WORDS, LATER)
        refused = unseal(machine, file.filename, x25519.Identity.generate())
        assert (refused.returncode, refused.stdout) == (1, "")
        assert "Your key does not fit" in refused.stderr
        opened = unseal(machine, file.filename, OTHER_KEY)
        assert (opened.returncode, opened.stderr) == (0, "")
        assert "Texts opened: 2." in opened.stdout
        assert texts_in((machine / f"feedback-2025-03-31.{kind}").read_bytes()) == expected


def texts_in_csv(data: bytes) -> list[str]:
    return [row["Text"] for row in csv.DictReader(io.StringIO(data.decode("utf-8-sig"), newline=""))]


def texts_in_json(data: bytes) -> list[str]:
    return [piece["text"] for piece in json.loads(data)["feedback"]]
