"""Which backups are kept."""

from datetime import UTC, datetime, timedelta

from bot.domain.backups import backups_among, name_of, outdated


def test_days_and_weeks_are_kept_and_nothing_older() -> None:
    now = datetime(2025, 6, 20, 12, tzinfo=UTC)
    every = [
        name_of(now - timedelta(hours=hours), sqlite=True, sealed=False) for hours in range(0, 24 * 60, 6)
    ]
    known = backups_among(
        [*every, "solidarity-20250230T120000Z.sqlite3", "minutes.txt", f"{every[0]}.partial"]
    )
    assert len(known) == len(every)
    gone = outdated(known, now, days=7, weeks=4)
    kept = [one.made_at for one in known if one not in gone]
    assert kept[-1] == now
    assert {one.date() for one in kept} >= {(now - timedelta(days=days)).date() for days in range(7)}
    assert len(kept) == 7 + 4, (
        "those of this week and the last are among the seven days, but for the oldest weeks"
    )
    assert now - kept[0] < timedelta(days=28)
    assert [
        one for one in known if one not in outdated(known, now + timedelta(days=90), days=7, weeks=4)
    ] == [known[-1]], "the newest stays, whatever its age"


def test_dates_to_come_take_the_place_of_none_and_are_not_judged() -> None:
    now = datetime(2025, 6, 20, 12, tzinfo=UTC)
    before, true, later_today, far = (
        name_of(now + timedelta(hours=hours), sqlite=True, sealed=False)
        for hours in (-6, 0, 5, 24 * 365 * 50)
    )
    gone = outdated(backups_among([before, true, later_today, far]), now, days=7, weeks=4)
    assert [one.name for one in gone] == [before]
    # A machine whose clock starts in 1970 must not take all true backups for outdated ones.
    assert outdated(backups_among([before, true]), datetime(1970, 1, 1, tzinfo=UTC), days=7, weeks=4) == []
