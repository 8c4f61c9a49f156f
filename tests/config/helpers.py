"""What several tests of the configuration share."""

import os
import socket
import subprocess
import sys
from contextlib import ExitStack, redirect_stderr, redirect_stdout
from io import StringIO
from pathlib import Path
from unittest.mock import patch

import pytest

from bot.__main__ import main
from bot.config import ConfigurationError, ConfigurationProblem, Settings, load_settings
from tests.wire.born import run

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


def here(*arguments: str, typed: str = "", **environ: str) -> subprocess.CompletedProcess[str]:
    """The same as `bot` without a process of its own, which takes far longer to start than most commands take."""
    said, complaints = StringIO(), StringIO()
    mask = os.umask(0o022)
    with ExitStack() as stack:
        stack.callback(os.umask, mask)
        stack.enter_context(patch.dict(os.environ, {**CLEAN, **environ}, clear=True))
        stack.enter_context(patch.object(sys, "argv", ["solidarity-bot", *arguments]))
        stack.enter_context(patch.object(sys, "stdin", StringIO(typed)))
        stack.enter_context(redirect_stdout(said))
        stack.enter_context(redirect_stderr(complaints))
        with pytest.raises(SystemExit) as end:
            main()
    code = end.value.code
    assert code is None or isinstance(code, int)
    assert CANARY not in said.getvalue() + complaints.getvalue()
    return subprocess.CompletedProcess(arguments, code or 0, said.getvalue(), complaints.getvalue())


def bot(*arguments: str, afresh: bool = False, **environ: str) -> subprocess.CompletedProcess[str]:
    """Runs `solidarity-bot` to its end in the test's own folder, as a process.

    It comes from the nursery, which spares it the imports. What must be shown of a new interpreter is run `afresh`: that
    it finds the program and all it imports, and what it ends with.
    """
    if afresh:
        result = subprocess.run(
            [sys.executable, "-m", "bot", *arguments],
            env=environment(environ),
            capture_output=True,
            text=True,
            timeout=60,
            check=False,
        )
    else:
        result = run(["-m", "bot", *arguments], environment=environment(environ), timeout=60)
    assert "Traceback" not in result.stderr
    assert CANARY not in result.stdout + result.stderr
    return result


def closed_port() -> int:
    """A port on the loopback at which nothing answers."""
    with socket.socket() as listener:
        listener.bind(("127.0.0.1", 0))
        return listener.getsockname()[1]
