"""What organisers can do when somebody changed Discord's own event of a meeting: let the meeting follow."""

from datetime import UTC, date, datetime

from bot.domain.problems import BadInput
from bot.services import meeting_changes
from bot.services.meeting_changes import MeetingChange
from cogs._answers import answer
from cogs._bot import CampaignBot, Interaction, context_of, guild_id_of
from cogs._permissions import require_organiser
from cogs._render import Page, count_of, plain, when_of


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
            "That button is from an older version of this bot.",
            next_step="`/organise meeting move` does the same.",
        ) from None


def _page(change: MeetingChange) -> Page:
    title = plain(change.after.title)
    if change.already:
        return Page(f"Nothing to change: {title}", "It takes place at that time already.")
    told = (
        f"{count_of(change.told, 'member')} who may come {'is' if change.told == 1 else 'are'} told by direct message."
        if change.told
        else "Nobody has said yet that they come, so nobody is told."
    )
    details = tuple((word, when_of(one)) for word, one in (("Before", change.before), ("Now", change.after)))
    return Page(f"Moved: {title}", told, details, "Reminders and Discord's event follow.")


async def setup(bot: CampaignBot) -> None:
    """Adds the feature to the bot."""
    bot.routes.add("event.move", move_meeting)
