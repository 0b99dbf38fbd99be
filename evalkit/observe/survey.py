"""First pass over an artefact: its members, what they are, and what it says of itself."""

from __future__ import annotations

import hashlib
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Final, TypeAlias

from evalkit.observe.elf import ElfPieces
from evalkit.observe.kinds import EXECUTABLE, MAY_BE_PACKED, FileKind, file_kind
from evalkit.observe.limits import LimitReachedError, Limits, Meter
from evalkit.observe.machines import HEAD, format_of, script_in
from evalkit.observe.members import shown_label
from evalkit.observe.opaque import OpaqueCounter
from evalkit.observe.regions import region_of
from evalkit.observe.release import MOST_METADATA, Package, is_metadata, package_of
from evalkit.observe.source_maps import SourceMap, source_map

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator

    from evalkit.model.observation import Region
    from evalkit.observe.listings import Digests, Listed
    from evalkit.observe.members import Member, OpenMember

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
    format : str
        Of a program for a machine, with the machine.
    is_opened, is_inner : bool
        Whether it is an archive whose members are listed too, or such a member.
    """

    label: str
    size: int
    kind: FileKind
    region: Region
    sha256: bytes
    opaque: int = 0
    bundle: tuple[int, int] | None = None
    format: str = ""
    is_opened: bool = False
    is_inner: bool = False


@dataclass(frozen=True, slots=True)
class Packed:
    """The file that was given, as it lies there; a folder has no digests."""

    name: str = ""
    digests: Digests = field(default_factory=dict)


@dataclass(slots=True)
class Survey:
    """What the first pass found, and what is said about it.

    Attributes
    ----------
    listed : tuple of Listed
        What registries and lock files say, of this release and of others.
    """

    package: Package = field(default_factory=lambda: Package("file"))
    files: list[Surveyed] = field(default_factory=list)
    documents: dict[str, bytes] = field(default_factory=dict)
    scripts: dict[str, bytes] = field(default_factory=dict)
    maps: list[SourceMap] = field(default_factory=list)
    skipped: list[str] = field(default_factory=list)
    limits_hit: list[str] = field(default_factory=list)
    names_leading_out: int = 0
    members: int = 0
    packed: Packed = field(default_factory=Packed)
    listed: tuple[Listed, ...] = ()

    @property
    def leaves(self) -> list[Surveyed]:
        """The members, with those of an archive that was opened instead of itself."""
        return [file for file in self.files if not file.is_opened]

    @property
    def contents(self) -> str:
        """Digest of all members, whatever their order and packing, and whether archives in it were opened."""
        digest = hashlib.sha256()
        own = [(file.label, file.size, file.sha256) for file in self.files if not file.is_inner]
        for label, size, sha256 in sorted(own):
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


@dataclass(slots=True)
class _Reading:
    """Takes the bytes of one member in order, and keeps what tells what it is."""

    label: str
    keep_bytes: int
    kind: FileKind | None = None
    size: int = 0
    digest: hashlib._Hash = field(default_factory=hashlib.sha256)
    kept: bytearray = field(default_factory=bytearray)
    head: bytearray = field(default_factory=bytearray)
    opaque: OpaqueCounter = field(default_factory=OpaqueCounter)
    elf: ElfPieces = field(default_factory=ElfPieces)

    def take(self, chunk: bytes) -> None:
        if self.kind is None:
            self.kind = file_kind(self.label, chunk[:4096])
        self.digest.update(chunk)
        self.size += len(chunk)
        if self.kind in MAY_BE_PACKED:
            self.opaque.take(chunk)
        if self.kind in EXECUTABLE and len(self.head) < HEAD:
            self.head += chunk[: HEAD - len(self.head)]
        if self.kind == "elf":
            self.elf.take(chunk)
        if self.is_kept:
            self.kept += chunk

    @property
    def is_kept(self) -> bool:
        """Whether it is short enough to be kept whole."""
        return self.size <= self.keep_bytes

    def bundle(self) -> tuple[int, int] | None:
        """Return where a script lies in a runtime, as far as bytes came."""
        named = self.elf.bundle() if self.kind == "elf" else script_in(self.kind or "text", bytes(self.head))
        if named is None or named[0] >= self.size:
            return None
        return named[0], min(named[1], self.size)


def _read(found: Survey, opened: OpenMember, limits: Limits) -> None:
    member = opened.member
    label = member.label
    read = _Reading(label, _kept(member, limits), "archive" if member.is_opened else None)
    for chunk in opened.chunks:
        read.take(chunk)
    kind = read.kind or "text"
    if kind == "archive" and not member.is_opened and len(found.skipped) < _MOST_SHOWN:
        found.skipped.append(f"{shown_label(label)}: it is an archive, which was not opened")
    is_map = label.endswith(".map")
    region = "map" if is_map and kind == "text" else region_of(label)
    if is_map and (parsed := source_map(label, bytes(read.kept)) if read.is_kept else None):
        found.maps.append(parsed)
    elif region == "map":
        region = "app"  # data that is only named like one
        if not read.is_kept:
            found.limits_hit.append("a source map that is too large")
    if read.keep_bytes and read.is_kept and not is_map:
        _keep(found, label, bytes(read.kept))
    # What an archive holds follows, and is counted by itself.
    opaque = 0 if member.is_opened else read.opaque.finish()
    found.files.append(
        Surveyed(
            label=label,
            size=read.size,
            kind=kind,
            region=region,
            sha256=read.digest.digest(),
            opaque=opaque,
            bundle=read.bundle(),
            format=format_of(kind, bytes(read.head)),
            is_opened=member.is_opened,
            is_inner=member.is_inner,
        )
    )


def _kept(member: Member, limits: Limits) -> int:
    label = member.label
    if label.endswith(".map"):
        return limits.document_bytes
    if member.is_inner or member.is_opened:
        return 0  # metadata and scripts of another package
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
