"""Takes the values of rows out of a database's errors, where members' words would be, before anybody can log them.

SQLAlchemy leaves out the parameters of a statement. But PostgreSQL repeats the whole row that it refuses, and asyncpg the
value that it cannot send; neither has a setting for that.
"""

import re
from collections.abc import Iterator

from sqlalchemy.engine import ExceptionContext

HIDDEN = "[hidden]"
_DETAIL = re.compile(r"\s*\bDETAIL: .*", re.DOTALL)
_VALUE = re.compile(r"(invalid input (?:for query argument \$\d+|syntax for type [\w ]+): ).*", re.DOTALL)


def hide_values(context: ExceptionContext) -> None:
    """Rewrites an error, and what caused it, so that none of them tells a value; a listener to `handle_error`."""
    for error in (context.sqlalchemy_exception, *_chain(context.original_exception)):
        if error is None:
            continue
        if getattr(error, "detail", None):
            error.__dict__["detail"] = HIDDEN
        error.args = tuple(_without_values(one) if isinstance(one, str) else one for one in error.args)


def _chain(error: BaseException | None) -> Iterator[BaseException]:
    while error is not None:
        yield error
        error = error.__cause__ or error.__context__


def _without_values(text: str) -> str:
    return _DETAIL.sub(f"\nDETAIL: {HIDDEN}", _VALUE.sub(rf"\1{HIDDEN}", text))
