"""What somebody typed is shown as typed: nothing is formatted, nobody is pinged, and nothing gets in its way."""

import pytest

from cogs._render import as_typed, plain


@pytest.mark.parametrize(
    ("typed", "shown"),
    [
        ("All-members' call (online)", "All-members' call (online)"),
        ("https://example.org/a-b#c", "https://example.org/a-b#c"),
        ("Motion 3 - pay", "Motion 3 - pay"),
        ("one\ntwo", "one two"),
        ("see [a]", "see \\[a\\]"),
        ("@everyone", "@\u200beveryone"),
        ("<@5>", "<@5\\>"),
    ],
)
def test_a_line_is_shown_as_it_was_typed(typed: str, shown: str) -> None:
    assert plain(typed) == shown


def test_lines_that_would_be_lists_or_headings_are_not() -> None:
    assert as_typed("- one\n  # two\nthree - four\n-# five\n> six") == (
        "\\- one\n  \\# two\nthree - four\n\\-# five\n\\> six"
    )
