"""Every sentence that people read is in one catalogue, and every catalogue has every sentence."""

import ast
import re
from pathlib import Path

import pytest
from babel.messages import Message
from babel.messages.mofile import read_mo

from bot.domain.export_rows import HEADER
from bot.domain.language import ENGLISH, LANGUAGES
from tests.meta.project import parsed, python_files, shown
from tests.meta.sentences import SAYING, outside
from tests.meta.texts import catalogue, gathered, path_of, said

SPOKEN = ("bot/domain/", "bot/services/", "cogs/", "bot/errors.py", "bot/sender.py", "bot/weekly.py")
SPOKEN += ("bot/native_events.py", "bot/event_calendar.py", "bot/live_counts.py", "bot/feed.py")
"""Where sentences for members, organisers, moderators and administrators in Discord are made."""

NOT_SPOKEN: dict[str, str] = {
    "bot/services/zone_names.py": "names of time zones as people type them",
    "bot/domain/data_register.py": "the register of what is stored, for whoever changes the database; nobody is shown it",
    "bot/services/health.py": "what programs that monitor the bot read",
    "bot/services/keys.py": "read at the start and at the command line alone, which is English",
    "bot/domain/export_markup.py": "markup and a style sheet, into which what is said is put",
    "bot/domain/scrub.py": "patterns, and words that stand in brackets in what is stored, where they are found again",
    "bot/services/sealing.py": "read at the command line alone, which is English",
    "bot/domain/bulletins/asking.py": "the words by which the reader of English documents knows what is asked",
    "bot/domain/bulletins/dates.py": "patterns of days in English documents",
    "bot/domain/bulletins/furniture.py": "lines of English documents that say nothing",
    "bot/domain/bulletins/motion_words.py": "patterns of English motions",
    "bot/domain/bulletins/purposes.py": "patterns of what the parts of an English document are for",
    "bot/domain/bulletins/wrapping.py": "English words that are joined with hyphens",
    "bot/domain/known_words.py": "words that are not taken for people's names",
    "bot/domain/search/words.py": "forms of English words, which the search knows as one",
    "bot/domain/when/welsh.py": "the Welsh words that readers of phrases know, with the English ones for them",
    "bot/domain/when/words.py": "the English words that readers of phrases know; the names of days and months are said",
    "bot/services/key_files.py": "read at the command line alone, which is English",
    "bot/services/moving": "read at the command line alone, which is English",
    "bot/services/restoring.py": "read at the command line alone, which is English",
    "bot/services/unsealing.py": "read at the command line alone, which is English",
    "bot/services/new_files.py": "read at the command line alone, which is English",
    "bot/services/one_secret.py": "read at the start alone, by whoever runs the machine",
    "bot/services/backup": "read in the log, at the command line and in the self-check by whoever runs the machine, in English",
}
"""Modules in which what looks like a sentence is none that people are shown, or none in their own language, and why."""

CATEGORIES = frozenset({"Cc", "Cf", "Me", "Mn", "Zl", "Zp", "Zs"})
"""Unicode's, of characters."""

NOT_A_SENTENCE: dict[str, frozenset[str]] = {
    # Commands' names, and how Discord's settings call permissions.
    "cogs/help.py": frozenset(
        {
            "action list",
            "demand show",
            "feedback give",
            "meeting next",
            "moderate export",
            "moderate queue",
            "moderate reply",
            "organise demand respond",
            "organise meeting schedule",
            "organise nudge schedule",
            "setup check",
            "setup start",
        }
    ),
    "cogs/_channels.py": frozenset({"View Channel", "Send Messages", "Embed Links", "Read Message History"}),
    # What the audit log and a delivery's history keep: English records with numbers, and the names of events.
    "bot/services/retention.py": frozenset({"Feedback {} weeks, audit log {} weeks"}),
    "bot/services/calendar_feed.py": frozenset({"calendar set"}),
    "bot/services/attendance.py": frozenset({"attendance set"}),
    # How the rows of a person are found: for whoever reads the code.
    "bot/domain/personal_data.py": frozenset(
        {"their Discord id", "a keyed hash of their id, which only this installation can make"}
    ),
    # The name of the program that wrote a calendar file, the names of other firms' diaries, a mark that is stored.
    "bot/domain/diary.py": frozenset({"-//Solidarity Bot//Campaign diary//EN"}),
    "bot/domain/diary_links.py": frozenset({"Google Calendar", "Microsoft 365", "Yahoo"}),
    "bot/domain/models.py": frozenset({"no {}"}),
    # The library that draws is told where to put something, and in which letters; lead times as their parser reads them.
    "bot/services/demand_chart.py": frozenset({"outside lower left"}),
    "bot/services/drawing.py": frozenset({"DejaVu Sans", "Software"}),
    "bot/services/meetings.py": frozenset({"7 d, 1 d, 1 h, start"}),
    # The audit log is a record, and written in English.
    "bot/services/demand_ledger.py": frozenset(
        {"corrected an answer", "recorded an answer", "{} of {}", "brought back"}
    ),
    "bot/services/motions.py": frozenset({"{}: resolution {}"}),
    "bot/domain/export_formats.py": frozenset({',\n "feedback": ['}),
    "bot/domain/export_rows.py": frozenset({*HEADER, *CATEGORIES}),
    "bot/domain/feedback.py": CATEGORIES,
    "bot/domain/moderating.py": frozenset({"demand {}"}),  # a tag, as it is typed
    "bot/services/export_files.py": frozenset({"Feedback", "Text"}),  # a sheet's and a column's name
    # Lines of the audit log, which is a record in English.
    "bot/services/focus_moderation.py": frozenset(
        {"Opened a round: {}", "Changed the round: {}", "Closed the round", "Opened the voting"}
    ),
    "bot/services/moderation_changes.py": frozenset({"{}: replied", "a tag", "taken off"}),
    "bot/services/reports.py": frozenset({"Figures in chat, {} to {}"}),
    "cogs/moderate_audit.py": frozenset({"attendance set"}),  # the name of an event
    # Names of choices and descriptions of options, for which Discord has no Welsh.
    "cogs/moderate_export.py": frozenset(
        {
            "CSV, for any spreadsheet",
            "XLSX, for Excel",
            "JSON, for programs",
            "Markdown, to read and edit",
            "HTML, a page with charts to read and print",
        }
    ),
    "cogs/moderate_piece.py": frozenset({"start typing: its reference, or words from the text"}),
    "cogs/moderate_queue.py": frozenset({"Every state"}),
    "cogs/organise_actions.py": frozenset(
        {"how many members you hope for each week; 0 for none", "What members can do"}
    ),
    "cogs/organise_bulletin.py": frozenset({"Read bulletins and motions into the campaign"}),
    "cogs/organise_deliveries.py": frozenset(
        {
            "due: still to come",
            "held: waiting until something is mended",
            "failed: Discord refused it",
            "skipped: left out, with the reason",
            "sent: posted",
        }
    ),
    "cogs/organise_demands.py": frozenset({"The demands, and the employer's answers"}),
    "cogs/organise_meeting_changes.py": frozenset({"start typing; a word from its title is enough"}),
    "cogs/organise_meetings.py": frozenset({"Schedule and change meetings"}),
    "cogs/organise_motions.py": frozenset({"Record what was done about motions"}),
    "cogs/organise_nudges.py": frozenset({"Recurring posts that call for an action"}),
    "cogs/organise_reminders.py": frozenset({"Any other post at a time of your choice"}),
    # What the readers of documents, of rules and of times read, or read back: they know English.
    "bot/domain/bulletins/clocks.py": frozenset({"British", "London"}),
    "bot/domain/bulletins/files/pdf.py": frozenset({"Rect"}),
    "bot/domain/bulletins/found_meetings.py": frozenset({"Friday", "every {} {}"}),
    "bot/domain/bulletins/meeting_times.py": frozenset({"at {}"}),
    "bot/domain/bulletins/motion_head.py": frozenset(
        {"date carried", "date of debate", "date of conference", "conference date", "motion title"}
    ),
    "bot/domain/bulletins/plain_lists.py": frozenset({"; and"}),
    "bot/domain/bulletins/proposals.py": frozenset({"7 d, 1 d, 1 h, start"}),
    "bot/services/import_edits.py": frozenset({"{} minutes"}),
    "bot/services/nudges.py": frozenset({"every week", " until {}"}),
    # A line of the audit log, which is a record in English.
    "bot/services/demand_texts.py": frozenset({"edited ({})"}),
    # What readers of phrases compare with what was typed, and phrases that they read.
    "bot/domain/recurrence/phrases.py": frozenset(
        {"every Friday at 08:00", "every month", "every week", "last Friday of the month 8am"}
    ),
    "bot/domain/recurrence/readers.py": frozenset(
        {
            "beginning on",
            "but not on bank holidays",
            "ending on",
            "except bank holidays",
            "except for bank holidays",
            "except on bank holidays",
            "excluding bank holidays",
            "in england",
            "in england and wales",
            "in northern ireland",
            "in scotland",
            "in wales",
            "not on bank holidays",
            "starting from",
            "starting on",
            "up to",
            "working day",
            "working days",
        }
    ),
    "bot/domain/when/day_readers.py": frozenset(
        {"day after tomorrow", "the coming", "the day after tomorrow", "this coming", "this week"}
    ),
    "bot/domain/when/phrases.py": frozenset({"this week", "{} {} {} 12.30pm"}),
    "bot/domain/when/spans.py": frozenset(
        {
            "1 hour",
            "1 week, 1 hour",
            "7 d, 1 d, 1 h, start",
            "90 minutes",
            "a half",
            "at start",
            "at the start",
            "half a",
            "half an",
            "no reminders",
            "on time",
            "the start",
            "when it starts",
        }
    ),
    "bot/domain/when/zones.py": frozenset(
        {
            "acst aedt aest akst awst brt cat cdt cest cet cst eat edt eest eet est et gst hkt hst ist jst kst mdt mst msk ndt nst nzdt nzst pdt pkt pst pt sast sgt wat west wet wib",
            "british summer time",
            "british time",
            "greenwich mean time",
            "london time",
            "uk time",
        }
    ),
    # Names of languages, categories of Unicode, states that nobody is shown.
    "bot/domain/language.py": frozenset({"Cymraeg", "English"}),
    "bot/domain/text.py": frozenset({"Cc", "Cs"}),
    "bot/domain/lateness.py": frozenset({"on time", "too late"}),
    # Lines of the log, and what programs read.
    "bot/event_calendar.py": frozenset({"code {}", "it has as many as it may"}),
    "bot/feed.py": frozenset(
        {
            "Server",
            "Solidarity Bot",
            'inline; filename="campaign.ics"',
            "private, max-age=900",
            "text/calendar; charset=utf-8",
        }
    ),
    # How Discord's settings call a permission.
    "bot/sender.py": frozenset({"Read Message History"}),
}
"""Single strings that nobody is shown, by module."""

TRANSLATED = [code for code in LANGUAGES if code != ENGLISH]
KEPT = re.compile(r"\{[^}]*\}|`[^`]*`|https?://\S+|<[^>]*>|\*\*")
"""What a translation must have just as the English has it: gaps, what is typed, addresses, Discord's own marks."""


def ids_of(message: Message) -> tuple[str, ...]:
    """The English of a sentence; where a number decides the form, both forms."""
    return (message.id,) if isinstance(message.id, str) else tuple(message.id)


def is_spoken(path: Path) -> bool:
    name = shown(path)
    return name.startswith(SPOKEN) and not any(name.startswith(left_out) for left_out in NOT_SPOKEN)


def test_no_sentence_stands_outside_the_catalogue() -> None:
    found = [
        f"{shown(path)}:{line}: {text}"
        for path in python_files("bot", "cogs")
        if is_spoken(path)
        for line, text in outside(parsed(path))
        if text not in NOT_A_SENTENCE.get(shown(path), ())
    ]
    assert not found, "say() them, or later() in a table:\n" + "\n".join(found)


def test_every_exception_to_the_rule_still_stands_in_the_code() -> None:
    found = {shown(path): {text for _, text in outside(parsed(path))} for path in python_files("bot", "cogs")}
    gone = [
        f"{name}: {text}" for name, texts in NOT_A_SENTENCE.items() for text in texts - found.get(name, set())
    ]
    gone += [
        name
        for name in NOT_SPOKEN
        if not any(path.startswith(name) and texts for path, texts in found.items())
    ]
    assert not gone


def test_every_sentence_stands_where_it_is_gathered() -> None:
    """Before Python 3.12, Babel does not see what stands within an f-string."""
    known = {one for message in gathered() if message.id for one in ids_of(message)}
    lost = [
        f"{shown(path)}:{call.lineno}: {argument.value}"
        for path in python_files("bot", "cogs")
        for call in ast.walk(parsed(path))
        if isinstance(call, ast.Call) and isinstance(call.func, ast.Name) and call.func.id in SAYING
        for argument in call.args[: SAYING[call.func.id]]
        if isinstance(argument, ast.Constant)
        and isinstance(argument.value, str)
        and argument.value not in known
    ]
    assert not lost, "take them out of the f-string:\n" + "\n".join(lost)


@pytest.mark.parametrize("code", TRANSLATED)
def test_a_catalogue_has_every_sentence_and_no_other(code: str) -> None:
    known, wanted = (
        {str(message.id) for message in one if message.id} for one in (catalogue(code), gathered())
    )
    assert sorted(wanted - known) == [], "run `make texts`, then translate what is new"
    assert sorted(known - wanted) == [], "run `make texts`"


@pytest.mark.parametrize("code", TRANSLATED)
def test_every_sentence_is_translated_and_keeps_what_must_stay(code: str) -> None:
    wrong = []
    for message in catalogue(code):
        if not message.id:
            continue
        english = [message.id] if isinstance(message.id, str) else list(message.id)
        for one in said(message):
            if not one:
                wrong.append(f"not translated: {english[0]}")
            elif not any(sorted(KEPT.findall(one)) == sorted(KEPT.findall(text)) for text in english):
                wrong.append(f"{english[0]}\n    {one}")
    assert not wrong, "\n".join(wrong)


@pytest.mark.parametrize("code", TRANSLATED)
def test_what_the_bot_reads_is_what_the_translators_wrote(code: str) -> None:
    with path_of(code).with_suffix(".mo").open("rb") as file:
        compiled = read_mo(file)
    for message in catalogue(code):
        if message.id:
            read = compiled.get(message.id)
            assert read is not None, f"run `make texts`: {message.id}"
            assert said(read) == said(message), f"run `make texts`: {message.id}"


@pytest.mark.parametrize("code", TRANSLATED)
def test_a_catalogue_says_who_has_read_it(code: str) -> None:
    head = catalogue(code).header_comment
    assert "awaiting a native reader's review" in head
