"""Importing documents: what it changes, that it is all or nothing, and that it can be undone."""

import pytest
from sqlalchemy import Engine, event, select

from bot.domain.bulletins.proposals import Kind, Standing
from bot.domain.bulletins.records import Deed, ImportRecord
from bot.domain.problems import BadInput, NotFound
from bot.services import daily, guilds, import_drafts, import_edits, import_undo, imports, retention
from bot.services.context import Context
from bot.services.import_edits import Wish
from db.tables import (
    actions,
    aims,
    demands,
    meetings,
    motions,
    schedules,
)
from db.tables import (
    import_drafts as drafts_table,
)
from seeds.loader import load_campaign
from seeds.reader import read_campaign
from tests.conftest import StoppedClock
from tests.services.bulletins import ACTIONS, DEMANDS, DOCUMENTS, FIRST, MEETING, SECOND
from tests.services.importing import (
    CHANNEL,
    GUILD,
    column,
    draft_of,
    empty,
    imported,
    needs_documents,
    number_of,
    numbered,
    seeded,
    stored,
)

__all__ = ["empty", "seeded"]


async def test_two_bulletins_make_twelve_demands_and_again_changes_nothing(empty: Context) -> None:
    first = await imported(empty, FIRST)
    assert [change.deed for change in first.changes] == [Deed.ADDED] * 12
    assert await column(empty, demands, "wording") == list(DEMANDS)
    assert await column(empty, demands, "position") == list(range(1, 13))
    assert set(await column(empty, demands, "source")) == {"Bulletin number one"}
    assert set(await column(empty, demands, "import_id")) == {first.import_id}
    second = await imported(empty, SECOND)
    assert await number_of(empty, demands) == 12
    assert not [change for change in second.changes if change.kind is Kind.DEMAND]
    assert [await number_of(empty, table) for table in (aims, actions, meetings)] == [5, 3, 1]
    before = await stored(empty)
    for document in (FIRST, SECOND, SECOND.replace("\n", "\r\n").replace("  ", "\u00a0 ")):
        again = await import_drafts.begin(empty, GUILD, document)
        assert isinstance(again, ImportRecord)
    assert await stored(empty) == before
    assert await number_of(empty, drafts_table) == 0


async def test_the_campaign_in_our_words_gains_the_documents_words_and_is_not_doubled(
    seeded: Context,
) -> None:
    titles = await stored(seeded, aims)
    keys = await column(seeded, demands, "key")
    await imported(seeded, SECOND)
    assert await column(seeded, demands, "wording") == list(DEMANDS)
    assert await column(seeded, demands, "key") == keys
    assert [await number_of(seeded, table) for table in (demands, aims, actions, meetings)] == [12, 5, 3, 1]
    assert await column(seeded, actions, "wording") == list(ACTIONS)
    assert await stored(seeded, aims) != titles
    loaded = await load_campaign(seeded.database, GUILD, read_campaign("operation_protect"))
    assert (loaded.kept, loaded.updated, loaded.added) == ((), (), ())


async def test_the_meeting_gets_its_reminders_and_the_action_its_nudge(seeded: Context) -> None:
    record = await imported(seeded, SECOND)
    assert {change.kind for change in record.of(Deed.SCHEDULED)} == {Kind.REMINDERS, Kind.NUDGE}
    posts = await imports.coming_posts(seeded, GUILD, record)
    times = {
        change.kind: [f"{due:%a %d %b %H:%M}" for due in posts[change.key]]
        for change in record.of(Deed.SCHEDULED)
    }
    # The week before is past on Monday 31 March; 12.30pm in British summer time is 11:30 UTC.
    assert times[Kind.REMINDERS] == ["Wed 02 Apr 11:30", "Thu 03 Apr 10:30", "Thu 03 Apr 11:30"]
    assert times[Kind.NUDGE] == [
        "Fri 04 Apr 07:00",
        "Fri 11 Apr 07:00",
        "Fri 18 Apr 07:00",
        "Fri 25 Apr 07:00",
    ]
    draft = await draft_of(seeded, SECOND + "\nOne more line.")
    assert not [one for one in draft.proposals if one.kind is Kind.REMINDERS]


async def test_without_a_channel_nothing_is_scheduled_and_the_review_says_so(empty: Context) -> None:
    await guilds.change(empty, GUILD, announcements_channel_id=None)
    draft = await draft_of(empty, SECOND)
    (reminders,) = [one for one in draft.proposals if one.kind is Kind.REMINDERS]
    assert not reminders.ticked
    assert "No channel is chosen" in reminders.doubts[0]
    with pytest.raises(BadInput, match="No channel"):
        ticked = await import_drafts.tick(
            empty, GUILD, draft.draft_id, [reminders.number], [reminders.number]
        )
        await imports.apply(empty, GUILD, ticked.draft_id)
    assert await number_of(empty, demands) == 0


async def test_a_document_whose_meeting_is_past_only_records_it(empty: Context, clock: StoppedClock) -> None:
    clock.forward(days=10)
    draft = await draft_of(empty, SECOND)
    meeting = draft.numbered(numbered(draft, Kind.MEETING))
    assert meeting is not None
    assert any("past" in doubt for doubt in meeting.doubts)
    record = await imported(empty, SECOND + "Again")
    assert {change.kind for change in record.of(Deed.SCHEDULED)} == {Kind.NUDGE}
    assert await column(empty, meetings, "wording") == [MEETING]


async def test_what_changed_since_the_review_is_looked_at_anew_and_decisions_stay(empty: Context) -> None:
    draft = await draft_of(empty, SECOND)
    left_out = numbered(draft, Kind.AIM)
    await import_drafts.tick(empty, GUILD, draft.draft_id, [], [left_out])
    await imported(empty, FIRST)
    applied = await imports.apply(empty, GUILD, draft.draft_id)
    assert applied.record is None
    assert applied.draft is not None
    standings = {one.standing for one in applied.draft.proposals if one.kind is Kind.DEMAND}
    assert standings == {Standing.SAME}
    first_aim = applied.draft.numbered(numbered(applied.draft, Kind.AIM))
    assert first_aim is not None
    assert not first_aim.ticked
    assert await number_of(empty, aims) == 0
    done = await imports.apply(empty, GUILD, draft.draft_id)
    assert done.record is not None
    assert [await number_of(empty, table) for table in (demands, aims)] == [12, 4]


async def test_several_items_of_one_line_keep_each_its_own_decision_and_its_edit(empty: Context) -> None:
    inline = (
        "Bulletin\n\nOur demands are: (1) heating in every office from October; (2) lockers for all night staff; "
        "(3) a bicycle shed behind the court.\n\nBRANCH MEETING FRIDAY 11th APRIL 1pm\n"
    )
    draft = await draft_of(empty, inline)
    heating, lockers, shed = (one.number for one in draft.proposals if one.kind is Kind.DEMAND)
    reminders = numbered(draft, Kind.REMINDERS)
    ids = (empty, GUILD, draft.draft_id)
    for number, wish in (
        (heating, Wish(title="Warm offices")),
        (reminders, Wish(phrase="2 h", channel_id=78)),
    ):
        await import_edits.edit(*ids, number, wish, zone="Europe/London")
    await import_drafts.tick(*ids, [heating, shed], [heating, lockers, shed])
    await imported(empty, FIRST)
    again = (await imports.apply(*ids)).draft
    assert again is not None
    looked_at = [(one.title, one.ticked) for one in again.proposals if one.kind is Kind.DEMAND]
    assert looked_at == [
        ("Warm offices", True),
        ("Lockers for all night staff", False),
        ("A bicycle shed behind the court", True),
    ]
    posts = again.proposals[numbered(again, Kind.REMINDERS) - 1].posts
    assert posts is not None
    assert (posts.phrase, posts.channel_id) == ("2 h", 78)
    await imports.apply(*ids)
    assert (await column(empty, demands, "title"))[12:] == ["Warm offices", "A bicycle shed behind the court"]


async def test_a_link_that_cannot_be_opened_is_left_out_of_the_action_and_of_the_diary(
    empty: Context,
) -> None:
    await imported(
        empty,
        "Bulletin\n\nBRANCH MEETING FRIDAY 11th APRIL 1pm: https://localhost/join or https://meet.example.org/j/1\n\n"
        "In the meantime, members are encouraged to:\n\n"
        "\u2022 Sign the petition: [here](https://[example.org/sign) or https://example.org/petition\n",
    )
    assert await column(empty, actions, "links") == [
        [{"label": "Sign the petition: here or", "url": "https://example.org/petition"}]
    ]
    assert await column(empty, meetings, "link") == ["https://meet.example.org/j/1"]


async def test_what_was_decided_against_the_comparison_is_carried_too(seeded: Context) -> None:
    document = "Bulletin\n\nOur demands are:\n\n\u2022 A review of overtime rates for night staff\n"
    draft = await draft_of(seeded, document)
    ids = (seeded, GUILD, draft.draft_id)
    known = await import_edits.edit(
        *ids, 1, Wish(is_known=True, wording="Overtime, looked at"), zone="Europe/London"
    )
    await imported(seeded, "Bulletin\n\nOur aims are:\n\n\u2022 A garden behind each office\n")
    again = (await imports.apply(*ids)).draft
    assert again is not None
    assert again.proposals == known.proposals


async def test_another_wording_is_shown_as_a_change_and_taken_over(empty: Context) -> None:
    first = await imported(empty, FIRST)
    before = await stored(empty)
    other = FIRST.replace("looked at jointly every quarter", "looked at jointly twice a year")
    draft = await draft_of(empty, other)
    changed = [one for one in draft.proposals if one.standing is Standing.CHANGED]
    assert [one.old for one in changed] == [DEMANDS[3]]
    record = await imported(empty, other + "Final")
    ((change),) = record.changes
    assert change.deed is Deed.CHANGED
    assert (await column(empty, demands, "wording"))[3].endswith("twice a year")
    assert (await column(empty, demands, "summary"))[3].endswith("twice a year")
    earlier = await import_undo.undo(empty, GUILD, record.import_id)
    assert earlier.restored == [f"demand 4: {change.title.removeprefix('demand 4: ')}"]
    assert await stored(empty) == before
    assert set(await column(empty, demands, "import_id")) == {first.import_id}


async def test_an_organiser_edits_before_confirming(empty: Context) -> None:
    draft = await draft_of(empty, SECOND)
    demand, meeting = numbered(draft, Kind.DEMAND), numbered(draft, Kind.MEETING)
    reminders, nudge = numbered(draft, Kind.REMINDERS), numbered(draft, Kind.NUDGE)
    wishes: dict[int, Wish] = {
        demand: Wish(title="End PSS", summary="It should stop.", wording=DEMANDS[0]),
        meeting: Wish(when="Friday 4 April 1pm", duration="90 minutes", link="https://meet.example.org/x"),
        reminders: Wish(phrase="2 h, start", channel_id=78),
        nudge: Wish(phrase="every Monday 9am"),
    }
    for number, wish in wishes.items():
        await import_edits.edit(empty, GUILD, draft.draft_id, number, wish, zone="Europe/London")
    for number, wish in (
        (demand, Wish(title="  ")),
        (meeting, Wish(when="whenever")),
        (meeting, Wish(link="not a link")),
        (reminders, Wish(phrase="none")),
        (nudge, Wish(phrase="now and then")),
    ):
        with pytest.raises(BadInput):
            await import_edits.edit(empty, GUILD, draft.draft_id, number, wish, zone="Europe/London")
    with pytest.raises(NotFound):
        await import_edits.edit(empty, GUILD, draft.draft_id, 99, Wish(), zone="Europe/London")
    await imports.apply(empty, GUILD, draft.draft_id)
    assert (await column(empty, demands, "title"))[0] == "End PSS"
    async with empty.database.read() as connection:
        stored_meeting = (await connection.execute(select(meetings))).one()
        both = (await connection.execute(select(schedules).order_by(schedules.c.kind))).all()
    assert f"{stored_meeting.starts_wall:%d %H:%M}" == "04 13:00"
    assert (stored_meeting.duration_minutes, stored_meeting.channel_id) == (90, 78)
    assert stored_meeting.link == "https://meet.example.org/x"
    assert [(one.channel_id, one.lead_seconds) for one in both] == [(78, [7200, 0]), (CHANNEL, [0])]
    assert f"{both[1].starts_wall:%a %H:%M}" == "Mon 09:00"


async def test_a_meeting_is_not_put_beside_another_at_the_same_time(seeded: Context) -> None:
    draft = await draft_of(seeded, SECOND.replace("THURSDAY 3rd APRIL", "FRIDAY 4th APRIL"))
    number = numbered(draft, Kind.MEETING)
    with pytest.raises(BadInput, match="in the diary at that time already"):
        wish = Wish(when="Thursday 3 April 12.30pm")
        await import_edits.edit(seeded, GUILD, draft.draft_id, number, wish, zone="Europe/London")
    assert await import_drafts.get(seeded, GUILD, draft.draft_id) == draft


async def test_what_seems_to_be_there_can_be_kept_as_a_new_one_and_the_other_way_round(
    seeded: Context,
) -> None:
    document = f"Bulletin\n\nOur demands are:\n\n\u2022 A review of overtime rates for night staff\n\u2022 {DEMANDS[11]}\n"
    draft = await draft_of(seeded, document)
    unsure, agreement = draft.proposals[0], draft.proposals[1]
    assert (unsure.standing, unsure.ticked) == (Standing.UNSURE, False)
    assert "demand 7" in unsure.doubts[0]
    ids = (seeded, GUILD, draft.draft_id)
    known = await import_edits.edit(*ids, unsure.number, Wish(is_known=True), zone="Europe/London")
    assert known.proposals[0].standing is Standing.GAINS
    if agreement.standing is Standing.GAINS:
        await import_edits.edit(*ids, agreement.number, Wish(is_known=False), zone="Europe/London")
    await imports.apply(*ids)
    assert await number_of(seeded, demands) == 13
    assert (await column(seeded, demands, "wording"))[6] == "A review of overtime rates for night staff"


async def test_drafts_are_private_to_their_server_and_forgotten_after_a_day(
    empty: Context, clock: StoppedClock
) -> None:
    await daily.run_if_due(empty)
    draft = await draft_of(empty, SECOND)
    for strange in (
        import_drafts.get(empty, GUILD + 1, draft.draft_id),
        imports.apply(empty, GUILD + 1, draft.draft_id),
        import_undo.undo(empty, GUILD + 1, draft.draft_id),
    ):
        with pytest.raises(NotFound):
            await strange
    assert await import_drafts.get(empty, GUILD, draft.draft_id) == draft
    clock.forward(hours=23)
    await retention.expire(empty)
    assert await number_of(empty, drafts_table) == 1
    clock.forward(hours=2)
    assert await daily.run_if_due(empty)
    assert await number_of(empty, drafts_table) == 0
    with pytest.raises(NotFound, match="no longer waiting"):
        await import_drafts.get(empty, GUILD, draft.draft_id)


async def test_the_campaign_is_read_once_and_a_list_reads_no_texts(empty: Context) -> None:
    draft, asked = await draft_of(empty, FIRST), list[str]()

    def note(_connection: object, _cursor: object, statement: str, *_rest: object) -> None:
        asked.append(" ".join(statement.replace('"', "").split()))

    event.listen(Engine, "before_cursor_execute", note)
    try:
        await imports.apply(empty, GUILD, draft.draft_id)
        of_all_demands = [one for one in asked if "FROM demands WHERE" in one and "demands.key =" not in one]
        asked.clear()
        listed = await imports.list_imports(empty, GUILD)
    finally:
        event.remove(Engine, "before_cursor_execute", note)
    assert len(of_all_demands) == 2  # to compare, and to see which keys are taken
    assert [one.title for one in listed] == ["Bulletin number one"]
    assert not [one for one in asked if "imports.text" in one or "imports.changes" in one]


@needs_documents
async def test_the_real_documents_double_nothing_and_again_change_nothing(seeded: Context) -> None:
    counted = [await number_of(seeded, table) for table in (demands, aims, motions, actions, meetings)]
    texts = [path.read_text(encoding="utf-8") for path in sorted(DOCUMENTS.glob("*-*.txt"))]
    assert len(texts) == 5
    for document in texts:
        draft = await draft_of(seeded, document)
        assert not [
            one
            for one in draft.proposals
            if one.standing in {Standing.NEW, Standing.UNSURE} and one.posts is None
        ]
        await imports.apply(seeded, GUILD, draft.draft_id)
    assert [await number_of(seeded, t) for t in (demands, aims, motions, actions, meetings)] == counted
    for document in texts:
        assert isinstance(await import_drafts.begin(seeded, GUILD, document), ImportRecord)
    keys, wordings = await column(seeded, demands, "key"), await column(seeded, demands, "wording")
    first_words = {key: wording.split()[:4] for key, wording in zip(keys, wordings, strict=True)}
    assert first_words["cap-on-cases"] == ["Agreement", "on", "the", "total"]
    assert first_words["extend-overtime"] == ["An", "immediate", "review", "of"]
    assert all(await column(seeded, motions, "wording"))


@needs_documents
async def test_the_real_bulletins_into_an_empty_campaign(empty: Context) -> None:
    for name in ("bulletin-1.txt", "bulletin-2.txt"):
        await imported(empty, (DOCUMENTS / name).read_text(encoding="utf-8"))
    assert await number_of(empty, demands) == 12
    assert await number_of(empty, schedules) == 2
