"""What could fail in this installation, with the fix for each; what Discord alone can tell is added by `cogs.setup`."""

import shutil
from collections import Counter
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta

from bot.clock import Clock
from bot.config import Settings
from bot.domain.language import later, say, say_count
from bot.domain.schedules import DeliveryState
from bot.services import backups
from bot.services.context import Context
from bot.services.keys import KeyProblem, find_secret
from bot.services.outcomes import reason_in_words
from db.deliveries import count_by_state
from db.delivery_lists import count_overdue, fetch_held
from db.engine import Database, DatabaseProblem, exists
from db.upgrade import HEAD, current_revision, verify

FAILED_POSTS = later("Failed posts")
LITTLE_SPACE = 200 * 2**20
ODD_CLOCK_SECONDS = 5
SLOW_SECONDS = 5.0
OVERDUE_AFTER = timedelta(minutes=3)
"""Longer than a lease: what waits for the end of one is not overdue."""


@dataclass(frozen=True, slots=True)
class Finding:
    """One thing that was looked at. A problem comes with its fix."""

    ok: bool
    subject: str
    what: str
    fix: str | None = None


async def check_installation(settings: Settings, now: datetime) -> list[Finding]:
    """Looks at the database and the files of an installation that need not be running."""
    findings = [
        _secret(settings),
        _space(settings),
        feedback_protection(settings),
        _kept_backups(settings, now),
    ]
    if not exists(settings.database.url):
        return [
            *findings,
            Finding(True, say("Database"), say("There is none yet; the first start makes it.")),
        ]
    try:
        database = await Database.open(settings.database.url)
    except DatabaseProblem as problem:
        return [*findings, Finding(False, say("Database"), problem.what, problem.next_step)]
    try:
        findings.append(await _schema(database))
    except DatabaseProblem as problem:
        findings.append(Finding(False, say("Database"), problem.what, problem.next_step))
    finally:
        await database.close()
    return findings


async def check_running(context: Context, guild_id: int) -> list[Finding]:
    """Looks at what the running bot depends on, for one guild; what was held back and can go out is tried again."""
    await context.pulse.look(guild_id)
    return [
        await _schema(context.database),
        _space(context.settings),
        *await _deliveries(context, guild_id),
        _lead(context),
        _gateway(context),
        feedback_protection(context.settings),
        *_feed(context),
        *_backups(context),
    ]


def _feed(context: Context) -> list[Finding]:
    """Says whether the calendar feed is served, where the configuration switches it on."""
    if context.settings.feed.endpoint is None:
        return []
    if problem := context.pulse.feed_problem:
        fix = say(
            "Stop the other program, or choose another port (`listen` below `[feed]`), then restart the bot."
        )
        what = say(
            "Nothing can listen on {address}: {reason}.", address=context.settings.feed.listen, reason=problem
        )
        return [Finding(False, say("Calendar feed"), what, fix)]
    what = say("It listens on {address}.", address=context.settings.feed.listen)
    return [Finding(True, say("Calendar feed"), what)]


def _backups(context: Context) -> list[Finding]:
    """Says when the last good backup was made, where this process makes them."""
    if not context.pulse.backs_up or not context.settings.backup.every_hours:
        return [_kept_backups(context.settings, context.now())] if context.pulse.backs_up else []
    newest = backups.newest(context.settings, context.now())
    when = (
        say("The last good one is from <t:{seconds}:R>.", seconds=int(newest.made_at.timestamp()))
        if newest
        else say("None yet.")
    )
    if context.pulse.backup_problem is not None:
        what, fix = context.pulse.backup_problem
        return [Finding(False, say("Backup"), f"{say(what)} {when}", say(fix))]
    if backups.is_overdue(context.settings, context.now()):
        fix = say("Look into the log, and whether the process that delivers runs.")
        overdue = say("Another one is overdue.")
        return [Finding(False, say("Backup"), f"{when} {overdue}", fix)]
    return [Finding(True, say("Backup"), when)]


def _kept_backups(settings: Settings, now: datetime) -> Finding:
    if not settings.backup.every_hours:
        what = say("The bot makes none ([backup] every_hours is 0).")
        return Finding(True, say("Backup"), what, say("Make sure that somebody else does."))
    newest = backups.newest(settings, now)
    if newest is None:
        return Finding(True, say("Backup"), say("There is none yet; the running bot makes one."))
    return Finding(True, say("Backup"), say("The newest is {file}.", file=newest.name))


async def _deliveries(context: Context, guild_id: int) -> list[Finding]:
    async with context.database.read() as connection:
        counts = await count_by_state(connection, guild_id)
        held = await fetch_held(connection, guild_id)
        overdue = await count_overdue(connection, guild_id, context.now() - OVERDUE_AFTER)
    waiting = counts.get(DeliveryState.PENDING, 0) + counts.get(DeliveryState.SENDING, 0)
    sent = counts.get(DeliveryState.SENT, 0)
    findings = [
        Finding(True, say("Posts"), say("{sent} sent, {waiting} waiting.", sent=sent, waiting=waiting))
    ]
    if overdue:
        fix = say("If it stays so, look into the log, or restart the bot.")
        what = say("{number} should have gone out already.", number=overdue)
        findings.append(Finding(False, say("Overdue posts"), what, fix))
    if failed := counts.get(DeliveryState.FAILED, 0):
        fix = say("`/organise deliveries` says which, and why.")
        what = say("{number} could not be posted.", number=failed)
        findings.append(Finding(False, say(FAILED_POSTS), what, fix))
    reasons = Counter(reason_in_words(one.reason or "") for one in held)
    if held:
        lines = "\n".join(
            say("{number} held back: {reason}", number=number, reason=reason_in_words(reason))
            for reason, number in reasons.most_common(5)
        )
        fix = say("Mend the channel; they go out by themselves then. `/organise deliveries` shows each.")
        findings.append(Finding(False, say("Held posts"), lines, fix))
    return findings


def _lead(context: Context) -> Finding:
    if not context.pulse.leads:
        fix = say(
            "Nothing, if you mean it so: it takes over when the other stops. Otherwise stop one of the two."
        )
        return Finding(
            False, say("Scheduler"), say("Another process delivers from this database; I stand by."), fix
        )
    last = context.pulse.last_turn
    what = say("This process delivers.")
    if last:
        when = say("It last looked <t:{seconds}:R>.", seconds=int(last.timestamp()))
        what = f"{what} {when}"
    return Finding(True, say("Scheduler"), what)


def _gateway(context: Context) -> Finding:
    latency = context.pulse.latency()
    if latency is None:
        return Finding(True, say("Connection"), say("I am connected; how fast is not measured yet."))
    if latency > SLOW_SECONDS:
        fix = say("Check the machine's network, and whether it is overloaded.")
        return Finding(
            False,
            say("Connection"),
            say("Discord answers after {seconds} seconds only.", seconds=f"{latency:.1f}"),
            fix,
        )
    what = say("Discord answers within {milliseconds} ms.", milliseconds=f"{latency * 1000:.0f}")
    return Finding(True, say("Connection"), what)


def check_clock(clock: Clock, discord_time: datetime) -> Finding:
    """Compares the machine's clock with Discord's; reminders are only as punctual as it is."""
    seconds = abs((clock.now() - discord_time.astimezone(UTC)).total_seconds())
    if seconds > ODD_CLOCK_SECONDS:
        fix = say("Switch on time synchronisation on the machine that runs the bot.")
        return Finding(
            False,
            say("Clock"),
            say("It differs from Discord's by {seconds} seconds.", seconds=f"{seconds:.0f}"),
            fix,
        )
    return Finding(True, say("Clock"), say("It agrees with Discord's."))


def feedback_protection(settings: Settings) -> Finding:
    """Says who can read what members wrote: it is a choice, so neither answer is a problem."""
    if keys := len(settings.feedback.recipients):
        what = say_count(
            keys,
            "What members write is sealed on arrival, and can only be read with the one key in the "
            "configuration. What was given before sealed mode was switched on is still readable.",
            "What members write is sealed on arrival, and can only be read with any one of the {number} keys in the "
            "configuration. What was given before sealed mode was switched on is still readable.",
        )
        return Finding(True, say("Feedback"), what)
    what = say(
        "Feedback is stored without names, but as readable text: whoever can open the "
        "database file can read what was written."
    )
    fix = say("To have it sealed, see docs/sealed-mode.md.")
    return Finding(True, say("Feedback"), what, fix)


async def _schema(database: Database) -> Finding:
    revision = await current_revision(database)
    if revision is None:
        return Finding(True, say("Database"), say("It is empty; the first start fills it."))
    if revision != HEAD:
        fix = say("Run `solidarity-bot db upgrade`, after a backup.")
        return Finding(
            False,
            say("Database"),
            say("Its schema is {found}, this version's is {expected}.", found=revision, expected=HEAD),
            fix,
        )
    problems = await verify(database)
    if problems:
        return Finding(False, say("Database"), " ".join(problems), say("Restore your latest backup."))
    return Finding(True, say("Database"), say("It answers, and is whole."))


def _secret(settings: Settings) -> Finding:
    try:
        is_there = find_secret(settings.data.directory)
    except KeyProblem as problem:
        return Finding(False, say("Secret"), problem.what, problem.next_step)
    except OSError as error:
        where = settings.data.directory
        return Finding(
            False, say("Secret"), f"{where}: {error.strerror}.", say("Let this user write in that folder.")
        )
    what = (
        say("The file with the installation's secret is there.")
        if is_there
        else say("The first start makes it.")
    )
    return Finding(True, say("Secret"), what)


def _space(settings: Settings) -> Finding:
    folder = settings.data.directory
    while not folder.exists():
        folder = folder.parent
    free = shutil.disk_usage(folder).free
    if free < LITTLE_SPACE:
        return Finding(
            False,
            say("Disk"),
            say("Only {free} MB are free.", free=free // 2**20),
            say("Free some space soon."),
        )
    return Finding(True, say("Disk"), say("{free} MB are free.", free=f"{free // 2**20:,}"))
