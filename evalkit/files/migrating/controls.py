"""What controls and conditions say about questions of an earlier version -> about those of today."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, TypeAlias

import yaml

from evalkit.files.canonical import OneLine, emitted, plain
from evalkit.files.editing import says, update_value
from evalkit.files.migrating.following import followed, followed_all
from evalkit.files.migrating.notes import note_of, with_lines, with_notes
from evalkit.files.migrating.rows import Rewritten, Row
from evalkit.files.parsing import LOADER
from evalkit.model.migration import Changed, Renamed

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

    from evalkit.model.controls import ConditionCatalogue, Control, ControlFile, ControlMapping
    from evalkit.model.migration import Step

_Path: TypeAlias = tuple[str | int, ...]
_Span: TypeAlias = tuple[int, int, int]
"""Where a key begins, and where its value begins and ends."""

_Change: TypeAlias = tuple[int, int, str]
"""Where a piece of text begins and ends, and what takes its place."""


def migrated_conditions(
    text: str, catalogue: ConditionCatalogue, steps: Sequence[Step], ref: str, name: str
) -> Rewritten:
    """Return the text of ``conditions.yaml``: conditions bear on what became of their questions."""
    rows = []
    changed = {}
    for key, condition in catalogue.conditions.items():
        now = followed_all(condition.questions, steps)
        changed[key] = condition.model_copy(update={"questions": now})
        for question in condition.questions:
            went = followed(question, steps)
            if went.now != (question,):
                is_one = all(isinstance(change, Renamed | Changed) for change, _ in went.changes)
                to_do = "" if is_one else "look whether the condition bears on it"
                rows.append(Row(question, went.happened, f"{name}, {key}", to_do))
    after = catalogue.model_copy(update={"questionnaire": ref, "conditions": changed})
    made = update_value(text, catalogue, after)
    return Rewritten(with_notes(text, made, after), tuple(rows))


def migrated_controls(
    text: str, controls: ControlFile, steps: Sequence[Step], ref: str, name: str
) -> Rewritten:
    """Return the text of a product's controls.

    A control shows what became of its level; where nothing says what that is, the mapping stays as a comment.
    """
    rows: list[Row] = []
    news: list[Control] = []
    edits: list[_Edit] = []
    spans = dict(_spans(text))
    for index, control in enumerate(controls.controls):
        new: dict[str, ControlMapping] = {}
        for question, mapping in control.questions.items():
            went = followed(question, steps)
            level = went.level(mapping.to)
            where = f"{name}, {control.id}"
            at: _Path = ("controls", index, "questions", question)
            if not went.changes:
                new[question] = mapping
            elif level is None:
                rows.append(Row(question, went.happened, where, "say what level the control shows"))
                edits.append(_Edit(at, None, f"{control.id}: {_quoted(question, mapping)}", went.happened))
            else:
                rows.append(Row(question, went.happened, where))
                new[went.now[0]] = mapping.model_copy(update={"to": level})
                edits.append(_Edit(at, (went.now[0], level), "", ""))
        news.append(control.model_copy(update={"questions": new}))
    if not edits:
        return Rewritten(text)
    after = controls.model_copy(update={"controls": tuple(news)})
    emptied: set[_Path] = {
        ("controls", index, "questions")
        for index, control in enumerate(news)
        if not control.questions and controls.controls[index].questions
    }
    made = _edited_in_place(text, edits, spans, emptied, ref)
    if made is None or not says(made, after):
        made = with_notes(text, update_value(text, controls, after), after)
        lost = [_lost(edit, ref, edit.said) for edit in edits if edit.now is None]
        made = with_lines(made, lost, after, "controls")
    return Rewritten(made, tuple(rows))


class _Edit:
    """A mapping that goes on under another question and level, or (``now`` is None) stays as a comment."""

    def __init__(self, at: _Path, now: tuple[str, int] | None, said: str, happened: str) -> None:
        self.at = at
        self.now = now
        self.said = said
        self.happened = happened


def _quoted(question: str, mapping: ControlMapping) -> str:
    return emitted(OneLine({question: plain(mapping)})).strip()


def _lost(edit: _Edit, ref: str, said: str = "") -> str:
    told = f"not carried over to {ref}, {edit.at[-1]} {edit.happened}"
    return note_of(f"{told}: {said}" if said else told)


def _edited_in_place(
    text: str, edits: Sequence[_Edit], spans: dict[_Path, _Span], emptied: set[_Path], ref: str
) -> str | None:
    """Return the text with small edits only; None where its layout does not allow them."""
    made: list[_Change] = []
    noted: set[_Path] = set()
    for edit in edits:
        if edit.at not in spans or (*edit.at, "to") not in spans:
            return None
        if edit.now is None:
            whole = edit.at[:-1] if edit.at[:-1] in emptied else edit.at
            if whole in noted:
                continue
            cut = _out_of_lines(text, spans[whole], _lost(edit, ref))
            if cut:
                noted.add(whole)
            else:
                cut = _out_of_one_line(text, edit, edits, spans, ref)
            if not cut:
                return None
            made += cut
        else:
            begin, _, _ = spans[edit.at]
            _, first, last = spans[*edit.at, "to"]
            question = str(edit.at[-1])
            begin += text[begin] in "'\""
            if not text.startswith(question, begin):
                return None
            made += [(begin, begin + len(question), edit.now[0]), (first, last, str(edit.now[1]))]
    for start, stop, new in sorted(made, reverse=True):
        text = text[:start] + new + text[stop:]
    return text


def _out_of_lines(text: str, span: _Span, note: str) -> list[_Change]:
    """Return what makes a comment of a key that has lines of its own; empty where it has none."""
    lines = _own_lines(text, span)
    if lines is None:
        return []
    start, stop = lines
    indent = text[start : span[0]]
    said = "".join(
        f"{indent}# {line[len(indent) :] if line.startswith(indent) else line.lstrip()}"
        for line in text[start:stop].splitlines(keepends=True)
    )
    return [(start, stop, f"{indent}{note}{_line_break(text)}{said}")]


def _out_of_one_line(
    text: str, edit: _Edit, edits: Sequence[_Edit], spans: dict[_Path, _Span], ref: str
) -> list[_Change]:
    """Return what takes a key out of ``{LOC-01: …, LOC-02: …}`` and leaves a comment above its line."""
    mapping = edit.at[:-1]
    keys = sorted((at for at in spans if at[:-1] == mapping), key=lambda at: spans[at])
    lost = {each.at for each in edits if each.now is None}
    index = keys.index(edit.at)
    begin, _, end = spans[edit.at]
    if any(at not in lost for at in keys[index + 1 :]):
        cut = (begin, spans[keys[index + 1]][0])
        between = text[end : cut[1]]
    else:
        cut = (spans[keys[index - 1]][2] if index else spans[mapping][1] + 1, end)
        between = text[cut[0] : begin]
    if between.strip() not in (",", ""):  # a comment stands there
        return []
    above = text.rfind("\n", 0, spans[mapping][0]) + 1
    line = text[above : spans[mapping][0]]
    indent = line[: len(line) - len(line.lstrip(" "))]
    note = _lost(edit, ref, text[begin:end])
    return [(*cut, ""), (above, above, f"{indent}{note}{_line_break(text)}")]


def _line_break(text: str) -> str:
    return "\r\n" if "\r\n" in text else "\n"


def _own_lines(text: str, span: _Span) -> tuple[int, int] | None:
    """Return where the lines of a key and its value begin and end; None if something else is on them."""
    start = text.rfind("\n", 0, span[0]) + 1
    stop = text.find("\n", span[2])
    stop = len(text) if stop < 0 else stop + 1
    rest = text[span[2] : stop].strip()
    return (start, stop) if not text[start : span[0]].strip(" ") and rest[:1] in ("", "#") else None


def _spans(text: str) -> Iterator[tuple[_Path, _Span]]:
    """Yield where each key of each mapping stands, by its path."""
    body = text.removeprefix("\ufeff")
    loader: Any = LOADER(body)
    try:
        for _ in ("stream", "document"):
            loader.get_event()
        yield from _below(loader, loader.get_event(), (), len(text) - len(body), [0])
    finally:
        loader.dispose()


def _below(loader: Any, event: Any, at: _Path, shift: int, end: list[int]) -> Iterator[tuple[_Path, _Span]]:  # noqa: ANN401 - types-PyYAML takes marks for optional
    """Yield the keys of a node, and leave in ``end`` where its text ends."""
    end[0] = shift + event.end_mark.index
    if isinstance(event, yaml.SequenceStartEvent):
        index = 0
        while not isinstance(inner := loader.get_event(), yaml.SequenceEndEvent):
            yield from _below(loader, inner, (*at, index), shift, end)
            index += 1
    elif isinstance(event, yaml.MappingStartEvent):
        while not isinstance(inner := loader.get_event(), yaml.MappingEndEvent):
            key, value = (*at, inner.value), loader.get_event()
            yield from _below(loader, value, key, shift, end)
            yield key, (shift + inner.start_mark.index, shift + value.start_mark.index, end[0])
    else:
        return
    if event.flow_style:
        end[0] = shift + inner.end_mark.index
