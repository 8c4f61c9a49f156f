"""The forms in which an organiser edits one item of a document."""

from typing import Any

import discord

from bot.domain.bulletins.describing import known_name
from bot.domain.bulletins.proposals import (
    CHANGES,
    SUMMARY_LIMIT,
    TITLE_LIMIT,
    WORDING_LIMIT,
    Kind,
    Posts,
    Proposal,
    Standing,
)
from bot.domain.joining_links import LINK_LIMIT
from bot.domain.language import later, say
from bot.domain.problems import NotFound
from bot.services import import_drafts, import_edits
from bot.services.import_edits import Wish, shown_duration, shown_time
from cogs._bot import Interaction, context_of, guild_id_of, own_zone
from cogs._permissions import require_organiser
from cogs._render import shorten
from cogs._routes import chosen_value, modal_values, route, show_modal
from cogs.organise_bulletin_review import show_review, split

IDENTITY, TITLE, SUMMARY, WORDING = "identity", "title", "summary", "wording"
WHEN, DURATION, LINK, PHRASE, CHANNEL = "when", "duration", "link", "phrase", "channel"
KNOWN, NEW = "known", "new"
PHRASE_LIMIT, MODAL_TITLE = 200, 45
_NEW = {
    Kind.AIM: later("A new aim"),
    Kind.DEMAND: later("A new demand"),
    Kind.MOTION: later("A new motion"),
    Kind.ACTION: later("A new action"),
}


async def edit_chosen(interaction: Interaction, argument: str) -> None:
    """Shows the form for the item that was chosen."""
    await require_organiser(interaction)
    draft_id, page = split(argument)
    draft = await import_drafts.get(context_of(interaction), guild_id_of(interaction), draft_id)
    chosen = chosen_value(interaction)
    proposal = draft.numbered(int(chosen)) if chosen.isdecimal() else None
    if proposal is None:
        raise NotFound(
            say("That item is no longer in the document."),
            next_step=say("Look at the review again, and pick another."),
        )
    custom_id = route("import.save", draft_id, str(page), str(proposal.number))
    await show_modal(interaction, _form(proposal, custom_id))


async def edit_typed(interaction: Interaction, argument: str) -> None:
    """Changes the item as it was typed, and shows the review."""
    await require_organiser(interaction)
    draft_id, _, rest = argument.partition("|")
    page, _, number = rest.partition("|")
    if not (page.isdecimal() and number.isdecimal()):
        page = number = "0"
    draft = await import_edits.edit(
        context_of(interaction),
        guild_id_of(interaction),
        draft_id,
        int(number),
        _wish(modal_values(interaction)),
        zone=await own_zone(interaction),
    )
    await show_review(interaction, draft, int(page), replace=True)


def _wish(typed: dict[str, str]) -> Wish:
    identity, channel = typed.get(IDENTITY), typed.get(CHANNEL, "")
    return Wish(
        is_known=identity == KNOWN if identity else None,
        title=typed.get(TITLE),
        summary=typed.get(SUMMARY),
        wording=typed.get(WORDING),
        when=typed.get(WHEN),
        duration=typed.get(DURATION),
        link=typed.get(LINK),
        phrase=typed.get(PHRASE),
        channel_id=int(channel) if channel.isdecimal() else None,
    )


def _form(proposal: Proposal, custom_id: str) -> discord.ui.Modal:
    modal = discord.ui.Modal(title=shorten(proposal.title, MODAL_TITLE), custom_id=custom_id)
    for label in _labels(proposal):
        modal.add_item(label)
    return modal


def _labels(proposal: Proposal) -> list[discord.ui.Label[Any]]:
    if proposal.posts is not None:
        return _post_labels(proposal, proposal.posts)
    if proposal.standing in CHANGES:
        return [*_identity(proposal), *_wording(proposal), *_link(proposal)]
    labels = [
        _text(say("What is it called?"), TITLE, proposal.title, TITLE_LIMIT),
        _text(say("What does it say, in plain words?"), SUMMARY, proposal.summary, SUMMARY_LIMIT, long=True),
    ]
    if proposal.meeting is not None:
        time = proposal.meeting
        when = _text(say("When does it begin?"), WHEN, shown_time(time), PHRASE_LIMIT)
        when.description = say("Such as: Thursday 3 April 12.30pm")
        return [
            *labels,
            when,
            _text(say("How long is it?"), DURATION, shown_duration(time), 50),
            *_link(proposal),
        ]
    return [*_identity(proposal), *labels, *_wording(proposal)]


def _post_labels(proposal: Proposal, posts: Posts) -> list[discord.ui.Label[Any]]:
    is_nudge = proposal.kind is Kind.NUDGE
    phrase = _text(
        say("How often?") if is_nudge else say("How long before?"), PHRASE, posts.phrase, PHRASE_LIMIT
    )
    phrase.description = (
        say("Such as: every Friday 8am") if is_nudge else say("Such as: 7 d, 1 d, 1 h, start")
    )
    chosen = [discord.Object(posts.channel_id)] if posts.channel_id else []
    channel: discord.ui.ChannelSelect[Any] = discord.ui.ChannelSelect(
        custom_id=CHANNEL,
        channel_types=[discord.ChannelType.text],
        default_values=[
            discord.SelectDefaultValue(id=one.id, type=discord.SelectDefaultValueType.channel)
            for one in chosen
        ],
        required=True,
    )
    return [phrase, discord.ui.Label(text=say("In which channel?"), component=channel)]


def _identity(proposal: Proposal) -> list[discord.ui.Label[Any]]:
    """The question whether it is the entry that it seems to be."""
    if not proposal.key or proposal.meeting is not None:
        return []
    is_known = proposal.standing is not Standing.UNSURE
    choice: discord.ui.Select[Any] = discord.ui.Select(
        custom_id=IDENTITY,
        options=[
            discord.SelectOption(
                label=shorten(known_name(proposal.kind, proposal.known), 100), value=KNOWN, default=is_known
            ),
            discord.SelectOption(
                label=say(_NEW[proposal.kind]),
                value=NEW,
                default=not is_known,
            ),
        ],
    )
    return [discord.ui.Label(text=say("Which one is it?"), component=choice)]


def _wording(proposal: Proposal) -> list[discord.ui.Label[Any]]:
    if len(proposal.wording) > WORDING_LIMIT or proposal.kind is Kind.MOTION:
        return []  # a motion's whole text; it stays as it is in the document
    return [_text(say("The document's own words"), WORDING, proposal.wording, WORDING_LIMIT, long=True)]


def _link(proposal: Proposal) -> list[discord.ui.Label[Any]]:
    if proposal.meeting is None:
        return []
    address = proposal.links[0].url if proposal.links else ""
    label = _text(say("The joining link, if there is one"), LINK, address, LINK_LIMIT, required=False)
    return [label]


def _text(
    question: str, custom_id: str, value: str, most: int, *, long: bool = False, required: bool = True
) -> discord.ui.Label[Any]:
    box: discord.ui.TextInput[Any] = discord.ui.TextInput(
        custom_id=custom_id,
        style=discord.TextStyle.paragraph if long else discord.TextStyle.short,
        max_length=most,
        default=value or None,
        required=required,
    )
    return discord.ui.Label(text=question, component=box)
