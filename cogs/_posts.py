"""How a due delivery looks in its channel."""

from dataclasses import dataclass
from datetime import timedelta
from typing import Any

import discord

from bot.domain.actions import DONE_LABEL
from bot.domain.attendance import counts_in_words
from bot.domain.language import say, say_count
from bot.domain.models import MeetingState
from bot.domain.schedules import ANNOUNCED, ScheduleKind
from bot.domain.when import format_duration
from bot.domain.when.moment import format_moment, moment_of
from bot.services.delivery import Post
from cogs._invitations import invitation_buttons, takes_place
from cogs._render import PICTURE_SHOWS, Page, button, embed_of, moment, view_of
from cogs._routes import route
from cogs.followed_answers import STOP, answers_page


@dataclass(frozen=True, slots=True)
class Message:
    """What is handed to Discord. Only the role that the organiser chose is ever pinged."""

    content: str | None
    embed: discord.Embed
    view: discord.ui.View | None
    allowed_mentions: discord.AllowedMentions


def message_of(post: Post) -> Message:
    """The message for a delivery. Its first button carries the delivery's key, by which it is found again."""
    role_id = None if post.is_for_a_person else post.schedule.role_id
    pages = {
        ScheduleKind.MEETING: _meeting_page,
        ScheduleKind.NUDGE: _nudge_page,
        ScheduleKind.REMINDER: _reminder_page,
        ScheduleKind.FOLLOW: answers_page,
        ScheduleKind.NOTICE: _wording_page,
    }
    return Message(
        content=f"<@&{role_id}>" if role_id else None,
        embed=embed_of(pages[post.schedule.kind](post)),
        view=view_of(_buttons(post)),
        allowed_mentions=discord.AllowedMentions(
            everyone=False, users=False, roles=[discord.Object(role_id)] if role_id else False
        ),
    )


def preview_of(post: Post) -> dict[str, Any]:
    """What `message_of` makes of a post, to be shown to one person: it pings nobody, and its buttons do nothing."""
    message = message_of(post)
    preview: dict[str, Any] = {"embed": message.embed, "allowed_mentions": discord.AllowedMentions.none()}
    if message.content:
        preview["content"] = message.content
    buttons = _buttons(post)
    for one in buttons:
        one.disabled = True
    preview["view"] = view_of(buttons)
    return preview


def _meeting_page(post: Post) -> Page:
    starts_at = (
        post.meeting.starts_at if post.meeting and not post.is_for_a_person else post.delivery.occurs_at
    )
    summary = post.meeting.summary if post.meeting else ""
    local = format_moment(moment_of(starts_at, post.schedule.zone))
    details = [(say("When"), f"{moment(starts_at)}\n{local}")]
    if post.meeting is not None:
        details.append((say("How long"), format_duration(post.meeting.duration)))
    if post.counts is not None and not post.is_for_a_person:
        details.append((say("Who comes"), counts_in_words(post.counts)))
    return Page(_headline(post), summary, tuple(details), _foot(post))


def _headline(post: Post) -> str:
    """What is on, and how soon; a post that stands already goes on telling what is true."""
    title = post.schedule.title
    if post.meeting is None:
        return _how_soon(title, post.delivery.occurs_at - post.delivery.due_at)
    if post.meeting.state is MeetingState.CANCELLED:
        return say("{title} is cancelled", title=title)
    if post.delivery.local_date in post.meeting.skipped:
        return say("{title} does not take place", title=title)
    if post.meeting.starts_at != post.delivery.occurs_at:
        return say("{title} has moved", title=title)
    if post.delivery.slot == ANNOUNCED:
        return say("New meeting: {title}", title=title)
    return _how_soon(title, post.delivery.occurs_at - post.delivery.due_at)


def _wording_page(post: Post) -> Page:
    return Page(post.schedule.title, post.wording, (), _foot(post))


def _nudge_page(post: Post) -> Page:
    picture = post.action.picture if post.action else None
    if picture is None:
        return _wording_page(post)
    shows = (say(PICTURE_SHOWS), picture.alt)
    return Page(post.schedule.title, post.wording, (shows,), _foot(post), picture.url)


def _reminder_page(post: Post) -> Page:
    if post.schedule.meeting_key:
        return _wording_page(post)
    # Its title is only the beginning of its text, and in a headline neither links nor mentions would work.
    return Page(say("Reminder"), post.wording, (), _foot(post))


def _foot(post: Post) -> str:
    due = format_moment(moment_of(post.delivery.due_at, post.schedule.zone))
    return say("Posted late. Due {moment}", moment=due) if post.late else say("Due {moment}", moment=due)


def _how_soon(title: str, lead: timedelta) -> str:
    if lead <= timedelta():
        return say("{title} is starting now", title=title)
    if lead.days == 1:
        return say("{title} is tomorrow", title=title)
    if lead.days:
        return say_count(lead.days, "{title} is in {number} day", "{title} is in {number} days", title=title)
    return say("{title} starts in {duration}", title=title, duration=format_duration(lead))


def _buttons(post: Post) -> list[discord.ui.Button[Any]]:
    key = post.delivery.delivery_id
    if post.is_for_a_person and post.schedule.meeting_key:
        return [
            button(
                say("Stop messages about this meeting"),
                route("meeting.quiet", str(post.delivery.guild_id), key),
            )
        ]
    if post.is_for_a_person:
        # Outside the server no button could tell which server it belongs to, so this one says so.
        stop = STOP if post.schedule.kind is ScheduleKind.FOLLOW else "me.stop"
        return [button(say("Stop these messages"), route(stop, str(post.delivery.guild_id), key))]
    if post.schedule.meeting_key and post.schedule.kind is ScheduleKind.REMINDER:
        return [
            button(
                say("Tell us how it was"), route("feedback.open", post.schedule.meeting_key, key), main=True
            ),
            button(say("About this post"), route("post.about", key)),
        ]
    if post.schedule.meeting_key:
        return _meeting_buttons(post)
    if post.schedule.action_key:
        return [
            _count_in_button(post),
            button(say("What else can I do?"), route("look", "action.list", "0", "")),
        ]
    return [button(say("About this post"), route("post.about", key))]


def _count_in_button(post: Post) -> discord.ui.Button[Any]:
    """The button by which members are counted, in the action's own words; an action that has ended counts nobody."""
    key, action = post.delivery.delivery_id, post.action
    if action is not None and action.retired_on is not None:
        return button(say("About this post"), route("post.about", key))
    label = action.button if action and action.button else say(DONE_LABEL)
    return button(label, route("action.done", str(post.schedule.action_key), key), main=True)


def _meeting_buttons(post: Post) -> list[discord.ui.Button[Any]]:
    meeting, key = post.meeting, post.delivery.delivery_id
    if meeting is None or not takes_place(meeting, post.delivery.local_date):
        return [button(say("About this post"), route("post.about", key))]
    first, *others = invitation_buttons(meeting)
    link = button(say("Get the link"), route("meeting.link", meeting.key, key))
    return [first, *others, link, button(say("Add to diary"), route("meeting.diary", meeting.key))]
