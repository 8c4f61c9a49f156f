"""Writes the settings into docs/administrators.md: `python ops/settings_page.py`; `make site` does it, too.

What a setting must be, its default and its example are what the program itself checks with (`bot/config/`); what it is
for stands above it in config.example.toml. So nothing about a setting is written by hand a second time.
"""

import re
from collections.abc import Iterator
from pathlib import Path

from pydantic.fields import FieldInfo

from bot.config import sections

ROOT = Path(__file__).parents[1]
PAGE = ROOT / "docs" / "administrators.md"
EXAMPLE = ROOT / "config.example.toml"
BEGIN, END = "<!-- settings: written by make site -->", "<!-- end of the settings -->"
COMPUTED = {
    ("data", "directory"): "the folder `data` beside the configuration",
    ("database", "url"): "the file `solidarity.sqlite3` in the data directory",
    ("backup", "directory"): "`backups` in the data directory",
}
"""Defaults that depend on where the bot runs."""

SETTING = re.compile(r"(?:# )?(\w+) = (.+)")
SECTION = re.compile(r"\[(\w+)\]")


def explanations(example: str) -> dict[tuple[str, str], str]:
    """What the example says above each setting; two that stand together share it."""
    found: dict[tuple[str, str], str] = {}
    section, above, said = "", "", list[str]()
    for line in example.splitlines():
        if heading := SECTION.fullmatch(line):
            section, said = heading[1], []
        elif setting := SETTING.fullmatch(line):
            found[section, setting[1]] = " ".join(said) or f"See `{above}`, just above."
            above, said = setting[1], []
        elif line.startswith("# "):
            said.append(line.removeprefix("# "))
        else:
            said = []
    return found


def default_of(section: str, key: str, field: FieldInfo) -> str:
    """The default in words, or as it is written."""
    if (section, key) in COMPUTED:
        return COMPUTED[section, key]
    match field.get_default(call_default_factory=False):
        case None | "" | ():
            return "none"
        case bool() as value:
            return f"`{str(value).lower()}`"
        case value:
            return f"`{value}`"


def page_of(example: str) -> Iterator[str]:
    """The lines about each section, and about each setting in it."""
    explained = explanations(example)
    for section, model in sections().items():
        yield f"### [{section}]\n\n{(model.__doc__ or '').strip()}\n"
        for key, field in model.model_fields.items():
            examples = ", ".join(f"`{key} = {one}`" for one in field.examples or ())
            yield f"**`{key}`**: {linked(explained[section, key])}\n"
            yield f"- Must be: {field.description}"
            yield f"- If left out: {default_of(section, key, field)}"
            yield f"- For example: {examples}"
            yield f"- In the environment: `{f'solidarity_{section}__{key}'.upper()}`\n"


def linked(text: str) -> str:
    """The explanation with its command lines and settings marked, and its documents as links."""
    text = re.sub(r"solidarity-bot [a-z]+(?: FILE)?", r"`\g<0>`", text)
    text = text.replace("this file", "`config.toml`").replace("chmod 600 token.txt", "`chmod 600 token.txt`")
    text = re.sub(r"\bdocs/([a-z-]+)\.md", r"[\1](\1.md)", text)
    return re.sub(r"(?<!\S)(/setup [a-z]+(?: turn:on)?|/about)(?=[ .,])", r"`\1`", text)


def brought_up_to_date(page: str, example: str) -> str:
    """The page with the settings as they are now."""
    before, rest = page.split(BEGIN)
    after = rest.split(END)[1]
    settings = "\n".join(page_of(example)).strip()
    return f"{before}{BEGIN}\n\n{settings}\n\n{END}{after}"


def main() -> None:
    """Writes the page anew."""
    page = brought_up_to_date(PAGE.read_text("utf-8"), EXAMPLE.read_text("utf-8"))
    PAGE.write_text(page, "utf-8")


if __name__ == "__main__":
    main()
