"""The commands that the documents tell people to type, and running them here, in a folder instead of on the whole machine."""

import os
import re
import shlex
import subprocess
import sys
from pathlib import Path

from tests.meta.project import read

DOCUMENTS = (
    "docs/installing.md",
    "docs/upgrading.md",
    "docs/releasing.md",
    "docs/start.md",
    "docs/administrators.md",
    "docs/adding-a-feature.md",
)
NOT_HERE = {
    "useradd": "it would change this machine's users",
    "userdel": "the same",
    "systemctl": "it would change this machine's services, if it had any",
    "journalctl": "the same",
    "docker": "it needs a daemon; docs/installing.md says what was tried instead",
    "git pull": "it needs another repository",
    "make run": "it fetches packages; the tests run in what it installs",
    "/opt/solidarity-bot/bin/pip install --require-hashes": "it fetches packages",
}
BLOCK = re.compile(r"^ *```sh\n(.*?)^ *```$", re.MULTILINE | re.DOTALL)


def blocks(document: str) -> dict[str, list[list[str]]]:
    """The lines of each block of commands, by the heading below which it stands."""
    found: dict[str, list[list[str]]] = {}
    for part in re.split(r"^#+ ", read(document), flags=re.MULTILINE)[1:]:
        heading = part.partition("\n")[0]
        found[heading] = [[line.strip() for line in one.splitlines()] for one in BLOCK.findall(part)]
    return found


def can_run_here(line: str) -> bool:
    return not line.startswith(tuple(f"{start} " for start in NOT_HERE)) and line not in NOT_HERE


def run_here(lines: list[str], root: Path, folder: Path) -> subprocess.CompletedProcess[str]:
    """Runs what can be run, with `root` in place of the machine's own folders and this user in place of the bot's.

    The environment gets no pip of its own, which takes seconds: the one of the tests installs into it, from nowhere else.
    """
    script = "\n".join(line for line in lines if can_run_here(line))
    for before, after in (
        (
            "/opt/solidarity-bot/bin/pip install",
            f"{sys.executable} -m pip --python /opt/solidarity-bot install --no-index",
        ),
        (".venv/bin/solidarity-bot", f"{sys.executable} -m bot"),
        ("python3 -m venv", f"{sys.executable} -m venv --without-pip"),
        ("runuser -u solidarity-bot -- ", ""),
        (" -g solidarity-bot", ""),
    ):
        script = script.replace(before, after)
    if os.geteuid() != 0:
        script = re.sub(r"^chown .*\n?", "", script, flags=re.MULTILINE)
    script = re.sub(
        r"(?<=[ =])/(opt|etc|var)/", rf"{shlex.quote(str(root))}/\1/", f" {script}".replace("\n", "\n ")
    )
    for word in re.findall(r"^ rm .*$", script, re.MULTILINE):
        assert all(one.startswith(("rm", "-", str(root))) for one in shlex.split(word)), (
            "nothing else is removed"
        )
    environment = {
        name: value
        for name, value in os.environ.items()
        if not name.startswith(("SOLIDARITY_", "DISCORD_", "PYTHONPATH"))
    }
    result = subprocess.run(
        ["bash", "-euc", script], cwd=folder, env=environment, capture_output=True, text=True, check=False
    )
    assert result.returncode == 0, f"{script}\n{result.stdout}{result.stderr}"
    return result
