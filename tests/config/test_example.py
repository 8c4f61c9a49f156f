"""The example configuration is complete, correct, and says what applies without it."""

import re
import tomllib
from pathlib import Path

from bot.config import Settings, load_settings, sections

EXAMPLE = Path(__file__).parents[2] / "config.example.toml"
COMMENTED_OUT = {
    ("discord", "token"),
    ("discord", "token_file"),
    ("discord", "api_base"),
    ("database", "url"),
    ("backup", "directory"),
    ("monitoring", "port"),
    ("sharding", "processes"),
}


def every_setting() -> set[tuple[str, str]]:
    return {(section, key) for section, model in sections().items() for key in model.model_fields}


def settings_in(text: str) -> set[tuple[str, str]]:
    return {(section, key) for section, keys in tomllib.loads(text).items() for key in keys}


def with_comments_removed(text: str) -> str:
    """The example with its commented-out settings switched on."""
    return re.sub(r"^# (?=[a-z_]+ = )", "", text, flags=re.MULTILINE)


def test_every_setting_is_in_the_example_and_nothing_else() -> None:
    text = EXAMPLE.read_text()
    assert settings_in(with_comments_removed(text)) == every_setting()
    assert settings_in(text) == every_setting() - COMMENTED_OUT


def test_the_example_says_what_applies_without_it(tmp_path: Path) -> None:
    copy = tmp_path / "config.toml"
    copy.write_text(EXAMPLE.read_text())
    (tmp_path / "empty.toml").touch()
    with_example = load_settings(copy, {}, need_token=False)
    assert with_example == load_settings(tmp_path / "empty.toml", {}, need_token=False)
    assert isinstance(with_example, Settings)


def test_what_is_commented_out_is_right_too(tmp_path: Path) -> None:
    copy = tmp_path / "config.toml"
    copy.write_text(
        with_comments_removed(EXAMPLE.read_text()).replace("paste the token here", "one.two.three")
    )
    settings = load_settings(copy, {}, need_token=True)
    assert settings.discord.api_base == "https://discord.com/api/v10"


def test_every_setting_is_explained() -> None:
    for block in re.split(r"\n(?=\[)", EXAMPLE.read_text())[1:]:
        assert block.splitlines()[1].startswith("# "), f"no explanation below {block.splitlines()[0]}"
