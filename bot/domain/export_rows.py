"""An export of feedback: which of a row's particulars may be shown, and how a cell is written.

A spreadsheet takes some texts for formulas and would run them, so every cell that could be one is made
plain text.
"""

import unicodedata
from collections import Counter
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import NamedTuple, TypeAlias

from bot.domain.feedback import GRADES, REGIONS, STATES, TOPICS
from bot.domain.language import say

K = 5
"""Fewer people than this are a small group: what would single them out is left blank."""

HEADER = ("Topic", "Region", "Grade", "Week", "Demand", "State", "Text", "Tags", "Sealed")

SEALED_TEXT = "[sealed]"
"""Stands where a text is that only the holders of the keys can read."""

KEY_SEPARATOR = "\x1f"

Group: TypeAlias = tuple[str | None, str | None]
"""A region and a grade."""

_FORMULA_STARTS = frozenset("=+-@\t\r\n\0")
_IGNORED = frozenset({"Cc", "Cf", "Me", "Mn", "Zl", "Zp", "Zs"})
_IGNORED_LETTERS = frozenset("\u115f\u1160\u3164\uffa0")


@dataclass(frozen=True, slots=True)
class Particulars:
    """All that an export shows of a piece beside its own words; many pieces share it."""

    topic: str
    region: str
    grade: str
    week: str
    demand: str
    state: str
    blanked_region: bool
    blanked_grade: bool
    csv_start: str
    """The cells before the text as they are in CSV, up to the quote that opens the text."""


@dataclass(frozen=True, slots=True)
class CsvCells:
    """What stands before a row's text in CSV, by the keys that are stored, for a database that puts rows together."""

    topics: Mapping[str, str]
    groups: Mapping[Group, str]
    """Two cells each: region and grade, left blank where the group is small."""
    demands: Mapping[str, str]
    states: Mapping[str, str]
    blanked: Mapping[Group, tuple[bool, bool]]
    """The groups of which something is left blank: whether the region is, and whether the grade is."""


class Entry(NamedTuple):
    """One row of an export. `sealed` is the text in Base64 where it is sealed, and empty otherwise."""

    particulars: Particulars
    text: str
    tags: str = ""
    sealed: str = ""


class Labels:
    """Puts a stored piece's keys into words, with small groups left blank.

    The words are those of the language that is spoken when it is made.

    Args:
        sizes: how many released pieces the guild has of each group, whether exported or not.
        demands: what a demand is called, by what feedback to it is stored with.
    """

    def __init__(self, sizes: Mapping[Group, int], demands: Mapping[str, str]) -> None:
        self._shown = shown_groups(sizes)
        self._demands = demands
        self._known: dict[str, Particulars] = {}
        self._topics, self._regions, self._grades = map(_said, (TOPICS, REGIONS, GRADES))
        self._states = _said({state.value: words for state, words in STATES.items()})
        self._added = say("[Added in {week}:]")

    def added_in(self, week: str) -> str:
        """What stands before a text that was added in a week."""
        return self._added.format(week=week)

    def of(self, key: str) -> Particulars:
        """The particulars of a piece, from its keys as `piece_key` joins them."""
        known = self._known.get(key)
        if known is None:
            known = self._known[key] = self._particulars(*key.split(KEY_SEPARATOR))
        return known

    def _particulars(
        self, topic: str, region: str, grade: str, week: str, demand: str, state: str
    ) -> Particulars:
        # A group that is not counted was released after the counting; nobody can say that it is large.
        group = self._shown.get((region or None, grade or None), (None, None))
        words = (
            self._topics.get(topic, topic),
            *self._group_in_words(group),
            week,
            self._demands.get(demand, demand),
            self._states.get(state, state),
        )
        start = ",".join(map(quoted, words)) + ',"'
        return Particulars(*words, bool(region) and not group[0], bool(grade) and not group[1], start)

    def csv_cells(self) -> CsvCells:
        """The cells of all that is known beforehand; `of` knows the rest, too."""
        return CsvCells(
            topics={key: quoted(words) for key, words in self._topics.items()},
            groups={
                group: ",".join(map(quoted, self._group_in_words(look)))
                for group, look in self._shown.items()
            },
            demands={key: quoted(words) for key, words in self._demands.items()},
            states={key: quoted(words) for key, words in self._states.items()},
            blanked={
                (region, grade): (region != look[0], grade != look[1])
                for (region, grade), look in self._shown.items()
                if (region, grade) != look
            },
        )

    def knows(self, group: Group) -> bool:
        """Whether a group was counted when the export began."""
        return group in self._shown

    def _group_in_words(self, group: Group) -> tuple[str, str]:
        region, grade = group
        return (
            self._regions.get(region, region) if region else "",
            self._grades.get(grade, grade) if grade else "",
        )


def _said(labels: Mapping[str, str]) -> dict[str, str]:
    return {key: say(words) for key, words in labels.items()}


def shown_groups(sizes: Mapping[Group, int]) -> dict[Group, Group]:
    """What may be shown of each group, so that at least `K` entries look the same wherever anything is shown.

    A rare region and a rare grade are blanked. Then a rare pair loses its grade, and its region too if those
    that look the same are still too few: one blank grade among others of a region would say as much as the
    grade itself.
    """
    regions: Counter[str | None] = Counter()
    grades: Counter[str | None] = Counter()
    for (region, grade), size in sizes.items():
        regions[region] += size
        grades[grade] += size
    shown: dict[Group, Group] = {
        (region, grade): (region if regions[region] >= K else None, grade if grades[grade] >= K else None)
        for region, grade in sizes
    }
    shown = _blank_rare(shown, sizes, lambda group: (group[0], None))
    return _blank_rare(shown, sizes, lambda _: (None, None))


def _blank_rare(
    shown: Mapping[Group, Group], sizes: Mapping[Group, int], blank: Callable[[Group], Group]
) -> dict[Group, Group]:
    looks: Counter[Group] = Counter()
    for group, look in shown.items():
        looks[look] += sizes[group]
    return {group: look if looks[look] >= K else blank(look) for group, look in shown.items()}


def guarded(cell: str) -> str:
    """The cell as plain text: with an apostrophe before what a spreadsheet might take for a formula."""
    if cell[:1].isascii() and cell[:1].isalnum():  # as nearly every cell begins; the rest is dear to look at
        return cell
    return f"'{cell}" if _may_be_formula(cell) else cell


def _may_be_formula(cell: str) -> bool:
    for character in cell:
        # Full-width and small forms of = + - @ become the plain ones when a program tidies the text.
        if not _FORMULA_STARTS.isdisjoint((character, unicodedata.normalize("NFKC", character)[:1])):
            return True
        if unicodedata.category(character) not in _IGNORED and character not in _IGNORED_LETTERS:
            return False
    return False


def quoted(cell: str) -> str:
    """The cell as it is in CSV: plain text, in quotes."""
    return '"' + guarded(cell).replace('"', '""') + '"'
