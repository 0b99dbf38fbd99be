"""Rules A032 to A035: answers by deployment differ only where the question may vary."""

from __future__ import annotations

from typing import TYPE_CHECKING

from evalkit.files.rules.answers import AnswersCase, PlacedStatement, rule
from evalkit.files.rules.sameness import dimensions, standing
from evalkit.files.rules.wording import allowed, did_you_mean
from evalkit.model.records import identity

if TYPE_CHECKING:
    from collections.abc import Iterator

    from evalkit.files.rules.registry import Found
    from evalkit.files.rules.sameness import Key
    from evalkit.model.questionnaire import Question


@rule("A032", "Answers by deployment are for deployments of the product.")
def _overridden_deployments_exist(case: AnswersCase) -> Iterator[Found]:
    known = case.deployment_ids
    for placed in case.statements:
        if placed.deployment is not None and placed.deployment not in known:
            message = f"deployment {placed.deployment} is unknown; {allowed(known, 'deployments')}"
            yield placed.found((), message, did_you_mean(placed.deployment, known))


@rule("A033", "A question that does not vary has one answer for all deployments.")
def _fixed_questions_have_one_answer(case: AnswersCase) -> Iterator[Found]:
    for placed, question in _overrides(case):
        general = case.answers.answers[placed.question_id]
        if not dimensions(question.varies_by) and identity(placed.statement) != identity(general):
            message = "differs from the general answer, but the question varies by no dimension"
            yield placed.found((), message, "make it part of the general answer")


@rule("A034", "Two deployments with answers of their own that agree in what the question varies by agree.")
def _overrides_agree_where_they_must(case: AnswersCase) -> Iterator[Found]:
    deployments = {deployment.id: deployment for deployment in case.answers.deployments}
    first: dict[tuple[str, Key], PlacedStatement] = {}
    for placed, question in _overrides(case):
        if placed.deployment not in deployments or not dimensions(question.varies_by):
            continue
        group = standing(deployments[placed.deployment], question.varies_by)
        other = first.setdefault((placed.question_id, group), placed)
        if identity(other.statement) != identity(placed.statement):
            allows = ", ".join(dimensions(question.varies_by))
            message = f"differs from {other.deployment}, from which it may differ only by {allows}"
            yield placed.found((), message)


@rule("A035", "An answer by deployment differs from the general one only by what the question varies by.")
def _overrides_differ_where_they_may(case: AnswersCase) -> Iterator[Found]:
    deployments = {deployment.id: deployment for deployment in case.answers.deployments}
    for placed, question in _overrides(case):
        general = case.answers.answers[placed.question_id]
        if placed.deployment not in deployments or not dimensions(question.varies_by):
            continue
        if identity(placed.statement) == identity(general):
            continue
        own = standing(deployments[placed.deployment], question.varies_by)
        rest = [each for name, each in deployments.items() if name not in general.deployments]
        # One that differs is enough: which of several the general answer was written for is not recorded.
        if rest and all(standing(each, question.varies_by) == own for each in rest):
            allows = ", ".join(dimensions(question.varies_by))
            names = ", ".join(each.id for each in rest)
            message = (
                f"differs from the general answer for {names}, from which it may differ only by {allows}"
            )
            yield placed.found((), message)


def _overrides(case: AnswersCase) -> Iterator[tuple[PlacedStatement, Question]]:
    for placed in case.statements:
        if placed.deployment is not None and placed.question is not None:
            yield placed, placed.question
