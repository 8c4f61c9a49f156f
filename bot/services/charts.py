"""Charts as pictures: readable on a phone, every value written out, nothing told by colour alone.

The library that draws is large and is imported when the first picture is drawn. Drawing takes tens of milliseconds,
so callers draw in a thread (`asyncio.to_thread`). No text is ever taken for markup, whoever wrote it.
"""

import textwrap
from collections.abc import Callable, Sequence
from typing import TypeVar

from bot.domain.language import later, say, say_count
from bot.services.drawing import (
    DESCRIPTION_LIMIT,
    INK,
    TEXT_POINTS,
    TICK_POINTS,
    canvas,
    drawable,
    frame,
    png,
    write,
)

T = TypeVar("T")

HIDDEN = later("hidden")
"""Stands where a number is left out because the group is small."""

MOST_BARS = 25

_BAR = "#ffd500"
_TITLE_LETTERS, _LABEL_LETTERS = 40, 44
_MOST_WRITTEN_WEEKS = 12
_MOST_UPRIGHT_WEEKS = 6


def bars(title: str, rows: Sequence[tuple[str, float | None]], *, unit: str = "") -> bytes:
    """Draws horizontal bars, the first row on top, each with its label above it and its value beside it.

    Args:
        title: what the chart shows.
        rows: labels with their values; `None` is written as hidden. Those beyond `MOST_BARS` are left out, and it says so.
        unit: what the values count, such as "pieces"; it is added to the title.

    Returns:
        A PNG, 960 pixels wide.
    """
    shown = rows[:MOST_BARS]
    labels = [textwrap.wrap(drawable(label), _LABEL_LETTERS) or [""] for label, _ in shown]
    heading = _heading(title, unit)
    tall = 0.45 + 0.24 * len(heading) + sum(0.42 + 0.2 * len(lines) for lines in labels) + 0.3
    figure, axes = canvas(heading, tall)
    widest = max((value or 0 for _, value in shown), default=0) or 1
    top = 0.0
    for lines, (_, value) in zip(labels, shown, strict=True):
        label_height = 0.2 * len(lines)
        write(axes, 0, top + label_height, "\n".join(lines), vertical="bottom")
        middle = top + label_height + 0.16
        axes.barh(middle, value or 0, height=0.2, color=_BAR, edgecolor=INK, linewidth=1)
        write(axes, (value or 0) + widest * 0.02, middle, number(value), vertical="center", weight="bold")
        top += label_height + 0.42
    if len(rows) > len(shown):
        write(
            axes,
            0,
            top + 0.1,
            say_count(len(rows) - len(shown), "and {number} more, not drawn", "and {number} more, not drawn"),
            vertical="center",
        )
    axes.set_xlim(0, widest * 1.22)
    axes.set_ylim(top + 0.3, 0)
    axes.axis("off")
    return png(figure)


def lines(title: str, rows: Sequence[tuple[str, float | None]]) -> bytes:
    """Draws values over time as a line with a dot for each, such as how much came in week by week.

    Args:
        title: what the chart shows.
        rows: the weeks in order with their values; `None` leaves a gap, which is marked as hidden.

    Returns:
        A PNG, 960 pixels wide.
    """
    figure, axes = canvas(_heading(title, ""), 3.4)
    places = range(len(rows))
    values = [float("nan") if value is None else value for _, value in rows]
    highest = max((value or 0 for _, value in rows), default=0) or 1
    axes.plot(places, values, color=INK, marker="o", markerfacecolor=_BAR, markersize=7, linewidth=1.8)
    written = set(_some(list(places), _MOST_WRITTEN_WEEKS))
    for place, (_, value) in enumerate(rows):
        if value is None:
            # A word between two numbers needs more room than there is, so it stands on end.
            write(axes, place, highest * 0.04, say(HIDDEN), vertical="bottom", horizontal="center", turn=90)
        elif place in written:
            write(axes, place, value + highest * 0.06, number(value), vertical="bottom", horizontal="center")
    ticks = _some(list(places), 6)
    axes.set_xticks(ticks)
    axes.set_xticklabels(
        [drawable(rows[place][0]) for place in ticks], rotation=30, ha="right", parse_math=False
    )
    axes.set_ylim(0, highest * 1.25)
    axes.set_xlim(-0.5, max(len(rows) - 0.5, 0.5))
    frame(axes, numbers=5)
    return png(figure)


def weeks(
    title: str,
    rows: Sequence[tuple[str, float | None]],
    *,
    goal: float | None = None,
    least: int,
    note: str = "",
) -> bytes:
    """Draws one upright bar a week with its value above it, and the goal as a dashed line that is named below.

    Args:
        title: what the chart shows.
        rows: the weeks in order with their values; `None` is written as fewer than `least`.
        goal: what is hoped for each week. A bar that reaches it has a tick at its value.
        least: values below this are not told.
        note: more about them, below.

    Returns:
        A PNG, 960 pixels wide.
    """
    figure, axes = canvas(_heading(title, ""), 4.2)
    highest = max([value or 0 for _, value in rows] + [goal or 0, 1])
    for place, (_, value) in enumerate(rows):
        if value is None:
            few = say("fewer than {least}", least=least)
            write(axes, place, highest * 0.03, few, vertical="bottom", horizontal="center", turn=90)
            continue
        axes.bar(place, value, width=0.62, color=_BAR, edgecolor=INK, linewidth=1)
        words = f"{number(value)} ✓" if goal and value >= goal else number(value)
        above = value + highest * 0.03
        write(axes, place, above, words, vertical="bottom", horizontal="center", weight="bold", backed=True)
    if goal:
        axes.axhline(goal, color=INK, linewidth=1.4, linestyle=(0, (5, 3)), zorder=0)
        dashed = say("Dashed line: the goal, {goal} a week. ✓ reached.", goal=number(goal))
        note = f"{dashed} {note}"
    axes.set_xticks(range(len(rows)))
    turned = {"rotation": 45, "ha": "right"} if len(rows) > _MOST_UPRIGHT_WEEKS else {}
    axes.set_xticklabels([drawable(label) for label, _ in rows], parse_math=False, **turned)
    axes.tick_params(labelsize=TICK_POINTS, colors=INK, length=0)
    below = "\n".join(textwrap.wrap(drawable(note), _LABEL_LETTERS))
    axes.set_xlabel(below, fontsize=TEXT_POINTS, color=INK, loc="left", labelpad=8, parse_math=False)
    axes.set_ylim(0, highest * 1.15)
    axes.set_xlim(-0.6, max(len(rows) - 0.4, 0.6))
    axes.set_yticks([])
    for side in ("top", "right", "left"):
        axes.spines[side].set_visible(False)
    return png(figure)


def described(
    title: str,
    rows: Sequence[tuple[str, float | None]],
    unit: str = "",
    *,
    counted: Callable[[float], str] | None = None,
) -> str:
    """The chart in words, as alternative text: what it shows, and every value for which there is room.

    Args:
        title: what the chart shows.
        rows: labels with their values, `None` where one is hidden.
        unit: what the values count, where one word will do for every number.
        counted: a value with what it counts, where languages have several words.
    """
    words = say("Chart: {title}.", title=title)
    if not rows:
        return words + " " + say("There is nothing to show.")
    for place, (label, value) in enumerate(rows):
        left = len(rows) - place
        part = f" {label}: {_with_unit(value, unit, counted)}."
        rest = " " + say_count(left, "And {number} more.", "And {number} more.")
        if len(words) + len(part) + (len(rest) if left > 1 else 0) > DESCRIPTION_LIMIT:
            return words[: DESCRIPTION_LIMIT - len(rest)] + rest
        words += part
    return words


def _with_unit(value: float | None, unit: str, counted: Callable[[float], str] | None) -> str:
    if value is not None and counted is not None:
        return counted(value)
    return f"{number(value)} {unit}" if unit and value is not None else number(value)


def number(value: float | None) -> str:
    """A value as it is written beside its bar."""
    if value is None:
        return say(HIDDEN)
    return f"{value:,.0f}" if float(value).is_integer() else f"{value:,.1f}"


def _heading(title: str, unit: str) -> list[str]:
    return textwrap.wrap(drawable(f"{title} ({unit})" if unit else title), _TITLE_LETTERS) or [""]


def _some(items: Sequence[T], most: int) -> list[T]:
    """At most so many of the items, evenly spread, the last one among them."""
    step = max(1, -(-len(items) // most))
    return list(items[::-1][::step][::-1])
