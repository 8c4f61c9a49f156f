"""What the meta tests share: the files of the repository, its Markdown, and the tree of commands."""

import ast
import re
import subprocess
from collections.abc import Iterator
from functools import cache
from pathlib import Path
from typing import Any

from discord import app_commands

from bot.app import EXTENSIONS, SolidarityBot, create_bot
from bot.config import Settings

ROOT = Path(__file__).parents[2]
PRODUCT = ("bot", "cogs", "db", "seeds")
PRACTICE_COMMANDS = "bot.practice.commands"
NOT_OURS = {"__pycache__", "data", "dist", "site"}


@cache
def files() -> tuple[Path, ...]:
    """Every file of the project: tracked, or new and not ignored; without Git, whatever is no build product."""
    command = ["git", "-C", str(ROOT), "ls-files", "-z", "--cached", "--others", "--exclude-standard"]
    try:
        listed = subprocess.run(command, capture_output=True, check=True, text=True).stdout.split("\0")
    except (OSError, subprocess.CalledProcessError):
        inside = (path.relative_to(ROOT) for path in ROOT.rglob("*"))
        listed = [str(path) for path in inside if not any(p in NOT_OURS or p[0] == "." for p in path.parts)]
    return tuple(sorted({ROOT / name for name in listed if name and (ROOT / name).is_file()}))


def shown(path: Path) -> str:
    """The path as a person would name it."""
    return path.relative_to(ROOT).as_posix()


def python_files(*packages: str) -> list[Path]:
    """The project's Python files, of some packages or of all."""
    found = [path for path in files() if path.suffix == ".py"]
    return [path for path in found if not packages or path.relative_to(ROOT).parts[0] in packages]


@cache
def parsed(path: Path) -> ast.Module:
    return ast.parse(path.read_text(encoding="utf-8"), str(path))


def markdown_files() -> list[Path]:
    return [path for path in files() if path.suffix == ".md"]


def read(name: str) -> str:
    return (ROOT / name).read_text(encoding="utf-8")


def section(text: str, heading: str) -> str:
    """What stands below a Markdown heading, up to the next one of the same rank or a higher one."""
    rank = heading.partition(" ")[0]
    start = text.index(f"\n{heading}\n") + len(heading) + 2
    end = re.search(rf"^#{{1,{len(rank)}}} ", text[start:], re.MULTILINE)
    return text[start : start + end.start()] if end else text[start:]


def table_rows(text: str) -> list[list[str]]:
    """The cells of every Markdown table in the text, without headings and rules."""
    rows: list[list[str]] = []
    lines = text.splitlines()
    for line, after in zip(lines, [*lines[1:], ""], strict=True):
        if line.startswith("|") and not re.match(r"\|[\s:|-]+\|$", line) and not re.match(r"\| *-", after):
            rows.append([cell.strip() for cell in line.strip().strip("|").split("|")])
    return rows


async def bot_with_commands(settings: Settings, *, practice: bool = False) -> SolidarityBot:
    """The bot with its commands, neither connected nor opened."""
    bot = create_bot(settings)
    for feature in (*EXTENSIONS, *([PRACTICE_COMMANDS] if practice else [])):
        await bot.load_extension(feature)
    return bot


def leaves(bot: SolidarityBot) -> Iterator[app_commands.Command[Any, ..., Any]]:
    """The commands that a person can use; groups only hold them."""
    for command in bot.tree.walk_commands():
        if isinstance(command, app_commands.Command):
            yield command
