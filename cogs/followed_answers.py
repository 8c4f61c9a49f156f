"""How the employer's answers look in the direct message to somebody who follows demands."""

from bot.domain.demand_history import DemandChange
from bot.services.delivery import Post
from cogs._render import STATUS_WORDS, Page, count_of, day, plain, shorten

STOP = "demand.stop"
_MOST_SHOWN = 10
_TEXT_ROOM = 300


def answers_page(post: Post) -> Page:
    """All that was recorded, demand by demand."""
    shown, left = post.answers[:_MOST_SHOWN], len(post.answers) - _MOST_SHOWN
    only = post.answers[0] if len(post.answers) == 1 else None
    headline = (
        f"The employer's answer to “{only.demand.title}”"
        if only
        else f"{count_of(len(post.answers), 'answer')} to demands that you follow"
    )
    body = f"And {left} more: `/demand changes` in the server shows all of them." if left > 0 else ""
    details = tuple(_detail(change, whole=only is not None) for change in shown)
    return Page(headline, body, details, "You follow these demands. /demand unfollow in the server ends it.")


def _detail(change: DemandChange, *, whole: bool) -> tuple[str, str]:
    response = change.response
    kind = "Correction: " if change.is_correction else ""
    text = plain(response.text)
    lines = (
        f"{kind}{STATUS_WORDS[change.before]} → {STATUS_WORDS[response.status]}",
        day(response.on),
        text if whole else shorten(text, _TEXT_ROOM),
        f"Source: {plain(response.source) if whole else shorten(plain(response.source), 60)}",
    )
    return f"{change.demand.position}. {change.demand.title}", "\n".join(lines)
