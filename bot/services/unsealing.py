"""Opening sealed exports on a moderator's own machine, which has no configuration and no database.

A file may be sealed as a whole, and the texts in a CSV or JSON file one by one; both are opened, also inside a ZIP
file. Rows are read and written one at a time, so the size of a CSV file does not matter.
"""

import base64
import binascii
import csv
import io
import json
import shutil
import tempfile
import zipfile
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any, BinaryIO, cast

import pyrage
from pyrage import x25519

from bot.domain.export_rows import SEALED_TEXT, guarded
from bot.domain.problems import BadInput
from bot.services.new_files import new_private_file
from bot.services.sealing import Damaged, NotForThisKey, open_sealed

SEALED_COLUMN, TEXT_COLUMN = "sealed", "text"
"""Both as they are in JSON. In CSV they are columns with these names, however they are capitalised."""

_WHOLE = (b"age-encryption.org/", b"-----BEGIN AGE ENCRYPTED FILE")


@dataclass(slots=True)
class Tally:
    """What became of a file's sealed texts. Those left are sealed for other keys, and stay as they are."""

    whole_file: bool = False
    opened: int = 0
    left: int = 0


class _Texts:
    """Opens texts one by one, and counts."""

    def __init__(self, identities: Sequence[x25519.Identity]) -> None:
        self.identities = identities
        self.tally = Tally()

    def fill_in(self, text: str, sealed: str) -> tuple[str, str]:
        """A row's text and what is left sealed, once what was sealed stands where it belongs.

        Args:
            text: the text, which begins with `SEALED_TEXT`. What was added later and is readable follows it.
            sealed: what is sealed, in Base64.
        """
        opened = self._open(sealed)
        return (text, sealed) if opened is None else (opened + text.removeprefix(SEALED_TEXT), "")

    def _open(self, sealed: str) -> str | None:
        try:
            text = open_sealed(self.identities, base64.b64decode(sealed, validate=True))
        except binascii.Error:
            raise Damaged from None
        except NotForThisKey:
            self.tally.left += 1
            return None
        self.tally.opened += 1
        return text


def readable_name(source: Path) -> Path:
    """Where the readable copy goes if nobody says: beside the sealed file."""
    if source.suffix.lower() == ".age":
        return source.with_suffix("")
    return source.with_name(f"{source.stem}-readable{source.suffix}")


def unseal(identities: Sequence[x25519.Identity], source: Path, target: Path) -> Tally:
    """Writes a readable copy of a sealed file, for this user only.

    Args:
        identities: the secret keys.
        source: the sealed file, which is left as it is.
        target: the readable copy, which must not be there yet. Nothing is left of it when something fails.

    Raises:
        NotForThisKey: nothing in it was sealed for these keys.
        Damaged: something in it was changed or cut off.
        BadInput: it is not a sealed file, or the target is there already.
    """
    texts = _Texts(identities)
    named = "Name another file after the first one, for the readable copy."
    with source.open("rb") as reader, new_private_file(target, if_there=named) as writer:
        _open_whole(reader, writer, texts, beside=target.parent)
        _must_have_opened(texts.tally)
    return texts.tally


def _must_have_opened(tally: Tally) -> None:
    if tally.whole_file or tally.opened:
        return
    if tally.left:
        raise NotForThisKey
    raise BadInput(
        "Nothing in that file is sealed.",
        next_step="Read it as it is, or name the sealed file: NAME.age, or a CSV or JSON export.",
    )


def _open_whole(reader: BinaryIO, writer: BinaryIO, texts: _Texts, *, beside: Path) -> None:
    if not _begins_with(reader, _WHOLE):
        _open_texts(reader, writer, texts)
        return
    texts.tally.whole_file = True
    with tempfile.TemporaryFile(dir=beside) as inner:
        try:
            pyrage.decrypt_io(reader, inner, texts.identities)
        except pyrage.DecryptError as error:
            raise NotForThisKey if "matching keys" in str(error) else Damaged from None
        except OSError as error:
            if error.errno is None:  # the library's own, when a part of the file does not fit the rest
                raise Damaged from None
            raise
        inner.seek(0)
        _open_texts(inner, writer, texts)


def _open_texts(reader: BinaryIO, writer: BinaryIO, texts: _Texts) -> None:
    if _begins_with(reader, (b"PK\x03\x04",)) and _is_plain_zip(reader):
        _open_zip(reader, writer, texts)
    elif _begins_with(reader, (b"{", b"[", b"\xef\xbb\xbf{", b"\xef\xbb\xbf[")):
        _open_json(reader, writer, texts)
    elif _has_sealed_column(reader):
        _open_csv(reader, writer, texts)
    else:
        shutil.copyfileobj(reader, writer)


def _begins_with(reader: BinaryIO, starts: tuple[bytes, ...]) -> bool:
    beginning = reader.read(max(map(len, starts)))
    reader.seek(0)
    return beginning.startswith(starts)


def _is_plain_zip(reader: BinaryIO) -> bool:
    """Whether it is a ZIP file of exports; a spreadsheet in XLSX form is one, too, but not such a one."""
    try:
        with zipfile.ZipFile(reader) as archive:
            plain = "[Content_Types].xml" not in archive.namelist()
    except zipfile.BadZipFile:
        plain = False
    reader.seek(0)
    return plain


def _open_zip(reader: BinaryIO, writer: BinaryIO, texts: _Texts) -> None:
    with zipfile.ZipFile(reader) as closed, zipfile.ZipFile(writer, "w", zipfile.ZIP_DEFLATED) as opened:
        for member in closed.infolist():
            with closed.open(member) as inner, opened.open(member.filename, "w", force_zip64=True) as outer:
                _open_texts(cast("BinaryIO", inner), cast("BinaryIO", outer), texts)


def _has_sealed_column(reader: BinaryIO) -> bool:
    first = reader.readline(4_096)
    reader.seek(0)
    try:
        header = next(csv.reader([first.decode("utf-8-sig")]), list[str]())
    except (UnicodeDecodeError, csv.Error):
        return False
    return {SEALED_COLUMN, TEXT_COLUMN} <= {name.casefold() for name in header}


def _open_csv(reader: BinaryIO, writer: BinaryIO, texts: _Texts) -> None:
    lines = io.TextIOWrapper(reader, encoding="utf-8-sig", newline="")
    out = io.TextIOWrapper(writer, encoding="utf-8-sig", newline="", errors="replace")
    rows = csv.reader(lines)
    # Every cell in quotes, as the export itself has them.
    write = csv.writer(out, quoting=csv.QUOTE_ALL, lineterminator="\r\n").writerow
    try:
        header = next(rows)
        names = [name.casefold() for name in header]
        sealed, text = names.index(SEALED_COLUMN), names.index(TEXT_COLUMN)
        write(header)
        for row in rows:
            if len(row) > sealed and row[sealed]:
                row[text], row[sealed] = texts.fill_in(row[text], row[sealed])
            write(map(guarded, row))
    except (UnicodeDecodeError, csv.Error, IndexError):
        raise Damaged from None
    finally:
        lines.detach()
        out.detach()


def _open_json(reader: BinaryIO, writer: BinaryIO, texts: _Texts) -> None:
    try:
        document = json.loads(reader.read().decode("utf-8-sig"))
    except (ValueError, RecursionError):
        raise Damaged from None
    _fill_in(document, texts)
    writer.write(json.dumps(document, ensure_ascii=False, indent=1).encode("utf-8", errors="replace"))
    writer.write(b"\n")


def _fill_in(value: Any, texts: _Texts) -> None:
    """Puts the texts in place, wherever an object in the document has something sealed."""
    if isinstance(value, dict):
        entry = cast("dict[str, Any]", value)
        text, sealed = entry.get(TEXT_COLUMN), entry.get(SEALED_COLUMN)
        if isinstance(text, str) and isinstance(sealed, str) and sealed:
            entry[TEXT_COLUMN], entry[SEALED_COLUMN] = texts.fill_in(text, sealed)
        for inner in entry.values():
            _fill_in(inner, texts)
    elif isinstance(value, list):
        for inner in cast("list[Any]", value):
            _fill_in(inner, texts)
