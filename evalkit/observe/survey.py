"""First pass over an artefact: its members, what they are, and what it says of itself."""

from __future__ import annotations

import hashlib
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Final, TypeAlias

from evalkit.observe.elf import ElfPieces
from evalkit.observe.kinds import EXECUTABLE, MAY_BE_PACKED, FileKind, file_kind
from evalkit.observe.limits import LimitReachedError, Limits, Meter
from evalkit.observe.members import shown_label
from evalkit.observe.opaque import OpaqueCounter
from evalkit.observe.regions import region_of
from evalkit.observe.release import MOST_METADATA, Package, is_metadata, package_of
from evalkit.observe.source_maps import SourceMap, source_map

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator

    from evalkit.model.observation import Region
    from evalkit.observe.members import OpenMember

Source: TypeAlias = "Callable[[Meter], Iterator[OpenMember]]"
"""Opens the artefact anew and yields its members."""


@dataclass(frozen=True, slots=True)
class Readable:
    """Something that can be read as often as is needed.

    Attributes
    ----------
    shape : str
        ``tar``, ``zip``, ``folder`` or ``file``.
    packed_bytes : int
        Its size as it lies there, which what is unpacked is compared with.
    """

    members: Source
    shape: str
    packed_bytes: int
    limits: Limits

    def meter(self) -> Meter:
        """Return a meter for reading it once."""
        return Meter(self.limits, self.packed_bytes)


_MOST_SHOWN: Final = 50
_MOST_SCRIPTS: Final = 100
_LONGEST_SCRIPT: Final = 1 << 20
_SCRIPT_ENDINGS: Final = (".js", ".cjs", ".mjs", ".sh", ".py", ".pth")
_DEEPEST_SCRIPT: Final = 2


@dataclass(frozen=True, slots=True)
class Surveyed:
    """One member that was read.

    Attributes
    ----------
    size : int
        Bytes that came, whatever was declared.
    bundle : tuple of int or None
        Where in a program the vendor's script stands; all else in it is a runtime.
    """

    label: str
    size: int
    kind: FileKind
    region: Region
    sha256: bytes
    opaque: int = 0
    bundle: tuple[int, int] | None = None


@dataclass(slots=True)
class Survey:
    """What the first pass found."""

    package: Package = field(default_factory=lambda: Package("file"))
    files: list[Surveyed] = field(default_factory=list)
    documents: dict[str, bytes] = field(default_factory=dict)
    scripts: dict[str, bytes] = field(default_factory=dict)
    maps: list[SourceMap] = field(default_factory=list)
    skipped: list[str] = field(default_factory=list)
    limits_hit: list[str] = field(default_factory=list)
    names_leading_out: int = 0
    members: int = 0

    @property
    def contents(self) -> str:
        """Digest of all members, whatever their order and packing."""
        digest = hashlib.sha256()
        for label, size, sha256 in sorted((file.label, file.size, file.sha256) for file in self.files):
            digest.update(f"{len(label)}:{label}:{size}:".encode("utf-8", "surrogatepass"))
            digest.update(sha256)
        return digest.hexdigest()


def survey(artefact: Readable) -> Survey:
    """Return what an artefact consists of; a limit that ends the reading early is in it."""
    found = Survey()
    meter = artefact.meter()
    try:
        for opened in artefact.members(meter):
            if opened.member.refused:
                _skip(found, opened)
            else:
                _read(found, opened, artefact.limits)
    except LimitReachedError as reached:
        found.limits_hit.append(str(reached))
    found.limits_hit += sorted(set(meter.notes))[:_MOST_SHOWN]
    found.names_leading_out = meter.names_leading_out
    found.members = meter.members
    found.package = package_of(found.documents, (file.label for file in found.files), artefact.shape)
    return found


def _skip(found: Survey, opened: OpenMember) -> None:
    member = opened.member
    if len(found.skipped) < _MOST_SHOWN:
        found.skipped.append(f"{shown_label(member.label)}: {member.refused}")
    if member.is_harmful and member.refused not in found.limits_hit:
        found.limits_hit.append(member.refused)


def _read(found: Survey, opened: OpenMember, limits: Limits) -> None:
    label = opened.member.label
    digest = hashlib.sha256()
    keep_bytes = _kept(label, limits)
    kept, size = bytearray(), 0
    kind: FileKind | None = None
    opaque, pieces = OpaqueCounter(), ElfPieces()
    for chunk in opened.chunks:
        if kind is None:
            kind = file_kind(label, chunk[:4096])
        digest.update(chunk)
        size += len(chunk)
        if kind in MAY_BE_PACKED:
            opaque.take(chunk)
        if kind == "elf":
            pieces.take(chunk)
        if size <= keep_bytes:
            kept += chunk
    kind = kind or "text"
    bundle = pieces.bundle() if kind == "elf" else None
    region = "map" if label.endswith(".map") and kind == "text" else region_of(label)
    if label.endswith(".map") and (parsed := source_map(label, bytes(kept)) if size <= keep_bytes else None):
        found.maps.append(parsed)
    elif region == "map":
        region = "app"  # data that is only named like one
        if size > keep_bytes:
            found.limits_hit.append("a source map that is too large")
    if size <= keep_bytes and not label.endswith(".map"):
        _keep(found, label, bytes(kept))
    found.files.append(Surveyed(label, size, kind, region, digest.digest(), opaque.finish(), bundle))


def _kept(label: str, limits: Limits) -> int:
    if label.endswith(".map"):
        return limits.document_bytes
    if is_metadata(label):
        return MOST_METADATA
    is_script = label.endswith(_SCRIPT_ENDINGS) and label.count("/") <= _DEEPEST_SCRIPT
    return _LONGEST_SCRIPT if is_script else 0


def _keep(found: Survey, label: str, raw: bytes) -> None:
    if is_metadata(label):
        found.documents[label] = raw
    elif label.endswith(_SCRIPT_ENDINGS) and len(found.scripts) < _MOST_SCRIPTS:
        found.scripts[label] = raw


def executables(found: Survey) -> list[Surveyed]:
    """Return the programs for a machine among the members."""
    return [file for file in found.files if file.kind in EXECUTABLE]
