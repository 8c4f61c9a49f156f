"""The words of a text, in one form whatever their case, accents, endings and spelling."""

import re
import unicodedata
from functools import lru_cache

_CACHED_STEMS = 20_000
_SHORTEST = 3
_QUOTES_AND_SPACES = str.maketrans(
    {
        **dict.fromkeys("\u2019\u2018\u02bc`\u00b4", "'"),
        **dict.fromkeys("\u201c\u201d\u2013\u2014\u2026\u00a0\u2022\u00ad", " "),
    }
)
_ASCII_WORD = re.compile(r"[a-z0-9]+(?:['`][a-z0-9]+)*")
WORD = re.compile(r"[^\W_]+(?:['\u2019\u2018\u02bc`\u00b4][^\W_]+)*")
_INITIALS = re.compile(r"(?<=\b[^\W\d_])\.(?=[^\W\d_]\b)")
"""The points in A.I., which is one word."""
_SEVERAL = re.compile(r"(?<=[A-Z][A-Z])s\b")
"""The s of POs, which are several of what is called a PO."""

STOP_WORDS = frozenset(
    re.findall(
        r"\w+",
        "a about an and any are as at be by can do for from has have how i in is it me my of on or our that "
        "the their there this to us was we what when where which who will with you your",
    )
)
_IRREGULAR = {
    form: base
    for base, forms in {
        "pay": "paid",
        "meet": "met",
        "hold": "held",
        "keep": "kept",
        "take": "took taken",
        "give": "gave given",
        "write": "wrote written",
        "speak": "spoke spoken",
        "say": "said",
        "tell": "told",
        "leave": "left",
        "lose": "lost",
        "win": "won",
        "go": "went gone",
        "man": "men",
        "woman": "women",
        "child": "children",
    }.items()
    for form in forms.split()
}
_SPELLINGS = (
    (re.compile(r"(?<=.)iz(?=(e|ed|er|ing|ation)$)"), "is"),
    (re.compile(r"yz(?=(e|ed|ing)$)"), "ys"),
    (re.compile(r"(?<=..)our$"), "or"),
    (re.compile(r"amme$"), "am"),
)
_VOWEL = re.compile(r"[aeiouy]")
_NO_VOWEL_AT_END = re.compile(r"[aeiouy][^aeiouwxy]$")
_ENDINGS = (("ation", 5), ("ate", 5), ("at", 5), ("ion", 5), ("ment", 5), ("ness", 4), ("ly", 4))
"""Endings that make one word of another, and how many letters must stand before each."""


def plain_words(text: str) -> list[str]:
    """The words without case, accents, punctuation and quotation marks."""
    if not text.isascii():
        text = unicodedata.normalize("NFKC", text.translate(_QUOTES_AND_SPACES))
    text = _INITIALS.sub("", _SEVERAL.sub("", text)).casefold()
    if text.isascii():
        words = _ASCII_WORD.findall(text)
        return [re.sub("['`]", "", word) for word in words] if "'" in text or "`" in text else words
    return [fold(match.group()) for match in WORD.finditer(text)]


@lru_cache(maxsize=_CACHED_STEMS)
def fold(word: str) -> str:
    """One word without case, accents and quotation marks."""
    word = word.translate(_QUOTES_AND_SPACES).replace("'", "")
    if not word.isascii():
        bare = unicodedata.normalize("NFKD", word)
        word = "".join(letter for letter in bare if not unicodedata.combining(letter))
    return word.casefold()


@lru_cache(maxsize=_CACHED_STEMS)
def stem(word: str) -> str:
    """What the forms of a word have in common: cancel, cancels, cancelled and cancelling. Not always a real word."""
    word = _IRREGULAR.get(word, word)
    if len(word) <= _SHORTEST or not word.isalpha():
        return word
    word = _singular(word)
    for pattern, spelling in _SPELLINGS:
        word = pattern.sub(spelling, word)
    word = _without_tense(word)
    for ending, before in _ENDINGS:
        if word.endswith(ending) and len(word) >= len(ending) + before:
            word = word.removesuffix(ending)
            break
    return _without_tail(word)


def _singular(word: str) -> str:
    if word.endswith("ies"):
        return word[:-3] + "y" if len(word) > len("dies") else word[:-1]
    if word.endswith(("sses", "ches", "shes", "xes")):
        return word[:-2]
    return word if word.endswith(("ss", "us", "is")) else word.removesuffix("s")


def _without_tense(word: str) -> str:
    if word.endswith("ied"):
        return word[:-3] + "y" if len(word) > len("died") else word[:-1]
    if word.endswith("eed"):
        return word[:-1] if _VOWEL.search(word[:-3]) else word
    for ending in ("ing", "ed"):
        bare = word.removesuffix(ending)
        if bare != word and len(bare) > 1 and _VOWEL.search(bare):
            # "voting" is from "vote", "planning" from "plan": a short word that is not doubled has lost its e.
            return bare + "e" if len(bare) <= _SHORTEST and _NO_VOWEL_AT_END.search(bare) else bare
    return word


def _without_tail(word: str) -> str:
    if len(word) > _SHORTEST + 1:
        word = word.removesuffix("e")
    if len(word) > _SHORTEST and word[-1] == word[-2] and word[-1] not in "aeiou":
        word = word[:-1]
    return word


def is_meaningful(word: str) -> bool:
    """Whether the word says what somebody looks for."""
    return word not in STOP_WORDS


def meaningful(words: list[str]) -> list[str]:
    """The words that say what somebody looks for, each once; all of them when none does."""
    return list(dict.fromkeys([word for word in words if is_meaningful(word)] or words))
