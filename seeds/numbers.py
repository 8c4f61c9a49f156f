"""Which number each entry has in its list, so that no two share one."""

from collections.abc import Mapping, Sequence
from itertools import count

from db.campaign import StoredEntry


def numbers_of(keys: Sequence[str], stored: Mapping[str, StoredEntry], *, beside: bool) -> dict[str, int]:
    """The numbers of a campaign's entries.

    Args:
        keys: the entries in the campaign's order.
        stored: the guild's entries of that kind.
        beside: whether the campaign comes beside the guild's own: then what is there keeps its number, and what is new
            comes behind it.
    """
    if not beside:
        return {key: number for number, key in enumerate(keys, start=1)}
    behind = count(max((_number(entry) for entry in stored.values()), default=0) + 1)
    return {key: _number(stored[key]) if key in stored else next(behind) for key in keys}


def moves(numbers: Mapping[str, int], stored: Mapping[str, StoredEntry]) -> dict[str, int]:
    """The stored entries that get another number, and which.

    Those of the campaign get theirs, also if somebody edited what they say. Any other one that has one of these numbers
    goes behind all.
    """
    moved = {
        key: number for key, number in numbers.items() if key in stored and _number(stored[key]) != number
    }
    others = {key: _number(entry) for key, entry in stored.items() if key not in numbers}
    behind = count(max((*numbers.values(), *others.values()), default=0) + 1)
    taken = set(numbers.values())
    for key in sorted(others, key=lambda key: (others[key], key)):
        if others[key] in taken:
            moved[key] = next(behind)
        taken.add(others[key])
    return moved


def _number(entry: StoredEntry) -> int:
    return int(entry.values["position"])
