"""All demands by status over time, as a picture: each status has its own hatching, its name and its number.

The library that draws is imported when the first picture is drawn; drawing happens in a thread.
"""

import asyncio
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from typing import Any

from bot.domain.demand_history import DayOfDemands, days_of, first_day
from bot.domain.language import say, say_count
from bot.domain.models import STATUS_NAMES, DemandStatus
from bot.domain.problems import BadInput
from bot.domain.when import short
from bot.domain.when.moment import format_calendar_day
from bot.services.campaign import all_demands
from bot.services.context import Context
from bot.services.drawing import DESCRIPTION_LIMIT, INK, TEXT_POINTS, canvas, frame, png
from bot.services.guilds import local_now

# From the top of the picture to the bottom: what is met forms the ground that grows.
_FROM_BELOW = (
    DemandStatus.MET,
    DemandStatus.AGREED,
    DemandStatus.PARTLY_MET,
    DemandStatus.OVERTAKEN,
    DemandStatus.REFUSED,
    DemandStatus.NO_RESPONSE,
)
_LOOKS = {
    DemandStatus.MET: ("#ffd500", ""),
    DemandStatus.AGREED: ("#ffe770", "//"),
    DemandStatus.PARTLY_MET: ("#fff3b8", ".."),
    DemandStatus.OVERTAKEN: ("#e4e4e4", "--"),
    DemandStatus.REFUSED: ("#b9b9b9", "xx"),
    DemandStatus.NO_RESPONSE: ("#ffffff", ""),
}
_TALL_INCHES = 5.6
_MOST_DATES = 4


@dataclass(frozen=True, slots=True)
class DemandPicture:
    """A PNG, and what it shows in words."""

    png: bytes
    description: str


async def picture(context: Context, guild_id: int, since: date | None = None) -> DemandPicture:
    """The demands by status from a day until today; without a day, from the first that is known.

    Raises:
        BadInput: there is no demand to show.
    """
    demands = await all_demands(context, guild_id)
    today = (await local_now(context, guild_id)).date()
    days = days_of(demands, since=min(since or first_day(demands, today), today), until=today)
    if not any(day.total for day in days):
        raise BadInput(
            say("There were no demands in that time, so there is nothing to draw."),
            next_step=say("`/demand list` shows the demands."),
        )
    png = await asyncio.to_thread(_draw, days, today)
    return DemandPicture(png, described(days, today))


def described(days: Sequence[DayOfDemands], today: date) -> str:
    """The picture in words, as alternative text: how things stood first, each change, and how they stand today."""
    start = say(
        "Chart: the demands by status, from {first} to {today}. At first: {counts}.",
        first=_day(days[0].on),
        today=_day(today),
        counts=_counted(days[0]),
    )
    end = say("Today: {counts}.", counts=_counted(days[-1]))
    parts = [say("From {day}: {counts}.", day=_day(day.on), counts=_counted(day)) for day in days[1:]]
    left_out = 0
    while parts and len(_text(start, left_out, parts, end)) > DESCRIPTION_LIMIT:
        del parts[0]  # the latest matter most
        left_out += 1
    return _text(start, left_out, parts, end)


def _text(start: str, left_out: int, parts: Sequence[str], end: str) -> str:
    more = say_count(
        left_out,
        "{number} earlier change is left out here.",
        "{number} earlier changes are left out here.",
    )
    return " ".join([start, *([more] if left_out else []), *parts, end])


def _counted(day: DayOfDemands) -> str:
    counts = [
        say("{count} {status}", count=day.counts[status], status=say(STATUS_NAMES[status]).lower())
        for status in STATUS_NAMES
        if day.counts.get(status)
    ]
    return ", ".join(counts) or say("no demands")


def _day(on: date) -> str:
    return format_calendar_day(on)


def _draw(days: Sequence[DayOfDemands], today: date) -> bytes:
    figure, axes = canvas(
        [say("The demands by status"), say("{first} to {last}", first=_day(days[0].on), last=_day(today))],
        _TALL_INCHES,
    )
    _stack(axes, days, today)
    _frame(axes, days, today)
    _legend(figure, axes)
    return png(figure)


def _stack(axes: Any, days: Sequence[DayOfDemands], today: date) -> None:
    """One band for each status that ever occurs, in steps from day to day."""
    # A day's numbers hold until the next change; the last ones until the end of today.
    places = [*(day.on.toordinal() for day in days), today.toordinal() + 1]
    ground = [0] * len(places)
    for status in _FROM_BELOW:
        heights = [day.counts.get(status, 0) for day in days]
        if not any(heights):
            continue
        heights.append(heights[-1])
        top = [low + height for low, height in zip(ground, heights, strict=True)]
        colour, hatch = _LOOKS[status]
        label = say("{status}: {count} today", status=say(STATUS_NAMES[status]), count=heights[-1])
        axes.fill_between(
            places,
            ground,
            top,
            step="post",
            label=label,
            facecolor=colour,
            hatch=hatch,
            edgecolor=INK,
            linewidth=0.8,
        )
        ground = top


def _frame(axes: Any, days: Sequence[DayOfDemands], today: date) -> None:
    first, last = days[0].on.toordinal(), today.toordinal() + 1
    count = min(_MOST_DATES, max(2, last - first))
    ticks = sorted({first + round((today.toordinal() - first) * step / (count - 1)) for step in range(count)})
    axes.set_xticks(ticks)
    axes.set_xticklabels([_tick(tick) for tick in ticks], rotation=30, ha="right")
    axes.set_xlim(first, last)
    axes.set_ylim(0, max(day.total for day in days) * 1.02)
    axes.set_ylabel(say("Number of demands"), fontsize=TEXT_POINTS, color=INK)
    frame(axes, numbers=6)


def _tick(ordinal: int) -> str:
    return short.day_month_year(date.fromordinal(ordinal))


def _legend(figure: Any, axes: Any) -> None:
    handles, labels = axes.get_legend_handles_labels()
    figure.legend(
        handles[::-1],
        labels[::-1],
        loc="outside lower left",
        frameon=False,
        fontsize=TEXT_POINTS,
        handlelength=2.6,
        handleheight=1.4,
        labelcolor=INK,
    )
