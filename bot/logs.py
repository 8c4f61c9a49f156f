"""One line per event on stderr, for people or as JSON, without tokens and without text that members wrote.

Redaction works on finished text, so it covers messages, arguments, extra values and tracebacks alike, of any
library. Exceptions of the database lose their statement and its values, where feedback would be.
"""

import json
import logging
import re
import sys
import traceback
from collections.abc import Iterable
from datetime import UTC, datetime
from pathlib import Path
from types import TracebackType
from typing import TextIO

from bot.config.sections import LogSettings

HIDDEN = "[hidden]"
SHORTEST_SECRET = 6
LONGEST_REASON = 300
MOST_PLACES = 8
# What these print below their level is whole events, with members' text and interaction tokens, or chatter.
FLOORS = {
    "discord": logging.INFO,
    "asyncio": logging.WARNING,
    "aiosqlite": logging.WARNING,
    "sqlalchemy": logging.WARNING,
    "alembic": logging.WARNING,
    "apscheduler": logging.WARNING,
    "pydantic_settings": logging.WARNING,
}
_STANDARD = {*logging.makeLogRecord({}).__dict__, "message", "asctime", "taskName"}
_SECRET_NAMES = re.compile(r"(?i)token|secret|password|authorization|receipt|cookie")
_NEXT_ERROR = r"(?=\n\n(?:The above exception was|During handling of)|\Z)"
_REDACTIONS: tuple[tuple[re.Pattern[str], str], ...] = (
    (re.compile(r"(?<![\w-])[\w-]{17,}\.[\w-]{5,}\.[\w-]{20,}"), HIDDEN),  # a bot's token
    (re.compile(r"aW50ZXJhY3Rpb2[\w+/=-]*"), HIDDEN),  # an interaction's token: base64 of "interaction:…"
    (re.compile(r"(/(?:webhooks|interactions)/\d+/)[^/?\s\"'\\]+"), rf"\1{HIDDEN}"),
    (re.compile(r"(?i)(authorization\W{1,6}(?:(?:bot|bearer|basic)\s+)?)[^\s\"',}]+"), rf"\1{HIDDEN}"),
    (re.compile(r"(?i)(\btoken\\?[\"']?\s*[:=]\s*\\?[\"']?)[^\s\"',;&}\\]+"), rf"\1{HIDDEN}"),
    # "Bot" is also a word of our name, so only what looks like a token after it counts.
    (re.compile(r"\b(Bot|Bearer)\s+(?=[\w-]*\d|[\w-]+\.\w)[\w.~+/=-]{10,}"), rf"\1 {HIDDEN}"),
    (re.compile(r"(://[^/\s:@]*:)[^\s/]+@"), rf"\1{HIDDEN}@"),  # a password in an address
    (re.compile(r"AGE-SECRET-KEY-1\w+"), HIDDEN),
    (re.compile(r"\[(SQL|parameters): .*?(?=\(Background on this error|\Z)", re.DOTALL), f"[SQL {HIDDEN}] "),
    # PostgreSQL repeats the values of the row, and asyncpg the one that it cannot send. Within a traceback they end where
    # the next error begins. `db.quiet_errors` has taken them out before; this is for what did not come that way.
    (re.compile(rf"DETAIL: .*?{_NEXT_ERROR}", re.DOTALL), f"DETAIL: {HIDDEN}"),
    (
        re.compile(
            rf"(invalid input (?:for query argument \$\d+|syntax for type [\w ]+): ).*?{_NEXT_ERROR}",
            re.DOTALL,
        ),
        rf"\1{HIDDEN}",
    ),
)


def configure_logging(
    settings: LogSettings, *, secrets: Iterable[str] = (), stream: TextIO | None = None
) -> None:
    """Sends every log record of the process to stderr, one line each.

    Args:
        settings: level and format.
        secrets: exact values to hide wherever they occur, beside everything that looks like a token.
        stream: where to write instead of stderr.
    """
    level = logging.getLevelNamesMapping()[settings.level.upper()]
    handler = LineHandler(stream or sys.stderr)
    kind = JsonLine if settings.format == "json" else TextLine
    handler.setFormatter(kind(secrets=secrets, whole_tracebacks=level <= logging.DEBUG))
    root = logging.getLogger()
    for old in [one for one in root.handlers if isinstance(one, LineHandler)]:
        root.removeHandler(old)
    root.addHandler(handler)
    root.setLevel(level)
    for name, floor in FLOORS.items():
        logging.getLogger(name).setLevel(max(level, floor))
    logging.captureWarnings(capture=True)


class LineHandler(logging.StreamHandler[TextIO]):
    """Writes lines. What cannot be written is dropped: the library's own complaint would print the values."""

    def handleError(self, record: logging.LogRecord) -> None:  # noqa: N802 - the library's name
        """Says nothing."""


def redact(text: str, secrets: Iterable[str] = ()) -> str:
    """The text without tokens, passwords and the given secrets.

    A given secret of fewer than six characters is left, since it would take ordinary words with it.
    """
    for secret in sorted(secrets, key=len, reverse=True):
        if len(secret) >= SHORTEST_SECRET:
            text = text.replace(secret, HIDDEN)
    for pattern, replacement in _REDACTIONS:
        text = pattern.sub(replacement, text)
    return text


class TextLine(logging.Formatter):
    """Time, level, logger, event, then `key=value` pairs."""

    def __init__(self, *, secrets: Iterable[str] = (), whole_tracebacks: bool = False) -> None:
        super().__init__()
        self._secrets = tuple(secrets)
        self._whole_tracebacks = whole_tracebacks

    def format(self, record: logging.LogRecord) -> str:
        """The finished line; below it, when debugging, the traceback."""
        details = self._details(record)
        trace = str(details.pop("traceback", ""))
        pairs = "".join(f" {key}={_quoted(value)}" for key, value in details.items())
        line = f"{_time(record)} {record.levelname} {record.name} {self._clean(_message(record))}{pairs}"
        return "\n  | ".join(_printable(one) for one in (line, *trace.splitlines()))

    def _details(self, record: logging.LogRecord) -> dict[str, object]:
        """The extra values and the exception of a record, redacted."""
        extra = {key: value for key, value in record.__dict__.items() if key not in _STANDARD}
        details = {key: self._value(key, value) for key, value in extra.items()}
        if record.exc_info and record.exc_info[1]:
            details |= self._exception(record.exc_info[1])
        return details

    def _value(self, key: str, value: object) -> object:
        if _SECRET_NAMES.search(key):
            return HIDDEN
        return value if isinstance(value, bool | int | float | None) else self._clean(str(value))

    def _exception(self, error: BaseException) -> dict[str, str]:
        found = {"error": self._reason(error), "at": _places(error.__traceback__)}
        if error.__cause__ is not None:
            found["cause"] = self._reason(error.__cause__)
        if self._whole_tracebacks:
            found["traceback"] = self._clean("".join(traceback.format_exception(error)))
        return found

    def _reason(self, error: BaseException) -> str:
        text = self._clean(str(error)).strip()  # before it is cut: half a token would not be recognised
        return f"{type(error).__name__}: {text[:LONGEST_REASON]}" if text else type(error).__name__

    def _clean(self, text: str) -> str:
        return redact(text, self._secrets)


class JsonLine(TextLine):
    """One JSON object per line, for programs."""

    def format(self, record: logging.LogRecord) -> str:
        """The finished line."""
        line = {
            "time": _time(record),
            "level": record.levelname.lower(),
            "logger": record.name,
            "event": self._clean(_message(record)),
        }
        # What a record brings may not pose as one of the four above.
        return json.dumps({**self._details(record), **line})


def _time(record: logging.LogRecord) -> str:
    return datetime.fromtimestamp(record.created, UTC).strftime("%Y-%m-%dT%H:%M:%S.%f")[:-3] + "Z"


def _message(record: logging.LogRecord) -> str:
    try:
        return record.getMessage()
    except Exception:  # noqa: BLE001 - a slip in one log call must not cost the line
        return f"{record.msg} (its values could not be filled in)"


def _places(trace: TracebackType | None) -> str:
    """Where an exception came from, the innermost place first."""
    frames = traceback.extract_tb(trace, limit=-MOST_PLACES)
    return " < ".join(
        f"{frame.name} {Path(frame.filename).name}:{frame.lineno}" for frame in reversed(frames)
    )


def _printable(text: str) -> str:
    """The text with line breaks, terminal commands and invisible characters written out."""
    return "".join(one if one.isprintable() else repr(one)[1:-1] for one in text)


def _quoted(value: object) -> str:
    text = str(value)
    return text if re.fullmatch(r"[\w.:/+@\[\]-]+", text) else json.dumps(text, ensure_ascii=False)
