"""Whatever is wrong in a campaign's files is refused, all of it at once, with file, key and reason."""

from pathlib import Path

import pytest

from bot.domain.problems import Problem
from seeds.reader import SeedError, SeedProblem, read_campaign

HEAD = """
name = "test"
title = "Test"
[[sources]]
title = "Leaflet"
date = 2025-03-01
"""
COMMON = 'title = "Title"\nsummary = "Summary."\nsource = "Leaflet"\ndate = 2025-03-01\n'
MEETING = COMMON + "starts = 2025-04-03T12:30:00\n" + 'weekday = "Thursday"\nzone = "Europe/London"\n'
MEETING += "duration_minutes = 60\n"
MOTION = COMMON + 'conference = "Conference"\ndecision = "Carried"\ncalls_on = "the executive"\n'
POINT = '[[motions.points]]\nkind = "note"\ntext = "Text."\n'


def entry(kind: str, body: str, key: str = "one") -> str:
    return f'[[{kind}]]\nkey = "{key}"\n{body}\n'


def refusal(folder: Path, **files: str) -> SeedError:
    (folder / "campaign.toml").write_text(HEAD, encoding="utf-8")
    for name, text in files.items():
        (folder / f"{name}.toml").write_text(text, encoding="utf-8")
    with pytest.raises(SeedError) as caught:
        read_campaign(folder)
    return caught.value


def test_a_sound_campaign_is_read(tmp_path):
    (tmp_path / "campaign.toml").write_text(HEAD, encoding="utf-8")
    (tmp_path / "demands.toml").write_text(
        entry("demands", COMMON + 'keywords = ["pay", "wage"]'), encoding="utf-8"
    )
    (tmp_path / "meetings.toml").write_text(entry("meetings", MEETING), encoding="utf-8")
    (tmp_path / "motions.toml").write_text(entry("motions", MOTION + POINT), encoding="utf-8")
    campaign = read_campaign(tmp_path)
    assert campaign.demands[0].keywords == ("pay", "wage")
    assert campaign.meetings[0].duration_minutes == 60
    assert campaign.aims == ()


@pytest.mark.parametrize(
    ("file", "text", "reason"),
    [
        ("aims", entry("aims", COMMON.replace('"Title"', '""')), "title is empty"),
        ("aims", entry("aims", COMMON.replace('"Title"', '"  "')), "title is empty"),
        ("aims", entry("aims", COMMON.replace('"Title"', '" Title"')), "title has spaces around it"),
        ("aims", entry("aims", COMMON.replace("Title", "a\\u0000b")), "title has a control character in it"),
        ("aims", entry("aims", COMMON.replace("Title", "x" * 201)), "title is longer than 200 characters"),
        ("aims", entry("aims", COMMON.replace("Summary.", "x" * 1025)), "summary is longer than 1024 characters"),
        ("aims", entry("aims", COMMON.replace('"Title"', "7")), "title is not text in quotes"),
        ("aims", entry("aims", COMMON.replace('title = "Title"\n', "")), 'title is missing; write title = "Safe staffing"'),
        ("aims", entry("aims", COMMON + 'colour = "red"'), "colour is not known here; known are date, key, source, summary, title"),
        ("aims", entry("aims", COMMON.replace("2025-03-01", '"1 March"')), "date is not a date; write it as 2025-04-03, without quotes"),
        ("aims", entry("aims", COMMON.replace("2025-03-01", "2025-03-02")), "date is not its source's; write date = 2025-03-01"),
        ("aims", entry("aims", COMMON.replace("Leaflet", "Rumour")), "source is not in campaign.toml: Rumour; there are: Leaflet"),
        ("aims", entry("aims", COMMON) * 2, "the key is used twice; give each entry one of its own"),
        ("demands", entry("demands", COMMON + f'keywords = ["{"x" * 81}"]'), "keywords.1 is longer than 80 characters"),
        ("demands", entry("demands", COMMON + f"keywords = {['x' * 75] * 4}"), "keywords has more than 300 characters in all, with a comma and a space between the words"),
        ("meetings", entry("meetings", MEETING.replace("12:30:00", "12:30:00Z")), "starts has an offset; write the local time alone, and the zone beside it"),
        ("meetings", entry("meetings", MEETING.replace("12:30:00", "12:30:00.5")), "starts has fractions of a second"),
        ("meetings", entry("meetings", MEETING.replace("2025-04-03T12:30:00", '"3 April"')), "starts is not a date and time; write it as 2025-04-03T12:30:00, without quotes"),
        ("meetings", entry("meetings", MEETING.replace("Thursday", "Friday")), "2025-04-03 is a Thursday, not a Friday"),
        ("meetings", entry("meetings", MEETING.replace("Europe/London", "Europe/Lundon")), "zone is not a zone that is known: Europe/Lundon; write it as Europe/London"),
        ("meetings", entry("meetings", MEETING.replace("Europe/London", "../etc")), "zone is not a zone that is known: ../etc; write it as Europe/London"),
        ("meetings", entry("meetings", MEETING.replace("Europe/London", "Europe")), "zone is not a zone that is known: Europe; write it as Europe/London"),
        ("actions", entry("actions", COMMON + '[[actions.links]]\nlabel = "L"\nurl = "http://example.org"'), "links.1.url is not an https address"),
        ("actions", entry("actions", COMMON + '[[actions.links]]\nlabel = "L"\nurl = "https://"'), "links.1.url is not an https address"),
        ("actions", entry("actions", COMMON + f'[[actions.links]]\nlabel = "{"x" * 81}"\nurl = "https://example.org"'), "links.1.label is longer than 80 characters"),
        ("actions", entry("actions", COMMON + '[actions.picture]\nurl = "https://cdn.discordapp.com/x.png"\nalt = "A scarf."'), "picture.url is an address that Discord only lends for a day; put the picture on a website"),
        ("actions", entry("actions", COMMON + '[actions.picture]\nurl = "https://example.org/x.png"'), 'picture.alt is missing; write alt = "Three people in green scarves in front of the library."'),
        ("actions", entry("actions", COMMON + '[[actions.links]]\nlabels = "L"\nlabel = "L"\nurl = "https://example.org"'), "links.1.labels is not known here; write label"),
        ("meetings", entry("meetings", MEETING.replace('"Thursday"', '"Donnerstag"')), "weekday is not one of 'Monday', 'Tuesday', 'Wednesday', 'Thursday', 'Friday', 'Saturday' or 'Sunday'"),
        ("meetings", entry("meetings", MEETING.replace("= 60", "= 0")), "duration_minutes is not more than 0"),
        ("meetings", entry("meetings", MEETING.replace("= 60", '= "1h"')), "duration_minutes is not a whole number; write it as 60, without quotes"),
        ("demands", entry("demands", COMMON + 'keywords = "pay"'), 'keywords is not a list; write it as ["pay", "hours"]'),
        ("motions", entry("motions", MOTION + "points = []"), "points is empty"),
        ("motions", entry("motions", MOTION + POINT.replace("note", "concern")), "points.1 a concern needs its label, such as 1) or a)"),
        ("motions", entry("motions", MOTION + POINT.replace("note", "concern") .replace("text", 'label = "1)"\ntext') * 2), "has two concerns labelled 1)"),
    ],
)  # fmt: skip
def test_an_entry_is_refused_with_its_reason(tmp_path, file, text, reason):
    error = refusal(tmp_path, **{file: text})
    assert error.problems == [SeedProblem(f"{file}.toml", "one", reason)]


def test_a_slip_of_the_pen_is_told_with_what_was_meant(tmp_path):
    error = refusal(tmp_path, aims=entry("aims", COMMON.replace("summary", "sumary")))
    assert [problem.reason for problem in error.problems] == [
        'summary is missing; write summary = "Two people at every desk."',
        "sumary is not known here; write summary",
    ]


def test_a_folder_cannot_take_the_name_of_a_campaign_that_comes_with_the_bot(tmp_path):
    (tmp_path / "campaign.toml").write_text(HEAD.replace('"test"', '"operation_protect"'), encoding="utf-8")
    with pytest.raises(SeedError, match="operation_protect; choose another"):
        read_campaign(tmp_path)


@pytest.mark.parametrize("key", ["Two Words", "UPPER", "a--b", "-a", "ünder", "x" * 65])
def test_a_key_that_is_not_kebab_case_is_refused(tmp_path, key):
    error = refusal(tmp_path, aims=entry("aims", COMMON, key))
    assert [(problem.file, problem.key) for problem in error.problems] == [("aims.toml", key)]


def test_an_entry_without_key_is_named_by_its_number(tmp_path):
    error = refusal(tmp_path, aims=entry("aims", COMMON) + "[[aims]]\n" + COMMON)
    assert error.problems == [
        SeedProblem("aims.toml", "entry 2", 'key is missing; write key = "safe-staffing"')
    ]


def test_everything_is_said_at_once(tmp_path):
    error = refusal(
        tmp_path,
        aims=entry("aims", 'title = ""\nsummary = "Summary."\nsource = "Leaflet"\ndate = 2025-03-01'),
        demands="not toml at all",
        glossary="terms = 3",
        actions=entry("nothing", COMMON),
        demand=entry("demands", COMMON),
    )
    assert isinstance(error, Problem)
    assert {problem.file for problem in error.problems} == {
        "aims.toml", "demands.toml", "glossary.toml", "actions.toml", "demand.toml"
    }  # fmt: skip
    assert all(str(problem) in error.what for problem in error.problems)
    assert error.next_step


def test_what_is_wrong_in_the_head_hides_nothing_in_the_other_files(tmp_path):
    (tmp_path / "aims.toml").write_text(entry("aims", COMMON.replace("Leaflet", "Rumour")), encoding="utf-8")
    (tmp_path / "campaign.toml").write_text(HEAD.replace('title = "Test"', "colour = 3"), encoding="utf-8")
    with pytest.raises(SeedError) as caught:
        read_campaign(tmp_path)
    assert [str(problem) for problem in caught.value.problems] == [
        'campaign.toml: title is missing; write title = "Safe staffing"',
        "campaign.toml: colour is not known here; known are name, sources, title",
        "aims.toml, one: source is not in campaign.toml: Rumour; there are: Leaflet",
    ]


def test_text_that_is_not_utf_8_is_refused(tmp_path):
    (tmp_path / "aims.toml").write_bytes(b'title = "caf\xe9"')
    assert refusal(tmp_path).problems == [SeedProblem("aims.toml", "", "is not UTF-8 text")]


def test_an_unknown_campaign_is_refused_with_those_there_are(tmp_path):
    with pytest.raises(SeedError, match="operation_protect"):
        read_campaign(tmp_path / "nowhere")


def test_a_campaign_without_head_is_refused(tmp_path):
    (tmp_path / "campaign.toml").write_text('name = "x"', encoding="utf-8")
    with pytest.raises(SeedError) as caught:
        read_campaign(tmp_path)
    assert [problem.reason for problem in caught.value.problems] == [
        'title is missing; write title = "Safe staffing"',
        "sources is missing; write [[sources]] with title and date",
    ]
