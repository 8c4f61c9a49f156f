"""What was measured, for `docs/performance.md`: one table, and one chart of every row that has a target."""

import os
import platform
import re
import sqlite3
from collections.abc import Sequence
from io import BytesIO
from pathlib import Path

from matplotlib.axes import Axes
from matplotlib.figure import Figure
from PIL import Image

from benchmarks.measures import Row, Target

_SECTION = re.compile(r"(?<=<!-- measured -->\n).*?(?=<!-- end of what was measured -->)", re.DOTALL)
_CHART = "images/measured/performance.png"
_WIDEST = 4.0
_ROOM_FOR_WORDS = 0.7
_COLOURS = 16
_MET, _MISSED = "#2a6f4e", "#b5482f"


def write(rows: Sequence[Row], notes: Sequence[str], page: Path, command: str) -> None:
    """Put the table into its section of the page, and draw the chart beside it.

    Raises:
        ValueError: the page has no such section.
    """
    text = page.read_text(encoding="utf-8")
    if not _SECTION.search(text):
        raise ValueError(f"{page} has no place for what was measured")
    judged = [row for row in rows if row.target is not None and row.target.limit]
    draw(rows, page.parent / _CHART)
    section = "\n\n".join([_introduction(command), _picture(judged), _table(rows), _list(notes)])
    page.write_text(_SECTION.sub(lambda _: f"\n{section}\n\n", text), encoding="utf-8")


def _introduction(command: str) -> str:
    return (
        f"`{command}`, {os.cpu_count()} processors, Python {platform.python_version()}, SQLite {sqlite3.sqlite_version}. "
        "Each figure is the median of the runs, with the lowest and the highest. A ratio is to what stands on the left, "
        "which took turns with the product; where nothing is said, that is a bare discord.py bot."
    )


def _picture(judged: Sequence[Row]) -> str:
    missed = [row.what for row in judged if row.verdict == "MISSED"]
    told = f"all but {len(missed)} reach it" if missed else "all reach it"
    return f"![A bar for each of {len(judged)} targets, up to the line at which it is just met; {told}]({_CHART})"


def _table(rows: Sequence[Row]) -> str:
    lines = ["| what | left | product | ratio | target | |", "| --- | ---: | ---: | ---: | ---: | --- |"]
    for row in rows:
        target = "" if row.target is None else str(row.target)
        cells = [row.what, row.bare or "", row.product, row.ratio or "", target]
        verdict = {"met": "met", "MISSED": "**missed**"}.get(row.verdict, "")
        lines.append("| " + " | ".join(str(cell).strip() for cell in cells) + f" | {verdict} |")
    return "\n".join(lines)


def _list(notes: Sequence[str]) -> str:
    return "\n".join(f"- {note}" for note in notes)


def draw(rows: Sequence[Row], file: Path) -> None:
    """Draw how much of its target each row uses: a bar to 1 is just met, the whisker goes from the lowest to the highest."""
    named = zip(_names(rows), rows, strict=True)
    shown = [(name, row) for name, row in named if row.target is not None and row.target.limit]
    figure = Figure(figsize=(11, 0.42 * len(shown) + 1.2), layout="constrained")
    axes = figure.subplots()
    axes.set_title("Share of its target that each measurement uses (1 is the limit)")
    for place, (_, row) in enumerate(reversed(shown)):
        _draw_row(axes, place, row)
    axes.axvline(1, color="black", linewidth=1.2)
    axes.set_yticks(range(len(shown)), [name for name, _ in reversed(shown)])
    axes.set_xlim(0, _WIDEST + _ROOM_FOR_WORDS)
    axes.spines[["top", "right"]].set_visible(False)
    drawn = BytesIO()
    figure.savefig(drawn, dpi=80)
    # A sixth of the size; a handful of colours is all that it has.
    Image.open(drawn).convert("RGB").quantize(_COLOURS).save(file, optimize=True)


def _draw_row(axes: Axes, place: int, row: Row) -> None:
    assert row.target is not None
    used = [_share(row.target, value) for value in row.judged.values]
    middle, is_met = _share(row.target, row.judged.median), row.verdict == "met"
    axes.barh(
        place,
        min(middle, _WIDEST),
        color=_MET if is_met else _MISSED,
        hatch="" if is_met else "//",
        height=0.6,
    )
    axes.plot([min(used), min(max(used), _WIDEST)], [place, place], color="black", linewidth=1)
    words = f"{middle:.2f}" if is_met else f"{middle:.2f}, missed"
    axes.text(min(max(middle, *used), _WIDEST) + 0.05, place, words, va="center", fontsize=9)


def _share(target: Target, value: float) -> float:
    return target.limit / value if target.at_least else value / target.limit


def _names(rows: Sequence[Row]) -> list[str]:
    """Each row's name without what stood on the left; what is the same as before is named again."""
    names, first = list[str](), ""
    for row in rows:
        name = re.sub(r" \(left: [^)]*\)", "", row.what)
        if name.startswith("the same"):
            name = name.replace("the same", first, 1)
        else:
            first = name
        names.append(name)
    return names
