"""What a rule about controls looks at, and rules C001 to C008 on heads and closed lists."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from evalkit.files.rules.registry import Found, Rulebook
from evalkit.files.rules.vocabulary import file_stem, outside, stale_reference
from evalkit.files.rules.wording import allowed, did_you_mean

if TYPE_CHECKING:
    from collections.abc import Collection, Iterator

    from evalkit.files.document import At, Document
    from evalkit.model.controls import ConditionCatalogue, Control, ControlFile
    from evalkit.model.questionnaire import Questionnaire


@dataclass(frozen=True, slots=True)
class CatalogueCase:
    """The closed lists of conditions, their file and the questionnaire."""

    catalogue: ConditionCatalogue
    document: Document
    questionnaire: Questionnaire


@dataclass(frozen=True, slots=True)
class ControlsCase:
    """The controls of a product, their file, the questionnaire, and the closed lists if they are there."""

    controls: ControlFile
    document: Document
    questionnaire: Questionnaire
    catalogue: ConditionCatalogue | None

    def placed(self) -> Iterator[tuple[Control, At]]:
        """Yield every control with its place."""
        for index, control in enumerate(self.controls.controls):
            yield control, ("controls", index)

    @property
    def control_ids(self) -> tuple[str, ...]:
        """The ids of the controls in the order of the file."""
        return tuple(control.id for control in self.controls.controls)


catalogue_rule: Rulebook[CatalogueCase] = Rulebook()
rule: Rulebook[ControlsCase] = Rulebook()


@catalogue_rule("C001", "The list of conditions names the questionnaire and version that are installed.")
def _catalogue_is_for_the_questionnaire(case: CatalogueCase) -> Iterator[Found]:
    yield from stale_reference(case.questionnaire, ("questionnaire",), case.catalogue.questionnaire)


@catalogue_rule("C002", "Conditions bear on questions that exist.")
def _bearing_questions_exist(case: CatalogueCase) -> Iterator[Found]:
    known = case.questionnaire.by_id
    for name, condition in case.catalogue.conditions.items():
        for index, question in enumerate(condition.questions):
            if question not in known:
                message = f"{name}: question {question} is unknown; {allowed(known, 'questions')}"
                at = ("conditions", name, "questions", index)
                yield Found(at, message, did_you_mean(question, known))


@rule("C003", "The product of a control file is the name of the file.")
def _product_is_the_file_name(case: ControlsCase) -> Iterator[Found]:
    stem = file_stem(case.document)
    if case.controls.product != stem:
        yield Found(("product",), f"product {case.controls.product} is not the file's name, {stem}")


@rule("C004", "The surfaces and routes that a control file speaks about are the questionnaire's.")
def _heads_use_the_vocabulary(case: ControlsCase) -> Iterator[Found]:
    for fact in ("surfaces", "routes"):
        stated: tuple[str, ...] = getattr(case.controls, fact)
        words = (((fact, index), word) for index, word in enumerate(stated))
        yield from outside(case.questionnaire, fact, words, fact)


def _unlisted(known: Collection[str], at: At, name: str, word: str, noun: str) -> Iterator[Found]:
    if word not in known:
        message = f"{name}: {word} is unknown; {allowed(known, noun)}"
        yield Found(at, message, did_you_mean(word, known))


@rule("C005", "Controls bring about conditions of the closed list.")
def _conditions_are_listed(case: ControlsCase) -> Iterator[Found]:
    if case.catalogue is None:
        return
    for control, at in case.placed():
        for index, name in enumerate(control.conditions):
            place = (*at, "conditions", index)
            yield from _unlisted(case.catalogue.conditions, place, control.id, name, "conditions")


@rule("C006", "Files and targets use mechanisms of the closed list.")
def _mechanisms_are_listed(case: ControlsCase) -> Iterator[Found]:
    if case.catalogue is None:
        return
    known = case.catalogue.mechanisms
    for key, file in case.controls.files.items():
        yield from _unlisted(known, ("files", key, "mechanism"), f"file {key}", file.mechanism, "mechanisms")
    for control, at in case.placed():
        for index, target in enumerate(control.targets):
            place = (*at, "targets", index, "mechanism")
            yield from _unlisted(known, place, control.id, target.mechanism, "mechanisms")


@rule("C007", "Endpoints and parameters have purposes of the closed list.")
def _purposes_are_listed(case: ControlsCase) -> Iterator[Found]:
    if case.catalogue is None:
        return
    known = case.catalogue.purposes
    for name, parameter in case.controls.parameters.items():
        if parameter.egress is not None:
            at: At = ("parameters", name, "egress")
            yield from _unlisted(known, at, f"parameter {name}", parameter.egress, "purposes")
    for index, endpoint in enumerate(case.controls.endpoints):
        for position, purpose in enumerate(endpoint.purpose):
            at = ("endpoints", index, "purpose", position)
            yield from _unlisted(known, at, f"endpoint {endpoint.hosts[0]}", purpose, "purposes")


@rule("C008", "Controls and endpoints cite sources that the file lists.")
def _cited_sources_exist(case: ControlsCase) -> Iterator[Found]:
    known = case.controls.sources
    for control, at in case.placed():
        for index, cited in enumerate(control.sources):
            place = (*at, "sources", index, "source")
            yield from _unlisted(known, place, control.id, cited.source, "sources")
    for index, endpoint in enumerate(case.controls.endpoints):
        for position, cited in enumerate(endpoint.sources):
            place = ("endpoints", index, "sources", position, "source")
            yield from _unlisted(known, place, f"endpoint {endpoint.hosts[0]}", cited.source, "sources")
