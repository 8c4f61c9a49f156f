"""Which items of a document the campaign has already: none doubled, none taken for another."""

import random
from dataclasses import replace

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bot.domain.bulletins.differences import MOST_WORDS, Change, differences, same_words, shortened
from bot.domain.bulletins.matching import Known, match
from seeds.format import EntrySeed
from seeds.reader import read_campaign
from tests.services.bulletins import ACTIONS, AIMS, DEMANDS, DOCUMENTS

ELSEWHERE = (
    "An end to zero hours contracts in approved premises",
    "A ten per cent pay rise for all grades, backdated to April",
    "A review of overtime rates for night staff",
    "A joint working group on the menopause at work",
    "Recognition of the qualification of trainee probation officers",
    "The reinstatement of facility time for branch officers",
    "Free parking for all staff at court buildings",
    "An immediate end to the use of agency workers",
    "Equal access to training for part-time staff",
    "A full review of the sickness policy for disabled members",
    "Health and safety inspections in every office each quarter",
    "A collective agreement on hybrid working",
    "New work stations for all caseworkers",
    "A cap on class sizes of 30 pupils",
    "Performance related pay to be abolished",
    "An agreement on staff welfare facilities in depots",
)


def known(entries: tuple[EntrySeed, ...]) -> list[Known]:
    return [
        Known(entry.key, entry.title, entry.summary, keywords=getattr(entry, "keywords", ()))
        for entry in entries
    ]


CAMPAIGN = read_campaign("operation_protect")
SEEDED = {
    "demands": known(CAMPAIGN.demands),
    "aims": known(CAMPAIGN.aims),
    "actions": known(CAMPAIGN.actions),
}
OURS = {"demands": DEMANDS, "aims": AIMS, "actions": ACTIONS}


@pytest.mark.parametrize("kind", SEEDED)
def test_other_words_for_the_same_list_are_matched_one_by_one(kind: str) -> None:
    found = match(OURS[kind], SEEDED[kind])
    assert [one and one.key for one in found] == [entry.key for entry in SEEDED[kind]]
    assert all(one and one.is_sure for one in found)


def test_the_order_helps_but_is_not_needed() -> None:
    order = random.Random(3).sample(range(12), 12)
    found = match([DEMANDS[place] for place in order], SEEDED["demands"])
    for place, one in zip(order, found, strict=True):
        right = SEEDED["demands"][place].key
        assert one is None or one.key == right or not one.is_sure, DEMANDS[place]
    assert sum(one is not None for one in found) >= 10


def test_a_part_of_the_list_is_matched_too() -> None:
    found = match(DEMANDS[4:8], SEEDED["demands"])
    assert [one and one.key for one in found] == [entry.key for entry in SEEDED["demands"][4:8]]


def test_what_others_demand_is_never_taken_for_ours_without_asking() -> None:
    for texts in (ELSEWHERE, ELSEWHERE[::-1], ELSEWHERE[2:3], (*DEMANDS[:3], *ELSEWHERE)):
        found = dict(zip(texts, match(texts, SEEDED["demands"]), strict=True))
        assert not [text for text in ELSEWHERE if (one := found.get(text)) and one.is_sure]
    assert not any(one and one.is_sure for one in match(DEMANDS, SEEDED["aims"]))
    worded = [replace(one, wording=text) for one, text in zip(SEEDED["demands"], DEMANDS, strict=True)]
    assert not [one for one in match(ELSEWHERE, worded) if one and one.is_sure]


def test_a_wording_that_an_import_brought_is_compared_first() -> None:
    entries = [
        Known(f"entry-{number}", "Something else", "Nothing alike", wording=text)
        for number, text in enumerate(DEMANDS)
    ]
    altered = [text.replace("suspended", "halted").upper() + "." for text in reversed(DEMANDS)]
    found = match(altered, entries)
    assert [one and one.key for one in found] == [entry.key for entry in reversed(entries)]


@given(st.lists(st.text(max_size=60), max_size=8), st.lists(st.text(max_size=60), max_size=8))
def test_whatever_is_compared_no_entry_is_named_twice(texts: list[str], titles: list[str]) -> None:
    found = match(texts, [Known(str(number), title, "") for number, title in enumerate(titles)])
    keys = [one.key for one in found if one]
    assert len(found) == len(texts)
    assert len(keys) == len(set(keys))


@pytest.mark.skipif(not DOCUMENTS.is_dir(), reason=f"the campaign's documents are not at {DOCUMENTS}")
@pytest.mark.parametrize("name", ["bulletin-1.txt", "bulletin-2.txt"])
def test_the_twelve_demands_of_the_real_bulletins(name: str) -> None:
    lines = (DOCUMENTS / name).read_text(encoding="utf-8").splitlines()
    bullets = [
        line.strip(" \u2022\u00b7\u00a0\t") for line in lines if line.strip()[:1] in {"\u2022", "\u00b7"}
    ]
    start = next(
        place for place, text in enumerate(bullets) if text.startswith("An immediate and complete end")
    )
    found = match(bullets[start : start + 12], SEEDED["demands"])
    assert [one and one.key for one in found] == [entry.key for entry in SEEDED["demands"]]
    assert all(one and one.is_sure for one in found)


def marked(old: str, new: str) -> str:
    marks = {Change.KEPT: "{}", Change.REMOVED: "[-{}-]", Change.ADDED: "[+{}+]"}
    return " ".join(marks[piece.change].format(piece.text) for piece in shortened(differences(old, new)))


def test_differences_are_told_word_by_word() -> None:
    assert marked("A cap of 30 cases", "A cap of 40 cases") == "A cap of [-30-] [+40+] cases"
    assert marked("The same.", "the  same") == "the same"
    assert marked("", "New") == "[+New+]"
    long = " ".join(f"word{number}" for number in range(30))
    assert (
        marked(f"{long} old", f"{long} new")
        == "\u2026 word24 word25 word26 word27 word28 word29 [-old-] [+new+]"
    )
    assert marked("No new work at all", "Still no new work") == "[+Still+] no new work [-at all-]"
    assert same_words("That\u2019s \u2018Red\u2019, now.", "that's 'Red' now")
    assert not same_words("a cap", "no cap")


def test_of_texts_that_differ_over_thousands_of_words_the_differing_part_is_one_change() -> None:
    words = [f"word{number}" for number in range(2 * MOST_WORDS)]
    old = ["Same", *words, "end"]
    new = ["same,", "new", *words[1:-1], "new", "end."]
    told = differences(" ".join(old), " ".join(new))
    assert [(piece.change, len(piece.text.split())) for piece in told] == [
        (Change.KEPT, 1),
        (Change.REMOVED, len(words)),
        (Change.ADDED, len(words)),
        (Change.KEPT, 1),
    ]
    one_word = differences(" ".join(old), " ".join([*old[:9], "other", *old[10:]]))
    assert [len(piece.text.split()) for piece in one_word] == [9, 1, 1, len(old) - 10]


@given(st.text(max_size=80), st.text(max_size=80))
def test_differences_hold_all_words_of_both_texts(old: str, new: str) -> None:
    pieces = differences(old, new)
    after = " ".join(piece.text for piece in pieces if piece.change is not Change.REMOVED)
    assert after.split() == new.split()
    removed = [word for piece in pieces if piece.change is Change.REMOVED for word in piece.text.split()]
    assert len(removed) + sum(
        len(piece.text.split()) for piece in pieces if piece.change is Change.KEPT
    ) == len(old.split())
