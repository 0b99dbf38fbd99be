"""Rules Q020 to Q037: how each kind of question turns an answer into points."""

from __future__ import annotations

from itertools import pairwise
from typing import TYPE_CHECKING, Final, TypeVar, get_args

from evalkit.files.rules.questionnaire import QuestionnaireCase, rule
from evalkit.files.rules.wording import allowed, did_you_mean, repeated, shown
from evalkit.model.answers import HostLists
from evalkit.model.questionnaire import (
    HostCase,
    ListQuestion,
    NumberQuestion,
    QuestionBase,
    ScaleQuestion,
    SetQuestion,
    StartMinusPenalties,
    StepAtMost,
    StepsAtMost,
)

if TYPE_CHECKING:
    from collections.abc import Iterator

    from evalkit.files.rules.questionnaire import PlacedQuestion
    from evalkit.files.rules.registry import Found
    from evalkit.model.questionnaire import StepAtLeast

KindT = TypeVar("KindT", bound=QuestionBase)
LIST_FIELDS: Final = tuple(HostLists.model_fields)
HOST_CASES: Final[tuple[HostCase, ...]] = get_args(HostCase)
_ALL_POINTS: Final = 100


def _of_kind(case: QuestionnaireCase, kind: type[KindT]) -> Iterator[tuple[PlacedQuestion, KindT]]:
    for placed in case.questions:
        if isinstance(placed.question, kind):
            yield placed, placed.question


@rule("Q020", "A scale has a ladder; no other kind has one.")
def _scales_have_ladders(case: QuestionnaireCase) -> Iterator[Found]:
    for placed in case.questions:
        question = placed.question
        if isinstance(question, ScaleQuestion) and question.ladder is None:
            known = allowed(case.questionnaire.header.ladders, "ladders")
            yield placed.found(("ladder",), f"a scale without a ladder; {known}")
        elif not isinstance(question, ScaleQuestion) and question.ladder is not None:
            message = f"ladder {question.ladder} on a {question.kind} question; only scales have one"
            yield placed.found(("ladder",), message)


@rule("Q021", "The ladder of a scale is explained in the header.")
def _ladders_are_explained(case: QuestionnaireCase) -> Iterator[Found]:
    ladders = case.questionnaire.header.ladders
    for placed in case.questions:
        ladder = placed.question.ladder
        if ladder is not None and ladder not in ladders:
            message = f"ladder {ladder} is not explained in the header; {allowed(ladders, 'ladders')}"
            yield placed.found(("ladder",), message, did_you_mean(ladder, ladders))


@rule("Q022", "The levels of a scale are 0, 1, 2 and so on, in this order.")
def _levels_count_from_zero(case: QuestionnaireCase) -> Iterator[Found]:
    for placed, question in _of_kind(case, ScaleQuestion):
        for index, level in enumerate(question.levels):
            if level.level != index:
                yield placed.found(
                    ("levels", index, "level"), f"level {level.level} stands where {index} must stand"
                )


@rule("Q023", "The points of a scale start at 0, rise strictly and end at 100.")
def _level_points_rise(case: QuestionnaireCase) -> Iterator[Found]:
    for placed, question in _of_kind(case, ScaleQuestion):
        points = [level.points for level in question.levels]
        for index, wanted in ((0, 0), (len(points) - 1, _ALL_POINTS)):
            if points[index] != wanted:
                message = (
                    f"points {points[index]:g} of level {question.levels[index].level}; must be {wanted}"
                )
                yield placed.found(("levels", index, "points"), message)
        for index, (lower, upper) in enumerate(pairwise(points), start=1):
            if upper <= lower:
                message = f"points {upper:g} after {lower:g}; points must rise from level to level"
                yield placed.found(("levels", index, "points"), message)


@rule("Q024", "The smallest number that may be answered lies below the largest.")
def _limits_span_a_range(case: QuestionnaireCase) -> Iterator[Found]:
    for placed, question in _of_kind(case, NumberQuestion):
        low, high = question.limits.min, question.limits.max
        if low >= high:
            yield placed.found(("limits", "min"), f"limits: min {low} is not below max {high}")


def _limit(step: StepAtMost | StepAtLeast) -> float:
    return step.at_most if isinstance(step, StepAtMost) else step.at_least


@rule("Q025", "The steps of a number go from the best end: their limits move one way, none twice.")
def _step_limits_move_one_way(case: QuestionnaireCase) -> Iterator[Found]:
    for placed, question in _of_kind(case, NumberQuestion):
        rises = isinstance(question.value_rule, StepsAtMost)
        key, way = ("at_most", "rise") if rises else ("at_least", "fall")
        for index, (before, after) in enumerate(pairwise(map(_limit, question.value_rule.steps)), start=1):
            if (after <= before) if rises else (after >= before):
                message = f"{key} {after} after {before}; limits must {way} from the best step on"
                yield placed.found(("value_rule", "steps", index, key), message)


@rule("Q026", "The points of a number's steps fall strictly.")
def _step_points_fall(case: QuestionnaireCase) -> Iterator[Found]:
    for placed, question in _of_kind(case, NumberQuestion):
        points = [step.points for step in question.value_rule.steps]
        for index, (before, after) in enumerate(pairwise(points), start=1):
            if after >= before:
                message = f"points {after:g} after {before:g}; points must fall from the best step on"
                yield placed.found(("value_rule", "steps", index, "points"), message)


@rule("Q027", "The points beyond the last step lie below those of the last step.")
def _otherwise_is_worst(case: QuestionnaireCase) -> Iterator[Found]:
    for placed, question in _of_kind(case, NumberQuestion):
        rest, last = question.value_rule.otherwise, question.value_rule.steps[-1].points
        if rest >= last:
            message = f"otherwise {rest:g} is not below the last step's points, {last:g}"
            yield placed.found(("value_rule", "otherwise"), message)


@rule("Q028", "The limits of a number's steps are numbers that may be answered.")
def _step_limits_may_be_answered(case: QuestionnaireCase) -> Iterator[Found]:
    for placed, question in _of_kind(case, NumberQuestion):
        low, high = question.limits.min, question.limits.max
        for index, limit in enumerate(map(_limit, question.value_rule.steps)):
            if low < high and not low <= limit <= high:
                message = f"step limit {limit} lies outside the question's limits, {low}..{high}"
                yield placed.found(("value_rule", "steps", index), message)


@rule("Q029", "No two special values of a number have the same id.")
def _special_values_are_unique(case: QuestionnaireCase) -> Iterator[Found]:
    for placed, question in _of_kind(case, NumberQuestion):
        for index, name in repeated(special.id for special in question.special_values):
            yield placed.found(("special_values", index, "id"), f"special value {name} stands twice")


@rule("Q030", "No two options of a set have the same id.")
def _set_options_are_unique(case: QuestionnaireCase) -> Iterator[Found]:
    for placed, question in _of_kind(case, SetQuestion):
        for index, name in repeated(option.id for option in question.options):
            yield placed.found(("options", index, "id"), f"option {name} stands twice")


@rule("Q031", "Options have penalties if the value rule subtracts, else points; never both.")
def _set_options_fit_the_rule(case: QuestionnaireCase) -> Iterator[Found]:
    for placed, question in _of_kind(case, SetQuestion):
        subtracts = isinstance(question.value_rule, StartMinusPenalties)
        wanted = "a penalty and no points" if subtracts else "points and no penalty"
        for index, option in enumerate(question.options):
            needed, other = option.points, option.penalty
            if subtracts:
                needed, other = other, needed
            if needed is None or other is not None:
                seen = f"points {shown(option.points)}, penalty {shown(option.penalty)}"
                message = f"option {option.id}: {seen}; {question.value_rule.type} needs {wanted}"
                yield placed.found(("options", index), message)


@rule("Q032", "What a set calls exclusive is one of its options.")
def _exclusive_options_exist(case: QuestionnaireCase) -> Iterator[Found]:
    for placed, question in _of_kind(case, SetQuestion):
        known = [option.id for option in question.options]
        for index, name in enumerate(question.value_rule.exclusive):
            if name not in known:
                message = f"exclusive {name} is no option; {allowed(known, 'options')}"
                yield placed.found(("value_rule", "exclusive", index), message, did_you_mean(name, known))


@rule("Q033", "A list question has exactly the five fields of a host list.")
def _list_fields_are_the_five(case: QuestionnaireCase) -> Iterator[Found]:
    for placed, question in _of_kind(case, ListQuestion):
        stated = [field.id for field in question.list_fields]
        if sorted(stated) != sorted(LIST_FIELDS):
            message = f"list_fields {shown(stated)} are not {', '.join(LIST_FIELDS)}"
            yield placed.found(("list_fields",), message)


@rule("Q034", "A host list's value rule has every case once.")
def _host_cases_stand_once(case: QuestionnaireCase) -> Iterator[Found]:
    for placed, question in _of_kind(case, ListQuestion):
        stated = [each.when for each in question.value_rule.cases]
        for index, when in repeated(stated):
            yield placed.found(("value_rule", "cases", index, "when"), f"case {shown(when)} stands twice")
        for when in HOST_CASES:
            if when not in stated:
                yield placed.found(("value_rule", "cases"), f"case {shown(when)} is missing; each is needed")


@rule("Q035", "The case of a host list that gives a share stands last, and all others give points.")
def _share_case_is_last(case: QuestionnaireCase) -> Iterator[Found]:
    for placed, question in _of_kind(case, ListQuestion):
        cases = question.value_rule.cases
        for index, each in enumerate(cases):
            if (each.when == HOST_CASES[-1]) != (index == len(cases) - 1):
                message = f"case {shown(each.when)} stands at place {index + 1} of {len(cases)}"
                hint = f"{shown(HOST_CASES[-1])} must stand last"
                yield placed.found(("value_rule", "cases", index, "when"), message, hint)
            if isinstance(each.points, str) and each.when != HOST_CASES[-1]:
                message = f"case {shown(each.when)} gives a share; allowed are points 0..100"
                yield placed.found(("value_rule", "cases", index, "points"), message)


def _unreachable(question: QuestionBase, value: float) -> str:
    """Return what is allowed, or "" if the value is a level of a scale or points of another kind."""
    if isinstance(question, ScaleQuestion):
        levels = [level.level for level in question.levels]
        return "" if value in levels else allowed(levels, "levels")
    return "" if 0 <= value <= _ALL_POINTS else "allowed are points 0..100"


@rule("Q036", "What holds if the function is absent is a level of the scale, else points in 0..100.")
def _absent_function_has_a_worth(case: QuestionnaireCase) -> Iterator[Found]:
    for placed in case.questions:
        value = placed.question.if_function_absent
        if value is not None and (why := _unreachable(placed.question, value)):
            yield placed.found(("if_function_absent",), f"if_function_absent {value}; {why}")


@rule("Q037", "What a passed lab test shows is a level of the scale, else points in 0..100.")
def _passed_test_shows_a_worth(case: QuestionnaireCase) -> Iterator[Found]:
    for placed in case.questions:
        test = placed.question.lab_test
        if test is not None and (why := _unreachable(placed.question, test.passing_shows)):
            yield placed.found(("lab_test", "passing_shows"), f"passing_shows {test.passing_shows}; {why}")
