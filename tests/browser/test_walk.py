"""The walk that the pictures of `docs/tour.md` show, through the real page: member, organiser, moderator, administrator."""

from pathlib import Path
from typing import Any

import pytest
from playwright.sync_api import expect

from tests.browser import walk
from tests.browser.driver import CHROMIUM, Visitor, serving
from tests.browser.screenshots import PHONE, SIZES

pytestmark = [
    pytest.mark.browser,
    pytest.mark.skipif(CHROMIUM is None, reason="no Chromium here; `.ci/run` installs one"),
]

WIDER_THAN_THE_PAGE = "document.documentElement.scrollWidth > window.innerWidth"
RAW = ("\\-", "\\'", "**", "<@&", "<#", "<t:", "None:None")
"""What a reader would see if formatting went wrong."""


def test_each_role_gets_done_what_the_tour_shows(tmp_path: Path, chromium: Any) -> None:
    with serving(tmp_path) as server:
        visitor = Visitor(chromium.new_context(viewport=PHONE | {"width": 1280}).new_page(), server.url)
        shown: list[str] = []

        def look(name: str) -> None:
            shown.append(name)
            text = visitor.page.locator("#channel-message-list").inner_text()
            assert not [one for one in RAW if one in text], (name, text)
            assert not walk.ids_in(visitor), name
            if SIZES.get(name) == PHONE:
                _fits_on_a_phone(visitor.page, name)

        walk.organiser_schedules(visitor, look)
        walk.member(visitor, look)
        walk.organiser(visitor, look)
        walk.moderator(visitor, look)
        walk.administrator(visitor, look)
        assert set(shown) >= set(SIZES)
        visitor.open("announcements")
        expect(visitor.messages.last).to_contain_text("This is a test")
        visitor.messages.last.get_by_role("button", name="Delete this test").click()
        expect(visitor.messages.last).to_contain_text("The test post is deleted.")
        assert server.stop() == 0
        assert not any("Traceback" in line or "07700" in line for line in server.lines), server.lines


def _fits_on_a_phone(page: Any, name: str) -> None:
    size = page.viewport_size
    page.set_viewport_size(PHONE)
    assert not page.evaluate(WIDER_THAN_THE_PAGE), name
    page.set_viewport_size(size)
