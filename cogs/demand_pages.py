"""How the demands look: lists, one demand with its history, and what changed."""

import textwrap
from collections.abc import Iterable, Sequence
from datetime import timedelta

from bot.domain.language import later, say, say_count
from bot.domain.models import Demand, DemandResponse, DemandStatus
from bot.services import campaign, guilds, motions
from bot.services.context import Context
from cogs._bot import CampaignBot
from cogs._lookups import Found
from cogs._render import (
    FIELD_LIMIT,
    STATUS_WORDS,
    Page,
    as_typed,
    button,
    day,
    fields_of,
    plain,
    shorten,
    source_line,
)
from cogs._routes import day_in, route

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
        demands, wanted = await campaign.list_retired_demands(context, guild_id), say(RETIRED_WORDS)
    else:
        status = DemandStatus(argument) if argument else None
        demands = await campaign.list_demands(context, guild_id, status)
        wanted = STATUS_WORDS[status] if status else ""
    if not demands:
        named = say(" with the status “{wanted}”", wanted=wanted) if wanted else ""
        return Found(
            (
                Page(
                    say("There is no demand{named}.", named=named),
                    say("`/demand list` without a status shows all of them."),
                ),
            )
        )
    heading = (
        say("{count} demands on the employer", count=len(demands))
        if len(demands) > 1
        else say("One demand on the employer")
    )
    foot = "" if argument else await _left_out(context, guild_id)
    pages = tuple(Page(heading, wanted, chunk, foot) for chunk in _chunks(_summaries(demands)))
    return Found(pages, (button(say("As a picture over time"), route(PICTURE, "")),))


async def demand_show(context: Context, guild_id: int, argument: str) -> Found:
    """One demand with its wording and its history, the latest answer first."""
    demand = await campaign.get_demand(context, guild_id, argument)
    headline = f"{demand.position}. {demand.title}" + (" (retired)" if demand.retired_on else "")
    foot = source_line(demand.source)
    entries = [field for response in reversed(demand.responses) for field in _entry(demand, response)]
    details = [(say("Status"), STATUS_WORDS[demand.status]), *await _about(context, guild_id, demand)]
    if not entries:
        details.append((say("The employer's answers"), say("None recorded yet.")))
    taken = len(demand.summary) + sum(_length(one) for one in details)
    latest, *earlier = _chunks(entries, taken)
    pages = [Page(headline, demand.summary, (*details, *latest), foot)]
    pages += [Page(say("{headline}: its history", headline=headline), "", chunk, foot) for chunk in earlier]
    if demand.wording and not _stands_beside(demand):
        quoted = _quoted(shorten(demand.wording, _WORDING_ROOM))
        pages.append(
            Page(say("{headline}: in its own words", headline=headline), quoted, (), _wording_source(demand))
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
            say("No demand speaks of “{argument}”.", argument=shorten(plain(argument), 60)),
            say("Try another word, or see all of them."),
        )
        return Found((page,), (button(say("All demands"), route("look", "demand.list", "0", ""), main=True),))
    best = found[0]
    page = Page(
        say("{count} found for “{argument}”", count=len(found), argument=shorten(plain(argument), 60)),
        details=_summaries(found),
    )
    return Found(
        (page,),
        (
            button(
                say("Open: {best_title}", best_title=best.title),
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
        return Found((Page(say("Nothing new since {since}.", since=day(since)), body),), steps)
    details = tuple(
        (
            f"{day(change.response.on)}: {change.demand.title}",
            f"{STATUS_WORDS[change.before]} → {STATUS_WORDS[change.response.status]}\n{plain(change.response.text)}",
        )
        for change in reversed(changes)
    )
    pages = tuple(
        Page(say("Changes since {since}", since=day(since)), details=chunk) for chunk in _chunks(details)
    )
    return Found(pages, steps)


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
        say(
            "Without {say_count}: /demand list status:Retired",
            say_count=say_count(retired, "{number} retired demand", "{number} retired demands"),
        )
        if retired
        else ""
    )


def _summaries(demands: Sequence[Demand]) -> tuple[tuple[str, str], ...]:
    return tuple(
        (
            f"{demand.position}. {demand.title}",
            f"{_status_words(demand)}\n{shorten(demand.summary, _SUMMARY_ROOM)}",
        )
        for demand in demands
    )


def _status_words(demand: Demand) -> str:
    if demand.retired_on is None:
        return STATUS_WORDS[demand.status]
    return say(
        "{retired_words}; when it was: {status_words}",
        retired_words=say(RETIRED_WORDS),
        status_words=STATUS_WORDS[demand.status],
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
        said = say(
            "At least {say_count} of feedback speak to this demand.",
            say_count=say_count(evidence, "{number} piece", "{number} pieces"),
        )
        about.append((say("What members say"), said))
    return about


def _entry(demand: Demand, response: DemandResponse) -> list[tuple[str, str]]:
    """An entry of the history, whole, in as many fields as it takes."""
    words = STATUS_WORDS[response.status]
    if response.response_id in demand.corrected:
        words = say("Corrected later, so this does not count: {words}", words=words)
    corrected = next((one for one in demand.responses if one.response_id == response.corrects), None)
    if corrected is not None:
        words += say(
            "\nCorrects the entry of {on}: {status_words}",
            on=day(corrected.on),
            status_words=STATUS_WORDS[corrected.status],
        )
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
