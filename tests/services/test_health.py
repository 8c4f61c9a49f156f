"""What is said of a database that does not answer: in time, once, and until it answers again. Over real sockets."""

import asyncio
from collections.abc import AsyncIterator
from typing import Any

import aiohttp
import pytest

from bot.app import create_bot
from bot.config import Settings
from bot.config.monitoring import MonitoringSettings
from bot.health import HealthServer
from bot.metrics import Metrics
from bot.services import health
from bot.services.context import Context
from db.guilds import write_fact


@pytest.fixture
def settings(settings: Settings) -> Settings:
    """On a free port of the loopback interface, which only a test may leave to the system."""
    on = MonitoringSettings.model_construct(port=0, address="127.0.0.1")
    return settings.model_copy(update={"monitoring": on})


@pytest.fixture
async def server(context: Context) -> AsyncIterator[HealthServer]:
    context.pulse.heartbeat = context.now
    running = HealthServer()
    await running.start(context, Metrics())
    yield running
    await running.stop()


async def ask(server: HealthServer) -> tuple[int, dict[str, Any]]:
    address = f"http://127.0.0.1:{server.port}/healthz"
    async with aiohttp.ClientSession() as session, session.get(address) as reply:
        return reply.status, await reply.json()


async def test_a_database_that_does_not_answer_is_told_in_time(
    context: Context, server: HealthServer, monkeypatch: pytest.MonkeyPatch
) -> None:
    assert (await ask(server))[0] == 200
    monkeypatch.setattr(health, "ANSWERS_WITHIN_SECONDS", 0.1)
    async with context.database.write() as connection:
        if not context.database.is_sqlite:  # there, only who wants the same table waits
            await connection.exec_driver_sql("LOCK TABLE deliveries IN ACCESS EXCLUSIVE MODE")
        answers = [await ask(server) for _ in range(2)]
        asking = server._examination._asking  # type: ignore[union-attr]
        assert asking is not None
        assert not asking.done(), "nobody waited for the database, and it was asked once"
    assert [(status, told["problems"]) for status, told in answers] == [(503, ["database"])] * 2
    assert answers[0][1]["database"] == {"answers": False, "ms": None, "schema": None}
    assert answers[0][1]["backlog"] is None
    await asyncio.wait({asking})
    monkeypatch.undo()
    assert (await ask(server))[0] == 200


async def test_another_schema_is_told(context: Context, server: HealthServer) -> None:
    async with context.database.write() as connection:
        await connection.exec_driver_sql("UPDATE alembic_version SET version_num = '9999'")
    try:
        status, told = await ask(server)
    finally:  # the migrated database is the template of other tests
        async with context.database.write() as connection:
            await connection.exec_driver_sql(f"UPDATE alembic_version SET version_num = '{health.HEAD}'")
    assert (status, told["problems"], told["database"]["schema"]) == (503, ["schema"], "9999")


async def test_a_question_under_way_does_not_outlive_the_server(context: Context) -> None:
    running = HealthServer()
    await running.start(context, Metrics())
    examination = running._examination
    assert examination is not None
    async with context.database.write():
        asked = asyncio.create_task(examination.examine())
        await asyncio.sleep(0)
        await running.stop()
        assert (await asked).notebook is None
    async with context.database.write() as connection:
        await write_fact(connection, "still", "here")


async def test_a_port_that_is_taken_stops_nothing_else(
    context: Context, server: HealthServer, settings: Settings, caplog: pytest.LogCaptureFixture
) -> None:
    taken = MonitoringSettings.model_construct(port=server.port, address="127.0.0.1")
    context.settings = settings.model_copy(update={"monitoring": taken})
    second = HealthServer()
    await second.start(context, Metrics())
    assert second.port is None
    assert "nobody can monitor the bot; everything else works" in caplog.text
    await second.stop()
    assert (await ask(server))[1]["status"] == "ok"


async def test_it_is_off_unless_somebody_switches_it_on(context: Context, settings: Settings) -> None:
    off = settings.model_copy(update={"monitoring": MonitoringSettings()})
    assert create_bot(off).metrics is None
    context.settings = off
    unheard = HealthServer()
    await unheard.start(context, None)
    assert unheard.port is None
    await unheard.stop()
