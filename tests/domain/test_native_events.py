"""Which occurrences get one of Discord's own events, and by what it is known."""

from dataclasses import replace
from datetime import UTC, date, datetime, timedelta

from bot.domain.models import Meeting, MeetingState
from bot.domain.native_events import MOST_IN_A_GUILD, event_text, occurrences_to_show, reference_of

NOW = datetime(2025, 4, 1, 9, tzinfo=UTC)
HORIZON = timedelta(days=35)
CALL = Meeting(
    key="call",
    title="Branch call",
    summary="",
    starts_wall=datetime(2025, 4, 10, 12, 30),
    zone="Europe/London",
    starts_at=datetime(2025, 4, 10, 11, 30, tzinfo=UTC),
    duration=timedelta(hours=1),
    source="Scheduled by the campaign's organisers",
    channel_id=2,
)


def test_only_what_was_scheduled_is_to_come_and_fits_into_the_guild() -> None:
    cancelled = replace(CALL, key="off", state=MeetingState.CANCELLED)
    read_of = replace(CALL, key="read of in a document", channel_id=None)
    over = replace(CALL, key="over", starts_at=NOW - timedelta(hours=3))
    just_over = replace(CALL, key="just over", starts_at=NOW - timedelta(minutes=90))
    shown = occurrences_to_show([CALL, cancelled, read_of, over, just_over], NOW, HORIZON)
    assert [one.key for one in shown] == ["just over", "call"]
    many = [
        replace(CALL, key=f"{number}", starts_at=CALL.starts_at + timedelta(days=200 - number))
        for number in range(2 * MOST_IN_A_GUILD)
    ]
    shown = occurrences_to_show([*many, CALL], NOW, HORIZON)
    assert len(shown) == MOST_IN_A_GUILD
    assert shown[0] == CALL, "the earliest come first"


def test_a_series_ends_at_the_horizon() -> None:
    monthly = replace(CALL, repeat="FREQ=MONTHLY;BYMONTHDAY=10")
    assert [one.day for one in occurrences_to_show([monthly], NOW, HORIZON)] == [date(2025, 4, 10)]
    daily = replace(CALL, repeat="FREQ=DAILY")
    assert len(occurrences_to_show([daily], NOW, HORIZON)) == 4


def test_it_is_known_again_wherever_it_was_moved_and_in_no_other_guild() -> None:
    moved = replace(CALL, starts_wall=datetime(2025, 4, 20, 12, 30))
    assert reference_of(1, CALL) == reference_of(1, moved)
    assert reference_of(1, CALL) != reference_of(2, CALL)
    weekly = replace(CALL, repeat="FREQ=WEEKLY", occurrence_day=date(2025, 4, 10))
    later = replace(weekly, occurrence_day=date(2025, 4, 17))
    assert reference_of(1, weekly) != reference_of(1, later)
    assert event_text(1, CALL, "news").reference == reference_of(1, CALL)
