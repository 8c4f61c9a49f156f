"""Commands that are written in a file of their own, put into the group of a cog."""

from collections.abc import Iterable
from typing import Any

from discord import app_commands
from discord.ext import commands


def add_commands(
    cog: commands.GroupCog, every: Iterable[app_commands.Command[Any, ..., Any] | app_commands.Group]
) -> None:
    """Adds commands, or groups of them, to the group that Discord shows for a cog."""
    group = cog.app_command
    if group is None:
        raise RuntimeError("a group cog always has its group")
    for one in every:
        group.add_command(one)
