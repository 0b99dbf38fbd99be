"""Inspects a synthetic release of 200 MB: a runtime with a script in it, packed as an npm tarball.

Usage: python benchmarks/inspecting.py [FILE…]; files of real releases are inspected as well. Exit code 1 if
the synthetic one takes more than 10 s, or more than 400 MB.
"""

from __future__ import annotations

import io
import json
import random
import resource
import struct
import subprocess
import sys
import tarfile
import tempfile
import time
from pathlib import Path
from typing import Final

from evalkit.observe.claims import Claim
from evalkit.observe.limits import Limits
from evalkit.observe.looking import Request
from evalkit.observe.looking_apart import NotLooked, look_apart

MOST_SECONDS: Final = 10
MOST_MEGABYTES: Final = 400
_SCRIPT: Final = 120_000_000
_RUNTIME: Final = 80_000_000
_LITERALS: Final = 150
_KILOBYTES: Final = 1000


def main() -> None:
    """Print seconds and peak memory for each, and hold the synthetic one to its limits."""
    match sys.argv[1:]:
        case ["--make", path]:
            synthetic(Path(path))
        case ["--measure", path]:
            sys.exit(0 if is_within_limits(Path(path)) else 1)
        case files:
            with tempfile.TemporaryDirectory() as folder:
                path = str(Path(folder) / "synthetic.tgz")
                apart("--make", path)
                is_fine = apart("--measure", path)
            for file in files:
                apart("--measure", file)
            sys.exit(0 if is_fine else f"more than {MOST_SECONDS} s, or more than {MOST_MEGABYTES} MB")


def apart(*arguments: str) -> bool:
    """Call this script anew: a process counts the memory of all that it ever started."""
    return subprocess.run([sys.executable, __file__, *arguments], check=False).returncode == 0


def is_within_limits(path: Path) -> bool:
    """Inspect one file, print seconds and peak memory, and return whether both are within the limits."""
    claims = tuple(
        Claim(kind="literal", literal=f"ACME_DISABLE_FEATURE_{number}", answers=("a",), questions=())
        for number in range(_LITERALS)
    )
    start = time.perf_counter()
    found = look_apart(path, Request(product="acme", claims=claims, domains=("acme.com",)), Limits())
    seconds = time.perf_counter() - start
    used = resource.getrusage(resource.RUSAGE_CHILDREN)
    peak, processor = used.ru_maxrss / _KILOBYTES, used.ru_utime + used.ru_stime
    if isinstance(found, NotLooked):
        sys.exit(f"{path.name}: {found.reason}")
    coverage = found.coverage
    print(
        f"{path.name}: {coverage.bytes_total / 1e6:.0f} MB, {coverage.bytes_scanned / 1e6:.0f} searched,"
        f" {len(found.sightings)} values, {seconds:.1f} s ({processor:.1f} s of processor time),"
        f" peak {peak:.0f} MB"
    )
    return seconds <= MOST_SECONDS and peak <= MOST_MEGABYTES


def synthetic(path: Path) -> None:
    """Write a release whose script is as varied as one that was minified: words, hosts, settings."""
    dice = random.Random(0)  # noqa: S311 - no secret, a fixture
    words = [f"{dice.choice('abcdefgh')}{number:x}Setting" for number in range(5000)]
    pieces = []
    for number in range(20_000):
        names = " ".join(dice.choices(words, k=20))
        pieces.append(f"function {names.replace(' ', ',')}{{return this.{names.partition(' ')[0]}}};")
        if number % 25 == 0:
            pieces.append(f'fetch("https://h{number % 900}.acme.com/v1");')
        if number % 50 == 0:
            pieces.append(f"if(env.ACME_DISABLE_FEATURE_{number % 400})return;")
    block = "".join(pieces).encode()
    script = (b'var name="acme";' + block * (_SCRIPT // len(block) + 1))[:_SCRIPT] + b"\n---- Bun! ----\n"
    with tarfile.open(path, "w:gz", compresslevel=1) as archive:
        package = json.dumps({"name": "acme", "version": "1.0.0", "bin": {"acme": "acme"}}).encode()
        for name, content in (("package/package.json", package), ("package/acme", program(script))):
            info = tarfile.TarInfo(name)
            info.size = len(content)
            archive.addfile(info, io.BytesIO(content))


def program(script: bytes) -> bytes:
    """Return an ELF file with a runtime of half-random bytes and a section ``.bun``."""
    dice = random.Random(1)  # noqa: S311 - no secret, a fixture
    runtime = (dice.randbytes(1 << 19) + bytes(1 << 19)) * (_RUNTIME >> 20)
    names = b"\0.text\0.bun\0.shstrtab\0"
    offset, headers = 64, [bytes(64)]
    for name, kind, content in ((1, 1, runtime), (7, 1, script), (12, 3, names)):
        headers.append(struct.pack("<IIQQQQIIQQ", name, kind, 0, 0, offset, len(content), 0, 0, 1, 0))
        offset += len(content)
    head = b"\x7fELF\x02\x01\x01" + bytes(9)
    head += struct.pack(
        "<HHIQQQIHHHHHH", 2, 62, 1, 0, 0, offset, 0, 64, 0, 0, 64, len(headers), len(headers) - 1
    )
    return b"".join((head, runtime, script, names, *headers))


if __name__ == "__main__":
    main()
