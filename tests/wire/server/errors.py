"""Discord's error answers: an HTTP status, a numeric code, and for bad bodies a tree of what is wrong where."""

from typing import Any

from tests.wire.server.basics import Json

_UNKNOWN = {
    "Channel": 10003,
    "Guild": 10004,
    "Member": 10007,
    "Message": 10008,
    "Role": 10011,
    "User": 10013,
    "Webhook": 10015,
    "Interaction": 10062,
    "application command": 10063,
    "Guild Scheduled Event": 10070,
}


class ApiError(Exception):
    """Refuses a request with the status and code that Discord would use."""

    def __init__(self, status: int, code: int, message: str, errors: Json | None = None) -> None:
        super().__init__(f"{status} {code}: {message}")
        self.status = status
        self.code = code
        self.message = message
        self.errors = errors

    def body(self) -> Json:
        """Return the JSON body of the answer."""
        body: Json = {"message": self.message, "code": self.code}
        if self.errors is not None:
            body["errors"] = self.errors
        return body


def unknown(what: str) -> ApiError:
    """Say that the thing named in the path does not exist."""
    return ApiError(404, _UNKNOWN[what], f"Unknown {what}")


def missing_access() -> ApiError:
    """Say that the bot cannot even see the place."""
    return ApiError(403, 50001, "Missing Access")


def missing_permissions() -> ApiError:
    """Say that the bot sees the place but may not do this there."""
    return ApiError(403, 50013, "Missing Permissions")


def dms_closed() -> ApiError:
    """Say that the recipient takes no direct messages."""
    return ApiError(403, 50007, "Cannot send messages to this user")


def empty_message() -> ApiError:
    """Say that a message needs some content."""
    return ApiError(400, 50006, "Cannot send an empty message")


def already_acknowledged() -> ApiError:
    """Say that an interaction takes one first answer only."""
    return ApiError(400, 40060, "Interaction has already been acknowledged.")


class FormErrors:
    """Collects what is wrong with one request body, each complaint under the path of its field."""

    def __init__(self) -> None:
        self._tree: Json = {}

    def add(self, path: str, message: str, code: str = "BASE_TYPE_BAD_LENGTH") -> None:
        """Note a complaint about the field at a dotted path such as ``embeds.0.title``."""
        node = self._tree
        for step in path.split("."):
            node = node.setdefault(step, {})
        node.setdefault("_errors", []).append({"code": code, "message": message})

    def limit_text(self, path: str, text: Any, most: int, least: int = 0) -> None:
        """Complain when a text is present but shorter or longer than Discord takes."""
        if text is None and least == 0:
            return
        if not isinstance(text, str):
            self.add(path, "This field must be a string.", "STRING_TYPE_CONVERT")
        elif not least <= len(text) <= most:
            self.add(path, f"Must be between {least} and {most} in length.")

    def limit_count(self, path: str, items: Any, most: int, least: int = 0) -> None:
        """Complain when a list is present but has too few or too many entries."""
        if items is not None and not least <= len(items) <= most:
            self.add(path, f"Must be between {least} and {most} in length.")

    def raise_if_any(self) -> None:
        """Refuse the request when something was noted.

        Raises:
            ApiError: 400 with code 50035 and the tree of complaints.
        """
        if self._tree:
            raise ApiError(400, 50035, "Invalid Form Body", self._tree)
