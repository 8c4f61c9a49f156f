"""What the log looks like, and what never gets into it."""

import asyncio
import io
import json
import logging
import warnings

import pytest
from sqlalchemy.exc import IntegrityError

from bot.config.sections import LogSettings
from bot.logs import LineHandler, configure_logging, redact

BOT_TOKEN = "MTAxMDEwMTAxMDEwMTAxMDEw.Canary.abcdefghijklmnopqrstuvwxyz0123456789AB"
INTERACTION_TOKEN = "aW50ZXJhY3Rpb246MTIzNDU2Nzg5MDEyMzQ1Njc4OTpjYW5hcnljYW5hcnk"
WEBHOOK_TOKEN = "canary-webhook_token-0123456789"
EXACT = "canary-from-another-server"


class Log:
    def __init__(self, level: str = "info", form: str = "text", secrets: tuple[str, ...] = ()) -> None:
        self.stream = io.StringIO()
        # pytest's own handlers would complain about the slips below; it puts them back for each test.
        root = logging.getLogger()
        root.handlers[:] = [one for one in root.handlers if isinstance(one, LineHandler)]
        configure_logging(
            LogSettings.model_validate({"level": level, "format": form}), secrets=secrets, stream=self.stream
        )

    @property
    def text(self) -> str:
        return self.stream.getvalue()

    @property
    def lines(self) -> list[str]:
        return self.text.splitlines()


log = logging.getLogger("bot.test")


def failing(error: Exception) -> None:
    try:
        raise error
    except type(error):
        log.exception("it failed")


# What it looks like


def test_an_event_is_one_line_with_its_values() -> None:
    seen = Log()
    log.info(
        "%s sent", "delivery", extra={"guild": 5, "late": True, "reason": "clocks went back", "empty": None}
    )
    (line,) = seen.lines
    time, rest = line.split(" ", maxsplit=1)
    assert time.endswith("Z")
    assert rest == 'INFO bot.test delivery sent guild=5 late=True reason="clocks went back" empty=None'


def test_an_event_can_be_json() -> None:
    seen = Log(form="json")
    log.warning("delivery\nheld", extra={"guild": 5, "late": True, "level": "pretended"})
    failing(ValueError("no"))
    first, second = (json.loads(line) for line in seen.lines)
    assert first.pop("time").endswith("Z")
    assert first == {
        "level": "warning",
        "logger": "bot.test",
        "event": "delivery\nheld",
        "guild": 5,
        "late": True,
    }
    assert second["error"] == "ValueError: no"


def test_nothing_in_an_event_can_begin_a_new_line_or_command_the_terminal() -> None:
    seen = Log()
    log.info("first\nINFO forged\x1b[2J", extra={"who": "a\r\nb\u2028c\u202e"})
    (line,) = seen.lines
    assert line.isprintable()
    assert "first\\nINFO forged\\x1b[2J" in line


def test_an_exception_is_named_with_its_place_and_no_traceback() -> None:
    seen = Log()
    failing(ValueError("no such day"))
    (line,) = seen.lines
    assert 'error="ValueError: no such day"' in line
    assert 'at="failing test_logs.py:' in line
    assert "Traceback" not in line


def test_the_cause_of_an_exception_is_named() -> None:
    seen = Log()
    error = RuntimeError("outer")
    error.__cause__ = KeyError("inner")
    failing(error)
    assert "cause=\"KeyError: 'inner'\"" in seen.text


def test_debugging_shows_the_traceback_below_the_line() -> None:
    seen = Log("debug")
    failing(ValueError("no such day"))
    assert seen.lines[1] == "  | Traceback (most recent call last):"
    assert all(line.startswith("  | ") for line in seen.lines[1:])


def test_a_slip_in_a_log_call_costs_neither_the_line_nor_a_secret(capsys: pytest.CaptureFixture[str]) -> None:
    seen = Log()
    log.info("sent %d of %d", BOT_TOKEN, BOT_TOKEN)
    log.info("odd", extra={"thing": Unprintable()})
    log.info("next")
    assert "sent %d of %d (its values could not be filled in)" in seen.lines[0]
    assert seen.lines[-1].endswith("next")
    captured = capsys.readouterr()
    assert (captured.out, captured.err) == ("", "")


class Unprintable:
    def __str__(self) -> str:
        raise ValueError(BOT_TOKEN)


def test_configured_twice_it_writes_once() -> None:
    first, second = Log(), Log()
    log.info("once")
    assert (len(first.lines), len(second.lines)) == (0, 1)
    assert sum(isinstance(one, LineHandler) for one in logging.getLogger().handlers) == 1


def test_warnings_become_events() -> None:
    seen = Log()
    with warnings.catch_warnings():
        warnings.simplefilter("always")
        warnings.warn("old ways", DeprecationWarning, stacklevel=1)
    (line,) = seen.lines
    assert "WARNING py.warnings" in line
    assert "old ways" in line


# What never gets into it


@pytest.mark.parametrize("name", ["discord", "discord.http", "discord.gateway", "discord.webhook.async_"])
def test_the_librarys_events_are_never_written_down(name: str) -> None:
    seen = Log("debug")
    logging.getLogger(name).debug("WebSocket Event: %s", {"content": "canary"})
    logging.getLogger(name).info("shard connected")
    assert len(seen.lines) == 1
    assert "canary" not in seen.text


@pytest.mark.parametrize(
    "name", ["asyncio", "aiosqlite", "sqlalchemy.engine", "sqlalchemy.engine.Engine", "sqlalchemy.pool"]
)
def test_statements_and_loops_are_never_written_down(name: str) -> None:
    seen = Log("debug")
    logging.getLogger(name).info("INSERT … %r", ("canary",))
    logging.getLogger(name).warning("slow")
    assert len(seen.lines) == 1


def test_the_level_counts_for_libraries_too() -> None:
    seen = Log("error")
    for name in ("discord", "asyncio", "bot"):
        logging.getLogger(name).warning("quiet")
    assert seen.lines == []


SECRETS = {
    "a bot's token": (f"using {BOT_TOKEN} now", BOT_TOKEN),
    "an authorization header": (f"headers {{'Authorization': 'Bot {EXACT}'}}", EXACT),
    "an authorization": ("sending as Bot canary123.x now", "canary123"),
    "a bearer": ("with Bearer canary.canary.canary", "canary"),
    "a JSON payload": (f'{{"op": 2, "d": {{"token": "{EXACT}", "x": 1}}}}', EXACT),
    "an interaction's token": (f"POST /interactions/123/{INTERACTION_TOKEN}/callback", INTERACTION_TOKEN),
    "an interaction's short token": ("POST https://h/api/v10/interactions/123/canary/callback?x=1", "canary"),
    "a webhook's token": (
        f"PATCH https://h/api/v10/webhooks/123/{WEBHOOK_TOKEN}/messages/@original",
        WEBHOOK_TOKEN,
    ),
    "an interaction's token alone": (f"token was {INTERACTION_TOKEN}", INTERACTION_TOKEN),
    "a database's password": ("postgresql+asyncpg://bot:canary@h@localhost/bot", "canary"),
    "a key": ("AGE-SECRET-KEY-1CANARYCANARY", "CANARY"),
    "a given secret": (f"who said {EXACT}?", EXACT),
}


@pytest.mark.parametrize("form", ["text", "json"])
@pytest.mark.parametrize(("message", "secret"), SECRETS.values(), ids=SECRETS.keys())
def test_a_secret_is_hidden_wherever_it_is(message: str, secret: str, form: str) -> None:
    seen = Log("debug", form, secrets=(EXACT,))
    log.debug(message)
    log.debug("%s and %r", message, {"nested": message})
    log.debug("event", extra={"url": message, "nested": [message]})
    failing(ValueError(message))
    wrapped = RuntimeError("outer")
    wrapped.__cause__ = ValueError(message)
    failing(wrapped)
    assert seen.text.count("[hidden]") >= 6
    assert secret not in seen.text


def test_a_secret_that_is_cut_in_the_middle_is_hidden_too() -> None:
    seen = Log()
    failing(ValueError("x" * 250 + " " + BOT_TOKEN))
    assert "Canary" not in seen.text


@pytest.mark.parametrize(
    "name", ["token", "webhook_token", "Authorization", "password", "client_secret", "receipt"]
)
def test_a_value_with_a_secrets_name_is_hidden(name: str) -> None:
    seen = Log()
    log.info("event", extra={name: "abc"})
    assert seen.text.endswith(f"{name}=[hidden]\n")


@pytest.mark.parametrize(
    "harmless",
    [
        "Solidarity Bot disconnected.",
        "Solidarity Bot 0.12.3 started",
        "logging in using static token",
        "GET https://discord.com/api/v10/channels/123456789012345678/messages with 200",
        "postgresql+asyncpg://bot@localhost/bot at 12:30",
        "bot.services.delivery sent 5",
        "Shard ID None has connected to Gateway (Session ID: 0123456789abcdef0123456789abcdef).",
    ],
)
def test_ordinary_text_is_left_alone(harmless: str) -> None:
    assert redact(harmless) == harmless


def test_what_a_member_wrote_does_not_come_in_through_the_database() -> None:
    seen = Log("debug")
    failing(
        IntegrityError(
            "INSERT INTO feedback VALUES (?)", ("canary text\nmore canary]",), Exception("UNIQUE failed")
        )
    )
    failing(ValueError("duplicate key\nDETAIL:  Key (text)=(canary text) already exists.".replace("  ", " ")))
    assert "canary" not in seen.text
    assert "UNIQUE failed" in seen.text


def test_a_forgotten_task_is_told_in_one_line() -> None:
    seen = Log()

    async def main() -> None:
        asyncio.get_running_loop().call_exception_handler(
            {"message": "forgotten", "exception": ValueError(BOT_TOKEN)}
        )

    asyncio.run(main())
    (line,) = seen.lines
    assert BOT_TOKEN not in line
