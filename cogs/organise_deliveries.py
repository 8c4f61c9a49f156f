"""`/organise deliveries`: what was sent, is due, is held, was skipped or failed, and why."""

from typing import Any

import discord
from discord import app_commands

from bot.domain.language import say, say_count
from bot.domain.when import format_moment
from bot.domain.when.moment import moment_of
from bot.services import guilds, restored
from bot.services.context import Context
from bot.services.delivery_overview import STATES, ListedPost, counts, overview
from bot.services.outcomes import reason_in_words
from cogs._answers import answer
from cogs._bot import CampaignBot, Interaction, bot_of, context_of, guild_id_of
from cogs._lookups import Found
from cogs._permissions import organiser_only, require_organiser
from cogs._render import Page, button, moment, plain
from cogs._routes import route

PER_PAGE = 6
LABELS = {
    "due": "due: still to come",
    "held": "held: waiting until something is mended",
    "failed": "failed: Discord refused it",
    "skipped": "skipped: left out, with the reason",
    "sent": "sent: posted",
}


@app_commands.command(
    name="deliveries", description="What was sent, is due, is held or was left out, and why"
)
@app_commands.describe(state="only what stands so; without it, what needs you and what comes next")
@app_commands.choices(state=[app_commands.Choice(name=LABELS[name], value=name) for name in STATES])
@organiser_only()
async def deliveries(interaction: Interaction, state: str = "") -> None:
    """Shows what became of what was planned."""
    await bot_of(interaction).lookups.show(interaction, "deliveries", state)


def deliveries_command() -> app_commands.Command[Any, ..., Any]:
    """The command, for the group to which it belongs."""
    return deliveries  # pyright: ignore[reportUnknownVariableType]


async def delivery_list(context: Context, guild_id: int, argument: str) -> Found:
    """A guild's posts, some to a page."""
    zone = (await guilds.get(context, guild_id)).zone
    posts = await overview(context, guild_id, argument)
    numbers = await counts(context, guild_id)
    details = [_line(post, zone) for post in posts]
    chunks = [tuple(details[start : start + PER_PAGE]) for start in range(0, len(details), PER_PAGE)] or [()]
    headline = _headline(argument, len(posts))
    pages = tuple(
        Page(
            headline,
            say(
                "In all: {due} due, {held} held, {failed} failed, {skipped} skipped, {sent} sent.", **numbers
            ),
            chunk,
            say("Times are in {zone}.", zone=zone),
        )
        for chunk in chunks
    )
    return Found(pages, await _steps(context, guild_id))


def _headline(state: str, number: int) -> str:
    match state:
        case "due":
            none = say("No posts to come.")
            some = say_count(number, "{number} post to come", "{number} posts to come")
        case "held":
            none = say("No posts held back.")
            some = say_count(number, "{number} post held back", "{number} posts held back")
        case "failed":
            none = say("No posts failed.")
            some = say_count(number, "{number} post failed", "{number} posts failed")
        case "skipped":
            none = say("No posts left out.")
            some = say_count(number, "{number} post left out", "{number} posts left out")
        case "sent":
            none = say("No posts sent.")
            some = say_count(number, "{number} post sent", "{number} posts sent")
        case _:
            none = say("Nothing is waiting, and nothing needs you.")
            some = say_count(
                number,
                "{number} post to come or in need of you",
                "{number} posts to come or in need of you",
            )
    return some if number else none


def _line(post: ListedPost, zone: str) -> tuple[str, str]:
    due = f"{format_moment(moment_of(post.at, zone))} · {moment(post.at)}"
    lines = [say("In <#{channel_id}>", channel_id=post.delivery.target_id), due]
    lines += [reason_in_words(post.delivery.reason)] if post.delivery.reason else []
    return f"{post.word}: {plain(post.title)}", "\n".join(lines)


async def _steps(context: Context, guild_id: int) -> tuple[discord.ui.Button[Any], ...]:
    if not await restored.waiting(context, guild_id):
        return ()
    return (
        button(say("Post what is still useful"), route("restored.post", ""), main=True),
        button(say("Leave them out"), route("restored.leave", "")),
    )


async def _post_useful(interaction: Interaction, argument: str) -> None:
    del argument
    await require_organiser(interaction)
    released = await restored.post_useful(context_of(interaction), guild_id_of(interaction))
    said = str(released) or say("Somebody has decided already.")
    await answer(
        interaction, Page(say("Done.") if str(released) else say("There is nothing left to decide."), said)
    )


async def _leave_out(interaction: Interaction, argument: str) -> None:
    del argument
    await require_organiser(interaction)
    number = await restored.leave_out(context_of(interaction), guild_id_of(interaction))
    said = (
        say_count(number, "{number} post left out.", "{number} posts left out.")
        if number
        else say("There is nothing left to decide.")
    )
    await answer(
        interaction, Page(said, say("`/organise deliveries state:skipped` shows what was left out."))
    )


def add_deliveries(bot: CampaignBot) -> None:
    """Adds the list and the buttons that belong to it."""
    bot.lookups.add("deliveries", delivery_list, require=require_organiser)
    bot.routes.add("restored.post", _post_useful)
    bot.routes.add("restored.leave", _leave_out)
