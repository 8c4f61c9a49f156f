"""The edges of reading documents: each of these is a small change of the program that no other test noticed."""

import io
from dataclasses import replace
from datetime import UTC, date, datetime

import docx
import pytest
from docx.oxml import parse_xml
from docx.oxml.ns import nsdecls

from bot.domain.bulletins.files import FileKind, check_size, text_from
from bot.domain.bulletins.held import Circumstances, Held
from bot.domain.bulletins.matching import Known
from bot.domain.bulletins.model import DocumentKind, ItemKind
from bot.domain.bulletins.proposals import Kind, carried
from bot.domain.bulletins.proposing import propose
from bot.domain.bulletins.reading import read_document
from bot.domain.problems import BadInput
from tests.documents import pdf
from tests.domain.reading_words import LONDON, read, told

# Lists and what belongs to them

SHORT_LINES = ["demand: Safe staffing", "demand: No redundancies", "demand: A shorter week"]


def test_a_list_goes_on_with_the_next_number_after_a_sentence_between() -> None:
    found = read(
        "Ward news\n\nWe demand:\n\n1. Pay\n2. Rest\n\nManagement has not replied so far.\n\n3. A shorter week\n"
    )
    assert told(found) == ["demand 1: Pay", "demand 2: Rest", "demand 3: A shorter week"]


def test_what_stands_under_a_smaller_heading_is_for_the_same_as_what_the_larger_one_says() -> None:
    found = read(
        "# Depot news\n\n## Our demands\n\n### Pay\n\n- Ten per cent for all\n\n### Hours\n\n- Four late shifts\n"
    )
    assert told(found) == ["demand: Ten per cent for all", "demand: Four late shifts"]


def test_a_point_of_a_circular_that_asks_members_keeps_its_number() -> None:
    found = read(
        "Depot news\n\n1. The office is shut.\n2. Members are asked to send their rotas.\n3. The kettle works.\n"
    )
    assert told(found) == ["action 2: Members are asked to send their rotas."]


def test_points_under_a_short_numbered_word_have_both_labels() -> None:
    found = read(
        "We demand:\n\n1. Pay:\n   a) Ten per cent\n   b) A night supplement\n2. Hours:\n   - Four late shifts\n"
    )
    assert [(item.label, item.heading) for item in found.items] == [
        ("1a", "Pay"),
        ("1b", "Pay"),
        ("", "Hours"),
    ]


def test_points_of_a_sentence_keep_their_numbers() -> None:
    found = read(
        "Care news\n\nWe call on the council to: 1. fund the rise; 2. hire more; and 3. pay them well."
    )
    assert told(found) == ["demand 1: fund the rise", "demand 2: hire more", "demand 3: pay them well."]


def test_a_list_without_bullets_may_begin_below_an_empty_line() -> None:
    found = read("Care news\n\nWe demand:\n\nSafe staffing\nNo redundancies\nA shorter week\n")
    assert told(found) == SHORT_LINES


@pytest.mark.parametrize("heading", ["OUR DEMANDS", "Our demands"])
def test_short_lines_that_each_stand_alone_under_our_demands_are_demands(heading: str) -> None:
    found = read(f"{heading}\n\nSafe staffing\n\nNo redundancies\n\nA shorter week\n")
    assert told(found) == SHORT_LINES


def test_a_line_in_capitals_below_such_lines_is_a_heading_again() -> None:
    found = read(
        "OUR DEMANDS\n\nSafe staffing\n\nNo redundancies\n\nA shorter week\n\nTHE COMPANY\n\nIts profits rose.\n"
    )
    assert told(found) == SHORT_LINES


def test_the_first_of_the_lines_of_a_list_without_bullets_is_a_short_one() -> None:
    for length, count in ((89, 2), (90, 0)):
        found = read(f"Care news\n\nWe demand:\n\nRest{' day' * 21}{'s' * (length - 88)}\nNo late shifts\n")
        assert len(found.items) == count


def test_a_number_far_above_some_words_is_not_theirs() -> None:
    near, far = (f"We demand:\n\n1.{below}A shorter week for all\n" for below in ("\n\n", "\n\n\n"))
    assert told(read(near)) == ["demand 1: A shorter week for all"]
    assert told(read(far)) == []


def test_paragraphs_that_begin_with_small_letters_do_not_make_lines_into_one() -> None:
    found = read(
        """
        the branch met on Tuesday

        and it had a good deal to say

        We demand:
        Safe staffing on every shift, day and night
        No compulsory redundancies in any department
        """
    )
    assert told(found) == [
        "demand: Safe staffing on every shift, day and night",
        "demand: No compulsory redundancies in any department",
    ]


def test_one_long_address_does_not_hide_where_the_lines_of_a_long_document_were_broken() -> None:
    points = "- A rise for everybody who works at the\n  depot\nand in the yards of the whole region\n\n" * 20
    found = read(f"We demand:\n\n{points}https://union.example/{'a' * 130}\n")
    assert found.items[0].text.endswith("works at the depot and in the yards of the whole region")


# Headings, and what is left out


@pytest.mark.parametrize(("last", "shown"), [("deck", True), ("deck today", False)])
def test_a_heading_has_up_to_eleven_words(last: str, *, shown: bool) -> None:
    words = f"What every one of us can see from the top {last}"
    found = read(f"# Bus news\n\n{words}\n\nThe pictures are at https://union.example/deck for you.\n")
    assert found.items[-1].heading == (words if shown else "Bus news")


def test_a_title_in_capitals_has_up_to_three_lines() -> None:
    found = read("NEWS AND NOTES\nFROM THE BRANCH\nFOR THE DEPOT\nAND THE YARD\n\nThank you for a fine year.")
    assert found.title == "NEWS AND NOTES FROM THE BRANCH FOR THE DEPOT"


def test_what_stands_under_a_closing_is_left_out_until_the_next_heading() -> None:
    found = read(
        "Thank you all.\n\nWith best wishes\n\nyour reps at the depot\n\nTAKE ACTION NOW\n\n- Wear the badge\n"
    )
    assert "your reps" not in found.body
    assert told(found) == ["action: Wear the badge"]


def test_a_running_head_is_left_out_however_many_empty_lines_part_it_from_the_page_number() -> None:
    found = read("Depot news and notes\n\nIt is open.\n\nPage 1\n\n\n\n\nDepot news and notes\n\nIt is warm.")
    assert found.body == "Depot news and notes\n\nIt is open.\n\nIt is warm."


def test_letters_that_are_printed_as_one_are_read_as_several() -> None:
    found = read("We demand:\n\n- a \ufb02oor that is dry\n- an end to ba\ufb04ing rotas\n")
    assert told(found) == ["demand: a floor that is dry", "demand: an end to baffling rotas"]


# Tables


def test_two_spaces_after_full_stops_make_no_table_of_indented_lines() -> None:
    found = read(
        "Ward news\n\n    We met the board.  They said no.\n    We asked them to.  They left us.\n\nBye.\n"
    )
    assert "|" not in found.body
    assert "We met the board. They said no." in found.body


def test_a_column_that_only_the_head_of_a_table_and_one_row_fill_is_one() -> None:
    found = read(
        """
        Day                 Time                Place
        Monday 4 May        6pm
        Tuesday 5 May       7pm                     Hall
        """
    )
    assert found.body.endswith("Tuesday 5 May | 7pm | Hall")


# Links


def test_each_of_the_things_that_a_paragraph_asks_for_has_its_own_links() -> None:
    found = read(
        "TAKE ACTION NOW\n\nSign the petition this week at https://union.example/petition today. "
        "Write to your councillor with the help of [our letter](https://union.example/letter) as well.\n"
    )
    actions = [[link.url for link in item.links] for item in found.of_kind(ItemKind.ACTION)]
    assert actions == [["https://union.example/petition"], ["https://union.example/letter"]]


def test_an_address_without_words_before_it_is_called_by_the_words_behind_it() -> None:
    found = read("Ward news\n\nhttps://union.example/rota shows the new rota for all of us.\n")
    assert told(found) == ["link: shows the new rota for all of us. <https://union.example/rota>"]


def test_the_list_of_addresses_at_the_foot_is_not_shown_as_words() -> None:
    found = read("Ward news\n\nRead [our letter][one] again.\n\n[one]: https://union.example/letter\n")
    assert found.body == "Ward news\n\nRead our letter again."


@pytest.mark.parametrize(
    ("text", "link"),
    [
        ("Read our letter [1] again.\n\n[1]: {url}", "Read our letter <{url}>"),
        ("Read [our letter] again.\n\n[Our letter]: {url}", "our letter <{url}>"),
        ("Our letter [2] [1]\n\n[1]: {url}", "Our letter [2] <{url}>"),
        ("It is out.\n\n[1]: {url}", "union.example/letter <{url}>"),
        ("It is out.\n\n[Our letter]: {url}", "Our letter <{url}>"),
    ],
)
def test_no_address_at_the_foot_is_lost_however_the_text_refers_to_it(text: str, link: str) -> None:
    url = "https://union.example/letter"
    found = read(f"Ward news\n\n{text.format(url=url)}\n")
    assert told(found) == [f"link: {link.format(url=url)}"]


# Days and times


def test_a_time_may_be_the_first_word_of_a_meeting() -> None:
    found = read("Ward news\n\n7pm Thursday 5 March: members' meeting in the hall\n")
    assert told(found) == ["meeting: 2026-03-05 19:00"]


def test_a_day_soon_after_the_season_on_a_bulletin_is_no_guess() -> None:
    found = read("Ward news, Spring 2026\n\nThere is a members' meeting on 10 March at 6pm in the canteen.\n")
    assert told(found) == ["meeting: 2026-03-10 18:00"]
    assert found.items[0].doubts == ()


def test_a_day_that_is_a_monday_in_no_year_around_is_in_the_nearest_in_which_it_is_one() -> None:
    text = "There is a members' meeting on Monday 5 January at 6pm in the canteen."
    (meeting,) = read_document(text, today=date(2020, 12, 14), zone=LONDON).items
    assert meeting.time is not None
    assert meeting.time.day == date(2026, 1, 5)
    assert "2026 is the nearest in which this day is a Monday" in meeting.doubts[0]


# Motions

MOTION = """
Motion 4
Facility time

This branch notes:
1. That reps have no time.

This branch resolves:
1. To ask for time.
"""


def test_the_day_of_a_motion_is_not_one_that_an_amendment_mentions() -> None:
    found = read(f"{MOTION}\nAMENDMENT\n\nInsert: no hour since 3 May 2024.\n\nDate: 12 May 2025\n")
    assert found.dated == date(2025, 5, 12)


def test_the_word_motion_above_its_first_sentence_does_not_make_that_its_title() -> None:
    found = read(
        "Rest\n\nMotion:\n\nThis branch notes that reps are tired.\n\nThis branch resolves to ask for rest."
    )
    assert found.title == "Rest"
    assert [item.kind for item in found.items] == [ItemKind.NOTE, ItemKind.RESOLUTION]


def test_a_title_of_two_words_may_stand_before_the_day() -> None:
    found = read(MOTION.replace("Motion 4\nFacility time", "Facility time, 12 May 2025"))
    assert (found.title, found.dated) == ("Facility time", date(2025, 5, 12))


def test_a_sentence_of_eight_words_that_begins_with_resolves_is_resolved() -> None:
    found = read(
        "Motion 5: Notice of rotas\n\nThis branch notes that the rota changes every week without any notice.\n\n"
        "Resolves to ask for four weeks of notice.\n"
    )
    assert [item.kind for item in found.items] == [ItemKind.NOTE, ItemKind.RESOLUTION]


@pytest.mark.parametrize(
    "news",
    ["This branch notes with anger that the canteen is shut.", "Motion 4 goes to the conference in June."],
)
def test_news_that_sound_once_like_a_motion_are_a_bulletin(news: str) -> None:
    found = read(f"Ward news\n\n{news}\n\nWe demand:\n\n- a canteen that is open\n- a warm meal at night\n")
    assert found.kind is DocumentKind.BULLETIN
    assert told(found) == ["demand: a canteen that is open", "demand: a warm meal at night"]


# What an import does


def test_reminders_of_a_meeting_that_is_in_the_diary_by_now_are_not_those_that_were_left_out() -> None:
    document = read("There is a members' meeting on Thursday 5 March 2026 at 6pm in the canteen.")
    around = Circumstances(datetime(2026, 3, 2, 8, tzinfo=UTC), LONDON, 77)
    meeting, reminders = propose(document, {}, around)
    in_diary = Held(
        Known("call", "The call", ""), on=date(2026, 3, 5), starts_at=datetime(2026, 3, 5, 18, tzinfo=UTC)
    )
    decided = (meeting, replace(reminders, ticked=False))
    assert [one.ticked for one in carried(decided, propose(document, {}, around))] == [True, False]
    anew = propose(document, {Kind.MEETING: [in_diary]}, around)
    assert [one.ticked for one in carried(decided, anew)] == [True, True]


# Files


def test_a_file_of_exactly_five_megabytes_is_read_and_one_byte_more_is_too_large() -> None:
    check_size(5_000_000)
    with pytest.raises(BadInput, match="too large"):
        check_size(5_000_001)


def test_a_word_list_that_takes_its_labels_from_a_style_has_them() -> None:
    document = docx.Document()
    document.styles.element.append(
        parse_xml(
            f'<w:style {nsdecls("w")} w:type="numbering" w:styleId="UnionList"><w:name w:val="Union list"/>'
            '<w:pPr><w:numPr><w:numId w:val="81"/></w:numPr></w:pPr></w:style>'
        )
    )
    numbering = document.part.numbering_part.element
    levels = '<w:lvl w:ilvl="0"><w:numFmt w:val="lowerLetter"/><w:lvlText w:val="%1)"/></w:lvl>'
    for number, inside in ((80, '<w:numStyleLink w:val="UnionList"/>'), (81, levels)):
        numbering.insert(
            0, parse_xml(f'<w:abstractNum {nsdecls("w")} w:abstractNumId="{number}">{inside}</w:abstractNum>')
        )
        numbering.append(
            parse_xml(f'<w:num {nsdecls("w")} w:numId="{number}"><w:abstractNumId w:val="{number}"/></w:num>')
        )
    for text in ("Ten per cent", "A shorter week"):
        place = '<w:pPr><w:numPr><w:ilvl w:val="0"/><w:numId w:val="80"/></w:numPr></w:pPr>'
        document.element.body.insert_element_before(
            parse_xml(f"<w:p {nsdecls('w')}>{place}<w:r><w:t>{text}</w:t></w:r></w:p>"), "w:sectPr"
        )
    file = io.BytesIO()
    document.save(file)
    assert text_from(FileKind.WORD, file.getvalue()) == "a) Ten per cent\nb) A shorter week\n"


Written = tuple[float, float, str]


def text_of_page(*lines: Written, link: tuple[float, float, float, float, str] | None = None) -> str:
    page = pdf.Page()
    for left, height, text in lines:
        page.line(left, height, text)
    return text_from(FileKind.PDF, pdf.write([page], [link] if link else []))


def table(top: float, lefts: tuple[float, ...], *rows: str) -> list[Written]:
    """The cells of a table; each row is told as it is read."""
    return [
        (left, top - 14 * place, cell)
        for place, row in enumerate(rows)
        for left, cell in zip(lefts, row.split(" | "), strict=True)
    ]


def test_a_pdf_in_which_many_letters_cannot_be_read_is_refused() -> None:
    assert "Pay and rest" in text_of_page((50, 700, "Pay and rest and a day off for all \x03"))
    with pytest.raises(BadInput, match="only a screen or a printer understands"):
        text_of_page((50, 700, "Pay and rest \x03\x04\x05"))


def test_a_mail_address_behind_words_of_a_pdf_is_not_written_out() -> None:
    area = (50, 695, 120, 712, "mailto:branch@union.example")
    assert text_of_page((50, 700, "Write to us today"), link=area) == "Write to us today\n"


def test_the_cells_of_a_narrow_table_in_a_pdf_stay_apart() -> None:
    rows = ("Day | Time | Place", "Mon 4 May | 6pm | Hall", "Tue 5 May | 7pm | Yard")
    assert text_of_page(*table(700, (50, 125, 175), *rows)).splitlines() == [*rows]


def test_a_table_close_below_the_columns_of_a_pdf_is_read_row_by_row() -> None:
    left, right = (
        [f"{side} {line} of a text that fills its column" for line in range(8)] for side in ("one", "other")
    )
    rows = ("Monday 4 May | 6pm | Hall", "Tuesday 5 May | 7pm | Yard")
    columns = [*table(700, (50,), *left), *table(700, (320,), *right)]
    text = text_of_page(*columns, *table(578, (50, 320, 440), *rows))
    assert [line for line in text.splitlines() if line] == [*left, *right, *rows]


def test_links_of_a_pdf_lie_where_its_page_begins() -> None:
    page = pdf.Page()
    page.line(140, 700, "Sign the petition today")
    data = pdf.write([page], [(140, 695, 210, 712, "https://union.example/sign")])
    moved = data.replace(b"/MediaBox [0 0 595 842]", b"/MediaBox[90 0 685 842]")
    assert text_from(FileKind.PDF, moved) == "Sign the petition (https://union.example/sign) today\n"
