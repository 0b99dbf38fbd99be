"""The text of ``decision.yaml`` with one decision more; comments and the layout of the rest stay."""

from __future__ import annotations

import re
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any, Final

import yaml

from evalkit.files.canonical import emitted, plain, to_yaml
from evalkit.files.editing import says, scalar_end, update_value
from evalkit.files.migrating.notes import with_notes
from evalkit.files.parsing import LOADER

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

    from evalkit.model.decision import DecisionRecord
    from evalkit.model.values import Value

_MARK: Final = "\ufeff"
_COMMENT_LINE: Final = re.compile(r"\r?\n( *)(?:#[^\r\n]*)?(?=\r?\n|$)")


def record_text(text: str, before: DecisionRecord, after: DecisionRecord) -> str:
    """Return the text of a record after decisions were added, or replaced by later ones.

    A decision that was replaced goes to the superseded ones as it was written, its comments with it; those
    above it stay for the new one. Where the layout allows no such edits the file is written anew, with its
    comments on top.

    Parameters
    ----------
    text
        Of the file now; says ``before``.
    after
        What it shall say: ``before`` with decisions more.
    """
    body = text.removeprefix(_MARK)
    made = _edited(body, before, after)
    if made is None or not says(made, after):
        made = to_yaml(after)
    return text[: len(text) - len(body)] + with_notes(body, made, after)


@dataclass(frozen=True, slots=True)
class _Item:
    """Where one item of a list stands, from behind its dash, with the comments that belong to it."""

    start: int
    end: int
    column: int


@dataclass(frozen=True, slots=True)
class _Edit:
    start: int
    stop: int
    text: str


def _edited(text: str, before: DecisionRecord, after: DecisionRecord) -> str | None:
    """Return the text with its lists edited; None where the layout does not allow it."""
    decisions, superseded = _items(text, "decisions"), _items(text, "superseded")
    if len(decisions) != len(before.decisions) or len(superseded) != len(before.superseded):
        return None
    edits = [
        _Edit(item.start, item.end, _written(new, item.column))
        for item, old, new in zip(decisions, before.decisions, after.decisions, strict=False)
        if old != new
    ]
    last = decisions[-1]
    added = [_item_line(_written(it, last.column), last) for it in after.decisions[len(decisions) :]]
    moved = list(_moved(text, decisions, before, after, (superseded or decisions)[-1]))
    if moved and not superseded:
        added += ["\nsuperseded:", *moved]
    elif moved:
        edits.append(_Edit(superseded[-1].end, superseded[-1].end, "".join(moved)))
    made = _applied(text, [*edits, _Edit(last.end, last.end, "".join(added))])
    listed = after.model_copy(update={"bases": before.bases})
    return update_value(made, listed, after) if says(made, listed) else None


def _moved(
    text: str, items: Sequence[_Item], before: DecisionRecord, after: DecisionRecord, like: _Item
) -> Iterator[str]:
    """Yield the lines of each decision that was replaced, as it was written."""
    at = {decision.option: item for decision, item in zip(before.decisions, items, strict=True)}
    for it in after.superseded[len(before.superseded) :]:
        item = at[it.option]
        day = emitted({"superseded": it.superseded.isoformat()}).rstrip("\n")
        own = _shifted(text[item.start : item.end].replace("\r\n", "\n"), like.column - item.column)
        yield _item_line(f"{own}\n{' ' * like.column}{day}", like)


def _item_line(content: str, like: _Item) -> str:
    return f"\n{' ' * (like.column - 2)}- {content}"


def _shifted(text: str, columns: int) -> str:
    if columns >= 0:
        return text.replace("\n", "\n" + " " * columns)
    return re.sub(rf"\n {{0,{-columns}}}", "\n", text)


def _written(value: Value, column: int) -> str:
    """Return a value in canonical style, all lines but the first indented."""
    lines = emitted(plain(value)).rstrip("\n").split("\n")
    return "\n".join([lines[0], *(" " * column + line if line else line for line in lines[1:])])


def _applied(text: str, edits: Sequence[_Edit]) -> str:
    line_break = "\r\n" if "\r\n" in text else "\n"
    for edit in sorted(edits, key=lambda it: (it.start, it.stop), reverse=True):
        text = text[: edit.start] + edit.text.replace("\n", line_break) + text[edit.stop :]
    return text


def _items(text: str, key: str) -> tuple[_Item, ...]:
    """Return the items of a list of the root mapping; none where it is not there, or in flow style."""
    root: Any = yaml.compose(text, Loader=LOADER)
    if root.flow_style:
        return ()
    nodes = {name.value: node for name, node in root.value}
    listed = nodes.get(key)
    if not isinstance(listed, yaml.SequenceNode) or listed.flow_style:
        return ()
    return tuple(_item(text, node) for node in listed.value)


def _item(text: str, node: Any) -> _Item:  # noqa: ANN401 - types-PyYAML takes marks for optional
    start, column = node.start_mark.index, node.start_mark.column
    end = text.find("\n", _end(text, node))
    end = len(text) if end < 0 else end - (text[end - 1] == "\r")
    stop = end
    while found := _COMMENT_LINE.match(text, end):
        end = found.end()
        if "#" in found.group() and len(found.group(1)) >= column:
            stop = end
        elif "#" in found.group():
            break
    return _Item(start, stop, column)


def _end(text: str, node: Any) -> int:  # noqa: ANN401 - types-PyYAML takes marks for optional
    """Return where a node's text ends; a block's own mark stands behind the comments that follow it."""
    if isinstance(node, yaml.ScalarNode):
        return scalar_end(text, node)
    if node.flow_style:
        end: int = node.end_mark.index
        return end
    last = node.value[-1]
    if isinstance(node, yaml.SequenceNode):
        return _end(text, last)
    key, value = last
    # An empty value has no text: its key's colon is the end.
    return max(_end(text, value), text.index(":", _end(text, key)) + 1)
