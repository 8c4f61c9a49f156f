"""`/moderate audit`: who exported, replied, changed or erased, when, and why."""

from datetime import date
from typing import Any

from discord import app_commands

from bot.domain.audit import THE_BOT, AuditEntry
from bot.domain.language import later, say, say_count
from bot.services import audit
from cogs._answers import answer
from cogs._bot import CampaignBot, Interaction, context_of, guild_id_of
from cogs._permissions import moderator_only, require_moderator
from cogs._render import Page, button, day, moment, plain, shorten
from cogs._routes import day_in, route

PAGE = "moderate.audit"
PER_PAGE = 6
PURPOSE_SHOWN = 300
WORDS = {
    "export": later("Exported feedback"),
    "report": later("Looked at the report"),
    "reply": later("Replied to feedback"),
    "state": later("Changed the state of feedback"),
    "tag": later("Changed the tags of feedback"),
    "focus": later("Worked on a vote on what to focus on"),
    "motion": later("Recorded what was done about a motion"),
    "retention": later("Changed how long things are kept"),
    "demand": later("Changed the ledger of demands"),
    "privacy": later("Changed the contact for questions about data"),
    "attendance": later("Saw who comes to a meeting"),
    "attendance set": later("Changed who may see who comes"),
    "expired": later("Deleted what is older than it may become"),
}
TYPED_PURPOSES = frozenset({"export"})
"""Where the purpose is what somebody typed. Other purposes are written by the bot, and the fixed ones are said."""


@app_commands.command(name="audit", description="Who exported, replied, changed or erased, when and why")
@app_commands.describe(since="the first day, such as: 1 March; without it, all that is kept")
@moderator_only()
async def audit_log(interaction: Interaction, since: app_commands.Range[str, 1, 60] | None = None) -> None:
    """Shows the audit log, the latest first."""
    context, guild_id = context_of(interaction), guild_id_of(interaction)
    first = await audit.first_day(context, guild_id, since) if since else None
    await _show(interaction, first, 0)


def audit_command() -> app_commands.Command[Any, ..., Any]:
    """The command, for the group to which it belongs."""
    return audit_log  # pyright: ignore[reportUnknownVariableType]


async def turn_page(interaction: Interaction, argument: str) -> None:
    """Shows another page to a moderator, in place of the one with the button."""
    await require_moderator(interaction)
    number, _, since = argument.partition("|")
    first = day_in(since) if since else None
    await _show(interaction, first, int(number) if number.isdecimal() else 0, replace=True)


async def _show(interaction: Interaction, since: date | None, number: int, *, replace: bool = False) -> None:
    entries = await audit.entries(context_of(interaction), guild_id_of(interaction), since)
    last = max(0, (len(entries) - 1) // PER_PAGE)
    number = min(number, last)
    start = number * PER_PAGE
    details = tuple(_line(entry) for entry in entries[start : start + PER_PAGE])
    foot = [
        say("Since {day}, the latest first.", day=day(since))
        if since
        else say("All that is kept, the latest first.")
    ]
    if last:
        foot.append(say("Page {page} of {pages}.", page=number + 1, pages=last + 1))
    page = Page(
        say_count(len(entries), "Audit log: {number} entry", "Audit log: {number} entries")
        if entries
        else say("The audit log is empty."),
        "" if entries else say("Exports, replies and changes appear here, with who made them and why."),
        details,
        " ".join(foot),
    )
    await answer(interaction, page, buttons=_steps(number, last, since), replace=replace)


def _steps(number: int, last: int, since: date | None) -> list[Any]:
    argument = since.isoformat() if since else ""
    steps: list[Any] = []
    if number > 0:
        steps.append(button(say("Previous page"), route(PAGE, str(number - 1), argument)))
    if number < last:
        steps.append(button(say("Next page"), route(PAGE, str(number + 1), argument)))
    return steps


def _line(entry: AuditEntry) -> tuple[str, str]:
    lines = [f"{_who(entry)}, {moment(entry.at)}"]
    if entry.purpose:
        purpose = entry.purpose if entry.event in TYPED_PURPOSES else say(entry.purpose)
        lines.append(shorten(say("What for: {purpose}", purpose=plain(purpose)), PURPOSE_SHOWN))
    if entry.rows is not None:
        lines.append(say_count(entry.rows, "How much: {number} row", "How much: {number} rows"))
    if entry.sha256:
        lines.append(say("SHA-256 of the file: `{sha256}`", sha256=entry.sha256))
    return say(WORDS.get(entry.event, entry.event.replace("_", " ").capitalize())), "\n".join(lines)


def _who(entry: AuditEntry) -> str:
    if entry.actor_id != THE_BOT:
        return f"<@{entry.actor_id}>"
    return (
        say("By itself, on schedule")
        if entry.event == "expired"
        else say("Somebody at the server's command line")
    )


def add_audit(bot: CampaignBot) -> None:
    """Adds the buttons that turn its pages."""
    bot.routes.add(PAGE, turn_page)
