"""`/setup attendance`: whether organisers may see who comes to a meeting, and for how long that is kept."""

from typing import Any

from discord import app_commands

from bot.domain.language import say, say_count
from bot.services import attendance, guilds
from bot.services.attendance import LEAST_DAYS, MOST_DAYS
from cogs._answers import answer
from cogs._bot import Interaction, context_of, guild_id_of
from cogs._permissions import administrator_only
from cogs._render import Page

Days = app_commands.Range[int, LEAST_DAYS, MOST_DAYS]


@app_commands.command(
    name="attendance", description="Choose whether organisers may see who comes, and how long it is kept"
)
@app_commands.describe(
    names="whether organisers may see names; numbers they always see",
    days="for how many days after a meeting who answered is kept, such as: 14",
)
@administrator_only()
async def _attendance(interaction: Interaction, names: bool | None = None, days: Days | None = None) -> None:
    context, guild_id = context_of(interaction), guild_id_of(interaction)
    is_change = names is not None or days is not None
    if is_change:
        await attendance.change(context, guild_id, interaction.user.id, names=names, days=days)
    guild = await guilds.get(context, guild_id)
    shown = (
        say("Organisers may see them.")
        if guild.attendance_names
        else say("Nobody sees them; organisers see numbers.")
    )
    details = (
        (say("Names of those who come"), shown),
        (
            say("Kept for"),
            say_count(
                attendance.days_of(guild),
                "{number} day after the meeting. Numbers stay.",
                "{number} days after the meeting. Numbers stay.",
            ),
        ),
        (say("Before you allow names"), say("Tell members: who comes to a union's meeting is sensitive.")),
    )
    await answer(
        interaction,
        Page(
            say("Saved.") if is_change else say("Nothing was changed; this is how it stands."),
            details=details,
        ),
    )


def attendance_setting() -> app_commands.Command[Any, ..., Any]:
    """The command, for the group to which it belongs."""
    return _attendance  # pyright: ignore[reportUnknownVariableType]
