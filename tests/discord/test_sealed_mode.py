"""Sealed mode from end to end: what a member writes is readable nowhere but where a key is."""

import io
import logging
import re
import shutil
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
from tests.discord.conftest import World, text_of

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
