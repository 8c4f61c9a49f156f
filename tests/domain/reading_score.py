"""Compares what the reader finds in a document with what a careful person finds in it."""

import sys
import tomllib
from collections.abc import Iterator
from dataclasses import dataclass, field
from pathlib import Path
from typing import TYPE_CHECKING, Any

from bot.domain.bulletins.files import kind_of, text_from
from bot.domain.bulletins.model import Document, Item, ItemKind
from bot.domain.bulletins.reading import read_document

if TYPE_CHECKING:
    from datetime import date, datetime

DOCUMENTS = Path(__file__).parents[1] / "documents"
READABLE = (".txt", ".md", ".docx", ".pdf")


@dataclass
class Score:
    """What was expected and not found, what was found and not expected, and what is wrong about what was found."""

    name: str
    expected: int = 0
    missed: list[str] = field(default_factory=list)
    invented: list[str] = field(default_factory=list)
    wrong: list[str] = field(default_factory=list)

    @property
    def found(self) -> int:
        return self.expected - len(self.missed)


def documents(folder: str = "") -> Iterator[Path]:
    """The documents of a folder that have a table of what is in them."""
    for table in sorted((DOCUMENTS / folder).glob("*.toml")):
        yield next(table.with_suffix(suffix) for suffix in READABLE if table.with_suffix(suffix).exists())


def score(path: Path) -> Score:
    """Read one document and compare."""
    table = tomllib.loads(path.with_suffix(".toml").read_text(encoding="utf-8"))
    data = path.read_bytes()
    text = text_from(kind_of(data), data)
    document = read_document(text, today=table["today"], zone=table["zone"])
    result = Score(path.name)
    left = list(document.items)
    for wanted in table.get("items", []):
        optional = wanted.get("optional", False)
        result.expected += not optional
        found = next((item for item in left if is_it(item, wanted)), None)
        if found:
            left.remove(found)
            result.wrong += [] if optional else differences(found, wanted)
        elif not optional:
            result.missed.append(f"{wanted['kind']}: {wanted.get('words') or wanted.get('link')}")
    result.invented = [f"{item.kind}: {item.text[:90]} ({item.place.first_line})" for item in left]
    result.wrong += about_the_whole(document, table)
    return result


def is_it(item: Item, wanted: dict[str, Any]) -> bool:
    """Whether an item is the one that is expected: a link by its address, a meeting by its day, others by their words."""
    if item.kind.value != wanted["kind"]:
        return False
    if item.kind is ItemKind.LINK:
        return any(link.url.rstrip("/") == wanted["link"].rstrip("/") for link in item.links)
    if item.kind is ItemKind.MEETING:
        day = item.time.day if item.time else None
        starts = wanted.get("starts")
        same_start = starts is None or item.time is None or item.time.starts_wall in {starts, None}
        return (
            day == wanted.get("day")
            and same_start
            and (day is not None or plain(wanted["words"]) in plain(item.text))
        )
    return plain(item.text).startswith(plain(wanted["words"]))


def differences(item: Item, wanted: dict[str, Any]) -> list[str]:
    """What a found item says otherwise than expected."""
    time = item.time
    told: dict[str, Any] = {
        "label": item.label,
        "last_day": time.last_day if time else None,
        "starts": time.starts_wall if time else None,
        "ends": time.ends_wall if time else None,
    }
    wrong = [
        f"{item.text[:40]}: {key} {told[key]}, not {wanted[key]}"
        for key in told.keys() & wanted.keys()
        if plain(str(told[key])) != plain(str(wanted[key]))
    ]
    if (
        item.kind is not ItemKind.LINK
        and "link" in wanted
        and wanted["link"] not in [link.url for link in item.links]
    ):
        wrong.append(f"{item.text[:40]}: not its link {wanted['link']}")
    if item.kind is ItemKind.MEETING and time and "ends" not in wanted and time.ends_wall:
        wrong.append(f"{item.text[:40]}: ends {time.ends_wall}, which it does not say")
    return wrong


def about_the_whole(document: Document, table: dict[str, Any]) -> list[str]:
    """What is wrong about the document's kind, title, date, decision and whom it calls on."""
    wrong: list[str] = []
    titles = [plain(title) for title in (table.get("title", ""), *table.get("also_titled", [])) if title]
    if titles and plain(document.title) not in titles:
        wrong.append(f"title {document.title!r}, not {table['title']!r}")
    dated: date | datetime | None = table.get("dated") or None
    told = {
        "kind": document.kind.value,
        "decision": plain(document.decision),
        "calls_on": plain(document.calls_on),
    }
    if "dated" in table and document.dated != dated:
        wrong.append(f"dated {document.dated}, not {dated}")
    wrong += [
        f"{key} {value!r}, not {table[key]!r}"
        for key, value in told.items()
        if key in table and value != plain(table[key])
    ]
    return wrong


def plain(text: str) -> str:
    """The words of a text without capitals, marks and the form of its quotes."""
    for odd, usual in (
        ("\u2019", "'"),
        ("\u2018", "'"),
        ("\u201c", '"'),
        ("\u201d", '"'),
        ("\u2013", "-"),
        ("\u2014", "-"),
        ("\u00a0", " "),
    ):
        text = text.replace(odd, usual)
    return " ".join(text.casefold().split()).strip(" .,;:")


def main() -> None:
    """Write the table of docs/reading-documents.md, of the folders that are named."""
    scores = [score(path) for folder in sys.argv[1:] or [""] for path in documents(folder)]
    lines = [f"| {one.name} | {one.expected} | {one.found} | {len(one.invented)} |" for one in scores]
    expected, found = sum(one.expected for one in scores), sum(one.found for one in scores)
    lines.append(f"| all | {expected} | {found} | {sum(len(one.invented) for one in scores)} |")
    sys.stdout.write("\n".join(lines) + "\n")


if __name__ == "__main__":
    main()
