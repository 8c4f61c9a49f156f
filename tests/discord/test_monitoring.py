"""What a monitoring system is told of the real bot, over real sockets: when all is well, and when it is not."""

import asyncio
import json
import math
import re
from pathlib import Path
from typing import Any

import aiohttp
import pytest
from aiohttp import web
from prometheus_client.parser import text_string_to_metric_families

from bot import __version__
from bot.config import ConfigurationError, Settings, load_settings
from bot.config.monitoring import MonitoringSettings
from bot.domain.schedules import DeliveryState
from bot.metrics import Metrics
from bot.services import health
from db.upgrade import HEAD
from tests.discord.conftest import World

DASHBOARD = Path(__file__).parents[2] / "ops" / "grafana-dashboard.json"
SECRET_TEXT = "Post your ballot paper"


@pytest.fixture
def settings(settings: Settings, monkeypatch: pytest.MonkeyPatch) -> Settings:
    """On a free port of the loopback interface, which only a test may leave to the system."""
    # The simulated Discord waits until no timer is about to ring, which one that rings for ever would never allow.
    monkeypatch.setattr("bot.metrics.LAG_EVERY_SECONDS", 3600.0)
    on = MonitoringSettings.model_construct(port=0, address="127.0.0.1")
    return settings.model_copy(update={"monitoring": on})


async def ask(world: World, path: str, method: str = "GET") -> tuple[int, str]:
    address = f"http://127.0.0.1:{world.bot.health.port}{path}"
    async with aiohttp.ClientSession() as session, session.request(method, address) as reply:
        return reply.status, await reply.text()


async def health_of(world: World) -> tuple[int, dict[str, Any]]:
    status, text = await ask(world, "/healthz")
    return status, json.loads(text)


async def numbers(world: World) -> dict[str, float]:
    """Every sample of /metrics, by its name with its labels."""
    status, text = await ask(world, "/metrics")
    assert status == 200
    return {
        sample.name + "".join(f" {one}" for one in sample.labels.values()): sample.value
        for family in text_string_to_metric_families(text)
        for sample in family.samples
    }


async def test_all_is_well_and_nobody_is_named(world: World) -> None:
    await world.turn()
    status, told = await health_of(world)
    assert (status, told["status"], told["problems"]) == (200, "ok", [])
    assert told["version"] == __version__
    assert told["scheduler"] == {"role": "leads", "heartbeat_age_seconds": 0.0}
    assert told["gateway"]["connected"]
    assert told["database"]["answers"]
    assert told["database"]["schema"] == HEAD
    assert told["backlog"] == 0
    assert (await ask(world, "/healthz", "HEAD"))[0] == 200
    assert [(await ask(world, *other))[0] for other in (("/", "GET"), ("/healthz", "POST"))] == [404, 404]


async def test_a_scheduler_that_stands_still_is_told(world: World) -> None:
    await world.turn()
    await world.bot.scheduler.stop()
    world.clock.forward(seconds=100)
    assert (await health_of(world))[0] == 200, (
        "it comes round every half a minute, and a post may take its time"
    )
    world.clock.forward(seconds=30)
    status, told = await health_of(world)
    assert (status, told["problems"]) == (503, ["scheduler"])
    assert told["scheduler"]["heartbeat_age_seconds"] == 130.0
    world.bot.context.pulse.settled(DeliveryState.SENT, world.clock.now(), world.clock.now())
    world.clock.forward(seconds=100)
    status, told = await health_of(world)
    assert status == 200, "it is in the middle of a large round"
    assert told["scheduler"]["heartbeat_age_seconds"] == 100.0
    world.clock.forward(seconds=30)
    assert (await health_of(world))[1]["problems"] == ["scheduler"]


async def test_a_turn_that_fails_again_and_again_is_no_heartbeat(
    world: World, monkeypatch: pytest.MonkeyPatch
) -> None:
    await world.turn()
    monkeypatch.setattr("bot.engine.deliver_due", lambda *_: 1 / 0)
    for _ in range(3):
        world.clock.forward(minutes=1)
        await world.turn()
    assert (await health_of(world))[1]["problems"] == ["scheduler"]


async def test_a_connection_that_stays_broken_is_told(world: World, monkeypatch: pytest.MonkeyPatch) -> None:
    await world.turn()
    world.bot.dispatch("disconnect")
    await world.env.settle()
    status, told = await health_of(world)
    assert (status, told["gateway"]["connected"]) == (200, False), "most are mended within seconds"
    monkeypatch.setattr(health, "LOST_FOR_SECONDS", -math.inf)
    assert (await health_of(world))[1]["problems"] == ["gateway"]
    world.bot.dispatch("resumed")
    await world.env.settle()
    assert (await health_of(world))[0] == 200


async def test_posts_that_do_not_go_out_are_told(world: World) -> None:
    await remind(world, "in 1 hour")
    world.clock.forward(hours=2)
    world.bot.scheduler.last_beat = world.clock.now()  # as if it came round, and did nothing
    status, told = await health_of(world)
    assert (status, told["problems"], told["backlog"]) == (503, ["backlog"], 1)
    world.bot.context.pulse.last_settled = world.clock.now()
    assert (await health_of(world))[0] == 200, "a large round that is under way takes its time"
    world.bot.context.pulse.leads = False
    world.bot.context.pulse.last_settled = None
    status, told = await health_of(world)
    assert (status, told["scheduler"]["role"]) == (200, "stands by"), "that is the other process's business"


async def test_what_people_and_the_engine_do_is_counted(world: World) -> None:
    await remind(world, "in 1 hour")
    shown = await world.member.slash(world.general, "demand list")
    await world.member.click(shown.response, label="Share here")
    await world.member.slash(world.general, "organise reminder list")
    world.clock.forward(hours=1, seconds=90)
    await world.turn()
    assert len(world.posts()) == 1
    found = await numbers(world)
    assert found["solidarity_interactions_total demand list command answered"] == 1
    assert found["solidarity_interactions_total organise reminder list command refused"] == 1
    assert found["solidarity_interaction_seconds_count command"] == 3
    assert found["solidarity_interaction_seconds_count button"] == 1
    assert found["solidarity_deliveries_total sent"] == 1
    assert found["solidarity_deliveries_total failed"] == 0
    assert found["solidarity_delivery_lag_seconds_sum"] == 90
    assert found["solidarity_database_write_seconds_count"] > 0
    assert found["solidarity_deliveries_overdue"] == 0
    assert (
        found["solidarity_healthy"] == found["solidarity_leads"] == found["solidarity_gateway_connected"] == 1
    )
    assert found[f"solidarity_build {HEAD} {__version__}"] == 1
    assert found["process_resident_memory_bytes"] > 10_000_000
    everything = (await ask(world, "/metrics"))[1] + (await ask(world, "/healthz"))[1]
    assert SECRET_TEXT not in everything
    people = (world.member, world.organiser, world.guild, world.announcements, world.organisers)
    assert not any(str(one.id) in everything for one in people)


async def test_what_is_our_fault_is_counted_as_failed(world: World) -> None:
    """Whatever a message claims to lead to, no name is taken from it."""
    shown = await world.member.slash(world.general, "demand list")
    world.bot.routes._handlers.clear()
    await world.member.click(shown.response, label="Share here")
    world.bot.tree.get_command("aims")._callback = lambda *_: 1 / 0  # type: ignore[union-attr]
    await world.member.slash(world.general, "aims")
    found = await numbers(world)
    assert found["solidarity_interactions_total unknown button refused"] == 1
    assert found["solidarity_interactions_total aims command failed"] == 1


async def test_refusals_of_discord_are_counted() -> None:
    metrics, statuses = Metrics(), iter((200, 429, 429))

    async def answer(request: web.BaseRequest) -> web.Response:
        return web.Response(status=next(statuses))

    server = await asyncio.get_running_loop().create_server(web.Server(answer), "127.0.0.1", 0)
    async with server, aiohttp.ClientSession(trace_configs=[metrics.requests()]) as session:
        for _ in range(3):
            await (await session.get(f"http://127.0.0.1:{server.sockets[0].getsockname()[1]}")).read()
    assert metrics._registry.get_sample_value("solidarity_discord_rate_limited_total") == 2


async def test_a_loop_that_is_held_up_is_seen(world: World, monkeypatch: pytest.MonkeyPatch) -> None:
    metrics = world.bot.metrics
    assert metrics is not None
    before = (await numbers(world))["solidarity_event_loop_lag_seconds_count"]
    loop = asyncio.get_running_loop()
    metrics._rang(loop.time() - 2.0)
    found = await numbers(world)
    assert found["solidarity_event_loop_lag_seconds_count"] == before + 1
    assert found["solidarity_event_loop_lag_seconds_bucket 1.0"] == before
    metrics.stop()


async def test_every_query_of_the_dashboard_asks_for_numbers_that_there_are(world: World) -> None:
    await world.member.slash(world.general, "demand list")
    _, text = await ask(world, "/metrics")
    samples = {one.name: one.labels for f in text_string_to_metric_families(text) for one in f.samples}
    board = json.loads(DASHBOARD.read_text())
    queries = [target["expr"] for panel in board["panels"] for target in panel.get("targets", [])]
    assert len(queries) >= 10
    named = {name for query in queries for name in re.findall(r"\b(?:solidarity|process)_\w+", query)}
    assert named <= samples.keys()
    unused = {name for name in samples if name.startswith("solidarity_")} - named
    assert {name for name in unused if not name.endswith(("_sum", "_count", "_created"))} == set(), (
        "all is shown"
    )
    for query in queries:
        grouped = {one for names in re.findall(r"by \(([\w, ]+)\)", query) for one in names.split(", ")}
        (labels,) = (samples[name].keys() for name in re.findall(r"\b(?:solidarity|process)_\w+", query)[:1])
        assert grouped <= labels | {"instance"}, query
        assert query.count("(") == query.count(")"), query


async def remind(world: World, when: str) -> None:
    await world.organiser.slash(world.organisers, "organise reminder schedule", text=SECRET_TEXT, when=when)
    await world.turn()


def test_it_is_off_and_on_this_machine_only_unless_somebody_chooses() -> None:
    untouched = load_settings(None, {}, need_token=False).monitoring
    assert untouched.endpoint is None
    on = load_settings(None, {"SOLIDARITY_MONITORING__PORT": "8096"}, need_token=False).monitoring
    assert on.endpoint == ("127.0.0.1", 8096)
    for wrong in ({"PORT": "0"}, {"PORT": "many"}, {"ADDRESS": "example.org/"}):
        environ = {f"SOLIDARITY_MONITORING__{key}": value for key, value in wrong.items()}
        with pytest.raises(ConfigurationError, match="MONITORING"):
            load_settings(None, environ, need_token=False)
