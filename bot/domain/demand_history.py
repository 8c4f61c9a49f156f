"""What the employer's dated answers add up to: the changes of one demand, and how all of them stood day by day.

An answer that was recorded wrongly is never taken out. A later entry corrects it, and from then on only the later one
counts, here as everywhere.
"""

from collections import Counter
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date

from bot.domain.models import Demand, DemandResponse, DemandStatus


@dataclass(frozen=True, slots=True)
class DemandChange:
    """A response of the employer, and the status that the demand had before it."""

    demand: Demand
    before: DemandStatus
    response: DemandResponse

    @property
    def is_correction(self) -> bool:
        """Whether it says that an earlier entry was wrong."""
        return self.response.corrects is not None


@dataclass(frozen=True, slots=True)
class DayOfDemands:
    """How many demands had which status from a day on."""

    on: date
    counts: Mapping[DemandStatus, int]

    @property
    def total(self) -> int:
        """How many demands there were."""
        return sum(self.counts.values())


def changes_of(demand: Demand) -> tuple[DemandChange, ...]:
    """The responses that stand, from the oldest to the latest, each with the status before it."""
    before = [DemandStatus.NO_RESPONSE, *(response.status for response in demand.standing)]
    return tuple(DemandChange(demand, *pair) for pair in zip(before, demand.standing, strict=False))


def days_of(demands: Iterable[Demand], *, since: date, until: date) -> tuple[DayOfDemands, ...]:
    """How the demands stood on the first day, and from each day on that changed something.

    A demand counts from the day of its source until it is retired.
    """
    every = tuple(demands)
    days = {since, *(day for demand in every for day in _days(demand) if since < day <= until)}
    found: list[DayOfDemands] = []
    for day in sorted(days):
        counts = Counter(_status_on(demand, day) for demand in every if _is_made(demand, day))
        if not found or counts != found[-1].counts:
            found.append(DayOfDemands(day, counts))
    return tuple(found)


def first_day(demands: Sequence[Demand], today: date) -> date:
    """The day from which there is something to show."""
    return min((day for demand in demands for day in _days(demand)), default=today)


def _days(demand: Demand) -> list[date]:
    retired = [] if demand.retired_on is None else [demand.retired_on]
    return [demand.source.on, *(response.on for response in demand.standing), *retired]


def _is_made(demand: Demand, day: date) -> bool:
    begun = demand.source.on <= day or any(response.on <= day for response in demand.standing)
    return begun and (demand.retired_on is None or day < demand.retired_on)


def _status_on(demand: Demand, day: date) -> DemandStatus:
    past = [response.status for response in demand.standing if response.on <= day]
    return past[-1] if past else DemandStatus.NO_RESPONSE
