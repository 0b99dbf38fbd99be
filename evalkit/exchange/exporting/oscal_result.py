"""One option as a result of OSCAL: what was observed, what its gates decide, what is open."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, Final

from evalkit.exchange.exporting.oscal_gates import finding_of, risk_of
from evalkit.exchange.exporting.oscal_observations import component_uuid, observations_of
from evalkit.exchange.exporting.oscal_values import end_of, line, markup, props, start_of, uuid_of
from evalkit.views.gates import gate_views
from evalkit.views.headline import title_of, way_out, why_not_today
from evalkit.views.requirements import requirements
from evalkit.views.wording import wording

if TYPE_CHECKING:
    from evalkit.views.subject import Subject

_NOTHING: Final = "Nothing was assessed: the option has no figures."


def result_of(subject: Subject) -> dict[str, Any]:
    """Return the result of one option; without figures it has no observation and says why."""
    card, as_of = subject.card, subject.inputs.evaluation.as_of
    collected = [it.collected for result in card.questions for it in result.items]
    observed = observations_of(subject)
    gates = gate_views(subject)
    findings = [finding_of(subject, gate, observed) for gate in gates if gate.result != "not-applicable"]
    risks = [risk_of(subject, gate, observed) for gate in gates if gate.result in ("fail", "open", "waived")]
    optional = {"observations": list(observed.every), "risks": risks, "findings": findings}
    return {
        "uuid": uuid_of(subject.inputs.evaluation.id, card.option, "result"),
        "title": line(title_of(subject.inputs, card.option)),
        "description": _description(subject),
        "start": start_of(min([*collected, as_of])),
        "end": end_of(as_of),
        "props": _figures(subject),
        "local-definitions": {"components": [_component(subject)]},
        "reviewed-controls": _reviewed(subject),
        **{name: content for name, content in optional.items() if content},
    }


def _description(subject: Subject) -> str:
    finding = subject.card.finding
    today = why_not_today(requirements(subject.inputs, subject.card)) if finding.verdict != "approve" else ""
    told = (wording.REASON[finding.reason], today, way_out(finding))
    return markup(f"{wording.VERDICT[finding.verdict]}. {' '.join(text for text in told if text)}")


def _figures(subject: Subject) -> list[dict[str, Any]]:
    card = subject.card
    span = card.span
    return props(
        option=card.option,
        verdict=card.finding.verdict,
        reason=card.finding.reason,
        verdict_strict=card.strict.verdict,
        verdict_lenient=card.lenient.verdict,
        assured=None if span is None else span.assured,
        expected=None if span is None else span.expected,
        potential=None if span is None else span.potential,
        face_value=card.face_value,
        unverified_share=card.unverified_share,
        coverage=card.coverage,
    ) + [
        prop
        for domain in card.domains
        if domain.span is not None
        for prop in props(**{f"assured_of_{domain.domain}": domain.span.assured})
    ]


def _component(subject: Subject) -> dict[str, Any]:
    product, deployment = subject.product, subject.option.deployment
    return {
        "uuid": component_uuid(subject),
        "type": "software",
        "title": line(title_of(subject.inputs, subject.card.option)),
        "description": markup(f"{product.name} {product.version} of {product.vendor}: {deployment.name}"),
        "props": props(
            product=product.id,
            version=product.version,
            vendor=product.vendor,
            licence=product.licence,
            deployment=deployment.id,
            route=deployment.route,
            surface=deployment.surface,
            plan=deployment.plan,
            client=deployment.client,
        ),
        "status": {"state": "other", "remarks": "Under evaluation."},
    }


def _reviewed(subject: Subject) -> dict[str, Any]:
    """Every question but those that do not apply: they were not assessed, and neither hurt nor flatter."""
    results = {result.question: result for result in subject.card.questions}
    outside = [
        {"control-id": question.id}
        for question in subject.inputs.questionnaire.questions
        if question.id not in results or not results[question.id].applicable
    ]
    why = "Excluded is what does not apply to the option." if results else _NOTHING
    selection = {
        "description": markup(f"The ids are those of questions of {subject.inputs.questionnaire.ref}. {why}"),
        "include-all": {},
        **({"exclude-controls": outside} if outside else {}),
    }
    return {"control-selections": [selection]}
