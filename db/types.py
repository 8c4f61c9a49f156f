"""Column types that refuse what would be read back differently."""

from datetime import UTC, datetime
from typing import Any

from sqlalchemy import BigInteger, DateTime, Integer, String
from sqlalchemy.engine import Dialect
from sqlalchemy.types import TypeDecorator, TypeEngine

Snowflake = BigInteger().with_variant(Integer(), "sqlite")
"""A Discord id: 64 bits on both databases."""


class Instant(TypeDecorator[datetime]):
    """An aware instant in UTC; a naive one is refused.

    PostgreSQL keeps it as `timestamptz`, SQLite as ISO 8601 text of fixed width, which sorts as time does.

    Raises:
        ValueError: the datetime is naive.
    """

    impl = String(32)
    cache_ok = True

    def load_dialect_impl(self, dialect: Dialect) -> TypeEngine[Any]:
        """The column's type on this database."""
        if dialect.name == "postgresql":
            return dialect.type_descriptor(DateTime(timezone=True))
        return dialect.type_descriptor(String(32))

    def process_bind_param(self, value: datetime | None, dialect: Dialect) -> Any:
        """To the database."""
        if value is None:
            return None
        if value.tzinfo is None:
            raise ValueError("an instant needs a time zone")
        instant = value.astimezone(UTC)
        return instant if dialect.name == "postgresql" else instant.isoformat(timespec="microseconds")

    def process_result_value(self, value: Any | None, dialect: Dialect) -> datetime | None:
        """From the database."""
        if value is None:
            return None
        return value.astimezone(UTC) if dialect.name == "postgresql" else datetime.fromisoformat(value)


class WallTime(TypeDecorator[datetime]):
    """Naive local wall time, kept as text on both databases; its zone stands in a column beside it.

    Raises:
        ValueError: the datetime is aware.
    """

    impl = String(26)
    cache_ok = True

    def process_bind_param(self, value: datetime | None, dialect: Dialect) -> str | None:
        """To the database."""
        del dialect
        if value is None:
            return None
        if value.tzinfo is not None:
            raise ValueError("wall time carries no zone of its own")
        return value.isoformat(timespec="seconds")

    def process_result_value(self, value: Any | None, dialect: Dialect) -> datetime | None:
        """From the database."""
        del dialect
        return None if value is None else datetime.fromisoformat(value)
