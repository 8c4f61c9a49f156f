"""Cuts a phrase into words, numbers and numeric dates, forgiving how leaflets and telephones punctuate."""

import re
import unicodedata
from collections.abc import Mapping
from dataclasses import dataclass
from difflib import get_close_matches
from typing import Final, Literal, get_args

from bot.domain.language import say
from bot.domain.when.problem import Refusal, quote
from bot.domain.when.welsh import in_english
from bot.domain.when.words import KNOWN_WORDS, ORDINAL_WORDS, SMALL_NUMBERS, SUGGESTIONS, TENS, as_written

PHRASE_LIMIT: Final = 200
_WORTH_A_SUGGESTION: Final = 3
_UNIT_LIMIT: Final = 10

Kind = Literal["stamp", "date", "clock", "dotted", "number", "word", "mark"]

_KINDS: Final[tuple[Kind, ...]] = get_args(Kind)
_DASHES: Final = "\u2010\u2011\u2012\u2013\u2014\u2015\u2212\ufe58\ufe63\uff0d"
_APOSTROPHES: Final = "\u2018\u2019\u201b\u02bc\u2032\u00b4`"
_TRANSLATION: Final = str.maketrans(
    {**dict.fromkeys(_DASHES, "-"), **dict.fromkeys(_APOSTROPHES, "'"), "\u201c": '"', "\u201d": '"'}
)
_FRACTIONS: Final = {"½": ".5", "¼": ".25", "¾": ".75"}

# A date and time as machines write them. With a space instead of the T only "+" may follow: "12:30-14:00" is
# a meeting of an hour and a half, not a zone fourteen hours behind.
_STAMP = (
    r"[0-9]{4}-[0-9]{2}-[0-9]{2}(?:"
    r"t[0-9]{2}:?[0-9]{2}(?::?[0-9]{2}(?:[.,][0-9]+)?)?(?:z|[+-][0-9]{2}(?::?[0-9]{2})?)?"
    r"|\ [0-9]{2}:[0-9]{2}(?::[0-9]{2}(?:\.[0-9]+)?)?\ ?(?:z|\+[0-9]{2}(?::?[0-9]{2})?)"
    r")(?![0-9a-z:])"
)
_SCANNER: Final = re.compile(
    rf"""
    (?P<stamp>{_STAMP})
    | (?P<date>[0-9]+(?P<separator>[-/.])[0-9]+(?P=separator)[0-9]+|[0-9]+/[0-9]+)
    | (?P<clock>[0-9]+:[0-9]+(?::[0-9]+)?)
    | (?P<dotted>[0-9]+\.[0-9]+)
    | (?P<number>[0-9]+)
    | (?P<word>[^\W\d_]+(?:'[^\W\d_]+)?)'?\.?
    | (?P<mark>\S)
    """,
    re.VERBOSE,
)
_HALF_OF_DAY: Final = re.compile(r"(?<![a-z])([ap])\.\s?m\.?(?![a-z])")


@dataclass(frozen=True, slots=True)
class Token:
    """One word, number or mark; `joined` when no space stood before it."""

    kind: Kind
    text: str
    joined: bool


def tokenize(phrase: str, limit: int = PHRASE_LIMIT) -> list[Token]:
    """Cut a phrase of at most `limit` characters into tokens, in lower case and one spelling of each character.

    Raises:
        Refusal: the phrase is empty, too long, or holds a number sign that is easily misread, such as "²".
    """
    if len(phrase) > limit:
        raise Refusal(
            say("it is longer than {limit} characters", limit=limit), say("Give only what is asked for here.")
        )
    text = _normalised(phrase)
    tokens = [_token(match, text) for match in _SCANNER.finditer(text)]
    if not tokens:
        raise Refusal(say("there is nothing in it that I can read"))
    return tokens


def _token(match: re.Match[str], text: str) -> Token:
    kind: Kind = next(kind for kind in _KINDS if match[kind] is not None)
    joined = match.start() > 0 and not text[match.start() - 1].isspace()
    return Token(kind, match[kind], joined)


def _normalised(phrase: str) -> str:
    decimal = "".join(_FRACTIONS.get(character, character) for character in phrase)
    for character in decimal:
        # NFKC would turn "1²" into "12": better asked about than guessed.
        if unicodedata.category(character) == "No":
            raise Refusal(
                say('I do not know the sign "{sign}"', sign=quote(character)),
                say("Write numbers with plain digits."),
            )
    text = unicodedata.normalize("NFKC", decimal).translate(_TRANSLATION).casefold()
    text = unicodedata.normalize("NFKC", text)
    visible = "".join("" if unicodedata.category(character) == "Cf" else character for character in text)
    flat = " ".join(visible.split()).rstrip(" .,")
    return in_english(_HALF_OF_DAY.sub(r"\1m", flat))


class Cursor:
    """A place in a list of tokens, moved on by the readers.

    A reader that fails puts `position` back to where it began.
    """

    __slots__ = ("_tokens", "position")

    def __init__(self, tokens: list[Token]) -> None:
        self._tokens = tokens
        self.position = 0

    @property
    def done(self) -> bool:
        """Whether everything has been read."""
        return self.position >= len(self._tokens)

    def token(self, ahead: int = 0) -> Token | None:
        """Return the token `ahead` places on, or None past the end."""
        index = self.position + ahead
        return self._tokens[index] if index < len(self._tokens) else None

    def text(self, kind: Kind, ahead: int = 0) -> str:
        """Return the text of the token `ahead` places on if it is of that kind, else an empty string."""
        token = self.token(ahead)
        return token.text if token and token.kind == kind else ""

    def word(self, ahead: int = 0) -> str:
        """Return the word `ahead` places on, or an empty string when there is none."""
        return self.text("word", ahead)

    def take(self) -> str:
        """Move past the present token and return its text."""
        token = self._tokens[self.position]
        self.position += 1
        return token.text

    def accept(self, *phrases: str) -> str:
        """Move past the first of these phrases that comes next, and return it; return "" when none does."""
        for phrase in phrases:
            wanted = phrase.split()
            if all((token := self.token(place)) and token.text == each for place, each in enumerate(wanted)):
                self.position += len(wanted)
                return phrase
        return ""

    def since(self, position: int) -> str:
        """Return what was read since `position`, spaced as it was typed."""
        read = self._tokens[position : self.position]
        return "".join(token.text if token.joined else f" {token.text}" for token in read).strip()

    def unread(self) -> Refusal:
        """Say that the present token is not understood, and suggest the word that was probably meant."""
        token = self._stumbling_block()
        reason = say('I do not understand "{word}"', word=quote(token.text, 30))
        if token.kind != "word" or len(token.text) <= _WORTH_A_SUGGESTION or token.text in KNOWN_WORDS:
            return Refusal(reason)
        close = get_close_matches(token.text, SUGGESTIONS, n=1, cutoff=0.75)
        return Refusal(reason, say('Did you mean "{word}"?', word=as_written(close[0])) if close else "")

    def _stumbling_block(self) -> Token:
        """Find the strange word: in "3 Febuary" and "in 2 huors" it is not the first that could not be read."""
        present = self._tokens[self.position]
        if present.kind == "mark" or (present.kind == "word" and not _is_familiar(present)):
            return present
        ahead = self._tokens[self.position + 1 : self.position + 3]
        return next((token for token in ahead if token.kind == "word" and not _is_familiar(token)), present)


def _is_familiar(token: Token) -> bool:
    return len(token.text) < _WORTH_A_SUGGESTION or token.text in KNOWN_WORDS


def read_cardinal(cursor: Cursor) -> int | None:
    """Read a whole number, in digits or in words up to fifty-nine."""
    if cursor.text("number"):
        return int(cursor.take())
    if cursor.word() in TENS:
        tens = TENS[cursor.take()]
        return tens + _read_unit_after_tens(cursor, SMALL_NUMBERS)
    if cursor.word() in SMALL_NUMBERS:
        return SMALL_NUMBERS[cursor.take()]
    return None


def read_ordinal_word(cursor: Cursor) -> int | None:
    """Read "first" to "thirty-first"."""
    if cursor.word() in ORDINAL_WORDS:
        return ORDINAL_WORDS[cursor.take()]
    start = cursor.position
    if cursor.word() in TENS:
        tens = TENS[cursor.take()]
        unit = _read_unit_after_tens(cursor, ORDINAL_WORDS)
        if unit:
            return tens + unit
    cursor.position = start
    return None


def _read_unit_after_tens(cursor: Cursor, units: Mapping[str, int]) -> int:
    ahead = 1 if cursor.text("mark") == "-" else 0
    unit = units.get(cursor.word(ahead), _UNIT_LIMIT)
    if unit >= _UNIT_LIMIT:
        return 0
    cursor.position += ahead + 1
    return unit
