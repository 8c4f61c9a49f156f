"""A whole copy of a PostgreSQL database, by the program that comes with PostgreSQL."""

import shutil
from pathlib import Path

from sqlalchemy import make_url

from db.backup import MARKS

PROGRAM = "pg_dump"


def is_there() -> bool:
    """Whether the program is installed on this machine."""
    return shutil.which(PROGRAM) is not None


def dump_command(url: str, target: Path) -> tuple[list[str], dict[str, str]]:
    """What to run, and the environment by which it learns where the database is: others can read a command's words."""
    address = make_url(url)
    host = address.host or address.query.get("host") or ""
    known = {
        "PGHOST": host if isinstance(host, str) else host[0],
        "PGPORT": str(address.port or ""),
        "PGUSER": address.username or "",
        "PGPASSWORD": str(address.password or ""),
        "PGDATABASE": address.database or "",
    }
    without = [f"--exclude-table-data={table}" for table in MARKS]
    command = [PROGRAM, "--format=custom", "--no-owner", "--no-privileges", *without, f"--file={target}"]
    return command, {name: value for name, value in known.items() if value}
