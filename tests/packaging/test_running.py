"""The container, the compose file and the unit: what they name is what the program uses, and they allow no more than it needs."""

import configparser
import json
import re
import shlex
import shutil
import subprocess
import sys
import threading
from http.server import BaseHTTPRequestHandler, HTTPServer
from pathlib import Path
from typing import Any

import pytest
import yaml
from typer.testing import CliRunner

from bot.__main__ import app
from bot.command_line.common import WRONG_USE
from bot.config import load_settings
from bot.process import STOP_WITHIN_SECONDS
from tests.meta.project import ROOT, read

DOCKERFILE = re.sub(r"\\\n\s*", "", re.sub(r"^#.*\n", "", read("Dockerfile"), flags=re.MULTILINE))
INSTRUCTIONS = [tuple(line.split(" ", 1)) for line in DOCKERFILE.splitlines() if line]
COMPOSE = yaml.safe_load(read("ops/compose.yaml"))
SERVICES: dict[str, Any] = COMPOSE["services"]
BOT, DATABASE = SERVICES["bot"], SERVICES["database"]
UNIT = read("ops/solidarity-bot.service")
NO_REGISTRY = re.compile(r"[a-z-]+:\d+\.\d+(\.\d+)?-[a-z-]+")
"""An image of the kind that everybody has, in an exact version; no host before it."""


def stages() -> dict[str, list[tuple[str, ...]]]:
    """The instructions of each stage, with those of the stage that it begins with."""
    found: dict[str, list[tuple[str, ...]]] = {}
    name = ""
    for instruction in INSTRUCTIONS:
        if instruction[0] == "FROM":
            base, name = instruction[1].split(" AS ")
            found[name] = list(found.get(base, []))
        elif name:
            found[name].append(instruction)
    return found


def last(stage: str, instruction: str) -> str:
    return [one[1] for one in stages()[stage] if one[0] == instruction][-1]


def environment_of(stage: str) -> dict[str, str]:
    every = [word for one in stages()[stage] if one[0] == "ENV" for word in shlex.split(one[1])]
    return dict(word.split("=", 1) for word in every)


def is_understood(arguments: list[str]) -> bool:
    """Whether the command line takes these words, without doing what they ask for."""
    return CliRunner().invoke(app, [*arguments, "--help"]).exit_code == 0


# The container.


def test_the_image_is_made_of_what_is_named_and_fetches_nothing_unchecked() -> None:
    (base,) = [one[1] for one in INSTRUCTIONS if one[0] == "ARG"]
    assert NO_REGISTRY.fullmatch(base.removeprefix("BASE="))
    froms = [one[1].split(" AS ") for one in INSTRUCTIONS if one[0] == "FROM"]
    known = {"${BASE}", *(name for _, name in froms)}
    assert {source for source, _ in froms} <= known
    assert froms[-1][1] == "bot", "without a target, the smaller one is built"
    assert not any(one[0] == "ADD" for one in INSTRUCTIONS)
    assert set(re.findall(r"https?://[^/]+", DOCKERFILE)) == {"http://127.0.0.1:8096"}
    installs = [part for one in INSTRUCTIONS for part in one[1].split("&&") if "pip install" in part]
    assert installs
    assert all("--require-hashes" in one or "--no-deps" in one for one in installs)


def test_the_builder_gets_what_is_copied_and_no_secret() -> None:
    allowed = {line[1:] for line in read(".dockerignore").splitlines() if line.startswith("!")}
    assert "*" in read(".dockerignore").splitlines()
    copied = {
        word
        for one in INSTRUCTIONS
        if one[0] == "COPY" and "--from" not in one[1]
        for word in one[1].split()[:-1]
    }
    assert copied == allowed
    assert all((ROOT / name).exists() for name in copied)
    assert {"bot", "cogs", "db", "seeds", "requirements/server.txt"} <= copied
    assert {f"**/{name}" for name in ("token.txt", "config.toml", "secret.key", "*.sqlite3*")} <= set(
        read(".dockerignore").splitlines()
    )


@pytest.mark.parametrize("stage", ["bot", "postgres"])
def test_in_the_container_nobody_in_particular_runs_the_bot(
    stage: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    uid, gid = last(stage, "USER").split(":")
    assert min(int(uid), int(gid)) >= 10_000
    assert is_understood(json.loads(last(stage, "CMD")))
    assert json.loads(last(stage, "ENTRYPOINT")) == ["solidarity-bot"]
    monkeypatch.chdir(tmp_path)
    environment = environment_of(stage)
    ours = {name: value for name, value in environment.items() if name.startswith("SOLIDARITY_")}
    settings = load_settings(None, ours, need_token=False)
    volumes = json.loads(last(stage, "VOLUME"))
    assert [str(settings.data.directory), str(settings.backup.directory)] == volumes
    prepared = " ".join(one[1] for one in stages()[stage] if one[0] == "RUN")
    assert f"-m 0700 -o {uid} -g {gid} {' '.join(volumes)}" in prepared
    assert environment["PATH"].startswith("/opt/solidarity-bot/bin:")
    assert environment["MPLCONFIGDIR"].startswith("/tmp/"), "the one other place where it may write"


@pytest.mark.parametrize(("status", "healthy"), [(200, True), (503, False)])
def test_the_health_check_tells_health_from_trouble(status: int, healthy: bool) -> None:
    class Health(BaseHTTPRequestHandler):
        def do_GET(self) -> None:
            self.send_response(status if self.path == "/healthz" else 404)
            self.end_headers()

        def log_message(self, *arguments: object) -> None:
            """Says nothing."""

    port = environment_of("bot")["SOLIDARITY_MONITORING__PORT"]
    (_, *words) = json.loads(last("bot", "HEALTHCHECK").partition("CMD ")[2])
    with HTTPServer(("127.0.0.1", 0), Health) as server:
        threading.Thread(target=server.handle_request, daemon=True).start()
        asked = [word.replace(f":{port}/", f":{server.server_port}/") for word in words]
        assert asked != words, "it asks where the bot answers"
        result = subprocess.run([sys.executable, "-I", "-S", *asked], capture_output=True, check=False)
    assert (result.returncode == 0) is healthy


# The compose file.


def test_there_is_one_bot_and_it_may_do_little() -> None:
    assert [name for name, one in SERVICES.items() if "build" in one] == ["bot"], "two would answer twice"
    assert "profiles" not in BOT
    assert DATABASE["profiles"] == ["postgres"]
    assert BOT["build"]["target"] == "${BOT_TARGET:-bot}"
    assert (ROOT / "ops" / BOT["build"]["context"]).resolve() == ROOT
    assert BOT["read_only"]
    assert BOT["cap_drop"] == ["ALL"]
    assert int(BOT["stop_grace_period"].removesuffix("s")) > STOP_WITHIN_SECONDS
    mounted = {volume.split(":")[1] for volume in BOT["volumes"]}
    assert mounted == {*json.loads(last("bot", "VOLUME")), last("bot", "WORKDIR")}
    assert [where.partition(":")[0] for where in BOT["tmpfs"]] == ["/tmp"]
    for one in SERVICES.values():
        assert {"ports", "privileged", "network_mode"}.isdisjoint(one), (
            "nothing is to be reached from outside"
        )
        assert one["security_opt"] == ["no-new-privileges:true"]
    assert NO_REGISTRY.fullmatch(DATABASE["image"])


def test_what_the_compose_file_names_is_declared_and_every_secret_is_a_file() -> None:
    assert COMPOSE["secrets"].keys() == {*BOT["secrets"], *DATABASE["secrets"]}
    for one in SERVICES.values():
        named = set(re.findall(r"/run/secrets/([\w-]+)", json.dumps(one["environment"])))
        assert named == set(one["secrets"])
        assert not any("PASSWORD" in name and not name.endswith("_FILE") for name in one["environment"])
        assert set(one["networks"]) - {"default"} <= COMPOSE["networks"].keys()
        volumes = {volume.split(":")[0] for volume in one["volumes"]}
        assert {name for name in volumes if not name.startswith(".")} <= COMPOSE["volumes"].keys()
    private = [secret["file"] for secret in COMPOSE["secrets"].values()] + [
        "config/pgpass",
        "config/config.toml",
        ".env",
    ]
    for name in private:
        ignored = subprocess.run(["git", "check-ignore", "-q", f"ops/{name}"], cwd=ROOT, check=False)
        assert ignored.returncode in {0, 128}, f"{name} must never be committed"  # 128: this is no repository


def test_on_postgresql_both_speak_of_the_same_database(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.chdir(tmp_path)
    lines = [line[4:] for line in read("ops/compose.yaml").splitlines() if re.match(r"#   [A-Z_]+=", line)]
    written = dict(line.split("=", 1) for line in lines)
    assert "\n".join(lines) in read("docs/installing.md")
    assert [written.pop("COMPOSE_PROFILES")] == DATABASE["profiles"]
    assert written.pop("BOT_TARGET") in stages()
    settings = load_settings(None, written, need_token=False)
    database = DATABASE["environment"]
    assert settings.database.url.endswith(f"//{database['POSTGRES_USER']}@database/{database['POSTGRES_DB']}")
    assert settings.database.passwords == (), "the password stands in a file"
    assert BOT["environment"]["PGPASSFILE"].startswith(last("bot", "WORKDIR"))
    assert set(BOT["networks"]) & set(DATABASE["networks"])


# The unit.


def unit() -> configparser.SectionProxy:
    parser = configparser.RawConfigParser(strict=False)
    parser.optionxform = str  # type: ignore[assignment,method-assign]
    parser.read_string(UNIT)
    return parser["Service"]


def test_the_service_runs_the_bot_where_the_document_puts_it() -> None:
    service = unit()
    program, *arguments = service["ExecStart"].split()
    assert is_understood(arguments)
    assert arguments[-1] == "run"
    guide = read("docs/installing.md")
    assert f"python3 -m venv {Path(program).parents[1]}\n" in guide
    assert f"{arguments[arguments.index('--config') + 1]}\n" in guide
    assert f'directory = "/var/lib/{service["StateDirectory"]}"\n' in guide
    assert f"MPLCONFIGDIR=/var/cache/{service['CacheDirectory']}" in service["Environment"]
    assert f"useradd --system --home-dir /var/lib/{service['User']} " in guide
    assert int(service["RestartPreventExitStatus"]) == WRONG_USE
    assert float(service["TimeoutStopSec"]) > STOP_WITHIN_SECONDS


def test_the_service_may_do_little(tmp_path: Path) -> None:
    """What systemd itself says of it is asked where systemd is installed."""
    service = unit()
    for name in ("NoNewPrivileges", "ProtectHome", "PrivateTmp", "PrivateDevices", "MemoryDenyWriteExecute"):
        assert service[name] == "yes", name
    assert service["ProtectSystem"] == "strict"
    assert service["CapabilityBoundingSet"] == ""
    assert "ProcSubset" not in service, "the numbers of the process (docs/monitoring.md) would be missing"
    if not shutil.which("systemd-analyze"):
        return
    copy = tmp_path / "solidarity-bot.service"
    copy.write_text(UNIT.replace(service["ExecStart"].split()[0], sys.executable))
    verified = subprocess.run(
        ["systemd-analyze", "verify", copy], capture_output=True, text=True, check=False
    )
    assert "solidarity-bot.service" not in verified.stderr
    judged = subprocess.run(
        ["systemd-analyze", "security", "--offline=true", "--no-pager", "--threshold=20", copy],
        capture_output=True,
        text=True,
        check=False,
    )
    assert judged.returncode == 0, judged.stdout[-500:]
