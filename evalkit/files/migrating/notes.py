"""Comments in a YAML file (``# ask again``), and how they stay where what they stand at is rewritten."""

from __future__ import annotations

import re
from collections import Counter
from typing import TYPE_CHECKING

import yaml

from evalkit.files.editing import keys_under, says
from evalkit.files.parsing import LOADER

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping, Sequence

    from evalkit.model.values import Value

_MARK = "\ufeff"
_BLOCK_HEADER = re.compile(r"[|>][^\s#]*[ \t]+(#[^\r\n]*)")


def notes_in(text: str) -> Iterator[tuple[int, str]]:
    """Yield every comment of a YAML text with its position, as it is written."""
    body = text.removeprefix(_MARK)
    shift, end = len(text) - len(body), 0
    for token in yaml.scan(body, Loader=LOADER):
        start = token.start_mark.index
        for found in re.finditer(r"#[^\r\n]*", body[end:start]):
            yield shift + end + found.start(), found.group().rstrip()
        if isinstance(token, yaml.ScalarToken) and token.style in ("|", ">"):
            header = _BLOCK_HEADER.match(body, start)
            if header:
                yield shift + header.start(1), header.group(1).rstrip()
        end = max(end, token.end_mark.index)


def with_notes(
    old: str,
    new: str,
    value: Value,
    *path: str,
    heirs: Mapping[str, str] | None = None,
    elsewhere: str = "",
) -> str:
    """Return a rewritten file with the comments that got lost.

    Each goes above the key that took the place of the one at which it stood; else to the top.

    Parameters
    ----------
    value
        What the new text says.
    path
        Keys that lead to the mapping whose keys are meant; none for the file's own.
    heirs
        Its keys in the new text by those in the old one; None where they are the same.
    elsewhere
        A text that took some of the comments.
    """
    there = Counter(note for _, note in (*notes_in(new), *(notes_in(elsewhere) if elsewhere else ())))
    places = keys_under(old.removeprefix(_MARK), *path)
    lost: dict[str, list[str]] = {}
    for at, note in notes_in(old):
        if there[note]:
            there[note] -= 1
            continue
        home = next((name for name, (start, end) in places.items() if start <= at <= _line_end(old, end)), "")
        lost.setdefault(home if heirs is None else heirs.get(home, ""), []).append(note)
    for heir, notes in lost.items():
        new = with_lines(new, notes, value, *((*path, heir) if heir else ()))
    return new


def with_lines(text: str, notes: Sequence[str], value: Value, *path: str) -> str:
    """Return a text with comments above a key, or at the top if the layout has no place there."""
    body = text.removeprefix(_MARK)
    line_break = "\r\n" if "\r\n" in body else "\n"
    start = keys_under(body, *path[:-1]).get(path[-1], (0, 0))[0] if path else 0
    line = body.rfind("\n", 0, start) + 1
    indent = body[line:start]
    if indent.strip(" ") or not notes:
        line, indent = 0, ""
    above = "".join(f"{indent}{note}{line_break}" for note in notes)
    made = body[:line] + above + body[line:]
    if line and not says(made, value):  # within a text that goes on at this indentation
        made = "".join(f"{note}{line_break}" for note in notes) + body
    return text[: len(text) - len(body)] + made


def note_of(text: str) -> str:
    """Return text as one comment line."""
    return f"# {' '.join(text.split())}"


def _line_end(text: str, position: int) -> int:
    end = text.find("\n", position)
    return len(text) if end < 0 else end
