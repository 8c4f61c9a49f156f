"""The running installation without Discord, for tests of use cases on each kind of database."""

import shutil
from pathlib import Path

import pytest

from bot.config import Settings, load_settings
from bot.services.context import Context
from bot.services.keys import load_keys
from bot.services.rate_limit import SubmissionLimit
from db.engine import Database
from tests.conftest import StoppedClock


@pytest.fixture
def settings(tmp_path: Path) -> Settings:
    return load_settings(None, {"SOLIDARITY_DATA__DIRECTORY": str(tmp_path / "data")}, need_token=False)


@pytest.fixture
def sqlite_settings(settings: Settings, sqlite_url: str, tmp_path: Path, migrated_file: Path) -> Settings:
    """The settings of an installation that stands still, with its database in a file."""
    shutil.copy(migrated_file, tmp_path)
    database = settings.database.model_copy(update={"url": sqlite_url})
    return settings.model_copy(update={"database": database})


@pytest.fixture
def context(database: Database, clock: StoppedClock, settings: Settings) -> Context:
    return Context(
        database=database,
        clock=clock,
        settings=settings,
        keys=load_keys(settings.data.directory),
        limit=SubmissionLimit(settings.feedback.submissions_per_day),
    )
