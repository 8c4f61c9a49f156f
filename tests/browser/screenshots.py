"""Takes the pictures of the documents from the practice server: python -m tests.browser.screenshots OUTDIR."""

import io
import sys
import tempfile
from pathlib import Path
from typing import Any

import typer
from PIL import Image
from playwright.sync_api import expect

from tests.browser import walk
from tests.browser.driver import CHROMIUM, Server, Visitor, browser, serving
from tests.browser.past import make_past

DESK = {"width": 1280, "height": 800}
TALL = {"width": 1280, "height": 1000}
HIGH = {"width": 1280, "height": 1350}
PHONE = {"width": 390, "height": 844}
SIZES = {
    "member": TALL,
    "member-coming": PHONE,
    "member-question": PHONE,
    "member-receipt": PHONE,
    "member-progress": TALL,
    "organiser": HIGH,
    "organiser-import": TALL,
    "organiser-imported": PHONE,
    "organiser-answer": DESK,
    "organiser-deliveries": TALL,
    "moderator-queue": TALL,
    "moderator-piece": PHONE,
    "moderator-report": TALL,
    "moderator-export": DESK,
    "setup-channels": PHONE,
    "setup-done": PHONE,
}
"""The pictures that are kept, and how large the window is for each; the other places of the walk are passed by."""

SHARPNESS = 1.5
COLOURS = 128
"""Enough for a page of text; the files are a third of what they would be with all colours."""

SETTLED = """() => document.fonts.ready.then(() => new Promise((resolve) => {
  const look = () => {
    const drawn = [...document.images].every((image) => image.complete && image.naturalWidth);
    const still = !document.querySelector('[aria-busy="true"], .select-checking');
    if (drawn && still && window.simcordPreview.ready) requestAnimationFrame(resolve);
    else requestAnimationFrame(look);
  };
  look();
}))"""
TO_THE_END = "element => { element.scrollTop = element.scrollHeight; }"
HIDE = "element => { element.style.visibility = 'hidden'; }"


def main(folder: Path) -> int:
    """Takes all pictures; returns the exit code."""
    if CHROMIUM is None:
        typer.echo("There is no Chromium here; on Debian: apt install chromium")
        return 1
    folder.mkdir(parents=True, exist_ok=True)
    with tempfile.TemporaryDirectory() as data:
        make_past(Path(data))
        with serving(Path(data)) as server, browser() as chromium:
            _take_all(chromium, server, folder)
    return 0


def _take_all(chromium: Any, server: Server, folder: Path) -> None:
    context = chromium.new_context(viewport=TALL, device_scale_factor=SHARPNESS, reduced_motion="reduce")
    visitor = Visitor(context.new_page(), server.url)

    def shoot(name: str) -> None:
        if name in SIZES:
            path = folder / f"{name}.png"
            _shoot(visitor, SIZES[name], path)
            typer.echo(f"{path}: {path.stat().st_size // 1024} kB")

    for part in (
        walk.organiser_schedules,
        walk.member,
        walk.organiser,
        walk.moderator,
        walk.administrator,
    ):
        part(visitor, shoot)


def _shoot(visitor: Visitor, size: dict[str, int], path: Path) -> None:
    page = visitor.page
    page.set_viewport_size(size)
    page.mouse.move(0, 0)
    page.evaluate("document.activeElement.blur()")
    page.locator("#action-status").evaluate(HIDE)
    expect(page.locator(".channel-message .message-avatar img")).to_have_count(visitor.messages.count())
    page.locator("#channel-timeline").evaluate(TO_THE_END)
    page.evaluate(SETTLED)
    page.locator("#channel-timeline").evaluate(TO_THE_END)
    picture = Image.open(io.BytesIO(page.screenshot()))
    picture.convert("RGB").quantize(COLOURS, dither=Image.Dither.NONE).save(path, optimize=True)
    page.set_viewport_size(TALL)


if __name__ == "__main__":
    sys.exit(main(Path(sys.argv[1] if len(sys.argv) > 1 else "docs/images")))
