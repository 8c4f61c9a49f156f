"""What people read, in the language that they chose.

The sentences stand in the code in English, which is also their key in the catalogue (GNU gettext's way). A sentence is
translated where it is made, so whoever makes one must know for whom: `speaking` says so, for everything that runs within
it. Nothing that was translated is stored, unless it was made for all members of a guild in the guild's language.
"""

from collections.abc import Generator
from contextlib import contextmanager
from contextvars import ContextVar
from gettext import NullTranslations
from typing import Final

ENGLISH: Final = "en"
WELSH: Final = "cy"
LANGUAGES: Final = {ENGLISH: "English", WELSH: "Cymraeg"}
"""Each language that there is a catalogue for, by its own name."""

_English: Final = NullTranslations()
_spoken: ContextVar[NullTranslations] = ContextVar("spoken", default=_English)


@contextmanager
def speaking(catalogue: NullTranslations) -> Generator[None]:
    """Within it, `say` and its kin answer in the language of this catalogue."""
    token = _spoken.set(catalogue)
    try:
        yield
    finally:
        _spoken.reset(token)


def speak(catalogue: NullTranslations) -> None:
    """The same for the rest of the task at hand: each interaction and each post is answered in a task of its own."""
    _spoken.set(catalogue)


@contextmanager
def speaking_english() -> Generator[None]:
    """Within it, everything is said in English: what is stored, and what is read back by a reader of English."""
    with speaking(_English):
        yield


def spoken() -> NullTranslations:
    """The catalogue in use, to hand it on to what runs elsewhere."""
    return _spoken.get()


def say(text: str, /, **values: object) -> str:
    """A sentence in the language that is spoken now.

    Args:
        text: the English sentence, with names in braces where something is to stand; braces only if there are values.
        values: what stands there.
    """
    said = _spoken.get().gettext(text) if text else ""  # the empty key is the catalogue's own head
    return said.format(**values) if values else said


def say_count(number: int, one: str, many: str, /, **values: object) -> str:
    """A phrase about a number: `say_count(3, "{number} meeting", "{number} meetings")`.

    Args:
        number: how many; it stands where the phrase says `{number}`, with its thousands marked.
        one: the English phrase for one.
        many: the English phrase for every other number; languages may have more forms.
        values: what else stands in it.
    """
    return _spoken.get().ngettext(one, many, number).format(number=f"{number:,}", **values)


def later(text: str, /) -> str:
    """Puts an English text into the catalogue that is said later, by `say`: nobody asks yet where a table is written."""
    return text
