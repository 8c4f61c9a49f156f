"""What can be found, and what a find is."""

from dataclasses import dataclass

LITERAL = 50.0
"""From this score on, a hit holds every word that was typed, in some form."""

CONFIDENT = 25.0
"""From this score on, a hit is taken for what was meant; below it, it is only the nearest there is."""


@dataclass(frozen=True, slots=True)
class Searchable:
    """What can be found. `keywords` are other words for it that people use."""

    key: str
    title: str
    text: str
    keywords: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Hit:
    """A find. Scores lie between 0 and 100; `position` is the entry's place among those that were searched."""

    key: str
    score: float
    position: int = 0
