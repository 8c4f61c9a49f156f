"""Sealed mode: what members write is encrypted on arrival, for people whose keys are not on the server.

The format is age's (https://age-encryption.org/v1), so any of its tools can take over from ours. Who can open
what is written stands in `[feedback] recipients`, as public keys. The library is imported where it is used: an
installation without recipients never loads it.
"""

from typing import TYPE_CHECKING

from bot.domain.problems import Problem
from bot.domain.sealing import padded, unpadded

if TYPE_CHECKING:
    from collections.abc import Sequence

    from pyrage import x25519

    from bot.services.context import Context


class NotForThisKey(Problem):
    """What is sealed was sealed for other keys."""

    def __init__(self) -> None:
        super().__init__(
            "Your key does not fit: this was sealed for other keys.",
            next_step="Use the key file that was made when sealed mode was set up, or ask who else holds one.",
        )


class Damaged(Problem):
    """What is sealed was changed or cut off since it was sealed."""

    def __init__(self) -> None:
        super().__init__(
            "This was changed or cut off since it was sealed, so it cannot be opened.",
            next_step="Copy or download it again, whole.",
        )


def is_sealed(context: "Context") -> bool:
    """Whether what members write is sealed on arrival."""
    return bool(context.settings.feedback.recipients)


def seal(context: "Context", text: str) -> bytes | None:
    """The text, padded and encrypted for all recipients; `None` when there are none, so that it is kept readable.

    Raises:
        BadInput: the text is too long to be sealed.
    """
    return seal_file(context, padded(text)) if is_sealed(context) else None


def seal_file(context: "Context", data: bytes) -> bytes | None:
    """A whole file encrypted for all recipients, not padded; `None` when there are none."""
    recipients = _recipients(context)
    if not recipients:
        return None
    import pyrage  # noqa: PLC0415 - see the module's docstring

    return pyrage.encrypt(data, recipients)


def open_sealed(identities: "Sequence[x25519.Identity]", data: bytes) -> str:
    """The text that `seal` sealed.

    Raises:
        NotForThisKey: none of the identities fits.
        Damaged: it was changed or cut off.
    """
    try:
        return unpadded(open_file(identities, data))
    except ValueError:
        raise Damaged from None


def open_file(identities: "Sequence[x25519.Identity]", data: bytes) -> bytes:
    """The file that `seal_file` sealed.

    Raises:
        NotForThisKey: none of the identities fits.
        Damaged: it was changed or cut off.
    """
    import pyrage  # noqa: PLC0415

    try:
        return pyrage.decrypt(data, identities)
    except pyrage.DecryptError as error:
        raise NotForThisKey if "matching keys" in str(error) else Damaged from None


def _recipients(context: "Context") -> "list[x25519.Recipient]":
    keys = context.settings.feedback.recipients
    if not keys:
        return []
    from pyrage import x25519  # noqa: PLC0415

    return [x25519.Recipient.from_str(key) for key in keys]
