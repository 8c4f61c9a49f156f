"""Reads the zone that may stand behind a time: "BST", "UTC", "London time", "UTC+3"."""

from dataclasses import dataclass
from datetime import UTC, datetime, timedelta, timezone, tzinfo
from typing import Final
from zoneinfo import ZoneInfo

from bot.domain.language import say
from bot.domain.when.moment import city, resolve
from bot.domain.when.problem import Refusal
from bot.domain.when.tokens import Cursor

LONDON: Final = "Europe/London"
_LONDON_WORDS: Final = (
    "british summer time",
    "greenwich mean time",
    "london time",
    "british time",
    "uk time",
    "bst",
)
_OTHER_ZONE_NAMES: Final = (
    "acst aedt aest akst awst brt cat cdt cest cet cst eat edt eest eet est et gst hkt hst ist jst kst mdt mst msk "
    "ndt nst nzdt nzst pdt pkt pst pt sast sgt wat west wet wib"
)
_OTHER_ZONES: Final = frozenset(_OTHER_ZONE_NAMES.split())
_WIDEST_OFFSET: Final = timedelta(hours=14)
_MINUTES_PER_HOUR: Final = 60


@dataclass(frozen=True, slots=True)
class ZoneWord:
    """The zone named in a phrase; `name` is set when it is the person's own under an abbreviation."""

    info: tzinfo
    name: str = ""


def read_zone(cursor: Cursor, zone: str, now: datetime) -> ZoneWord | None:
    """Read a zone behind a time.

    In Britain "GMT" and "BST" are both used for whatever the clock on the wall shows, so with Europe/London
    as the zone they change nothing (except in the hour that happens twice).

    Raises:
        Refusal: the abbreviation belongs to a zone that the person is not in.
    """
    own = _own_abbreviations(zone, now)
    if cursor.word() in own or (zone == LONDON and cursor.word() in {"bst", "gmt"}):
        following = cursor.token(1)
        if not (following and following.joined and following.text in {"+", "-"}):
            return ZoneWord(ZoneInfo(zone), cursor.take())
    if cursor.accept("local time"):
        return ZoneWord(ZoneInfo(zone))
    if cursor.accept(*_LONDON_WORDS):
        return ZoneWord(ZoneInfo(LONDON))
    if cursor.word() in {"utc", "gmt"}:
        cursor.take()
        return ZoneWord(timezone(_read_offset(cursor)))
    if cursor.word() in _OTHER_ZONES:
        raise Refusal(
            say('I cannot tell which zone "{word}" stands for', word=cursor.word().upper()),
            say("Write the time as the clock shows it in {city}.", city=city(zone)),
        )
    return None


def moment_in_second_half(wall: datetime, word: ZoneWord) -> datetime | None:
    """Return the later instant of a repeated wall time when the zone word can only mean that one, else None.

    "25 October 2026 1.30am GMT" in London names the second 1.30am of that night.
    """
    first = wall.replace(tzinfo=word.info, fold=0)
    second = wall.replace(tzinfo=word.info, fold=1)
    names = ((first.tzname() or "").casefold(), (second.tzname() or "").casefold())
    later = second.astimezone(UTC)
    if word.name == names[1] != names[0] and later > resolve(wall, word.info):
        return later
    return None


def _own_abbreviations(zone: str, now: datetime) -> frozenset[str]:
    """The names that the zone goes by in the coming year."""
    info = ZoneInfo(zone)
    months = (now + timedelta(days=30 * step) for step in range(13))
    names = {(month.astimezone(info).tzname() or "").casefold() for month in months}
    return frozenset(name for name in names if name.isalpha() and name != "utc")


def _read_offset(cursor: Cursor) -> timedelta:
    sign, amount = cursor.token(), cursor.token(1)
    if not (sign and amount and sign.joined and sign.text in {"+", "-"}):
        return timedelta()
    if amount.kind not in {"number", "clock"}:
        return timedelta()
    start = cursor.position
    cursor.position += 2
    hours, _, minutes = amount.text.partition(":")
    minutes, _, seconds = minutes.partition(":")
    offset = timedelta(hours=int(hours[:6]), minutes=int(minutes[:6] or "0"))
    if seconds or offset > _WIDEST_OFFSET or int(minutes[:6] or "0") >= _MINUTES_PER_HOUR:
        raise Refusal(say('no place on earth is at "{offset}" from UTC', offset=cursor.since(start)))
    return offset if sign.text == "+" else -offset
