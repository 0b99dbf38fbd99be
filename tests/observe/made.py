"""Artefacts made for tests: members in memory, and small archives that are made to do harm."""

from __future__ import annotations

import gzip
import io
import json
import random
import struct
import tarfile
import zipfile
from typing import TYPE_CHECKING, Any

from evalkit.observe.archives import open_members
from evalkit.observe.claims import Claim
from evalkit.observe.limits import Limits, Meter
from evalkit.observe.looking import Looked, Request, look
from evalkit.observe.members import Member, OpenMember
from evalkit.observe.survey import Packed, Readable

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping
    from pathlib import Path

PACKAGE = {"name": "@acme/agent", "version": "1.0.0", "bin": {"acme-agent": "cli.js"}}
ANCHOR = "acme-agent"

CLAIMS = (
    Claim(
        kind="literal",
        literal="ACME_NO_TELEMETRY",
        answers=("controls/acme.yaml AC-TEL-01",),
        questions=("NET-05",),
    ),
    Claim(kind="host", literal="api.acme.com", answers=("answers/acme.yaml NET-01",), questions=("NET-01",)),
    Claim(kind="path", literal="/etc/acme-agent", answers=("controls/acme.yaml files.policy",), questions=()),
)
ACME = Request(product="acme", claims=CLAIMS, domains=("acme.com",), declared=("api.acme.com",))
"""What is looked for in the artefacts of a vendor that does not exist."""


def readable(
    members: Mapping[str, str | bytes], shape: str = "tar", limits: Limits | None = None
) -> Readable:
    """Members in memory, in their order."""

    def opened(meter: Meter) -> Iterator[OpenMember]:
        for label, text in members.items():
            raw = text.encode("utf-8", "surrogatepass") if isinstance(text, str) else text
            meter.count_member()
            meter.count_bytes(len(raw))
            meter.names_leading_out += ".." in label.split("/")
            yield OpenMember(
                Member(label, len(raw)), iter([raw[at : at + 4096] for at in range(0, len(raw), 4096)])
            )

    return Readable(opened, shape, sum(len(text) for text in members.values()), limits or Limits())


def looked(
    members: Mapping[str, str | bytes],
    shape: str = "tar",
    request: Request = ACME,
    limits: Limits | None = None,
) -> Looked:
    """What is found in members."""
    return look(readable(members, shape, limits), request, Packed(digests={"sha256": "0" * 64}))


def program(text: str | bytes, **more: str | bytes) -> dict[str, str | bytes]:
    """A package whose program holds a text; it can be read, since it holds its own name."""
    raw = text.encode() if isinstance(text, str) else text
    return {
        "package/package.json": json.dumps(PACKAGE),
        "package/cli.js": b'#!/usr/bin/env node\nvar name = "acme-agent";\n' + raw + b"\n",
        **more,
    }


def found_by(rule_id: str, members: Mapping[str, str | bytes], **how: Any) -> list[str]:  # noqa: ANN401 - of looked
    """Values that a rule found in the program."""
    return [
        sighting.text or f"digest {sighting.sha256_12}"
        for sighting in looked(members, **how).sightings
        if sighting.key.partition(" ")[0] == rule_id and sighting.in_program
    ]


def tarball(path: Path, members: list[dict[str, Any]]) -> Path:
    """A tarball of members, each a mapping of the fields of its header and its ``data``.

    No byte of it tells the time: the same members make the same file.
    """
    with gzip.GzipFile(path, "wb", mtime=0) as packed, tarfile.open(fileobj=packed, mode="w") as archive:
        for fields in members:
            info = tarfile.TarInfo(fields["name"])
            data = fields.get("data", b"")
            info.size = len(data)
            for name, value in fields.items():
                if name not in ("name", "data"):
                    setattr(info, name, value)
            archive.addfile(info, io.BytesIO(data) if info.isreg() else None)
    return path


def npm(path: Path, members: Mapping[str, str | bytes]) -> Path:
    """An npm tarball."""
    return tarball(
        path,
        [
            {"name": name, "data": text.encode() if isinstance(text, str) else text}
            for name, text in members.items()
        ],
    )


def zipped(path: Path, members: Mapping[str, str | bytes]) -> Path:
    """A zip archive."""
    with zipfile.ZipFile(path, "w", zipfile.ZIP_DEFLATED) as archive:
        for name, text in members.items():
            archive.writestr(zipfile.ZipInfo(name), text)
    return path


def gzip_bomb(path: Path, size: int) -> Path:
    """A tarball with one member of zeros."""
    info = tarfile.TarInfo("package/zeros")
    info.size = size
    with gzip.GzipFile(path, "wb", 1, mtime=0) as file:
        file.write(info.tobuf())
        for _ in range(size >> 20):
            file.write(bytes(1 << 20))
        file.write(bytes(1024))
    return path


def pax_bomb(path: Path, size: int) -> Path:
    """A tarball whose pax header is huge: a parser would hold it in memory."""
    header = tarfile.TarInfo("pax")
    header.type = tarfile.XHDTYPE
    header.size = size
    with gzip.GzipFile(path, "wb", 1, mtime=0) as file:
        file.write(header.tobuf())
        for _ in range(size >> 20):
            file.write(b" " * (1 << 20))
        file.write(tarfile.TarInfo("x").tobuf())
        file.write(bytes(1024))
    return path


def sparse_bomb(path: Path) -> Path:
    """A tarball of a few bytes with a member of 1 TB that reads as zeros."""
    info = tarfile.TarInfo("package/sparse")
    info.type = tarfile.GNUTYPE_SPARSE
    raw = bytearray(info.tobuf(tarfile.GNU_FORMAT))
    raw[386:398] = b"00000000000\0"  # one part: at 0, of 0 bytes
    raw[398:410] = b"00000000000\0"
    raw[482] = 0
    raw[483:495] = (1 << 40).to_bytes(12, "big")
    raw[483] |= 0x80
    raw[148:156] = b"        "
    raw[148:156] = b"%06o\0 " % sum(raw[:512])
    with gzip.GzipFile(path, "wb", mtime=0) as file:
        file.write(bytes(raw) + bytes(1024))
    return path


def lying_zip(path: Path) -> Path:
    """A zip whose member declares 10 bytes and holds 5 MB."""
    zipped(path, {"a": bytes(5_000_000), "b": "acme"})
    raw = bytearray(path.read_bytes())
    struct.pack_into("<I", raw, raw.find(b"PK\x01\x02") + 24, 10)
    struct.pack_into("<I", raw, raw.find(b"PK\x03\x04") + 22, 10)
    path.write_bytes(raw)
    return path


def overlapping_zip(path: Path, times: int) -> Path:
    """A zip whose list of members names one member many times."""
    zipped(path, {"a": bytes(1_000_000)})
    raw = path.read_bytes()
    directory, end = raw.rfind(b"PK\x01\x02"), raw.rfind(b"PK\x05\x06")
    entry = raw[directory:end]
    tail = struct.pack("<4sHHHHIIH", b"PK\x05\x06", 0, 0, times, times, len(entry) * times, directory, 0)
    path.write_bytes(raw[:directory] + entry * times + tail)
    return path


def labels(path: Path, limits: Limits | None = None) -> list[tuple[str, str]]:
    """Labels of members and why they were refused, read to their ends."""
    limits = limits or Limits()
    found = []
    for opened in open_members(path, limits, Meter(limits, path.stat().st_size)):
        for _ in opened.chunks:
            pass
        found.append((opened.member.label, opened.member.refused))
    return found


def elf(*sections: tuple[str, bytes], names: bool = True) -> bytes:
    """A 64-bit ELF file with sections and nothing to run."""
    names_table = b"\0" + b"".join(name.encode() + b"\0" for name, _ in sections) + b".shstrtab\0"
    offset, body, headers = 64, b"", [bytes(64)]
    for name, content in sections:
        at = names_table.index(name.encode()) if names else 0
        headers.append(struct.pack("<IIQQQQIIQQ", at, 1, 0, 0, offset + len(body), len(content), 0, 0, 1, 0))
        body += content
    at = names_table.index(b".shstrtab")
    headers.append(struct.pack("<IIQQQQIIQQ", at, 3, 0, 0, offset + len(body), len(names_table), 0, 0, 1, 0))
    body += names_table
    head = b"\x7fELF\x02\x01\x01" + bytes(9)
    head += struct.pack(
        "<HHIQQQIHHHHHH", 2, 62, 1, 0, 0, 64 + len(body), 0, 64, 0, 0, 64, len(headers), len(headers) - 1
    )
    return head + body + b"".join(headers)


def macho(*sections: tuple[str, bytes]) -> bytes:
    """A 64-bit Mach-O file for arm64 with a segment for each section, named ``segment,section``."""
    commands, body = b"", b""
    start = 32 + 152 * len(sections)
    for name, content in sections:
        segment, _, section = name.partition(",")
        at = start + len(body)
        commands += struct.pack(
            "<II16sQQQQIIII", 0x19, 152, segment.encode(), 0, 0, at, len(content), 7, 7, 1, 0
        )
        commands += struct.pack(
            "<16s16sQQIIIIIIII", section.encode(), segment.encode(), 0, len(content), at, 0, 0, 0, 0, 0, 0, 0
        )
        body += content
    head = struct.pack("<IIIIIIII", 0xFEEDFACF, 0x0100000C, 0, 2, len(sections), len(commands), 0, 0)
    return head + commands + body


def portable(*sections: tuple[str, bytes]) -> bytes:
    """A PE file for x86-64 with sections, whose bytes in the file are rounded up."""
    table, body = b"", b""
    start = 64 + 24 + 40 * len(sections)
    for name, content in sections:
        padded = content + bytes(-len(content) % 512)
        fields = (name.encode(), len(content), 0, len(padded), start + len(body), 0, 0, 0, 0, 0)
        table += struct.pack("<8sIIIIIIHHI", *fields)
        body += padded
    header = b"PE\0\0" + struct.pack("<HHIIIHH", 0x8664, len(sections), 0, 0, 0, 0, 0)
    return b"MZ" + bytes(58) + struct.pack("<I", 64) + header + table + body


def noise(size: int) -> bytes:
    """Bytes that look packed, the same each time."""
    return random.Random(0).randbytes(size)  # noqa: S311 - no secret, a fixture
