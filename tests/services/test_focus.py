"""Focus rounds on each kind of database: one secret vote each, results only afterwards, nothing that links."""

import asyncio
import sqlite3
from contextlib import closing
from datetime import timedelta
from unittest.mock import patch

import pytest
from sqlalchemy import func, select, text

from bot.domain.focus import BALLOT_MOST, Phase, Round, SuggestionState
from bot.domain.problems import BadInput, NotFound, Problem, TooMany
from bot.services import daily, focus, focus_moderation, members
from bot.services.context import SUGGESTIONS_PER_DAY, Context
from bot.services.focus_moderation import RoundRequest
from db import focus as queries
from db.tables import audit, focus_ballots, focus_ledger, focus_rounds, focus_suggestions
from tests.services.test_confidentiality import CANARIES, files, log, scan

GUILD, ELSEWHERE, MODERATOR = 1_001, 1_002, 555_000_111_222_333_444
ON, MERGED, ASIDE = SuggestionState.ON_BALLOT, SuggestionState.MERGED, SuggestionState.SET_ASIDE
assert log  # a fixture


async def open_round(context: Context, guild_id: int = GUILD) -> Round:
    request = RoundRequest("in 72 hours", "Our focus this summer", "in 24 hours")
    return await focus_moderation.open_round(context, guild_id, MODERATOR, request)


async def put_on_ballot(context: Context, found: Round, *texts: str, guild_id: int = GUILD) -> None:
    for number, typed in enumerate(texts):
        await focus.suggest(context, guild_id, 7_000 + number, found.round_id, typed)
    for one in await suggestions(context, guild_id):
        if one.text in texts:
            await focus_moderation.judge(context, guild_id, MODERATOR, one.suggestion_id, ON)


async def suggestions(context: Context, guild_id: int = GUILD):
    overview = await focus.current(context, guild_id)
    assert overview is not None
    return overview.suggestions


async def voting(context: Context, *texts: str, guild_id: int = GUILD) -> Round:
    """A round in which one can vote."""
    found = await open_round(context, guild_id)
    await put_on_ballot(context, found, *(texts or ("Pay", "Workload", "Safety")), guild_id=guild_id)
    context.clock.forward(days=1, minutes=1)
    return found


async def letters_for(context: Context, *texts: str, guild_id: int = GUILD) -> str:
    overview = await focus.current(context, guild_id)
    assert overview is not None
    order = [one.text for one in overview.ballot]
    return "".join("abcdefghijklmnopqrstuvwxy"[order.index(one)] for one in texts)


async def rows(context: Context, table) -> list:
    async with context.database.read() as connection:
        return list((await connection.execute(select(table))).all())


async def test_from_suggestion_to_results(context: Context) -> None:
    found = await voting(context)
    for user, choice in enumerate(
        [("Pay", "Workload"), ("Workload", "Pay"), ("Workload",), ("Pay",), ("Safety", "Workload")]
    ):
        await focus.vote(context, GUILD, user, found.round_id, await letters_for(context, *choice))
        with pytest.raises(Problem, match="before the round closes, moderators included"):
            await focus.results(context, GUILD)
    context.clock.forward(days=2)
    results = await focus.results(context, GUILD)
    assert results.ballots == 5
    assert [(one.place, one.text, one.points, one.shared) for one in results.standings] == [
        (1, "Workload", 18, False),
        (2, "Pay", 14, False),
        (3, "Safety", 5, False),
    ]
    assert await focus.current(context, GUILD) is None
    with pytest.raises(NotFound, match="No round has closed"):
        await focus.results(context, ELSEWHERE)


async def test_too_few_ballots_show_nothing_of_themselves(context: Context) -> None:
    found = await voting(context)
    for user in range(4):
        await focus.vote(context, GUILD, user, found.round_id, "a")
    context.clock.forward(days=3)
    results = await focus.results(context, GUILD)
    assert (results.ballots, results.standings) == (None, ())


async def test_everybody_votes_once_also_when_pressing_many_times_at_once(context: Context) -> None:
    found = await voting(context)
    presses = [focus.vote(context, GUILD, 1 + number % 3, found.round_id, "ab") for number in range(12)]
    outcomes = await asyncio.gather(*presses, return_exceptions=True)
    assert [isinstance(one, TooMany) for one in outcomes].count(True) == 9
    assert len(await rows(context, focus_ballots)) == len(await rows(context, focus_ledger)) == 3
    with pytest.raises(TooMany, match="voted in this round already"):
        await focus.open_ballot(context, GUILD, 1)
    assert (await focus.open_ballot(context, GUILD, 4)).can_vote


@pytest.mark.parametrize("step", ["enter_ledger", "insert_ballot", "shuffle_votes"])
async def test_a_vote_that_breaks_off_is_neither_lost_nor_doubled(context: Context, step: str) -> None:
    found = await voting(context)
    await focus.vote(context, GUILD, 1, found.round_id, "a")
    real = getattr(queries, step)

    async def broken(*given) -> None:
        await real(*given)
        raise RuntimeError("pulled the plug")

    with patch.object(queries, step, broken), pytest.raises(RuntimeError):
        await focus.vote(context, GUILD, 2, found.round_id, "b")
    assert len(await rows(context, focus_ballots)) == len(await rows(context, focus_ledger)) == 1
    await focus.vote(context, GUILD, 2, found.round_id, "b")
    assert len(await rows(context, focus_ballots)) == len(await rows(context, focus_ledger)) == 2


async def test_choices_that_do_not_fit_are_refused_and_use_up_no_vote(context: Context) -> None:
    found = await voting(context)
    for letters in ("", "aa", "d", "abcdef", "?"):
        with pytest.raises(BadInput):
            await focus.vote(context, GUILD, 1, found.round_id, letters)
    assert await rows(context, focus_ballots) == await rows(context, focus_ledger) == []


async def test_votes_are_taken_only_while_voting_is_open(context: Context) -> None:
    found = await open_round(context)
    await put_on_ballot(context, found, "Pay", "Safety")
    with pytest.raises(BadInput, match="has not opened yet"):
        await focus.vote(context, GUILD, 1, found.round_id, "a")
    context.clock.instant = found.opens_at
    with pytest.raises(BadInput, match="takes no more suggestions"):
        await focus.suggest(context, GUILD, 1, found.round_id, "Late")
    await focus.vote(context, GUILD, 1, found.round_id, "a")
    context.clock.instant = found.closes_at
    for refused in (
        focus.vote(context, GUILD, 2, found.round_id, "a"),
        focus.suggest(context, GUILD, 2, found.round_id, "Late"),
        focus.open_ballot(context, GUILD, 2),
    ):
        with pytest.raises(NotFound):
            await refused
    assert len(await rows(context, focus_ballots)) == 1


async def test_suggestions_are_cleaned_and_limited_and_hold_nothing_of_their_author(context: Context) -> None:
    found = await open_round(context)
    await focus.suggest(context, GUILD, CANARIES[0], found.round_id, "  Fair\n\u202epay\x07 ")
    for refused in ("", " \n ", "x" * 201):
        with pytest.raises(BadInput):
            await focus.suggest(context, GUILD, CANARIES[0], found.round_id, refused)
    (stored,) = await suggestions(context)
    assert (stored.text, stored.state) == ("Fair pay", SuggestionState.WAITING)
    for _ in range(SUGGESTIONS_PER_DAY - 1):
        await focus.suggest(context, GUILD, CANARIES[0], found.round_id, "More")
    with pytest.raises(TooMany):
        await focus.suggest(context, GUILD, CANARIES[0], found.round_id, "More")
    await focus.suggest(context, GUILD, 2, found.round_id, "Another member's")
    assert len(await suggestions(context)) == SUGGESTIONS_PER_DAY + 1


async def test_moderators_merge_and_set_aside_until_voting_opens(context: Context) -> None:
    found = await open_round(context)
    await put_on_ballot(context, found, "Pay", "Wages", "Money")
    by_text = {one.text: one.suggestion_id for one in await suggestions(context)}
    judge = focus_moderation.judge
    await judge(context, GUILD, MODERATOR, by_text["Money"], MERGED, by_text["Wages"])
    await judge(context, GUILD, MODERATOR, by_text["Wages"], MERGED, by_text["Pay"])
    after = {one.text: (one.state, one.merged_into) for one in await suggestions(context)}
    assert after == {"Pay": (ON, None), "Wages": (MERGED, by_text["Pay"]), "Money": (MERGED, by_text["Pay"])}
    for target in (by_text["Pay"], by_text["Money"], "nothing"):
        with pytest.raises(NotFound):
            await judge(context, GUILD, MODERATOR, by_text["Pay"], MERGED, target)
    with pytest.raises(NotFound):
        await judge(context, ELSEWHERE, MODERATOR, by_text["Pay"], ASIDE)
    with pytest.raises(BadInput, match="at least 2"):
        await focus_moderation.turn(context, GUILD, MODERATOR, found.round_id, Phase.VOTING)
    await judge(context, GUILD, MODERATOR, by_text["Money"], ON)
    await focus_moderation.turn(context, GUILD, MODERATOR, found.round_id, Phase.VOTING)
    with pytest.raises(BadInput, match="ballot stays as it is"):
        await judge(context, GUILD, MODERATOR, by_text["Money"], ASIDE)
    await focus.vote(context, GUILD, 1, found.round_id, "ab")
    entries = [(one.actor_id, one.event, one.purpose) for one in await rows(context, audit)]
    assert (MODERATOR, "focus", "Opened the voting: Our focus this summer") in entries
    assert not any("Wages" in purpose for _, _, purpose in entries)


async def test_the_ballot_holds_as_many_as_a_list_can_show(context: Context) -> None:
    found = await open_round(context)
    await put_on_ballot(context, found, *(f"Suggestion {number}" for number in range(BALLOT_MOST)))
    await focus.suggest(context, GUILD, 1, found.round_id, "One too many")
    extra = next(one for one in await suggestions(context) if one.text == "One too many")
    with pytest.raises(TooMany, match="it is full"):
        await focus_moderation.judge(context, GUILD, MODERATOR, extra.suggestion_id, ON)


async def test_one_round_at_a_time_in_each_server(context: Context) -> None:
    opened = await asyncio.gather(*(open_round(context) for _ in range(4)), return_exceptions=True)
    assert [isinstance(one, BadInput) for one in opened].count(True) == 3
    there = await open_round(context, ELSEWHERE)
    (here,) = [one for one in opened if isinstance(one, Round)]
    with pytest.raises(NotFound):
        await focus.suggest(context, ELSEWHERE, 1, here.round_id, "Pay")
    with pytest.raises(NotFound):
        await focus_moderation.turn(context, GUILD, MODERATOR, there.round_id, Phase.CLOSED)
    await focus_moderation.turn(context, GUILD, MODERATOR, here.round_id, Phase.CLOSED)
    assert await focus.current(context, GUILD) is None
    assert (await open_round(context)).round_id != here.round_id


async def test_times_can_be_changed_but_not_turned_round(context: Context) -> None:
    found = await open_round(context)
    change = focus_moderation.change_round
    with pytest.raises(BadInput, match="close before voting opens"):
        await change(context, GUILD, MODERATOR, found.round_id, RoundRequest("in 1 hour"))
    request = RoundRequest("Friday 12.30pm", "Better title", "Thursday 8am")
    changed = await change(context, GUILD, MODERATOR, found.round_id, request)
    assert (changed.title, changed.opens_at.isoformat(), changed.closes_at.isoformat()) == (
        "Better title",
        "2025-04-03T07:00:00+00:00",
        "2025-04-04T11:30:00+00:00",
    )
    context.clock.instant = changed.opens_at + timedelta(hours=1)
    with pytest.raises(BadInput, match="not enough suggestions"):
        await focus.open_ballot(context, GUILD, 1)
    await change(
        context, GUILD, MODERATOR, found.round_id, RoundRequest("in 96 hours", "Again", "in 48 hours")
    )
    await put_on_ballot(context, found, "Pay", "Safety")
    context.clock.forward(days=3)
    voted_on = await change(
        context, GUILD, MODERATOR, found.round_id, RoundRequest("in 24 hours", "Other", "in 2 hours")
    )
    assert (voted_on.title, voted_on.opens_at < context.now()) == ("Again", True)


async def test_the_order_of_votes_can_be_told_neither_by_id_nor_by_place_in_the_file(
    context: Context,
) -> None:
    """After twelve votes, the rows of both tables lie in no order of arrival, and all came with one transaction."""
    found = await voting(context, *(f"Suggestion {number}" for number in range(12)))
    arrived = {}
    for user in range(12):
        await focus.vote(context, GUILD, user, found.round_id, "abcdefghijkl"[user])
        arrived[context.keys.focus_hash(GUILD, found.round_id, user)] = user
    marks, ballots = await in_the_file(context)
    overview = await focus.current(context, GUILD)
    order = [one.suggestion_id for one in overview.ballot]
    by_ledger, by_ballot = [arrived[mark] for mark in marks], [order.index(one) for one in ballots]
    assert sorted(by_ledger) == sorted(by_ballot) == list(range(12))
    # Each of these has one chance in 479,001,600 of coming up by itself.
    for orderly in (sorted(by_ledger), sorted(by_ledger, reverse=True), by_ballot, by_ballot[::-1]):
        assert by_ledger != orderly
    assert by_ballot not in (sorted(by_ballot), sorted(by_ballot, reverse=True))


async def in_the_file(context: Context) -> tuple[list[str], list[str]]:
    """Marks, and first choices, in the order in which their bytes lie in the database."""
    if context.database.is_sqlite:
        data = context.database.path.read_bytes()
        marks = [one.entry_hash for one in await rows(context, focus_ledger)]
        ballots = {one.ranking: one.ranking[2:-2] for one in await rows(context, focus_ballots)}
        assert all(data.count(one.encode()) == 1 for one in (*marks, *ballots))
        return sorted(marks, key=lambda one: data.index(one.encode())), [
            ballots[one] for one in sorted(ballots, key=lambda one: data.index(one.encode()))
        ]
    async with context.database.read() as connection:
        marks = await connection.execute(text("SELECT entry_hash, xmin FROM focus_ledger ORDER BY ctid"))
        ballots = await connection.execute(text("SELECT ranking, xmin FROM focus_ballots ORDER BY ctid"))
        marks, ballots = list(marks), list(ballots)
    assert len({str(one.xmin) for one in (*marks, *ballots)}) == 1
    return [one.entry_hash for one in marks], [one.ranking[2:-2] for one in ballots]


@pytest.mark.parametrize("canary", CANARIES)
async def test_a_member_leaves_no_trace_and_a_closed_round_no_ledger(context, log, tmp_path, canary) -> None:
    found = await open_round(context)
    words = "canary-suggestion that nobody else would write"
    await focus.suggest(context, GUILD, canary, found.round_id, words)
    await put_on_ballot(context, found, words, "Pay")
    context.clock.forward(days=1, minutes=1)
    await focus.vote(context, GUILD, canary, found.round_id, "ab")
    await scan(context, log, tmp_path, canary)
    assert words not in log.getvalue()
    await daily.run_if_due(context)
    assert len(await rows(context, focus_ledger)) == 1, "the round is open, so the ledger is needed"
    context.clock.forward(days=3)
    await daily.run_if_due(context)
    assert await rows(context, focus_ledger) == []
    assert len(await rows(context, focus_ballots)) == 1
    mark = context.keys.focus_hash(GUILD, found.round_id, canary)
    if context.database.is_sqlite:
        assert not any(mark.encode() in data for _, data in await files(context, tmp_path))


async def test_being_forgotten_erases_the_mark_and_gives_no_second_vote(context: Context) -> None:
    found = await voting(context)
    for user in (1, 2):
        await focus.vote(context, GUILD, user, found.round_id, "a")
    held = {one.column.table: one.rows for one in await members.held(context, GUILD, 1)}
    (row,) = held["focus_ledger"]
    assert row["round"] == "Our focus this summer"
    await members.forget(context, GUILD, 1)
    (left,) = await rows(context, focus_ledger)
    assert left.entry_hash == context.keys.focus_hash(GUILD, found.round_id, 2)
    assert not any(one.rows for one in await members.held(context, GUILD, 1))
    with pytest.raises(TooMany):
        await focus.open_ballot(context, GUILD, 1)
    with pytest.raises(TooMany):
        await focus.vote(context, GUILD, 1, found.round_id, "b")
    assert len(await rows(context, focus_ballots)) == 2
    assert await members.forget(context, ELSEWHERE, 2)
    assert len(await rows(context, focus_ledger)) == 1


async def test_old_rounds_can_be_deleted_with_all_that_is_theirs(context: Context) -> None:
    for guild_id in (GUILD, ELSEWHERE):
        found = await voting(context, guild_id=guild_id)
        await focus.vote(context, guild_id, 1, found.round_id, "a")
    context.clock.forward(days=10)
    younger = await open_round(context)
    async with context.database.write() as connection:
        assert await queries.delete_closed_before(connection, GUILD, context.now()) == 1
    assert {one.round_id for one in await rows(context, focus_rounds) if one.guild_id == GUILD} == {
        younger.round_id
    }
    for table in (focus_suggestions, focus_ballots, focus_ledger):
        async with context.database.read() as connection:
            counts = dict(
                list(
                    await connection.execute(
                        select(table.c.guild_id, func.count()).group_by(table.c.guild_id)
                    )
                )
            )
        assert GUILD not in counts
        assert counts[ELSEWHERE] >= 1


def test_a_write_ahead_log_is_emptied(tmp_path) -> None:
    path = tmp_path / "any.sqlite3"
    with closing(sqlite3.connect(path)) as connection:
        connection.execute("PRAGMA journal_mode = WAL")
        connection.execute("CREATE TABLE one (word TEXT)")
        connection.commit()
        assert path.with_name("any.sqlite3-wal").stat().st_size > 0
        queries.empty_log(path)
        assert path.with_name("any.sqlite3-wal").stat().st_size == 0
