"""Web addresses in a line: markdown's forms, addresses in angle brackets, and bare ones."""

import re
from collections.abc import Iterable
from typing import Final

from bot.domain.bulletins.model import FoundLink

_IMAGE: Final = re.compile(r"!\[[^\]\n]{0,200}\]\([^()\s]{0,500}\)")
_INLINE: Final = re.compile(
    r"\[([^\[\]\n]{1,300})\]\(\s*<?([^()<>\s]{1,500}(?:\([^()\s]{0,100}\)[^()<>\s]{0,200})?)>?(?:\s+[\"'(][^\"'()\n]{0,200}[\"')])?\s*\)"
)
_REFERRED: Final = re.compile(r"\[([^\[\]\n]{1,300})\]\s?\[([^\[\]\n]{0,100})\]")
_LABEL: Final = re.compile(r"\[([^\[\]\n]{1,100})\]")
_REFERENCE: Final = re.compile(r"\s{0,3}\[([^\[\]\n]{1,100})\]:\s*<?(\S{1,500}?)>?(?:\s+[\"'(].{0,200})?\s*$")
_SHORT: Final = re.compile(rf"{_LABEL.pattern}(?![\[(:])")
_NUMBER: Final = re.compile(r"\[?\d{1,3}\]?")
_ANGLED: Final = re.compile(r"<((?:https?://|www\.)[^<>\s]{1,500})>")
_BARE: Final = re.compile(
    r"(?<![\w@/.-])(?:https?://[^\s<>\"“”|]{1,500}|www\.[^\s<>\"“”|]{1,500}|"
    r"(?:[a-z0-9-]{1,40}\.){1,4}(?:org\.uk|co\.uk|ac\.uk|org|com|net|ie|scot|wales|uk|eu|info|"
    r"ly|(?-i:[a-z]{2,20})(?=/\w))(?:/[^\s<>\"“”|]{0,300})?(?![\w@]))",
    re.IGNORECASE,
)
_TRAILING: Final = ".,;:!?'\u2019”*_"
_WEB: Final = re.compile(r"(https?://|www\.)", re.IGNORECASE)
_MOST_BEFORE: Final = 60


def read_references(lines: Iterable[str]) -> dict[str, str]:
    """The addresses at the foot of a document, `[1]: https://…`, to which its text refers."""
    references: dict[str, str] = {}
    referred = set[str]()
    for line in lines:
        if "]:" in line and (found := _REFERENCE.match(line)) and _is_web(found[2]):
            references[found[1].casefold()] = found[2]
        elif "]" in line:
            referred.update(label.casefold() for label in _LABEL.findall(line))
    return {label: url for label, url in references.items() if label in referred}


def take_links(line: str, references: dict[str, str]) -> tuple[str, tuple[FoundLink, ...]]:
    """The line as it reads, and the links in it.

    Addresses that stand open in the text stay there; those behind words leave the words.
    """
    links: list[FoundLink] = []
    if "]" in line:
        if (found := _REFERENCE.match(line)) and _is_web(found[2]):
            if found[1].casefold() in references:
                return "", ()
            line = found[2] if _NUMBER.fullmatch(found[1]) else f"{found[1]}: {found[2]}"
        line = _IMAGE.sub(" ", line)
        line = _INLINE.sub(lambda found: _keep_words(links, found[1], found[2]), line)
        line = _REFERRED.sub(lambda found: _refer(links, found, found[2] or found[1], references), line)
        line = _SHORT.sub(lambda found: _refer(links, found, found[1], references), line)
    if "<" in line:
        line = _ANGLED.sub(r"\1", line)
    hidden = {link.url for link in links}
    if "." in line:
        for found in _BARE.finditer(line):
            url = _whole(_trimmed(found[0]))
            if url not in hidden:
                links.append(FoundLink(_words_before(line[: found.start()]), url))
    return line, tuple(links)


def without_addresses(text: str) -> str:
    """The words of a text without the addresses in it."""
    return " ".join(_BARE.sub(" ", text).split()) if "." in text else text


def _keep_words(links: list[FoundLink], words: str, url: str, whole: str = "") -> str:
    if not url:
        return whole
    label = words.strip(" *_")
    if _is_web(url):
        links.append(FoundLink("" if _WEB.match(label) else label, _whole(url)))
    return words


def _refer(links: list[FoundLink], found: re.Match[str], label: str, references: dict[str, str]) -> str:
    """What stands for words with a label, or a label alone; a number stays, and means the words before it."""
    url = references.get(label.casefold(), "")
    if not _NUMBER.fullmatch(found[1]):
        return _keep_words(links, found[1], url, found[0])
    if url and label == found[1]:
        links.append(FoundLink(_words_before(found.string[: found.start()]), _whole(url)))
    return found[0]


def _is_web(url: str) -> bool:
    return bool(_BARE.fullmatch(url))


def _whole(url: str) -> str:
    return url if url.lower().startswith("http") else f"https://{url}"


def _trimmed(url: str) -> str:
    url = url.rstrip(_TRAILING)
    while url.endswith((")", "]")) and url.count("(") < url.count(")") + (url[-1] == "]"):
        url = url[:-1].rstrip(_TRAILING)
    return url


def _words_before(text: str) -> str:
    """What the text calls the address: the words in front of it, if they are few."""
    words = " ".join(text.split()).strip(" :-\u2013—•·*(▪●◦‣>")
    if _NUMBER.fullmatch(words):
        return ""
    return (
        words if len(words) <= _MOST_BEFORE else words.rsplit(". ", 1)[-1][-_MOST_BEFORE:].partition(" ")[2]
    )
