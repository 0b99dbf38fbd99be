"""What the first bytes of a program for a machine say: which machine, and where a script in it lies.

Programs for macOS and Windows name their sections at their beginning; one for Linux does at its end, so that
:mod:`evalkit.observe.elf` has to keep more of it.
"""

from __future__ import annotations

import struct
from typing import TYPE_CHECKING, Final

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator, Mapping

    from evalkit.observe.kinds import FileKind

HEAD: Final = 1 << 16
"""Bytes from the start that are asked for."""

_FORMATS: Final[Mapping[FileKind, str]] = {"elf": "ELF", "macho": "Mach-O", "pe": "PE", "wasm": "WebAssembly"}
_ELF: Final = {3: "x86", 40: "arm", 62: "x86-64", 183: "arm64", 243: "riscv"}
_MACHO: Final = {7: "x86", 12: "arm", 0x0100_0007: "x86-64", 0x0100_000C: "arm64"}
_PE: Final = {0x14C: "x86", 0x1C4: "arm", 0x8664: "x86-64", 0xAA64: "arm64"}
_BIG_ENDIAN: Final = 2
_SEVERAL: Final = b"\xca\xfe\xba\xbe"
_MACHO_64: Final = b"\xcf\xfa\xed\xfe"
_SEGMENT: Final = 0x19
_MOST_COMMANDS: Final = 500
_MOST_SECTIONS: Final = 500
_SCRIPTS: Final = frozenset({"__BUN,__bun", "NODE_SEA,__NODE_SEA_BLOB", ".bun"})
"""Sections in which Bun and Node hold the script of whoever made the program."""


def format_of(kind: FileKind, head: bytes) -> str:
    r"""Return the format of a program and the machine that it is for.

    >>> format_of("pe", b"MZ" + bytes(58) + bytes([64, 0, 0, 0]) + b"PE\0\0" + bytes([0x64, 0x86]))
    'PE x86-64'
    """
    name = _FORMATS.get(kind, "")
    try:
        machine = _MACHINES[kind](head) if kind in _MACHINES else ""
    except struct.error:
        machine = ""
    return f"{name} {machine}".strip()


def script_in(kind: FileKind, head: bytes) -> tuple[int, int] | None:
    """Return start and end of the script that a runtime for macOS or Windows holds; None if none is named."""
    if kind not in _SECTIONS:
        return None
    try:
        for name, start, size in _SECTIONS[kind](head):
            if name in _SCRIPTS and size:
                return start, start + size
    except struct.error:
        pass  # the table is longer than what was kept, or made up
    return None


def _elf_machine(head: bytes) -> str:
    order = ">" if head[5:6] == bytes([_BIG_ENDIAN]) else "<"
    return _ELF.get(struct.unpack_from(f"{order}H", head, 18)[0], "")


def _macho_machine(head: bytes) -> str:
    if head.startswith(_SEVERAL):
        return "for several machines"
    return _MACHO.get(struct.unpack_from("<I", head, 4)[0], "")


def _pe_machine(head: bytes) -> str:
    return _PE.get(struct.unpack_from("<H", head, _pe_header(head) + 4)[0], "")


def _pe_header(head: bytes) -> int:
    (at,) = struct.unpack_from("<I", head, 60)
    if head[at : at + 4] != b"PE\0\0":
        raise struct.error("no header")
    return int(at)


def _macho_sections(head: bytes) -> Iterator[tuple[str, int, int]]:
    if not head.startswith(_MACHO_64):
        return
    (commands,) = struct.unpack_from("<I", head, 16)
    at = 32
    for _ in range(min(commands, _MOST_COMMANDS)):
        command, size = struct.unpack_from("<II", head, at)
        if command == _SEGMENT:
            (sections,) = struct.unpack_from("<I", head, at + 64)
            for number in range(min(sections, _MOST_SECTIONS)):
                here = at + 72 + 80 * number
                name, segment, _, length, offset = struct.unpack_from("<16s16sQQI", head, here)
                yield f"{_name(segment)},{_name(name)}", offset, length
        at += max(size, 8)


def _pe_sections(head: bytes) -> Iterator[tuple[str, int, int]]:
    at = _pe_header(head)
    (sections,) = struct.unpack_from("<H", head, at + 6)
    (optional,) = struct.unpack_from("<H", head, at + 20)
    for number in range(min(sections, _MOST_SECTIONS)):
        name, used, _, length, offset = struct.unpack_from("<8sIIII", head, at + 24 + optional + 40 * number)
        yield _name(name), offset, min(used, length) or length


def _name(raw: bytes) -> str:
    return raw.rstrip(b"\0").decode("latin-1")


_MACHINES: Final[Mapping[FileKind, Callable[[bytes], str]]] = {
    "elf": _elf_machine,
    "macho": _macho_machine,
    "pe": _pe_machine,
}
_SECTIONS: Final[Mapping[FileKind, Callable[[bytes], Iterator[tuple[str, int, int]]]]] = {
    "macho": _macho_sections,
    "pe": _pe_sections,
}
