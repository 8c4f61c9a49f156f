"""How long things are kept and whom to ask: set by administrators, shown to every member."""

from datetime import timedelta

from bot.services import feedback
from tests.discord.conftest import World, text_of


async def test_retention_is_set_shown_and_told_to_members(world: World) -> None:
    shown = text_of(await world.administrator.slash(world.general, "setup retention"))
    assert "Nothing was changed" in shown
    assert "104 weeks after the week" in shown
    saved = text_of(await world.administrator.slash(world.general, "setup retention", feedback=26))
    assert saved.strip().startswith("Saved.")
    assert "26 weeks after the week" in saved
    assert "156 weeks" in saved
    mine = text_of(await world.member.slash(world.general, "me data"))
    assert (
        "Feedback 26 weeks, the audit log 156, and who answered to a meeting until 14 days after each meeting."
        in mine
    )


async def test_the_contact_is_set_and_shown_as_typed_without_a_ping(world: World) -> None:
    before = text_of(await world.administrator.slash(world.general, "setup privacy"))
    assert "Nobody is named yet" in before
    contact = "Branch secretary **now**, @everyone"
    saved = text_of(await world.administrator.slash(world.general, "setup privacy", contact=contact))
    assert "Members see it" in saved
    mine = text_of(await world.member.slash(world.general, "me data"))
    assert "Branch secretary" in mine
    assert "@everyone" not in mine
    log = text_of(await world.moderator.slash(world.moderators, "moderate audit"))
    assert "Changed the contact" in log


async def test_only_administrators_see_and_change_them(world: World) -> None:
    for person in (world.member, world.organiser, world.moderator):
        assert not {"setup retention", "setup privacy"} & set(person.available_commands(world.general))


async def test_the_moderators_are_warned_before_feedback_goes_and_then_it_goes(world: World) -> None:
    context = world.bot.context
    await world.administrator.slash(world.general, "setup retention", feedback=4)
    for person in range(5):
        await feedback.give(context, world.guild.id, person, "other", "Too many cases.")
    for week in range(6):
        await world.turn()
        told = [post.content for post in world.posts(world.moderators) if "deleted in a week" in post.content]
        assert len(told) == (week >= 4)
        exported = await world.moderator.slash(
            world.moderators, "moderate export", format="csv", purpose="Briefing"
        )
        is_there = text_of(exported).strip().startswith("5 pieces")
        assert is_there == (1 <= week < 5), week  # the first feedback waits for the next morning
        world.clock.instant += timedelta(weeks=1)
    assert told[0].startswith("5 pieces of feedback will be deleted in a week")
    log = text_of(await world.moderator.slash(world.moderators, "moderate audit"))
    assert "By itself, on schedule" in log
