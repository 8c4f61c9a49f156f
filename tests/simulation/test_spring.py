"""Eight weeks of 2026, with the clock change and Easter, through the whole bot: the organiser's command, real discord.py, a simulated Discord."""

from datetime import UTC, datetime

from tests.discord.conftest import World, text_of
from tests.simulation.calendar_2026 import fridays_at_eight

FIRST, LAST = datetime(2026, 3, 16, tzinfo=UTC), datetime(2026, 5, 11, tzinfo=UTC)


async def test_every_friday_of_the_spring_is_in_the_channel(world: World) -> None:
    world.clock.instant = FIRST
    result = await world.organiser.slash(
        world.organisers,
        "organise nudge schedule",
        action="yellow",
        when="every Friday 08:00",
        holidays="england-and-wales",
    )
    assert "except bank holidays in England and Wales" in text_of(result)
    instants: list[datetime] = []
    due: datetime | None = FIRST
    while due is not None and due < LAST:
        world.clock.instant = max(world.clock.instant, due)
        before = len(world.posts())
        await world.turn()
        instants += [world.clock.instant] * (len(world.posts()) - before)
        due = world.bot.scheduler.due
    assert instants == [instant for instant in fridays_at_eight() if FIRST <= instant < LAST]
    assert len(instants) == 7
    footers = [post.embeds[0].footer.text or "" for post in world.posts()]
    assert all(footer.startswith("Due Friday") and "8am" in footer for footer in footers)
