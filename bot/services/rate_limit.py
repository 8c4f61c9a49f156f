"""Limits on what one person may do within a time, that keep no identity.

People are counted under a hash whose random key lives in this process's memory only and is replaced with each period, so
neither the database nor yesterday's memory can tell who did something.
"""

import hashlib
import hmac
import secrets
from collections import Counter
from datetime import date

WRONG_RECEIPTS_PER_HOUR = 10


class PersonalLimit:
    """Counts what a person does within a period, without knowing the person."""

    def __init__(self, most: int) -> None:
        self.most = most
        self._period: date | None = None
        self._key = b""
        self._counts: Counter[bytes] = Counter()

    def allow(self, guild_id: int, user_id: int, period: date) -> bool:
        """Counts once, unless the period's allowance is used up. Returns whether it was counted.

        Args:
            guild_id: the guild.
            user_id: the person.
            period: the day, or the instant at which the period began; all counts start anew with the next one.
        """
        if period != self._period:
            self._period, self._key = period, secrets.token_bytes(32)
            self._counts.clear()
        who = self._hash(guild_id, user_id)
        if self._counts[who] >= self.most:
            return False
        self._counts[who] += 1
        return True

    def give_back(self, guild_id: int, user_id: int, period: date) -> None:
        """Takes back one count of the period, for what came to nothing or should not count."""
        if period == self._period:
            self._counts[self._hash(guild_id, user_id)] -= 1

    def _hash(self, guild_id: int, user_id: int) -> bytes:
        return hmac.new(self._key, f"{guild_id}|{user_id}".encode(), hashlib.sha256).digest()


class SubmissionLimit(PersonalLimit):
    """How often a person may say something in a day."""


class WrongReceiptLimit(PersonalLimit):
    """How many wrong receipts a person may try in an hour."""

    def __init__(self, most: int = WRONG_RECEIPTS_PER_HOUR) -> None:
        super().__init__(most)
