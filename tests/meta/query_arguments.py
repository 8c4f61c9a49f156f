"""What each query is called with: by the name of the parameter, or by its type, or, for a few, by the query itself.

A new query with a parameter that is not known here fails the test of isolation, until somebody says what to give it.
"""

import inspect
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from datetime import date, timedelta
from typing import Any

from bot.domain.attendance import Answer
from bot.domain.bulletins.records import ImportRecord
from bot.domain.feedback import Feedback, FeedbackState
from bot.domain.feedback_threads import ThreadMessage
from bot.domain.focus import Round, Suggestion, SuggestionState
from bot.domain.models import DemandResponse, DemandStatus, Meeting, MotionProgress
from bot.domain.moderating import QueueFilter
from bot.domain.personal_data import PERSONAL_COLUMNS, Choices, FoundBy
from bot.domain.schedules import Delivery, DeliveryState, Schedule, ScheduleKind
from db.agenda import Proposal, ProposalState
from db.campaign import EntryKind
from db.feedback import Wanted
from db.meeting_answers import Occasion, StoredAnswer
from db.native_events import NativeEvent
from db.tables import actions
from tests.meta.two_guilds import NOW, VARIANTS, number, row, week, word

FAR = timedelta(days=1_000)


@dataclass(frozen=True)
class Whose:
    """Whose things a query is asked about: a variant of a guild's; `new` for a thing that is not there yet."""

    guild_id: int
    variant: int
    new: bool = False

    @property
    def key(self) -> str:
        """A key that a guild and another may both have."""
        return word(self.guild_id, self.variant, shared=True)

    @property
    def new_key(self) -> str:
        return "new" if self.new else self.key

    @property
    def id(self) -> str:
        """A random id."""
        return word(self.guild_id, self.variant)

    @property
    def new_id(self) -> str:
        return "new" if self.new else self.id

    @property
    def ids(self) -> list[str]:
        return [word(self.guild_id, variant) for variant in range(VARIANTS)]

    @property
    def keys(self) -> list[str]:
        return [word(self.guild_id, variant, shared=True) for variant in range(VARIANTS)]

    @property
    def user_id(self) -> int:
        return number(self.guild_id, self.variant, shared=True)

    @property
    def day(self) -> date:
        return NOW.date() - timedelta(days=self.variant)


def delivery(who: Whose) -> Delivery:
    return Delivery(
        delivery_id=who.new_id,
        guild_id=who.guild_id,
        schedule_id=who.id,
        local_date=who.day,
        slot="0",
        target_id=number(who.guild_id, who.variant),
        due_at=NOW + FAR,
        occurs_at=NOW + FAR,
    )


def schedule(who: Whose) -> Schedule:
    return Schedule(
        schedule_id=who.id,
        guild_id=who.guild_id,
        kind=ScheduleKind.NUDGE,
        title="Changed",
        wordings=("Changed",),
        starts_wall=NOW.replace(tzinfo=None),
        zone="Europe/London",
        channel_id=1,
        lead_times=(timedelta(),),
    )


def meeting(who: Whose) -> Meeting:
    return Meeting(
        key=who.new_key,
        title="Changed",
        summary="",
        starts_wall=NOW.replace(tzinfo=None),
        zone="Europe/London",
        starts_at=NOW,
        duration=timedelta(hours=1),
        source="",
    )


BY_TYPE: dict[str, Callable[[Whose], Any]] = {
    "Answer": lambda _: Answer.COMING,
    "Choices": lambda _: Choices(nudges=True),
    "Delivery": delivery,
    "DemandResponse": lambda who: DemandResponse(who.day, DemandStatus.MET, "Changed", ""),
    "Feedback": lambda who: Feedback(who.new_id, "other", None, None, week(0), "Changed"),
    "FeedbackState": lambda _: FeedbackState.DONE,
    "ImportRecord": lambda who: ImportRecord(who.new_key, "d", "motion", "", None, "", NOW, ()),
    "Meeting": meeting,
    "MotionProgress": lambda who: MotionProgress("a", who.day, "Changed", ""),
    "NativeEvent": lambda who: NativeEvent(who.key, who.day, 5),
    "Occasion": lambda who: Occasion(who.key, who.day),
    "Proposal": lambda who: Proposal(who.new_id, who.key, "Changed", ProposalState.OPEN),
    "ProposalState": lambda _: ProposalState.ACCEPTED,
    "QueueFilter": lambda _: QueueFilter(states=frozenset(FeedbackState)),
    "Round": lambda who: Round(who.new_id, "Changed", NOW, NOW + FAR),
    "Schedule": schedule,
    "StoredAnswer": lambda who: StoredAnswer(who.user_id, Answer.MAYBE, 7, None),
    "Suggestion": lambda who: Suggestion(who.new_id, who.id, "Changed"),
    "SuggestionState": lambda _: SuggestionState.SET_ASIDE,
    "ThreadMessage": lambda who: ThreadMessage(who.new_id, 9, False, True, week(0), "Changed"),
    "Wanted": lambda _: Wanted(),
}
OF_IDS = ("feedback_id", "schedule_id", "round_id", "suggestion_id", "proposal_id", "delivery_id")
NEW_IDS = ("receipt_hash", "entry_hash", "tag")
KEYS = ("demand_key", "meeting_key", "motion_key", "action_key", "import_id")
NEW_KEYS = ("key", "name", "response_id", "progress_id", "draft_id")
BY_NAME: dict[str, Callable[[Whose], Any]] = {
    **dict.fromkeys(OF_IDS, lambda who: who.id),
    **dict.fromkeys(NEW_IDS, lambda who: who.new_id),
    **dict.fromkeys(KEYS, lambda who: who.key),
    **dict.fromkeys(NEW_KEYS, lambda who: who.new_key),
    **dict.fromkeys(("ids", "feedback_ids"), lambda who: who.ids),
    **dict.fromkeys(("keys", "response_ids"), lambda who: who.keys),
    **dict.fromkeys(("at", "now", "recorded_at"), lambda _: NOW),
    **dict.fromkeys(("before", "until", "instant"), lambda _: NOW + FAR),
    **dict.fromkeys(("limit", "most", "among", "count"), lambda _: 1_000),
    **dict.fromkeys(("day", "source_on"), lambda who: who.day),
    **dict.fromkeys(("reason", "event", "purpose", "zone"), lambda _: "Changed"),
    **dict.fromkeys(("position", "actor_id", "members"), lambda _: 7),
    "columns": lambda _: ("title",),
    "digest": lambda who: who.id,
    "draft": lambda _: {"title": "Changed"},
    "due_after": lambda _: (NOW - FAR).replace(tzinfo=None),
    "entries": lambda who: [who.new_id],
    "iso_week": lambda who: week(who.variant),
    "least": lambda _: 0,
    "messages": lambda who: [(one, "Changed", None) for one in who.ids],
    "newest_first": lambda _: True,
    "place": lambda _: 10**9,
    "ranking": lambda who: [who.id],
    "since": lambda _: NOW - FAR,
    "since_week": lambda _: "2000-W01",
    "skip": lambda _: 0,
    "start": lambda who: who.id[:3],
    "starts_at": lambda who: NOW - timedelta(days=who.variant, hours=who.guild_id % 7),
    "to": lambda who: who.day + FAR,
    "user_id": lambda who: who.user_id,
    "user_ids": lambda who: [who.user_id],
    "states": lambda _: list(DeliveryState),
    "template": lambda _: {"title": "Changed"},
    "events": lambda who: [NativeEvent(who.key, who.day, 5)],
    "until_week": lambda _: "2099-W01",
    "values": lambda _: {"title": "Changed"},
    "waiting": lambda who: [(one, None) for one in who.ids],
    "words": lambda _: "words",
}


def arguments(name: str, query: Callable[..., Any], who: Whose) -> Iterator[dict[str, Any]]:
    """The arguments of a query, beside its connection and guild, for each kind of entry or column that it takes."""
    given: dict[str, Any] = {}
    kinds: list[tuple[str, Any]] = []
    for parameter in list(inspect.signature(query).parameters.values())[2:]:
        own = BY_QUERY.get((name, parameter.name))
        if own is not None:
            given |= own(who)
        elif parameter.annotation is EntryKind:
            kinds = [("kind", kind) for kind in EntryKind]
        elif parameter.annotation is ScheduleKind:
            kinds = [("kind", kind) for kind in ScheduleKind]
        elif parameter.name == "personal":
            kinds = [("personal", column) for column in PERSONAL_COLUMNS]
        elif parameter.default is inspect.Parameter.empty:
            given[parameter.name] = _value(name, parameter, who)
    for chosen, kind in kinds or [("", None)]:
        every = given | ({chosen: kind} if chosen else {})
        if chosen == "personal":
            every["values"] = who.ids if kind.found_by is FoundBy.MARK else [who.user_id]
        if name == "campaign.insert_entries":
            every["entries"] = [row(kind.value, who.guild_id, who.variant) | {"key": who.new_key}]
            every["entries"][0].pop("guild_id")
        yield every


def _value(name: str, parameter: inspect.Parameter, who: Whose) -> Any:
    kind = getattr(parameter.annotation, "__name__", "")
    if kind in BY_TYPE:
        return BY_TYPE[kind](who)
    assert parameter.name in BY_NAME, f"db.{name}: say here what its `{parameter.name}` is to be in the test"
    return BY_NAME[parameter.name](who)


def _entry(who: Whose) -> dict[str, Any]:
    values = row(actions, who.guild_id, who.variant) | {"key": who.new_key}
    return {name: value for name, value in values.items() if name != "guild_id"}


BY_QUERY: dict[tuple[str, str], Callable[[Whose], dict[str, Any]]] = {
    ("actions.insert_action", "values"): _entry,
    ("actions.update_action", "values"): lambda _: {"title": "Changed"},
    ("guilds.update_guild", "values"): lambda _: {"zone": "Europe/Paris"},
    ("follows.delete_finished_batches", "before"): lambda _: {"before": (NOW + FAR).replace(tzinfo=None)},
    ("retention.count_feedback_before", "iso_week"): lambda _: {"iso_week": "2099-W01"},
    ("retention.delete_feedback_before", "iso_week"): lambda _: {"iso_week": "2099-W01"},
    ("participation.empty_ledger_before", "iso_week"): lambda _: {"iso_week": "2099-W01"},
    ("focus.delete_closed_before", "instant"): lambda _: {"instant": NOW + FAR},
}
