"""How the workers share the tests out: what takes long is begun first, so that none is waited for at the end."""

from xdist.scheduler import LoadScopeScheduling

TOGETHER = "tests/browser/"
"""One worker takes all that needs the browser, and starts it once."""

LONGEST = (
    TOGETHER,
    "tests/simulation/test_storms.py",
    "tests/torture/",
    "tests/meta/test_permission_matrix.py",
    "tests/wire/test_product.py",
    "tests/simulation/",
    "tests/wire/test_engine.py",
    "tests/drills/",
    "tests/wire/",
    "tests/config/test_process.py",
    "tests/config/test_command_line",
    "tests/services/test_followed_killed.py",
    "tests/services/test_moving.py",
    "tests/discord/test_organise_nudges.py",
    "tests/discord/test_organise_reminders.py",
    "tests/meta/test_guide.py",
    "tests/packaging/",
)


def place(nodeid: str) -> int:
    """Where a test comes in the order: those that are not named come last, as they stand."""
    return next((number for number, one in enumerate(LONGEST) if nodeid.startswith(one)), len(LONGEST))


class LongestFirst(LoadScopeScheduling):
    """Module by module in the order of collection, the browser's together."""

    def _split_scope(self, nodeid: str) -> str:
        return TOGETHER if nodeid.startswith(TOGETHER) else super()._split_scope(nodeid)
