"""A small sample of several processes that are killed under load; `python -m tests.torture --processes 3` does it in full."""

from tests.torture.killing import Plan, Report, kill_at_random


async def test_nothing_is_lost_doubled_or_left_unanswered_whichever_process_dies() -> None:
    """One of the two that serve is killed, and PostgreSQL is restarted."""
    plan = Plan(
        seconds=10,
        kills=1,
        freezes=0,
        spares_who_stands_by=True,
        posts_per_second=3,
        uses_per_second=2,
        identify_every=0,
    )
    report = await kill_at_random(plan)
    assert report.complaints == []
    assert report.verdicts == {"once": 30}
    assert (report.answered_twice, report.rate_limited, report.syncs) == (0, 0, 1)
    assert (report.kills, report.of_those_serving, report.restarts) == (1, 1, 1)
    assert len(report.takeovers) == 1
    assert report.interactions["answered"] >= 5  # more on a machine that has time


def test_what_is_not_as_promised_is_called_so() -> None:
    def found(**values: object) -> Report:
        report = Report(Plan(), syncs=1)
        for name, value in values.items():
            setattr(report, name, value)
        return report

    assert not found(takeovers=[14.9]).failed
    assert found(takeovers=[15.1]).failed
    assert found(answered_twice=1).failed
    assert found(syncs=2).failed
    assert found(rate_limited=1).failed
    assert found(complaints=["nobody answered"]).failed
    report = found()
    report.verdicts["lost"] = 1
    assert report.failed
