"""Time zones by the names that people have for them: "London", "dublin", "Europe/Paris", "UK time"."""

from functools import cache
from importlib.resources import files

from bot.domain.language import say
from bot.domain.problems import BadInput
from bot.domain.search import Searchable, SearchIndex
from bot.domain.when.moment import city
from bot.domain.when.problem import quote
from bot.services.zone_names import AREAS, NEAREST, OTHER_NAMES, UTC

_SUGGESTIONS = 25


@cache
def known_zones() -> tuple[str, ...]:
    """The IANA names that can be chosen: places, and UTC; the nearest first."""
    listed = files("tzdata").joinpath("zones").read_text(encoding="utf-8").split()
    places = sorted(name for name in listed if name.partition("/")[0] in AREAS and "/" in name)
    return (*NEAREST, *(name for name in places if name not in NEAREST), UTC)


@cache
def _index() -> SearchIndex:
    return SearchIndex(
        [
            Searchable(name, city(name), name.replace("_", " ").replace("/", " "), OTHER_NAMES.get(name, ()))
            for name in known_zones()
        ]
    )


@cache
def _exact() -> dict[str, str]:
    """Each zone by its name and by its other names; by its city, where no other zone has a city of that name."""
    cities: dict[str, list[str]] = {}
    for name in known_zones():
        cities.setdefault(city(name).casefold(), []).append(name)
    by_city = {typed: names[0] for typed, names in cities.items() if len(names) == 1}
    by_name = {name.casefold(): name for name in known_zones()}
    others = {other.casefold(): name for name, others in OTHER_NAMES.items() for other in others}
    return {**by_city, **others, **by_name}


def find_zone(typed: str) -> str:
    """The IANA name of the zone that was meant.

    Raises:
        BadInput: none has that name; the nearest are named.
    """
    text = " ".join(typed.split()).casefold()
    found = _exact().get(text) or _exact().get(text.replace(" ", "_"))
    if found is not None:
        return found
    near = [city(key) for key, _ in _nearest(typed, 3)]
    advice = say("Type the name of a large city, such as London or Dublin, and pick from the list.")
    if near:
        either = say("or")
        meant = say("Did you mean {cities}?", cities=f" {either} ".join(near))
        advice = f"{meant} {advice}"
    raise BadInput(say("I know no time zone “{typed}”.", typed=quote(typed)), next_step=advice)


def suggest_zones(typed: str) -> list[tuple[str, str]]:
    """Zones that fit what was typed so far, as label and IANA name."""
    return [(f"{city(key)} ({key})", key) for key, _ in _nearest(typed, _SUGGESTIONS)]


def _nearest(typed: str, limit: int) -> list[tuple[str, float]]:
    return [(hit.key, hit.score) for hit in _index().search(typed, limit=limit)]
