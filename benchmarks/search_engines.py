"""Ways to search 10,000 entries, side by side in one process: ours, SQLite's FTS5 by trigrams, and rapidfuzz over all.

All is measured in processor time, which other programs cannot take.
"""

import sqlite3
import time
import tracemalloc
from collections.abc import Callable, Sequence

from rapidfuzz import fuzz, process

from benchmarks.measures import Row, Sample, Target, percentile
from benchmarks.search_texts import ENTRIES, Author, Text
from bot.domain.search import Searchable, SearchIndex

_LIMIT = 25
_CUTOFF = 75
_TYPED = 50
_BEST_OF = 3
Engine = Callable[[str], int]
"""Looks for what was typed, and says how many it found."""


def measure(author: Author, entries: Sequence[Text], runs: int) -> tuple[list[Row], list[str]]:
    """Return rows with another way on the left and ours on the right, for the same words; and how many each finds."""
    tracemalloc.start()
    _, _, index = _made(entries)
    megabytes = tracemalloc.get_traced_memory()[0] / 1_000_000
    tracemalloc.stop()
    seconds, longest, index = _made(entries)
    ours = _ours(index)
    others = {"FTS5 trigram": _fts5(entries), "rapidfuzz over all": _rapidfuzz(entries)}
    hits = author.words_of(entries, _TYPED)
    typed = {"a hit": hits, "a typing error": author.misspelt(hits)}
    rows: list[Row] = []
    notes: list[str] = []
    for what, words in typed.items():
        for name, other in others.items():
            left, right = _medians(other, words, runs), _medians(ours, words, runs)
            rows.append(Row(f"{what}, in process (left: {name})", left, right))
            notes.append(
                f"search, {what}: something found for {_share(other, words)} by {name}, {_share(ours, words)} by ours"
            )
    for what, words in author.worst().items():
        slowest = tuple(max(_milliseconds(ours, one) for one in words) for _ in range(runs))
        rows.append(Row(f"worst case, in process: {what}", None, Sample(slowest, "ms"), Target(10, "ms")))
    rows.append(Row(f"making the index of {ENTRIES:,} entries", None, Sample((seconds,), "s")))
    rows.append(Row("the longest of its steps", None, Sample((longest * 1000,), "ms"), Target(10, "ms")))
    rows.append(Row("memory of the index", None, Sample((megabytes,), "MB", 1)))
    return rows, notes


def _made(entries: Sequence[Text]) -> tuple[float, float, SearchIndex]:
    searchable = [Searchable(one.key, one.title, one.text) for one in entries]
    steps = SearchIndex.in_steps(searchable, {"WMT": "Workload Measurement Tool"})
    whole, longest = 0.0, 0.0
    while True:
        begun = time.thread_time()
        try:
            next(steps)
        except StopIteration as end:
            return whole, longest, end.value
        finally:
            took = time.thread_time() - begun
            whole, longest = whole + took, max(longest, took)


def _ours(index: SearchIndex) -> Engine:
    return lambda typed: len(index.search(typed, limit=_LIMIT))


def _fts5(entries: Sequence[Text]) -> Engine:
    """SQLite's own full text search, which finds parts of words; here without a thread to cross into."""
    database = sqlite3.connect(":memory:")
    database.execute("CREATE VIRTUAL TABLE entries USING fts5(title, text, tokenize='trigram')")
    database.executemany("INSERT INTO entries VALUES (?, ?)", [(one.title, one.text) for one in entries])
    query = "SELECT rowid FROM entries WHERE entries MATCH ? ORDER BY rank LIMIT ?"

    def find(typed: str) -> int:
        phrase = " AND ".join(f'"{word}"' for word in typed.split())
        return len(database.execute(query, (phrase, _LIMIT)).fetchall())

    return find


def _rapidfuzz(entries: Sequence[Text]) -> Engine:
    texts = [f"{one.title} {one.text}".casefold() for one in entries]

    def find(typed: str) -> int:
        return len(
            process.extract(typed, texts, scorer=fuzz.partial_ratio, score_cutoff=_CUTOFF, limit=_LIMIT)
        )

    return find


def _medians(engine: Engine, words: Sequence[str], runs: int) -> Sample:
    return Sample(
        tuple(percentile([_milliseconds(engine, one) for one in words], 50) for _ in range(runs)), "ms", 3
    )


def _milliseconds(engine: Engine, typed: str) -> float:
    """The best of a few times: the others are the machine's."""
    best = float("inf")
    for _ in range(_BEST_OF):
        begun = time.thread_time()
        engine(typed)
        best = min(best, time.thread_time() - begun)
    return best * 1000


def _share(engine: Engine, words: Sequence[str]) -> str:
    return f"{sum(engine(one) > 0 for one in words)} of {len(words)}"
