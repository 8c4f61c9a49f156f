"""Exports: no cell is run as a formula, nothing is lost on the way, and small groups stay hidden."""

import csv
import io
from collections import Counter

import pytest
from hypothesis import example, given
from hypothesis import strategies as st

from bot.domain.export_formats import CsvWriter
from bot.domain.export_rows import HEADER, KEY_SEPARATOR, Entry, K, Labels, guarded, shown_groups

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


LABELS = Labels({("wales", "po"): K}, {"3": "Demand 3: Training"})


def key(*parts: str) -> str:
    return KEY_SEPARATOR.join(parts)


PARTICULARS = LABELS.of(key("meeting", "wales", "po", "2025-W14", "3", "new"))


def to_csv(*texts: str, tags: str = "") -> bytes:
    writer = CsvWriter()
    rows = writer.rows([Entry(PARTICULARS, text, tags) for text in texts])
    return (writer.start() + rows + writer.end()).encode("utf-8", errors="replace")


def read_back(data: bytes) -> list[list[str]]:
    return list(csv.reader(io.StringIO(data.decode("utf-8-sig"), newline=""), strict=True))


def test_a_file_has_its_mark_quotes_all_and_ends_lines_as_rfc_4180_says():
    header, row, end = to_csv('say "hi"', tags="=1").split(b"\r\n")
    assert header == (b'\xef\xbb\xbf"Topic","Region","Grade","Week","Demand","State","Text","Tags","Sealed"')
    assert row == (
        b'"A meeting","Wales","Probation officer (PO)","2025-W14","Demand 3: Training","New",'
        b'"say ""hi""","\'=1",""'
    )
    assert end == b""


def test_an_empty_export_is_still_a_file():
    assert read_back(to_csv()) == [list(HEADER)]


@given(st.lists(st.text(st.characters(exclude_categories=["Cs"], exclude_characters="\0"))))
@example([cell for cell in FORMULAS + PLAIN if "\0" not in cell])  # Python 3.11's reader refuses NUL
def test_any_text_is_read_back_and_none_can_be_a_formula(texts):
    _, *rows = read_back(to_csv(*texts))
    assert [row[6] for row in rows] == [guarded(text) for text in texts]


def test_half_characters_do_not_raise():
    assert b'"?"' in to_csv("\ud800")


def test_labels_hide_small_groups_and_say_so():
    labels = Labels({("wales", "po"): K, ("london", "po"): 1}, {})
    large = labels.of(key("meeting", "wales", "po", "2025-W14", "", "new"))
    small = labels.of(key("meeting", "london", "po", "2025-W14", "gone", "new"))
    assert (large.region, large.grade) == ("Wales", "Probation officer (PO)")
    assert (small.region, small.grade, small.demand) == ("", "", "gone")
    assert (small.blanked_region, small.blanked_grade) == (True, True)
    # Not counted: released after the counting, so nobody can say that it is large.
    later = labels.of(key("other", "wales", "pso", "2025-W14", "", "new"))
    assert (later.region, later.grade) == ("", "")
    none = labels.of(key("other", "", "", "2025-W14", "", "new"))
    assert (none.blanked_region, none.blanked_grade) == (False, False)


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
