"""Makes an index of entries, in steps that are short enough for others to be served between them."""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field

from bot.domain.search.entries import Searchable
from bot.domain.search.names import Names
from bot.domain.search.postings import Postings
from bot.domain.search.synonyms import Synonyms
from bot.domain.search.vocabulary import Vocabulary
from bot.domain.search.words import plain_words

TEXT_LIMIT = 100_000
"""Characters of one entry that can be found by; a bulletin has a few thousand."""

TITLE_WEIGHT, KEYWORD_WEIGHT, TEXT_WEIGHT = 1.0, 0.9, 0.6
_OFTEN = 0.25
"""The share of a word's weight in a text that depends on how often it stands there."""
_USUAL_LENGTH = 60
_STEP_CHARACTERS = 3_000


@dataclass(slots=True)
class Indexed:
    """What is known of the entries once they have been read."""

    synonyms: Synonyms
    names: Names = field(default_factory=Names)
    postings: Postings = field(default_factory=Postings)
    vocabulary: Vocabulary = field(default_factory=Vocabulary)


def reading(entries: Sequence[Searchable], synonyms: Mapping[str, str]) -> Iterator[Indexed]:
    """Reads the entries a step at a time; after each step comes what is known so far."""
    indexed = Indexed(Synonyms(synonyms))
    for word in indexed.synonyms.words:
        indexed.vocabulary.add(word)
    read = 0
    for position, entry in enumerate(entries):
        for characters in _read(indexed, position, entry):
            read += characters
            if read >= _STEP_CHARACTERS:
                read = 0
                yield indexed
    yield indexed


def _read(indexed: Indexed, position: int, entry: Searchable) -> Iterator[int]:
    """Reads one entry; after each part of it comes how many characters that were."""
    times: dict[str, int] = {}
    for part in _parts(entry.text[:TEXT_LIMIT]):
        _count(indexed, part, times)
        yield len(part)
    length = sum(times.values())
    shares = {number: TEXT_WEIGHT * _share(number, length) for number in set(times.values())}
    weights = {one: shares[number] for one, number in times.items()}
    for name in entry.keywords:
        weights.update(dict.fromkeys(_count(indexed, name, {}), KEYWORD_WEIGHT))
    weights.update(dict.fromkeys(_count(indexed, entry.title, {}), TITLE_WEIGHT))
    indexed.names.add(position, (entry.title, *entry.keywords))
    indexed.postings.add(position, weights)
    # So that ten thousand entries with a title and nothing else are read in steps, too.
    yield 100 + len(entry.title)


def _count(indexed: Indexed, text: str, times: dict[str, int]) -> dict[str, int]:
    """Counts each stem of a text, and those of what its acronyms stand for or that stand for its words."""
    known, add = indexed.vocabulary.stems, indexed.vocabulary.add
    stems = [known.get(word) or add(word) for word in plain_words(text)]
    for one in stems:
        times[one] = times.get(one, 0) + 1
    if indexed.synonyms.may_be_in(times.keys()):
        for one in indexed.synonyms.of(stems):
            times[one] = times.get(one, 0) + 1
    return times


def _share(number: int, length: int) -> float:
    """More for a word that is often in a short text, up to 1 (after Robertson's BM25)."""
    often = number / (number + 0.3 + 0.9 * length / _USUAL_LENGTH)
    return 1 - _OFTEN + _OFTEN * often


def _parts(text: str) -> Iterator[str]:
    """The text in parts of a page or two, cut between words."""
    while len(text) > _STEP_CHARACTERS:
        cut = text.rfind(" ", 1, _STEP_CHARACTERS)
        cut = cut if cut > 0 else _STEP_CHARACTERS
        yield text[:cut]
        text = text[cut:]
    yield text
