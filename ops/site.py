"""What `make site` does with the documents so that they read on the site as they do beside the code.

mkdocs calls these functions. The overview is the README, the list of changes is CHANGELOG.md, and what documents link to
outside their folder is copied: nothing is written twice, and no page needs the repository.
"""

import posixpath
import re
from pathlib import Path, PurePosixPath

from mkdocs.config.defaults import MkDocsConfig
from mkdocs.structure.files import File, Files
from mkdocs.structure.pages import Page

ROOT = Path(__file__).parents[1]
DOCUMENTS = ROOT / "docs"
DECISIONS = "decisions"
PAGES = {"README.md": "index.md", "CHANGELOG.md": "changelog.md", "docs/decisions": f"{DECISIONS}/index.md"}
"""What becomes a page: where it stands in the repository, and where on the site."""

COPIES = "files"
OURS = {"ops/iframe-worker.js": "javascripts/iframe-worker.js", "ops/site.css": "stylesheets/site.css"}
"""What the theme would fetch from another server for its search, made by us; and what is to look different."""

NAVIGATED = re.compile(r"decisions/\d{4}-")
INDENT = 4
LINK = re.compile(r"(?<=\]\()([^)\s#]+)")
ITEM = re.compile(r"( *)((?:[-*]|\d+\.) +)")


def on_files(files: Files, config: MkDocsConfig) -> Files:
    """Adds the pages and files from outside the folder of the documents."""
    texts = {source: (ROOT / source).read_text("utf-8") for source in PAGES if source.endswith(".md")}
    for source, text in texts.items():
        files.append(File.generated(config, PAGES[source], content=links_on_the_site(text, source)))
    files.append(File.generated(config, PAGES["docs/decisions"], content=list_of_decisions()))
    for source, target in OURS.items():
        files.append(File.generated(config, target, content=(ROOT / source).read_text("utf-8")))
    documents = {
        f"docs/{file.src_uri}": file.content_string
        for file in files.documentation_pages()
        if not file.generated_by
    }
    for source, text in {**documents, **texts}.items():
        for target in sorted(outside(text, source)):
            if files.get_file_from_path(f"{COPIES}/{target}") is None:
                copy = File.generated(config, f"{COPIES}/{target}", content=(ROOT / target).read_bytes())
                files.append(copy)
    for file in files.documentation_pages():
        if NAVIGATED.match(file.src_uri):
            file.inclusion = file.inclusion.__class__.NOT_IN_NAV  # the list of decisions leads to them
    return files


def on_page_markdown(markdown: str, page: Page, config: MkDocsConfig, files: Files) -> str:
    """Turns one document into what the site's reader of Markdown understands."""
    del config, files
    text = markdown if page.file.generated_by else links_on_the_site(markdown, f"docs/{page.file.src_uri}")
    return deeper_lists(text)


def list_of_decisions() -> str:
    """A page with the title of each decision."""
    lines = ["# Decisions", "", "What was decided, what was weighed, and what follows from it.", ""]
    for path in sorted((DOCUMENTS / DECISIONS).glob("*.md")):
        number, _, title = path.read_text("utf-8").partition("\n")[0].removeprefix("# ").partition(". ")
        lines.append(f"{number}. [{title}]({path.name})")
    return "\n".join(lines)


def aim_of(link: str, source: str) -> str | None:
    """The file or folder of the repository to which a link leads; `None` for an address."""
    if re.match(r"[a-z]+:", link):
        return None
    return posixpath.normpath(posixpath.join(posixpath.dirname(source), link))


def outside(text: str, source: str) -> set[str]:
    """The files that a document links to and that are no documents."""
    aims = {aim_of(link, source) for link in LINK.findall(text)} - {None}
    return {
        aim
        for aim in aims
        if aim and aim not in PAGES and not aim.startswith("docs/") and (ROOT / aim).is_file()
    }


def links_on_the_site(text: str, source: str) -> str:
    """The document with its links leading to where things are on the site."""
    here = PurePosixPath(PAGES.get(source, source.removeprefix("docs/"))).parent

    def moved(match: re.Match[str]) -> str:
        aim = aim_of(match[1], source)
        if aim is None:
            return match[1]
        there = PAGES.get(aim) or (
            aim.removeprefix("docs/") if aim.startswith("docs/") else f"{COPIES}/{aim}"
        )
        return posixpath.relpath(there, str(here))

    return LINK.sub(moved, text)


def deeper_lists(text: str) -> str:
    """The text with its lists as the site's reader wants them.

    What belongs to an item is indented by four, and an item stands apart from the one before it if that has several parts.
    """
    lines: list[str] = []
    stack: list[int] = []
    fence, is_apart = "", False
    for line in text.splitlines():
        stripped = line.lstrip(" ")
        width = len(line) - len(stripped)
        item = None if fence else ITEM.match(line)
        if not fence and stripped:
            while stack and width < stack[-1]:
                stack.pop()
        if item and is_apart and lines[-1]:
            lines.append("")
        is_apart = not item and (is_apart or not stripped)
        inner = stack[-1] if stack else 0
        lines.append(" " * (INDENT * len(stack) + max(width - inner, 0)) + stripped if stripped else "")
        if fence:
            fence = "" if stripped.rstrip() == fence else fence
        elif opening := re.match(r"`{3,}|~{3,}", stripped):
            fence = opening[0]
        elif item:
            stack.append(len(item[0]))
    return "\n".join(lines)
