"""Robustness: published and enumerated cases, and the properties that it always has."""

from __future__ import annotations

import math
from dataclasses import replace
from itertools import product
from random import Random
from typing import TYPE_CHECKING, Any

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from evalkit.model.condition import FactCondition
from evalkit.scoring.aggregation import weights_of
from evalkit.scoring.draws import draw, participants, rescore
from evalkit.scoring.robustness import DRAWS, dominance, robustness
from evalkit.scoring.robustness_ranks import places_of
from evalkit.scoring.score import score
from evalkit.scoring.weight_scenarios import weight_scenarios
from tests.scoring import builders as build
from tests.scoring.cases import Traits, evaluations, random_answers, random_profile, random_value
from tests.scoring.test_draws import only, reordered
from tests.scoring.test_worked_example import example

if TYPE_CHECKING:
    from collections.abc import Sequence

    from evalkit.model.evaluation import EvaluationInputs
    from evalkit.model.robustness import GateTable, Robustness
    from evalkit.model.scorecard import Scorecard

SCENARIOS = ["stated", "dirichlet30", "flat", "ordinal"]
several = evaluations(Traits(products=3))


def tables(result: Robustness) -> tuple[GateTable, GateTable]:
    return (result.final_gates, result.as_delivered)


def each_best_in_one() -> EvaluationInputs:
    """Three certain options, each best in one of three domains and worst in the others."""
    questions = {domain: [build.scale(f"{domain.upper()}-01")] for domain in ("aaa", "bbb", "ccc")}
    products = [
        build.product_answers(
            {
                f"{domain.upper()}-01": build.answer(4 if domain == best else 0, "tested")
                for domain in questions
            },
            product=best,
        )
        for best in questions
    ]
    policy = build.profile({"aaa": 3, "bbb": 2, "ccc": 1})
    return build.inputs(build.questionnaire(questions), policy, *products)


def test_three_options_each_best_in_one_domain_split_the_simplex() -> None:
    """Closed form: a third each; the centroid of {w1 ≥ w2, w1 ≥ w3} is (11/18, 7/36, 7/36)."""
    result = robustness(each_best_in_one(), draws=30_000)
    flat = result.final_gates.scenario("flat")
    assert [row.first for row in flat.options] == pytest.approx([1 / 3] * 3, abs=0.01)
    for row in flat.options:
        assert row.central_weights is not None
        own = row.option.split("/")[0]
        expected = {domain: 11 / 18 if domain == own else 7 / 36 for domain in row.central_weights}
        assert row.central_weights == pytest.approx(expected, abs=0.01)
        assert row.confidence == 1
        assert row.excluded == 0
        assert row.word == "undetermined"


def test_the_first_by_ordinal_weights_has_the_rank_order_centroid() -> None:
    """Barron & Barrett 1996, Management Science 42(11): (11/18, 5/18, 1/9)."""
    ordinal = robustness(each_best_in_one(), draws=30_000).final_gates.scenario("ordinal")
    leader, second, last = ordinal.options
    assert (leader.acceptability, leader.word) == ((1, 0, 0), "robust")
    assert leader.central_weights == pytest.approx({"aaa": 11 / 18, "bbb": 5 / 18, "ccc": 1 / 9}, abs=0.01)
    assert (second.central_weights, second.confidence) == (None, None)
    assert (leader.wins, last.wins) == (
        {"bbb/direct": 1, "ccc/direct": 1},
        {"aaa/direct": 0, "bbb/direct": 0},
    )


def test_the_worked_example_has_its_shares() -> None:
    """Exactly enumerated at the stated weights: .7267 / .2700 / 0, ties .0032, which count half for each."""
    exact = [0.726707 + 0.003244 / 2, 0.270049 + 0.003244 / 2, 0]

    def is_within_error(draws: int, seed: int) -> bool:
        result = robustness(example(), draws=draws, seed=seed)
        rows = result.final_gates.scenario("stated").options
        return all(
            abs(row.first - share) <= result.error(share) for row, share in zip(rows, exact, strict=True)
        )

    assert is_within_error(100_000, 1)
    assert 85 <= sum(is_within_error(1000, seed) for seed in range(100)) <= 100


def test_the_gate_of_the_worked_example_excludes_by_what_is_drawn() -> None:
    """B's gate is open on a claim of 4: half of it lies on 0 to 3, of which 0 to 2 exclude: .375."""
    result = robustness(example())
    stated = result.final_gates.scenario("stated")
    a, b, _ = stated.options
    assert result.draws == DRAWS
    assert [row.excluded for row in stated.options] == pytest.approx([0, 0.375, 0], abs=result.error(0.375))
    assert result.final_gates.scenarios == result.as_delivered.scenarios
    assert result.final_gates.none_acceptable == 0
    assert a.word == "leaning"
    assert b.confidence == pytest.approx(b.first / (1 - b.excluded))


Records = dict[tuple[str, str, str], list[tuple[float, tuple[float, ...]]]]


def segments(cards: Sequence[Scorecard]) -> Records:
    """Every record with the pieces of 0..1 on which all options' values are constant.

    A piece is its length and the value of each card, 0 where the record serves it not.
    """
    pieces: Records = {}
    keys = {
        (card.product, result.question, result.record)
        for card in cards
        for result in card.questions
        if result.applicable
    }
    for key in sorted(keys):
        distributions = [
            next(
                (
                    result.distribution
                    for result in card.questions
                    if (card.product, result.question, result.record) == key and result.applicable
                ),
                ((0.0, 1.0),),
            )
            for card in cards
        ]
        ends = {
            round(math.fsum(chance for _, chance in one[: count + 1]), 12)
            for one in distributions
            for count in range(len(one))
        }
        pieces[key] = []
        start = 0.0
        for end in sorted(ends):
            middle = (start + end) / 2
            values = tuple(
                next(v for n, (v, _) in enumerate(one) if middle < math.fsum(p for _, p in one[: n + 1]))
                for one in distributions
            )
            pieces[key].append((end - start, values))
            start = end
    return pieces


def excluded_now(
    inputs: EvaluationInputs, card: Scorecard, values: dict[str, float], *, mitigable: bool
) -> bool:
    for gate, result in zip(inputs.profile.gates, card.gates, strict=True):
        if result.result in ("waived", "not-applicable") or (gate.mitigable and not mitigable):
            continue
        assert gate.at_least is not None
        question: Any = inputs.questionnaire.by_id[gate.question]
        bar = next(level.points for level in question.levels if level.level == gate.at_least) / 100
        if result.result == "fail" or values[gate.question] < bar - 1e-9:
            return True
    return False


def enumerated(  # noqa: C901 - one loop over every world, with what is counted in it
    inputs: EvaluationInputs, domain_weights: dict[str, float], *, mitigable: bool
) -> dict[tuple[str, ...], float]:
    """Exact shares: ("rank", option, rank), ("out", option), ("wins", a, b), ("counted", a, b), ("none",)."""
    cards = [card for card in score(inputs) if card.is_scored]
    weights = weights_of(inputs.questionnaire, inputs.profile)
    by_question = {
        question: domain_weights[part.domain] * share
        for part in weights.domains
        for question, share in part.questions.items()
    }
    pieces = segments(cards)
    shares: dict[tuple[str, ...], float] = {}

    def add(key: tuple[str, ...], chance: float) -> None:
        shares[key] = shares.get(key, 0.0) + chance

    for world in product(*pieces.values()):
        chance = math.prod(length for length, _ in world)
        alive: dict[str, float] = {}
        for place, card in enumerate(cards):
            values = {
                result.question: values[place]
                for (own, question, record), (_, values) in zip(pieces, world, strict=True)
                for result in card.questions
                if result.applicable
                and (own, question, record) == (card.product, result.question, result.record)
            }
            if excluded_now(inputs, card, values, mitigable=mitigable):
                add(("out", card.option), chance)
                continue
            mass = math.fsum(by_question[question] for question in values)
            alive[card.option] = math.fsum(by_question[q] * v for q, v in values.items()) / mass
        if not alive:
            add(("none",), chance)
        for a, b in product([card.option for card in cards], repeat=2):
            if a != b and (a in alive or b in alive):
                add(("counted", a, b), chance)
                if a in alive and (b not in alive or alive[a] > alive[b] + 1e-9):
                    add(("wins", a, b), chance)
        for option, own in alive.items():
            ahead = sum(other > own + 1e-9 for other in alive.values())
            tied = sum(abs(other - own) <= 1e-9 for other in alive.values())
            for rank in range(ahead, ahead + tied):
                add(("rank", option, str(rank)), chance / tied)
    return shares


def assert_near(got: float, exact: float, draws: float) -> None:
    exact = min(1.0, max(0.0, exact))
    assert abs(got - exact) <= 4 * math.sqrt(exact * (1 - exact) / draws) + 1e-6


def assert_as_enumerated(
    inputs: EvaluationInputs, result: Robustness, stakeholders: dict[str, dict[str, float]]
) -> None:
    points = {"stated": dict(inputs.profile.domain_weights)}
    points |= {f"stakeholder:{name}": own for name, own in stakeholders.items()}
    for table, mitigable in zip(tables(result), (False, True), strict=True):
        for name, weights in points.items():
            exact = enumerated(inputs, weights, mitigable=mitigable)
            assert_near(table.none_acceptable, exact.get(("none",), 0), result.draws)
            for row in table.scenario(name).options:
                out = exact.get(("out", row.option), 0)
                assert_near(row.excluded, out, result.draws)
                for rank, share in enumerate(row.acceptability):
                    assert_near(share, exact.get(("rank", row.option, str(rank)), 0), result.draws)
                first = exact.get(("rank", row.option, "0"), 0)
                if row.confidence is not None:
                    assert_near(row.confidence, first / (1 - out), result.draws * (1 - out))
                for other, index in row.wins.items():
                    counted = exact.get(("counted", row.option, other), 0)
                    if index is None:
                        assert counted < 1e-9
                    elif counted > 0.01:
                        won = exact.get(("wins", row.option, other), 0) / counted
                        assert_near(index, won, result.draws * counted)


def small(seed: int) -> EvaluationInputs:
    """Two products, of which one may have several deployments; three questions on scales."""
    rng = Random(seed)  # noqa: S311 - random cases, no secrets
    instrument = build.questionnaire(
        {
            "aaa": [build.scale("AAA-01", weight=2), build.scale("AAA-02", (0, 40, 100))],
            "bbb": [build.scale("BBB-01", (0, 10, 55, 100))],
        }
    )
    policy = random_profile(rng, instrument, Traits(gates=False))
    gates = [
        build.gate("AAA-01", at_least=rng.randint(1, 2), mitigable=rng.random() < 0.5),
        build.gate("BBB-01", at_least=1, mitigable=rng.random() < 0.5),
    ]
    policy = policy.model_copy(update={"gates": tuple(gates), "eligibility": None})
    products = [random_answers(rng, instrument, name, Traits(conditions=False)) for name in ("p", "r")]
    return build.inputs(instrument, policy, *products)


@pytest.mark.parametrize("seed", range(12))
def test_draws_agree_with_exact_enumeration(seed: int) -> None:
    inputs = small(seed)
    stakeholders = {"one": {"aaa": 1.0, "bbb": 4.0}}
    pieces = segments([card for card in score(inputs) if card.is_scored])
    if math.prod(len(own) for own in pieces.values()) > 20_000:
        inputs = only(inputs, inputs.options()[0].id, inputs.options()[-1].id)
    result = robustness(inputs, draws=40_000, seed=seed, stakeholder_weights=stakeholders)
    assert_as_enumerated(inputs, result, stakeholders)


@settings(deadline=None)
@given(several, st.integers(0, 9))
def test_rows_with_the_excluded_share_sum_to_one(inputs: EvaluationInputs, seed: int) -> None:
    result = robustness(inputs, draws=40, seed=seed)
    assert [*result.options, *result.left_out] == [
        *(card.option for card in score(inputs) if card.is_scored),
        *(card.option for card in score(inputs) if not card.is_scored),
    ]
    for table in tables(result):
        assert [scenario.scenario for scenario in table.scenarios] == SCENARIOS
        for scenario in table.scenarios:
            firsts = sum(row.first for row in scenario.options)
            assert firsts == pytest.approx(1 - table.none_acceptable)
            for row in scenario.options:
                assert sum(row.acceptability) + row.excluded == pytest.approx(1)
                assert (row.central_weights is None) is (row.first == 0) is (row.confidence is None)
                if row.central_weights is not None and row.confidence is not None:
                    assert sum(row.central_weights.values()) == pytest.approx(1)
                    assert 0 <= row.confidence <= 1 + 1e-12
                for other, won in row.wins.items():
                    lost = scenario.option(other).wins[row.option]
                    assert (won is None) is (lost is None)
                    assert (won or 0) + (lost or 0) <= 1 + 1e-12


@settings(deadline=None)
@given(several)
def test_a_final_gate_that_fails_as_it_stands_excludes_in_every_draw(inputs: EvaluationInputs) -> None:
    result = robustness(inputs, draws=10)
    for card in score(inputs):
        failing = {gate.mitigable for gate in card.gates if gate.result == "fail"}
        for table, excluding in zip(tables(result), ({False}, {False, True}), strict=True):
            for scenario in table.scenarios:
                if failing & excluding:
                    assert scenario.option(card.option).excluded == 1
                    assert scenario.option(card.option).acceptability == (0,) * len(result.options)


def certain(seed: int) -> EvaluationInputs:
    """Options that are often dominated: what they answer is tested or much the same."""
    rng = Random(seed)  # noqa: S311 - random cases, no secrets
    questions = [build.scale(f"AAA-0{n}") for n in (1, 2)]
    others = [build.scale("BBB-01")]
    answers = [
        build.product_answers(
            {
                question.id: build.answer(random_value(rng, question), rng.choice(("tested", "contract")))
                for question in (*questions, *others)
            },
            product=f"p{place}",
        )
        for place in range(5)
    ]
    gates = [build.gate("BBB-01", at_least=1), build.gate("AAA-01", at_least=2, mitigable=True)]
    policy = build.profile({"aaa": rng.randint(1, 9), "bbb": 3}, gates=gates)
    return build.inputs(build.questionnaire({"aaa": questions, "bbb": others}), policy, *answers)


@pytest.mark.parametrize("seed", range(8))
def test_who_dominates_is_never_ranked_behind_in_any_draw(seed: int) -> None:
    inputs = certain(seed)
    stated = weights_of(inputs.questionnaire, inputs.profile)
    taking_part, _ = participants(inputs)
    drawn = draw(taking_part, stated, draws=200, seed=seed)
    found = 0
    for as_delivered, excluded in enumerate((drawn.excluded_by_final, drawn.excluded_as_delivered)):
        pairs = dominance(taking_part, as_delivered=bool(as_delivered))
        found += len(pairs)
        for scenario in weight_scenarios(stated, draws=200, seed=seed, stakeholder_weights={}):
            scores = rescore(drawn.sums, drawn.masses, scenario.weights)
            places, _ = places_of(scores, excluded)
            for a, b in pairs:
                assert (places[drawn.options.index(a)] <= places[drawn.options.index(b)]).all()
    assert found or seed in (0, 6)  # two in which nobody dominates


@settings(deadline=None)
@given(several)
def test_dominance_is_never_ranked_behind_in_random_evaluations(inputs: EvaluationInputs) -> None:
    for table in tables(robustness(inputs, draws=40)):
        for a, b in table.dominance:
            for scenario in table.scenarios:
                assert scenario.option(b).wins[a] == 0


def test_dominance_needs_that_no_gate_excludes() -> None:
    gate = build.gate("AAA-01", at_least=3, mitigable=True)
    question = build.scale("AAA-01")
    best, same, low = (
        build.product_answers({"AAA-01": build.answer(level, "tested")}, product=name)
        for name, level in (("best", 2), ("same", 2), ("low", 1))
    )
    inputs = build.inputs(
        build.questionnaire({"aaa": [question]}), build.profile({"aaa": 1}, gates=[gate]), best, same, low
    )
    result = robustness(inputs, draws=5)
    assert set(result.final_gates.dominance) == {
        ("best/direct", "same/direct"),
        ("same/direct", "best/direct"),
        ("best/direct", "low/direct"),
        ("same/direct", "low/direct"),
    }
    assert result.as_delivered.dominance == ()
    assert result.as_delivered.none_acceptable == 1
    assert result.as_delivered.scenario("flat").option("best/direct").wins == {
        "same/direct": None,
        "low/direct": None,
    }
    tied = result.final_gates.scenario("flat").option("best/direct")
    assert list(tied.acceptability) == [0.5, 0.5, 0]
    assert tied.wins == {"same/direct": 0, "low/direct": 1}
    assert tied.confidence == 0.5


def test_dominance_needs_equal_masks() -> None:
    hooked = FactCondition(fact="features", includes_any=("hooks",))
    questions = [build.scale("AAA-01"), build.scale("AAA-02", applies_if=hooked)]
    said = {"AAA-01": build.answer(4, "tested"), "AAA-02": build.answer(4, "tested")}
    plain = build.product_answers(said, product="plain")
    other = build.product_answers(said, product="other", features=("hooks",))
    inputs = build.inputs(build.questionnaire({"aaa": questions}), build.profile({"aaa": 1}), plain, other)
    assert not robustness(inputs, draws=5).final_gates.dominance


@pytest.mark.parametrize("name", ["dirichlet30", "flat", "ordinal"])
def test_central_weights_and_confidence_are_those_of_counting_by_hand(name: str) -> None:
    inputs = example()
    stated = weights_of(inputs.questionnaire, inputs.profile)
    taking_part, _ = participants(inputs)
    drawn = draw(taking_part, stated, draws=500, seed=11)
    every = weight_scenarios(stated, draws=500, seed=11, stakeholder_weights={})
    weights = next(scenario.weights for scenario in every if scenario.name == name)

    def share_of_first(own: int, vector: Sequence[float], at: int) -> float:
        scores: dict[int, float] = {
            option: sum(w * s for w, s in zip(vector, drawn.sums[option, :, at].tolist(), strict=True))
            for option in range(3)
            if not drawn.excluded_by_final[option, at]
        }
        if own not in scores or scores[own] < max(scores.values()) - 1e-9:
            return 0
        return 1 / sum(abs(scores[own] - other) <= 1e-9 for other in scores.values())

    rows = robustness(inputs, draws=500, seed=11).final_gates.scenario(name).options
    for own, row in enumerate(rows):
        shares = np.array([share_of_first(own, weights[:, at].tolist(), at) for at in range(500)])
        assert row.first == pytest.approx(shares.mean())
        if not shares.any():
            assert row.central_weights is None
            continue
        centre = (weights * shares).sum(axis=1) / shares.sum()
        assert row.central_weights == pytest.approx(dict(zip(drawn.domains, centre, strict=True)))
        acceptable = np.count_nonzero(~drawn.excluded_by_final[own])
        held = sum(share_of_first(own, centre.tolist(), at) for at in range(500))
        assert row.confidence == pytest.approx(held / acceptable)


def test_the_same_seed_gives_the_same_bytes_and_another_other_draws() -> None:
    once, again, other = (robustness(example(), draws=500, seed=seed) for seed in (5, 5, 6))
    assert repr(once) == repr(again)
    assert once.final_gates != other.final_gates


@settings(deadline=None)
@given(several)
def test_the_order_of_options_and_questions_is_irrelevant(inputs: EvaluationInputs) -> None:
    forwards, backwards = robustness(inputs, draws=30), robustness(reordered(inputs), draws=30)
    for ahead, back in zip(tables(forwards), tables(backwards), strict=True):
        assert set(ahead.dominance) == set(back.dominance)
        assert ahead.none_acceptable == back.none_acceptable
        for scenario in ahead.scenarios:
            for row in scenario.options:
                assert row == back.scenario(scenario.scenario).option(row.option)


@settings(deadline=None)
@given(several, st.sampled_from((0.25, 8, 3, 0.1)))
def test_the_scale_of_weights_is_irrelevant(inputs: EvaluationInputs, factor: float) -> None:
    scaled = {domain: weight * factor for domain, weight in inputs.profile.domain_weights.items()}
    profile = inputs.profile.model_copy(update={"domain_weights": scaled})
    stakeholders = {"one": dict.fromkeys(scaled, factor)}
    before = robustness(inputs, draws=20, stakeholder_weights={"one": dict.fromkeys(scaled, 1.0)})
    after = robustness(replace(inputs, profile=profile), draws=20, stakeholder_weights=stakeholders)
    for old, new in zip(tables(before), tables(after), strict=True):
        for was, now in zip(old.scenarios, new.scenarios, strict=True):
            for row, other in zip(was.options, now.options, strict=True):
                assert row.acceptability == pytest.approx(other.acceptability)
                assert row.wins == other.wins


def test_options_that_share_every_record_tie_in_every_draw() -> None:
    names = [build.deployment(name) for name in ("a", "b")]
    answers = build.product_answers({"AAA-01": build.answer(4, "claim")}, deployments=names)
    inputs = build.inputs(
        build.questionnaire({"aaa": [build.scale("AAA-01")]}), build.profile({"aaa": 1}), answers
    )
    for scenario in robustness(inputs, draws=50).final_gates.scenarios:
        assert [row.acceptability for row in scenario.options] == [(0.5, 0.5), (0.5, 0.5)]
        assert [row.wins for row in scenario.options] == [{"p/b": 0}, {"p/a": 0}]


def test_without_options_nobody_is_acceptable() -> None:
    inputs = build.inputs(
        build.questionnaire({"aaa": [build.scale("AAA-01")]}),
        build.profile({"aaa": 1}),
        build.product_answers({}),
    )
    result = robustness(inputs, draws=5)
    assert (result.options, result.left_out) == ((), ("p/direct",))
    assert result.final_gates.none_acceptable == 1
    assert [scenario.options for scenario in result.final_gates.scenarios] == [()] * 4


def test_what_is_not_there_is_an_error() -> None:
    result = robustness(example(), draws=5)
    with pytest.raises(KeyError, match="nobody"):
        result.final_gates.scenario("flat").option("nobody")
    with pytest.raises(KeyError, match="nothing"):
        result.final_gates.scenario("nothing")
    with pytest.raises(ValueError, match="draws is 0; it must be at least 1"):
        robustness(example(), draws=0)
    with pytest.raises(ValueError, match="ciso: weighs"):
        robustness(example(), draws=5, stakeholder_weights={"ciso": {"transmission": 1}})
