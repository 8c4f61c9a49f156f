"""The practice server: the real bot on a simulated Discord in the browser, for trying things out.

Only this package imports simcord, which the extra `practice` installs.
"""

from bot.practice.run import run_practice

__all__ = ["run_practice"]
