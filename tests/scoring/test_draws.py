"""Draws: their streams, their quantiles, what excludes, and the scores made of them."""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from evalkit.model.condition import FactCondition
from evalkit.scoring.aggregation import weights_of
from evalkit.scoring.draws import (
    Drawn,
    can_be_excluded,
    draw,
    drawn_values,
    generator,
    participants,
    rescore,
    uniforms,
)
from evalkit.scoring.score import score
from tests.scoring import builders as build
from tests.scoring.cases import Traits, evaluations

if TYPE_CHECKING:
    from evalkit.model.evaluation import EvaluationInputs
    from evalkit.model.profile import Gate
    from evalkit.model.questionnaire import Question

DRAWS = 64
CLOSE = 1e-12
several = evaluations(Traits(products=3))


def drawn_from(inputs: EvaluationInputs, *, draws: int = DRAWS, seed: int = 7) -> Drawn:
    taking_part, _ = participants(inputs)
    return draw(taking_part, weights_of(inputs.questionnaire, inputs.profile), draws=draws, seed=seed)


def only(inputs: EvaluationInputs, *options: str) -> EvaluationInputs:
    return replace(inputs, evaluation=inputs.evaluation.model_copy(update={"options": options}))


def reordered(inputs: EvaluationInputs) -> EvaluationInputs:
    """The evaluation with questions, domains, gates and options in the opposite order."""
    backwards = only(inputs, *(option.id for option in reversed(inputs.options())))
    domains = tuple(
        domain.model_copy(update={"questions": domain.questions[::-1]})
        for domain in inputs.questionnaire.domains[::-1]
    )
    profile = inputs.profile.model_copy(update={"gates": inputs.profile.gates[::-1]})
    return replace(backwards, questionnaire=replace(inputs.questionnaire, domains=domains), profile=profile)


def one_question(question: Question, answer: object, *gates: Gate, **more: object) -> EvaluationInputs:
    return build.inputs(
        build.questionnaire({"aaa": [question]}),
        build.profile({"aaa": 1}, gates=gates),
        build.product_answers({question.id: answer}),  # type: ignore[dict-item]  # an answer of the builders
        **more,  # type: ignore[arg-type]  # parts of an evaluation
    )


def test_the_stream_of_a_record_is_its_name() -> None:
    names = [(1, "p", "AAA-01", "*"), (2, "p", "AAA-01", "*"), (1, "q", "AAA-01", "*")]
    names += [(1, "p", "AAA-02", "*"), (1, "p", "AAA-01", "cloud"), (1, "pA", "AA-01", "*")]
    streams = {uniforms(*name, draws=50).tobytes() for name in names}
    assert len(streams) == len(names)
    assert uniforms(*names[0], draws=50).tobytes() in streams


def test_fewer_draws_are_the_first_of_more() -> None:
    more, fewer = (uniforms(1, "p", "AAA-01", "*", draws=draws) for draws in (50, 7))
    assert fewer.tolist() == more[:7].tolist()


def test_parts_of_a_name_do_not_run_together() -> None:
    assert generator("ab", "c").random() != generator("a", "bc").random()


def test_uniform_numbers_are_uniform_and_streams_unrelated() -> None:
    one, other = (uniforms(1, product, "AAA-01", "*", draws=100_000) / 2**32 for product in "pq")
    counts, _ = np.histogram(one, 20, (0, 1))
    assert ((counts - 5000) ** 2 / 5000).sum() < 43.8  # chi-square, 19 degrees of freedom: 99.9 %
    assert abs(np.corrcoef(one, other)[0, 1]) < 0.013
    assert abs(np.corrcoef(one[1:], one[:-1])[0, 1]) < 0.013


@given(st.lists(st.integers(1, 20), min_size=1, max_size=6), st.integers(0, 2**32 - 1))
def test_a_drawn_value_is_the_quantile(parts: list[int], number: int) -> None:
    chances = [part / sum(parts) for part in parts]
    values = [place / 10 for place in range(len(parts))]
    [got] = drawn_values(tuple(zip(values, chances, strict=True)), np.array([number], np.uint32))
    below = sum(chance for value, chance in zip(values, chances, strict=True) if value < got)
    upto = sum(chance for value, chance in zip(values, chances, strict=True) if value <= got)
    assert below - 1e-9 <= number / 2**32 <= upto + 1e-9


def test_a_value_of_almost_no_probability_is_almost_never_drawn() -> None:
    numbers = np.array([0, 2**32 - 2], np.uint32)
    assert drawn_values(((0.0, 1 - 1e-15), (1.0, 1e-15)), numbers).tolist() == [0.0, 0.0]


def test_drawn_values_have_the_probabilities_of_their_distribution() -> None:
    distribution = ((0.0, 0.125), (0.25, 0.25), (1.0, 0.625))
    drawn = drawn_values(distribution, uniforms(3, "p", "AAA-01", "*", draws=100_000))
    for value, chance in distribution:
        assert np.mean(drawn == value) == pytest.approx(chance, abs=4 * np.sqrt(chance / 100_000))


@settings(deadline=None)
@given(several, st.data())
def test_removing_options_leaves_the_draws_of_the_others_bit_identical(
    inputs: EvaluationInputs, data: st.DataObject
) -> None:
    every = drawn_from(inputs)
    ids = [option.id for option in inputs.options()]
    kept = data.draw(st.lists(st.sampled_from(ids), unique=True, min_size=1))
    fewer = drawn_from(only(inputs, *kept))
    for place, option in enumerate(fewer.options):
        before = every.options.index(option)
        assert fewer.sums[place].tobytes() == every.sums[before].tobytes()
        assert fewer.masses[place].tobytes() == every.masses[before].tobytes()
        assert fewer.excluded_by_final[place].tobytes() == every.excluded_by_final[before].tobytes()
        assert fewer.excluded_as_delivered[place].tobytes() == every.excluded_as_delivered[before].tobytes()


@settings(deadline=None)
@given(several)
def test_the_order_of_questions_domains_gates_and_options_changes_no_bit(inputs: EvaluationInputs) -> None:
    forwards, backwards = drawn_from(inputs), drawn_from(reordered(inputs))
    assert forwards.domains == backwards.domains
    assert forwards.options == backwards.options[::-1]
    for name in ("sums", "masses", "peaks", "excluded_by_final", "excluded_as_delivered"):
        assert getattr(forwards, name).tobytes() == getattr(backwards, name)[::-1].tobytes()


@settings(deadline=None)
@given(several)
def test_a_draw_lies_between_the_assured_and_the_potential_score(inputs: EvaluationInputs) -> None:
    drawn = drawn_from(inputs)
    shares = {part.domain: part.share for part in weights_of(inputs.questionnaire, inputs.profile).domains}
    stated = np.array([shares[domain] for domain in drawn.domains])
    scores = rescore(drawn.sums, drawn.masses, stated)
    spans = [card.span for card in score(inputs) if card.span is not None]
    assert len(spans) == len(scores)
    for span, own in zip(spans, scores, strict=True):
        assert span.assured - CLOSE <= own.min()
        assert own.max() <= span.potential + CLOSE
    assert (drawn.sums.max(axis=2, initial=0) <= drawn.peaks + CLOSE).all()


def test_the_mean_of_draws_is_the_expected_score() -> None:
    claim = one_question(build.scale("AAA-01"), build.answer(4, "claim"))
    [card] = score(claim)
    assert card.span is not None
    assert drawn_from(claim, draws=20_000).sums.mean() == pytest.approx(card.span.expected, abs=0.01)


def test_deployments_share_records_and_an_override_has_a_stream_of_its_own() -> None:
    said = build.answer(
        4, "claim", deployments={name: build.statement(4, build.item("claim")) for name in ("c", "d")}
    )
    other = build.answer(4, "claim", deployments={"c": build.statement(3, "claim")})
    names = [build.deployment(name) for name in ("a", "b", "c", "d")]
    same, differing = (
        build.inputs(
            build.questionnaire({"aaa": [build.scale("AAA-01")]}),
            build.profile({"aaa": 1}),
            build.product_answers({"AAA-01": answer}, deployments=names),
        )
        for answer in (said, other)
    )
    a, b, c, d = drawn_from(same).sums
    assert a.tobytes() == b.tobytes() == c.tobytes() == d.tobytes()
    a, b, c, d = drawn_from(differing).sums
    assert a.tobytes() == b.tobytes() == d.tobytes()
    # Independent: the override is not always lower, though it can be worth no more than the general answer.
    assert (c > a).any()
    assert (c < a).any()


def test_an_option_for_which_a_shared_record_is_worth_more_never_draws_less() -> None:
    """Evidence that covers one deployment is a claim for the other."""
    item = build.item("documented", deployments=("a",))
    inputs = build.inputs(
        build.questionnaire({"aaa": [build.scale("AAA-01")]}),
        build.profile({"aaa": 1}),
        build.product_answers(
            {"AAA-01": build.answer(3, item)}, deployments=[build.deployment("a"), build.deployment("b")]
        ),
    )
    covered, claimed = drawn_from(inputs).sums
    assert (covered >= claimed).all()
    assert (covered > claimed).any()


GATE = build.gate("AAA-01", at_least=3)


@pytest.mark.parametrize(
    ("answer", "shares"),
    [
        (build.answer(4, "tested"), (0, 0)),
        (build.answer(3, "tested"), (0, 0)),
        (build.answer(2, "documented"), (1, 1)),  # fails as it stands
        (build.answer(4, "contract"), (0, 0)),  # 3 or 4
        (build.answer(4, "documented"), (0.15, 0.15)),  # passes, and is drawn at level 2 half of .3
        (build.answer(state="refused"), (1, 1)),  # open, and drawn at 0
        (build.answer(state="unknown"), (0.8, 0.8)),  # 5 + 4 + 3 of 15
    ],
)
def test_a_final_gate_excludes_where_the_drawn_value_is_below_its_bar(
    answer: object, shares: tuple[float, float]
) -> None:
    inputs = one_question(build.scale("AAA-01"), answer, GATE)
    drawn = drawn_from(inputs, draws=20_000)
    got = (drawn.excluded_by_final.mean(), drawn.excluded_as_delivered.mean())
    assert got == pytest.approx(shares, abs=0.0125 if 0 < shares[0] < 1 else 0)
    [one], _ = participants(inputs)
    assert can_be_excluded(one.case, as_delivered=False) is (shares[0] > 0)


def test_a_mitigable_gate_excludes_only_as_delivered() -> None:
    gate = build.gate("AAA-01", at_least=3, mitigable=True)
    inputs = one_question(build.scale("AAA-01"), build.answer(1, "tested"), gate)
    drawn = drawn_from(inputs)
    assert not drawn.excluded_by_final.any()
    assert drawn.excluded_as_delivered.all()
    [one], _ = participants(inputs)
    assert not can_be_excluded(one.case, as_delivered=False)
    assert can_be_excluded(one.case, as_delivered=True)


def test_a_waived_gate_never_excludes() -> None:
    gate = build.gate("AAA-01", at_least=3, mitigable=True)
    waiver = build.waiver("p/direct", "AAA-01")
    inputs = one_question(build.scale("AAA-01"), build.answer(1, "tested"), gate, waivers=[waiver])
    assert not drawn_from(inputs).excluded_as_delivered.any()


def test_a_gate_that_does_not_apply_never_excludes() -> None:
    condition = FactCondition(fact="licence", includes_any=("open_source",))
    gated = build.scale("AAA-01", applies_if=condition)
    inputs = build.inputs(
        build.questionnaire({"aaa": [gated, build.scale("AAA-02")]}),
        build.profile({"aaa": 1}, gates=[GATE]),
        build.product_answers({name: build.answer(0, "tested") for name in ("AAA-01", "AAA-02")}),
    )
    drawn = drawn_from(inputs)
    assert not drawn.excluded_by_final.any()
    assert drawn.masses.tolist() == [[0.5]]


def test_a_gate_on_a_set_excludes_only_if_it_fails_as_it_stands() -> None:
    question = build.sum_capped("AAA-01", {"a": 50, "b": 50})
    gate = build.gate("AAA-01", includes_any=("a",))
    fails, is_open = (
        drawn_from(one_question(question, build.answer(("b",), evidence), gate))
        for evidence in ("documented", "claim")
    )
    assert fails.excluded_by_final.all()
    assert not is_open.excluded_by_final.any()


def test_a_gate_on_a_number_compares_what_its_limit_is_worth() -> None:
    question = build.number("AAA-01", [(0, 100), (30, 50)])
    gate = build.gate("AAA-01", at_most=30)
    drawn = drawn_from(one_question(question, build.answer(30, "third_party"), gate), draws=20_000)
    assert drawn.excluded_by_final.mean() == pytest.approx(0.4, abs=0.015)


def test_whoever_is_not_scorable_takes_no_part() -> None:
    instrument = build.questionnaire({"aaa": [build.scale("AAA-01")]})
    answered = build.product_answers({"AAA-01": build.answer(1, "tested")}, product="a")
    silent = build.product_answers({}, product="b")
    taking_part, left_out = participants(
        build.inputs(instrument, build.profile({"aaa": 1}), answered, silent)
    )
    assert [one.option for one in taking_part] == ["a/direct"]
    assert left_out == ("b/direct",)


def test_other_weights_need_no_questions() -> None:
    """By hand: (2 · .5 + 1 · .25) / (2 · 1 + 1 · .5) = .5; then with each weight alone."""
    sums, masses = np.array([[[0.5, 0.5, 0.5], [0.25, 0.25, 0.25]]]), np.array([[1.0, 0.5]])
    assert rescore(sums, masses, np.array([2.0, 1.0])).tolist() == [[0.5, 0.5, 0.5]]
    by_column = np.array([[2.0, 1.0, 0.0], [1.0, 0.0, 1.0]])
    assert rescore(sums, masses, by_column).tolist() == [[0.5, 0.5, 0.5]]
    assert rescore(np.array([[[0.2], [0.3]]]), masses, np.array([1.0, 0.0])).tolist() == [[0.2]]
