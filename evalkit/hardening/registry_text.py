"""Registry files, as the registry editor of Windows exports them, to values by key.

Nothing that reads this text was found that is kept up: what exists reads the registry's own binary files, or
calls Windows.
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from typing import TYPE_CHECKING, Final

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping

RegistryValue = str | int | tuple[str, ...]
"""Texts, whole numbers and lists of texts; bytes are ``hex:`` and their digits."""

_HEADINGS: Final = ("Windows Registry Editor Version 5.00", "REGEDIT4")
_QUOTED: Final = r'"(?:[^"\\]++|\\.)*+"'  # an exported text may have several lines
_STATEMENT: Final = re.compile(
    r"[ \t]*+(?:"
    r";[^\n]*+"
    r"|\[(?P<gone>-?)(?P<key>[^\n]*[^\n\s])[ \t]*+\]"
    rf"|(?P<name>@|{_QUOTED})[ \t]*+=[ \t]*+"
    rf"(?P<data>-|{_QUOTED}|dword:[0-9a-f]{{1,8}}|hex(?:\([0-9a-f]{{1,8}}\))?:(?:[0-9a-f, \t]|\\[ \t]*+\n)*+)"
    r")?[ \t]*+(?:\n|\Z)",
    re.DOTALL | re.IGNORECASE,
)
_LONGEST_KEY: Final = 4096
_ESCAPED: Final = re.compile(r"\\(.)", re.DOTALL)
_ROOT: Final = re.compile(r"\A(?:computer\\)?(?:hklm|hkey_local_machine)(?=\\)")


def key_name(key: str) -> str:
    r"""Return a key as keys are compared: upper and lower case alike, and one name for the machine's part.

    >>> key_name("HKEY_LOCAL_MACHINE\\SOFTWARE\\Policies"), key_name("HKLM\\Software\\Policies")
    ('hklm\\software\\policies', 'hklm\\software\\policies')
    """
    return _ROOT.sub("hklm", key.casefold().strip())


def read_registry(raw: bytes) -> Mapping[str, Mapping[str, RegistryValue]]:
    """Return the values of every key, by :func:`key_name`; what a file takes away is not there.

    Raises
    ------
    ValueError
        If it is no registry file; with the line.
    """
    text = _text(raw)
    heading, _, _ = text.partition("\n")
    if heading.strip() not in _HEADINGS:
        raise ValueError(f"line 1 is not {' or '.join(_HEADINGS)}")
    read = _Keys({}, {})
    at = len(heading) + 1
    while at < len(text):
        it = _STATEMENT.match(text, at)
        if it is None or not read.took(it):
            raise ValueError(f"line {text.count(chr(10), 0, at) + 1} is no line of a registry file")
        at = it.end()
    return {key: read.left(key) for key in read.values}


def _text(raw: bytes) -> str:
    wide = raw.startswith((b"\xff\xfe", b"\xfe\xff"))
    return raw.decode("utf-16" if wide else "utf-8-sig").replace("\r\n", "\n")


@dataclass(slots=True)
class _Keys:
    """What was read so far: values by key and by their name without case, and where each was said last."""

    values: dict[str, dict[str, tuple[int, str, RegistryValue | None]]]
    gone: dict[str, int]
    here: str | None = None

    def took(self, it: re.Match[str]) -> bool:
        """Take a statement in; False where it can stand nowhere."""
        if it["key"] is not None:
            key = key_name(it["key"])
            if len(key) > _LONGEST_KEY:
                return False
            if it["gone"]:
                self.gone[key] = it.start()
            else:
                self.values.setdefault(key, {})
            self.here = None if it["gone"] else key
        elif it["name"] is not None:
            if self.here is None:
                return False
            name = "" if it["name"] == "@" else _unquoted(it["name"])
            self.values[self.here][name.casefold()] = (it.start(), name, _value(it["data"]))
        return True

    def left(self, key: str) -> dict[str, RegistryValue]:
        """Return what a key holds in the end, after it or one above it was taken away."""
        parts = key.split("\\")
        above = ("\\".join(parts[:length]) for length in range(1, len(parts) + 1))
        since = max(self.gone.get(name, -1) for name in above)
        kept = (it for it in self.values[key].values() if it[0] > since)
        return {name: value for _, name, value in kept if value is not None}


def _unquoted(text: str) -> str:
    return _ESCAPED.sub(r"\1", text[1:-1])


def _value(data: str) -> RegistryValue | None:
    if data == "-":
        return None
    if data.startswith('"'):
        return _unquoted(data)
    kind, _, digits = data.casefold().partition(":")
    if kind == "dword":
        return int(digits, 16)
    read = _KINDS.get(kind)
    raw = bytes.fromhex(re.sub(r"[^0-9a-f]", "", digits))
    return f"hex:{raw.hex()}" if read is None else read(raw)


def _wide(raw: bytes) -> str:
    return raw.decode("utf-16-le").rstrip("\0")


def _several(raw: bytes) -> tuple[str, ...]:
    return tuple(_wide(raw).split("\0"))


def _number(raw: bytes) -> int:
    return int.from_bytes(raw[:8], "little")


_KINDS: Final[Mapping[str, Callable[[bytes], RegistryValue]]] = {
    "hex(1)": _wide,
    "hex(2)": _wide,
    "hex(7)": _several,
    "hex(4)": _number,
    "hex(b)": _number,
}
"""What the registry's types are, by the name that exports give them; others stay bytes."""
