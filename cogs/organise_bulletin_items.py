"""How the items of a document look in its review."""

import re
from collections.abc import Mapping

from bot.domain.bulletins.describing import (
    DOCUMENTS,
    STANDINGS,
    fate,
    found_line,
    known_name,
    name_of,
    points_line,
    standings_line,
    time_line,
)
from bot.domain.bulletins.differences import Change, differences, shortened
from bot.domain.bulletins.proposals import Draft, Proposal, Standing
from bot.domain.language import say
from cogs._render import day, moment, plain, shorten

PER_PAGE = 8
ROOM = 3_400
"""Characters of the items on one page; Discord takes 6,000 in all."""

TEXT_ROOM, NAMES_ROOM, DOUBTS_ROOM, LABEL_ROOM = 350, 700, 500, 100
_ADDRESS = re.compile(r"https?://\S*[^\s.,;]")
_MARKS = {Change.KEPT: "{}", Change.REMOVED: "~~{}~~", Change.ADDED: "**{}**"}


def words_of(draft: Draft) -> Mapping[int, str]:
    """For each item the document's words, or how they differ from those that the campaign has.

    Telling how long wordings differ takes time, so it is done once for an answer; ticks change nothing of it.
    """
    return {
        one.number: _words(one)
        for one in draft.proposals
        if one.posts is None and one.standing is not Standing.SAME
    }


def pages_of(draft: Draft, words: Mapping[int, str]) -> list[list[Proposal]]:
    """What there is to decide about, in pages; what is there already word for word needs no decision."""
    pages: list[list[Proposal]] = [[]]
    room = ROOM
    for proposal in draft.proposals:
        if proposal.standing is Standing.SAME:
            continue
        size = sum(len(part) for part in detail_of(draft, proposal, words))
        if pages[-1] and (size > room or len(pages[-1]) == PER_PAGE):
            pages.append([])
            room = ROOM
        pages[-1].append(proposal)
        room -= size
    return pages


def headline_of(draft: Draft) -> str:
    """What document it is."""
    dated = day(draft.origin.dated) if draft.origin.dated else say("without a date")
    return f"{say(DOCUMENTS[draft.origin.kind])}: {shorten(draft.origin.title, 150)}, {dated}"


def intro_of(draft: Draft) -> str:
    """What was found, and what to do; it stands on the first page."""
    has_some = any(one.can_tick for one in draft.proposals)
    lines = [say("Found: {items}.", items=found_line(draft))]
    if draft.proposals:
        lines.append(say("Compared with your campaign: {standings}.", standings=standings_line(draft)))
    lines.append(
        say(
            "Nothing is stored in the campaign before you press Apply. Tick or untick in the "
            "first list, edit with the second."
        )
        if has_some
        else say("There is nothing in it to apply: the campaign has it all, or I recognise nothing.")
    )
    if draft.origin.doubts:
        doubts = " ".join(plain(say(doubt)) for doubt in draft.origin.doubts)
        lines.append(say("Please check: {doubt}", doubt=shorten(doubts, DOUBTS_ROOM)))
    same = [known_name(one.kind, one.known) for one in draft.proposals if one.standing is Standing.SAME]
    if same:
        lines.append(
            say("Already there, word for word: {titles}.", titles=shorten(plain("; ".join(same)), NAMES_ROOM))
        )
    return "\n".join(lines)


def label_of(proposal: Proposal) -> str:
    """An item in a list to choose from."""
    return shorten(f"{proposal.number}. {name_of(proposal)}", LABEL_ROOM)


def detail_of(draft: Draft, proposal: Proposal, words: Mapping[int, str]) -> tuple[str, str]:
    """An item's heading and text."""
    standing = say(STANDINGS[proposal.standing])
    lines = [f"{standing[:1].upper()}{standing[1:]} ({fate(draft, proposal)})"]
    lines += [line for line in (_when(proposal), points_line(proposal), _posts(proposal)) if line]
    if proposal.posts is None:
        lines.append(_placed(proposal, words[proposal.number]))
    lines += [say("Please check: {doubt}", doubt=plain(say(doubt))) for doubt in proposal.doubts]
    return f"{proposal.number}. {name_of(proposal)}", "\n".join(lines)


def _placed(proposal: Proposal, words: str) -> str:
    first, last = proposal.first_line, proposal.last_line
    if first == last:
        return say("In line {line}: {words}", line=first, words=words)
    return say("In lines {first} to {last}: {words}", first=first, last=last, words=words)


def _when(proposal: Proposal) -> str:
    line = time_line(proposal)
    if proposal.meeting is None or proposal.meeting.starts_at is None:
        return line
    return f"{line}\n{moment(proposal.meeting.starts_at)}"


def _posts(proposal: Proposal) -> str:
    if proposal.posts is None:
        return ""
    phrase = proposal.posts.phrase
    if not proposal.posts.channel_id:
        return say("{times}, in no channel yet", times=phrase)
    return say("{times}, in {channel}", times=phrase, channel=f"<#{proposal.posts.channel_id}>")


def _words(proposal: Proposal) -> str:
    if proposal.standing is not Standing.CHANGED:
        words = _ADDRESS.sub(say("(link)"), proposal.wording or proposal.summary)
        return f"\u201c{plain(shorten(words, TEXT_ROOM))}\u201d"
    shown = ""
    for piece in shortened(differences(proposal.old, proposal.wording)):
        marked = _MARKS[piece.change].format(plain(piece.text))
        if len(shown) + len(marked) > 2 * TEXT_ROOM:
            return f"{shown.strip()} \u2026"
        shown += f" {marked}"
    return shown.strip()
