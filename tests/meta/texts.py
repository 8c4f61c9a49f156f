"""Brings the catalogues up to date with the code: `make texts`.

Sentences that are new are added without a translation, those that are gone are taken out, and what translators wrote is
compiled for the bot. The order is that of the alphabet, and nothing tells from which line a sentence comes, so a change
of the code changes no line of a catalogue that is not about it.
"""

import sys
from datetime import UTC, datetime
from pathlib import Path

from babel.messages import Catalog, Message
from babel.messages.extract import extract_from_dir
from babel.messages.mofile import write_mo
from babel.messages.pofile import read_po, write_po

from bot.domain.language import ENGLISH, LANGUAGES
from tests.meta.project import ROOT

FOLDER = ROOT / "bot" / "languages"
KEYWORDS = {"say": None, "later": None, "say_count": (2, 3)}
PACKAGES = ("bot", "cogs")
WIDTH = 120
BEGUN = datetime(2026, 11, 23, tzinfo=UTC)
"""Stands in the head of each catalogue for the dates that the format asks for: Git knows the true ones."""

HEAD = """\
# The sentences of Solidarity Bot in {language}: awaiting a native reader's review.
# See docs/languages.md. After a change: `make texts`.
"""


def gathered() -> Catalog:
    """Every sentence of the code."""
    template = Catalog(creation_date=BEGUN)
    for package in PACKAGES:
        for _, _, message, _, _ in extract_from_dir(ROOT / package, keywords=KEYWORDS):
            if message:
                template.add(message)
    return template


def path_of(code: str) -> Path:
    """The catalogue that translators edit."""
    return FOLDER / code / "LC_MESSAGES" / "solidarity.po"


def catalogue(code: str) -> Catalog:
    """What translators wrote for a language."""
    with path_of(code).open("rb") as file:
        return read_po(file, locale=code)


def bring_up_to_date(code: str, template: Catalog) -> list[str]:
    """Writes a language's catalogue anew, and compiles it. Returns what is not translated yet."""
    path = path_of(code)
    path.parent.mkdir(parents=True, exist_ok=True)
    known = catalogue(code) if path.exists() else Catalog(locale=code, fuzzy=False)
    known.header_comment = HEAD.format(language=LANGUAGES[code])
    known.project, known.version, known.fuzzy = "solidarity-bot", "", False
    known.last_translator = "awaiting a native reader's review"
    known.language_team, known.msgid_bugs_address = LANGUAGES[code], "see docs/languages.md"
    known.revision_date = BEGUN
    known.update(template, no_fuzzy_matching=True, keep_user_comments=True)
    known.obsolete.clear()
    with path.open("wb") as file:
        write_po(file, known, width=WIDTH, sort_output=True, omit_header=False, ignore_obsolete=True)
    with path.with_suffix(".mo").open("wb") as file:
        write_mo(file, known)
    return [str(message.id) for message in known if message.id and not all(said(message))]


def said(message: Message) -> tuple[str, ...]:
    """Each form of a translation; an empty text where there is none yet."""
    string = message.string
    return tuple(one or "" for one in string) if isinstance(string, list | tuple) else (string or "",)


def main() -> None:
    """Brings each language up to date, and names what is still to be translated."""
    template = gathered()
    for code in LANGUAGES:
        if code == ENGLISH:
            continue
        missing = bring_up_to_date(code, template)
        sys.stdout.write(f"{code}: {len(template) - len(missing)} of {len(template)} sentences\n")
        for sentence in missing:
            sys.stdout.write(f"  not translated: {sentence}\n")


if __name__ == "__main__":
    main()
