"""Where each setting comes from."""

from pathlib import Path

import pytest
from pydantic import ValidationError
from sqlalchemy import make_url

from bot.config import Settings, load_settings
from tests.config.helpers import load, written


def test_without_anything_the_defaults_apply(tmp_path: Path) -> None:
    settings = load_settings(None, {}, need_token=False)
    assert settings.discord.token is None
    assert settings.data.directory == tmp_path / "data"
    assert settings.database.url == f"sqlite+aiosqlite:///{tmp_path}/data/solidarity.sqlite3"
    assert (settings.campaign.name, settings.campaign.timezone) == ("operation_protect", "Europe/London")
    assert (settings.feedback.submissions_per_day, settings.feedback.batch_time) == (5, "06:00")
    assert (settings.retention.feedback_weeks, settings.retention.audit_weeks) == (104, 156)
    assert settings.delivery.model_dump() == {
        "horizon_days": 35,
        "send_timeout_seconds": 45,
        "lease_seconds": 120,
        "concurrency": 16,
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
