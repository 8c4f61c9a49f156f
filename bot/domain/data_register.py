"""The register of everything that is stored: each table's purpose, how long it is kept, how it goes, and each column's kind.

A column leads to a person, or holds words that somebody typed, or is about nobody. A test fails for a column that is not
here. What leads to a person is explained to them by `bot.domain.personal_data`, from which `/me data` is made.
"""

from dataclasses import dataclass

PERSONS = "leads to a person"
WORDS = "words that somebody typed, who may have named a person in spite of being asked not to"
NOBODY = "about nobody"

_CAMPAIGN = "Until an organiser removes it, or the bot's database is deleted."
_BY_ORGANISERS = "An organiser changes or removes it; nothing in it is about members."
_WITH_FEEDBACK = "With the feedback to which it belongs."
_WITH_ROUND = "With the vote to which it belongs."


@dataclass(frozen=True, slots=True)
class StoredTable:
    """One table. Columns are names with spaces between them."""

    table: str
    purpose: str
    kept: str
    erased: str
    nobody: str
    persons: str = ""
    words: str = ""

    @property
    def columns(self) -> dict[str, str]:
        """The kind of each column."""
        kinds = ((PERSONS, self.persons), (WORDS, self.words), (NOBODY, self.nobody))
        return {column: kind for kind, names in kinds for column in names.split()}


def _entries(table: str, purpose: str, more: str = "", words: str = "") -> StoredTable:
    """A table of the campaign's facts, which organisers write for everybody to read."""
    return StoredTable(
        table,
        purpose,
        _CAMPAIGN,
        _BY_ORGANISERS,
        nobody=f"guild_id key position source source_on seed_digest import_id {more}",
        words=f"title summary wording {words}",
    )


REGISTER = (
    StoredTable(
        "installation",
        "What the bot remembers of its own work, such as the last day on which the daily work was done.",
        "As long as the database.",
        "Nothing in it is about members.",
        nobody="key value",
    ),
    StoredTable(
        "guilds",
        "What administrators have set for a server.",
        "As long as the server uses the bot.",
        "An administrator changes it with `/setup`.",
        nobody="guild_id zone language organiser_role_id moderator_role_id member_role_id announcements_channel_id"
        " organisers_channel_id"
        " moderators_channel_id fallback_channel_id ping_role_ids quiet_from quiet_until weekly_cap"
        " feedback_weeks audit_weeks attendance_names attendance_days feed_epoch campaign",
        words="privacy_contact",
    ),
    StoredTable(
        "members",
        "What a member chose: nudges as direct messages, a time zone, and a language.",
        "Until the member goes back to what was at first, or erases them.",
        "`/me forget`, `/me nudges`, `/me timezone`, `/me language`.",
        nobody="guild_id nudges zone language",
        persons="user_id",
    ),
    _entries("demands", "The demands on the employer.", "keywords retired_on", "retired_reason"),
    _entries("aims", "The aims of the campaign."),
    _entries("motions", "Conference motions.", "conference decision calls_on points"),
    _entries("actions", "What members can do.", "links goal picture_url retired_on", "button picture_alt"),
    _entries("terms", "The glossary.", "expansion"),
    _entries(
        "meetings",
        "Meetings of the campaign.",
        "starts_wall zone starts_at duration_minutes link channel_id state sequence repeat skipped moved cap",
        "notes",
    ),
    StoredTable(
        "demand_responses",
        "What the employer answered to a demand.",
        _CAMPAIGN,
        _BY_ORGANISERS,
        nobody="guild_id response_id demand_key on status source recorded_at corrects",
        words="text",
    ),
    StoredTable(
        "demand_follows",
        "Which members asked for a direct message when the employer answers to a demand.",
        "Until the member stops following, or erases it.",
        "`/demand unfollow`, `/me forget`.",
        nobody="guild_id demand_key",
        persons="user_id",
    ),
    StoredTable(
        "motion_progress",
        "What was done about a resolution of a motion.",
        _CAMPAIGN,
        _BY_ORGANISERS,
        nobody="guild_id progress_id motion_key label on source recorded_at",
        words="text",
    ),
    StoredTable(
        "imports",
        "The union's documents that organisers brought in, and what each changed.",
        _CAMPAIGN,
        _BY_ORGANISERS,
        nobody="guild_id import_id digest kind on imported_at undone_at",
        words="title text changes",
    ),
    StoredTable(
        "import_drafts",
        "What was read from a document and waits for an organiser to confirm it.",
        "A day, or until it is confirmed or given up.",
        "The organiser gives it up; the daily work after a day.",
        nobody="guild_id draft_id created_at",
        words="draft",
    ),
    StoredTable(
        "meeting_answers",
        "Who comes to a meeting, so that seats can be counted and those who come hear of changes.",
        "Until the days of attendance after the meeting are over.",
        "The member takes the answer back; `/me forget`; the daily work when its time is over.",
        nobody="guild_id meeting_key local_date answer place lead_seconds",
        persons="user_id",
    ),
    StoredTable(
        "meeting_counts",
        "How many came to a meeting: numbers, without names.",
        _CAMPAIGN,
        _BY_ORGANISERS,
        nobody="guild_id meeting_key local_date coming maybe not_coming",
    ),
    StoredTable(
        "native_events",
        "Which of Discord's own events stands for which meeting.",
        "As long as the meeting.",
        _BY_ORGANISERS,
        nobody="guild_id meeting_key local_date event_id told_digest shown_digest deletions",
    ),
    StoredTable(
        "agenda_proposals",
        "What members proposed for a meeting's agenda; nothing in it leads to them.",
        "As long as the meeting.",
        "An organiser deletes it.",
        nobody="proposal_id guild_id meeting_key state",
        words="text",
    ),
    StoredTable(
        "meeting_templates",
        "What organisers keep for scheduling such a meeting again.",
        _CAMPAIGN,
        _BY_ORGANISERS,
        nobody="guild_id",
        words="name template",
    ),
    StoredTable(
        "schedules",
        "What the bot is to post, and when.",
        "Until an organiser deletes it.",
        _BY_ORGANISERS,
        nobody="schedule_id guild_id kind starts_wall zone channel_id lead_seconds rule holidays role_id meeting_key"
        " action_key skipped moved state materialised_until",
        words="title wordings",
    ),
    StoredTable(
        "deliveries",
        "Each post, so that none is lost and none comes twice; a direct message names the member's number.",
        "Posts in channels with their schedule; direct messages for 28 days after they were sent.",
        "`/me forget` for direct messages; the daily work for those whose time is over.",
        nobody="delivery_id guild_id schedule_id local_date slot target_kind due_at occurs_at state fence attempts"
        " attention_at first_attempted_at may_stand message_id reason settled_at",
        persons="target_id",
    ),
    StoredTable(
        "feedback",
        "What members said in confidence; nothing in it leads to them.",
        "The weeks of `/setup retention`, then until the moderators have been warned for a week.",
        "The member withdraws it with the receipt; the daily work when its time is over.",
        nobody="feedback_id guild_id topic region grade demand_key meeting_key iso_week receipt_hash state",
        words="text sealed",
    ),
    StoredTable(
        "feedback_tags",
        "Words by which moderators sort feedback.",
        _WITH_FEEDBACK,
        _WITH_FEEDBACK,
        nobody="guild_id feedback_id",
        words="tag",
    ),
    StoredTable(
        "feedback_messages",
        "What members added with the receipt, and what moderators replied, without the moderator's name.",
        _WITH_FEEDBACK,
        _WITH_FEEDBACK,
        nobody="message_id guild_id feedback_id number from_moderators waiting iso_week",
        words="text sealed",
    ),
    StoredTable(
        "focus_rounds",
        "Votes on what the campaign should focus on next.",
        "The weeks of `/setup retention` after the vote has closed.",
        "The daily work when its time is over.",
        nobody="round_id guild_id opens_at closes_at",
        words="title",
    ),
    StoredTable(
        "focus_suggestions",
        "What members suggested; nothing in it leads to them.",
        _WITH_ROUND,
        _WITH_ROUND,
        nobody="suggestion_id guild_id round_id state merged_into",
        words="text",
    ),
    StoredTable(
        "focus_ballots",
        "Secret votes; nothing in them leads to a member.",
        _WITH_ROUND,
        _WITH_ROUND,
        nobody="ballot_id guild_id round_id ranking",
    ),
    StoredTable(
        "focus_ledger",
        "A scrambled mark for each member who voted, so that everybody votes once.",
        "Until the daily work after the vote has closed.",
        "`/me forget`; the daily work once the vote has closed.",
        nobody="guild_id round_id",
        persons="entry_hash",
    ),
    StoredTable(
        "participation",
        "How many members took part in an action in a week: numbers, without names.",
        "As long as the database.",
        "`/me forget` takes a member out of the number of the present week.",
        nobody="guild_id action_key iso_week members",
    ),
    StoredTable(
        "participation_ledger",
        "A scrambled mark for each member who took part, so that nobody counts twice in a week.",
        "Until the week is over.",
        "`/me forget`; the daily work once the week is over.",
        nobody="guild_id iso_week",
        persons="entry_hash",
    ),
    StoredTable(
        "audit",
        "Who exported or changed what, when and why: organisers, moderators and administrators, not members.",
        "The weeks of `/setup retention`.",
        "The daily work when its time is over; not before, so that what was done with feedback stays known.",
        nobody="audit_id guild_id at event rows sha256",
        persons="actor_id",
        words="purpose",
    ),
)
