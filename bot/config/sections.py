"""The sections of the settings, one model each: what every setting is, its default, and what it must be.

A description ends the sentence "This must be …", and an example is a correct value as TOML. What does not fit
is told in these words, never in pydantic's, which repeat what was typed.
"""

import difflib
import json
import re
from datetime import time
from pathlib import Path
from typing import Annotated, Literal, Self
from urllib.parse import unquote, urlsplit
from zoneinfo import ZoneInfo, available_timezones

from pydantic import (
    AfterValidator,
    BaseModel,
    BeforeValidator,
    ConfigDict,
    Field,
    SecretStr,
    field_validator,
    model_validator,
)

_SQLITE, _POSTGRES = "sqlite+aiosqlite", "postgresql+asyncpg"
_RIGHT_SCHEMES = {"sqlite": _SQLITE, "postgresql": _POSTGRES, "postgres": _POSTGRES}
_DATABASE_REST = {
    _SQLITE: re.compile(r"/[^\0]*[^/\0]"),
    _POSTGRES: re.compile(r"(.*@)?(\[[0-9a-fA-F:.]+\]|[^/@:?\[]*)(:\d{1,5})?/[^/?]+(\?.*)?"),
}
_IN_ADDRESS = re.compile(r"(://[^/@:]*:)(.*)@")
_IN_QUERY = re.compile(r"(?i)([?&]password=)([^&]*)")
GET_A_TOKEN = "Copy it again from https://discord.com/developers/applications, under Bot."  # noqa: S105 - a sentence

LONGEST_ADDRESS = 400


class Unfit(ValueError):
    """A value that does not fit its setting, with more to say than what the setting's description says."""

    def __init__(self, what: str, fix: str, *, key: str | None = None) -> None:
        super().__init__(what)
        self.what, self.fix, self.key = what, fix, key


def _whole_number(value: object) -> object:
    if isinstance(value, bool | float):
        raise ValueError  # noqa: TRY004 - pydantic turns only ValueError into a validation error
    return value


def _lower(value: object) -> object:
    return value.strip().lower() if isinstance(value, str) else value


def _none_when_empty(value: object) -> object:
    return None if value == "" else value


def _expanded(value: object) -> object:
    if value == "" or (isinstance(value, str) and "\0" in value):
        raise ValueError
    try:
        return Path(value).expanduser() if isinstance(value, str | Path) else value
    except RuntimeError:
        raise ValueError from None


WholeNumber = Annotated[int, BeforeValidator(_whole_number)]
OptionalNumber = Annotated[WholeNumber | None, BeforeValidator(_none_when_empty)]
OptionalPath = Annotated[Path | None, BeforeValidator(_expanded), BeforeValidator(_none_when_empty)]


class Section(BaseModel):
    """What all sections have in common: no unknown keys, no changes, no values in errors."""

    model_config = ConfigDict(frozen=True, extra="forbid", hide_input_in_errors=True, validate_default=True)


class DiscordSettings(Section):
    """How to reach Discord, and as which bot."""

    token: SecretStr | None = Field(default=None, description="the bot's token, as text", examples=['"…"'])
    token_file: OptionalPath = Field(default=None, description="the path of a file", examples=['"token.txt"'])
    api_base: Annotated[str | None, BeforeValidator(_none_when_empty)] = Field(
        default=None, description="a web address", examples=['"https://discord.com/api/v10"']
    )

    @field_validator("token", mode="before")
    @classmethod
    def _trim(cls, value: object) -> object:
        return value.strip() if isinstance(value, str) else value

    @field_validator("token")
    @classmethod
    def _could_be_a_token(cls, token: SecretStr | None) -> SecretStr | None:
        text = "none" if token is None else token.get_secret_value()
        if not text:
            raise Unfit("The token is empty.", GET_A_TOKEN)
        if re.match(r"bot\s", text, re.IGNORECASE):
            raise Unfit('The token starts with the word "Bot".', "Remove that word and the space after it.")
        if not re.fullmatch(r"[!-~]+", text) or text[0] in "\"'":
            raise Unfit("The token holds spaces, quotes or other characters that no token has.", GET_A_TOKEN)
        return token

    @field_validator("api_base")
    @classmethod
    def _web_address(cls, address: str | None) -> str | None:
        if address is None:
            return None
        parts = urlsplit(address)
        unclean = parts.query or parts.fragment or parts.username or re.search(r"[^!-~]", address)
        if parts.scheme not in {"http", "https"} or not parts.hostname or parts.port == 0 or unclean:
            raise Unfit(
                "This is not a web address that starts with http:// or https://.",
                "Write the address up to the version, such as https://discord.com/api/v10.",
            )
        return address.rstrip("/")

    @model_validator(mode="after")
    def _looks_like_discords(self) -> Self:
        # Another server (`api_base`) may give out tokens of another shape.
        text = self.token.get_secret_value() if self.token and not self.api_base else None
        if text is not None and not re.fullmatch(r"[\w-]+\.[\w-]+\.[\w-]+", text, re.ASCII):
            what = "The token is not one of Discord's, which have three parts with full stops between them."
            raise Unfit(what, GET_A_TOKEN, key="token")
        return self


class DataSettings(Section):
    """Where the bot keeps its files."""

    directory: Annotated[Path, BeforeValidator(_expanded)] = Field(
        default=Path("data"), description="the path of a folder", examples=['"./data"']
    )

    @field_validator("directory")
    @classmethod
    def _absolute(cls, directory: Path) -> Path:
        if "?" in str(directory):
            raise Unfit(
                "No folder of the bot may have a question mark in its path.", "Choose another folder."
            )
        return directory.absolute()


class DatabaseSettings(Section):
    """Which database to use."""

    url: str = Field(
        description="a database address", examples=['"sqlite+aiosqlite:////srv/bot/solidarity.sqlite3"']
    )

    @field_validator("url")
    @classmethod
    def _supported(cls, url: str) -> str:
        scheme, _, rest = url.strip().partition("://")
        right = _RIGHT_SCHEMES.get(re.split(r"[+:]", scheme)[0])
        if right and right != scheme:
            what = "The address does not name the driver that the bot uses."
            raise Unfit(what, f"Begin it with {right}://")
        if ":memory:" in rest:
            raise Unfit("A database in memory forgets everything when the bot stops.", "Name a file instead.")
        if not right or not _DATABASE_REST[right].fullmatch(rest):
            raise Unfit(
                "This is not the address of a database that the bot can use.",
                "Write sqlite+aiosqlite:///FILE or postgresql+asyncpg://USER:PASSWORD@HOST:PORT/NAME.",
            )
        return url.strip()

    @property
    def shown(self) -> str:
        """The address without its password, for people to read."""
        return _IN_QUERY.sub(r"\1***", _IN_ADDRESS.sub(r"\1***@", self.url))

    @property
    def passwords(self) -> tuple[str, ...]:
        """The password in the address, as it is written there and as it is meant."""
        written = [*_IN_ADDRESS.finditer(self.url), *_IN_QUERY.finditer(self.url)]
        return tuple({form for one in written for form in (one[2], unquote(one[2]))})

    def __repr_args__(self) -> list[tuple[str | None, object]]:
        return [("url", self.shown)]


class CampaignSettings(Section):
    """Which campaign the bot is for."""

    name: str = Field(
        default="operation_protect",
        pattern=r"^([a-z0-9_]*|[^\x00]*/[^\x00]*)$",
        description="the name of a campaign in small letters, or the path of a folder, with a slash",
        examples=['"operation_protect"'],
    )
    timezone: str = Field(default="Europe/London", description="a time zone", examples=['"Europe/London"'])

    @field_validator("timezone")
    @classmethod
    def _known_zone(cls, name: str) -> str:
        try:
            return ZoneInfo(name).key
        except (OSError, ValueError, KeyError):
            close = difflib.get_close_matches(name, available_timezones(), n=1)
        fix = f"Did you mean {close[0]}?" if close else "Write a name such as Europe/London."
        raise Unfit("No time zone has this name.", fix)


def _several(value: object) -> object:
    """A list, also when it comes as text: the environment has no other kind of value."""
    if not isinstance(value, str):
        return value
    if value.lstrip().startswith("["):
        try:
            return json.loads(value)
        except RecursionError:
            raise ValueError from None
    return re.split(r"[,\s]+", value.strip()) if value.strip() else []


def _public_key(key: str) -> str:
    from pyrage import RecipientError, x25519  # noqa: PLC0415 - only who seals feedback needs it

    key = key.strip()
    if key.upper().startswith("AGE-SECRET-KEY"):
        raise Unfit(
            "This is a secret key, and whoever has it can read all feedback. It must not be on the server.",
            "Remove it here, make a new key with solidarity-bot keygen, and write its public key.",
        )
    try:
        x25519.Recipient.from_str(key)
    except RecipientError:
        raise Unfit(
            "This is not a public key of age, or a part of it is missing.",
            "Copy the whole line that begins with age1 from what solidarity-bot keygen printed.",
        ) from None
    return key


def _each_once(keys: tuple[str, ...]) -> tuple[str, ...]:
    if len(set(keys)) < len(keys):
        raise Unfit("The same public key is there more than once.", "Keep it once.")
    return keys


PublicKeys = Annotated[
    tuple[Annotated[str, AfterValidator(_public_key)], ...],
    AfterValidator(_each_once),
    BeforeValidator(_several),
]


def _time_of_day(value: object) -> object:
    if isinstance(value, time) and value.tzinfo is None:
        return f"{value:%H:%M}"
    if isinstance(value, str) and re.fullmatch(r"([01]\d|2[0-3]):[0-5]\d", value):
        return value
    raise ValueError


class FeedbackSettings(Section):
    """How feedback is taken in."""

    submissions_per_day: WholeNumber = Field(
        default=5, ge=1, le=100, description="a whole number from 1 to 100", examples=["5"]
    )
    batch_time: Annotated[str, BeforeValidator(_time_of_day)] = Field(
        default="06:00",
        description="a time of day with hours and minutes, in quotes",
        examples=['"06:00"'],
    )
    recipients: PublicKeys = Field(
        default=(),
        description="a list of public keys that begin with age1, each in quotes",
        examples=['["age1…"]'],
    )


class RetentionSettings(Section):
    """How long things are kept on servers that did not choose for themselves."""

    feedback_weeks: WholeNumber = Field(
        default=104, ge=4, le=520, description="a whole number from 4 to 520", examples=["104"]
    )
    audit_weeks: WholeNumber = Field(
        default=156, ge=4, le=520, description="a whole number from 4 to 520", examples=["156"]
    )


class DeliverySettings(Section):
    """How reminders are sent."""

    horizon_days: WholeNumber = Field(
        default=35, ge=1, le=366, description="a whole number from 1 to 366", examples=["35"]
    )
    send_timeout_seconds: WholeNumber = Field(
        default=45, ge=1, le=600, description="a whole number from 1 to 600", examples=["45"]
    )
    lease_seconds: WholeNumber = Field(
        default=120, ge=2, le=3600, description="a whole number from 2 to 3600", examples=["120"]
    )
    concurrency: WholeNumber = Field(
        default=16, ge=1, le=16, description="a whole number from 1 to 16", examples=["16"]
    )

    @model_validator(mode="after")
    def _lease_outlasts_sending(self) -> Self:
        if self.lease_seconds <= self.send_timeout_seconds:
            raise Unfit(
                "The lease must last longer than a send may take (send_timeout_seconds).",
                f"Write a number above {self.send_timeout_seconds}.",
                key="lease_seconds",
            )
        return self


class FeedSettings(Section):
    """Where the calendar listens to which phones subscribe, and by which address they reach it."""

    listen: str = Field(
        default="",
        description="an address of this machine and a port, or nothing",
        examples=['"127.0.0.1:8095"'],
    )
    public_url: str = Field(
        default="",
        description="a web address that starts with https://",
        examples=['"https://calendar.example.org"'],
    )

    @field_validator("listen")
    @classmethod
    def _address_and_port(cls, listen: str) -> str:
        host, _, port = listen.strip().rpartition(":")
        if listen.strip() and not (re.fullmatch(r"\d{1,5}", port) and 0 < int(port) < 2**16 and host):
            what = "This is not an address and a port with a colon between them."
            raise Unfit(what, "Write 127.0.0.1:8095, for example.")
        return listen.strip()

    @field_validator("public_url")
    @classmethod
    def _encrypted(cls, address: str) -> str:
        parts = urlsplit(address)
        is_here = parts.scheme == "http" and parts.hostname in {"localhost", "127.0.0.1"}
        unclean = parts.query or parts.fragment or parts.username or re.search(r"[^!-~]", address)
        if address and (not (is_here or parts.scheme == "https") or not parts.hostname or unclean):
            what = "This is not a web address that starts with https://."
            raise Unfit(
                what, "Write the address by which phones reach the bot, such as https://calendar.example.org."
            )
        return address.rstrip("/")

    @model_validator(mode="after")
    def _reachable(self) -> Self:
        if self.listen and not self.public_url:
            what = "The calendar is switched on (listen), but not the address by which phones reach it."
            fix = "Write public_url too, such as https://calendar.example.org, or leave listen empty."
            raise Unfit(what, fix, key="public_url")
        return self

    @property
    def endpoint(self) -> tuple[str, int] | None:
        """Host and port on which to listen; `None` if the calendar is switched off."""
        host, _, port = self.listen.rpartition(":")
        return (host.strip("[]"), int(port)) if self.listen else None


class AboutSettings(Section):
    """What `/about` says of the program, beside what it knows itself."""

    code: str = Field(
        default="",
        description="a web address that starts with https://, or nothing",
        examples=['"https://git.example.org/solidarity-bot"'],
    )

    @field_validator("code")
    @classmethod
    def _web_page(cls, address: str) -> str:
        parts = urlsplit(address)
        unclean = len(address) > LONGEST_ADDRESS or parts.username or re.search(r"[^!-~]|[<>]", address)
        if address and (parts.scheme != "https" or not parts.hostname or unclean):
            what = "This is not a web address that starts with https://."
            raise Unfit(what, "Write the address of a page that anybody may read, or leave it empty.")
        return address


class LogSettings(Section):
    """What the log says, and in which form."""

    level: Annotated[Literal["debug", "info", "warning", "error"], BeforeValidator(_lower)] = Field(
        default="info", description="debug, info, warning or error", examples=['"info"']
    )
    format: Annotated[Literal["text", "json"], BeforeValidator(_lower)] = Field(
        default="text", description="text or json", examples=['"text"']
    )
