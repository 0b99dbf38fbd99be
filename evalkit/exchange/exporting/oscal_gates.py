"""Gates as findings and risks of OSCAL: only a gate decides whether something is satisfied."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, Final

from evalkit.exchange.exporting.oscal_values import end_of, line, markup, props, uuid_of
from evalkit.scoring.gates import waiver_in_force
from evalkit.views.way_out import measures_of
from evalkit.views.wording import wording

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping

    from evalkit.exchange.exporting.oscal_observations import Observed
    from evalkit.model.evaluation import Waiver
    from evalkit.views.gates import GateView
    from evalkit.views.subject import Subject

_STATUS: Final[Mapping[str, tuple[str, str]]] = {
    "pass": ("satisfied", "pass"),
    "fail": ("not-satisfied", "fail"),
    "open": ("not-satisfied", "other"),
    "waived": ("not-satisfied", "other"),
}
"""State and reason; of a gate that is not decided, OSCAL has no better word than that it is not satisfied."""

_REMARKS: Final[Mapping[str, str]] = {
    "open": "Undecided: it is neither shown to be satisfied nor shown to fail.",
    "waived": "Not shown to be satisfied, and set aside for this option.",
}


def finding_of(subject: Subject, gate: GateView, observed: Observed) -> dict[str, Any]:
    """Return the finding of a gate that applies."""
    state, reason = _STATUS[gate.result]
    question = gate.question
    remarks = _REMARKS.get(gate.result)
    related = (
        {} if gate.result == "pass" else {"related-risks": [{"risk-uuid": _uuid(subject, gate, "risk")}]}
    )
    return {
        "uuid": _uuid(subject, gate, "finding"),
        "title": line(f"Gate {question.id} {question.title}: {wording.GATE[gate.result]}"),
        "description": markup(f"Bar: {gate.bar}. Found: {'; '.join(gate.found)}. {gate.why}"),
        "props": props(
            gate=gate.result, needs=gate.needs, class_=gate.evidence_class, mitigable=gate.mitigable
        ),
        "target": {
            "type": "objective-id",
            "target-id": question.id,
            "title": line(question.title),
            "description": markup(question.question),
            "status": {"state": state, "reason": reason, **({"remarks": remarks} if remarks else {})},
        },
        "related-observations": _related(gate, observed),
        **related,
    }


def risk_of(subject: Subject, gate: GateView, observed: Observed) -> dict[str, Any]:
    """Return the risk of a gate that is not passed, with what would help."""
    waiver = _waiver(subject, gate)
    remedies = [*_remediations(subject, gate)]
    return {
        "uuid": _uuid(subject, gate, "risk"),
        "title": line(f"Gate {gate.question.id} {gate.question.title} is not passed"),
        "description": markup(gate.consequence),
        "statement": markup(f"{gate.question.why}\n\n{gate.why}"),
        "props": props(gate=gate.result, mitigable=gate.mitigable),
        "status": "open" if waiver is None else "deviation-approved",
        **({} if waiver is None else {"deadline": end_of(waiver.until)}),
        **({"remediations": remedies} if remedies else {}),
        "related-observations": _related(gate, observed),
    }


def _remediations(subject: Subject, gate: GateView) -> Iterator[dict[str, Any]]:
    """Yield the question's remedy, and the conditions of the verdict that are about the gate."""
    remedy = gate.question.remedy
    if remedy is not None:
        yield _remediation(subject, gate, "setting", "A setting that helps", remedy.setting)
        yield _remediation(subject, gate, "clause", "A clause to negotiate", remedy.clause)
    for measure in measures_of(subject, subject.card.finding):
        if measure.question.id == gate.question.id and measure.kind == "control":
            told = ". ".join(part for part in (measure.shows, measure.note, wording.ASSUMES) if part)
            yield _remediation(subject, gate, measure.id, f"{measure.id} {measure.title}", told)


def _remediation(subject: Subject, gate: GateView, name: str, title: str, text: str) -> dict[str, Any]:
    return {
        "uuid": _uuid(subject, gate, "remediation", name),
        "lifecycle": "recommendation",
        "title": line(title),
        "description": markup(text),
    }


def _related(gate: GateView, observed: Observed) -> list[dict[str, str]]:
    return [{"observation-uuid": uuid} for uuid in observed.by_question[gate.question.id]]


def _waiver(subject: Subject, gate: GateView) -> Waiver | None:
    evaluation = subject.inputs.evaluation
    rules = {rule.question: rule for rule in subject.inputs.profile.gates}
    if gate.result != "waived":
        return None
    return waiver_in_force(evaluation.waivers, subject.card.option, rules[gate.question.id], evaluation.as_of)


def _uuid(subject: Subject, gate: GateView, *parts: str) -> str:
    return uuid_of(subject.inputs.evaluation.id, subject.card.option, gate.question.id, *parts)
