"""The campaign's queries, on both databases."""

from datetime import UTC, date, datetime

import pytest

from bot.domain.models import DemandResponse, DemandStatus, Link, MotionPoint, PointKind, Source
from db import campaign, motions
from db.campaign import EntryKind
from db.engine import Database

A, B = 100_000_000_000_000_001, 100_000_000_000_000_002
ON = date(2025, 3, 1)
RECORDED = datetime(2025, 4, 4, 9, 0, tzinfo=UTC)


def row(key: str, position: int = 1, **more: object) -> dict[str, object]:
    return {
        "key": key,
        "position": position,
        "title": f"Title of {key}",
        "summary": "Summary.",
        "source": "Leaflet",
        "source_on": ON,
        "seed_digest": None,
        **more,
    }


POINTS = [{"kind": "concern", "label": "1)", "text": "It rains."}]
ROWS = {
    EntryKind.DEMAND: [row("second", 2, keywords=[]), row("first", 1, keywords=["pay", "wage’s"])],
    EntryKind.AIM: [row("aim")],
    EntryKind.MOTION: [row("motion", conference="C", decision="Carried", calls_on="us", points=POINTS)],
    EntryKind.ACTION: [row("action", links=[{"label": "L", "url": "https://example.org"}])],
    EntryKind.TERM: [row("term", expansion="")],
}


@pytest.fixture
async def filled(database: Database) -> Database:
    async with database.write() as connection:
        for kind, rows in ROWS.items():
            await campaign.insert_entries(connection, A, kind, rows)
    return database


def response(text: str, on: date, status: DemandStatus = DemandStatus.REFUSED) -> DemandResponse:
    return DemandResponse(on, status, text, "Letter")


async def respond(database: Database, guild_id: int, key: str, *responses: DemandResponse) -> None:
    async with database.write() as connection:
        for number, one in enumerate(responses):
            await campaign.insert_response(
                connection,
                guild_id,
                key,
                one,
                response_id=f"{key}{number}",
                recorded_at=RECORDED.replace(minute=number),
            )


async def test_entries_come_back_as_domain_objects(filled):
    async with filled.read() as connection:
        first, second = await campaign.fetch_demands(connection, A)
        (aim,) = await campaign.fetch_aims(connection, A)
        (motion,) = await motions.fetch_motions(connection, A)
        (action,) = await campaign.fetch_actions(connection, A)
        (term,) = await campaign.fetch_terms(connection, A)
    assert (first.key, second.key) == ("first", "second")
    assert first.keywords == ("pay", "wage’s")
    assert first.source == Source("Leaflet", ON)
    assert first.status is DemandStatus.NO_RESPONSE
    assert (aim.key, aim.title) == ("aim", "Title of aim")
    assert motion.points == (MotionPoint(PointKind.CONCERN, "1)", "It rains."),)
    assert action.links == (Link("L", "https://example.org"),)
    assert (term.key, term.expansion) == ("term", "")


async def test_responses_come_in_the_order_of_their_dates(filled):
    late = response("late", date(2025, 4, 3), DemandStatus.AGREED)
    early = response("early", date(2025, 3, 20))
    same_day = response("same day, recorded later", date(2025, 4, 3), DemandStatus.MET)
    await respond(filled, A, "first", late, early, same_day)
    async with filled.read() as connection:
        demand = await campaign.fetch_demand(connection, A, "first")
        listed = await campaign.fetch_demands(connection, A)
    assert demand is not None
    assert demand.responses == (early, late, same_day)
    assert demand.status is DemandStatus.MET
    assert listed[0] == demand
    assert listed[1].responses == ()


async def test_one_entry_by_key(filled):
    async with filled.read() as connection:
        assert (await motions.fetch_motion(connection, A, "motion")).key == "motion"
        assert await motions.fetch_motion(connection, A, "no such") is None
        assert await campaign.fetch_demand(connection, A, "no such") is None


async def test_another_guild_sees_nothing(filled):
    await respond(filled, A, "first", response("ours", ON))
    async with filled.read() as connection:
        assert await campaign.fetch_demands(connection, B) == ()
        assert await campaign.fetch_demand(connection, B, "first") is None
        assert await campaign.fetch_aims(connection, B) == ()
        assert await motions.fetch_motions(connection, B) == ()
        assert await motions.fetch_motion(connection, B, "motion") is None
        assert await campaign.fetch_actions(connection, B) == ()
        assert await campaign.fetch_terms(connection, B) == ()
        assert await campaign.fetch_stored(connection, B, EntryKind.DEMAND, ["title"]) == {}


async def test_the_same_keys_in_two_guilds_stay_apart(filled):
    async with filled.write() as connection:
        await campaign.insert_entries(connection, B, EntryKind.DEMAND, [row("first", keywords=[])])
        await campaign.update_entry(connection, B, EntryKind.DEMAND, "first", {"title": "Theirs"})
    await respond(filled, B, "first", response("theirs", ON))
    async with filled.read() as connection:
        ours = await campaign.fetch_demand(connection, A, "first")
        theirs = await campaign.fetch_demand(connection, B, "first")
    assert ours is not None
    assert theirs is not None
    assert (ours.title, ours.responses) == ("Title of first", ())
    assert (theirs.title, len(theirs.responses)) == ("Theirs", 1)


async def test_stored_columns_with_their_digest(filled):
    async with filled.write() as connection:
        await campaign.update_entry(connection, A, EntryKind.AIM, "aim", {"seed_digest": "abc"})
        stored = await campaign.fetch_stored(connection, A, EntryKind.AIM, ["title", "source_on"])
    assert stored["aim"].seed_digest == "abc"
    assert stored["aim"].values == {"title": "Title of aim", "source_on": ON}


async def test_nothing_to_insert_is_fine(database):
    async with database.write() as connection:
        await campaign.insert_entries(connection, A, EntryKind.AIM, [])
