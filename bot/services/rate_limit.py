"""A limit on submissions per person and day that keeps no identity.

People are counted under a hash whose random key lives in this process's memory only and is replaced each day, so neither
the database nor yesterday's memory can tell who submitted.
"""

import hashlib
import hmac
import secrets
from collections import Counter
from datetime import date


class SubmissionLimit:
    """Counts a person's submissions of the day, without knowing the person."""

    def __init__(self, per_day: int) -> None:
        self._per_day = per_day
        self._day: date | None = None
        self._key = b""
        self._counts: Counter[bytes] = Counter()

    def allow(self, guild_id: int, user_id: int, day: date) -> bool:
        """Counts one submission, unless the day's allowance is used up. Returns whether it was counted."""
        if day != self._day:
            self._day, self._key = day, secrets.token_bytes(32)
            self._counts.clear()
        who = self._hash(guild_id, user_id)
        if self._counts[who] >= self._per_day:
            return False
        self._counts[who] += 1
        return True

    def give_back(self, guild_id: int, user_id: int, day: date) -> None:
        """Takes back one count of the day, for a submission that could not be stored."""
        if day == self._day:
            self._counts[self._hash(guild_id, user_id)] -= 1

    def _hash(self, guild_id: int, user_id: int) -> bytes:
        return hmac.new(self._key, f"{guild_id}|{user_id}".encode(), hashlib.sha256).digest()
