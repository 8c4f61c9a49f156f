"""Hostile text for every text option, autocompletion, button, list and form of the bot, as interactions."""

import math
import time
from collections import Counter
from collections.abc import AsyncIterator, Callable, Coroutine, Iterator, Sequence
from dataclasses import dataclass
from random import Random
from typing import Any

import discord
from simcord import OptionError, SetupError, actors
from simcord.enums import ComponentType

from bot.services.rate_limit import SubmissionLimit, WrongReceiptLimit
from db.tables import metadata
from tests.discord.test_bad_input import ODD
from tests.fuzz import parsers
from tests.fuzz.in_use import PRESSES, WORDS, InUse, acceptable
from tests.fuzz.mutate import mutated
from tests.fuzz.running import SHOWN, Tally
from tests.fuzz.server import Remembered, Server, serving
from tests.meta.test_permission_matrix import ROUTES

LONGEST_OPTION, LONGEST_ID = 6_000, 100
INPUTS_PER_STATE = 500
NEVER = 1_000_000_000
DATES = (*parsers.DAYS, *parsers.WEEKS)
KINDS: dict[str, Sequence[str]] = {
    **dict.fromkeys(("when", "to", "opens", "closes"), parsers.MOMENTS),
    **dict.fromkeys(("on", "date", "since", "until", "source_on"), DATES),
    **dict.fromkeys(("quiet_from", "quiet_until"), ("9pm", "21:00", "noon", "half past nine")),
    "repeat": (*parsers.REPEATS, *parsers.RECURRENCES),
    "duration": parsers.SPANS,
    "remind": parsers.LEADS,
    "links": parsers.LINKS,
    "picture": parsers.PICTURES,
    "receipt": parsers.RECEIPTS,
    "query": parsers.QUERIES,
}
"""What is typed into an option or field, by its name; anything may be typed into the others."""
ANYTHING = (*parsers.FEEDBACK, *parsers.NAMES, *parsers.QUERIES, *parsers.LINKS, *parsers.CELLS, *ODD)


@dataclass(frozen=True)
class Target:
    """One place where anything can be given to the bot: a field of a command or form, a button or a list."""

    name: str
    of: str
    examples: Sequence[str]
    give: Callable[[str], Coroutine[Any, Any, Any]]


class Round:
    """All targets of one server."""

    def __init__(self, server: Server) -> None:
        self.server, self.used = server, InUse(server)
        self._rows: dict[str, list[Any]] = {}

    async def begin(self, presses: int) -> None:
        """Fills the server, and remembers what is stored then."""
        context = self.server.world.bot.context
        context.limit, context.suggestions = SubmissionLimit(NEVER), SubmissionLimit(NEVER)
        context.wrong_receipts = WrongReceiptLimit(NEVER)
        await self.used.fill(presses=presses)
        self._board = (await self._message()).id
        self._remembered = Remembered(self.server.world.env)
        async with context.database.read() as connection:
            for table in metadata.sorted_tables:
                rows = await connection.execute(table.select())
                self._rows[table.name] = [dict(row._mapping) for row in rows]

    async def again(self) -> None:
        """Stores what was stored at first, and nothing else."""
        world = self.server.world
        async with world.bot.context.database.write() as connection:
            for table in reversed(metadata.sorted_tables):
                await connection.execute(table.delete())
            for table in metadata.sorted_tables:
                if self._rows[table.name]:
                    await connection.execute(table.insert(), self._rows[table.name])
        world.bot.context.snapshots.forget(world.guild.id)
        world.bot.context.guilds.clear()
        self._remembered.forget_the_rest()
        self._board = (await self._message()).id

    async def _message(self) -> discord.Message:
        channel = self.server.world.bot.get_channel(self.server.world.general.id)
        assert isinstance(channel, discord.TextChannel)
        return await channel.send("Whatever was pressed is under this.")

    def targets(self) -> Iterator[Target]:
        """Every place, in the order in which they are asked."""
        for name, command in self.used.commands.items():
            for one in command.parameters:
                if one.type is discord.AppCommandOptionType.string and not one.choices:
                    yield self._option(name, one.display_name)
                    if one.autocomplete:
                        yield self._typing(name, one.display_name)
        for name in self.server.world.bot.routes._handlers:
            yield self._press(name)
            if name in self.used.controls and self.used.controls[name].values:
                yield self._choice(name)
        for name, form in self.used.forms.items():
            for one in form.fields():
                if one["type"] == ComponentType.TEXT_INPUT:
                    yield self._form(name, one["custom_id"])

    def _examples(self, command: str, option: str) -> Sequence[str]:
        offered = self.used.offered[command].get(option, [])
        return (*KINDS.get(option, ANYTHING), *offered, WORDS.get(option, "branch"))

    def _option(self, command: str, option: str) -> Target:
        actor, general = self.used.who(command), self.server.world.general

        async def give(text: str) -> Any:
            options = self.used.filled_in(command) | {option: text}
            return await actor.slash(general, command, **options)

        return Target(f"/{command} {option}", f"/{command}", self._examples(command, option), give)

    def _typing(self, command: str, option: str) -> Target:
        actor, general = self.used.who(command), self.server.world.general

        async def give(text: str) -> Any:
            others = {name: one for name, one in self.used.filled_in(command).items() if name != option}
            return await actors._autocomplete_result(actor, general, command, option, text, others)

        return Target(f"/{command} {option} …", f"/{command}", self._examples(command, option), give)

    def _press(self, name: str) -> Target:
        control = self.used.controls.get(name)
        seen = (
            control.arguments
            if control
            else [one for every in self.used.controls.values() for one in every.arguments[:2]]
        )
        values = control.values[:1] if control else []

        async def give(argument: str) -> Any:
            return await self._component(name, argument, values)

        lookups = self.server.world.bot.lookups._lookups if name in {"look", "share"} else ()
        shown = [f"{lookup}|0|" for lookup in lookups]
        return Target(f"button {name}", f"button {name}", (*seen, *shown, *parsers.ARGUMENTS), give)

    def _choice(self, name: str) -> Target:
        control = self.used.controls[name]

        async def give(value: str) -> Any:
            return await self._component(name, control.arguments[0], [value[:LONGEST_ID]])

        return Target(f"list {name}", f"list {name}", control.values, give)

    async def _component(self, name: str, argument: str, values: list[str]) -> Any:
        """Presses what a message never had: whoever writes their own client can."""
        control = self.used.controls.get(name)
        actor = control.actor if control else self._whose(name)
        world = self.server.world
        kind = ComponentType.STRING_SELECT if values else ComponentType.BUTTON
        data: dict[str, Any] = {"custom_id": f"{name}|{argument}"[:LONGEST_ID], "component_type": kind}
        if values:
            data["values"] = values
        stored = world.env.backend.get_message(world.general.id, self._board)
        return await actors._component_interaction(actor, stored, data)

    def _whose(self, name: str) -> Any:
        world = self.server.world
        everybody = {"member": world.member, "organiser": world.organiser, "moderator": world.moderator}
        return next(
            (actor for who, actor in everybody.items() if who in ROUTES.get(name, ())), world.administrator
        )

    def _form(self, name: str, field: str) -> Target:
        form = self.used.forms[name]

        async def give(text: str) -> Any:
            return await form.submit(acceptable(form) | {field: text})

        return Target(
            f"form {name} {field}",
            f"form {name}",
            KINDS.get(field, (*ANYTHING, WORDS.get(field, "Bring a friend."))),
            give,
        )


async def run_commands(
    *,
    inputs: int,
    seed: int,
    only: Sequence[str] = (),
    presses: int = PRESSES,
    database: str = "",
    shared: bool = False,
) -> AsyncIterator[tuple[str, Tally]]:
    """Gives every target so many inputs, and says of each what came of it.

    With `shared`, the fields of one command or form share so many among them. The same seed makes the same inputs, but for the keys that the bot makes anew.
    """
    given = 0
    async with serving(database) as server:
        asked = Round(server)
        await asked.begin(presses)
        fields = Counter(target.of for target in asked.targets())
        for target in asked.targets():
            if only and not any(one in target.name for one in only):
                continue
            tally, random = Tally(), Random(f"{seed} {target.name}")
            for number in range(math.ceil(inputs / fields[target.of]) if shared else inputs):
                given += 1
                if given % INPUTS_PER_STATE == 0:
                    await asked.again()
                await _give(server, target, sendable(mutated(target.examples, random)), number, tally)
            yield target.name, tally


def sendable(text: str) -> str:
    """What can be sent as UTF-8 at all."""
    return text.encode(errors="replace").decode()[:LONGEST_OPTION]


async def _give(server: Server, target: Target, text: str, number: int, tally: Tally) -> None:
    started = time.thread_time()
    try:
        _, wrong = await server.tried(target.give(text))
    except (OptionError, SetupError):
        tally.refused += 1
    else:
        if wrong:
            tally.failures.append(f"{target.name}, input {number}: {text[:SHOWN]!r}: {wrong}")
    took = time.thread_time() - started
    if took > tally.slowest:
        tally.slowest, tally.slowest_input = took, text
    tally.inputs += 1
