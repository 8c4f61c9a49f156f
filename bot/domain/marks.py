"""Short marks of what somebody saw, by which a change that came meanwhile is noticed."""

import hashlib
import json
from collections.abc import Mapping

_LETTERS = 12


def mark_of(values: Mapping[str, object]) -> str:
    """A mark that is another one as soon as a value is; short enough for a button."""
    written = json.dumps(values, sort_keys=True, default=str)
    return hashlib.sha256(written.encode()).hexdigest()[:_LETTERS]
