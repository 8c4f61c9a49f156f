"""Working through feedback: filters, guilds, states, tags and replies on both databases; and the daily word about it."""

import itertools

import pytest
from sqlalchemy import func, select, update

from bot.domain.feedback_threads import ThreadMessage
from bot.domain.moderating import demand_number, normalised_tag
from bot.domain.problems import BadInput, NotFound, Problem, TooMany
from bot.services import campaign, daily, digest, feedback, guilds
from bot.services import moderation_changes as changes
from bot.services import moderation_queue as work
from bot.services.context import Context
from db.feedback_threads import insert_message
from db.tables import audit, feedback_messages, feedback_tags, installation
from db.tables import feedback as pieces
from seeds.loader import load_campaign
from seeds.reader import read_campaign
from tests.conftest import StoppedClock

MEMBERS = itertools.count(1)
A, B, MODERATOR = 1_001, 1_002, 900_719_925_474_099


@pytest.fixture
async def two_guilds(context: Context) -> Context:
    for guild_id in (A, B):
        await load_campaign(context.database, guild_id, read_campaign("operation_protect"))
    return context


async def give(
    context: Context, *texts: str, guild_id: int = A, topic: str = "other", **options: str
) -> None:
    for text in texts:
        await feedback.give(context, guild_id, next(MEMBERS), topic, text, **options)


async def texts(context: Context, guild_id: int = A, **asked: str) -> list[str]:
    """What the queue shows, page after page."""
    wanted, said, number = await work.ask(context, guild_id, **asked), [], 0
    while True:
        found = await work.queue(context, guild_id, wanted, number)
        said += [piece.feedback.text for piece in found.pieces]
        number += 1
        if number == found.pages:
            assert len(said) == found.total
            return said


async def item(context: Context, text: str, guild_id: int = A) -> str:
    async with context.database.read() as connection:
        query = select(pieces.c.feedback_id).where(pieces.c.guild_id == guild_id, pieces.c.text == text)
        return (await connection.execute(query)).scalar_one()


async def count(context: Context, table) -> int:
    async with context.database.read() as connection:
        return (await connection.execute(select(func.count()).select_from(table))).scalar_one()


async def test_filters_narrow_together_and_what_waits_is_never_shown(two_guilds: Context) -> None:
    context = two_guilds
    await give(context, "Rota", "Car park", demand="cap-on-cases")
    await give(context, "Minutes", topic="meeting")
    await give(context, "Elsewhere", guild_id=B)
    await feedback.release_batches(context)
    await give(context, "Waiting")
    assert sorted(await texts(context)) == ["Car park", "Minutes", "Rota"]
    assert await texts(context, topic="meeting") == ["Minutes"]
    assert sorted(await texts(context, demand="cap on cases")) == ["Car park", "Rota"]
    await changes.tag(context, A, MODERATOR, await item(context, "Rota"), "Shift  Pattern")
    assert await texts(context, tag="shift pattern", demand="cap on cases") == ["Rota"]
    assert await texts(context, tag="shift pattern", topic="meeting") == []
    await changes.set_states(context, A, MODERATOR, [await item(context, "Rota")], "done")
    assert sorted(await texts(context)) == ["Car park", "Minutes"]
    assert await texts(context, state="done") == ["Rota"]
    assert sorted(await texts(context, state="all")) == ["Car park", "Minutes", "Rota"]
    assert await texts(context, B) == ["Elsewhere"]
    with pytest.raises(BadInput):
        await work.ask(context, A, state="waiting")
    with pytest.raises(NotFound):
        await work.show(context, A, await item(context, "Waiting"))


async def test_another_guilds_piece_is_not_found_and_stays_as_it_is(two_guilds: Context) -> None:
    context = two_guilds
    await give(context, "Theirs", guild_id=B)
    await feedback.release_batches(context)
    theirs = await item(context, "Theirs", B)
    before = await work.show(context, B, theirs)
    for attempt in (
        work.show(context, A, theirs),
        changes.set_states(context, A, MODERATOR, [theirs], "spam"),
        changes.tag(context, A, MODERATOR, theirs, "rota"),
        changes.tag(context, A, MODERATOR, theirs, "demand 4"),
        changes.reply(context, A, MODERATOR, theirs, "Hello"),
    ):
        with pytest.raises(NotFound):
            await attempt
    assert await work.suggest_pieces(context, A, theirs[:8]) == []
    assert await work.suggest_pieces(context, A, "Theirs") == []
    await changes.tag(context, B, MODERATOR, theirs, "rota")
    assert await work.suggest_tags(context, A, "") == []
    await changes.tag(context, B, MODERATOR, theirs, "rota", remove=True)
    assert await work.show(context, B, theirs) == before
    assert await count(context, audit) == 2, "only what guild B did itself"


async def test_several_are_marked_at_once_or_none(two_guilds: Context) -> None:
    context = two_guilds
    await give(context, "One", "Two")
    await feedback.release_batches(context)
    one, two = await item(context, "One"), await item(context, "Two")
    with pytest.raises(NotFound):
        await changes.set_states(context, A, MODERATOR, [one, "0" * 32], "spam")
    assert (await work.show(context, A, one)).feedback.state == "new"
    assert await changes.set_states(context, A, MODERATOR, [one, two], "duplicate") == 2
    assert await changes.set_states(context, A, MODERATOR, [one, two], "duplicate") == 0
    async with context.database.read() as connection:
        (row,) = (await connection.execute(select(audit))).all()
    assert (row.event, row.actor_id, row.rows) == ("state", MODERATOR, 2)
    assert row.purpose == f"{one[:8]}, {two[:8]}: Said already"


async def test_a_reference_that_fits_two_is_asked_again(two_guilds: Context) -> None:
    context = two_guilds
    await give(context, "One", "Two")
    await feedback.release_batches(context)
    async with context.database.write() as connection:
        for text, end in (("One", "0"), ("Two", "1")):
            await connection.execute(
                update(pieces).where(pieces.c.text == text).values(feedback_id="abcd" * 2 + "0" * 23 + end)
            )
    with pytest.raises(BadInput, match="More than one"):
        await work.show(context, A, "abcdabcd")
    assert (await work.show(context, A, " `ABCDabcd" + "0" * 23 + "1` ")).feedback.text == "Two"


async def test_tags_and_demands_come_and_go_without_a_word_in_the_trace(two_guilds: Context) -> None:
    context = two_guilds
    await give(context, "Text")
    await feedback.release_batches(context)
    one = await item(context, "Text")
    for _ in range(2):
        piece = await changes.tag(context, A, MODERATOR, one, "Night shift!")
    assert piece.tags == ("night shift",)
    piece = await changes.tag(context, A, MODERATOR, one, "demand-4")
    assert piece.demand is not None
    assert piece.demand.key == "cap-on-cases"
    piece = await changes.tag(context, A, MODERATOR, one, "demand 5")
    piece = await changes.tag(context, A, MODERATOR, one, "demand 4", remove=True)
    assert piece.demand is not None, "it spoke to demand 5 by then"
    assert piece.demand.position == 5
    piece = await changes.tag(context, A, MODERATOR, one, "demand 5", remove=True)
    piece = await changes.tag(context, A, MODERATOR, one, "night shift", remove=True)
    assert (piece.tags, piece.demand) == ((), None)
    with pytest.raises(NotFound, match="no demand 99"):
        await changes.tag(context, A, MODERATOR, one, "demand 99")
    async with context.database.read() as connection:
        trace = list((await connection.execute(select(audit.c.purpose))).scalars())
    assert sorted(trace) == sorted(
        f"{one[:8]}: {what}"
        for what in (
            "a tag added",
            "demand 4 added",
            "demand 5 added",
            "demand 5 taken off",
            "a tag taken off",
        )
    )
    assert await count(context, feedback_tags) == 0
    for number in range(20):
        await changes.tag(context, A, MODERATOR, one, f"tag {number}")
    with pytest.raises(TooMany):
        await changes.tag(context, A, MODERATOR, one, "one more")
    assert len((await changes.tag(context, A, MODERATOR, one, "tag 1")).tags) == 20


async def test_a_reply_stands_in_order_and_what_waits_is_left_out(two_guilds: Context) -> None:
    context = two_guilds
    await give(context, "Text", "Other")
    await feedback.release_batches(context)
    one = await item(context, "Text")
    await changes.reply(context, A, MODERATOR, one, "  First\r\nreply ")
    added = {"from_moderators": False, "iso_week": "2025-W14", "sealed": None}
    async with context.database.write() as connection:
        for number, (text, waiting) in enumerate((("Added", False), ("Not yet", True)), start=2):
            message = feedback_message(f"{number:032}", number, text, waiting=waiting, **added)
            await insert_message(connection, A, one, message)
    context.clock.forward(days=7)
    piece = await changes.reply(context, A, MODERATOR, one, "Second reply")
    assert [(said.from_moderators, said.iso_week, said.text) for said in piece.thread] == [
        (True, "2025-W14", "First\nreply"),
        (False, "2025-W14", "Added"),
        (True, "2025-W15", "Second reply"),
    ]
    for text in ("", "\u200b", "x" * 2_001):
        with pytest.raises(BadInput):
            await changes.reply(context, A, MODERATOR, one, text)
    async with context.database.read() as connection:
        sealed = (await connection.execute(select(feedback_messages.c.sealed))).scalars().all()
    assert set(sealed) == {None}
    assert (await work.show(context, A, await item(context, "Other"))).thread == ()


def feedback_message(message_id: str, number: int, text: str, **values):
    return ThreadMessage(message_id=message_id, number=number, text=text, **values)


async def test_region_and_grade_are_shown_only_where_five_share_them(two_guilds: Context) -> None:
    context = two_guilds
    await give(context, *"12345", region="wales", grade="po")
    await give(context, "Alone", region="london")
    await feedback.release_batches(context)
    seen = await work.show(context, A, await item(context, "1"))
    assert (seen.region, seen.grade) == ("wales", "po")
    alone = await work.show(context, A, await item(context, "Alone"))
    assert (alone.region, alone.grade) == (None, None)


async def test_evidence_counts_neither_what_waits_nor_what_was_set_aside(two_guilds: Context) -> None:
    context = two_guilds
    demand = await campaign.get_demand(context, A, "cap-on-cases")
    await give(context, *"12345", demand="cap-on-cases")
    assert await campaign.evidence_for(context, A, demand) is None
    await feedback.release_batches(context)
    assert await campaign.evidence_for(context, A, demand) == 5
    assert await campaign.evidence_for(context, B, demand) is None
    await changes.set_states(context, A, MODERATOR, [await item(context, "1")], "done")
    assert await campaign.evidence_for(context, A, demand) == 5
    await changes.set_states(context, A, MODERATOR, [await item(context, "2")], "duplicate")
    assert await campaign.evidence_for(context, A, demand) is None
    await give(context, *"6789abcdefg", demand="cap-on-cases")  # fifteen that count
    await feedback.release_batches(context)
    assert await campaign.evidence_for(context, A, demand) == 15
    await give(context, *"hijk", demand="cap-on-cases")
    await feedback.release_batches(context)
    assert await campaign.evidence_for(context, A, demand) == 15, "nobody sees a few more come in"


async def test_the_digest_is_said_once_also_when_the_day_began_before_a_crash(
    two_guilds: Context, clock: StoppedClock, monkeypatch: pytest.MonkeyPatch
) -> None:
    context = two_guilds
    for guild_id, channel_id in ((A, 7), (B, None)):
        await guilds.change(context, guild_id, moderators_channel_id=channel_id)
    await daily.run_if_due(context)
    assert await digest.take(context) == []
    await give(context, *(f"canary {number}" for number in range(12)))
    await give(context, "canary", guild_id=B)
    clock.forward(days=1)

    async def killed(context: Context) -> None:
        raise RuntimeError

    with monkeypatch.context() as patch:
        patch.setattr(daily.participation, "empty_old_ledgers", killed)
        with pytest.raises(RuntimeError):
            await daily.run_if_due(context)
    assert await daily.run_if_due(context)
    (said,) = await digest.take(context)
    assert (said.guild_id, said.channel_id) == (A, 7)
    assert said.text == "12 new pieces of feedback, about 10 open. `/moderate queue` shows what is open."
    assert await digest.take(context) == []
    clock.forward(days=1)
    assert await daily.run_if_due(context)
    assert await digest.take(context) == []
    async with context.database.read() as connection:
        facts = (await connection.execute(select(installation.c.key))).scalars().all()
    assert not [key for key in facts if key.startswith("digest")]


@pytest.mark.parametrize(
    ("numbers", "text"),
    [
        ((1, 0, 1), "Fewer than 5 new pieces of feedback."),
        ((4, 0, 80), "Fewer than 5 new pieces of feedback."),
        ((5, 0, 5), "5 new pieces of feedback, fewer than 10 open."),
        (
            (5, 2, 1_234),
            "5 new pieces of feedback, about 1,230 open, and something was added to earlier ones.",
        ),
        ((0, 3, 12), "No new piece of feedback, and something was added to earlier ones."),
    ],
)
def test_small_numbers_are_not_told(numbers: tuple[int, int, int], text: str) -> None:
    assert digest.digest_text(*numbers) == f"{text} `/moderate queue` shows what is open."


@pytest.mark.parametrize(
    ("typed", "tag", "number"),
    [
        ("Demand 3", "demand 3", 3),
        ("demand-12", "demand-12", 12),
        ("DEMAND #7", "demand 7", 7),
        ("Gofyniad 3", "gofyniad 3", 3),
        ("demands", "demands", None),
        ("  Sick\nleave | @everyone ", "sick leave everyone", None),
        ("caf\u0065\u0301", "café", None),
        ("x" * 32, "x" * 32, None),
    ],
)
def test_a_tag_has_one_form(typed: str, tag: str, number: int | None) -> None:
    assert normalised_tag(typed) == tag
    assert normalised_tag(tag) == tag
    assert demand_number(tag) == number


@pytest.mark.parametrize("typed", ["", " - ", "***", "\u200b", "x" * 33])
def test_what_cannot_be_a_tag_is_refused(typed: str) -> None:
    with pytest.raises(Problem):
        normalised_tag(typed)
