"""What organisers do in another language than English: what is read back stays readable, what is stored stays English."""

from dataclasses import replace

import pytest

from bot.domain.bulletins.proposals import Kind
from bot.domain.language import speaking
from bot.domain.problems import BadInput
from bot.services import (
    guilds,
    import_drafts,
    import_edits,
    import_undo,
    imports,
    languages,
    meeting_templates,
    permission_watch,
    schedule_changes,
)
from bot.services.context import Context
from bot.services.documents import text_of
from bot.services.import_edits import Wish, shown_duration, shown_time
from bot.services.meetings import MeetingRequest, schedule_meeting
from bot.services.nudges import NudgeRequest, schedule_nudge
from cogs.organise_bulletin_items import detail_of, words_of
from cogs.organise_meeting_template import _shown
from tests.conftest import StoppedClock
from tests.documents import attacks
from tests.services.bulletins import SECOND
from tests.services.channel_on_paper import ChannelOnPaper
from tests.services.importing import CHANNEL, GUILD, draft_of, empty, numbered, seeded
from tests.services.test_feedback_languages import Marked
from tests.services.test_schedule_changes import KIND, rows, schedule

__all__ = ["empty", "seeded"]


@pytest.mark.parametrize(
    ("data", "reason"),
    [
        (attacks.scanned(), "«There is no text in that PDF, only pictures of pages: it was scanned"),
        (attacks.nested_tables(), "«That document is damaged, or was not saved to its end.»"),
        (b"\x89PNG\r\n\x1a\n", "«That is a picture, and what is written in it I cannot see.»"),
        (b"%PDF-1.7 and nothing more", "«That document is damaged, or was not saved to its end.»"),
    ],
)
async def test_why_a_file_cannot_be_read_is_said_in_the_language_of_whoever_waits(
    data: bytes, reason: str
) -> None:
    with speaking(Marked()), pytest.raises(BadInput) as refused:
        await text_of(data, "notice")
    assert f"«I cannot read “notice”. {reason}" in refused.value.what
    assert refused.value.next_step.startswith("«")


async def test_a_review_is_read_in_one_language_and_its_fixed_doubts_are_stored_in_english(
    empty: Context, clock: StoppedClock
) -> None:
    await guilds.change(empty, GUILD, announcements_channel_id=None)
    with speaking(Marked()):
        draft = await draft_of(empty, SECOND)
        shown = "\n".join(
            part for one in draft.proposals for part in detail_of(draft, one, words_of(draft) | {0: ""})
        )
    stored = {doubt for one in draft.proposals for doubt in one.doubts}
    assert "No channel is chosen for posts: choose one, then tick it." in stored
    assert "«Please check: «No channel is chosen for posts: choose one, then tick it.»»" in shown
    assert "«Demand»: " in shown


async def test_what_stands_in_the_form_can_be_sent_back_unchanged(empty: Context) -> None:
    with speaking(Marked()):
        draft = await draft_of(empty, SECOND)
        number = numbered(draft, Kind.MEETING)
        meeting = draft.numbered(number)
        assert meeting is not None
        assert meeting.meeting is not None
        wish = Wish(when=shown_time(meeting.meeting), duration=shown_duration(meeting.meeting))
        edited = await import_edits.edit(empty, GUILD, draft.draft_id, number, wish, zone="Europe/London")
    after = edited.numbered(number)
    assert after is not None
    assert after.meeting is not None
    assert replace(after.meeting, phrase="") == replace(meeting.meeting, phrase="")


async def test_an_import_is_undone_in_another_language(seeded: Context) -> None:
    draft = await draft_of(seeded, SECOND)
    applied = await imports.apply(seeded, GUILD, draft.draft_id)
    assert applied.record is not None
    with speaking(Marked()):
        undone = await import_undo.undo(seeded, GUILD, applied.record.import_id)
    assert any(title.startswith("«demand ") for title in undone.restored)
    assert await import_drafts.begin(seeded, GUILD, SECOND) != applied.record


async def test_a_template_that_was_kept_in_another_language_can_be_used(empty: Context) -> None:
    with speaking(Marked()):
        request = MeetingRequest("Branch call", "Thursday 10 April 12.30pm", CHANNEL, duration="90 minutes")
        await schedule_meeting(empty, GUILD, request)
        _, template = await meeting_templates.keep(empty, GUILD, "branch call", "call")
        again = MeetingRequest("Next call", "Thursday 17 April 12.30pm", CHANNEL)
        made = await schedule_meeting(empty, GUILD, meeting_templates.filled(template, again))
    assert made.meeting.duration.total_seconds() == 90 * 60
    assert len(made.reminders) == 4


async def test_a_nudge_is_scheduled_with_the_usual_rhythm_and_a_last_day(seeded: Context) -> None:
    request = NudgeRequest("yellow", "Friday 8am", CHANNEL, until="27 June")
    with speaking(Marked()):
        plan = await schedule_nudge(seeded, GUILD, request)
    assert plan.schedule.rule is not None
    assert "UNTIL=20250627" in plan.schedule.rule


async def test_why_a_post_was_left_out_is_stored_in_english(context: Context) -> None:
    made = await schedule(context)
    with speaking(Marked()):
        await schedule_changes.skip(context, made.guild_id, KIND, "s1")
        await schedule_changes.delete(context, made.guild_id, KIND, "s1")
    stored = {one.reason for one in await rows(context)}
    assert {"An organiser left this one out.", "An organiser deleted it."} <= stored


async def test_the_organisers_are_told_of_a_closed_channel_in_the_servers_language(
    empty: Context, monkeypatch: pytest.MonkeyPatch
) -> None:
    await guilds.change(empty, GUILD, language="cy", organisers_channel_id=CHANNEL + 1)
    await schedule_meeting(empty, GUILD, MeetingRequest("Call", "Thursday 10 April 12.30pm", CHANNEL))
    monkeypatch.setattr(languages, "catalogue", lambda _: Marked())
    channel = ChannelOnPaper()
    why: list[str | None] = ["It was deleted."]

    async def closed(guild_id: int, channel_id: int) -> str | None:
        assert (guild_id, channel_id) == (GUILD, CHANNEL)
        return why[0]

    await permission_watch.look(empty, channel, closed, GUILD)
    why[0] = None
    await permission_watch.look(empty, channel, closed, GUILD)
    shut, opened = channel.alerts
    assert shut.startswith(
        f"«Posts are scheduled for <#{CHANNEL}>, and cannot go out there. «It was deleted.»"
    )
    assert opened.startswith(f"«I may post in <#{CHANNEL}> again.»")


@pytest.mark.parametrize(
    ("field", "kept"),
    [
        ("duration", "1 hour 30 minutes"),
        ("remind", "7 days, 1 day, start"),
        ("remind", "none"),
        ("seats", "9"),
    ],
)
def test_what_a_template_keeps_is_shown_as_it_is_kept_and_in_other_languages_in_their_words(
    field: str, kept: str
) -> None:
    assert _shown(field, kept) == kept
    with speaking(Marked()):
        assert ("«" in _shown(field, kept)) is (field != "seats")
