"""An organiser imports a bulletin in the practice server: upload, apply, and the meeting and the nudge are scheduled."""

from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from playwright.sync_api import Page, expect

from tests.browser.driver import CHROMIUM, Visitor, serving
from tests.services.bulletins import DOCUMENTS, SECOND

pytestmark = [
    pytest.mark.browser,
    pytest.mark.skipif(CHROMIUM is None, reason="no Chromium here; `.ci/run` installs one"),
]

REAL = DOCUMENTS / "bulletin-2.txt"


@pytest.fixture
def visitor(tmp_path: Path, chromium: Any) -> Iterator[Visitor]:
    with serving(tmp_path / "data") as server:
        page: Page = chromium.new_context().new_page()
        page.on("pageerror", lambda error: pytest.fail(f"the page's script failed: {error}"))
        yield Visitor(page, server.url)


def test_a_bulletin_is_in_the_campaign_within_a_minute_of_clicks(visitor: Visitor, tmp_path: Path) -> None:
    bulletin = tmp_path / "bulletin-2.txt"
    bulletin.write_bytes(REAL.read_bytes() if REAL.exists() else SECOND.encode())
    visitor.be("Sam")
    visitor.open("organisers")
    visitor.type("organise bulletin import")
    visitor.page.locator(".command-ghost").click()
    visitor.page.locator('.command-suggestion[data-value="file"]').click()
    visitor.page.locator("input[type=file]").last.set_input_files(bulletin)
    expect(visitor.page.locator(".command-row")).to_contain_text(bulletin.name)
    review = visitor.send()
    expect(review).to_contain_text("12 demands, 5 aims, 1 meeting")
    review.get_by_role("button", name="Apply all that is ticked").click()
    done = visitor.messages.last
    expect(done).to_contain_text("Reminders: All members' meeting")
    expect(done).to_contain_text("Thursday 3 April 2025, 11.30am BST")
    expect(done).to_contain_text("Friday 4 April 2025, 8am BST")
    expect(done.get_by_role("button", name="Undo this import")).to_be_visible()
