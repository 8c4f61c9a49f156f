"""What the documents say is there is there: commands, settings, pictures, links, dependencies."""

import re
import tomllib
from pathlib import Path
from urllib.parse import parse_qs, urlsplit

import click
import discord
import pytest
import typer

import bot
from bot.__main__ import app
from bot.config import load_settings, sections
from cogs._channels import NEEDED
from tests.meta.project import ROOT, markdown_files, read, section, shown, table_rows

README = read("README.md")
PYPROJECT = tomllib.loads(read("pyproject.toml"))
DECISIONS = sorted((ROOT / "docs" / "decisions").glob("*.md"))
LINK = re.compile(r"(!?)\[([^\]]*)\]\(([^)\s]+)\)")


def command_line() -> dict[str, click.Command]:
    """Every command of the command line, by its name as it is typed."""
    found: dict[str, click.Command] = {}

    def walk(command: click.Command, name: str) -> None:
        for child_name, child in getattr(command, "commands", {}).items():
            path = f"{name} {child_name}".strip()
            if getattr(child, "commands", None):
                walk(child, path)
            else:
                found[path] = child

    walk(typer.main.get_command(app), "")
    return found


def make_targets() -> set[str]:
    return set(re.findall(r"^([a-z]+):", read("Makefile"), re.MULTILINE))


def without_fences(text: str) -> str:
    return re.sub(r"^```.*?^```", "", text, flags=re.MULTILINE | re.DOTALL)


# Commands.


def test_the_tasks_that_the_documents_name_exist() -> None:
    for path in markdown_files():
        text = path.read_text()
        named = set(re.findall(r"`make ([a-z]+)`", text)) | set(
            re.findall(r"^make ([a-z]+)$", text, re.MULTILINE)
        )
        assert named <= make_targets(), shown(path)
    assert {"run", "test"} <= set(re.findall(r"^make ([a-z]+)$", README, re.MULTILINE))


def test_the_command_line_is_documented_whole() -> None:
    table = {row[0].strip("`") for row in table_rows(section(README, "### On the command line"))}
    assert table == {f"solidarity-bot {name}" for name in command_line()}


def test_the_command_line_that_the_documents_name_exists() -> None:
    """With its options, and with nothing that comes later."""
    commands = command_line()
    for path in markdown_files():
        for words, after in re.findall(r"solidarity-bot((?: [a-z]+)+)([^`\n]*)", path.read_text()):
            name = next((n for n in (words.strip(), words.split()[0]) if n in commands), None)
            assert name is not None, f"{shown(path)}: solidarity-bot{words}"
            options = {one for parameter in commands[name].params for one in parameter.opts}
            assert set(re.findall(r"--[a-z-]+", after)) <= options | {"--help"}, (
                f"{shown(path)}: {name}{after}"
            )


@pytest.mark.parametrize("name", ["", "db", *command_line()])
def test_every_command_has_its_help(name: str) -> None:
    from typer.testing import CliRunner

    result = CliRunner().invoke(app, [*name.split(), "--help"])
    assert result.exit_code == 0
    assert "Usage:" in result.output


def test_the_invitation_asks_for_what_the_bot_needs() -> None:
    (address,) = re.findall(r"https://discord\.com/oauth2/authorize\S+", README)
    query = parse_qs(urlsplit(address).query)
    needed = discord.Permissions(attach_files=True, create_events=True, **dict.fromkeys(NEEDED, True))
    assert query["permissions"] == [str(needed.value)]
    assert query["scope"] == ["bot applications.commands"]


# Settings.


def test_every_setting_is_in_the_readme_and_nothing_else() -> None:
    rows = table_rows(section(README, "## Configuration"))
    documented = {re.fullmatch(r"`\[(\w+)\] (\w+)`", row[0]).groups() for row in rows}  # type: ignore[union-attr]
    assert documented == {(name, key) for name, model in sections().items() for key in model.model_fields}


def test_the_defaults_in_the_readme_are_right(tmp_path: Path) -> None:
    (tmp_path / "empty.toml").touch()
    settings = load_settings(tmp_path / "empty.toml", {}, need_token=False)
    shown_defaults = 0
    for name, default, _ in table_rows(section(README, "## Configuration")):
        part, key = re.findall(r"\w+", name)
        if default.startswith("`") and key != "directory":
            assert str(getattr(getattr(settings, part), key)) == default.strip("`"), name
            shown_defaults += 1
    assert shown_defaults >= 9
    assert settings.data.directory == tmp_path / "data"


def test_the_variables_in_the_documents_are_settings() -> None:
    known = {
        f"SOLIDARITY_{name}__{key}".upper()
        for name, model in sections().items()
        for key in model.model_fields
    }
    for path in markdown_files():
        assert set(re.findall(r"SOLIDARITY_[A-Z]\w*", path.read_text())) <= known, shown(path)


def test_the_token_file_of_the_readme_is_the_one_in_the_example() -> None:
    (line,) = re.findall(r"`(# token_file = [^`]+)`", README)
    assert line in read("config.example.toml").splitlines()
    name = line.split('"')[1]
    assert f"touch {name}" in README
    assert f"chmod 600 {name}" in README


# Pictures and links.


def test_every_picture_is_there_and_says_what_it_shows() -> None:
    pictures = [(alt, target) for mark, alt, target in LINK.findall(README) if mark]
    assert {target for _, target in pictures} == {"docs/images/member.png", "docs/images/organiser.png"}
    for alt, target in pictures:
        assert len(alt) > 40, target
        assert (ROOT / target).read_bytes().startswith(b"\x89PNG"), target


@pytest.mark.parametrize("path", markdown_files(), ids=shown)
def test_every_link_inside_the_project_leads_somewhere(path: Path) -> None:
    for mark, text, target in LINK.findall(without_fences(path.read_text())):
        if mark or re.match(r"[a-z]+:", target):
            continue
        assert text, target
        file, _, anchor = target.partition("#")
        aim = (path.parent / file).resolve() if file else path
        assert aim.is_relative_to(ROOT), target
        assert aim.exists(), target
        assert not anchor or anchor in anchors(aim), target


def anchors(path: Path) -> set[str]:
    headings = re.findall(r"^#+ (.+)$", without_fences(path.read_text()), re.MULTILINE)
    return {re.sub(r"[^\w -]", "", heading.lower()).replace(" ", "-") for heading in headings}


def test_the_files_that_the_architecture_names_exist() -> None:
    for path in [ROOT / "docs" / "architecture.md", *DECISIONS]:
        for name in re.findall(r"`((?:bot|cogs|db|seeds|tests|requirements)/[\w./-]*)`", path.read_text()):
            assert (ROOT / name).exists(), f"{shown(path)}: {name}"


def test_the_names_in_the_architecture_exist() -> None:
    """A dotted name such as `bot.clock.Clock` leads to a module and to something in it."""
    import importlib

    for path in [ROOT / "docs" / "architecture.md", *DECISIONS]:
        for name in re.findall(r"`((?:bot|cogs|db|seeds)(?:\.\w+)+)(?:\(\))?`", path.read_text()):
            parts = name.split(".")
            for length in range(len(parts), 0, -1):
                try:
                    found: object = importlib.import_module(".".join(parts[:length]))
                except ModuleNotFoundError:
                    continue
                for part in parts[length:]:
                    assert hasattr(found, part), f"{shown(path)}: {name}"
                    found = getattr(found, part)
                break


# Versions, dependencies and decisions.


def test_the_version_is_the_same_everywhere() -> None:
    newest = re.search(r"^## \[?(\d+\.\d+\.\d+)\]?", read("CHANGELOG.md"), re.MULTILINE)
    assert newest
    assert newest[1] == bot.__version__
    assert PYPROJECT["tool"]["hatch"]["version"]["path"] == "bot/__init__.py"
    assert "version" not in PYPROJECT["project"], "it stands once"


def name_of(requirement: str) -> str:
    return re.split(r"[\[<>=!~; ]", requirement)[0].lower()


def test_every_direct_dependency_is_explained_and_no_other() -> None:
    project = PYPROJECT["project"]
    groups = [project["dependencies"], *project["optional-dependencies"].values()]
    groups.append(PYPROJECT["build-system"]["requires"])
    groups.append(read("requirements/build.in").split())
    direct = {name_of(one) for group in groups for one in group} - {project["name"]}
    rows = table_rows(read("docs/decisions/0002-dependencies.md"))
    explained = {row[0].strip("`").lower(): row[1] for row in rows}
    assert explained.keys() == direct
    assert all(len(reason) > 10 for reason in explained.values())


@pytest.mark.parametrize("path", DECISIONS, ids=lambda path: path.name)
def test_a_decision_says_what_was_weighed(path: Path) -> None:
    text = path.read_text()
    assert re.match(rf"# {int(path.name[:4])}\. \S", text), "it begins with its number and its title"
    assert re.findall(r"^## (\w+)$", text, re.MULTILINE) == ["Context", "Decision", "Consequences"]


def test_the_decisions_are_numbered_without_a_gap() -> None:
    assert [int(path.name[:4]) for path in DECISIONS] == list(range(1, len(DECISIONS) + 1))
    assert len(DECISIONS) >= 10
