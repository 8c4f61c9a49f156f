"""How backups are named, and which of them are kept."""

import re
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta

SQLITE, POSTGRES, SEALED = ".sqlite3", ".dump", ".age"
_FORM = "solidarity-%Y%m%dT%H%M%SZ"
_NAME = re.compile(r"(solidarity-\d{8}T\d{6}Z)\.(sqlite3|dump)(\.age)?")

LATE_AFTER = timedelta(hours=3)
"""Backups wait for the bot to run, and for one another; so much later than planned, something is wrong."""


@dataclass(frozen=True, slots=True, order=True)
class Backup:
    """A backup in the folder, as its name tells of it."""

    made_at: datetime
    name: str


def name_of(made_at: datetime, *, sqlite: bool, sealed: bool) -> str:
    """What a backup that is made now is called."""
    kind = SQLITE if sqlite else POSTGRES
    return f"{made_at.astimezone(UTC).strftime(_FORM)}{kind}{SEALED if sealed else ''}"


def backups_among(names: Iterable[str]) -> list[Backup]:
    """The backups among the files of a folder, the oldest first. What has another name is not the bot's."""
    found: list[Backup] = []
    for name in names:
        if (match := _NAME.fullmatch(name)) is None:
            continue
        try:
            found.append(Backup(datetime.strptime(match[1], _FORM).replace(tzinfo=UTC), name))
        except ValueError:  # the thirtieth of February, for one
            continue
    return sorted(found)


def made_by(backups: Iterable[Backup], now: datetime) -> list[Backup]:
    """Those whose time has come. The clock was wrong when any others were made, so they tell nothing of when."""
    return [one for one in backups if one.made_at <= now]


def outdated(backups: list[Backup], now: datetime, *, days: int, weeks: int) -> list[Backup]:
    """Those that are no longer kept.

    Kept are the newest of each of the last `days` days, and the newest of each week that began within the last `weeks`
    weeks; none of them is older than that. The newest of all is kept in any case. What carries a date to come takes the
    place of none of these, and is kept until then: it may be the clock of today that is wrong.
    """
    past = made_by(backups, now)
    kept = {one.made_at.date(): one for one in past if now - one.made_at < timedelta(days=days)}
    weekly = {
        one.made_at.isocalendar()[:2]: one for one in past if now - one.made_at < timedelta(weeks=weeks)
    }
    keep = {*kept.values(), *weekly.values(), *past[-1:]}
    return [one for one in past if one not in keep]
