"""A small evaluation with open records of each kind, and its ask-list."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from evalkit.model.questionnaire import EvidenceWanted, LabTest, Questionnaire
from evalkit.scoring.information import value_of_information
from evalkit.views.ask import ask_rows
from tests.scoring import builders as build

if TYPE_CHECKING:
    from evalkit.model.evaluation import EvaluationInputs
    from evalkit.model.questionnaire import Question
    from evalkit.views.ask import AskRow

WANTED = (
    EvidenceWanted(kind="claim", what="A sentence."),
    EvidenceWanted(kind="documented", what="A page."),
    EvidenceWanted(kind="contract", what="A clause."),
    EvidenceWanted(kind="tested", what="A log."),
)


def lab(needs: tuple[str, ...], minutes: int, shows: int = 4) -> LabTest:
    return LabTest(
        needs=needs,
        steps=("First.", "Then."),
        pass_if="It holds.",  # noqa: S106 - no password
        passing_shows=shows,
        minutes=minutes,
    )


def told(asked: Question, **parts: Any) -> Any:  # noqa: ANN401 - a question of any kind
    return asked.model_copy(update=parts)


def small() -> EvaluationInputs:
    """Two deployments; AAA-01 is open in both apart, AAA-02 refused, BBB-01 a number that no lab tests."""
    instrument = build.questionnaire(
        {
            "aaa": [
                told(
                    build.scale("AAA-01"),
                    question="Who sees it?",
                    why="It is ours.",
                    evidence=WANTED,
                    lab_test=lab(("vm", "clock"), 50),
                ),
                told(
                    build.scale("AAA-02", strongest="contract"),
                    question="For how long?",
                    evidence=WANTED,
                    lab_test=lab(("vm", "proxy"), 25),
                ),
            ],
            "bbb": [
                told(build.number("BBB-01", ((0, 100), (30, 50)), weight=3), question="How many days?"),
                told(build.number("BBB-02", ((0, 100),)), lab_test=lab((), 5, 60)),
            ],
        }
    )
    header = instrument.header.model_copy(
        update={"lab_kit": {"clock": "Moves time.", "vm": "Throw-away machine.", "unused": "No."}}
    )
    said = {
        "AAA-01": build.answer(3, "documented", deployments={"b": build.statement(state="unknown")}),
        "AAA-02": build.answer(state="refused"),
        "BBB-01": build.answer(7, "claim"),
        "BBB-02": build.answer(state="unknown"),
    }
    said["AAA-01"] = said["AAA-01"].model_copy(update={"finding": "Page 7 says so."})
    places = [build.deployment("a"), build.deployment("b")]
    policy = build.profile({"aaa": 1, "bbb": 1}, limits=build.thresholds(0.6))
    return build.inputs(
        Questionnaire(header, instrument.domains),
        policy,
        build.product_answers(said, deployments=places),
        deadline=build.AS_OF,
    )


def rows_of(inputs: EvaluationInputs) -> tuple[AskRow, ...]:
    return ask_rows(inputs, value_of_information(inputs))


def row_of(inputs: EvaluationInputs, question: str, scope: str = "*") -> AskRow:
    return next(it for it in rows_of(inputs) if (it.question.id, it.value.scope) == (question, scope))
