"""How bulletins introduce what they want and what members can do, in the words of unions that the rules were not made for."""

from datetime import date, datetime

import pytest

from bot.domain.bulletins.model import ItemKind
from bot.domain.bulletins.reading import read_document

TODAY = date(2026, 3, 2)


def told(text: str) -> list[tuple[ItemKind, str]]:
    found = read_document(text, today=TODAY, zone="Europe/London")
    return [(item.kind, item.text) for item in found.items if item.kind is not ItemKind.LINK]


@pytest.mark.parametrize(
    "introduction",
    [
        "Before anyone goes back to work we need from the company:",
        "What it would take to settle this dispute:",
        "We will keep striking until we get:",
        "Our conditions for a settlement are:",
        "At the joint committee we asked management to:",
        "For us a fair deal means:",
        "Our message to the council is simple:",
        "The dispute will be over when the company agrees to:",
        "So what are we asking for? Your reps agreed this list in July:",
        "The Alliance is demanding that Fast Ferries",
    ],
)
def test_what_the_union_wants_is_known_by_many_introductions(introduction: str) -> None:
    found = told(f"Depot news\n\n{introduction}\n\n- Shorter shifts\n- Longer breaks\n")
    assert found == [(ItemKind.DEMAND, "Shorter shifts"), (ItemKind.DEMAND, "Longer breaks")]


@pytest.mark.parametrize(
    "introduction",
    [
        "What the trust told the committee:",
        "The company claims that:",
        "What the deal means:",
        "Management want to:",
    ],
)
def test_what_others_say_is_no_demand_and_no_action(introduction: str) -> None:
    assert told(f"Depot news\n\n{introduction}\n\n- Longer shifts\n- Shorter breaks\n") == []


def test_next_steps_are_actions_where_they_ask_and_news_where_they_tell() -> None:
    asked = told("Depot news\n\nNext steps\n\n- Sign the petition\n- Talk to your neighbour\n")
    news = told(
        "Depot news\n\nNext steps\n\n- The company answers in May\n- Your committee meets the board\n"
    )
    assert asked == [(ItemKind.ACTION, "Sign the petition"), (ItemKind.ACTION, "Talk to your neighbour")]
    assert news == []


def test_requests_in_prose_are_actions_to_be_checked() -> None:
    text = (
        "Depot news\n\nFive minutes to spare? Ask the person at the next desk to join. It costs little. "
        "Stick the poster on your door.\n\nThe trust has written to us. Nothing is settled yet.\n"
    )
    found = read_document(text, today=TODAY, zone="Europe/London")
    assert [item.text for item in found.items] == [
        "Ask the person at the next desk to join. It costs little.",
        "Stick the poster on your door.",
    ]
    assert all(item.doubts for item in found.items)


def test_dates_of_a_ballot_are_no_meetings_but_the_rally_among_them_is() -> None:
    text = (
        "Depot news\n\nKEY DATES\n\n- Mon 9 March, noon: ballot papers go out\n- Weds 18 March, 5pm: ask for another\n"
        "- Fri 20 March, 6pm: rally at the Town Hall\n- Members' meeting: date TBC\n"
    )
    found = read_document(text, today=TODAY, zone="Europe/London")
    meetings = [(item.time.starts_wall, item.text) for item in found.items if item.time]
    assert meetings == [
        (datetime(2026, 3, 20, 18), "Fri 20 March, 6pm: rally at the Town Hall"),
        (None, "Members' meeting: date TBC"),
    ]


def test_a_notice_gives_its_meeting_and_the_motion_that_it_carries() -> None:
    text = (
        "NOTICE OF GENERAL MEETING\n\nThe meeting will be held on Thursday 12 March 2026 at 6pm in the Town Hall.\n\n"
        "AGENDA\n\n1. Apologies\n2. Motions\n\nMotion 1 - Parking\n\nThis branch notes:\n\na) the new charges\n\n"
        "This branch resolves:\n\na) to refuse them\n\nProposed: the committee\n\nTea will be served.\n"
    )
    assert told(text) == [
        (ItemKind.MEETING, "The meeting will be held on Thursday 12 March 2026 at 6pm in the Town Hall."),
        (ItemKind.NOTE, "the new charges"),
        (ItemKind.RESOLUTION, "to refuse them"),
    ]
