"""What SQLite holds and PostgreSQL does not: it is found before it is sent, and told by its column, never by its content."""

from collections import Counter
from collections.abc import Callable
from datetime import date, datetime
from typing import Any

from sqlalchemy import BigInteger, Boolean, Column, Date, Integer, LargeBinary, Table

from db.moving.rows import Rows
from db.types import Instant

NUL = "\0"
A_NUL = "a NUL character"
"""The one reason for which there is a way: it can be left out, but not of a key, which could be another row's without it."""

A_NUL_IN_A_KEY = f"{A_NUL} in a key"

_INTEGER, _BIG_INTEGER = 2**31, 2**63

Complaint = Callable[[Any], str | None]
"""What is wrong with a value that is there, if anything."""


class Fitting:
    """Looks at the rows of one table on their way to PostgreSQL.

    Attributes:
        complaints: how many values do not fit, by column and reason.
        left_out: in how many values NUL characters were left out.
    """

    def __init__(self, of: Table, *, without_nul: bool) -> None:
        self.complaints: Counter[tuple[str, str]] = Counter()
        self.left_out = 0
        self._looks = [(place, one.name, _complaint(one)) for place, one in enumerate(of.columns)]
        self._mended = [place for place, one in enumerate(of.columns) if without_nul and not one.primary_key]

    def look(self, rows: Rows) -> Rows:
        """Counts what does not fit, and returns the rows as they are to be sent."""
        mended = [self._without_nul(row) for row in rows] if self._mended else rows
        for row in mended:
            for place, name, complaint in self._looks:
                value = row[place]
                if value is not None and (reason := complaint(value)):
                    self.complaints[name, reason] += 1
        return mended

    def _without_nul(self, row: tuple[Any, ...]) -> tuple[Any, ...]:
        found = [place for place in self._mended if isinstance(row[place], str) and NUL in row[place]]
        if not found:
            return row
        self.left_out += len(found)
        return tuple(value.replace(NUL, "") if place in found else value for place, value in enumerate(row))


def _complaint(of: Column[Any]) -> Complaint:
    kind = of.type
    if isinstance(kind, Instant):
        return lambda value: None if isinstance(value, datetime) and value.tzinfo else "no instant"
    if isinstance(kind, Date):
        return lambda value: None if isinstance(value, date) else "no date"
    if isinstance(kind, Boolean):
        return lambda value: None if isinstance(value, bool) else "neither true nor false"
    if isinstance(kind, LargeBinary):
        return lambda value: None if isinstance(value, bytes) else "no bytes"
    if isinstance(kind, Integer):
        return _whole_number(_BIG_INTEGER if isinstance(kind, BigInteger) else _INTEGER)
    return _text(getattr(kind, "length", None), A_NUL_IN_A_KEY if of.primary_key else A_NUL)


def _whole_number(limit: int) -> Complaint:
    def complaint(value: object) -> str | None:
        if not isinstance(value, int):
            return "no whole number"
        return None if -limit <= value < limit else "a number that is too large"

    return complaint


def _text(longest: int | None, nul: str) -> Complaint:
    def complaint(value: object) -> str | None:
        if not isinstance(value, str):
            return "no text"
        if NUL in value:
            return nul
        return f"more than {longest} characters" if longest is not None and len(value) > longest else None

    return complaint
