"""Making keys and opening sealed exports, in a folder without a configuration."""

import re
import stat
from pathlib import Path
from types import SimpleNamespace

import pyrage
from typer.testing import CliRunner

from bot.__main__ import app
from bot.config import load_settings
from bot.services.sealing import seal_file
from tests.config.helpers import bot, here

FEEDBACK = b'"Text"\r\n"canary-words that nobody else would write"\r\n'


def public_key(output: str) -> str:
    (key,) = re.findall(r'^recipients = \["(age1[a-z0-9]+)"\]$', output, re.MULTILINE)
    return key


def seal_for(key: str) -> bytes:
    settings = load_settings(None, {"SOLIDARITY_FEEDBACK__RECIPIENTS": key}, need_token=False)
    sealed = seal_file(SimpleNamespace(settings=settings), FEEDBACK)
    assert sealed
    return sealed


def test_a_key_is_made_once_and_opens_what_was_sealed_for_it() -> None:
    made = here("keygen", "feedback.key")
    assert made.returncode == 0, made.stderr
    key = public_key(made.stdout)
    assert "AGE-SECRET-KEY" not in made.stdout + made.stderr
    for advice in ("off the server", "Make a copy", "lost"):
        assert advice in made.stdout
    assert stat.S_IMODE(Path("feedback.key").stat().st_mode) == 0o600

    before = Path("feedback.key").read_bytes()
    again = here("keygen", "feedback.key")
    assert again.returncode == 1
    assert "Choose another name." in again.stderr
    assert Path("feedback.key").read_bytes() == before

    Path("feedback.csv.age").write_bytes(seal_for(key))
    result = bot("unseal", "--identity", "feedback.key", "feedback.csv.age")
    assert (result.returncode, result.stderr) == (0, "")
    assert "feedback.csv" in result.stdout
    assert Path("feedback.csv").read_bytes() == FEEDBACK
    assert stat.S_IMODE(Path("feedback.csv").stat().st_mode) == 0o600
    assert "canary" not in result.stdout
    assert "export it again as CSV or JSON" in result.stdout

    Path("feedback.csv").write_text("mine")
    result = here("unseal", "--identity", "feedback.key", "feedback.csv.age")
    assert result.returncode == 1
    assert "Name another file" in result.stderr
    assert Path("feedback.csv").read_text() == "mine"
    assert {path.name for path in Path().iterdir()} == {"feedback.key", "feedback.csv.age", "feedback.csv"}


def test_a_key_that_does_not_fit_is_told_kindly() -> None:
    other = str(pyrage.x25519.Identity.generate().to_public())
    Path("mine.key").write_text(f"{pyrage.x25519.Identity.generate()}\n")
    Path("feedback.csv.age").write_bytes(seal_for(other))
    for arguments, words in (
        (("--identity", "mine.key", "feedback.csv.age"), "Your key does not fit"),
        (("--identity", "feedback.csv.age", "feedback.csv.age"), "passphrase does not open"),
        (("--identity", "none.key", "feedback.csv.age"), "none.key"),
        (("--identity", "mine.key", "none.csv.age"), "none.csv.age"),
    ):
        result = CliRunner().invoke(app, ["unseal", *arguments], input="x\n")
        assert result.exit_code == 1
        assert words in str(result.exception)
    Path("half.key").write_text("AGE-SECRET-KEY-1QQ")
    half = here("unseal", "--identity", "half.key", "feedback.csv.age")
    assert half.stderr == (
        "There is no whole secret key in half.key. "
        "Name the file that solidarity-bot keygen made, or your copy of it.\n"
    )
    assert not Path("feedback.csv").exists()


def test_a_key_can_be_locked_with_a_passphrase() -> None:
    made = CliRunner().invoke(
        app, ["keygen", "locked.key", "--passphrase"], input="right words\nright words\n"
    )
    assert made.exit_code == 0
    assert "if they know the passphrase" in made.stdout
    locked = Path("locked.key").read_text()
    assert "AGE-SECRET-KEY" not in locked
    assert locked.startswith("-----BEGIN AGE ENCRYPTED FILE-----")
    Path("feedback.csv.age").write_bytes(seal_for(public_key(made.output)))
    for typed, fits in (("wrong words", False), ("right words", True)):
        result = CliRunner().invoke(
            app, ["unseal", "--identity", "locked.key", "feedback.csv.age"], input=f"{typed}\n"
        )
        assert (result.exit_code == 0) is fits
        assert Path("feedback.csv").exists() is fits
        assert typed not in result.output
