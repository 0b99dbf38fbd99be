"""Who is first as the weight of one domain goes from nothing to everything."""

from __future__ import annotations

from itertools import pairwise
from typing import TYPE_CHECKING, get_args

import pytest
from hypothesis import assume, given
from hypothesis import strategies as st

from evalkit.model.condition import FactCondition
from evalkit.model.explanation import ScoreName
from evalkit.model.scorecard import Finding
from evalkit.scoring.first_places import first_places
from evalkit.scoring.reversal import reversal_points
from evalkit.scoring.score import case_of
from evalkit.scoring.weight_sweep import sweep
from tests.scoring import builders as build
from tests.scoring.cases import Traits, evaluations

if TYPE_CHECKING:
    from collections.abc import Mapping

    from evalkit.model.evaluation import EvaluationInputs
    from evalkit.scoring.verdict import Case

scores = st.sampled_from(get_args(ScoreName))


def cases_of(inputs: EvaluationInputs) -> dict[str, Case]:
    found = {option.id: case_of(inputs, option) for option in inputs.options()}
    return {option: case for option, case in found.items() if not isinstance(case, Finding)}


def cases(levels: Mapping[str, tuple[int, int]]) -> dict[str, Case]:
    """Products by name with a tested level in each of two domains of one question."""
    instrument = build.questionnaire({"aaa": [build.scale("AAA-01")], "bbb": [build.scale("BBB-01")]})
    products = [
        build.product_answers(
            {"AAA-01": build.answer(one, "tested"), "BBB-01": build.answer(other, "tested")},
            product=name,
            deployments=[build.deployment()],
        )
        for name, (one, other) in levels.items()
    ]
    inputs = build.inputs(instrument, build.profile({"aaa": 1, "bbb": 1}), *products)
    return {option.partition("/")[0]: case for option, case in cases_of(inputs).items()}


def ranges(found: Mapping[str, Case]) -> list[tuple[float, float, tuple[str, ...]]]:
    return [(it.start, it.end, it.options) for it in first_places(found, "aaa")]


def test_two_options_change_places_where_their_scores_meet() -> None:
    """D_a = 1 and R_a = 0, D_b = 0 and R_b = .5 meet at .5 / 1.5."""
    found = ranges(cases({"a": (4, 0), "b": (0, 2)}))
    third = pytest.approx(1 / 3)
    assert found == [(0, third, ("b",)), (third, 1, ("a",))]


def test_a_third_option_may_be_first_between_two_only() -> None:
    """c = .75 everywhere; a = t and b = 1 − t reach it at .75 and at .25."""
    found = ranges(cases({"a": (4, 0), "b": (0, 4), "c": (3, 3)}))
    assert [(start, options) for start, _, options in found] == [
        (0, ("b",)),
        (pytest.approx(0.25), ("c",)),
        (pytest.approx(0.75), ("a",)),
    ]


def test_where_two_meet_below_a_third_nothing_changes() -> None:
    assert ranges(cases({"a": (3, 0), "b": (0, 3), "c": (4, 4)})) == [(0, 1, ("c",))]


def test_options_that_score_alike_are_first_together() -> None:
    found = ranges(cases({"a": (4, 0), "b": (0, 2), "c": (4, 0)}))
    assert [options for _, _, options in found] == [("b",), ("a", "c")]


def test_to_meet_at_an_end_is_no_change() -> None:
    assert ranges(cases({"a": (4, 4), "b": (4, 0)})) == [(0, 1, ("a",))]


def test_an_option_without_a_score_at_an_end_can_be_first_before_it() -> None:
    """Nothing of aaa applies to b, so that its score is that of bbb until nothing is left of it."""
    cli = FactCondition(fact="surfaces", includes_any=("cli",))
    instrument = build.questionnaire(
        {"aaa": [build.scale("AAA-01", applies_if=cli)], "bbb": [build.scale("BBB-01")]}
    )
    products = [
        build.product_answers(
            {"AAA-01": build.answer(1, "tested"), "BBB-01": build.answer(level, "tested")},
            product=name,
            deployments=[build.deployment(surface=surface)],
        )
        for name, level, surface in (("a", 4, "cli"), ("b", 2, "ide"))
    ]
    found = cases_of(build.inputs(instrument, build.profile({"aaa": 1, "bbb": 1}), *products))
    assert ranges(found) == [
        (0, pytest.approx(2 / 3), ("a/direct",)),
        (pytest.approx(2 / 3), 1, ("b/direct",)),
    ]


@given(evaluations(Traits(products=3)), scores)
def test_whoever_is_first_has_the_highest_score_of_the_sweep(
    inputs: EvaluationInputs, which: ScoreName
) -> None:
    found = cases_of(inputs)
    assume(found and len(inputs.questionnaire.domains) > 1)
    domain = inputs.questionnaire.domains[0].id
    places = first_places(found, domain, which=which)
    assert (places[0].start, places[-1].end) == (0, 1)
    assert all(one.end == other.start and one.options != other.options for one, other in pairwise(places))
    swept = sweep(found, domain, steps=37, which=which)
    for index, share in enumerate(swept.shares):
        highest = max(
            (score for own in swept.scores.values() if (score := own[index]) is not None), default=None
        )
        for place in places:
            if highest is None or not place.start + 1e-5 < share < place.end - 1e-5:
                continue
            for option in place.options:
                assert swept.scores[option][index] == pytest.approx(highest, abs=1e-8)


@given(evaluations(Traits(products=2)))
def test_two_options_change_first_place_where_they_change_places(inputs: EvaluationInputs) -> None:
    found = dict(list(cases_of(inputs).items())[:2])
    assume(len(found) == 2 and len(inputs.questionnaire.domains) > 1)
    one, other = found.values()
    domain = inputs.questionnaire.domains[0].id
    turns = [
        point.share
        for point in reversal_points(one, other, domain)
        if point.below and point.above and point.below != point.above and 1e-5 < point.share < 1 - 1e-5
    ]
    places = [
        place
        for place in first_places(found, domain)[1:]
        if len(place.options) == 1 and 1e-5 < place.start < 1 - 1e-5
    ]
    assert [place.start for place in places] == pytest.approx(turns)


def test_there_must_be_somebody_and_a_weight_to_move() -> None:
    with pytest.raises(ValueError, match="no cases"):
        first_places({}, "aaa")
    with pytest.raises(KeyError):
        first_places(cases({"a": (4, 0)}), "zzz")
    alone = build.questionnaire({"aaa": [build.scale("AAA-01")]})
    said = build.product_answers({"AAA-01": build.answer(4, "tested")})
    inputs = build.inputs(alone, build.profile({"aaa": 1}), said)
    with pytest.raises(ValueError, match="stands alone"):
        first_places(cases_of(inputs), "aaa")
