"""The words by which a sentence shows that it announces a meeting, promises one, or tells of one that is over."""

import re
from typing import Final

_MEETING: Final = re.compile(
    r"\b(?:meetings?|briefings?|webinars?|drop[- ]?ins?|rall(?:y|ies)|roadshows?|q ?& ?as?|agm|egm|workshops?|"
    r"assembl(?:y|ies)|vigils?|lobb(?:y|ies)(?: of)?|demonstrations?|demos?|(?-i:march(?:es)?)|town halls?|hustings|"
    r"training|conferences?|conventions?|members[\u2019'] calls?|(?:zoom|teams|video|conference|phone) calls?|"
    r"(?:on|via|by) (?:zoom|teams)|calls?(?= (?:on|at|with))|"
    r"picket(?: line)?s?|open days?|day of action|days of action|protests?|surger(?:y|ies)|social|"
    r"events?|sessions?|forums?|"
    r"summits?|festivals?|seminars?|launch(?:es)?(?= (?:event|meeting))|phone ?banks?|walkabouts?|"
    r"stalls?|coffee mornings?|speak-?outs?|gatherings?|get-?togethers?|picnics?|come (?:along )?to|"
    r"attend|learn at lunch|lunch(?:time)? (?:and|&) learn)\b",
    re.IGNORECASE,
)
_NOT_A_MEETING: Final = re.compile(
    r"\b(?:deadlines?|clos(?:e|es|ing)|ballots?(?: papers?)?(?! rall| meet| briefing| event)|(?:by|"
    r"before|until|since|from) (?:noon|midday|\d\S*|[A-Z]\w*)|no later than|expires?|"
    r"strik(?:e|es|ing)(?! (?:rall|meet|committee meet|briefing))|launched|dated|published|letter of|"
    r"effective|backdated|with effect|nominations|return(?:ed)?|submit|reply|respond|published on)\b"
)
_PAST: Final = re.compile(
    r"\b(?:met|was|were|took place|held (?:on|at|in)|attended|heard|told (?:us|you|members)|agreed|said|"
    r"wrote|last (?:week|month|year|meeting)|"
    r"previous|(?:following|after|since|at) (?:the|our|a) (?:\w+ )?meeting (?:on|of|with)|discussed|"
    r"launched|voted|announced|(?:has|have|had) (?:been|taken|met|agreed|held)|passed|carried|adopted|"
    r"minutes of|decided|raised|resumed|began|started|received|reported|confirmed)\b",
    re.IGNORECASE,
)
_AHEAD: Final = re.compile(
    r"\b(?:will|next|join|come|invited?|attend|urged|hope|see you|please|are (?:holding|meeting|"
    r"organising|hosting)|to be (?:confirmed|announced|agreed|arranged)|register|rsvp|book|upcoming|forthcoming|"
    r"diary)\b",
    re.IGNORECASE,
)
_CANCELLED: Final = re.compile(r"\b(?:is|was|been|now) (?:cancelled|called off)\b", re.IGNORECASE)
_PROMISE: Final = re.compile(
    r"\b(?:plan(?:ning|s|ned)?|arrang(?:e|ing)|organis(?:e|ing)|set(?:ting)? up|"
    r"will (?:be )?(?:hold(?:ing)?|organis\w+|arrang\w+|host(?:ing)?|call(?:ing)?|run(?:ning)?|set up)|"
    r"(?:to be|being) (?:arranged|organised|held|confirmed|announced)|will (?:follow|be (?:held|"
    r"announced|arranged|organised|confirmed))|look out for|tbc|t\.b\.c|tba|coming soon|date to follow|"
    r"details to follow|(?:details|dates?) (?:and \w+ )?(?:will|to) (?:follow|be))\b",
    re.IGNORECASE,
)
_MEMBERS: Final = re.compile(
    r"\b(?:members?|all|branch|online|on-line|mass|open|joint|reps|workplace|urgent|emergency|regional|"
    r"national|everyone|public|briefings?|webinars?|rall(?:y|ies))\b",
    re.IGNORECASE,
)
_LINK_PROMISED: Final = re.compile(
    r"\b(?:links?|joining (?:details|instructions|information)|zoom|teams|login|log-in|register|online)\b",
    re.IGNORECASE,
)
_ONLINE: Final = re.compile(
    r"\b(?:links?|zoom|teams|on-?line|webinars?|virtual(?:ly)?|joining (?:details|instructions)|log ?in|dial in)\b",
    re.IGNORECASE,
)
_SAME: Final = re.compile(
    r"\b(?:doors?|ends?|ending|finish(?:es)?|clos(?:e|es|ing)|until|till|start(?:s|ing)?|begins?|"
    r"refreshments?|food|tea|coffee|"
    r"lunch|buffet|registration|arriv(?:e|al|als)|log[- ]?in|from|time)\b",
    re.IGNORECASE,
)
_TO_COME: Final = re.compile(
    r"to follow|follows|will be sent|nearer the time|tbc|to be (?:sent|confirmed)", re.IGNORECASE
)


_DATES: Final = re.compile(r"\b(?:dates|timetable|timeline|calendar)\b", re.IGNORECASE)
_BALLOT: Final = re.compile(
    r"\bballot(?:s|ing)?\b(?! (?:rall|meet|brief|event))|\bpostal vote\b|\bvoting papers?\b", re.IGNORECASE
)
_UNDATED: Final = re.compile(
    r"\b(?:tb[ca]|to be (?:confirmed|announced|arranged|agreed)|date to follow|date and time to follow)\b",
    re.IGNORECASE,
)


def lists_dates(heading: str) -> bool:
    """Whether a heading stands above dates of any sort: "Key dates"."""
    return bool(_DATES.search(heading))


def tells_of_a_ballot(text: str) -> bool:
    """Whether it tells of a ballot by post."""
    return bool(_BALLOT.search(text))


def waits_for_its_date(text: str) -> bool:
    """Whether a line of a list names a meeting whose day is still to come: "Members' meeting | TBC"."""
    return names_a_meeting(text) and bool(_UNDATED.search(text))


def names_a_meeting(text: str) -> bool:
    """Whether it names something that members come to."""
    return bool(_MEETING.search(text))


def is_no_meeting(text: str) -> bool:
    """Whether its day is one by which something is due, or on which something else happens."""
    return bool(_NOT_A_MEETING.search(text))


def is_over(text: str) -> bool:
    """Whether it tells of what has been, and invites to nothing."""
    return bool(_CANCELLED.search(text)) or (bool(_PAST.search(text)) and not _AHEAD.search(text))


def is_promised(text: str) -> bool:
    """Whether it promises members a meeting."""
    promised = _MEETING.search(text) and _PROMISE.search(text) and _MEMBERS.search(text)
    return bool(promised) and not is_no_meeting(text)


def is_about_the_same(text: str) -> bool:
    """Whether a further time is one of the same meeting: when the doors open, when it ends."""
    return bool(_SAME.search(text))


def is_online(text: str) -> bool:
    """Whether one joins by a link."""
    return bool(_ONLINE.search(text))


def promises_a_link(text: str) -> bool:
    """Whether the link is said to come later."""
    return bool(_LINK_PROMISED.search(text) and _TO_COME.search(text))
