"""What was deployed or captured, read for comparison: settings, profiles, registry, environment, hosts."""

from __future__ import annotations

import csv
import io
import json
import plistlib
import re
import shlex
import tomllib
import xml.parsers.expat
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any, Final

from evalkit.errors import EvalkitError, InvalidInputError
from evalkit.files.parsing import parse
from evalkit.hardening.formats import READERS
from evalkit.hardening.parameters import host_of, is_host
from evalkit.hardening.registry_text import key_name, read_registry
from evalkit.views.safe_text import plain

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Iterator, Mapping
    from pathlib import Path

LARGEST: Final = 64 * 1024 * 1024
"""Bytes of a capture."""
LARGEST_SETTINGS: Final = 8 * 1024 * 1024
"""Bytes of anything else: an export holds one key of the registry, not all of it."""
_MOST_VALUES: Final = 200_000
_DEEPEST: Final = 100
_HOST_COLUMNS: Final = ("host", "hostname", "server_name", "sni", "domain", "fqdn", "http.host", "tls.sni")
_SHELL: Final = re.compile(r"(?:export\s+)?([A-Za-z_][A-Za-z0-9_]*)=(.*)")
_POWERSHELL: Final = re.compile(
    r"\[(?:System\.)?Environment\]::SetEnvironmentVariable\(\s*'([A-Za-z_][A-Za-z0-9_]*)'\s*,\s*"
    r"(\$null|'(?:[^'\u2018\u2019\u201a\u201b]|(?:['\u2018\u2019\u201a\u201b]){2})*+')\s*,\s*'Machine'\s*\)\s*;?",
    re.IGNORECASE,
)
_DOUBLED: Final = re.compile("(['\u2018\u2019\u201a\u201b])['\u2018\u2019\u201a\u201b]")
_MACHINE: Final = key_name(r"HKLM\SYSTEM\CurrentControlSet\Control\Session Manager\Environment")
_SIGNED: Final = b"\x30"
_UNSET: Final = re.compile(r"unset\s+([A-Za-z_][A-Za-z0-9_]*)")


@dataclass(frozen=True, slots=True)
class Settings:
    """A settings file as it was found."""

    content: Any


@dataclass(frozen=True, slots=True)
class Managed:
    """Keys as device management delivered them.

    Attributes
    ----------
    places : mapping
        Keys and values by domain of a profile or key of the registry; by nothing where the file names no
        domain, because its own name does.
    """

    places: Mapping[str, Mapping[str, Any]]


@dataclass(frozen=True, slots=True)
class Environment:
    """Variables as they were found; None for one that the file unsets."""

    variables: Mapping[str, str | None]


@dataclass(frozen=True, slots=True)
class Hosts:
    """Hosts that were contacted, each once, sorted."""

    hosts: tuple[str, ...]


Captured = Settings | Managed | Environment | Hosts


def captured(path: Path, form: str = "") -> Captured:
    """Return what a file says, by its ending.

    Settings are .json, .toml, .yaml and .yml; what device management delivered .plist, .mobileconfig and
    .reg; environment files .env, .sh, .ps1, and a .reg of the machine's variables; host lists .har, .csv,
    .txt and .log.

    Parameters
    ----------
    form
        Format of the settings that it is known to be, whatever its ending, if that is none of device
        management: ``json``, ``toml``, ``yaml`` or ``lines``.

    Raises
    ------
    EvalkitError
        If the file cannot be read, is too large (captures 64 MiB, others 8 MiB), or is not what it should be.
    """
    ending = path.suffix.casefold()
    if form and ending not in _DELIVERED:
        ending = f".{form}"
    read = _READERS.get(ending)
    if read is None:
        allowed = ", ".join(it for it in _READERS if it != ".lines")
        raise EvalkitError(
            f"{path}: ending {path.suffix or 'none'!r}; allowed are {allowed}, and any other of a settings"
            " file that is named, as linux/KEY=FILE"
        )
    raw = _bytes(path, LARGEST if ending in _CAPTURES else LARGEST_SETTINGS)
    try:
        return read(raw)
    except (
        ValueError,
        KeyError,
        TypeError,
        RecursionError,
        xml.parsers.expat.ExpatError,
        csv.Error,
    ) as error:
        raise EvalkitError(f"{path}: cannot be read as {ending[1:]}: {plain(str(error))[:200]}") from error
    except InvalidInputError as error:
        raise EvalkitError(f"{path}: cannot be read as YAML: {plain(str(error))[:200]}") from error


def _bytes(path: Path, largest: int) -> bytes:
    try:
        if not path.is_file():
            raise EvalkitError(f"{path}: there is no such file")
        with path.open("rb") as file:
            raw = file.read(largest + 1)
    except OSError as error:
        raise EvalkitError(f"{path}: cannot be read: {error.strerror or error}") from error
    if len(raw) > largest:
        raise EvalkitError(f"{path}: is larger than {largest // 1024 // 1024} MiB")
    return raw


def _text(raw: bytes) -> str:
    return raw.decode("utf-8-sig")


def _json(raw: bytes) -> Captured:
    data = json.loads(_text(raw))
    if isinstance(data, dict) and isinstance(data.get("log"), dict) and "entries" in data["log"]:
        return _archive(data)
    return Settings(data)


def _har(raw: bytes) -> Captured:
    return _archive(json.loads(_text(raw)))


def _archive(data: Any) -> Hosts:  # noqa: ANN401 - whatever JSON holds
    return _hosts(str(entry["request"]["url"]) for entry in data["log"]["entries"])


def _toml(raw: bytes) -> Captured:
    return Settings(tomllib.loads(_text(raw)))


def _yaml(raw: bytes) -> Captured:
    return Settings(parse(_text(raw), "file")[0])


def _as_lines(raw: bytes) -> Captured:
    return Settings(READERS["lines"](_text(raw).replace("\r\n", "\n")))


def _plist(raw: bytes) -> Captured:
    """Keys of a domain, or a profile: its own payloads, and those that manage other domains."""
    if raw.startswith(_SIGNED):
        raise ValueError("it is signed; take the signature off, as with: security cms -D -i FILE -o FILE2")
    data = plistlib.loads(raw)
    _check_size(data)
    if not isinstance(data, dict):
        raise TypeError("it holds no keys")
    if data.get("PayloadType") != "Configuration" and "PayloadContent" not in data:
        return Managed({"": data})
    places: dict[str, dict[str, Any]] = {}
    for payload in data["PayloadContent"]:
        for domain, keys in _payload(payload):
            places.setdefault(domain, {}).update(keys)
    if not places:
        raise ValueError("the profile has no payload")
    return Managed(places)


def _payload(payload: dict[str, Any]) -> Iterator[tuple[str, dict[str, Any]]]:
    if payload["PayloadType"] == "com.apple.ManagedClient.preferences":
        for domain, levels in payload["PayloadContent"].items():
            for forced in levels.get("Forced", []):
                yield str(domain), dict(forced["mcx_preference_settings"])
        return
    yield (
        str(payload["PayloadType"]),
        {str(name): value for name, value in payload.items() if not str(name).startswith("Payload")},
    )


def _check_size(data: Any) -> None:  # noqa: ANN401 - whatever a property list holds
    """Refuse what a binary list can hold in few bytes: itself, or one list a million times."""
    queue, seen = [(data, 0)], 0
    while queue:
        it, depth = queue.pop()
        inner = list(it.values()) if isinstance(it, dict) else it if isinstance(it, list) else []
        seen += len(inner)
        if seen > _MOST_VALUES or depth > _DEEPEST:
            raise ValueError(f"it holds over {_MOST_VALUES} values, or over {_DEEPEST} in one another")
        queue.extend((one, depth + 1) for one in inner)


def _registry(raw: bytes) -> Captured:
    places = read_registry(raw)
    if set(places) == {_MACHINE}:
        return Environment({name: str(value) for name, value in places[_MACHINE].items()})
    return Managed(places)


def _powershell(raw: bytes) -> Captured:
    """Lines that set or unset one variable of the machine, as harden writes them; nothing else is run."""
    found: dict[str, str | None] = {}
    for line in _text(raw).splitlines():
        if match := _POWERSHELL.fullmatch(line.strip()):
            quoted = match[2] != "$null"
            found[match[1]] = _DOUBLED.sub(r"\1", match[2][1:-1]) if quoted else None
    return Environment(found)


def _env(raw: bytes) -> Captured:
    """Container form: nothing is quoted."""
    found: dict[str, str | None] = {}
    for line in _text(raw).splitlines():
        if line.strip() and not line.lstrip().startswith("#"):
            name, _, value = line.partition("=")
            found[name.strip()] = value
    return Environment(found)


def _shell(raw: bytes) -> Captured:
    """Lines that set or unset one variable; a value is taken as the shell would, and nothing is expanded."""
    found: dict[str, str | None] = {}
    for line in _text(raw).splitlines():
        if unset := _UNSET.fullmatch(line.strip()):
            found[unset[1]] = None
        elif match := _SHELL.fullmatch(line.strip()):
            words = shlex.split(match[2])
            found[match[1]] = words[0] if words else ""
    return Environment(found)


def _table(raw: bytes) -> Captured:
    rows = list(csv.DictReader(io.StringIO(_text(raw))))
    columns = [name for name in (rows[0] if rows else {}) if (name or "").casefold() in _HOST_COLUMNS]
    if rows and not columns:
        raise ValueError(f"no column of hosts; one of {', '.join(_HOST_COLUMNS)} is needed")
    return _hosts(row[columns[0]] or "" for row in rows)


def _lines(raw: bytes) -> Captured:
    """The first word of each line."""
    lines = (line.split("#")[0].split() for line in _text(raw).splitlines())
    return _hosts(words[0] for words in lines if words)


def _hosts(texts: Iterable[str]) -> Hosts:
    found = set()
    for text in texts:
        host = host_of(text.strip()).rstrip(".").casefold()
        name, _, port = host.rpartition(":")
        host = name if port.isdigit() and ":" not in name else host
        if host and not is_host(host):
            raise ValueError(f"{plain(text)[:80]!r} is no host")
        if host:
            found.add(host)
    return Hosts(tuple(sorted(found)))


_READERS: Final[Mapping[str, Callable[[bytes], Captured]]] = {
    ".json": _json,
    ".toml": _toml,
    ".yaml": _yaml,
    ".yml": _yaml,
    ".lines": _as_lines,
    ".plist": _plist,
    ".mobileconfig": _plist,
    ".reg": _registry,
    ".env": _env,
    ".sh": _shell,
    ".ps1": _powershell,
    ".har": _har,
    ".csv": _table,
    ".txt": _lines,
    ".log": _lines,
}
_DELIVERED: Final = (".plist", ".mobileconfig", ".reg")
_CAPTURES: Final = (".har", ".csv", ".txt", ".log")
