"""Values that the organisation supplies: text from the command line to typed, checked values."""

from __future__ import annotations

import ipaddress
import json
import re
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any, Final
from urllib.parse import urlsplit

from evalkit.errors import EvalkitError
from evalkit.hardening.placeholders import Unfilled, filled, unescaped
from evalkit.views.safe_text import plain, visible

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Mapping

    from evalkit.model.controls import ControlFile, Parameter

_LONGEST: Final = 4096
_MOST_ITEMS: Final = 1000
_LABEL: Final = r"[a-z0-9_](?:[a-z0-9_-]{0,61}[a-z0-9_])?"
_HOST: Final = re.compile(rf"{_LABEL}(?:\.{_LABEL})*", re.IGNORECASE)
_PATTERN: Final = re.compile(r"(?:[a-z0-9_*-]{1,63}\.)+[a-z0-9_-]{1,63}", re.IGNORECASE)
_VERSION: Final = re.compile(r"[0-9]{1,9}(?:\.[0-9]{1,9}){1,3}(?:[-+][0-9A-Za-z.+-]{1,40})?")
_INTEGER: Final = re.compile(r"-?[0-9]{1,9}")
_URL_REFUSED: Final = re.compile(r"[\s\"<>\\^`|]|[^\x21-\x7e]")
_NAME_AND_VALUE: Final = re.compile(r"([a-z0-9_]+)=(.*)", re.DOTALL)


@dataclass(frozen=True, slots=True)
class Values:
    """Every parameter that has a value, typed.

    Attributes
    ----------
    given : mapping
        Those that somebody gave.
    preset : mapping
        Those that have the file's preset.
    """

    given: Mapping[str, Any]
    preset: Mapping[str, Any]

    @property
    def every(self) -> dict[str, Any]:
        """Given ones before presets."""
        return {**self.preset, **self.given}


def is_host(text: str) -> bool:
    """Whether text is a host name or an address, without wildcard.

    >>> is_host("api.example.com"), is_host("10.0.0.1"), is_host("a b"), is_host("$(id).example.com")
    (True, True, False, False)
    """
    if len(text) > 253:  # noqa: PLR2004 - the longest name of DNS
        return False
    return _HOST.fullmatch(text) is not None or address_of(text) is not None


def is_host_pattern(text: str) -> bool:
    """Whether text is a host or a pattern with ``*`` in labels, the last label without.

    >>> is_host_pattern("*.example.com"), is_host_pattern("logs*.example.com"), is_host_pattern("*")
    (True, True, False)
    """
    return is_host(text) or (len(text) <= 253 and _PATTERN.fullmatch(text) is not None)  # noqa: PLR2004 - as above


def host_of(url: str) -> str:
    """Return the host of an address, or the text itself where it is a host.

    >>> host_of("https://otel.example.com:4317/v1"), host_of("mcp.example.com")
    ('otel.example.com', 'mcp.example.com')
    """
    return (urlsplit(url).hostname or url) if "://" in url else url


def address_of(text: str) -> ipaddress.IPv4Address | ipaddress.IPv6Address | None:
    """Return the address that a host is, or None for a name."""
    try:
        return ipaddress.ip_address(text)
    except ValueError:
        return None


def _string(value: Any) -> str | None:  # noqa: ANN401 - whatever JSON holds
    if not isinstance(value, str):
        return "is no text"
    if not value.strip():
        return "is empty"
    if len(value) > _LONGEST:
        return f"has {len(value)} characters; at most {_LONGEST} are taken"
    if "\n" in value or "\t" in value or visible(value) != value:
        return "has characters that control, hide or reorder text, or several lines"
    return None


def _url(value: Any) -> str | None:  # noqa: ANN401 - as above
    if problem := _string(value):
        return problem
    if _URL_REFUSED.search(value):
        return "has characters that no address has"
    try:
        parts = urlsplit(value)
        port = parts.port
    except ValueError:
        return "is no address"
    if parts.scheme not in ("http", "https") or not is_host(parts.hostname or ""):
        return "is no address such as https://host.example.com"
    if parts.username is not None or parts.password is not None:
        return "carries a user name or password, which would stand in plain text in every file"
    return None if port is None or port else "has the port 0"


def _host(value: Any) -> str | None:  # noqa: ANN401 - as above
    return _string(value) or (None if is_host(value) else "is no host name such as api.example.com")


def _host_pattern(value: Any) -> str | None:  # noqa: ANN401 - as above
    return _string(value) or (None if is_host_pattern(value) else "is no host name such as *.example.com")


def _version(value: Any) -> str | None:  # noqa: ANN401 - as above
    return _string(value) or (None if _VERSION.fullmatch(value) else "is no version such as 2.1.330")


def _integer(value: Any) -> str | None:  # noqa: ANN401 - as above
    return None if isinstance(value, int) and not isinstance(value, bool) else "is no whole number"


def _extension(value: Any) -> str | None:  # noqa: ANN401 - as above
    if isinstance(value, bool):
        return None
    if isinstance(value, list) and value and all(_version(one) is None for one in value):
        return None
    return "is neither true, false nor a list of versions"


_CHECKS: Final[Mapping[str, Callable[[Any], str | None]]] = {
    "string": _string,
    "url": _url,
    "host": _host,
    "path": _string,
    "integer": _integer,
    "version": _version,
    "boolean or list of versions": _extension,
}
"""What is wrong with a value of a type; None if nothing is."""
_ITEM_CHECKS: Final = {**_CHECKS, "host": _host_pattern}


def problem_of(parameter: Parameter, value: Any) -> str | None:  # noqa: ANN401 - any typed value
    """Return what is wrong with a value of a parameter, or None."""
    match parameter.type:
        case "list":
            return _list_problem(parameter, value)
        case "map":
            return _map_problem(parameter, value)
        case "integer":
            return _integer(value) or _bounds_problem(parameter, value)
        case _:
            return _CHECKS[parameter.type](value)


def _bounds_problem(parameter: Parameter, value: int) -> str | None:
    low, high = parameter.minimum, parameter.maximum
    if (low is not None and value < low) or (high is not None and value > high):
        return f"is {value}; allowed are {_bound(low, 'any')} to {_bound(high, 'any')}"
    return None


def _bound(bound: float | None, otherwise: str) -> str:
    return otherwise if bound is None else f"{bound:g}"


def _list_problem(parameter: Parameter, value: Any) -> str | None:  # noqa: ANN401 - as above
    if not isinstance(value, list):
        return "is no list"
    if len(value) > _MOST_ITEMS:
        return f"has {len(value)} items; at most {_MOST_ITEMS} are taken"
    if parameter.minimum_items is not None and len(value) < parameter.minimum_items:
        return f"has {len(value)} items; at least {parameter.minimum_items} are needed"
    for place, item in enumerate(value, start=1):
        if problem := _item_problem(parameter.items, item):
            return f"item {place} {problem}"
    keys = [json.dumps(item, sort_keys=True) for item in value]
    return "names an item twice" if len(set(keys)) < len(keys) else None


def _item_problem(form: Any, item: Any) -> str | None:  # noqa: ANN401 - the form is whatever the file says
    if isinstance(form, dict):
        if not isinstance(item, dict) or set(item) != set(form):
            return f"needs exactly the fields {', '.join(form)}"
        for name, kind in form.items():
            if problem := _ITEM_CHECKS.get(str(kind), _string)(item[name]):
                return f"field {name} {problem}"
        return None
    return _ITEM_CHECKS.get(str(form), _string)(item)


def _map_problem(parameter: Parameter, value: Any) -> str | None:  # noqa: ANN401 - as above
    if not isinstance(value, dict):
        return "is no map"
    if len(value) > _MOST_ITEMS:
        return f"has {len(value)} entries; at most {_MOST_ITEMS} are taken"
    for key, item in value.items():
        if problem := _string(key) or _CHECKS.get(str(parameter.items), _string)(item):
            return f"entry {plain(str(key))} {problem}"
    return None


def _parsed(parameter: Parameter, text: str) -> Any:  # noqa: ANN401 - the parameter's type
    """Return text as a value of the parameter's type, not checked yet."""
    match parameter.type:
        case "integer" if _INTEGER.fullmatch(text.strip()):
            return int(text)
        case "list" if not text.lstrip().startswith("[") and not isinstance(parameter.items, dict):
            return [part.strip() for part in text.split(",") if part.strip()]
        case "list" | "map":
            try:
                return json.loads(text, parse_constant=_no_constant)
            except (ValueError, RecursionError) as error:
                raise ValueError(f"is no JSON ({error})") from error
        case _:
            return text


def _no_constant(name: str) -> None:
    raise ValueError(f"{name} is no JSON")


def typed(name: str, parameter: Parameter, text: str) -> Any:  # noqa: ANN401 - the parameter's type
    """Return the value that text stands for.

    Lists of texts may be written with commas between, every list and map as JSON.

    Raises
    ------
    EvalkitError
        If it is no value of the parameter; with type and example.
    """
    try:
        value = _parsed(parameter, text)
        problem = problem_of(parameter, value)
    except ValueError as error:
        problem = str(error)
    if problem:
        raise EvalkitError(f"{name}={plain(text)[:80]}: {problem}; {form_of(parameter)}")
    return value


def form_of(parameter: Parameter) -> str:
    """Return type and example of a parameter in words."""
    shown = unescaped(parameter.example)
    example = shown if isinstance(shown, str) else json.dumps(shown, ensure_ascii=False)
    return f"it is of type {parameter.type}, for example {plain(example)}"


def settings(texts: Iterable[str]) -> dict[str, str]:
    """Return ``NAME=VALUE`` texts as a mapping.

    Raises
    ------
    EvalkitError
        If one has no name, or a name stands twice.
    """
    found: dict[str, str] = {}
    for text in texts:
        match = _NAME_AND_VALUE.fullmatch(text)
        if match is None:
            raise EvalkitError(f"--set {plain(text)[:80]}: write NAME=VALUE, as region=eu-central-1")
        name, value = match.groups()
        if name in found:
            raise EvalkitError(f"--set {name}: stands twice")
        found[name] = value
    return found


def values_of(file: ControlFile, given: Mapping[str, str]) -> Values:
    """Return the values of a product's parameters: those given, and presets for the others.

    A preset that needs another parameter counts once that has a value.

    Raises
    ------
    EvalkitError
        With every name that the product does not know and every value that is not of its type.
    """
    problems = []
    made: dict[str, Any] = {}
    for name, text in given.items():
        parameter = file.parameters.get(name)
        if parameter is None:
            known = ", ".join(file.parameters) or "none"
            problems.append(f"--set {plain(name)}: {file.name} has no such parameter; there are: {known}")
            continue
        try:
            made[name] = typed(name, parameter, text)
        except EvalkitError as error:
            problems.append(f"--set {error}")
    if problems:
        raise EvalkitError("\n".join(problems))
    presets: dict[str, Any] = {}
    for name, parameter in file.parameters.items():
        if name in made or parameter.default is None:
            continue
        preset = filled(parameter.default, made)
        if not isinstance(preset, Unfilled) and problem_of(parameter, preset) is None:
            presets[name] = preset
    return Values(made, presets)


def examples(file: ControlFile) -> dict[str, str]:
    """Return the example of every parameter as somebody would write it after ``--set``."""
    return {
        name: example if isinstance(example, str) else json.dumps(example)
        for name, parameter in file.parameters.items()
        if (example := unescaped(parameter.example)) is not None
    }
