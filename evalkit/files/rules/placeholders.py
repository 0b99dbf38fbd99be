"""Rules C020 to C024: placeholders in what controls write name parameters, and parameters are used."""

from __future__ import annotations

import re
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any, Final

from evalkit.files.rules.controls import ControlsCase, rule
from evalkit.files.rules.registry import Found
from evalkit.files.rules.wording import allowed, did_you_mean, shown

if TYPE_CHECKING:
    from collections.abc import Iterator

    from evalkit.files.document import At

_TOKEN = re.compile(r"\{\{|\}\}|\{(?P<name>[a-z0-9_]+(?:\.[a-z0-9_]+)?)\}|(?P<stray>[{}])")
_EACH_KEYS: Final = ("$each", "$item", "$key")
_TARGET_FIELDS: Final = ("key", "value", "name", "flag", "command", "instruction")
_FILE_FIELDS: Final = ("path", "paste", "base", "mdm")


@dataclass(frozen=True, slots=True)
class _Piece:
    """One text, or one list over a parameter, that is filled in; ``each`` is the parameter looped over."""

    content: Any
    at: At
    where: str
    each: str | None = None

    def names(self) -> list[str]:
        """The placeholders in a text, without those for the item of the loop."""
        return [name for name in _names(self.content) if not _is_item(name)]


def _names(content: Any) -> list[str]:  # noqa: ANN401 - whatever the file holds
    if not isinstance(content, str):
        return []
    return [match["name"] for match in _TOKEN.finditer(content) if match["name"]]


def _is_item(name: str) -> bool:
    return name.partition(".")[0] == "item"


def _pieces(content: Any, at: At, where: str, each: str | None = None) -> Iterator[_Piece]:  # noqa: ANN401 - any YAML value
    match content:
        case str():
            yield _Piece(content, at, where, each)
        case dict() if "$each" in content:
            yield _Piece(content, at, where, each)
            name = content["$each"]
            for key in ("$key", "$item"):
                yield from _pieces(content.get(key), (*at, key), where, str(name))
        case dict():
            for key, value in content.items():
                yield from _pieces(key, (*at, key), where, each)
                yield from _pieces(value, (*at, key), where, each)
        case list() | tuple():
            for index, value in enumerate(content):
                yield from _pieces(value, (*at, index), where, each)


def _filled_in(case: ControlsCase) -> Iterator[_Piece]:
    for control, at in case.placed():
        for index, target in enumerate(control.targets):
            for field in _TARGET_FIELDS:
                yield from _pieces(getattr(target, field), (*at, "targets", index, field), control.id)
    for key, file in case.controls.files.items():
        for field in _FILE_FIELDS:
            yield from _pieces(getattr(file, field), ("files", key, field), f"file {key}")
    for index, endpoint in enumerate(case.controls.endpoints):
        yield from _pieces(endpoint.hosts, ("endpoints", index, "hosts"), f"endpoint {endpoint.hosts[0]}")
    for name, parameter in case.controls.parameters.items():
        yield from _pieces(parameter.default, ("parameters", name, "default"), f"parameter {name}")


@rule("C020", "Every placeholder names a parameter that the file declares.")
def _placeholders_are_declared(case: ControlsCase) -> Iterator[Found]:
    known = case.controls.parameters
    for piece in _filled_in(case):
        names = [piece.content["$each"]] if isinstance(piece.content, dict) else piece.names()
        for name in map(str, names):
            if name not in known:
                message = f"{piece.where}: parameter {name} is not declared; {allowed(known, 'parameters')}"
                yield Found(piece.at, message, did_you_mean(name, known))


@rule("C021", "Every declared parameter is used in a target, a file, an endpoint or another preset.")
def _parameters_are_used(case: ControlsCase) -> Iterator[Found]:
    used: set[str] = set()
    for piece in _filled_in(case):
        own = piece.at[1] if piece.at[0] == "parameters" else None
        names = [piece.content["$each"]] if isinstance(piece.content, dict) else piece.names()
        used.update(str(name) for name in names if name != own)
    for name in case.controls.parameters:
        if name not in used:
            yield Found(("parameters", name), f"parameter {name} is used nowhere; each must be used")


@rule("C022", "A brace belongs to a placeholder or is doubled.")
def _braces_are_doubled(case: ControlsCase) -> Iterator[Found]:
    for piece in _filled_in(case):
        if isinstance(piece.content, str) and any(m["stray"] for m in _TOKEN.finditer(piece.content)):
            message = f"{piece.where}: stray brace in {shown(piece.content)}"
            yield Found(piece.at, message, "write {name} for a parameter, {{ and }} for literal braces")


@rule("C023", "A list over a parameter has $each, $item, at most $key; the parameter is a list or a map.")
def _loops_are_over_lists(case: ControlsCase) -> Iterator[Found]:
    for piece in _filled_in(case):
        if not isinstance(piece.content, dict):
            continue
        parameter = case.controls.parameters.get(str(piece.content["$each"]))
        if parameter is not None and parameter.type not in ("list", "map"):
            message = f"{piece.where}: $each over {piece.content['$each']} of type {parameter.type}"
            yield Found((*piece.at, "$each"), f"{message}; allowed are list, map")
        if "$item" not in piece.content:
            yield Found(piece.at, f"{piece.where}: $each without $item; it says what each item becomes")
        for key in piece.content:
            if key not in _EACH_KEYS:
                message = f"{piece.where}: {key} beside $each; {allowed(_EACH_KEYS, 'keys')}"
                yield Found((*piece.at, key), message, did_you_mean(str(key), _EACH_KEYS))


@rule(
    "C024", "A placeholder for an item stands inside a list over a parameter and names a field of its items."
)
def _items_have_the_fields(case: ControlsCase) -> Iterator[Found]:
    for piece in _filled_in(case):
        for name in filter(_is_item, _names(piece.content)):
            field = name.partition(".")[2]
            if piece.each is None:
                yield Found(piece.at, f"{piece.where}: {{{name}}} outside a list over a parameter ($each)")
                continue
            parameter = case.controls.parameters.get(piece.each)
            fields = parameter.items if parameter else None
            if field and isinstance(fields, dict) and field not in fields:
                message = (
                    f"{piece.where}: {{{name}}} is no field of {piece.each}; {allowed(fields, 'fields')}"
                )
                yield Found(piece.at, message, did_you_mean(field, fields))
