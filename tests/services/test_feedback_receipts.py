"""With a receipt, and only with it, a member sees, adds to and takes back what they gave."""

import asyncio
import random
import re
from collections import Counter
from functools import partial

import pytest
from sqlalchemy import event, select

from bot.domain.feedback_threads import ThreadMessage
from bot.domain.problems import BadInput, NotFound, TooMany
from bot.domain.receipts import new_receipt
from bot.services import feedback
from bot.services import feedback_receipts as service
from bot.services.context import Context
from bot.services.keys import load_keys
from bot.services.rate_limit import SubmissionLimit
from db.feedback_threads import insert_message
from db.tables import feedback as feedback_table
from db.tables import feedback_messages, feedback_tags, metadata

A, B = 1_001, 1_002
ANA, BEN = 11, 12


async def reply(context, guild_id, receipt, text, number):
    thread = await service.check(context, guild_id, ANA, receipt)
    message = ThreadMessage(f"{number:032}", number, True, False, "2025-W14", text)
    async with context.database.write() as connection:
        await insert_message(connection, guild_id, thread.feedback.feedback_id, message)


async def rows_of(context, table):
    async with context.database.read() as connection:
        return (await connection.execute(select(table))).all()


async def test_a_receipt_shows_words_additions_and_replies(context):
    receipt = await feedback.give(context, A, ANA, "other", "First words", "wales", "po")
    await service.add(context, A, ANA, receipt, " Second words ")
    await reply(context, A, receipt, "We read it", 2)
    await service.add(context, A, BEN, receipt.lower().replace("-", " "), "Third words")
    thread = await service.check(context, A, BEN, receipt)
    assert (thread.feedback.text, thread.feedback.iso_week) == ("First words", "2025-W14")
    assert [(one.text, one.from_moderators, one.waiting) for one in thread.messages] == [
        ("Second words", False, True),
        ("We read it", True, False),
        ("Third words", False, True),
    ]
    for secret in ("First words", "Second words", "We read it"):
        assert secret not in repr(thread)


@pytest.mark.parametrize("mistaken", [str.lower, lambda one: one.replace("0", "O").replace("1", "l")])
async def test_typing_is_forgiven(context, mistaken):
    receipt = await feedback.give(context, A, ANA, "other", "Words")
    assert (await service.check(context, A, ANA, f" {mistaken(receipt)} ")).feedback.text == "Words"


async def test_a_receipt_opens_nothing_in_another_guild(context):
    receipt = await feedback.give(context, A, ANA, "other", "Words")
    for use in (service.check, service.withdraw):
        with pytest.raises(NotFound):
            await use(context, B, ANA, receipt)
    with pytest.raises(NotFound):
        await service.add(context, B, ANA, receipt, "More")
    assert len(await rows_of(context, feedback_table)) == 1
    assert await rows_of(context, feedback_messages) == []


async def test_taking_back_deletes_everything_and_nothing_else(context):
    mine = await feedback.give(context, A, ANA, "other", "Mine")
    other = await feedback.give(context, A, BEN, "other", "Other")
    for receipt in (mine, other):
        await service.add(context, A, ANA, receipt, "More")
        await reply(context, A, receipt, "Reply", 2 if receipt == mine else 3)
        entry = (await service.check(context, A, ANA, receipt)).feedback
        async with context.database.write() as connection:
            await connection.execute(
                feedback_tags.insert().values(guild_id=A, feedback_id=entry.feedback_id, tag="tag")
            )
    await service.withdraw(context, A, BEN, mine)
    assert [row.text for row in await rows_of(context, feedback_table)] == ["Other"]
    assert len(await rows_of(context, feedback_messages)) == 2
    assert len(await rows_of(context, feedback_tags)) == 1
    wrong = new_receipt()
    told = []
    for receipt in (mine, wrong):
        for use in (service.check, service.withdraw):
            with pytest.raises(NotFound) as caught:
                await use(context, A, ANA, receipt)
            told.append((caught.value.what, caught.value.next_step))
    assert len(set(told)) == 1, "a wrong receipt and one that was taken back meet the same answer"


async def test_additions_wait_for_the_batch_and_are_handed_over_with_it(context):
    receipt = await feedback.give(context, A, ANA, "other", "Words")
    await feedback.release_batches(context)
    await service.add(context, A, ANA, receipt, "More")
    assert [one.waiting for one in (await service.check(context, A, ANA, receipt)).messages] == [True]
    await feedback.release_batches(context)
    (message,) = (await service.check(context, A, ANA, receipt)).messages
    assert (message.waiting, message.text) == (False, "More")


async def test_the_file_does_not_tell_in_which_order_long_additions_came(
    sqlite_database, clock, settings, tmp_path
):
    """With 24 of them, chance makes the order of arrival about once in 10^23 runs."""
    context = Context(sqlite_database, clock, settings, load_keys(tmp_path / "keys"), SubmissionLimit(5))
    receipts = [await feedback.give(context, A, member, "other", "First words") for member in range(24)]
    await feedback.release_batches(context)
    for number, receipt in enumerate(receipts):
        await service.add(context, A, number, receipt, f"{'Long. ' * 500} A{number:03}A")
    await feedback.release_batches(context)
    found = re.findall(rb"A(\d\d\d)A", (tmp_path / "solidarity.sqlite3").read_bytes())
    assert len(found) == 24
    assert found != sorted(found)


async def test_additions_are_handed_over_in_an_order_of_their_own(context, monkeypatch):
    context.limit.most = 100
    receipt = await feedback.give(context, A, ANA, "other", "Words")
    for number in range(30):
        await service.add(context, A, ANA, receipt, f"More {number}")
    arrived = [one.message_id for one in (await service.check(context, A, ANA, receipt)).messages]
    written = []
    release = feedback.feedback_threads.release_messages

    async def note(connection, guild_id, messages):
        written.extend(one for one, *_ in messages)
        await release(connection, guild_id, messages)

    monkeypatch.setattr(feedback.feedback_threads, "release_messages", note)
    await feedback.release_batches(context)
    assert sorted(written) == sorted(arrived)
    assert written not in (arrived, sorted(arrived))


async def test_additions_count_towards_the_days_allowance(context):
    receipt = await feedback.give(context, A, ANA, "other", "Words")
    for wrong in (new_receipt(), "nonsense"):
        with pytest.raises((NotFound, BadInput)):
            await service.add(context, A, ANA, wrong, "More")
    with pytest.raises(BadInput):
        await service.add(context, A, ANA, receipt, "  ")
    for _ in range(4):
        await service.add(context, A, ANA, receipt, "More")
    with pytest.raises(TooMany):
        await service.add(context, A, ANA, receipt, "More")
    assert len(await rows_of(context, feedback_messages)) == 4


async def test_wrong_receipts_are_limited_by_the_hour(context, clock):
    receipt = await feedback.give(context, A, ANA, "other", "Words")
    for _ in range(20):
        assert (await service.check(context, A, ANA, receipt)).feedback.text == "Words"
    for number in range(10):
        with pytest.raises(NotFound):
            await (service.check, service.withdraw)[number % 2](context, A, ANA, new_receipt())
    for tried in (new_receipt(), receipt):
        with pytest.raises(TooMany, match="10 receipts within the hour"):
            await service.check(context, A, ANA, tried)
    with pytest.raises(TooMany):
        await service.add(context, A, ANA, receipt, "More")
    assert await service.check(context, A, BEN, receipt), "somebody else is not held up"
    clock.forward(hours=1)
    assert await service.check(context, A, ANA, receipt)


@pytest.mark.parametrize("database", ["sqlite"], indirect=True)
async def test_two_thousand_wrong_receipts_find_nothing(context, clock):
    """A hundred people try at once, each more often than the limit lets them, hour after hour."""
    receipts = [await feedback.give(context, A, number, "other", "Words") for number in range(20)]
    guesses = wrong_receipts(receipts, 2_000)
    answers = Counter()
    for start in range(0, len(guesses), 1_000):
        tries = [(number % 100, guess) for number, guess in enumerate(guesses[start : start + 1_000])]
        answers.update(await asyncio.gather(*(answer_to(context, *one) for one in tries)))
        late = [answer_to(context, member, receipts[0]) for member in range(100)]
        answers.update(await asyncio.gather(*late))
        clock.forward(hours=1)
    assert answers == {NotFound: 2_000, TooMany: 200}
    assert await answer_to(context, ANA, receipts[0]) == "Words"


async def answer_to(context, member, receipt):
    """What a receipt opens, or the kind of refusal."""
    try:
        return (await service.check(context, A, member, receipt)).feedback.text
    except (NotFound, TooMany) as refusal:
        return type(refusal)


def wrong_receipts(receipts: list[str], number: int) -> list[str]:
    """Receipts that nobody was given, every tenth of them with all but two symbols right."""
    draw = random.Random(4)
    guesses = [new_receipt() for _ in range(number - number // 10)]
    for _ in range(number // 10):
        guess = list(draw.choice(receipts).replace("-", ""))
        for place in draw.sample(range(16), 2):
            guess[place] = draw.choice([one for one in "23456789ABCDEFGH" if one != guess[place]])
        guesses.append("".join(guess))
    draw.shuffle(guesses)
    return guesses


async def test_a_wrong_receipt_and_one_taken_back_cause_the_same_work(context):
    """So the time that an answer takes cannot tell them apart, on any machine."""
    receipt = await feedback.give(context, A, ANA, "other", "Words")
    await service.withdraw(context, A, ANA, receipt)
    work = []

    def note(connection, cursor, statement, parameters, execution, executemany):
        done.append((statement, len(parameters)))

    engine = context.database._writer.sync_engine
    event.listen(engine, "before_cursor_execute", note)
    for tried in (receipt, new_receipt()):
        done = []
        for use in (service.withdraw, partial(service.add, text="More")):
            with pytest.raises(NotFound):
                await use(context, A, ANA, tried)
        work.append(done)
    event.remove(engine, "before_cursor_execute", note)
    assert work[0] == work[1] != []


async def test_a_receipt_is_stored_nowhere(context):
    receipt = await feedback.give(context, A, ANA, "other", "Words")
    await service.add(context, A, ANA, receipt, "More")
    async with context.database.read() as connection:
        every = [
            repr(row) for table in metadata.sorted_tables for row in await connection.execute(table.select())
        ]
    assert every
    assert not any(form in row for row in every for form in (receipt, receipt.replace("-", "")))
