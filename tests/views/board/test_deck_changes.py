"""What a board that meets again is told: from an earlier revision, or from its own decision."""

from __future__ import annotations

from dataclasses import replace
from datetime import date
from typing import TYPE_CHECKING, Any

import pytest

from evalkit.model.decision import Basis, Decision, DecisionRecord, Standing
from evalkit.scoring.robustness import robustness
from evalkit.scoring.score import score
from evalkit.views.board.blocks import Callout, Paragraph, Slide, Table
from evalkit.views.board.deck import deck
from evalkit.views.board.deck_fit import HEIGHT, stack
from evalkit.views.board.making import board_brief
from evalkit.views.board.memo import memo
from evalkit.views.board.since import Since, since_decision, since_revision
from evalkit.views.languages import speech_of
from evalkit.views.spoken import speaking
from tests.scoring import builders as build
from tests.views.board.test_german import PSEUDO, in_pseudo, leaks, without_names
from tests.views.conftest import SHIPPED, small

if TYPE_CHECKING:
    from evalkit.model.evaluation import EvaluationInputs
    from evalkit.model.scorecard import Scorecard
    from evalkit.views.board.brief import BoardBrief
    from evalkit.views.comparison import Comparison

DAY = date(2026, 12, 1)
MORE = frozenset({"evalkit", "revision", "board"})


def briefed(inputs: EvaluationInputs, since: Since | None) -> BoardBrief:
    return board_brief(inputs, score(inputs), robustness(inputs, draws=100), since=since)


def since_that(before: EvaluationInputs, after: EvaluationInputs, **rest: Any) -> Since:  # noqa: ANN401 - as the function takes them
    return since_revision(before, score(before), after, score(after), name="board-1", day=DAY, **rest)


def decided(inputs: EvaluationInputs, *cards: Scorecard, on: date = DAY) -> DecisionRecord:
    basis = Basis.of(inputs, "0.1.0")
    decisions = tuple(
        Decision(
            option=card.option,
            name="As it was called",
            verdict="approve",
            by="Board",
            on=on,
            basis=basis.digest,
            evalkit=Standing.of(card),
        )
        for card in cards
    )
    return DecisionRecord(
        format="evalkit/decision/1",
        evaluation=inputs.evaluation.id,
        decisions=decisions,
        bases={basis.digest: basis},
    )


def slide(brief: BoardBrief) -> Slide:
    return next(it for it in deck(brief).slides if it.id == "since")


def rows(found: Slide) -> list[tuple[str, ...]]:
    return [
        tuple(cell.text for cell in row)
        for block in found.blocks
        if isinstance(block, Table)
        for row in block.rows
    ]


def told(found: Slide) -> str:
    return " ".join(block.text for block in found.blocks if isinstance(block, (Callout, Paragraph)))


def in_memo(brief: BoardBrief) -> list[str]:
    return [
        block.text
        for block in memo(brief).blocks
        if isinstance(block, Paragraph) and block.label == "Since the last board"
    ]


def later(inputs: EvaluationInputs, day: date) -> EvaluationInputs:
    return replace(inputs, evaluation=inputs.evaluation.model_copy(update={"as_of": day}))


def test_without_an_earlier_board_there_is_neither_slide_nor_paragraph() -> None:
    brief = briefed(small(), None)
    assert [it.id for it in deck(brief).slides if it.id == "since"] == []
    assert in_memo(brief) == []


def test_a_revision_tells_verdict_gate_score_and_what_moved_it() -> None:
    before, after = small(3), small(0)
    brief = briefed(after, since_that(before, after))
    found = slide(brief)
    assert [it.id for it in deck(brief).slides][:2] == ["decision", "since"]
    assert rows(found) == [
        ("A · p: direct", "approve", "reject", "63 → 50", "Gate BBB-01: passed → failed; answers −12.5")
    ]
    assert told(found) == (
        "Since revision board-1 of 2026-12-01, one verdict changed and one assured score moved. Changed: 1"
        " answer."
    )
    assert in_memo(brief) == [
        (
            "Since revision board-1 of 2026-12-01, one verdict changed and one assured score moved. Changed:"
            " 1 answer. Verdicts that changed: A from approve to reject."
        )
    ]


def test_evidence_that_expired_is_counted_and_both_days_are_named() -> None:
    after = later(small(3), date(2028, 1, 1))
    found = slide(briefed(after, since_that(small(3), after)))
    assert "Changed: 2 answers whose evidence expired." in told(found)
    assert "Scored as of 2026-11-22 then, as of 2028-01-01 now." in told(found)
    assert "day −" in rows(found)[0][-1]


def test_where_nothing_that_counts_changed_the_slide_says_so() -> None:
    brief = briefed(small(), since_that(small(), small()))
    found = slide(brief)
    assert told(found) == (
        "Since revision board-1 of 2026-12-01, nothing that counts is different. One option is unchanged."
    )
    assert rows(found) == []


def test_a_decision_tells_what_evalkit_and_the_board_said_then() -> None:
    before, after = small(3), small(0)
    changed = replace(after, hashes={"answers/p.yaml": f"sha256:{'a' * 64}"})
    since = since_decision(decided(before, *score(before)), changed, score(after), evalkit="0.1.0")
    found = slide(briefed(after, since))
    assert rows(found) == [
        ("A · p: direct", "approve", "approve", "reject", "63 → 50", "Gate BBB-01: passed → failed")
    ]
    assert told(found) == (
        "Since the decision of the board on 2026-12-01, one verdict changed and one assured score moved."
        " Changed: 1 input file."
    )
    assert "evalkit verify" in found.notes


def test_a_decided_option_that_is_compared_no_more_keeps_its_name() -> None:
    before = small(3)
    (card,) = score(before)
    record = decided(before, replace(card, option="p/gone"))
    since = since_decision(record, before, score(before), evalkit="0.1.0")
    assert rows(slide(briefed(before, since))) == [
        ("As it was called", "approve", "approve", "not compared", "63 → –", "")
    ]


def test_options_that_come_and_go_are_told() -> None:
    said = small().answers["p"]
    two = said.model_copy(
        update={"deployments": (*said.deployments, build.deployment("bedrock", route="aws_bedrock"))}
    )
    both = replace(small(), answers={"p": two})
    (added,) = rows(slide(briefed(both, since_that(small(), both))))
    assert added[1:4] == ("not compared", "approve", "– → 63")
    (gone,) = rows(slide(briefed(small(), since_that(both, small()))))
    assert gone[:3] == ("p: bedrock", "approve", "not compared")


def test_many_options_are_cut_to_what_fits_and_the_rest_is_counted(all_shipped: Comparison) -> None:
    before = all_shipped.inputs
    after = later(before, date(2027, 3, 1))
    brief = briefed(after, since_that(before, after))
    found = slide(brief)
    assert stack(found.blocks) <= HEIGHT
    left = len(brief.since.options if brief.since else ()) - len(rows(found))
    assert left > 0
    assert f"{left} more options changed." in told(found)
    assert rows(found)[0][0].startswith("A · ")


def test_long_and_hostile_names_do_not_run_over() -> None:
    said = small(0).answers["p"]
    product = said.product.model_copy(update={"name": "W" * 5000 + "\u202e<b>"})
    after = replace(small(0), answers={"p": said.model_copy(update={"product": product})})
    since = since_revision(small(3), score(small(3)), after, score(after), name="w" * 3000, day=DAY)
    found = slide(briefed(after, since))
    assert stack(found.blocks) <= HEIGHT
    assert all("\u202e" not in text for row in rows(found) for text in row)


@pytest.mark.parametrize("kind", ["revision", "decision"])
def test_every_sentence_comes_from_a_catalogue(kind: str) -> None:
    inputs, before = (
        without_names(later(small(level), day))
        for level, day in ((0, date(2028, 1, 1)), (3, date(2026, 11, 22)))
    )
    own = in_pseudo(inputs)
    with speaking(PSEUDO):
        if kind == "revision":
            since = since_revision(
                before, score(before), inputs, score(inputs), name="1", day=DAY, in_words=own
            )
        else:
            record = decided(before, *score(before))
            since = since_decision(record, inputs, score(inputs), evalkit="0.1.0", in_words=own)
        brief = briefed(own, since)
        assert leaks(memo(brief), brief) == set()
        assert leaks(slide(brief), brief) == set()


def test_it_is_said_in_german() -> None:
    after = small(0)
    with speaking(speech_of(SHIPPED, "de")):
        brief = briefed(after, since_that(small(3), after))
        found = slide(brief)
    assert found.title == "Was sich seit der letzten Sitzung geändert hat"
    assert told(found) == (
        "Seit dem Stand board-1 vom 01.12.2026: ein Urteil lautet anders und ein gesicherter Wert hat sich"
        " bewegt. Geändert: 1 Antwort."
    )
    assert rows(found)[0][-1] == "Muss-Kriterium BBB-01: erfüllt → nicht erfüllt; Antworten −12,5"
