"""Placeholders of control files, ``{name}``, ``{item.field}``, ``{{`` and ``$each``, filled in."""

from __future__ import annotations

import re
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any, Final

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Mapping

_TOKEN: Final = re.compile(r"\{\{|\}\}|\{(?P<name>[a-z0-9_]+(?:\.[a-z0-9_]+)?)\}")
_BRACES: Final = {"{{": "{", "}}": "}"}
_ITEM: Final = "item"


@dataclass(frozen=True, slots=True)
class Unfilled:
    """Parameters without which something cannot be written, in the order in which they are named."""

    names: tuple[str, ...]


def names_in(content: Any) -> tuple[str, ...]:  # noqa: ANN401 - any YAML value
    """Return the parameters that something needs, each once, without fields of items.

    >>> names_in({"a": "{region} {{x}}", "b": {"$each": "servers", "$item": "{item.url}"}})
    ('region', 'servers')
    """
    return tuple(dict.fromkeys(_names(content)))


def _names(content: Any) -> Iterator[str]:  # noqa: ANN401 - as above
    match content:
        case str():
            found = (match["name"] for match in _TOKEN.finditer(content) if match["name"])
            yield from (name for name in found if name.partition(".")[0] != _ITEM)
        case dict():
            if "$each" in content:
                yield str(content["$each"])
            for key, value in content.items():
                if key != "$each":
                    yield from _names(key)
                    yield from _names(value)
        case list() | tuple():
            for value in content:
                yield from _names(value)


def filled(content: Any, values: Mapping[str, Any]) -> Any:  # noqa: ANN401 - as above
    """Return something with every placeholder filled in, or what it lacks.

    A text that is exactly one placeholder becomes the typed value. What is filled in is never read for
    placeholders again.

    >>> filled({"k": "{days}", "t": "{days}d"}, {"days": 7})
    {'k': 7, 't': '7d'}
    >>> filled("https://{region}.example.com", {})
    Unfilled(names=('region',))
    """
    missing = tuple(name for name in names_in(content) if name not in values)
    return Unfilled(missing) if missing else _filled(content, values)


def _filled(content: Any, values: Mapping[str, Any]) -> Any:  # noqa: ANN401 - as above
    match content:
        case str():
            return _text(content, values)
        case dict() if "$each" in content:
            return _each(content, values)
        case dict():
            return {str(_text(key, values)): _filled(value, values) for key, value in content.items()}
        case list() | tuple():
            return [_filled(value, values) for value in content]
        case _:
            return content


def _each(content: dict[str, Any], values: Mapping[str, Any]) -> Any:  # noqa: ANN401 - a list or a map
    items: Iterable[Any] = values[content["$each"]]
    each = [{**values, **_fields(item)} for item in items]
    if "$key" not in content:
        return [_filled(content["$item"], own) for own in each]
    return {str(_text(content["$key"], own)): _filled(content["$item"], own) for own in each}


def _fields(item: Any) -> dict[str, Any]:  # noqa: ANN401 - an item of any form
    own = {_ITEM: item}
    if isinstance(item, dict):
        own.update({f"{_ITEM}.{field}": value for field, value in item.items()})
    return own


def _text(text: str, values: Mapping[str, Any]) -> Any:  # noqa: ANN401 - one placeholder takes the typed value
    whole = _TOKEN.fullmatch(text)
    if whole is not None and whole["name"]:
        return values[whole["name"]]
    return _TOKEN.sub(lambda match: _BRACES.get(match.group()) or str(values[match["name"]]), text)


def unescaped(content: Any) -> Any:  # noqa: ANN401 - any YAML value
    """Return something whose doubled braces are single ones; placeholders stay.

    >>> unescaped("https://desk.example.com/new?title={{title}}")
    'https://desk.example.com/new?title={title}'
    """
    match content:
        case str():
            return _TOKEN.sub(lambda match: _BRACES.get(match.group(), match.group()), content)
        case dict():
            return {key: unescaped(value) for key, value in content.items()}
        case list() | tuple():
            return [unescaped(value) for value in content]
        case _:
            return content
