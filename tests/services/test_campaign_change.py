"""Another campaign in the place of the former one: what goes, what stays, and what a restart brings back."""

from datetime import UTC, date, datetime, timedelta

import pytest
from sqlalchemy import insert, select

from bot.domain.models import DemandResponse, DemandStatus
from bot.domain.problems import BadInput
from bot.domain.schedules import Schedule, ScheduleKind
from bot.services import campaign, demand_texts, guilds, participation
from bot.services.context import Context
from bot.services.demand_texts import TypedDemand
from bot.services.schedules import add_schedule, new_schedule_id
from db import campaign as queries
from db.campaign import EntryKind
from db.tables import demand_follows, demands, feedback
from db.tables import guilds as guild_table
from seeds.loader import LoadReport, change_campaign, load_campaign
from seeds.reader import read_campaign

A, B = 1_001, 1_002
OLD, NEW = "operation_protect", "library_hours"
ZONE = "Europe/London"


@pytest.fixture
async def served(context: Context) -> Context:
    """Two guilds with the configured campaign, as the start of the bot leaves them."""
    await guilds.welcome(context, [A, B])
    return context


async def change(context: Context, name: str = NEW) -> LoadReport:
    report = await change_campaign(context.database, A, read_campaign(name), zone=ZONE)
    context.snapshots.forget(A)
    context.guilds.pop(A, None)
    return report


async def demand_keys(context: Context, guild_id: int = A) -> list[str]:
    return [one.key for one in await campaign.list_demands(context, guild_id)]


async def counted(context: Context, table) -> int:
    async with context.database.read() as connection:
        return len((await connection.execute(select(table).where(table.c.guild_id == A))).all())


async def work_with_the_old(context: Context) -> None:
    """An answer to a demand, an edited aim, a nudge for an action, a link for the meeting, a retired demand."""
    answer = DemandResponse(date(2025, 3, 28), DemandStatus.REFUSED, "No.", "letter")
    schedule = Schedule(
        schedule_id=new_schedule_id(),
        guild_id=A,
        kind=ScheduleKind.NUDGE,
        title="Yellow",
        wordings=("Yellow!",),
        starts_wall=datetime(2025, 4, 4, 8),
        zone=ZONE,
        channel_id=1,
        lead_times=(timedelta(),),
        action_key="wear-yellow",
    )
    async with context.database.write() as connection:
        await queries.insert_response(
            connection, A, "cap-on-cases", answer, response_id="r" * 32, recorded_at=datetime.now(UTC)
        )
        await add_schedule(context, connection, schedule)
        for kind, key, values in (
            (EntryKind.AIM, "care-agreement", {"title": "As our branch says it"}),
            (EntryKind.MEETING, "all-members-2025-04-03", {"link": "https://example.org/join"}),
            (EntryKind.DEMAND, "no-new-work", {"retired_on": date(2025, 3, 30)}),
            (EntryKind.MOTION, "stop-privatisation", {"import_id": "i" * 32}),
        ):
            await queries.update_entry(connection, A, kind, key, values)
    context.snapshots.forget(A)


async def test_the_former_campaign_goes_and_a_restart_does_not_bring_it_back(served):
    assert len(await demand_keys(served)) == 12
    report = await change(served)
    assert len(report.removed) == 59
    assert report.left == ()
    new = [one.key for one in read_campaign(NEW).demands]
    assert await demand_keys(served) == new
    await guilds.welcome(served, [A, B])
    assert await demand_keys(served) == new
    assert (await guilds.get(served, A)).campaign == NEW
    assert len(await demand_keys(served, B)) == 12
    assert (await guilds.get(served, B)).campaign == OLD


async def test_what_people_worked_with_stays_and_is_listed(served):
    await work_with_the_old(served)
    report = await change(served)
    assert set(report.left) == {
        "demand cap-on-cases",
        "demand no-new-work",
        "aim care-agreement",
        "motion stop-privatisation",
        "action wear-yellow",
        "meeting all-members-2025-04-03",
    }
    assert {"demand cap-on-cases", "demand no-new-work"}.isdisjoint(report.removed)
    kept = await campaign.get_demand(served, A, "cap-on-cases")
    assert [response.text for response in kept.responses] == ["No."]
    assert "two-at-the-desk" in await demand_keys(served)
    # What was left is the server's own: going back and forth neither changes nor takes it.
    back = await change(served, OLD)
    assert {"demand cap-on-cases", "action wear-yellow"} <= set(back.kept)
    again = await change(served)
    assert again.left == ()
    assert "cap-on-cases" in await demand_keys(served)


async def test_evidence_and_participation_stay_and_what_members_followed_goes(served):
    await participation.record_done(served, A, 11, "logo-on-calls")
    async with served.database.write() as connection:
        await connection.execute(
            insert(demand_follows),
            [
                {"guild_id": A, "user_id": 11, "demand_key": "cap-on-cases"},
                {"guild_id": A, "user_id": 12, "demand_key": ""},
            ],
        )
        row = {"feedback_id": "f" * 32, "guild_id": A, "topic": "ground", "iso_week": "2025-W14"}
        row |= {"receipt_hash": "h" * 64, "state": "new", "text": "Too much.", "demand_key": "cap-on-cases"}
        await connection.execute(insert(feedback).values(row))
    await change(served)
    assert await counted(served, feedback) == 1
    assert await participation.this_week(served, A) == {"logo-on-calls": 1}
    async with served.database.read() as connection:
        follows = (await connection.execute(select(demand_follows.c.demand_key))).scalars().all()
    assert follows == [""]


async def test_an_answer_is_never_put_under_another_campaigns_demand_with_the_same_key(served):
    other = read_campaign(NEW)
    same_key = other.demands[0].model_copy(update={"key": "cap-on-cases"})
    plain_key = other.demands[1].model_copy(update={"key": "extend-overtime"})
    clashing = other.model_copy(update={"demands": (same_key, plain_key)})
    await work_with_the_old(served)
    for _ in range(2):
        await change_campaign(served.database, A, clashing, zone=ZONE)
        served.snapshots.forget(A)
        assert (await campaign.get_demand(served, A, "cap-on-cases")).title == "An agreed cap on cases"
        assert (await campaign.get_demand(served, A, "extend-overtime")).title == plain_key.title


async def test_beside_the_former_one_both_are_there_and_the_first_stays_the_servers(served):
    await load_campaign(served.database, A, read_campaign(NEW))
    served.snapshots.forget(A)
    await guilds.welcome(served, [A])
    assert len(await demand_keys(served)) == 17
    assert (await guilds.get(served, A)).campaign == OLD


async def test_a_change_that_fails_changes_nothing(served):
    other = read_campaign(NEW)
    broken = other.meetings[0].model_copy(update={"starts": datetime(2025, 4, 9, 18, tzinfo=UTC)})
    with pytest.raises(Exception, match="zone"):
        await change_campaign(served.database, A, other.model_copy(update={"meetings": (broken,)}), zone=ZONE)
    assert await counted(served, demands) == 12
    async with served.database.read() as connection:
        query = select(guild_table.c.campaign).where(guild_table.c.guild_id == A)
        assert (await connection.execute(query)).scalar_one() == OLD


async def numbers(context: Context) -> dict[str, int]:
    context.snapshots.forget(A)
    return {one.key: one.position for one in await campaign.all_demands(context, A)}


async def test_a_campaign_that_grows_takes_no_number_that_the_servers_own_demand_has(served):
    """Organisers and moderators speak of demands by their numbers: two with the same would be mixed up."""
    typed = TypedDemand("Free tea", "Tea.", "Branch meeting", "1 March")
    assert (await demand_texts.add(served, A, 1, typed)).position == 13
    await load_campaign(served.database, A, read_campaign(NEW))
    before = await numbers(served)
    assert [before[one.key] for one in read_campaign(NEW).demands] == [14, 15, 16, 17, 18]
    old = read_campaign(OLD)
    first, *others = old.demands
    added = [first.model_copy(update={"key": key, "title": key}) for key in ("newer", "newest")]
    grown = old.model_copy(update={"demands": (*added, first, *others)})
    async with served.database.write() as connection:  # an edit of its text does not fix a demand's number
        await queries.update_entry(connection, A, EntryKind.DEMAND, first.key, {"title": "Ours"})
    await change_campaign(served.database, A, grown, zone=ZONE)
    after = await numbers(served)
    assert [after[one.key] for one in grown.demands] == list(range(1, 15))
    assert after["free-tea"] == 19
    assert [after[one.key] for one in read_campaign(NEW).demands] == [20, 15, 16, 17, 18]
    assert (await campaign.demand_numbered(served, A, 13)).key == others[-2].key
    for again in (
        change_campaign(served.database, A, grown, zone=ZONE),
        load_campaign(served.database, A, read_campaign(NEW)),
    ):
        assert not (report := await again).updated
        assert not {"demand free-tea", "demand two-at-the-desk"} & set(report.kept)
        assert await numbers(served) == after


async def test_a_number_that_two_demands_have_is_refused_and_given_out_anew_by_the_next_start(served):
    async with served.database.write() as connection:
        row = {"key": "twin", "position": 3, "title": "Twin", "summary": "x", "source": "x", "keywords": []}
        twin = {**row, "source_on": date(2025, 3, 1)}
        await queries.insert_entries(connection, A, EntryKind.DEMAND, [twin])
    served.snapshots.forget(A)
    with pytest.raises(BadInput, match=r"More than one demand has the number 3.*“Twin”"):
        await campaign.demand_numbered(served, A, 3)
    await guilds.welcome(served, [A])
    assert (await numbers(served))["twin"] == 13
    assert (await campaign.demand_numbered(served, A, 3)).key != "twin"
