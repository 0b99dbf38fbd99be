"""What sort of file a member is, by its first bytes; its name only helps where they say nothing."""

from __future__ import annotations

from pathlib import PurePosixPath
from typing import Final, Literal

FileKind = Literal["elf", "macho", "pe", "wasm", "archive", "media", "text", "data"]

EXECUTABLE: Final[frozenset[FileKind]] = frozenset({"elf", "macho", "pe", "wasm"})
"""Programs for a machine."""

MAY_BE_PACKED: Final[frozenset[FileKind]] = EXECUTABLE | {"data", "archive"}
"""Files in which high entropy means that something cannot be seen."""

_MAGIC: Final[tuple[tuple[bytes, FileKind], ...]] = (
    (b"\x7fELF", "elf"),
    (b"\xcf\xfa\xed\xfe", "macho"),
    (b"\xce\xfa\xed\xfe", "macho"),
    (b"\xca\xfe\xba\xbe", "macho"),
    (b"MZ", "pe"),
    (b"\0asm", "wasm"),
    (b"PK\x03\x04", "archive"),
    (b"\x1f\x8b", "archive"),
    (b"BZh", "archive"),
    (b"\xfd7zXZ", "archive"),
    (b"\x28\xb5\x2f\xfd", "archive"),
    (b"7z\xbc\xaf", "archive"),
    (b"\x89PNG", "media"),
    (b"\xff\xd8\xff", "media"),
    (b"GIF8", "media"),
    (b"RIFF", "media"),
    (b"OggS", "media"),
    (b"ID3", "media"),
    (b"fLaC", "media"),
    (b"wOFF", "media"),
    (b"wOF2", "media"),
    (b"OTTO", "media"),
    (b"%PDF", "media"),
    (b"\0\x01\0\0\0", "media"),
    (b"\0\0\x01\0", "media"),
    (b"\0\0\0\x1cftyp", "media"),
    (b"\0\0\0\x20ftyp", "media"),
    (b"icns", "media"),
)
_MEDIA_ENDINGS: Final = frozenset(
    {".png", ".jpg", ".jpeg", ".gif", ".webp", ".ico", ".icns", ".mp3", ".mp4", ".wav", ".ogg", ".woff"}
    | {".woff2", ".ttf", ".otf", ".eot", ".pdf"}
)
_TEXT_ENDINGS: Final = frozenset(
    {".js", ".cjs", ".mjs", ".ts", ".cts", ".mts", ".tsx", ".jsx", ".py", ".json", ".map", ".md", ".txt"}
    | {".html", ".css", ".svg", ".yaml", ".yml", ".toml", ".sh", ".ps1", ".xml", ".scm", ".rs", ".go"}
)


def file_kind(label: str, head: bytes) -> FileKind:
    r"""Return the kind of a member from its name and its first bytes.

    >>> file_kind("a/tool", b"\x7fELF\x02"), file_kind("a.js", b"var a"), file_kind("x", b"\0\1\2")
    ('elf', 'text', 'data')
    """
    for magic, kind in _MAGIC:
        if head.startswith(magic) and not (kind == "pe" and b"\0" not in head):
            return kind
    ending = PurePosixPath(label).suffix.lower()
    if ending in _MEDIA_ENDINGS:
        return "media"
    if ending in _TEXT_ENDINGS or b"\0" not in head[:4096]:
        return "text"
    return "data"
