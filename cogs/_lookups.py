"""Look-ups: private answers that can be paged through and shared in the channel.

A look-up is a name and a function from an argument to pages. Its buttons carry name, page and argument, so they work after
a restart, and show what is true when they are pressed.
"""

from collections import deque
from collections.abc import Awaitable, Callable, Sequence
from dataclasses import dataclass
from typing import Any, TypeAlias

import discord

from bot.domain.language import say, speaking
from bot.domain.problems import BadInput, NotAllowed
from bot.services import languages
from bot.services.context import Context
from cogs._answers import answer
from cogs._render import Page, button, embed_of
from cogs._routes import CUSTOM_ID_LIMIT, Routes, route

SHARES_REMEMBERED = 1_000


@dataclass(frozen=True, slots=True)
class Found:
    """What a look-up found: pages, the next steps under each, and those that belong to one page only.

    Where there may be hundreds of pages, each can be a function that writes it: one of them is shown.
    """

    pages: tuple[Page | Callable[[], Page], ...]
    steps: tuple[discord.ui.Button[Any], ...] = ()
    page_steps: tuple[tuple[discord.ui.Button[Any], ...], ...] = ()

    def page(self, number: int) -> Page:
        """A page by its number, the first being 0."""
        page = self.pages[number]
        return page if isinstance(page, Page) else page()

    def steps_under(self, page: int) -> tuple[discord.ui.Button[Any], ...]:
        """The next steps under a page."""
        return (*(self.page_steps[page] if self.page_steps else ()), *self.steps)


Lookup: TypeAlias = Callable[[Context, int, str], Awaitable[Found]]
Requirement: TypeAlias = Callable[[discord.Interaction[Any]], Awaitable[None]]


class Lookups:
    """All look-ups, and the buttons under their answers."""

    def __init__(self, routes: Routes) -> None:
        self._lookups: dict[str, tuple[Lookup, Requirement | None]] = {}
        self._context: Context | None = None
        self._shared: deque[int] = deque(maxlen=SHARES_REMEMBERED)
        routes.add("look", self._turn_page)
        routes.add("share", self._share)

    def bind(self, context: Context) -> None:
        """Names the installation in which things are looked up."""
        self._context = context

    def add(self, name: str, lookup: Lookup, *, require: Requirement | None = None) -> None:
        """Offers a look-up under a name of at most 20 characters, to those whom `require` does not refuse."""
        self._lookups[name] = (lookup, require)

    async def show(
        self,
        interaction: discord.Interaction[Any],
        name: str,
        argument: str = "",
        *,
        page: int = 0,
        replace: bool = False,
    ) -> None:
        """Answers privately with one page of a look-up."""
        found = await self._find(interaction, name, argument)
        page = min(max(page, 0), len(found.pages) - 1)
        await answer(
            interaction,
            _numbered(found, page),
            buttons=(*found.steps_under(page), *_page_buttons(name, argument, page, len(found.pages))),
            replace=replace,
        )

    async def _find(self, interaction: discord.Interaction[Any], name: str, argument: str) -> Found:
        lookup, require = self._lookups.get(name, (None, None))
        if lookup is None or self._context is None or interaction.guild_id is None:
            raise BadInput(
                say("That button is from an older version of this bot."),
                next_step=say("Type the command again to get a fresh one; `/help` lists them."),
            )
        if require is not None:
            await require(interaction)
        return await lookup(self._context, interaction.guild_id, argument)

    async def _turn_page(self, interaction: discord.Interaction[Any], argument: str) -> None:
        name, page, rest = _read(argument)
        # A private answer is replaced by the next page; a post in the channel belongs to everybody and stays.
        is_private = interaction.message is not None and interaction.message.flags.ephemeral
        await self.show(interaction, name, rest, page=page, replace=is_private)

    async def _share(self, interaction: discord.Interaction[Any], argument: str) -> None:
        name, page, rest = _read(argument)
        await self._find(
            interaction, name, rest
        )  # whoever may not see it, or what is gone, is told in their language
        channel = interaction.channel
        if not interaction.permissions.send_messages or not isinstance(channel, discord.abc.Messageable):
            raise NotAllowed(
                say("You may not write in this channel, so this was not shared."),
                next_step=say("Share it in a channel where you may write."),
            )
        shown = await self._for_everybody(interaction, name, rest, page)
        await answer(
            interaction,
            Page(say("Shared in this channel."), say("Everybody here can see it now.")),
            replace=True,
        )
        if self.first_press(interaction):
            await channel.send(embed=embed_of(shown))

    async def _for_everybody(
        self, interaction: discord.Interaction[Any], name: str, argument: str, page: int
    ) -> Page:
        """A page as it is posted into a channel: in the guild's language."""
        if self._context is None or interaction.guild_id is None:
            raise RuntimeError("what was found was found in a guild")
        with speaking(await languages.of_guild(self._context, interaction.guild_id)):
            found = await self._find(interaction, name, argument)
            return found.page(min(page, len(found.pages) - 1))

    def first_press(self, interaction: discord.Interaction[Any]) -> bool:
        """Whether this answer was not shared yet: a double click must not post twice."""
        key = interaction.message.id if interaction.message else interaction.id
        if key in self._shared:
            return False
        self._shared.append(key)
        return True


def _page_buttons(name: str, argument: str, page: int, pages: int) -> Sequence[discord.ui.Button[Any]]:
    buttons: list[discord.ui.Button[Any]] = []
    if page > 0:
        buttons.append(button(say("Previous page"), _button_id("look", name, page - 1, argument)))
    if page < pages - 1:
        buttons.append(button(say("Next page"), _button_id("look", name, page + 1, argument)))
    return (*buttons, button(say("Share here"), _button_id("share", name, page, argument)))


def _button_id(kind: str, name: str, page: int, argument: str) -> str:
    start = route(kind, name, str(page), "")
    return start + argument[: CUSTOM_ID_LIMIT - len(start)]


def _numbered(found: Found, page: int) -> Page:
    shown = found.page(page)
    if len(found.pages) == 1:
        return shown
    foot = say("Page {page} of {count}", page=page + 1, count=len(found.pages)) + (
        f" · {shown.foot}" if shown.foot else ""
    )
    return Page(shown.headline, shown.body, shown.details, foot, shown.picture)


def _read(argument: str) -> tuple[str, int, str]:
    name, _, rest = argument.partition("|")
    page, _, lookup_argument = rest.partition("|")
    return name, int(page) if page.isdecimal() else 0, lookup_argument
