"""What the feedback says in figures: by week, topic, region and demand, with small groups hidden.

What is counted, and why nothing follows from two reports, stands in `bot.domain.suppression`.
"""

import asyncio
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import timedelta
from typing import TypeAlias

from bot.domain.export_html import Picture
from bot.domain.export_rows import K
from bot.domain.feedback import REGIONS, TOPICS, iso_week, monday_of, read_week
from bot.domain.language import later, say
from bot.domain.problems import BadInput
from bot.domain.suppression import Counts, suppressed
from bot.services import campaign, charts, guilds
from bot.services.context import Context
from db.audit import insert_audit
from db.feedback_export import count_each

REPORTED = "report"
UNIT = later("pieces")
_REST = {
    "weeks": later("All other weeks: {number} together."),
    "topics": later("All other topics: {number} together."),
    "regions": later("All other regions, or no region given: {number} together."),
    "demands": later("All other demands, or none: {number} together."),
}
_REST_LABEL = {
    "topics": later("All other topics, together"),
    "regions": later("All other regions, or no region given, together"),
    "demands": later("All other demands, or none, together"),
}
"""The same as the last row of a chart and its table."""

_Counted: TypeAlias = Mapping[str, Mapping[str | None, int]]
"""How many pieces there are of each value, by the name of the column."""


@dataclass(frozen=True, slots=True)
class Figure:
    """One table of counts. A value of `None` is hidden, because the group is small."""

    name: str
    title: str
    rows: tuple[tuple[str, int | None], ...]
    note: str


@dataclass(frozen=True, slots=True)
class Report:
    """The pictures, and how many pieces of feedback they are of, if that can be told."""

    pictures: tuple[Picture, ...]
    total: int | None
    since: str | None
    until: str | None


async def make_report(
    context: Context, guild_id: int, moderator_id: int, since: str | None = None, until: str | None = None
) -> Report:
    """Makes the pictures for the moderators' eyes, and writes into the audit log who asked for them.

    Raises:
        BadInput: the weeks cannot be read, or end before they begin.
    """
    now = await guilds.local_now(context, guild_id)
    zone = (await guilds.get(context, guild_id)).zone
    first, last = (read_week(week, now=now, zone=zone) if week else None for week in (since, until))
    if first and last and first > last:
        raise BadInput(
            say(
                "That ends ({last}) before it begins ({first}), so nothing was drawn.", last=last, first=first
            ),
            next_step=say("Put the earlier week first: since is the first week, until the last."),
        )
    counted = await _count(context, guild_id)
    drawn = await pictures(await _figures(context, guild_id, counted, first, last))
    total = suppressed(counted["topic"]).total
    async with context.database.write() as connection:
        await insert_audit(
            connection,
            guild_id,
            at=context.now(),
            actor_id=moderator_id,
            event=REPORTED,
            purpose=f"Figures in chat, {first or 'first'} to {last or 'last'}",
            rows=total,
        )
    return Report(drawn, total, first, last)


async def figures(
    context: Context, guild_id: int, since: str | None = None, until: str | None = None
) -> tuple[Figure, ...]:
    """The figures. Asking for some weeks shows fewer weeks, and changes nothing else; see the module's docstring."""
    return await _figures(context, guild_id, await _count(context, guild_id), since, until)


async def _count(context: Context, guild_id: int) -> _Counted:
    async with context.database.read() as connection:
        return await count_each(connection, guild_id)


async def _figures(
    context: Context, guild_id: int, counted: _Counted, since: str | None, until: str | None
) -> tuple[Figure, ...]:
    names = await demand_names(context, guild_id)
    weeks = suppressed({**counted["iso_week"], None: 0})
    return (
        Figure("weeks", say("Feedback by week"), _week_rows(weeks, since, until), _note(weeks, "weeks")),
        _figure("topics", say("Topics"), counted["topic"], _said(TOPICS)),
        _figure("regions", say("Regions"), counted["region"], _said(REGIONS)),
        _figure(
            "demands",
            say("Demands it speaks to"),
            _by_name(counted["demand_key"], names),
            {name: name for name in names.values()},
        ),
    )


def _said(labels: Mapping[str, str]) -> dict[str, str]:
    return {key: say(words) for key, words in labels.items()}


async def demand_names(context: Context, guild_id: int) -> dict[str, str]:
    """What each demand is called, by its key and by its number: feedback to it is stored with either."""
    demands = await campaign.list_demands(context, guild_id)
    names = {
        demand.key: say("Demand {number}: {title}", number=demand.position, title=demand.title)
        for demand in demands
    }
    return {str(demand.position): names[demand.key] for demand in demands} | names


def _by_name(counted: Mapping[str | None, int], names: Mapping[str, str]) -> dict[str | None, int]:
    sizes: dict[str | None, int] = {None: 0}
    for key, size in counted.items():
        name = None if key is None else names.get(key)
        sizes[name] = sizes.get(name, 0) + size
    return sizes


def _figure(name: str, title: str, counted: Mapping[str | None, int], labels: Mapping[str, str]) -> Figure:
    counts = suppressed({**dict.fromkeys(labels, 0), **counted})
    rows: list[tuple[str, int | None]] = [(labels.get(key, key), size) for key, size in counts.shown]
    if counts.together:
        rows.append((say(_REST_LABEL[name]), counts.together))
    return Figure(name, title, tuple(rows), _note(counts, name))


def _note(counts: Counts, name: str) -> str:
    if counts.together == 0:
        return say(
            "What is not named here has none. Groups of fewer than {least} would not be named.", least=K
        )
    if counts.together is None:
        return say("There is too little to show: fewer than {least} pieces of feedback.", least=K)
    rest = say(_REST[name], number=f"{counts.together:,}")
    why = say(
        "Groups of fewer than {least} are not named, and more where a small group could be worked out from "
        "the rest.",
        least=K,
    )
    return f"{rest} {why}"


def _week_rows(weeks: Counts, since: str | None, until: str | None) -> tuple[tuple[str, int | None], ...]:
    sizes = dict(weeks.shown)
    if not sizes:
        return ()
    span: list[str] = []
    day, last = monday_of(min(sizes)), max(sizes)
    while (week := iso_week(day)) <= last:
        span.append(week)
        day += timedelta(weeks=1)
    return tuple((week, sizes.get(week)) for week in span if (since or week) <= week <= (until or week))


async def pictures(made: tuple[Figure, ...]) -> tuple[Picture, ...]:
    """The figures as charts, drawn in a thread."""
    return await asyncio.to_thread(lambda: tuple(map(_picture, made)))


def _picture(figure: Figure) -> Picture:
    if figure.name == "weeks":
        png = charts.lines(figure.title, figure.rows)
    else:
        png = charts.bars(figure.title, figure.rows, unit=say(UNIT))
    return Picture(
        name=f"{figure.name}.png",
        title=figure.title,
        png=png,
        description=charts.described(figure.title, figure.rows, say(UNIT)),
        rows=tuple((label, charts.number(value)) for label, value in figure.rows),
        note=figure.note,
    )
