"""The documents as a site: it is whole, it needs nobody else's server, and what is written by a program is up to date."""

import re
import subprocess
import sys
from html.parser import HTMLParser
from pathlib import Path

import pytest

from ops.settings_page import BEGIN, END, brought_up_to_date
from tests.meta.project import ROOT, read
from tests.meta.test_readme import LINK

NEW_PAGES = ("start", "members", "organisers", "moderators", "administrators", "adding-a-feature")
LOADED = {"script": "src", "img": "src", "link": "href", "iframe": "src", "source": "src"}
"""What a browser fetches by itself, by the name of its tag."""

OTHER_TEXT = {"code", "pre", "script", "style", "title", "nav", "strong", "h1", "h2", "h3", "h4"}


class Fetched(HTMLParser):
    """Gathers what a page fetches, and the text of its paragraphs."""

    def __init__(self) -> None:
        super().__init__()
        self.addresses: list[str] = []
        self.words: list[str] = []
        self.is_other = 0

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self.is_other += tag in OTHER_TEXT
        values = dict(attrs)
        if (
            tag in LOADED
            and values.get(LOADED[tag])
            and values.get("rel") not in {"prev", "next", "canonical"}
        ):
            self.addresses.append(values[LOADED[tag]] or "")

    def handle_endtag(self, tag: str) -> None:
        self.is_other -= tag in OTHER_TEXT

    def handle_data(self, data: str) -> None:
        if not self.is_other:
            self.words.append(data)


@pytest.fixture(scope="module")
def site(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return built(tmp_path_factory.mktemp("site"))


def built(folder: Path) -> Path:
    """The site, built as `make site` builds it, in another folder."""
    recipe = re.search(r"^\t.*\$\(BIN\)/mkdocs (.+)$", read("Makefile"), re.MULTILINE)
    assert recipe
    assert "--strict" in recipe[1]
    command = [sys.executable, "-m", "mkdocs", *recipe[1].split(), "--site-dir", str(folder)]
    result = subprocess.run(command, cwd=ROOT, capture_output=True, text=True, check=False)
    assert result.returncode == 0, result.stdout + result.stderr
    return folder


def pages(site: Path) -> list[Path]:
    return sorted(path for path in site.rglob("*.html") if path.name != "404.html")


def read_by_browser(path: Path) -> Fetched:
    page = Fetched()
    page.feed(path.read_text(encoding="utf-8"))
    return page


def test_every_document_is_a_page(site: Path) -> None:
    documents = {
        path.relative_to(ROOT / "docs").with_suffix("").as_posix() for path in (ROOT / "docs").rglob("*.md")
    }
    built = {path.relative_to(site).with_suffix("").as_posix() for path in pages(site)}
    assert documents | {"index", "changelog", "decisions/index"} == built
    navigation = (site / "index.html").read_text(encoding="utf-8")
    reached = set(re.findall(r'href="([\w/-]+)\.html"', navigation)) | {"index"}
    assert {name for name in documents if not name.startswith("decisions/")} <= reached
    decisions = (site / "decisions/index.html").read_text(encoding="utf-8")
    assert all(
        f'href="{name.removeprefix("decisions/")}.html"' in decisions
        for name in documents
        if name.startswith("decisions/")
    )


def test_no_page_fetches_anything_from_elsewhere(site: Path) -> None:
    """Who reads about confidential feedback is nobody's business; and it is there without a network."""
    for path in pages(site):
        for address in read_by_browser(path).addresses:
            assert not re.match(r"(?:[a-z]+:)?//", address), f"{path.name}: {address}"
            file = (path.parent / address.partition("?")[0].partition("#")[0]).resolve()
            assert file.is_file(), f"{path.name}: {address}"
    for path in site.rglob("*.css"):
        assert not re.search(r"url\(['\"]?(?:https?:)?//", path.read_text(encoding="utf-8")), path.name


def test_what_is_no_document_comes_along(site: Path) -> None:
    for path in pages(site):
        for target in re.findall(r'href="((?:\.\./)*files/[^"#]+)"', path.read_text(encoding="utf-8")):
            assert (path.parent / target).is_file(), f"{path.name}: {target}"
    assert (site / "files/config.example.toml").read_bytes() == (ROOT / "config.example.toml").read_bytes()


def test_lists_and_blocks_are_read_as_what_they_are(site: Path) -> None:
    """Readers of Markdown differ: what one takes for a list or a block of code, another shows as a line of text."""
    for path in pages(site):
        for words in read_by_browser(path).words:
            odd = [
                line
                for line in words.splitlines()
                if re.match(r"\s*(?:```|[-*] \S|\d+\. |\|.*\|$|#+ \S)", line)
            ]
            assert not odd, f"{path.name}: {odd[0]}"


def test_the_search_knows_every_page(site: Path) -> None:
    index = (site / "search" / "search_index.js").read_text(encoding="utf-8")
    for name in NEW_PAGES:
        assert f'"{name}.html' in index


def test_every_setting_stands_in_the_administrators_page_as_the_program_has_it() -> None:
    page = read("docs/administrators.md")
    assert page == brought_up_to_date(page, read("config.example.toml")), "run `make site`"
    written = page.split(BEGIN)[1].split(END)[0]
    assert written.count("\n### [") == 13
    assert "- If left out: `35`\n" in written


@pytest.mark.parametrize("name", NEW_PAGES)
def test_pictures_of_the_pages_say_what_they_show(name: str) -> None:
    pictures = [(words, target) for mark, words, target in LINK.findall(read(f"docs/{name}.md")) if mark]
    for words, target in pictures:
        assert len(words) > 40, target
        assert (ROOT / "docs" / target).is_file(), target
