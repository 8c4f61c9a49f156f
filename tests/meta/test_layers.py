"""Imports run one way, and importing does nothing."""

import ast
import json
import subprocess
import sys
from pathlib import Path

import pytest

from tests.meta.project import PRODUCT, ROOT, parsed, python_files, shown

# Run in a process of its own: in this one, everything is imported already.
IMPORT_EVERYTHING = """
import importlib, json, pkgutil, sys, threading

WATCHED = ("socket.", "subprocess.", "os.system", "os.exec", "os.fork", "os.mkdir", "os.remove", "os.rename", "sqlite3.connect")
seen = []

def watch(event, arguments):
    wrote = event == "open" and isinstance(arguments[1], str) and set(arguments[1]) & set("wax+")
    connects = event.startswith(WATCHED) and event not in ("socket.__new__", "socket.gethostname")
    if wrote or connects:
        seen.append(f"{event} {arguments[:1]}")

sys.addaudithook(watch)
names = []
for package in sys.argv[1:]:
    names.append(package)
    found = pkgutil.walk_packages(importlib.import_module(package).__path__, package + ".")
    names += [one.name for one in found if not one.name.startswith("db.migrations.")]
for name in names:
    importlib.import_module(name)
print(json.dumps({"names": names, "seen": seen, "threads": threading.active_count()}))
"""


def test_imports_run_one_way() -> None:
    linter = Path(sys.executable).with_name("lint-imports")
    result = subprocess.run(
        [linter, "--no-cache", "--no-logo"], cwd=ROOT, capture_output=True, text=True, check=False
    )
    assert result.returncode == 0, result.stdout + result.stderr
    assert "0 broken" in result.stdout


@pytest.fixture(scope="module")
def importing(tmp_path_factory: pytest.TempPathFactory) -> dict[str, object]:
    """What happens when every module of the product is imported, in an empty folder."""
    folder = tmp_path_factory.mktemp("empty")
    result = subprocess.run(
        [sys.executable, "-B", "-W", "ignore", "-c", IMPORT_EVERYTHING, *PRODUCT],
        cwd=folder,
        env={"PYTHONPATH": str(ROOT), "PATH": "", "HOME": str(folder)},
        capture_output=True,
        text=True,
        check=False,
    )
    assert result.returncode == 0, result.stderr
    report = json.loads(result.stdout.splitlines()[-1])
    return report | {"output": result.stdout.splitlines()[:-1], "left": list(folder.iterdir())}


def test_every_module_was_imported(importing: dict[str, object]) -> None:
    """Migrations are left out: they are scripts that Alembic runs."""
    names = importing["names"]
    assert isinstance(names, list)
    expected = [path for path in python_files(*PRODUCT) if "migrations" not in path.parts]
    missing = {shown(path) for path in expected} - {f"{name.replace('.', '/')}.py" for name in names}
    assert missing <= {f"{name.replace('.', '/')}/__init__.py" for name in names}


def test_importing_a_module_does_nothing(importing: dict[str, object]) -> None:
    assert importing["seen"] == []
    assert importing["threads"] == 1
    assert importing["output"] == []
    assert importing["left"] == []


def test_only_the_practice_server_imports_the_simulated_discord() -> None:
    offenders = [
        f"{shown(path)}:{node.lineno}"
        for path in python_files(*PRODUCT)
        if "practice" not in path.parts
        for node in ast.walk(parsed(path))
        if (isinstance(node, ast.ImportFrom) and (node.module or "").split(".")[0] == "simcord")
        or (isinstance(node, ast.Import) and any(one.name.split(".")[0] == "simcord" for one in node.names))
    ]
    assert offenders == []
