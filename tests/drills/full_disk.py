"""The disk runs full at every step: of a member's write, of a backup, of a restore.

    python -m tests.drills.full_disk [--tmpfs]

Everything is tried with less room than it needs, from none upwards, until it succeeds. After each failure the database must
be whole, the earlier backup must be there, nothing half done may lie about, and the error must say what to do.

With `--tmpfs` the disk is a small one in memory, which Linux lets any user mount in a name space of its own where that is
allowed. Without, the system refuses to let files grow beyond a limit, which works everywhere but counts each file by itself.
"""

import argparse
import asyncio
import os
import resource
import secrets
import signal
import sqlite3
import subprocess
import sys
import tempfile
from collections import Counter
from collections.abc import Iterator
from contextlib import closing, contextmanager, suppress
from dataclasses import dataclass, field
from datetime import UTC, datetime
from pathlib import Path

from sqlalchemy.exc import DBAPIError

from bot.config import Settings, load_settings
from bot.domain.feedback import Feedback
from bot.domain.problems import Problem
from bot.failures import sentence_for
from bot.services import restoring
from bot.services.backup_apart import Order, make
from db.engine import Database
from db.feedback import insert_feedback
from db.upgrade import HEAD, upgrade

DISK = 4 * 2**20
GUILD = 1_001


@dataclass
class Drill:
    """One installation, and what was seen."""

    folder: Path
    tmpfs: bool
    step: int
    seen: Counter[str] = field(default_factory=Counter)

    @property
    def settings(self) -> Settings:
        """Its configuration."""
        return load_settings(None, {"SOLIDARITY_DATA__DIRECTORY": str(self.folder)}, need_token=False)

    @property
    def path(self) -> Path:
        """Its database."""
        return self.folder / "solidarity.sqlite3"

    @contextmanager
    def room(self, number: int) -> Iterator[None]:
        """Leaves so many bytes: on the disk, or for each file."""
        if not self.tmpfs:
            _, hard = resource.getrlimit(resource.RLIMIT_FSIZE)
            resource.setrlimit(resource.RLIMIT_FSIZE, (number, hard))
            try:
                yield
            finally:
                resource.setrlimit(resource.RLIMIT_FSIZE, (hard, hard))
            return
        ballast = self.folder / "ballast"
        free = os.statvfs(self.folder).f_bavail * os.statvfs(self.folder).f_frsize
        with ballast.open("wb") as file, suppress(OSError):
            os.posix_fallocate(file.fileno(), 0, max(free - number, 1))
        try:
            yield
        finally:
            ballast.unlink()

    def look(self, kept: Path) -> None:
        """The database and the earlier backup are whole, and nothing half done is left."""
        with closing(
            sqlite3.connect(self.path)
        ) as connection:  # as the next start, it takes back what was half done
            assert connection.execute("PRAGMA integrity_check").fetchall() == [("ok",)]
        assert restoring.verify(kept, []) == []
        left = {one.name for one in self.folder.iterdir()}
        assert not {name for name in left if "partial" in name or "restoring" in name}, left


async def prepare(drill: Drill) -> None:
    """A database with some feedback, and gaps where other feedback was."""
    database = await Database.open(drill.settings.database.url)
    await upgrade(database)
    await database.close()
    for _ in range(40):
        await give(drill)


async def give(drill: Drill) -> None:
    """A member's write, by the product's own query."""
    database = await Database.open(drill.settings.database.url)
    entry = Feedback(secrets.token_hex(16), "other", None, None, "2025-W10", "word " * 700)
    try:
        async with database.write() as connection:
            await insert_feedback(connection, GUILD, entry, receipt_hash=secrets.token_hex(32))
    finally:
        await database.close()


def writes(drill: Drill, kept: Path) -> None:
    """A member's write: it is stored whole or refused."""
    size = drill.path.stat().st_size
    for number in range(0, 64 * 1024, 4_096):
        try:
            with drill.room(number if drill.tmpfs else size + number - 32 * 1024):
                asyncio.run(give(drill))
        except (DBAPIError, Problem) as error:
            assert sentence_for(error), error
            drill.seen["a write was refused"] += 1
        else:
            drill.seen["a write was stored"] += 1
        drill.look(kept)


def backups_made(drill: Drill, kept: Path) -> None:
    """A backup, plain and encrypted."""
    target = drill.folder / "next.sqlite3"
    recipient = "age1ql3z7hjy54pw3hyww5ayyfg7zqgvc7w3j2elw8zmrj2kg5sfn9aqmcac8p"
    for recipients in ((), (recipient,)):
        order = Order(str(drill.path), str(target), HEAD, recipients)
        for number in range(0, DISK, drill.step):
            try:
                with drill.room(number):
                    make(order)
            except Problem as problem:
                assert "there is no room for it" in problem.what, problem.what
                assert not target.exists()
                drill.seen["a backup was refused"] += 1
            else:
                target.unlink()
                drill.seen["a backup was made"] += 1
                break
            finally:
                drill.look(kept)


def restored(drill: Drill, kept: Path) -> None:
    """A restore: refused until there is room, and then whole."""
    for number in range(0, DISK, drill.step):
        before = drill.path.read_bytes()
        now = datetime(2025, 3, 31, 8, tzinfo=UTC)
        try:
            with drill.room(number):
                asyncio.run(restoring.restore(drill.settings, kept, [], now))
        except Problem:
            assert drill.path.read_bytes() == before
            drill.seen["a restore was refused"] += 1
        else:
            drill.seen["a restore was done"] += 1
            return
        finally:
            drill.look(kept)


def practise(folder: Path, *, tmpfs: bool, step: int) -> Counter[str]:
    """All of it, in a folder on the disk that runs full."""
    signal.signal(signal.SIGXFSZ, signal.SIG_IGN)
    drill = Drill(folder, tmpfs, step)
    asyncio.run(prepare(drill))
    kept = folder / "earlier.sqlite3"
    make(Order(str(drill.path), str(kept), HEAD))
    writes(drill, kept)
    backups_made(drill, kept)
    restored(drill, kept)
    asyncio.run(give(drill))
    drill.look(kept)
    return drill.seen


def main() -> int:
    """Practises, and prints what was seen."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawTextHelpFormatter)
    parser.add_argument("--tmpfs", action="store_true")
    parser.add_argument("--step", type=int, default=8_192, help="how many more bytes each time")
    parser.add_argument("--inside", type=Path, help=argparse.SUPPRESS)
    asked = parser.parse_args()
    if asked.inside is not None:
        seen = practise(asked.inside, tmpfs=True, step=asked.step)
    elif asked.tmpfs:
        with tempfile.TemporaryDirectory() as name:
            again = f"{sys.executable} -m tests.drills.full_disk --step {asked.step} --inside {name}"
            mount = f"mount -t tmpfs -o size={DISK} none {name} && exec {again}"
            return subprocess.run(["unshare", "-rm", "sh", "-c", mount], check=False).returncode
    else:
        with tempfile.TemporaryDirectory() as name:
            seen = practise(Path(name), tmpfs=False, step=asked.step)
    for what, number in sorted(seen.items()):
        print(f"{what}: {number}")  # noqa: T201
    return 0


if __name__ == "__main__":
    sys.exit(main())
