"""`/moderate audit`: who exported, replied, changed or erased, when, and why."""

from datetime import date
from typing import Any

from discord import app_commands

from bot.domain.audit import THE_BOT, AuditEntry
from bot.services import audit
from cogs._answers import answer
from cogs._bot import CampaignBot, Interaction, context_of, guild_id_of
from cogs._permissions import moderator_only, require_moderator
from cogs._render import Page, button, count_of, day, moment, plain, shorten
from cogs._routes import day_in, route

PAGE = "moderate.audit"
PER_PAGE = 6
PURPOSE_SHOWN = 300
WORDS = {
    "export": "Exported feedback",
    "report": "Looked at the report",
    "reply": "Replied to feedback",
    "state": "Changed the state of feedback",
    "tag": "Changed the tags of feedback",
    "focus": "Worked on a vote on what to focus on",
    "motion": "Recorded what was done about a motion",
    "retention": "Changed how long things are kept",
    "demand": "Changed the ledger of demands",
    "privacy": "Changed the contact for questions about data",
    "attendance": "Saw who comes to a meeting",
    "attendance set": "Changed who may see who comes",
    "expired": "Deleted what is older than it may become",
}


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
    kept = f"Since {day(since)}" if since else "All that is kept"
    page = Page(
        f"Audit log: {count_of(len(entries), 'entry', 'entries')}" if entries else "The audit log is empty.",
        "" if entries else "Exports, replies and changes appear here, with who made them and why.",
        details,
        f"{kept}, the latest first." + (f" Page {number + 1} of {last + 1}." if last else ""),
    )
    await answer(interaction, page, buttons=_steps(number, last, since), replace=replace)


def _steps(number: int, last: int, since: date | None) -> list[Any]:
    argument = since.isoformat() if since else ""
    steps: list[Any] = []
    if number > 0:
        steps.append(button("Previous page", route(PAGE, str(number - 1), argument)))
    if number < last:
        steps.append(button("Next page", route(PAGE, str(number + 1), argument)))
    return steps


def _line(entry: AuditEntry) -> tuple[str, str]:
    lines = [f"{_who(entry)}, {moment(entry.at)}"]
    if entry.purpose:
        lines.append(shorten(f"What for: {plain(entry.purpose)}", PURPOSE_SHOWN))
    if entry.rows is not None:
        lines.append(f"How much: {count_of(entry.rows, 'row')}")
    if entry.sha256:
        lines.append(f"SHA-256 of the file: `{entry.sha256}`")
    return WORDS.get(entry.event, entry.event.replace("_", " ").capitalize()), "\n".join(lines)


def _who(entry: AuditEntry) -> str:
    if entry.actor_id != THE_BOT:
        return f"<@{entry.actor_id}>"
    return "By itself, on schedule" if entry.event == "expired" else "Somebody at the server's command line"


def add_audit(bot: CampaignBot) -> None:
    """Adds the buttons that turn its pages."""
    bot.routes.add(PAGE, turn_page)
