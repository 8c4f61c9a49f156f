"""Files that are built to harm end in a kind word: the bot goes on, its memory stays bounded, nothing is left running."""

import asyncio
import json
import subprocess
import sys
import threading
from collections.abc import Callable
from contextlib import suppress

import psutil
import pytest

from bot.domain.problems import BadInput, TooMany
from bot.services import documents
from bot.services.documents import text_of
from tests.documents import attacks
from tests.domain.test_document_files import DOCUMENTS

SAID = {
    "bomb": "larger unpacked",
    "lying_bomb": "damaged",
    "many_parts": "larger unpacked",
    "laughs": "damaged",
    "laughs_in_utf_16": "damaged",
    "nested_tables": "damaged",
    "page_tree_that_bites_its_tail": "no text",
    "form_that_draws_itself": "no text",
    "table_that_leads_to_itself": "damaged",
    "scanned": "scanned or photographed",
    "protected": "password",
}


@pytest.fixture(autouse=True)
def busy_machine(monkeypatch: pytest.MonkeyPatch) -> None:
    """What is looked for here is the reason of a refusal; other tests may keep the processors."""
    monkeypatch.setattr(documents, "SECONDS", 60)


def children() -> list[psutil.Process]:
    found: list[psutil.Process] = []
    for child in psutil.Process().children():
        with suppress(psutil.Error):
            if "bot.services.documents_apart" in child.cmdline():
                found.append(child)
    return found


async def until_there_are(count: int) -> None:
    async with asyncio.timeout(60):
        while len(children()) != count:
            await asyncio.sleep(0)


async def until_all_places_are_free() -> None:
    async with asyncio.timeout(60):
        while documents._places._value < documents.MOST_AT_ONCE:
            await asyncio.sleep(0)


async def refusal(data: bytes, name: str) -> BadInput:
    with pytest.raises(BadInput) as refused:
        await text_of(data, name)
    assert refused.value.next_step
    return refused.value


@pytest.mark.parametrize("attack", SAID)
async def test_attacks_are_refused_with_the_reason(attack: str):
    problem = await refusal(getattr(attacks, attack)(), "notice of a meeting")
    assert problem.what.startswith("I cannot read “notice of a meeting”. ")
    assert SAID[attack] in problem.what
    assert not children()


def test_the_process_that_reads_has_little_memory():
    """This would be two gigabytes, and the process has a third of one."""
    read = subprocess.run(
        [sys.executable, "-m", "bot.services.documents_apart", "pdf"],
        input=attacks.bomb_of_streams(),
        capture_output=True,
        check=True,
    )
    assert "more memory" in json.loads(read.stdout)["problem"]


async def test_a_large_file_and_a_picture_need_no_process(monkeypatch: pytest.MonkeyPatch):
    monkeypatch.setattr(documents, "_places", threading.BoundedSemaphore(1))
    documents._places.acquire()
    assert "too large: 10.0 MB" in (await refusal(bytes(10_000_000), "ten.pdf")).what
    problem = await refusal(b"\x89PNG\r\n\x1a\n" + bytes(50), "@everyone`*<@1>*`.docx")
    assert problem.what.startswith(
        "I cannot read “_everyone___ _1___.docx”. That is a picture".replace(" _1", "_1")
    )
    assert "paste it" in problem.next_step


@pytest.mark.parametrize("make", [attacks.endless_work, attacks.bomb_of_words])
async def test_what_takes_too_long_is_given_up(make: Callable[[], bytes], monkeypatch: pytest.MonkeyPatch):
    monkeypatch.setattr(documents, "SECONDS", 0.4)
    assert "takes too long" in (await refusal(make(), "long.pdf")).what
    assert not children()


async def test_the_bot_goes_on_while_a_few_documents_are_read_and_keeps_its_secrets(
    monkeypatch: pytest.MonkeyPatch,
):
    monkeypatch.setenv("DISCORD_TOKEN", "very secret")
    long = attacks.endless_work()
    reading = [asyncio.create_task(text_of(long, "long.pdf")) for _ in range(documents.MOST_AT_ONCE)]
    await until_there_are(documents.MOST_AT_ONCE)
    assert await text_of(b"A short text", "short.txt") == "A short text\n"
    with pytest.raises(TooMany, match="at this moment"):
        await text_of(long, "third.pdf")
    assert not any(task.done() for task in reading)
    assert not any("very secret" in " ".join(child.environ().values()) for child in children())
    for task in reading:
        task.cancel()
    await asyncio.wait(reading)
    await until_all_places_are_free()
    assert not children(), "who stops waiting leaves nothing running"
    early = asyncio.create_task(text_of(long, "early.pdf"))
    await asyncio.sleep(0)
    early.cancel()
    await asyncio.wait([early])
    await until_all_places_are_free()
    assert "Fair Care Now" in await text_of((DOCUMENTS / "care-homes.docx").read_bytes(), "care-homes.docx")


async def test_documents_come_out_of_the_process_as_they_do_in_this_one():
    for name in ("bakery-two-column.pdf", "library-roadshow.txt"):
        text = await text_of((DOCUMENTS / name).read_bytes(), name)
        assert text.count("\n") > 20
        assert "’" in text or "•" in text


async def test_a_process_that_dies_is_told_as_such(
    monkeypatch: pytest.MonkeyPatch, caplog: pytest.LogCaptureFixture
):
    monkeypatch.setenv("PYTHONHOME", "/nowhere")  # a Python that cannot start
    assert "more time or memory" in (await refusal(attacks.scanned(), "scan.pdf")).what
    assert "ended with 1" in caplog.text


WALLS = """
import socket, subprocess, sys
from bot.services import documents_apart
sys.addaudithook(documents_apart.refuse_what_reading_does_not_need)
for attempt in (
    lambda: socket.create_connection(("127.0.0.1", 9)),
    lambda: subprocess.run(["true"]),
    lambda: open(sys.argv[1], "w"),
    lambda: open(sys.argv[1], "a"),
):
    try:
        attempt()
    except PermissionError as error:
        print(error)
open(documents_apart.__file__).close()
print("read")
"""


def test_the_process_that_reads_has_no_network_no_programs_and_no_files(tmp_path):
    asked = subprocess.run(
        [sys.executable, "-c", WALLS, str(tmp_path / "file")], capture_output=True, text=True, check=False
    )
    assert asked.stdout.split() == ["socket.getaddrinfo", "subprocess.Popen", "open", "open", "read"], (
        asked.stderr
    )
