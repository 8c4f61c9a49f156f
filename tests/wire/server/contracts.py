"""Checks request bodies against Discord's published OpenAPI description, where that file is at hand."""

import json
from functools import cached_property
from pathlib import Path
from typing import TYPE_CHECKING, Any

from tests.wire.server.basics import Json

if TYPE_CHECKING:
    from jsonschema import Draft202012Validator

DESCRIPTION = Path(__file__).parents[3].parent / "shared" / "discord-openapi.json"
_URI = "urn:discord-openapi"


class Contract:
    """Collects what outgoing requests do that the description does not allow; without the file it does nothing."""

    def __init__(self, violations: list[str], description: Path | None = DESCRIPTION) -> None:
        self._violations = violations
        self._path = description
        self._validators: dict[tuple[str, str], Draft202012Validator | None] = {}

    @property
    def available(self) -> bool:
        """Whether there is a description to check against."""
        return self._path is not None and self._path.exists()

    def check(self, method: str, route: str, body: Any) -> None:
        """Note every violation of one request body; ``route`` is the path as the description writes it."""
        if not self.available:
            return
        validator = self._validator(method, route)
        if validator is None:
            return
        for error in validator.iter_errors(body):
            self._violations.append(f"{method.upper()} {route}: {_most_telling(error)}")

    def _validator(self, method: str, route: str) -> "Draft202012Validator | None":
        key = (method, route)
        if key not in self._validators:
            self._validators[key] = self._build(method, route)
        return self._validators[key]

    def _build(self, method: str, route: str) -> "Draft202012Validator | None":
        from jsonschema import Draft202012Validator
        from referencing import Registry, Resource
        from referencing.jsonschema import DRAFT202012

        operation = self._document["paths"].get(route, {}).get(method)
        if operation is None:
            return None
        steps = ("paths", route, method, "requestBody", "content", "application/json", "schema")
        pointer = "/".join(step.replace("~", "~0").replace("/", "~1") for step in steps)
        resource = Resource.from_contents(self._document, default_specification=DRAFT202012)
        registry = Registry().with_resource(_URI, resource)
        return Draft202012Validator({"$ref": f"{_URI}#/{pointer}"}, registry=registry)

    @cached_property
    def _document(self) -> Json:
        assert self._path is not None
        document: Json = json.loads(self._path.read_text(encoding="utf-8"))
        # Discord takes ids as numbers too, and discord.py numbers new attachments so; the description says strings only.
        document["components"]["schemas"]["SnowflakeType"]["type"] = ["string", "integer"]
        return document


def _most_telling(error: Any) -> str:
    from jsonschema.exceptions import best_match

    deepest = best_match([error]) or error
    return f"{deepest.json_path}: {deepest.message[:300]}"
