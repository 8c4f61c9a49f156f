"""Every parser of the product: valid examples, how it is called, and the errors that it is documented to raise."""

import tempfile
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from datetime import UTC, date, datetime
from functools import cache
from pathlib import Path
from types import SimpleNamespace
from typing import Any

from bot.config import load_settings
from bot.config.sources import ConfigurationError
from bot.domain import actions, drafts, feedback, focus, moderating, text
from bot.domain.bulletins.files.kinds import kind_of
from bot.domain.bulletins.reading import read_document
from bot.domain.export_rows import guarded, quoted
from bot.domain.past_days import parse_past_day
from bot.domain.problems import BadInput, Problem
from bot.domain.quiet import read_time_of_day
from bot.domain.receipts import normalise_receipt
from bot.domain.recurrence import parse_recurrence
from bot.domain.recurrence.phrases import parse_repeat
from bot.domain.scrub import scrub
from bot.domain.search import Searchable
from bot.domain.search.index import SearchIndex
from bot.domain.since import parse_since
from bot.domain.when import parse_moment
from bot.domain.when.moment import moment_of
from bot.domain.when.spans import parse_duration, parse_lead_times
from bot.services.documents_apart import read
from bot.services.meetings import link_of, seats_of
from cogs._routes import day_in, guild_in, modal_text, modal_values
from seeds.reader import read_campaign
from tests.documents.attacks import word
from tests.domain.malformed import MALFORMED

ROOT = Path(__file__).parents[2]
ZONE = "Europe/London"
NOW = datetime(2025, 3, 31, 9, 0, tzinfo=UTC)
TODAY = date(2025, 3, 31)


@dataclass(frozen=True)
class Parser:
    """One parser. `allowed` is what it may raise; `few` is how many inputs the test suite has time for."""

    examples: Sequence[str]
    call: Callable[[str], object]
    allowed: tuple[type[Exception], ...] = (BadInput,)
    few: int = 150


MOMENTS = (
    *(
        "3 April 12.30pm",
        "next Friday 8am",
        "in 2 hours",
        "2025-04-03T12:30Z",
        "last Friday of the month at noon",
    ),
    *("tomorrow half past 9", "Thursday 3/4/25 12:30", "the 15th at 6pm UTC", "in 1.5 hours", "tonight 7pm"),
    *("5th Friday of next month 8am", "a week on Monday 9 in the morning", "quarter to ten tomorrow evening"),
    *(phrase for phrase, _ in MALFORMED if len(phrase) < 60),
)
RECURRENCES = (
    *(
        "every Friday 8am",
        "every weekday at 9",
        "every other Tuesday 6pm until 27 June",
        "monthly on the 15th at noon",
    ),
    *(
        "the last Friday of every month 8am except bank holidays in Scotland",
        "every 2 weeks on Monday and Thursday 7pm",
    ),
    *(
        "FREQ=WEEKLY;BYDAY=FR;UNTIL=20250627T000000Z",
        "FREQ=MONTHLY;BYDAY=-1FR;COUNT=5",
        "daily 8am for 10 times",
    ),
    *("every year on 1 May at 10am", "first and third Monday of the month 6.30pm"),
)
REPEATS = (
    "every week",
    "every other week",
    "every month",
    "every Friday until 27 June",
    "every day except bank holidays",
)
SPANS = (
    "90 minutes",
    "1 hour 30",
    "1.5 h",
    "2 h 15 min",
    "half an hour",
    "1:30",
    "a week",
    "7 d",
    "two hours",
)
LEADS = (
    "7 d, 1 d, 1 h, start",
    "a week, 2 hours and at the start",
    "30 min",
    "none",
    "1 day and 15 minutes before",
)
DAYS = (
    "28 March",
    "yesterday",
    "last Friday",
    "2025-03-28",
    "28/3/25",
    "today",
    "3 days ago",
    "Monday 24 March 2025",
)
WEEKS = ("2025-W14", "week 14", "w14 2025", "week 1, 2024", "3 April", "2024-w53", *DAYS)
RECEIPTS = ("7K3M-Q0ZD-9XW2-H5TA", "7k3m q0zd 9xw2 h5ta", "`7K3MQ0ZD9XW2H5TA`", "OIL0-OIL0-OIL0-OIL0")
FEEDBACK = (
    "My caseload is 140% on the tool.\nMy manager, Mx Example, said so on 3 April at 12.30pm.",
    "Write to someone@union.example or ring 07700 900123, case T1234567, NI QQ 12 34 56 C.",
    "<@123456789012345678> in #general, office at SW1A 1AA; see https://union.example/a?b=c",
)
QUERIES = (
    "workload measurement",
    "WMT",
    "pay ofer",
    '"sick leave"',
    "demand 3",
    "AI & machine learning",
    "3 April 2025",
)
NAMES = ("A title of one line", "Line\nbreak", "**bold** `code` <@1> @everyone")
LINKS = ("Sign here: https://union.example/sign", "A: https://a.example\nB: https://b.example/?q=1#x", "")
PICTURES = ("https://union.example/a.png | A picture of a march", "https://union.example/a.png\nA march")
ARGUMENTS = (
    "overtime|met|2025-03-28", "123456789012345678|aaaa", "yes|call|2025-04-03", "2025-03-28", "0|open|situation|3|tag",
)  # fmt: skip
CELLS = ("=1+1", "plain", "\u200b=SUM(A1)", "-5", "@cmd", 'a "quoted" cell, with comma', "\ttab")


def _bulletins() -> list[str]:
    folder = ROOT / "tests" / "documents"
    return [
        path.read_text(errors="replace")[:6_000]
        for name in ("*.txt", "*.md")
        for path in sorted(folder.glob(name))
    ][:12]


@cache
def _index() -> SearchIndex:
    campaign = read_campaign("operation_protect")
    return SearchIndex([Searchable(one.key, one.title, one.summary, ()) for one in campaign.demands])


def _read_settings(written: str) -> object:
    with tempfile.TemporaryDirectory() as folder:
        path = Path(folder) / "config.toml"
        path.write_bytes(written.encode("utf-8", "surrogatepass"))
        return load_settings(path, {"SOLIDARITY_DATA__DIRECTORY": folder}, need_token=False)


def _read_environment(written: str) -> object:
    lines = (line.partition("=") for line in written.splitlines() if "=" in line)
    return load_settings(None, {name: value for name, _, value in lines}, need_token=True)


_ENVIRONMENT = """SOLIDARITY_DATA__DIRECTORY=data
SOLIDARITY_DELIVERY__LEASE_SECONDS=120
SOLIDARITY_DATABASE__URL=sqlite+aiosqlite:///x.db
SOLIDARITY_FEEDBACK__RECIPIENTS=["age1x"]
SOLIDARITY_LOG__LEVEL=debug
SOLIDARITY_DISCORD__API_BASE=http://127.0.0.1:1/api/v10
DISCORD_TOKEN=abc.def.ghi
"""


def _seed_files() -> list[str]:
    folder = ROOT / "seeds" / "operation_protect"
    return [f"{path.name}\n{path.read_text()[:3_000]}" for path in sorted(folder.glob("*.toml"))]


def _read_seed(written: str) -> object:
    name, _, content = written.partition("\n")
    with tempfile.TemporaryDirectory() as folder:
        head = (ROOT / "seeds" / "operation_protect" / "campaign.toml").read_text()
        (Path(folder) / "campaign.toml").write_text(head.replace("operation_protect", "mine"))
        known = {path.name for path in (ROOT / "seeds" / "operation_protect").glob("*.toml")}
        file = name if name in known else "demands.toml"
        (Path(folder) / file).write_bytes(content.encode("utf-8", "surrogatepass"))
        return read_campaign(folder)


def _file(data: bytes) -> object:
    """As the process apart reads it: whatever a library raises becomes words there."""
    kind = kind_of(data)
    return read(kind, data)


def _word_parts() -> list[str]:
    import io
    import zipfile

    data = (ROOT / "tests" / "documents" / "care-homes.docx").read_bytes()
    with zipfile.ZipFile(io.BytesIO(data)) as package:
        return [package.read("word/document.xml").decode()[:3_500] + "</w:body></w:document>"]


def _pdfs() -> list[str]:
    from tests.documents.pdf import Page, write

    page = Page()
    for height, line in enumerate(("We demand:", "1. A pay rise of 5% (five)", "Thursday 3 April 12.30pm")):
        page.line(72, 700 - 14 * height, line)
    return [write([page, page], [(1, 2, 3, 4, "https://union.example")]).decode("latin-1")]


def _modal(written: str) -> object:
    """A modal as Discord sends it, with what was typed or chosen in each of its three shapes."""
    one = {"custom_id": written[:20], "value": written or None}
    chosen = {"custom_id": "b", "values": written.split()[:2]}
    shapes: list[dict[str, Any]] = [{"components": [one]}, {"component": chosen}, {"component": None}, {}]
    interaction: Any = SimpleNamespace(data={"custom_id": written, "components": shapes})
    return modal_values(interaction), modal_text(interaction)


def _at(call: Callable[..., object]) -> Callable[[str], object]:
    return lambda typed: call(typed, now=NOW, zone=ZONE)


def _all(*calls: Callable[[str], object], allowed: type[Exception] = BadInput) -> Callable[[str], object]:
    """Asks each of several readers of the same thing, whatever the others say."""

    def ask(typed: str) -> None:
        for call in calls:
            try:
                call(typed)
            except allowed:
                continue

    return ask


PARSERS: dict[str, Parser] = {
    "moments": Parser(MOMENTS, _at(parse_moment)),
    "recurrences": Parser(RECURRENCES, _at(parse_recurrence)),
    "repeats": Parser(REPEATS, lambda typed: parse_repeat(typed, first=moment_of(NOW, ZONE))),
    "durations": Parser(SPANS, parse_duration),
    "lead times": Parser(LEADS, parse_lead_times),
    "times of day": Parser(("9pm", "21:00", "noon", "half past nine"), read_time_of_day),
    "past days": Parser(DAYS, _at(parse_past_day)),
    "since": Parser((*DAYS, "last month", "3 weeks ago", "January"), _at(parse_since)),
    "weeks": Parser(WEEKS, _at(feedback.read_week)),
    "receipts": Parser(RECEIPTS, normalise_receipt),
    "feedback": Parser(FEEDBACK, _all(feedback.cleaned, scrub)),
    "references and tags": Parser(("a1b2c3d4", "demand 3", "over-time"), _all(moderating.read_reference, moderating.normalised_tag)),
    "lines of text": Parser(NAMES, lambda typed: text.clean_line(typed, name="title", most=200)),
    "seats and links": Parser(("12", "none", "https://meet.example/a"), _all(seats_of, link_of)),
    "actions": Parser((*LINKS, *PICTURES), _all(actions.read_links, actions.read_picture)),
    "export cells": Parser(CELLS, lambda typed: (guarded(typed), quoted(typed))),
    "search": Parser(QUERIES, lambda typed: _index().search(typed, limit=25)),
    "buttons": Parser(ARGUMENTS, _all(day_in, guild_in, lambda typed: focus.places_of(typed, 9), lambda typed: drafts.read_choices(typed, "text"))),
    "forms": Parser((*NAMES, *ARGUMENTS), _modal),
    "bulletins": Parser(_bulletins(), lambda typed: read_document(typed, today=TODAY, zone=ZONE), few=15),
    "text files": Parser(_bulletins(), lambda typed: _file(typed.encode("utf-8", "surrogatepass")), few=20),
    "Word files": Parser(_word_parts(), lambda typed: _file(word(typed.encode("utf-8", "surrogatepass"))), few=8),
    "PDF files": Parser(_pdfs(), lambda typed: _file(typed.encode("latin-1", "replace")), few=8),
    "configuration": Parser([(ROOT / "config.example.toml").read_text()[:3_900], "[delivery]\nlease_seconds = 120\n[log]\nlevel = 'info'"], _read_settings, (ConfigurationError,), few=15),
    "environment": Parser([_ENVIRONMENT], _read_environment, (ConfigurationError,), few=15),
    "seeds": Parser(_seed_files(), _read_seed, (Problem,), few=8),
}  # fmt: skip
