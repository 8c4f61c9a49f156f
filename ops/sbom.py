"""Writes the bill of materials: what a server installs beside the bot, as CycloneDX JSON: `python ops/sbom.py FILE`.

It says the same wherever and whenever it is made from the same lock file on the same kind of system. Names and versions are
those of `requirements/server.txt`; licences, and what needs what, are those that the installed packages tell of themselves.
"""

import hashlib
import json
import os
import re
import sys
import tomllib
import uuid
from datetime import UTC, datetime
from importlib import metadata
from pathlib import Path
from typing import Any

from packaging.requirements import Requirement
from packaging.utils import canonicalize_name

import bot

ROOT = Path(__file__).parents[1]
LOCK = ROOT / "requirements" / "server.txt"
LOCKED = re.compile(r"^([\w.-]+)==([\w.!+-]+)(?: ; (.+?))? \\$", re.MULTILINE)
EXTRA = "postgres"
LONGEST_LICENCE = 60
OSI = "License :: OSI Approved :: "


def purl(name: str, version: str) -> str:
    """The name by which the world knows a package."""
    return f"pkg:pypi/{canonicalize_name(name)}@{version}"


def bill(lock: str, project: dict[str, Any]) -> dict[str, Any]:
    """The bill of a lock file, and of the project that it is for."""
    locked = LOCKED.findall(lock)
    refs: dict[str, list[str]] = {}
    for name, version, _ in locked:
        refs.setdefault(canonicalize_name(name), []).append(purl(name, version))
    own = purl(project["name"], bot.__version__)
    wanted = [*project["dependencies"], *project["optional-dependencies"][EXTRA]]
    edges = follow(own, [Requirement(one) for one in wanted], refs)
    document = {
        "$schema": "http://cyclonedx.org/schema/bom-1.6.schema.json",
        "bomFormat": "CycloneDX",
        "specVersion": "1.6",
        "version": 1,
        "metadata": {
            "timestamp": datetime.fromtimestamp(
                int(os.environ.get("SOURCE_DATE_EPOCH", "0")), UTC
            ).isoformat(),
            "component": {
                "type": "application",
                "bom-ref": own,
                "name": project["name"],
                "version": bot.__version__,
                "description": project["description"],
                "licenses": [{"expression": project["license"]}],
                "purl": own,
                "externalReferences": [
                    {
                        "type": "build-meta",
                        "url": "requirements.txt",
                        "comment": "every package with the hashes of all its files",
                        "hashes": [{"alg": "SHA-256", "content": hashlib.sha256(lock.encode()).hexdigest()}],
                    }
                ],
            },
        },
        "components": [component(*one, needed=purl(one[0], one[1]) in edges) for one in locked],
        "dependencies": [{"ref": ref, "dependsOn": sorted(needs)} for ref, needs in sorted(edges.items())],
    }
    number = uuid.uuid5(uuid.NAMESPACE_URL, json.dumps(document, sort_keys=True))
    return {**document, "serialNumber": f"urn:uuid:{number}"}


def follow(own: str, wanted: list[Requirement], refs: dict[str, list[str]]) -> dict[str, set[str]]:
    """What needs what, from the project onwards, as far as this system installs it."""
    edges: dict[str, set[str]] = {own: set()}
    seen: set[tuple[str, str]] = set()
    waiting = [(own, one) for one in wanted]
    while waiting:
        parent, requirement = waiting.pop()
        name = canonicalize_name(requirement.name)
        ref = installed(name, refs)
        if ref is None:
            continue
        edges[parent].add(ref)
        edges.setdefault(ref, set())
        for extra in {"", *requirement.extras}:
            if (name, extra) not in seen:
                seen.add((name, extra))
                needs = [Requirement(one) for one in metadata.requires(name) or ()]
                waiting += [
                    (ref, one) for one in needs if not one.marker or one.marker.evaluate({"extra": extra})
                ]
    return edges


def installed(name: str, refs: dict[str, list[str]]) -> str | None:
    """The locked package of this name that is installed here."""
    try:
        ref = purl(name, metadata.version(name))
    except metadata.PackageNotFoundError:
        return None
    return ref if ref in refs.get(name, ()) else None


def component(name: str, version: str, marker: str, *, needed: bool) -> dict[str, Any]:
    """One package."""
    ref = purl(name, version)
    found: dict[str, Any] = {"type": "library", "bom-ref": ref, "name": name, "version": version, "purl": ref}
    found["scope"] = "required" if needed else "optional"
    if needed and (licences := licences_of(name)):
        found["licenses"] = licences
    if marker:
        found["properties"] = [{"name": "solidarity-bot:installed-where", "value": marker}]
    return found


def licences_of(name: str) -> list[dict[str, Any]]:
    """What a package says of its licence: an expression, or else names."""
    about = metadata.metadata(name)
    if expression := about.get("License-Expression"):
        return [{"expression": expression}]
    names = [one.removeprefix(OSI) for one in about.get_all("Classifier") or () if one.startswith(OSI)]
    written = (about.get("License") or "").strip()
    if not names and written and len(written) <= LONGEST_LICENCE:
        names = [written]
    return [{"license": {"name": one}} for one in names]


def main(arguments: list[str]) -> int:
    """Writes the bill into the file that is named."""
    project = tomllib.loads((ROOT / "pyproject.toml").read_text(encoding="utf-8"))["project"]
    document = bill(LOCK.read_text(encoding="utf-8"), project)
    Path(arguments[0]).write_text(json.dumps(document, indent=2, ensure_ascii=False) + "\n", encoding="utf-8")
    return 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
