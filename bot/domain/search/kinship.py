"""Which motions stand behind which demand: those that hold the demand's own words in one of their paragraphs.

What a demand is called, and the words under which members look for it, are looked up in each paragraph of each motion.
One common word says nothing; two, or a phrase of seldom ones, say that both are about the same.
"""

from collections.abc import Callable, Generator, Mapping, Sequence
from dataclasses import dataclass, field

from bot.domain.search.entries import Searchable
from bot.domain.search.synonyms import Synonyms
from bot.domain.search.words import is_meaningful, plain_words, stem

ENOUGH = 1.1
"""How seldom the shared words must be in all, where 1 is a word that only one entry of the campaign has."""
_LEAST_WORDS = 2


@dataclass(frozen=True, slots=True)
class Kin:
    """A motion behind a demand, and the demand's words that it holds."""

    motion: str
    demand: str
    nearness: float
    shared: tuple[str, ...]


@dataclass(slots=True)
class Kinship:
    """All of a campaign's pairs of a demand and a motion behind it."""

    _by_demand: dict[str, list[Kin]] = field(default_factory=dict[str, list[Kin]])
    _by_motion: dict[str, list[Kin]] = field(default_factory=dict[str, list[Kin]])

    def add(self, kin: Kin) -> None:
        """Notes a pair."""
        self._by_demand.setdefault(kin.demand, []).append(kin)
        self._by_motion.setdefault(kin.motion, []).append(kin)

    def behind(self, demand_key: str) -> tuple[Kin, ...]:
        """The motions behind a demand, the closest first."""
        return tuple(sorted(self._by_demand.get(demand_key, ()), key=lambda kin: -kin.nearness))

    def before(self, motion_key: str) -> tuple[Kin, ...]:
        """The demands behind which a motion stands, the closest first."""
        return tuple(sorted(self._by_motion.get(motion_key, ()), key=lambda kin: -kin.nearness))


def kinship_in_steps(
    demands: Sequence[Searchable],
    paragraphs: Sequence[tuple[str, str]],
    synonyms: Mapping[str, str],
    seldom: Callable[[str], float],
) -> Generator[None, None, Kinship]:
    """Finds all pairs in short steps, so that somebody else can be served between two; returns them at the end.

    Args:
        demands: the demands.
        paragraphs: each paragraph of a motion with the motion's key.
        synonyms: acronyms with what they stand for.
        seldom: how seldom a stem is among all entries, from 0 to 1.
    """
    pairs = Synonyms(synonyms)
    holding: dict[str, set[int]] = {}
    for number, (_, text) in enumerate(paragraphs):
        stems = [stem(word) for word in plain_words(text)]
        for one in (*stems, *pairs.of(stems)):
            holding.setdefault(one, set()).add(number)
        yield
    kinship = Kinship()
    for demand in demands:
        for kin in _kin(demand, paragraphs, holding, seldom):
            kinship.add(kin)
        yield
    return kinship


def _kin(
    demand: Searchable,
    paragraphs: Sequence[tuple[str, str]],
    holding: Mapping[str, set[int]],
    seldom: Callable[[str], float],
) -> list[Kin]:
    shared: dict[str, dict[str, list[str]]] = {}
    for name in (demand.title, *demand.keywords):
        stems = [stem(word) for word in plain_words(name) if is_meaningful(word)]
        if not stems:
            continue
        places = set(holding.get(stems[0], ()))
        for one in stems[1:]:
            places &= holding.get(one, set())
        for motion in {paragraphs[number][0] for number in places}:
            shared.setdefault(motion, {})[name] = stems
    found: list[Kin] = []
    for motion, names in shared.items():
        words = {one for stems in names.values() for one in stems}
        nearness = sum(seldom(one) for one in words)
        if len(words) >= _LEAST_WORDS and nearness >= ENOUGH:
            found.append(Kin(motion, demand.key, nearness, tuple(names)))
    return found
