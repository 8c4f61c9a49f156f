"""What could lead to a person is found in each of its forms, and ordinary writing is left as it is."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bot.domain.drafts import Draft, choices_code, fingerprint, read_choices
from bot.domain.feedback import GRADES, REGIONS, TOPICS
from bot.domain.scrub import WORDS, Scrubbed, scrub

FOUND = {
    "telephone number": [
        "07700 900123",
        "07700900123",
        "+44 20 7946 0958",
        "+44 (0)113 496 0000",
        "0044 7700 900123",
        "(0113) 496 0000",
        "0113-496-0000",
        "020 7946 0958",
        "07700.900.123",
        "0 7 7 0 0 9 0 0 1 2 3",
        "+33 1 99 00 12 34",
    ],
    "e-mail address": ["sam.o'neil+work@napo.org.uk", "A_B@example.com"],
    "postcode": ["LS1 4AB", "sw1a 1aa", "M11AE"],
    "address": ["12 Acacia Avenue", "Flat 2, 12b Upper King Street"],
    "National Insurance number": ["QQ 12 34 56 C", "ab123456c", "QQ-12-34-56-C"],
    "NHS number": ["943 476 5919"],
    "case number": ["X123456", "A1234BC", "2012/0012345A", "123456/12A", "SF39/123456A"],
    "reference number": ["4000123456"],
    "web address": ["https://example.org/case/1234567", "www.example.org/?id=7"],
}


@pytest.mark.parametrize("word", FOUND)
def test_each_form_is_found_in_the_middle_of_a_sentence(word):
    for one in FOUND[word]:
        scrubbed = scrub(f"Please look at {one}, since it matters.")
        assert scrubbed.text == f"Please look at [{word}], since it matters."
        assert [(found.word, found.snippet) for found in scrubbed.found] == [(word, one)]


@pytest.mark.parametrize(
    ("text", "proposed"),
    [
        ("My service user Jane Doe said", "My service user [name] said"),
        ("SU Peter was there, my case Paul too", "SU [name] was there, my case [name] too"),
        ("Mr O'Neill and Mrs Smith-Jones met Dr. Patel", "Mr [name] and Mrs [name] met Dr. [name]"),
        ("Mrs May", "Mrs [name]"),
        ("the client is called Dave", "the client is called [name]"),
        ("My line manager, Tom Brown, agreed", "My line manager, [name], agreed"),
        ("then John Smith shouted", "then [name] shouted"),
        ("DOB: 12/03/1984", "DOB: [date of birth]"),
        ("she was born on 3rd of March 1990", "she was born on [date of birth]"),
        ("case no. 12345, ref: AB/123/4", "case no. [case number], ref: [case number]"),
        ("CRN is X123456 and PNC 12/345A", "CRN is [case number] and PNC [case number]"),
        ("my phone is 496 0000", "my phone is [telephone number]"),
        ("NHS number 1234567890", "NHS number [NHS number]"),
    ],
)
def test_what_only_the_words_before_it_give_away(text, proposed):
    assert scrub(text).text == proposed


ORDINARY = [
    "12 of 14 staff are off sick, which is 60%, and my WMT stands at 130%.",
    "On 3 April 12.30pm, or 03/04/2025 at 12:30, we meet; then 09.00 10.00 11.00.",
    "It cost £12,000,000 in 2024-2025, $1000000000 or €0 770 090 0123 more, for 1,000 cases in 2025/26.",
    "At Napo and the Probation Service in Greater Manchester, we support Operation Protect.",
    "The Chief Probation Officer wrote to Senior Probation Officers about Approved Premises.",
    "Wear Yellow Friday went well. Crown Court work and 3 Crown Court reports did not.",
    "See https://www.example.org/news/Workload-Now for more.",
    "E1 2nd floor, room B12, T2 9AM, 3 POs, 5 PSOs, grade 4.",
    "We had case 12 of 14. In case 2025 brings more, file 7 reports by phone.",
    "My manager is great. Service users wait weeks. Our clients Monday to Friday.",
    "Unison, GMB and Napo agree.\nJustice Secretary, please listen!\nJohn said so.",
    "[name] rang [telephone number]; see [address].",
]


@pytest.mark.parametrize("text", ORDINARY)
def test_ordinary_writing_is_left_alone(text):
    assert scrub(text) == Scrubbed(text, ())


PIECES = st.sampled_from(
    [one for forms in FOUND.values() for one in forms]
    + [f"[{word}]" for word in WORDS]
    + [
        "Mr ",
        "SU ",
        "my case ",
        "John",
        " Smith",
        "0",
        " ",
        "-",
        "\n",
        "[",
        "]",
        "case no ",
        "DOB ",
        "+44",
        "@",
        "ref: ",
    ]
)


@given(st.lists(PIECES | st.text(max_size=6), max_size=14).map("".join))
def test_scrubbing_twice_changes_nothing_more(text):
    once = scrub(text)
    assert scrub(once.text).text == once.text
    assert scrub(once.text).found == ()
    assert bool(once.found) == (once.text != text)


def test_what_was_found_is_not_in_the_log():
    assert "07700" not in repr(scrub("07700 900123"))


KEYS = st.sampled_from(["", "overtime", "k" * 64])


@given(
    st.sampled_from(list(TOPICS)), st.sampled_from(["", *REGIONS]), st.sampled_from(["", *GRADES]), KEYS, KEYS
)
def test_what_was_chosen_travels_in_a_button(topic, region, grade, demand, meeting):
    draft = Draft(topic, "Text", region, grade, demand, "" if demand else meeting)
    code = choices_code(draft)
    assert read_choices(code, "Text") == draft
    assert len(f"feedback.store|change|{fingerprint(draft)}|{code}") <= 100


def test_a_code_from_elsewhere_leads_to_nothing():
    assert read_choices("?€z", "Text") == Draft("", "Text")
    assert read_choices("", "Text") == Draft("", "Text")
