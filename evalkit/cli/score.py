"""``evalkit score``: the figures of every option."""

from __future__ import annotations

import sys
from pathlib import Path
from typing import TYPE_CHECKING

from evalkit.cli.console import print_table, stdout
from evalkit.files.loading import load_inputs
from evalkit.files.workspace import find_evaluation
from evalkit.scoring.score import score
from evalkit.views.export import ranked, scores_csv, scores_document, to_json
from evalkit.views.wording import wording

if TYPE_CHECKING:
    from datetime import date

    from evalkit.model.evaluation import EvaluationInputs
    from evalkit.model.scorecard import Scorecard


def print_scores(directory: Path | None, *, output: str, profile: str | None, as_of: date | None) -> None:
    """Print the scores of an evaluation as table, csv or json to standard output."""
    inputs = load_inputs(find_evaluation(directory, Path.cwd()), profile=profile, as_of=as_of)
    cards = score(inputs)
    match output:
        case "json":
            sys.stdout.write(to_json(scores_document(inputs, cards)))
        case "csv":
            sys.stdout.write(scores_csv(cards))
        case _:
            _print_table(inputs, cards)


def _print_table(inputs: EvaluationInputs, cards: tuple[Scorecard, ...]) -> None:
    evaluation, profile = inputs.evaluation, inputs.profile
    rows = [_row(card) for card in ranked(cards)]
    print_table(
        (
            ("Option", "left"),
            ("Verdict", "left"),
            ("Assured", "right"),
            ("Expected", "right"),
            ("Potential", "right"),
            ("Face value", "right"),
            ("Answered", "right"),
            ("Gates", "left"),
        ),
        rows,
        title=f"{evaluation.title}: profile {profile.id}, as of {evaluation.as_of}, scores of 100",
    )
    needed = profile.thresholds
    stdout().print(
        f"Approval needs {_of_100(needed.approve_at)} assured, {_of_100(needed.domain_floor)} in each domain,"
        f" {needed.minimum_coverage:.0%} answered and every gate passed. Gates in the order"
        f" {', '.join(gate.question for gate in profile.gates) or '(none)'}."
    )


def _row(card: Scorecard) -> tuple[str, ...]:
    verdict = wording.VERDICT[card.finding.verdict]
    if card.span is None:
        return (card.option, verdict, *("–",) * 5, "")
    span = card.span
    figures = (span.assured, span.expected, span.potential, card.face_value or 0.0)
    return (
        card.option,
        verdict,
        *map(_of_100, figures),
        f"{card.coverage or 0:.0%}",
        " ".join(wording.GATE_SYMBOL[gate.result] for gate in card.gates),
    )


def _of_100(share: float) -> str:
    return f"{100 * share:.0f}"
