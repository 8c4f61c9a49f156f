"""Web addresses that put a meeting into somebody's diary on the web."""

from dataclasses import dataclass
from datetime import UTC, datetime
from urllib.parse import quote, urlencode
from zoneinfo import ZoneInfo

from bot.domain.diary import description_of, without_link
from bot.domain.models import Meeting

LONGEST_ADDRESS = 512
"""Discord takes no longer address on a button."""

_OUTLOOK_PATH = "/calendar/0/deeplink/compose"


@dataclass(frozen=True, slots=True)
class _Diary:
    """A diary on the web: its address, what it calls the title and the details, and all else it is told."""

    name: str
    address: str
    title: str
    details: str
    others: dict[str, str]


def web_diaries(meeting: Meeting) -> tuple[tuple[str, str], ...]:
    """The name of each web diary, and the address that adds this occurrence of the meeting there.

    The agenda is cut where the address would get too long for a button. The joining link is not in it.
    """
    shown = without_link(meeting)
    return tuple((diary.name, _address(diary, shown)) for diary in _diaries(shown))


def _diaries(meeting: Meeting) -> tuple[_Diary, ...]:
    utc = tuple(
        f"{instant.astimezone(UTC):%Y%m%dT%H%M%SZ}" for instant in (meeting.starts_at, meeting.ends_at)
    )
    local = tuple(
        f"{instant.astimezone(ZoneInfo(meeting.zone)):%Y%m%dT%H%M%S}"
        for instant in (meeting.starts_at, meeting.ends_at)
    )
    google = {"action": "TEMPLATE", "dates": "/".join(local), "ctz": meeting.zone}
    outlook = {
        "path": "/calendar/action/compose",
        "rru": "addevent",
        "startdt": _iso(meeting.starts_at),
        "enddt": _iso(meeting.ends_at),
    }
    yahoo = {"v": "60", "st": utc[0], "et": utc[1]}
    return (
        _Diary("Google Calendar", "https://calendar.google.com/calendar/render", "text", "details", google),
        _Diary("Outlook.com", f"https://outlook.live.com{_OUTLOOK_PATH}", "subject", "body", outlook),
        _Diary("Microsoft 365", f"https://outlook.office.com{_OUTLOOK_PATH}", "subject", "body", outlook),
        _Diary("Yahoo", "https://calendar.yahoo.com/", "title", "desc", yahoo),
    )


def _iso(instant: datetime) -> str:
    return f"{instant.astimezone(UTC):%Y-%m-%dT%H:%M:%SZ}"


def _address(diary: _Diary, meeting: Meeting) -> str:
    bare = _written(diary, "", "")
    title = _fitting(meeting.title, LONGEST_ADDRESS - len(bare))
    titled = _written(diary, title, "")
    return _written(diary, title, _fitting(description_of(meeting), LONGEST_ADDRESS - len(titled)))


def _written(diary: _Diary, title: str, details: str) -> str:
    query = {**diary.others, diary.title: title, diary.details: details}
    # Outlook shows a plus sign where a space was written as one.
    return f"{diary.address}?{urlencode(query, quote_via=quote, safe='/:')}"


def _fitting(text: str, room: int) -> str:
    """The text, ending in an ellipsis if it had to be cut so as to take no more room in an address."""
    if len(quote(text, safe="/:")) <= room:
        return text
    kept = text[: max(room, 0)]
    while kept and len(quote(f"{kept}…", safe="/:")) > room:
        kept = kept[:-1]
    return f"{kept.rstrip()}…" if kept else ""
