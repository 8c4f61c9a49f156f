"""The wheel and the source archive: whole, without secrets, the same bytes each time; and installed, the wheel runs."""

import re
import subprocess
import sysconfig
import tarfile
import urllib.request
import zipfile
from pathlib import Path

import pytest

import bot
from tests.config.helpers import CANARY as TOKEN
from tests.config.helpers import CLEAN
from tests.config.test_command_line_practice import read_until
from tests.meta.project import PRODUCT, ROOT, read
from tests.packaging.building import CANARY, Built, build, copy_of_the_project
from tests.packaging.instructions import blocks, run_here

ENVIRONMENT = {name: value for name, value in CLEAN.items() if name != "PYTHONPATH"}


@pytest.fixture(scope="module")
def built(tmp_path_factory: pytest.TempPathFactory) -> Built:
    folder = tmp_path_factory.mktemp("project")
    project = copy_of_the_project(folder)
    return Built(project, build(folder, mask=0o022))


def contents(built: Built) -> tuple[dict[str, bytes], dict[str, bytes]]:
    """What is in the wheel, and what is in the archive below its one folder, by name."""
    with zipfile.ZipFile(built.wheel) as wheel:
        in_wheel = {name: wheel.read(name) for name in wheel.namelist()}
    with tarfile.open(built.archive) as archive:
        members = [one for one in archive.getmembers() if one.isfile()]
        in_archive = {
            one.name.partition("/")[2]: file.read() for one in members if (file := archive.extractfile(one))
        }
    return in_wheel, in_archive


def test_the_wheel_is_the_program_whole_and_nothing_else(built: Built) -> None:
    in_wheel, _ = contents(built)
    about = f"solidarity_bot-{bot.__version__}.dist-info"
    program = {name: data for name, data in built.project.items() if name.split("/")[0] in PRODUCT}
    assert {name: data for name, data in in_wheel.items() if not name.startswith(about)} == program
    needed = {f"{package}/py.typed" for package in PRODUCT}
    needed |= {"seeds/operation_protect/demands.toml", "bot/practice/static/practice.css"}
    needed |= {"db/migrations/env.py", "db/migrations/script.py.mako"}
    assert needed <= program.keys()
    assert sum(name.startswith("db/migrations/versions/") for name in program) > 2
    metadata = in_wheel[f"{about}/METADATA"].decode()
    assert f"\nVersion: {bot.__version__}\n" in metadata
    assert "\nLicense-Expression: MIT\n" in metadata
    assert {"practice", "postgres"} <= set(re.findall(r"^Provides-Extra: (\w+)$", metadata, re.MULTILINE))


def test_the_archive_is_the_project_whole(built: Built) -> None:
    """Whoever has it can run, test, build and change the bot; only what is about the repository itself is left out."""
    _, in_archive = contents(built)
    project = {name: data for name, data in built.project.items() if not name.startswith(".ci/")}
    assert in_archive.pop("PKG-INFO")
    assert in_archive == project


def test_nothing_of_whoever_builds_is_in_either(built: Built) -> None:
    for name, data in [item for part in contents(built) for item in part.items()]:
        assert name == "tests/packaging/building.py" or CANARY.encode() not in data, name
        assert str(ROOT).encode() not in data, name


def test_built_elsewhere_from_the_archive_both_have_the_same_bytes(built: Built, tmp_path: Path) -> None:
    """In another folder, with other permissions and times, from what the archive holds and nothing more."""
    with tarfile.open(built.archive) as packed:
        packed.extractall(tmp_path / "somewhere" / "else", filter="data")
    (folder,) = (tmp_path / "somewhere" / "else").iterdir()
    for path in folder.rglob("*"):
        path.chmod(path.stat().st_mode & 0o700)
    again = build(folder, mask=0o077)
    names = {path.name for path in built.folder.iterdir()}
    assert names == {built.wheel.name, built.archive.name, "requirements.txt", "sbom.cdx.json", "SHA256SUMS"}
    assert names == {path.name for path in again.iterdir()}
    for name in names:
        assert (again / name).read_bytes() == (built.folder / name).read_bytes(), name


@pytest.fixture(scope="module")
def machine(built: Built, tmp_path_factory: pytest.TempPathFactory) -> Path:
    """What stands for a machine, on which the bot was installed as the document says."""
    root = tmp_path_factory.mktemp("machine")
    for name in ("opt", "etc", "var/lib"):
        (root / name).mkdir(parents=True)
    install, settings, _, _ = blocks("docs/installing.md")["As a service"]
    run_here(install, root, built.folder)
    run_here(settings, root, ROOT)
    # What the packages of the lock file would be there for; installing them takes minutes.
    (packages,) = root.glob("opt/solidarity-bot/lib/python*/site-packages")
    (packages / "of_the_tests.pth").write_text(sysconfig.get_path("purelib") + "\n")
    return root


def test_installed_as_the_document_says_it_finds_nothing_wrong(machine: Path) -> None:
    folder = machine / "etc" / "solidarity-bot"
    assert {path.name: path.stat().st_mode & 0o777 for path in folder.iterdir()} == {
        "token.txt": 0o640,
        "config.toml": 0o640,
    }
    (folder / "token.txt").write_text(TOKEN)
    guide = read("docs/installing.md")
    for line in re.findall(r"^(?:token_file|directory) = .+$", guide, re.MULTILINE):
        text = (folder / "config.toml").read_text()
        changed = re.sub(rf"^(# )?{line.split()[0]} = .*$", line, text, count=1, flags=re.MULTILINE)
        assert changed != text, line
        (folder / "config.toml").write_text(changed.replace('"/var/', f'"{machine}/var/'))
    _, _, _, commands = blocks("docs/installing.md")["As a service"]
    said = run_here(commands, machine, machine).stdout
    assert "ok       Configuration: It is complete." in said
    assert "problem" not in said


def test_installed_it_opens_the_practice_server(machine: Path, tmp_path: Path) -> None:
    server = subprocess.Popen(
        [machine / "opt/solidarity-bot/bin/solidarity-bot", "practice", "--no-browser", "--port", "0"],
        cwd=tmp_path,
        env=ENVIRONMENT,
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
        text=True,
    )
    try:
        address = re.search(r"http://127\.0\.0\.1:\d+/\S*", read_until(server, "Stop with Ctrl+C."))
        assert address
        with urllib.request.urlopen(address[0], timeout=20) as page:
            assert page.status == 200
            assert page.read().startswith(b"<!doctype html>")
        server.terminate()
        _, complaints = server.communicate(timeout=15)
    finally:
        if server.poll() is None:
            server.kill()
            server.communicate()
    assert (server.returncode, complaints) == (0, "")
