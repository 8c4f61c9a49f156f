"""The manners in which bulletins are written: each a small text, with everything that is to be found in it."""

from datetime import date

import pytest

from tests.domain.reading_words import read, told

DEMANDS = ["demand 1: Safe staffing on every shift", "demand 2: No compulsory redundancies"]
BULLETED = ["demand: Safe staffing on every shift", "demand: No compulsory redundancies"]


@pytest.mark.parametrize(
    "introduction",
    [
        "We demand:",
        "Our demands are:",
        "Our claim is for:",
        "The union is seeking:",
        "The unions are now calling for the following:",
        "We are calling on the Trust to deliver:",
        "Key asks",
        "WHAT WE WANT",
        "The joint trade unions' pay claim for 2026 is for:",
        "So we have written to the board, calling for:",
        "Management has refused to talk. We therefore demand:",
        "Our red lines",
        "**What we're asking the council for**",
        "## The demands",
        "UNISON is demanding:",
        "The employer must now agree to:",
        "After a meeting at which the company refused to move, the stewards agreed these demands:",
        "We, the staff of the college, call for:",
    ],
)
def test_demands_are_known_by_what_introduces_them(introduction: str) -> None:
    text = (
        f"Ward news\n\n{introduction}\n\n1. Safe staffing on every shift;\n2. No compulsory redundancies.\n"
    )
    assert told(read(text))[0] == DEMANDS[0]
    assert told(read(text))[1].startswith(DEMANDS[1])
    assert len(read(text).items) == 2


@pytest.mark.parametrize(
    "introduction",
    [
        "Management has offered:",
        "The employer is demanding:",
        "The council's position is:",
        "Background",
        "We have already won:",
        "HMPPS wants:",
        "The survey found:",
        "Ministers have told us that they intend:",
        "At the meeting we will discuss:",
        "Why we are in dispute",
    ],
)
def test_what_the_employer_wants_and_what_is_won_are_no_demands(introduction: str) -> None:
    assert read(f"Ward news\n\n{introduction}\n\n- Longer shifts\n- Fewer breaks\n").items == ()


@pytest.mark.parametrize(
    ("introduction", "kind"),
    [
        ("Our aims are:", "aim"),
        ("The objectives of the campaign are to:", "aim"),
        ("What we want to achieve", "aim"),
        ("CAMPAIGN GOALS", "aim"),
        ("What you can do", "action"),
        ("TAKE ACTION", "action"),
        ("If you can, please also:", "action"),
        ("Members are asked to:", "action"),
        ("How you can help", "action"),
        ("Get involved!", "action"),
        ("We are calling on all members to:", "action"),
        ("In the meantime, union members are continued to encourage to:", "action"),
    ],
)
def test_aims_and_actions_are_known_by_what_introduces_them(introduction: str, kind: str) -> None:
    found = read(f"Ward news\n\n{introduction}\n\n- keep every ward open\n- stand together\n")
    assert told(found) == [f"{kind}: keep every ward open", f"{kind}: stand together"]


@pytest.mark.parametrize(
    "bullets",
    [
        "- ",
        "* ",
        "\u2013 ",
        "\u2022 ",
        "\u2022",
        "\u25e6 ",
        "\u25aa ",
        "\u25cf\t",
        "\u2023 ",
        "o ",
        "\u00b7 ",
        "\uf0b7 ",
        "  \u2022\u00a0",
        "\u27a2 ",
        "> ",
    ],
)
def test_bullets_of_every_sort(bullets: str) -> None:
    text = f"We demand:\n\n{bullets}Safe staffing on every shift\n{bullets}No compulsory redundancies\n"
    assert told(read(text)) == BULLETED


@pytest.mark.parametrize(
    ("numbers", "labels"),
    [
        ("1. 2. 3.", "1 2 3"),
        ("1) 2) 3)", "1 2 3"),
        ("(1) (2) (3)", "1 2 3"),
        ("(i) (ii) (iii)", "i ii iii"),
        ("a. b. c.", "a b c"),
        ("A) B) C)", "a b c"),
        ("1.1 1.2 1.3", "1.1 1.2 1.3"),
        ("\u2022 1)|\u2022 2)|\u2022 3)", "1 2 3"),
        ("Demand 1:|Demand 2:|Demand 3:", "1 2 3"),
    ],
)
def test_numbers_and_letters_of_every_sort(numbers: str, labels: str) -> None:
    signs = numbers.split("|") if "|" in numbers else numbers.split()
    lines = [f"{sign} {words}" for sign, words in zip(signs, ("Pay", "Time", "Rest"), strict=True)]
    found = read("We demand:\n\n" + "\n".join(lines))
    assert [(item.label, item.text) for item in found.items] == list(
        zip(labels.split(), ("Pay", "Time", "Rest"), strict=True)
    )


def test_a_list_goes_on_over_pages_and_broken_lines() -> None:
    found = read(
        """
        DEPOT NEWS

        The union is seeking:

          a.  a rise of ten per cent for everybody who works
              at the depot and in the yards
          b.  an end to precari-
              ous contracts, and a well-
              founded rota
        Depot News                                   Page 1 of 2
        DEPOT NEWS

          c.  a canteen that is open at night, as it was be-
              fore the works

        Depot News                                   Page 2 of 2
        """
    )
    assert told(found) == [
        "demand a: a rise of ten per cent for everybody who works at the depot and in the yards",
        "demand b: an end to precarious contracts, and a well-founded rota",
        "demand c: a canteen that is open at night, as it was before the works",
    ]
    assert [(item.place.first_line, item.place.last_line) for item in found.items] == [
        (5, 6),
        (7, 9),
        (13, 14),
    ]


def test_tables_with_pipes_and_with_aligned_columns() -> None:
    piped = read(
        """
        | No. | Our demand | The company's reply |
        | --- | ---------- | ------------------- |
        | 1   | Safe staffing on every shift | We are looking into it, and much more |
        | 2   | No compulsory redundancies   | No |

        Date | Time | Venue
        --- | --- | ---
        14/01/2026 | 18:00 | Town Hall
        Thursday 22 January 2026 | 12.30 \u2013 1.30pm | [Zoom](https://zoom.example/j/1)
        """
    )
    meetings = ["meeting: 2026-01-14 18:00", "meeting: 2026-01-22 12:30-13:30"]
    assert told(piped) == [*DEMANDS, *meetings, "link: Zoom <https://zoom.example/j/1>"]
    aligned = read(
        """
        OUR DEMANDS

        No   Demand                          Status
        1    Safe staffing on every          Refused
             shift
        2    No compulsory redundancies      No reply

        MEETINGS

        General meeting      Weds 22 April      1-2pm       Main Building
        Night shift          Tues 28 April      9.30pm      Canteen
        """
    )
    assert told(aligned) == [*DEMANDS, "meeting: 2026-04-22 13:00-14:00", "meeting: 2026-04-28 21:30"]


def test_lists_without_bullets_and_lists_in_a_sentence() -> None:
    assert (
        told(
            read(
                "Care news\n\nOur demands\n\nSafe staffing on every shift\nNo compulsory redundancies\n\nThank you."
            )
        )
        == BULLETED
    )
    assert (
        told(
            read(
                "Care news\n\nWe demand:\nSafe staffing on every shift;\nNo compulsory redundancies\n\nThank you."
            )
        )
        == BULLETED
    )
    assert (
        told(
            read(
                "Care news\n\nWe demand (1) Safe staffing on every shift, and (2) No compulsory redundancies"
            )
        )
        == DEMANDS
    )
    sentence = (
        "Care news\n\nWe call on the Government to: fund the rise; cut the workload; and restore the link."
    )
    assert told(read(sentence)) == [
        "demand: fund the rise",
        "demand: cut the workload",
        "demand: restore the link.",
    ]


def test_what_is_nested_belongs_to_the_item_above_and_a_short_word_above_is_a_heading() -> None:
    found = read(
        """
        We demand:

        - A safe ward, which means
          - two nurses at night
          - a doctor on call
        - Pay:
          - Ten per cent
          - A London supplement
        """
    )
    assert told(found) == [
        "demand: A safe ward, which means two nurses at night; a doctor on call",
        "demand: Ten per cent",
        "demand: A London supplement",
    ]
    assert [item.heading for item in found.items] == ["", "Pay", "Pay"]


def test_markdown_with_links_of_every_form() -> None:
    found = read(
        """
        # Refuse workers' dispute

        **Date:** 2 March 2026

        ## What we're asking for

        * **No pay cuts.** Nobody loses a *penny*
        * The [driver's grade](https://refuse.example/grades) reinstated

        ## How to help

        - Give to <https://refuse.example/fund> or at www.refuse.org.uk/fund
        - Read [our letter][1]

        [1]: https://refuse.example/letter "The letter"

        [Unsubscribe](https://refuse.example/bye)
        """
    )
    assert (found.title, found.dated) == ("Refuse workers' dispute", date(2026, 3, 2))
    assert told(found) == [
        "demand: No pay cuts. Nobody loses a penny",
        "demand: The driver's grade reinstated",
        "link: driver's grade <https://refuse.example/grades>",
        "action: Give to https://refuse.example/fund or at www.refuse.org.uk/fund",
        "link: Give to <https://refuse.example/fund>",
        "link: Give to https://refuse.example/fund or at <https://www.refuse.org.uk/fund>",
        "action: Read our letter",
        "link: our letter <https://refuse.example/letter>",
    ]


def test_an_e_mail_has_its_subject_for_a_title_and_its_end_left_out() -> None:
    found = read(
        """
        From: The branch <branch@union.example>
        To: Members
        Date: Mon, 2 Mar 2026 08:12:00 +0000
        Subject: Depot closures

        Dear member,

        We met management on Tuesday 24 February at 10am, and they said no.

        What do we want?
        * No closures!
        * Talks now!

        In solidarity,

        A Name
        Branch Secretary

        Printed and published by the branch, 12 May Street, M1 1AA
        Tel 01632 960 447, branch@union.example
        """
    )
    assert (found.title, found.dated) == ("Depot closures", date(2026, 3, 2))
    assert told(found) == ["demand: No closures!", "demand: Talks now!"]
    assert "Branch Secretary" not in found.body


def test_a_document_without_items_says_so() -> None:
    assert read("Thank you all for a fine year.").doubts == (
        "I found no demands, aims, actions, meetings or links in it.",
    )


def test_headings_with_numbers_and_demands_with_a_name_and_a_sentence_below() -> None:
    found = read(
        """
        1. Background

        The employer has offered 2 per cent.

        2. Our demands

        Demand 1 \u2013 Pay
        Two pounds an hour for every worker.

        Demand 2 \u2013 Hours
        Four late shifts a week at most.

        3. TAKE ACTION

        \u270a Talk to your workmates
        \u270a\ufe0f Come to the speak-out on Friday 6 March, 6:15pm, Market Square
        """
    )
    assert told(found) == [
        "demand 1: Pay: Two pounds an hour for every worker.",
        "demand 2: Hours: Four late shifts a week at most.",
        "action: Talk to your workmates",
        "action: Come to the speak-out on Friday 6 March, 6:15pm, Market Square",
        "meeting: 2026-03-06 18:15",
    ]


def test_demands_in_capitals_are_no_headings() -> None:
    found = read(
        "WHAT WE DEMAND\n\n1. FULL PAY RESTORATION\n2. NO UNPAID OVERTIME\n\nWhat you can do\n- Join\n- Post\n"
    )
    assert told(found) == [
        "demand 1: FULL PAY RESTORATION",
        "demand 2: NO UNPAID OVERTIME",
        "action: Join",
        "action: Post",
    ]


def test_lines_of_their_own_below_a_heading_and_the_end_of_a_message() -> None:
    found = read(
        """
        WHAT YOU NEED TO DO:

        Make sure that we have your address.
        Recruit: every member counts.
        Don't work overtime from Monday 2 March.

        With best wishes

        Your reps

        --
        A Union, 1 Street
        A Town
        """
    )
    assert told(found) == [
        "action: Make sure that we have your address.",
        "action: Recruit: every member counts.",
        "action: Don't work overtime from Monday 2 March.",
    ]
    assert "A Town" not in found.body
