"""The simulated Discord of `tests/discord`, for the parts of the year that go through real discord.py."""

from tests.discord.conftest import env, settings, welcomed, world

__all__ = ["env", "settings", "welcomed", "world"]
