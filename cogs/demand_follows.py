"""`/demand follow` and `unfollow`: word by direct message when the employer's answer to a demand is recorded."""

from typing import Any

from discord import app_commands

from bot.domain.language import later, say
from bot.domain.problems import BadInput
from bot.services import campaign, follows
from bot.services.context import Context
from bot.services.follows import ALL, Followed
from cogs._answers import answer
from cogs._bot import CampaignBot, Interaction, context_of, guild_id_of
from cogs._direct_messages import HOW_TO_OPEN, reaches
from cogs._render import Page, fields_of
from cogs._routes import guild_in
from cogs._suggestions import suggesting
from cogs.demand_pages import FOLLOW
from cogs.followed_answers import STOP

EVERYTHING = "all"
_EVERYTHING_LABEL = later("All demands, those that are added later too")


async def _suggest_to_follow(context: Context, guild_id: int, typed: str) -> list[tuple[str, str]]:
    found = await campaign.suggest_demands(context, guild_id, typed)
    return ([] if typed.strip() else [(say(_EVERYTHING_LABEL), EVERYTHING)]) + found


async def _complete_followed(interaction: Interaction, current: str) -> list[app_commands.Choice[str]]:
    """Offers what this person follows."""

    async def suggest(context: Context, guild_id: int, typed: str) -> list[tuple[str, str]]:
        following = await follows.followed(context, guild_id, interaction.user.id)
        words = typed.casefold()
        everything = (say("Everything that I follow"), EVERYTHING)
        offered = [everything, *((demand.title, demand.key) for demand in following.demands)]
        return [one for one in offered if words in one[0].casefold() or words == one[1]]

    return await suggesting(suggest)(interaction, current)


@app_commands.command(
    name="follow", description="Get a direct message when the employer's answer is recorded"
)
@app_commands.describe(demand="start typing, or: all")
@app_commands.autocomplete(demand=suggesting(_suggest_to_follow))
async def follow(interaction: Interaction, demand: app_commands.Range[str, 1, 100]) -> None:
    """Lets the person follow a demand, or all of them."""
    if demand.strip().casefold() == EVERYTHING:
        await _follow(interaction, ALL)
        return
    found = await campaign.get_demand(context_of(interaction), guild_id_of(interaction), demand)
    await _follow(interaction, found.key, found.title)


@app_commands.command(name="unfollow", description="Get no more direct messages about a demand")
@app_commands.describe(demand="start typing; without it, or with: all, everything that you follow")
@app_commands.autocomplete(demand=_complete_followed)
async def unfollow(interaction: Interaction, demand: app_commands.Range[str, 1, 100] = EVERYTHING) -> None:
    """Ends that the person follows a demand, or everything."""
    context, guild_id, user_id = context_of(interaction), guild_id_of(interaction), interaction.user.id
    if demand.strip().casefold() == EVERYTHING:
        was = await follows.unfollow(context, guild_id, user_id)
        page = _nothing_page() if was else Page(say("You followed nothing, so nothing was changed."))
    else:
        found = await campaign.get_demand(context, guild_id, demand)
        if (await follows.followed(context, guild_id, user_id)).everything:
            raise BadInput(
                say("You follow all demands, so one of them alone cannot be left out."),
                next_step=say(
                    "`/demand unfollow demand:all` ends that; then follow the ones you want, one by one."
                ),
            )
        was = await follows.unfollow(context, guild_id, user_id, found.key)
        headline = (
            say("You no longer follow “{title}”.", title=found.title)
            if was
            else say("You did not follow “{title}”.", title=found.title)
        )
        page = _followed_page(headline, await follows.followed(context, guild_id, user_id))
    await answer(interaction, page)


def follow_commands() -> tuple[app_commands.Command[Any, ..., Any], ...]:
    """The commands, for the group to which they belong."""
    return (follow, unfollow)  # pyright: ignore[reportUnknownVariableType]


async def follow_pressed(interaction: Interaction, argument: str) -> None:
    """Lets the person who pressed the button follow the demand."""
    found = await campaign.demand_of_button(context_of(interaction), guild_id_of(interaction), argument)
    await _follow(interaction, found.key, found.title)


async def stop_pressed(interaction: Interaction, argument: str) -> None:
    """Ends everything that a person follows in one server, wherever they pressed."""
    guild_id = guild_in(argument)
    await follows.unfollow(context_of(interaction), guild_id, interaction.user.id)
    await answer(interaction, _nothing_page())


async def _follow(interaction: Interaction, key: str, title: str = "") -> None:
    """Lets the person follow the demand with this key and title, or all of them."""
    context, guild_id, user = context_of(interaction), guild_id_of(interaction), interaction.user
    before = await follows.followed(context, guild_id, user.id)
    if not (before.everything or before.demands) and not await reaches(user, _first_message(interaction)):
        page = Page(
            say("I could not reach you by direct message, so you follow nothing yet."),
            say(HOW_TO_OPEN, command="/demand follow")
            + " "
            + say("`/demand changes` shows the answers in any case."),
        )
        await answer(interaction, page)
        return
    is_new = await follows.follow(context, guild_id, user.id, key)
    everything = key == ALL or before.everything
    page = _followed_page(
        _headline("" if everything else title, is_new), await follows.followed(context, guild_id, user.id)
    )
    await answer(interaction, page)


def _headline(title: str, is_new: bool) -> str:
    """What somebody follows now, or does already: the demand with this title, or without one all of them."""
    if not title:
        return say("You follow all demands now.") if is_new else say("You follow all demands already.")
    if is_new:
        return say("You follow “{title}” now.", title=title)
    return say("You follow “{title}” already.", title=title)


def _first_message(interaction: Interaction) -> Page:
    name = interaction.guild.name if interaction.guild else say("your campaign's server")
    return Page(
        say("Word of the employer's answers will come to you here."),
        say("You asked for it in {name}. `/demand unfollow` there stops it.", name=name),
    )


def _followed_page(headline: str, following: Followed) -> Page:
    if not (following.everything or following.demands):
        return Page(headline, say("You follow nothing now, and get no direct messages about demands."))
    titles = (
        [say("All demands")]
        if following.everything
        else [f"{one.position}. {one.title}" for one in following.demands]
    )
    return Page(
        headline,
        say(
            "When an organiser records an answer, one direct message comes about a quarter of an "
            "hour later, with everything that was recorded by then. Your phone may show direct "
            "messages on its lock screen."
        ),
        tuple(fields_of(say("You follow"), titles)),
        say("/demand unfollow ends it. /me data shows it, and /me forget erases it."),
    )


def _nothing_page() -> Page:
    return Page(
        say("You follow no demands now."),
        say("I send you nothing about them. `/demand follow` in the server starts it again."),
    )


def add_follows(bot: CampaignBot) -> None:
    """Adds the buttons that belong to following."""
    bot.routes.add(FOLLOW, follow_pressed)
    bot.routes.add(STOP, stop_pressed)
