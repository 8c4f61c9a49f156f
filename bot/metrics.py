"""What Prometheus reads: numbers of the running bot, without the name or id of a server, a channel or a person.

The library is imported when somebody switches monitoring on, and each bot has a registry of its own. Who reports a number
does not know the library: it calls what `Metrics` put into `bot.services.pulse.Pulse`, or nothing.
"""

import asyncio
from collections.abc import Callable, Generator
from contextlib import contextmanager
from types import SimpleNamespace
from typing import TYPE_CHECKING, Any

import discord
from discord import app_commands

from bot import __version__
from bot.domain.problems import Problem
from bot.domain.schedules import DeliveryState
from bot.services.health import Health
from db.engine import DatabaseProblem
from db.upgrade import HEAD

if TYPE_CHECKING:
    import aiohttp

OUTCOME = "outcome"
ANSWERED, REFUSED, FAILED, TOO_LATE = "answered", "refused", "failed", "late"
UNKNOWN = "unknown"
TOO_MANY_REQUESTS = 429
LAG_EVERY_SECONDS = 0.5
KINDS = {
    discord.InteractionType.application_command: "command",
    discord.InteractionType.autocomplete: "suggestion",
    discord.InteractionType.component: "button",
    discord.InteractionType.modal_submit: "form",
}
ANSWER_BUCKETS = (0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1.0, 1.8, 3.0, 10.0)
"""Discord gives three seconds; after 1.8 the bot asks for more time."""

LAG_BUCKETS = (1, 2, 5, 10, 30, 60, 120, 300, 900, 3600)
WRITE_BUCKETS = (0.001, 0.0025, 0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 1.0, 5.0)
LOOP_BUCKETS = (0.001, 0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1.0, 3.0)


class Metrics:
    """The numbers, and how each is reported."""

    def __init__(self) -> None:
        import prometheus_client  # noqa: PLC0415 - only who switches monitoring on needs it
        from prometheus_client import Counter, Gauge, Histogram  # noqa: PLC0415

        prometheus_client.disable_created_metrics()  # a second number beside each, of no use here
        self._library = prometheus_client
        self._registry = registry = prometheus_client.CollectorRegistry()
        prometheus_client.ProcessCollector(registry=registry)
        self._interactions = Counter(
            "solidarity_interactions",
            "What people did with the bot, and whether it was answered, refused, failed or left as too late",
            ("kind", "command", "outcome"),
            registry=registry,
        )
        self._answers = Histogram(
            "solidarity_interaction_seconds",
            "From when an interaction arrived until it was dealt with",
            ("kind",),
            buckets=ANSWER_BUCKETS,
            registry=registry,
        )
        self._deliveries = Counter(
            "solidarity_deliveries", "Posts by how they ended", ("state",), registry=registry
        )
        self._delivery_lag = Histogram(
            "solidarity_delivery_lag_seconds",
            "From when a post was due until it was sent and written down",
            buckets=LAG_BUCKETS,
            registry=registry,
        )
        self._rate_limited = Counter(
            "solidarity_discord_rate_limited", "Requests that Discord refused with 429", registry=registry
        )
        self._writes = Histogram(
            "solidarity_database_write_seconds",
            "How long a write transaction took, with the wait for its turn",
            buckets=WRITE_BUCKETS,
            registry=registry,
        )
        self._loop_lag = Histogram(
            "solidarity_event_loop_lag_seconds",
            "How much later than it was set a timer of the event loop rang",
            buckets=LOOP_BUCKETS,
            registry=registry,
        )
        self._gauges = {
            name: Gauge(f"solidarity_{name}", text, registry=registry) for name, text in _GAUGES.items()
        }
        about = Gauge("solidarity_build", "Which version runs", ("version", "schema"), registry=registry)
        about.labels(__version__, HEAD).set(1)
        for state in _ENDS:
            self._deliveries.labels(state.value)  # so that there is a nought before the first
        self._timer: asyncio.TimerHandle | None = None

    @property
    def content_type(self) -> str:
        """The type of what `page` returns."""
        return self._library.CONTENT_TYPE_LATEST

    def page(self, health: Health) -> bytes:
        """Every number as it stands, in Prometheus' text format."""
        notebook = health.notebook
        values = {
            "healthy": not health.problems,
            "leads": health.leads,
            "scheduler_heartbeat_age_seconds": health.heartbeat_age,
            "gateway_connected": health.lost_for is None,
            "gateway_latency_seconds": health.latency,
            "database_answers": notebook is not None,
            "database_answer_seconds": notebook.seconds if notebook else None,
            "deliveries_overdue": notebook.backlog if notebook else None,
        }
        for name, value in values.items():
            self._gauges[name].set(float("nan") if value is None else float(value))
        return self._library.generate_latest(self._registry)

    def start(self) -> None:
        """Begins to measure how late the event loop is."""
        loop = asyncio.get_running_loop()
        self._timer = loop.call_later(LAG_EVERY_SECONDS, self._rang, loop.time() + LAG_EVERY_SECONDS)

    def stop(self) -> None:
        """Measures no more."""
        if self._timer is not None:
            self._timer.cancel()

    def interaction(self, kind: str, command: str, outcome: str, seconds: float) -> None:
        """An interaction was dealt with."""
        self._interactions.labels(kind, command, outcome).inc()
        self._answers.labels(kind).observe(seconds)

    def settled(self, state: DeliveryState, lag: float) -> None:
        """A post has come to an end."""
        self._deliveries.labels(state.value).inc()
        if state is DeliveryState.SENT:
            self._delivery_lag.observe(lag)

    def wrote(self, seconds: float) -> None:
        """A write transaction has ended."""
        self._writes.observe(seconds)

    def requests(self) -> "aiohttp.TraceConfig":
        """Has a session report what Discord answers."""
        import aiohttp  # noqa: PLC0415 - the library has long imported it

        config = aiohttp.TraceConfig()
        config.on_request_end.append(self._discord_answered)
        return config

    async def _discord_answered(
        self, session: "aiohttp.ClientSession", context: SimpleNamespace, end: "aiohttp.TraceRequestEndParams"
    ) -> None:
        """Discord has answered a request."""
        del session, context
        if end.response.status == TOO_MANY_REQUESTS:
            self._rate_limited.inc()

    def _rang(self, due: float) -> None:
        self._loop_lag.observe(max(asyncio.get_running_loop().time() - due, 0.0))
        self.start()


_ENDS = (DeliveryState.SENT, DeliveryState.HELD, DeliveryState.SKIPPED, DeliveryState.FAILED)
_GAUGES = {
    "healthy": "Whether /healthz says that all is well",
    "leads": "Whether this process delivers; another one may stand by",
    "scheduler_heartbeat_age_seconds": "Since when the scheduler has not come round",
    "gateway_connected": "Whether there is a connection to Discord",
    "gateway_latency_seconds": "How long Discord takes to answer a heartbeat",
    "database_answers": "Whether the database answered in time",
    "database_answer_seconds": "How long the database took to answer the examination",
    "deliveries_overdue": "Posts that should have gone out minutes ago",
}


@contextmanager
def measured(
    metrics: Metrics | None, interaction: discord.Interaction[Any], command: Callable[[], str]
) -> Generator[None]:
    """Reports the interaction that the block deals with, if anybody measures.

    Args:
        metrics: where to report it.
        interaction: what is dealt with.
        command: says afterwards which of the bot's own commands or handlers it was; never what somebody typed.
    """
    if metrics is None:
        yield
        return
    loop = asyncio.get_running_loop()
    began, outcome = loop.time(), FAILED
    try:
        yield
        outcome = interaction.extras.get(OUTCOME, ANSWERED)
    finally:
        kind = KINDS.get(interaction.type, UNKNOWN)
        metrics.interaction(kind, command() or UNKNOWN, outcome, loop.time() - began)


def note_failure(interaction: discord.Interaction[Any], error: BaseException) -> None:
    """Notes for `measured` how an interaction failed: refused is what a person can put right, failed what is our fault."""
    if isinstance(error, app_commands.CommandInvokeError):
        error = error.original
    cause = error.__cause__ if isinstance(error, app_commands.TransformerError) else error
    is_refusal = isinstance(cause or error, Problem | app_commands.AppCommandError)
    is_ours = isinstance(cause, DatabaseProblem)
    interaction.extras[OUTCOME] = REFUSED if is_refusal and not is_ours else FAILED


def note_too_late(interaction: discord.Interaction[Any]) -> None:
    """Notes for `measured` that nothing was done, since Discord no longer waits for an answer."""
    interaction.extras[OUTCOME] = TOO_LATE
