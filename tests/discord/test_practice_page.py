"""The practice server's page, asked over HTTP as its script asks, without a browser; and how the server runs and stops."""

import asyncio
import os
import re
import resource
import signal
from collections.abc import AsyncIterator
from pathlib import Path
from typing import Any

import aiohttp
import pytest

from bot.practice import DEFAULT_CAMPAIGN
from bot.practice.page import PracticePage
from bot.practice.run import DEFAULT_START, _serve
from bot.practice.session import Practice, practising


@pytest.fixture
async def practice(tmp_path: Path) -> AsyncIterator[Practice]:
    async with practising(tmp_path, DEFAULT_START, lambda line: None) as running:
        yield running


@pytest.fixture
async def page(practice: Practice) -> AsyncIterator[PracticePage]:
    async with PracticePage(practice.env, practice.world, lambda: "some time", port=0) as serving:
        practice.journal.changed = serving.changed
        yield serving


@pytest.fixture
async def client(page: PracticePage) -> AsyncIterator[aiohttp.ClientSession]:
    address, _, capability = page.url.partition("#")
    async with aiohttp.ClientSession(address, headers={"X-Simcord-Capability": capability}) as session:
        yield session


async def opened(client: aiohttp.ClientSession, channel: Any, viewer: Any) -> dict[str, Any]:
    """Opens the page on a channel, as somebody."""
    body = {"viewer_id": str(viewer.id)}
    async with client.post(
        "/api/pages", json=body, headers={"X-Practice-Channel": str(channel.id)}
    ) as response:
        return await response.json()


async def state(client: aiohttp.ClientSession, page_id: str) -> dict[str, Any]:
    async with client.get("/api/state", headers={"X-Simcord-Context": page_id}) as response:
        return await response.json()


async def test_the_page_carries_our_script_and_style(client: aiohttp.ClientSession) -> None:
    async with client.get("/") as response:
        text = await response.text()
    assert re.search(r'<script src="/\w+/practice.js" defer>', text)
    kinds = {
        re.search(r'"(/\w+/practice.js)"', text)[1]: "application/javascript",
        re.search(r'"(/\w+/practice.css)"', text)[1]: "text/css",
        "/avatar.png": "image/png",
    }
    for path, kind in kinds.items():
        async with client.get(path) as response:
            assert (response.status, response.content_type) == (200, kind)


async def test_a_browser_keeps_the_letters_and_the_scripts_of_this_run(client: aiohttp.ClientSession) -> None:
    """Each channel is a page of its own: fetching all of it anew took a second of every opening."""
    async with client.get("/") as response:
        assert response.headers["Cache-Control"] == "no-store"
        included = re.findall(r'(?:src|href)="(/[^"]+[.](?:js|css))"', await response.text())
    assert len(included) == 4
    folder = included[0].rpartition("/")[0]
    assert {path.rpartition("/")[0] for path in included} == {folder}
    letters = "/fonts/noto-sans-latin-v2.015.ttf"
    for path in (*included, f"{folder}/text.js", f"{folder}/vendor/highlight/es/core.min.js", letters):
        async with client.get(path) as response:
            assert (response.status, "immutable" in response.headers["Cache-Control"]) == (200, True), path
            assert "Pragma" not in response.headers
    for path in ("/practice.json", "/backend-diagnostics.json"):
        async with client.get(path) as response:
            assert response.headers["Cache-Control"] == "no-store"


async def test_a_picture_is_looked_at_once_however_many_pages_show_it(
    client: aiohttp.ClientSession, practice: Practice
) -> None:
    """A process looks at it, which takes longer than all else of opening a channel."""
    morgan, channel = practice.world.people["Morgan"].actor, practice.world.channels["welcome"]
    seen, work = [], []
    for _ in range(2):
        shown = await opened(client, channel, morgan)
        asset = next(iter(shown["assets"]))
        about = {"X-Simcord-Context": shown["context"]["id"]}
        async with client.get(f"/api/assets/{asset}", headers=about) as response:
            assert response.status == 200
            seen.append(await response.read())
        work.append(resource.getrusage(resource.RUSAGE_CHILDREN).ru_minflt)
        async with client.delete(f"/api/pages/{shown['context']['id']}", headers=about) as response:
            assert response.status == 200
    assert seen[0] == seen[1]
    assert seen[0].startswith(b"\x89PNG")
    assert work[0] == work[1], "a second process looked at it"


async def test_only_the_page_learns_who_sees_which_channel(
    client: aiohttp.ClientSession, practice: Practice
) -> None:
    async with client.get("/practice.json", headers={"X-Simcord-Capability": "guessed"}) as response:
        assert response.status == 401
    async with client.get("/practice.json") as response:
        told = await response.json()
    people = {str(person.actor.id): name for name, person in practice.world.people.items()}
    seen = {
        channel["name"]: [people[viewer] for viewer in channel["viewers"]] for channel in told["channels"]
    }
    assert told["now"] == "some time"
    assert seen["announcements"] == ["Morgan", "Sam", "Alex", "Robin"]
    assert (seen["organisers"], seen["moderators"]) == (["Sam"], ["Alex"])


async def test_each_page_shows_its_own_channel(client: aiohttp.ClientSession, practice: Practice) -> None:
    sam = practice.world.people["Sam"].actor
    first = await opened(client, practice.world.channels["welcome"], sam)
    second = await opened(client, practice.world.channels["organisers"], sam)
    assert [first["channel"]["name"], second["channel"]["name"]] == ["welcome", "organisers"]
    assert [len(first["timeline"]), len(second["timeline"])] == [1, 0]
    missing = await client.post("/api/pages", json={}, headers={"X-Practice-Channel": "17"})
    assert (await missing.json())["channel"]["name"] == "welcome"


async def test_a_hidden_channel_stays_hidden(client: aiohttp.ClientSession, practice: Practice) -> None:
    morgan = practice.world.people["Morgan"].actor
    shown = await opened(client, practice.world.channels["organisers"], morgan)
    assert shown["status"] == "access_denied"
    assert shown["channel"]["name"] is None


async def test_a_message_is_sent_to_the_channel_of_its_page(
    client: aiohttp.ClientSession, practice: Practice, page: PracticePage
) -> None:
    sam = practice.world.people["Sam"].actor
    shown = await opened(client, practice.world.channels["organisers"], sam)
    action = {
        "protocol_version": 3,
        "sequence": 1,
        "request_id": "one",
        "generation": shown["context"]["generation"],
        "bot_generation": shown["botGeneration"],
        "published_revision": shown["publishedRevision"],
        "kind": "send_message",
        "content": "Who can come?",
    }
    headers = {"X-Simcord-Context": shown["context"]["id"]}
    async with client.post("/api/action", json=action, headers=headers) as response:
        assert (await response.json())["settlement"] == "settled"
    assert [message.content for message in practice.world.channels["organisers"].history()] == [
        "Who can come?"
    ]
    assert page.republish()


async def test_what_is_posted_without_a_click_is_shown_once_it_is_republished(
    client: aiohttp.ClientSession, practice: Practice, page: PracticePage
) -> None:
    sam = practice.world.people["Sam"].actor
    general = await opened(client, practice.world.channels["general"], sam)
    welcome = await opened(client, practice.world.channels["welcome"], sam)
    channel: Any = practice.bot.get_channel(practice.world.channels["general"].id)
    await channel.send("It is Friday.")
    assert page.republish()
    now = await state(client, general["context"]["id"])
    assert len(now["timeline"]) == 1
    same = await state(client, welcome["context"]["id"])
    assert same["publishedRevision"] == welcome["publishedRevision"], "only what changed is published anew"


@pytest.mark.parametrize("number", [signal.SIGINT, signal.SIGTERM])
async def test_it_says_where_it_is_and_stops_when_asked(tmp_path: Path, number: signal.Signals) -> None:
    lines: list[str] = []
    serving = asyncio.create_task(_serve(0, None, tmp_path, DEFAULT_CAMPAIGN, lines.append))
    async with asyncio.timeout(30):
        while not any("http://127.0.0.1:" in line for line in lines):
            await asyncio.sleep(0.01)
        os.kill(os.getpid(), number)
        await serving
    assert "It is Monday 31 March 2025, 9am BST there." in lines
    assert lines[-1] == "Stopping."
    assert (tmp_path / "practice-clock.txt").read_text().startswith("2025-03-31T08:00")
