"""Odd input: nothing raises but what is said to, every item stands where it says, and the time grows with the text."""

import re
from collections.abc import Callable
from datetime import date
from sys import getprofile, setprofile
from types import FrameType

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from bot.domain.bulletins.files import MOST_CHARACTERS
from bot.domain.bulletins.layout import read_lines
from bot.domain.bulletins.lines import clean, split_lines
from bot.domain.bulletins.model import Document
from bot.domain.bulletins.reading import read_document
from bot.domain.problems import BadInput

PIECES = [
    "We demand:", "OUR AIMS", "What you can do", "This branch notes:", "Conference resolves to:", "Dear member,",
    "- ", "* ", "\u2022", "1. ", "(a) ", "ii) ", "o ", "> ", "# ", "**bold**", "_so_", "| a | b |", "| --- | --- |", "\t", "   ",
    "Members' meeting", "Thursday 3 April", "31/02/2026", "12 to 14 May 2026", "6.30 for 7pm", "noon", "29 February",
    "https://union.example/a", "[words](https://union.example/b)", "[words][1]", "[1]: https://union.example/c",
    "<p>", "</p>", "&amp;", "&#0;", "Page 1 of 2", "\f", "In solidarity,", "Carried", "Moved by: A", "AMENDMENT", "Title: T",
    "staff-", "ing", "words that go on", "Ends here.", "\n", "\n", "\n\n", "\r\n", "\r", "\u00a0", "\u200b", "\u2028", "\x00", "\ud800", "\u0130", "9" * 400,
]  # fmt: skip
texts = st.lists(st.one_of(st.sampled_from(PIECES), st.text(max_size=12)), max_size=40).map(" ".join)
closer = st.lists(st.sampled_from(PIECES), max_size=60).map("".join)
days = st.dates(min_value=date(1990, 1, 1), max_value=date(2100, 12, 31))


ADDRESS = re.compile(r"\]\([^()\s]*\)|\]\s?\[[^\]]*\]")


def words_of(text: str) -> str:
    """Letters and digits only, with and without the addresses behind words: what is broken or marked is joined."""
    return " ".join(re.sub(r"[\W_]", "", told) for told in (clean(text), ADDRESS.sub("", clean(text))))


@settings(max_examples=200)
@given(texts | closer, days)
def test_whatever_the_text_it_is_read_or_refused_and_each_item_stands_where_it_says(
    text: str, today: date
) -> None:
    try:
        document = read_document(text, today=today, zone="Europe/London")
    except BadInput:
        return
    lines = split_lines(text)
    for item in document.items:
        first, last = item.place.first_line, item.place.last_line
        assert 1 <= first <= last <= len(lines)
        there = words_of("".join(lines[first - 1 : last]))
        for word in re.findall(r"[^\W_]+", item.text):
            assert word in there, (word, item)
        assert item.text == " ".join(item.text.split())
        assert item.text
    assert isinstance(document, Document)


@pytest.mark.parametrize(
    "text", ["", "   ", "\n\n\u00a0\n", "\u200b", "---\n***\n", "\f\f", "<p></p>", "Page 1 of 2"]
)
def test_a_text_without_words_is_refused_with_the_next_step(text: str) -> None:
    with pytest.raises(BadInput, match="no text") as refused:
        read_document(text, today=date(2026, 1, 5), zone="Europe/London")
    assert "copy its text" in refused.value.next_step


def test_a_text_that_is_too_long_is_refused_with_the_next_step() -> None:
    with pytest.raises(BadInput, match="500,001 characters") as refused:
        read_document("a" * (MOST_CHARACTERS + 1), today=date(2026, 1, 5), zone="Europe/London")
    assert "into parts" in refused.value.next_step


def calls_made(work: Callable[[], object]) -> int:
    """How many functions are called: what a text costs, whatever else the machine does."""
    count = 0

    def note(_frame: FrameType, event: str, _argument: object) -> None:
        nonlocal count
        count += event in {"call", "c_call"}

    before = getprofile()
    setprofile(note)
    try:
        work()
    finally:
        setprofile(before)
    return count


@pytest.mark.parametrize(
    "unit",
    [
        "\n\na",
        "a\n",
        "- a\n",
        "  - a\n",
        "a   b\n",
        "we demand:\n",
        "Rally on 3 May at 6pm. ",
        "- rally 3 May 2026\n",
        "please a\n\n",
        "page 1\na\n",
        "(a) ",
        "AB\n\n",
    ],
)
def test_a_text_twice_as_long_costs_twice_as_much(unit: str) -> None:
    def cost(times: int) -> int:
        text = "TAKE ACTION\n\n" + unit * times
        return calls_made(lambda: read_document(text, today=date(2026, 1, 5), zone="Europe/London"))

    assert cost(400) < 2.6 * cost(200)


def test_lines_deeply_nested_are_read() -> None:
    text = "We demand:\n" + "".join(f"{' ' * 2 * depth}- point {depth}\n" for depth in range(400))
    document = read_document(text, today=date(2026, 1, 5), zone="Europe/London")
    assert "point 399" in document.items[-1].text


def test_line_endings_of_every_sort_count_alike() -> None:
    for ending in ("\n", "\r\n", "\r"):
        lines = read_lines(ending.join(["one", "", "three"]))
        assert [(line.number, line.text) for line in lines] == [(1, "one"), (2, ""), (3, "three")]
