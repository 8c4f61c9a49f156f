"""The practice server as people meet it: the real process, its page in Chromium, one viewer after the other."""

import re
import signal
import time
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from playwright.sync_api import expect

from tests.browser.driver import CHROMIUM, Server, Visitor, serving

pytestmark = [
    pytest.mark.browser,
    pytest.mark.skipif(CHROMIUM is None, reason="no Chromium here; `.ci/run` installs one"),
]

CALL = {"title": "All-members' call", "when": "Thursday 3 April 12.30pm"}
WORDS = "Caseloads are too high in our office."


@pytest.fixture
def server(tmp_path: Path) -> Iterator[Server]:
    with serving(tmp_path) as running:
        yield running


@pytest.fixture
def visitor(server: Server, chromium: Any) -> Visitor:
    return visit(chromium, server)


def visit(chromium: Any, server: Server) -> Visitor:
    """Opens the page, with cookies and storage of its own."""
    page = chromium.new_context().new_page()
    page.on("pageerror", lambda error: pytest.fail(f"the page's script failed: {error}"))
    return Visitor(page, server.url)


def titles(visitor: Visitor) -> list[str]:
    """The headlines of the channel's messages."""
    return visitor.page.locator("#channel-message-list .embed-title").all_inner_texts()


def test_a_campaign_from_every_side(server: Server, visitor: Visitor) -> None:
    _as_member(visitor)
    _as_organiser(visitor)
    _let_time_pass(visitor)
    _as_moderator(visitor)
    assert server.stop() == 0
    assert not any("Traceback" in line for line in server.lines), server.lines
    assert not any(WORDS in line for line in server.lines)
    assert "Fri 04 Apr 2025 08:00  #announcements  Wear yellow at work" in server.lines


def _as_member(visitor: Visitor) -> None:
    visitor.be("Morgan")
    assert visitor.channels() == ["# welcome", "# announcements", "# general"]
    visitor.open("general")
    visitor.type("demand show", demand="sicknes absense")
    suggestion = visitor.page.locator(".command-suggestion").first
    expect(suggestion).to_have_text("Suspend sickness absence proceedings")
    expect(visitor.send()).to_contain_text("Suspend sickness absence proceedings")
    refused = visitor.run("organise meeting schedule", **CALL)
    expect(refused).to_contain_text("That is for the campaign's organisers.")
    expect(refused).to_contain_text("What to do now")
    visitor.open_form("feedback give")
    stored = visitor.fill_form({"topic": "The situation on the ground"}, {"text": WORDS})
    expect(stored).to_contain_text("Your feedback is stored")


def _as_organiser(visitor: Visitor) -> None:
    visitor.be("Sam")
    expect(visitor.page.locator(".practice-channels a", has_text="organisers")).to_be_visible()
    assert not titles(visitor), "what others were answered in private is not shown"
    scheduled = visitor.run("organise meeting schedule", **CALL)
    expect(scheduled).to_contain_text("Thursday 3 April 2025, 12.30pm BST")
    expect(scheduled).to_contain_text("3 reminders in #announcements")
    expect(scheduled).to_contain_text("Left out, because it is past: 7 days before")
    nudge = visitor.run("organise nudge schedule", action="wear yellow", when="Friday 8am")
    expect(nudge).to_contain_text("Friday 4 April 2025, 8am BST")


def _let_time_pass(visitor: Visitor) -> None:
    arrived = visitor.run("practice forward", to="3 April 13:00")
    expect(arrived).to_contain_text("It is now Thursday 3 April 2025, 1pm BST")
    expect(arrived).to_contain_text("#announcements: 3 posts")
    expect(visitor.page.locator(".practice-clock")).to_have_text("Thursday 3 April 2025, 1pm BST")
    visitor.open("announcements")
    expect(visitor.messages).to_have_count(4)
    assert titles(visitor) == [
        "New meeting: All-members' call",
        "All-members' call is tomorrow",
        "All-members' call starts in 1 hour",
        "All-members' call is starting now",
    ]
    shown = visitor.page.locator(".message-time").all_inner_texts()
    assert shown == ["31/03/2025, 09:00", "02/04/2025, 12:30", "03/04/2025, 11:30", "03/04/2025, 12:30"]
    visitor.run("practice forward", to="Friday 8.05am")
    expect(visitor.messages.filter(has_text="Due Friday 4 April 2025, 8am BST")).to_have_count(1)


def _as_moderator(visitor: Visitor) -> None:
    refused = visitor.run("moderate export", format="csv", purpose="branch meeting")
    expect(refused).to_contain_text("moderators")
    expect(refused.locator(".attachment")).to_have_count(0)
    visitor.be("Alex")
    visitor.open("moderators")
    export = visitor.run("moderate export", format="csv", purpose="branch meeting")
    expect(export).to_contain_text("1 piece of feedback exported")
    file = export.locator(".attachment-preview").inner_text()
    assert WORDS in file
    morgan = visitor.viewer_id("Morgan")
    assert morgan not in file
    assert not re.search(r"\d{15,}", file), "no id of anybody"
    assert "Morgan" not in file


def test_a_page_that_nobody_touches_shows_what_falls_due(
    server: Server, chromium: Any, visitor: Visitor
) -> None:
    watcher = visit(chromium, server)
    watcher.open("announcements")
    visitor.be("Sam")
    visitor.open("general")
    visitor.run("organise meeting schedule", **CALL)
    visitor.run("practice forward", to="3 April 12:00")
    expect(watcher.messages).to_have_count(3)
    expect(visitor.page.locator(".practice-new")).to_have_count(1)


def test_a_command_is_put_into_the_composer_by_a_click_or_by_pasting_it(visitor: Visitor) -> None:
    page = visitor.page
    page.locator("code", has_text="/organise meeting schedule").click()
    title = page.locator('.command-option-input[data-option="title"]')
    when = page.locator('.command-option-input[data-option="when"]')
    expect(title).to_have_value("All-members' call")
    expect(when).to_have_value("Thursday 3 April 12.30pm")
    page.locator(".command-context-close").click()
    page.locator("#channel-composer-input").fill("")
    page.evaluate(
        """() => {
          const data = new DataTransfer();
          data.setData("text/plain", '/demand show demand:"overtime"');
          document.getElementById("channel-composer-input").dispatchEvent(
            new ClipboardEvent("paste", { clipboardData: data, bubbles: true, cancelable: true }));
        }"""
    )
    expect(page.locator('.command-option-input[data-option="demand"]')).to_have_value("overtime")
    expect(visitor.send()).to_contain_text("overtime", ignore_case=True)


def test_it_stops_at_once_and_goes_on_later_where_it_was(tmp_path: Path, chromium: Any) -> None:
    with serving(tmp_path) as server:
        visitor = visit(chromium, server)
        visitor.be("Sam")
        visitor.open("general")
        visitor.run("organise nudge schedule", action="wear yellow", when="Friday 8am")
        visitor.run("practice forward", to="2 April 9am")
        begun = time.monotonic()
        assert server.stop(signal.SIGINT) == 0
        assert time.monotonic() - begun < 5
        visitor.page.close()
    with serving(tmp_path) as server:
        assert "It is Wednesday 2 April 2025, 9am BST there." in server.lines
        visitor = visit(chromium, server)
        visitor.be("Sam")
        visitor.open("general")
        expect(visitor.run("organise nudge list")).to_contain_text("Friday 4 April 2025, 8am BST")
