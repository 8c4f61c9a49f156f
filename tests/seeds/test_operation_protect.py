"""The campaign that comes with the bot: complete, right, and in the project's own words."""

import re
from collections.abc import Iterator
from datetime import date, datetime
from pathlib import Path

import pytest

from bot.domain.models import PointKind
from bot.domain.search import Searchable, SearchIndex
from seeds.format import CampaignSeed, EntrySeed
from seeds.reader import read_campaign

DOCUMENTS = Path(__file__).parents[2].parent / "shared" / "campaign"
LONGEST_SHARED_RUN = 6
needs_documents = pytest.mark.skipif(
    not DOCUMENTS.is_dir(), reason=f"the campaign's documents are not at {DOCUMENTS}"
)


@pytest.fixture(scope="module")
def campaign() -> CampaignSeed:
    return read_campaign("operation_protect")


def all_entries(campaign: CampaignSeed) -> list[EntrySeed]:
    return [
        *campaign.demands,
        *campaign.aims,
        *campaign.motions,
        *campaign.actions,
        *campaign.meetings,
        *campaign.terms,
    ]


def all_texts(campaign: CampaignSeed) -> Iterator[str]:
    for entry in all_entries(campaign):
        yield entry.title
        yield entry.summary
    for motion in campaign.motions:
        yield from (point.text for point in motion.points)


def words(text: str) -> list[str]:
    return re.findall(r"[a-z0-9]+", re.sub("['’]", "", text).casefold())


def test_it_is_complete(campaign):
    assert [len(campaign.demands), len(campaign.aims), len(campaign.motions), len(campaign.actions)] == [
        12,
        5,
        3,
        3,
    ]
    assert len(campaign.meetings) == 1
    assert len(campaign.terms) >= 20


@pytest.mark.parametrize(
    ("key", "concerns", "resolutions"),
    [
        ("oppose-one-hmpps", ["1)", "2)", "3)", "4)", "5)", "6)"], ["a)", "b)", "c)", "d)"]),
        ("workloads-campaign", ["1)", "2)", "3)", "4)"], ["a)"]),
        ("stop-privatisation", [], ["1)", "2)", "3)", "4)", "5)"]),
    ],
)
def test_motions_have_the_labels_of_the_documents(campaign, key, concerns, resolutions):
    motion = next(motion for motion in campaign.motions if motion.key == key)
    labels = {
        kind: [point.label for point in motion.points if point.kind is kind]
        for kind in (PointKind.CONCERN, PointKind.RESOLUTION)
    }
    assert labels == {PointKind.CONCERN: concerns, PointKind.RESOLUTION: resolutions}
    assert any(point.kind is PointKind.NOTE for point in motion.points)


def test_the_meeting_is_the_one_announced(campaign):
    (meeting,) = campaign.meetings
    assert meeting.starts == datetime(2025, 4, 3, 12, 30)
    assert (meeting.weekday, meeting.zone, meeting.duration_minutes) == ("Thursday", "Europe/London", 60)
    assert "assumed" in meeting.summary


def test_both_unions_offer_the_logo(campaign):
    links = [link.url for action in campaign.actions for link in action.links]
    assert len(links) == 2
    assert any("napo.org.uk" in link for link in links)
    assert any("unison.org.uk" in link for link in links)


def test_the_glossary_explains_what_members_look_up(campaign):
    titles = {term.title for term in campaign.terms}
    assert titles >= {
        "HMPPS", "NOMS", "HMIP", "WMT", "PSS", "PO", "PSO", "TR", "One HMPPS", "Probation Reset",
        "Operation Safeguard", "Prioritisation Framework", "Red status", "Demand Management", "Spending Review",
        "Napo", "UNISON", "GMB/SCOOP", "NEC", "Labour Link", "Case allocation", "Capability proceedings",
        "Collective agreement", "Moratorium",
    }  # fmt: skip
    assert [term.title for term in campaign.terms] == sorted(titles, key=str.casefold)


def test_sources_are_dated_and_what_is_uncertain_is_said(campaign):
    for source in campaign.sources:
        assert date(2014, 1, 1) < source.date < date(2027, 1, 1)
        assert source.note or "bulletin" not in source.title


@pytest.mark.parametrize(
    ("typed", "key"),
    [
        ("sicknes absense", "suspend-sickness-absence"),
        ("AI", "ai-agreement"),
        ("artifical inteligence", "ai-agreement"),
        ("overtime", "extend-overtime"),
        ("wmt", "wmt-does-not-measure"),
        ("workload measurement tool", "wmt-does-not-measure"),
        ("capibility", "suspend-capability"),
        ("red status", "red-status-everywhere"),
        ("pss", "end-post-sentence-supervision"),
        ("caseload limit", "cap-on-cases"),
        ("moratorium", "no-new-work"),
        ("KPIs", "welfare-before-targets"),
        ("treasury money", "show-the-spending-bid"),
        ("what comes first", "demand-management-strategy"),
    ],
)
def test_members_find_each_demand_by_their_own_words(campaign, typed, key):
    searchable = [Searchable(one.key, one.title, one.summary, one.keywords) for one in campaign.demands]
    synonyms = {term.title: term.expansion for term in campaign.terms if term.expansion}
    assert SearchIndex(searchable, synonyms).search(typed, limit=3)[0].key == key


@needs_documents
def test_the_words_are_our_own(campaign):
    length = LONGEST_SHARED_RUN + 1
    copied = []
    for path in sorted(DOCUMENTS.glob("*.txt")):
        theirs = words(path.read_text(encoding="utf-8"))
        runs = {tuple(theirs[start : start + length]) for start in range(len(theirs) - length + 1)}
        for text in all_texts(campaign):
            ours = words(text)
            copied += [
                (path.name, " ".join(ours[start : start + length]))
                for start in range(len(ours) - length + 1)
                if tuple(ours[start : start + length]) in runs
            ]
    assert copied == []


@needs_documents
def test_nobody_is_named():
    """The people who signed the bulletins, and the minister named there, are read from the documents."""
    text = "\n".join(path.read_text(encoding="utf-8") for path in sorted(DOCUMENTS.glob("bulletin-*.txt")))
    signatures = re.findall(r"^(.+)\n\s*General Secretary", text, flags=re.MULTILINE)
    signatures += re.findall(r"^(.+)\n\nGeneral Secretary", text, flags=re.MULTILINE)
    names = {word for line in signatures for word in line.split()}
    names |= {word for pair in re.findall(r"since (\w+ \w+) first", text) for word in pair.split()}
    assert len(names) >= 8
    folder = Path(__file__).parents[2] / "seeds"
    shipped = "\n".join(path.read_text(encoding="utf-8") for path in sorted(folder.rglob("*.toml")))
    assert not names & set(re.findall(r"\w+", shipped))
