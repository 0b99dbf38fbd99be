"""The smallest change of weights that puts two options in the other order."""

from __future__ import annotations

from random import Random
from types import SimpleNamespace
from typing import TYPE_CHECKING

import pytest
import scipy.optimize
from hypothesis import given
from hypothesis import strategies as st

from evalkit.scoring.aggregation import domain_share, weighted_sum
from evalkit.scoring.explanation import values_of
from evalkit.scoring.reversal import smallest_weight_change
from evalkit.scoring.weight_sweep import (
    with_domain_shares,
)
from tests.scoring.cases import Traits, evaluations
from tests.scoring.test_reversal import DOMAINS, cases_of, pair, randoms, rescored, two_cases
from tests.scoring.test_worked_example import example

if TYPE_CHECKING:
    from collections.abc import Mapping

    from evalkit.model.evaluation import EvaluationInputs
    from evalkit.scoring.verdict import Case


def test_the_smallest_change_of_two_domains_is_the_way_to_equal_weights() -> None:
    a, b = pair({"AAA-01": (4, 0), "BBB-01": (0, 4)}, (60, 40))
    change = smallest_weight_change(a, b)
    assert change is not None
    assert change.shares == pytest.approx({"aaa": 0.5, "bbb": 0.5})
    assert (change.change, change.score_a, change.score_b) == pytest.approx((0.2, 0.5, 0.5))


def test_no_weights_help_an_option_that_is_behind_in_every_domain() -> None:
    """A is assured of more than B in every domain, so that no weights help B, and A needs none."""
    a, b, _ = cases_of(example())
    assert smallest_weight_change(a, b) is None
    change = smallest_weight_change(b, a)
    assert change is not None
    assert change.change == 0
    assert change.shares == {"transmission": 0.4, "approvals": 0.35, "retention": 0.25}


def test_an_option_is_not_left_without_a_score() -> None:
    """All weight on bbb would leave a none: a keeps .001 of aaa. Else t (.5 − .25) = (1−t) x: 1 − t = 1/3."""
    a, b = pair({"AAA-01": (2, 1), "BBB-01": (None, 1)}, (50, 50))
    assert smallest_weight_change(a, b) is None
    a, b = pair({"AAA-01": (2, 1), "BBB-01": (None, 4)}, (90, 10))
    change = smallest_weight_change(a, b)
    assert change is not None
    assert change.shares == pytest.approx({"aaa": 2 / 3, "bbb": 1 / 3})


def test_a_program_without_an_answer_is_an_error(monkeypatch: pytest.MonkeyPatch) -> None:
    a, b = pair({"AAA-01": (4, 0), "BBB-01": (0, 4)}, (60, 40))
    failed = SimpleNamespace(status=4, message="numbers")
    monkeypatch.setattr(scipy.optimize, "linprog", lambda *_, **__: failed)
    with pytest.raises(ArithmeticError, match="numbers"):
        smallest_weight_change(a, b)


def share_of(case: Case, shares: Mapping[str, float]) -> float:
    return sum(shares[part.domain] * domain_share(part, case.applies) for part in case.weights.domains)


def behind(a: Case, b: Case, shares: Mapping[str, float]) -> float:
    """(n_a·W)(p_b·W) − (n_b·W)(p_a·W): not above 0 where b scores at least as much as a."""
    n_a, n_b = (
        sum(
            shares[part.domain] * weighted_sum(part, values_of(case, "assured"), case.applies)
            for part in case.weights.domains
        )
        for case in (a, b)
    )
    return n_a * share_of(b, shares) - n_b * share_of(a, shares)


def random_shares(rng: Random, near: Mapping[str, float]) -> dict[str, float]:
    """Anywhere, or near to some weights, or weight moved between two domains."""
    free = {domain: rng.expovariate(1) for domain in near}
    total = sum(free.values())
    step = rng.choice((1.0, 0.3, 0.05, 0.01))
    mixed = {domain: (1 - step) * near[domain] + step * own / total for domain, own in free.items()}
    if rng.random() < 0.5:
        return mixed
    source, target = rng.sample(sorted(near), 2)
    moved = near[source] * rng.random() * step
    return {**near, source: near[source] - moved, target: near[target] + moved}


@given(evaluations(Traits(products=2)), randoms, st.integers(0, 2**32))
def test_the_smallest_change_gives_equality_and_nothing_nearer_does(
    inputs: EvaluationInputs, rng: Random, seed: int
) -> None:
    a, b = two_cases(rng, inputs)
    stated = {part.domain: part.share for part in a.weights.domains}
    change = smallest_weight_change(a, b)
    if change is not None:
        weights = with_domain_shares(a.weights, change.shares)
        score_a, score_b = rescored(a, weights), rescored(b, weights)
        assert (change.score_a, change.score_b) == (score_a, score_b)
        assert change.score_b >= change.score_a - 1e-7
        assert change.change == 0 or change.score_b == pytest.approx(change.score_a, abs=1e-7)
        assert sum(change.shares.values()) == pytest.approx(1)
        assert min(change.shares.values()) >= 0
        moved = sum(abs(share - stated[domain]) for domain, share in change.shares.items())
        assert change.change == pytest.approx(moved)
    nearby, chance = dict(change.shares if change else stated), Random(seed)  # noqa: S311 - no secret
    for _ in range(400):
        tried = random_shares(chance, chance.choice((stated, nearby)))
        if min(share_of(a, tried), share_of(b, tried)) < 1e-3 or behind(a, b, tried) > -1e-12:
            continue
        assert change is not None
        assert sum(abs(tried[domain] - stated[domain]) for domain in stated) >= change.change - 1e-6


def test_the_smallest_change_is_that_of_a_fine_grid_where_other_questions_apply() -> None:
    """Three domains, of which other halves apply to a and b: no point of a grid of 1/200 is nearer."""
    levels = {
        "AAA-01": (4, 2),
        "AAA-02": (None, 1),
        "BBB-01": (1, 3),
        "BBB-02": (3, None),
        "CCC-01": (2, 3),
        "CCC-02": (None, 4),
    }
    a, b = pair(levels, (60, 25, 15), per_domain=2)
    change = smallest_weight_change(a, b)
    assert change is not None
    assert change.change > 0.1
    stated = (0.6, 0.25, 0.15)
    nearest = min(
        sum(abs(new - old) for new, old in zip(tried, stated, strict=True))
        for i in range(201)
        for j in range(201 - i)
        for tried in [(i / 200, j / 200, (200 - i - j) / 200)]
        if behind(a, b, dict(zip(DOMAINS, tried, strict=True))) <= 0
    )
    assert change.change - 1e-6 <= nearest <= change.change + 0.02
