"""Members read what became of a motion; organisers record it."""

from datetime import date

import simcord

from bot.domain.models import MotionProgress
from bot.services import guilds
from db.campaign import EntryKind, update_entry
from db.motions import insert_progress
from tests.discord.conftest import World, text_of

MOTION = "oppose-one-hmpps"


async def record(world: World, resolution: str, text: str, **options: str):
    shown = await world.organiser.slash(
        world.organisers, "organise motion progress", motion="one hmpps", resolution=resolution, **options
    )
    return await world.organiser.submit_modal(shown, {"text": text, "source": "Minutes of *May*"})


def labels(result: simcord.InteractionResult) -> list[str]:
    return [one["label"] for row in result.response.components for one in row["components"]]


async def pages(world: World, command: str, **options: str) -> list[str]:
    result = await world.member.slash(world.general, command, **options)
    texts = [text_of(result)]
    while "Next page" in labels(result):
        result = await world.member.click(result.response.message, label="Next page")
        texts.append(text_of(result))
    return texts


async def test_an_organiser_records_progress_and_members_see_it(world: World) -> None:
    offered = await world.organiser.autocomplete(
        world.organisers, "organise motion progress", "resolution", "labour", motion=MOTION
    )
    assert [(one["name"][:9], one["value"]) for one in offered] == [("d: Use UN", "d")]
    recorded = text_of(await record(world, "a", "First talks.", date="10 March"))
    assert "Recorded: a) of Oppose One HMPPS" in recorded
    assert "**Monday 10 March 2025**\nFirst talks." in recorded
    world.clock.forward(minutes=1)
    await record(world, "a", "Joint **leaflet**.", date="28 March")
    await record(world, "a", "Joint **leaflet**.", date="28 March")
    first, *rest = await pages(world, "motion show", motion="one hmpps")
    assert "Calls on\nthe Service Group Executive" in first
    assert "Latest:** Friday 28 March 2025: Joint leaflet" in first
    assert "First talks" not in first
    assert "Nothing recorded yet" in first
    history = next(text for text in rest if "what was done" in text)
    assert history.index("Joint leaflet") < history.index("First talks")
    assert history.count("Joint leaflet") == 1
    assert "Minutes of May" in history
    audit = await world.moderator.slash(world.moderators, "moderate audit")
    assert text_of(audit).count("Oppose One HMPPS: resolution a") == 2


async def test_what_was_done_about_resolutions_that_are_gone_stands_in_the_order_in_which_it_was(
    world: World,
) -> None:
    marks = [f"{number}." for number in (7, 2, 9, 4, 1, 8, 3)]
    async with world.bot.context.database.write() as connection:
        for place, mark in enumerate(marks):
            done = MotionProgress(mark, date(2025, 3, 1 + place), f"Done about {mark}", "Minutes")
            await insert_progress(
                connection,
                world.guild.id,
                MOTION,
                done,
                progress_id=f"{place:032}",
                recorded_at=world.clock.now(),
            )
    await record(world, "a", "Talks.", date="20 March")
    shown = "".join(await pages(world, "motion show", motion=MOTION))
    headings = [f"Resolution {mark}, as it was then" for mark in marks]
    places = [shown.index(heading) for heading in ["Resolution a)", *headings]]
    assert places == sorted(places)


async def test_only_organisers_record_and_choose(world: World) -> None:
    options = {"motion": MOTION, "resolution": "a"}
    refused = await world.member.slash(world.general, "organise motion progress", **options)
    assert "That is for the campaign's organisers." in text_of(refused)
    assert not await world.member.autocomplete(
        world.general, "organise motion progress", "resolution", "", motion=MOTION
    )
    for motion in ("", "zzzz"):
        assert not await world.organiser.autocomplete(
            world.organisers, "organise motion progress", "resolution", "", motion=motion
        )
    unknown = await world.organiser.slash(
        world.organisers, "organise motion progress", motion=MOTION, resolution="q"
    )
    assert "Choose one of these: a, b, c, d." in text_of(unknown)
    form = await world.organiser.slash(world.organisers, "organise motion progress", **options)
    # Somebody who has lost the role since the form was opened records nothing.
    await guilds.change(world.bot.context, world.guild.id, organiser_role_id=1)
    lost = await world.organiser.submit_modal(form, {"text": "Too late.", "source": "x"})
    assert "organisers" in text_of(lost)
    assert "Too late" not in "".join(await pages(world, "motion show", motion=MOTION))


async def test_the_demands_of_a_motion_and_the_motions_behind_a_demand(world: World) -> None:
    shown = await world.member.slash(world.general, "demand show", demand="wmt")
    behind = await world.member.click(shown.response.message, label="Motions behind it")
    assert "Motions behind “Admit that the WMT no longer measures the work”" in text_of(behind)
    assert "A campaign on probation workloads" in text_of(behind)
    assert "Both say: WMT, workload measurement tool" in text_of(behind)
    motion = await world.member.click(behind.response.message, label="A campaign on probation workloads")
    assert "Demands that share its words\n3. Admit that the WMT" in text_of(motion)
    assert "An agreed cap on cases" in text_of(motion)
    alone = await world.member.slash(world.general, "demand show", demand="AI")
    assert "Motions behind it" not in labels(alone)


async def test_the_own_words_of_a_motion_stand_beside_the_summary_whatever_their_length(world: World) -> None:
    long = "Conference instructs the *Service Group* Executive to act_now. " * 120
    points = [
        {
            "kind": "resolution",
            "label": f"{number})",
            "text": f"Do {number}. " * 90,
            "wording": f"instructs {number}",
        }
        for number in range(1, 31)
    ]
    context, guild_id = world.bot.context, world.guild.id
    for changes, said in (
        ({"points": points}, "Resolution 30)\ninstructs 30"),
        ({"wording": long}, r"act\_now"),
    ):
        async with context.database.write() as connection:
            await update_entry(connection, guild_id, EntryKind.MOTION, MOTION, changes)
        context.snapshots.forget(guild_id)
        shown = await pages(world, "motion show", motion=MOTION)
        own = [text for text in shown if "its own words" in text]
        assert any(said in text for text in own)
        assert "Resolves 30)" in "".join(shown)
    whole = "".join(own)
    assert whole.count("instructs the") == 120
