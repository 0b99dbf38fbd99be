"""What each answer to a gate's question would do to the gate, said before it is chosen."""

from __future__ import annotations

from dataclasses import dataclass, replace
from typing import TYPE_CHECKING, Any, Final

from evalkit.model.answers import Answer, EvidenceItem, Statement
from evalkit.model.evaluation import Option
from evalkit.model.questionnaire import NumberQuestion, ScaleQuestion, SetQuestion
from evalkit.scoring.applicability import masks
from evalkit.scoring.enforcement import enforceable
from evalkit.scoring.evidence import read_evidence
from evalkit.scoring.gates import bar_of, gate_of
from evalkit.scoring.score import readings_of
from evalkit.views.wording import wording

if TYPE_CHECKING:
    from collections.abc import Iterator

    from evalkit.forms.answering.standing import Standing
    from evalkit.model.answers import RawValue
    from evalkit.model.profile import Gate
    from evalkit.model.questionnaire import Question
    from evalkit.model.scorecard import GateOutcome
    from evalkit.model.values import EvidenceClass
    from evalkit.scoring.enforcement import Enforced

Json = dict[str, Any]

_SUPPOSED: Final = "supposed"


@dataclass(frozen=True, slots=True)
class _Place:
    """A deployment, as far as effects need it, and what an administrator can enforce in it."""

    standing: Standing
    enforced: tuple[Enforced, ...]


def gate_effects(standing: Standing) -> Json:
    """Return the outcome of every gate at every answer that its question offers, by question and scope.

    The scope is ``*`` for the general answer and a deployment's id for an answer of its own; it is asked what
    that does to an option that it serves. Each answer is taken on the evidence that stands in that scope;
    where there is none, on evidence of the class needed. A tick is taken with those that stand.
    """
    places = {standing.option.deployment.id: _place(standing)}
    return {
        gate.question: _by_scope(places, standing, gate)
        for gate in standing.inputs.profile.gates
        if standing.applies[gate.question]
    }


def _by_scope(places: dict[str, _Place], looked_at: Standing, gate: Gate) -> dict[str, list[Json]]:
    answers = looked_at.option.answers
    answer = answers.answers.get(gate.question, Answer())
    here = looked_at.option.deployment.id
    served = [here, *(each.id for each in answers.deployments)]
    of = {"*": next((each for each in served if each not in answer.deployments), here)}
    of |= {scope: scope for scope in answer.deployments if scope in served}
    scopes: dict[str, Statement] = {"*": answer, **answer.deployments}
    return {
        scope: _effects(
            _placed(places, looked_at, deployment), gate, scopes[scope], is_here=deployment == here
        )
        for scope, deployment in of.items()
    }


def _place(standing: Standing) -> _Place:
    inputs, option = standing.inputs, standing.option
    controls = inputs.controls.get(option.answers.product.id)
    return _Place(standing, enforceable(controls, option, inputs.evaluation, inputs.questionnaire))


def _placed(places: dict[str, _Place], looked_at: Standing, deployment: str) -> _Place:
    """Return the place of a deployment of the product."""
    if deployment not in places:
        inputs, answers = looked_at.inputs, looked_at.option.answers
        option = Option(answers, answers.deployment(deployment))
        readings = readings_of(inputs, option, inputs.profile.evidence)
        applies = masks(inputs, option, readings) or dict.fromkeys(readings, True)
        there = replace(looked_at, option=option, readings=readings, applies=applies)
        places[deployment] = _place(there)
    return places[deployment]


def _effects(place: _Place, gate: Gate, said: Statement, *, is_here: bool) -> list[Json]:
    standing = place.standing
    question = standing.inputs.questionnaire.by_id[gate.question]
    whom = "this option" if is_here else standing.option.deployment.name
    effects = []
    for choice, value in _offered(question, said.value):
        result = _outcome(standing, gate, question, value, said.evidence)
        text = _text(place, gate, said, value, result, whom)
        effects.append({"value": choice, "result": result, "text": text})
    return effects


def _offered(question: Question, now: RawValue | None) -> Iterator[tuple[int | str, RawValue]]:
    """Yield each choice with the value that the answer would have with it."""
    match question:
        case ScaleQuestion():
            yield from ((level.level, level.level) for level in question.levels)
        case NumberQuestion():
            yield from ((special.id, special.id) for special in question.special_values)
        case SetQuestion():
            exclusive = question.value_rule.exclusive
            ticked = now if isinstance(now, tuple) else ()
            kept = tuple(each for each in ticked if each not in exclusive)
            for option in question.options:
                others = () if option.id in exclusive else tuple(it for it in kept if it != option.id)
                yield option.id, (*others, option.id)
        case _:
            return


def _outcome(
    standing: Standing, gate: Gate, question: Question, value: RawValue, evidence: tuple[EvidenceItem, ...]
) -> GateOutcome:
    """Return what a gate would say to a value, the items that state another value set aside."""
    inputs, option = standing.inputs, standing.option
    items = tuple(item.model_copy(update={"value": None}) for item in evidence) or (
        _evidence_of(gate.needs, standing),
    )
    reading = read_evidence(
        question,
        Statement(value=value, evidence=items),
        answers=option.answers,
        deployment_id=option.deployment.id,
        table=inputs.profile.evidence,
        as_of=inputs.evaluation.as_of,
    )
    return gate_of(inputs, option, bar_of(gate, question), standing.applies, reading)


def _evidence_of(needed: EvidenceClass, standing: Standing) -> EvidenceItem:
    return EvidenceItem(
        evidence_class=needed,
        source=_SUPPOSED,
        collected=standing.inputs.evaluation.as_of,
        version=standing.option.answers.product.version,
    )


def _text(  # noqa: PLR0913, PLR0917 - a gate, an answer to it, and what follows for whom
    place: _Place, gate: Gate, said: Statement, value: RawValue, result: GateOutcome, whom: str
) -> str:
    standing = place.standing
    question = standing.inputs.questionnaire.by_id[gate.question]
    needed = f"{wording.CLASS[gate.needs]} evidence"
    if result == "open":
        proven = _outcome(standing, gate, question, value, (_evidence_of(gate.needs, standing),))
        then = "passes" if proven == "pass" else "fails"
        return f"Leaves the gate open: {needed} is needed, on which it {then}"
    if result == "waived":
        return f"The gate is waived for {whom}"
    if result == "pass":
        follows = "passes the gate"
    elif gate.mitigable:
        follows = "fails the gate, so a condition or a waiver is needed"
    elif controls := _lifting(place, gate):
        follows = f"fails the gate, unless {' or '.join(controls)} is enforced"
    else:
        follows = f"fails a final gate, which excludes {whom}"
    return follows[:1].upper() + follows[1:] if said.evidence else f"On {needed}: {follows}"


def _lifting(place: _Place, gate: Gate) -> list[str]:
    """Return the controls that an administrator can enforce here and that reach the bar by themselves."""
    bar = bar_of(gate, place.standing.inputs.questionnaire.by_id[gate.question])
    return [
        each.control
        for each in place.enforced
        if each.question == gate.question and bar.reached_by_worth(each.v)
    ]
