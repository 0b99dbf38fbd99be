"""What the model wants at a place, in words: patterns explained, types named, keys listed."""

from __future__ import annotations

import re
import types
from typing import TYPE_CHECKING, Annotated, Any, Final, Literal, Union, get_args, get_origin

from pydantic import BaseModel

if TYPE_CHECKING:
    from evalkit.model.values import Value

PATTERNS: Final[dict[str, str]] = {
    r"\S": "text that says something",
    r"^\S+$": "a host name without spaces",
    r"^[a-z0-9][a-z0-9-]*$": (
        "an id: lower-case letters, digits and hyphens, beginning with a letter or digit"
    ),
    r"^[A-Za-z0-9][A-Za-z0-9._-]*$": (
        "a key: letters, digits, dots, underscores and hyphens, beginning with a letter or digit"
    ),
    r"^[a-z0-9][a-z0-9_]*$": "a word of a closed list: lower-case letters, digits and underscores",
    r"^[A-Z]{2,5}-[0-9]{2,3}$": "a question id such as LOC-07: 2 to 5 capitals, a hyphen, 2 or 3 digits",
    r"^[0-9]+\.[0-9]+\.[0-9]+$": "a version such as 1.0.0: three numbers with dots",
    r"^[a-z0-9][a-z0-9-]*@[0-9]+\.[0-9]+\.[0-9]+$": "a questionnaire and version such as coding-agent@1.0.0",
    r"^[a-z0-9][a-z0-9-]*/[a-z0-9][a-z0-9-]*$": "an option, product/deployment, such as claude-code/bedrock",
    r"^[A-Z]{2}-[A-Z]{2,6}-[0-9]{2}$": "a control id such as CC-TEL-01",
    r"^[0-9a-f]{64}$": "a SHA-256: 64 digits 0-9 and a-f",
    r"^[0-9a-f]{12}$": "a revision or the id of a basis: 12 digits 0-9 and a-f",
    r"^sha256:[0-9a-f]{64}$": "a hash: sha256: and 64 digits 0-9 and a-f",
    r"^[0-9]{4}-[0-9]{2}-[0-9]{2}T[0-9]{2}:[0-9]{2}:[0-9]{2}Z$": (
        "a moment in UTC such as 2026-11-22T09:30:00Z"
    ),
    r"^[a-z]{2}$": "a language code of two letters such as en",
    r"^[A-Z]{2,5}$": "a prefix of 2 to 5 capitals such as LOC",
}
"""Every pattern of the model in words; a test keeps them in step."""

WANTED: Final[dict[str, str]] = {
    "string_type": "text",
    "int_type": "a whole number",
    "int_from_float": "a whole number",
    "float_type": "a number",
    "bool_type": "true or false",
    "tuple_type": "a list",
    "dict_type": "a mapping (key: value)",
    "model_type": "a mapping (key: value)",
    "model_attributes_type": "a mapping (key: value)",
    "finite_number": "a finite number",
}
"""Pydantic's errors about types -> what was wanted."""

_LIMITS: Final[dict[str, str]] = {
    "greater_than": "above {gt:g}",
    "greater_than_equal": "at least {ge:g}",
    "less_than": "below {lt:g}",
    "less_than_equal": "at most {le:g}",
    "string_too_short": "text that says something",
    "string_too_long": "text of at most {max_length} characters",
}


def wanted(kind: str, context: dict[str, Any]) -> str:
    """Return what a pydantic error of one kind wanted, fit to follow "is not".

    Examples
    --------
    >>> wanted("literal_error", {"expected": "'closed' or 'open_source'"})
    'one of closed, open_source'
    """
    match kind:
        case "literal_error":
            values = re.findall(r"'([^']*)'", context["expected"])
            if any(" " in value for value in values):
                values = [f"'{value}'" for value in values]
            return values[0] if len(values) == 1 else f"one of {', '.join(values)}"
        case "union_tag_invalid":
            return "one of " + ", ".join(re.findall(r"'([^']*)'", context["expected_tags"]))
        case "string_pattern_mismatch":
            return PATTERNS.get(context["pattern"], f"text of the form {context['pattern']}")
        case _ if kind in _LIMITS:
            return _LIMITS[kind].format(**context)
        case _:
            return WANTED.get(kind, "allowed here")


def allowed_keys(model: type[Value], data: Any, at: tuple[str | int, ...]) -> tuple[str, ...]:  # noqa: ANN401 - any YAML value
    """Return the keys that the model knows for the mapping at a path; empty where any key may stand.

    Of a union, the branch counts that fits what the mapping already says.
    """
    choices: list[Any] = [model]
    for part in at:
        data = data[part]
        choices = [inner for choice in choices for inner in _inside(choice, part)]
    models = [choice for choice in choices if isinstance(choice, type) and issubclass(choice, BaseModel)]
    if not models or not isinstance(data, dict):
        return ()
    return max((_keys(choice) for choice in models if _fits(choice, data)), key=_overlap(data), default=())


def _overlap(data: dict[str, Any]) -> Any:  # noqa: ANN401 - a sort key
    return lambda keys: len(data.keys() & set(keys))


def _keys(model: type[BaseModel]) -> tuple[str, ...]:
    return tuple(field.alias or name for name, field in model.model_fields.items())


def _fits(model: type[BaseModel], data: dict[str, Any]) -> bool:
    """Whether no closed list of the model contradicts the data: ``kind: scale`` rules out other kinds."""
    return all(
        data.get(name) in get_args(field.annotation)
        for name, field in model.model_fields.items()
        if name in ("kind", "type")
        and get_origin(field.annotation) is Literal
        and isinstance(data.get(name), str)
    )


def _inside(choice: Any, part: str | int) -> list[Any]:  # noqa: ANN401 - any annotation
    if isinstance(choice, type) and issubclass(choice, BaseModel):
        for name, field in choice.model_fields.items():
            if part == (field.alias or name):
                return branches(field.annotation)
        return []
    arguments = get_args(choice)
    if get_origin(choice) is dict:
        return branches(arguments[1])
    if get_origin(choice) is tuple:
        return branches(arguments[0])
    return []


def branches(annotation: Any) -> list[Any]:  # noqa: ANN401 - any annotation
    """Return the types that an annotation allows, without metadata and ``None``."""
    origin = get_origin(annotation)
    if origin is Annotated:
        return branches(get_args(annotation)[0])
    if origin in (Union, types.UnionType):
        return [inner for argument in get_args(annotation) for inner in branches(argument)]
    return [] if annotation is type(None) else [annotation]
