"""From "demand show" and Python values to the data of an interaction, as Discord's client builds it from the tree."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any

from tests.wire.server.answers import RefusedByClientError
from tests.wire.server.basics import Json, Permission
from tests.wire.server.messages import Upload

if TYPE_CHECKING:
    from tests.wire.server.places import Channel
    from tests.wire.server.state import World

(
    SUB_COMMAND,
    SUB_COMMAND_GROUP,
    STRING,
    INTEGER,
    BOOLEAN,
    USER,
    CHANNEL,
    ROLE,
    MENTIONABLE,
    NUMBER,
    ATTACHMENT,
) = range(1, 12)
_BY_REFERENCE = frozenset({USER, CHANNEL, ROLE, MENTIONABLE})


@dataclass
class Resolved:
    """The objects that an interaction refers to by id, gathered while its options are built."""

    world: "World"
    channel: "Channel"
    data: dict[str, Json] = field(default_factory=dict)

    def add(self, kind: str, key: str, payload: Json) -> str:
        """Note one object and return its id."""
        self.data.setdefault(kind, {})[key] = payload
        return key

    def refer(self, value: Any) -> str:
        """Note a member, role or channel and return its id."""
        payload = value.payload()
        if "user" in payload:
            self.add("users", value.id, payload["user"])
            return self.add(
                "members", value.id, {key: each for key, each in payload.items() if key != "user"}
            )
        if "permission_overwrites" in payload:
            permissions = str(int(value.permissions_for(self.world.bot)))
            return self.add("channels", value.id, payload | {"permissions": permissions})
        return self.add("roles", value.id, payload)

    def attach(self, upload: Upload) -> str:
        """Upload a file and return its id."""
        attachment = self.world.store_file(upload)
        return self.add("attachments", attachment.id, attachment.payload())


@dataclass(frozen=True)
class FoundCommand:
    """A command of the synced tree: its root as registered, the way down to it, and its options."""

    root: Json
    path: tuple[Json, ...]
    guild_id: str | None

    @property
    def options(self) -> Sequence[Json]:
        """The options that the command itself takes."""
        return (self.path[-1] if self.path else self.root).get("options") or ()

    def data(self, options: Sequence[Json], resolved: Resolved) -> Json:
        """Wrap built options into the data of an interaction."""
        nested = list(options)
        for step in reversed(self.path):
            nested = [{"type": step["type"], "name": step["name"], "options": nested}]
        data: Json = {"id": self.root["id"], "name": self.root["name"], "type": 1, "options": nested}
        if self.guild_id is not None:
            data["guild_id"] = self.guild_id
        return data | ({"resolved": resolved.data} if resolved.data else {})


def find_command(world: "World", guild_id: str | None, name: str) -> FoundCommand:
    """Return the registered command for "group subgroup command".

    Raises:
        RefusedByClientError: nothing of that name is registered.
    """
    root_name, *steps = name.split()
    for scope in dict.fromkeys((guild_id, None)):
        for root in world.commands.get(scope, ()):
            if root["name"] == root_name and root.get("type", 1) == 1:
                return FoundCommand(root, _descend(root, steps, name), scope)
    known = sorted(command["name"] for commands in world.commands.values() for command in commands)
    raise RefusedByClientError(f"there is no command /{name}; registered are {known}")


def _descend(root: Json, steps: Sequence[str], name: str) -> tuple[Json, ...]:
    path: list[Json] = []
    here = root
    for step in steps:
        below = [
            option
            for option in here.get("options") or ()
            if option["type"] in (SUB_COMMAND, SUB_COMMAND_GROUP)
        ]
        found = next((option for option in below if option["name"] == step), None)
        if found is None:
            raise RefusedByClientError(
                f"there is no command /{name}; there are {[option['name'] for option in below]}"
            )
        path.append(found)
        here = found
    if any(option["type"] in (SUB_COMMAND, SUB_COMMAND_GROUP) for option in here.get("options") or ()):
        raise RefusedByClientError(f"/{name} is a group: name one of its commands")
    return tuple(path)


def check_offered(found: FoundCommand, permissions: Permission, in_guild: bool) -> None:
    """Refuse a command that Discord's menus would not show to this member here.

    Raises:
        RefusedByClientError: it needs permissions that the member lacks, or is for guilds only.
    """
    needed = found.root.get("default_member_permissions")
    if in_guild and needed is not None and Permission.ADMINISTRATOR not in permissions:
        missing = int(needed) & ~int(permissions)
        if missing or int(needed) == 0:
            raise RefusedByClientError(
                f"/{found.root['name']} is hidden from this member by default permissions"
            )
    contexts = found.root.get("contexts")
    in_dms = found.root.get("dm_permission", True) if contexts is None else 1 in contexts
    if not in_guild and not in_dms:
        raise RefusedByClientError(f"/{found.root['name']} is for guilds only")


def build_options(
    found: FoundCommand, values: Mapping[str, Any], resolved: Resolved, focused: str | None = None
) -> list[Json]:
    """Return the options of an interaction; with a focused one, as for autocomplete, required ones may be missing.

    Raises:
        RefusedByClientError: an option is unknown, missing, or takes no such value.
    """
    declared = {option["name"]: option for option in found.options}
    if strange := set(values) - set(declared):
        raise RefusedByClientError(f"no such options: {sorted(strange)}; there are {sorted(declared)}")
    missing = [name for name, option in declared.items() if option.get("required") and name not in values]
    if missing and focused is None:
        raise RefusedByClientError(f"required options are missing: {missing}")
    return [
        _build_option(declared[name], value, resolved, focused=name == focused)
        for name, value in values.items()
    ]


def _build_option(option: Json, value: Any, resolved: Resolved, *, focused: bool) -> Json:
    built: Json = {"name": option["name"], "type": option["type"]}
    if focused:
        if not option.get("autocomplete"):
            raise RefusedByClientError(f"option {option['name']} has no autocomplete")
        return built | {"value": value, "focused": True}
    return built | {"value": _option_value(option, value, resolved)}


def _option_value(option: Json, value: Any, resolved: Resolved) -> Any:
    if option["type"] in _BY_REFERENCE:
        return resolved.refer(value)
    if option["type"] == ATTACHMENT:
        return resolved.attach(value)
    if option.get("choices"):
        return _chosen(option, value)
    expected = {STRING: str, INTEGER: int, BOOLEAN: bool, NUMBER: (int, float)}[option["type"]]
    if not isinstance(value, expected) or (isinstance(value, bool) and option["type"] != BOOLEAN):
        raise RefusedByClientError(f"option {option['name']} takes no {type(value).__name__}")
    size = len(value) if isinstance(value, str) else value
    low, high = ("min_length", "max_length") if isinstance(value, str) else ("min_value", "max_value")
    if (
        size < option.get(low, size)
        or size > option.get(high, size)
        or (isinstance(value, str) and size > 6000)
    ):
        raise RefusedByClientError(f"option {option['name']} is out of its bounds")
    return value


def _chosen(option: Json, value: Any) -> Any:
    for choice in option["choices"]:
        if value in (choice["value"], choice["name"]):
            return choice["value"]
    raise RefusedByClientError(
        f"option {option['name']} offers {[choice['name'] for choice in option['choices']]}"
    )
