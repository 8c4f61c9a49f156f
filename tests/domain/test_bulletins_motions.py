"""The manners in which motions are written: each a small text, with everything that is to be found in it."""

from datetime import date

import pytest

from bot.domain.bulletins.model import DocumentKind
from tests.domain.reading_words import read, told


def test_a_branch_motion_with_headings() -> None:
    found = read(
        """
        Motion 14
        DEFEND THE RIGHT TO STRIKE

        This Branch notes:
        1. That employers use agency workers
           to break strikes.

        This Branch believes:
        i) That the right to strike is a human right.

        This Branch resolves:
        1. To send a delegation to the demonstration on Saturday 16 May 2026.
        2. To instruct the Secretary to:
           a) write to local MPs;
           b) report back.

        Proposed by: Somebody
        Seconded: Another
        CARRIED unanimously
        """
    )
    assert (found.kind, found.title) == (DocumentKind.MOTION, "DEFEND THE RIGHT TO STRIKE")
    assert found.decision == "CARRIED unanimously"
    assert found.doubts == ("The text bears no date.",)
    assert told(found) == [
        "note 1: That employers use agency workers to break strikes.",
        "note i: That the right to strike is a human right.",
        "resolution 1: To send a delegation to the demonstration on Saturday 16 May 2026.",
        "resolution 2: To instruct the Secretary to: write to local MPs; report back.",
    ]


def test_a_composite_with_concerns_resolutions_in_a_sentence_and_an_amendment() -> None:
    found = read(
        """
        TUC Congress, 9 September 2025
        Composite 07
        Public transport for people

        Congress welcomes the Act of 2024.
        Congress is gravely concerned that:
        \u2022 bus ridership has fallen;
        \u2022 fares have risen.

        Congress therefore calls on the Government to (i) end outsourcing; (ii) fund free travel.

        Congress instructs the General Council to organise a lobby of Parliament.

        Mover: National Union of Somewhere
        Seconder: Another Union

        AMENDMENT
        Add at end: "and to report back"

        Remitted
        """
    )
    assert told(found) == [
        "note: Congress welcomes the Act of 2024.",
        "concern: bus ridership has fallen",
        "concern: fares have risen.",
        "resolution i: end outsourcing",
        "resolution ii: fund free travel.",
        "resolution: Congress instructs the General Council to organise a lobby of Parliament.",
    ]
    assert (found.title, found.conference) == ("Public transport for people", "TUC Congress")
    assert (found.dated, found.decision, found.calls_on) == (date(2025, 9, 9), "Remitted", "Government")
    assert found.doubts == (
        "An amendment stands below the motion: it is not read, so check whether it was carried.",
    )


@pytest.mark.parametrize(
    ("line", "decision"),
    [
        ("Decision: Carried", "Carried"),
        ("Carried as Amended", "Carried as Amended"),
        ("LOST", "LOST"),
        ("Remitted to the NEC", "Remitted to the NEC"),
        ("*Passed nem con, 14 October 2025*", "Passed nem con"),
        ("Status: Withdrawn", "Withdrawn"),
    ],
)
def test_what_was_decided(line: str, decision: str) -> None:
    found = read(
        f"AGM 2026 - Motion 3 - Facility time\n\nAGM notes the cuts.\n\nAGM resolves:\n\n1. To fight.\n\n{line}\n"
    )
    assert (found.kind, found.title, found.decision) == (DocumentKind.MOTION, "Facility time", decision)
    assert told(found) == ["note: AGM notes the cuts.", "resolution 1: To fight."]


def test_what_is_unsure_of_a_motion_is_said() -> None:
    several = read(
        "Conference notes the cuts.\n\nConference resolves to fight.\n\nMotion 12\n\nConference notes rain.\n"
    )
    assert several.doubts == (
        "The text has no title: please give the motion one.",
        "The text does not say what was decided.",
        "The text bears no date.",
        "There seem to be several motions in this document: import them one by one.",
    )
    assert "I found no resolutions in it." in read("Motion: Rain\n\nConference notes the rain.").doubts


def test_remarks_below_a_motion_are_no_resolutions() -> None:
    found = read(
        """
        Motion A12: Climate jobs

        This conference further notes with alarm that there is no plan.

        This conference resolves to:

        1. Campaign for jobs

        Words: 142
        Proposed: A Branch
        EC recommendation: Support
        Result: CARRIED
        """
    )
    assert told(found) == [
        "note: This conference further notes with alarm that there is no plan.",
        "resolution 1: Campaign for jobs",
    ]
    assert (found.title, found.decision) == ("Motion A12: Climate jobs", "CARRIED")


def test_a_body_that_is_named_once_and_one_that_is_instructed() -> None:
    found = read(
        """
        MOTION 9
        AI in public services

        Annual Conference:

        Recognises that AI is coming without consultation;

        Is deeply concerned about the surveillance of members;

        Calls upon the NEC to:

        (a) negotiate an agreement; and
        (b) report to Conference 2027.
        """
    )
    assert (found.title, found.calls_on) == ("AI in public services", "NEC")
    assert told(found) == [
        "note: Recognises that AI is coming without consultation",
        "note: Is deeply concerned about the surveillance of members",
        "resolution a: negotiate an agreement",
        "resolution b: report to Conference 2027.",
    ]
    passive = read(
        "Resolution 4 - Fair funding\n\nThe National Committee is instructed to:\n\n1. Campaign.\n2. Work.\n\nCarried"
    )
    assert (passive.title, passive.calls_on, passive.decision) == (
        "Fair funding",
        "National Committee",
        "Carried",
    )
    assert told(passive) == ["resolution 1: Campaign.", "resolution 2: Work."]
