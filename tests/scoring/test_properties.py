"""The properties that every score has, each tried on random evaluations."""

from __future__ import annotations

from collections import Counter
from dataclasses import replace
from typing import TYPE_CHECKING, Any

import pytest
from hypothesis import assume, given
from hypothesis import strategies as st

from evalkit.model.questionnaire import ListQuestion, SetQuestion
from evalkit.model.values import EVIDENCE_CLASSES, RANK
from evalkit.scoring.score import score, score_option
from evalkit.scoring.worth import worth
from tests.scoring import builders as build
from tests.scoring.cases import Traits, evaluations, random_value
from tests.scoring.changes import (
    answered_records,
    expired,
    fresh,
    lowest_and_highest,
    named_by_conditions,
    pick,
    raised,
    same_option,
    says,
    with_answers,
    with_statement,
)
from tests.scoring.oracle import Oracle
from tests.scoring.test_oracle import assert_minimal

if TYPE_CHECKING:
    from collections.abc import Iterable
    from random import Random

    from evalkit.model.controls import Control
    from evalkit.model.evaluation import EvaluationInputs, Option
    from evalkit.model.questionnaire import Question, Questionnaire
    from evalkit.model.scorecard import QuestionResult, Scorecard, Verdict

ORDER: tuple[Verdict, ...] = ("reject", "defer", "approve-with-conditions", "approve")
CLOSE = 1e-12
randoms = st.randoms(use_true_random=False)


def rank_of(verdict: Verdict) -> int:
    return ORDER.index(verdict)


def included(inputs: EvaluationInputs, question: Question) -> tuple[str, ...]:
    return next((g.includes_any or () for g in inputs.profile.gates if g.question == question.id), ())


def scored(inputs: EvaluationInputs) -> list[Scorecard]:
    return [card for card in score(inputs) if card.is_scored]


def interval(inputs: EvaluationInputs, option: Option, question: Question) -> QuestionResult:
    return score_option(inputs, same_option(inputs, option)).question(question.id)


def assert_contains(outer: QuestionResult, inner: QuestionResult) -> None:
    assert outer.low <= inner.low + CLOSE
    assert inner.high <= outer.high + CLOSE


def assert_nowhere_lower(before: Iterable[Scorecard], after: Iterable[Scorecard]) -> None:
    for old, new in zip(before, after, strict=True):
        assert old.option == new.option
        if old.span is None or new.span is None:
            assert old == new
            continue
        assert new.span.assured >= old.span.assured - CLOSE
        assert new.span.expected >= old.span.expected - CLOSE
        assert new.span.potential >= old.span.potential - CLOSE
        for name in ("finding", "strict", "lenient"):
            assert rank_of(getattr(new, name).verdict) >= rank_of(getattr(old, name).verdict)


@given(evaluations())
def test_scores_lie_in_order_between_nothing_and_everything(inputs: EvaluationInputs) -> None:
    for card in scored(inputs):
        assert card.span is not None
        assert card.face_value is not None
        assert card.coverage is not None
        spans = [card.span, *(domain.span for domain in card.domains if domain.span is not None)]
        for span in spans:
            assert 0 <= span.assured <= span.expected <= span.potential <= 1
        assert 0 <= card.face_value <= card.span.potential
        assert 0 <= card.coverage <= 1
        for result in card.questions:
            assert 0 <= result.low <= result.expected <= result.high <= 1 or result.state == "refused"
            assert sum(chance for _, chance in result.distribution) == pytest.approx(1)
            values = [value for value, _ in result.distribution]
            assert values == sorted(set(values))


@given(evaluations(), randoms)
def test_raising_the_level_of_the_only_item_never_lowers_a_score_or_a_verdict(
    inputs: EvaluationInputs, rng: Random
) -> None:
    named = named_by_conditions(inputs.questionnaire)
    record = pick(rng, inputs, lambda question, items: question.id not in named and len(items) == 1)
    assume(record is not None)
    option, question, [(item, value)], conflicting = record
    better = raised(rng, question, value, included(inputs, question))
    after = says(inputs, option, question, [(item, better)], conflicting=conflicting)
    before, now = score(inputs), score(after)
    assert_nowhere_lower(before, now)
    for old, new in zip(before, now, strict=True):
        assert (new.face_value or 0) >= (old.face_value or 0) - CLOSE


@given(evaluations(), randoms)
def test_raising_the_level_of_one_item_among_several_never_lowers_a_score_or_a_verdict(
    inputs: EvaluationInputs, rng: Random
) -> None:
    named = named_by_conditions(inputs.questionnaire)
    record = pick(rng, inputs, lambda question, items: question.id not in named and len(items) > 1)
    assume(record is not None)
    option, question, items, conflicting = record
    place = rng.randint(0, len(items) - 1)
    item, value = items[place]
    better = (item, raised(rng, question, value, included(inputs, question)))
    changed = [*items[:place], better, *items[place + 1 :]]
    after = says(inputs, option, question, changed, conflicting=conflicting)
    assert_nowhere_lower(score(inputs), score(after))


@given(evaluations(Traits(conditions=False)), randoms)
def test_a_higher_class_at_the_same_value_gives_a_nested_interval(
    inputs: EvaluationInputs, rng: Random
) -> None:
    record = pick(rng, inputs, lambda _, items: len(items) == 1)
    assume(record is not None)
    option, question, items, _ = record
    [(item, value)] = fresh(items)
    classes = sorted(rng.sample(range(len(EVIDENCE_CLASSES)), 2))
    lower, higher = (
        says(
            inputs,
            option,
            question,
            fresh([(item.model_copy(update={"evidence_class": EVIDENCE_CLASSES[n]}), value)]),
            conflicting=False,
        )
        for n in classes
    )
    assume(score_option(lower, same_option(lower, option)).is_scored)
    assert_contains(interval(lower, option, question), interval(higher, option, question))


@given(evaluations(Traits(conditions=False)), randoms)
def test_an_item_that_says_what_every_governing_item_says_never_widens(
    inputs: EvaluationInputs, rng: Random
) -> None:
    found = []
    for option, question, items, conflicting in answered_records(inputs):
        before = interval(inputs, option, question)
        values = [value for (_, value), it in zip(items, before.items, strict=True) if it.governs]
        if all(value == values[0] for value in values):
            found.append((option, question, items, conflicting, values[0], before))
    assume(found)
    option, question, items, conflicting, value, before = rng.choice(found)
    extra = build.item(rng.choice(EVIDENCE_CLASSES))
    after = says(inputs, option, question, [*items, (extra, value)], conflicting=conflicting)
    assert_contains(before, interval(after, option, question))


@given(evaluations(Traits(conditions=False)), randoms)
def test_expiry_of_all_evidence_at_once_never_narrows(inputs: EvaluationInputs, rng: Random) -> None:
    record = pick(rng, inputs, lambda question, items: len(items) == 1 or question.kind != "list")
    assume(record is not None)
    option, question, items, conflicting = record
    new = says(inputs, option, question, fresh(items), conflicting=conflicting)
    old = says(inputs, option, question, expired(fresh(items)), conflicting=conflicting)
    assert_contains(interval(old, option, question), interval(new, option, question))


def shuffled_instrument(rng: Random, instrument: Questionnaire) -> Questionnaire:
    domains = [
        domain.model_copy(update={"questions": tuple(rng.sample(domain.questions, len(domain.questions)))})
        for domain in instrument.domains
    ]
    return replace(instrument, domains=tuple(rng.sample(domains, len(domains))))


def shuffled_dict(rng: Random, mapping: Any) -> dict[Any, Any]:  # noqa: ANN401 - any mapping
    return dict(rng.sample(list(mapping.items()), len(mapping)))


def shuffled(rng: Random, inputs: EvaluationInputs) -> EvaluationInputs:
    products = {}
    for product, answers in shuffled_dict(rng, inputs.answers).items():
        mixed = {}
        for question, answer in shuffled_dict(rng, answers.answers).items():
            overrides = {
                name: said.model_copy(
                    update={"evidence": tuple(rng.sample(said.evidence, len(said.evidence)))}
                )
                for name, said in shuffled_dict(rng, answer.deployments).items()
            }
            evidence = tuple(rng.sample(answer.evidence, len(answer.evidence)))
            mixed[question] = answer.model_copy(update={"evidence": evidence, "deployments": overrides})
        deployments = tuple(rng.sample(answers.deployments, len(answers.deployments)))
        products[product] = answers.model_copy(update={"answers": mixed, "deployments": deployments})
    weights = shuffled_dict(rng, inputs.profile.domain_weights)
    return replace(
        inputs,
        questionnaire=shuffled_instrument(rng, inputs.questionnaire),
        profile=inputs.profile.model_copy(update={"domain_weights": weights}),
        answers=products,
    )


def unordered(card: Scorecard) -> Any:  # noqa: ANN401 - only compared
    """Every figure of a scorecard, without the order in which questions, domains and items are listed."""
    plain = replace(card, questions=(), domains=())
    questions = {it.question: (replace(it, items=()), Counter(map(repr, it.items))) for it in card.questions}
    return plain, questions, {it.domain: it for it in card.domains}


@given(evaluations(Traits(products=2)), randoms)
def test_the_order_of_evidence_questions_domains_and_options_changes_no_bit(
    inputs: EvaluationInputs, rng: Random
) -> None:
    cards = {card.option: unordered(card) for card in score(inputs)}
    assert {card.option: unordered(card) for card in score(shuffled(rng, inputs))} == cards


@given(evaluations(), randoms)
def test_refusing_to_answer_never_pays(inputs: EvaluationInputs, rng: Random) -> None:
    named = named_by_conditions(inputs.questionnaire)
    questions = [question for question in inputs.questionnaire.questions if question.id not in named]
    option = rng.choice(inputs.options())
    assume(questions)
    question = rng.choice(questions)
    before = score_option(inputs, option)
    refusing = with_statement(inputs, option, question.id, build.statement(state="refused"))
    after = score_option(refusing, same_option(refusing, option))
    assume(before.span is not None)
    assert before.span is not None
    assert after.span is not None
    assert after.span.assured <= before.span.assured + CLOSE
    assert after.span.expected <= before.span.expected + CLOSE
    assert after.span.potential >= before.span.potential - CLOSE
    for name in ("finding", "strict", "lenient"):
        old, new = rank_of(getattr(before, name).verdict), rank_of(getattr(after, name).verdict)
        assert new <= max(old, rank_of("defer"))


@given(evaluations(), st.sampled_from((0.125, 3, 10, 1e6)), st.sampled_from((0.5, 7)))
def test_only_the_ratios_of_weights_count(
    inputs: EvaluationInputs, domain_factor: float, question_factor: float
) -> None:
    profile, instrument = inputs.profile, inputs.questionnaire
    weights = {q.id: profile.question_weights.get(q.id, q.weight) for q in instrument.questions}
    scaled = profile.model_copy(
        update={
            "domain_weights": {d: w * domain_factor for d, w in profile.domain_weights.items()},
            "question_weights": {q: w * question_factor for q, w in weights.items()},
        }
    )
    for old, new in zip(score(inputs), score(replace(inputs, profile=scaled)), strict=True):
        assert figures(new) == pytest.approx(figures(old), abs=CLOSE)
        assert ways_out(new) == ways_out(old)
        assert new.gates == old.gates


def figures(card: Scorecard) -> dict[str, float]:
    if card.span is None:
        return {}
    single = {
        "assured": card.span.assured,
        "expected": card.span.expected,
        "potential": card.span.potential,
        "face": card.face_value,
        "coverage": card.coverage,
        **{f"gap {name}": part for name, part in card.gap.items()},
        **{f"face {name}": part for name, part in card.face_by_class.items()},
    }
    return {name: value for name, value in single.items() if value is not None}


def ways_out(card: Scorecard) -> Any:  # noqa: ANN401 - only compared
    return [
        (
            finding.verdict,
            finding.reason,
            [step.conditions for step in finding.conditions],
            [step.question for step in finding.evidence],
        )
        for finding in (card.finding, card.strict, card.lenient)
    ]


@given(evaluations(Traits(products=3)), randoms)
def test_leaving_an_option_out_changes_no_bit_of_another(inputs: EvaluationInputs, rng: Random) -> None:
    cards = {card.option: card for card in score(inputs)}
    kept = tuple(rng.sample(sorted(cards), rng.randint(1, len(cards))))
    evaluation = inputs.evaluation.model_copy(update={"options": kept})
    products = {name: inputs.answers[name] for name in {option.split("/")[0] for option in kept}}
    fewer = replace(inputs, evaluation=evaluation, answers=products)
    assert [card.option for card in score(fewer)] == list(kept)
    assert {card.option: card for card in score(fewer)} == {option: cards[option] for option in kept}


@given(evaluations())
def test_no_score_outweighs_a_gate(inputs: EvaluationInputs) -> None:
    for option in inputs.options():
        card, oracle = score_option(inputs, option), Oracle(inputs, option)
        if any(gate.result in ("open", "fail") for gate in card.gates):
            assert card.finding.verdict != "approve"
        if not card.is_scored:
            continue
        _, gates, _ = oracle.state_after(oracle.conditions(), ())
        if any(gates[it.question] == "fail" and not it.mitigable for it in inputs.profile.gates):
            assert (card.finding.verdict, card.finding.reason) == ("reject", "final-gate")


@given(evaluations(), randoms)
def test_a_rejected_option_stays_rejected_when_intervals_narrow(
    inputs: EvaluationInputs, rng: Random
) -> None:
    named = named_by_conditions(inputs.questionnaire)
    rejected = [
        (option, card)
        for option in inputs.options()
        for card in [score_option(inputs, option)]
        if card.finding.verdict == "reject"
    ]
    assume(rejected)
    option, card = rng.choice(rejected)
    narrowed = inputs
    gates = {gate.question: gate.result for gate in card.gates}
    for result in card.questions:
        question = inputs.questionnaire.by_id[result.question]
        by_rule = gates.get(question.id) == "fail" and (
            result.state == "refused" or inputs.profile.unknown_gate == "fail"
        )
        is_set_with_gate = isinstance(question, SetQuestion) and question.id in gates
        if question.id in named or by_rule or is_set_with_gate or rng.randint(0, 2) == 0:
            continue
        value = random_value(rng, question)
        inside = result.low <= worth(question, value) <= result.high
        if inside and not (isinstance(question, ListQuestion) and value.documented and not value.observed):
            said = build.statement(value, "tested")
            narrowed = with_statement(narrowed, same_option(narrowed, option), question.id, said)
    assert score_option(narrowed, same_option(narrowed, option)).finding.verdict == "reject"


@given(evaluations())
def test_the_splits_sum_to_the_face_value_and_to_the_gap(inputs: EvaluationInputs) -> None:
    for card in scored(inputs):
        assert card.span is not None
        assert sum(card.face_by_class.values()) == pytest.approx(card.face_value, abs=CLOSE)
        assert sum(card.gap.values()) == pytest.approx(card.span.potential - card.span.assured, abs=CLOSE)
        assert all(part > 0 for part in (*card.gap.values(), *card.face_by_class.values()))


def for_clone_too(control: Control, question_id: str, clone_id: str) -> Control:
    mappings = dict(control.questions)
    if question_id in mappings:
        mappings[clone_id] = mappings[question_id]
    return control.model_copy(update={"questions": mappings})


def with_clone(inputs: EvaluationInputs, question: Question) -> EvaluationInputs:
    """The evaluation in which a question stands twice, each with half its weight."""
    instrument, profile = inputs.questionnaire, inputs.profile
    clone = question.model_copy(update={"id": "ZZZ-01"})
    half = profile.question_weights.get(question.id, question.weight) / 2
    domains = tuple(
        domain.model_copy(update={"questions": (*domain.questions, clone)})
        if question in domain.questions
        else domain
        for domain in instrument.domains
    )
    gates = [g.model_copy(update={"question": clone.id}) for g in profile.gates if g.question == question.id]
    waivers = [
        w.model_copy(update={"gate": clone.id}) for w in inputs.evaluation.waivers if w.gate == question.id
    ]
    result = replace(
        inputs,
        questionnaire=replace(instrument, domains=domains),
        profile=profile.model_copy(
            update={
                "question_weights": {**profile.question_weights, question.id: half, clone.id: half},
                "gates": (*profile.gates, *gates),
            }
        ),
        evaluation=inputs.evaluation.model_copy(update={"waivers": (*inputs.evaluation.waivers, *waivers)}),
        controls={
            name: file.model_copy(
                update={"controls": tuple(for_clone_too(it, question.id, clone.id) for it in file.controls)}
            )
            for name, file in inputs.controls.items()
        },
    )
    for answers in inputs.answers.values():
        if question.id in answers.answers:
            said = {**answers.answers, clone.id: answers.answers[question.id]}
            result = with_answers(result, answers.model_copy(update={"answers": said}))
    return result


@given(evaluations(), randoms)
def test_splitting_a_question_into_two_clones_of_half_weight_changes_nothing(
    inputs: EvaluationInputs, rng: Random
) -> None:
    question = rng.choice(inputs.questionnaire.questions)
    cloned = with_clone(inputs, question)
    for old, new in zip(score(inputs), score(cloned), strict=True):
        assert figures(new) == pytest.approx(figures(old), abs=CLOSE)
        assert new.gates[: len(old.gates)] == old.gates
        for name in ("finding", "strict", "lenient"):
            assert getattr(new, name).verdict == getattr(old, name).verdict
            assert getattr(new, name).reason == getattr(old, name).reason
        for result in old.questions:
            twin = new.question(result.question)
            assert (twin.low, twin.high, twin.expected) == (result.low, result.high, result.expected)


@given(evaluations())
def test_every_question_that_applies_reaches_the_score(inputs: EvaluationInputs) -> None:
    option = inputs.options()[0]
    card = score_option(inputs, option)
    named = named_by_conditions(inputs.questionnaire)
    for result in card.questions:
        if not result.applicable or result.question in named:
            continue
        question = inputs.questionnaire.by_id[result.question]
        spans = []
        for value in lowest_and_highest(question):
            said = build.statement(value, "tested")
            changed = with_statement(inputs, option, question.id, said)
            new = score_option(changed, same_option(changed, option))
            assert new.span is not None
            spans.append(new.span)
        assert spans[0].assured < spans[1].assured
        assert spans[0].expected < spans[1].expected
        assert spans[0].potential < spans[1].potential


@given(evaluations())
def test_a_deferred_option_names_a_record_and_every_list_is_minimal(inputs: EvaluationInputs) -> None:
    for option in inputs.options():
        card = score_option(inputs, option)
        if card.finding.verdict == "defer":
            assert card.finding.evidence
        if card.finding.verdict in ORDER:
            assert_minimal(Oracle(inputs, option), card.finding)


def test_the_classes_are_ranked_from_nothing_to_tested() -> None:
    assert list(RANK) == ["none", *EVIDENCE_CLASSES]
    assert list(RANK.values()) == list(range(8))
