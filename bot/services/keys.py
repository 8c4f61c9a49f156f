"""The installation's secret, kept in a file of its own: who steals the database alone has hashes without a key.

From one random secret, separate keys are derived for each purpose, so that no hash of one kind can be compared with one of
another.
"""

import hashlib
import hmac
import os
import secrets
from pathlib import Path

from bot.domain.problems import Problem

SECRET_BYTES = 32
FILE_NAME = "secret.key"
FEED_SECRET_CHARACTERS = 40
"""160 bits: nobody finds such an address by trying."""


class KeyProblem(Problem):
    """The file with the secret cannot be used."""


class Keys:
    """Keyed hashes for the purposes that need one."""

    def __init__(self, secret: bytes) -> None:
        self._secret = secret

    def receipt_hash(self, receipt: str) -> str:
        """What is stored of a receipt: 64 hexadecimal characters."""
        return self._hash("receipt", receipt)

    def participation_hash(self, guild_id: int, action_key: str, iso_week: str, user_id: int) -> str:
        """What is stored so that a member counts once a week; another value for each guild, action and week."""
        return self._hash("participation", f"{guild_id}|{action_key}|{iso_week}|{user_id}")

    def focus_hash(self, guild_id: int, round_id: str, user_id: int) -> str:
        """What is stored so that a member votes once in a round; another value for each guild and round."""
        return self._hash("focus", f"{guild_id}|{round_id}|{user_id}")

    def feed_secret(self, guild_id: int, epoch: int) -> str:
        """What the address of a guild's calendar feed ends with; another value for each guild and epoch."""
        return self._hash("feed", f"{guild_id}|{epoch}")[:FEED_SECRET_CHARACTERS]

    def diary_uid(self, guild_id: int, meeting_key: str) -> str:
        """By what diaries know a meeting; it does not tell in which guild that is."""
        return f"{self._hash('diary', f'{guild_id}|{meeting_key}')[:40]}@solidarity-bot.invalid"

    def fingerprint(self) -> str:
        """By what processes of one installation see that they have the same secret; it tells nothing of the secret."""
        return self._hash("fingerprint", "")

    def _hash(self, purpose: str, text: str) -> str:
        key = hmac.new(self._secret, purpose.encode(), hashlib.sha256).digest()
        return hmac.new(key, text.encode(), hashlib.sha256).hexdigest()


def find_secret(directory: Path) -> bool:
    """Whether the installation has its secret already; nothing is made.

    Raises:
        KeyProblem: the file is there, but does not hold a secret.
    """
    path = directory / FILE_NAME
    return path.exists() and bool(_read(path))


def load_keys(directory: Path) -> Keys:
    """Reads the installation's secret, making it at the first start.

    Raises:
        KeyProblem: the file is there, but does not hold a secret.
    """
    path = directory / FILE_NAME
    directory.mkdir(parents=True, exist_ok=True, mode=0o700)
    try:
        descriptor = os.open(path, os.O_CREAT | os.O_EXCL | os.O_WRONLY, 0o600)
    except FileExistsError:
        return Keys(_read(path))
    secret = secrets.token_bytes(SECRET_BYTES)
    with os.fdopen(descriptor, "w") as file:
        file.write(secret.hex() + "\n")
    return Keys(secret)


def _read(path: Path) -> bytes:
    try:
        secret = bytes.fromhex(path.read_text().strip())
    except (OSError, ValueError):
        secret = b""
    if len(secret) != SECRET_BYTES:
        raise KeyProblem(
            f"{path} does not hold this installation's secret. It was left untouched.",
            next_step="Restore that file from your backup. Without it, members' receipts cannot be recognised.",
        )
    return secret
