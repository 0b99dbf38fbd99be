"""The text of an answers file, with only that rewritten which changed."""

from __future__ import annotations

from dataclasses import dataclass, field
from pathlib import Path
from typing import TYPE_CHECKING, Any, TypeVar

import yaml

from evalkit.errors import EvalkitError, InvalidInputError
from evalkit.files.canonical import emitted, plain, to_yaml
from evalkit.files.parsing import LOADER
from evalkit.files.reading import document_of
from evalkit.files.translate import validate
from evalkit.model.answers import ProductAnswers
from evalkit.model.values import Value

if TYPE_CHECKING:
    from collections.abc import Iterator

Model = TypeVar("Model", bound=Value)

_BYTE_ORDER_MARK = "\ufeff"
_ENDS = (yaml.MappingEndEvent, yaml.SequenceEndEvent)


@dataclass(slots=True)
class _Entry:
    """Where one key of a block mapping and its value stand: character positions."""

    start: int
    end: int
    block: _Block | None


@dataclass(slots=True)
class _Block:
    """A mapping in block style, each key at the beginning of a line."""

    column: int
    entries: dict[str, _Entry] = field(default_factory=dict)


@dataclass(slots=True)
class _Edit:
    start: int
    stop: int
    text: str


class _NotInPlace(Exception):  # noqa: N818 - a signal within this module, never seen outside
    """The layout of the file does not allow small edits."""


def update_answers(text: str, before: ProductAnswers, after: ProductAnswers) -> str:
    """Return the text of an answers file after a change, all else kept byte for byte.

    Only the keys whose values differ are rewritten, in canonical style; comments, blank lines and the layout
    of everything else stay. New keys go where the order of ``after`` puts them. A file in flow style (JSON)
    has no lines of its own per answer: it is written anew as :func:`to_yaml` does.

    Parameters
    ----------
    text
        Of the file now.
    before
        What the file says now.
    after
        What it shall say.

    Raises
    ------
    EvalkitError
        If the text does not say ``before``: somebody else changed the file meanwhile.
    """
    if _read(text, ProductAnswers) != before:
        raise EvalkitError(f"the answers of {before.product.id} were changed by somebody else meanwhile")
    return _updated(text, before, after)


def update_value(text: str, before: Model, after: Model) -> str:
    """Return the text of any file after a change, as :func:`update_answers` does; lists change as a whole.

    Raises
    ------
    EvalkitError
        If the text does not say ``before``.
    """
    if _read(text, type(before)) != before:
        raise EvalkitError("the file was changed by somebody else meanwhile")
    return _updated(text, before, after)


def says(text: str, value: Value) -> bool:
    """Whether a text is a file that says what a value does."""
    return _read(text, type(value)) == value


def keys_under(text: str, *path: str) -> dict[str, tuple[int, int]]:
    """Return where each key of a mapping begins and its value ends; empty where it is in flow style.

    Parameters
    ----------
    path
        Keys that lead to the mapping; none for the file's own.
    """
    try:
        block: _Block | None = _block(text)
    except _NotInPlace:
        return {}
    for key in path:
        block = block.entries[key].block if block and key in block.entries else None
    return {name: (each.start, each.end) for name, each in block.entries.items()} if block else {}


def _updated(text: str, before: Value, after: Value) -> str:
    mark = _BYTE_ORDER_MARK if text.startswith(_BYTE_ORDER_MARK) else ""
    body = text.removeprefix(mark)
    try:
        changed = mark + _edited(body, plain(before), plain(after))
    except _NotInPlace:
        return to_yaml(after)
    # Layouts are endless; that the result says what it shall is checked, not assumed.
    return changed if _read(changed, type(after)) == after else to_yaml(after)


def _read(text: str, model: type[Model]) -> Model | None:
    try:
        read = validate(document_of(text.encode(), Path("file.yaml"), "file.yaml"), model)
    except InvalidInputError:
        return None
    return None if isinstance(read, list) else read


def _edited(text: str, before: dict[str, Any], after: dict[str, Any]) -> str:
    block = _block(text)
    line_break = "\r\n" if "\r\n" in text else "\n"
    for edit in _from_the_end(_edits(text, block, before, after)):
        text = text[: edit.start] + edit.text.replace("\n", line_break) + text[edit.stop :]
    return text


def _from_the_end(edits: Iterator[_Edit]) -> list[_Edit]:
    """Return edits in an order in which none moves the place of another.

    Keys added to the last entry and an entry added behind it begin at one place: the entry, which comes
    later, goes in first.
    """
    numbered = sorted(
        enumerate(edits), key=lambda it: (it[1].start, it[1].stop > it[1].start, it[0]), reverse=True
    )
    return [edit for _, edit in numbered]


def _edits(text: str, block: _Block, before: dict[str, Any], after: dict[str, Any]) -> Iterator[_Edit]:
    for key, entry in block.entries.items():
        if key not in after:
            # A key written out with its default is in neither; it stays as it is.
            if key in before:
                yield _cut(text, entry)
        elif key not in before or before[key] != after[key]:
            yield from _changed(text, block, key, before.get(key), after[key])
    yield from _additions(text, block, after)


def _changed(text: str, block: _Block, key: str, before: Any, after: Any) -> Iterator[_Edit]:  # noqa: ANN401 - any YAML value
    entry = block.entries[key]
    inner = entry.block
    if inner and isinstance(before, dict) and isinstance(after, dict) and inner.entries.keys() & after.keys():
        yield from _edits(text, inner, before, after)
    else:
        yield _replace(text, block, key, after)


def _replace(text: str, block: _Block, key: str, value: Any) -> _Edit:  # noqa: ANN401 - any YAML value
    entry = block.entries[key]
    _line_start(text, entry.start)
    stop = _line_end(text, entry.end)
    # A comment at the end of the old value's last line moves to the first line: after the last line of a
    # literal block it would be text.
    comment = text[entry.end : stop].rstrip()
    first, line_break, rest = _written(key, value, block.column).partition("\n")
    return _Edit(entry.start, stop, first + comment + line_break + rest)


def _cut(text: str, entry: _Entry) -> _Edit:
    stop = _line_end(text, entry.end)
    rest = text[stop:]
    return _Edit(_line_start(text, entry.start), stop + len(rest) - len(_after_break(rest)), "")


def _additions(text: str, block: _Block, after: dict[str, Any]) -> Iterator[_Edit]:
    """Yield an edit for each run of new keys; several new keys after one old key are one edit."""
    runs: dict[str | None, list[str]] = {}
    previous: str | None = None
    for key in after:
        if key in block.entries:
            previous = key
        else:
            runs.setdefault(previous, []).append(key)
    indent = " " * block.column
    for previous, keys in runs.items():
        lines = [indent + _written(key, after[key], block.column) for key in keys]
        if previous is None:
            at = _line_start(text, min(entry.start for entry in block.entries.values()))
            yield _Edit(at, at, "".join(line + "\n" for line in lines))
        else:
            at = _line_end(text, block.entries[previous].end)
            yield _Edit(at, at, "".join("\n" + line for line in lines))


def _written(key: str, value: Any, column: int) -> str:  # noqa: ANN401 - any YAML value
    """Return key and value in canonical style, all lines but the first indented."""
    lines = emitted({key: value}).rstrip("\n").split("\n")
    return "\n".join([lines[0], *(" " * column + line if line else line for line in lines[1:])])


def _line_start(text: str, position: int) -> int:
    start = text.rfind("\n", 0, position) + 1
    if text[start:position].strip(" "):
        raise _NotInPlace  # an explicit key "? key", or a document that begins "--- key: value"
    return start


def _line_end(text: str, position: int) -> int:
    end = text.find("\n", position)
    end = len(text) if end < 0 else end
    return end - 1 if end > position and text[end - 1] == "\r" else end


def _after_break(text: str) -> str:
    return text.removeprefix("\r").removeprefix("\n")


def _block(text: str) -> _Block:
    """Return where the keys of the text's root mapping, and of the block mappings within it, stand."""
    loader = LOADER(text)
    try:
        for _ in ("stream", "document"):
            loader.get_event()
        _, block = _scan(text, loader, loader.get_event())
    finally:
        loader.dispose()
    if block is None:
        raise _NotInPlace
    return block


def _scan(text: str, loader: Any, event: Any) -> tuple[int, _Block | None]:  # noqa: ANN401 - types-PyYAML takes marks for optional
    """Return where a node's text ends, and its keys if it is a block mapping."""
    if not hasattr(event, "flow_style"):
        return scalar_end(text, event), None
    is_mapping, end = type(event) is yaml.MappingStartEvent, event.end_mark.index
    block = _Block(event.start_mark.column) if is_mapping and not event.flow_style else None
    while type(inner := loader.get_event()) not in _ENDS:
        key_end, _ = _scan(text, loader, inner)
        end = max(end, key_end)
        if is_mapping:
            value_end, value_block = _scan(text, loader, loader.get_event())
            # An empty value has no text: its key's colon is the end.
            end = max(end, value_end, text.index(":", key_end) + 1 if block else 0)
            if block is not None:
                block.entries[inner.value] = _Entry(inner.start_mark.index, end, value_block)
    if event.flow_style:
        end = inner.end_mark.index
    return end, block


def scalar_end(text: str, event: Any) -> int:  # noqa: ANN401 - types-PyYAML takes marks for optional
    """Return where the text of a scalar ends: that of its event, or of its node."""
    start: int = event.start_mark.index
    end: int = event.end_mark.index
    if event.style in ("|", ">") and not event.value.endswith("\n\n"):
        return start + len(text[start:end].rstrip())
    # The line break after a block that keeps its blank lines ("|+") belongs to the block.
    return end - 1 if event.style in ("|", ">") and text[end - 1 : end] == "\n" else end
