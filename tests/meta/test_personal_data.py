"""Every column that could name a person is registered, so that it is shown by /me data and erased by /me forget."""

import re

import db.tables
from bot.domain.data_register import PERSONS, REGISTER, WORDS
from bot.domain.personal_data import DIRECT_NUDGES_KEPT, PERSONAL_COLUMNS, FoundBy
from db.scrub import TABLES
from db.types import Snowflake
from tests.meta.project import read

PERSON = re.compile(
    r"(^|_)(user|actor|member|author|owner|creator|moderator|organiser|person)_id$|_by$|^(user|author)$"
)
# What else Discord numbers: none of these is a person, whatever stands before it.
THING = re.compile(r"(^|_)(guild|role|channel|event|message)_id$")
REGISTERED = {(one.table, one.column) for one in PERSONAL_COLUMNS}


def every_table() -> set[str]:
    return set(db.tables.metadata.tables)


def every_column() -> dict[tuple[str, str], object]:
    return {
        (table.name, column.name): column.type
        for table in db.tables.metadata.sorted_tables
        for column in table.c
    }


def test_every_column_of_every_table_is_in_the_register() -> None:
    """Whoever adds a table or a column says what it is for, how long it is kept, and whether it leads to a person."""
    registered = {(entry.table, column) for entry in REGISTER for column in entry.columns}
    assert registered == every_column().keys(), "complete bot/domain/data_register.py"
    assert len({entry.table for entry in REGISTER}) == len(REGISTER)
    for entry in REGISTER:
        assert len(entry.columns) == len(f"{entry.nobody} {entry.persons} {entry.words}".split())


def test_what_leads_to_a_person_is_explained_to_them_and_goes_from_the_files_too() -> None:
    leading = {
        (entry.table, column)
        for entry in REGISTER
        for column, kind in entry.columns.items()
        if kind == PERSONS
    }
    assert leading == REGISTERED
    assert {table for table, _ in leading} <= set(TABLES)
    assert {entry.table for entry in REGISTER if WORDS in entry.columns.values()} & {
        name for name in every_table() if name.startswith(("feedback", "focus"))
    } <= set(TABLES)
    assert set(TABLES) <= every_table()
    samples = {
        (entry.table, column)
        for entry in REGISTER
        for column, kind in entry.columns.items()
        if entry.table in TABLES and kind in {PERSONS, WORDS}
    }
    assert samples <= set(db.tables.UNSAMPLED), "PostgreSQL would keep samples of it among its statistics"


def test_the_assessment_lists_what_the_register_lists() -> None:
    document = read("docs/dpia.md")
    for entry in REGISTER:
        assert f"| `{entry.table}` | {entry.purpose} | {entry.kept} | {entry.erased} |" in document


def test_every_column_that_names_a_person_is_registered() -> None:
    named = {place for place in every_column() if PERSON.search(place[1])}
    assert {("members", "user_id"), ("audit", "actor_id")} <= named
    assert named - REGISTERED == set(), "register it in bot/domain/personal_data.py"


def test_every_id_of_discords_is_a_known_thing_or_registered() -> None:
    ids = {
        place for place, kind in every_column().items() if kind is Snowflake and not THING.search(place[1])
    }
    assert ("deliveries", "target_id") in ids
    assert ids - REGISTERED == set(), "say in bot/domain/personal_data.py whether it names a person"


def test_a_keyed_hash_that_leads_to_a_person_is_registered() -> None:
    """A receipt's hash leads to nobody: only who holds the receipt can make it."""
    hashes = {place for place in every_column() if place[1].endswith("_hash")}
    assert hashes - REGISTERED == {("feedback", "receipt_hash")}
    assert {(one.table, one.column) for one in PERSONAL_COLUMNS if one.found_by is FoundBy.MARK} <= hashes


def test_for_how_long_direct_messages_are_kept_is_said_as_it_is() -> None:
    days = f"{DIRECT_NUDGES_KEPT.days} days after"
    assert [days in one.kept for one in PERSONAL_COLUMNS if one.table == "deliveries"] == [True]
    assert [days in one.kept for one in REGISTER if one.table == "deliveries"] == [True]


def test_what_is_registered_is_there_and_belongs_to_a_guild() -> None:
    assert every_column().keys() >= REGISTERED
    assert len(REGISTERED) == len(PERSONAL_COLUMNS)
    for one in PERSONAL_COLUMNS:
        table = db.tables.metadata.tables[one.table]
        assert "guild_id" in table.c
        assert {name for name, _ in one.only} <= set(table.c.keys())
        for words in (one.title, one.what, one.why, one.kept, one.erasure):
            assert len(words) > 10
            assert words is one.title or words.endswith(".")
