"""One search for everything, by whoever types whatever."""

from datetime import UTC, date, datetime

import pytest
import simcord
from sqlalchemy import insert, update

from db.tables import imports
from tests.discord.conftest import World, text_of

SENTENCE = "The cancelled rota at Anytown left nine desks empty."
BULLETIN = f"Spring bulletin\nDear colleagues,\n{'Solidarity keeps growing. ' * 150}\n{SENTENCE}\nYours, the *branch*"


async def search(world: World, query: str) -> simcord.InteractionResult:
    return await world.member.slash(world.general, "search", query=query)


def labels(result: simcord.InteractionResult) -> list[str]:
    return [one["label"] for row in result.response.components for one in row["components"]]


async def bring_in(world: World, text: str = BULLETIN, number: int = 1) -> None:
    async with world.bot.context.database.write() as connection:
        await connection.execute(
            insert(imports).values(
                guild_id=world.guild.id,
                import_id=f"{number:032}",
                digest=f"{number:064}",
                kind="bulletin",
                title=f"Bulletin {number}, spring 2025",
                on=date(2025, 3, 24),
                text=text,
                imported_at=datetime(2025, 3, 25, tzinfo=UTC),
                changes=[],
            )
        )
    world.bot.context.snapshots.forget(world.guild.id)


async def test_one_list_of_everything_with_what_matched_in_bold(world: World) -> None:
    result = await search(world, "workload measurement tool")
    text = text_of(result)
    assert "for “workload measurement tool”, the best first" in text
    assert "1. Demand: Admit that the WMT no longer measures the work" in text or "1. Glossary: WMT" in text
    for kind in ("Demand:", "Motion:", "Glossary:"):
        assert kind in text
    assert "**Workload** **Measurement** **Tool**" in text
    opener = next(label for label in labels(result) if "Admit that the WMT" in label)
    opened = await world.member.click(result.response.message, label=opener)
    assert "Status" in text_of(opened)
    by_acronym = text_of(await search(world, "wmt"))
    assert "Motion: A campaign on probation workloads" in by_acronym


@pytest.mark.parametrize(
    ("query", "first", "opened"),
    [
        ("measurment tol", "Demand: Admit that the WMT", "3. Admit that the WMT"),
        ("all members call", "Meeting:", "How long"),
        ("wearing yellow on fridays", "Action:", "things you can do now"),
        ("privatising", "Motion: Stop Probation Privatisation", "Resolves"),
        ("HMPPS", "Glossary: HMPPS", "HMPPS"),
    ],
)
async def test_each_kind_is_found_and_opened(world: World, query: str, first: str, opened: str) -> None:
    result = await search(world, query)
    assert f"1. {first}" in text_of(result)
    pressed = await world.member.click(result.response.message, label=labels(result)[0])
    assert opened.casefold() in text_of(pressed).casefold()


async def test_finds_that_one_list_shows_share_a_button(world: World) -> None:
    result = await search(world, "workload")
    assert text_of(result).count("Aim: ") > 1
    openers = [label for label in labels(result) if label[0].isdecimal()]
    assert len(openers) == len(set(openers)) < text_of(result).count("Aim: ") + len(openers)
    aim = next(line for line in text_of(result).splitlines() if "Aim: " in line)
    label = next(one for one in openers if one.startswith(aim.strip("* ").partition(".")[0] + "."))
    opened = await world.member.click(result.response.message, label=label)
    assert "aims" in text_of(opened).lower()


async def test_while_typing_things_are_offered_and_open_at_once(world: World) -> None:
    offered = await world.member.autocomplete(world.general, "search", "query", "workl")
    assert len(offered) > 2
    names = {one["name"]: one["value"] for one in offered}
    opened = await search(world, names["Motion: A campaign on probation workloads"])
    assert "Resolves" in text_of(opened)
    assert await world.member.autocomplete(world.general, "search", "query", " ") == []
    gone = await search(world, "demand:no-such-key")
    assert "Nothing has all of “demand:no" in text_of(gone)


async def test_nothing_found_offers_the_nearest_words(world: World) -> None:
    near = text_of(await search(world, "capibilty"))
    assert "Nothing has all of “capibilty”. What comes nearest:" in near
    assert "1. Demand: Suspend capability proceedings" in near
    nothing = await search(world, "zzzzzz")
    assert "Nothing here speaks of “zzzzzz”." in text_of(nothing)
    assert labels(nothing)[:2] == ["All demands", "All terms"]
    far = await search(world, "kapablty")
    again = await world.member.click(far.response.message, label="Search for: capability")
    assert "1. Demand: Suspend capability proceedings" in text_of(again)


async def test_documents_are_found_read_in_pages_and_gone_when_undone(world: World) -> None:
    assert "Nothing" in text_of(await search(world, "rota Anytown"))
    await bring_in(world)
    found = await search(world, "cancelling anytown")
    assert "1. Document: Bulletin 1, spring 2025" in text_of(found)
    assert "The **cancelled** rota at **Anytown** left nine desks empty" in text_of(found)
    first = await world.member.click(found.response.message, label="1. Bulletin 1, spring 2025")
    assert "The bulletin as it was imported, Monday 24 March 2025" in text_of(first)
    read = text_of(first)
    while "Next page" in labels(first):
        first = await world.member.click(first.response.message, label="Next page")
        read += text_of(first)
    assert read.count("Solidarity") == 150
    assert "Yours, the \\*branch\\*" in read
    found = await search(world, "cancelling anytown")
    async with world.bot.context.database.write() as connection:
        undone = datetime(2025, 3, 26, tzinfo=UTC)
        await connection.execute(update(imports).values(undone_at=undone))
    world.bot.context.snapshots.forget(world.guild.id)
    assert "Nothing" in text_of(await search(world, "rota Anytown"))
    stale = await world.member.click(found.response.message, label="1. Bulletin 1, spring 2025")
    assert "not here any more" in text_of(stale)


async def test_many_finds_come_in_pages_with_buttons_of_their_own(world: World) -> None:
    for number in range(1, 33):
        await bring_in(world, f"Notice {number}: the _rota_ changes.", number)
    result = await search(world, "rota")
    assert "The best 25 entries for “rota”" in text_of(result)
    assert "Notice 1: the _**rota**_ changes." not in text_of(
        result
    )  # nothing in it is formatted but the find
    seen: list[str] = []
    for page in range(5):
        assert f"Page {page + 1} of 5" in text_of(result)
        openers = [label for label in labels(result) if "Bulletin" in label]
        assert len(openers) == 5
        seen += openers
        if page < 4:
            result = await world.member.click(result.response.message, label="Next page")
    assert len(set(seen)) == 25


async def test_a_meeting_is_found_as_soon_as_it_is_scheduled(world: World) -> None:
    assert "Nothing" in text_of(await search(world, "hustings"))
    await world.organiser.slash(
        world.organisers, "organise meeting schedule", title="Branch hustings", when="10 April 6pm"
    )
    assert "1. Meeting: Branch hustings" in text_of(await search(world, "hustings"))
