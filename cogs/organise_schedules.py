"""What organisers can do to nudges and reminders alike: pause, resume, skip, move, delete, preview."""

import inspect
from collections.abc import Callable, Coroutine
from functools import partial
from typing import Any, TypeAlias

import discord
from discord import app_commands

from bot.domain.language import say, say_count, speak
from bot.domain.problems import BadInput
from bot.domain.schedules import Schedule, ScheduleKind
from bot.domain.when import format_moment
from bot.domain.when.moment import format_date, moment_of
from bot.services import languages
from bot.services import schedule_changes as changes
from bot.services.planned import ONCE, Planned, about_post, get_planned, suggest_planned
from bot.services.posts_on_request import next_post
from cogs._answers import answer
from cogs._bot import Interaction, bot_of, context_of, guild_id_of
from cogs._permissions import is_organiser, organiser_only, require_organiser
from cogs._posts import preview_of
from cogs._render import Page, button
from cogs._routes import route
from cogs._schedules import heading, time, times, zone_line
from cogs._suggestions import Autocomplete, suggesting

Button: TypeAlias = discord.ui.Button[Any]
Callback: TypeAlias = Callable[..., Coroutine[Any, Any, None]]
Command: TypeAlias = app_commands.Command[Any, ..., Any]

CHANGEABLE = frozenset({ScheduleKind.NUDGE, ScheduleKind.REMINDER})


def suggesting_planned(kind: ScheduleKind) -> Autocomplete:
    """Offers organisers, and nobody else, what is planned."""
    offer = suggesting(partial(suggest_planned, kind=kind))

    async def complete(interaction: Interaction, current: str) -> list[app_commands.Choice[str]]:
        if interaction.guild_id is None or not await is_organiser(interaction):
            return []
        return await offer(interaction, current)

    return complete


def shared_commands(kind: ScheduleKind) -> list[Command]:
    """The commands that nudges and reminders have in common, for one of the two."""
    makers = (_list, _pause, _resume, _skip, _move, _delete, _preview)
    return [make(kind) for make in makers]


def _for_organisers(
    kind: ScheduleKind, name: str, description: str, **described: str
) -> Callable[[Callback], Command]:
    """Makes a command of a function whose argument `chosen`, if it has one, is one of what is planned."""

    def make(callback: Callback) -> Command:
        if "chosen" in inspect.signature(callback).parameters:
            app_commands.rename(chosen=kind.value)(callback)
            app_commands.describe(chosen=f"which {kind.value}; start typing", **described)(callback)
            app_commands.autocomplete(chosen=suggesting_planned(kind))(callback)
        command: Any = app_commands.command(name=name, description=description)
        return command(organiser_only()(callback))

    return make


def _list(kind: ScheduleKind) -> Command:
    noun = kind.value

    @_for_organisers(kind, "list", f"All {noun}s, and when each comes next")
    async def command(interaction: Interaction) -> None:
        await bot_of(interaction).lookups.show(interaction, f"{noun}.list")

    return command


def _pause(kind: ScheduleKind) -> Command:
    noun = kind.value

    @_for_organisers(kind, "pause", f"Post nothing of a {noun} until somebody resumes it")
    async def command(interaction: Interaction, chosen: str) -> None:
        changed = await changes.pause(context_of(interaction), guild_id_of(interaction), kind, chosen)
        page = Page(
            say("It was paused already: {title}", title=heading(changed.plan))
            if changed.already
            else say("Paused: {title}", title=heading(changed.plan)),
            say(
                "Nothing is posted until somebody resumes it. What falls due until then is left out for good."
            ),
            ((say("Would come next"), times(changed.plan)),),
            zone_line(changed.plan),
        )
        await answer(
            interaction, page, buttons=[planned_button(say("Resume it"), "schedule.resume", changed.plan)]
        )

    return command


def _resume(kind: ScheduleKind) -> Command:
    noun = kind.value

    @_for_organisers(kind, "resume", f"Let a paused {noun} go on")
    async def command(interaction: Interaction, chosen: str) -> None:
        await _answer_resume(interaction, kind, chosen)

    return command


def _skip(kind: ScheduleKind) -> Command:
    noun = kind.value

    @_for_organisers(
        kind,
        "skip",
        f"Leave out one time of a {noun}; the others stay",
        date="which day, such as: 18 April; the next time unless given",
    )
    async def command(
        interaction: Interaction, chosen: str, date: app_commands.Range[str, 1, 100] | None = None
    ) -> None:
        guild_id = guild_id_of(interaction)
        changed = await changes.skip(context_of(interaction), guild_id, kind, chosen, date)
        day = format_date(changed.day)
        headline = (
            say("Was left out already: {day}", day=day)
            if changed.already
            else say("Left out: {day}", day=day)
        )
        await answer(interaction, _day_page(headline, changed.plan))

    return command


def _move(kind: ScheduleKind) -> Command:
    noun = kind.value

    @_for_organisers(
        kind,
        "move",
        f"Post one time of a {noun} at another time; the others stay",
        to="the new time, such as: Saturday 19 April 10am",
        date="which day to move, such as: 18 April; the next time unless given",
    )
    async def command(
        interaction: Interaction,
        chosen: str,
        to: app_commands.Range[str, 1, 200],
        date: app_commands.Range[str, 1, 100] | None = None,
    ) -> None:
        guild_id = guild_id_of(interaction)
        changed = await changes.move(context_of(interaction), guild_id, kind, chosen, to, date)
        zone = changed.plan.schedule.zone
        details = ((say("Before"), time(changed.before, zone)), (say("Now"), time(changed.after, zone)))
        headline = say("Moved to {time}", time=format_moment(moment_of(changed.after, zone)))
        await answer(interaction, _day_page(headline, changed.plan, details))

    return command


def _delete(kind: ScheduleKind) -> Command:
    noun = kind.value

    @_for_organisers(kind, "delete", f"End a {noun} for good; you are asked to confirm")
    async def command(interaction: Interaction, chosen: str) -> None:
        plan = await get_planned(context_of(interaction), guild_id_of(interaction), kind, chosen)
        page = Page(
            say("Delete this nudge for good?")
            if kind is ScheduleKind.NUDGE
            else say("Delete this reminder for good?"),
            say(
                "**{title}**\nNothing is deleted until you press the button. What it posted stays. "
                "To stop it for a while only, use `/organise {group} pause`.",
                title=heading(plan),
                group=noun,
            ),
            ((say("Would come next"), times(plan)),),
            zone_line(plan),
        )
        await answer(interaction, page, buttons=[planned_button(say("Delete it"), "schedule.delete", plan)])

    return command


def _preview(kind: ScheduleKind) -> Command:
    noun = kind.value

    @_for_organisers(kind, "preview", f"See the next post of a {noun}; only you see it")
    async def command(interaction: Interaction, chosen: str) -> None:
        context = context_of(interaction)
        post = await next_post(context, guild_id_of(interaction), kind, chosen)
        due = time(post.delivery.due_at, post.schedule.zone)
        await answer(
            interaction, Page(say("Preview: only you see what follows."), f"{due}\n{where(post.schedule)}")
        )
        speak(await languages.of_guild(context, guild_id_of(interaction)))  # as it will be posted
        await interaction.followup.send(**preview_of(post), ephemeral=True)

    return command


def where(schedule: Schedule) -> str:
    """Into which channel it is posted, and whom that pings."""
    pings = (
        say("It pings <@&{role_id}>.", role_id=schedule.role_id)
        if schedule.role_id
        else say("It pings nobody.")
    )
    posted = say("Posted in <#{channel_id}>.", channel_id=schedule.channel_id)
    return f"{posted} {pings}"


async def resume_pressed(interaction: Interaction, argument: str) -> None:
    """Resumes what was just paused."""
    await require_organiser(interaction)
    kind, schedule_id, _ = read_argument(argument)
    await _answer_resume(interaction, kind, schedule_id)


async def delete_pressed(interaction: Interaction, argument: str) -> None:
    """Deletes what the organiser was asked about."""
    await require_organiser(interaction)
    kind, schedule_id, _ = read_argument(argument)
    changed = await changes.delete(context_of(interaction), guild_id_of(interaction), kind, schedule_id)
    page = Page(
        say("It was deleted already: {title}", title=heading(changed.plan))
        if changed.already
        else say("Deleted: {title}", title=heading(changed.plan)),
        say("Nothing more of it will be posted. What was posted stays."),
    )
    await answer(interaction, page, replace=True)


async def show_about(interaction: Interaction, argument: str) -> None:
    """Tells whoever presses the button under a reminder where it comes from."""
    plan = await about_post(context_of(interaction), guild_id_of(interaction), argument)
    rule = say("It was posted once.") if plan.rule == ONCE else say("It comes {rule}.", rule=plan.rule)
    page = Page(say("The campaign's organisers scheduled this post."), rule, foot=zone_line(plan))
    await answer(interaction, page, buttons=[button(say("What I can do here"), "help")])


def planned_button(label: str, name: str, plan: Planned, *more: str, main: bool = False) -> Button:
    """A button that does something to one schedule."""
    schedule = plan.schedule
    return button(label, route(name, schedule.kind.value, schedule.schedule_id, *more), main=main)


def read_argument(argument: str) -> tuple[ScheduleKind, str, str]:
    """The kind, the identity and the rest of what `planned_button` put into a button.

    Raises:
        BadInput: it is not from such a button.
    """
    kind, _, rest = argument.partition("|")
    schedule_id, _, more = rest.partition("|")
    if kind not in CHANGEABLE:
        raise BadInput(
            say("That button is from an older version of this bot."),
            next_step=say("Type the command again to get a fresh one; `/help` lists them."),
        )
    return ScheduleKind(kind), schedule_id, more


async def _answer_resume(interaction: Interaction, kind: ScheduleKind, chosen: str) -> None:
    changed = await changes.resume(context_of(interaction), guild_id_of(interaction), kind, chosen)
    missed = say_count(
        changed.left_out,
        "{number} post fell due while it was paused and will not be posted.",
        "{number} posts fell due while it was paused and will not be posted.",
    )
    page = Page(
        say("It was not paused: {title}", title=heading(changed.plan))
        if changed.already
        else say("Resumed: {title}", title=heading(changed.plan)),
        missed if changed.left_out else "",
        ((say("The next times"), times(changed.plan)),),
        zone_line(changed.plan),
    )
    await answer(interaction, page)


def _day_page(headline: str, plan: Planned, details: tuple[tuple[str, str], ...] = ()) -> Page:
    return Page(headline, heading(plan), (*details, (say("The next times"), times(plan))), zone_line(plan))
