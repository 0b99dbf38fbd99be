"""Rules O009 to O015: what was observed, beside the questionnaire and the answers that it bears on."""

from __future__ import annotations

from dataclasses import dataclass
from functools import cached_property
from typing import TYPE_CHECKING, Final

from evalkit.files.rules.registry import Found, Rulebook
from evalkit.files.rules.wording import allowed, did_you_mean, shown
from evalkit.model.observation import Artefact
from evalkit.model.observed import named_in, says_other_version, version_of

if TYPE_CHECKING:
    from collections.abc import Collection, Iterator

    from evalkit.files.document import Document
    from evalkit.model.answers import ProductAnswers
    from evalkit.model.observation import Capture, Observation
    from evalkit.model.questionnaire import Questionnaire

_SUBJECT: Final = 0
"""Place of the subject among the records of a file; observations follow."""

_SUPPORTS: Final = frozenset({"present", "configured", "observed"})


@dataclass(frozen=True)
class ObservationsCase:
    """One file of observations, and what it refers to.

    Attributes
    ----------
    document : Document
        The file, whose places are those of its records by number.
    answers : ProductAnswers or None
        About the product; None where they were not read.
    products : collection of str
        Those of the evaluation.
    """

    subject: Artefact | Capture
    observations: tuple[Observation, ...]
    document: Document
    questionnaire: Questionnaire
    answers: ProductAnswers | None
    products: Collection[str]

    @property
    def numbered(self) -> Iterator[tuple[int, Observation]]:
        """The observations with their places in the document."""
        yield from enumerate(self.observations, start=_SUBJECT + 1)

    @cached_property
    def deployment_ids(self) -> tuple[str, ...]:
        """The product's deployments, where its answers are known."""
        return tuple(each.id for each in self.answers.deployments) if self.answers else ()


rule: Rulebook[ObservationsCase] = Rulebook()


@rule("O009", "A file of observations is about a product of the evaluation.")
def _products_are_known(case: ObservationsCase) -> Iterator[Found]:
    product = case.subject.product
    if product not in case.products:
        message = f"product {product} is unknown; {allowed(sorted(case.products), 'products')}"
        yield Found((_SUBJECT, "product"), message, did_you_mean(product, case.products))


@rule("O010", "Observations bear on questions of the questionnaire.")
def _questions_are_known(case: ObservationsCase) -> Iterator[Found]:
    known = case.questionnaire.by_id
    for place, observation in case.numbered:
        for question in observation.questions:
            if question not in known:
                message = f"{observation.id}: question {question} is unknown; {allowed(known, 'questions')}"
                yield Found((place, "questions"), message, did_you_mean(question, known))


@rule("O011", "Observations speak to deployments of their product.")
def _deployments_are_known(case: ObservationsCase) -> Iterator[Found]:
    known = case.deployment_ids
    if not known:
        return
    run = None if isinstance(case.subject, Artefact) else case.subject.run
    named = [(_SUBJECT, case.subject.id, run.deployment)] if run else []
    named += [(place, it.id, name) for place, it in case.numbered for name in it.deployments]
    for place, whose, name in named:
        if name not in known:
            message = f"{whose}: deployment {name} is unknown; {allowed(known, 'deployments')}"
            yield Found((place, "deployments"), message, did_you_mean(name, known))


@rule("O012", "What was seen in another version than the answers are about is marked stale.", is_advice=True)
def _other_versions_are_stale(case: ObservationsCase) -> Iterator[Found]:
    if case.answers is None or not says_other_version(case.subject, case.answers.product.version):
        return
    seen, stated = shown(version_of(case.subject)), shown(case.answers.product.version)
    for place, observation in case.numbered:
        if not observation.stale:
            message = (
                f"{observation.id}: marked not stale; it was seen in {seen}, and answers are of {stated}"
            )
            yield Found((place, "stale"), message, "look again: evalkit inspect or evalkit capture")


@rule("O013", "What a reviewer accepted stands in the answers, as evidence or as a remark.", is_advice=True)
def _accepted_is_filed(case: ObservationsCase) -> Iterator[Found]:
    if case.answers is None:
        return
    for place, observation in case.numbered:
        if observation.review.state == "accepted" and not named_in(case.answers, observation.id):
            message = f"{observation.id}: accepted, but neither evidence nor a remark of the answers names it"
            hint = "accept it again, or reject it: evalkit observations"
            yield Found((place, "review"), message, hint)


@rule("O014", "What was only mentioned, not found or not checkable supports nothing.")
def _supports_are_strong_enough(case: ObservationsCase) -> Iterator[Found]:
    for place, observation in case.numbered:
        if observation.relation == "supports" and observation.strength not in _SUPPORTS:
            message = (
                f"{observation.id}: {observation.strength} cannot support; {allowed(sorted(_SUPPORTS), 'it')}"
            )
            yield Found((place, "relation"), message)


@rule("O015", "A capture without its run only informs.")
def _captures_name_their_run(case: ObservationsCase) -> Iterator[Found]:
    if isinstance(case.subject, Artefact) or case.subject.run is not None:
        return
    for place, observation in case.numbered:
        if observation.relation != "informs":
            message = f"{observation.id}: {observation.relation}, but nobody knows what was run"
            yield Found((place, "relation"), message, "give the run's manifest with evalkit capture --run")
