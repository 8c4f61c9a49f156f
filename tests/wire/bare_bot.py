"""The least bot that discord.py allows: the floor for benchmarks, and a probe of the stand-in itself.

Run as ``python -m tests.wire.bare_bot`` with BARE_BOT_API_BASE and BARE_BOT_TOKEN in the environment.
"""

import asyncio
import os
import signal
from typing import Self

import aiohttp
import discord
from discord import app_commands
from discord.gateway import DiscordWebSocket
from discord.http import Route
from yarl import URL

FRUIT = ("apple", "banana", "cherry")


class Form(discord.ui.Modal, title="A form"):
    """One input in a label, one in an action row."""

    new = discord.ui.Label(text="New", component=discord.ui.TextInput(custom_id="new"))
    old: discord.ui.TextInput[Self] = discord.ui.TextInput(label="Old", custom_id="old", required=False)

    async def on_submit(self, interaction: discord.Interaction) -> None:
        assert isinstance(self.new.component, discord.ui.TextInput)
        await interaction.response.send_message(
            f"{self.new.component.value}|{self.old.value}", ephemeral=True
        )


class Panel(discord.ui.View):
    """Three buttons and a menu, all persistent."""

    def __init__(self) -> None:
        super().__init__(timeout=None)

    @discord.ui.button(label="Press", custom_id="panel:press")
    async def press(self, interaction: discord.Interaction, button: discord.ui.Button[Self]) -> None:
        await interaction.response.edit_message(content="pressed")

    @discord.ui.button(label="Form", custom_id="panel:form")
    async def form(self, interaction: discord.Interaction, button: discord.ui.Button[Self]) -> None:
        await interaction.response.send_modal(Form(custom_id="panel:modal"))

    @discord.ui.button(label="Twice", custom_id="panel:twice")
    async def twice(self, interaction: discord.Interaction, button: discord.ui.Button[Self]) -> None:
        await interaction.response.send_message("first", ephemeral=True)
        again = interaction.client.http.request(
            Route("POST", f"/interactions/{interaction.id}/{interaction.token}/callback"),
            json={"type": 4, "data": {"content": "second"}},
        )
        await interaction.followup.send(await outcome(again), ephemeral=True)

    @discord.ui.select(
        cls=discord.ui.RoleSelect, custom_id="panel:pick", placeholder="Roles", min_values=1, max_values=2
    )
    async def pick(self, interaction: discord.Interaction, menu: discord.ui.RoleSelect[Self]) -> None:
        await interaction.response.defer()
        await interaction.edit_original_response(content="|".join(role.name for role in menu.values))


async def outcome(request) -> str:  # type: ignore[no-untyped-def]
    """Return what a request came to: a message's id, or the failure's name and numbers."""
    try:
        result = await request
    except discord.HTTPException as error:
        return f"{error.status} {error.code}"
    except (aiohttp.ClientError, TimeoutError) as error:
        return type(error).__name__
    return str(result.id)


class BareBot(discord.Client):
    """A client with a command tree and nothing else."""

    def __init__(self) -> None:
        super().__init__(intents=discord.Intents(guilds=True))
        self.tree = app_commands.CommandTree(self)
        add_commands(self.tree)

    async def setup_hook(self) -> None:
        self.add_view(Panel())
        await self.tree.sync()


def add_commands(tree: app_commands.CommandTree[BareBot]) -> None:
    """Declare the commands: /ping is the floor, the others probe the server."""

    @tree.command(description="Answer with a constant")
    async def ping(interaction: discord.Interaction) -> None:
        await interaction.response.send_message("pong")

    @tree.command(description="Answer with a page as long as a demand's, and buttons that do nothing")
    async def page(interaction: discord.Interaction) -> None:
        embed = discord.Embed(title="3. A title of some words", description="A sentence. " * 12, colour=1)
        for name in ("Status", "The employer's answers"):
            embed.add_field(name=name, value="Some words about it.", inline=False)
        embed.set_footer(text="Source: a document of some length, 3 April 2025")
        view = discord.ui.View()
        for number in range(3):
            view.add_item(
                discord.ui.Button[discord.ui.View](label=f"Step {number}", custom_id=f"step|{number}")
            )
        view.stop()
        await interaction.response.send_message(embed=embed, view=view, ephemeral=True)

    @tree.command(description="Answer with buttons")
    async def panel(interaction: discord.Interaction) -> None:
        await interaction.response.send_message("a panel", view=Panel())

    @tree.command(description="Defer, then answer")
    async def fruit(interaction: discord.Interaction, name: str) -> None:
        await interaction.response.defer(ephemeral=True)
        file = discord.File(fp=__file__, filename="fruit.txt")
        await interaction.edit_original_response(content=f"{name}!", attachments=[file])

    @fruit.autocomplete("name")
    async def complete(interaction: discord.Interaction, current: str) -> list[app_commands.Choice[str]]:
        return [app_commands.Choice(name=each, value=each) for each in FRUIT if current in each]

    @tree.command(description="Take one of everything that is passed by reference")
    @app_commands.guild_only()
    async def take(
        interaction: discord.Interaction,
        person: discord.Member,
        role: discord.Role,
        file: discord.Attachment,
        size: app_commands.Range[int, 1, 5],
    ) -> None:
        read = (await file.read()).decode()
        await interaction.response.send_message(f"{person.display_name}|{role.name}|{read}|{size}")

    group = app_commands.Group(name="post", description="Posting", guild_only=True)
    tree.add_command(group)

    @group.command(name="send", description="Post with a nonce")
    async def post_send(
        interaction: discord.Interaction, where: discord.TextChannel, text: str, nonce: str
    ) -> None:
        await interaction.response.defer()
        sending = asyncio.wait_for(where.send(text, nonce=nonce), timeout=2)
        await interaction.edit_original_response(content=await outcome(sending))

    @group.command(name="count", description="Count the messages that can be read")
    async def post_count(interaction: discord.Interaction, where: discord.TextChannel) -> None:
        await interaction.response.defer()
        found = [message.id async for message in where.history(limit=None)]
        await interaction.edit_original_response(content=str(len(found)))


async def main() -> None:
    """Point the library at the stand-in and run until terminated."""
    Route.BASE = os.environ["BARE_BOT_API_BASE"]
    base = URL(Route.BASE)
    DiscordWebSocket.DEFAULT_GATEWAY = base.with_scheme("ws").with_path("/gateway")
    discord.utils.setup_logging()
    async with BareBot() as bot:
        running = asyncio.create_task(bot.start(os.environ["BARE_BOT_TOKEN"]))
        asyncio.get_running_loop().add_signal_handler(signal.SIGTERM, running.cancel)
        try:
            await running
        except asyncio.CancelledError:
            return


if __name__ == "__main__":
    asyncio.run(main())
