"""Reads a campaign's folder of TOML files.

If anything is wrong in any of them, the folder is refused whole, with every reason at once.
"""

import tomllib
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from datetime import date
from functools import cache
from pathlib import Path
from typing import Any, TypeVar, cast

from pydantic import ValidationError

from bot.domain.problems import Problem
from seeds.format import (
    ActionSeed,
    AimSeed,
    CampaignSeed,
    DemandSeed,
    EntrySeed,
    HeadSeed,
    MeetingSeed,
    MotionSeed,
    SeedPart,
    SourceSeed,
    TermSeed,
)
from seeds.reasons import reason_of

SHIPPED = Path(__file__).parent
HEAD_FILE = "campaign.toml"
ENTRY_FILES: Mapping[str, tuple[str, type[EntrySeed]]] = {
    "demands.toml": ("demands", DemandSeed),
    "aims.toml": ("aims", AimSeed),
    "motions.toml": ("motions", MotionSeed),
    "actions.toml": ("actions", ActionSeed),
    "meetings.toml": ("meetings", MeetingSeed),
    "glossary.toml": ("terms", TermSeed),
}


@dataclass(frozen=True, slots=True)
class SeedProblem:
    """One thing that is wrong: in which file, at which entry (its key, or its number), and why."""

    file: str
    key: str
    reason: str

    def __str__(self) -> str:
        return f"{self.file}, {self.key}: {self.reason}" if self.key else f"{self.file}: {self.reason}"


class SeedError(Problem):
    """A campaign's files cannot be used as they are."""

    def __init__(self, problems: Iterable[SeedProblem]) -> None:
        self.problems = list(problems)
        lines = "\n".join(f"- {problem}" for problem in self.problems)
        super().__init__(
            f"The campaign was not loaded. What is wrong in its files:\n{lines}",
            next_step="Correct the files, then load them again.",
            kept="Nothing in the database was changed.",
        )


def read_campaign(name_or_path: str | Path) -> CampaignSeed:
    """Reads a campaign that comes with the bot, by name, or any other folder of the same form, by path.

    A file that is absent means that the campaign has no such entries; only campaign.toml must be there.

    Raises:
        SeedError: there is no such campaign, or anything in its files is wrong.
    """
    folder = _folder(name_or_path)
    return _read_shipped(folder) if folder.parent == SHIPPED else _read(folder)


@cache
def _read_shipped(folder: Path) -> CampaignSeed:
    """What comes with the bot does not change while it runs, and each server that joins asks for it."""
    return _read(folder)


def _read(folder: Path) -> CampaignSeed:
    problems = _strange_files(folder)
    data = _parse(folder / HEAD_FILE, problems)
    head = None if data is None else _validate(HeadSeed, data, HEAD_FILE, "", problems)
    if (
        head is not None
        and head.name in shipped_names()
        and folder.resolve() != SHIPPED.resolve() / head.name
    ):
        taken = f"name belongs to a campaign that comes with the bot: {head.name}; choose another"
        problems.append(SeedProblem(HEAD_FILE, "", taken))
    entries = {field: _read_entries(folder, file, problems) for file, (field, _) in ENTRY_FILES.items()}
    for file, (field, _) in ENTRY_FILES.items():
        problems += _source_problems(file, entries[field], _sources(data or {}))
    if problems or head is None:
        raise SeedError(problems)
    return CampaignSeed.model_validate(
        {"name": head.name, "title": head.title, "sources": head.sources, **entries}
    )


def shipped_names() -> tuple[str, ...]:
    """The campaigns that come with the bot; a folder that begins with an underscore is none of them."""
    folders = (file.parent.name for file in SHIPPED.glob(f"[!_]*/{HEAD_FILE}"))
    return tuple(sorted(folders))


def _folder(name_or_path: str | Path) -> Path:
    if str(name_or_path) in shipped_names():
        return SHIPPED / name_or_path
    if (Path(name_or_path) / HEAD_FILE).is_file():
        return Path(name_or_path)
    shipped = ", ".join(shipped_names())
    reason = f"not found for {name_or_path}; campaigns that come with the bot: {shipped}"
    raise SeedError([SeedProblem(HEAD_FILE, "", reason)])


def _strange_files(folder: Path) -> list[SeedProblem]:
    known = {HEAD_FILE, *ENTRY_FILES}
    strange = sorted(file.name for file in folder.glob("*.toml") if file.name not in known)
    return [SeedProblem(name, "", f"is not one of {', '.join(sorted(known))}") for name in strange]


def _parse(path: Path, problems: list[SeedProblem]) -> dict[str, Any] | None:
    try:
        return tomllib.loads(path.read_text(encoding="utf-8"))
    except UnicodeDecodeError:
        problems.append(SeedProblem(path.name, "", "is not UTF-8 text"))
    except tomllib.TOMLDecodeError as error:
        problems.append(SeedProblem(path.name, "", f"is not TOML: {error}"))
    except OSError as error:
        problems.append(SeedProblem(path.name, "", f"cannot be read: {error.strerror}"))
    return None


def _read_entries(folder: Path, file: str, problems: list[SeedProblem]) -> tuple[EntrySeed, ...]:
    if not (folder / file).exists():
        return ()
    field, model = ENTRY_FILES[file]
    data = _parse(folder / file, problems)
    if data is None:
        return ()
    problems += [
        SeedProblem(file, name, f"is not known; write [[{field}]]") for name in data if name != field
    ]
    tables = data.get(field, [])
    if not isinstance(tables, list):
        problems.append(SeedProblem(file, field, f"is not a list of entries; write [[{field}]]"))
        return ()
    return tuple(_valid_entries(cast("list[object]", tables), model, file, problems))


def _valid_entries(
    tables: list[object], model: type[EntrySeed], file: str, problems: list[SeedProblem]
) -> Iterator[EntrySeed]:
    seen: set[str] = set()
    for number, table in enumerate(tables, start=1):
        name = _entry_name(table, number)
        entry = _validate(model, table, file, name, problems)
        if name in seen:
            problems.append(SeedProblem(file, name, "the key is used twice; give each entry one of its own"))
        elif entry is not None:
            yield entry
        seen.add(name)


def _entry_name(table: object, number: int) -> str:
    key = cast("dict[str, object]", table).get("key") if isinstance(table, dict) else None
    return key if isinstance(key, str) and key else f"entry {number}"


def _sources(data: Mapping[str, Any]) -> dict[str, date]:
    """The dates of the sources that can be read, by title, whatever else is wrong in the file."""
    sources: dict[str, date] = {}
    tables = data.get("sources")
    for table in cast("list[object]", tables) if isinstance(tables, list) else []:
        found = _validate(SourceSeed, table, HEAD_FILE, "", [])
        if found is not None:
            sources[found.title] = found.date
    return sources


def _source_problems(
    file: str, entries: Iterable[EntrySeed], dates: Mapping[str, date]
) -> Iterator[SeedProblem]:
    if not dates:
        return  # that is wrong enough in its own place
    titles = "; ".join(dates)
    for entry in entries:
        known = dates.get(entry.source)
        if known is None:
            yield SeedProblem(
                file, entry.key, f"source is not in {HEAD_FILE}: {entry.source}; there are: {titles}"
            )
        elif known != entry.date:
            yield SeedProblem(file, entry.key, f"date is not its source's; write date = {known.isoformat()}")


Part = TypeVar("Part", bound=SeedPart)


def _validate(
    model: type[Part], data: object, file: str, key: str, problems: list[SeedProblem]
) -> Part | None:
    try:
        return model.model_validate(data)
    except ValidationError as error:
        problems += [
            SeedProblem(file, key, reason_of(details, model)) for details in error.errors(include_url=False)
        ]
        return None
