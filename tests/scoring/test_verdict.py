"""Verdicts and their way out, on cases small enough to follow by hand."""

from __future__ import annotations

from datetime import timedelta
from typing import TYPE_CHECKING, Literal

import pytest

from evalkit.model.condition import FactCondition
from evalkit.scoring.score import score
from tests.scoring import builders as build

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    from evalkit.model.answers import Answer
    from evalkit.model.controls import Control
    from evalkit.model.evaluation import EvaluationInputs
    from evalkit.model.profile import Gate, Thresholds
    from evalkit.model.questionnaire import Question
    from evalkit.model.scorecard import Finding, Scorecard

CLOUD = FactCondition(fact="routes", includes_any=("aws_bedrock",))
DAY = timedelta(days=1)


def evaluation(  # noqa: PLR0913 - what a verdict depends on
    said: Mapping[str, Answer],
    *,
    limits: Thresholds | None = None,
    gates: Sequence[Gate] = (),
    controls: Sequence[Control] = (),
    questions: Sequence[Question] = (),
    unknown_gate: Literal["open", "fail"] = "open",
    late: bool = False,
) -> EvaluationInputs:
    """Scales of weight 1 in one domain, as many as are answered."""
    instrument = build.questionnaire({"aaa": questions or [build.scale(name) for name in said]})
    policy = build.profile({"aaa": 1}, limits=limits, gates=gates, unknown_gate=unknown_gate)
    return build.inputs(
        instrument,
        policy,
        build.product_answers(said),
        controls=[build.control_file(*controls)],
        deadline=build.AS_OF - DAY if late else None,
    )


def card(inputs: EvaluationInputs) -> Scorecard:
    [only] = score(inputs)
    return only


def conditions(finding: Finding) -> list[list[str]]:
    return [[one.id for one in step.conditions] for step in finding.conditions]


def records(finding: Finding) -> list[str]:
    return [step.question for step in finding.evidence]


HALF = build.thresholds(approve_at=0.5)


def test_reaching_a_threshold_exactly_is_enough() -> None:
    """.1 + .2 of thirds is not exactly .1 in binary: a tolerance of 1e-9 decides, not the last bit."""
    thirds = build.number("AAA-01", ((0, 30),))
    said = {name: build.answer(0, "tested") for name in ("AAA-01", "AAA-02", "AAA-03")}
    questions = [thirds.model_copy(update={"id": name}) for name in said]
    inputs = evaluation(said, limits=build.thresholds(0.3, 0.3, 1), questions=questions)
    assert card(inputs).finding.verdict == "approve"
    above = build.thresholds(approve_at=0.3 + 1e-8)
    assert card(evaluation(said, limits=above, questions=questions)).finding.verdict == "reject"


def test_the_domain_floor_holds_for_a_domain_of_which_two_fifths_apply() -> None:
    """BBB-01 has 2 of 5, or 1.9 of 4.9, of its domain's weight."""
    answers = build.product_answers(
        {"AAA-01": build.answer(4, "tested"), "BBB-01": build.answer(0, "tested")}
    )
    verdicts = []
    for weight in (2, 1.9):
        instrument = build.questionnaire(
            {
                "aaa": [build.scale("AAA-01")],
                "bbb": [
                    build.scale("BBB-01", weight=weight),
                    build.scale("BBB-02", weight=3, applies_if=CLOUD),
                ],
            }
        )
        policy = build.profile({"aaa": 1, "bbb": 1}, limits=build.thresholds(domain_floor=0.3))
        verdicts.append(card(build.inputs(instrument, policy, answers)).finding.verdict)
    assert verdicts == ["reject", "approve"]


def test_too_little_answered_is_deferred() -> None:
    said = {"AAA-01": build.answer(4, "tested"), "AAA-02": build.answer(state="unknown")}
    assert card(evaluation(said, limits=build.thresholds(0.5, 0, 0.5))).finding.verdict == "approve"
    finding = card(evaluation(said, limits=build.thresholds(0.5, 0, 0.6))).finding
    assert (finding.verdict, records(finding)) == ("defer", ["AAA-02"])


def test_a_control_counts_as_an_answer() -> None:
    said = {"AAA-01": build.answer(4, "tested"), "AAA-02": build.answer(state="unknown")}
    control = build.control("XX-SET-01", {"AAA-02": 0})
    inputs = evaluation(said, limits=build.thresholds(0.5, 0, 1), controls=[control])
    assert (card(inputs).finding.verdict, card(inputs).coverage) == ("approve-with-conditions", 0.5)


def test_two_failed_gates_outweigh_a_high_score() -> None:
    said = {f"AAA-{n:02}": build.answer(4, "tested") for n in range(1, 11)}
    said |= {"AAA-01": build.answer(0, "tested"), "AAA-02": build.answer(0, "tested")}
    gates = [build.gate("AAA-01", at_least=3), build.gate("AAA-02", at_least=3)]
    result = card(evaluation(said, limits=HALF, gates=gates))
    assert result.span is not None
    assert result.span.assured == pytest.approx(0.8)
    assert (result.finding.verdict, result.finding.reason) == ("reject", "final-gate")
    assert result.finding.conditions == result.finding.evidence == ()


def test_a_remedy_lifts_a_mitigable_gate_and_changes_no_value() -> None:
    said = {"AAA-01": build.answer(2, "tested")}
    gates = [build.gate("AAA-01", at_least=3, mitigable=True)]
    finding = card(evaluation(said, limits=HALF, gates=gates)).finding
    [step] = finding.conditions
    assert [(one.kind, one.id, one.question) for one in step.conditions] == [("remedy", "AAA-01", "AAA-01")]
    assert (step.closes_gate, step.assured_after) == (True, 0.5)
    low = card(evaluation({"AAA-01": build.answer(1, "tested")}, limits=HALF, gates=gates)).finding
    assert (low.verdict, low.reason) == ("reject", "no-evidence-helps")


def test_a_control_that_reaches_the_bar_passes_a_final_gate() -> None:
    said = {"AAA-01": build.answer(1, "tested")}
    gates = [build.gate("AAA-01", at_least=3, needs="tested")]
    reaching, short = (build.control("XX-SET-01", {"AAA-01": level}) for level in (3, 2))
    finding = card(evaluation(said, limits=HALF, gates=gates, controls=[reaching])).finding
    assert conditions(finding) == [["XX-SET-01"]]
    assert card(evaluation(said, limits=HALF, gates=gates, controls=[short])).finding.reason == "final-gate"


def test_a_control_never_lowers_an_answer_or_a_gate() -> None:
    said = {"AAA-01": build.answer(4, "tested"), "AAA-02": build.answer(0, "tested")}
    gates = [build.gate("AAA-01", at_least=3)]
    control = build.control("XX-SET-01", {"AAA-01": 1, "AAA-02": 1})
    limits = build.thresholds(approve_at=0.6)
    finding = card(evaluation(said, limits=limits, gates=gates, controls=[control])).finding
    assert [(step.question, step.assured_after) for step in finding.conditions] == [("AAA-02", 0.625)]


def test_several_controls_raise_to_the_highest_and_never_to_the_sum() -> None:
    said = {"AAA-01": build.answer(0, "tested")}
    controls = [build.control("XX-SET-01", {"AAA-01": 1}), build.control("XX-SET-02", {"AAA-01": 2})]
    finding = card(evaluation(said, limits=HALF, controls=controls)).finding
    assert conditions(finding) == [["XX-SET-02"]]
    limits = build.thresholds(approve_at=0.75)
    assert card(evaluation(said, limits=limits, controls=controls)).finding.verdict == "reject"


def test_companions_follow_as_further_entries() -> None:
    said = {"AAA-01": build.answer(0, "tested")}
    controls = [
        build.control("XX-SET-01", {"AAA-01": build.mapping(4, ("XX-SET-03", "XX-SET-02"))}),
        build.control("XX-SET-02", {}),
        build.control("XX-SET-03", {}),
    ]
    finding = card(evaluation(said, limits=HALF, controls=controls)).finding
    assert conditions(finding) == [["XX-SET-01", "XX-SET-03", "XX-SET-02"]]


def test_a_control_raises_nothing_that_does_not_apply() -> None:
    questions = [build.scale("AAA-01"), build.scale("AAA-02", applies_if=CLOUD)]
    said = {"AAA-01": build.answer(1, "tested")}
    control = build.control("XX-SET-01", {"AAA-02": 4})
    assert (
        card(evaluation(said, limits=HALF, controls=[control], questions=questions)).finding.conditions == ()
    )


@pytest.mark.parametrize("filler", [1, 1.5, 2, 2.5, 3, 4, 4.5, 5])
@pytest.mark.parametrize("heavy_first", [True, False])
def test_equal_gains_are_taken_in_the_order_of_ids_whatever_the_last_bit_says(
    filler: float, *, heavy_first: bool
) -> None:
    """3 · .25 and 1 · .75 gain the same, but not always in the last bit of the products."""
    levels = {3: 1, 1: 3} if heavy_first else {1: 3, 3: 1}
    questions = [build.scale(f"AAA-0{place}", weight=weight) for place, weight in enumerate(levels, start=1)]
    questions.append(build.scale("AAA-03", weight=filler))
    said = {q.id: build.answer(levels[int(q.weight)], "claim") for q in questions[:2]}
    said["AAA-03"] = build.answer(0, "tested")
    limits = build.thresholds(approve_at=0.75 / (4 + filler))
    finding = card(evaluation(said, limits=limits, questions=questions)).finding
    assert records(finding) == ["AAA-01"]


def test_what_closes_a_gate_comes_first_and_what_is_not_needed_is_dropped() -> None:
    said = {name: build.answer(0, "tested") for name in ("AAA-01", "AAA-02", "AAA-03")}
    gates = [build.gate("AAA-03", at_least=1)]
    controls = [build.control("XX-SET-01", {"AAA-01": 3, "AAA-02": 4, "AAA-03": 1})]
    limits = build.thresholds(approve_at=5 / 12)
    finding = card(evaluation(said, limits=limits, gates=gates, controls=controls)).finding
    assert [(step.question, step.closes_gate) for step in finding.conditions] == [
        ("AAA-03", True),
        ("AAA-02", False),
    ]


def test_the_evidence_that_is_asked_for_is_the_heaviest_that_suffices() -> None:
    """Assured 0; 3 · .75 of 6 is short of .5, 3 · 1 is enough."""
    questions = [build.scale(f"AAA-{n:02}", weight=n) for n in (1, 2, 3)]
    said = {name: build.answer(4, "claim") for name in ("AAA-01", "AAA-02", "AAA-03")}
    finding = card(evaluation(said, limits=HALF, questions=questions)).finding
    assert (finding.verdict, records(finding)) == ("defer", ["AAA-03"])
    assert finding.evidence[0].assured_after == pytest.approx(0.5)


def test_records_are_sought_with_every_condition_and_conditions_with_these_records() -> None:
    """One record and the control: (1 + 0 + .5) / 3 = .5; alone, two records are needed."""
    said = {
        "AAA-01": build.answer(4, "claim"),
        "AAA-02": build.answer(4, "claim"),
        "AAA-03": build.answer(0, "tested"),
    }
    control = build.control("XX-SET-01", {"AAA-03": 2})
    result = card(evaluation(said, limits=HALF, controls=[control]))
    assert (records(result.finding), conditions(result.finding)) == (["AAA-01"], [["XX-SET-01"]])
    assert result.evidence_alone is not None
    assert [step.question for step in result.evidence_alone] == ["AAA-01", "AAA-02"]


def test_where_only_conditions_and_evidence_together_help_no_evidence_alone_is_named() -> None:
    said = {"AAA-01": build.answer(2, "claim"), "AAA-02": build.answer(0, "tested")}
    control = build.control("XX-SET-01", {"AAA-02": 2})
    result = card(evaluation(said, limits=HALF, controls=[control]))
    assert (result.finding.verdict, result.evidence_alone) == ("defer", None)


def test_evidence_too_weak_to_decide_an_open_gate_may_turn_out_to_reach_just_the_bar() -> None:
    """A claim of level 1 at a bar of 3: v⁻ becomes .75."""
    said = {"AAA-01": build.answer(1, "claim")}
    gates = [build.gate("AAA-01", at_least=3)]
    finding = card(evaluation(said, limits=HALF, gates=gates)).finding
    assert (finding.verdict, records(finding)) == ("defer", ["AAA-01"])
    assert finding.evidence[0].assured_after == 0.75
    assert finding.evidence[0].closes_gate
    limits = build.thresholds(approve_at=0.8)
    assert card(evaluation(said, limits=limits, gates=gates)).finding.verdict == "reject"


def test_a_set_too_weak_to_decide_an_open_gate_keeps_its_worth() -> None:
    ticks = build.sum_capped("AAA-01", {"a": 10, "b": 60})
    said = {"AAA-01": build.answer(("b",), "claim")}
    gates = [build.gate("AAA-01", includes_any=("a",))]
    inputs = evaluation(said, limits=HALF, gates=gates, questions=[ticks])
    assert card(inputs).finding.evidence[0].assured_after == pytest.approx(0.6)


def test_a_silent_record_with_an_open_gate_may_still_be_worth_everything() -> None:
    said = {"AAA-01": build.answer(state="unknown"), "AAA-02": build.answer(0, "tested")}
    gates = [build.gate("AAA-01", at_least=1)]
    finding = card(evaluation(said, limits=HALF, gates=gates)).finding
    assert (finding.verdict, finding.evidence[0].assured_after) == ("defer", 0.5)


def test_a_point_with_an_open_gate_is_open() -> None:
    """Promised at the strongest proof the gate asks for more than is there: no slack, still to be read."""
    said = {"AAA-01": build.answer(0, "claim"), "AAA-02": build.answer(4, "tested")}
    gates = [build.gate("AAA-01", at_least=0, needs="documented")]
    finding = card(evaluation(said, gates=gates)).finding
    assert (finding.verdict, records(finding)) == ("defer", ["AAA-01"])


@pytest.mark.parametrize(("mitigable", "verdict"), [(False, "reject"), (True, "approve-with-conditions")])
def test_a_refusal_after_the_deadline_fails_the_gate(*, mitigable: bool, verdict: str) -> None:
    said = {"AAA-01": build.answer(state="refused"), "AAA-02": build.answer(4, "tested")}
    gates = [build.gate("AAA-01", at_least=3, mitigable=mitigable)]
    assert card(evaluation(said, limits=HALF, gates=gates, late=True)).finding.verdict == verdict
    assert card(evaluation(said, gates=[build.gate("AAA-01", at_least=3)])).finding.verdict == "defer"


def test_a_best_case_mends_a_mitigable_gate_that_fails_for_silence_but_no_final_one() -> None:
    """.8 needs AAA-01 resolved; then its gate passes by itself and no remedy is listed."""
    said = {"AAA-01": build.answer(state="refused"), "AAA-02": build.answer(4, "tested")}
    limits = build.thresholds(approve_at=0.8)
    lenient = [build.gate("AAA-01", at_least=3, mitigable=True)]
    finding = card(evaluation(said, limits=limits, gates=lenient, late=True)).finding
    assert (finding.verdict, records(finding), finding.conditions) == ("defer", ["AAA-01"], ())
    final = [build.gate("AAA-01", at_least=3)]
    rejected = card(evaluation(said, limits=limits, gates=final, late=True)).finding
    assert (rejected.verdict, rejected.reason) == ("reject", "final-gate")


def test_a_mitigable_gate_that_fails_on_its_value_needs_its_remedy_beside_the_evidence() -> None:
    """Documented 2 of a bar of 3: [0, .5], so .5 needs the record, and the gate the remedy."""
    said = {"AAA-01": build.answer(2, "documented")}
    gates = [build.gate("AAA-01", at_least=3, mitigable=True)]
    finding = card(evaluation(said, limits=HALF, gates=gates)).finding
    assert (finding.verdict, records(finding), conditions(finding)) == ("defer", ["AAA-01"], [["AAA-01"]])


def test_where_the_profile_fails_what_is_unknown_weak_evidence_fails_a_final_gate() -> None:
    said = {"AAA-01": build.answer(4, "claim")}
    gates = [build.gate("AAA-01", at_least=3)]
    finding = card(evaluation(said, gates=gates, unknown_gate="fail")).finding
    assert (finding.verdict, finding.reason) == ("reject", "final-gate")


def test_the_verdict_under_the_other_tables_may_differ() -> None:
    """Documented level 4: .5 as stated, .25 strict, .75 lenient."""
    said = {"AAA-01": build.answer(4, "documented")}
    result = card(evaluation(said, limits=HALF))
    assert [it.verdict for it in (result.strict, result.finding, result.lenient)] == [
        "defer",
        "approve",
        "approve",
    ]
    higher = card(evaluation(said, limits=build.thresholds(approve_at=0.6)))
    assert [it.verdict for it in (higher.strict, higher.finding, higher.lenient)] == [
        "defer",
        "defer",
        "approve",
    ]
