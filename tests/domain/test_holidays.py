"""Bank holidays of the three lists that gov.uk publishes."""

import subprocess
import sys
from datetime import date

import pytest

from bot.domain.holidays import NATIONS, bank_holidays


@pytest.mark.parametrize(
    ("nation", "day", "name"),
    [
        ("england-and-wales", date(2025, 4, 18), "Good Friday"),
        ("england-and-wales", date(2025, 4, 21), "Easter Monday"),
        ("england-and-wales", date(2026, 12, 28), "Boxing Day"),  # 26 December 2026 is a Saturday
        ("england-and-wales", date(2027, 12, 27), "Christmas Day"),
        ("scotland", date(2026, 1, 2), "New Year"),
        ("scotland", date(2026, 8, 3), "Summer"),
        ("scotland", date(2026, 11, 30), "Saint Andrew"),
        ("northern-ireland", date(2026, 3, 17), "Saint Patrick"),
        ("northern-ireland", date(2026, 7, 13), "Boyne"),  # 12 July 2026 is a Sunday
    ],
)
def test_a_bank_holiday(nation: str, day: date, name: str):
    assert name in bank_holidays(nation, day.year)[day]


@pytest.mark.parametrize(
    ("nation", "day"),
    [
        ("england-and-wales", date(2026, 1, 2)),
        ("england-and-wales", date(2026, 3, 17)),
        ("scotland", date(2026, 4, 6)),
        ("scotland", date(2026, 8, 31)),
        ("northern-ireland", date(2026, 11, 30)),
    ],
)
def test_not_in_this_nation(nation: str, day: date):
    assert day not in bank_holidays(nation, day.year)


@pytest.mark.parametrize("nation", NATIONS)
def test_a_year_holds_only_its_own_days_in_order(nation: str):
    days = list(bank_holidays(nation, 2026))
    assert days == sorted(days)
    assert {day.year for day in days} == {2026}


def test_an_unknown_nation_is_a_defect():
    with pytest.raises(KeyError):
        bank_holidays("cornwall", 2026)


def test_the_list_cannot_be_changed_by_accident():
    with pytest.raises(TypeError):
        bank_holidays("scotland", 2026)[date(2026, 5, 6)] = "May"  # pyright: ignore[reportIndexIssue]


def test_importing_does_not_load_the_slow_package():
    code = "import sys, bot.domain.recurrence; sys.exit('holidays' in sys.modules)"
    assert subprocess.run([sys.executable, "-c", code], check=False).returncode == 0
