"""Practising without a token, as a real process."""

import re
import signal
import subprocess
import sys
import time
from pathlib import Path

import pytest

from tests.config.helpers import CANARY, bot, closed_port, environment
from tests.wire.born import run


@pytest.mark.parametrize(
    ("arguments", "time_told"),
    [
        (["start"], "Monday 31 March 2025, 9am BST"),
        (["practice", "--no-browser", "--start", "2025-10-25 18:30"], "Saturday 25 October 2025, 6.30pm BST"),
        (["practice", "--no-browser", "--start", "now"], ""),
    ],
)
def test_practice_needs_no_token_and_no_account(arguments: list[str], time_told: str) -> None:
    server = subprocess.Popen(
        [sys.executable, "-m", "bot", *arguments],
        env=environment({}),
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
        text=True,
    )
    try:
        said = read_until(server, "Stop with Ctrl+C.")
        assert time_told in said
        assert re.search(r"http://127\.0\.0\.1:\d+/", said)
        server.send_signal(signal.SIGINT)
        rest, complaints = server.communicate(timeout=15)
    finally:
        if server.poll() is None:
            server.kill()
            server.communicate()
    assert server.returncode == 0
    assert "Stopped" in rest
    assert complaints.startswith("No Discord token is configured") == (arguments == ["start"])
    assert complaints.count("\n") == (arguments == ["start"])


def read_until(process: "subprocess.Popen[str]", text: str) -> str:
    assert process.stdout is not None
    said, deadline = "", time.monotonic() + 30
    while text not in said and time.monotonic() < deadline:
        line = process.stdout.readline()
        assert line, f"it ended early, having said: {said}"
        said += line
    return said


def test_without_the_practice_extra_it_says_how_to_get_it() -> None:
    code = (
        "import importlib.util, sys\n"
        "find = importlib.util.find_spec\n"
        "importlib.util.find_spec = lambda name, *more: None if name == 'simcord' else find(name, *more)\n"
        "sys.argv = ['solidarity-bot', 'practice']\n"
        "from bot.__main__ import main\n"
        "main()"
    )
    result = run(["-c", code], environment=environment({}), timeout=60)
    assert result.returncode == 1
    assert "In the folder of the source, run: make run" in result.stderr


def test_a_token_makes_start_run_the_bot() -> None:
    address = f"http://127.0.0.1:{closed_port()}/api/v10"
    Path("token").write_text(CANARY)
    Path("token").chmod(0o600)
    Path("config.toml").write_text(f'[discord]\ntoken_file = "token"\napi_base = "{address}"\n')
    result = bot("start")
    assert result.returncode == 1
    assert result.stderr.startswith(f"Nothing answers at {address}.")
