"""What was deployed or captured, read for comparison: settings, environment files, lists of hosts."""

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
from evalkit.hardening.parameters import host_of, is_host
from evalkit.views.safe_text import plain

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Mapping
    from pathlib import Path

LARGEST: Final = 64 * 1024 * 1024
"""Bytes of one file; captures are large, settings never are."""
_HOST_COLUMNS: Final = ("host", "hostname", "server_name", "sni", "domain", "fqdn", "http.host", "tls.sni")
_SHELL: Final = re.compile(r"(?:export\s+)?([A-Za-z_][A-Za-z0-9_]*)=(.*)")
_UNSET: Final = re.compile(r"unset\s+([A-Za-z_][A-Za-z0-9_]*)")


@dataclass(frozen=True, slots=True)
class Settings:
    """A settings file as it was found."""

    content: Any


@dataclass(frozen=True, slots=True)
class Environment:
    """Variables as they were found; None for one that the file unsets."""

    variables: Mapping[str, str | None]


@dataclass(frozen=True, slots=True)
class Hosts:
    """Hosts that were contacted, each once, sorted."""

    hosts: tuple[str, ...]


Captured = Settings | Environment | Hosts


def captured(path: Path) -> Captured:
    """Return what a file says, by its ending.

    Settings are .json, .toml, .yaml, .yml, .plist and .mobileconfig; environment files .env and .sh; host
    lists .har, .csv, .txt and .log.

    Raises
    ------
    EvalkitError
        If the file cannot be read, is larger than 64 MiB, or is not what its ending says.
    """
    read = _READERS.get(path.suffix.casefold())
    if read is None:
        raise EvalkitError(f"{path}: ending {path.suffix or 'none'!r}; allowed are {', '.join(_READERS)}")
    raw = _bytes(path)
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
        raise EvalkitError(
            f"{path}: cannot be read as {path.suffix[1:]}: {plain(str(error))[:200]}"
        ) from error
    except InvalidInputError as error:
        raise EvalkitError(f"{path}: cannot be read as YAML: {plain(str(error))[:200]}") from error


def _bytes(path: Path) -> bytes:
    try:
        if not path.is_file():
            raise EvalkitError(f"{path}: there is no such file")
        with path.open("rb") as file:
            raw = file.read(LARGEST + 1)
    except OSError as error:
        raise EvalkitError(f"{path}: cannot be read: {error.strerror or error}") from error
    if len(raw) > LARGEST:
        raise EvalkitError(f"{path}: is larger than {LARGEST // 1024 // 1024} MiB")
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


def _plist(raw: bytes) -> Captured:
    data = plistlib.loads(raw)
    if isinstance(data, dict) and isinstance(data.get("PayloadContent"), list):
        (payload,) = data["PayloadContent"]
        data = {key: value for key, value in payload.items() if not key.startswith("Payload")}
    return Settings(data)


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
    ".plist": _plist,
    ".mobileconfig": _plist,
    ".env": _env,
    ".sh": _shell,
    ".har": _har,
    ".csv": _table,
    ".txt": _lines,
    ".log": _lines,
}
