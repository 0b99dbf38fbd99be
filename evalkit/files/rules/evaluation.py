"""Rules E001 to E010: options, vocabulary and waivers of an evaluation."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from evalkit.files.rules.registry import Found, Rulebook
from evalkit.files.rules.vocabulary import outside, stale_reference
from evalkit.files.rules.wording import allowed, did_you_mean, repeated

if TYPE_CHECKING:
    from collections.abc import Collection, Iterator, Mapping

    from evalkit.files.document import Document
    from evalkit.model.evaluation import Evaluation
    from evalkit.model.profile import Profile
    from evalkit.model.questionnaire import Questionnaire


@dataclass(frozen=True, slots=True)
class EvaluationCase:
    """An evaluation, its file, and what it refers to; ``deployments`` has deployment ids by product id."""

    evaluation: Evaluation
    document: Document
    questionnaire: Questionnaire
    profile: Profile | None
    deployments: Mapping[str, Collection[str]]

    @property
    def known_options(self) -> tuple[str, ...]:
        """Every option that there are answers for."""
        return tuple(f"{product}/{each}" for product, ids in self.deployments.items() for each in ids)

    @property
    def options(self) -> tuple[str, ...]:
        """The options compared."""
        return self.known_options if self.evaluation.options == "all" else self.evaluation.options


rule: Rulebook[EvaluationCase] = Rulebook()


@rule("E001", "An evaluation names the questionnaire and version that are installed.")
def _evaluation_is_for_the_questionnaire(case: EvaluationCase) -> Iterator[Found]:
    yield from stale_reference(case.questionnaire, ("questionnaire",), case.evaluation.questionnaire)


@rule("E002", "The options of an evaluation are deployments that there are answers for.")
def _options_exist(case: EvaluationCase) -> Iterator[Found]:
    known = case.known_options
    if case.evaluation.options == "all":
        return
    for index, option in enumerate(case.evaluation.options):
        if option not in known:
            message = f"options: {option} is unknown; {_nearby(case, option)}"
            yield Found(("options", index), message, did_you_mean(option, known))


@rule("E003", "An evaluation names each option once.")
def _options_stand_once(case: EvaluationCase) -> Iterator[Found]:
    if case.evaluation.options != "all":
        for index, option in repeated(case.evaluation.options):
            yield Found(("options", index), f"options: {option} stands twice; allowed is once")


@rule("E004", "An evaluation compares at least one option.")
def _there_are_options(case: EvaluationCase) -> Iterator[Found]:
    if not case.evaluation.options:
        yield Found(("options",), "options: the list is empty; name at least one option, or write all")


@rule("E005", "The data classes of an evaluation are those of the questionnaire.")
def _data_classes_exist(case: EvaluationCase) -> Iterator[Found]:
    words = ((("data_classes", i), word) for i, word in enumerate(case.evaluation.data_classes or ()))
    yield from outside(case.questionnaire, "data_classes", words, "data_classes")


@rule("E006", "The operating systems of an evaluation are those of the questionnaire.")
def _operating_systems_exist(case: EvaluationCase) -> Iterator[Found]:
    words = ((("operating_systems", i), w) for i, w in enumerate(case.evaluation.operating_systems or ()))
    yield from outside(case.questionnaire, "operating_systems", words, "operating_systems")


@rule("E007", "A waiver is for one of the options compared.")
def _waived_options_are_compared(case: EvaluationCase) -> Iterator[Found]:
    options = case.options
    for index, waiver in enumerate(case.evaluation.waivers):
        if waiver.option not in options:
            message = f"waivers: {waiver.option} is not compared; {allowed(options, 'options')}"
            yield Found(("waivers", index, "option"), message, did_you_mean(waiver.option, options))


@rule("E008", "A waiver is for a gate of the profile.")
def _waived_gates_exist(case: EvaluationCase) -> Iterator[Found]:
    if case.profile is None:
        return
    gates = [gate.question for gate in case.profile.gates]
    for index, waiver in enumerate(case.evaluation.waivers):
        if waiver.gate not in gates:
            message = f"waivers: {waiver.gate} is no gate of {case.profile.id}; {allowed(gates, 'gates')}"
            yield Found(("waivers", index, "gate"), message, did_you_mean(waiver.gate, gates))


@rule("E009", "Only mitigable gates are waived.")
def _waived_gates_are_mitigable(case: EvaluationCase) -> Iterator[Found]:
    if case.profile is None:
        return
    final = {gate.question for gate in case.profile.gates if not gate.mitigable}
    mitigable = [gate.question for gate in case.profile.gates if gate.mitigable]
    for index, waiver in enumerate(case.evaluation.waivers):
        if waiver.gate in final:
            known = allowed(mitigable, "mitigable gates")
            yield Found(("waivers", index, "gate"), f"waivers: the gate {waiver.gate} is final; {known}")


@rule("E010", "There is at most one waiver for an option and a gate.")
def _waivers_stand_once(case: EvaluationCase) -> Iterator[Found]:
    pairs = (f"{waiver.gate} for {waiver.option}" for waiver in case.evaluation.waivers)
    for index, pair in repeated(pairs):
        yield Found(("waivers", index), f"waivers: {pair} is waived twice; allowed is once")


def _nearby(case: EvaluationCase, option: str) -> str:
    product = option.partition("/")[0]
    if product not in case.deployments:
        return allowed(case.deployments, "products")
    return allowed([f"{product}/{each}" for each in case.deployments[product]], "options")
