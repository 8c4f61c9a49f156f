"""Who has voted in an open round and then had their mark in its ledger erased: remembered in memory only.

Without it, voting and being forgotten in turns would make as many votes as somebody likes. Marks are kept under a random
key that is in this process's memory and nowhere else, until the round closes or the process ends.
"""

import hashlib
import hmac
import secrets
from datetime import datetime


class ForgottenVotes:
    """Scrambled marks, each with the instant at which its round closes."""

    def __init__(self) -> None:
        self._key = secrets.token_bytes(32)
        self._until: dict[bytes, datetime] = {}

    def remember(self, mark: str, *, until: datetime, now: datetime) -> None:
        """Keeps a mark until its round closes, and drops those whose round has closed."""
        self._until = {one: closes for one, closes in self._until.items() if closes > now}
        self._until[self._hash(mark)] = until

    def __contains__(self, mark: str) -> bool:
        return self._hash(mark) in self._until

    def _hash(self, mark: str) -> bytes:
        return hmac.new(self._key, mark.encode(), hashlib.sha256).digest()
