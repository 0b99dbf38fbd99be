"""How one option stands, as the page shows it, and what the last change did to it."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from evalkit.forms.answering.sign_off import changed_since_sign_off
from evalkit.model.evaluation import Option
from evalkit.scoring.applicability import masks
from evalkit.scoring.gates import bar_of, gate_of
from evalkit.scoring.score import case_of, readings_of, score_as_stated
from evalkit.scoring.verdict import Case
from evalkit.views.gates import bar_words, gate_views
from evalkit.views.numbers import percent, points
from evalkit.views.subject import Subject
from evalkit.views.wording import wording

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping

    from evalkit.model.evaluation import EvaluationInputs
    from evalkit.model.scorecard import GateOutcome, Scorecard, Span
    from evalkit.scoring.evidence import Reading

Json = dict[str, Any]


@dataclass(frozen=True, slots=True)
class Standing:
    """One option with its scorecard, and what the evidence on each question is worth for it.

    Attributes
    ----------
    applies : mapping
        Whether a question applies, by question; True for all where the option is not eligible.
    """

    inputs: EvaluationInputs
    option: Option
    card: Scorecard
    readings: Mapping[str, Reading]
    applies: Mapping[str, bool]


def standing_of(inputs: EvaluationInputs, product: str, deployment: str) -> Standing:
    """Return how a product stands in one deployment, whether or not the evaluation compares that option.

    Raises
    ------
    KeyError
        If there is no such product or deployment.
    """
    answers = inputs.answers[product]
    option = Option(answers, answers.deployment(deployment))
    case = case_of(inputs, option)
    card = score_as_stated(inputs, option, case)
    if isinstance(case, Case):
        return Standing(inputs, option, card, case.readings, case.applies)
    readings = readings_of(inputs, option, inputs.profile.evidence)
    applies = masks(inputs, option, readings)
    return Standing(inputs, option, card, readings, applies or dict.fromkeys(readings, True))


def shown(standing: Standing) -> Json:
    """Return a standing for the page; shares in 0..1, None where the option has no score."""
    card, finding = standing.card, standing.card.finding
    return {
        "deployment": standing.option.deployment.id,
        "option": standing.option.id,
        "verdict": finding.verdict,
        "verdict_text": wording.VERDICT[finding.verdict],
        "reason_text": wording.REASON[finding.reason],
        **_figures(card.span),
        "coverage": card.coverage,
        "approve_at": standing.inputs.profile.thresholds.approve_at,
        "gates": _gates(standing),
        "domains": {each.domain: each.span and _figures(each.span) for each in card.domains},
        "questions": {name: _question(standing, name) for name in standing.readings},
        "outdated": changed_since_sign_off(standing.option.answers),
    }


def change_between(before: Standing, after: Standing) -> Json:
    """Return what a change did to figures, gates and verdict of one option, in words and item by item.

    The text is empty if nothing of that changed.
    """
    items = list(_changes(before, after))
    text = " · ".join(f"{each['what']} {each['before']} → {each['after']}" for each in items)
    return {"text": text, "items": items}


def _figures(span: Span | None) -> Json:
    if span is None:
        return {"assured": None, "expected": None, "potential": None}
    return {"assured": span.assured, "expected": span.expected, "potential": span.potential}


def gate_results(standing: Standing) -> dict[str, GateOutcome]:
    """Return the outcome of every gate of the profile, also where nothing is answered and nothing scored."""
    inputs, known = standing.inputs, standing.inputs.questionnaire.by_id
    found = {gate.question: gate.result for gate in standing.card.gates}
    return {
        gate.question: found.get(gate.question)
        or gate_of(
            inputs,
            standing.option,
            bar_of(gate, known[gate.question]),
            standing.applies,
            standing.readings[gate.question],
        )
        for gate in inputs.profile.gates
    }


def _gates(standing: Standing) -> list[Json]:
    subject = Subject(standing.inputs, standing.option, standing.card)
    why = {view.question.id: view.why for view in gate_views(subject)}
    results, known = gate_results(standing), standing.inputs.questionnaire.by_id
    return [
        {
            "question": gate.question,
            "title": known[gate.question].title,
            "result": results[gate.question],
            "name": wording.GATE[results[gate.question]],
            "text": why.get(gate.question, wording.GATE_WHY["unknown"]),
            "bar": bar_words(gate, known[gate.question]),
            "consequence": gate.consequence,
            "mitigable": gate.mitigable,
        }
        for gate in standing.inputs.profile.gates
    ]


def _question(standing: Standing, name: str) -> Json:
    reading = standing.readings[name]
    answer = standing.option.answers.answers.get(name)
    return {
        "applies": standing.applies[name],
        "state": reading.state,
        "class": reading.evidence_class,
        "low": reading.low,
        "expected": reading.expected,
        "high": reading.high,
        "disputed": reading.disputed,
        "stale": reading.stale,
        "differs": sorted(answer.deployments) if answer else [],
    }


def _changes(before: Standing, after: Standing) -> Iterator[Json]:
    one, other = before.card, after.card
    for name in ("assured", "expected", "potential"):
        yield from _moved(name.capitalize(), _of(one.span, name), _of(other.span, name))
    yield from _change("Answered", percent(one.coverage), percent(other.coverage))
    results = gate_results(after)
    for question, was in gate_results(before).items():
        yield from _change(
            f"Gate {question}", wording.GATE[was].lower(), wording.GATE[results[question]].lower()
        )
    yield from _change(
        "Verdict", wording.VERDICT[one.finding.verdict], wording.VERDICT[other.finding.verdict]
    )


def _of(span: Span | None, name: str) -> float | None:
    return None if span is None else getattr(span, name)


def _moved(what: str, before: float | None, after: float | None) -> Iterator[Json]:
    """Yield how a score moved; one answer of many moves it by tenths of a point, which count too."""
    if before is None or after is None:
        yield from _change(what, points(before), points(after))
        return
    by = round(100 * (after - before), 1)
    if by:
        whole = points(before), points(after)
        tenths = f"{100 * before:.1f}", f"{100 * after:.1f}"
        was, now = tenths if whole[0] == whole[1] else whole
        yield {"what": what, "before": was, "after": now, "by": by}


def _change(what: str, before: str, after: str) -> Iterator[Json]:
    if before != after:
        yield {"what": what, "before": before, "after": after}
