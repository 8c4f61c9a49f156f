"""A whole session of giving, moderating, exporting, withdrawing, expiry and forgetting; then every byte is looked at.

What was deleted must be in no file, and what was never to be written must not be there at all. On PostgreSQL the files of
the database are looked at; its log of recent writes is the server's, and keeps deleted text until it is reused.
"""

import io
import random
import secrets
import shutil
import sqlite3
import tempfile
from collections.abc import AsyncIterator, Iterable
from contextlib import closing
from dataclasses import dataclass, field
from pathlib import Path

import pytest

import db.engine
from bot.domain.feedback import Feedback
from bot.services import feedback, feedback_receipts, members, moderation_changes, moderation_queue, retention
from bot.services.context import Context
from db.engine import Database
from db.feedback import insert_feedback
from db.feedback_threads import delete_feedback
from db.tables import metadata
from tests.conftest import StoppedClock, _async_uri, _of_database, postgres_execute
from tests.services.exporting import exported
from tests.services.test_confidentiality import files, forms
from tests.services.test_confidentiality import log as log  # noqa: PLC0414 - a fixture
from tests.services.test_members import fill
from tests.services.test_retention import Told, day

GUILD, MODERATOR, ADMINISTRATOR = 1_001, 555_000_111_222_333_444, 555_000_111_222_333_445
LENGTHS = (1, 8, 40, 70, 150)
"""How often a word is repeated: short texts share a page of the file, the longest need pages of their own."""


@pytest.fixture(params=["TRUNCATE", "WAL", "postgres"])
async def database(
    request: pytest.FixtureRequest, monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> AsyncIterator[Database]:
    """Each kind of database, and SQLite with each of its journals; temporary files go where the scan looks."""
    if request.param == "postgres":
        uri = _of_database(request.getfixturevalue("postgres_uri"), "migrated")
        await postgres_execute(uri, f"TRUNCATE {', '.join(metadata.tables)} CASCADE")
        opened = await Database.open(_async_uri(uri))
    else:
        monkeypatch.setattr(db.engine, "safe_journal_mode", lambda version: request.param)
        shutil.copy(request.getfixturevalue("migrated_file"), tmp_path)
        opened = await Database.open(f"sqlite+aiosqlite:///{tmp_path}/solidarity.sqlite3")
    monkeypatch.setenv("SQLITE_TMPDIR", str(tmp_path))
    monkeypatch.setattr(tempfile, "tempdir", str(tmp_path))
    yield opened
    await opened.close()


@dataclass
class Session:
    """Who took part, and the words that they used for each purpose."""

    context: Context
    people: list[int] = field(default_factory=list)

    def person(self) -> int:
        """Somebody new, with an id that nobody else has had."""
        self.people.append(1_200_000_000_000_000_000 + secrets.randbits(59))
        return self.people[-1]

    async def give(self, word: str, number: int) -> list[str]:
        """Feedback of every length with a word in it, each piece from somebody new; returns the receipts."""
        return [
            await feedback.give(
                self.context, GUILD, self.person(), "other", f"{word} " * LENGTHS[one % len(LENGTHS)]
            )
            for one in range(number)
        ]


def word(purpose: str) -> str:
    """A word that stands nowhere else, for finding what became of a text."""
    return f"{purpose}{secrets.token_hex(8)}"


async def moderate(context: Context, secret: str) -> None:
    """Tags every piece that was handed over, replies to it and changes its state."""
    asked = await moderation_queue.ask(context, GUILD, state="new")
    for one in (await moderation_queue.queue(context, GUILD, asked)).pieces:
        typed = one.feedback.feedback_id
        await moderation_changes.tag(context, GUILD, MODERATOR, typed, "overtime")
        await moderation_changes.reply(context, GUILD, MODERATOR, typed, f"We answer: {secret}")
        await moderation_changes.set_states(context, GUILD, MODERATOR, [typed], "open")


async def test_nothing_links_and_nothing_deleted_is_left(
    context: Context, clock: StoppedClock, log: io.StringIO, tmp_path: Path
) -> None:
    session, told = Session(context), Told()
    expired, withdrawn, added, replied, kept = map(word, ("expired", "withdrawn", "added", "replied", "kept"))
    forgotten = session.person()
    await retention.change_periods(context, GUILD, ADMINISTRATOR, feedback=4, audit=52)
    await session.give(expired, 15)
    await day(context, told)
    await moderate(context, replied)
    clock.forward(weeks=4)
    await session.give(kept, 15)
    receipts = await session.give(withdrawn, 6)
    for receipt in receipts:
        await feedback_receipts.add(context, GUILD, session.person(), receipt, f"One more thing: {added}")
    await day(context, told)
    file = (await exported(context, GUILD, MODERATOR, "Briefing")).content.getvalue()
    session.people.remove(forgotten)
    await fill(context, forgotten)
    gone = [*(text.encode() for text in (expired, withdrawn, added, replied)), *forms(forgotten)]
    assert {text for text in gone[:4] if await is_stored(context, tmp_path, [text])} == set(gone[:4])
    assert await is_stored(context, tmp_path, forms(forgotten)), "the scan would find them"

    for receipt in receipts:
        await feedback_receipts.withdraw(context, GUILD, MODERATOR + 7, receipt)
    await members.forget(context, GUILD, forgotten)
    clock.forward(weeks=1)
    await day(context, told)

    assert await is_stored(context, tmp_path, [kept.encode()])
    written = await files(context, tmp_path)
    for path, data in [*written, (Path("log"), log.getvalue().encode()), (Path("export"), file)]:
        for person in session.people:
            assert not any(form in data for form in forms(person)), path
        for receipt in receipts:
            assert receipt.encode() not in data, path
    assert not any(text in log.getvalue() for text in (expired, withdrawn, added, replied, kept))
    assert str(forgotten) not in log.getvalue()
    assert not await is_stored(context, tmp_path, gone)
    assert not any(form in backup(context.database, tmp_path) for form in gone)


async def test_copies_that_the_database_made_itself_are_removed(context: Context, tmp_path: Path) -> None:
    """SQLite overwrites what is deleted, but not the copies it leaves behind when it rearranges pages; nor does PostgreSQL.

    Whether there are such copies depends on the random ids, so several fixed sets of them are tried until there are.
    """
    secret, kept = word("withdrawn"), word("kept")
    for seed in range(40):
        await store_and_delete(context, random.Random(seed), secret, kept)
        if await is_stored(context, tmp_path, [secret.encode()]):
            break
    else:
        pytest.fail(
            "this version of the database leaves no copies: look for a shape of data of which it does"
        )
    await retention.wipe(context)
    assert not await is_stored(context, tmp_path, [secret.encode()])
    assert await is_stored(context, tmp_path, [kept.encode()])


async def store_and_delete(context: Context, draw: random.Random, secret: str, kept: str) -> None:
    """Texts of several lengths, some just too long for a page to hold four of; those with the secret are deleted again."""
    words = [secret] * 60 + [kept] * 30
    draw.shuffle(words)
    identities = [f"{draw.getrandbits(128):032x}" for _ in words]
    async with context.database.write() as connection:
        for identity, one in zip(identities, words, strict=True):
            text = f"{one} " * draw.choice((5, 15, 30, 38))
            entry = Feedback(identity, "other", None, None, "2025-W10", text)
            await insert_feedback(connection, GUILD, entry, receipt_hash=f"{draw.getrandbits(256):064x}")
    async with context.database.write() as connection:
        for identity, one in zip(identities, words, strict=True):
            if one == secret:
                await delete_feedback(connection, GUILD, identity)
    if context.database.path is not None:  # what its write-ahead log holds would be found anyway
        with closing(sqlite3.connect(context.database.path)) as file:
            file.execute("PRAGMA wal_checkpoint(TRUNCATE)")


async def is_stored(context: Context, folder: Path, wanted: Iterable[bytes]) -> bool:
    """Whether any of these bytes is in a file of the database, or in a temporary one."""
    stored = [data for path, data in await files(context, folder) if "pg_wal" not in path.parts]
    return any(one in data for data in stored for one in wanted)


def backup(database: Database, folder: Path) -> bytes:
    """A copy as SQLite makes it from a running bot; PostgreSQL's own files have been looked at already."""
    if database.path is None:
        return b""
    target = folder / "backup.sqlite3"
    with closing(sqlite3.connect(database.path)) as source, closing(sqlite3.connect(target)) as copy:
        source.backup(copy)
    return target.read_bytes()
