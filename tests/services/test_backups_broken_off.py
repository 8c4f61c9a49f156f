"""Backups when something goes wrong: broken off, two at once, a clock that was wrong, a process that dies."""

import asyncio
import os
import signal
from dataclasses import replace

import pytest

from bot.backing_up import back_up_if_due
from bot.domain.problems import Problem
from bot.services import backups, feedback_receipts, members, retention
from bot.services.backup_apart import Order
from bot.services.context import Context
from tests.conftest import StoppedClock
from tests.services.test_backups import GUILD, MEMBER, configure, context, give, in_folder, said, until

__all__ = ["context"]


@pytest.mark.parametrize("erased", [False, True])
async def test_the_one_just_made_stays_whatever_dates_the_others_carry(
    context: Context, clock: StoppedClock, erased: bool
) -> None:
    receipt, _ = await give(context, "please take this back", "this may stay")
    clock.forward(hours=5)
    wrong = await backups.make(context)  # while the machine's clock was five hours ahead
    clock.forward(hours=-5)
    assert "None yet" in said(context), "nothing is said of a time to come"
    if erased:
        await feedback_receipts.withdraw(context, GUILD, MEMBER, receipt)
    target = await backups.make(context)
    assert in_folder(context) == ([target] if erased else [target, wrong])
    assert f"<t:{int(clock.now().timestamp())}:R>" in said(context)
    clock.forward(hours=4)
    configure(context, every_hours=0.5)
    assert backups.is_overdue(context.settings, clock.now()), "however new the other one looks"


@pytest.mark.parametrize("way", ["withdraw", "forget"])
async def test_a_process_that_dies_right_after_the_deletion_leaves_nothing_in_the_backups(
    context: Context, clock: StoppedClock, monkeypatch: pytest.MonkeyPatch, way: str
) -> None:
    (receipt,) = await give(context, "please take this back")
    await members.set_zone(context, GUILD, MEMBER, "Rome")
    await backups.make(context)
    with monkeypatch.context() as patch, pytest.raises(ConnectionAbortedError):
        patch.setattr(retention, "scrub", died)
        if way == "withdraw":
            await feedback_receipts.withdraw(context, GUILD, MEMBER, receipt)
        else:
            await members.forget(context, GUILD, MEMBER)
    clock.forward(hours=25)
    target = await backups.make(context)
    assert in_folder(context) == [target]


async def died(*_: object, **__: object) -> bool:
    raise ConnectionAbortedError


@pytest.mark.parametrize("cancelled", [True, False])
async def test_a_backup_that_is_broken_off_leaves_no_copy(
    context: Context, monkeypatch: pytest.MonkeyPatch, cancelled: bool
) -> None:
    """It is stopped while copies stand there that are not encrypted, by the bot or by a machine short of memory."""
    making = stalled(monkeypatch)
    task = asyncio.create_task(backups.make(context))
    await until(lambda: len(in_folder(context)) == len(STALLED))
    if cancelled:
        task.cancel()
        with pytest.raises(asyncio.CancelledError):
            await task
    else:
        process = making[0]._process
        assert process is not None
        os.killpg(process.pid, signal.SIGKILL)
        with pytest.raises(Problem, match="broken off"):
            await task
    assert in_folder(context) == []


STALLED = (".whole.partial", ".partial", ".partial-journal")


def stalled(monkeypatch: pytest.MonkeyPatch) -> list[backups._Making]:
    """Lets backups stand still with their copies half done; returns a list of them."""
    making: list[backups._Making] = []

    class Stalled(backups._Making):
        def __init__(self, order: Order) -> None:
            writes = "; ".join(f"echo confidential words > '{order.target}{end}'" for end in STALLED)
            super().__init__(replace(order, source=None, command=("sh", "-c", f"{writes}; exec sleep 600")))
            making.append(self)

    monkeypatch.setattr(backups, "_Making", Stalled)
    return making


async def test_two_at_once_leave_each_other_alone(context: Context, monkeypatch: pytest.MonkeyPatch) -> None:
    with monkeypatch.context() as patch:
        stalled(patch)
        first = asyncio.create_task(backups.make(context))
        await until(lambda: len(in_folder(context)) == len(STALLED))
    half_done = in_folder(context)
    with pytest.raises(Problem, match="is being made already"):
        await backups.make(context)
    context.pulse.leads = True
    assert not await back_up_if_due(context), "nothing failed, so it looks again soon"
    assert context.pulse.backup_problem is None
    assert in_folder(context) == half_done
    first.cancel()
    await asyncio.wait({first})
    assert in_folder(context) == []
    target = await backups.make(context)
    assert in_folder(context) == [target]
