"""Document -> model, with pydantic's errors turned into problems that a person can act on."""

from __future__ import annotations

import difflib
import re
from typing import TYPE_CHECKING, Any, Final, TypeVar

from pydantic import ValidationError

from evalkit.files.document import At, Document, harmless, rendered, shown
from evalkit.files.expectations import allowed_keys, wanted
from evalkit.model.answers import HostLists
from evalkit.model.values import Value

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator

    from pydantic_core import ErrorDetails

    from evalkit.errors import Problem

Model = TypeVar("Model", bound=Value)

SCHEMA_RULES: Final[dict[str, str]] = {
    "S001": "Every key that must be there is there.",
    "S002": "There are no keys that the format does not know.",
    "S003": "A value has the type that its key asks for; text that looks like a number is quoted.",
    "S004": "A value of a closed list is one of the list.",
    "S005": "Ids, versions and references have their form.",
    "S006": "A date is a day of the calendar, written YYYY-MM-DD.",
    "S007": "A number lies within its limits.",
    "S008": "Text, lists and mappings that may not be empty are not.",
    "S009": "Text keeps to its greatest length.",
    "S010": "The file has the format that its place asks for.",
    "S011": "An answer is a level, a number, a special value, a list of option ids, or host lists.",
    "S012": "A condition has one of the keys fact, answer, all, any, not.",
    "S013": "A change of a question has one of the keys renamed, split, merged, retired, changed.",
}
"""What the model asks of every file, by rule id."""

_CODES: Final[dict[str, str]] = {
    "missing": "S001",
    "union_tag_not_found": "S001",
    "extra_forbidden": "S002",
    "literal_error": "S004",
    "union_tag_invalid": "S004",
    "string_pattern_mismatch": "S005",
    "iso_date": "S006",
    "greater_than": "S007",
    "greater_than_equal": "S007",
    "less_than": "S007",
    "less_than_equal": "S007",
    "too_short": "S008",
    "string_too_short": "S008",
    "string_too_long": "S009",
    "answer_value": "S011",
    "condition": "S012",
    "change": "S013",
}
_TYPE_CODE = "S003"
_NOTHING_SAID = r"\S"
_QUESTION_ID = re.compile(r"[A-Z]{2,5}-[0-9]{2,3}")


def validate(document: Document, model: type[Model]) -> Model | list[Problem]:
    """Return the value that a document describes, or every reason why it describes none.

    Problems stand in the order of the model's keys, one for each place in the document.
    """
    data = document.data
    if (
        isinstance(data, dict)
        and "format" in model.model_fields
        and (wrong := _wrong_format(document, model))
    ):
        return [wrong]
    try:
        return model.model_validate(data)
    except ValidationError as error:
        return list(_problems(document, model, _errors(error)))


def _wrong_format(document: Document, model: type[Value]) -> Problem | None:
    """Return one clear problem instead of the many that another format's keys would give."""
    (expected,) = model.model_fields["format"].annotation.__args__  # type: ignore[union-attr]  # Literal of one
    if "format" not in document.data:
        message = f"the file does not say its format; {expected} is expected"
        return document.problem("S010", (), message, f"begin it with 'format: {expected}'")
    if (seen := document.data["format"]) == expected:
        return None
    message = f"format: {shown(seen)} is not {expected}, which is expected here"
    name, _, version = expected.rpartition("/")
    same_kind = isinstance(seen, str) and seen.rpartition("/")[0] == name
    hint = (
        f"this evalkit reads version {version} of the format only"
        if same_kind
        else "is the file in its place?"
    )
    return document.problem("S010", ("format",), message, hint)


def _errors(error: ValidationError) -> Iterator[ErrorDetails]:
    for found in error.errors(include_url=False):
        yield from _within_answer(found)


def _within_answer(found: ErrorDetails) -> Iterator[ErrorDetails]:
    """Yield what is wrong inside the lists of a list question; the model only says "is not an answer"."""
    if found["type"] == "answer_value" and isinstance(found["input"], dict):
        try:
            HostLists.model_validate(found["input"])
        except ValidationError as error:
            for inner in error.errors(include_url=False):
                yield {**inner, "loc": (*found["loc"], *inner["loc"])}
            return
    yield found


def _problems(document: Document, model: type[Value], errors: Iterable[ErrorDetails]) -> Iterator[Problem]:
    groups: dict[At, list[ErrorDetails]] = {}
    for error in errors:
        at = document.existing(error["loc"], missing=error["type"] == "missing")
        groups.setdefault(at, []).append(error)
    meant = {
        (*at[:-1], key)
        for at, found in groups.items()
        if found[0]["type"] == "extra_forbidden" and (key := _meant(document, model, at))
    }
    for at, found in groups.items():
        if not (_is_consequence(at, found, groups) or (found[0]["type"] == "missing" and at in meant)):
            yield _problem(document, model, at, found)


def _is_consequence(at: At, found: list[ErrorDetails], groups: Iterable[At]) -> bool:
    """Whether the errors at a place only follow from errors further down."""
    if not any(len(other) > len(at) and other[: len(at)] == at for other in groups):
        return False
    # A list is "too short" if none of its items is valid; a union's branch that was not meant fails as well.
    return all(
        error["type"] == "too_short" or (len(error["loc"]) > len(at) and error["loc"][-1] != "[key]")
        for error in found
    )


def _problem(document: Document, model: type[Value], at: At, found: list[ErrorDetails]) -> Problem:
    error = found[0]
    kind, context = error["type"], error.get("ctx", {})
    code, hint = _CODES.get(kind, _TYPE_CODE), ""
    if error["loc"][-1:] == ("[key]",):
        return document.problem(code, at, f"the key {shown(error['input'])} is not {wanted(kind, context)}")
    match kind:
        case "missing":
            message = _in(document, at[:-1], f"the key '{at[-1]}' is missing")
        case "union_tag_not_found":
            message = _in(document, at, f"the key {context['discriminator']} is missing")
        case "extra_forbidden":
            message = _in(document, at[:-1], f"the key {shown(at[-1])} is not known")
            allowed, close = allowed_keys(model, document.data, at[:-1]), _meant(document, model, at)
            hint = f"did you mean '{close}'?" if close else f"allowed are {', '.join(allowed)}"
        case "union_tag_invalid":
            at = (*at, context["discriminator"].strip("'"))
            message = f"{_thing(document, at)}: '{harmless(context['tag'])}' is not {wanted(kind, context)}"
        case "iso_date" | "answer_value" | "condition" | "change":
            message = f"{_thing(document, at)}: {_seen(document, at, error['input'])} {error['msg']}"
        case "too_short":
            least = f"{context['actual_length']} is too few, at least {context['min_length']} needed"
            message = f"{_thing(document, at)}: {least}"
        case _:
            return _not_wanted(document, at, found)
    return document.problem(code, at, message, hint)


def _not_wanted(document: Document, at: At, found: list[ErrorDetails]) -> Problem:
    error = found[0]
    phrases = dict.fromkeys(wanted(each["type"], each.get("ctx", {})) for each in found)
    if "a number" in phrases:
        phrases.pop("a whole number", None)
    text, hint = " or ".join(phrases), ""
    code = _CODES.get(error["type"], _TYPE_CODE)
    if error["type"] == "string_pattern_mismatch" and error["ctx"]["pattern"] == _NOTHING_SAID:
        code = "S008"
    source = document.source_text(at)
    if error["type"] == "string_type" and source and error["input"] is not None:
        hint = f"write it in quotes: '{harmless(source)}'"
    thing = _thing(document, at)
    if error["input"] in (None, ""):
        return document.problem(code, at, f"{thing} is empty; {text} is needed", hint)
    return document.problem(code, at, f"{thing}: {_seen(document, at, error['input'])} is not {text}", hint)


def _seen(document: Document, at: At, value: Any) -> str:  # noqa: ANN401 - any YAML value
    text = harmless(document.source_text(at))
    match value:
        case bool():
            return f"{text} (a truth value)"
        case int() | float():
            return f"{text or value} (a number)"
        case None:
            return "nothing"
        case _:
            return shown(value)


def _thing(document: Document, at: At) -> str:
    """Return what a message calls a place: from the nearest question or item with an id, else its path."""
    data, start, name = document.data, 0, ""
    for depth, part in enumerate(at, start=1):
        if isinstance(data, list) and isinstance(part, int):
            data = data[part]
        else:
            data = data.get(part) if isinstance(data, dict) else None
        if isinstance(part, str) and _QUESTION_ID.fullmatch(part):
            start, name = depth, part
        elif isinstance(part, int) and isinstance(data, dict) and isinstance(data.get("id"), str):
            start, name = depth, harmless(data["id"])
    rest = rendered(at[start:])
    return " ".join(filter(None, (name, rest))) or "the file"


def _in(document: Document, at: At, message: str) -> str:
    return f"{_thing(document, at)}: {message}" if at else message


def _meant(document: Document, model: type[Value], at: At) -> str:
    """Return the known key that an unknown one was probably meant to be, or ``""``."""
    mapping: Any = document.data
    for part in at[:-1]:
        mapping = mapping[part]
    free = [key for key in allowed_keys(model, document.data, at[:-1]) if key not in mapping]
    return next(iter(difflib.get_close_matches(str(at[-1]), free, n=1)), "")
