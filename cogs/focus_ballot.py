"""The ballot of a focus round: moderators put suggestions on it, merge them, or set them aside.

All of it is reached from `/moderate focus`, and each press checks the role again.
"""

import textwrap
from collections.abc import Sequence
from typing import Any

import discord

from bot.domain.focus import BALLOT_MOST, Phase, Suggestion, SuggestionState
from bot.domain.language import later, say, say_count
from bot.services import focus, focus_moderation
from bot.services.focus import Overview
from cogs._answers import answer
from cogs._bot import CampaignBot, Interaction, context_of, guild_id_of
from cogs._permissions import require_moderator
from cogs._render import BODY_LIMIT, Page, button, plain, shorten
from cogs._routes import chosen_value, route
from cogs.focus_moderation import FIXED, ROUND, STATE_WORDS, SUGGESTIONS, display_round

LOOK, JUDGE, MERGE = "focus.look", "focus.judge", "focus.merge"
PER_PAGE = 25
DONE = {
    SuggestionState.ON_BALLOT: later("Done: on the ballot."),
    SuggestionState.MERGED: later("Done: merged into another."),
    SuggestionState.SET_ASIDE: later("Done: set aside."),
}


async def show_list(interaction: Interaction, argument: str) -> None:
    """Lists the suggestions that have come this far."""
    await require_moderator(interaction)
    state, _, number = argument.partition("|")
    found = await focus.current(context_of(interaction), guild_id_of(interaction))
    if found is None:
        await display_round(interaction, replace=True)
        return
    shown = SuggestionState(state) if state in set(SuggestionState) else SuggestionState.WAITING
    await _show_list(interaction, found, shown, int(number) if number.isdecimal() else 0)


async def _show_list(
    interaction: Interaction, found: Overview, state: SuggestionState, number: int, said: str = ""
) -> None:
    every = found.in_state(state)
    start = min(number, max(0, len(every) - 1) // PER_PAGE) * PER_PAGE
    chunk = every[start : start + PER_PAGE]
    most = BODY_LIMIT // PER_PAGE - 5
    lines = [shorten(f"{place}. {plain(one.text)}", most) for place, one in enumerate(chunk, start=start + 1)]
    items: list[discord.ui.Item[Any]] = []
    if chunk:
        items.append(_choice(route(LOOK), say("Look at one of them"), chunk))
    items += [
        button(f"{say(words)} ({len(found.in_state(other))})", route(SUGGESTIONS, other.value, "0"))
        for other, words in STATE_WORDS.items()
        if other is not state
    ]
    items.append(button(say("Back to the round"), route(ROUND)))
    if start + PER_PAGE < len(every):
        items.append(button(say("Next page"), route(SUGGESTIONS, state.value, str(start // PER_PAGE + 1))))
    how_many = say_count(len(every), "{number} suggestion", "{number} suggestions")
    headline = f"{say(STATE_WORDS[state])}: {how_many}"
    page = Page(said or headline, (f"{headline}\n" if said else "") + "\n".join(lines), foot=say(FIXED))
    await answer(interaction, page, buttons=items, replace=True)


def _choice(custom_id: str, placeholder: str, suggestions: Sequence[Suggestion]) -> discord.ui.Select[Any]:
    options = [
        discord.SelectOption(label=textwrap.shorten(one.text, 100, placeholder="…"), value=one.suggestion_id)
        for one in suggestions[:PER_PAGE]
    ]
    return discord.ui.Select(custom_id=custom_id, placeholder=placeholder, options=options)


async def look_at(interaction: Interaction, argument: str) -> None:
    """Shows the suggestion that was chosen from the list."""
    await require_moderator(interaction)
    suggestion_id = argument or chosen_value(interaction)
    context, guild_id = context_of(interaction), guild_id_of(interaction)
    found, one = await focus_moderation.get_suggestion(context, guild_id, suggestion_id)
    merged = [plain(other.text) for other in found.suggestions if other.merged_into == suggestion_id]
    details = [(say("What became of it"), say(STATE_WORDS[one.state]))]
    if merged:
        details.append((say("Merged into it"), "\n".join(merged)))
    items = _judging(found, one)
    items.append(button(say("Back to the list"), route(SUGGESTIONS, one.state.value, "0")))
    await answer(
        interaction,
        Page(say("A suggestion"), plain(one.text), tuple(details), say(FIXED)),
        buttons=items,
        replace=True,
    )


def _judging(found: Overview, one: Suggestion) -> list[discord.ui.Item[Any]]:
    """What can be done with a suggestion; nothing, once voting is open."""
    if found.phase is not Phase.SUGGESTING:
        return []
    items: list[discord.ui.Item[Any]] = []
    others = [other for other in found.ballot if other != one]
    if others:
        items.append(_choice(route(MERGE, one.suggestion_id), say("Merge it into one on the ballot"), others))
    if one.state is not SuggestionState.ON_BALLOT and len(found.ballot) < BALLOT_MOST:
        place = route(JUDGE, one.suggestion_id, SuggestionState.ON_BALLOT.value)
        items.append(button(say("Put it on the ballot"), place, main=True))
    if one.state is not SuggestionState.SET_ASIDE:
        items.append(
            button(say("Set it aside"), route(JUDGE, one.suggestion_id, SuggestionState.SET_ASIDE.value))
        )
    return items


async def judge_it(interaction: Interaction, argument: str) -> None:
    """Puts a suggestion on the ballot, or sets it aside."""
    await require_moderator(interaction)
    suggestion_id, _, wanted = argument.partition("|")
    on_ballot = wanted == SuggestionState.ON_BALLOT.value
    await _judge(
        interaction, suggestion_id, SuggestionState.ON_BALLOT if on_ballot else SuggestionState.SET_ASIDE
    )


async def merge_it(interaction: Interaction, argument: str) -> None:
    """Merges a suggestion into the one that was chosen from the list."""
    await require_moderator(interaction)
    await _judge(interaction, argument, SuggestionState.MERGED, chosen_value(interaction))


async def _judge(
    interaction: Interaction, suggestion_id: str, state: SuggestionState, merged_into: str | None = None
) -> None:
    context, guild_id = context_of(interaction), guild_id_of(interaction)
    await focus_moderation.judge(context, guild_id, interaction.user.id, suggestion_id, state, merged_into)
    found = await focus.current(context, guild_id)
    if found is None:
        await display_round(interaction, replace=True)
        return
    await _show_list(
        interaction,
        found,
        SuggestionState.WAITING,
        0,
        say(DONE[state]),
    )


HANDLERS = {SUGGESTIONS: show_list, LOOK: look_at, JUDGE: judge_it, MERGE: merge_it}


def add_focus_ballot(bot: CampaignBot) -> None:
    """Lets the bot answer what moderators press."""
    for name, handler in HANDLERS.items():
        bot.routes.add(name, handler)
