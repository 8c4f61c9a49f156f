"""The files with secret keys that open what is sealed, in the form that age's own tools have, too.

They belong on the machines of those who may read feedback, never on the server.
"""

import os
from collections.abc import Callable
from pathlib import Path

from pyrage import DecryptError, IdentityError, passphrase, x25519

from bot.domain.problems import BadInput

SECRET_KEY = "AGE-SECRET-KEY-"  # noqa: S105 - how a secret key begins
_LOCKED = (b"age-encryption.org/", b"-----BEGIN AGE ENCRYPTED FILE")


def make_key_file(path: Path, words: str | None) -> str:
    """Makes a new key, writes it to a new file that only this user can read, and returns its public key.

    Args:
        path: the file, which must not be there yet.
        words: the passphrase to lock the file with, if any.

    Raises:
        BadInput: something of that name is there already.
    """
    if path.exists():
        raise _is_there(path)
    identity = x25519.Identity.generate()
    public_key = str(identity.to_public())
    data = f"# public key: {public_key}\n{identity}\n".encode()
    if words:
        data = passphrase.encrypt(data, words, armored=True)
    try:
        number = os.open(path, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600)
    except FileExistsError:
        raise _is_there(path) from None
    with os.fdopen(number, "wb") as file:
        file.write(data)
        file.flush()
        os.fsync(file.fileno())
    return public_key


def _is_there(path: Path) -> BadInput:
    return BadInput(
        f"There is a file {path} already, and it was left as it is: what was sealed for the key in it would be lost.",
        next_step="Choose another name.",
    )


def read_key_file(path: Path, ask: Callable[[], str]) -> list[x25519.Identity]:
    """The secret keys in a file.

    Args:
        path: the file.
        ask: asks for the passphrase, if the file is locked with one.

    Raises:
        BadInput: it cannot be used, with what to do about it.
    """
    data = path.read_bytes()
    if data.startswith(_LOCKED):
        try:
            data = passphrase.decrypt(data, ask())
        except DecryptError:
            raise BadInput(
                f"That passphrase does not open {path}, or it is not a key file.",
                next_step="Try again, and mind capital letters and spaces.",
            ) from None
    lines = [line.strip() for line in data.decode("utf-8", errors="replace").splitlines()]
    keys = [line for line in lines if line.upper().startswith(SECRET_KEY)]
    try:
        identities = [x25519.Identity.from_str(key) for key in keys]
    except IdentityError:
        identities = []
    if not identities:
        raise BadInput(
            f"There is no whole secret key in {path}.",
            next_step="Name the file that solidarity-bot keygen made, or your copy of it.",
        )
    return identities
