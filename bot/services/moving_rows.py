"""The work of a move: every row copied and compared, within one transaction on each side."""

from collections import Counter
from collections.abc import AsyncIterator, Callable
from dataclasses import dataclass
from enum import StrEnum

from sqlalchemy.ext.asyncio import AsyncConnection

from bot.domain.problems import Problem
from db.moving import places, rows
from db.moving.fingerprint import Fingerprint
from db.moving.fitting import A_NUL, Fitting
from db.upgrade import migrate

NOTHING_MOVED = "Nothing was moved, and both databases are as they were."


class Stage(StrEnum):
    """What is done with the rows, one after the other."""

    COPIED = "copied"
    COMPARED = "compared"


@dataclass(frozen=True, slots=True)
class Step:
    """How far a move has come.

    Attributes:
        stage: what is done now.
        table: with which table.
        rows: with how many of its rows so far.
        is_last: whether these were all of its rows.
        share: how much of the whole work is done, from 0 to 1.
    """

    stage: Stage
    table: str
    rows: int
    is_last: bool
    share: float


Tell = Callable[[Step], None]


class Moving:
    """One move, within a transaction on each side."""

    def __init__(
        self, source: AsyncConnection, target: AsyncConnection, tell: Tell, *, without_nul: bool
    ) -> None:
        self.rows = self.left_out = 0
        self._source, self._target = source, target
        self._tell, self._without_nul = tell, without_nul
        self._handled = 0
        self._complaints: Counter[tuple[str, str, str]] = Counter()

    async def run(self) -> None:
        """Copies all and compares all.

        Raises:
            Problem: it cannot be done; the transactions must not be kept.
        """
        await self._have_both_alone()
        await places.require_unicode(self._target)
        await self._target.run_sync(migrate)
        await places.keep_others_from(self._target)
        await self._require_empty()
        self.rows = await places.rows_in(self._source)
        copied = {table: await self._copy(table) for table in places.tables()}
        self._require_fitting()
        for table, seen in copied.items():
            await self._compare(table, seen)
            await places.go_on_numbering(self._target, table)
        if await places.others_at(self._source):
            raise in_use("Meanwhile somebody has connected to the database that the bot uses now.")

    async def _have_both_alone(self) -> None:
        if not await places.hold(self._source):
            raise in_use("Somebody writes to the database that the bot uses now.")
        if not (await places.claim(self._source) and await places.claim(self._target)):
            raise Problem(
                f"The two are one and the same database, or another move is under way. {NOTHING_MOVED}",
                next_step="Name another database, or wait until that move is done.",
            )
        if others := await places.others_at(self._source):
            raise in_use(f"The database that the bot uses now is in use by {', '.join(others)}.")

    async def _require_empty(self) -> None:
        if number := await places.rows_in(self._target):
            raise Problem(
                f"The target is not empty: it holds {_rows(number)}. {NOTHING_MOVED}",
                next_step="Name a new or empty database; a file must not be there yet.",
            )

    async def _copy(self, table: places.OneTable) -> Fingerprint:
        expected, seen = await rows.count(self._source, table), Fingerprint()
        fitting = Fitting(table, without_nul=self._without_nul) if self._to_server else None
        async for some in _readable(self._source, table):
            fit = fitting.look(some) if fitting else some
            seen.add(fit)
            if not (self._complaints or (fitting and fitting.complaints)):
                await rows.write(self._target, table, fit)
            self._report(Stage.COPIED, table, len(fit), seen.rows, expected)
        if seen.rows != expected:
            raise _unlike(table)
        if fitting:
            self.left_out += fitting.left_out
            self._complaints.update({(table.name, *which): n for which, n in fitting.complaints.items()})
        return seen

    async def _compare(self, table: places.OneTable, copied: Fingerprint) -> None:
        found = Fingerprint()
        async for some in _readable(self._target, table):
            found.add(some)
            self._report(Stage.COMPARED, table, len(some), found.rows, copied.rows)
        if found.mark != copied.mark:
            raise _unlike(table)

    def _require_fitting(self) -> None:
        if not self._complaints:
            return
        lines = [
            f"- {table}, {column}: {_rows(number)} with {reason}"
            for (table, column, reason), number in sorted(self._complaints.items())
        ]
        only_nul = all(reason == A_NUL for _, _, reason in self._complaints)
        raise Problem(
            "\n".join(["PostgreSQL cannot hold all that the SQLite file holds:", *lines, NOTHING_MOVED]),
            next_step="Move again with --without-nul: it leaves these characters out, which nobody can see."
            if only_nul
            else "Put these rows right in the SQLite file, or ask whoever looks after the bot's code.",
        )

    @property
    def _to_server(self) -> bool:
        return self._target.dialect.name == "postgresql"

    def _report(self, stage: Stage, table: places.OneTable, more: int, so_far: int, of: int) -> None:
        self._handled += more
        self._tell(Step(stage, table.name, so_far, so_far == of, self._handled / (2 * self.rows)))


async def _readable(connection: AsyncConnection, table: places.OneTable) -> AsyncIterator[rows.Rows]:
    try:
        async for some in rows.read(connection, table):
            yield some
    except (ValueError, TypeError):  # it would name the value that it cannot read
        raise _unlike(table) from None


def in_use(what: str) -> Problem:
    """Refuses to move what somebody uses."""
    return Problem(
        f"{what} {NOTHING_MOVED}",
        next_step="Stop the bot, every process of it, and whatever else uses that database; then move again.",
    )


def _unlike(table: places.OneTable) -> Problem:
    return Problem(
        f"What was copied of the table {table.name} is not what stands in the source. {NOTHING_MOVED}",
        next_step="Run solidarity-bot db verify, then move again; if it stays so, tell whoever looks after the code.",
    )


def _rows(number: int) -> str:
    return "1 row" if number == 1 else f"{number:,} rows"
