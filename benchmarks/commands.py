"""How fast a look-up is answered, from the dispatch of the event to the arrival of the answer."""

from benchmarks.contenders import Rig, turns
from benchmarks.measures import Row, Sample, Target, percentile

_WARM_UP, _IN_A_ROW, _ROUNDS_PER_RUN = 100, 100, 4


async def measure(bare: Rig, product: Rig, runs: int) -> tuple[list[Row], list[str]]:
    """Return rows for the median and the 99th percentile, one command at a time, the contenders taking turns."""
    orders = {
        bare: {"command": "ping", "options": {}},
        product: {"command": "demand show", "options": {"demand": "wmt"}},
    }
    medians: dict[Rig, list[float]] = {bare: [], product: []}
    tails: dict[Rig, list[float]] = {bare: [], product: []}
    text = ""
    async with bare.running(), product.running():
        for rig, order in orders.items():
            answer = await rig.call("POST", "slash", {**order, "times": _WARM_UP})
            text = answer["text"]
        for rig in turns(bare, product, runs * _ROUNDS_PER_RUN):
            answer = await rig.call("POST", "slash", {**orders[rig], "times": _IN_A_ROW})
            medians[rig].append(percentile(answer["latencies"], 50) * 1000)
            tails[rig].append(percentile(answer["latencies"], 99) * 1000)
    rows = [
        Row("/demand show, p50", _sample(medians[bare]), _sample(medians[product]), Target(1.25)),
        Row("/demand show, p99", _sample(tails[bare]), _sample(tails[product])),
    ]
    return rows, [f"/demand show answered: {text.splitlines()[0] if text else '(nothing to read)'}"]


def _sample(milliseconds: list[float]) -> Sample:
    return Sample(tuple(milliseconds), "ms")
