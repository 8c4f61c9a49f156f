"""The token: when it is refused, and that neither it nor a password ever shows."""

import logging
import pickle
import traceback
from pathlib import Path

import pytest
from pydantic import ValidationError

from bot.config import ConfigurationError, Settings
from bot.config.sections import DatabaseSettings, DataSettings, DeliverySettings, DiscordSettings
from tests.config.helpers import CANARY, load, only_problem


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
