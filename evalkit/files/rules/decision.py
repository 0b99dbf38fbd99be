"""Rules D001 to D016: what a board's decision may say."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from evalkit.files.rules.registry import Found, Rulebook
from evalkit.files.rules.wording import allowed, did_you_mean, repeated
from evalkit.model.decision import TAKES_CONDITIONS
from evalkit.model.people import same_person

if TYPE_CHECKING:
    from collections.abc import Iterator

    from evalkit.files.document import At, Document
    from evalkit.model.decision import DecidedCondition, DecidedWaiver, Decision, DecisionRecord
    from evalkit.model.evaluation import EvaluationInputs


@dataclass(frozen=True, slots=True)
class DecisionCase:
    """What was decided, its file, and today's inputs where they can be used."""

    record: DecisionRecord
    document: Document
    inputs: EvaluationInputs | None

    @property
    def every(self) -> Iterator[tuple[At, Decision]]:
        """Every decision, superseded ones too, and where it stands."""
        for index, decision in enumerate(self.record.decisions):
            yield ("decisions", index), decision
        for index, old in enumerate(self.record.superseded):
            yield ("superseded", index), old

    @property
    def on_inputs_of_today(self) -> Iterator[tuple[At, Decision, EvaluationInputs]]:
        """Every decision that was taken on today's inputs: only these can be held against them."""
        if self.inputs is None:
            return
        for at, decision in self.every:
            basis = self.record.bases.get(decision.basis)
            if basis is not None and basis.inputs == dict(self.inputs.hashes):
                yield at, decision, self.inputs

    @property
    def conditions(self) -> Iterator[tuple[At, Decision, DecidedCondition]]:
        """Every condition with its decision."""
        for at, decision in self.every:
            for index, condition in enumerate(decision.conditions):
                yield (*at, "conditions", index), decision, condition

    @property
    def waivers(self) -> Iterator[tuple[At, Decision, DecidedWaiver]]:
        """Every waiver with its decision."""
        for at, decision in self.every:
            for index, waiver in enumerate(decision.waivers):
                yield (*at, "waivers", index), decision, waiver


rule: Rulebook[DecisionCase] = Rulebook()


@rule("D001", "Decisions lie in the folder of the evaluation that they are about.")
def _is_for_the_evaluation(case: DecisionCase) -> Iterator[Found]:
    if case.inputs is not None and case.record.evaluation != case.inputs.evaluation.id:
        message = f"evaluation: {case.record.evaluation} is not this one, {case.inputs.evaluation.id}"
        yield Found(("evaluation",), message)


@rule("D002", "A decision is about an option that the evaluation compares.")
def _options_are_compared(case: DecisionCase) -> Iterator[Found]:
    for at, decision, inputs in case.on_inputs_of_today:
        options = [option.id for option in inputs.options()]
        if decision.option not in options:
            message = f"option: {decision.option} is not compared; {allowed(options, 'options')}"
            yield Found((*at, "option"), message, did_you_mean(decision.option, options))


@rule("D003", "An option is decided on once; what was decided before stands under superseded.")
def _options_are_decided_once(case: DecisionCase) -> Iterator[Found]:
    for index, option in repeated(decision.option for decision in case.record.decisions):
        message = f"{option} is decided on twice; allowed is once"
        yield Found(("decisions", index, "option"), message, "move the older one to superseded")


@rule("D004", "A verdict other than evalkit's has a reason.")
def _another_verdict_has_a_reason(case: DecisionCase) -> Iterator[Found]:
    for at, decision in case.every:
        if decision.overrules and decision.reason is None:
            seen = f"verdict {decision.verdict}, where evalkit says {decision.evalkit.verdict}"
            yield Found((*at, "verdict"), f"{decision.option}: {seen}, needs a reason", "add reason: …")


@rule("D005", "An option that is approved as it stands, or rejected, has no conditions.")
def _some_verdicts_have_no_conditions(case: DecisionCase) -> Iterator[Found]:
    for at, decision in case.every:
        if decision.conditions and decision.verdict not in TAKES_CONDITIONS:
            message = f"{decision.option}: conditions beside the verdict {decision.verdict}"
            hint = f"allowed with {' and '.join(sorted(TAKES_CONDITIONS))}"
            yield Found((*at, "conditions"), message, hint)


@rule("D006", "An option that is approved with conditions has at least one.")
def _conditional_approval_has_conditions(case: DecisionCase) -> Iterator[Found]:
    for at, decision in case.every:
        if decision.verdict == "approve-with-conditions" and not decision.conditions:
            message = (
                f"{decision.option}: approve-with-conditions without a condition; at least one is needed"
            )
            yield Found((*at, "verdict"), message)


@rule("D007", "A condition is one that evalkit named for the option, or says what is to be done.")
def _conditions_are_known(case: DecisionCase) -> Iterator[Found]:
    for at, decision, condition in case.conditions:
        known = decision.evalkit.conditions
        if condition.id is None and condition.text is None:
            yield Found(at, f"{decision.option}: a condition has neither id nor text; one is needed")
        elif condition.id is not None and condition.id not in known:
            message = f"{decision.option}: condition {condition.id} is none of evalkit's;"
            told = allowed(known, "conditions of evalkit for it")
            hint = did_you_mean(condition.id, known) or "what is not evalkit's has text and no id"
            yield Found((*at, "id"), f"{message} {told}", hint)


@rule("D008", "A condition stands once for an option.")
def _conditions_stand_once(case: DecisionCase) -> Iterator[Found]:
    for at, decision in case.every:
        for index, name in repeated(it.id or it.text or "" for it in decision.conditions):
            message = f"{decision.option}: condition {name} stands twice; allowed is once"
            yield Found((*at, "conditions", index), message)


@rule("D009", "A condition is due, and done, on the day of the decision or later.")
def _conditions_come_after(case: DecisionCase) -> Iterator[Found]:
    for at, decision, condition in case.conditions:
        for key, day in (("due", condition.due), ("done", condition.done)):
            if day is not None and day < decision.on:
                message = f"{decision.option}: {key} {day} is before the decision of {decision.on}"
                yield Found((*at, key), message)


@rule("D010", "A waiver is for a gate that the option had.")
def _waived_gates_exist(case: DecisionCase) -> Iterator[Found]:
    for at, decision, waiver in case.waivers:
        gates = list(decision.evalkit.gates)
        if waiver.gate not in gates:
            message = f"{decision.option}: {waiver.gate} is no gate; {allowed(gates, 'gates')}"
            yield Found((*at, "gate"), message, did_you_mean(waiver.gate, gates))


@rule("D011", "A board waives mitigable gates only.")
def _waived_gates_are_mitigable(case: DecisionCase) -> Iterator[Found]:
    for at, decision, inputs in case.on_inputs_of_today:
        final = {gate.question for gate in inputs.profile.gates if not gate.mitigable}
        mitigable = [gate.question for gate in inputs.profile.gates if gate.mitigable]
        for index, waiver in enumerate(decision.waivers):
            if waiver.gate in final:
                known = allowed(mitigable, "mitigable gates")
                message = f"{decision.option}: the gate {waiver.gate} is final; {known}"
                yield Found((*at, "waivers", index, "gate"), message)


@rule("D012", "A gate is waived once for an option.")
def _waivers_stand_once(case: DecisionCase) -> Iterator[Found]:
    for at, decision in case.every:
        for index, gate in repeated(waiver.gate for waiver in decision.waivers):
            message = f"{decision.option}: {gate} is waived twice; allowed is once"
            yield Found((*at, "waivers", index, "gate"), message)


@rule("D013", "A waiver ends on the day of the decision or later; an option that is rejected has none.")
def _waivers_hold(case: DecisionCase) -> Iterator[Found]:
    for at, decision, waiver in case.waivers:
        if waiver.until < decision.on:
            message = f"{decision.option}: until {waiver.until} is before the decision of {decision.on}"
            yield Found((*at, "until"), message)
        if decision.verdict == "reject":
            yield Found(at, f"{decision.option}: {waiver.gate} is waived for an option that is rejected")


@rule("D014", "Who dissents is named once for an option.")
def _dissenters_stand_once(case: DecisionCase) -> Iterator[Found]:
    for at, decision in case.every:
        for index, one in enumerate(decision.dissent):
            if any(same_person(one.by, other.by) for other in decision.dissent[:index]):
                message = f"{decision.option}: {one.by} dissents twice; allowed is once"
                yield Found((*at, "dissent", index, "by"), message, "put it into one text")


@rule("D015", "A decision names what it was taken on, and that is as it was recorded.")
def _bases_are_whole(case: DecisionCase) -> Iterator[Found]:
    known = case.record.bases
    for at, decision in case.every:
        if decision.basis not in known:
            message = f"{decision.option}: basis {decision.basis} is not listed; {allowed(known, 'bases')}"
            yield Found((*at, "basis"), message)
    for name, basis in known.items():
        if basis.digest != name:
            message = f"basis {name} was changed since it was recorded: it is now {basis.digest}"
            yield Found(("bases", name), message, "take it back from version control")


@rule("D016", "A decision was superseded by one of the same day or later.")
def _superseded_later(case: DecisionCase) -> Iterator[Found]:
    for index, old in enumerate(case.record.superseded):
        if old.superseded < old.on:
            message = f"{old.option}: superseded {old.superseded} is before the decision of {old.on}"
            yield Found(("superseded", index, "superseded"), message)
