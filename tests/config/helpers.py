"""What several tests of the configuration share."""

import os
import socket
import subprocess
import sys
from pathlib import Path

import pytest

from bot.config import ConfigurationError, ConfigurationProblem, Settings, load_settings

REPOSITORY = Path(__file__).parents[2]
CANARY = "MTAxMDEwMTAxMDEwMTAxMDEw.Canary.abcdefghijklmnopqrstuvwxyz0123456789AB"
CLEAN = {
    name: value for name, value in os.environ.items() if not name.startswith(("SOLIDARITY_", "DISCORD_"))
}


def written(text: str, name: str = "config.toml") -> Path:
    path = Path(name)
    path.write_text(text)
    return path


def load(text: str = "", *, need_token: bool = False, **environ: str) -> Settings:
    return load_settings(written(text), environ, need_token=need_token)


def problems_of(text: str = "", *, need_token: bool = False, **environ: str) -> list[ConfigurationProblem]:
    with pytest.raises(ConfigurationError) as caught:
        load(text, need_token=need_token, **environ)
    assert str(caught.value) == "\n".join(str(problem) for problem in caught.value.problems)
    return caught.value.problems


def only_problem(text: str = "", *, need_token: bool = False, **environ: str) -> ConfigurationProblem:
    (problem,) = problems_of(text, need_token=need_token, **environ)
    for sentence in (problem.what, problem.fix):
        assert sentence[0].isupper()
    return problem


def environment(environ: dict[str, str]) -> dict[str, str]:
    return {**CLEAN, "PYTHONPATH": str(REPOSITORY), **environ}


def bot(*arguments: str, **environ: str) -> subprocess.CompletedProcess[str]:
    """Runs `solidarity-bot` to its end in the test's own folder."""
    result = subprocess.run(
        [sys.executable, "-m", "bot", *arguments],
        env=environment(environ),
        capture_output=True,
        text=True,
        timeout=60,
        check=False,
    )
    assert "Traceback" not in result.stderr
    assert CANARY not in result.stdout + result.stderr
    return result


def closed_port() -> int:
    """A port on the loopback at which nothing answers."""
    with socket.socket() as listener:
        listener.bind(("127.0.0.1", 0))
        return listener.getsockname()[1]
