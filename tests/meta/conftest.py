"""The simulated Discord of `tests/discord`, for the tests that ask every command the same question."""

from tests.discord.conftest import env, settings, welcomed, world

__all__ = ["env", "settings", "welcomed", "world"]
