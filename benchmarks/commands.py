"""How fast a look-up is answered, from the dispatch of the event to the arrival of the answer."""

from benchmarks.contenders import ProductRig, Rig, turns
from benchmarks.measures import Row, Sample, Target, percentile
from benchmarks.stand_in import context_of
from bot.services import guilds
from bot.services.meetings import MeetingRequest, schedule_meeting

_WARM_UP, _IN_A_ROW, _ROUNDS_PER_RUN = 100, 100, 4
_FLOOR = {"command": "ping", "options": {}}
_PAGE = {"command": "page", "options": {}}
_ORDERS = {
    "/demand show": {"command": "demand show", "options": {"demand": "wmt"}},
    "/meeting next": {"command": "meeting next", "options": {}},
}


async def measure(bare: Rig, product: Rig, runs: int) -> tuple[list[Row], list[str]]:
    """Return rows for the median and the 99th percentile, one command at a time, the contenders taking turns."""
    assert isinstance(product, ProductRig)
    await _plan_a_meeting(product)
    rows: list[Row] = []
    notes: list[str] = []
    async with bare.running(), product.running():
        rows.append(await _a_page(bare, runs))
        for name, order in _ORDERS.items():
            more, text = await _compared(bare, product, name, order, runs)
            rows += more
            notes.append(f"{name} answered: {text.splitlines()[0] if text else '(nothing to read)'}")
    return rows, notes


async def _plan_a_meeting(product: ProductRig) -> None:
    product.start_afresh()
    product.write_configuration()
    stage = await product.call("POST", "stage")
    guild, channel = int(stage["guild"]), int(stage["channel"])
    async with context_of(product.configuration) as context:
        await guilds.welcome(context, [guild])
        request = MeetingRequest(title="All-members' call", when="tomorrow 6.30pm", channel_id=channel)
        await schedule_meeting(context, guild, request)


async def _a_page(bare: Rig, runs: int) -> Row:
    """What it costs the library to send a page with buttons instead of one word: no look-up can be below that."""
    medians: dict[str, list[float]] = {"ping": [], "page": []}
    for number in range(runs * _ROUNDS_PER_RUN):
        orders = (_FLOOR, _PAGE) if number % 2 == 0 else (_PAGE, _FLOOR)
        for order in orders:
            answer = await bare.call("POST", "slash", {**order, "times": _IN_A_ROW})
            medians[str(order["command"])].append(percentile(answer["latencies"], 50) * 1000)
    return Row(
        "the bare bot sends a page with buttons, p50 (left: /ping)",
        _sample(medians["ping"]),
        _sample(medians["page"]),
    )


async def _compared(
    bare: Rig, product: Rig, name: str, order: dict[str, object], runs: int
) -> tuple[list[Row], str]:
    orders = {bare: _FLOOR, product: order}
    medians: dict[Rig, list[float]] = {bare: [], product: []}
    tails: dict[Rig, list[float]] = {bare: [], product: []}
    text = ""
    for rig, asked in orders.items():
        text = (await rig.call("POST", "slash", {**asked, "times": _WARM_UP}))["text"]
    for rig in turns(bare, product, runs * _ROUNDS_PER_RUN):
        answer = await rig.call("POST", "slash", {**orders[rig], "times": _IN_A_ROW})
        medians[rig].append(percentile(answer["latencies"], 50) * 1000)
        tails[rig].append(percentile(answer["latencies"], 99) * 1000)
    return [
        Row(f"{name}, p50 (left: /ping)", _sample(medians[bare]), _sample(medians[product]), Target(1.25)),
        Row("the same, p99", _sample(tails[bare]), _sample(tails[product])),
    ], text


def _sample(milliseconds: list[float]) -> Sample:
    return Sample(tuple(milliseconds), "ms")
