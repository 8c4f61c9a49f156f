"""Bank holidays of the nations of the United Kingdom.

Source: the `holidays` package, which follows the lists at https://www.gov.uk/bank-holidays (substitute days
included, beside the day they stand in for).
"""

from collections.abc import Mapping
from datetime import date
from functools import lru_cache
from types import MappingProxyType
from typing import Final

from bot.domain.language import later

NATIONS: Final[Mapping[str, str]] = MappingProxyType(
    {
        "england-and-wales": later("England and Wales"),
        "scotland": later("Scotland"),
        "northern-ireland": later("Northern Ireland"),
    }
)
"""The keys under which gov.uk publishes bank holidays, and how each is called in a sentence."""

_SUBDIVISIONS: Final = {
    "england-and-wales": ("ENG", "WLS"),
    "scotland": ("SCT",),
    "northern-ireland": ("NIR",),
}


@lru_cache(maxsize=128)
def bank_holidays(nation: str, year: int) -> Mapping[date, str]:
    """Return the bank holidays of one nation in one year, with their names.

    Raises:
        KeyError: `nation` is not one of `NATIONS`.
    """
    # Importing the package takes longer than starting everything else in this one: only who asks pays.
    from holidays import country_holidays  # noqa: PLC0415

    found: dict[date, str] = {}
    for subdivision in _SUBDIVISIONS[nation]:
        found.update(country_holidays("GB", subdiv=subdivision, years=year))
    return MappingProxyType({day: found[day] for day in sorted(found) if day.year == year})
