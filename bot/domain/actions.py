"""Actions: their links and pictures as organisers type them, and what their numbers by week say."""

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from urllib.parse import urlsplit

from bot.domain.feedback import iso_week
from bot.domain.language import later, say, say_count
from bot.domain.models import ActionPicture, Link
from bot.domain.problems import BadInput
from bot.domain.text import clean_line

MOST_LINKS = 5
LABEL_LIMIT, URL_LIMIT, ALT_LIMIT = 80, 512, 1_000
MOST_GOAL = 1_000_000
DONE_LABEL = later("I've done this")
"""What the button says by which members are counted, unless the action says it in words of its own."""

_LINK_TOO_LONG = later(
    "The address of the link has {count} characters; at most {most} fit, so nothing was stored."
)
_PICTURE_TOO_LONG = later(
    "The address of the picture has {count} characters; at most {most} fit, so nothing was stored."
)
_ADDRESS = re.compile(r"[a-z]+://\S+", re.IGNORECASE)
_EXPIRING_HOSTS = ("cdn.discordapp.com", "media.discordapp.net")
"""Discord serves what was attached to a message from here, and only for about a day under the same address."""


@dataclass(frozen=True, slots=True)
class Week:
    """How many members took part in a week; `None` where they are too few to be told."""

    iso_week: str
    members: int | None


def is_https(url: str) -> bool:
    """Whether a text is a web address that begins with https:// and can be opened."""
    try:
        address = urlsplit(url)
        host = address.hostname
    except ValueError:
        return False
    return address.scheme == "https" and bool(host) and not any(letter.isspace() for letter in url)


def expires(url: str) -> bool:
    """Whether a picture at this address is gone after a day, because Discord only lends it."""
    return is_https(url) and urlsplit(url).hostname in _EXPIRING_HOSTS


def read_links(typed: str) -> tuple[Link, ...]:
    """Links from lines such as "Sign the petition https://example.org/petition".

    Raises:
        BadInput: a line has no https address or no words, or there are too many lines.
    """
    lines = [line.strip() for line in typed.splitlines() if line.strip()]
    if len(lines) > MOST_LINKS:
        raise BadInput(
            say_count(
                len(lines),
                "There is {number} link; at most {most} fit, so nothing was stored.",
                "There are {number} links; at most {most} fit, so nothing was stored.",
                most=MOST_LINKS,
            ),
            next_step=say("Leave some out and send it again."),
        )
    return tuple(_link(line) for line in lines)


def write_links(links: Sequence[Link]) -> str:
    """Links as `read_links` reads them."""
    return "\n".join(f"{link.label} {link.url}" for link in links)


def _link(line: str) -> Link:
    found = _ADDRESS.search(line)
    label = line.replace(found[0], " ").strip(" :-\u2013") if found else ""
    if found is None or not is_https(found[0]) or not label:
        raise BadInput(
            say("“{line}” is not a link, so nothing was stored.", line=line[:100]),
            next_step=say("Write one link a line: words, a space, and an address that begins with https://."),
        )
    return Link(
        clean_line(label, name=say("words of the link"), most=LABEL_LIMIT),
        _within(found[0], _LINK_TOO_LONG),
    )


def read_picture(typed: str) -> ActionPicture | None:
    """A picture from its address and, below or beside it, what it shows in words; `None` if nothing was typed.

    Raises:
        BadInput: there is no address that lasts, or nothing says what the picture shows.
    """
    typed = typed.strip()
    if not typed:
        return None
    found = _ADDRESS.search(typed)
    if found is None or not is_https(found[0]):
        raise BadInput(
            say("The picture has no address that begins with https://, so nothing was stored."),
            next_step=say(
                "Put the picture on your union's website, and write its address in the first line."
            ),
        )
    if expires(found[0]):
        raise BadInput(
            say(
                "Discord only lends that address: the picture would be gone after a day. Nothing was stored."
            ),
            next_step=say(
                "Put the picture on your union's website, and write the address that it has there."
            ),
        )
    alt = " ".join(typed.replace(found[0], " ").split())
    if not alt:
        raise BadInput(
            say("Nothing says what the picture shows, so nothing was stored."),
            next_step=say("Write below its address what it shows, for members who cannot see it."),
        )
    return ActionPicture(
        _within(found[0], _PICTURE_TOO_LONG), clean_line(alt, name=say("description"), most=ALT_LIMIT)
    )


def write_picture(picture: ActionPicture | None) -> str:
    """A picture as `read_picture` reads it."""
    return f"{picture.url}\n{picture.alt}" if picture else ""


def _within(url: str, too_long: str) -> str:
    if len(url) > URL_LIMIT:
        raise BadInput(
            say(
                too_long,
                count=f"{len(url):,}",
                most=URL_LIMIT,
            ),
            next_step=say("Use a shorter address."),
        )
    return url


def last_weeks(counted: Mapping[str, int], today: date, *, weeks: int, least: int) -> tuple[Week, ...]:
    """The last weeks up to today's, the earliest first, from the first in which enough members took part.

    Args:
        counted: members by ISO week.
        today: the current day.
        weeks: at most so many.
        least: fewer members than this are not told.
    """
    span = [iso_week(today - timedelta(weeks=back)) for back in range(weeks - 1, -1, -1)]
    shown = [Week(week, _told(counted.get(week, 0), least)) for week in span]
    first = next((place for place, week in enumerate(shown) if week.members is not None), len(shown))
    return tuple(shown[first:])


def streak(counted: Mapping[str, int], today: date, *, least: int) -> int:
    """For how many weeks in a row enough members took part; the current week, not over yet, breaks no row."""
    day = today if counted.get(iso_week(today), 0) >= least else today - timedelta(weeks=1)
    length = 0
    while counted.get(iso_week(day), 0) >= least:
        length += 1
        day -= timedelta(weeks=1)
    return length


def _told(members: int, least: int) -> int | None:
    return members if members >= least else None
