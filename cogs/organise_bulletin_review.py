"""The review of a document: what was found, what would become of it, and the organiser's decisions."""

from collections.abc import Mapping, Sequence
from typing import Any, cast

import discord

from bot.domain.bulletins.proposals import Draft, Proposal
from bot.domain.language import later, say
from bot.domain.problems import BadInput, NotFound
from bot.services import import_drafts, imports
from cogs._answers import answer
from cogs._bot import Interaction, context_of, guild_id_of
from cogs._channels import missing_permissions
from cogs._permissions import require_organiser
from cogs._render import Page, button
from cogs._routes import route
from cogs.organise_bulletin_done import applied_answer
from cogs.organise_bulletin_items import detail_of, headline_of, intro_of, label_of, pages_of, words_of

CHANGED_MEANWHILE = later(
    "**The campaign was changed since you looked, so nothing was applied.** This is how "
    "it looks now; what you had decided stays wherever nothing changed."
)


async def show_review(
    interaction: Interaction,
    draft: Draft,
    page: int = 0,
    *,
    replace: bool = False,
    notice: str = "",
    words: Mapping[int, str] | None = None,
) -> None:
    """Shows one page of the review; whoever knows the items' words already hands them over."""
    words = words_of(draft) if words is None else words
    pages = pages_of(draft, words)
    page = min(max(page, 0), len(pages) - 1)
    shown = pages[page]
    foot = say("Page {page} of {count}", page=page + 1, count=len(pages)) if len(pages) > 1 else ""
    body = "\n\n".join(part for part in (notice, intro_of(draft) if page == 0 else "") if part)
    content = Page(headline_of(draft), body, tuple(detail_of(draft, one, words) for one in shown), foot)
    await answer(interaction, content, buttons=_controls(draft, shown, page, len(pages)), replace=replace)


def _controls(draft: Draft, shown: Sequence[Proposal], page: int, pages: int) -> list[discord.ui.Item[Any]]:
    controls: list[discord.ui.Item[Any]] = []
    tickable = [one for one in shown if one.can_tick]
    if tickable:
        controls.append(_ticks(draft, tickable, page))
    if shown:
        controls.append(_edits(draft, shown, page))
    if page > 0:
        controls.append(button(say("Previous page"), route("import.page", draft.draft_id, str(page - 1))))
    if page < pages - 1:
        controls.append(button(say("Next page"), route("import.page", draft.draft_id, str(page + 1))))
    if draft.chosen:
        label = say("Apply all that is ticked ({number})", number=len(draft.chosen))
        controls.append(button(label, route("import.apply", draft.draft_id), main=True))
    controls.append(button(say("Give up"), route("import.drop", draft.draft_id)))
    return controls


def _ticks(draft: Draft, tickable: Sequence[Proposal], page: int) -> discord.ui.Select[Any]:
    return discord.ui.Select(
        custom_id=route("import.tick", draft.draft_id, str(page)),
        placeholder=say("Tick what is to be applied"),
        min_values=0,
        max_values=len(tickable),
        options=[
            discord.SelectOption(label=label_of(one), value=str(one.number), default=one.ticked)
            for one in tickable
        ],
    )


def _edits(draft: Draft, shown: Sequence[Proposal], page: int) -> discord.ui.Select[Any]:
    return discord.ui.Select(
        custom_id=route("import.edit", draft.draft_id, str(page)),
        placeholder=say("Edit one"),
        options=[discord.SelectOption(label=label_of(one), value=str(one.number)) for one in shown],
    )


async def turn_page(interaction: Interaction, argument: str) -> None:
    """Shows another page."""
    await require_organiser(interaction)
    draft_id, page = split(argument)
    draft = await import_drafts.get(context_of(interaction), guild_id_of(interaction), draft_id)
    await show_review(interaction, draft, page, replace=True)


async def ticks_chosen(interaction: Interaction, argument: str) -> None:
    """Ticks what was chosen of the page that was shown, and unticks the rest of it."""
    await require_organiser(interaction)
    draft_id, page = split(argument)
    context, guild_id = context_of(interaction), guild_id_of(interaction)
    shown = await import_drafts.get(context, guild_id, draft_id)
    words = words_of(shown)
    pages = pages_of(shown, words)
    among = [one.number for one in pages[min(page, len(pages) - 1)]]
    chosen = _chosen(interaction)
    draft = await import_drafts.tick(context, guild_id, draft_id, chosen, among)
    nobody_else_did = draft == shown.ticking(chosen, among)
    await show_review(interaction, draft, page, replace=True, words=words if nobody_else_did else None)


async def give_up_pressed(interaction: Interaction, argument: str) -> None:
    """Forgets the draft."""
    await require_organiser(interaction)
    draft_id, _ = split(argument)
    await import_drafts.give_up(context_of(interaction), guild_id_of(interaction), draft_id)
    page = Page(
        say("Given up."), say("Nothing of the document was kept. `/organise bulletin import` reads it again.")
    )
    await answer(interaction, page, replace=True)


async def apply_pressed(interaction: Interaction, argument: str) -> None:
    """Applies what is ticked."""
    await require_organiser(interaction)
    draft_id, _ = split(argument)
    context, guild_id = context_of(interaction), guild_id_of(interaction)
    await _require_open_channels(interaction, draft_id)
    applied = await imports.apply(context, guild_id, draft_id)
    if applied.record is None and applied.draft is not None:
        await show_review(interaction, applied.draft, replace=True, notice=say(CHANGED_MEANWHILE))
        return
    page, buttons = await applied_answer(context, guild_id, applied)
    await answer(interaction, page, buttons=buttons, replace=True)


async def _require_open_channels(interaction: Interaction, draft_id: str) -> None:
    """Refuses to plan posts for a channel in which the bot may not post."""
    try:
        draft = await import_drafts.get(context_of(interaction), guild_id_of(interaction), draft_id)
    except NotFound:
        return  # it was applied already, which is what the press will be told
    for proposal in draft.chosen:
        channel_id = proposal.posts.channel_id if proposal.posts else None
        if channel_id is None or interaction.guild is None:
            continue
        channel = interaction.guild.get_channel(channel_id)
        missing = missing_permissions(channel) if channel else ()
        if missing or channel is None:
            raise BadInput(
                say(
                    "I may not post in {channel} yet: {missing} is missing. Nothing was applied.",
                    channel=channel.mention,
                    missing=", ".join(missing),
                )
                if channel
                else say(
                    "I may not post in the chosen channel yet: the channel itself is missing. Nothing was applied."
                ),
                next_step=say(
                    "Grant it in that channel's settings, or choose another channel under “Edit one”."
                ),
            )


def split(argument: str) -> tuple[str, int]:
    """The draft and the page or number that a button carries."""
    draft_id, _, number = argument.partition("|")
    return draft_id, int(number) if number.isdecimal() else 0


def _chosen(interaction: Interaction) -> list[int]:
    data = cast("dict[str, Any]", interaction.data or {})
    return [int(value) for value in data.get("values", []) if str(value).isdecimal()]
