"""What a section or list is for, by its heading or by the sentence that introduces it."""

import re
from enum import StrEnum
from typing import Final


class Purpose(StrEnum):
    """What the things in a section or list are."""

    DEMANDS = "demands"
    AIMS = "aims"
    ACTIONS = "actions"
    MEETINGS = "meetings"
    OTHER = "other"


def _pattern(*parts: str) -> re.Pattern[str]:
    return re.compile("|".join(f"(?:{part})" for part in parts), re.IGNORECASE)


_NOW = (
    r"(?:\s(?:now|also|therefore|all|both|jointly|still|again|together|formally|first|then|subsequently|"
    r"have|has|had|are|is|were|was|been|will|be|must|urgently|clearly|instead|today))*"
)
_OWN_SIDE = (
    r"(?:we|we[\u2019']re|we[\u2019']ve|i|(?:the|your|our|all|both|joint|three|five|trade|recognised|"
    r"staff|side|health|teaching|campus|rail|education|civil service|probation|\s)*(?:unions?|"
    r"union side|staff side|trade union side|branch|members|reps|negotiators|workers|staff|campaign|"
    r"committee|executive|alliance|federation|association|guild|league|society|confederation)|(?-i:[A-Z]{3,}))"
)
_MEMBERS = (
    r"(?:(?:all\s|union\s|our\s|fellow\s|every\s)*(?:members?|reps|representatives|colleagues|branches|"
    r"activists|supporters|everyone|everybody|people|stewards|rep|member|steward|branch|you|staff)(?:\s(?:who|in|"
    r"at)\s[^,.:;]{1,60})?)"
)

_EMPLOYERS: Final = _pattern(
    r"\b(?:the\s)?(?:employers?|management|managers|government|ministers?|council|trust|university|"
    r"company|board|hmpps|department|vice[- ]chancellor|ucea|nhs england|bosses|"
    r"operator)(?:[\u2019']s?)?\s(?:side\s)?(?:has|have|had|is|are|wants?|say|says|said|claims?|claimed|"
    r"proposes?|proposed|offered|offers?|responded|response|replied|refused|position|proposals?|plans?|"
    r"demands?|told|told us|agreed|intends?|believes?)\b",
    r"\b(?:has|have) offered\b|\bthe (?:current |latest |final |pay )?offer\b",
    r"\b(?:they|it) (?:say|says|said|claim|claims|want|wants|propose|proposes|offer|offered|demand|has|have)\b",
)
_PAST_OR_TALK: Final = _pattern(
    r"\b(?:we|our|you|unions?|members?|campaign|branch)\s(?:have\s|has\s|had\s|also\s|already\s)*(?:won|"
    r"secured|achieved|gained|agreed|met|heard|learned|welcomed|noted|raised|discussed)\b",
    r"\b(?:what (?:we|you)(?: have|[\u2019']ve)? (?:won|achieved|gained|heard|said|told us)|our (?:wins|"
    r"victories|successes|achievements)|so far|already (?:won|agreed))\b",
    r"^(?:the )?(?:background|history|context|why|the facts|key facts|facts|what (?:is|has|have|"
    r"happened|they|the employer|management|next for)|news|in brief|round[- ]?up|did you know|q ?& ?a|"
    r"faqs?|frequently asked|questions|contacts?|contact (?:us|your)|your (?:reps?|representatives|"
    r"committee|officers)|who (?:we are|to contact)|signed|signatories|useful|further (?:reading|"
    r"information)|resources|more information|in this (?:issue|bulletin)|contents|agenda|apologies|"
    r"present|congratulations|thank)",
    r"^what (?!(?:(?:do|are|is|have|should|must|can|did) )?(?:we|you|i|to)\b|"
    r"(?:(?:do|are|is|have|should|must|can) )?(?:the |our |your |all )?(?:unions?|members|staff|workers|branch|"
    r"reps|campaign|charter)\b)"
    r"[^:?]{2,60}\b(?:told|tells?|says?|said|claims?|claimed|wants?|wrote|offer(?:s|ed)|promised)\b",
    r"\b(?:you (?:told|said)|findings|survey (?:results|found|shows)|results? (?:of|from)|the figures|"
    r"evidence|problems? (?:include|are)|because|reasons?|on the agenda|agenda (?:will|is|includes)|"
    r"we will (?:discuss|cover|hear)|speakers|topics)\b",
    r"\b(?:which|this|that|these|it) (?:means|includes?|covers?|affects?)\b[^.]{0,40}:$",
)
_ACTIONS: Final = _pattern(
    r"\b(?:what|how|things|ways|steps|actions?|something|\d+ (?:things|ways|"
    r"actions?))\s(?:that\s)?(?:can |could |should |do )?(?:you|members|i|we all|reps|colleagues|"
    r"everyone|staff)(?:\sall)?\s(?:can|could|should|need to|must|are asked to)\b",
    r"\b(?:what|how) (?:you )?(?:can|could|should|do) (?:you|i|members|we) (?:do|help|take part|"
    r"get involved|support)\b",
    r"\bhow (?:to|you can|members can|we|we can) (?:help|get involved|take part|support|join in|take action|win|"
    r"take (?:it|this|the \w+) forward|make it happen)\b",
    r"\b(?:take action|get involved|taking action|get active|act now|join in|take part|lend a hand|"
    r"over to you|your turn|be part of it|stand with us|make (?:your|our) voices? heard|ways to (?:help|"
    r"support|get involved|take part|show)|play your part|do your bit|show your (?:support|solidarity)|"
    r"standing actions?|action points|actions? (?:for|by|you can|this week|now|required|needed)|"
    r"your (?:actions?|to[- ]do list|part)|to[- ]do(?: list)?|call to action|campaign actions?|"
    r"member actions?|next steps for (?:members|you|reps)|support (?:the|our|your) (?:campaign|dispute|"
    r"strike|pickets?|claim)|what we(?: need| want|[\u2019']re asking| are asking|"
    r" ask)(?: from)? (?:you|members|reps|all members)\b)",
    rf"\b{_MEMBERS}\s(?:\w+\s){{0,2}}(?:are|is|were|can|should|must|need to|"
    rf"continue)\s(?:\w+\s){{0,2}}?(?:asked|urged|encouraged?|requested|advised|reminded|invited|"
    rf"called on|continued to encourage|help|support|do|take|show)\b",
    rf"\b(?:ask(?:ing)?|urg(?:e|ing)|encourag(?:e|ing)|request(?:ing)?|call(?:ing)? (?:on|upon)|want|"
    rf"need|invit(?:e|ing)|advis(?:e|ing))\s(?:that\s)?{_MEMBERS}\s(?:to|should)?\b",
    r"\b(?:can you help|you can (?:help|support|do|also|take|play|get|make|still|show)|\bplease(?: also|"
    r" do| can you)?\s?:$|(?:^|[.!?]\s)please(?: also| do| can you| help us|"
    r" remember to)?\s?(?:by)?\s?[:\u2013-]?$|help (?:us )?(?:by|to win|win)|"
    r"in the meantime,? (?:please|members|union members)|members can\b|we need you(?:r help)? to)",
    r"^(?:actions?|please|to do|help us(?: win)?|urgent actions?|action now|how (?:to|can you) help|"
    r"spread the word)\W*$",
    r"\b(?:minutes?|moment|hour|half an hour|time) to spare\b|\bwant to (?:help|do (?:something|more))\b",
    r"^do (?:these|this|one of these)\b|\bplease do \w+ things\b",
    r"^(?:next steps|what now|now what|what next|what happens (?:now|next))\W*$",
    r"\b(?:we[\u2019]d|we would) (?:like|love) (?:you|everyone|members|reps)\b|"
    r"\bif you have (?:\w+ ){1,3}(?:minutes?|hours?)\b",
    r"^(?:your |a )?(?:(?:member|rep)s?[\u2019] )?(?:jobs|tasks|checklist|homework)\b[^.]{0,30}$|"
    r"^help us\b[^.:]{2,50}:?$",
)
_MEETINGS: Final = _pattern(
    r"\b(?:dates? for (?:your|the) diar(?:y|ies)|diary dates?|key dates|important dates|"
    r"forthcoming (?:dates|events|meetings)|upcoming|what[\u2019']s on|dates (?:and|&) (?:times|venues)|"
    r"calendar|join us|come along|coming up|save the dates?|"
    r"come and (?:talk|meet|see|join|hear|find|ask)|meet (?:us|the union|your reps?))\b",
    r"\b(?:meetings?|briefings?|webinars?|drop[- ]?ins?|events?|rall(?:y|ies)|sessions?|roadshows?|"
    r"surger(?:y|ies)|q ?& ?as?|agm|workshops?|assembl(?:y|ies)|vigils?|lobb(?:y|ies)|pickets?|"
    r"demonstrations?|town halls?|training)\b",
)
_AIMS: Final = _pattern(
    r"\b(?:aims|objectives?|goals?|ambitions?|our vision|campaign priorit(?:y|ies)|our priorit(?:y|ies)|"
    r"our pledges?|what we stand for|purposes? of (?:the|our|this) campaign)\b",
    r"\b(?:we|unions?|campaign|which|and|that) (?:want|wants|hope|hopes|seek|seeks|intend|plan|aim|aims|"
    r"set out|sets out|exists?|is|are)(?: is| are)?(?: aiming| campaigning| working|"
    r" fighting)?\s?(?:to achieve|to win|to secure|to:|campaigning for|aim(?:s|ing)? to|working (?:to|"
    r"for|towards)|to see\b[^.]{0,20} achieved)",
    r"\bwhat (?:we|the campaign)(?: are|[\u2019']re| is|[\u2019']s)? (?:hop(?:e|ing) to|want to|"
    r"aim(?:ing)? to|try(?:ing)? to|campaigning for|working (?:for|towards)|fighting for)\b|"
    r"\bwe aim to\b|\bcampaign(?:ing)? (?:to|for):$|\baims? (?:is|are|:)|\baim:?$",
)
_DEMANDS: Final = _pattern(
    rf"\b{_OWN_SIDE}{_NOW}\s(?:demand(?:ing|ed|s)?|call(?:ing|ed|s)? (?:for|on|upon)|ask(?:ing|ed|"
    rf"s)? (?:for|that|the)|want(?:s|ed|ing)?|seek(?:ing|s)?|sought|claim(?:ing|ed|s)?|insist(?:ing|ed|"
    rf"s)?|requir(?:e|es|ing)|request(?:ing|ed|s)?|press(?:ing|ed)? for|push(?:ing|ed)? for|propos(?:e|"
    rf"es|ed|ing)|expect(?:s|ing)?|need(?:s)?|put (?:the following|these|forward)|submit(?:ted)?|"
    rf"tabl(?:ed|ing)|lodged|set out|look(?:ing)? for|fighting for|campaigning for)\b",
    r"\b(?:our|the|key|main|core|joint|union|unions[\u2019']?|trade union|urgent|immediate|headline|"
    r"central|these|following|staff side|members[\u2019']|pay|\d+|[a-z]+)\s(?:\w+\s){0,3}?(?:demands?|"
    r"asks|red lines|claim|claims|requirements|requests|proposals)\b(?!\s(?:made|from|"
    r"by) (?:the )?(?:employer|management))",
    r"\b(?:we|unions?|members|workers|staff|stewards),?[^.:;]{0,80}?\s(?:call for|demand|want|claim|"
    r"insist on|ask for|seek)\s?:?$",
    r"^(?:our|the|\w+) charter\W*$",
    r"\bwhat (?:do|are|is) (?:we|members|workers|(?:the |our )?unions?) (?:actually |really )?(?:wants?|needs?|"
    r"demand(?:ing)?|"
    r"asking for|calling for|claiming|after)\b",
    r"\b(?:our|the|joint|trade) (?:(?:trade )?unions?[\u2019']?s?[\u2019']?|branch[\u2019']s|members[\u2019']|"
    r"side[\u2019']?s?) "
    r"(?:position|plan|proposals?|alternative)\b|^our (?:position|alternative)\b",
    r"\bwe say\b[^.:]{0,40}:$|^(?:the|our) (?:pay )?claim\b|\bclaim\b[^.:]{0,60}\sfor:?$",
    r"\b(?:points|demands|changes|proposals) (?:back )?(?:to|before|with) (?:the )?[\w\u2019 ]{3,30}:$",
    r"\bto (?:call for|demand|press for|ask for|push for)\s?:$|\btime for [^:]{1,60} to:$",
    r"\b(?:settle|end|resolve) (?:the|this|our) (?:dispute|strike|row)\b[^:]{0,60}:$|\bit would take to\b",
    r"\b(?:if|until|unless|without|when|once) (?:we|members|(?:the )?[\w\u2019]+) (?:gets?|wins?|sees?|agrees?|"
    r"commits?|guarantees?|promises?|delivers?|confirms?|"
    r"accepts?)\b[^:]{0,60}:$",
    r"^our (?:\w+ )?(?:tests|conditions|terms|bottom line)\b",
    r"\b(?:asked|told|urged|pressed|wrote to|written to)\s[^:]{2,80}\s(?:to|that (?:it|they) (?:must|should)):$",
    r"\b(?:deserves?|(?:fair|decent|good|better) (?:deal|contract|offer|settlement))\b[^.:]{0,40}:$",
    r"\bour (?:message|answer|case|ask) (?:to [^.:]{2,60} )?is\b[^.:]{0,30}:$",
    r"\b(?:agreement|deal|settlement|offer) (?:has to|must|should|needs to|will have to) (?:include|contain|"
    r"mean|have|start)\b",
    r"\btold us what (?:they|you) (?:want|need)\b[^.]{0,30}:$",
    r"\b(?:what|here[\u2019']s what) (?:we|the unions?|unions|members|staff|workers)(?:[\u2019']re| are|"
    r" have|[\u2019']ve| is)?(?: now| also)? (?:want|wants|need|needs|demand|demanding|calling for|"
    r"asking for|asking|claiming|seeking|called for|called)\b",
    r"\b(?:claim|demands?) (?:is|are|includes?|seeks?|calls? for|for|asks? for|consists? of|comprises?|"
    r"in full|at a glance|summary)\b|^(?:key |pay )?(?:demands?|asks|claim|red lines)\W*$|"
    r"\bdemands? (?:that|on)\b",
    r"\b(?:call(?:ing)? (?:on|upon)|demand(?:ing)?|want|urge|urging|ask(?:ing)?)\s(?:(?:that\s)?(?:the|"
    r"our|your)\s)?(?:\w+[\u2019']?s?\s){0,5}(?:to|must|should)\W*$",
    r"\b(?:calling|asking|pressing|pushing|demanding|seeking|requesting|insisting)(?: (?:for|that|"
    r"on [^:]{1,80} to|[^:]{1,60} to))?\s?:$",
    r"\b(?:employers?|management|government|ministers|council|trust|university|company|hmpps|"
    r"board)\s(?:must|should|needs? to|has to)\b[^.]{0,60}:\W*$",
)
_ORDER: Final = (
    (Purpose.ACTIONS, _ACTIONS),
    (Purpose.AIMS, _AIMS),
    (Purpose.DEMANDS, _DEMANDS),
    (Purpose.MEETINGS, _MEETINGS),
)
_OWN: Final = re.compile(
    r"\b(?:we|our|unions?|members|branch|stewards|reps|committee|staff side|workers|following|these)\b",
    re.IGNORECASE,
)
_OPEN: Final = re.compile(
    r"^(?:next steps|what now|now what|what next|what happens (?:now|next))\W*$", re.IGNORECASE
)
_SENTENCE_END: Final = re.compile(r"(?<=[.!?])[\u2019”\"')]?\s+(?=[A-Z\u2018“\"'(])")
_LONGEST: Final = 600


def purpose_of_heading(text: str) -> Purpose | None:
    """What the section under a heading is for, `None` where the heading does not tell."""
    text = _plain(text)
    if _ACTIONS.search(text):
        return Purpose.ACTIONS
    against = _EMPLOYERS.search(text) or _PAST_OR_TALK.search(text)
    if against and not _asks_in_the_end(text, against.end()):
        return Purpose.OTHER
    return next((purpose for purpose, pattern in _ORDER if pattern.search(text)), None)


def may_be_news(heading: str) -> bool:
    """Whether what stands under a heading of actions may as well be what others will do: "Next steps"."""
    return bool(_OPEN.match(_plain(heading)))


def purpose_of_introduction(paragraph: str) -> Purpose | None:
    """What the list after a paragraph is for, by its last sentence, or by a question that it answers."""
    *before, sentence = _SENTENCE_END.split(_plain(paragraph[-_LONGEST:]))
    own = _purpose_of_sentence(sentence)
    asked = before[-1] if before and before[-1].endswith("?") else ""
    if own in {None, Purpose.OTHER, Purpose.MEETINGS} and sentence.endswith(":") and asked:
        question = _purpose_of_sentence(asked)
        return question if question in {Purpose.DEMANDS, Purpose.ACTIONS, Purpose.AIMS} else own
    return own


def _purpose_of_sentence(sentence: str) -> Purpose | None:
    clause = sentence[-_LONGEST // 2 :]
    if _ACTIONS.search(clause):
        return Purpose.ACTIONS
    own, found = next(
        (
            (purpose, match)
            for purpose, pattern in _ORDER
            if purpose is not Purpose.MEETINGS and (match := pattern.search(clause))
        ),
        (None, None),
    )
    against = _EMPLOYERS.search(clause) or _PAST_OR_TALK.search(clause)
    around = against and found and found.start() < against.start() and against.end() <= found.end()
    if against and not around and (own is None or not _asks_in_the_end(clause, against.end())):
        return Purpose.OTHER
    return own or (Purpose.MEETINGS if _MEETINGS.search(clause) else None)


def _asks_in_the_end(clause: str, start: int) -> bool:
    """Whether what comes after the employer's part is the union's own: "HMPPS has refused, so we demand:"."""
    rest = clause[start:]
    return bool(_OWN.search(rest)) and bool(_DEMANDS.search(rest) or _AIMS.search(rest))


def _plain(text: str) -> str:
    return " ".join(text.replace("'", "\u2019").split()).strip()
