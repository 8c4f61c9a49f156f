"""The campaign's own five documents, item by item: what must come out, where it stands, and what is said to be unsure."""

from collections import Counter
from datetime import date, datetime
from functools import cache
from pathlib import Path

import pytest

from bot.domain.bulletins.model import Document, DocumentKind, ItemKind
from bot.domain.bulletins.reading import read_document

DOCUMENTS = Path(__file__).parents[2].parent / "shared" / "campaign"
pytestmark = pytest.mark.skipif(
    not DOCUMENTS.is_dir(), reason=f"the campaign's documents are not at {DOCUMENTS}"
)
LONDON = "Europe/London"
TODAY = date(2025, 3, 27)

DEMAND, AIM, MEETING, ACTION = ItemKind.DEMAND, ItemKind.AIM, ItemKind.MEETING, ItemKind.ACTION
LINK, NOTE, CONCERN, RESOLUTION = ItemKind.LINK, ItemKind.NOTE, ItemKind.CONCERN, ItemKind.RESOLUTION

DEMANDS = [
    "An immediate and complete end of",
    "A preview of the business case",
    "That employer acknowledges that the WMT",
    "Agreement on the total number of",
    "The suspension of capability proceedings",
    "The suspension of all Sickness Absence",
    "An immediate review of the current",
    "An immediate review of the Prioritisation",
    "Urgent agreement between HMPPS and",
    "A moratorium on the introduction",
    "Performance targets to take second",
    "Negotiation on the role of AI",
]
ITEMS: dict[str, list[tuple[ItemKind, str, str, int, int]]] = {
    "bulletin-1": [
        *((DEMAND, "", words, line, line) for line, words in enumerate(DEMANDS, start=30)),
        (MEETING, "", "As part of the joint unions", 51, 51),
    ],
    "bulletin-2": [
        (AIM, "", "A strategic workload reduction", 9, 9),
        (AIM, "", "A safe workloads and case", 10, 10),
        (AIM, "", "High quality supervision", 11, 11),
        (AIM, "", "An employer pledge to prevent", 12, 12),
        (AIM, "", "An employee care agreement", 13, 13),
        *((DEMAND, "", words, line, line) for line, words in enumerate(DEMANDS, start=19)),
        (MEETING, "", "NEXT ALL MEMBERS\u2019 MEETING THURSDAY 3rd APRIL", 32, 32),
        (ACTION, "", "Wear Yellow at Work, especially", 41, 41),
        (ACTION, "", "Use the Operation Protect Logo", 42, 45),
        (LINK, "", "Napo", 43, 43),
        (LINK, "", "UNISON", 44, 44),
        (ACTION, "", "Ask for Operation Protect", 46, 46),
    ],
    "motion-2014-privatisation": [
        (NOTE, "", "Conference condemns", 9, 9),
        (NOTE, "", "The break-up of probation services", 11, 11),
        (NOTE, "", "Conference believes that the Government", 13, 13),
        (NOTE, "", "Conference notes reports in", 15, 15),
        (NOTE, "", "Conference also notes with concern", 17, 17),
        (NOTE, "", "Conference believes that probation", 19, 19),
        (NOTE, "", "Conference asserts that a public", 21, 21),
        (RESOLUTION, "1", "Work with branches, service groups", 25, 25),
        (RESOLUTION, "2", "Work with the political funds", 27, 27),
        (RESOLUTION, "3", "Work with branches and regions", 29, 29),
        (RESOLUTION, "4", "Work with Labour Link", 31, 31),
        (RESOLUTION, "5", "Work with stakeholders", 33, 33),
    ],
    "motion-2023-one-hmpps": [
        (NOTE, "", "Conference notes the plans", 7, 7),
        (NOTE, "", "The proposals would see the 11", 8, 8),
        (CONCERN, "1", "UNISON members working in probation", 10, 10),
        (CONCERN, "2", "The independence of the current", 11, 11),
        (CONCERN, "3", "Probation\u2019s identity and independence", 12, 12),
        (CONCERN, "4", "The creation of 6 HMPPS", 13, 13),
        (CONCERN, "5", "The proposal to create an Area", 14, 14),
        (CONCERN, "6", "The priority for probation", 15, 15),
        (RESOLUTION, "a", "Liaise with our sister probation", 17, 17),
        (RESOLUTION, "b", "Seek to protect the existing", 18, 18),
        (RESOLUTION, "c", "Seek to oppose any damage", 19, 19),
        (RESOLUTION, "d", "Work via UNISON Labour Link", 20, 20),
    ],
    "motion-2023-workloads": [
        (CONCERN, "1", "Probation is full. Caseloads", 8, 8),
        (CONCERN, "2", "A recruitment and Retention Crisis", 9, 9),
        (CONCERN, "3", "Probation isn\u2019t working because", 10, 10),
        (CONCERN, "4", "The Workload Measurement Tool shows", 11, 11),
        (RESOLUTION, "a", "Work with our sister Trade Unions", 13, 13),
    ],
}


@cache
def read(name: str, today: date = TODAY) -> Document:
    text = (DOCUMENTS / f"{name}.txt").read_text(encoding="utf-8")
    return read_document(text, today=today, zone=LONDON)


@pytest.mark.parametrize("name", ITEMS)
def test_each_item_is_found_where_it_stands_and_nothing_else(name: str) -> None:
    found = [
        (item.kind, item.label, item.text, item.place.first_line, item.place.last_line)
        for item in read(name).items
    ]
    expected = ITEMS[name]
    told = [
        (kind, label, text[: len(words)], first, last)
        for (kind, label, text, first, last), (_, _, words, _, _) in zip(found, expected, strict=False)
    ]
    assert told == expected
    assert len(found) == len(expected)


def test_what_each_document_is() -> None:
    told = {
        name: (
            document.kind,
            document.title,
            document.dated,
            document.conference,
            document.decision,
            document.calls_on,
        )
        for name in ITEMS
        for document in [read(name)]
    }
    conference = "2023 Police & Justice Service Group Conference"
    motion, bulletin = DocumentKind.MOTION, DocumentKind.BULLETIN
    assert told == {
        "bulletin-1": (bulletin, "THIS CHANGES EVERYTHING!", None, "", "", ""),
        "bulletin-2": (bulletin, "Bulletin #2", None, "", "", ""),
        "motion-2014-privatisation": (
            motion,
            "Stop Probation Privatisation",
            date(2014, 2, 25),
            "2014 National Delegate Conference",
            "Carried as Amended",
            "National Executive Council",
        ),
        "motion-2023-one-hmpps": (
            motion,
            conference,
            date(2023, 6, 5),
            conference,
            "Carried",
            "Service Group Executive",
        ),
        "motion-2023-workloads": (
            motion,
            conference,
            date(2023, 6, 6),
            conference,
            "Carried",
            "Service Group Executive",
        ),
    }
    for name in ("motion-2023-one-hmpps", "motion-2023-workloads"):
        assert read(name).doubts == ("The text has no title: please give the motion one.",)


@pytest.mark.parametrize("today", [date(2025, 3, 27), date(2025, 4, 4), date(2026, 11, 23)])
def test_the_members_meeting_is_on_thursday_3_april_2025_whenever_the_bulletin_is_read(today: date) -> None:
    (meeting,) = read("bulletin-2", today).of_kind(MEETING)
    assert meeting.time is not None
    assert meeting.time.starts_wall == datetime(2025, 4, 3, 12, 30)
    assert meeting.time.ends_wall is None
    assert meeting.time.zone == LONDON
    assert meeting.time.phrase == "THURSDAY 3rd APRIL \u2013 12.30PM"
    assert meeting.links == ()
    assert meeting.doubts == ("The link is not in the text: add it when you have it.",)


def test_a_promised_meeting_says_that_there_is_no_date_yet() -> None:
    (meeting,) = read("bulletin-1").of_kind(MEETING)
    assert meeting.time is not None
    assert (meeting.time.day, meeting.time.starts_wall) == (None, None)
    assert meeting.doubts == ("There is no date yet: details are to follow.",)
    assert meeting.heading == "MEMBER BRIEFINGS"


def test_bulletin_2_tells_when_the_campaign_began_and_what_belongs_to_the_logo() -> None:
    document = read("bulletin-2")
    assert document.launched_on == date(2023, 6, 26)
    logo = document.of_kind(ACTION)[1]
    urls = [
        "https://www.napo.org.uk/operation-protect",
        "https://www.unison.org.uk/at-work/police-and-justice-staff/key-issues/operation-protect/",
    ]
    assert [link.url for link in logo.links] == urls
    assert logo.text.endswith("Or just pick a plain yellow background for any other meetings")
    assert [item.links[0].url for item in document.of_kind(LINK)] == urls


def test_the_same_demands_have_the_same_words_in_both_bulletins_but_for_full_stops() -> None:
    first = [item.text.rstrip(".") for item in read("bulletin-1").of_kind(DEMAND)]
    second = [item.text.rstrip(".") for item in read("bulletin-2").of_kind(DEMAND)]
    assert first == second


def test_signatures_captions_and_buttons_are_left_out() -> None:
    for name in ITEMS:
        document = read(name)
        everything = document.body + "".join(item.text for item in document.items)
        for words in (
            "General Secretary",
            "signature",
            "Description",
            "Share this",
            "Back to all",
            "</p>",
            "\u00a0",
        ):
            assert words not in everything, (name, words)


def test_the_counts_are_those_of_the_campaign_s_own_list() -> None:
    counts = {name: Counter(item.kind.value for item in read(name).items) for name in ITEMS}
    assert counts["bulletin-1"] == {"demand": 12, "meeting": 1}
    assert counts["bulletin-2"] == {"aim": 5, "demand": 12, "meeting": 1, "action": 3, "link": 2}
    assert counts["motion-2023-one-hmpps"] == {"note": 2, "concern": 6, "resolution": 4}
    assert counts["motion-2023-workloads"] == {"concern": 4, "resolution": 1}
    assert counts["motion-2014-privatisation"]["resolution"] == 5
