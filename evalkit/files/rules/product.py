"""Rules A001 to A010: the head of an answer file and the questions that it answers."""

from __future__ import annotations

from typing import TYPE_CHECKING

from evalkit.files.rules.answers import AnswersCase, rule
from evalkit.files.rules.registry import Found
from evalkit.files.rules.vocabulary import file_stem, outside, stale_reference
from evalkit.files.rules.wording import allowed, did_you_mean, repeated

if TYPE_CHECKING:
    from collections.abc import Iterator


@rule("A001", "Answers name the questionnaire and version that are installed.")
def _answers_are_for_the_questionnaire(case: AnswersCase) -> Iterator[Found]:
    yield from stale_reference(case.questionnaire, ("questionnaire",), case.answers.questionnaire)


@rule("A002", "The id of the product is the name of the file, up to the assessor.")
def _product_id_is_the_file_name(case: AnswersCase) -> Iterator[Found]:
    name = file_stem(case.document).partition(".")[0]
    if case.answers.product.id != name:
        yield Found(("product", "id"), f"product id {case.answers.product.id} is not the file's name, {name}")


@rule("A003", "The licence of the product is one of the questionnaire's.")
def _licence_exists(case: AnswersCase) -> Iterator[Found]:
    words = [(("product", "licence"), case.answers.product.licence)]
    yield from outside(case.questionnaire, "licence", words, "licence")


@rule("A004", "The operating systems of the product are among the questionnaire's.")
def _operating_systems_exist(case: AnswersCase) -> Iterator[Found]:
    stated = case.answers.product.operating_systems or ()
    words = ((("product", "operating_systems", index), word) for index, word in enumerate(stated))
    yield from outside(case.questionnaire, "operating_systems", words, "operating_systems")


@rule("A005", "The features of the product are among the questionnaire's.")
def _features_exist(case: AnswersCase) -> Iterator[Found]:
    stated = case.answers.product.features or ()
    words = ((("product", "features", index), word) for index, word in enumerate(stated))
    yield from outside(case.questionnaire, "features", words, "features")


@rule("A006", "The route of a deployment is one of the questionnaire's.")
def _routes_exist(case: AnswersCase) -> Iterator[Found]:
    for index, each in enumerate(case.answers.deployments):
        words = [(("deployments", index, "route"), each.route)]
        yield from outside(case.questionnaire, "routes", words, f"deployment {each.id}: route")


@rule("A007", "The surface of a deployment is one of the questionnaire's.")
def _surfaces_exist(case: AnswersCase) -> Iterator[Found]:
    for index, each in enumerate(case.answers.deployments):
        words = [(("deployments", index, "surface"), each.surface)]
        yield from outside(case.questionnaire, "surfaces", words, f"deployment {each.id}: surface")


@rule("A008", "The plan of a deployment is one of the questionnaire's.")
def _plans_exist(case: AnswersCase) -> Iterator[Found]:
    for index, each in enumerate(case.answers.deployments):
        words = [(("deployments", index, "plan"), each.plan)]
        yield from outside(case.questionnaire, "plan_type", words, f"deployment {each.id}: plan")


@rule("A009", "No two deployments have the same id.")
def _deployment_ids_are_unique(case: AnswersCase) -> Iterator[Found]:
    for index, deployment in repeated(case.deployment_ids):
        yield Found(("deployments", index, "id"), f"deployment {deployment} stands twice; ids are unique")


@rule("A010", "Answers are to questions that exist.")
def _answered_questions_exist(case: AnswersCase) -> Iterator[Found]:
    known = case.questionnaire.by_id
    for question in case.answers.answers:
        if question not in known:
            message = f"question {question} is unknown; {allowed(known, 'questions')}"
            yield Found(("answers", question), message, did_you_mean(question, known))
