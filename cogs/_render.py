"""One look for everything that the bot says.

The answer stands in the first line, detail under it, the source and its date in small at the foot, the next step on a
button. One accent colour, the campaign's yellow, which never carries a meaning: a status is always a word.
"""

import re
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field
from datetime import date, datetime
from typing import Any, Protocol

import discord

from bot.domain.language import later, say
from bot.domain.models import STATUS_NAMES, DemandStatus, Source
from bot.domain.when.moment import format_date, format_moment, moment_of

YELLOW = discord.Colour(0xFFD500)

HEADLINE_LIMIT = 256
BODY_LIMIT = 4_000
FIELD_LIMIT = 1_024
FIELDS_LIMIT = 25
FOOT_LIMIT = 2_048
PICTURE_SHOWS = later("What the picture shows")
"""Stands above the words for a picture: Discord has no place for them beside one that is named by its address."""

PAGE_LIMIT = 5_500
"""Discord takes 6,000 characters in all; the rest is for what it counts differently."""

_STATUS_SIGNS = {
    DemandStatus.NO_RESPONSE: "○",
    DemandStatus.REFUSED: "✕",
    DemandStatus.PARTLY_MET: "◐",
    DemandStatus.AGREED: "✓",
    DemandStatus.MET: "●",
    DemandStatus.OVERTAKEN: "→",
}
STATUS_WORDS = {status: f"{sign} {STATUS_NAMES[status]}" for status, sign in _STATUS_SIGNS.items()}
"""In English, as the fixed choices of commands are; `status_words` says them."""


@dataclass(frozen=True, slots=True)
class Page:
    """One screenful. `details` are pairs of a short heading and its text, `picture` is a picture's address."""

    headline: str
    body: str = ""
    details: tuple[tuple[str, str], ...] = ()
    foot: str = ""
    picture: str | None = field(default=None)


def embed_of(page: Page) -> discord.Embed:
    """The page as Discord shows it, cut to Discord's limits where an organiser's text would exceed them."""
    embed = discord.Embed(
        title=shorten(page.headline, HEADLINE_LIMIT),
        description=shorten(page.body, BODY_LIMIT),
        colour=YELLOW,
    )
    for name, value in page.details[:FIELDS_LIMIT]:
        text = shorten(value, FIELD_LIMIT)
        if len(embed) + len(name) + len(text) + len(page.foot) > PAGE_LIMIT:
            break
        embed.add_field(name=shorten(name, HEADLINE_LIMIT), value=text, inline=False)
    if page.foot:
        embed.set_footer(text=shorten(page.foot, FOOT_LIMIT))
    if page.picture:
        embed.set_image(url=page.picture)
    return embed


def view_of(buttons: Sequence[discord.ui.Item[Any]]) -> discord.ui.View | None:
    """The buttons under a message, and lists to choose from.

    The view is stopped at once: presses are answered by `cogs._routes`, which needs no memory and so survives restarts.
    """
    if not buttons:
        return None
    view = discord.ui.View(timeout=None)
    for button in buttons:
        view.add_item(button)
    view.stop()
    return view


def button(label: str, custom_id: str, *, main: bool = False) -> discord.ui.Button[Any]:
    """A button labelled in words."""
    style = discord.ButtonStyle.primary if main else discord.ButtonStyle.secondary
    return discord.ui.Button(label=shorten(label, 80), custom_id=custom_id, style=style)


def link_button(label: str, url: str) -> discord.ui.Button[Any]:
    """A button that opens a web page."""
    return discord.ui.Button(label=shorten(label, 80), url=url)


def moment(instant: datetime) -> str:
    """An instant in each reader's own time, with how far away it is."""
    seconds = int(instant.timestamp())
    return f"<t:{seconds}:F> (<t:{seconds}:R>)"


class Timed(Protocol):
    """What starts at an instant and is told in a zone, as a meeting is."""

    @property
    def starts_at(self) -> datetime: ...
    @property
    def zone(self) -> str: ...


def status_words(status: DemandStatus) -> str:
    """A demand's status with its sign."""
    return f"{_STATUS_SIGNS[status]} {say(STATUS_NAMES[status])}"


def when_of(timed: Timed) -> str:
    """When something starts, on two lines: with weekday, date and zone, then in each reader's own time."""
    return f"{format_moment(moment_of(timed.starts_at, timed.zone))}\n{moment(timed.starts_at)}"


def day(on: date) -> str:
    """A calendar day with its weekday: Thursday 3 April 2025."""
    return format_date(on)


def source_line(source: Source) -> str:
    """Where a fact comes from, for the foot of a page; a title that names its own year says all there is to say."""
    title = say(source.title)  # the bot's own words for a source are stored in English
    if str(source.on.year) in source.title:
        return say("Source: {source}", source=title)
    return say("Source: {source}, {day}", source=title, day=day(source.on))


def shorten(text: str, limit: int) -> str:
    """The text, ending in an ellipsis if it had to be cut."""
    return text if len(text) <= limit else text[: limit - 1].rstrip() + "…"


_ANYWHERE = re.compile(r"([\\*_~`|>\[\]])")
_AT_THE_START = re.compile(r"^([ \t]*)([#-])", re.MULTILINE)


def plain(text: str) -> str:
    """What somebody typed, shown as typed: no formatting, no mention, on one line."""
    flat = " ".join(discord.utils.remove_markdown(text).split())
    return discord.utils.escape_mentions(_escaped(flat))


def as_typed(text: str) -> str:
    """What somebody typed, line by line as they typed it: no formatting, no mention."""
    return discord.utils.escape_mentions(_escaped(text))


def _escaped(text: str) -> str:
    """The text without Discord's formatting. A hyphen or # within a line formats nothing, and stays as it is.

    So titles read well where Discord shows them raw, as in notifications, and addresses with hyphens still work.
    """
    return _AT_THE_START.sub(r"\1\\\2", _ANYWHERE.sub(r"\\\1", text))


def fields_of(heading: str, lines: Iterable[str]) -> list[tuple[str, str]]:
    """Lines below a heading, in as few fields of a page as hold them."""
    fields: list[tuple[str, str]] = []
    for line in lines:
        if fields and len(fields[-1][1]) + len(line) < FIELD_LIMIT:
            fields[-1] = (fields[-1][0], f"{fields[-1][1]}\n{line}")
        else:
            fields.append((heading if not fields else say("{heading}, continued", heading=heading), line))
    return fields
