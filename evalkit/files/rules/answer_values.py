"""Rules A011 to A016: a value is one that the question's kind allows; free text never is."""

from __future__ import annotations

from typing import TYPE_CHECKING, TypeVar

from evalkit.files.rules.answers import AnswersCase, rule
from evalkit.files.rules.wording import allowed, did_you_mean, one_of_levels, repeated, shown
from evalkit.model.answers import HostLists
from evalkit.model.questionnaire import (
    ListQuestion,
    NumberQuestion,
    QuestionBase,
    ScaleQuestion,
    SetQuestion,
)

if TYPE_CHECKING:
    from collections.abc import Iterator

    from evalkit.files.document import At
    from evalkit.files.rules.answers import PlacedStatement
    from evalkit.files.rules.registry import Found
    from evalkit.model.answers import RawValue

KindT = TypeVar("KindT", bound=QuestionBase)


def _values(case: AnswersCase, kind: type[KindT]) -> Iterator[tuple[PlacedStatement, KindT, RawValue, At]]:
    for placed in case.statements:
        if isinstance(placed.question, kind):
            for value, at in placed.values():
                yield placed, placed.question, value, at


def _ticked(case: AnswersCase) -> Iterator[tuple[PlacedStatement, SetQuestion, tuple[str, ...], At]]:
    for placed, question, value, at in _values(case, SetQuestion):
        if isinstance(value, tuple):
            yield placed, question, value, at


@rule("A011", "The answer to a scale is one of its levels.")
def _scale_values_are_levels(case: AnswersCase) -> Iterator[Found]:
    for placed, question, value, at in _values(case, ScaleQuestion):
        levels = [level.level for level in question.levels]
        if not _is_whole(value) or value not in levels:
            hint = f"write {value} without quotes" if value in [str(level) for level in levels] else ""
            yield placed.found(at, f"level {shown(value)} is not {one_of_levels(levels)}", hint)


@rule("A012", "The answer to a number question is a number within its limits, or a special value.")
def _numbers_are_within_limits(case: AnswersCase) -> Iterator[Found]:
    for placed, question, value, at in _values(case, NumberQuestion):
        low, high = question.limits.min, question.limits.max
        special = [each.id for each in question.special_values]
        if isinstance(value, (int, float)) and not isinstance(value, bool):
            fits = low <= value <= high
        else:
            fits = isinstance(value, str) and value in special
        if not fits:
            known = f"{low}..{high} {question.unit}" + "".join(f", {name}" for name in special)
            hint = did_you_mean(value, special) if isinstance(value, str) else ""
            yield placed.found(at, f"{shown(value)} is not one of {known}", hint)


@rule("A013", "The answer to a set question is a list of its options.")
def _ticked_options_exist(case: AnswersCase) -> Iterator[Found]:
    for placed, question, value, at in _values(case, SetQuestion):
        options = [option.id for option in question.options]
        if not isinstance(value, tuple):
            message = f"{shown(value)} is not a list of options; {allowed(options, 'options')}"
            yield placed.found(at, message, f"write [{value}]" if value in options else "")
            continue
        for index, name in enumerate(value):
            if name not in options:
                message = f"option {shown(name)} is unknown; {allowed(options, 'options')}"
                yield placed.found((*at, index), message, did_you_mean(name, options))


@rule("A014", "No option of a set is ticked twice.")
def _options_are_ticked_once(case: AnswersCase) -> Iterator[Found]:
    for placed, _, value, at in _ticked(case):
        for index, name in repeated(value):
            yield placed.found((*at, index), f"option {shown(name)} is ticked twice; allowed is once")


@rule("A015", "An exclusive option of a set is ticked alone.")
def _exclusive_options_stand_alone(case: AnswersCase) -> Iterator[Found]:
    for placed, question, value, at in _ticked(case):
        for name in question.value_rule.exclusive:
            if name in value and len(set(value)) > 1:
                yield placed.found(at, f"{shown(value)}: {name} excludes all others; tick it alone or not")


@rule("A016", "The answer to a list question is host lists.")
def _lists_are_host_lists(case: AnswersCase) -> Iterator[Found]:
    for placed, _, value, at in _values(case, ListQuestion):
        if not isinstance(value, HostLists):
            fields = allowed(tuple(HostLists.model_fields), "fields")
            yield placed.found(at, f"{shown(value)} is not a mapping of host lists; {fields}")


def _is_whole(value: RawValue) -> bool:
    return isinstance(value, int) and not isinstance(value, bool)
