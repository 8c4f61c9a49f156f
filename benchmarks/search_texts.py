"""Texts like a union's, made up: 20,000 words of which few are frequent (Zipf's law), and what people type to find them."""

import itertools
import random
import re
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import UTC, date, datetime
from typing import Any

from sqlalchemy import insert

from db.engine import Database
from db.tables import aims, demands, imports, terms

WORDS, ENTRIES = 20_000, 10_000
_FREQUENT = re.findall(
    r"\w+",
    "the of and to in a is that for it on be with as are this by an we our union members workload pay staff probation",
)
_ONSETS = re.findall(
    r"\w+", "b c d f g h j k l m n p r s t v w br ch cl cr dr fl gr pl pr sh sl sp st str th tr"
)
_VOWELS = re.findall(r"\w+", "a e i o u ai ea ee io ou")
_CODAS = re.findall(r"\w+", "b ck d ft g l ld ll m mp n nd ng nt p r rd rt s ss st t th x")
_ENDINGS = ("", "", "", "s", "ed", "ing", "ation", "ment", "ly")
_ZIPF_SHIFT = 2.7
_TITLE_WORDS = 5
_TEXT_WORDS = (20, 40, 60, 120)
_SHORTEST_MISSPELT = 6
_DAY = date(2025, 3, 1)


@dataclass(frozen=True)
class Text:
    """An entry as it is written into a database."""

    key: str
    title: str
    text: str


class Author:
    """Writes the same texts on every run."""

    def __init__(self, seed: int = 7) -> None:
        self._chance = random.Random(seed)
        self.words = [*_FREQUENT, *self._invented(WORDS - len(_FREQUENT))]
        weights = (1 / (rank + _ZIPF_SHIFT) for rank in range(len(self.words)))
        self._weights = list(itertools.accumulate(weights))

    def _invented(self, number: int) -> list[str]:
        chance, found = self._chance, dict[str, None]()
        while len(found) < number:
            syllables = chance.choice((1, 1, 2, 2, 3))
            start = "".join(chance.choice(_ONSETS) + chance.choice(_VOWELS) for _ in range(syllables))
            found[start + chance.choice(_CODAS) + chance.choice(_ENDINGS)] = None
        return list(found)

    def text(self, number: int) -> str:
        """So many words."""
        return " ".join(self._chance.choices(self.words, cum_weights=self._weights, k=number))

    def entries(self, number: int = ENTRIES) -> list[Text]:
        """So many entries."""
        return [
            Text(
                f"entry-{count}",
                self.text(_TITLE_WORDS).capitalize(),
                self.text(self._chance.choice(_TEXT_WORDS)),
            )
            for count in range(number)
        ]

    def words_of(self, entries: Sequence[Text], number: int) -> list[str]:
        """Longer words from titles, as somebody types who knows what to look for."""
        titles = self._chance.sample(entries, number)
        return [max(entry.title.casefold().split(), key=len) for entry in titles]

    def misspelt(self, words: Sequence[str]) -> list[str]:
        """The longer ones of these words, each with two letters in the wrong order."""
        return [
            word[: len(word) // 2 - 1]
            + word[len(word) // 2]
            + word[len(word) // 2 - 1]
            + word[len(word) // 2 + 1 :]
            for word in words
            if len(word) >= _SHORTEST_MISSPELT
        ]

    def worst(self) -> dict[str, list[str]]:
        """What costs most to answer."""
        long = self.text(60).split()
        return {
            "one letter": list("tspwb"),
            "two letters": ["th", "st", "wo"],
            "three letters": ["the", "str", "con", "wor", "pro"],
            "“the”": ["the"],
            "frequent words": ["union members pay staff workload", "the of and to in"],
            "200 characters": [" ".join(long)[:200]],
            "200 characters, all misspelt": [" ".join(self.misspelt(long))[:200]],
            "200 times the same letter": ["x" * 200],
        }


async def write_entries(database: Database, guild_id: int, entries: Sequence[Text]) -> None:
    """Write entries into a database as demands, terms, aims and documents, a quarter each."""
    kinds = (_demand, _term, _aim, _document)
    rows: dict[str, list[dict[str, Any]]] = {}
    for number, one in enumerate(entries, start=100):
        kind = kinds[number % len(kinds)]
        rows.setdefault(kind.__name__, []).append({"guild_id": guild_id, **kind(one, number)})
    tables = {"_demand": demands, "_term": terms, "_aim": aims, "_document": imports}
    async with database.write() as connection:
        for name, table in tables.items():
            await connection.execute(insert(table), rows[name])


def _entry(one: Text, number: int) -> dict[str, Any]:
    return {
        "key": one.key,
        "position": number,
        "title": one.title,
        "summary": one.text,
        "source": "Benchmark",
        "source_on": _DAY,
    }


def _demand(one: Text, number: int) -> dict[str, Any]:
    return {**_entry(one, number), "keywords": one.text.split()[:3]}


def _term(one: Text, number: int) -> dict[str, Any]:
    return {**_entry(one, number), "expansion": ""}


def _aim(one: Text, number: int) -> dict[str, Any]:
    return _entry(one, number)


def _document(one: Text, number: int) -> dict[str, Any]:
    return {
        "import_id": one.key,
        "digest": f"{number:064}",
        "kind": "bulletin",
        "title": one.title,
        "text": one.text,
        "imported_at": datetime(2025, 3, 1, tzinfo=UTC),
        "changes": [],
    }
