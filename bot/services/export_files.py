"""Files that grow a few rows at a time: plain while they are small, zipped while they are not, in parts after that."""

import hashlib
import io
import zipfile
from collections.abc import Sequence
from typing import IO, Any, Protocol

from bot.domain.export_formats import Writer
from bot.domain.export_rows import HEADER, Entry
from db.feedback_lines import ROW_END

MAX_BYTES = 10 * 1024 * 1024 - 64 * 1024
"""Discord takes attachments of 10 MiB; what sealing adds must fit, too."""

XLSX_ROWS, XLSX_CHARACTERS = 20_000, 8 * 1024 * 1024
"""The most of a part in XLSX, which is made in memory. What it packs is never larger than what it is given."""

_CELL_LIMIT = 32_767
_BETWEEN_LOOKS = 64 * 1024


class GrowingFile(Protocol):
    """A file to which rows are added."""

    count: int

    @property
    def full(self) -> bool:
        """Whether the next rows belong into another part."""
        ...

    def add(self, entries: Sequence[Entry]) -> int:
        """Adds rows until it is full, and returns how many; slow with many, so it runs in a thread."""
        ...

    def finish(self) -> tuple[str, io.BytesIO]:
        """Ends the file, and returns the ending of its name and its content, to be read from its start."""
        ...


class TextFile:
    """A text file that becomes a ZIP file when it grows beyond what Discord takes.

    What it holds in memory stays below twice that limit, however many rows go through it.
    """

    _AT_ONCE = 200

    def __init__(self, writer: Writer, name: str, limit: int | None = None) -> None:
        self.count = 0
        self._limit = MAX_BYTES if limit is None else limit
        self._writer = writer
        self._name = name
        self._held = io.BytesIO()
        self._zip: zipfile.ZipFile | None = None
        self._member: IO[bytes] | None = None
        self._write(writer.start())

    @property
    def full(self) -> bool:
        """Whether what may still be held back by the compressor could exceed the limit."""
        return self._zip is not None and self._held.tell() > self._limit - 8 * _BETWEEN_LOOKS

    def add(self, entries: Sequence[Entry]) -> int:
        """Adds rows until the file is full, a few at a time, and returns how many."""
        taken = 0
        while taken < len(entries) and not self.full:
            some = self._few(entries, taken)
            self._write(self._writer.rows(some))
            taken += len(some)
        self.count += taken
        return taken

    def _few(self, entries: Sequence[Entry], begin: int) -> Sequence[Entry]:
        """The next rows, fewer of them where they are long: sealed texts hardly become smaller in a ZIP file."""
        length, end = 0, begin
        for entry in entries[begin : begin + self._AT_ONCE]:
            if length > _BETWEEN_LOOKS:
                break
            length += len(entry.text) + len(entry.sealed)
            end += 1
        return entries[begin:end]

    def add_lines(self, lines: bytes) -> int:
        """Adds rows that are ready, with `ROW_END` after each, until the file is full; returns how many bytes it took."""
        taken = 0
        while taken < len(lines) and not self.full:
            end = lines.find(ROW_END, min(taken + _BETWEEN_LOOKS, len(lines) - 1)) + 1
            self._write_bytes(lines[taken:end].replace(ROW_END, b""))
            self.count += lines.count(ROW_END, taken, end)
            taken = end
        return taken

    def finish(self) -> tuple[str, io.BytesIO]:
        """Ends the file."""
        self._write(self._writer.end())
        ending = self._name.rpartition(".")[2]
        if self._zip is not None and self._member is not None:
            self._member.close()
            self._zip.close()
            ending = "zip"
        self._held.seek(0)
        return ending, self._held

    def _write(self, text: str) -> None:
        self._write_bytes(text.encode("utf-8", errors="replace"))

    def _write_bytes(self, data: bytes) -> None:
        if self._member is not None:
            self._member.write(data)
            return
        self._held.write(data)
        if self._held.tell() > self._limit:
            self._become_zip()

    def _become_zip(self) -> None:
        written, self._held = self._held, io.BytesIO()
        # The fixed date in a ZIP file's list says nothing about when it was made.
        self._zip = zipfile.ZipFile(self._held, "w", zipfile.ZIP_DEFLATED)
        entry = zipfile.ZipInfo(self._name)
        entry.compress_type = zipfile.ZIP_DEFLATED
        self._member = self._zip.open(entry, "w", force_zip64=True)
        written.seek(0)
        while some := written.read(_BETWEEN_LOOKS):  # a copy of the whole would be another ten megabytes
            self._member.write(some)


class StreamedFile:
    """A text file that goes to its place at once, however large it grows."""

    def __init__(self, writer: Writer, target: IO[bytes]) -> None:
        self.count = 0
        self._writer, self._target = writer, target
        self._digest = hashlib.sha256()
        self._write(writer.start())

    def add(self, entries: Sequence[Entry]) -> None:
        """Writes rows."""
        self._write(self._writer.rows(entries))
        self.count += len(entries)

    def add_lines(self, lines: bytes) -> None:
        """Writes rows that are ready, with `ROW_END` after each."""
        self._write_bytes(lines.replace(ROW_END, b""))
        self.count += lines.count(ROW_END)

    def finish(self) -> str:
        """Ends the file, and returns its digest."""
        self._write(self._writer.end())
        return self._digest.hexdigest()

    def _write(self, text: str) -> None:
        self._write_bytes(text.encode("utf-8", errors="replace"))

    def _write_bytes(self, data: bytes) -> None:
        self._digest.update(data)
        self._target.write(data)


class XlsxFile:
    """A spreadsheet in which every cell is text, made in memory: nothing of it is written to a temporary file."""

    def __init__(self, rows: int | None = None, characters: int | None = None) -> None:
        import xlsxwriter  # noqa: PLC0415 - slow to import, and seldom needed

        self.count = 0
        self._most_rows = XLSX_ROWS if rows is None else rows
        self._most_characters = XLSX_CHARACTERS if characters is None else characters
        self._characters = 0
        self._held = io.BytesIO()
        # The two that matter for safety are off by default; that is said here all the same.
        options = {"in_memory": True, "strings_to_formulas": False, "strings_to_urls": False}
        self._book: Any = xlsxwriter.Workbook(self._held, options)
        self._sheet: Any = self._book.add_worksheet("Feedback")
        self._wrap: Any = self._book.add_format({"text_wrap": True, "valign": "top"})
        self._sheet.freeze_panes(1, 0)
        self._sheet.set_column(0, len(HEADER) - 1, 18, self._wrap)
        self._sheet.set_column(HEADER.index("Text"), HEADER.index("Text"), 80, self._wrap)
        bold = self._book.add_format({"bold": True})
        for column, name in enumerate(HEADER):
            self._sheet.write_string(0, column, name, bold)

    @property
    def full(self) -> bool:
        """Whether it holds as much as a part may."""
        return self.count >= self._most_rows or self._characters >= self._most_characters

    def add(self, entries: Sequence[Entry]) -> int:
        """Adds rows until it is full."""
        before = self.count
        for entry in entries:
            if self.full:
                break
            self.count += 1
            self._add(entry)
        return self.count - before

    def _add(self, entry: Entry) -> None:
        one = entry.particulars
        cells = (one.topic, one.region, one.grade, one.week, one.demand, one.state, *entry[1:])
        for column, cell in enumerate(cells):
            text = cell.encode("utf-8", errors="replace").decode()[:_CELL_LIMIT]
            self._sheet.write_string(self.count, column, text)
            self._characters += len(text.encode())

    def finish(self) -> tuple[str, io.BytesIO]:
        """Packs the spreadsheet."""
        self._book.close()
        self._held.seek(0)
        return "xlsx", self._held
