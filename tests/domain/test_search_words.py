"""The forms of a word are one word to the search, and other words are not."""

from itertools import combinations

import pytest

from bot.domain.search import LITERAL, Searchable, SearchIndex, search
from bot.domain.search.words import plain_words, stem

FORMS = """cancel cancels cancelled cancelling cancellation
workload workloads
organise organised organising organisation organize organization
privatise privatised privatising privatisation
negotiate negotiates negotiated negotiating negotiation negotiations
agree agrees agreed agreeing agreement agreements
pay pays paying paid
vote votes voted voting
plan plans planned planning
strike strikes striking
ballot ballots balloted balloting
consult consulted consulting consultation
manage manages managed managing management
measure measures measured measuring measurement
policy policies
sick sickness
suspend suspends suspended suspending
staff staffed staffing
call calls called calling
refuse refuses refused refusing
review reviews reviewed reviewing
meet meets meeting meetings met
hire hires hired hiring
use uses used using
apply applies applied applying
programme programmes program programs
labour labor
prioritise prioritised prioritizing prioritisation
process processes processed processing
urgent urgently
represent represents represented representation
raise raises raised raising
cut cuts cutting
stress stressed stresses
bonus bonuses
recruit recruits recruited recruitment
tie ties tied
rate rates rated rating
care cares cared caring
car cars
case cases
work works worked working
worker workers
probation
probe probes
station stations
state states stated
police
important
import imports imported
university universities
universe
experience experienced
experiment
relate related
relative relatives
business
busy
family families
reply replies replied
read reading
red
security
secure secured
nation nations
nature
private
privacy
wage wages
hope hopes hoped hoping
hop hops"""
GROUPS = [line.split() for line in FORMS.splitlines()]


@pytest.mark.parametrize("forms", GROUPS, ids=lambda forms: forms[0])
def test_all_forms_of_a_word_are_one(forms):
    assert len({stem(form) for form in forms}) == 1


def test_different_words_stay_different():
    alike = [pair for pair in combinations(GROUPS, 2) if stem(pair[0][0]) == stem(pair[1][0])]
    assert alike == []


@pytest.mark.parametrize(
    ("text", "words"),
    [
        ("Members\u2019 don\u2018t A.I. and U.K.", ["members", "dont", "ai", "and", "uk"]),
        ("most POs and PSOs", ["most", "po", "and", "pso"]),
        ("Fête\u00a0naïve\u2013Łódź ﬁnal", ["fete", "naive", "łodz", "final"]),
        ("120% of £9,500 in 2025/26", ["120", "of", "9", "500", "in", "2025", "26"]),
        ("_under_score `tick` o`clock", ["under", "score", "tick", "oclock"]),
        ("", []),
        ("… – “” '", []),
    ],
)
def test_the_words_of_a_text(text, words):
    assert plain_words(text) == words


@pytest.mark.parametrize(
    ("typed", "key"),
    [
        ("cancelling", "cancelled"),
        ("cancel", "cancelled"),
        ("workload", "workloads"),
        ("wmt", "tool"),
        ("workload measurement tools", "acronym"),
        ("the unions demands", "apostrophe"),
        ("Lodz", "accent"),
        ("probation officers", "officers"),
        ("negotiat", "talks"),
    ],
)
def test_entries_are_found_by_other_forms_of_their_words(typed, key):
    entries = [
        Searchable("cancelled", "Leave", "All leave was cancelled."),
        Searchable("workloads", "Too much", "Workloads rise."),
        Searchable("tool", "The Workload Measurement Tool", "It counts."),
        Searchable("acronym", "Figures", "The WMT shows 120%."),
        Searchable("apostrophe", "What we ask", "These are the unions\u2019 demands."),
        Searchable("accent", "Guests", "A delegation from Łódź."),
        Searchable("officers", "Who we are", "POs and PSOs."),
        Searchable("talks", "Talks", "Negotiations went on."),
    ]
    synonyms = {"WMT": "Workload Measurement Tool", "PO": "probation officer"}
    assert key in {hit.key for hit in search(typed, entries, limit=3, synonyms=synonyms)}


def test_the_seldom_word_counts_more_and_the_title_most():
    entries = [
        *(Searchable(f"pay-{number}", f"Pay {number}", "On pay.") for number in range(20)),
        Searchable("text", "Other", "The pension and the pay, and much else besides that is said at length."),
        Searchable("title", "Pension and pay", "See above."),
    ]
    assert [hit.key for hit in search("pay pension", entries, limit=5)] == ["title", "text"]


def test_often_in_a_short_text_comes_before_once_in_a_long_one():
    once, often = "word " * 300 + "pension", "Pension scheme, pension age, pension cuts."
    entries = [Searchable("once", "First", once), Searchable("often", "Second", often)]
    assert [hit.key for hit in search("pensions", entries, limit=2)] == ["often", "once"]


@pytest.mark.parametrize("worth", [0, 1_000_000])
def test_both_ways_to_find_entries_with_all_words_score_alike(monkeypatch, worth):
    entries = [
        Searchable(f"{number}", f"Pay {number % 7}", "pension " * (number % 5) + "overtime " * (number % 3))
        for number in range(60)
    ]
    expected = SearchIndex(entries).search("pay pension overti", limit=60)
    monkeypatch.setattr("bot.domain.search.index._BISECTIONS_WORTH", worth)
    assert SearchIndex(entries).search("pay pension overti", limit=60) == expected
    assert len({hit.score for hit in expected}) > 2


def test_a_kind_is_searched_by_itself():
    entries = [Searchable(f"{number}", "Pay", "") for number in range(10)]
    index = SearchIndex(entries)
    assert [hit.position for hit in index.search("pay", limit=9, within=range(3, 6))] == [3, 4, 5]
    assert [hit.position for hit in index.search("", limit=2, within=range(7, 10))] == [7, 8]
    assert index.search("pay", limit=9, within=range(0)) == []


def test_words_that_all_entries_hold_still_find_something():
    entries = [
        Searchable(f"{number}", f"Notice {number}", "The union and the members.") for number in range(5_000)
    ]
    index = SearchIndex(entries)
    for typed in ("the", "union members", "members of the union", "n", "notice"):
        assert len(index.search(typed, limit=25)) == 25, typed
    assert index.search("notice 4321", limit=1)[0].key == "4321"
    assert index.search("unoin membres", limit=25)


def test_an_entry_with_all_words_is_found_however_many_hold_one_of_them():
    """The rarer word stands only in entries behind the first few thousand that hold the other."""
    texts = ["A meeting of the branch."] * 4_000 + ["A ballot of the branch."] * 1_000
    index = SearchIndex([Searchable(str(number), "Note", text) for number, text in enumerate(texts)])
    found = index.search("branch ballot", limit=25)
    assert [hit.position for hit in found] == list(range(4_000, 4_025))
    assert found[0].score >= LITERAL


def test_a_long_document_is_found_by_its_last_words_which_the_fragment_shows():
    text = "Solidarity for ever. " * 4_000 + "The hustings are cancelled."
    index = SearchIndex([Searchable("long", "Minutes", text)])
    fragment = index.fragment(0, index.wanted("cancelling hustings"), 120)
    assert fragment is not None
    assert [fragment.text[start:end] for start, end in fragment.marks] == ["hustings", "cancelled"]
    assert len(fragment.text) <= 120
    beyond = SearchIndex([Searchable("longer", "Minutes", "x " * 60_000 + "hustings")])
    assert beyond.search("hustings", limit=1) == []


def test_the_nearest_words_are_offered_for_what_nobody_wrote():
    index = SearchIndex([Searchable("a", "Capability proceedings", "An excessive workload.")])
    assert index.search("kapablty", limit=3) == []
    assert index.nearest_words("kapablty", limit=3)[0] == "capability"
    assert index.nearest_words("excessive", limit=3) == []
    assert index.nearest_words("", limit=3) == []


def test_an_index_made_in_steps_is_the_same():
    entries = [
        Searchable(f"{number}", f"Title {number}", "words of many kinds " * 40) for number in range(50)
    ]
    steps, number = SearchIndex.in_steps(entries, {"MK": "many kinds"}), 0
    while True:
        try:
            next(steps)
        except StopIteration as end:
            index = end.value
            break
        number += 1
    assert number > 5
    for typed in ("title 17", "mk", "many kind"):
        whole = SearchIndex(entries, {"MK": "many kinds"})
        assert index.search(typed, limit=5) == whole.search(typed, limit=5) != []
