"""Why a file cannot be read, told so that it can be said again in another process, in the reader's language."""

from collections.abc import Mapping

from bot.domain.language import later, say
from bot.domain.problems import BadInput

PASTE = later("Send the text as a .txt file, or paste it.")


class Unreadable(BadInput):
    """A file that cannot be read.

    Args:
        english: what is wrong with it; an English sentence of the catalogue, with names in braces for the values.
        instead: what to do now, another such sentence.
        values: what stands in the first one.
    """

    def __init__(self, english: str, instead: str, values: Mapping[str, str] | None = None) -> None:
        super().__init__(say(english, **(values or {})), next_step=say(instead))
        self.english = english
        self.instead = instead
        self.values = dict(values or {})
