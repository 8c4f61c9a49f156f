"""What the rows of one table are, in one number, to compare two databases by."""

import hashlib

from db.moving.rows import Rows


class Fingerprint:
    """Grows with the rows of a table, in the order of their key: the same rows give the same, on both databases.

    Every value is one of Python's own by then, of which the same value is always written the same way; strings are quoted,
    so that no row can pass for another one, and an empty text is not the same as none.
    """

    def __init__(self) -> None:
        self.rows = 0
        self._digest = hashlib.sha256()

    def add(self, rows: Rows) -> None:
        """Takes the next rows into account."""
        self.rows += len(rows)
        for row in rows:
            self._digest.update(repr(row).encode())

    @property
    def mark(self) -> tuple[int, str]:
        """The number of rows and their digest, equal for the same rows."""
        return self.rows, self._digest.hexdigest()
