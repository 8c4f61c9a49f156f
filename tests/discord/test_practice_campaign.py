"""The practice server with another campaign than the one that comes first."""

from pathlib import Path

import pytest

from bot.practice.run import DEFAULT_START
from bot.practice.session import practising
from seeds.reader import SeedError
from seeds.skeleton import write_skeleton
from tests.discord.conftest import text_of


async def test_it_bears_the_campaigns_name_and_offers_what_there_is_in_it(tmp_path: Path) -> None:
    lines: list[str] = []
    async with practising(tmp_path, DEFAULT_START, lines.append, campaign="library_hours") as practice:
        world = practice.world
        assert world.guild.name == "Hours that Work"
        (welcome,) = world.channels["welcome"].pinned_messages()
        shown = "\n".join(str(field.value) for field in welcome.embeds[0].fields)
        assert '/demand show demand:"pay for closing time"' in shown
        assert 'action:"Wear the green lanyard on Wednesdays" when:"Friday 8am"' in shown
        assert "yellow" not in shown
        morgan, general = world.people["Morgan"].actor, world.channels["general"]
        found = await morgan.slash(general, "demand show", demand="pay for clsoing time")
        assert "Pay for closing time" in text_of(found)
        explained = text_of(await morgan.slash(general, "help", command="action done"))
        assert "`/action done action:Wear the green lanyard on Wednesdays`" in explained
        meeting = text_of(await morgan.slash(general, "meeting next"))
        assert "Open meeting on hours" in meeting
    assert not any("another campaign" in line for line in lines)
    # The data keeps its campaign; nothing of it is taken away without being asked.
    write_skeleton(tmp_path / "ours")
    async with practising(tmp_path, DEFAULT_START, lines.append, campaign=str(tmp_path / "ours")) as practice:
        morgan, general = practice.world.people["Morgan"].actor, practice.world.channels["general"]
        assert "Pay for closing time" in text_of(await morgan.slash(general, "demand list"))
    assert any(line.startswith("This data holds another campaign, library_hours;") for line in lines)


async def test_a_campaign_that_does_not_exist_is_told_before_anything_starts(tmp_path: Path) -> None:
    with pytest.raises(SeedError, match="library_hours, operation_protect"):
        async with practising(tmp_path, DEFAULT_START, print, campaign="nowhere"):
            pass
    assert list(tmp_path.iterdir()) == []
