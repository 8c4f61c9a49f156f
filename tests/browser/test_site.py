"""The site of the documents, opened as files in a real browser: without a server, and without a network."""

from pathlib import Path
from typing import Any

import pytest
from playwright.sync_api import expect

from tests.browser.driver import CHROMIUM
from tests.meta.test_site import built

pytestmark = [
    pytest.mark.browser,
    pytest.mark.skipif(CHROMIUM is None, reason="no Chromium here; `.ci/run` installs one"),
]


def test_the_search_finds_a_task_and_nothing_is_fetched(chromium: Any, tmp_path: Path) -> None:
    site = built(tmp_path)
    page = chromium.new_context(viewport={"width": 1280, "height": 800}).new_page()
    fetched: list[str] = []
    failed: list[str] = []
    page.on("request", lambda request: fetched.append(request.url))
    page.on("pageerror", lambda error: failed.append(str(error)))
    page.goto((site / "index.html").as_uri())
    page.get_by_placeholder("Search").press_sequentially("Wear Yellow Friday")  # it listens to keys
    found = page.locator(".md-search-result__link").filter(has_text="Wear Yellow Friday").first
    found.click()
    expect(page.locator("#wear-yellow-friday")).to_be_in_viewport()
    assert "/organisers.html" in page.url
    assert page.locator("h1").text_content().startswith("For organisers")
    assert failed == []
    assert [url for url in fetched if not url.startswith(site.as_uri())] == []
