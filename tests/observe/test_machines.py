"""What the first bytes of programs say, also where they are made to mislead."""

from __future__ import annotations

import struct

import pytest
from hypothesis import given
from hypothesis import strategies as st

from evalkit.observe.kinds import EXECUTABLE, FileKind
from evalkit.observe.machines import format_of, script_in
from tests.observe.made import elf, found_by, looked, macho, portable, program

SCRIPT = b'var name="acme-agent"'


@pytest.mark.parametrize(
    ("kind", "head", "words"),
    [
        ("elf", elf((".text", b"x")), "ELF x86-64"),
        ("macho", macho(("__TEXT,__text", b"x")), "Mach-O arm64"),
        ("pe", portable((".text", b"x")), "PE x86-64"),
        ("wasm", b"\0asm\1\0\0\0", "WebAssembly"),
        ("macho", b"\xca\xfe\xba\xbe\0\0\0\2", "Mach-O for several machines"),
        ("elf", b"\x7fELF\x02\x02" + bytes(12) + struct.pack(">H", 183), "ELF arm64"),
        ("elf", b"\x7fELF", "ELF"),
        ("pe", b"MZ" + bytes(100), "PE"),
        ("text", b"#!/bin/sh", ""),
    ],
)
def test_format_and_machine_are_told(kind: FileKind, head: bytes, words: str) -> None:
    assert format_of(kind, head) == words


def test_a_release_tells_which_programs_it_holds() -> None:
    members = program(
        "",
        **{
            "package/bin/agent": macho(("__BUN,__bun", SCRIPT + b"\n---- Bun! ----\n")),
            "package/bin/tool.exe": portable((".text", b"x")),
            "package/node_modules/x/y.node": elf((".text", b"x")),
        },
    )
    assert found_by("PKG-NATIVE", members) == [
        "tool.exe (PE x86-64)",
        "agent (Mach-O arm64, a runtime with a script in it)",
        "other people's (1)",
    ]


@pytest.mark.parametrize(
    ("kind", "raw"),
    [("macho", macho(("__TEXT,__text", SCRIPT))), ("pe", portable((".text", SCRIPT)))],
    ids=["macho", "pe"],
)
def test_a_table_that_names_no_script_leaves_the_program_whole(kind: FileKind, raw: bytes) -> None:
    assert script_in(kind, raw) is None
    assert looked({"package/agent": raw}).coverage.regions == {"app": len(raw)}


def test_a_script_that_is_said_to_lie_beyond_the_end_is_none() -> None:
    raw = bytearray(macho(("__BUN,__bun", SCRIPT)))
    struct.pack_into("<I", raw, 32 + 72 + 48, 1 << 30)
    assert looked({"package/agent": bytes(raw)}).coverage.regions == {"app": len(raw)}


@given(kind=st.sampled_from(sorted(EXECUTABLE)), head=st.binary(max_size=300), start=st.integers(0, 200))
def test_any_bytes_have_a_format_and_no_script_or_one(kind: FileKind, head: bytes, start: int) -> None:
    for raw in (
        head,
        macho(("__BUN,__bun", SCRIPT))[:start] + head,
        portable((".bun", SCRIPT))[:start] + head,
    ):
        assert len(format_of(kind, raw)) < 40
        found = script_in(kind, raw)
        assert found is None or found[0] < found[1]
