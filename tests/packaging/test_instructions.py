"""The other commands of the documents on installing, upgrading and releasing, typed as they stand there."""

import os
import shutil
import subprocess
import tempfile
from pathlib import Path

import pytest

from bot.config import load_settings
from tests.config.helpers import CANARY
from tests.meta.project import ROOT
from tests.packaging.instructions import DOCUMENTS, NOT_HERE, blocks, can_run_here, run_here

RUN = {
    ("docs/installing.md", "As a service"): "test_build",
    ("docs/installing.md", "In a container"): "here",
    ("docs/installing.md", "With PostgreSQL"): "here",
    ("docs/installing.md", "Removing it"): "here",
    ("docs/upgrading.md", "From this folder"): "`db backup` in tests/config/test_command_line_backup.py",
    ("docs/upgrading.md", "A service"): "the same; `pip install` in test_build",
    ("docs/releasing.md", "Making a release"): "here; `make dist` in test_build",
    ("docs/releasing.md", "Checking a release"): "here",
    ("docs/start.md", "Minutes 4 to 8: bring it to your Discord server"): "here",
    ("docs/administrators.md", "On the computer"): "here",
    ("docs/adding-a-feature.md", "4. The Welsh words"): "tests/meta/test_guide.py",
    ("docs/adding-a-feature.md", "5. The test"): "tests/meta/test_guide.py",
    (
        "docs/adding-a-feature.md",
        "6. The house rules",
    ): "tests/meta/test_guide.py, those that a new command concerns",
}
"""Below which heading there are commands that can be run, and where they are."""


def test_each_command_is_run_by_a_test_or_cannot_be() -> None:
    documented = {
        (document, heading): [line for block in found for line in block]
        for document in DOCUMENTS
        for heading, found in blocks(document).items()
    }
    with_commands = {key for key, lines in documented.items() if any(can_run_here(line) for line in lines)}
    assert with_commands == RUN.keys()
    every = [line for lines in documented.values() for line in lines]
    assert all(any(line.startswith(start) for line in every) for start in NOT_HERE), (
        "what is excused is there"
    )


def test_in_the_container_s_folder_only_the_bot_reads_what_is_secret(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    first, second, *_ = blocks("docs/installing.md")["In a container"]
    run_here(first, tmp_path, tmp_path)
    (tmp_path / "secrets" / "token.txt").write_text(CANARY)
    run_here(second, tmp_path, tmp_path)
    passwords, settings = blocks("docs/installing.md")["With PostgreSQL"]
    run_here(passwords, tmp_path, tmp_path)
    private = [
        tmp_path / name for name in ("secrets/token.txt", "secrets/postgres-password.txt", "config/pgpass")
    ]
    assert [path.stat().st_mode & 0o777 for path in private] == [0o400] * 3
    if os.geteuid() == 0:
        assert [path.stat().st_uid for path in private] == [10001, 0, 10001]
    password = private[1].read_text().strip()
    assert len(password) == 32
    assert private[2].read_text() == f"database:5432:*:solidarity:{password}\n"
    monkeypatch.chdir(tmp_path)
    environment = dict(line.split("=", 1) for line in settings if line.startswith("SOLIDARITY_"))
    environment["SOLIDARITY_DISCORD__TOKEN_FILE"] = str(private[0])
    assert load_settings(None, environment, need_token=True).discord.token


def test_who_starts_in_ten_minutes_has_a_configuration_that_is_in_order(tmp_path: Path) -> None:
    shutil.copy(ROOT / "config.example.toml", tmp_path)
    files, check = blocks("docs/start.md")["Minutes 4 to 8: bring it to your Discord server"]
    run_here(files, tmp_path, tmp_path)
    token, settings = tmp_path / "token.txt", tmp_path / "config.toml"
    assert token.stat().st_mode & 0o777 == 0o600
    token.write_text(CANARY)
    switched_on = settings.read_text().replace('# token_file = "token.txt"', 'token_file = "token.txt"')
    settings.write_text(switched_on)
    assert "It is complete." in run_here(check, tmp_path, tmp_path).stdout
    assert blocks("docs/administrators.md")["On the computer"] == [check]
    token.chmod(0o644)
    with pytest.raises(AssertionError, match="token"):
        run_here(check, tmp_path, tmp_path)


def test_removing_it_removes_it(tmp_path: Path) -> None:
    program, data, *_ = blocks("docs/installing.md")["Removing it"]
    for name in ("opt", "etc", "var/cache", "var/lib"):
        (tmp_path / name / "solidarity-bot").mkdir(parents=True)
    unit = tmp_path / "etc/systemd/system/solidarity-bot.service"
    unit.parent.mkdir(parents=True)
    unit.touch()
    run_here(program, tmp_path, tmp_path)
    assert [path.relative_to(tmp_path).as_posix() for path in tmp_path.rglob("solidarity-bot*")] == [
        "var/lib/solidarity-bot"
    ]
    run_here(data, tmp_path, tmp_path)
    assert list(tmp_path.rglob("solidarity-bot*")) == []


def test_a_release_can_be_signed_and_checked(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """Without GnuPG on this machine, only the checksums are."""
    tag, _, sign = blocks("docs/releasing.md")["Making a release"]
    check, verify_tag = blocks("docs/releasing.md")["Checking a release"]
    folder = tmp_path / "dist"
    folder.mkdir()
    (folder / "requirements.txt").write_text("what a server needs")
    sums = subprocess.run(
        ["sha256sum", "requirements.txt"], cwd=folder, capture_output=True, check=True
    ).stdout
    (folder / "SHA256SUMS").write_bytes(sums)
    if not shutil.which("gpg"):
        assert "requirements.txt: OK" in run_here(check[1:], tmp_path, folder).stdout
        return
    with tempfile.TemporaryDirectory() as home:  # its sockets need a short path
        monkeypatch.setenv("GNUPGHOME", home)
        for name in ("GIT_AUTHOR", "GIT_COMMITTER"):
            monkeypatch.setenv(f"{name}_NAME", "Release")
            monkeypatch.setenv(f"{name}_EMAIL", "release@example.org")
        words = [
            "--batch",
            "--quiet",
            "--passphrase",
            "",
            "--quick-generate-key",
            "Release <release@example.org>",
        ]
        try:
            subprocess.run(["gpg", *words, "ed25519", "sign"], check=True, capture_output=True)
            subprocess.run(["git", "init", "--quiet"], cwd=tmp_path, check=True)
            words = ["--quiet", "--allow-empty", "--no-gpg-sign", "--message=A version"]
            subprocess.run(["git", "commit", *words], cwd=tmp_path, check=True)
            run_here([*tag, *sign], tmp_path, tmp_path)
            assert "requirements.txt: OK" in run_here(check, tmp_path, folder).stdout
            run_here(verify_tag, tmp_path, tmp_path)
            (folder / "requirements.txt").write_text("something else")
            with pytest.raises(AssertionError, match=r"requirements\.txt: FAILED"):
                run_here(check, tmp_path, folder)
        finally:
            subprocess.run(["gpgconf", "--kill", "all"], check=False)
