"""Reading what an export holds, page by page. Each page is a short transaction, so nobody who writes waits for it."""

import asyncio
from base64 import b64encode
from collections import Counter
from collections.abc import AsyncGenerator, Mapping, Sequence
from dataclasses import dataclass, replace
from itertools import product
from pathlib import Path

from bot.domain.export_formats import CsvWriter
from bot.domain.export_rows import KEY_SEPARATOR, SEALED_TEXT, Entry, Group, Labels, Particulars
from bot.domain.feedback import FeedbackState
from bot.services.context import Context
from db import feedback_export as queries
from db.feedback_lines import MARK, ROW_END, LinePages, Lines


@dataclass(frozen=True, slots=True)
class _Told:
    """What belongs to the pieces of a page beside themselves, by their ids."""

    tags: Mapping[str, list[str]]
    additions: Mapping[str, list[queries.Addition]]


_NOTHING_MORE = _Told({}, {})


@dataclass(slots=True)
class Reading:
    """Pieces of feedback on their way into a file, and how many there were so far."""

    context: Context
    guild_id: int
    asked: queries.Asked
    states: tuple[FeedbackState, ...]
    topics: tuple[str | None, ...]
    labels: Labels
    done: int = 0
    blanked_regions: int = 0
    blanked_grades: int = 0

    async def entries(self) -> AsyncGenerator[list[Entry]]:
        """The rows, page by page."""
        more_to_tell = await self._more_to_tell()
        async with queries.Pages(self.context.database) as pages:
            for topic, state in product(self.topics, self.states):
                asked, after = replace(self.asked, topic=topic), ""
                while page := await pages.read(self.guild_id, state, asked, after=after):
                    told = await self._told(page) if more_to_tell else _NOTHING_MORE
                    yield await asyncio.to_thread(self._labelled, page, told)
                    after = page[-1][0]

    async def csv_lines(self, path: Path) -> AsyncGenerator[bytes]:
        """The rows as lines of CSV, page by page, with `ROW_END` after each: what `entries` and `CsvWriter` make, sooner.

        Args:
            path: the database file; only SQLite can do this.
        """
        cells, more_to_tell = self.labels.csv_cells(), await self._more_to_tell()
        async with LinePages(path, cells, more_to_tell=more_to_tell) as pages:
            for topic, state in product(self.topics, self.states):
                asked, after = replace(self.asked, topic=topic), ""
                while page := await pages.read(self.guild_id, state, asked, after=after):
                    told = await self._told(page.marked) if page.marked and more_to_tell else _NOTHING_MORE
                    after = page.last_id
                    if lines := await asyncio.to_thread(self._filled_in, page, told, cells.blanked):
                        yield lines

    async def _more_to_tell(self) -> bool:
        async with self.context.database.read() as connection:
            return await queries.has_more_to_tell(connection, self.guild_id)

    async def _told(self, page: Sequence[queries.StoredPiece]) -> _Told:
        ids = [piece[0] for piece in page]
        async with self.context.database.read() as connection:
            return _Told(
                await queries.fetch_tags_of(connection, self.guild_id, ids),
                await queries.fetch_additions_to(connection, self.guild_id, ids),
            )

    def _labelled(self, page: Sequence[queries.StoredPiece], told: _Told) -> list[Entry]:
        numbers = Counter([key for _, key, _, _ in page])
        known = {key: self.labels.of(key) for key in numbers}
        self.blanked_regions += sum(known[key].blanked_region * number for key, number in numbers.items())
        self.blanked_grades += sum(known[key].blanked_grade * number for key, number in numbers.items())
        entries: list[Entry] = []
        for feedback_id, key, text, sealed in page:
            if sealed is None and told is _NOTHING_MORE:
                entries.append(Entry(known[key], text))
            else:
                entries += self._entries_of(known[key], feedback_id, text, sealed, told)
        self.done += len(entries)
        return entries

    def _filled_in(self, page: Lines, told: _Told, blanked: Mapping[Group, tuple[bool, bool]]) -> bytes:
        """The page's lines with those of the marked pieces in their places."""
        writer, number = CsvWriter(), page.ready
        for group, size in page.groups:
            region, grade = blanked.get(group, (False, False))
            self.blanked_regions += region * size
            self.blanked_grades += grade * size
        first, *rest = page.text.split(MARK)
        parts = [first]
        for (feedback_id, key, text, sealed), following in zip(page.marked, rest, strict=True):
            particulars = self.labels.of(key)
            self._count_unknown(key, particulars)
            entries = self._entries_of(particulars, feedback_id, text, sealed, told)
            number += len(entries)
            lines = [writer.rows([entry]).encode("utf-8", errors="replace") for entry in entries]
            parts += (ROW_END.join(lines), following)
        self.done += number
        return b"".join([*parts, ROW_END]) if number else b""

    def _count_unknown(self, key: str, particulars: Particulars) -> None:
        """Counts what is left blank of a piece whose group came up after the counting: the page's groups lack it."""
        _, region, grade, *_ = key.split(KEY_SEPARATOR)
        if not self.labels.knows((region or None, grade or None)):
            self.blanked_regions += particulars.blanked_region
            self.blanked_grades += particulars.blanked_grade

    def _entries_of(
        self, particulars: Particulars, feedback_id: str, text: str, sealed: bytes | None, told: _Told
    ) -> list[Entry]:
        added = told.additions.get(feedback_id, [])
        readable = "".join(
            f"\n\n{self.labels.added_in(one.iso_week)} {one.text}" for one in added if one.sealed is None
        )
        said = (SEALED_TEXT if sealed is not None else text) + readable
        words = ", ".join(told.tags.get(feedback_id, ()))
        # A row holds one sealed text, so what was added sealed has rows of its own, right after it.
        more = [Entry(particulars, SEALED_TEXT, words, _base64(one.sealed)) for one in added if one.sealed]
        return [Entry(particulars, said, words, _base64(sealed)), *more]


def _base64(sealed: bytes | None) -> str:
    return b64encode(sealed).decode() if sealed else ""
