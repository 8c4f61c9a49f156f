"""Who is spoken to in which language, what is stored in none but English, and dates that are read back as they were written."""

import asyncio
from dataclasses import replace
from datetime import UTC, date, datetime, time, timedelta
from pathlib import Path

import pytest

from bot.domain.language import ENGLISH, LANGUAGES, WELSH, say, say_count, speak, speaking, speaking_english
from bot.domain.past_days import parse_past_day
from bot.domain.problems import BadInput
from bot.domain.recurrence import parse_recurrence
from bot.domain.recurrence.text import describe
from bot.domain.schedules import DeliveryState
from bot.domain.since import parse_since
from bot.domain.when import DateProblem, parse_moment
from bot.domain.when.moment import format_calendar_day, format_date, format_moment, format_time
from bot.domain.when.spans import format_duration, format_lead_time
from bot.services import languages, members
from bot.services.closed_channels import lacks
from bot.services.context import Context
from bot.services.delivery import NotSent, Post, Refused, deliver_due
from bot.services.languages import catalogue
from bot.services.outcomes import TOO_LATE, reason_in_words
from bot.services.scheduler import Scheduler
from db.deliveries import fetch_deliveries
from db.guilds import update_guild
from tests.conftest import StoppedClock
from tests.services.channel_on_paper import ChannelOnPaper
from tests.services.nudges import GUILD, delivery_of, nudge, store

ANA, BEN = 11, 12
LONDON = "Europe/London"
NOW = datetime(2025, 3, 31, 8, tzinfo=UTC)


class Listening(ChannelOnPaper):
    """Keeps in which language each post was made, by one word of it."""

    def __init__(self) -> None:
        super().__init__()
        self.heard: dict[int, str] = {}

    async def send(self, post: Post) -> int:
        self.heard[post.delivery.target_id] = say("Monday")
        return await super().send(post)


async def test_whoever_chose_none_is_spoken_to_in_the_guilds_language(context: Context) -> None:
    assert await languages.of_person(context, GUILD, ANA) is catalogue(ENGLISH)
    await languages.choose_for_guild(context, GUILD, WELSH)
    assert await languages.of_person(context, GUILD, ANA) is catalogue(WELSH)
    assert await languages.of_guild(context, GUILD) is catalogue(WELSH)
    await languages.choose(context, GUILD, ANA, ENGLISH)
    assert await languages.of_person(context, GUILD, ANA) is catalogue(ENGLISH)
    assert await languages.of_person(context, GUILD, BEN) is catalogue(WELSH)


async def test_a_choice_counts_in_its_guild_until_it_is_taken_back_or_erased(context: Context) -> None:
    await languages.choose(context, GUILD, ANA, WELSH)
    assert await languages.of_person(context, GUILD, ANA) is catalogue(WELSH)
    assert await languages.of_person(context, GUILD + 1, ANA) is catalogue(ENGLISH)
    await languages.choose(context, GUILD, ANA, languages.AS_THE_SERVER)
    assert await languages.of_person(context, GUILD, ANA) is catalogue(ENGLISH)
    await languages.choose(context, GUILD, ANA, WELSH)
    assert await languages.of_person(context, GUILD, ANA) is catalogue(WELSH)
    await members.forget(context, GUILD, ANA)
    assert await languages.of_person(context, GUILD, ANA) is catalogue(ENGLISH)


async def test_a_choice_made_in_another_process_is_known_within_a_minute(
    context: Context, clock: StoppedClock
) -> None:
    other = replace(context, languages=type(context.languages)())
    assert await languages.of_person(context, GUILD, ANA) is catalogue(ENGLISH)
    await languages.choose(other, GUILD, ANA, WELSH)
    clock.forward(minutes=1)
    assert await languages.of_person(context, GUILD, ANA) is catalogue(WELSH)


@pytest.mark.parametrize("wanted", ["", "fr", "CY", "../cy", "Cymraeg"])
async def test_an_unknown_language_is_refused(context: Context, wanted: str) -> None:
    for choosing in (
        languages.choose(context, GUILD, ANA, wanted),
        languages.choose_for_guild(context, GUILD, wanted),
    ):
        with pytest.raises(BadInput) as problem:
            await choosing
        assert "Cymraeg" in problem.value.next_step
    assert await languages.of_person(context, GUILD, ANA) is catalogue(ENGLISH)


@pytest.mark.parametrize("content", [None, b"", b"no catalogue", b"\xde\x12\x04\x95" + b"\xff" * 24])
def test_a_catalogue_that_cannot_be_read_leaves_english(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, content: bytes | None
) -> None:
    folder = tmp_path / "languages" / WELSH / "LC_MESSAGES"
    folder.mkdir(parents=True)
    if content is not None:
        (folder / "solidarity.mo").write_bytes(content)

    def here(_package: str) -> Path:
        return tmp_path

    monkeypatch.setattr(languages, "files", here)
    catalogue.cache_clear()
    try:
        with speaking(catalogue(WELSH)):
            assert say("Monday") == "Monday"
            assert say_count(2, "{number} day", "{number} days") == "2 days"
    finally:
        catalogue.cache_clear()


@pytest.mark.parametrize("code", LANGUAGES)
def test_each_language_that_can_be_chosen_has_its_texts(code: str) -> None:
    with speaking(catalogue(code)):
        assert (say("Monday") == "Monday") is (code == ENGLISH)


async def test_a_post_goes_out_in_the_guilds_language_and_to_a_person_in_theirs(context: Context) -> None:
    """The languages of posts that are under way at the same time do not run into each other."""
    async with context.database.write() as connection:
        await store(connection, nudge(), deliveries=True)
    await languages.choose_for_guild(context, GUILD, WELSH)
    for user_id in (ANA, BEN):
        await members.set_nudges(context, GUILD, user_id, on=True)
    await languages.choose(context, GUILD, ANA, ENGLISH)
    channel = Listening()
    later = replace(context, clock=StoppedClock(delivery_of(nudge()).due_at))
    with speaking(catalogue(ENGLISH)):
        await deliver_due(later, channel)
        assert say("Monday") == "Monday"
    assert channel.heard == {delivery_of(nudge()).target_id: "dydd Llun", ANA: "Monday", BEN: "dydd Llun"}


async def test_why_a_post_failed_is_stored_in_english_and_told_in_the_guilds_language(
    context: Context,
) -> None:
    async with context.database.write() as connection:
        await store(connection, nudge(), deliveries=True)
        await update_guild(connection, GUILD, organisers_channel_id=5)
    await languages.choose_for_guild(context, GUILD, WELSH)
    channel = ChannelOnPaper()
    channel.before.append(Refused("Discord refused the text of the post."))
    await deliver_due(replace(context, clock=StoppedClock(delivery_of(nudge()).due_at)), channel)
    async with context.database.read() as connection:
        (delivery,) = await fetch_deliveries(connection, GUILD, "s1")
    assert delivery.state is DeliveryState.FAILED
    assert delivery.reason == "Discord refused the text of the post."
    (alert,) = channel.alerts
    assert "Nid oedd modd ei bostio. Gwrthododd Discord destun y postiad. Ni ddilëwyd dim" in alert


async def test_an_attempt_that_failed_often_says_so_in_the_readers_language(context: Context) -> None:
    async with context.database.write() as connection:
        await store(connection, nudge(), deliveries=True)
    channel = ChannelOnPaper()
    clock = StoppedClock(delivery_of(nudge()).due_at)
    for _ in range(10):
        channel.before.append(NotSent("Discord is busy."))
        await deliver_due(replace(context, clock=clock), channel)
        clock.forward(minutes=33)
    async with context.database.read() as connection:
        (delivery,) = await fetch_deliveries(connection, GUILD, "s1")
    assert delivery.reason in {"Tried 10 times. Discord is busy.", TOO_LATE}
    with speaking(catalogue(WELSH)):
        assert (
            reason_in_words("Tried 10 times. Discord is busy.")
            == "Nifer y cynigion: 10. Mae Discord yn brysur."
        )


def test_reasons_that_name_permissions_are_said_in_the_readers_language() -> None:
    with speaking(catalogue(WELSH)):
        stored = lacks("I may not post in that channel.", ["Send Messages", "Embed Links"])
        assert stored == "I may not post in that channel. I lack Send Messages, Embed Links."
        said = reason_in_words(stored)
    assert said == "Ni chaf bostio yn y sianel honno. Nid oes gennyf: Send Messages, Embed Links."
    assert reason_in_words(stored) == stored
    assert reason_in_words("Something that is stored nowhere.") == "Something that is stored nowhere."


async def test_the_scheduler_speaks_english_whoever_woke_it(clock: StoppedClock) -> None:
    heard: list[str] = []

    async def work() -> None:
        heard.append(say("Monday"))

    async def next_due() -> datetime | None:
        return None

    scheduler = Scheduler(clock, work=work, next_due=next_due)
    with speaking(catalogue(WELSH)):
        await scheduler.turn()
    assert heard == ["Monday"]


async def test_what_one_task_speaks_no_other_does() -> None:
    async def said_in(code: str) -> str:
        speak(catalogue(code))
        await asyncio.sleep(0)
        return say("Monday")

    assert await asyncio.gather(said_in(WELSH), said_in(ENGLISH), said_in(WELSH)) == [
        "dydd Llun",
        "Monday",
        "dydd Llun",
    ]
    assert say("Monday") == "Monday"


def every_day_of_a_leap_year() -> list[date]:
    first = date(2028, 1, 1)
    return [first + timedelta(days=number) for number in range(366)]


def test_every_day_of_a_leap_year_is_read_back_as_it_was_written_in_welsh() -> None:
    before = datetime(2027, 12, 31, 12, tzinfo=UTC)
    after = datetime(2029, 1, 1, 12, tzinfo=UTC)
    for day in every_day_of_a_leap_year():
        with speaking(catalogue(WELSH)):
            with_weekday, calendar_day = format_date(day), format_calendar_day(day)
        for written in (f"{with_weekday}, 9am", f"9am {with_weekday.title()}", f"{calendar_day} 9am"):
            assert parse_moment(written, now=before, zone=LONDON).wall == datetime.combine(day, time(9))
        assert parse_past_day(calendar_day, now=after, zone=LONDON) == day
        assert parse_since(calendar_day, now=after, zone=LONDON) == day


def test_every_quarter_of_an_hour_is_read_back_as_it_was_written_in_welsh() -> None:
    midnight = datetime(2025, 4, 3)
    for minutes in range(0, 24 * 60, 15):
        wall = midnight + timedelta(minutes=minutes)
        with speaking(catalogue(WELSH)):
            written = f"{format_date(wall.date())}, {format_time(wall.time())}"
        assert parse_moment(written, now=NOW, zone=LONDON).wall == wall


def test_the_examples_in_a_welsh_refusal_can_be_typed() -> None:
    with speaking(catalogue(WELSH)), pytest.raises(DateProblem) as caught:
        parse_moment("rywbryd", now=NOW, zone=LONDON)
    assert (
        caught.value.what == 'Ni allaf ddarllen "rywbryd" fel dyddiad ac amser: nid wyf yn deall "rywbryd".'
    )
    assert caught.value.examples == ("dydd Llun 7 Ebrill 12.30pm", "yfory 9am")
    walls = [parse_moment(example, now=NOW, zone=LONDON).wall for example in caught.value.examples]
    assert walls == [datetime(2025, 4, 7, 12, 30), datetime(2025, 4, 1, 9)]


@pytest.mark.parametrize(
    ("typed", "expected"),
    [
        ("ddoe", date(2025, 3, 30)),
        ("y mis diwethaf", date(2025, 2, 1)),
        ("wythnos ddiwethaf", date(2025, 3, 24)),
        ("2 wythnos yn ôl", date(2025, 3, 17)),
        ("3 mis yn ôl", date(2024, 12, 31)),
        ("2 flynedd yn ôl", date(2023, 3, 31)),
        ("llynedd", date(2024, 1, 1)),
        ("dydd Gwener", date(2025, 3, 28)),
        ("Chwefror 2024", date(2024, 2, 1)),
    ],
)
def test_welsh_words_for_times_gone_by(typed: str, expected: date) -> None:
    assert parse_since(typed, now=NOW, zone=LONDON) == expected


@pytest.mark.parametrize(
    ("phrase", "welsh"),
    [
        ("every Friday at 08:00", "bob dydd Gwener am 08:00"),
        ("every weekday at 8am", "bob dydd o ddydd Llun i ddydd Gwener am 08:00"),
        ("every other Tuesday 6pm", "bob yn ail wythnos, dydd Mawrth am 18:00"),
        ("every 3 weeks on Monday and Wednesday 8am", "bob 3 wythnos, dydd Llun a dydd Mercher am 08:00"),
        ("last Friday of the month 8am", "dydd Gwener olaf o bob mis am 08:00"),
        ("the 15th of every month at 9am", "15fed o bob mis am 09:00"),
        ("26 June every year 8am", "bob blwyddyn, 26 Mehefin am 08:00"),
        ("every day 9am 6 times", "bob dydd am 09:00, 6 gwaith"),
        ("every day 9am until 27 June", "bob dydd am 09:00, yn gorffen dydd Gwener 27 Mehefin 2025"),
        (
            "every Friday 8am except bank holidays",
            "bob dydd Gwener am 08:00, ac eithrio gwyliau banc Cymru a Lloegr",
        ),
    ],
)
def test_repetitions_in_welsh(phrase: str, welsh: str) -> None:
    found = parse_recurrence(phrase, now=NOW, zone=LONDON)
    with speaking(catalogue(WELSH)):
        assert describe(found) == welsh
        with speaking_english():  # what is put into a form is read back by a reader of English
            again = parse_recurrence(describe(found), now=NOW, zone=LONDON)
        assert again == found


def test_lengths_of_time_in_welsh() -> None:
    lengths = [timedelta(days=number) for number in (1, 2, 3, 6, 7)]
    with speaking(catalogue(WELSH)):
        assert [format_duration(length) for length in lengths] == [
            "1 diwrnod",
            "2 ddiwrnod",
            "3 diwrnod",
            "6 diwrnod",
            "7 diwrnod",
        ]
        assert format_duration(timedelta(hours=1, minutes=2)) == "1 awr 2 funud"
        assert format_lead_time(timedelta(days=7)) == "7 diwrnod ymlaen llaw"
        assert format_lead_time(timedelta()) == "ar y dechrau"
        moment = parse_moment("tomorrow 12 noon", now=NOW, zone=LONDON)
        assert format_moment(moment) == "dydd Mawrth 1 Ebrill 2025, 12 hanner dydd BST"
