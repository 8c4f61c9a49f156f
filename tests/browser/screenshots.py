"""Takes the pictures of the README from the practice server: python -m tests.browser.screenshots OUTDIR."""

import sys
import tempfile
from pathlib import Path
from typing import Any

import typer
from playwright.sync_api import expect

from tests.browser.driver import CHROMIUM, Server, Visitor, browser, serving

DESK = {"width": 1280, "height": 800}
TALL = {"width": 1280, "height": 1000}
PHONE = {"width": 390, "height": 844}
SHARPNESS = 1.5
SETTLED = """() => document.fonts.ready.then(() => new Promise((resolve) => {
  const look = () => {
    const drawn = [...document.images].every((image) => image.complete && image.naturalWidth);
    if (drawn && window.simcordPreview.ready) requestAnimationFrame(resolve); else requestAnimationFrame(look);
  };
  look();
}))"""


def main(folder: Path) -> int:
    """Takes all pictures; returns the exit code."""
    if CHROMIUM is None:
        typer.echo("There is no Chromium here; on Debian: apt install chromium")
        return 1
    folder.mkdir(parents=True, exist_ok=True)
    with tempfile.TemporaryDirectory() as data, serving(Path(data)) as server, browser() as chromium:
        for name, take in (("member", _member), ("organiser", _organiser), ("phone", _phone)):
            visitor = take(chromium, server)
            _shoot(visitor, folder / f"{name}.png")
            typer.echo(folder / f"{name}.png")
    return 0


def _visit(chromium: Any, server: Server, size: dict[str, int]) -> Visitor:
    context = chromium.new_context(viewport=size, device_scale_factor=SHARPNESS, reduced_motion="reduce")
    return Visitor(context.new_page(), server.url)


def _member(chromium: Any, server: Server) -> Visitor:
    visitor = _visit(chromium, server, DESK)
    visitor.be("Morgan")
    visitor.open("general")
    expect(visitor.run("demand show", demand="sicknes absense")).to_contain_text("sickness absence")
    visitor.type("demand show", demand="overtme")
    expect(visitor.page.locator(".command-suggestion").first).to_contain_text("vertime")
    return visitor


def _phone(chromium: Any, server: Server) -> Visitor:
    visitor = _visit(chromium, server, PHONE)
    visitor.be("Morgan")
    visitor.open("announcements", phone=True)
    expect(visitor.messages.last).to_contain_text("is tomorrow")
    return visitor


def _organiser(chromium: Any, server: Server) -> Visitor:
    visitor = _visit(chromium, server, TALL)
    visitor.be("Sam")
    visitor.open("announcements")
    visitor.run("organise meeting schedule", title="All-members' call", when="Thursday 3 April 12.30pm")
    visitor.open("general")
    visitor.run("practice forward", to="2 April 12.31pm")
    visitor.open("announcements")
    expect(visitor.messages.last).to_contain_text("is tomorrow")
    return visitor


def _shoot(visitor: Visitor, path: Path) -> None:
    page = visitor.page
    page.locator("#action-status").evaluate("element => { element.style.visibility = 'hidden'; }")
    page.locator("#channel-timeline").evaluate("element => { element.scrollTop = element.scrollHeight; }")
    expect(page.locator(".channel-message .message-avatar img")).to_have_count(visitor.messages.count())
    page.evaluate(SETTLED)
    page.screenshot(path=str(path))


if __name__ == "__main__":
    sys.exit(main(Path(sys.argv[1] if len(sys.argv) > 1 else "docs/images")))
