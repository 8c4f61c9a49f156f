"""`/setup start`: a guided conversation after which the bot works. Each press stores its setting, or says why not."""

from collections.abc import Awaitable, Callable, Mapping
from typing import Any

from discord import app_commands

from bot.domain.language import later, say, say_count
from bot.domain.problems import BadInput
from bot.domain.setup_steps import SETUP_STEPS, SetupStep, known_step
from bot.services import guilds, onboarding
from bot.services.examples import fitting
from cogs._answers import answer
from cogs._bot import CampaignBot, Interaction, context_of, guild_id_of
from cogs._permissions import administrator_only, require_administrator
from cogs._render import Page, button
from cogs._routes import SEPARATOR, chosen_value
from cogs._setup_choices import CHOICES, server_of, show_step, situation_of
from cogs._setup_findings import findings_of
from cogs._setup_pages import START, Shown, overview, post_step, step_page, to
from cogs._setup_post import post_test, unpost

MOST_SHOWN = 6
FIRST_COMMANDS = (
    (
        later("Put the first meeting into the diary"),
        later("/organise meeting schedule title:All-members' call when:Thursday 12.30pm"),
    ),
    (
        later("Ask members to join in, every week"),
        "/organise nudge schedule action:yellow when:Friday 8am",
    ),
    (
        later("Record what the employer answers"),
        "/organise demand respond demand:overtime status:Partly met",
    ),
)


@app_commands.command(name="start", description="Set everything up, step by step, in about five minutes")
@administrator_only()
async def _start(interaction: Interaction) -> None:
    left_off = await onboarding.left_off(context_of(interaction), guild_id_of(interaction))
    page, items = overview(await situation_of(interaction), left_off)
    await answer(interaction, page, buttons=items)


async def _all(interaction: Interaction, argument: str) -> None:
    del argument
    left_off = await onboarding.left_off(context_of(interaction), guild_id_of(interaction))
    page, items = overview(await situation_of(interaction), left_off)
    await answer(interaction, page, buttons=items, replace=True)


async def _step(interaction: Interaction, argument: str) -> None:
    step = known_step(argument) or SETUP_STEPS[0]
    await onboarding.note_step(context_of(interaction), guild_id_of(interaction), step)
    if step is SetupStep.CHECK:
        await _bot_checks(interaction)
    else:
        await show_step(interaction, step)


async def _go_to(interaction: Interaction, argument: str) -> None:
    del argument
    await _step(interaction, chosen_value(interaction))


async def _post(interaction: Interaction, argument: str) -> None:
    situation = await situation_of(interaction)
    note = await post_test(server_of(interaction), situation.guild, argument)
    page, items = step_page(SetupStep.POST, post_step(situation, again=True), note=note)
    await answer(interaction, page, buttons=items, replace=True)


async def _bot_checks(interaction: Interaction) -> None:
    findings = await findings_of(interaction)
    problems = [one for one in findings if not one.ok]
    body = (
        say_count(
            len(problems),
            "{number} thing to mend. See to it now and check again, or finish and do it later.",
            "{number} things to mend. See to it now and check again, or finish and do it later.",
        )
        if problems
        else say_count(
            len(findings),
            "All is well: {number} thing looked at, and all in order.",
            "All is well: {number} things looked at, and all in order.",
        )
    )
    details = tuple(
        (
            say("✕ To mend: {subject}", subject=one.subject),
            "\n".join((one.what, say("**What to do:** {fix}", fix=one.fix))),
        )
        for one in problems[:MOST_SHOWN]
    )
    shown = Shown(body, details, (button(say("Check again"), to("step", SetupStep.CHECK.value)),))
    page, items = step_page(SetupStep.CHECK, shown)
    await answer(interaction, page, buttons=items, replace=True)


async def _finish(interaction: Interaction, argument: str) -> None:
    del argument
    context, guild_id = context_of(interaction), guild_id_of(interaction)
    await onboarding.finish(context, guild_id)
    guild = await guilds.get(context, guild_id)
    done = (
        say(
            "The set-up is done. These three are for {role}; members begin with `/help`.",
            role=f"<@&{guild.organiser_role_id}>",
        )
        if guild.organiser_role_id
        else say(
            "The set-up is done. These three are for an organiser role, which step 2 chooses; members begin with "
            "`/help`."
        )
    )
    examples = await fitting(context, guild_id, [say(command) for _, command in FIRST_COMMANDS])
    details = tuple(
        (f"{number}. {say(does)}", f"`{example}`")
        for number, ((does, _), example) in enumerate(zip(FIRST_COMMANDS, examples, strict=True), start=1)
    )
    page = Page(
        say("What organisers do first"),
        done,
        details,
        say("/setup start shows what is set, and changes it."),
    )
    await answer(interaction, page, buttons=[button(say("All steps"), to("all"))], replace=True)


_STEPS: Mapping[str, Callable[[Interaction, str], Awaitable[None]]] = {
    **CHOICES,
    "all": _all,
    "step": _step,
    "goto": _go_to,
    "post": _post,
    "unpost": unpost,
    "finish": _finish,
}


async def _pressed(interaction: Interaction, argument: str) -> None:
    """Answers every press of the set-up, from administrators only."""
    await require_administrator(interaction)
    verb, _, rest = argument.partition(SEPARATOR)
    if verb not in _STEPS:
        raise BadInput(
            say("That button is from an older version of this bot."),
            next_step=say("Type `/setup start` again."),
        )
    await _STEPS[verb](interaction, rest)


def start_command() -> app_commands.Command[Any, ..., Any]:
    """The command, for the group to which it belongs."""
    return _start  # pyright: ignore[reportUnknownVariableType]


def add_routes(bot: CampaignBot) -> None:
    """Lets the bot answer the buttons and lists."""
    bot.routes.add(START, _pressed)
