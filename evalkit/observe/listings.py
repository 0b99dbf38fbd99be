"""What a registry or a lock file says of released files: their digests, and whether they are signed.

Read from files that somebody exported, never fetched. A mirror may leave any field out, so that what is
missing is not known, and never called unsigned.
"""

from __future__ import annotations

import base64
import binascii
import json
import re
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Any, Final, Literal

from pydantic import Field, TypeAdapter, ValidationError

from evalkit.errors import EvalkitError
from evalkit.model.values import Value
from evalkit.observe.isolation import NoAnswerError, answer_of
from evalkit.observe.limits import MEBIBYTE, Bounds

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator, Mapping

Digests = dict[Literal["sha256", "sha512"], Annotated[str, Field(pattern=r"^([0-9a-f]{64}|[0-9a-f]{128})$")]]

MOST_BYTES: Final = 64 * MEBIBYTE
MOST_FILES: Final = 20_000
_INSTALLED: Final = re.compile(r"(?:^|.*/)node_modules/((?:@[^/]+/)?[^/]+)$")
_HEX: Final = re.compile(r"[0-9a-f]{64}|[0-9a-f]{128}")
_READ: Final = (
    "the JSON of npm view or of a registry (npm, PyPI), a package-lock.json, or a report of pip install"
)


class Listed(Value):
    """One released file as a list has it.

    Attributes
    ----------
    file : str
        Its name; ``""`` where the list has none.
    claims : tuple of str
        What the list says of signatures; nothing where it has no such field.
    """

    name: str
    version: str
    file: str = ""
    digests: Digests = Field(default_factory=dict)
    claims: tuple[str, ...] = ()


_ALL: Final = TypeAdapter(tuple[Listed, ...])


def read_listing(path: Path) -> tuple[Listed, ...]:
    """Return what a list says, as a child process reads it.

    Raises
    ------
    EvalkitError
        If it is none of the lists that are read.
    """
    try:
        found = _ALL.validate_json(answer_of("listing", {"path": str(path.absolute())}, Bounds()))
    except NoAnswerError as none:
        raise EvalkitError(f"{path}: {none}") from none
    except ValidationError:
        raise EvalkitError(f"{path}: reading it ended without an answer") from None
    if not found:
        raise EvalkitError(f"{path}: lists no released file with a digest; {_READ} is read")
    return found


def do(asked: Mapping[str, str]) -> str:
    """Return, in the child, what the list that is asked about says."""
    path = Path(asked["path"])
    try:
        with path.open("rb") as file:
            raw = file.read(MOST_BYTES + 1)
    except OSError as error:
        raise EvalkitError(f"it cannot be read: {error.strerror or error}") from error
    if len(raw) > MOST_BYTES:
        raise EvalkitError(f"it has more than {MOST_BYTES // MEBIBYTE} MiB")
    return _ALL.dump_json(listings_in(raw)).decode()


def listings_in(raw: bytes) -> tuple[Listed, ...]:
    """Return the released files that a list names, those without a usable digest left out.

    Raises
    ------
    EvalkitError
        If it is no JSON, or nothing that is read.
    """
    try:
        data = json.loads(raw)
    except (ValueError, RecursionError):
        raise EvalkitError(f"it is no JSON; {_READ} is read") from None
    documents = data if isinstance(data, list) else [data]
    found: list[Listed] = []
    for document in documents:
        if isinstance(document, dict):
            for reader in _READERS:
                found += (each for each in reader(document) if each.digests)
    return tuple(found[:MOST_FILES])


def _of_npm(data: dict[str, Any]) -> Iterator[Listed]:
    """Yield what ``npm view --json`` says of one version, or a registry of all."""
    versions = data.get("versions")
    several = versions.values() if isinstance(versions, dict) else ()
    for one in (data, *several):
        if isinstance(one, dict) and isinstance(dist := one.get("dist"), dict):
            yield _listed(one, _of_integrity(dist.get("integrity")), claims=tuple(_npm_claims(dist)))


def _npm_claims(dist: dict[str, Any]) -> Iterator[str]:
    signatures = dist.get("signatures")
    if isinstance(signatures, list) and signatures:
        yield "a signature of the registry" if len(signatures) == 1 else f"{len(signatures)} signatures"
    if isinstance(dist.get("attestations"), dict):
        yield "an attestation of where it was built"


def _of_package_lock(data: dict[str, Any]) -> Iterator[Listed]:
    packages = data.get("packages")
    for place, one in packages.items() if isinstance(packages, dict) else ():
        installed = _INSTALLED.fullmatch(place)
        if isinstance(one, dict) and installed:
            yield _listed({"name": installed[1], **one}, _of_integrity(one.get("integrity")))


def _of_pypi(data: dict[str, Any]) -> Iterator[Listed]:
    """Yield what PyPI's JSON says of the files of one version, or its simple index of all."""
    info = data.get("info")
    urls = data.get("urls")
    for one in urls if isinstance(urls, list) else ():
        if isinstance(one, dict) and isinstance(info, dict):
            yield _listed(info, _of_hexadecimal(one.get("digests")), file=one.get("filename"))
    files = data.get("files")
    for one in files if isinstance(files, list) else ():
        if isinstance(one, dict):
            said = {"name": data.get("name"), "version": ""}
            claims = ("an attestation of where it was built",) if one.get("provenance") else ()
            yield _listed(said, _of_hexadecimal(one.get("hashes")), file=one.get("filename"), claims=claims)


def _of_pip_report(data: dict[str, Any]) -> Iterator[Listed]:
    installed = data.get("install")
    for one in installed if isinstance(installed, list) else ():
        if isinstance(one, dict) and isinstance(told := one.get("download_info"), dict):
            archive = told.get("archive_info")
            hashes = archive.get("hashes") if isinstance(archive, dict) else None
            said = one.get("metadata")
            file = _text(told.get("url")).partition("#")[0].partition("?")[0].rpartition("/")[2]
            yield _listed(said if isinstance(said, dict) else {}, _of_hexadecimal(hashes), file=file)


_READERS: Final[tuple[Callable[[dict[str, Any]], Iterator[Listed]], ...]] = (
    _of_npm,
    _of_package_lock,
    _of_pypi,
    _of_pip_report,
)


def _listed(
    said: dict[str, Any],
    digests: Digests,
    *,
    file: Any = "",  # noqa: ANN401 - any JSON value
    claims: tuple[str, ...] = (),
) -> Listed:
    name, version = _text(said.get("name")), _text(said.get("version"))
    return Listed(name=name, version=version, file=_text(file), digests=digests, claims=claims)


def _of_integrity(text: Any) -> Digests:  # noqa: ANN401 - any JSON value
    """Return the digests of an integrity field, as browsers and npm write it."""
    found: Digests = {}
    for word in _text(text, 2000).split():
        kind, _, rest = word.partition("-")
        if kind in ("sha256", "sha512"):
            try:
                value = base64.b64decode(rest.partition("?")[0], validate=True).hex()
            except binascii.Error:
                continue
            if _HEX.fullmatch(value):
                found["sha256" if kind == "sha256" else "sha512"] = value
    return found


def _of_hexadecimal(hashes: Any) -> Digests:  # noqa: ANN401 - any JSON value
    found: Digests = {}
    for kind in ("sha256", "sha512"):
        value = _text(hashes.get(kind)) if isinstance(hashes, dict) else ""
        if _HEX.fullmatch(value):
            found["sha256" if kind == "sha256" else "sha512"] = value
    return found


def _text(value: Any, most: int = 200) -> str:  # noqa: ANN401 - any JSON value
    return value if isinstance(value, str) and len(value) <= most and value.isprintable() else ""
