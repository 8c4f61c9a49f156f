"""What members look up, what organisers record, and what the memory of it may show."""

import asyncio
import gc
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import date, timedelta
from typing import Any

import pytest
from sqlalchemy import event
from sqlalchemy.engine import Engine

from bot.config import Settings
from bot.domain.models import DemandStatus
from bot.domain.problems import BadInput, NotFound
from bot.services import campaign as service
from bot.services import snapshot
from bot.services.context import Context
from bot.services.demand_ledger import record_response
from bot.services.keys import Keys
from bot.services.rate_limit import SubmissionLimit
from db.campaign import EntryKind, insert_entries, update_entry
from seeds.loader import load_campaign
from seeds.reader import read_campaign

A, B, ORGANISER = 1_001, 1_002, 21
TODAY = date(2025, 3, 31)


@pytest.fixture
async def context(sqlite_database, clock) -> Context:
    await load_campaign(sqlite_database, A, read_campaign("operation_protect"))
    return Context(
        database=sqlite_database,
        clock=clock,
        settings=Settings(),
        keys=Keys(b"k" * 32),
        limit=SubmissionLimit(3),
    )


async def respond(context: Context, key: str = "ai-agreement", **changes: object):
    given = {"status": "refused", "text": "No.", "on": date(2025, 3, 20), "source": "Letter", **changes}
    return (await record_response(context, A, ORGANISER, key, **given)).demand


async def retitle(context: Context, key: str, title: str) -> None:
    async with context.database.write() as connection:
        await update_entry(connection, A, EntryKind.DEMAND, key, {"title": title})


@contextmanager
def counted_statements() -> Iterator[list[str]]:
    seen: list[str] = []

    def note(connection, cursor, statement, parameters, context, executemany):
        seen.append(statement)

    event.listen(Engine, "before_cursor_execute", note)
    try:
        yield seen
    finally:
        event.remove(Engine, "before_cursor_execute", note)


async def test_all_there_is_to_look_up(context):
    assert len(await service.list_demands(context, A)) == 12
    assert len(await service.list_aims(context, A)) == 5
    assert len(await service.list_motions(context, A)) == 3
    assert len(await service.list_actions(context, A)) == 3
    assert len(await service.list_terms(context, A)) >= 20


async def test_another_guild_has_none_of_it(context):
    assert await service.list_demands(context, B) == ()
    assert await service.search_demands(context, B, "") == []
    assert await service.suggest_terms(context, B, "") == []
    with pytest.raises(NotFound) as caught:
        await service.get_demand(context, B, "ai-agreement")
    assert "organiser" in caught.value.next_step


@pytest.mark.parametrize(
    "asked", ["ai-agreement", "AI", "artificial intelligence", "A collective agreement on AI"]
)
async def test_a_demand_by_key_or_words(context, asked):
    assert (await service.get_demand(context, A, asked)).key == "ai-agreement"


async def test_a_loose_find_is_offered_not_taken(context):
    with pytest.raises(NotFound) as caught:
        await service.get_demand(context, A, "pay rise")
    assert "Review overtime and keep it going" in caught.value.next_step
    assert "/demand list" in caught.value.next_step


@pytest.mark.parametrize("asked", ["zzzz", "???", "  ", "x" * 5_000])
async def test_nothing_near_shows_the_way_to_the_list(context, asked):
    with pytest.raises(NotFound) as caught:
        await service.get_demand(context, A, asked)
    assert "/demand list" in caught.value.next_step
    assert len(caught.value.what) < 200


async def test_other_look_ups_by_words(context):
    assert (await service.get_motion(context, A, "privatisation")).key == "stop-privatisation"
    assert (await service.get_action(context, A, "yellow")).key == "wear-yellow"
    assert (await service.explain_term(context, A, "workload measurement tool")).title == "WMT"
    assert (await service.explain_term(context, A, "hmpps")).title == "HMPPS"
    with pytest.raises(NotFound, match="term"):
        await service.explain_term(context, A, "zzzz")


async def test_a_demand_is_found_by_a_word_of_its_text(context):
    found = await service.search_demands(context, A, "discretion")
    assert found[0].key == "suspend-sickness-absence"


@pytest.mark.parametrize(
    "suggest",
    [service.suggest_demands, service.suggest_motions, service.suggest_actions, service.suggest_terms],
)
async def test_there_are_as_many_suggestions_as_discord_shows(context, suggest):
    for typed in ("", "a", "re", "yellow"):
        suggestions = await suggest(context, A, typed)
        assert len(suggestions) <= 25
        assert all(label and 0 < len(key) <= 100 for label, key in suggestions)
    assert await suggest(context, A, "")


async def test_a_term_is_suggested_with_what_it_stands_for(context):
    assert ("WMT (Workload Measurement Tool)", "wmt") in await service.suggest_terms(context, A, "wm")


async def test_a_response_is_seen_at_once(context):
    assert (await service.get_demand(context, A, "ai-agreement")).status is DemandStatus.NO_RESPONSE
    demand = await respond(context, status="partly_met", text="  Talks are agreed.\0 ")
    assert demand.status is DemandStatus.PARTLY_MET
    assert demand.responses[-1].text == "Talks are agreed."
    assert await service.get_demand(context, A, "ai-agreement") == demand
    assert await service.list_demands(context, A, DemandStatus.PARTLY_MET) == (demand,)
    assert len(await service.list_demands(context, A, DemandStatus.NO_RESPONSE)) == 11


async def test_responses_are_never_overwritten(context):
    await respond(context, status="agreed", on=date(2025, 3, 25))
    demand = await respond(context, status="refused", on=date(2025, 3, 10))
    assert [response.status for response in demand.responses] == [DemandStatus.REFUSED, DemandStatus.AGREED]


@pytest.mark.parametrize(
    ("changes", "said"),
    [
        ({"text": ""}, "empty"),
        ({"text": " \n\0 "}, "empty"),
        ({"text": "x" * 1_001}, "1,001"),
        ({"source": ""}, "empty"),
        ({"source": "x" * 301}, "301"),
        ({"on": TODAY + timedelta(days=1)}, "future"),
        ({"status": "maybe"}, "status"),
    ],
)
async def test_a_response_that_cannot_be_used_is_refused(context, changes, said):
    with pytest.raises(BadInput, match=said):
        await respond(context, **changes)
    assert (await service.get_demand(context, A, "ai-agreement")).responses == ()


async def test_the_longest_response_of_today_is_taken(context):
    demand = await respond(context, text="x" * 1_000, on=TODAY)
    assert len(demand.responses[-1].text) == 1_000


async def test_today_is_the_guilds_day(context, clock):
    clock.forward(hours=15, minutes=30)  # 23.30 in UTC, and half past midnight in London
    await respond(context, on=TODAY + timedelta(days=1))


async def test_recording_takes_the_key_only(context):
    for key in ("AI", "no-such-demand"):
        with pytest.raises(NotFound, match="nothing was changed"):
            await respond(context, key=key)


async def test_nobody_records_in_another_guild(context):
    with pytest.raises(NotFound):
        await record_response(context, B, ORGANISER, "ai-agreement", "met", "Yes.", TODAY, "Letter")
    assert (await service.get_demand(context, A, "ai-agreement")).responses == ()


async def test_changes_since(context):
    await respond(context, "extend-overtime", status="agreed", on=date(2025, 3, 28))
    await respond(context, status="refused", on=date(2025, 3, 10))
    await respond(context, status="met", on=date(2025, 3, 29))
    changes = await service.changes_since(context, A, date(2025, 3, 28))
    assert [(change.demand.key, change.before, change.response.status) for change in changes] == [
        ("extend-overtime", DemandStatus.NO_RESPONSE, DemandStatus.AGREED),
        ("ai-agreement", DemandStatus.REFUSED, DemandStatus.MET),
    ]
    assert await service.changes_since(context, A, date(2025, 3, 30)) == []


async def test_a_second_look_up_asks_no_database(context):
    await service.list_demands(context, A)
    with counted_statements() as seen:
        await service.get_demand(context, A, "sickness")
        await service.suggest_terms(context, A, "w")
    assert seen == []


async def test_a_hundred_at_once_cost_one_reading(context):
    with counted_statements() as seen:
        await asyncio.gather(*(service.list_aims(context, A) for _ in range(100)))
    assert sum("FROM aims" in statement for statement in seen) == 1


async def test_changes_by_another_process_show_within_a_minute(context, clock):
    await service.list_demands(context, A)
    await retitle(context, "ai-agreement", "Newer")
    clock.forward(seconds=59)
    assert (await service.get_demand(context, A, "ai-agreement")).title != "Newer"
    clock.forward(seconds=1)
    assert (await service.get_demand(context, A, "ai-agreement")).title == "Newer"


async def test_a_clock_set_back_does_not_keep_the_old_for_ever(context, clock):
    await service.list_demands(context, A)
    await retitle(context, "ai-agreement", "Newer")
    clock.forward(hours=-5)
    assert (await service.get_demand(context, A, "ai-agreement")).title == "Newer"


async def test_forgetting_during_a_reading_leaves_nothing_stale(context, monkeypatch):
    read, go_on = asyncio.Event(), asyncio.Event()
    take = snapshot._take

    async def slow_take(*arguments):
        taken = await take(*arguments)
        read.set()
        await go_on.wait()
        return taken

    monkeypatch.setattr(snapshot, "_take", slow_take)
    before = asyncio.create_task(service.get_demand(context, A, "ai-agreement"))
    await read.wait()
    await retitle(context, "ai-agreement", "Newer")
    context.snapshots.forget(A)
    after = asyncio.create_task(service.get_demand(context, A, "ai-agreement"))
    await asyncio.sleep(0)
    go_on.set()
    await before
    assert (await after).title == "Newer"
    assert (await service.get_demand(context, A, "ai-agreement")).title == "Newer"


async def test_a_reading_that_fails_is_tried_again(context, monkeypatch):
    take = snapshot._take

    async def failing_take(*arguments):
        raise OSError("no disk")

    monkeypatch.setattr(snapshot, "_take", failing_take)
    with pytest.raises(OSError, match="no disk"):
        await service.list_aims(context, A)
    monkeypatch.setattr(snapshot, "_take", take)
    assert len(await service.list_aims(context, A)) == 5
    assert context.snapshots._reading == {}


async def test_memory_is_bounded(context, monkeypatch):
    monkeypatch.setattr(snapshot, "MAXIMUM_GUILDS", 2)
    for guild_id in (A, B, 3, A, 4):
        await service.list_aims(context, guild_id)
    assert list(context.snapshots._kept) == [A, 4]


async def test_text_typed_by_organisers_is_searchable_whatever_it_holds(context):
    row = {
        "key": "odd",
        "position": 13,
        "title": "…",
        "summary": "",
        "source": "Branch",
        "source_on": TODAY,
        "keywords": ["", "🦄"],
    }
    async with context.database.write() as connection:
        await insert_entries(connection, A, EntryKind.DEMAND, [row])
    assert (await service.get_demand(context, A, "odd")).title == "…"
    assert (await service.get_demand(context, A, "AI")).key == "ai-agreement"


async def test_the_collector_of_garbage_rests_only_while_a_campaign_is_read(
    context: Context, monkeypatch: pytest.MonkeyPatch
) -> None:
    """It would stop everybody to look through what stays; but switched off for good, memory would fill up."""
    seen: list[bool] = []
    read = snapshot.index_of

    async def watched(*arguments: Any) -> Any:
        seen.append(gc.isenabled())
        return await read(*arguments)

    monkeypatch.setattr(snapshot, "index_of", watched)
    await context.snapshots.get(context, A)
    assert seen == [False]
    assert gc.isenabled()

    async def fails(*arguments: Any) -> Any:
        raise OSError(arguments)

    context.snapshots.forget(A)
    monkeypatch.setattr(snapshot, "index_of", fails)
    with pytest.raises(OSError):
        await context.snapshots.get(context, A)
    assert gc.isenabled()
