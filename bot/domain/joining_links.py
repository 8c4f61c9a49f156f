"""The links by which people join a meeting, wherever they come from."""

from urllib.parse import urlsplit

from bot.domain.actions import is_https

LINK_LIMIT = 500


def is_joining_link(address: str) -> bool:
    """Whether a meeting can be joined by an address: https, on a host in the internet, and not too long to keep."""
    return len(address) <= LINK_LIMIT and is_https(address) and "." in (urlsplit(address).hostname or "")
