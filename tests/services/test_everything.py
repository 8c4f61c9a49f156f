"""One search over the whole campaign, on each kind of database; its index is made when a text changes and not before."""

import asyncio
from datetime import UTC, date, datetime

import pytest
from sqlalchemy import insert, update

from bot.domain.campaign_texts import Kind
from bot.services import everything, meetings
from bot.services.context import Context
from bot.services.meetings import MeetingRequest
from db.campaign import EntryKind, insert_entries, update_entry
from db.tables import imports
from seeds.loader import load_campaign
from seeds.reader import read_campaign

A, B = 1_001, 1_002


@pytest.fixture
async def campaigning(context: Context) -> Context:
    await load_campaign(context.database, A, read_campaign("operation_protect"))
    return context


async def found(context: Context, query: str, guild_id: int = A) -> list[tuple[Kind, str]]:
    findings = await everything.search_everything(context, guild_id, query)
    return [(entry.kind, entry.key) for entry in findings.entries]


async def bring_in(context: Context, key: str, title: str, text: str) -> None:
    row = {
        "guild_id": A,
        "import_id": key,
        "digest": key.ljust(64, "0"),
        "kind": "bulletin",
        "title": title,
        "on": date(2025, 3, 1),
        "text": text,
        "imported_at": datetime(2025, 3, 2, tzinfo=UTC),
        "changes": [],
    }
    async with context.database.write() as connection:
        await connection.execute(insert(imports).values(**row))
    context.snapshots.forget(A)


async def index_of(context: Context) -> object:
    return (await context.snapshots.get(context, A)).everything.index


async def test_all_kinds_are_in_one_ranked_list(campaigning):
    await bring_in(
        campaigning, "b1", "Bulletin of March", "We measure nothing with the Workload Measurement Tool."
    )
    kinds = await found(campaigning, "WMT")
    assert kinds[0] in {(Kind.TERM, "wmt"), (Kind.DEMAND, "wmt-does-not-measure")}
    assert {kind for kind, _ in kinds} >= {Kind.TERM, Kind.DEMAND, Kind.MOTION, Kind.DOCUMENT}
    assert (await found(campaigning, "yellow"))[0][0] is Kind.ACTION
    assert Kind.AIM in {kind for kind, _ in await found(campaigning, "probation")}
    assert Kind.MEETING in {kind for kind, _ in await found(campaigning, "3 April 2025")}
    assert await found(campaigning, "WMT", guild_id=B) == []


async def test_what_is_undone_or_in_another_guild_is_not_found(campaigning):
    await bring_in(campaigning, "b1", "Bulletin", "The hustings are on.")
    assert await found(campaigning, "hustings") == [(Kind.DOCUMENT, "b1")]
    assert await found(campaigning, "hustings", guild_id=B) == []
    async with campaigning.database.write() as connection:
        await connection.execute(update(imports).values(undone_at=datetime(2025, 3, 3, tzinfo=UTC)))
    campaigning.snapshots.forget(A)
    assert await found(campaigning, "hustings") == []


async def test_the_own_words_of_demands_and_motions_are_found_too(campaigning):
    changes = (
        (EntryKind.DEMAND, "ai-agreement", {"wording": "A moratorium on chatterboxes"}),
        (EntryKind.MOTION, "oppose-one-hmpps", {"wording": "Conference abhors chatterboxes"}),
    )
    async with campaigning.database.write() as connection:
        for kind, key, values in changes:
            await update_entry(connection, A, kind, key, values)
    assert set(await found(campaigning, "chatterbox")) == {
        (Kind.DEMAND, "ai-agreement"),
        (Kind.MOTION, "oppose-one-hmpps"),
    }


async def test_the_index_is_made_once_for_each_change_of_a_text(campaigning, clock):
    first = await index_of(campaigning)
    campaigning.snapshots.forget(A)
    assert await index_of(campaigning) is first
    clock.forward(minutes=2)
    assert await index_of(campaigning) is first
    request = MeetingRequest(title="Branch hustings", when="10 April 6pm", channel_id=7)
    await meetings.schedule_meeting(campaigning, A, request)
    assert (await found(campaigning, "hustings"))[0][0] is Kind.MEETING
    second = await index_of(campaigning)
    assert second is not first
    asked = await asyncio.gather(*(index_of(campaigning) for _ in range(20)))
    assert set(asked) == {second}


async def test_the_same_text_in_another_kind_is_found_as_that(campaigning):
    same = {"key": "rally", "title": "Rally", "summary": "", "source": "x", "source_on": date(2025, 3, 1)}
    async with campaigning.database.write() as connection:
        action = {"position": 99, "links": [], **same}
        await insert_entries(connection, A, EntryKind.ACTION, [action])
    assert await found(campaigning, "rally") == [(Kind.ACTION, "rally")]
    async with campaigning.database.write() as connection:
        await update_entry(connection, A, EntryKind.ACTION, "rally", {"retired_on": date(2025, 3, 2)})
        await insert_entries(connection, A, EntryKind.AIM, [{"position": 0, **same}])
    campaigning.snapshots.forget(A)
    assert await found(campaigning, "rally") == [(Kind.AIM, "rally")]


async def test_many_entries_are_read_and_indexed_while_others_are_served(campaigning):
    row = {"title": "Notice", "summary": "word " * 200, "source": "x", "source_on": date(2025, 3, 1)}
    rows = [{"key": f"aim-{number}", "position": number, **row} for number in range(1_000)]
    async with campaigning.database.write() as connection:
        await insert_entries(connection, A, EntryKind.AIM, rows)
    served = 0

    async def serve() -> None:
        nonlocal served
        while True:
            served += 1
            await asyncio.sleep(0)

    serving = asyncio.create_task(serve())
    assert len(await everything.suggest_everything(campaigning, A, "notice")) == 10
    serving.cancel()
    # A megabyte of text in steps of three thousand characters, and a thousand rows in slices of a hundred.
    assert served > 300


async def test_references_lead_only_to_what_there_is(campaigning):
    (label, reference), *_ = await everything.suggest_everything(campaigning, A, "wmt")
    entry = await everything.referred_to(campaigning, A, reference)
    assert entry is not None
    assert entry.title in label
    for typed in ("demand:gone", "planet:earth", "wmt", ":", "term:"):
        assert await everything.referred_to(campaigning, A, typed) is None
    assert await everything.referred_to(campaigning, B, reference) is None
