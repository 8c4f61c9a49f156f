"""The links that go with an action."""

from collections.abc import Sequence

from bot.domain.actions import LABEL_LIMIT, MOST_LINKS, URL_LIMIT, is_https
from bot.domain.bulletins.model import Document, FoundLink, Item, ItemKind
from bot.domain.bulletins.naming import cut_text

_BEFORE_LINK = " :;,-\u2013"


def links_of(document: Document, action: Item) -> tuple[FoundLink, ...]:
    """The links of an action: its own, and those that stand between it and the next action, demand or aim."""
    found = list(action.links)
    later = [item for item in document.items if item.place.first_line > action.place.first_line]
    for item in sorted(later, key=lambda one: one.place.first_line):
        if item.kind is not ItemKind.LINK:
            break
        found += item.links
    usable = {
        link.url: FoundLink(cut_text(link.label.strip() or link.url, LABEL_LIMIT), link.url)
        for link in found
        if is_https(link.url) and len(link.url) <= URL_LIMIT
    }
    return tuple(usable.values())[:MOST_LINKS]


def without_links(text: str, links: Sequence[FoundLink]) -> str:
    """A text without the links that are listed at its end: they get buttons."""
    places = [text.find(link.url) for link in links if link.url in text]
    if not places:
        return text
    said = text[: min(places)].rstrip(_BEFORE_LINK)
    for link in links:
        said = said.removesuffix(link.label).rstrip(_BEFORE_LINK)
    return said or text
