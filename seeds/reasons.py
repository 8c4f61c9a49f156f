"""Puts into words what is wrong with a field of a campaign's file, and what to write instead."""

import difflib
from collections.abc import Mapping
from typing import Any, get_args

from pydantic import BaseModel
from pydantic_core import ErrorDetails

EXAMPLES: Mapping[str, str] = {
    "name": '"our_campaign"',
    "sources": "[[sources]] with title and date",
    "key": '"safe-staffing"',
    "title": '"Safe staffing"',
    "summary": '"Two people at every desk."',
    "source": '"Leaflet 1", a title from campaign.toml',
    "date": "2025-04-03, without quotes",
    "conference": '"Regional Conference 2025"',
    "decision": '"Carried"',
    "calls_on": '"the branch committee"',
    "points": "[[motions.points]] with kind, label and text",
    "kind": '"note", "concern" or "resolution"',
    "text": '"Ask the employer for a date."',
    "label": '"Sign the petition"',
    "url": '"https://example.org/petition"',
    "alt": '"Three people in green scarves in front of the library."',
    "starts": "2025-04-03T12:30:00, without quotes",
    "weekday": '"Thursday"',
    "zone": '"Europe/London"',
    "duration_minutes": "60",
}
"""How each field that must be there is written."""

_REASONS: Mapping[str, str] = {
    "string_type": "is not text in quotes",
    "string_too_long": "is longer than {max_length} characters",
    "date_type": "is not a date; write it as 2025-04-03, without quotes",
    "datetime_type": "is not a date and time; write it as 2025-04-03T12:30:00, without quotes",
    "too_long": "has more than {max_length} items",
    "literal_error": "is not one of {expected}",
    "enum": "is not one of {expected}",
    "int_type": "is not a whole number; write it as 60, without quotes",
    "greater_than": "is not more than {gt}",
    "less_than_equal": "is more than {le}",
    "tuple_type": 'is not a list; write it as ["pay", "hours"]',
    "model_type": "is not a table of fields",
    "date_from_datetime_inexact": "has a time in it; write it as 2025-04-03",
}
_PATTERNS: Mapping[str, str] = {
    "key": "is not small letters and digits with single hyphens, such as wear-yellow",
    "name": "is not small letters and digits with single underscores, such as our_campaign",
}


def reason_of(details: ErrorDetails, model: type[BaseModel]) -> str:
    """The reason for one refusal, which begins with the field that it is about.

    Args:
        details: what pydantic found.
        model: what the table that was looked at may hold.
    """
    places = details["loc"]
    path = ".".join(str(part + 1) if isinstance(part, int) else part for part in places)
    text = _text(details, _model_at(model, places[:-1]), str(places[-1]) if places else "")
    return f"{path} {text}" if path else text


def _text(details: ErrorDetails, model: type[BaseModel], field: str) -> str:
    context = details.get("ctx", {})
    match details["type"]:
        case "value_error":
            return str(context["error"])
        case "missing":
            example = EXAMPLES[field]
            return f"is missing; write {example if example.startswith('[') else f'{field} = {example}'}"
        case "extra_forbidden":
            return f"is not known here; {_known(field, model)}"
        case "string_pattern_mismatch":
            return _PATTERNS[field]
        case kind:
            return _REASONS.get(kind, details["msg"]).format_map(context)


def _known(field: str, model: type[BaseModel]) -> str:
    near = difflib.get_close_matches(field, model.model_fields, n=1)
    return f"write {near[0]}" if near else f"known are {', '.join(sorted(model.model_fields))}"


def _model_at(model: type[BaseModel], places: tuple[int | str, ...]) -> type[BaseModel]:
    """The model of the table that lies at these places in another, such as a link in an action."""
    for place in places:
        if isinstance(place, str) and place in model.model_fields:
            model = _inner(model.model_fields[place].annotation) or model
    return model


def _inner(annotation: Any) -> type[BaseModel] | None:
    if isinstance(annotation, type) and issubclass(annotation, BaseModel):
        return annotation
    return next((found for part in get_args(annotation) if (found := _inner(part))), None)
