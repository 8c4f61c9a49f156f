"""Starts the practice server as a process of its own and works its page in Chromium, as a person would."""

import contextlib
import re
import shutil
import signal
import subprocess
import sys
import threading
from collections.abc import Iterator
from pathlib import Path
from typing import Any

from playwright.sync_api import Locator, Page, expect, sync_playwright

CHROMIUM = shutil.which("chromium") or shutil.which("chromium-browser") or shutil.which("google-chrome")
FLAGS = [
    "--no-sandbox",
    "--disable-gpu",
    "--disable-quic",
    "--no-first-run",
    "--disable-background-networking",
    "--disable-component-update",
    "--disable-sync",
]
PATIENCE_MS = 20_000
START_SECONDS = 60
STOP_SECONDS = 5


class Server:
    """The process, and the lines that it has printed."""

    def __init__(self, data: Path, *options: str) -> None:
        command = [
            sys.executable,
            "-m",
            "bot",
            "practice",
            "--port",
            "0",
            "--no-browser",
            "--data",
            str(data),
        ]
        self._process = subprocess.Popen(
            [*command, *options], stdout=subprocess.PIPE, stderr=subprocess.STDOUT, text=True
        )
        self.lines: list[str] = []
        self.url = ""
        self._ready = threading.Event()
        self._reader = threading.Thread(target=self._read, daemon=True)
        self._reader.start()
        if not self._ready.wait(START_SECONDS) or not self.url:
            self._process.kill()
            raise AssertionError("the practice server did not start:\n" + "\n".join(self.lines))

    def _read(self) -> None:
        assert self._process.stdout is not None
        for line in self._process.stdout:
            self.lines.append(line.rstrip("\n"))
            if found := re.search(r"http://127\.0\.0\.1:\d+/#\S+", line):
                self.url = found.group()
                self._ready.set()
        self._ready.set()

    @property
    def running(self) -> bool:
        return self._process.poll() is None

    def stop(self, number: int = signal.SIGTERM) -> int:
        """Asks it to stop and returns its exit code."""
        self._process.send_signal(number)
        try:
            return self._process.wait(STOP_SECONDS)
        except subprocess.TimeoutExpired:
            self._process.kill()
            raise
        finally:
            self._reader.join(STOP_SECONDS)
            if self._process.stdout is not None:
                self._process.stdout.close()


class Visitor:
    """Somebody at the page."""

    def __init__(self, page: Page, url: str) -> None:
        self.page = page
        page.set_default_timeout(PATIENCE_MS)
        expect.set_options(timeout=PATIENCE_MS)
        page.goto(url)
        self._arrived("welcome")

    @property
    def messages(self) -> Locator:
        return self.page.locator("#channel-message-list > .channel-message")

    def be(self, person: str) -> None:
        """Chooses whom to view the page as, by the first name."""
        picker = self.page.locator("#viewer-picker")
        chosen = picker.locator("option", has_text=person).get_attribute("value") or ""
        picker.select_option(value=chosen)
        expect(picker).to_have_value(chosen)
        expect(self.page).to_have_url(re.compile(rf"viewer={chosen}\b"))
        # Whoever opens a channel now opens it as this person.
        links = self.page.locator(f'.practice-channels a[href*="viewer={chosen}"]')
        expect(links.first).to_be_visible()
        self._settled()
        expect(self.page.locator("#channel-composer")).to_be_visible()

    def open(self, channel: str, *, phone: bool = False) -> None:
        """Opens a channel from the list, which on a phone has to be unfolded first."""
        if phone:
            self.page.locator("#messages-toggle").click()
        self.page.locator(".practice-channels a", has_text=channel).click()
        self._arrived(channel)

    def reload(self) -> None:
        """Opens the same page afresh: simcord's page keeps what stood in a list at the same place of a message before."""
        self.page.reload()
        expect(self.page.locator("#channel-composer-input")).to_be_enabled()
        expect(self.messages.last).to_be_visible()

    def _arrived(self, channel: str) -> None:
        expect(self.page.locator("#channel-name")).to_have_text(channel)
        self._settled()

    def _settled(self) -> None:
        """Waits while simcord's page says that it is doing something: what is typed meanwhile is lost."""
        expect(self.page.locator("#action-status")).to_have_text(re.compile(r"[^…]$"))
        expect(self.page.locator("#channel-composer-input")).to_be_enabled()

    def viewer_id(self, person: str) -> str:
        """The id of somebody in the list of viewers."""
        return self.page.locator("#viewer-picker option", has_text=person).get_attribute("value") or ""

    def channels(self) -> list[str]:
        """The channels in the list."""
        return self.page.locator(".practice-channels a").all_inner_texts()

    def type(self, command: str, **options: str) -> None:
        """Types a command with its options, without sending it."""
        self._choose(command)
        for name, value in options.items():
            self._fill_option(name, value)

    def _choose(self, command: str) -> None:
        """Chooses a command from the list; again, where simcord's page has drawn itself anew and forgotten it."""
        entry = self.page.locator(".command-entry strong", has_text=re.compile(rf"^/{re.escape(command)}$"))
        chip = self.page.locator(".command-chip")
        for patience in (PATIENCE_MS / 10, PATIENCE_MS / 5, PATIENCE_MS):
            self._settled()
            self.page.locator("#channel-composer-input").fill(f"/{command}")
            entry.click()
            try:
                expect(chip).to_have_text(f"/{command}", timeout=patience)
            except AssertionError:
                if patience == PATIENCE_MS:
                    raise
            else:
                return

    def _fill_option(self, name: str, value: str) -> None:
        field = self.page.locator(f'.command-option-input[data-option="{name}"]')
        if not field.count():
            self.page.locator(".command-ghost").click()
            self.page.locator(f'.command-suggestion[data-value="{name}"]').click()
        field.fill(value)
        expect(field).to_have_value(value)

    def open_form(self, command: str, *, choose: dict[str, str] | None = None, **options: str) -> None:
        """Types and sends a command that answers with a form; `choose` takes options from their lists."""
        self.type(command, **options)
        for name, offered in (choose or {}).items():
            self.page.locator(f'.command-option-input[data-option="{name}"]').click()
            self.page.locator(".command-suggestion:visible", has_text=offered).click()
        self.page.locator("#send-message").click()
        expect(self.page.get_by_role("dialog")).to_be_visible()

    def send(self) -> Locator:
        """Sends the command that was typed and returns its answer."""
        answers = self.messages.filter(has=self.page.locator(".message-interaction-header"))
        before = answers.count()
        self.page.locator("#send-message").click()
        expect(answers).to_have_count(before + 1)
        expect(self.page.locator(".command-row")).to_have_count(0)
        return answers.last

    def fill_form(self, choices: dict[str, str], texts: dict[str, str]) -> Locator:
        """Fills the open form, by the names of its fields, submits it and returns the answer."""
        form = self.page.get_by_role("dialog")
        for name, value in choices.items():
            field = form.locator(f'.modal-field[data-custom-id="{name}"]')
            field.locator(".select-trigger").click()
            self.page.locator(".select-option:visible", has_text=value).click()
            expect(field.locator(".select-value")).to_contain_text(value)
        for name, value in texts.items():
            form.locator(f'.modal-field[data-custom-id="{name}"] .modal-input').fill(value)
        before = self.messages.count()
        form.get_by_role("button", name="Submit").click()
        expect(self.messages).to_have_count(before + 1)
        return self.messages.last

    def press(self, message: Locator, label: str) -> Locator:
        """Presses a button that answers with a message of its own, and returns that."""
        before = self.messages.count()
        _button(message, label).click()
        expect(self.messages).to_have_count(before + 1)
        return self.messages.last

    def answer_form(self, message: Locator, label: str, texts: dict[str, str]) -> Locator:
        """Presses a button that shows a form, fills that in, and returns the message, which it changes."""
        _button(message, label).click()
        form = self.page.get_by_role("dialog")
        for name, value in texts.items():
            form.locator(f'.modal-field[data-custom-id="{name}"] .modal-input').fill(value)
        form.get_by_role("button", name="Submit").click()
        expect(form).to_have_count(0)
        return message

    def turn(self, message: Locator, label: str | re.Pattern[str], shows: str) -> Locator:
        """Presses a button that changes its own message, and waits until that shows something."""
        _button(message, label).click()
        expect(message).to_contain_text(shows)
        return message

    def pick(self, message: Locator, placeholder: str, option: str, shows: str) -> Locator:
        """Chooses from a list under a message, and waits until that shows something."""
        message.locator(".select-trigger", has_text=placeholder).click()
        self.page.locator(".select-option:visible", has_text=option).click()
        expect(message).to_contain_text(shows)
        return message

    def attach(self, command: str, option: str, name: str, text: str) -> Locator:
        """Sends a command with a file, and returns its answer."""
        self.type(command)
        if not self.page.locator(".command-file-input").count():
            self.page.locator(".command-ghost").click()
            self.page.locator(f'.command-suggestion[data-value="{option}"]').click()
        self.page.locator(".command-file-input").set_input_files(
            {"name": name, "mimeType": "text/plain", "buffer": text.encode()}
        )
        return self.send()

    def run(self, command: str, **options: str) -> Locator:
        """Types and sends a command, and returns its answer."""
        self.type(command, **options)
        return self.send()


def _button(message: Locator, label: str | re.Pattern[str]) -> Locator:
    """A button of the bot's under a message; the page has some of its own beside it."""
    words = re.compile(rf"^\s*{re.escape(label)}\s*$") if isinstance(label, str) else label
    return message.locator("button.component-button", has_text=words)


@contextlib.contextmanager
def serving(data: Path, *options: str) -> Iterator[Server]:
    """A practice server that is stopped at the end, whatever happens."""
    server = Server(data, *options)
    try:
        yield server
    finally:
        if server.running:
            server.stop()


@contextlib.contextmanager
def browser(**options: Any) -> Iterator[Any]:
    """A headless Chromium."""
    with sync_playwright() as playwright:
        running = playwright.chromium.launch(executable_path=CHROMIUM, args=FLAGS, **options)
        try:
            yield running
        finally:
            running.close()
