"""Where each setting comes from, what is refused, and that no secret ever shows."""

import logging
import pickle
import traceback
from pathlib import Path

import pytest
from pydantic import ValidationError
from sqlalchemy import make_url

from bot.config import ConfigurationError, ConfigurationProblem, Settings, load_settings
from bot.config_sections import DatabaseSettings, DataSettings, DeliverySettings, DiscordSettings

CANARY = "MTAxMDEwMTAxMDEwMTAxMDEw.Canary.abcdefghijklmnopqrstuvwxyz0123456789AB"


@pytest.fixture(autouse=True)
def _in_an_empty_folder(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.chdir(tmp_path)


def written(text: str, name: str = "config.toml") -> Path:
    path = Path(name)
    path.write_text(text)
    return path


def load(text: str = "", *, need_token: bool = False, **environ: str) -> Settings:
    return load_settings(written(text), environ, need_token=need_token)


def problems_of(text: str = "", *, need_token: bool = False, **environ: str) -> list[ConfigurationProblem]:
    with pytest.raises(ConfigurationError) as caught:
        load(text, need_token=need_token, **environ)
    assert str(caught.value) == "\n".join(str(problem) for problem in caught.value.problems)
    return caught.value.problems


def only_problem(text: str = "", *, need_token: bool = False, **environ: str) -> ConfigurationProblem:
    (problem,) = problems_of(text, need_token=need_token, **environ)
    for sentence in (problem.what, problem.fix):
        assert sentence[0].isupper()
    return problem


# Where settings come from


def test_without_anything_the_defaults_apply(tmp_path: Path) -> None:
    settings = load_settings(None, {}, need_token=False)
    assert settings.discord.token is None
    assert settings.data.directory == tmp_path / "data"
    assert settings.database.url == f"sqlite+aiosqlite:///{tmp_path}/data/solidarity.sqlite3"
    assert (settings.campaign.name, settings.campaign.timezone) == ("operation_protect", "Europe/London")
    assert (settings.feedback.submissions_per_day, settings.feedback.batch_time) == (5, "06:00")
    assert settings.delivery.model_dump() == {
        "horizon_days": 35,
        "send_timeout_seconds": 45,
        "lease_seconds": 120,
        "concurrency": 4,
    }
    assert (settings.log.level, settings.log.format) == ("info", "text")


def test_built_directly_settings_have_the_same_defaults_and_read_no_environment(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setenv("LOG", '{"level": "debug"}')
    monkeypatch.setenv("DISCORD", "nonsense")
    assert Settings() == load_settings(None, {}, need_token=False)


def test_the_file_in_the_working_directory_is_read_unless_another_is_named() -> None:
    written('[log]\nlevel = "error"')
    other = written('[log]\nlevel = "warning"', "other.toml")
    assert load_settings(None, {}, need_token=False).log.level == "error"
    assert load_settings(other, {}, need_token=False).log.level == "warning"


def test_the_environment_wins_over_the_file() -> None:
    settings = load(
        "[delivery]\nconcurrency = 2\nhorizon_days = 7",
        SOLIDARITY_DELIVERY__CONCURRENCY="3",
        SOLIDARITY_LOG__LEVEL="DEBUG",
    )
    assert (settings.delivery.concurrency, settings.delivery.horizon_days) == (3, 7)
    assert settings.log.level == "debug"


def test_names_of_variables_may_be_written_small() -> None:
    assert load(solidarity_log__level="debug").log.level == "debug"


@pytest.mark.parametrize(
    ("environ", "expected"),
    [
        ({}, "from.the.file"),
        ({"SOLIDARITY_DISCORD__TOKEN": "from.the.section"}, "from.the.section"),
        (
            {"SOLIDARITY_DISCORD__TOKEN": "from.the.section", "DISCORD_TOKEN": "from.the.environment"},
            "from.the.environment",
        ),
        ({"DISCORD_TOKEN": "  ", "SOLIDARITY_DISCORD__TOKEN": ""}, "from.the.file"),
        ({"DISCORD_TOKEN": " from.the.environment\n"}, "from.the.environment"),
    ],
)
def test_the_token_has_an_order_of_places(environ: dict[str, str], expected: str) -> None:
    token = load('[discord]\ntoken = "from.the.file"', need_token=True, **environ).discord.token
    assert token is not None
    assert token.get_secret_value() == expected


def test_a_token_file_counts_from_the_folder_of_the_configuration(tmp_path: Path) -> None:
    folder = tmp_path / "elsewhere"
    folder.mkdir()
    (folder / "token.txt").write_text(" one.two.three \n")
    (folder / "token.txt").chmod(0o600)
    path = written('[discord]\ntoken_file = "token.txt"\n[data]\ndirectory = "files"', "elsewhere/bot.toml")
    settings = load_settings(path, {}, need_token=True)
    assert settings.discord.token is not None
    assert settings.discord.token.get_secret_value() == "one.two.three"
    assert settings.data.directory == folder / "files"
    assert settings.database.url == f"sqlite+aiosqlite:///{folder}/files/solidarity.sqlite3"


def test_a_token_file_in_the_environment_wins_over_a_token_in_the_file(tmp_path: Path) -> None:
    path = tmp_path / "secret"
    path.write_text("from.the.secret")
    path.chmod(0o640)  # a service account's group may read it
    settings = load('[discord]\ntoken = "from.the.file"', SOLIDARITY_DISCORD__TOKEN_FILE=str(path))
    assert settings.discord.token is not None
    assert settings.discord.token.get_secret_value() == "from.the.secret"


def test_a_token_file_that_is_not_used_is_not_read() -> None:
    settings = load('[discord]\ntoken_file = "missing"', DISCORD_TOKEN="from.the.environment")
    assert settings.discord.token is not None


def test_a_campaign_is_a_name_or_a_folder_beside_the_configuration(tmp_path: Path) -> None:
    assert load('[campaign]\nname = "our_own"').campaign.name == "our_own"
    assert load('[campaign]\nname = "./our own"').campaign.name == str(tmp_path / "our own")


def test_a_home_folder_is_understood(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("HOME", str(tmp_path / "home"))
    assert load('[data]\ndirectory = "~/bot"').data.directory == tmp_path / "home" / "bot"


def test_a_byte_order_mark_is_forgiven() -> None:
    assert load('\ufeff[log]\nlevel = "error"').log.level == "error"


@pytest.mark.parametrize("value", ["18:30:00", '"18:30"'])
def test_a_time_of_day_may_be_toml_or_text(value: str) -> None:
    assert load(f"[feedback]\nbatch_time = {value}").feedback.batch_time == "18:30"


def test_an_empty_optional_variable_counts_as_none() -> None:
    settings = load(
        SOLIDARITY_DISCORD__API_BASE="", SOLIDARITY_DISCORD__TOKEN_FILE="", SOLIDARITY_CAMPAIGN__NAME=""
    )
    assert (settings.discord.api_base, settings.discord.token_file, settings.campaign.name) == (
        None,
        None,
        "",
    )


def test_settings_cannot_be_changed() -> None:
    settings = load()
    with pytest.raises(ValidationError):
        settings.log = settings.log
    with pytest.raises(ValidationError):
        settings.log.level = "debug"


@pytest.mark.parametrize(
    "address", ["http://127.0.0.1:8080/api/v10", "https://[::1]:8443/api/v10/", "http://fake/api"]
)
def test_another_discord_may_be_named(address: str) -> None:
    settings = load(SOLIDARITY_DISCORD__API_BASE=address, DISCORD_TOKEN="whatever-it-takes")
    assert settings.discord.api_base == address.rstrip("/")


GOOD_DATABASES = [
    "sqlite+aiosqlite:///bot.sqlite3",
    "sqlite+aiosqlite:////srv/bot/bot.sqlite3",
    "postgresql+asyncpg://bot:secret@db.example.org:5432/bot",
    "postgresql+asyncpg://bot:p%40ss@[::1]/bot?ssl=require",
    "postgresql+asyncpg://postgres:@/postgres?host=/tmp/socket",
]


@pytest.mark.parametrize("url", GOOD_DATABASES)
def test_two_kinds_of_database_are_accepted(url: str) -> None:
    assert load(SOLIDARITY_DATABASE__URL=url).database.url == url
    assert make_url(url).database


# What is refused, and in which words


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


# The token


def test_a_token_is_asked_for_only_where_it_is_needed() -> None:
    assert load().discord.token is None
    assert only_problem(need_token=True).where == "[discord] token"


def test_an_empty_token_is_named_as_such() -> None:
    problem = only_problem(need_token=True, DISCORD_TOKEN=" ")
    assert (problem.where, problem.what) == ("DISCORD_TOKEN", "The token is empty.")
    assert only_problem('[discord]\ntoken = ""').what == "The token is empty."
    assert load(DISCORD_TOKEN="").discord.token is None


@pytest.mark.parametrize(
    ("token", "what"),
    [
        (f"Bot {CANARY}", 'starts with the word "Bot"'),
        (f"'{CANARY}'", "spaces, quotes"),
        (f"{CANARY} {CANARY}", "spaces, quotes"),
        (CANARY.replace("a", "ä"), "spaces, quotes"),
        (CANARY.replace(".", ""), "three parts"),
        ("paste the token here", "spaces, quotes"),
    ],
)
def test_a_malformed_token_is_refused_before_discord_sees_it(token: str, what: str) -> None:
    problem = only_problem(need_token=True, DISCORD_TOKEN=token)
    assert problem.where == "DISCORD_TOKEN"
    assert what in problem.what
    assert "bcdefghijkl" not in str(problem)


def test_a_token_file_that_others_can_read_is_refused() -> None:
    path = Path("my token")
    path.write_text(CANARY)
    path.chmod(0o644)
    problem = only_problem(need_token=True, SOLIDARITY_DISCORD__TOKEN_FILE="my token")
    assert problem.where == "SOLIDARITY_DISCORD__TOKEN_FILE"
    assert problem.fix.startswith("Run: chmod 600 '")
    assert "my token" in problem.fix


def test_an_empty_token_file_is_refused() -> None:
    path = Path("token")
    path.touch(mode=0o600)
    assert (
        only_problem(need_token=True, SOLIDARITY_DISCORD__TOKEN_FILE="token").what
        == "The token file is empty."
    )


def test_a_token_file_that_is_not_text_is_refused() -> None:
    path = Path("token")
    path.write_bytes(b"\xff\xfe\x00")
    path.chmod(0o600)
    assert "cannot be read" in only_problem(SOLIDARITY_DISCORD__TOKEN_FILE="token").what


# Secrets stay secret


def test_no_form_of_the_settings_shows_the_token(
    caplog: pytest.LogCaptureFixture, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("PYDANTIC_SETTINGS_DEBUG", "1")
    caplog.set_level(logging.DEBUG)
    settings = load(need_token=True, DISCORD_TOKEN=CANARY)
    shown = f"{settings!r} {settings} {settings.discord!r} {settings.discord} {settings.model_dump()} {settings.model_dump_json()}"
    assert CANARY not in shown
    assert "Resolving settings" in caplog.text
    assert CANARY not in caplog.text


def test_no_form_of_the_settings_shows_the_password_of_the_database() -> None:
    for url in (
        "postgresql+asyncpg://bot:canary@h@localhost/bot",
        "postgresql+asyncpg://bot:canary@localhost/bot?password=canary&ssl=true",
    ):
        settings = load(SOLIDARITY_DATABASE__URL=url)
        assert (
            "canary"
            not in f"{settings!r} {settings} {settings.database!r} {settings.database} {settings.database.shown}"
        )
        assert "localhost/bot" in settings.database.shown


@pytest.mark.parametrize(
    ("text", "environ"),
    [
        ("", {"DISCORD_TOKEN": f"{CANARY} again"}),
        ("", {"DISCORD_TOKEN": f'"{CANARY}"'}),
        ("", {"SOLIDARITY_DISCORD__TOKEN": CANARY.replace(".", "-")}),
        (f"[discord]\ntoken = {CANARY}", {}),
        (f'[discord]\ntoken = "{CANARY}', {}),
        (f'[discord]\n{CANARY} = "token"', {}),
        (f'[discord]\n"{CANARY}" = "token"', {}),
        (f'["{CANARY}"]', {}),
        (f"[{CANARY}]", {}),
        (f'[discord]\ntoken = ["{CANARY}"]', {}),
        (f'[discord]\napi_base = "{CANARY}"', {}),
        (f'[discord]\ntoken_file = "{CANARY}"', {}),
        (f'[campaign]\nname = "{CANARY}"\ntimezone = "{CANARY}"', {}),
        (f'[log]\nlevel = "{CANARY}"', {}),
        (f'[delivery]\nconcurrency = "{CANARY}"', {}),
        ("", {"SOLIDARITY_DATABASE__URL": CANARY}),
        ("", {f"SOLIDARITY_{CANARY}": "1"}),
    ],
)
def test_no_problem_shows_a_token(
    text: str, environ: dict[str, str], caplog: pytest.LogCaptureFixture
) -> None:
    caplog.set_level(logging.DEBUG)
    try:
        load(text, **environ)
    except ConfigurationError as error:
        shown = "".join(traceback.format_exception(error)) + repr(error) + repr(error.problems)
        assert error.__context__ is None
        assert error.__cause__ is None
    else:
        pytest.fail("the configuration was accepted")
    for part in CANARY.split("."):
        assert part not in shown
        assert part not in caplog.text


def test_even_built_directly_settings_do_not_repeat_what_they_refuse() -> None:
    for build in (
        lambda: DiscordSettings.model_validate({"token": f"{CANARY} x"}),
        lambda: Settings.model_validate({"discord": {"token": [CANARY]}}),
        lambda: DatabaseSettings(url=f"postgresql://bot:{CANARY}@localhost/bot"),
    ):
        with pytest.raises(ValidationError) as caught:
            build()
        assert CANARY not in "".join(traceback.format_exception(caught.value))


def test_settings_survive_a_copy_to_another_process() -> None:
    settings = Settings(data=DataSettings(directory=Path("here")), delivery=DeliverySettings(concurrency=1))
    assert pickle.loads(pickle.dumps(settings)) == settings
