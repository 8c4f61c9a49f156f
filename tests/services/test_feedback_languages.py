"""What of feedback speaks the reader's language, and what is the same for everybody."""

from gettext import NullTranslations

import pytest

from bot.domain.feedback import FeedbackState
from bot.domain.focus import SuggestionState
from bot.domain.language import speaking
from bot.services import (
    digest,
    feedback,
    focus,
    focus_moderation,
    guilds,
    languages,
    moderation_changes,
    moderation_queue,
    reports,
)
from bot.services.context import Context
from bot.services.focus_moderation import RoundRequest
from bot.services.rate_limit import SubmissionLimit
from tests.services.exporting import MODERATOR, A, audited, exported, give


class Marked(NullTranslations):
    """A language in which every text stands between marks, so that one sees what was said in it."""

    def info(self) -> dict[str, str]:
        return {"language": "cy"}

    def gettext(self, message: str) -> str:
        return f"«{message}»"

    def ngettext(self, msgid1: str, msgid2: str, n: int) -> str:
        return f"«{msgid1 if n == 1 else msgid2}»"


@pytest.fixture
async def unlimited(context: Context) -> Context:
    context.limit = SubmissionLimit(1_000)
    await give(context, *"abcdef", topic="focus", region="wales", grade="po")
    await feedback.release_batches(context)
    return context


@pytest.mark.parametrize("kind", ["csv", "json"])
async def test_files_for_programs_are_the_same_in_every_language(unlimited: Context, kind: str) -> None:
    english = await exported(unlimited, A, MODERATOR, "Briefing", format=kind, topic="focus")
    with speaking(Marked()):
        other = await exported(unlimited, A, MODERATOR, "Briefing", format=kind, topic="focus")
    assert other.content.getvalue() == english.content.getvalue()
    assert b"What to focus on next" in other.content.getvalue()


async def test_a_page_to_read_is_in_the_language_of_its_reader(unlimited: Context) -> None:
    with speaking(Marked()):
        page = (
            (await exported(unlimited, A, MODERATOR, "Briefing", format="html")).content.getvalue().decode()
        )
        text = (await exported(unlimited, A, MODERATOR, "Briefing", format="md")).content.getvalue().decode()
    assert '<html lang="cy">' in page
    for said in (
        "«What members said»",
        "<h3>«What to focus on next»</h3>",
        "«Holds: «everything».»",
        "«Wales»",
    ):
        assert said in page
    assert "«Made on" in text
    assert "## «What to focus on next»" in text
    english = (await exported(unlimited, A, MODERATOR, "Briefing", format="html")).content.getvalue().decode()
    assert '<html lang="en-GB">' in english
    assert "«" not in english


async def test_the_audit_log_is_english_whoever_did_something(unlimited: Context) -> None:
    ((_, piece), *_) = await moderation_queue.suggest_pieces(unlimited, A, "")
    with speaking(Marked()):
        await moderation_changes.set_states(unlimited, A, MODERATOR, [piece], FeedbackState.OPEN.value)
        await moderation_changes.tag(unlimited, A, MODERATOR, piece, "overtime")
        await moderation_changes.reply(unlimited, A, MODERATOR, piece, "We raised it.")
        await reports.make_report(unlimited, A, MODERATOR)
        opened = await focus_moderation.open_round(
            unlimited, A, MODERATOR, RoundRequest("11 April 12.30pm", "Our focus", "Friday 8am")
        )
        await focus.suggest(unlimited, A, 1, opened.round_id, "Fair pay")
        found = await focus.current(unlimited, A)
        assert found is not None
        one = found.suggestions[0].suggestion_id
        await focus_moderation.judge(unlimited, A, MODERATOR, one, SuggestionState.ON_BALLOT)
    assert [row.purpose for row in await audited(unlimited)] == [
        f"{piece[:8]}: Being looked into",
        f"{piece[:8]}: a tag added",
        f"{piece[:8]}: replied",
        "Figures in chat, first to last",
        "Opened a round: Our focus",
        "Put a suggestion on the ballot",
    ]


async def test_the_digest_is_in_the_language_of_the_guild(
    unlimited: Context, monkeypatch: pytest.MonkeyPatch
) -> None:
    await guilds.change(unlimited, A, moderators_channel_id=7)
    await give(unlimited, "g")
    await digest.note_waiting(unlimited)
    asked: list[str] = []

    def catalogue(language: str) -> NullTranslations:
        asked.append(language)
        return Marked()

    monkeypatch.setattr(languages, "catalogue", catalogue)
    (told,) = await digest.take(unlimited)
    assert told.text == "«Fewer than 5 new pieces of feedback.» «`/moderate queue` shows what is open.»"
    assert asked == ["en"]
