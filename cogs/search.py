"""`/search`: one search over the demands, motions, glossary, meetings, actions, aims and documents."""

from collections.abc import Sequence
from typing import Any

import discord
from discord import app_commands
from discord.ext import commands

from bot.domain.campaign_texts import Kind
from bot.domain.language import later, say, say_count
from bot.domain.search import Fragment
from bot.services import everything
from bot.services.context import Context
from bot.services.everything import KIND_WORDS, Findings, FoundEntry
from cogs._bot import CampaignBot, Interaction, bot_of, context_of, guild_id_of
from cogs._lookups import Found
from cogs._render import Page, as_typed, button, day, plain, shorten
from cogs._routes import route
from cogs._suggestions import suggesting

SEARCH, DOCUMENT = "search", "search.document"
PER_PAGE = 5
QUERY_MOST = 70
PART_LENGTH, MOST_PARTS = 1_900, 30
OPENED_BY = {
    Kind.DEMAND: "demand.show",
    Kind.MOTION: "motion.show",
    Kind.TERM: "glossary.show",
    Kind.MEETING: "meeting.show",
    Kind.DOCUMENT: DOCUMENT,
}
"""What shows one entry of a kind; actions and aims are shown together."""
LISTED_BY = {Kind.ACTION: "action.list", Kind.AIM: "aims"}
IMPORTED = {
    "bulletin": later("The bulletin as it was imported"),
    "motion": later("The motion as it was imported"),
}


class SearchCog(commands.Cog):
    """Finds things, whatever they are."""

    @app_commands.command(description="Find anything: demands, motions, terms, meetings, actions, documents")
    @app_commands.describe(query="a word or two; typos and acronyms are fine")
    @app_commands.autocomplete(query=suggesting(everything.suggest_everything))
    @app_commands.guild_only()
    async def search(self, interaction: Interaction, query: app_commands.Range[str, 1, 100]) -> None:
        """Shows what answers to some words, or what was chosen while typing."""
        lookups = bot_of(interaction).lookups
        chosen = await everything.referred_to(context_of(interaction), guild_id_of(interaction), query)
        if chosen is not None:
            await lookups.show(interaction, *_shown_by(chosen))
            return
        await lookups.show(interaction, SEARCH, query[:QUERY_MOST])


async def search_pages(context: Context, guild_id: int, argument: str) -> Found:
    """What answers to some words, a few to a page, each with a button that opens it."""
    findings = await everything.search_everything(context, guild_id, argument)
    asked = shorten(plain(argument), 60)
    if not findings.entries:
        return _nothing(asked, findings)
    entries = findings.entries
    if not findings.literal:
        heading = say("Nothing has all of “{asked}”. What comes nearest:", asked=asked)
    elif len(entries) == everything.MOST_FOUND:
        heading = say_count(
            len(entries),
            "The best {number} entry for “{asked}”",
            "The best {number} entries for “{asked}”",
            asked=asked,
        )
    else:
        heading = say_count(
            len(entries),
            "{number} entry for “{asked}”, the best first",
            "{number} entries for “{asked}”, the best first",
            asked=asked,
        )
    starts = range(0, len(entries), PER_PAGE)
    chunks = [list(enumerate(entries, start=1))[start : start + PER_PAGE] for start in starts]
    return Found(
        tuple(
            Page(heading, details=tuple(_line(number, entry) for number, entry in chunk)) for chunk in chunks
        ),
        page_steps=tuple(_openers(chunk) for chunk in chunks),
    )


async def document_pages(context: Context, guild_id: int, argument: str) -> Found:
    """An imported document in its own words."""
    document = await everything.get_document(context, guild_id, argument)
    parts = _parts(document.summary)
    imported = say(IMPORTED[document.kind])
    foot = f"{imported}, {day(document.on)}" if document.on else imported
    if len(parts) == MOST_PARTS:
        foot = say("{document}; its beginning", document=foot)
    return Found(tuple(Page(document.title, as_typed(part), foot=foot) for part in parts))


def _nothing(asked: str, findings: Findings) -> Found:
    steps = [
        button(say("Search for: {word}", word=word), route("look", SEARCH, "0", word))
        for word in findings.instead
    ]
    body = say("Try another word, or see all demands or terms.")
    if steps:
        body = say("Did you mean one of the words below? You can also see all demands or terms.")
    steps.append(button(say("All demands"), route("look", "demand.list", "0", "")))
    steps.append(button(say("All terms"), route("look", "glossary.list", "0", "")))
    return Found((Page(say("Nothing here speaks of “{asked}”.", asked=asked), body),), tuple(steps))


def _line(number: int, entry: FoundEntry) -> tuple[str, str]:
    heading = f"{number}. {say(KIND_WORDS[entry.kind])}: {entry.title}"
    return heading, _bold(entry.fragment) if entry.fragment else say("The words are in its title.")


def _bold(fragment: Fragment) -> str:
    """The fragment as it stands in the text, with what was found in bold."""
    shown, done = "", 0
    for start, end in fragment.marks:
        shown += f"{as_typed(fragment.text[done:start])}**{as_typed(fragment.text[start:end])}**"
        done = end
    return shown + as_typed(fragment.text[done:])


def _openers(entries: Sequence[tuple[int, FoundEntry]]) -> tuple[discord.ui.Button[Any], ...]:
    """A button for each find; those that one list shows, such as two aims, share that of the first."""
    openers: dict[str, discord.ui.Button[Any]] = {}
    for number, entry in entries:
        name, argument = _shown_by(entry)
        custom_id = route("look", name, "0", argument)
        openers.setdefault(custom_id, button(shorten(f"{number}. {entry.title}", 40), custom_id))
    return tuple(openers.values())


def _shown_by(entry: FoundEntry) -> tuple[str, str]:
    """The look-up that shows an entry, and its argument."""
    return (OPENED_BY[entry.kind], entry.key) if entry.kind in OPENED_BY else (LISTED_BY[entry.kind], "")


def _parts(text: str) -> list[str]:
    """The text in parts that fit on a page, cut where a line or at least a word ends."""
    parts: list[str] = []
    while len(text) > PART_LENGTH and len(parts) < MOST_PARTS - 1:
        cut = max(text.rfind("\n", PART_LENGTH // 2, PART_LENGTH), 0) or text.rfind(" ", 1, PART_LENGTH)
        cut = cut if cut > 0 else PART_LENGTH
        parts.append(text[:cut])
        text = text[cut:].lstrip()
    return [*parts, text[:PART_LENGTH]]


async def setup(bot: CampaignBot) -> None:
    """Adds the feature to the bot."""
    bot.lookups.add(SEARCH, search_pages)
    bot.lookups.add(DOCUMENT, document_pages)
    await bot.add_cog(SearchCog())
