"""The guide to adding a feature, followed line by line in a copy of the project."""

import os
import re
import shlex
import shutil
import subprocess
import sys
from pathlib import Path

import pytest

from tests.meta.project import ROOT, read

GUIDE = "docs/adding-a-feature.md"
COPIED = (
    "bot",
    "cogs",
    "db",
    "seeds",
    "tests",
    "README.md",
    "CHANGELOG.md",
    "pyproject.toml",
    "config.example.toml",
)
BLOCK = re.compile(
    r"(?:(?P<new>New file)|(?P<end>At the end of)|In) `(?P<path>[^`]+)`"
    r"(?:, below `+ ?(?P<below>.+?) ?`+)?:\n\n```(?P<kind>\w+)\n(?P<text>.*?)^```$",
    re.MULTILINE | re.DOTALL,
)
COMMAND = re.compile(r"^```sh\n(.+)\n```$", re.MULTILINE)
MOST_LINES = 30
CHECKS = (
    "tests/meta/test_commands_documented.py",
    "tests/meta/test_catalogue.py::test_no_sentence_stands_outside_the_catalogue",
)
"""Of the house rules those that a new command concerns; the others have the whole project for their subject."""

WITHOUT_A_SERVER = "help or readme or described or stays or larger or sentence"


def blocks() -> list[dict[str, str]]:
    return [match.groupdict(default="") for match in BLOCK.finditer(read(GUIDE))]


def apply(block: dict[str, str], root: Path) -> None:
    """Does with one block what the sentence before it says."""
    path = root / block["path"]
    if block["new"]:
        assert not path.exists(), path
        path.write_text(block["text"], encoding="utf-8")
        return
    text = path.read_text(encoding="utf-8")
    if block["kind"] == "po":
        for entry in block["text"].strip().split("\n\n"):
            sentence, _ = entry.split("\n")
            assert text.count(f'{sentence}\nmsgstr ""\n') == 1, sentence
            text = text.replace(f'{sentence}\nmsgstr ""\n', f"{entry}\n")
    elif block["end"]:
        text += f"\n\n{block['text']}"
    else:
        (line,) = (one for one in text.splitlines(keepends=True) if one.strip() == block["below"])
        text = text.replace(line, line + block["text"], 1)
    path.write_text(text, encoding="utf-8")


def run(root: Path, *words: str) -> subprocess.CompletedProcess[str]:
    """Runs a module of the copy; what one run compiles, the next need not."""
    environment = {
        name: value
        for name, value in os.environ.items()
        if not name.startswith(("PYTEST", "PYTHONDONTWRITE"))
    }
    return subprocess.run(
        [sys.executable, "-m", *words], cwd=root, env=environment, capture_output=True, text=True, check=False
    )


@pytest.fixture
def copy(tmp_path: Path) -> Path:
    """The project in a folder of its own, with what was compiled, so that nothing has to be compiled again."""
    for name in COPIED:
        if (ROOT / name).is_dir():
            shutil.copytree(ROOT / name, tmp_path / name, ignore=shutil.ignore_patterns("*.pyc.*"))
        else:
            shutil.copy2(ROOT / name, tmp_path / name)
    return tmp_path


def test_a_newcomer_who_follows_the_guide_has_a_command(copy: Path) -> None:
    """With its help, its line in the README, its Welsh words and its test; and it fails where the guide says that it does."""
    *code, welsh, test = blocks()
    assert welsh["kind"] == "po"
    for block in code:
        apply(block, copy)
    new = re.findall(r'^msgid "(.+)"$', welsh["text"], re.MULTILINE)
    assert len(new) == 2
    gathered = run(copy, "tests.meta.texts").stdout
    assert all(f"not translated: {sentence}\n" in gathered for sentence in new)
    apply(welsh, copy)
    gathered = run(copy, "tests.meta.texts").stdout
    assert " sentences\n" in gathered
    assert not any(f"not translated: {sentence}\n" in gathered for sentence in new)
    apply(test, copy)
    texts, own, rules = COMMAND.findall(read(GUIDE))
    assert texts == "make texts"
    assert rules == ".venv/bin/python -m pytest -n 0 tests/meta"
    words = shlex.split(own.removeprefix(".venv/bin/python -m "))
    chosen = ["-k", f"holiday or {WITHOUT_A_SERVER}", *CHECKS]
    checked = run(copy, *words, *chosen)
    assert checked.returncode == 0, checked.stdout
    assert "skipped" not in checked.stdout
    rule = copy / code[0]["path"]
    rule.write_text(rule.read_text(encoding="utf-8").replace(" if day >= today", ""), encoding="utf-8")
    assert run(copy, *words).returncode == 1, "a test that cannot fail proves nothing"


def test_the_command_of_the_guide_is_small() -> None:
    """Its lines of product code, without what explains them."""
    product = [
        block["text"]
        for block in blocks()
        if block["path"].startswith(("bot/", "cogs/")) and block["kind"] == "python"
    ]
    assert len(product) == 4
    lines = [
        line
        for text in product
        for line in text.splitlines()
        if line.strip(' "') and not line.lstrip().startswith('"""')
    ]
    assert 20 < len(lines) < MOST_LINES, len(lines)
