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
    "ops/secrets/postgres-password.txt",
    "ops/config/pgpass",
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
    """What a release consists of, and the files that it was built from."""

    project: dict[str, bytes]
    folder: Path

    @property
    def wheel(self) -> Path:
        """The wheel."""
        return next(self.folder.glob("*.whl"))

    @property
    def archive(self) -> Path:
        """The source archive."""
        return next(self.folder.glob("*.tar.gz"))


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


def build(folder: Path, *, mask: int) -> Path:
    """Does what a release does, without asking anybody else for anything; returns the folder with what came out of it."""
    tools = Path(sys.executable).parent
    ours = {
        name: value for name, value in os.environ.items() if name not in {"MAKEFLAGS", "MFLAGS", "MAKELEVEL"}
    }
    result = subprocess.run(
        ["make", "dist", f"BIN={tools}", "--old-file=.venv/.dev"],
        cwd=folder,
        env={**ours, "SOURCE_DATE_EPOCH": AT},
        umask=mask,
        capture_output=True,
        text=True,
        check=False,
    )
    assert result.returncode == 0, result.stderr
    return folder / "dist"
