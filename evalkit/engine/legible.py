"""Text of a run made fit for a reader: no escape codes, no invisible characters, no trace of the machine."""

from __future__ import annotations

import os
import re
import sys
import sysconfig
import tempfile
from functools import cache
from pathlib import Path
from typing import Final

_ANSI: Final = re.compile(r"\x1b(?:\[[0-?]*[ -/]*[@-~]|\][^\x07\x1b]*(?:\x07|\x1b\\)|[@-Z\\^_])")
_CONTROL: Final = re.compile(r"[\x00-\x08\x0b-\x1f\x7f-\x9f]")
_BIDI: Final = re.compile("[\u061c\u200e\u200f\u202a-\u202e\u2066-\u2069]")
_ADDRESS: Final = re.compile(r"\b0x[0-9a-fA-F]{6,16}\b")
# From the start of a word only: tried at each place of a long one it would take a time that is quadratic.
_CELL_FILE: Final = re.compile(r"(?<![^\s'\"])[^\s'\"]*ipykernel_\d+[/\\](\d+)\.py")


def legible(text: str) -> str:
    r"""Return text that shows what it holds: controls are gone, direction overrides appear as ``[U+202E]``.

    Examples
    --------
    >>> legible("\x1b[31mred\x1b[0m \u202egnp.exe")
    'red [U+202E]gnp.exe'
    """
    plain = _CONTROL.sub("", _ANSI.sub("", text).replace("\r\n", "\n"))
    return _BIDI.sub(lambda match: f"[U+{ord(match.group()):04X}]", plain)


def first_line(text: str, *, limit: int = 300) -> str:
    """Return the first line that says something, legible, cut to ``limit`` characters."""
    line = next((line.strip() for line in legible(text).splitlines() if line.strip()), "")
    return line if len(line) <= limit else line[: limit - 1] + "…"


def without_addresses(text: str) -> str:
    """Replace memory addresses, which differ from run to run."""
    return _ADDRESS.sub("0x…", text)


def without_machine(text: str, cwd: Path) -> str:
    """Replace memory addresses, process ids and this machine's folders by names that hold everywhere."""
    text = _CELL_FILE.sub("<cell>", without_addresses(text))
    for folder, name in ((str(cwd), "."), *_folders()):
        text = text.replace(folder, name)
    return text


@cache
def _folders() -> tuple[tuple[str, str], ...]:
    """Return folders of this machine with their names, the longest first."""
    paths = sysconfig.get_paths()
    named = {
        paths["purelib"]: "<packages>",
        paths["platlib"]: "<packages>",
        paths["stdlib"]: "<python>",
        str(Path(__file__).parents[2]): "<evalkit>",
        sys.prefix: "<environment>",
        tempfile.gettempdir(): "<temporary>",
        str(Path.home()): "~",
    }
    found = [(path, name) for path, name in named.items() if len(path) > len(os.sep)]
    return tuple(sorted(found, key=lambda item: -len(item[0])))
