"""The guided set-up: how far a server has come, the campaigns to choose from, and taking one.

Every step stores its own setting at once, as the other commands of `/setup` do. All that is remembered besides is the step
at which somebody left off.
"""

from dataclasses import dataclass
from functools import cache

from bot.domain.language import say
from bot.domain.problems import BadInput
from bot.domain.setup_steps import SetupStep, known_step
from bot.services import guilds
from bot.services.context import Context
from bot.services.zones import find_zone
from db.guilds import delete_fact, read_fact, write_fact

LEFT_OFF = "setup_left_off:"
_ZONES_BY_LANGUAGE = {"en-GB": "Europe/London"}


@dataclass(frozen=True, slots=True)
class Campaign:
    """A campaign that comes with the bot, and how much is in it."""

    name: str
    title: str
    demands: int
    actions: int


async def left_off(context: Context, guild_id: int) -> SetupStep | None:
    """The step at which the set-up was left; `None` if it was finished, or never begun."""
    async with context.database.read() as connection:
        name = await read_fact(connection, f"{LEFT_OFF}{guild_id}")
    return known_step(name or "")


async def note_step(context: Context, guild_id: int, step: SetupStep) -> None:
    """Remembers where to go on."""
    async with context.database.write() as connection:
        await write_fact(connection, f"{LEFT_OFF}{guild_id}", step.value)


async def finish(context: Context, guild_id: int) -> None:
    """Notes that the set-up is done: next time it begins at the beginning."""
    async with context.database.write() as connection:
        await delete_fact(connection, f"{LEFT_OFF}{guild_id}")


async def choose_zone(context: Context, guild_id: int, typed: str) -> str:
    """Sets the zone in which people of this server type times, by any of its names.

    Raises:
        BadInput: no zone has that name; the nearest are named.
    """
    zone = find_zone(typed)
    await guilds.change(context, guild_id, zone=zone)
    return zone


def suggested_zone(context: Context, language: str) -> str:
    """The zone to suggest to a server: that of its language where that says it, or else the installation's."""
    return _ZONES_BY_LANGUAGE.get(language, context.settings.campaign.timezone)


@cache
def campaigns() -> tuple[Campaign, ...]:
    """The campaigns that come with the bot."""
    from seeds.reader import read_campaign, shipped_names  # noqa: PLC0415 - slow to import, and needed only here

    seeds = [read_campaign(name) for name in shipped_names()]
    return tuple(Campaign(one.name, one.title, len(one.demands), len(one.actions)) for one in seeds)


async def take_campaign(context: Context, guild_id: int, name: str) -> tuple[int, int]:
    """Makes a campaign that comes with the bot the server's own; returns how many entries came, and how many stayed.

    Raises:
        BadInput: no such campaign comes with the bot.
    """
    from seeds.loader import change_campaign  # noqa: PLC0415 - slow to import, and needed only here
    from seeds.reader import read_campaign, shipped_names  # noqa: PLC0415

    if name not in shipped_names():
        raise BadInput(
            say("That campaign does not come with this version of the bot."),
            next_step=say(
                "Choose one from the list; whoever runs the bot can load another with `solidarity-bot seed`."
            ),
        )
    zone = context.settings.campaign.timezone
    report = await change_campaign(context.database, guild_id, read_campaign(name), zone=zone)
    context.snapshots.forget(guild_id)
    context.guilds.pop(guild_id, None)
    return len(report.added) + len(report.updated) + len(report.unchanged), len(report.left)
