"""Keys made from titles."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bot.domain.keys import KEY_LIMIT, free_key


@pytest.mark.parametrize(
    ("title", "taken", "key"),
    [
        ("Wear yellow!", [], "wear-yellow"),
        ("Wear yellow", ["wear-yellow", "wear-yellow-2"], "wear-yellow-3"),
        ("Members\u2019 caf\u00e9 \u2013 ﬁrst Friday", [], "members-cafe-first-friday"),
        ("\u2026", [], "demand"),
        ("\u2026", ["demand"], "demand-2"),
        (
            "No new work in any part of probation until a rescue package",
            [],
            "no-new-work-in-any-part-of-probation-until-a",
        ),
        ("x" * 70, [], "x" * 44),
    ],
)
def test_a_key_is_made_of_a_titles_first_words(title: str, taken: list[str], key: str) -> None:
    assert free_key(title, taken, otherwise="demand") == key


@given(st.text(max_size=120), st.sets(st.sampled_from(["a", "action", "wear-yellow", "wear-yellow-2"])))
def test_a_key_is_new_and_fits(title: str, taken: set[str]) -> None:
    key = free_key(title, taken, otherwise="action")
    assert key not in taken
    assert 0 < len(key) <= KEY_LIMIT
    assert key == "".join(
        letter for letter in key if letter.isascii() and (letter.isalnum() or letter == "-")
    )
