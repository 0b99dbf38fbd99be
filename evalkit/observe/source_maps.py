"""A source map -> how much of whose source it holds."""

from __future__ import annotations

import json
import re
from dataclasses import dataclass
from typing import Final

_THIRD: Final = re.compile(r"(^|/)node_modules/|^(webpack|external|data)\b")
_HEAD: Final = re.compile(rb"^(?:\)\]\}[^\n]{0,10}\n)?\s{0,20}\{")


@dataclass(frozen=True, slots=True)
class SourceMap:
    """What a source map holds.

    Attributes
    ----------
    own : int
        Sources with content that are not of node_modules.
    with_content : int
        Sources with content, whosever.
    """

    label: str
    sources: int
    with_content: int
    own: int
    characters: int


def source_map(label: str, raw: bytes) -> SourceMap | None:
    """Return what a source map holds; None if the bytes are none, whatever they are named."""
    match = _HEAD.match(raw)
    if not match:
        return None
    try:
        data = json.loads(raw[match.end() - 1 :])
    except (ValueError, RecursionError):
        return None
    if not isinstance(data, dict):
        return None
    maps = [data]
    if isinstance(sections := data.get("sections"), list):
        maps += [
            part["map"] for part in sections if isinstance(part, dict) and isinstance(part.get("map"), dict)
        ]
    pairs = [pair for part in maps if isinstance(part.get("mappings"), str) for pair in _pairs(part)]
    if not any(isinstance(part.get("mappings"), str) for part in maps):
        return None
    filled = [(name, text) for name, text in pairs if text]
    own = [name for name, _ in filled if not _THIRD.search(name)]
    return SourceMap(label, len(pairs), len(filled), len(own), sum(len(text) for _, text in filled))


def _pairs(data: dict[str, object]) -> list[tuple[str, str]]:
    names, texts = data.get("sources"), data.get("sourcesContent")
    if not isinstance(names, list):
        return []
    contents = texts if isinstance(texts, list) else []
    return [
        (
            name if isinstance(name, str) else "",
            contents[at] if at < len(contents) and isinstance(contents[at], str) else "",
        )
        for at, name in enumerate(names)
    ]
