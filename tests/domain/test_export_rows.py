"""Exports: no cell is run as a formula, nothing is lost on the way, and small groups stay hidden."""

import csv
import io
from collections import Counter

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bot.domain.export_rows import HEADER, K, export_rows, guarded, shown_groups, to_csv
from bot.domain.feedback import Feedback, FeedbackState

FORMULAS = [
    '=HYPERLINK("http://evil.example","click")',
    "=cmd|' /C calc'!A0",
    "+1+1",
    "-2+3",
    "@SUM(1,2)",
    "\t=1+1",
    "\r=1+1",
    "\n=1+1",
    "\0=1+1",
    "\x01=1+1",
    " =1+1",
    "\u00a0=1+1",
    "\ufeff=1+1",
    "\u200b=1+1",
    "\u200b\u200d\u2060+1",
    "\u00ad-1",
    "\ufe0f=1",
    "\u3164=1",
    "\u202e=1",
    "＝1+1",
    "＋1",
    "－1",
    "＠SUM(1)",
    "﹦1",
    "﹢1",
    "﹣1",
    "﹫1",
    "⁺1",
    "⩵1",
    "\u200b＝1",
    "=\u03381",
    "- a list that a member wrote",
    "@everyone look",
    "-",
    "\n",
]
PLAIN = [
    "",
    "Caseloads",
    "1=1",
    "a@b.example",
    "«=1»",
    "'=1",
    "é",
    "🙂 =1",
    '"quoted"',
    "2 - 1",
    "שלום",
    "≠1",
    "0",
]


@pytest.mark.parametrize("cell", FORMULAS)
def test_what_could_be_a_formula_is_made_plain_text(cell):
    assert guarded(cell) == "'" + cell


@pytest.mark.parametrize("cell", PLAIN)
def test_other_text_is_left_as_it_is(cell):
    assert guarded(cell) == cell


def read_back(data: bytes) -> list[list[str]]:
    return list(csv.reader(io.StringIO(data.decode("utf-8-sig"), newline=""), strict=True))


def test_a_file_has_its_mark_quotes_all_and_ends_lines_as_rfc_4180_says():
    data = to_csv([("a", 'say "hi"'), ("", "=1")])
    assert data == b'\xef\xbb\xbf"a","say ""hi"""\r\n"","\'=1"\r\n'


def test_an_empty_export_is_still_a_file():
    assert to_csv([]) == b"\xef\xbb\xbf"
    assert read_back(to_csv([HEADER])) == [list(HEADER)]


@pytest.mark.parametrize("cell", FORMULAS + PLAIN)
def test_what_is_written_is_read_back(cell):
    if "\0" in cell:
        return  # the reader of Python 3.11 refuses NUL, which cleaned text cannot have
    assert read_back(to_csv([(cell, "next")])) == [[guarded(cell), "next"]]


@given(
    st.lists(
        st.lists(
            st.text(st.characters(exclude_categories=["Cs"], exclude_characters="\0")), min_size=2, max_size=3
        )
    )
)
def test_any_table_is_read_back(rows):
    assert read_back(to_csv(rows)) == [[guarded(cell) for cell in row] for row in rows]


def test_half_characters_do_not_raise():
    assert to_csv([("\ud800",)]) == b'\xef\xbb\xbf"?"\r\n'


def entry(region: str | None = None, grade: str | None = None, **changes: object) -> Feedback:
    return Feedback("id", "meeting", region, grade, "2025-W14", "Text", FeedbackState.NEW, **changes)


def test_rows_show_labels_and_no_id():
    built = export_rows([entry("wales", "po")], {("wales", "po"): K})
    assert built.rows == (("A meeting", "Wales", "Probation officer (PO)", "2025-W14", "Text", "New"),)
    assert len(HEADER) == len(built.rows[0])
    assert (built.blanked_regions, built.blanked_grades) == (0, 0)


@pytest.mark.parametrize(
    ("sizes", "shown"),
    [
        ({("wales", None): 5}, {("wales", None): ("wales", None)}),
        ({("wales", None): 4}, {("wales", None): (None, None)}),
        ({(None, "po"): 5, (None, "spo"): 4}, {(None, "po"): (None, "po"), (None, "spo"): (None, None)}),
        # Both are common, together they are rare: the grade goes first.
        (
            {("wales", "po"): 3, ("wales", "pso"): 3, ("london", "po"): 5, ("london", "pso"): 5},
            {
                ("wales", "po"): ("wales", None),
                ("wales", "pso"): ("wales", None),
                ("london", "po"): ("london", "po"),
                ("london", "pso"): ("london", "pso"),
            },
        ),
        # One blank grade in Wales would still be the only one there, so its region goes too.
        (
            {("wales", "po"): 5, ("wales", "spo"): 1, ("london", "spo"): 5},
            {
                ("wales", "po"): ("wales", "po"),
                ("wales", "spo"): (None, None),
                ("london", "spo"): ("london", "spo"),
            },
        ),
        # A rare region is blanked, and what then looks like nobody else loses its grade.
        (
            {("wales", "po"): 1, ("london", "po"): 5},
            {("wales", "po"): (None, None), ("london", "po"): ("london", "po")},
        ),
    ],
)
def test_small_groups_are_blanked(sizes, shown):
    assert shown_groups(sizes) == shown


groups = st.tuples(
    st.sampled_from([None, "wales", "london", "north_east"]), st.sampled_from([None, "po", "pso", "spo"])
)


@given(st.dictionaries(groups, st.integers(min_value=1, max_value=12)))
def test_whoever_is_shown_has_four_others_who_look_the_same(sizes):
    shown = shown_groups(sizes)
    looks: Counter[object] = Counter()
    for group, look in shown.items():
        looks[look] += sizes[group]
        assert look[0] in {None, group[0]}
        assert look[1] in {None, group[1]}
    assert all(size >= K for look, size in looks.items() if look != (None, None))


def test_a_group_that_was_not_counted_is_not_shown():
    built = export_rows([entry("wales", "po"), entry()], {})
    assert built.rows[0][1:3] == ("", "")
    assert (built.blanked_regions, built.blanked_grades) == (1, 1)
