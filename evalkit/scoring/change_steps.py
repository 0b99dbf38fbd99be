"""The way from one state of an evaluation to another, one kind of cause after the other.

Each state between is a whole evaluation that can be scored, so that what a step does to an option is a plain
difference, and all of them sum to the whole.
"""

from __future__ import annotations

from dataclasses import dataclass, replace
from typing import TYPE_CHECKING, Any

from evalkit.model.condition import AnswerCondition, leaves
from evalkit.scoring.gates import bar_of
from evalkit.scoring.worth import worth

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping

    from evalkit.model.answers import Answer, ProductAnswers, Statement
    from evalkit.model.change import Cause
    from evalkit.model.controls import Control, ControlFile
    from evalkit.model.evaluation import EvaluationInputs
    from evalkit.model.profile import Gate, Profile
    from evalkit.model.questionnaire import Question, Questionnaire


@dataclass(frozen=True, slots=True)
class Step:
    """A state on the way, and what was replaced to get there from the one before."""

    cause: Cause
    inputs: EvaluationInputs


def steps(a: EvaluationInputs, b: EvaluationInputs) -> tuple[Step, ...]:
    """Return the states from the one after ``a`` to ``b``: each replaces one thing more, and keeps the rest.

    The order is: questionnaire, profile, date, version of the products, facts, controls, waivers with the
    deadline, and then answers with their evidence. A step that replaces nothing is left out, but the last,
    whose cause is ``answer``, is always there. While only the questionnaire is replaced, what does not fit
    the new one is taken from ``b`` or left out: answers to questions that were retired, answers that a
    question no longer allows, gates on such questions, weights of new domains.
    """
    found: list[Step] = []
    state = a
    for cause, replaced in _STEPS:
        after = replaced(state, b)
        if after is not state:
            found.append(Step(cause, after))
            state = after
    return (*found, Step("answer", b))


def _questionnaire(state: EvaluationInputs, b: EvaluationInputs) -> EvaluationInputs:
    instrument = b.questionnaire
    if state.questionnaire == instrument:
        return state
    unfit = {product: _unfit(state, product, instrument) for product in state.answers}
    return replace(
        state,
        questionnaire=instrument,
        profile=_fitting_profile(state.profile, b.profile, instrument),
        answers={
            product: _fitting_answers(said, b.answers.get(product), unfit[product], instrument)
            for product, said in state.answers.items()
        },
        assessors={
            product: {
                name: _fitting_answers(
                    said, b.assessors.get(product, {}).get(name), unfit[product], instrument
                )
                for name, said in own.items()
            }
            for product, own in state.assessors.items()
        },
        controls={product: _fitting_controls(file, instrument) for product, file in state.controls.items()},
    )


def _unfit(state: EvaluationInputs, product: str, instrument: Questionnaire) -> frozenset[str]:
    """Return the questions of which some answer about a product is none that the new questionnaire allows."""
    files = (state.answers[product], *state.assessors.get(product, {}).values())
    return frozenset(
        question.id
        for question in instrument.questions
        if not all(_fits(file.answers.get(question.id), question) for file in files)
    )


def _fits(answer: Answer | None, question: Question) -> bool:
    said: tuple[Statement, ...] = () if answer is None else (answer, *answer.deployments.values())
    values = [value for each in said for value in (each.value, *(item.value for item in each.evidence))]
    return all(_allowed(question, value) for value in values if value is not None and value != ())


def _allowed(question: Question, value: Any) -> bool:  # noqa: ANN401 - any answer
    try:
        worth(question, value)
    except ValueError:
        return False
    return True


def _fitting_answers(
    said: ProductAnswers, later: ProductAnswers | None, unfit: frozenset[str], instrument: Questionnaire
) -> ProductAnswers:
    kept = {
        question: answer
        for question, answer in said.answers.items()
        if question in instrument.by_id and question not in unfit
    }
    if later is None:
        return said.model_copy(update={"answers": kept})
    taken = {question: answer for question, answer in later.answers.items() if question in unfit}
    sources = {**later.sources, **said.sources}
    return said.model_copy(update={"answers": kept | taken, "sources": sources})


def _fitting_profile(profile: Profile, later: Profile, instrument: Questionnaire) -> Profile:
    condition = profile.eligibility
    asked = (
        {leaf.answer for leaf in leaves(condition) if isinstance(leaf, AnswerCondition)} if condition else ()
    )
    changes = {
        "domain_weights": {
            domain.id: profile.domain_weights.get(domain.id, later.domain_weights[domain.id])
            for domain in instrument.domains
        },
        "gates": tuple(gate for gate in profile.gates if _gate_fits(gate, instrument)),
        "eligibility": condition if set(asked) <= instrument.by_id.keys() else later.eligibility,
    }
    return profile.model_copy(update=changes)


def _gate_fits(gate: Gate, instrument: Questionnaire) -> bool:
    question = instrument.by_id.get(gate.question)
    if question is None:
        return False
    try:
        bar_of(gate, question)
    except ValueError:
        return False
    return True


def _fitting_controls(file: ControlFile, instrument: Questionnaire) -> ControlFile:
    return file.model_copy(
        update={"controls": tuple(_fitting_control(it, instrument) for it in file.controls)}
    )


def _fitting_control(control: Control, instrument: Questionnaire) -> Control:
    kept = {
        name: mapping
        for name, mapping in control.questions.items()
        if (question := instrument.by_id.get(name)) is not None and _allowed(question, mapping.to)
    }
    return control.model_copy(update={"questions": kept})


def _profile(state: EvaluationInputs, b: EvaluationInputs) -> EvaluationInputs:
    return state if state.profile == b.profile else replace(state, profile=b.profile)


def _evaluation(*names: str) -> Callable[[EvaluationInputs, EvaluationInputs], EvaluationInputs]:
    def replaced(state: EvaluationInputs, b: EvaluationInputs) -> EvaluationInputs:
        changes = {name: getattr(b.evaluation, name) for name in names}
        if all(getattr(state.evaluation, name) == new for name, new in changes.items()):
            return state
        return replace(state, evaluation=state.evaluation.model_copy(update=changes))

    return replaced


def _versions(state: EvaluationInputs, b: EvaluationInputs) -> EvaluationInputs:
    return _products(state, b, _with_version)


def _facts(state: EvaluationInputs, b: EvaluationInputs) -> EvaluationInputs:
    return _evaluation("data_classes", "operating_systems")(_products(state, b, _with_facts), b)


def _products(
    state: EvaluationInputs,
    b: EvaluationInputs,
    changed: Callable[[ProductAnswers, ProductAnswers], ProductAnswers],
) -> EvaluationInputs:
    answers = _each(state.answers, b.answers, changed)
    assessors = {
        product: _each(own, _later_assessors(own, b, product), changed)
        for product, own in state.assessors.items()
    }
    if answers == state.answers and assessors == state.assessors:
        return state
    return replace(state, answers=answers, assessors=assessors)


def _later_assessors(
    own: Mapping[str, ProductAnswers], b: EvaluationInputs, product: str
) -> dict[str, ProductAnswers]:
    """Return what each assessor's file became; where there is none any more, what is agreed on."""
    there = b.assessors.get(product, {})
    agreed = b.answers.get(product)
    found = {name: there.get(name, agreed) for name in own}
    return {name: file for name, file in found.items() if file is not None}


def _each(
    old: Mapping[str, ProductAnswers],
    new: Mapping[str, ProductAnswers],
    changed: Callable[[ProductAnswers, ProductAnswers], ProductAnswers],
) -> dict[str, ProductAnswers]:
    return {name: changed(said, new[name]) if name in new else said for name, said in old.items()}


def _with_version(said: ProductAnswers, later: ProductAnswers) -> ProductAnswers:
    product = said.product.model_copy(update={"version": later.product.version})
    return said.model_copy(update={"product": product})


def _with_facts(said: ProductAnswers, later: ProductAnswers) -> ProductAnswers:
    known = {deployment.id: deployment for deployment in later.deployments}
    deployments = tuple(known.get(deployment.id, deployment) for deployment in said.deployments)
    return said.model_copy(update={"product": later.product, "deployments": deployments})


def _controls(state: EvaluationInputs, b: EvaluationInputs) -> EvaluationInputs:
    return state if state.controls == b.controls else replace(state, controls=b.controls)


_STEPS: tuple[tuple[Cause, Callable[[EvaluationInputs, EvaluationInputs], EvaluationInputs]], ...] = (
    ("questionnaire", _questionnaire),
    ("profile", _profile),
    ("date", _evaluation("as_of")),
    ("version", _versions),
    ("facts", _facts),
    ("controls", _controls),
    ("waivers", _evaluation("waivers", "deadline")),
)
