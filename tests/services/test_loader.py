"""Loading a campaign again and again, with edits and changed seeds in between."""

from collections.abc import Iterator
from contextlib import contextmanager
from datetime import UTC, datetime

import pytest
from sqlalchemy import event, select, text
from sqlalchemy.engine import Engine

from bot.domain.models import PointKind
from db.campaign import EntryKind, fetch_demands, insert_entries, update_entry
from db.engine import Database
from db.motions import fetch_motions
from db.tables import demands, meetings
from seeds.format import CampaignSeed
from seeds.loader import LoadReport, load_campaign
from seeds.reader import read_campaign

A, B = 1_001, 1_002


@pytest.fixture(scope="module")
def campaign() -> CampaignSeed:
    return read_campaign("operation_protect")


def retitled(campaign: CampaignSeed, title: str) -> CampaignSeed:
    first, *others = campaign.demands
    changed = first.model_copy(update={"title": title})
    return campaign.model_copy(update={"demands": (changed, *others)})


def moved(campaign: CampaignSeed, starts: datetime) -> CampaignSeed:
    (meeting,) = campaign.meetings
    return campaign.model_copy(update={"meetings": (meeting.model_copy(update={"starts": starts}),)})


def counts(report: LoadReport) -> tuple[int, int, int, int]:
    return len(report.added), len(report.updated), len(report.unchanged), len(report.kept)


def size(campaign: CampaignSeed) -> int:
    kinds = (
        campaign.demands,
        campaign.aims,
        campaign.motions,
        campaign.actions,
        campaign.meetings,
        campaign.terms,
    )
    return sum(len(kind) for kind in kinds)


@contextmanager
def statements() -> Iterator[list[str]]:
    seen: list[str] = []

    def note(connection, cursor, statement, parameters, context, executemany):
        seen.append(statement)

    event.listen(Engine, "before_cursor_execute", note)
    try:
        yield seen
    finally:
        event.remove(Engine, "before_cursor_execute", note)


async def edit(database: Database, guild_id: int, kind: EntryKind, key: str, **values: object) -> None:
    async with database.write() as connection:
        await update_entry(connection, guild_id, kind, key, values)


async def title_of(database: Database, guild_id: int, key: str) -> str:
    async with database.read() as connection:
        query = select(demands.c.title).where(demands.c.guild_id == guild_id, demands.c.key == key)
        return (await connection.execute(query)).scalar_one()


async def meeting_row(database: Database, guild_id: int):
    async with database.read() as connection:
        return (await connection.execute(select(meetings).where(meetings.c.guild_id == guild_id))).one()


async def test_the_first_run_adds_everything(database, campaign):
    report = await load_campaign(database, A, campaign)
    assert counts(report) == (size(campaign), 0, 0, 0)
    assert "demand suspend-sickness-absence" in report.added
    async with database.read() as connection:
        loaded = await fetch_demands(connection, A)
        motions = await fetch_motions(connection, A)
    assert [(one.key, one.title, one.summary) for one in loaded] == [
        (one.key, one.title, one.summary) for one in campaign.demands
    ]
    assert [len(motion.of_kind(PointKind.RESOLUTION)) for motion in motions] == [4, 1, 5]


async def test_the_meeting_is_stored_as_wall_time_and_as_the_instant_it_means(database, campaign):
    await load_campaign(database, A, campaign)
    row = await meeting_row(database, A)
    assert row.starts_wall == datetime(2025, 4, 3, 12, 30)
    assert row.starts_at == datetime(2025, 4, 3, 11, 30, tzinfo=UTC)
    assert (row.zone, row.duration_minutes, row.state, row.sequence) == ("Europe/London", 60, "planned", 0)


async def test_a_second_run_writes_nothing(database, campaign):
    await load_campaign(database, A, campaign)
    with statements() as seen:
        report = await load_campaign(database, A, campaign)
    assert counts(report) == (0, 0, size(campaign), 0)
    assert seen
    assert not [one for one in seen if one.lstrip().upper().startswith(("UPDATE", "INSERT", "DELETE"))]


async def test_a_changed_seed_updates_what_nobody_edited(database, campaign):
    await load_campaign(database, A, campaign)
    report = await load_campaign(database, A, retitled(campaign, "Newer"))
    assert report.updated == ("demand end-post-sentence-supervision",)
    assert await title_of(database, A, "end-post-sentence-supervision") == "Newer"
    assert counts(await load_campaign(database, A, retitled(campaign, "Newer")))[1] == 0


async def test_an_edited_entry_is_kept_whatever_the_seed_says(database, campaign):
    await load_campaign(database, A, campaign)
    await edit(database, A, EntryKind.DEMAND, "end-post-sentence-supervision", title="As our branch says it")
    for seed in (campaign, retitled(campaign, "Newer")):
        report = await load_campaign(database, A, seed)
        assert report.kept == ("demand end-post-sentence-supervision",)
        assert report.updated == ()
    assert await title_of(database, A, "end-post-sentence-supervision") == "As our branch says it"


async def test_an_entry_that_an_organiser_wrote_under_the_same_key_is_kept(database, campaign):
    async with database.write() as connection:
        row = {
            "key": "ai-agreement",
            "position": 1,
            "title": "Ours",
            "summary": "Ours.",
            "source": "Branch",
            "source_on": datetime(2025, 1, 1).date(),
            "keywords": [],
        }
        await insert_entries(connection, A, EntryKind.DEMAND, [row])
    report = await load_campaign(database, A, campaign)
    assert report.kept == ("demand ai-agreement",)
    assert await title_of(database, A, "ai-agreement") == "Ours"


async def test_what_organisers_add_to_a_meeting_is_no_edit(database, campaign):
    await load_campaign(database, A, campaign)
    await edit(
        database,
        A,
        EntryKind.MEETING,
        "all-members-2025-04-03",
        link="https://example.org/join",
        channel_id=7,
    )
    assert counts(await load_campaign(database, A, campaign)) == (0, 0, size(campaign), 0)
    before = await meeting_row(database, A)
    report = await load_campaign(database, A, moved(campaign, datetime(2025, 4, 10, 12, 30)))
    after = await meeting_row(database, A)
    assert report.updated == ("meeting all-members-2025-04-03",)
    assert after.starts_at == datetime(2025, 4, 10, 11, 30, tzinfo=UTC)
    assert (after.link, after.channel_id) == ("https://example.org/join", 7)
    assert after.sequence == before.sequence + 1


async def test_a_moved_meeting_stays_moved(database, campaign):
    await load_campaign(database, A, campaign)
    wall = datetime(2025, 4, 4, 18, 0)
    await edit(database, A, EntryKind.MEETING, "all-members-2025-04-03", starts_wall=wall)
    report = await load_campaign(database, A, moved(campaign, datetime(2025, 4, 10, 12, 30)))
    assert report.kept == ("meeting all-members-2025-04-03",)
    assert (await meeting_row(database, A)).starts_wall == wall


async def test_two_guilds_do_not_touch_each_other(database, campaign):
    await load_campaign(database, A, campaign)
    await edit(database, A, EntryKind.DEMAND, "ai-agreement", title="Edited in A")
    assert counts(await load_campaign(database, B, campaign)) == (size(campaign), 0, 0, 0)
    assert await title_of(database, B, "ai-agreement") != "Edited in A"
    assert (await load_campaign(database, A, campaign)).kept == ("demand ai-agreement",)


async def test_a_failure_leaves_nothing_behind(database, campaign):
    broken = moved(campaign, datetime(2025, 4, 3, 12, 30, tzinfo=UTC))
    with pytest.raises(Exception, match="zone"):
        await load_campaign(database, A, broken)
    async with database.read() as connection:
        assert (await connection.execute(text("SELECT count(*) FROM demands"))).scalar() == 0
