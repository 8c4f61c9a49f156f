"""The settings: one validated, frozen object, and every problem in the configuration at once.

Each value comes from the first of these that has it: `DISCORD_TOKEN`, `SOLIDARITY_SECTION__KEY` in the
environment, the TOML file, the default.
"""

from collections.abc import Mapping
from pathlib import Path

from pydantic import Field, ValidationError
from pydantic_core import ErrorDetails
from pydantic_settings import BaseSettings, InitSettingsSource, PydanticBaseSettingsSource, SettingsConfigDict

from bot.config.backup import BackupSettings
from bot.config.monitoring import MonitoringSettings
from bot.config.sections import (
    AboutSettings,
    CampaignSettings,
    DatabaseSettings,
    DataSettings,
    DeliverySettings,
    DiscordSettings,
    FeedbackSettings,
    FeedSettings,
    LogSettings,
    RetentionSettings,
    Section,
    Unfit,
)
from bot.config.sharding import ShardingSettings
from bot.config.sources import (
    ConfigurationError,
    ConfigurationProblem,
    Source,
    read_environment,
    read_token_file,
    read_toml,
)

DEFAULT_FILE = Path("config.toml")
DATABASE_FILE = "solidarity.sqlite3"
QUOTE = '"'


def _beside(validated: Mapping[str, DataSettings]) -> DatabaseSettings:
    return DatabaseSettings(url=f"sqlite+aiosqlite:///{validated['data'].directory / DATABASE_FILE}")


class Settings(BaseSettings):
    """Everything that can be set. Only `load_settings` looks further than what it is given."""

    model_config = SettingsConfigDict(frozen=True, extra="forbid", hide_input_in_errors=True)

    discord: DiscordSettings = Field(default_factory=DiscordSettings)
    data: DataSettings = Field(default_factory=DataSettings)
    database: DatabaseSettings = Field(default_factory=_beside)
    campaign: CampaignSettings = Field(default_factory=CampaignSettings)
    feedback: FeedbackSettings = Field(default_factory=FeedbackSettings)
    retention: RetentionSettings = Field(default_factory=RetentionSettings)
    backup: BackupSettings = Field(default_factory=BackupSettings)
    delivery: DeliverySettings = Field(default_factory=DeliverySettings)
    sharding: ShardingSettings = Field(default_factory=ShardingSettings)
    feed: FeedSettings = Field(default_factory=FeedSettings)
    monitoring: MonitoringSettings = Field(default_factory=MonitoringSettings)
    about: AboutSettings = Field(default_factory=AboutSettings)
    log: LogSettings = Field(default_factory=LogSettings)

    @property
    def secrets(self) -> tuple[str, ...]:
        """What must never be shown: the token, and the password of the database."""
        token = self.discord.token
        return (*self.database.passwords, *((token.get_secret_value(),) if token else ()))

    @classmethod
    def settings_customise_sources(
        cls,
        settings_cls: type[BaseSettings],  # noqa: ARG003 - the library's signature
        init_settings: PydanticBaseSettingsSource,
        env_settings: PydanticBaseSettingsSource,  # noqa: ARG003
        dotenv_settings: PydanticBaseSettingsSource,  # noqa: ARG003
        file_secret_settings: PydanticBaseSettingsSource,  # noqa: ARG003
    ) -> tuple[PydanticBaseSettingsSource, ...]:
        """Keeps pydantic-settings from reading the process's environment behind the caller's back."""
        return (init_settings,)


def sections() -> dict[str, type[Section]]:
    """The model of each section, by the section's name."""
    models = {name: field.annotation for name, field in Settings.model_fields.items()}
    return {
        name: model
        for name, model in models.items()
        if isinstance(model, type) and issubclass(model, Section)
    }


def load_settings(path: Path | None, environ: Mapping[str, str], *, need_token: bool) -> Settings:
    """Reads the configuration.

    Args:
        path: the file that was asked for; without one, `config.toml` in the working directory if it is there.
        environ: the environment variables.
        need_token: whether it is a problem when there is no token.

    Raises:
        ConfigurationError: with every problem that was found, each with its fix; never with a value.
    """
    problems: list[ConfigurationProblem] = []
    known = {name: model.model_fields for name, model in sections().items()}
    file = path or (DEFAULT_FILE if DEFAULT_FILE.exists() else None)
    environment = read_environment(environ, known, problems)
    written = read_toml(file, known, problems) if file else Source()
    sources = [environment, written or Source()]
    _complete(sources, (file.parent if file else Path()).absolute(), problems)
    settings = _validate(sources, problems)
    problems += _too_many_for_a_file(settings, sources) if settings else []
    has_token = any(source.get("discord", "token") is not None for source in sources)
    if need_token and written is not None and not has_token and not _names_a_file(sources):
        problems.insert(0, _no_token(environ))
    if problems or settings is None:
        raise ConfigurationError(problems)
    return settings


def _complete(sources: list[Source], folder: Path, problems: list[ConfigurationProblem]) -> None:
    """Reads the token file of the first source that gives a token at all, and settles relative paths."""
    for source in sources:
        source.make_paths_absolute(folder)
    for source in sources:
        read_token_file(source, problems)
        if _names_a_file([source]) or source.get("discord", "token") is not None:
            break
    if all(source.get("data", "directory") is None for source in sources):
        default = DataSettings.model_fields["directory"].default
        sources[-1].put("data", "directory", str(folder / default), place="[data] directory")


def _too_many_for_a_file(settings: Settings, sources: list[Source]) -> list[ConfigurationProblem]:
    processes = settings.sharding.processes or 1
    if processes == 1 or not settings.database.url.startswith("sqlite"):
        return []
    places = [source.places.get(("sharding", "processes")) for source in sources]
    return [
        ConfigurationProblem(
            next(filter(None, places)),
            "SQLite keeps everything in one file, which one process serves.",
            "Leave processes out, or name a PostgreSQL database as url below [database]; see docs/scaling.md.",
        )
    ]


def _names_a_file(sources: list[Source]) -> bool:
    return any(source.get("discord", "token_file") for source in sources)


def _no_token(environ: Mapping[str, str]) -> ConfigurationProblem:
    empty = "DISCORD_TOKEN" in environ
    return ConfigurationProblem(
        "DISCORD_TOKEN" if empty else "[discord] token",
        "The token is empty." if empty else "There is no Discord token.",
        "Set DISCORD_TOKEN, or name a file that holds the token as token_file below [discord]; "
        "the token comes from https://discord.com/developers/applications, under Bot.",
    )


def _validate(sources: list[Source], problems: list[ConfigurationProblem]) -> Settings | None:
    # The error is looked at outside its handler, so that it is not the context of the one that people see.
    try:
        merged = tuple(InitSettingsSource(Settings, dict(source.values)) for source in sources)
        return Settings(_build_sources=(merged, {}))  # pyright: ignore[reportCallIssue] - hidden by the dataclass form
    except ValidationError as error:
        details = error.errors(include_url=False, include_input=False)
    # A default that depends on a value in error is no problem of its own.
    problems += [_explain(one, sources) for one in details if one["type"] != "default_factory_not_called"]
    return None


def _explain(error: ErrorDetails, sources: list[Source]) -> ConfigurationProblem:
    section, key = (*(str(part) for part in error["loc"]), "")[:2]
    reason = error.get("ctx", {}).get("error")
    if isinstance(reason, Unfit):
        key = reason.key or key
    places = [source.places[section, key] for source in sources if (section, key) in source.places]
    where = places[0] if places else f"[{section}] {key}"
    in_file = "," in where
    if nth := next((one + 1 for one in error["loc"] if isinstance(one, int)), None):
        where = f"{where}, number {nth}"
    if isinstance(reason, Unfit):
        return ConfigurationProblem(where, reason.what, reason.fix)
    field = sections()[section].model_fields[key]
    example = str((field.examples or [""])[0])
    fix = (
        f"Write {key} = {example}, for example."
        if in_file
        else f"Set it to {example.strip(QUOTE)}, for example."
    )
    return ConfigurationProblem(where, f"This must be {field.description}.", fix)
