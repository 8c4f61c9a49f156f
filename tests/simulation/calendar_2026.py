"""2026 in the United Kingdom, written down by hand: what the product calculates is compared with this."""

import os
from collections.abc import Iterator
from datetime import UTC, date, datetime, time, timedelta

# https://www.gov.uk/bank-holidays, England and Wales.
BANK_HOLIDAYS = (
    date(2026, 1, 1),
    date(2026, 4, 3),
    date(2026, 4, 6),
    date(2026, 5, 4),
    date(2026, 5, 25),
    date(2026, 8, 31),
    date(2026, 12, 25),
    date(2026, 12, 28),
)
CLOCKS_FORWARD = datetime(2026, 3, 29, 1, tzinfo=UTC)
CLOCKS_BACK = datetime(2026, 10, 25, 1, tzinfo=UTC)
WHOLE_YEARS = int(os.environ.get("STORMS", "0"))
"""Without STORMS only the spring, past the clock change and Easter, so that `make test` stays quick."""

NEW_YEAR, NEXT_YEAR = datetime(2026, 1, 1, tzinfo=UTC), datetime(2027, 1, 1, tzinfo=UTC)


END = NEXT_YEAR if WHOLE_YEARS else datetime(2026, 4, 15, tzinfo=UTC)


def days_of_the_year() -> Iterator[date]:
    """1 January to 31 December."""
    return (date(2026, 1, 1) + timedelta(days=number) for number in range(365))


def instant_of(day: date, hour: int, minute: int = 0) -> datetime:
    """The instant of a British wall time outside the night of a clock change."""
    summer = date(2026, 3, 29) <= day < date(2026, 10, 25)
    return datetime.combine(day, time(hour, minute), UTC) - timedelta(hours=summer)


def fridays_at_eight() -> list[datetime]:
    """Every Friday at 08:00 that is not a bank holiday in England and Wales."""
    fridays = [day for day in days_of_the_year() if day.isoweekday() == 5 and day not in BANK_HOLIDAYS]
    return [instant_of(day, 8) for day in fridays]


def full_hours(first: datetime, last: datetime, minute: int) -> list[datetime]:
    """Every hour at a minute past, by the British wall clock: the repeated hour counts once, and a wall time that is
    skipped moves to the end of the gap."""
    count = int((last - first) / timedelta(hours=1))
    every = {first + timedelta(hours=number, minutes=minute) for number in range(count)}
    every -= {CLOCKS_BACK + timedelta(minutes=minute)}  # the same wall time as an hour before
    if first <= CLOCKS_FORWARD < last:
        every |= {CLOCKS_FORWARD}  # in place of 01:xx, which does not exist
    return sorted(every)
