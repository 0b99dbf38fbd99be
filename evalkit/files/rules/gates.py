"""Rules P020 to P028: the bar of a gate is one that its question can reach or miss."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Final

from evalkit.files.rules.profile import ProfileCase, rule
from evalkit.files.rules.registry import Found
from evalkit.files.rules.wording import allowed, did_you_mean, repeated
from evalkit.model.questionnaire import NumberQuestion, ScaleQuestion, SetQuestion, StepsAtMost
from evalkit.model.values import RANK

if TYPE_CHECKING:
    from collections.abc import Iterator

    from evalkit.model.profile import Gate
    from evalkit.model.questionnaire import Question

BARS: Final = ("at_least", "at_most", "includes_any")
_BARS_OF_KIND: Final[dict[str, tuple[str, ...]]] = {
    "scale": ("at_least",),
    "number": ("at_least", "at_most"),
    "set": ("includes_any",),
    "list": (),
}


@dataclass(frozen=True, slots=True)
class _PlacedGate:
    gate: Gate
    question: Question
    index: int

    @property
    def bars(self) -> tuple[str, ...]:
        return _bars(self.gate)

    def found(self, key: str, message: str, hint: str = "") -> Found:
        return Found(("gates", self.index, key), f"gate {self.gate.question}: {message}", hint)


def _bars(gate: Gate) -> tuple[str, ...]:
    return tuple(bar for bar in BARS if getattr(gate, bar) is not None)


def _placed(case: ProfileCase) -> Iterator[_PlacedGate]:
    for index, gate in enumerate(case.profile.gates):
        question = case.questionnaire.by_id.get(gate.question)
        if question is not None:
            yield _PlacedGate(gate, question, index)


@rule("P020", "A gate is on a question that exists.")
def _gated_questions_exist(case: ProfileCase) -> Iterator[Found]:
    known = case.questionnaire.by_id
    for index, gate in enumerate(case.profile.gates):
        if gate.question not in known:
            message = f"gate {gate.question}: the question is unknown; {allowed(known, 'questions')}"
            yield Found(("gates", index, "question"), message, did_you_mean(gate.question, known))


@rule("P021", "A question has at most one gate.")
def _one_gate_per_question(case: ProfileCase) -> Iterator[Found]:
    for index, question in repeated(gate.question for gate in case.profile.gates):
        message = f"gate {question}: the question already has a gate; allowed is one"
        yield Found(("gates", index, "question"), message)


@rule("P022", "A gate has exactly one bar: at_least, at_most or includes_any.")
def _gates_have_one_bar(case: ProfileCase) -> Iterator[Found]:
    for index, gate in enumerate(case.profile.gates):
        bars = _bars(gate)
        if len(bars) != 1:
            seen = " and ".join(bars) or "no bar"
            message = f"gate {gate.question}: {seen}; allowed is exactly one of {', '.join(BARS)}"
            yield Found(("gates", index), message)


@rule("P023", "The bar of a gate fits the kind of the question; lists have none.")
def _bars_fit_the_kind(case: ProfileCase) -> Iterator[Found]:
    for placed in _placed(case):
        fitting = _BARS_OF_KIND[placed.question.kind]
        for bar in placed.bars:
            if bar not in fitting:
                message = f"{bar} on a {placed.question.kind} question; {allowed(fitting, 'bars for lists')}"
                yield placed.found(bar, message)


@rule("P024", "The bar of a gate on a scale is one of its levels.")
def _scale_bars_are_levels(case: ProfileCase) -> Iterator[Found]:
    for placed in _placed(case):
        question, bar = placed.question, placed.gate.at_least
        if not isinstance(question, ScaleQuestion) or bar is None:
            continue
        levels = [level.level for level in question.levels]
        if bar not in levels:
            yield placed.found("at_least", f"at_least {bar} is no level; {allowed(levels, 'levels')}")


@rule("P025", "The bar of a gate on a number points the way of its value rule.")
def _number_bars_point_the_same_way(case: ProfileCase) -> Iterator[Found]:
    for placed in _placed(case):
        if isinstance(placed.question, NumberQuestion):
            wanted = _direction(placed.question)
            for bar in placed.bars:
                if bar in ("at_least", "at_most") and bar != wanted:
                    rule_type = placed.question.value_rule.type
                    yield placed.found(bar, f"{bar}, but the value rule is {rule_type}; allowed is {wanted}")


@rule("P026", "The bar of a gate on a number is the limit of one of its steps.")
def _number_bars_are_step_limits(case: ProfileCase) -> Iterator[Found]:
    for placed in _placed(case):
        if not isinstance(placed.question, NumberQuestion):
            continue
        key = _direction(placed.question)
        bar = getattr(placed.gate, key)
        limits = [getattr(step, key) for step in placed.question.value_rule.steps]
        if bar is not None and bar not in limits:
            yield placed.found(key, f"{key} {bar} is the limit of no step; {allowed(limits, 'steps')}")


@rule("P027", "The bar of a gate on a set names options of the set.")
def _set_bars_are_options(case: ProfileCase) -> Iterator[Found]:
    for placed in _placed(case):
        if not isinstance(placed.question, SetQuestion):
            continue
        options = [option.id for option in placed.question.options]
        for name in placed.gate.includes_any or ():
            if name not in options:
                message = f"includes_any {name} is no option; {allowed(options, 'options')}"
                yield placed.found("includes_any", message, did_you_mean(name, options))


@rule("P028", "The evidence that a gate needs does not rank above the question's strongest proof.")
def _needed_evidence_can_exist(case: ProfileCase) -> Iterator[Found]:
    for placed in _placed(case):
        needs, strongest = placed.gate.needs, placed.question.strongest_proof
        if RANK[needs] > RANK[strongest]:
            known = allowed([name for name in RANK if 0 < RANK[name] <= RANK[strongest]], "classes")
            yield placed.found(
                "needs", f"needs {needs} ranks above the strongest proof, {strongest}; {known}"
            )


def _direction(question: NumberQuestion) -> str:
    return "at_most" if isinstance(question.value_rule, StepsAtMost) else "at_least"
