"""What the audit log records of those who handle feedback and settings."""

from dataclasses import dataclass
from datetime import datetime

THE_BOT = 0
"""Stands for whoever did something where that is nobody on Discord: the bot by itself, or its command line."""


@dataclass(frozen=True, slots=True)
class AuditEntry:
    """One thing that somebody did: what, when, what for, to how many rows, and the digest of the file if there is one."""

    at: datetime
    actor_id: int
    event: str
    purpose: str
    rows: int | None = None
    sha256: str | None = None
