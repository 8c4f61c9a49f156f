"""The ledger of demands: dated, never overwritten, corrected by later entries; on both databases."""

import asyncio
from dataclasses import replace
from datetime import date

import pytest
from sqlalchemy import insert

from bot.domain.models import Demand, DemandStatus, Source
from bot.domain.problems import BadInput, NotFound
from bot.services import audit, campaign, demand_chart, demand_ledger, demand_texts, guilds
from bot.services.context import Context
from bot.services.demand_ledger import Recorded
from bot.services.demand_texts import TypedDemand, seen, text_of
from db.campaign import EntryKind, update_entry
from db.tables import imports
from seeds.loader import load_campaign
from seeds.reader import read_campaign

GUILD, OTHER, ORGANISER = 1_001, 1_002, 21
KEY = "extend-overtime"
TYPED = TypedDemand(
    "A pay rise", "Pay that keeps up.", "Branch meeting", "1 March", "pay, wages", "We want more."
)


@pytest.fixture
async def ledger(context: Context) -> Context:
    for guild_id in (GUILD, OTHER):
        await load_campaign(context.database, guild_id, read_campaign("operation_protect"))
    await guilds.welcome(context, [GUILD, OTHER])
    return context


async def record(context: Context, status: DemandStatus, on: date, **more: str) -> Recorded:
    given = {"text": "Their letter.", "source": "Letter", **more}
    corrects = given.pop("corrects", None)
    return await demand_ledger.record_response(
        context, GUILD, ORGANISER, KEY, status, given["text"], on, given["source"], corrects=corrects
    )


async def demand(context: Context, key: str = KEY, guild_id: int = GUILD) -> Demand:
    return await campaign.get_demand(context, guild_id, key)


async def audited(context: Context) -> list[tuple[int, str]]:
    return [(entry.actor_id, entry.purpose) for entry in await audit.entries(context, GUILD)]


async def test_a_correction_leaves_the_wrong_entry_and_takes_its_place(ledger: Context, clock) -> None:
    await record(ledger, DemandStatus.REFUSED, date(2025, 3, 1))
    wrong = await record(ledger, DemandStatus.MET, date(2025, 3, 28), text="They did it.")
    clock.forward(minutes=1)
    right = await record(
        ledger, DemandStatus.PARTLY_MET, date(2025, 3, 20), corrects=wrong.response.response_id
    )
    now = await demand(ledger)
    assert now.status is DemandStatus.PARTLY_MET, "although the wrong entry bears a later date"
    assert [one.status for one in now.responses] == [
        DemandStatus.REFUSED,
        DemandStatus.PARTLY_MET,
        DemandStatus.MET,
    ]
    changes = await campaign.changes_since(ledger, GUILD, date(2025, 3, 1))
    assert [(one.before, one.response.status) for one in changes] == [
        (DemandStatus.NO_RESPONSE, DemandStatus.REFUSED),
        (DemandStatus.REFUSED, DemandStatus.PARTLY_MET),
    ]
    with pytest.raises(BadInput, match="corrected already"):
        await record(ledger, DemandStatus.AGREED, date(2025, 3, 20), corrects=wrong.response.response_id)
    with pytest.raises(NotFound):
        await record(ledger, DemandStatus.AGREED, date(2025, 3, 20), corrects="of another demand")
    assert (await demand(ledger)).responses == now.responses
    found, entry = await demand_ledger.find_entry(ledger, GUILD, right.response.response_id)
    assert (found.key, entry.corrects) == (KEY, wrong.response.response_id)
    with pytest.raises(NotFound):
        await demand_ledger.find_entry(ledger, OTHER, right.response.response_id)


async def test_the_same_answer_sent_twice_at_once_is_recorded_once(ledger: Context, clock) -> None:
    twice = await asyncio.gather(*(record(ledger, DemandStatus.MET, date(2025, 3, 28)) for _ in range(2)))
    assert sorted(one.is_new for one in twice) == [False, True]
    assert len((await demand(ledger)).responses) == 1
    wrong = (await demand(ledger)).responses[0].response_id
    clock.forward(minutes=1)
    for is_new in (True, False):
        again = await record(ledger, DemandStatus.REFUSED, date(2025, 3, 28), corrects=wrong)
        assert again.is_new is is_new
    clock.forward(minutes=1)
    assert (await record(ledger, DemandStatus.MET, date(2025, 3, 28))).is_new, (
        "what was corrected may be so after all"
    )
    assert (await demand(ledger)).status is DemandStatus.MET
    assert [purpose for _, purpose in await audited(ledger)] == [
        f"{(await demand(ledger)).title}: {what} an answer of 2025-03-28"
        for what in ("recorded", "corrected", "recorded")
    ]


async def test_a_retired_demand_stays_with_its_history_and_comes_back(ledger: Context) -> None:
    await record(ledger, DemandStatus.REFUSED, date(2025, 3, 1))
    retired = await demand_ledger.retire(ledger, GUILD, ORGANISER, KEY, "Members want something else now.")
    assert await demand(ledger) == retired
    assert retired.retired_on == date(2025, 3, 31)
    assert KEY not in {one.key for one in await campaign.list_demands(ledger, GUILD)}
    assert await campaign.list_retired_demands(ledger, GUILD) == (retired,)
    assert (await campaign.search_demands(ledger, GUILD, "overtime"))[0] == retired
    with pytest.raises(BadInput, match="retired already"):
        await demand_ledger.retire(ledger, GUILD, ORGANISER, KEY, "Again")
    for _ in range(2):
        back = await demand_ledger.bring_back(ledger, GUILD, ORGANISER, KEY)
    assert back == await demand(ledger) == replace(retired, retired_on=None, retired_reason=None)
    said = [purpose.rpartition(": ")[2] for _, purpose in await audited(ledger)]
    assert sorted(said) == ["brought back", "recorded an answer of 2025-03-01", "retired"]
    assert (await demand(ledger, guild_id=OTHER)).retired_on is None


async def test_an_edit_holds_against_others_and_against_the_seed(ledger: Context) -> None:
    await record(ledger, DemandStatus.REFUSED, date(2025, 3, 1))
    before = text_of(await demand(ledger))
    after = replace(before, title="Overtime for all of 2025", keywords=("extra hours",))
    edited = await demand_texts.edit(ledger, GUILD, ORGANISER, KEY, after, as_seen=seen(before))
    assert text_of(edited) == text_of(await demand(ledger)) == after
    assert edited.status is DemandStatus.REFUSED
    assert (await campaign.search_demands(ledger, GUILD, "extra hours"))[0].key == KEY
    await demand_texts.edit(ledger, GUILD, ORGANISER, KEY, after, as_seen=seen(before))
    with pytest.raises(BadInput, match="Somebody has changed"):
        await demand_texts.edit(ledger, GUILD, ORGANISER, KEY, before, as_seen=seen(before))
    assert len(await audited(ledger)) == 2
    assert "edited (title, search words)" in {
        purpose.rpartition(": ")[2] for _, purpose in await audited(ledger)
    }

    await demand_ledger.retire(ledger, GUILD, ORGANISER, "ai-agreement", "Agreed elsewhere.")
    seeded = read_campaign("operation_protect")
    renamed = tuple(one.model_copy(update={"summary": f"{one.summary} Newer."}) for one in seeded.demands)
    report = await load_campaign(ledger.database, GUILD, seeded.model_copy(update={"demands": renamed}))
    ledger.snapshots.forget(GUILD)
    assert report.kept == (f"demand {KEY}",)
    assert text_of(await demand(ledger)) == after
    gone = await demand(ledger, "ai-agreement")
    assert gone.summary.endswith("Newer.")
    assert (gone.retired_on, gone.retired_reason) == (date(2025, 3, 31), "Agreed elsewhere.")


async def test_a_demand_is_added_once_at_the_end(ledger: Context) -> None:
    twice = await asyncio.gather(
        *(demand_texts.add(ledger, GUILD, ORGANISER, TYPED) for _ in range(2)), return_exceptions=True
    )
    (added,) = [one for one in twice if isinstance(one, Demand)]
    (refused,) = [one for one in twice if isinstance(one, BadInput)]
    assert "number 13" in str(refused)
    assert (added.key, added.position, added.wording) == ("a-pay-rise", 13, "We want more.")
    assert (added.source.title, added.source.on) == ("Branch meeting", date(2025, 3, 1))
    assert (await demand(ledger, "wages")) == added
    other = await demand_texts.add(ledger, GUILD, ORGANISER, replace(TYPED, title="A  PAY-rise!"))
    assert (other.key, other.position) == ("a-pay-rise-2", 14)
    assert len(await campaign.list_demands(ledger, OTHER)) == 12
    assert {actor for actor, _ in await audited(ledger)} == {ORGANISER}
    for unusable in (
        replace(TYPED, title=" "),
        replace(TYPED, source_on="soon"),
        replace(TYPED, summary="x" * 4_001),
    ):
        with pytest.raises(BadInput):
            await demand_texts.add(ledger, GUILD, ORGANISER, unusable)


async def test_what_the_form_shows_of_search_words_can_be_sent_again_as_it_is(ledger: Context) -> None:
    """A list that the field cut off would lose its last words at the next edit, without a word to anybody."""
    words = tuple(f"{number:02}" for number in range(75))
    first = await demand_texts.read_typed(ledger, GUILD, replace(TYPED, keywords=",".join(words)))
    shown = ", ".join(first.keywords)
    assert (first.keywords, len(shown)) == (words, 298)
    assert await demand_texts.read_typed(ledger, GUILD, replace(TYPED, keywords=shown)) == first
    assert (await demand_texts.read_typed(ledger, GUILD, replace(TYPED, keywords=" , ,"))).keywords == ()
    with pytest.raises(BadInput, match="302 characters; at most 300 fit"):
        await demand_texts.read_typed(ledger, GUILD, replace(TYPED, keywords=",".join((*words, "75"))))


async def test_the_wording_names_the_document_that_brought_it(ledger: Context) -> None:
    async with ledger.database.write() as connection:
        for import_id, on in (("one", date(2025, 2, 3)), ("two", None)):
            row = {
                "guild_id": GUILD,
                "import_id": import_id,
                "digest": import_id,
                "kind": "bulletin",
                "on": on,
            }
            row |= {"title": "Bulletin 7", "text": "…", "imported_at": ledger.now(), "changes": {}}
            await connection.execute(insert(imports).values(row))
        for key, import_id in ((KEY, "one"), ("ai-agreement", "two")):
            values = {"wording": "Extend it!", "import_id": import_id}
            await update_entry(connection, GUILD, EntryKind.DEMAND, key, values)
    dated, undated = await demand(ledger), await demand(ledger, "ai-agreement")
    assert (dated.wording, dated.wording_source) == ("Extend it!", Source("Bulletin 7", date(2025, 2, 3)))
    assert (undated.wording, undated.wording_source) == ("Extend it!", None)


async def test_nothing_is_changed_in_another_guild_or_without_a_demand(ledger: Context) -> None:
    await demand_texts.add(ledger, GUILD, ORGANISER, TYPED)
    for attempt in (
        demand_ledger.retire(ledger, OTHER, ORGANISER, "a-pay-rise", "No."),
        demand_ledger.bring_back(ledger, OTHER, ORGANISER, "a-pay-rise"),
        demand_texts.edit(ledger, OTHER, ORGANISER, "a-pay-rise", text_of(await demand(ledger)), as_seen=""),
    ):
        with pytest.raises(NotFound):
            await attempt
    assert await audit.entries(ledger, OTHER) == ()


async def test_the_picture_says_in_words_what_it_shows(ledger: Context) -> None:
    wrong = await record(ledger, DemandStatus.MET, date(2025, 3, 10))
    await record(ledger, DemandStatus.REFUSED, date(2025, 3, 12), corrects=wrong.response.response_id)
    await demand_ledger.retire(ledger, GUILD, ORGANISER, "ai-agreement", "Agreed elsewhere.")
    drawn = await demand_chart.picture(ledger, GUILD, date(2025, 3, 5))
    assert drawn.png.startswith(b"\x89PNG")
    assert drawn.description == (
        "Chart: the demands by status, from 5 March 2025 to 31 March 2025. At first: 12 no response yet. "
        "From 12 March 2025: 11 no response yet, 1 refused. From 31 March 2025: 10 no response yet, 1 refused. "
        "Today: 10 no response yet, 1 refused."
    )
    with pytest.raises(BadInput, match="nothing to draw"):
        await demand_chart.picture(ledger, 9_999)
