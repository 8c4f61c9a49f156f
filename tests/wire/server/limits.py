"""The limits that Discord enforces on what a bot sends, answered with its codes 50035 and 50006."""

import re
from collections.abc import Sequence

from tests.wire.server.basics import Json, MessageFlag
from tests.wire.server.errors import ApiError, FormErrors, empty_message
from tests.wire.server.messages import Upload, walk_components

FILE_BYTES = 10 * 1024 * 1024
ROW, BUTTON, STRING_SELECT, TEXT_INPUT, TEXT_DISPLAY, LABEL = 1, 2, 3, 4, 10, 18
SELECTS = frozenset({3, 5, 6, 7, 8})
COMMAND_NAME = re.compile(r"[-_'\w]{1,32}")


def check_message(body: Json, files: Sequence[Upload], *, editing: bool = False, flags: int = 0) -> None:
    """Refuse a message that Discord would refuse; ``flags`` are those of the message being edited.

    Raises:
        ApiError: 50035 with the fields at fault, 50006 for an empty message, 40005 for a file too large.
    """
    if any(len(file.data) > FILE_BYTES for file in files):
        raise ApiError(413, 40005, "Request entity too large")
    errors = FormErrors()
    made_of_components = bool(((body.get("flags") or 0) | flags) & MessageFlag.COMPONENTS_V2)
    errors.limit_text("content", body.get("content"), 2000)
    if body.get("nonce") is not None:
        errors.limit_text("nonce", str(body["nonce"]), 25)
    errors.limit_count("attachments", files, 10)
    _check_embeds(errors, body.get("embeds") or ())
    _check_message_components(errors, body.get("components") or (), made_of_components)
    if made_of_components and (body.get("content") or body.get("embeds")):
        errors.add(
            "content",
            "Cannot be used with components v2.",
            "MESSAGE_CANNOT_USE_LEGACY_FIELDS_WITH_COMPONENTS_V2",
        )
    errors.raise_if_any()
    if not editing and not _has_substance(body, files):
        raise empty_message()


def _has_substance(body: Json, files: Sequence[Upload]) -> bool:
    text = (body.get("content") or "").strip()
    return bool(
        text
        or body.get("embeds")
        or body.get("components")
        or body.get("sticker_ids")
        or body.get("poll")
        or files
    )


def _check_embeds(errors: FormErrors, embeds: Sequence[Json]) -> None:
    errors.limit_count("embeds", embeds, 10)
    total = 0
    for index, embed in enumerate(embeds):
        path = f"embeds.{index}"
        texts = [
            (f"{path}.title", embed.get("title"), 256),
            (f"{path}.description", embed.get("description"), 4096),
            (f"{path}.footer.text", (embed.get("footer") or {}).get("text"), 2048),
            (f"{path}.author.name", (embed.get("author") or {}).get("name"), 256),
        ]
        fields = embed.get("fields") or ()
        errors.limit_count(f"{path}.fields", fields, 25)
        for number, entry in enumerate(fields):
            texts.append((f"{path}.fields.{number}.name", entry.get("name", ""), 256))
            texts.append((f"{path}.fields.{number}.value", entry.get("value", ""), 1024))
        for text_path, text, most in texts:
            errors.limit_text(text_path, text, most, least=1 if ".fields." in text_path else 0)
            total += len(text or "")
    if total > 6000:
        errors.add("embeds", "Embed size exceeds maximum size of 6000", "MAX_EMBED_SIZE_EXCEEDED")


def _check_message_components(
    errors: FormErrors, components: Sequence[Json], made_of_components: bool
) -> None:
    everything = list(walk_components(components))
    if made_of_components:
        errors.limit_count("components", everything, 40)
        texts = sum(len(part["content"]) for part in everything if part["type"] == TEXT_DISPLAY)
        if texts > 4000:
            errors.add("components", "The total text of all components must be 4000 or fewer in length.")
    else:
        errors.limit_count("components", components, 5)
        if any(part["type"] != ROW for part in components):
            errors.add(
                "components",
                "Only action rows are allowed without the components v2 flag.",
                "UNION_TYPE_CHOICES",
            )
    check_components(errors, components)


def check_components(errors: FormErrors, components: Sequence[Json]) -> None:
    """Note what is wrong with buttons, menus and rows, ids used twice included."""
    seen: set[str] = set()
    for index, part in enumerate(walk_components(components)):
        path = f"components.{index}"
        if part["type"] == ROW:
            _check_row(errors, path, part.get("components", ()))
        if part["type"] == BUTTON:
            errors.limit_text(f"{path}.label", part.get("label"), 80)
            if not (part.get("label") or part.get("emoji")):
                errors.add(f"{path}.label", "A button needs a label or an emoji.", "BUTTON_COMPONENT_INVALID")
        if part["type"] in SELECTS:
            _check_select(errors, path, part)
        if "custom_id" in part:
            errors.limit_text(f"{path}.custom_id", part["custom_id"], 100, least=1)
            if part["custom_id"] in seen:
                errors.add(
                    f"{path}.custom_id",
                    "Component custom id cannot be duplicated",
                    "COMPONENT_CUSTOM_ID_DUPLICATED",
                )
            seen.add(part["custom_id"])


def _check_row(errors: FormErrors, path: str, parts: Sequence[Json]) -> None:
    errors.limit_count(f"{path}.components", parts, 5, least=1)
    if len(parts) > 1 and any(part["type"] != BUTTON for part in parts):
        errors.add(
            f"{path}.components", "A menu or input fills a whole row.", "COMPONENT_LAYOUT_WIDTH_EXCEEDED"
        )


def _check_select(errors: FormErrors, path: str, part: Json) -> None:
    errors.limit_text(f"{path}.placeholder", part.get("placeholder"), 150)
    if part["type"] != STRING_SELECT:
        return
    options = part.get("options") or ()
    errors.limit_count(f"{path}.options", options, 25, least=1)
    values = [option["value"] for option in options]
    if len(set(values)) < len(values):
        errors.add(
            f"{path}.options",
            "The specified option value is already used",
            "SELECT_COMPONENT_OPTION_VALUE_DUPLICATED",
        )
    for number, option in enumerate(options):
        errors.limit_text(f"{path}.options.{number}.label", option["label"], 100, least=1)
        errors.limit_text(f"{path}.options.{number}.value", option["value"], 100, least=1)
        errors.limit_text(f"{path}.options.{number}.description", option.get("description"), 100)


def check_choices(data: Json) -> None:
    """Refuse autocomplete choices beyond 25, or with names or values beyond 100 characters."""
    errors = FormErrors()
    choices = data.get("choices") or ()
    errors.limit_count("data.choices", choices, 25)
    for index, choice in enumerate(choices):
        errors.limit_text(f"data.choices.{index}.name", choice.get("name"), 100, least=1)
        if isinstance(choice.get("value"), str):
            errors.limit_text(f"data.choices.{index}.value", choice["value"], 100, least=1)
    errors.raise_if_any()


def check_modal(data: Json) -> None:
    """Refuse a modal whose title, ids, labels or inputs are beyond Discord's limits."""
    errors = FormErrors()
    errors.limit_text("data.title", data.get("title"), 45, least=1)
    errors.limit_text("data.custom_id", data.get("custom_id"), 100, least=1)
    errors.limit_count("data.components", data.get("components"), 5, least=1)
    check_components(errors, data.get("components", ()))
    for index, part in enumerate(walk_components(data.get("components", ()))):
        path = f"data.components.{index}"
        if part["type"] == LABEL:
            errors.limit_text(f"{path}.label", part.get("label"), 45, least=1)
            errors.limit_text(f"{path}.description", part.get("description"), 100)
        if part["type"] == TEXT_INPUT:
            errors.limit_text(f"{path}.label", part.get("label"), 45)
            errors.limit_text(f"{path}.placeholder", part.get("placeholder"), 100)
            errors.limit_text(f"{path}.value", part.get("value"), 4000)
            if not 1 <= part.get("max_length", 4000) <= 4000 or not 0 <= part.get("min_length", 0) <= 4000:
                errors.add(f"{path}.max_length", "int value should be between 1 and 4000.", "NUMBER_TYPE_MAX")
    errors.raise_if_any()


def check_commands(commands: Sequence[Json]) -> None:
    """Refuse a command set that Discord would not register."""
    errors = FormErrors()
    errors.limit_count("commands", [command for command in commands if command.get("type", 1) == 1], 100)
    names = [(command.get("type", 1), command["name"]) for command in commands]
    if len(set(names)) < len(names):
        errors.add(
            "commands", "Application command names must be unique", "APPLICATION_COMMANDS_DUPLICATE_NAME"
        )
    for index, command in enumerate(commands):
        if command.get("type", 1) == 1:
            _check_command(errors, str(index), command)
            if _command_text(command) > 8000:
                errors.add(str(index), "Command exceeds maximum size (8000)", "APPLICATION_COMMAND_TOO_LARGE")
        else:
            errors.limit_text(f"{index}.name", command["name"], 32, least=1)
    errors.raise_if_any()


def _check_command(errors: FormErrors, path: str, command: Json) -> None:
    name = command.get("name", "")
    if not COMMAND_NAME.fullmatch(name) or name != name.lower():
        errors.add(f"{path}.name", "Command name is invalid", "APPLICATION_COMMAND_INVALID_NAME")
    errors.limit_text(f"{path}.description", command.get("description"), 100, least=1)
    options = command.get("options") or ()
    errors.limit_count(f"{path}.options", options, 25)
    errors.limit_count(f"{path}.choices", command.get("choices"), 25)
    required = [bool(option.get("required")) for option in options]
    if required != sorted(required, reverse=True):
        errors.add(
            f"{path}.options",
            "Required options must be placed before optional ones",
            "APPLICATION_COMMAND_OPTIONS_REQUIRED_INVALID",
        )
    for number, choice in enumerate(command.get("choices") or ()):
        errors.limit_text(f"{path}.choices.{number}.name", choice["name"], 100, least=1)
    for number, option in enumerate(options):
        _check_command(errors, f"{path}.options.{number}", option)


def _command_text(command: Json) -> int:
    own = len(command.get("name", "")) + len(command.get("description") or "")
    choices = sum(len(choice["name"]) + len(str(choice["value"])) for choice in command.get("choices") or ())
    return own + choices + sum(_command_text(option) for option in command.get("options") or ())
