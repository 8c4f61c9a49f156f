"""How the demands look: lists, one demand with its history, and what changed."""

import textwrap
from collections.abc import Iterable, Sequence
from datetime import timedelta
from functools import partial

from bot.domain.demand_history import DemandChange
from bot.domain.language import later, say, say_count
from bot.domain.models import Demand, DemandResponse, DemandStatus
from bot.services import campaign, guilds, motions
from bot.services.context import Context
from cogs._bot import CampaignBot
from cogs._lookups import Found
from cogs._render import (
    FIELD_LIMIT,
    Page,
    as_typed,
    button,
    day,
    fields_of,
    plain,
    shorten,
    source_line,
    status_words,
)
from cogs._routes import day_in, reading_argument, route

PER_PAGE = 6
LATELY = timedelta(days=30)
RETIRED = "retired"
RETIRED_WORDS = later("▪ Retired, no longer made")
PICTURE, FOLLOW = "demand.picture", "demand.follow"
_WORDING_BESIDE = 1_200
"""Where summary and wording are longer together, the wording gets a page of its own: the answers stay in sight."""

_WORDING_ROOM, _SUMMARY_ROOM, _LINE_ROOM = 3_800, 500, 900
_PAGE_ROOM = 4_500
"""So many letters of details go on a page: what does not fit into Discord's limit would be left out."""


async def demand_list(context: Context, guild_id: int, argument: str) -> Found:
    """The demands, some to a page."""
    if argument == RETIRED:
        demands, shown = await campaign.list_retired_demands(context, guild_id), say(RETIRED_WORDS)
    else:
        with reading_argument():
            status = DemandStatus(argument) if argument else None
        demands = await campaign.list_demands(context, guild_id, status)
        shown = status_words(status) if status else ""
    if not demands:
        headline = (
            say("There is no demand with the status “{status}”.", status=shown)
            if shown
            else say("There is no demand.")
        )
        return Found((Page(headline, say("`/demand list` without a status shows all of them.")),))
    heading = say_count(len(demands), "One demand on the employer", "{number} demands on the employer")
    foot = "" if argument else await _left_out(context, guild_id)

    def page(first: int) -> Page:
        return Page(heading, shown, _summaries(demands[first : first + PER_PAGE]), foot)

    pages = tuple(partial(page, first) for first in range(0, len(demands), PER_PAGE))
    return Found(pages, (button(say("As a picture over time"), route(PICTURE, "")),))


async def demand_show(context: Context, guild_id: int, argument: str) -> Found:
    """One demand with its wording and its history, the latest answer first."""
    demand = await campaign.get_demand(context, guild_id, argument)
    headline = f"{demand.position}. {demand.title}"
    if demand.retired_on:
        headline = say("{title} (retired)", title=headline)
    foot = source_line(demand.source)
    entries = [field for response in reversed(demand.responses) for field in _entry(demand, response)]
    details = [(say("Status"), status_words(demand.status)), *await _about(context, guild_id, demand)]
    if not entries:
        details.append((say("The employer's answers"), say("None recorded yet.")))
    taken = len(demand.summary) + sum(_length(one) for one in details)
    latest, *earlier = _chunks(entries, taken)
    pages = [Page(headline, demand.summary, (*details, *latest), foot)]
    pages += [Page(say("{title}: its history", title=headline), "", chunk, foot) for chunk in earlier]
    if demand.wording and not _stands_beside(demand):
        quoted = _quoted(shorten(demand.wording, _WORDING_ROOM))
        pages.append(
            Page(say("{title}: in its own words", title=headline), quoted, (), _wording_source(demand))
        )
    behind = await motions.motions_behind(context, guild_id, demand.key)
    steps = (
        button(say("All demands"), route("look", "demand.list", "0", "")),
        button(say("Follow"), route(FOLLOW, demand.key)),
        *(
            (button(say("Motions behind it"), route("look", "motion.behind", "0", demand.key)),)
            if behind
            else ()
        ),
    )
    return Found(tuple(pages), steps)


async def demand_search(context: Context, guild_id: int, argument: str) -> Found:
    """The demands that answer to some words."""
    found = await campaign.search_demands(context, guild_id, argument, limit=PER_PAGE)
    if not found:
        page = Page(
            say("No demand speaks of “{query}”.", query=shorten(plain(argument), 60)),
            say("Try another word, or see all of them."),
        )
        return Found((page,), (button(say("All demands"), route("look", "demand.list", "0", ""), main=True),))
    best = found[0]
    page = Page(
        say_count(
            len(found),
            "{number} found for “{query}”",
            "{number} found for “{query}”",
            query=shorten(plain(argument), 60),
        ),
        details=_summaries(found),
    )
    return Found(
        (page,),
        (
            button(
                say("Open: {title}", title=best.title),
                route("look", "demand.show", "0", best.key),
                main=True,
            ),
        ),
    )


async def demand_changes(context: Context, guild_id: int, argument: str) -> Found:
    """The employer's responses since a day, newest first."""
    today = (await guilds.local_now(context, guild_id)).date()
    since = day_in(argument) if argument else today - LATELY
    changes = await campaign.changes_since(context, guild_id, since)
    steps = (button(say("As a picture over time"), route(PICTURE, since.isoformat())),)
    if not changes:
        body = say("No response of the employer was recorded in that time.")
        return Found((Page(say("Nothing new since {day}.", day=day(since)), body),), steps)
    details = tuple(
        (f"{day(change.response.on)}: {change.demand.title}", _step(change)) for change in reversed(changes)
    )
    pages = tuple(
        Page(say("Changes since {day}", day=day(since)), details=chunk) for chunk in _chunks(details)
    )
    return Found(pages, steps)


def _step(change: DemandChange) -> str:
    step = f"{status_words(change.before)} → {status_words(change.response.status)}"
    return f"{step}\n{plain(change.response.text)}"


def _chunks(details: Iterable[tuple[str, str]], taken: int = 0) -> list[tuple[tuple[str, str], ...]]:
    """The details page by page; so many letters of the first page are taken already."""
    chunks: list[list[tuple[str, str]]] = [[]]
    for detail in details:
        if len(chunks[-1]) >= PER_PAGE or taken + _length(detail) > _PAGE_ROOM:
            chunks.append([])
            taken = 0
        chunks[-1].append(detail)
        taken += _length(detail)
    return [tuple(chunk) for chunk in chunks]


def _length(detail: tuple[str, str]) -> int:
    heading, text = detail
    return len(heading) + min(len(text), FIELD_LIMIT)


async def _left_out(context: Context, guild_id: int) -> str:
    retired = len(await campaign.list_retired_demands(context, guild_id))
    return (
        say_count(
            retired,
            "Without {number} retired demand: /demand list status:Retired",
            "Without {number} retired demands: /demand list status:Retired",
        )
        if retired
        else ""
    )


def _summaries(demands: Sequence[Demand]) -> tuple[tuple[str, str], ...]:
    return tuple(
        (
            f"{demand.position}. {demand.title}",
            f"{_standing(demand)}\n{shorten(demand.summary, _SUMMARY_ROOM)}",
        )
        for demand in demands
    )


def _standing(demand: Demand) -> str:
    if demand.retired_on is None:
        return status_words(demand.status)
    return say(
        "{retired}; when it was: {status}", retired=say(RETIRED_WORDS), status=status_words(demand.status)
    )


async def _about(context: Context, guild_id: int, demand: Demand) -> list[tuple[str, str]]:
    """What comes before the answers, so that a long history cannot push it off the page."""
    about: list[tuple[str, str]] = []
    if demand.retired_on is not None:
        about.append((say(RETIRED_WORDS), f"{day(demand.retired_on)}\n{plain(demand.retired_reason or '')}"))
    if demand.wording and _stands_beside(demand):
        about.append((say("In its own words"), f"{_quoted(demand.wording)}\n{_wording_source(demand)}"))
    evidence = await campaign.evidence_for(context, guild_id, demand)
    if evidence is not None:
        said = say_count(
            evidence,
            "At least {number} piece of feedback speaks to this demand.",
            "At least {number} pieces of feedback speak to this demand.",
        )
        about.append((say("What members say"), said))
    return about


def _entry(demand: Demand, response: DemandResponse) -> list[tuple[str, str]]:
    """An entry of the history, whole, in as many fields as it takes."""
    words = status_words(response.status)
    if response.response_id in demand.corrected:
        words = say("Corrected later, so this does not count: {status}", status=words)
    corrected = next((one for one in demand.responses if one.response_id == response.corrects), None)
    if corrected is not None:
        corrects = say(
            "Corrects the entry of {day}: {status}",
            day=day(corrected.on),
            status=status_words(corrected.status),
        )
        words = f"{words}\n{corrects}"
    text = textwrap.wrap(plain(response.text), _LINE_ROOM)
    return fields_of(day(response.on), (words, *text, say("Source: {source}", source=plain(response.source))))


def _stands_beside(demand: Demand) -> bool:
    quoted = len(_quoted(demand.wording or ""))
    return quoted <= _LINE_ROOM and len(demand.summary) + quoted <= _WORDING_BESIDE


def _quoted(text: str) -> str:
    return "\n".join(f"> {line}" for line in as_typed(text).splitlines())


def _wording_source(demand: Demand) -> str:
    return source_line(demand.wording_source or demand.source)


def add_pages(bot: CampaignBot) -> None:
    """Adds the look-ups to the bot."""
    bot.lookups.add("demand.list", demand_list)
    bot.lookups.add("demand.show", demand_show)
    bot.lookups.add("demand.search", demand_search)
    bot.lookups.add("demand.changes", demand_changes)
