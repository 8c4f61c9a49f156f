"""What people type, and what is found."""

import time

import pytest

from bot.domain.search import CONFIDENT, FRAGMENT_LIMIT, Searchable, SearchIndex, search

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


def test_the_fragment_shows_the_place(index):
    fragment = index.search("discretion", limit=1)[0].fragment
    assert fragment is not None
    assert "discretion" in fragment
    assert fragment.startswith("…")
    assert len(fragment) <= FRAGMENT_LIMIT


@pytest.mark.parametrize("typed", ["formal", "ill", "crisis", "sick", "somebody", "full", "managers"])
def test_every_fragment_holds_what_was_found_and_fits(index, typed):
    fragment = index.search(typed, limit=1)[0].fragment
    assert fragment is not None
    assert typed in fragment.casefold()
    assert len(fragment) <= FRAGMENT_LIMIT


def test_a_short_text_is_its_own_fragment(index):
    assert index.search("talks", limit=1)[0].fragment == "Talks about the role of AI."


def test_no_fragment_when_only_the_title_answers(index):
    assert index.search("everywhere", limit=1)[0].fragment is None


def test_a_single_endless_word_is_cut():
    (hit,) = search("endless", [Searchable("x", "Endless", "endless" * 40)], limit=1)
    assert hit.fragment is None or len(hit.fragment) <= FRAGMENT_LIMIT
    (hit,) = search("endless", [Searchable("x", "X", "endless" + "x" * 400)], limit=1)
    assert hit.fragment is not None
    assert len(hit.fragment) <= FRAGMENT_LIMIT


def test_a_huge_query_takes_no_time(index):
    start = time.perf_counter()
    index.search("sicknes absense " * 10_000, limit=25)
    assert time.perf_counter() - start < 0.2


def test_only_the_start_of_a_query_counts(index):
    assert index.search("x" * 200 + " overtime", limit=5) == []


def test_no_entries_no_finds():
    assert search("anything", [], limit=5) == []
    assert search("", [], limit=5) == []
