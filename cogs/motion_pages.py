"""The pages of motions: what each resolves, what was done about it, its background and its own words."""

from collections.abc import Iterable
from typing import Any

import discord

from bot.domain.language import later, say, say_count
from bot.domain.models import Motion, MotionPoint, MotionProgress, PointKind, Resolution
from bot.services import campaign, motions
from bot.services.context import Context
from bot.services.motions import Relation
from cogs._lookups import Found
from cogs._render import FIELD_LIMIT, Page, as_typed, button, day, plain, shorten, source_line
from cogs._routes import route

LIST, SHOW, BEHIND = "motion.list", "motion.show", "motion.behind"
HEADINGS = {PointKind.NOTE: later("Notes"), PointKind.CONCERN: later("Concerns")}
POINTS = {
    PointKind.NOTE: later("Note"),
    PointKind.CONCERN: later("Concern"),
    PointKind.RESOLUTION: later("Resolution"),
}
PAGE_LENGTH = 2_500
"""Characters on a page, so that it can be read on a phone."""
MOST_ON_PAGE = 12
MOST_BUTTONS = 3
DEMANDS_SHOWN = 5
SHARED_SHOWN = 4


async def motion_list(context: Context, guild_id: int, argument: str) -> Found:
    """All motions, some to a page."""
    del argument
    found = await campaign.list_motions(context, guild_id)
    if not found:
        return Found((Page(say("No motions have been added here yet."), say("Ask an organiser.")),))
    details = [
        (motion.title, f"{motion.conference}. {motion.decision}.\n{motion.summary}") for motion in found
    ]
    heading = say_count(len(found), "One conference motion", "{number} conference motions")
    return Found(_pages(heading, "", details, ""), _openers(found))


async def motion_show(context: Context, guild_id: int, argument: str) -> Found:
    """One motion: what it resolves with the latest that was done, then the history, the background, its own words."""
    motion = await campaign.get_motion(context, guild_id, argument)
    before = await motions.demands_before(context, guild_id, motion.key)
    foot = source_line(motion.source)
    about = [
        (say("Decision"), motion.decision),
        (say("Conference"), motion.conference),
        (say("Calls on"), motion.calls_on),
    ]
    about = [(name, value) for name, value in about if value]
    resolves = [_resolution(one) for one in motion.resolutions()]
    demands = [
        (say("Demands that share its words"), "\n".join(_demand_line(one) for one in before[:DEMANDS_SHOWN]))
    ]
    details = [*about, *(demands if before else ()), *resolves]
    pages = [
        *_pages(motion.title, motion.summary, details, foot),
        *_pages(say("{title}: what was done", title=motion.title), "", _history(motion), foot),
        *_pages(say("{title}: background", title=motion.title), "", _background(motion), foot),
        *_pages(say("{title}: its own words", title=motion.title), "", _wording(motion), foot),
    ]
    steps = (
        button(say("All motions"), route("look", LIST, "0", "")),
        *(
            button(one.demand.title, route("look", "demand.show", "0", one.demand.key))
            for one in before[:MOST_BUTTONS]
        ),
    )
    return Found(tuple(pages), steps)


async def motions_behind(context: Context, guild_id: int, argument: str) -> Found:
    """The motions that share a demand's words, and which those are."""
    demand = await campaign.get_demand(context, guild_id, argument)
    found = await motions.motions_behind(context, guild_id, demand.key)
    back = button(say("Back to the demand"), route("look", "demand.show", "0", demand.key))
    if not found:
        body = say("No motion shares the words of this demand. `/motion list` shows all motions.")
        return Found((Page(say("No motion found behind “{title}”.", title=demand.title), body),), (back,))
    details = [
        (
            one.motion.title,
            f"{one.motion.summary}\n-# " + say("Both say: {words}", words=_shared(one)),
        )
        for one in found
    ]
    foot = say("Found by the words that they share: judge for yourself.")
    pages = _pages(say("Motions behind “{title}”", title=demand.title), "", details, foot)
    return Found(pages, (*_openers(one.motion for one in found), back))


def _openers(found: Iterable[Motion]) -> tuple[discord.ui.Button[Any], ...]:
    return tuple(
        button(motion.title, route("look", SHOW, "0", motion.key)) for motion in list(found)[:MOST_BUTTONS]
    )


def _resolution(resolution: Resolution) -> tuple[str, str]:
    latest = resolution.progress[-1:]
    done = "\n".join(say("**Latest:** {progress}", progress=_progress(one)) for one in latest)
    done = done or "-# " + say("Nothing recorded yet.")
    room = FIELD_LIMIT - len(done) - 1
    heading = say("Resolves {label}", label=_label(resolution))
    return heading, f"{shorten(resolution.point.text, max(room, 100))}\n{done}"


def _label(resolution: Resolution) -> str:
    return resolution.point.label or f"({resolution.mark})"


def _progress(progress: MotionProgress) -> str:
    return (
        f"{day(progress.on)}: {shorten(plain(progress.text), 500)}\n-# {shorten(plain(progress.source), 200)}"
    )


def _history(motion: Motion) -> list[tuple[str, str]]:
    """What was done, resolution by resolution, the latest first; also about resolutions that it has no more."""
    labels = {one.mark: say("Resolution {label}", label=_label(one)) for one in motion.resolutions()}
    gone = {
        one.label: say("Resolution {label}, as it was then", label=one.label)
        for one in motion.progress
        if one.label not in labels
    }
    return [
        (
            f"{heading}, {day(one.on)}",
            f"{shorten(plain(one.text), 900)}\n-# {shorten(plain(one.source), 100)}",
        )
        for mark, heading in (labels | gone).items()
        for one in reversed(motion.progress)
        if one.label == mark
    ]


def _background(motion: Motion) -> list[tuple[str, str]]:
    return [
        (f"{say(heading)}: {point.label}" if point.label else say(heading), shorten(point.text, FIELD_LIMIT))
        for kind, heading in HEADINGS.items()
        for point in motion.of_kind(kind)
    ]


def _wording(motion: Motion) -> list[tuple[str, str]]:
    """The motion in its own words: the whole, or the paragraphs of which they are known."""
    if motion.wording:
        return [
            (say("The motion") if not at else say("Continued"), part)
            for at, part in enumerate(_cut(motion.wording))
        ]
    return [
        (_point_name(point) if not at else say("Continued"), part)
        for point in motion.points
        for at, part in enumerate(_cut(point.wording or ""))
    ]


def _point_name(point: MotionPoint) -> str:
    return f"{say(POINTS[point.kind])} {point.label}".strip()


def _cut(text: str) -> list[str]:
    """A text in parts of which each fits into a field, whatever has to be escaped in it."""
    parts: list[str] = []
    while text:
        cut = len(text) if len(text) <= FIELD_LIMIT // 2 else max(text.rfind(" ", 1, FIELD_LIMIT // 2), 0)
        cut = cut or FIELD_LIMIT // 2
        parts.append(as_typed(text[:cut]))
        text = text[cut:].lstrip()
    return parts


def _demand_line(relation: Relation) -> str:
    title = shorten(relation.demand.title, 80)
    shared = say("Both say: {words}", words=shorten(_shared(relation), 90))
    return f"{relation.demand.position}. {title}\n-# {shared}"


def _shared(relation: Relation) -> str:
    return ", ".join(plain(word) for word in relation.shared[:SHARED_SHOWN])


def _pages(headline: str, body: str, details: list[tuple[str, str]], foot: str) -> tuple[Page, ...]:
    """As few pages as hold the details; none if there is nothing to say."""
    pages: list[Page] = []
    on_page: list[tuple[str, str]] = []
    length = len(body)
    for name, value in details:
        is_full = len(on_page) == MOST_ON_PAGE or length + len(name) + len(value) > PAGE_LENGTH
        if on_page and is_full:
            pages.append(Page(headline, body, tuple(on_page), foot))
            on_page, length, body = [], 0, ""
        on_page.append((name, value))
        length += len(name) + len(value)
    if on_page or body:
        pages.append(Page(headline, body, tuple(on_page), foot))
    return tuple(pages)
