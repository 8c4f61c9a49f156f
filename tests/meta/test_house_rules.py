"""What the project promised itself, checked over every file."""

import ast
import re
from collections.abc import Iterator
from functools import cache
from pathlib import Path

from sqlalchemy import Table

import db.tables
from tests.meta.project import PRODUCT, ROOT, files, markdown_files, parsed, python_files, shown

LONGEST_FILE = 400
# Written in two halves, so that this file is not what it looks for.
UNFINISHED = re.compile("|".join((r"\bTO" + r"DO\b", r"\bFIX" + r"ME\b", r"\bXX" + r"X\b")))
REGISTRIES = re.compile(
    "|".join(
        re.escape(half + other_half)
        for half, other_half in (
            ("pypi", ".org"),
            ("pypi.python", ".org"),
            ("files.pythonhosted", ".org"),
            ("registry.npmjs", ".org"),
            ("registry.yarnpkg", ".com"),
            ("conda.anaconda", ".org"),
            ("proxy.golang", ".org"),
            ("crates", ".io"),
            ("deb.debian", ".org"),
            ("archive.ubuntu", ".com"),
            ("cdn.playwright", ".dev"),
            ("--index", "-url"),
            ("--extra-index", "-url"),
            ("--find", "-links"),
        )
    ),
    re.IGNORECASE,
)
MACHINE_PATHS = re.compile(r"(?<![\w.~/:])/(work|root|home|Users|tmp)/\w")


def lines_matching(pattern: re.Pattern[str], paths: list[Path] | tuple[Path, ...]) -> list[str]:
    found = []
    for path in paths:
        try:
            text = path.read_text(encoding="utf-8")
        except UnicodeDecodeError:
            continue  # a picture
        found += [
            f"{shown(path)}:{number}: {line.strip()[:100]}"
            for number, line in enumerate(text.splitlines(), start=1)
            if pattern.search(line)
        ]
    return found


def nodes(*packages: str) -> Iterator[tuple[str, ast.AST]]:
    """Every syntax node of some packages, with the place to name when it breaks a rule."""
    for path in python_files(*packages):
        yield from nodes_of(path)


@cache
def nodes_of(path: Path) -> list[tuple[str, ast.AST]]:
    name = shown(path)
    return [(f"{name}:{getattr(node, 'lineno', 0)}", node) for node in ast.walk(parsed(path))]


def test_there_is_something_to_check() -> None:
    assert len(python_files(*PRODUCT)) > 50
    assert ROOT / "README.md" in files()


def test_no_python_file_is_too_long() -> None:
    lengths = {shown(path): len(path.read_text().splitlines()) for path in python_files()}
    assert {name: length for name, length in lengths.items() if length > LONGEST_FILE} == {}


def test_nothing_is_left_unfinished() -> None:
    assert lines_matching(UNFINISHED, files()) == []
    assert lines_matching(re.compile(r"^\s*raise NotImplemented"), python_files()) == []


def test_no_file_names_a_registry_or_a_download_address() -> None:
    assert lines_matching(REGISTRIES, files()) == []


def test_the_lock_files_pin_everything_by_hash_and_name_no_address() -> None:
    for path in (ROOT / "requirements").glob("*.txt"):
        text = path.read_text()
        assert "://" not in text
        entries = re.split(r"\n(?=\S)", text.strip())
        assert len(entries) > 10
        for entry in entries:
            assert re.match(r"[\w.-]+(\[[\w,-]+\])?==\S+", entry), entry.splitlines()[0]
            assert "--hash=sha256:" in entry, entry.splitlines()[0]


def test_the_documents_name_no_machine() -> None:
    assert lines_matching(MACHINE_PATHS, markdown_files()) == []


def test_nobody_is_promised_that_nobody_knows() -> None:
    """Feedback is confidential; Discord sees who gives it, so no other word will do."""
    product = [path for path in files() if path.relative_to(ROOT).parts[0] in PRODUCT]
    assert lines_matching(re.compile("anonym", re.IGNORECASE), product) == []


PRINTS = {
    "bot/__main__.py": "the command line",
    "bot/process.py": "the last words of a process that ends at once",
    "bot/failures.py": "the one sentence about what stopped the program",
}


def test_the_product_logs_instead_of_printing() -> None:
    """The command line prints through typer, and the practice server through the function it is given."""
    printing = {
        shown(path)
        for path in python_files(*PRODUCT)
        if "practice" not in path.parts
        for node in ast.walk(parsed(path))
        if isinstance(node, ast.Call) and isinstance(node.func, ast.Name) and node.func.id == "print"
    }
    assert printing <= PRINTS.keys()


CLOCKS = {"bot/clock.py", "bot/services/scheduler.py"}
NOW = re.compile(
    r"(^|\.)(datetime|date)\.(now|utcnow|today)$|(^|\.)time\.(time|time_ns|localtime|gmtime)$|utcnow$"
)
NOW_NAMES = {"now", "utcnow", "today", "time", "time_ns", "localtime", "gmtime"}


def test_now_has_one_source() -> None:
    """The scheduler reads the machine's clock too, because APScheduler does."""
    found = [
        place
        for place, node in nodes(*PRODUCT)
        if (isinstance(node, ast.Attribute) and node.attr in NOW_NAMES and NOW.search(ast.unparse(node)))
        or (
            isinstance(node, ast.ImportFrom)
            and node.module == "time"
            and {"time", "time_ns"} & names_of(node)
        )
    ]
    assert {place.partition(":")[0] for place in found} == CLOCKS, found


def names_of(node: ast.ImportFrom) -> set[str]:
    return {one.name for one in node.names}


OUTSIDE_DB = {"AsyncConnection", "DBAPIError", "InterfaceError", "OperationalError", "SQLAlchemyError"}
RUNS_SQL = {"execute", "exec_driver_sql", "execute_sql", "scalars", "executemany"}


def test_sql_is_in_one_package() -> None:
    """Elsewhere, SQLAlchemy lends no more than the name of a connection and of its errors."""
    for place, node in nodes("bot", "cogs", "seeds"):
        if isinstance(node, ast.Import):
            assert not any(
                one.name.startswith(("sqlalchemy", "aiosqlite", "sqlite3")) for one in node.names
            ), place
        elif isinstance(node, ast.ImportFrom) and (node.module or "").startswith("sqlalchemy"):
            assert names_of(node) <= OUTSIDE_DB, place
        elif isinstance(node, ast.Attribute):
            assert node.attr not in RUNS_SQL, place


def test_cogs_hold_no_sqlalchemy() -> None:
    imports = (ast.Import, ast.ImportFrom)
    found = [
        place
        for place, node in nodes("cogs")
        if isinstance(node, imports) and "sqlalchemy" in ast.unparse(node)
    ]
    assert found == []


# Queries that serve every guild at once, or get the guild inside what they are given.
WITHOUT_GUILD = {
    "deliveries.insert_missing": "each delivery holds its guild",
    "deliveries.fetch_next_attention": "the one alarm rings for every guild",
    "deliveries.claim_due": "the delivery engine serves every guild, earliest first",
    "deliveries.settle": "one claimed delivery, by its key and fence",
    "deliveries.put_back": "one claimed delivery, by its key and fence",
    "deliveries.give_back": "one claimed delivery, by its key and fence",
    "deliveries.hold_unsent": "one claimed delivery, by its key and fence",
    "deliveries.redirect": "one claimed delivery, by its key and fence",
    "delivery_lists.fetch_overdue": "after a long time off, for every guild",
    "delivery_lists.count_backlog": "a number for who runs the bot, of every guild together",
    "delivery_lists.hold_all": "what was overdue after a long time off, by key",
    "guilds.fetch_feed_epochs": "the address of a calendar does not say of which guild",
    "schedules.insert_schedule": "the schedule holds its guild",
    "schedules.fetch_by_ids": "the schedules of what the delivery engine has claimed",
    "meeting_answers.fetch_answered_before": "the daily work, which then reads each guild's own days",
    "schedules.fetch_short_of": "the daily work writes deliveries ahead for every guild",
    "schedules.mark_materialised": "one schedule that the daily work has written ahead",
    "feedback.fetch_guilds_with_waiting": "the daily work; it answers with guilds, and with nothing of theirs",
    "feedback_threads.fetch_guilds_with_waiting_messages": "the daily work; it answers with guilds, and with nothing of theirs",
    "focus.fetch_guilds_in_ledger": "the daily work; it answers with guilds, and with nothing of theirs",
    "participation.fetch_guilds_in_ledger": "the daily work; it answers with guilds, and with nothing of theirs",
    "guilds.fetch_guild_ids": "the command line loads a campaign for every guild",
}


def guild_tables() -> set[str]:
    """The names in `db.tables` of the tables whose rows belong to a guild."""
    tables = {name: table for name, table in vars(db.tables).items() if isinstance(table, Table)}
    assert set(db.tables.metadata.tables) == {table.name for table in tables.values()}
    return {name for name, table in tables.items() if "guild_id" in table.c}


def names_in(node: ast.AST) -> set[str]:
    return {one.id for one in ast.walk(node) if isinstance(one, ast.Name)}


def queries() -> Iterator[tuple[str, ast.AsyncFunctionDef | ast.FunctionDef]]:
    """The functions of `db/` that others may call and that reach a guild's table, by way of helpers too."""
    for path in (ROOT / "db").glob("*.py"):
        used: dict[str, set[str]] = {}
        for node in parsed(path).body:
            if isinstance(node, ast.FunctionDef | ast.AsyncFunctionDef | ast.ClassDef):
                used[node.name] = names_in(node)
            elif isinstance(node, ast.Assign):
                used |= {name: names_in(node.value) for target in node.targets for name in names_in(target)}
        for node in parsed(path).body:
            if not isinstance(node, ast.FunctionDef | ast.AsyncFunctionDef) or node.name.startswith("_"):
                continue
            takes_connection = any("AsyncConnection" in ast.unparse(one) for one in node.args.args)
            if takes_connection and guild_tables() & reached(node.name, used):
                yield f"{path.stem}.{node.name}", node


def reached(start: str, used: dict[str, set[str]]) -> set[str]:
    found: set[str] = set()
    waiting = {start}
    while waiting:
        name = waiting.pop()
        found.add(name)
        waiting |= used.get(name, set()) - found
    return found


def test_no_query_without_a_guild() -> None:
    every = dict(queries())
    assert len(every) > 25, "the queries were not found"
    careless = {
        name
        for name, node in every.items()
        if "guild_id" not in {one.arg for one in [*node.args.args, *node.args.kwonlyargs]}
    }
    assert careless == WITHOUT_GUILD.keys()


def test_a_query_uses_the_guild_that_it_is_given() -> None:
    forgetful = [
        name
        for name, node in queries()
        if name not in WITHOUT_GUILD and not any("guild_id" in names_in(line) for line in node.body)
    ]
    assert forgetful == []
