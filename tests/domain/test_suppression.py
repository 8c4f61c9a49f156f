"""Counts that are shown: nobody can work out how large a small group is, from one table or from two."""

from collections import defaultdict
from itertools import product

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bot.domain.export_rows import K
from bot.domain.suppression import Counts, suppressed


@pytest.mark.parametrize(
    ("sizes", "expected"),
    [
        ({"a": 9, "b": 7}, Counts((("a", 9), ("b", 7)), 0)),
        ({"a": 9, "b": 7, "c": 0}, Counts((("a", 9), ("b", 7)), 0)),
        # One small group alone would be total minus the rest, so the next smallest goes with it.
        ({"a": 9, "b": 7, "c": 3}, Counts((("a", 9),), 10)),
        ({"a": 9, "b": 7, "c": 7, "d": 3}, Counts((("a", 9),), 17)),
        # Two small ones hide each other, unless both must have the same size.
        ({"a": 9, "b": 4, "c": 2}, Counts((("a", 9),), 6)),
        ({"a": 9, "b": 4, "c": 4}, Counts((), 17)),
        # Those who named no group hide a small one, if there are enough of them.
        ({"a": 9, "b": 1, None: 20}, Counts((("a", 9),), 21)),
        ({"a": 9, "b": 1, None: 1}, Counts((), 11)),
        ({"a": 2, "b": 1}, Counts((), None)),
        ({"a": 0, None: 0}, Counts((), 0)),
        ({None: 3}, Counts((), None)),
        ({}, Counts((), 0)),
    ],
)
def test_small_groups_are_counted_with_others(sizes, expected):
    assert suppressed(sizes) == expected


@pytest.mark.parametrize(
    ("groups", "most"), [("ab", 11), ("abc", 9), (("a", "b", None), 9), (("a", "b", "c", None), 7)]
)
def test_whoever_knows_the_rules_still_finds_no_small_group(groups, most):
    """Every table there is, by what is shown of it: each small group could have had another size."""
    tables = defaultdict(list)
    for sizes in product(range(most + 1), repeat=len(groups)):
        tables[suppressed(dict(zip(groups, sizes, strict=True)))].append(sizes)
    assert len(tables) > 50
    for shown, those in tables.items():
        if any(most in sizes for sizes in those):
            continue  # what else could look like this lies beyond the sizes tried
        for place, group in enumerate(groups):
            possible = {sizes[place] for sizes in those}
            found = len(possible) == 1 and 0 < min(possible) < K
            assert group is None or not found, (shown, group, possible)


sizes = st.dictionaries(
    st.sampled_from([None, *"abcdefgh"]), st.integers(min_value=0, max_value=30), min_size=1
)


@given(sizes)
def test_every_number_that_is_shown_is_large_and_the_total_is_right(given_sizes):
    counts = suppressed(given_sizes)
    assert all(size >= K and given_sizes[group] == size for group, size in counts.shown)
    assert counts.together is None or counts.together == 0 or counts.together >= K
    total = sum(given_sizes.values())
    assert counts.total == total or (counts.total is None and total < K)


@given(sizes)
def test_the_order_of_the_groups_tells_nothing(given_sizes):
    turned = dict(reversed(list(given_sizes.items())))
    assert set(suppressed(turned).shown) == set(suppressed(given_sizes).shown)
