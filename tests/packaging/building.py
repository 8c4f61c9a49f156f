"""Copies of the project, and what is built from them."""

import os
import subprocess
import sys
from dataclasses import dataclass
from pathlib import Path

from tests.meta.project import ROOT, files

AT = "1735689600"
"""The time that is written into what is built: the beginning of 2025."""

CANARY = "MTAxMDEwMTAxMDEwMTAxMDEw.Canary.in-a-file-that-nobody-else-may-have"
SECRETS = (
    "token.txt",
    "config.toml",
    ".env",
    "ops/.env",
    "ops/secrets/token.txt",
    "data/secret.key",
    "data/solidarity.sqlite3",
    "bot/token.txt",
    "seeds/solidarity.sqlite3-wal",
    "db/secret.key",
    "docs/config.toml",
)
"""Where somebody who also runs the bot from the folder of the project may have what is nobody else's business."""


@dataclass(frozen=True)
class Built:
    """A wheel and a source archive, and the files that they were built from."""

    project: dict[str, bytes]
    wheel: Path
    archive: Path


def copy_of_the_project(folder: Path) -> dict[str, bytes]:
    """Every file of the project, and with them what whoever runs the bot there would have in that folder."""
    project = {path.relative_to(ROOT).as_posix(): path.read_bytes() for path in files()}
    for name, data in project.items():
        (folder / name).parent.mkdir(parents=True, exist_ok=True)
        (folder / name).write_bytes(data)
    for name in SECRETS:
        (folder / name).parent.mkdir(parents=True, exist_ok=True)
        (folder / name).write_text(CANARY)
    return project


def build(folder: Path, target: Path, *, mask: int) -> tuple[Path, Path]:
    """Builds the wheel and the archive with what is installed, without asking anybody else for anything."""
    environment = {**os.environ, "SOURCE_DATE_EPOCH": AT}
    result = subprocess.run(
        [sys.executable, "-m", "hatchling", "build", "-d", str(target)],
        cwd=folder,
        env=environment,
        umask=mask,
        capture_output=True,
        text=True,
        check=False,
    )
    assert result.returncode == 0, result.stderr
    (wheel,) = target.glob("*.whl")
    (archive,) = target.glob("*.tar.gz")
    return wheel, archive
