"""What the bot is made of: the bill of materials, and the question whether a fault is known in any of it."""

import json
import re
import threading
import tomllib
from collections.abc import Iterator
from contextlib import contextmanager
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from typing import Any

import pytest
from cyclonedx.schema import SchemaVersion
from cyclonedx.validation.json import JsonStrictValidator

import bot
from ops import audit, sbom
from tests.config.helpers import closed_port
from tests.meta.project import ROOT, read
from tests.meta.test_readme import name_of

LOCK = read("requirements/server.txt")
PROJECT = tomllib.loads(read("pyproject.toml"))["project"]


def test_the_bill_lists_what_the_lock_file_lists(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("SOURCE_DATE_EPOCH", "1735689600")
    for name in ("first", "second"):
        sbom.main([str(tmp_path / name)])
    text = (tmp_path / "first").read_text()
    assert (tmp_path / "second").read_text() == text
    assert JsonStrictValidator(SchemaVersion.V1_6).validate_str(text) is None
    document = json.loads(text)
    assert document["metadata"]["component"]["version"] == bot.__version__
    assert document["metadata"]["timestamp"] == "2025-01-01T00:00:00+00:00"
    listed = {(one["name"], one["version"]) for one in document["components"]}
    assert listed == set(re.findall(r"^([\w.-]+)==(\S+)", LOCK, re.MULTILINE))
    required = {one["name"].lower() for one in document["components"] if one["scope"] == "required"}
    direct = {
        name_of(one) for one in [*PROJECT["dependencies"], *PROJECT["optional-dependencies"]["postgres"]]
    }
    assert {name.replace(".", "-") for name in direct} <= {name.replace(".", "-") for name in required}
    assert {"aiohttp", "greenlet", "numpy", "pydantic-core"} <= required, "what others depend on, too"
    assert "hatchling" not in required
    licensed = [one for one in document["components"] if "licenses" in one]
    assert len(licensed) > 0.9 * len(required)
    needs = {one["ref"]: one["dependsOn"] for one in document["dependencies"]}
    assert any(
        one.startswith("pkg:pypi/greenlet@") for ref in needs if "/sqlalchemy@" in ref for one in needs[ref]
    )


def test_a_server_gets_no_more_than_it_needs_in_the_versions_that_are_tested() -> None:
    pinned = {
        name: dict(re.findall(r"^([\w.-]+)==(\S+)", read(f"requirements/{name}.txt"), re.MULTILINE))
        for name in ("server", "run", "dev")
    }
    assert pinned["server"].items() <= pinned["run"].items() <= pinned["dev"].items()
    assert pinned["run"].keys() - pinned["server"].keys() >= {"simcord"}


class OneFault(BaseHTTPRequestHandler):
    """A database of faults that knows of one, in the version 1.0 of `broken-thing`."""

    def do_POST(self) -> None:
        asked = json.loads(self.rfile.read(int(self.headers["Content-Length"])))
        package = asked["package"]
        events = [{"introduced": "0"}, {"fixed": "1.1"}]
        affected = [
            {"package": package, "ranges": [{"type": "ECOSYSTEM", "events": events}], "versions": ["1.0"]}
        ]
        fault = {"id": "PYSEC-2025-1", "summary": "It breaks.", "details": "It breaks.", "affected": affected}
        answer = json.dumps({"vulns": [fault]} if package["name"] == "broken-thing" else {}).encode()
        self.send_response(200)
        self.send_header("Content-Length", str(len(answer)))
        self.end_headers()
        self.wfile.write(answer)

    def log_message(self, *arguments: Any) -> None:
        """Says nothing."""


@contextmanager
def database_of_faults() -> Iterator[str]:
    with ThreadingHTTPServer(("127.0.0.1", 0), OneFault) as server:
        threading.Thread(target=server.serve_forever, daemon=True).start()
        yield f"http://127.0.0.1:{server.server_port}/v1/query"
        server.shutdown()


def test_a_known_fault_fails_and_a_database_that_is_away_is_said(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    lock = tmp_path / "lock.txt"
    lock.write_text(
        "".join(f"{name} --hash=sha256:{'0' * 64}\n" for name in ("broken-thing==1.0", "fine==2.0"))
    )
    with database_of_faults() as address:
        assert audit.main([str(lock), "-s", "osv", "--osv-url", address]) == 1
    told = capsys.readouterr().out
    assert (
        told == "broken-thing 1.0: PYSEC-2025-1, mended in 1.1\n2 packages were looked up, 0 could not be.\n"
    )
    assert (
        audit.main([str(lock), "-s", "osv", "--osv-url", f"http://127.0.0.1:{closed_port()}/v1/query"]) == 0
    )
    assert capsys.readouterr().out.startswith("SKIPPED: known faults were not looked up. ")


def test_what_was_not_looked_up_is_not_called_fine() -> None:
    """A mirror of the registry may have no faults to tell of at all; pip-audit then calls everything fine."""
    nothing = [{"name": name, "skip_reason": "Dependency not found"} for name in "abc"]
    code, (line,) = audit.judge({"dependencies": nothing}, "")
    assert (code, line.partition(":")[0]) == (0, "SKIPPED")
    code, (line,) = audit.judge({"dependencies": [*nothing, {"name": "d", "version": "1", "vulns": []}]}, "")
    assert (code, line) == (0, "No known faults. 1 packages were looked up, 3 could not be.")
    assert "ops/audit.py requirements/run.txt" in (ROOT / "Makefile").read_text()
