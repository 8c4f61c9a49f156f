"""`/setup retention` and `/setup privacy`: how long things are kept, and whom members can ask about their data."""

from typing import Any

from discord import app_commands

from bot.domain.language import later, say
from bot.domain.models import Guild
from bot.domain.retention import LEAST_WEEKS, MOST_WEEKS
from bot.services import guilds, retention
from cogs._answers import answer
from cogs._bot import Interaction, context_of, guild_id_of
from cogs._permissions import administrator_only
from cogs._render import Page, plain

Weeks = app_commands.Range[int, LEAST_WEEKS, MOST_WEEKS]
UNCHANGED = later("Nothing was changed; this is how it stands.")


@app_commands.command(
    name="retention", description="Choose for how many weeks feedback and the audit log are kept"
)
@app_commands.describe(
    feedback="weeks, such as: 104 for two years; the moderators are warned before any is deleted",
    audit="weeks for the log of who exported and changed what",
)
@administrator_only()
async def keep_for(
    interaction: Interaction, feedback: Weeks | None = None, audit: Weeks | None = None
) -> None:
    """Sets the periods that are given, and shows both."""
    context, guild_id = context_of(interaction), guild_id_of(interaction)
    is_change = feedback is not None or audit is not None
    if is_change:
        await retention.change_periods(context, guild_id, interaction.user.id, feedback=feedback, audit=audit)
    kept = await retention.periods(context, guild_id)
    details = (
        (
            say("Feedback"),
            say(
                "{weeks} weeks after the week in which it was given. Replies and tags go with it.",
                weeks=kept.feedback_weeks,
            ),
        ),
        (
            say("Before it is deleted"),
            say("The moderators are told a week ahead, also when you choose fewer weeks now."),
        ),
        (
            say("Votes on what to focus on"),
            say("{weeks} weeks after they close.", weeks=kept.feedback_weeks),
        ),
        (say("Audit log"), say("{weeks} weeks after what it records.", weeks=kept.audit_weeks)),
    )
    await answer(interaction, Page(say("Saved.") if is_change else say(UNCHANGED), details=details))


@app_commands.command(name="privacy", description="Say whom members can ask about their data")
@app_commands.describe(
    contact="a name of an office and how to reach it, such as: the branch secretary, secretary@example.org"
)
@administrator_only()
async def contact_for(
    interaction: Interaction, contact: app_commands.Range[str, 1, retention.CONTACT_MOST] | None = None
) -> None:
    """Sets the contact if one is given, and shows it."""
    context, guild_id = context_of(interaction), guild_id_of(interaction)
    if contact is not None:
        await retention.change_contact(context, guild_id, interaction.user.id, contact)
    guild = await guilds.get(context, guild_id)
    headline = say(UNCHANGED) if contact is None else say("Saved. Members see it in /me data.")
    await answer(interaction, Page(headline, details=((say("Questions about data"), _contact(guild)),)))


def _contact(guild: Guild) -> str:
    if guild.privacy_contact:
        return plain(guild.privacy_contact)
    return say("Nobody is named yet. Use `/setup privacy contact:` with an office that members can reach.")


def privacy_commands() -> tuple[app_commands.Command[Any, ..., Any], ...]:
    """The commands, for the group to which they belong."""
    return (keep_for, contact_for)  # pyright: ignore[reportUnknownVariableType]
