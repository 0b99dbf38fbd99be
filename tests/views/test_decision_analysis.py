"""The sections that say how sure a ranking is, why one option is ahead, and what would change a verdict."""

from __future__ import annotations

import math
import re
from dataclasses import replace
from pathlib import Path
from typing import TYPE_CHECKING

import pytest

from evalkit.files.loading import load_inputs
from evalkit.model.scorecard import Finding
from evalkit.reports.documents import report_on
from evalkit.scoring.explanation import waterfall
from evalkit.scoring.gate_exclusions import gate_exclusions
from evalkit.scoring.robustness import robustness
from evalkit.scoring.score import case_of, score
from evalkit.views.certainty import certainty
from evalkit.views.difference_chart import Bar, alternative_text, difference_figure
from evalkit.views.export import ranked
from evalkit.views.gate_exclusions import exclusions_section
from evalkit.views.numbers import percent, signed_tenth
from evalkit.views.what_would_change import what_would_change
from evalkit.views.why_first import difference, why_first
from tests.scoring import builders as build

if TYPE_CHECKING:
    from evalkit.model.answers import Answer
    from evalkit.model.evaluation import EvaluationInputs
    from evalkit.model.scorecard import Scorecard
    from evalkit.scoring.gate_exclusions import Exclusions

SHIPPED = Path(__file__).parents[2] / "results" / "coding-agents-2026"


@pytest.fixture(scope="module")
def inputs() -> EvaluationInputs:
    return load_inputs(SHIPPED, products={"aider", "codex-cli"})


@pytest.fixture(scope="module")
def cards(inputs: EvaluationInputs) -> tuple[Scorecard, ...]:
    return score(inputs)


def cells(html: str, row: str) -> list[str]:
    """The cells of the first table row that names something."""
    (found, *_) = [it for it in re.findall(r"<tr>(.*?)</tr>", html, flags=re.DOTALL) if row in it]
    return [
        re.sub(r"<[^>]+>", "", cell).strip() for cell in re.findall(r"<t[hd].*?</t[hd]>", found, re.DOTALL)
    ]


def test_the_ranking_is_shown_with_draws_seed_and_error(
    inputs: EvaluationInputs, cards: tuple[Scorecard, ...]
) -> None:
    html = certainty(inputs, cards).html
    assert "10,000 draws, seed 1" in html
    assert "±&nbsp;1 %" in html
    result = robustness(inputs)
    for table in result.final_gates.scenarios:
        leader = max(table.options, key=lambda row: row.first)
        assert percent(leader.first) in cells(html, f">{leader.option}<")


def test_each_pair_is_shown_both_ways(inputs: EvaluationInputs, cards: tuple[Scorecard, ...]) -> None:
    html = certainty(inputs, cards).html
    first, second = (card.option for card in ranked(cards)[:2])
    stated = robustness(inputs).final_gates.scenarios[0]
    pairwise = html[html.index('aria-label="Pairwise table"') :]
    assert percent(stated.option(first).wins[second]) in cells(pairwise, f'<th scope="row">{first}')
    assert percent(stated.option(second).wins[first]) in cells(pairwise, f'<th scope="row">{second}')


def test_a_single_option_has_no_ranking_to_be_sure_of(inputs: EvaluationInputs) -> None:
    evaluation = inputs.evaluation.model_copy(update={"options": ("aider/bedrock",)})
    alone = replace(inputs, evaluation=evaluation)
    assert certainty(alone, score(alone)).html == ""
    assert why_first(alone, score(alone)).html == ""


def test_the_parts_of_a_difference_are_shown_and_sum_to_it(
    inputs: EvaluationInputs, cards: tuple[Scorecard, ...]
) -> None:
    first, second = ranked(cards)[:2]
    a, b = (
        case_of(inputs, next(it for it in inputs.options() if it.id == card.option))
        for card in (first, second)
    )
    assert not hasattr(a, "verdict")
    fall = waterfall(a, b).assured  # type: ignore[arg-type]
    html = why_first(inputs, cards).html
    parts = [bar.answers + bar.applicability for bar in fall.domains]
    assert math.isclose(sum(parts), fall.difference, abs_tol=1e-12)
    titles = {domain.id: domain.title for domain in inputs.questionnaire.domains}
    for bar in fall.domains:
        assert signed_tenth(bar.answers + bar.applicability) in cells(html, f">{titles[bar.domain]}<")
    assert signed_tenth(fall.difference) in cells(html, ">Sum<")


def test_what_would_put_the_second_first_is_said(
    inputs: EvaluationInputs, cards: tuple[Scorecard, ...]
) -> None:
    first, *_, last = ranked(cards)
    html = difference(inputs, first, last).html
    assert f"What would put {last.option} first" in html


def test_an_option_without_a_score_has_no_difference(
    inputs: EvaluationInputs, cards: tuple[Scorecard, ...]
) -> None:
    answers = inputs.answers["aider"].model_copy(update={"answers": {}})
    without = replace(inputs, answers={**inputs.answers, "aider": answers})
    silent = next(card for card in score(without) if card.option == "aider/bedrock")
    scored = next(card for card in cards if card.product == "codex-cli")
    with pytest.raises(ValueError, match="aider/bedrock has no score: nothing-answered"):
        difference(without, scored, silent)


def test_what_to_ask_next_is_ordered_by_the_chance_that_the_verdict_changes(inputs: EvaluationInputs) -> None:
    report = report_on(inputs, "codex-cli/bedrock")
    html = what_would_change(report.subject).html
    asks = html[: html.index("Swings table")] if "Swings table" in html else html
    chances = [int(it) for it in re.findall(r'<td class="num">(\d+) %</td>', asks)]
    assert chances == sorted(chances, reverse=True)
    assert "What each open record alone can do" in html


def test_an_option_without_a_score_has_nothing_to_change(inputs: EvaluationInputs) -> None:
    answers = inputs.answers["aider"].model_copy(update={"answers": {}})
    without = replace(inputs, answers={"aider": answers})
    assert what_would_change(report_on(without, "aider/bedrock").subject).html == ""


def test_the_chart_of_a_difference_says_in_words_what_it_shows() -> None:
    bars = [Bar("Storage", 0.042), Bar("Routes", -0.01)]
    alt = alternative_text("a less b", bars)
    assert alt == ("Bar chart, a less b, in points of 100 assured, +3.2 in all: Storage +4.2; Routes −1.0.")
    texts = [text.get_text() for text in difference_figure(bars).axes[0].texts]
    assert texts == ["Storage", "+4.2", "Routes", "−1.0"]


def excluding(inputs: EvaluationInputs, option_id: str) -> Exclusions:
    case = case_of(inputs, next(it for it in inputs.options() if it.id == option_id))
    assert not isinstance(case, Finding)
    return gate_exclusions(case)


def test_gates_that_exclude_are_named_with_their_share(
    inputs: EvaluationInputs, cards: tuple[Scorecard, ...]
) -> None:
    html = certainty(inputs, cards).html
    table = html[html.index('aria-label="Gates that exclude, table"') :]
    for option in ("codex-cli/cloud", "aider/bedrock"):
        found = excluding(inputs, option)
        assert len(found.gates) > 1
        _, by_final, final, delivered, besides = cells(table, f">{option}<")
        assert (by_final, delivered) == (percent(found.by_final), percent(found.as_delivered))
        for gates, cell in ((found.final, final), (found.mitigable, besides)):
            assert re.findall(r"[A-Z]{3}-\d\d", cell) == [gate.question for gate in gates]
            for gate in gates:
                title = inputs.questionnaire.by_id[gate.question].title
                assert f"{gate.question} {title} {percent(gate.chance)}" in cell


def test_both_tables_give_an_option_the_same_shares(
    inputs: EvaluationInputs, cards: tuple[Scorecard, ...]
) -> None:
    html = certainty(inputs, cards).html
    first, second = html.split('aria-label="Gates that exclude, table"')
    for card in ranked(cards)[:5]:
        row, named = cells(first, f">{card.option}<"), cells(second, f">{card.option}<")
        assert (row[-3], row[-1]) == (named[1], named[3])


def test_a_gate_that_excludes_always_says_why(inputs: EvaluationInputs) -> None:
    html = exclusions_section(inputs, ["aider/bedrock"]).html
    assert "it fails as the evidence stands" in html
    refused = build.answer(state="refused")
    assert (
        "no value that is still open reaches its bar" in exclusions_section(gated(refused), ["p/direct"]).html
    )


def gated(said: Answer) -> EvaluationInputs:
    """One option, whose AAA-01 has a final gate at level 2."""
    instrument = build.questionnaire({"aaa": [build.scale("AAA-01"), build.scale("AAA-02")]})
    policy = build.profile({"aaa": 1}, gates=[build.gate("AAA-01", at_least=2)])
    answers = {"AAA-01": said, "AAA-02": build.answer(4, "tested")}
    return build.inputs(instrument, policy, build.product_answers(answers))


def test_without_gates_nothing_is_said_to_exclude(inputs: EvaluationInputs) -> None:
    profile = inputs.profile.model_copy(update={"gates": ()})
    free = replace(inputs, profile=profile)
    assert exclusions_section(free, ["aider/bedrock"]).html == ""
    assert "Gates that exclude" not in certainty(free, score(free)).html


def test_what_evidence_gives_no_chance_stands_beside_the_verdict() -> None:
    """A claim of level 1 misses the bar at each value that it leaves open; it may still be wrong."""
    swings = swings_of(build.answer(1, "claim"))
    assert "reject" in swings
    assert "approve if it reaches the bar of its gate, against what was found" in swings
    assert "if it reaches the bar" not in swings_of(build.answer(4, "claim"))


def swings_of(said: Answer) -> str:
    html = what_would_change(report_on(gated(said), "p/direct").subject).html
    return html[html.index('aria-label="Swings table"') :]
