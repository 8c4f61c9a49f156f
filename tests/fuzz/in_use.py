"""Fills a server as a campaign would, by commands, forms and buttons; keeps what was shown on the way.

What is behind a real button, and the real keys that a list offers, are the examples that hostile input is made from.
"""

from collections import defaultdict
from contextlib import suppress
from dataclasses import dataclass, field
from typing import Any

import simcord
from discord import app_commands
from simcord.components import walk_components
from simcord.enums import ComponentType

from bot.services import feedback
from tests.fuzz.server import Server
from tests.meta.project import leaves
from tests.services.bulletins import FIRST

WHO = {"organise": "organiser", "moderate": "moderator", "setup": "administrator"}
WORDS = {
    "title": "Branch call",
    "when": "Thursday 10 April 12.30pm",
    "duration": "1 hour 30",
    "seats": "12",
    "link": "https://union.example/call",
    "repeat": "every week",
    "remind": "1 d, 1 h",
    "agenda": "Welcome",
    "to": "Friday 11 April 6pm",
    "on": "Thursday 10 April",
    "reason": "Clash with a rally",
    "name": "branch",
    "until": "27 June",
    "wording": "Wear *yellow*.",
    "date": "28 March",
    "text": "Bring a friend.",
    "corrects": "1",
    "source": "Letter",
    "purpose": "meeting with the employer",
    "since": "last month",
    "tag": "over-time",
    "quiet_from": "9pm",
    "quiet_until": "8am",
    "weekly_cap": "3",
    "contact": "casework@union.example",
    "zone": "Europe/London",
    "query": "overtime",
    "demand": "overtime",
    "motion": "workloads",
    "action": "yellow",
    "opens": "Friday 8am",
    "closes": "11 April 12.30pm",
    "links": "Map: https://example.org/map",
    "button": "Done",
    "picture": "https://example.org/a.png\nA march.",
    "summary": "Hand out leaflets.",
    "add": "over-time",
}
"""What a person might type, by the name of the option or field."""
FIRST_STEPS: tuple[tuple[str, dict[str, Any]], ...] = (
    ("organise meeting schedule", {"repeat": "every week", "announce": True, "feedback": True}),
    ("organise nudge schedule", {"repeat": "every Friday"}),
    ("organise reminder schedule", {"repeat": "every week"}),
    ("organise demand respond", {"status": "refused"}),
    ("organise motion progress", {"resolution": "1"}),
    ("organise demand add", {}),
    ("organise action add", {}),
    ("organise meeting template", {"meeting": "branch"}),
    ("meeting propose", {}),
    ("demand follow", {}),
    ("feedback give", {"topic": "situation"}),
    ("feedback give", {"topic": "meeting"}),
    ("organise bulletin import", {"file": ("bulletin.txt", FIRST.encode())}),
    ("moderate focus", {}),
)
ENDS = ("delete", "drop", "forget", "retire", "stop", "undo", "withdraw", "yes")
"""A button whose name ends so takes away what the others are about; it is found here, and pressed with hostile input."""
PRESSES = 400
EXAMPLES = 12


@dataclass
class Form:
    """A form that somebody was shown."""

    actor: simcord.MemberActor
    shown: simcord.InteractionResult

    async def submit(self, values: dict[str, Any]) -> Any:
        """Sends it, once more if need be: whoever has a form open can."""
        self.shown._interaction.modal_consumed = False
        return await self.actor.submit_modal(self.shown, values)

    def fields(self) -> list[dict[str, Any]]:
        """What can be typed into or chosen from."""
        return [one for one in walk_components((self.shown.modal or {})["components"]) if "custom_id" in one]


@dataclass
class Control:
    """A button or list that somebody was shown, and the arguments and values seen behind it."""

    actor: simcord.MemberActor
    arguments: list[str] = field(default_factory=list)
    values: list[str] = field(default_factory=list)


class InUse:
    """A server with something of everything."""

    def __init__(self, server: Server) -> None:
        self.server, self.world = server, server.world
        self.commands = {one.qualified_name: one for one in leaves(self.world.bot)}
        self.forms: dict[str, Form] = {}
        self.controls: dict[str, Control] = {}
        self.offered: dict[str, dict[str, list[str]]] = defaultdict(dict)
        self._unseen: list[tuple[simcord.MemberActor, Any, dict[str, Any]]] = []
        self._seen: set[str] = set()
        self._pressed = 0

    def who(self, command: str) -> simcord.MemberActor:
        """For whom a command is."""
        return getattr(self.world, WHO.get(command.split(maxsplit=1)[0], "member"))

    async def fill(self, *, presses: int = PRESSES) -> None:
        """Uses everything once: commands, forms, then so many of the buttons that appear."""
        for name, options in FIRST_STEPS:
            await self.use(name, **options)
        await feedback.release_batches(self.world.bot.context)
        await self._press_up_to(presses)
        for name in self.commands:
            await self._look_up(name)
            await self.use(name)
            await self._press_up_to(presses)

    async def _look_up(self, name: str) -> None:
        for one in self.commands[name].parameters:
            if one.autocomplete:
                choices = await self.who(name).autocomplete(self.world.general, name, one.display_name, "")
                self.offered[name][one.display_name] = [str(choice["value"]) for choice in choices][:EXAMPLES]

    def filled_in(self, name: str) -> dict[str, Any]:
        """Something acceptable for each option that must be there."""
        return {
            one.display_name: self._value(name, one)
            for one in self.commands[name].parameters
            if one.required and one.display_name != "file"
        }

    def _value(self, name: str, one: app_commands.Parameter) -> Any:
        if one.choices:
            return one.choices[0].value
        offered = self.offered[name].get(one.display_name)
        return offered[0] if offered else WORDS.get(one.display_name, "branch")

    async def use(self, name: str, **options: Any) -> None:
        """Uses a command as it is meant, and sends the form that it shows."""
        actor = self.who(name)
        await self._took(actor, await actor.slash(self.world.general, name, **self.filled_in(name) | options))

    async def _took(self, actor: simcord.MemberActor, result: simcord.InteractionResult) -> None:
        if result.modal is not None:
            name = result.modal["custom_id"].partition("|")[0]
            if name not in self.forms:
                form = self.forms[name] = Form(actor, result)
                await self._took(actor, await form.submit(acceptable(form)))
            return
        for message in (result.response, *result.followups):
            for one in walk_components(message.components if message else []):
                if one.get("custom_id") and not one.get("disabled"):
                    self._note(actor, message, one)

    def _note(self, actor: simcord.MemberActor, message: Any, one: dict[str, Any]) -> None:
        name, _, argument = one["custom_id"].partition("|")
        control = self.controls.setdefault(name, Control(actor))
        control.values += [option["value"] for option in one.get("options") or []]
        if one["custom_id"] in self._seen:
            return
        self._seen.add(one["custom_id"])
        control.arguments.append(argument)
        if len(control.arguments) <= EXAMPLES and not name.endswith(ENDS):
            self._unseen.append((actor, message, one))

    async def _press_up_to(self, presses: int) -> None:
        while self._unseen and self._pressed < presses:
            self._pressed += 1
            actor, message, one = self._unseen.pop(0)
            with suppress(simcord.SetupError):  # an answer took the place of the message
                await self._took(actor, await _pressed(actor, message, one))


async def _pressed(
    actor: simcord.MemberActor, message: Any, one: dict[str, Any]
) -> simcord.InteractionResult:
    if one["type"] == ComponentType.BUTTON:
        return await actor.click(message, custom_id=one["custom_id"])
    values = [option["value"] for option in one.get("options") or []]
    return await actor.select(message, values[: one.get("min_values") or 1], custom_id=one["custom_id"])


def acceptable(form: Form) -> dict[str, Any]:
    """What stands in a form already, or else what a person might type or choose."""
    values: dict[str, Any] = {}
    for one in form.fields():
        options = one.get("options")
        if options:
            values[one["custom_id"]] = [options[0]["value"]]
        elif "value" in one or one["type"] == ComponentType.TEXT_INPUT:
            values[one["custom_id"]] = one.get("value") or WORDS.get(one["custom_id"], "Bring a friend.")
    return values
