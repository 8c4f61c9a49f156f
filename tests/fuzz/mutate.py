"""Texts that are nearly right: valid examples, broken where parsers break.

What a line is made of stays whole: words, numbers, signs and lines are dropped, doubled, exchanged and swapped between
examples, and here and there something is put in that has broken parsers before.
"""

import re
from collections.abc import Sequence
from random import Random

LONGEST = 4_000
NASTY = (
    *("", " ", "\t", "\n", "\r\n", "\x00", "\x1b[0m", "\u200b", "\u202e", "\ufeff", "\ud800", "\U0010ffff"),
    *("²", "⑨", "Ⅻ", "½", "٣", "१२", "İ", "ß", "ﬁ", "é", "e\u0301" * 5, "漢字", "👩\u200d👩\u200d👧", "ẞ"),
    *("0", "-1", "00", "1e9", "1.5", "2**63", "9" * 30, "99999999", "-0", "+5", "0x10", "1_000", "٠"),
    *("'", '"', "`", "\\", "%s", "{}", "{0}", "${x}", "<@1>", "@everyone", "<t:1:F>", "||", "|", "~~", "```"),
    *(
        "=1+1",
        "; DROP TABLE guilds",
        "../../etc/passwd",
        "javascript:alert(1)",
        "[[",
        "]]",
        "((",
        "&#0;",
        "<!--",
    ),
    *("31", "29 February", "24:00", "25:61", "0001-01-01", "9999-12-31", "every", "until", "1 January 0"),
)
NUMBERS = (
    "0",
    "1",
    "-1",
    "12",
    "13",
    "24",
    "28",
    "29",
    "31",
    "32",
    "59",
    "60",
    "99",
    "100",
    "2024",
    "9999",
    "10000",
)
PIECE = re.compile(r"\n|\d+|\w+|[^\w\n]", re.ASCII)


def mutated(examples: Sequence[str], random: Random) -> str:
    """An example with one to six things wrong with it; sometimes nothing but what is nasty."""
    if random.random() < 0.02:
        return "".join(random.choices(NASTY, k=random.randint(0, 12)))
    pieces = PIECE.findall(random.choice(examples))
    for _ in range(random.choice((1, 1, 2, 3, 6))):
        place = random.randint(0, len(pieces))
        _MUTATIONS[random.randrange(len(_MUTATIONS))](pieces, place, examples, random)
    return "".join(pieces)[:LONGEST]


def _put_in(pieces: list[str], place: int, examples: Sequence[str], random: Random) -> None:
    pieces.insert(place, random.choice(NASTY))


def _drop(pieces: list[str], place: int, examples: Sequence[str], random: Random) -> None:
    del pieces[place : place + random.randint(1, 4)]


def _double(pieces: list[str], place: int, examples: Sequence[str], random: Random) -> None:
    some = pieces[place : place + random.randint(1, 6)]
    pieces[place:place] = some * random.choice((1, 1, 2, 40))


def _swap(pieces: list[str], place: int, examples: Sequence[str], random: Random) -> None:
    if pieces:
        other = random.randrange(len(pieces))
        place = min(place, len(pieces) - 1)
        pieces[place], pieces[other] = pieces[other], pieces[place]


def _cross(pieces: list[str], place: int, examples: Sequence[str], random: Random) -> None:
    """Goes on as another example does."""
    other = PIECE.findall(random.choice(examples))
    pieces[place:] = other[random.randint(0, len(other)) :]


def _number(pieces: list[str], place: int, examples: Sequence[str], random: Random) -> None:
    places = [at for at, piece in enumerate(pieces) if piece.isdigit()]
    if places:
        pieces[random.choice(places)] = random.choice(NUMBERS)


def _letters(pieces: list[str], place: int, examples: Sequence[str], random: Random) -> None:
    if place < len(pieces):
        change = random.choice(
            (str.upper, str.title, str.swapcase, lambda text: text[::-1], lambda text: text[1:])
        )
        pieces[place] = change(pieces[place])


_MUTATIONS = (_put_in, _put_in, _drop, _double, _swap, _cross, _number, _number, _letters)
