"""Inputs that speak another language, to be shown and never to be scored."""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from evalkit.model.evaluation import EvaluationInputs
    from evalkit.model.questionnaire import Domain, Question
    from evalkit.model.translation import EvaluationTranslation, Translation


def translated(
    inputs: EvaluationInputs, translation: Translation | None, own: EvaluationTranslation | None = None
) -> EvaluationInputs:
    """Return inputs with other texts; ids, points, weights, conditions and hashes are the same.

    Parameters
    ----------
    translation
        Of their questionnaire; None where there is none, and it is shown as written.
    own
        Of the evaluation: its title, deployments and controls; None where there is none.
    """
    if own is not None:
        inputs = _evaluation(inputs, own)
    return inputs if translation is None else _instrument(inputs, translation)


def _evaluation(inputs: EvaluationInputs, own: EvaluationTranslation) -> EvaluationInputs:
    title = own.title or inputs.evaluation.title
    answers = {
        product: said.model_copy(
            update={
                "deployments": tuple(
                    it.model_copy(update={"name": own.of(it.name)}) for it in said.deployments
                )
            }
        )
        for product, said in inputs.answers.items()
    }
    controls = {
        product: file.model_copy(
            update={
                "controls": tuple(it.model_copy(update={"title": own.of(it.title)}) for it in file.controls)
            }
        )
        for product, file in inputs.controls.items()
    }
    evaluation = inputs.evaluation.model_copy(update={"title": title})
    return replace(inputs, evaluation=evaluation, answers=answers, controls=controls)


def _instrument(inputs: EvaluationInputs, translation: Translation) -> EvaluationInputs:
    questionnaire, profile = inputs.questionnaire, inputs.profile
    title = translation.title or questionnaire.header.title
    own = translation.profiles.get(profile.id)
    return replace(
        inputs,
        questionnaire=replace(
            questionnaire,
            header=questionnaire.header.model_copy(update={"title": title}),
            domains=tuple(_domain(domain, translation) for domain in questionnaire.domains),
        ),
        profile=profile
        if own is None
        else profile.model_copy(update={"title": own.title, "purpose": own.purpose}),
    )


def _domain(domain: Domain, translation: Translation) -> Domain:
    own = translation.domains.get(domain.id)
    changes: dict[str, Any] = {
        "questions": tuple(_question(question, translation) for question in domain.questions)
    }
    if own is not None:
        changes |= {"title": own.title, "seed": own.seed}
    return domain.model_copy(update=changes)


def _question(question: Question, translation: Translation) -> Question:
    of = translation.of
    changes: dict[str, Any] = {
        "title": translation.questions.get(question.id, question.title),
        "evidence": tuple(it.model_copy(update={"what": of(it.what)}) for it in question.evidence),
    }
    if question.remedy is not None:
        setting, clause = of(question.remedy.setting), of(question.remedy.clause)
        changes["remedy"] = question.remedy.model_copy(update={"setting": setting, "clause": clause})
    if question.kind == "scale":
        changes["levels"] = tuple(it.model_copy(update={"label": of(it.label)}) for it in question.levels)
    if question.kind == "set":
        changes["options"] = tuple(it.model_copy(update={"text": of(it.text)}) for it in question.options)
    return question.model_copy(update=changes)
