"""What people type, and what is found."""

import time

import pytest

from bot.domain.search import CONFIDENT, Searchable, SearchIndex, search

LONG = (
    "Managers put people through formal steps when they have been ill. While the crisis lasts, every step against "
    "somebody who was off sick should stop, and managers should use their discretion in full."
)
ENTRIES = (
    Searchable("sickness", "Suspend sickness absence proceedings", LONG, ("sick leave", "illness")),
    Searchable("ai", "An agreement on AI", "Talks about the role of AI.", ("AI", "machine learning")),
    Searchable(
        "overtime", "Extend overtime", "Overtime should go on. Maintain and explain it.", ("extra hours",)
    ),
    Searchable("wmt", "Stop relying on the WMT", "It leaves out much of the work.", ("workload",)),
    Searchable("capability", "Suspend capability proceedings", "Not when work is excessive."),
    Searchable("red", "Red status everywhere", "Prioritise: each region’s framework goes to Red.", ("RAG",)),
    Searchable("café", "Naïve programme for Labour", "Organisation of a Fête in the centre."),
)
SYNONYMS = {"WMT": "Workload Measurement Tool", "AI": "artificial intelligence"}


@pytest.fixture(scope="module")
def index() -> SearchIndex:
    return SearchIndex(ENTRIES, SYNONYMS)


@pytest.mark.parametrize(
    ("typed", "first"),
    [
        ("sicknes absense", "sickness"),
        ("absences", "sickness"),
        ("SICKNESS", "sickness"),
        ("off sick", "sickness"),
        ("sick lea", "sickness"),
        ("what about my sickness absence?", "sickness"),
        ("AI", "ai"),
        ("a.i", "ai"),
        ("artificial intelligence", "ai"),
        ("artifical inteligence", "ai"),
        ("overtime", "overtime"),
        ("ovretime", "overtime"),
        ("overt", "overtime"),
        ("wmt", "wmt"),
        ("WMT?", "wmt"),
        ("workload measurement tool", "wmt"),
        ("the Workload-Measurement tool", "wmt"),
        ("capibility", "capability"),
        ("red status", "red"),
        ("status red", "red"),
        ("prioritize", "red"),
        ("regions", "red"),
        ("“red”", "red"),
        ("region's", "red"),
        ("region’s", "red"),
        ("naive", "café"),
        ("fete", "café"),
        ("FE\u0302TE", "café"),
        ("labor program", "café"),
        ("organization", "café"),
    ],
)
def test_found_first(index, typed, first):
    assert index.search(typed, limit=5)[0].key == first


@pytest.mark.parametrize("typed", ["zzzz", "???", "…", "asdfgh qwertz", "q", "\0", "🦄", "pension"])
def test_nothing_found(index, typed):
    assert index.search(typed, limit=5) == []


@pytest.mark.parametrize("typed", ["", "   ", "\n"])
def test_nothing_typed_shows_all_in_order(index, typed):
    assert [hit.key for hit in index.search(typed, limit=25)] == [entry.key for entry in ENTRIES]
    assert len(index.search(typed, limit=3)) == 3


def test_a_short_word_is_not_looked_for_inside_others(index):
    assert [hit.key for hit in index.search("ai", limit=5)] == ["ai"]


def test_all_words_come_before_some(index):
    assert [hit.key for hit in index.search("suspend proceedings", limit=5)] == ["sickness", "capability"]
    assert [hit.key for hit in index.search("suspend capability proceedings", limit=5)] == ["capability"]


def test_exact_then_prefix_then_words():
    entries = (
        Searchable("words", "On pay for overtime", "-"),
        Searchable("prefix", "Overtime pay for all", "-"),
        Searchable("exact", "Something", "-", ("overtime pay",)),
    )
    hits = search("overtime pay", entries, limit=3)
    assert [hit.key for hit in hits] == ["exact", "prefix", "words"]
    assert hits[0].score > hits[1].score > hits[2].score


def test_a_loose_find_is_not_taken_for_what_was_meant(index):
    sure, unsure = index.search("capibility", limit=1)[0], index.search("red herring", limit=1)[0]
    assert sure.score >= CONFIDENT > unsure.score


def test_typing_errors_are_forgiven_only_when_nothing_else_is_found(index):
    entries = (*ENTRIES, Searchable("overtimes", "Ovretime", "-"))
    assert [hit.key for hit in search("ovretime", entries, limit=5)] == ["overtimes"]


FRAGMENT_LIMIT = 80


def fragment_text(index: SearchIndex, typed: str) -> str | None:
    """What is shown of the text of the best find."""
    (hit,) = index.search(typed, limit=1)
    fragment = index.fragment(hit.position, index.wanted(typed), FRAGMENT_LIMIT)
    return fragment.text if fragment else None


@pytest.mark.parametrize(
    "typed", ["discretion", "formal", "ill", "crisis", "sick", "somebody", "full", "managers"]
)
def test_every_fragment_holds_what_was_found_and_fits(index, typed):
    fragment = fragment_text(index, typed)
    assert fragment is not None
    assert typed in fragment.casefold()
    assert len(fragment) <= FRAGMENT_LIMIT
    assert fragment.startswith("…") or typed != "discretion"


def test_a_short_text_is_its_own_fragment_and_there_is_none_when_only_the_title_answers(index):
    assert fragment_text(index, "talks") == "Talks about the role of AI."
    assert fragment_text(index, "everywhere") is None


def test_a_single_endless_word_is_cut():
    title = fragment_text(SearchIndex([Searchable("x", "Endless", "endless" * 40)]), "endless")
    assert title is None or len(title) <= FRAGMENT_LIMIT
    text = fragment_text(SearchIndex([Searchable("x", "X", "endless" + "x" * 400)]), "endless")
    assert text is not None
    assert len(text) <= FRAGMENT_LIMIT


def test_an_index_that_is_made_in_steps_finds_the_same_and_reads_the_acronyms_once():
    class Counted(dict[str, str]):
        read = 0

        def items(self):
            self.read += 1
            return super().items()

    pairs = [Counted({"AI": "artificial intelligence"}) for _ in range(2)]
    at_once, steps = SearchIndex(ENTRIES, pairs[0]), SearchIndex.in_steps(ENTRIES, pairs[1])
    while True:
        try:
            next(steps)
        except StopIteration as end:
            in_steps = end.value
            break
    assert in_steps.search("artificial", limit=9) == at_once.search("artificial", limit=9) != []
    assert pairs[0].read == pairs[1].read


def test_a_huge_query_takes_no_time(index):
    start = time.perf_counter()
    index.search("sicknes absense " * 10_000, limit=25)
    assert time.perf_counter() - start < 0.2


def test_only_the_start_of_a_query_counts(index):
    assert index.search("x" * 200 + " overtime", limit=5) == []


def test_no_entries_no_finds():
    assert search("anything", [], limit=5) == []
    assert search("", [], limit=5) == []
