"""Asks a member whether to store a text without what could lead to a person.

Nothing is stored before the answer, and nothing of it is remembered: the text stands in the question's own message, which
only the member sees, and comes back from Discord with the press of a button. Of a question that was answered, its number
is known for an hour, in memory only.
"""

from collections.abc import Callable, Generator, Iterable
from contextlib import contextmanager
from dataclasses import dataclass, replace
from datetime import datetime, timedelta
from typing import Any
from weakref import WeakKeyDictionary

import discord

from bot.domain.drafts import Draft, fingerprint
from bot.domain.language import later, say, say_count
from bot.domain.problems import BadInput
from bot.domain.scrub import Finding, Scrubbed, scrub
from cogs._answers import answer
from cogs._bot import Interaction, context_of
from cogs._render import Page, button
from cogs._routes import route

AS_PROPOSED, AS_WRITTEN, CHANGE = "less", "whole", "change"
_WRITTEN = later("What you wrote")
_ROOM_FOR_TEXTS = 4_300
_ROOM_FOR_LIST = 900
_SNIPPET = 60

_BODY = later(
    "I found what could lead to a person. You decide, with a button below. Until then "
    "nothing is kept, here or anywhere else in this bot; if you press none, it stays "
    "that way."
)
_MODERATORS_READ = later(
    "**Store it as I wrote it** keeps every word. The moderators can then read what "
    "I found, and somebody could be recognised by it, perhaps you. I do not find "
    "everything, so please look for names yourself too."
)

_answers_under_way: set[int] = set()
"""The questions whose answer is being stored right now; nothing else of them is known."""

_answered: WeakKeyDictionary[discord.Client, dict[int, datetime]] = WeakKeyDictionary()
"""Each bot's questions of the last hour that were answered, and when; where that took long, their buttons still stand."""

KNOWN_FOR, MOST_KNOWN = timedelta(hours=1), 2_000


@dataclass(frozen=True, slots=True)
class Decision:
    """What a member decided: the draft as it was written, and what is proposed instead of it."""

    choice: str
    written: Draft
    proposed: Draft

    @property
    def chosen(self) -> Draft:
        """The draft that is to be stored."""
        return self.written if self.choice == AS_WRITTEN else self.proposed


async def ask(
    interaction: Interaction,
    draft: Draft,
    scrubbed: Scrubbed,
    name: str,
    argument: str,
    *,
    readers: str = _MODERATORS_READ,
) -> None:
    """Shows what was found and what would be stored instead, with a button for each answer.

    Args:
        interaction: what is answered.
        draft: what was typed, cleaned.
        scrubbed: what is proposed instead of its text.
        name: the route of the buttons.
        argument: what the buttons carry along; the handler gets it back from `split_answer`.
        readers: what storing it as it was written means, and who can then read it; it is said here.
    """
    mark = fingerprint(replace(draft, text=scrubbed.text))
    page = Page(
        say("Nothing is stored yet. Please look at this first."),
        f"{say(_BODY)}\n{say(readers)}",
        ((say("What I would leave out"), _listed(scrubbed.found)),),
    )
    written = Page(say(_WRITTEN), draft.text)
    fits = len(draft.text) + len(scrubbed.text) <= _ROOM_FOR_TEXTS
    proposed = (Page(say("How I would store it"), scrubbed.text),) if fits else ()
    buttons = [
        button(say("Store it like this"), route(name, AS_PROPOSED, mark, argument), main=True),
        button(say("Change it"), route(name, CHANGE, mark, argument)),
        button(say("Store it as I wrote it"), route(name, AS_WRITTEN, mark, argument)),
    ]
    if not fits:
        buttons[0].label = say("Store it without these")
    await answer(interaction, page, more=(*proposed, written), buttons=buttons)


def split_answer(argument: str) -> tuple[str, str, str]:
    """The choice, the mark of what was proposed, and what the buttons carried along."""
    choice, _, rest = argument.partition("|")
    mark, _, carried = rest.partition("|")
    return choice, mark, carried


@contextmanager
def one_answer(interaction: Interaction, argument: str) -> Generator[Callable[[], None]]:
    """Lets a question be answered once, so that two presses do not store a text twice, one after the other or together.

    An answer that fails does not count, so that the member can press again and learn the receipt; nor does “Change it”.
    Where there is no receipt to learn, the handler calls what it is given once the text is stored: then it counts at once,
    whether or not Discord takes the answer.

    Raises:
        BadInput: the question was answered, or an earlier press on it is not answered yet.
    """
    question = interaction.message.id if interaction.message else interaction.id
    now = context_of(interaction).now()
    answered = _answered_lately(interaction.client, now)
    if question in answered:
        raise BadInput(
            say("That was stored already, so this second press changed nothing."),
            next_step=say(
                "The answer to your first press stands near the question. You can dismiss the "
                "question: nothing more comes of it."
            ),
        )
    if question in _answers_under_way:
        raise BadInput(
            say("I am storing that already, so this second press changed nothing."),
            next_step=say("Look at the question: its answer stands there in a moment."),
        )
    _answers_under_way.add(question)

    def stored() -> None:
        answered[question] = now

    try:
        yield stored
        if split_answer(argument)[0] != CHANGE:
            stored()
    finally:
        _answers_under_way.discard(question)


def _answered_lately(bot: discord.Client, now: datetime) -> dict[int, datetime]:
    """The questions that were answered, without those that are to be forgotten."""
    answered = _answered.setdefault(bot, {})
    for question, at in list(answered.items()):  # the oldest first
        if timedelta() <= now - at < KNOWN_FOR and len(answered) < MOST_KNOWN:
            break
        del answered[question]
    return answered


def text_asked_about(interaction: Interaction, command: str = "/feedback give") -> str:
    """What the member wrote, as it stands in the question; `command` is the one that asks for it.

    Raises:
        BadInput: it does not stand there.
    """
    embeds = interaction.message.embeds if interaction.message else []
    # The last one, whatever its title: the member may have changed the language since. An answer has only one.
    written = embeds[-1].description if len(embeds) > 1 else None
    if not written:
        raise BadInput(
            say("That question was answered already, so nothing more was stored."),
            next_step=say(
                "If you were not told that it is stored, type `{command}` and write it once more.",
                command=command,
            ),
        )
    return written


def decided(choice: str, mark: str, written: Draft) -> Decision:
    """What the member decided about exactly what was shown.

    Raises:
        BadInput: another version of this program asked, and this one would propose something else.
    """
    proposed = replace(written, text=scrub(written.text).text)
    if choice != CHANGE and fingerprint(proposed) != mark:
        raise BadInput(
            say("I was changed since I asked you, so I stored nothing."),
            next_step=say(
                "Your text still stands in the question: press “Change it” there, look at it and "
                "send it again."
            ),
        )
    return Decision(choice, written, proposed)


def _listed(found: Iterable[Finding]) -> str:
    lines: list[str] = []
    length = 0
    every = list(dict.fromkeys((one.word, " ".join(one.snippet.split())) for one in found))
    for word, snippet in every:
        shown = snippet if len(snippet) <= _SNIPPET else snippet[: _SNIPPET - 1] + "…"
        line = say("`{snippet}` becomes [{word}]", snippet=shown.replace("`", " "), word=word)
        if length + len(line) > _ROOM_FOR_LIST:
            lines.append(
                say_count(
                    len(every) - len(lines),
                    "and {number} more, which “Change it” shows you in the whole text",
                    "and {number} more, which “Change it” shows you in the whole text",
                )
            )
            break
        lines.append(line)
        length += len(line) + 1
    return "\n".join(lines)


def text_box(custom_id: str, default: str, most: int) -> discord.ui.TextInput[Any]:
    """A large box for a text, filled in already if there is something to change."""
    return discord.ui.TextInput(
        custom_id=custom_id,
        style=discord.TextStyle.paragraph,
        max_length=most,
        default=default or None,
    )


def text_to_change(decision: Decision, most: int) -> str:
    """What “Change it” starts from: the proposal, or what was written if the proposal is too long for a form."""
    return decision.proposed.text if len(decision.proposed.text) <= most else decision.written.text
