"""A few runs of each drill; `python -m tests.drills.restore --runs 100` and `full_disk --tmpfs` do more."""

import re
import subprocess
import sys

from tests.wire.processes import REPOSITORY


def drill(name: str, *arguments: str) -> str:
    done = subprocess.run(
        [sys.executable, "-m", f"tests.drills.{name}", *arguments],
        cwd=REPOSITORY,
        capture_output=True,
        text=True,
        timeout=120,
        check=False,
    )
    assert done.returncode == 0, done.stdout + done.stderr
    return done.stdout


def test_a_killed_process_is_restored_row_by_row() -> None:
    assert "row by row: 5 of 5; killed while restoring as well: 2" in drill("restore", "--runs", "5")


def test_a_full_disk_costs_nothing_that_was_there() -> None:
    said = drill("full_disk", "--step", "40000")
    found = {what: int(number) for what, number in re.findall(r"^(.*): (\d+)$", said, re.MULTILINE)}
    assert found["a backup was made"] == 2
    assert found["a restore was done"] == 1
    assert found["a backup was refused"] > 10
    assert found["a restore was refused"] > 5
    assert found["a write was refused"] > 3
    assert found["a write was stored"] > 3
