"""How the employer's answers look in the direct message to somebody who follows demands."""

from bot.domain.demand_history import DemandChange
from bot.domain.language import say, say_count
from bot.services.delivery import Post
from cogs._render import Page, day, plain, shorten, status_words

STOP = "demand.stop"
_MOST_SHOWN = 10
_TEXT_ROOM = 300


def answers_page(post: Post) -> Page:
    """All that was recorded, demand by demand."""
    shown, left = post.answers[:_MOST_SHOWN], len(post.answers) - _MOST_SHOWN
    only = post.answers[0] if len(post.answers) == 1 else None
    headline = (
        say("The employer's answer to “{title}”", title=only.demand.title)
        if only
        else say_count(
            len(post.answers),
            "{number} answer to demands that you follow",
            "{number} answers to demands that you follow",
        )
    )
    body = (
        say_count(
            left,
            "And {number} more: `/demand changes` in the server shows all of them.",
            "And {number} more: `/demand changes` in the server shows all of them.",
        )
        if left > 0
        else ""
    )
    details = tuple(_detail(change, whole=only is not None) for change in shown)
    return Page(
        headline, body, details, say("You follow these demands. /demand unfollow in the server ends it.")
    )


def _detail(change: DemandChange, *, whole: bool) -> tuple[str, str]:
    response = change.response
    step = f"{status_words(change.before)} → {status_words(response.status)}"
    text, source = plain(response.text), plain(response.source)
    lines = (
        say("Correction: {change}", change=step) if change.is_correction else step,
        day(response.on),
        text if whole else shorten(text, _TEXT_ROOM),
        say("Source: {source}", source=source if whole else shorten(source, 60)),
    )
    return f"{change.demand.position}. {change.demand.title}", "\n".join(lines)
