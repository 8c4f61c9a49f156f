"""Every sentence that people read is in one catalogue, and every catalogue has every sentence."""

import re
from pathlib import Path

import pytest
from babel.messages.mofile import read_mo

from bot.domain.language import ENGLISH, LANGUAGES
from tests.meta.project import parsed, python_files, shown
from tests.meta.sentences import outside
from tests.meta.texts import catalogue, gathered, path_of, said

SPOKEN = ("bot/domain/", "bot/services/", "cogs/", "bot/errors.py", "bot/sender.py", "bot/weekly.py")
SPOKEN += ("bot/native_events.py", "bot/event_calendar.py", "bot/live_counts.py", "bot/feed.py")
"""Where sentences for members, organisers, moderators and administrators in Discord are made."""

NOT_SPOKEN: dict[str, str] = {}
"""Modules in which what looks like a sentence is none that people are shown, or none in their own language, and why."""

NOT_A_SENTENCE: dict[str, frozenset[str]] = {}
"""Single strings that nobody is shown, by module."""

TRANSLATED = [code for code in LANGUAGES if code != ENGLISH]
KEPT = re.compile(r"\{[^}]*\}|`[^`]*`|https?://\S+|<[^>]*>|\*\*")
"""What a translation must have just as the English has it: gaps, what is typed, addresses, Discord's own marks."""


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
