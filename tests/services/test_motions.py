"""What was done about resolutions, on each kind of database, and which motions stand behind a demand."""

import asyncio
from datetime import date

import pytest

from bot.domain.problems import BadInput, NotFound
from bot.services import audit, campaign, motions
from bot.services.context import Context
from db.campaign import EntryKind, update_entry
from seeds.loader import load_campaign
from seeds.reader import read_campaign

A, B, ORGANISER = 1_001, 1_002, 5
MOTION = "oppose-one-hmpps"


@pytest.fixture
async def campaigning(context: Context) -> Context:
    for guild_id in (A, B):
        await load_campaign(context.database, guild_id, read_campaign("operation_protect"))
    return context


async def record(context: Context, mark: str = "a", **changes: object):
    given = {"text": "Wrote to Napo.", "on": date(2025, 3, 20), "source": "Minutes", **changes}
    return await motions.record_progress(context, A, ORGANISER, MOTION, mark, **given)


async def progress_of(context: Context, mark: str, guild_id: int = A) -> list[str]:
    motion = await campaign.get_motion(context, guild_id, MOTION)
    return [one.text for one in motions.resolution_of(motion, mark).progress]


async def test_progress_is_added_by_day_and_never_overwritten(campaigning):
    assert await progress_of(campaigning, "a") == []
    await record(campaigning, text="Met the other unions.", on=date(2025, 3, 30))
    await record(campaigning)
    await record(campaigning, "b", text="Asked for a promise.")
    assert await progress_of(campaigning, "a") == ["Wrote to Napo.", "Met the other unions."]
    assert await progress_of(campaigning, "b") == ["Asked for a promise."]
    assert await progress_of(campaigning, "a", guild_id=B) == []
    entries = await audit.entries(campaigning, A)
    assert [(entry.event, entry.actor_id) for entry in entries] == [("motion", ORGANISER)] * 3
    assert {entry.purpose for entry in entries} == {
        "Oppose One HMPPS: resolution a",
        "Oppose One HMPPS: resolution b",
    }


async def test_a_form_sent_twice_at_once_is_recorded_once(campaigning):
    await asyncio.gather(record(campaigning), record(campaigning))
    assert await progress_of(campaigning, "a") == ["Wrote to Napo."]
    assert len(await audit.entries(campaigning, A)) == 1


@pytest.mark.parametrize(
    ("changes", "said"),
    [
        ({"text": "  "}, "empty"),
        ({"text": "x" * 1_001}, "1,001"),
        ({"source": " \n "}, "empty"),
        ({"on": date(2025, 4, 1)}, "future"),
    ],
)
async def test_what_cannot_be_used_is_not_recorded(campaigning, changes, said):
    with pytest.raises(BadInput, match=said):
        await record(campaigning, **changes)
    assert await progress_of(campaigning, "a") == []


async def test_only_resolutions_that_there_are(campaigning):
    with pytest.raises(NotFound) as caught:
        await record(campaigning, "z")
    assert "a, b, c, d" in caught.value.next_step
    with pytest.raises(NotFound, match="not here any more"):
        await motions.record_progress(
            campaigning, A, ORGANISER, "gone", "a", text="x", on=date(2025, 3, 1), source="y"
        )
    for typed in ("a", "A)", "fighting one hmpps together"):
        assert (await motions.find_resolution(campaigning, A, "one hmpps", typed))[1].mark == "a"
    with pytest.raises(NotFound):
        await motions.find_resolution(campaigning, A, "one hmpps", "one hmpps")  # in three of them


async def test_resolutions_without_letters_or_with_the_same_one_are_told_apart(campaigning):
    points = [
        {"kind": "resolution", "label": label, "text": text, "wording": f"Conference {text}"}
        for label, text in (
            ("", "instructs"),
            ("(i)", "calls"),
            ("i.", "resolves"),
            ("a very long label", "asks"),
        )
    ]
    async with campaigning.database.write() as connection:
        await update_entry(connection, A, EntryKind.MOTION, MOTION, {"points": points})
    motion = await campaign.get_motion(campaigning, A, MOTION)
    assert [one.mark for one in motion.resolutions()] == ["no 1", "i", "no 3", "averylon"]
    assert motion.resolutions()[1].point.wording == "Conference calls"
    for one in motion.resolutions():
        await record(campaigning, one.mark, text=f"Done: {one.point.text}")
    assert await progress_of(campaigning, "no 3") == ["Done: resolves"]


@pytest.mark.parametrize(
    ("demand", "behind"),
    [
        ("wmt-does-not-measure", ["workloads-campaign"]),
        ("cap-on-cases", ["workloads-campaign"]),
        ("welfare-before-targets", ["workloads-campaign"]),
        ("demand-management-strategy", ["workloads-campaign"]),
        ("no-new-work", ["oppose-one-hmpps"]),
        ("end-post-sentence-supervision", []),
        ("ai-agreement", []),
        ("extend-overtime", []),
    ],
)
async def test_the_motions_behind_a_demand_share_its_words(campaigning, demand, behind):
    found = await motions.motions_behind(campaigning, A, demand)
    assert [one.motion.key for one in found] == behind
    for one in found:
        back = await motions.demands_before(campaigning, A, one.motion.key)
        assert demand in [other.demand.key for other in back]
        assert len({word for shared in one.shared for word in shared.split()}) >= 2


async def test_a_retired_demand_is_not_shown_at_its_motion(campaigning):
    async with campaigning.database.write() as connection:
        await update_entry(connection, A, EntryKind.DEMAND, "cap-on-cases", {"retired_on": date(2025, 3, 1)})
    keys = [one.demand.key for one in await motions.demands_before(campaigning, A, "workloads-campaign")]
    assert "cap-on-cases" not in keys
    assert keys[0] == "wmt-does-not-measure"
