"""Two bulletins of the campaign for tests, in words of our own: the second repeats the demands of the first."""

from pathlib import Path

DOCUMENTS = Path(__file__).parents[2].parent / "shared" / "campaign"

DEMANDS = (
    "Post Sentence Supervision to stop now, by an emergency law if it takes one",
    "Sight of the bid that HMPPS makes to the Spending Review, so that members know new money is asked for",
    "That the WMT is no longer taken for a true measure of anybody's workload",
    "A number of cases that no practitioner may go above, looked at jointly every quarter",
    "Capability proceedings to be suspended wherever too much work is part of it",
    "All sickness absence proceedings suspended, and full discretion for managers",
    "The overtime deal to be reviewed nationally, and to go on without an end",
    "Red status under the Prioritisation Framework for each of the regions",
    "A fresh Demand Management Strategy, agreed by HMPPS with the unions",
    "No new work in any part of probation until a rescue package is agreed",
    "The welfare of staff to come before performance targets",
    "A collective agreement about AI, and talks on how it may ease the pressure",
)
AIMS = (
    "A planned programme that cuts workloads",
    "Safe workloads, and cases handed out fairly",
    "Supervision of high quality for all staff",
    "A pledge by the employer: nobody above capacity",
    "A care agreement that keeps staff healthy and safe",
)
DOT = "\u00b7"
MEETING = "NEXT ALL MEMBERS' MEETING THURSDAY 3rd APRIL - 12.30PM"
ACTIONS = (
    "Wear yellow at work, above all on a Friday: a scarf will do",
    "Put the campaign's logo behind you on Teams calls",
    "Ask for Operation Protect to be on every agenda",
)


def listed(lines: tuple[str, ...], bullet: str = "\u2022") -> str:
    return "\n".join(f"  {bullet} {line}" for line in lines)


FIRST = f"""Bulletin number one

WHAT WE ARE CALLING FOR

The unions are now calling for the following:

{listed(DEMANDS)}

In solidarity
"""
SECOND = f"""Bulletin number two

OUR CAMPAIGN AIMS

Our main campaign aims are:

{listed(AIMS, DOT)}

After the last bulletin we put a set of urgent demands to the employer:

{listed(DEMANDS, DOT)}

{MEETING}

All members are urged to come. Details: the link follows.

In the meantime, union members are encouraged to:

{listed(ACTIONS, DOT)}

In solidarity
"""
