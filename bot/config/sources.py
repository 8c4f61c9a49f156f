"""Where settings come from: the environment and a TOML file, each value with the name it has there.

What a setting holds is never repeated in a problem: anything may turn out to be a token in the wrong place.
"""

import difflib
import os
import re
import shlex
import stat
import tomllib
from collections.abc import Collection, Mapping
from dataclasses import dataclass, field
from pathlib import Path

from pydantic import SecretStr

PREFIX = "SOLIDARITY_"
TOKEN_VARIABLE = "DISCORD_TOKEN"  # noqa: S105 - the name of the variable, not what is in it
PATHS = (("discord", "token_file"), ("data", "directory"), ("backup", "directory"), ("campaign", "name"))
WIDEST_NAME = 40

Known = Mapping[str, Collection[str]]


@dataclass(frozen=True)
class ConfigurationProblem:
    """One thing in the configuration that has to be put right.

    Attributes:
        where: the place, in the words of whoever wrote it: a variable, or a file with section and key.
        what: what is wrong there, one sentence.
        fix: what to do about it, one sentence.
    """

    where: str
    what: str
    fix: str

    def __str__(self) -> str:
        return f"{self.where}: {self.what} {self.fix}"


class ConfigurationError(Exception):
    """The configuration cannot be used; every problem in it is listed."""

    def __init__(self, problems: list[ConfigurationProblem]) -> None:
        super().__init__("\n".join(str(problem) for problem in problems))
        self.problems = problems


@dataclass
class Source:
    """The settings that one place gives, by section and key, and what each is called there."""

    values: dict[str, dict[str, object]] = field(default_factory=dict[str, dict[str, object]])
    places: dict[tuple[str, str], str] = field(default_factory=dict[tuple[str, str], str])

    def put(self, section: str, key: str, value: object, *, place: str) -> None:
        """Adds a value, or replaces it. A token is wrapped at once: no library's debug log may show it."""
        if (section, key) == ("discord", "token") and isinstance(value, str):
            value = SecretStr(value.strip())
        self.values.setdefault(section, {})[key] = value
        self.places[section, key] = place

    def get(self, section: str, key: str) -> object:
        """The value, or `None`."""
        return self.values.get(section, {}).get(key)

    def make_paths_absolute(self, folder: Path) -> None:
        """Makes a relative path count from `folder`; what starts with `~` is left alone."""
        for section, key in PATHS:
            value = self.get(section, key)
            plain_name = key == "name" and "/" not in str(value)
            if isinstance(value, str) and value and not value.startswith("~") and not plain_name:
                self.values[section][key] = str(folder / value)


def read_environment(
    environ: Mapping[str, str], known: Known, problems: list[ConfigurationProblem]
) -> Source:
    """Reads `SOLIDARITY_SECTION__KEY` and `DISCORD_TOKEN`; an empty token counts as none."""
    source = Source()
    for name, value in environ.items():
        if not name.upper().startswith(PREFIX):
            continue
        section, _, key = name[len(PREFIX) :].lower().partition("__")
        if key in known.get(section, ()):
            if (section, key) != ("discord", "token") or value.strip():
                source.put(section, key, value, place=name)
        else:
            problems.append(_unknown_variable(name, section, key, known))
    if environ.get(TOKEN_VARIABLE, "").strip():
        source.put("discord", "token", environ[TOKEN_VARIABLE], place=TOKEN_VARIABLE)
    return source


def _unknown_variable(name: str, section: str, key: str, known: Known) -> ConfigurationProblem:
    every = [f"{one}__{other}".upper() for one, keys in known.items() for other in keys]
    if section in known and not key:
        complete = f"{PREFIX}{section}__{next(iter(known[section]))}".upper()
        fix = f"Add two underscores and a key to its name, such as {complete}."
    else:
        close = difflib.get_close_matches(name[len(PREFIX) :].upper(), every, n=1)
        remove = "Remove it; config.example.toml lists every setting."
        fix = f"Did you mean {PREFIX}{close[0]}?" if close else remove
    return ConfigurationProblem(_printable(name, "An environment variable"), "No setting has this name.", fix)


def read_toml(path: Path, known: Known, problems: list[ConfigurationProblem]) -> Source | None:
    """Reads a configuration file; `None`, with a problem added, when it cannot be read at all."""
    source = Source()
    tables = _parse(path, problems)
    if tables is None:
        return None
    for section, keys in tables.items():
        if section not in known:
            problems.append(_unknown_section(path, section, known))
        elif not isinstance(keys, dict):
            what = "This must be a section, with its settings on the lines below it."
            problems.append(
                ConfigurationProblem(f"{path}, {section}", what, f"Write [{section}] on a line of its own.")
            )
        else:
            _read_section(path, section, keys, known, source, problems)  # pyright: ignore[reportUnknownArgumentType]
    return source


def _read_section(
    path: Path,
    section: str,
    keys: Mapping[str, object],
    known: Known,
    source: Source,
    problems: list[ConfigurationProblem],
) -> None:
    for key, value in keys.items():
        if key in known[section]:
            source.put(section, key, value, place=f"{path}, [{section}] {key}")
            continue
        elsewhere = [other for other, names in known.items() if key in names]
        fix = f"Move it below [{elsewhere[0]}]." if elsewhere else _rename(key, known[section])
        where = f"{path}, [{section}] {_printable(key, 'a key')}"
        problems.append(ConfigurationProblem(where, f"There is no such setting in [{section}].", fix))


def _unknown_section(path: Path, section: str, known: Known) -> ConfigurationProblem:
    holding = [other for other, names in known.items() if section in names]
    fix = f"Move it below [{holding[0]}]." if holding else _rename(section, known)
    return ConfigurationProblem(f"{path}, [{_printable(section, '…')}]", "There is no such section.", fix)


def _parse(path: Path, problems: list[ConfigurationProblem]) -> dict[str, object] | None:
    try:
        # The Windows Notepad puts a byte-order mark first, which TOML itself does not allow.
        return tomllib.loads(path.read_text(encoding="utf-8-sig"))
    except tomllib.TOMLDecodeError as error:
        problems.append(_syntax_problem(path, str(error)))
    except RecursionError:
        problems.append(_syntax_problem(path, ""))
    except UnicodeDecodeError:
        what, fix = "The file is not UTF-8 text.", "Save it again as plain text with the encoding UTF-8."
        problems.append(ConfigurationProblem(str(path), what, fix))
    except FileNotFoundError:
        what, fix = "There is no such file.", "Correct the path, or copy config.example.toml to it."
        problems.append(ConfigurationProblem(str(path), what, fix))
    except (OSError, ValueError):
        what, fix = "The file cannot be read.", "Check that it is a file, and that this user may read it."
        problems.append(ConfigurationProblem(str(path), what, fix))
    return None


def _syntax_problem(path: Path, message: str) -> ConfigurationProblem:
    # The parser's own words may repeat what stands in the file, so only the place is taken from them.
    line = re.search(r"\(at line (\d+)", message)
    where = (
        f"{path}, line {line[1]}"
        if line
        else f"{path}, at the end"
        if "end of document" in message
        else str(path)
    )
    if "overwrite" in message or "twice" in message:
        return ConfigurationProblem(where, "A section or key is there a second time.", "Keep one of the two.")
    what = "This is not valid TOML."
    return ConfigurationProblem(
        where, what, 'Write it as in config.example.toml: key = 5, or key = "text" in quotes.'
    )


def _rename(name: str, candidates: Collection[str]) -> str:
    close = difflib.get_close_matches(name, candidates, n=1)
    return (
        f"Did you mean {close[0]}?"
        if close
        else f"Remove it, or choose one of: {', '.join(sorted(candidates))}."
    )


def _printable(name: str, otherwise: str) -> str:
    """The name, unless it may be a secret that was pasted where a name belongs."""
    plain = re.fullmatch(r"([A-Z]?[a-z_-]+|[A-Z_-]+)\d{0,3}", name)  # tokens mix letters and digits
    return name if plain and len(name) <= WIDEST_NAME else otherwise


def read_token_file(source: Source, problems: list[ConfigurationProblem]) -> None:
    """Puts the token that the source's `token_file` holds beside it, unless a token is there already."""
    name = source.get("discord", "token_file")
    if source.get("discord", "token") is not None or not isinstance(name, str) or not name:
        return
    place = source.places["discord", "token_file"]
    try:
        path = Path(name).expanduser()
        if not path.is_file():
            raise FileNotFoundError
        mode, token = path.stat().st_mode, path.read_text(encoding="utf-8-sig").strip()
    except (OSError, ValueError, RuntimeError):
        fix = "Create that file with the token in it, or correct the path, and let this user read it."
        problems.append(ConfigurationProblem(place, "The token file cannot be read.", fix))
        return
    if os.name == "posix" and mode & stat.S_IRWXO:
        what = "Other users of this machine can read or change the token file."
        problems.append(ConfigurationProblem(place, what, f"Run: chmod 600 {shlex.quote(str(path))}"))
    if not token:
        problems.append(ConfigurationProblem(place, "The token file is empty.", "Put the bot's token in it."))
        return
    source.put("discord", "token", token, place=place)
