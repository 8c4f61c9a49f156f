"""The running installation without Discord, for tests of use cases on each kind of database."""

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
def context(database: Database, clock: StoppedClock, settings: Settings) -> Context:
    return Context(
        database=database,
        clock=clock,
        settings=settings,
        keys=load_keys(settings.data.directory),
        limit=SubmissionLimit(settings.feedback.submissions_per_day),
    )
