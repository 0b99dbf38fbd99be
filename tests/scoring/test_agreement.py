"""How far assessors of one product agree, in which domains, and on what they differ."""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING

import pytest

from evalkit.model.agreement import Position
from evalkit.scoring.agreement import agreement, disagreements, krippendorff_alpha
from tests.scoring import builders as build

if TYPE_CHECKING:
    from collections.abc import Mapping

    from evalkit.model.answers import Answer, ProductAnswers

QUESTIONS = ("AAA-01", "AAA-02", "AAA-03", "AAA-04")
INSTRUMENT = build.questionnaire(
    {
        "aaa": [build.scale(question) for question in QUESTIONS],
        "bbb": [build.scale("BBB-01"), build.scale("BBB-02"), build.scale("BBB-03")],
        "ccc": [
            build.number("CCC-01", ((0, 100), (30, 50))),
            build.sum_capped("CCC-02", {"a": 10, "b": 35}),
            build.hosts("CCC-03"),
        ],
    }
)
DIRECT, IDE = build.deployment("direct"), build.deployment("ide", surface="ide")


def answers(said: Mapping[str, Answer | int], *, ide: bool = False) -> ProductAnswers:
    """Answers about p; a bare number is a documented level."""
    full = {q: build.answer(own, "documented") if isinstance(own, int) else own for q, own in said.items()}
    return build.product_answers(full, deployments=[DIRECT, IDE] if ide else [DIRECT])


ANN = answers(
    {
        **dict(zip(QUESTIONS, (0, 1, 2, 4), strict=True)),
        "BBB-01": 0,
        "BBB-02": 4,
        "BBB-03": build.answer(state="unknown"),
        "CCC-01": build.answer(30, "documented"),
        "CCC-02": build.answer(("a", "b"), "documented"),
        "CCC-03": build.answer(build.lists(["x.example"]), "documented"),
    }
)
BOB = answers(
    {
        **dict(zip(QUESTIONS, (0, 1, 3, 4), strict=True)),
        "BBB-01": 2,
        "BBB-02": 1,
        "BBB-03": 2,
        "CCC-01": build.answer(31, "tested"),
        "CCC-02": build.answer(("b", "a"), "documented"),
        "CCC-03": build.answer(build.lists(["X.example"]), "documented"),
    }
)
TWO = {"bob": BOB, "ann": ANN}


# By hand: of nine records with two values, AAA-01, -02, -04, CCC-02 and CCC-03 agree; of six on scales, three
# agree and AAA-03 is one level apart.
def test_alpha_is_that_of_the_levels_and_the_rest_is_percentages() -> None:
    found = agreement(INSTRUMENT, TWO)
    assert (found.product, found.assessors) == ("p", ("ann", "bob"))
    assert found.overall.alpha == krippendorff_alpha([[0, 1, 2, 4, 0, 4], [0, 1, 3, 4, 2, 1]])
    assert (found.overall.records, found.overall.scale_records) == (9, 6)
    assert found.overall.exact_share == pytest.approx(5 / 9)
    assert found.overall.within_one_share == pytest.approx(4 / 6)
    assert found.overall.interval is not None
    low, high = found.overall.interval
    assert low < (found.overall.alpha or 0) < high


def test_a_domain_in_which_assessors_hardly_agree_wants_another_rubric() -> None:
    aaa, bbb, ccc = agreement(INSTRUMENT, TWO).domains
    assert aaa.figures.alpha == krippendorff_alpha([[0, 1, 2, 4], [0, 1, 3, 4]])
    assert not aaa.is_rubric_unclear
    assert bbb.figures.alpha == krippendorff_alpha([[0, 4], [2, 1]])
    assert bbb.is_rubric_unclear
    assert ccc.figures.alpha is None
    assert ccc.figures.interval is None
    assert ccc.figures.within_one_share is None
    assert not ccc.is_rubric_unclear
    assert agreement(INSTRUMENT, TWO).unclear_domains == ("bbb",)
    at_the_limit = replace(bbb, figures=replace(bbb.figures, alpha=0.667))
    assert not at_the_limit.is_rubric_unclear


def test_every_difference_is_listed_and_two_levels_are_discussed() -> None:
    found = agreement(INSTRUMENT, TWO)
    assert found.disagreements == disagreements(INSTRUMENT, TWO)
    assert [(each.question, each.domain, each.levels_apart) for each in found.disagreements] == [
        ("AAA-03", "aaa", 1),
        ("BBB-01", "bbb", 2),
        ("BBB-02", "bbb", 3),
        ("BBB-03", "bbb", None),
        ("CCC-01", "ccc", None),
    ]
    assert [each.question for each in found.to_discuss] == ["BBB-01", "BBB-02"]
    assert found.disagreements[3].positions == {
        "ann": Position("unknown", None, "none"),
        "bob": Position("answered", 2, "documented"),
    }
    assert found.disagreements[4].positions["bob"] == Position("answered", 31, "tested")


def test_exactly_two_levels_apart_is_discussed() -> None:
    [found] = disagreements(INSTRUMENT, {"ann": answers({"AAA-01": 1}), "bob": answers({"AAA-01": 3})})
    assert (found.levels_apart, found.must_be_discussed) == (2, True)


def test_levels_are_counted_by_the_steps_of_the_scale() -> None:
    instrument = build.questionnaire({"aaa": [build.scale("AAA-01", (0, 40, 100))]})
    two = {"ann": answers({"AAA-01": 0}), "bob": answers({"AAA-01": 2})}
    [found] = disagreements(instrument, two)
    assert found.levels_apart == 2
    # A scale need not count by one: levels 0, 1 and 5 are three steps, of which the last two are neighbours.
    levels = tuple(
        level.model_copy(update={"level": name})
        for level, name in zip(build.scale("AAA-01", (0, 40, 100)).levels, (0, 1, 5), strict=True)
    )
    gappy = build.questionnaire({"aaa": [build.scale("AAA-01").model_copy(update={"levels": levels})]})
    [found] = disagreements(gappy, {"ann": answers({"AAA-01": 1}), "bob": answers({"AAA-01": 5})})
    assert found.levels_apart == 1
    two = {"ann": answers({"AAA-01": 1}), "bob": answers({"AAA-01": 5})}
    assert agreement(gappy, two).overall.within_one_share == 1


def test_a_conflict_is_as_far_apart_as_its_strongest_evidence() -> None:
    conflict = build.answer(
        None,
        build.item("documented", 4),
        build.item("documented", 2),
        build.item("claim", 0),
        state="conflicting",
    )
    [found] = disagreements(INSTRUMENT, {"ann": answers({"AAA-01": conflict}), "bob": answers({"AAA-01": 3})})
    assert found.levels_apart == 2
    assert found.positions["ann"] == Position("conflicting", None, "documented")
    same = agreement(INSTRUMENT, {"ann": answers({"AAA-01": conflict}), "bob": answers({"AAA-01": conflict})})
    assert same.disagreements == ()
    assert same.overall.records == 0


def test_who_did_not_answer_differs_from_nobody() -> None:
    found = agreement(INSTRUMENT, {"ann": answers({"AAA-01": 4}), "bob": answers({})})
    assert found.disagreements == ()
    assert found.overall.exact_share is None
    assert found.overall.alpha is None


def test_refused_and_unknown_differ() -> None:
    said = {name: answers({"AAA-01": build.answer(state=name)}) for name in ("refused", "unknown")}
    [found] = disagreements(INSTRUMENT, said)
    assert {name: own.state for name, own in found.positions.items()} == {
        "refused": "refused",
        "unknown": "unknown",
    }


def test_what_one_answers_by_deployment_is_compared_by_deployment() -> None:
    override = build.answer(4, "documented", deployments={"ide": build.statement(1, "documented")})
    two = {"ann": answers({"AAA-01": override}, ide=True), "bob": answers({"AAA-01": 4}, ide=True)}
    found = agreement(INSTRUMENT, two)
    assert found.overall.records == 2
    [each] = found.disagreements
    assert (each.scope, each.deployments, each.levels_apart) == ("ide", ("ide",), 3)
    three = {**two, "carl": answers({"AAA-01": 3}, ide=True)}
    assert [(each.scope, each.deployments) for each in disagreements(INSTRUMENT, three)] == [
        ("*", ("direct",)),
        ("ide", ("ide",)),
    ]


def test_names_and_order_of_assessors_change_no_number() -> None:
    renamed = agreement(INSTRUMENT, {"zoe": ANN, "al": BOB})
    assert renamed.overall == agreement(INSTRUMENT, TWO).overall
    assert renamed.domains == agreement(INSTRUMENT, TWO).domains


def test_the_interval_is_a_matter_of_the_seed() -> None:
    one = agreement(INSTRUMENT, TWO, seed=1).overall
    assert agreement(INSTRUMENT, TWO, seed=1).overall == one
    other = agreement(INSTRUMENT, TWO, seed=2, resamples=50).overall
    assert other.interval != one.interval
    assert other.alpha == one.alpha


@pytest.mark.parametrize("said", [{}, {"ann": ANN}])
def test_one_alone_agrees_with_nobody(said: dict[str, ProductAnswers]) -> None:
    with pytest.raises(ValueError, match=f"agreement needs at least two assessors; there are {len(said)}"):
        agreement(INSTRUMENT, said)
