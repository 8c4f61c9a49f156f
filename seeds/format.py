"""What a campaign's TOML files may hold. Whatever else they say is refused, not ignored.

The limits are Discord's (an embed title, a field, a button) and those of the columns in `db.tables`.
"""

import unicodedata
from datetime import date, datetime
from typing import Annotated, Literal, Self, TypeVar
from zoneinfo import ZoneInfo, ZoneInfoNotFoundError

from pydantic import AfterValidator, BaseModel, ConfigDict, Field, StringConstraints, model_validator

from bot.domain.actions import expires, is_https
from bot.domain.models import KEYWORDS_LIMIT, PointKind
from bot.domain.when.words import WEEKDAYS

Items = TypeVar("Items", bound=tuple[object, ...])
Weekday = Literal["Monday", "Tuesday", "Wednesday", "Thursday", "Friday", "Saturday", "Sunday"]


def _not_blank(text: str) -> str:
    if not text.strip():
        raise ValueError("is empty")
    if text != text.strip():
        raise ValueError("has spaces around it")
    if any(unicodedata.category(letter) == "Cc" and letter != "\n" for letter in text):
        raise ValueError("has a control character in it")
    return text


def _not_empty(items: Items) -> Items:
    # A minimal length in the type would also be reported for a list whose items were refused.
    if not items:
        raise ValueError("is empty")
    return items


def _fit_the_form(words: tuple[str, ...]) -> tuple[str, ...]:
    if len(", ".join(words)) > KEYWORDS_LIMIT:
        raise ValueError(
            f"has more than {KEYWORDS_LIMIT} characters in all, with a comma and a space between the words"
        )
    return words


def _naive(wall: datetime) -> datetime:
    if wall.tzinfo is not None:
        raise ValueError("has an offset; write the local time alone, and the zone beside it")
    if wall.microsecond:
        raise ValueError("has fractions of a second")
    return wall


def _known_zone(name: str) -> str:
    try:
        ZoneInfo(name)
    except (ZoneInfoNotFoundError, ValueError, OSError) as error:
        raise ValueError(f"is not a zone that is known: {name}; write it as Europe/London") from error
    return name


def _https(url: str) -> str:
    if not is_https(url):
        raise ValueError("is not an https address")
    return url


def _lasting(url: str) -> str:
    if expires(url):
        raise ValueError("is an address that Discord only lends for a day; put the picture on a website")
    return url


Key = Annotated[str, StringConstraints(pattern=r"^[a-z0-9]+(-[a-z0-9]+)*$", max_length=64)]
Name = Annotated[str, StringConstraints(pattern=r"^[a-z0-9]+(_[a-z0-9]+)*$", max_length=64)]
Label = Annotated[str, StringConstraints(max_length=80), AfterValidator(_not_blank)]
Title = Annotated[str, StringConstraints(max_length=200), AfterValidator(_not_blank)]
Summary = Annotated[str, StringConstraints(max_length=1024), AfterValidator(_not_blank)]
SourceTitle = Annotated[str, StringConstraints(max_length=300), AfterValidator(_not_blank)]
Url = Annotated[str, StringConstraints(max_length=512), AfterValidator(_https)]
PictureUrl = Annotated[
    str, StringConstraints(max_length=512), AfterValidator(_https), AfterValidator(_lasting)
]
Zone = Annotated[str, StringConstraints(max_length=64), AfterValidator(_known_zone)]
Wall = Annotated[datetime, AfterValidator(_naive)]


class SeedPart(BaseModel):
    """Any table of a seed file: strict about types, closed to unknown names, and frozen once read."""

    model_config = ConfigDict(strict=True, extra="forbid", frozen=True)


class SourceSeed(SeedPart):
    """A document that facts come from. `note` says what is not certain about it, such as its date."""

    title: SourceTitle
    date: date
    note: Summary | None = None


class EntrySeed(SeedPart):
    """What every entry of a campaign states."""

    key: Key
    title: Title
    summary: Summary
    source: SourceTitle
    date: date


class DemandSeed(EntrySeed):
    """A demand on the employer. `keywords` are the words under which members look for it."""

    keywords: Annotated[
        tuple[Label, ...], Field(strict=False, max_length=40), AfterValidator(_fit_the_form)
    ] = ()


class AimSeed(EntrySeed):
    """One of the campaign's aims."""


class PointSeed(SeedPart):
    """A paragraph of a motion. Concerns and resolutions carry the label that the document gives them."""

    kind: Annotated[PointKind, Field(strict=False)]
    label: Label | None = None
    text: Summary

    @model_validator(mode="after")
    def _labelled(self) -> Self:
        if self.label is None and self.kind is not PointKind.NOTE:
            raise ValueError(f"a {self.kind} needs its label, such as 1) or a)")
        return self


class MotionSeed(EntrySeed):
    """A conference motion."""

    conference: Title
    decision: Annotated[str, StringConstraints(max_length=100), AfterValidator(_not_blank)]
    calls_on: Title
    points: Annotated[tuple[PointSeed, ...], Field(strict=False), AfterValidator(_not_empty)]

    @model_validator(mode="after")
    def _labels_differ(self) -> Self:
        labels = [(point.kind, point.label) for point in self.points if point.label]
        for kind, label in labels:
            if labels.count((kind, label)) > 1:
                raise ValueError(f"has two {kind}s labelled {label}")
        return self


class LinkSeed(SeedPart):
    """A web address with the words that stand for it on a button."""

    label: Label
    url: Url


class PictureSeed(SeedPart):
    """A picture by its web address; `alt` says in words what it shows."""

    url: PictureUrl
    alt: Annotated[str, StringConstraints(max_length=1000), AfterValidator(_not_blank)]


class ActionSeed(EntrySeed):
    """Something that members can do now. `button` is what the button says by which they are counted."""

    links: Annotated[tuple[LinkSeed, ...], Field(strict=False, max_length=5)] = ()
    button: Label | None = None
    picture: PictureSeed | None = None


class MeetingSeed(EntrySeed):
    """A meeting: local wall time and zone. `weekday` is there to catch a slip in the date."""

    starts: Wall
    weekday: Weekday
    zone: Zone
    duration_minutes: Annotated[int, Field(gt=0, le=24 * 60)]

    @model_validator(mode="after")
    def _weekday_fits(self) -> Self:
        actual = WEEKDAYS[self.starts.weekday()]
        if actual != self.weekday:
            raise ValueError(f"{self.starts.date().isoformat()} is a {actual}, not a {self.weekday}")
        return self


class TermSeed(EntrySeed):
    """A term of the trade; `expansion` is what its letters stand for."""

    expansion: Title | None = None


class HeadSeed(SeedPart):
    """campaign.toml: the campaign's name, and the documents that the other files refer to by title."""

    name: Name
    title: Title
    sources: Annotated[tuple[SourceSeed, ...], Field(strict=False), AfterValidator(_not_empty)]


class CampaignSeed(HeadSeed):
    """A whole campaign, read and found to be sound."""

    demands: tuple[DemandSeed, ...] = ()
    aims: tuple[AimSeed, ...] = ()
    motions: tuple[MotionSeed, ...] = ()
    actions: tuple[ActionSeed, ...] = ()
    meetings: tuple[MeetingSeed, ...] = ()
    terms: tuple[TermSeed, ...] = ()
