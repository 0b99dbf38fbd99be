"""Copy what the board's slides as a page need of reveal.js, unchanged, and say which version it is.

``python tools/board_reveal.py package`` takes the folder of an unpacked reveal.js package, in which it looks
for the files below, writes them to evalkit/reports/board/reveal/ and prints version and hashes; without an
argument it prints those of the files that are there. It fetches nothing.
"""

from __future__ import annotations

import hashlib
import json
import sys
from pathlib import Path

REVEAL = Path(__file__).resolve().parent.parent / "evalkit" / "reports" / "board" / "html_deck" / "reveal"
FILES = {"reveal.js": "dist/reveal.js", "reveal.css": "dist/reveal.css", "LICENSE": "LICENSE"}
"""Where each file stands in the package."""

VERSION = "VERSION"
_ENDS = (b"</script", b"<!--", b"</style", b"\r", b"\0")


def copy(package: Path) -> None:
    """Copy the files of an unpacked package, with its version beside them.

    Raises
    ------
    ValueError
        If a file holds what would end a script or a style in a page, or what a page reads otherwise.
    """
    read = {name: (package / place).read_bytes() for name, place in FILES.items()}
    for name, raw in read.items():
        found = [end for end in _ENDS if end in raw]
        if found:
            raise ValueError(f"{name} holds {found}, so that it cannot stand inside a page as it is")
    version = json.loads((package / "package.json").read_text(encoding="utf-8"))["version"]
    REVEAL.mkdir(exist_ok=True)
    for name, raw in read.items():
        (REVEAL / name).write_bytes(raw)
    (REVEAL / VERSION).write_text(f"{version}\n{hashes()}", encoding="ascii")


def hashes() -> str:
    """Return the SHA-256 of each file, one a line."""
    lines = (f"{hashlib.sha256((REVEAL / name).read_bytes()).hexdigest()}  {name}\n" for name in FILES)
    return "".join(lines)


if __name__ == "__main__":
    if len(sys.argv) > 1:
        copy(Path(sys.argv[1]))
    print((REVEAL / VERSION).read_text(encoding="ascii"), end="")
