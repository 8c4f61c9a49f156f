"""From a document to proposals: titles, times, doubts, and what is ticked at first."""

from dataclasses import replace
from datetime import UTC, date, datetime

import pytest

from bot.domain.bulletins.describing import fate, found_line
from bot.domain.bulletins.held import Campaign, Circumstances, Held
from bot.domain.bulletins.matching import Known
from bot.domain.bulletins.model import Document, DocumentKind, FoundLink, FoundTime, Item, ItemKind, Place
from bot.domain.bulletins.naming import cut_text, meeting_title, short_title
from bot.domain.bulletins.proposals import Draft, Kind, Origin, Proposal, Standing
from bot.domain.bulletins.proposing import counts, propose

NOW = datetime(2025, 3, 31, 8, tzinfo=UTC)
AROUND = Circumstances(NOW, "Europe/London", 77)


def item(kind: ItemKind, text: str, line: int = 1, **more: object) -> Item:
    return Item(kind, text, Place(line, line), **more)  # type: ignore[arg-type]


def document(*items: Item, kind: DocumentKind = DocumentKind.BULLETIN, **more: object) -> Document:
    return Document(kind, "News", "The whole text", items, **more)  # type: ignore[arg-type]


def proposals(
    *items: Item, campaign: Campaign | None = None, around: Circumstances = AROUND
) -> tuple[Proposal, ...]:
    return propose(document(*items), campaign or {}, around)


def meeting(day: int, hour: int | None = 12, **more: object) -> Item:
    wall = datetime(2025, 4, day, hour, 30) if hour is not None else None
    time = FoundTime(f"April {day}", "Europe/London", date(2025, 4, day), starts_wall=wall)
    return item(ItemKind.MEETING, f"Members' meeting on April {day}", time=time, **more)


@pytest.mark.parametrize(
    ("text", "title"),
    [
        ("A short demand.", "A short demand"),
        (
            "An immediate and complete end of Post Sentence Supervision, via emergency legislation if necessary",
            "An immediate and complete end of Post Sentence Supervision",
        ),
        (
            "Negotiation on the role of machines in the easement of the crisis",
            "Negotiation on the role of machines in the easement",
        ),
        ("One sentence. And another that is left out of the title", "One sentence"),
        ("X" + "x" * 80, "X" + "x" * 59),
        ("  \u2022 Bullets and spaces  ", "Bullets and spaces"),
    ],
)
def test_a_title_is_the_first_words_and_ends_where_a_thought_does(text: str, title: str) -> None:
    assert short_title(text) == title
    assert len(short_title(text)) <= 60


@pytest.mark.parametrize(
    ("heading", "text", "phrase", "title"),
    [
        (
            "",
            "NEXT ALL MEMBERS' MEETING THURSDAY 3rd APRIL - 12.30PM",
            "THURSDAY 3rd APRIL - 12.30PM",
            "All members' meeting",
        ),
        ("", "Our next branch call, 5 May at 6pm", "5 May at 6pm", "Branch call"),
        (
            "DATES",
            "Ballot meetings: Monday 18 and Tuesday 19 May, 5.45pm, outside",
            "Tuesday 19 May, 5.45pm",
            "Ballot meetings",
        ),
        ("DATES", "Branch meeting Tuesday 5 May", "Tuesday 5 May", "Branch meeting"),
        (
            "THE ROADSHOW",
            "Castle Street | Tues 15 May | 12.30pm | Staff room",
            "Tues 15 May | 12.30pm",
            "The roadshow: Castle Street",
        ),
        ("Dates", "Wed 28 May, 6pm | Open meeting | The hall", "Wed 28 May, 6pm", "Dates: Open meeting"),
        (
            "MEMBERS' MEETING",
            "We will report back to an online meeting for all on Monday 23 May at 7pm.",
            "Monday 23 May at 7pm",
            "Members' meeting",
        ),
        (
            "Meetings",
            "Tues 13 May, 7pm, upstairs at the Arms, Bell Lane",
            "Tues 13 May, 7pm",
            "Meetings: Upstairs at the Arms, Bell Lane",
        ),
        ("", "3 April 12.30", "3 April 12.30", "Meeting"),
    ],
)
def test_a_meeting_is_called_by_what_is_not_its_time(
    heading: str, text: str, phrase: str, title: str
) -> None:
    assert meeting_title(heading, text, phrase) == title


def test_text_is_cut_after_a_whole_word() -> None:
    assert cut_text("one two three", 9) == "one two\u2026"
    assert cut_text("one two", 9) == "one two"


def test_a_meeting_ahead_comes_with_reminders_and_those_of_one_that_is_past_are_not_ticked() -> None:
    ahead, reminders, past, reminders_of_past = proposals(
        meeting(3),
        replace(meeting(1), time=FoundTime("", "Europe/London", starts_wall=datetime(2025, 3, 1, 9))),
    )
    assert (ahead.ticked, reminders.kind, reminders.ticked) == (True, Kind.REMINDERS, True)
    assert reminders.posts is not None
    assert reminders.posts.of == ahead.number
    assert past.ticked
    assert "past" in " ".join(past.doubts)
    assert (reminders_of_past.kind, reminders_of_past.ticked) == (Kind.REMINDERS, False)


def test_a_meeting_without_a_time_cannot_be_ticked() -> None:
    lacking, reminders = proposals(meeting(3, None))
    assert (lacking.standing, lacking.can_tick, reminders.ticked) == (Standing.LACKING, False, False)
    assert "date or the time is missing" in lacking.doubts[-1]


def test_a_meeting_is_known_by_its_instant_and_one_of_the_same_day_is_asked_about() -> None:
    here = Held(
        Known("call", "The call", ""), on=date(2025, 4, 3), starts_at=datetime(2025, 4, 3, 11, 30, tzinfo=UTC)
    )
    found = proposals(meeting(3), campaign={Kind.MEETING: [here]})
    assert [(one.kind, one.standing) for one in found] == [
        (Kind.MEETING, Standing.GAINS),
        (Kind.REMINDERS, Standing.NEW),
    ]
    reminded = proposals(meeting(3), campaign={Kind.MEETING: [replace(here, has_posts=True)]})
    assert [one.kind for one in reminded] == [Kind.MEETING]
    linked = meeting(3, links=(FoundLink("Join", "https://meet.example.org/a"),))
    known = replace(here, known=replace(here.known, wording=linked.text), has_posts=True)
    (gains,) = proposals(linked, campaign={Kind.MEETING: [known]})
    assert gains.standing is Standing.GAINS
    assert "gains its joining link" in gains.doubts[0]
    (other, posts) = proposals(meeting(3, 18), campaign={Kind.MEETING: [here]})
    assert (other.standing, other.ticked, posts.ticked) == (Standing.UNSURE, False, False)
    assert "same day at another time" in other.doubts[-1]


def test_a_meeting_that_repeats_or_was_moved_is_known_too() -> None:
    weekly = ("FREQ=WEEKLY", datetime(2025, 3, 6, 12, 30), "Europe/London")
    series = Held(Known("call", "The call", ""), on=date(2025, 3, 6), repeats=weekly, has_posts=True)
    assert [one.key for one in proposals(meeting(3), campaign={Kind.MEETING: [series]})] == ["call"]
    assert proposals(meeting(4), campaign={Kind.MEETING: [series]})[0].standing is Standing.NEW
    announced = meeting(3)
    moved = Held(Known("m", "Meeting", "", wording=announced.text), on=date(2025, 4, 9), has_posts=True)
    (same,) = proposals(announced, campaign={Kind.MEETING: [moved]})
    assert (same.key, same.standing) == ("m", Standing.SAME)
    vague = replace(moved, known=replace(moved.known, wording="Members' meeting"))
    assert (
        proposals(replace(announced, text="Members' meeting"), campaign={Kind.MEETING: [vague]})[0].key == ""
    )


def test_an_action_offers_a_nudge_which_is_ticked_where_the_text_names_the_day() -> None:
    yellow, nudge, agenda, other = proposals(
        item(ItemKind.ACTION, "Wear yellow, on Mondays and Fridays", 1),
        item(
            ItemKind.ACTION,
            "Ask for it to be on the agenda: Napo: https://napo.example/a",
            2,
            links=(FoundLink("Napo", "https://napo.example/a"),),
        ),
    )
    assert nudge.posts is not None
    assert (nudge.posts.phrase, nudge.ticked, nudge.posts.of) == (
        "every Monday and Friday 8am",
        True,
        yellow.number,
    )
    assert not other.ticked
    assert agenda.summary == "Ask for it to be on the agenda"
    assert [link.url for link in agenda.links] == ["https://napo.example/a"]
    _, unticked = proposals(
        item(ItemKind.ACTION, "Wear yellow on Friday"), around=replace(AROUND, channel_id=None)
    )
    assert not unticked.ticked
    assert "No channel" in unticked.doubts[0]
    held = Held(Known("wear", "Wear yellow", "on Friday", wording="Wear yellow on Friday"), has_posts=True)
    (same,) = proposals(item(ItemKind.ACTION, "Wear yellow on Friday"), campaign={Kind.ACTION: [held]})
    assert same.standing is Standing.SAME


def test_what_a_document_says_twice_is_kept_once() -> None:
    found = proposals(
        item(ItemKind.DEMAND, "A cap on the number of cases for everybody", 1),
        item(ItemKind.DEMAND, "A CAP on the number of cases, for everybody.", 9),
        item(ItemKind.DEMAND, "A cap on the number of big cases for everybody", 12),
    )
    assert [(one.standing, one.first_line) for one in found] == [(Standing.NEW, 1), (Standing.UNSURE, 12)]


def motion(title: str, **more: object) -> Document:
    items = (
        item(ItemKind.CONCERN, "The offices are cold", 3, label="1"),
        item(ItemKind.RESOLUTION, "Heat the offices", 4, label="a"),
        item(ItemKind.RESOLUTION, "Ask again in May", 5, label="b"),
    )
    return replace(
        document(
            *items, kind=DocumentKind.MOTION, dated=date(2023, 6, 5), conference="2023 Conference", **more
        ),
        title=title,
    )


def test_a_motion_is_known_by_its_day_its_conference_and_its_words() -> None:
    (new,) = propose(motion("Cold offices"), {}, AROUND)
    assert new.motion is not None
    assert [point.label for point in new.motion.points] == ["1)", "a)", "b)"]
    held = Held(
        Known("warm", "Heat for the offices", "Offices are cold; heat them."),
        on=date(2023, 6, 5),
        conference="2023 Conference",
        labels=("a)",),
    )
    (known,) = propose(motion("Untitled"), {Kind.MOTION: [held]}, AROUND)
    assert (known.key, known.standing) == ("warm", Standing.GAINS)
    assert known.motion is not None
    assert [point.label for point in known.motion.points] == ["b)"]
    assert "It adds b)." in known.doubts
    for other in (
        replace(held, on=date(2023, 6, 6)),
        replace(held, conference="Annual gathering of something else"),
    ):
        (apart,) = propose(motion("Untitled"), {Kind.MOTION: [other]}, AROUND)
        assert apart.standing is Standing.NEW
    strange = replace(held, known=Known("pay", "Fair pay", "A rise for everybody"))
    (unsure,) = propose(motion("Untitled"), {Kind.MOTION: [strange]}, AROUND)
    assert unsure.standing is Standing.UNSURE


def test_a_retired_demand_says_so() -> None:
    held = Held(Known("cap", "Cap", "", wording="A cap on cases"), position=4, is_over=True)
    (same,) = proposals(item(ItemKind.DEMAND, "A cap on cases"), campaign={Kind.DEMAND: [held]})
    assert same.standing is Standing.SAME
    assert same.known == "demand 4: Cap"
    assert "retired" in same.doubts[0]


def test_posts_go_only_with_what_they_belong_to() -> None:
    found = document(meeting(3), item(ItemKind.LINK, "Here", links=(FoundLink("Here", "https://a.example"),)))
    draft = Draft(
        "id", Origin("bulletin", "News", None, "", "", seen=counts(found)), "", propose(found, {}, AROUND)
    )
    assert found_line(draft) == "1 meeting, 1 link"
    assert [one.kind for one in draft.chosen] == [Kind.MEETING, Kind.REMINDERS]
    without = draft.ticking([2], [1, 2])
    assert without.chosen == ()
    assert fate(without, without.proposals[1]) == "left out, because what it goes with is"
