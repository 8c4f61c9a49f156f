"""What is refused in a configuration, and in which words."""

from pathlib import Path

import pytest

from bot.config import ConfigurationError, load_settings
from tests.config.helpers import only_problem, problems_of


def test_a_named_file_must_be_there() -> None:
    with pytest.raises(ConfigurationError) as caught:
        load_settings(Path("absent.toml"), {}, need_token=True)
    assert [problem.where for problem in caught.value.problems] == ["absent.toml"]
    assert "config.example.toml" in caught.value.problems[0].fix


def test_a_folder_is_no_configuration() -> None:
    Path("config.toml").mkdir()
    with pytest.raises(ConfigurationError, match="cannot be read"):
        load_settings(None, {}, need_token=False)


def test_a_file_must_be_utf_8() -> None:
    Path("config.toml").write_bytes(b'[campaign]\nname = "\xff\xfe"')
    with pytest.raises(ConfigurationError, match="UTF-8"):
        load_settings(None, {}, need_token=False)


@pytest.mark.parametrize(
    ("text", "where", "what"),
    [
        ("[log]\nlevel = info\n", "config.toml, line 2", "not valid TOML"),
        ('[log]\nlevel = "info', "config.toml, at the end", "not valid TOML"),
        ('[log]\nlevel = "info"\nlevel = "debug"\n', "config.toml, line 3", "a second time"),
        ("[log]\n[log]", "config.toml, line 2", "a second time"),
        ("a = " + "[" * 5000, "config.toml", "not valid TOML"),
    ],
)
def test_a_slip_in_the_file_is_shown_with_its_line(text: str, where: str, what: str) -> None:
    problem = only_problem(text, need_token=True)
    assert problem.where == where
    assert what in problem.what


@pytest.mark.parametrize(
    ("text", "where", "fix"),
    [
        ("[delivry]\nconcurrency = 3", "config.toml, [delivry]", "Did you mean delivery?"),
        ("[delivery]\nconcurency = 3", "config.toml, [delivery] concurency", "Did you mean concurrency?"),
        ("[delivery]\nzzz = 3", "config.toml, [delivery] zzz", "choose one of: concurrency, horizon_days"),
        ('[discord]\nlevel = "info"', "config.toml, [discord] level", "Move it below [log]."),
        ('token = "one.two.three"', "config.toml, [token]", "Move it below [discord]."),
        ('log = "info"', "config.toml, log", "Write [log] on a line of its own."),
    ],
)
def test_an_unknown_name_is_refused_with_the_nearest_known_one(text: str, where: str, fix: str) -> None:
    problem = only_problem(text)
    assert problem.where == where
    assert fix in problem.fix


@pytest.mark.parametrize(
    ("name", "fix"),
    [
        ("SOLIDARITY_DISCORD__API_BSE", "Did you mean SOLIDARITY_DISCORD__API_BASE?"),
        ("SOLIDARITY_DISCRD__TOKEN", "Did you mean SOLIDARITY_DISCORD__TOKEN?"),
        ("SOLIDARITY_LOG_LEVEL", "Did you mean SOLIDARITY_LOG__LEVEL?"),
        ("SOLIDARITY_LOG", "such as SOLIDARITY_LOG__LEVEL"),
        ("SOLIDARITY_XQ", "Remove it"),
    ],
)
def test_an_unknown_variable_is_refused_with_the_nearest_known_one(name: str, fix: str) -> None:
    problem = only_problem(**{name: "x"})
    assert problem.where == name
    assert fix in problem.fix


@pytest.mark.parametrize(
    ("setting", "what"),
    [
        ("feedback.submissions_per_day = 0", "a whole number from 1 to 100"),
        ("feedback.submissions_per_day = 101", "a whole number from 1 to 100"),
        ('feedback.submissions_per_day = "five"', "a whole number from 1 to 100"),
        ("feedback.submissions_per_day = true", "a whole number from 1 to 100"),
        ("feedback.submissions_per_day = 5.0", "a whole number from 1 to 100"),
        ("retention.feedback_weeks = 3", "a whole number from 4 to 520"),
        ("retention.audit_weeks = 521", "a whole number from 4 to 520"),
        ("feedback.batch_time = 6", "a time of day"),
        ('feedback.batch_time = "25:00"', "a time of day"),
        ('feedback.batch_time = "6am"', "a time of day"),
        ("delivery.horizon_days = 367", "from 1 to 366"),
        ("delivery.concurrency = 17", "from 1 to 16"),
        ("delivery.lease_seconds = 45", "must last longer"),
        ("delivery.send_timeout_seconds = 120", "must last longer"),
        ('log.level = "loud"', "debug, info, warning or error"),
        ("log.format = []", "text or json"),
        ('campaign.name = "Operation Protect"', "the name of a campaign"),
        ('campaign.timezone = "Europe/Lodnon"', "No time zone"),
        ('campaign.timezone = "../../etc/passwd"', "No time zone"),
        ('campaign.timezone = "Europe"', "No time zone"),
        ("campaign.timezone = 0", "a time zone"),
        ("data.directory = 5", "the path of a folder"),
        ('data.directory = ""', "the path of a folder"),
        ('data.directory = "a\\u0000b"', "the path of a folder"),
        ('data.directory = "~nobody-of-this-name/bot"', "the path of a folder"),
        ('data.directory = "what?"', "question mark"),
        ("discord.token = 5", "the bot's token, as text"),
        ("discord.token_file = 5", "the path of a file"),
        ('discord.token_file = "missing"', "The token file cannot be read."),
        ('discord.token_file = "."', "The token file cannot be read."),
        ('discord.api_base = "discord.com/api/v10"', "web address"),
        ('discord.api_base = "ftp://discord.com/api/v10"', "web address"),
        ('discord.api_base = "https://"', "web address"),
        ('discord.api_base = "https://discord.com:port/api"', "web address"),
        ('discord.api_base = "https://discord.com/api?v=10"', "web address"),
        ('discord.api_base = "https://user:secret@discord.com/api"', "web address"),
        ("database.url = 5", "a database address"),
        ('database.url = "bot.sqlite3"', "not the address of a database"),
        ('database.url = "mysql://root@localhost/bot"', "not the address of a database"),
        ('database.url = "sqlite+aiosqlite://bot.sqlite3"', "not the address of a database"),
        ('database.url = "sqlite+aiosqlite:///"', "not the address of a database"),
        ('database.url = "sqlite+aiosqlite:///:memory:"', "forgets everything"),
        ('database.url = "postgresql+asyncpg://bot@localhost:port/bot"', "not the address of a database"),
        ('database.url = "postgresql+asyncpg://bot@localhost"', "not the address of a database"),
    ],
)
def test_a_value_that_does_not_fit_is_refused(setting: str, what: str) -> None:
    problem = only_problem(setting)
    assert what in problem.what
    section, key = setting.partition(" = ")[0].split(".")
    if "must last longer" not in what:
        assert problem.where == f"config.toml, [{section}] {key}"


@pytest.mark.parametrize(
    ("url", "right"),
    [
        ("sqlite:///bot.sqlite3", "sqlite+aiosqlite://"),
        ("sqlite+pysqlite:///bot.sqlite3", "sqlite+aiosqlite://"),
        ("postgresql://bot:hunter2@localhost/bot", "postgresql+asyncpg://"),
        ("postgres://bot:hunter2@localhost/bot", "postgresql+asyncpg://"),
        ("postgresql+psycopg://bot:hunter2@localhost/bot", "postgresql+asyncpg://"),
    ],
)
def test_the_right_driver_is_named(url: str, right: str) -> None:
    problem = only_problem(SOLIDARITY_DATABASE__URL=url)
    assert problem.fix == f"Begin it with {right}"
    assert "hunter2" not in str(problem)


def test_the_nearest_time_zone_is_named() -> None:
    assert only_problem('campaign.timezone = "Europe/Lodnon"').fix == "Did you mean Europe/London?"


def test_a_variable_is_corrected_in_the_form_of_a_variable() -> None:
    problem = only_problem(SOLIDARITY_LOG__LEVEL="loud")
    assert (problem.where, problem.fix) == ("SOLIDARITY_LOG__LEVEL", "Set it to info, for example.")


def test_every_problem_is_listed_at_once() -> None:
    found = problems_of(
        '[log]\nlevel = "loud"\ncolour = true\n[delivery]\nconcurrency = 99\n[nonsense]\n[data]\ndirectory = 5',
        need_token=True,
        SOLIDARITY_FEEDBACK__BATCH_TIME="noon",
        SOLIDARITY_LOG__COLOR="yes",
    )
    assert sorted(problem.where for problem in found) == [
        "SOLIDARITY_FEEDBACK__BATCH_TIME",
        "SOLIDARITY_LOG__COLOR",
        "[discord] token",
        "config.toml, [data] directory",
        "config.toml, [delivery] concurrency",
        "config.toml, [log] colour",
        "config.toml, [log] level",
        "config.toml, [nonsense]",
    ]


@pytest.mark.parametrize(
    ("text", "what", "fix"),
    [
        ("[sharding]\nprocesses = 2", "fewer shards (1) than processes", "Write 1 or less"),
        ('[sharding]\ncount = 4\nprocesses = 2\nshards = "1-2"', "No process has just these", '"0-1", "2-3"'),
        (
            "[sharding]\ncount = 4\nprocesses = 2",
            "one file, which one process serves",
            "a PostgreSQL database",
        ),
    ],
)
def test_shards_that_cannot_be_served_are_refused(text: str, what: str, fix: str) -> None:
    problem = only_problem(text)
    assert "[sharding]" in problem.where
    assert what in problem.what
    assert fix in problem.fix
