"""YAML of other programs -> texts, lists and mappings: more is allowed than in evalkit's own files.

Anchors, aliases, merge keys, tags and keys that stand twice are taken, as PyYAML's safe loader takes them.
But every scalar stays the text that it is: whether ``no``, ``1.10`` or ``2024-09-28`` is a truth value, a
number or a date is for whoever asks for it, or ``1.10`` would become 1.1. An alias counts as often as it is
used, so that a small file cannot stand for a large one.
"""

from __future__ import annotations

import codecs
import re
from dataclasses import dataclass, field
from typing import Any, Final, TypeAlias

import yaml

from evalkit.errors import EvalkitError
from evalkit.files.document import harmless
from evalkit.files.parsing import LOADER, MAX_DEPTH

MAX_VALUES: Final = 1_500_000
"""Scalars, lists and mappings of one file, long texts counting more, those behind aliases each time."""

_CHARACTERS_A_VALUE: Final = 20
_NULL: Final = frozenset({"", "~", "null", "Null", "NULL"})
_MERGE: Final = "<<"
_NAMES: Final = {"utf-8-sig": "UTF-8", "utf-16": "UTF-16"}
_UTF_16: Final = (codecs.BOM_UTF16_LE, codecs.BOM_UTF16_BE)
_CONTROLS: Final = re.compile("[^\t\n\r\x20-\x7e\x85\xa0-\ud7ff\ue000-\ufffd\U00010000-\U0010ffff]")


class ForeignMapping(dict[str, "Foreign"]):
    """A mapping, and the line in which it begins."""

    __slots__ = ("line",)

    def __init__(self, line: int = 0) -> None:
        super().__init__()
        self.line = line


Foreign: TypeAlias = "str | list[Foreign] | ForeignMapping | None"


@dataclass(frozen=True, slots=True)
class ForeignDocument:
    """What a file says.

    Attributes
    ----------
    repeats : tuple
        Key and line of each entry that took the place of an earlier one.
    """

    data: Foreign
    repeats: tuple[tuple[str, int], ...]


def read_foreign(raw: bytes, name: str) -> ForeignDocument:
    """Return what a YAML file of another program says.

    Raises
    ------
    EvalkitError
        If it is no text, no YAML, more than one document, nested deeper than 50, or of more than 1,500,000
        values.
    """
    text = _text(raw, name)
    builder = _Builder(name)
    loader: Any = None
    try:
        loader = LOADER(text)
        while (event := loader.get_event()) is not None and not isinstance(event, yaml.StreamEndEvent):
            builder.take(event)
    except yaml.MarkedYAMLError as error:
        mark = error.problem_mark or error.context_mark
        raise _refused(name, mark.line + 1 if mark else 0, f"is no YAML: {_said(error.problem)}") from None
    except (yaml.YAMLError, RecursionError) as error:
        raise _refused(name, 0, f"is no YAML: {_said(str(error))}") from None
    finally:
        if loader is not None:
            loader.dispose()
    if builder.root is None:
        raise _refused(name, 0, "is empty")
    return ForeignDocument(builder.root[0], tuple(builder.repeats))


def _said(problem: str | None) -> str:
    return harmless(" ".join((problem or "it cannot be read").split()), 200)


def _refused(name: str, line: int, message: str) -> EvalkitError:
    return EvalkitError(f"{name}:{line}: {message}" if line else f"{name} {message}")


def _text(raw: bytes, name: str) -> str:
    encoding = "utf-16" if raw.startswith(_UTF_16) else "utf-8-sig"
    try:
        text = raw.decode(encoding)
    except UnicodeDecodeError as error:
        line = raw.count(b"\n", 0, error.start) + 1
        raise _refused(name, line, f"the byte 0x{raw[error.start]:02x} is no {_NAMES[encoding]}") from None
    found = _CONTROLS.search(text)
    if found:
        line = text.count("\n", 0, found.start()) + 1
        raise _refused(name, line, f"the control character U+{ord(found.group()):04X} is not allowed")
    return text


@dataclass(slots=True)
class _Frame:
    """A list or mapping being built."""

    made: list[Foreign] | ForeignMapping
    anchor: str | None
    line: int
    size: int = 1
    key: str | None = None
    merges: list[Foreign] = field(default_factory=list)


class _Builder:
    """Takes events in order and keeps what they make."""

    def __init__(self, name: str) -> None:
        self.name = name
        self.root: tuple[Foreign, int] | None = None
        self.repeats: list[tuple[str, int]] = []
        self.stack: list[_Frame] = []
        self.anchors: dict[str, tuple[Foreign, int]] = {}
        self.total = 0

    def take(self, event: Any) -> None:  # noqa: ANN401 - events have no common base in the C parser
        line = event.start_mark.line + 1
        match event:
            case yaml.ScalarEvent():
                self._scalar(event, line)
            case yaml.MappingStartEvent():
                self._open(ForeignMapping(line), event.anchor, line)
            case yaml.SequenceStartEvent():
                self._open([], event.anchor, line)
            case yaml.MappingEndEvent() | yaml.SequenceEndEvent():
                frame = self.stack.pop()
                if isinstance(frame.made, ForeignMapping):
                    for value in frame.merges:
                        _merge(frame.made, value)
                self._keep(frame.made, frame.size, frame.anchor, frame.line)
            case yaml.AliasEvent():
                self._alias(event.anchor or "", line)
            case yaml.DocumentStartEvent() if self.root is not None:
                raise _refused(self.name, line, "a second document begins here")
            case _:
                pass

    def _open(self, made: list[Foreign] | ForeignMapping, anchor: str | None, line: int) -> None:
        if len(self.stack) >= MAX_DEPTH:
            raise _refused(self.name, line, f"lists and mappings are nested more than {MAX_DEPTH} deep")
        if self._wants_key():
            raise _refused(self.name, line, "a list or mapping stands where a key is expected")
        self._count(1, line)
        self.stack.append(_Frame(made, anchor, line))

    def _wants_key(self) -> bool:
        return bool(self.stack) and isinstance(self.stack[-1].made, dict) and self.stack[-1].key is None

    def _scalar(self, event: Any, line: int) -> None:  # noqa: ANN401 - as above
        size = 1 + len(event.value) // _CHARACTERS_A_VALUE
        self._count(size, line)
        if self._wants_key():
            self.stack[-1].key = event.value
            self.stack[-1].size += size
            return
        is_null = event.style in (None, "") and event.tag is None and event.value in _NULL
        self._keep(None if is_null else event.value, size, event.anchor, line)

    def _alias(self, anchor: str, line: int) -> None:
        if anchor not in self.anchors:
            what = "stands within what it names" if self._is_open(anchor) else "names nothing above it"
            raise _refused(self.name, line, f"the alias '*{harmless(anchor)}' {what}")
        value, size = self.anchors[anchor]
        self._count(size, line)
        if self._wants_key():
            if not isinstance(value, str):
                raise _refused(self.name, line, f"the key '*{harmless(anchor)}' is no text")
            self.stack[-1].key = value
            self.stack[-1].size += size
            return
        self._keep(value, size, None, line)

    def _is_open(self, anchor: str) -> bool:
        return any(frame.anchor == anchor for frame in self.stack)

    def _count(self, size: int, line: int) -> None:
        self.total += size
        if self.total > MAX_VALUES:
            raise _refused(self.name, line, f"there are more than {MAX_VALUES:,} values, aliases written out")

    def _keep(self, value: Foreign, size: int, anchor: str | None, line: int) -> None:
        if anchor is not None:
            self.anchors[anchor] = value, size
        if not self.stack:
            self.root = value, size
            return
        frame = self.stack[-1]
        frame.size += size
        if isinstance(frame.made, list):
            frame.made.append(value)
            return
        key, frame.key = frame.key or "", None
        if key == _MERGE and _can_be_merged(value):
            frame.merges.append(value)
            return
        if key in frame.made:
            self.repeats.append((key, line))
        frame.made[key] = value


def _can_be_merged(value: Foreign) -> bool:
    parts = value if isinstance(value, list) else [value]
    return bool(parts) and all(isinstance(part, ForeignMapping) for part in parts)


def _merge(into: ForeignMapping, value: Foreign) -> None:
    """Add the entries of a mapping, or of several, whose keys do not stand in another yet."""
    for part in value if isinstance(value, list) else [value]:
        if isinstance(part, ForeignMapping):
            for key, content in part.items():
                into.setdefault(key, content)
