"""What members choose; and that all that is held about them is shown, and erased without a trace in the file."""

from datetime import date, timedelta

import pytest
from sqlalchemy import func, insert, select

import db.engine
from bot.domain.focus import Round
from bot.domain.personal_data import PERSONAL_COLUMNS, Choices
from bot.domain.problems import BadInput
from bot.domain.schedules import Delivery, TargetKind, delivery_key
from bot.services import guilds, members, participation
from bot.services.context import Context
from bot.services.zones import find_zone, known_zones, suggest_zones
from db.deliveries import insert_missing
from db.engine import Database
from db.focus import enter_ledger, insert_round
from db.follows import insert_follow
from db.guilds import ensure_guild
from db.tables import deliveries, meeting_answers, participation_ledger
from db.tables import members as members_table
from db.upgrade import upgrade
from seeds.loader import load_campaign
from seeds.reader import read_campaign
from tests.services.exporting import exported
from tests.services.nudges import GUILD, nudge, store
from tests.services.test_confidentiality import CANARIES, forms

ANA, BEN, ELSEWHERE = 9_001, 9_002, 1_002


async def rows(context: Context, table) -> int:
    async with context.database.read() as connection:
        return (await connection.execute(select(func.count()).select_from(table))).scalar_one()


async def send_nudge_to(context: Context, user_id: int, guild_id: int = GUILD, name: str = "s1") -> None:
    schedule = nudge(schedule_id=name, guild_id=guild_id)
    slot = "dm:0@10:00"
    now = context.now()
    made = Delivery(
        delivery_id=delivery_key(name, now.date(), slot, user_id),
        guild_id=guild_id,
        schedule_id=name,
        local_date=now.date(),
        slot=slot,
        target_id=user_id,
        target_kind=TargetKind.MEMBER,
        due_at=now,
        occurs_at=now,
    )
    async with context.database.write() as connection:
        await store(connection, schedule)
        await insert_missing(connection, [made])


async def fill(context: Context, user_id: int, guild_id: int = GUILD) -> None:
    """Everything that can be held about a member in one guild."""
    await load_campaign(context.database, guild_id, read_campaign("operation_protect"))
    await members.set_nudges(context, guild_id, user_id, on=True)
    await members.set_zone(context, guild_id, user_id, "Dublin")
    await send_nudge_to(context, user_id, guild_id, f"s{guild_id}")
    await participation.record_done(context, guild_id, user_id, "wear-yellow")
    await participation.record_done(context, guild_id, user_id, "logo-on-calls")
    await vote(context, user_id, guild_id)
    async with context.database.write() as connection:
        await insert_follow(connection, guild_id, user_id, "1")
        answer = {"guild_id": guild_id, "user_id": user_id, "meeting_key": "all-members-2025-04-03"}
        await connection.execute(
            insert(meeting_answers).values(**answer, local_date=date(2025, 4, 3), answer="yes", place=1)
        )


async def vote(context: Context, user_id: int, guild_id: int) -> None:
    """Marks a member as one who has voted in a round that is still open."""
    now = context.now()
    opened = Round(f"r{guild_id}", "What next?", now, now + timedelta(days=7))
    mark = context.keys.focus_hash(guild_id, opened.round_id, user_id)
    async with context.database.write() as connection:
        await ensure_guild(connection, guild_id, "Europe/London")
        await insert_round(connection, guild_id, opened)
        await enter_ledger(connection, guild_id, opened.round_id, mark)


async def counts(context: Context, user_id: int, guild_id: int = GUILD) -> dict[str, int]:
    held = await members.held(context, guild_id, user_id)
    return {holding.column.table: len(holding.rows) for holding in held}


async def test_nothing_is_stored_of_who_chose_nothing(context: Context) -> None:
    assert await members.choices(context, GUILD, ANA) == Choices()
    await members.set_nudges(context, GUILD, ANA, on=True)
    assert await members.choices(context, GUILD, ANA) == Choices(nudges=True)
    assert await members.choices(context, ELSEWHERE, ANA) == Choices()
    await members.set_nudges(context, GUILD, ANA, on=False)
    assert await rows(context, members_table) == 0


async def test_choices_do_not_undo_each_other(context: Context) -> None:
    await members.set_nudges(context, GUILD, ANA, on=True)
    await members.set_zone(context, GUILD, ANA, "Europe/Dublin")
    await members.set_nudges(context, GUILD, ANA, on=False)
    assert await members.choices(context, GUILD, ANA) == Choices(zone="Europe/Dublin")
    await members.set_zone(context, GUILD, ANA, None)
    assert await rows(context, members_table) == 0


async def test_the_zone_is_the_members_own_or_else_the_guilds(context: Context) -> None:
    assert await members.zone_for(context, GUILD, ANA) == "Europe/London"
    await guilds.change(context, GUILD, zone="Europe/Paris")
    assert await members.zone_for(context, GUILD, ANA) == "Europe/Paris"
    assert await members.set_zone(context, GUILD, ANA, "dublin") == "Europe/Dublin"
    assert await members.zone_for(context, GUILD, ANA) == "Europe/Dublin"
    assert await members.zone_for(context, GUILD, BEN) == "Europe/Paris"
    with pytest.raises(BadInput):
        await members.set_zone(context, GUILD, ANA, "Atlantis")
    assert await members.zone_for(context, GUILD, ANA) == "Europe/Dublin"
    assert await members.set_zone(context, GUILD, ANA, None) == "Europe/Paris"


@pytest.mark.parametrize(
    ("typed", "zone"),
    [
        ("London", "Europe/London"),
        (" uk ", "Europe/London"),
        ("BST", "Europe/London"),
        ("edinburgh", "Europe/London"),
        ("europe/london", "Europe/London"),
        ("isle of man", "Europe/Isle_of_Man"),
        ("Northern Ireland", "Europe/Belfast"),
        ("New York", "America/New_York"),
        ("America/New_York", "America/New_York"),
        ("utc", "UTC"),
    ],
)
def test_zones_go_by_many_names(typed: str, zone: str) -> None:
    assert find_zone(typed) == zone


@pytest.mark.parametrize(
    "typed", ["", "Atlantis", "../../etc/passwd", "Europe", "\x00", "@everyone", "x" * 500]
)
def test_what_is_no_zone_is_refused(typed: str) -> None:
    with pytest.raises(BadInput) as caught:
        find_zone(typed)
    assert "@" not in caught.value.what


def test_a_misspelt_zone_is_answered_with_the_nearest() -> None:
    with pytest.raises(BadInput, match="Lodnon") as caught:
        find_zone("Lodnon")
    assert "London" in caught.value.next_step
    assert suggest_zones("Dubln")[0] == ("Dublin (Europe/Dublin)", "Europe/Dublin")
    assert [key for _, key in suggest_zones("")][:2] == ["Europe/London", "Europe/Belfast"]


def test_every_zone_that_can_be_chosen_can_be_used() -> None:
    from zoneinfo import ZoneInfo

    assert len(known_zones()) > 400
    for name in known_zones():
        assert ZoneInfo(name).key == name == find_zone(name)


async def test_all_that_is_held_is_shown(context: Context) -> None:
    await fill(context, ANA)
    assert await counts(context, ANA) == {
        "members": 1,
        "deliveries": 1,
        "meeting_answers": 1,
        "demand_follows": 1,
        "participation_ledger": 2,
        "focus_ledger": 1,
        "audit": 0,
    }
    shown = {holding.column.table: holding.rows for holding in await members.held(context, GUILD, ANA)}
    assert shown["members"][0]["zone"] == "Europe/Dublin"
    assert {row["action_key"] for row in shown["participation_ledger"]} == {"wear-yellow", "logo-on-calls"}
    assert set((await counts(context, BEN)).values()) == {0}
    assert set((await counts(context, ANA, ELSEWHERE)).values()) == {0}


async def test_a_channel_with_the_number_of_a_member_is_not_theirs(context: Context) -> None:
    async with context.database.write() as connection:
        await store(connection, nudge(channel_id=ANA), deliveries=True)
    assert await rows(context, deliveries) == 1
    assert set((await counts(context, ANA)).values()) == {0}
    await members.forget(context, GUILD, ANA)
    assert await rows(context, deliveries) == 1


async def test_erasing_takes_all_of_one_member_in_one_guild(context: Context) -> None:
    for user_id, guild_id in ((ANA, GUILD), (ANA, ELSEWHERE)):
        await fill(context, user_id, guild_id)
    await members.set_nudges(context, GUILD, BEN, on=True)
    await participation.record_done(context, GUILD, BEN, "wear-yellow")
    before = await members.forget(context, GUILD, ANA)
    assert sum(len(holding.rows) for holding in before) == 7
    assert set((await counts(context, ANA)).values()) == {0}
    assert sum((await counts(context, BEN)).values()) == 2
    assert sum((await counts(context, ANA, ELSEWHERE)).values()) == 7


async def test_erasing_takes_a_member_out_of_the_weeks_number_once(context: Context) -> None:
    await fill(context, ANA)
    await participation.record_done(context, GUILD, BEN, "wear-yellow")
    await members.forget(context, GUILD, ANA)
    await members.forget(context, GUILD, ANA)
    this_week = await participation.this_week(context, GUILD)
    assert this_week["wear-yellow"] == 1
    assert this_week.get("logo-on-calls", 0) == 0
    assert await rows(context, participation_ledger) == 1
    again = await participation.record_done(context, GUILD, ANA, "wear-yellow")
    assert (again.counted, again.members_this_week) == (True, 2)


async def test_the_trace_of_a_moderators_work_stays(context: Context) -> None:
    await exported(context, GUILD, ANA, "Briefing")
    await members.set_nudges(context, GUILD, ANA, on=True)
    await members.forget(context, GUILD, ANA)
    assert await counts(context, ANA) == {
        "members": 0,
        "deliveries": 0,
        "meeting_answers": 0,
        "demand_follows": 0,
        "participation_ledger": 0,
        "focus_ledger": 0,
        "audit": 1,
    }


def test_what_cannot_be_erased_says_why() -> None:
    for column in PERSONAL_COLUMNS:
        assert "/me forget" in column.erasure
        assert ("keeps" in column.erasure) is not column.erasable


@pytest.mark.parametrize("journal", ["TRUNCATE", "WAL"])
@pytest.mark.parametrize("canary", CANARIES)
async def test_no_byte_of_the_id_is_left_in_the_file(
    sqlite_url, clock, settings, monkeypatch, canary, journal
):
    monkeypatch.setattr(db.engine, "safe_journal_mode", lambda version: journal)
    database = await Database.open(sqlite_url)
    await upgrade(database)
    context = make_context(database, clock, settings)
    await fill(context, canary)
    for other in range(300):  # so that the rows lie among others, on more than one page
        await members.set_nudges(context, GUILD, 10**17 + other * 7, on=True)
    assert canary_found(database, canary), "the scan would find it"
    await members.forget(context, GUILD, canary)
    assert not canary_found(database, canary)
    assert await rows(context, members_table) == 300
    await database.close()


def make_context(database, clock, settings) -> Context:
    from bot.services.keys import load_keys
    from bot.services.rate_limit import SubmissionLimit

    return Context(database, clock, settings, load_keys(settings.data.directory), SubmissionLimit(5))


def canary_found(database: Database, canary: int) -> bool:
    assert database.path is not None
    files = [path.read_bytes() for path in database.path.parent.glob(f"{database.path.name}*")]
    return any(form in data for data in files for form in forms(canary))
