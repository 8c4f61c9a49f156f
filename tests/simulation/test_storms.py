"""A year with restarts, power cuts and outages at random: each occurrence exactly once, or visibly not, for a reason."""

import random
from collections import Counter
from dataclasses import dataclass
from datetime import datetime, timedelta
from pathlib import Path

import pytest

from bot.domain.schedules import Delivery, DeliveryState, ScheduleKind
from bot.services import restored
from tests.conftest import StoppedClock
from tests.simulation.calendar_2026 import (
    END,
    NEW_YEAR,
    WHOLE_YEARS,
    days_of_the_year,
    fridays_at_eight,
    instant_of,
)
from tests.simulation.machine import GUILD, OUTAGES, UNSETTLED, Machine, Weather, schedule

SEEDS = range(WHOLE_YEARS or 1)
QUIET_AFTER = END + timedelta(days=8)


@dataclass
class Storm:
    """One attempt in four meets something; some days everything does."""

    dice: random.Random

    def __post_init__(self) -> None:
        self.blowing = 0.25

    def __call__(self) -> Weather:
        return self.dice.choice(OUTAGES)() if self.dice.random() < self.blowing else Weather()


async def prepare(machine: Machine) -> dict[str, list[datetime]]:
    """Adds three schedules; returns when each is due, by the calendar."""
    nudge = {"kind": ScheduleKind.NUDGE, "rule": "FREQ=WEEKLY;BYDAY=FR", "holidays": "england-and-wales"}
    await machine.add(schedule("fridays", datetime(2026, 1, 2, 8), **nudge))
    await machine.add(schedule("alternate", datetime(2026, 1, 1, 12, 30), rule="FREQ=DAILY;INTERVAL=2"))
    leads = (timedelta(days=1), timedelta(hours=1), timedelta())
    meeting = {"kind": ScheduleKind.MEETING, "rule": "FREQ=WEEKLY;BYDAY=TU", "lead_times": leads}
    await machine.add(schedule("meeting", datetime(2026, 1, 6, 18, 30), **meeting))
    days = list(days_of_the_year())
    tuesdays = [instant_of(day, 18, 30) for day in days if day.isoweekday() == 2]
    return {
        "fridays": fridays_at_eight(),
        "alternate": [instant_of(day, 12, 30) for day in days[::2]],
        "meeting": sorted(start - lead for start in tuesdays for lead in leads),
    }


async def live_through(machine: Machine, dice: random.Random) -> None:
    """The time until the end, with the machine switched off now and then, for minutes or days; then quiet days to finish."""
    storm = Storm(dice)
    machine.discord.weather = storm
    while machine.clock.now() < END:
        storm.blowing = dice.choice((0.05, 0.25, 0.25, 1.0))
        await machine.run_until(machine.clock.now() + timedelta(hours=dice.randint(6, 400)))
        off_for = dice.choice(
            (timedelta(), timedelta(minutes=dice.randint(1, 90)), timedelta(hours=dice.randint(2, 60)))
        )
        machine.clock.instant += off_for
        await machine.restart()
        await machine.run_until(machine.clock.now())
        answer = dice.choice((restored.post_useful, restored.leave_out))
        await answer(machine.context, GUILD)
    machine.discord.weather = Weather
    await machine.run_until(QUIET_AFTER)


def check(machine: Machine, delivery: Delivery) -> None:
    """Exactly once, or not, visibly and for a reason."""
    posted = machine.posted(delivery)
    assert len(posted) <= 1, f"doubled: {delivery}"
    assert all(at >= delivery.due_at for at in posted), f"too early: {delivery}"
    if delivery.state is DeliveryState.SENT:
        assert len(posted) == 1, f"lost: {delivery}"
        late = posted[0] - delivery.due_at > timedelta(minutes=2)
        assert late == (delivery.delivery_id in machine.discord.late), f"late, and not said so: {delivery}"
        return
    assert delivery.state not in UNSETTLED, f"in silence: {delivery}"
    assert delivery.reason, f"no reason: {delivery}"
    if delivery.state is not DeliveryState.HELD and delivery.reason != restored.LEFT_OUT:
        assert posted == [], f"posted after all: {delivery}"


@pytest.mark.parametrize("seed", SEEDS)
async def test_a_stormy_year(tmp_path: Path, clock: StoppedClock, seed: int) -> None:
    dice = random.Random(seed)
    clock.instant = NEW_YEAR - timedelta(hours=1)
    machine = await Machine.boot(tmp_path, clock)
    expected = await prepare(machine)
    await live_through(machine, dice)
    found: Counter[DeliveryState] = Counter()
    for schedule_id, due in expected.items():
        deliveries = [each for each in await machine.deliveries(schedule_id) if each.due_at < END]
        assert [each.due_at for each in deliveries] == [each for each in due if each < END]
        for delivery in deliveries:
            check(machine, delivery)
        found.update(each.state for each in deliveries)
    unposted = found.total() - found[DeliveryState.SENT]
    assert unposted > 0
    assert machine.discord.alerts
    assert machine.restarts > (20 if WHOLE_YEARS else 5)
    assert len(machine.discord.failures) > (8 if WHOLE_YEARS else 3), machine.discord.failures
    await machine.off()
