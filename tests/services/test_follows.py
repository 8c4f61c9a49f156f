"""Who follows a demand hears once of what was recorded, after a while, whatever happens meanwhile; on both databases."""

import asyncio
from datetime import UTC, date, datetime, timedelta

import pytest
from sqlalchemy import func, select

from bot.domain.models import DemandStatus
from bot.domain.schedules import Delivery, DeliveryState, TargetKind
from bot.services import demand_ledger, follows, guilds, members, retention
from bot.services.context import Context
from bot.services.delivery import PersonClosed, Post, deliver_due, next_attention
from bot.services.schedules import extend_horizon, posting_channels
from db.deliveries import delivery_of
from db.tables import deliveries, schedules
from seeds.loader import load_campaign
from seeds.reader import read_campaign
from tests.services.channel_on_paper import ChannelOnPaper

GUILD, OTHER, ORGANISER, ANA, BEN, CHI = 1_001, 1_002, 21, 11, 12, 13
OVERTIME, AI, SICKNESS = "extend-overtime", "ai-agreement", "suspend-sickness-absence"


@pytest.fixture
async def followed(context: Context) -> Context:
    """Ana follows overtime, Ben all demands, Chi nothing that is answered here."""
    for guild_id in (GUILD, OTHER):
        await load_campaign(context.database, guild_id, read_campaign("operation_protect"))
    await guilds.welcome(context, [GUILD])
    await follows.follow(context, GUILD, ANA, OVERTIME)
    await follows.follow(context, GUILD, BEN)
    await follows.follow(context, GUILD, CHI, SICKNESS)
    await follows.follow(context, OTHER, 14)
    return context


@pytest.fixture
def paper() -> ChannelOnPaper:
    return ChannelOnPaper()


async def record(context: Context, key: str = OVERTIME, text: str = "No.", **more: str) -> str:
    recorded = await demand_ledger.record_response(
        context, GUILD, ORGANISER, key, DemandStatus.REFUSED, text, date(2025, 3, 28), "Letter", **more
    )
    return recorded.response.response_id


async def planned(context: Context) -> list[Delivery]:
    async with context.database.read() as connection:
        query = select(deliveries).order_by(deliveries.c.due_at, deliveries.c.target_id)
        return [delivery_of(row) for row in await connection.execute(query)]


def told(paper: ChannelOnPaper) -> list[tuple[int, list[str]]]:
    """To whom something was sent, and the texts in it."""

    def texts(post: Post) -> list[str]:
        return [change.response.text for change in post.answers]

    return sorted((post.delivery.target_id, texts(post)) for post in paper.sent)


async def test_answers_of_a_quarter_of_an_hour_come_in_one_message_each(
    followed: Context, clock, paper
) -> None:
    await record(followed, OVERTIME, "First")
    clock.forward(minutes=5)
    await record(followed, AI, "Second")
    clock.forward(minutes=5)
    await record(followed, OVERTIME, "Third")
    assert await next_attention(followed) == datetime(2025, 3, 31, 8, 15, tzinfo=UTC)
    await deliver_due(followed, paper)
    assert paper.sent == []
    clock.forward(minutes=5)
    for _ in range(2):
        await deliver_due(followed, paper)
    assert told(paper) == [(ANA, ["First", "Third"]), (BEN, ["First", "Third", "Second"])]
    await record(followed, AI, "Later")
    clock.forward(minutes=15)
    await deliver_due(followed, paper)
    assert [(post.delivery.target_id, len(post.answers)) for post in paper.sent[2:]] == [(BEN, 1)]
    await extend_horizon(followed)
    assert await posting_channels(followed, GUILD) == ()
    assert {one.target_kind for one in await planned(followed)} == {TargetKind.MEMBER}


async def test_answers_recorded_at_the_same_moment_make_one_batch(followed: Context, clock, paper) -> None:
    await asyncio.gather(*(record(followed, OVERTIME, text) for text in ("a", "b", "a", "c")))
    assert [one.target_id for one in await planned(followed)] == [ANA, BEN]
    clock.forward(minutes=15)
    await deliver_due(followed, paper)
    assert [(who, sorted(texts)) for who, texts in told(paper)] == [(ANA, list("abc")), (BEN, list("abc"))]


async def test_an_answer_in_the_last_minute_waits_for_the_next_message(
    followed: Context, clock, paper
) -> None:
    await record(followed, OVERTIME, "First")
    clock.forward(minutes=14, seconds=30)
    await record(followed, OVERTIME, "Just before")
    clock.forward(minutes=15)
    await deliver_due(followed, paper)
    assert [texts for who, texts in told(paper) if who == ANA] == [["First"], ["Just before"]]


async def test_a_message_that_may_have_been_sent_is_not_sent_again(followed: Context, clock, paper) -> None:
    await record(followed)
    clock.forward(minutes=15)
    paper.after += [ConnectionError(), ConnectionError()]
    await deliver_due(followed, paper)
    assert {one.state for one in await planned(followed)} == {DeliveryState.SENDING}
    # What is recorded now is news for the next message, also where the first one is looked for again.
    await record(followed, AI, "New")
    clock.forward(minutes=3)
    await deliver_due(followed, paper)
    assert len(paper.posts) == 2
    clock.forward(minutes=15)
    await deliver_due(followed, paper)
    assert told(paper) == [(ANA, ["No."]), (BEN, ["New"]), (BEN, ["No."])]
    assert {one.state for one in await planned(followed)} == {DeliveryState.SENT}


async def test_who_stops_meanwhile_hears_nothing(followed: Context, clock, paper) -> None:
    await follows.follow(followed, GUILD, ANA, AI)
    await record(followed, OVERTIME, "Overtime")
    await follows.unfollow(followed, GUILD, ANA, OVERTIME)
    await members.forget(followed, GUILD, BEN)
    assert [one.target_id for one in await planned(followed)] == [ANA]
    clock.forward(minutes=15)
    await deliver_due(followed, paper)
    assert paper.sent == []
    (left_out,) = await planned(followed)
    assert left_out.state is DeliveryState.SKIPPED
    assert "stopped following" in (left_out.reason or "")
    assert paper.alerts == [], "that is nobody's business but the member's"
    await follows.follow(followed, GUILD, CHI, OVERTIME)
    await record(followed, OVERTIME, "More")
    await follows.unfollow(followed, GUILD, CHI)
    assert [one.target_id for one in await planned(followed)] == [ANA], (
        "who follows nothing is dropped at once"
    )


async def test_nudges_off_leaves_what_is_followed_alone(followed: Context) -> None:
    await record(followed)
    await members.set_nudges(followed, GUILD, ANA, on=False)
    assert [one.target_id for one in await planned(followed)] == [ANA, BEN]


async def test_closed_messages_end_following_with_one_try(followed: Context, clock, paper) -> None:
    await members.set_nudges(followed, GUILD, ANA, on=True)
    await record(followed)
    clock.forward(minutes=15)
    paper.before += [PersonClosed("closed"), PersonClosed("closed")]
    await deliver_due(followed, paper)
    clock.forward(hours=1)
    await deliver_due(followed, paper)
    assert paper.sent == []
    assert paper.alerts == []
    for person in (ANA, BEN):
        found = await follows.followed(followed, GUILD, person)
        assert not (found.everything or found.demands)
    assert (await members.choices(followed, GUILD, ANA)).nudges, "nudges find that out for themselves"


async def test_a_correction_before_the_message_is_all_that_is_told(followed: Context, clock, paper) -> None:
    wrong = await record(followed, OVERTIME, "Wrong")
    clock.forward(minutes=2)
    await record(followed, OVERTIME, "Right", corrects=wrong)
    clock.forward(minutes=13)
    await deliver_due(followed, paper)
    assert told(paper) == [(ANA, ["Right"]), (BEN, ["Right"])]
    assert paper.sent[0].answers[0].is_correction


async def test_quiet_hours_are_kept_and_their_answers_come_together(followed: Context, clock, paper) -> None:
    await guilds.change(followed, GUILD, quiet_from="21:00", quiet_until="08:00")
    clock.instant = datetime(2025, 3, 31, 20, 30, tzinfo=UTC)  # half past nine in London
    await record(followed, OVERTIME, "Evening")
    clock.forward(hours=3)
    await record(followed, OVERTIME, "Night")
    assert {one.due_at for one in await planned(followed)} == {datetime(2025, 4, 1, 7, tzinfo=UTC)}
    clock.instant = datetime(2025, 4, 1, 7, tzinfo=UTC)
    await deliver_due(followed, paper)
    assert told(paper)[0] == (ANA, ["Evening", "Night"])


async def test_a_week_without_discord_is_too_long_and_old_batches_go(followed: Context, clock, paper) -> None:
    await record(followed)
    clock.forward(days=6)
    await deliver_due(followed, paper)
    assert len(paper.sent) == 2
    await record(followed, OVERTIME, "Another")
    clock.forward(days=8)
    await deliver_due(followed, paper)
    assert len(paper.sent) == 2
    assert {one.reason for one in await planned(followed)} == {None, "It was too late to be of use."}
    for person in (ANA, BEN):
        await members.forget(followed, GUILD, person)
    await follows.follow(followed, GUILD, CHI)
    await record(followed, OVERTIME, "New")
    await retention.expire(followed)
    async with followed.database.read() as connection:
        assert (await connection.execute(select(func.count()).select_from(schedules))).scalar_one() == 1


async def test_following_all_and_one(followed: Context) -> None:
    assert not await follows.follow(followed, GUILD, BEN, AI), "all are followed already"
    assert await follows.follow(followed, GUILD, ANA)
    assert not await follows.follow(followed, GUILD, ANA)
    found = await follows.followed(followed, GUILD, ANA)
    assert (found.everything, found.demands) == (True, ())
    assert await follows.unfollow(followed, GUILD, ANA)
    assert not await follows.unfollow(followed, GUILD, ANA)
    shown = {one.column.table: one.rows for one in await members.held(followed, GUILD, BEN)}
    assert shown["demand_follows"][0]["demand_key"] == "all demands"
    assert await next_attention(followed) is None
    assert timedelta(minutes=15) == follows.PAUSE
