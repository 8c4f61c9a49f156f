"""`/focus`: members suggest what the campaign should focus on next, rank it once and in secret, and see the results.

The choices made so far travel in the `custom_id` of the next list, as letters of the ballot; nothing of them is stored
before the vote is cast.
"""

import asyncio
import io
import textwrap
from collections.abc import Callable, Sequence
from typing import Any

import discord
from discord import app_commands
from discord.ext import commands

from bot.domain.drafts import Draft
from bot.domain.focus import (
    BALLOTS_LEAST,
    MOST_CHOICES,
    POINTS,
    SUGGESTION_LIMIT,
    Round,
    Standing,
    letter,
    places_of,
)
from bot.domain.language import later, say, say_count, speaking
from bot.domain.problems import BadInput, NotAllowed
from bot.domain.scrub import scrub
from bot.services import charts, focus, languages
from bot.services.focus import Overview, Results
from cogs import _scrub_question as question
from cogs._answers import answer
from cogs._bot import CampaignBot, Interaction, context_of, guild_id_of
from cogs._render import BODY_LIMIT, Page, button, embed_of, moment, plain, shorten
from cogs._routes import chosen_value, modal_values, route, show_modal
from cogs.focus_ballot import add_focus_ballot
from cogs.focus_moderation import add_focus

SUGGEST, ANSWER = "focus.suggest", "focus.answer"
CHOOSE, AGAIN, CAST = "focus.choose", "focus.again", "focus.cast"
RESULTS, SHARE = "focus.results", "focus.share"
TEXT = "text"
DRAWN = 10
INDICATIVE = later(
    "Indicative, not a ballot: it tells the campaign what members think, and decides nothing by itself."
)
NOTICE = later(
    "**Confidential: not linked to you in our database.** We keep your words, not your "
    "name. Discord itself sees that you use this bot and what you send. A moderator "
    "reads it before it goes on the ballot: leave out names and cases. If I find a "
    "number, an address or a name, I show it to you before anything is stored."
)
READERS = later(
    "**Store it as I wrote it** keeps every word. The moderators, and everybody who votes if it goes on the "
    "ballot, can then read what I found, and somebody could be recognised by it, perhaps you. I do not find "
    "everything, so please look for names yourself too."
)
STORED_SUGGESTION = later(
    "Your words and the round. Not your name, your Discord account, or when you sent them."
)
ONCE = later("You vote once, and a vote cannot be changed afterwards: nothing shows which one is yours.")
STORED_VOTE = later(
    "The ranking, with nothing that leads to you. Apart from it, until the day after the "
    "round closes, a scrambled mark so that nobody votes twice. Discord itself sees what "
    "you press."
)
COUNTED = later(
    "A first choice brings {first} points, a second {second}, and so on down to {last} (a Borda count). "
    "Equal points share a place."
)
CHOICES = (
    later("Your first choice"),
    later("Your second choice, or vote now"),
    later("Your third choice, or vote now"),
    later("Your fourth choice, or vote now"),
    later("Your fifth choice, or vote now"),
)


@app_commands.guild_only()
class FocusCog(
    commands.GroupCog, group_name="focus", group_description="What the campaign should focus on next"
):
    """Takes suggestions and votes, and shows results."""

    @app_commands.command(description="Suggest what the campaign should focus on next, in confidence")
    async def suggest(self, interaction: Interaction) -> None:
        """Shows the form."""
        found = await focus.taking_suggestions(context_of(interaction), guild_id_of(interaction))
        await show_modal(interaction, suggestion_modal(found))

    @app_commands.command(description="Rank what matters most to you, once and in secret")
    async def vote(self, interaction: Interaction) -> None:
        """Shows the ballot."""
        await _show_ballot(interaction, replace=False)

    @app_commands.command(description="What members want the campaign to focus on; after a round has closed")
    async def results(self, interaction: Interaction) -> None:
        """Shows the results of the latest closed round."""
        await show_results(interaction, "0")


def suggestion_modal(found: Round, text: str = "") -> discord.ui.Modal:
    """The form for one suggestion, filled in already if there is something to change."""
    modal = discord.ui.Modal(
        title=say("What should we focus on next?"), custom_id=route(SUGGEST, found.round_id)
    )
    modal.add_item(discord.ui.TextDisplay(f"{plain(found.title)}\n{say(NOTICE)}"))
    box = question.text_box(TEXT, text, SUGGESTION_LIMIT)
    description = say("One thing, in a sentence. To suggest another, use the command again.")
    modal.add_item(discord.ui.Label(text=say("Your suggestion"), description=description, component=box))
    return modal


async def submit_suggestion(interaction: Interaction, argument: str) -> None:
    """Stores what was typed into the form, or asks first."""
    draft = Draft("", focus.cleaned(modal_values(interaction).get(TEXT, "")))
    scrubbed = scrub(draft.text)
    if not scrubbed.found:
        await _store_suggestion(interaction, argument, draft.text)
        return
    # Whoever comes too late should learn it before they look through their text.
    await focus.taking_suggestions(context_of(interaction), guild_id_of(interaction))
    await question.ask(interaction, draft, scrubbed, ANSWER, argument, readers=READERS)


async def answer_about_suggestion(interaction: Interaction, argument: str) -> None:
    """Does what the member decided about what was found."""
    with question.one_answer(interaction, argument) as stored:
        choice, mark, round_id = question.split_answer(argument)
        written = Draft("", question.text_asked_about(interaction, "/focus suggest"))
        decision = question.decided(choice, mark, written)
        if choice == question.CHANGE:
            found = await focus.taking_suggestions(context_of(interaction), guild_id_of(interaction))
            text = question.text_to_change(decision, SUGGESTION_LIMIT)
            await show_modal(interaction, suggestion_modal(found, text))
            return
        await _store_suggestion(interaction, round_id, decision.chosen.text, stored)


async def _store_suggestion(
    interaction: Interaction, round_id: str, text: str, stored: Callable[[], None] | None = None
) -> None:
    """Stores a suggestion; `stored` is told so, where a question was asked about it."""
    context, guild_id = context_of(interaction), guild_id_of(interaction)
    found = await focus.suggest(context, guild_id, interaction.user.id, round_id, text)
    if stored is not None:
        stored()
    page = Page(
        say("Thank you. Your suggestion is stored."),
        say("A moderator puts it on the ballot, or merges it with others that say the same."),
        (
            (say("Voting opens"), moment(found.opens_at)),
            (say("It closes"), moment(found.closes_at)),
            (say("What is stored"), say(STORED_SUGGESTION)),
        ),
    )
    await answer(interaction, page, replace=stored is not None)


async def choose(interaction: Interaction, argument: str) -> None:
    """Adds what was chosen from the list to the choices so far, and shows the ballot again."""
    round_id, _, letters = argument.partition("|")
    await _show_ballot(interaction, round_id, letters + chosen_value(interaction))


async def start_again(interaction: Interaction, argument: str) -> None:
    """Shows the ballot with nothing chosen."""
    await _show_ballot(interaction, argument)


async def _show_ballot(
    interaction: Interaction, round_id: str | None = None, letters: str = "", *, replace: bool = True
) -> None:
    found = await focus.open_ballot(context_of(interaction), guild_id_of(interaction), interaction.user.id)
    if round_id not in {None, found.round.round_id}:
        raise BadInput(
            say("That ballot is from another round."),
            next_step=say("Type `/focus vote` for the one that is open."),
        )
    places = places_of(letters, len(found.ballot))
    page = _choices_page(found, places) if places else _ballot_page(found)
    await answer(interaction, page, buttons=_choosing(found, letters, places), replace=replace)


def _ballot_page(found: Overview) -> Page:
    how = say("Choose up to {most} below, the most important first.", most=MOST_CHOICES)
    most = BODY_LIMIT // len(found.ballot) - 5
    lines = [
        shorten(f"{number}. {plain(one.text)}", most) for number, one in enumerate(found.ballot, start=1)
    ]
    return Page(
        plain(found.round.title),
        "\n".join(lines),
        (
            (
                say("How to vote"),
                f"{how} {say(ONCE)}",
            ),
            (say("The round closes"), moment(found.round.closes_at)),
        ),
        say(INDICATIVE),
    )


def _choices_page(found: Overview, places: Sequence[int]) -> Page:
    chosen = [f"{number}. {plain(found.ballot[place].text)}" for number, place in enumerate(places, start=1)]
    return Page(
        say("Your choices so far, not yet counted"),
        "\n".join(chosen),
        ((say("Before you vote"), say(ONCE)),),
        say(INDICATIVE),
    )


def _choosing(found: Overview, letters: str, places: Sequence[int]) -> list[discord.ui.Item[Any]]:
    round_id = found.round.round_id
    left = [place for place in range(len(found.ballot)) if place not in places]
    items: list[discord.ui.Item[Any]] = []
    if left and len(places) < MOST_CHOICES:
        items.append(
            discord.ui.Select(
                custom_id=route(CHOOSE, round_id, letters),
                placeholder=say(CHOICES[len(places)]),
                options=[_option(place, found.ballot[place].text) for place in left],
            )
        )
    if places:
        items.append(button(say("Cast my vote"), route(CAST, round_id, letters), main=True))
        items.append(button(say("Start again"), route(AGAIN, round_id)))
    return items


def _option(place: int, text: str) -> discord.SelectOption:
    """An entry of the list; what does not fit its first line goes on in the second."""
    first, *rest = textwrap.wrap(f"{place + 1}. {text}", 100)
    return discord.SelectOption(
        label=first, description=shorten(" ".join(rest), 100) if rest else None, value=letter(place)
    )


async def cast_vote(interaction: Interaction, argument: str) -> None:
    """Counts the vote."""
    round_id, _, letters = argument.partition("|")
    context, guild_id = context_of(interaction), guild_id_of(interaction)
    found = await focus.vote(context, guild_id, interaction.user.id, round_id, letters)
    page = Page(
        say("Your vote is counted. Thank you."),
        say(
            "`/focus results` shows the outcome when the round has closed: {moment}.",
            moment=moment(found.closes_at),
        ),
        ((say("What is stored"), say(STORED_VOTE)),),
        say(INDICATIVE),
    )
    await answer(interaction, page, replace=True)


async def show_results(interaction: Interaction, argument: str) -> None:
    """Shows the results of a closed round; the argument says how many rounds back."""
    back = int(argument) if argument.isdecimal() else 0
    context, guild_id = context_of(interaction), guild_id_of(interaction)
    found = await focus.results(context, guild_id, back)
    steps = [button(say("The round before"), route(RESULTS, str(back + 1)))] if found.older else []
    if found.standings:
        steps.append(button(say("Share here"), route(SHARE, str(back))))
    await answer(interaction, results_page(found), buttons=steps, file=await picture_of(found))


async def share_results(interaction: Interaction, argument: str) -> None:
    """Posts the results where everybody in the channel sees them."""
    back = int(argument) if argument.isdecimal() else 0
    found = await focus.results(context_of(interaction), guild_id_of(interaction), back)
    channel = interaction.channel
    if not interaction.permissions.send_messages or not isinstance(channel, discord.abc.Messageable):
        raise NotAllowed(
            say("You may not write in this channel, so this was not shared."),
            next_step=say("Share it in a channel where you may write."),
        )
    with speaking(await languages.of_guild(context_of(interaction), guild_id_of(interaction))):
        page, picture = results_page(found), await picture_of(found)
    await answer(interaction, Page(say("Shared in this channel."), say("Everybody here can see it now.")))
    if picture is not None:
        await channel.send(embed=embed_of(page), file=picture)


def results_page(found: Results) -> Page:
    """The results in words."""
    closed = (say("The round closed"), moment(found.round.closes_at))
    if not found.standings:
        return Page(
            say("No results: {title}", title=plain(found.round.title)),
            say(
                "Fewer than {least} members voted. From so few votes one could guess who chose what.",
                least=BALLOTS_LEAST,
            ),
            (closed,),
            say(INDICATIVE),
        )
    most = BODY_LIMIT // len(found.standings) - 40
    counted = say(COUNTED, first=POINTS[0], second=POINTS[1], last=POINTS[-1])
    return Page(
        plain(found.round.title),
        "\n".join(_standing(one, most) for one in found.standings),
        ((say("Votes"), f"{found.ballots:,}"), (say("How it is counted"), counted), closed),
        say(INDICATIVE),
    )


def _standing(one: Standing, most: int) -> str:
    place = f"{one.place}=" if one.shared else f"{one.place}."
    points = say_count(one.points, "{number} point", "{number} points")
    return f"**{place}** {shorten(plain(one.text), most)}: {points}"


async def picture_of(found: Results) -> discord.File | None:
    """The results as a picture, with what it shows as its alternative text."""
    if not found.standings:
        return None
    rows = [
        (f"{one.place}{'=' if one.shared else '.'} {shorten(one.text, 120)}", one.points)
        for one in found.standings[:DRAWN]
    ]
    heading, unit = found.round.title, say("points")
    title = (
        say("{title}, the first {number}: indicative, not a ballot", title=heading, number=DRAWN)
        if len(found.standings) > DRAWN
        else say("{title}: indicative, not a ballot", title=heading)
    )
    drawn = await asyncio.to_thread(charts.bars, title, rows, unit=unit)
    return discord.File(
        io.BytesIO(drawn), "focus-results.png", description=charts.described(title, rows, unit)
    )


async def setup(bot: CampaignBot) -> None:
    """Adds the feature to the bot."""
    bot.routes.add(SUGGEST, submit_suggestion)
    bot.routes.add(ANSWER, answer_about_suggestion)
    bot.routes.add(CHOOSE, choose)
    bot.routes.add(AGAIN, start_again)
    bot.routes.add(CAST, cast_vote)
    bot.routes.add(RESULTS, show_results)
    bot.routes.add(SHARE, share_results)
    add_focus(bot)
    add_focus_ballot(bot)
    await bot.add_cog(FocusCog())
