"""An export of feedback: which of a row's particulars may be shown, and how a cell is written.

A spreadsheet takes some texts for formulas and would run them, so every cell that could be one is made
plain text.
"""

import unicodedata
from collections import Counter
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass
from typing import TypeAlias

from bot.domain.feedback import GRADES, REGIONS, STATES, TOPICS, Feedback

K = 5
"""Fewer people than this are a small group: what would single them out is left blank."""

HEADER = ("Topic", "Region", "Grade", "Week", "Text", "State")

Group: TypeAlias = tuple[str | None, str | None]
"""A region and a grade."""

_FORMULA_STARTS = frozenset("=+-@\t\r\n\0")
_IGNORED = frozenset({"Cc", "Cf", "Me", "Mn", "Zl", "Zp", "Zs"})
_IGNORED_LETTERS = frozenset("\u115f\u1160\u3164\uffa0")


@dataclass(frozen=True, slots=True)
class ExportRows:
    """The rows under `HEADER`, and in how many of them something was left blank to protect a small group."""

    rows: tuple[tuple[str, ...], ...]
    blanked_regions: int
    blanked_grades: int


def export_rows(entries: Sequence[Feedback], sizes: Mapping[Group, int]) -> ExportRows:
    """Builds the rows of an export.

    Args:
        entries: what is exported.
        sizes: how many released entries the guild has of each group, whether exported or not.
    """
    shown = shown_groups(sizes)
    # A group that is not counted was released after the counting; nobody can say that it is large.
    groups = [shown.get((entry.region, entry.grade), (None, None)) for entry in entries]
    pairs = list(zip(entries, groups, strict=True))
    return ExportRows(
        rows=tuple(_row(entry, group) for entry, group in pairs),
        blanked_regions=sum(entry.region is not None and group[0] is None for entry, group in pairs),
        blanked_grades=sum(entry.grade is not None and group[1] is None for entry, group in pairs),
    )


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


def _row(entry: Feedback, group: Group) -> tuple[str, ...]:
    region, grade = group
    return (
        TOPICS.get(entry.topic, entry.topic),
        REGIONS.get(region, region) if region else "",
        GRADES.get(grade, grade) if grade else "",
        entry.iso_week,
        entry.text,
        STATES.get(entry.state, entry.state.value),
    )


def to_csv(rows: Iterable[Sequence[str]]) -> bytes:
    """The rows as CSV for spreadsheets: UTF-8 with its mark, every cell quoted, CRLF line ends."""
    lines = (",".join(map(_quoted, row)) + "\r\n" for row in rows)
    return "".join(lines).encode("utf-8-sig", errors="replace")


def guarded(cell: str) -> str:
    """The cell as plain text: with an apostrophe before what a spreadsheet might take for a formula."""
    return f"'{cell}" if _may_be_formula(cell) else cell


def _may_be_formula(cell: str) -> bool:
    for character in cell:
        # Full-width and small forms of = + - @ become the plain ones when a program tidies the text.
        if not _FORMULA_STARTS.isdisjoint((character, unicodedata.normalize("NFKC", character)[:1])):
            return True
        if unicodedata.category(character) not in _IGNORED and character not in _IGNORED_LETTERS:
            return False
    return False


def _quoted(cell: str) -> str:
    return '"' + guarded(cell).replace('"', '""') + '"'
