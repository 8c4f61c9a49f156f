"""Filling in modals: inputs in labels (the new form) and inputs in action rows (the old one)."""

from collections.abc import Callable, Mapping, Sequence
from typing import Any

from tests.wire.server.answers import RefusedByClientError
from tests.wire.server.basics import Json
from tests.wire.server.command_data import Resolved
from tests.wire.server.limits import LABEL, ROW, STRING_SELECT, TEXT_INPUT
from tests.wire.server.messages import walk_components

FILE_UPLOAD, RADIO_GROUP, CHECKBOX_GROUP, CHECKBOX = 19, 21, 22, 23


def fill_form(components: Sequence[Json], values: Mapping[str, Any], resolved: Resolved) -> list[Json]:
    """Return what a client submits for a modal's components.

    Raises:
        RefusedByClientError: a value is for no input, missing where one is required, or out of bounds.
    """
    inputs = [part["custom_id"] for part in walk_components(components) if "custom_id" in part]
    if strange := set(values) - set(inputs):
        raise RefusedByClientError(f"no such inputs: {sorted(strange)}; there are {inputs}")
    return [_fill(component, values, resolved) for component in components]


def _fill(component: Json, values: Mapping[str, Any], resolved: Resolved) -> Json:
    filled: Json = {"type": component["type"], "id": component.get("id", 0)}
    if component["type"] == ROW:
        return filled | {"components": [_fill(part, values, resolved) for part in component["components"]]}
    if component["type"] == LABEL:
        return filled | {"component": _fill(component["component"], values, resolved)}
    if "custom_id" not in component:
        return filled
    custom_id = component["custom_id"]
    fill = _FILLERS.get(component["type"], _fill_menu)
    return filled | {"custom_id": custom_id} | fill(component, values.get(custom_id), resolved)


def _fill_text(component: Json, value: Any, resolved: Resolved) -> Json:
    text = component.get("value", "") if value is None else value
    least = max(component.get("min_length", 0), 1 if component.get("required", True) else 0)
    within = least <= len(text) <= component.get("max_length", 4000)
    # An optional input may stay empty even where a filled one has a minimum length.
    if not within and (text or component.get("required", True)):
        raise RefusedByClientError(f"{component['custom_id']} takes no text of {len(text)} characters")
    return {"value": text}


def _fill_menu(component: Json, value: Any, resolved: Resolved) -> Json:
    chosen = [] if value is None else list(value) if isinstance(value, list | tuple) else [value]
    _check_count(component, chosen)
    if component["type"] in (STRING_SELECT, CHECKBOX_GROUP):
        _check_offered(component, chosen)
        return {"values": chosen}
    return {"values": [resolved.refer(each) for each in chosen]}


def _fill_files(component: Json, value: Any, resolved: Resolved) -> Json:
    files = [] if value is None else list(value) if isinstance(value, list | tuple) else [value]
    _check_count(component, files)
    return {"values": [resolved.attach(file) for file in files]}


def _fill_radio(component: Json, value: Any, resolved: Resolved) -> Json:
    _check_count(component, [] if value is None else [value])
    _check_offered(component, [] if value is None else [value])
    return {"value": value}


def _fill_checkbox(component: Json, value: Any, resolved: Resolved) -> Json:
    return {"value": bool(component.get("default") if value is None else value)}


def _check_count(component: Json, values: Sequence[Any]) -> None:
    least = component.get("min_values", 1) if component.get("required", True) else 0
    if not least <= len(values) <= component.get("max_values", max(1, len(component.get("options", ())))):
        raise RefusedByClientError(f"{component['custom_id']} does not take {len(values)} values")


def _check_offered(component: Json, values: Sequence[Any]) -> None:
    offered = [option["value"] for option in component["options"]]
    if not set(values) <= set(offered):
        raise RefusedByClientError(f"{component['custom_id']} offers {offered}")


_FILLERS: dict[int, Callable[[Json, Any, Resolved], Json]] = {
    TEXT_INPUT: _fill_text,
    FILE_UPLOAD: _fill_files,
    RADIO_GROUP: _fill_radio,
    CHECKBOX: _fill_checkbox,
}
