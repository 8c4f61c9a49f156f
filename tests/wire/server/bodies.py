"""Request bodies in, answers out: JSON, and multipart with files as discord.py sends them."""

import json
from typing import Any

from aiohttp import BodyPartReader, web

from tests.wire.server.errors import ApiError
from tests.wire.server.messages import Upload


def json_answer(data: Any, status: int = 200, headers: dict[str, str] | None = None) -> web.Response:
    """Answer with JSON; discord.py compares the content type as a whole, so no charset may follow it."""
    body = json.dumps(data).encode()
    return web.Response(body=body, status=status, content_type="application/json", headers=headers)


def no_content() -> web.Response:
    """Answer that it is done and there is nothing to say."""
    return web.Response(status=204)


async def read_body(request: web.Request) -> tuple[Any, list[Upload]]:
    """Return the JSON of a request and the files that came with it.

    Raises:
        ApiError: 400 with code 50109 when the JSON cannot be read.
    """
    if request.content_type == "multipart/form-data":
        return await _read_multipart(request)
    return _parse(await request.read()), []


async def _read_multipart(request: web.Request) -> tuple[Any, list[Upload]]:
    payload: Any = {}
    files: list[Upload] = []
    reader = await request.multipart()
    while (part := await reader.next()) is not None:
        if not isinstance(part, BodyPartReader):
            raise ApiError(400, 50109, "Nested multipart bodies are not supported.")
        data = bytes(await part.read())
        if part.name == "payload_json":
            payload = _parse(data)
        else:
            content_type = part.headers.get("Content-Type", "application/octet-stream")
            files.append(Upload(part.filename or "unnamed", data, content_type))
    return payload, files


def _parse(data: bytes) -> Any:
    try:
        return json.loads(data or b"{}")
    except ValueError as error:
        raise ApiError(400, 50109, "The request body contains invalid JSON.") from error
