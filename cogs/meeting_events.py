"""What organisers can do when somebody changed Discord's own event of a meeting: let the meeting follow."""

from datetime import UTC, date, datetime

from bot.domain.language import say, say_count
from bot.domain.problems import BadInput
from bot.services import meeting_changes
from bot.services.meeting_changes import MeetingChange
from cogs._answers import answer
from cogs._bot import CampaignBot, Interaction, context_of, guild_id_of
from cogs._permissions import require_organiser
from cogs._render import Page, plain, when_of


async def move_meeting(interaction: Interaction, argument: str) -> None:
    """Moves the meeting to the time that was given to its event."""
    await require_organiser(interaction)
    key, day, instant = _parts(argument)
    change = await meeting_changes.move_to(
        context_of(interaction), guild_id_of(interaction), key, day, instant
    )
    await answer(interaction, _page(change))


def _parts(argument: str) -> tuple[str, date, datetime]:
    """The meeting's key, the day of the occurrence, and the time.

    Raises:
        BadInput: the button is from another version.
    """
    try:
        key, day, seconds = argument.split("|")
        return key, date.fromisoformat(day), datetime.fromtimestamp(int(seconds), UTC)
    except (ValueError, OverflowError, OSError):
        raise BadInput(
            say("That button is from an older version of this bot."),
            next_step=say("`/organise meeting move` does the same."),
        ) from None


def _page(change: MeetingChange) -> Page:
    title = plain(change.after.title)
    if change.already:
        return Page(
            say("Nothing to change: {title}", title=title), say("It takes place at that time already.")
        )
    told = (
        say_count(
            change.told,
            "{number} member who may come is told by direct message.",
            "{number} members who may come are told by direct message.",
        )
        if change.told
        else say("Nobody has said yet that they come, so nobody is told.")
    )
    details = tuple(
        (word, when_of(one)) for word, one in ((say("Before"), change.before), (say("Now"), change.after))
    )
    return Page(
        say("Moved: {title}", title=title), told, details, say("Reminders and Discord's event follow.")
    )


async def setup(bot: CampaignBot) -> None:
    """Adds the feature to the bot."""
    bot.routes.add("event.move", move_meeting)
