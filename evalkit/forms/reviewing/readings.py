"""What the evidence of single statements is worth, for the deployments that each of them serves."""

from __future__ import annotations

from dataclasses import replace
from functools import cached_property
from typing import TYPE_CHECKING

from evalkit.model.evaluation import Option
from evalkit.model.records import GENERAL
from evalkit.model.values import RANK
from evalkit.scoring.applicability import masks
from evalkit.scoring.evidence import read_evidence
from evalkit.scoring.gates import bar_of, better, gate_of
from evalkit.scoring.score import readings_of

if TYPE_CHECKING:
    from collections.abc import Mapping

    from evalkit.model.answers import ProductAnswers
    from evalkit.model.evaluation import EvaluationInputs
    from evalkit.model.questionnaire import Question
    from evalkit.model.scorecard import GateOutcome
    from evalkit.scoring.evidence import Reading


class Readings:
    """Readings of one product's statements by the evaluation's profile.

    Parameters
    ----------
    broken
        Questions whose answer breaks a rule; nothing can be read of those.
    """

    def __init__(
        self, inputs: EvaluationInputs, product: str, answers: ProductAnswers, broken: frozenset[str]
    ) -> None:
        sound = {name: said for name, said in answers.answers.items() if name not in broken}
        self.answers = answers.model_copy(update={"answers": sound})
        self.inputs = replace(inputs, answers={product: self.answers})
        self._broken = broken
        self._gates = {gate.question: gate for gate in inputs.profile.gates}

    def serves(self, question_id: str, scope: str) -> tuple[str, ...]:
        """Return the deployments for which a statement counts, in the order of the file."""
        if scope != GENERAL:
            return (scope,)
        answer = self.answers.answers.get(question_id)
        own = answer.deployments if answer else {}
        return tuple(each.id for each in self.answers.deployments if each.id not in own)

    def weakest(self, question: Question, scope: str) -> Reading | None:
        """Return how a statement reads where its evidence is weakest; None where it breaks a rule.

        One that serves no deployment is read for the first one.
        """
        return min(self._read(question, scope).values(), key=_strength, default=None)

    def gate(self, question: Question, scope: str) -> GateOutcome | str:
        """Return the worst outcome of the gate on a question; ``""`` where there is none."""
        gate = self._gates.get(question.id)
        found = [
            gate_of(
                self.inputs,
                Option(self.answers, self.answers.deployment(deployment)),
                bar_of(gate, question),
                self._applies[deployment],
                reading,
            )
            for deployment, reading in self._read(question, scope).items()
            if gate is not None
        ]
        telling = [each for each in found if each != "not-applicable"]
        if not telling:
            return found[0] if found else ""
        worst = telling[0]
        for other in telling[1:]:
            worst = other if better(worst, other) == worst else worst
        return worst

    def _read(self, question: Question, scope: str) -> Mapping[str, Reading]:
        answer = self.answers.answers.get(question.id)
        if answer is None:
            return {}
        statement = answer if scope == GENERAL else answer.deployments[scope]
        return {
            deployment: read_evidence(
                question,
                statement,
                answers=self.answers,
                deployment_id=deployment,
                table=self.inputs.profile.evidence,
                as_of=self.inputs.evaluation.as_of,
            )
            for deployment in self.serves(question.id, scope) or (self.answers.deployments[0].id,)
        }

    @cached_property
    def _applies(self) -> Mapping[str, Mapping[str, bool]]:
        """Which questions apply, by deployment; all where an option is not eligible."""
        found = {}
        for deployment in self.answers.deployments:
            option = Option(self.answers, deployment)
            readings = readings_of(self.inputs, option, self.inputs.profile.evidence)
            found[deployment.id] = masks(self.inputs, option, readings) or dict.fromkeys(readings, True)
        return found


def _strength(reading: Reading) -> tuple[int, bool, bool]:
    return RANK[reading.evidence_class], not reading.stale, not reading.disputed
