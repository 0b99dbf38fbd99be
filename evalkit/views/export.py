"""Scorecards as data for other programs: ``scores.json``, ``scores.csv``, and a pandas frame."""

from __future__ import annotations

import csv
import io
import json
from typing import TYPE_CHECKING, Any

from evalkit.model.answers import HostLists

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    import pandas as pd

    from evalkit.model.answers import RawValue
    from evalkit.model.evaluation import EvaluationInputs
    from evalkit.model.scorecard import Condition, QuestionResult, Scorecard, Span

PLACES = 6
"""Decimal places of every number written; verdicts are taken before rounding."""

_FORMULA_STARTS = ("=", "+", "-", "@", "\t", "\r", "\n")

Cell = str | int | float | None

COLUMNS = (
    "rank",
    "option",
    "product",
    "deployment",
    "verdict",
    "reason",
    "verdict_strict",
    "verdict_lenient",
    "assured",
    "expected",
    "potential",
    "face_value",
    "unverified_share",
    "coverage",
    "gates_open",
    "gates_failed",
    "conditions",
    "missing_evidence",
)
"""Columns of ``scores.csv`` and of :func:`scores_frame`, in order."""


def ranked(cards: Sequence[Scorecard]) -> tuple[Scorecard, ...]:
    """Return the options by assured score, highest first; ties by expected score, then by id.

    Options without figures follow, by id.
    """

    def place(card: Scorecard) -> tuple[bool, float, float, str]:
        if card.span is None:
            return (True, 0.0, 0.0, card.option)
        return (False, -card.span.assured, -card.span.expected, card.option)

    return tuple(sorted(cards, key=place))


def ranks(cards: Sequence[Scorecard]) -> dict[str, int]:
    """Return the rank of every scored option by assured score, 1 for the highest; equal scores share one."""
    scores = sorted((round(card.span.assured, PLACES) for card in cards if card.span), reverse=True)
    return {
        card.option: scores.index(round(card.span.assured, PLACES)) + 1
        for card in cards
        if card.span is not None
    }


def condition_entries(card: Scorecard) -> tuple[Condition, ...]:
    """Return every condition of the smallest set, companions after their control, each entry once."""
    entries = (condition for step in card.finding.conditions for condition in step.conditions)
    return tuple(dict.fromkeys(entries))


def scores_document(inputs: EvaluationInputs, cards: Sequence[Scorecard]) -> dict[str, Any]:
    """Return the content of ``scores.json``, format ``evalkit/scores/1``, ready for :func:`to_json`."""
    return {
        "format": "evalkit/scores/1",
        "evaluation": inputs.evaluation.id,
        "questionnaire": inputs.questionnaire.ref,
        "profile": inputs.profile.id,
        "as_of": inputs.evaluation.as_of.isoformat(),
        "inputs": dict(inputs.hashes),
        "options": [_option(card) for card in cards],
    }


def to_json(document: Mapping[str, Any]) -> str:
    """Return a document as JSON text: sorted keys, two spaces, a final newline."""
    return json.dumps(document, sort_keys=True, indent=2, ensure_ascii=False, allow_nan=False) + "\n"


def _option(card: Scorecard) -> dict[str, Any]:
    return {
        "id": card.option,
        "product": card.product,
        "deployment": card.deployment,
        **_span(card.span),
        "face_value": rounded(card.face_value),
        "unverified_share": rounded(card.unverified_share),
        "coverage": rounded(card.coverage),
        "verdict": card.finding.verdict,
        "reason": card.finding.reason,
        "verdict_strict": card.strict.verdict,
        "verdict_lenient": card.lenient.verdict,
        "gates": [{"question": gate.question, "result": gate.result} for gate in card.gates],
        "conditions": [
            {"kind": it.kind, "id": it.id, "question": it.question} for it in condition_entries(card)
        ],
        "missing_evidence": [step.question for step in card.finding.evidence],
        "gap": {name: rounded(share) for name, share in card.gap.items()},
        "domains": {it.domain: _span(it.span) for it in card.domains if it.span is not None},
        "questions": {result.question: _question(result) for result in card.questions},
    }


def _span(span: Span | None) -> dict[str, float | None]:
    return {
        "assured": None if span is None else rounded(span.assured),
        "expected": None if span is None else rounded(span.expected),
        "potential": None if span is None else rounded(span.potential),
    }


def _question(result: QuestionResult) -> dict[str, Any]:
    if not result.applicable:
        return {"applicable": False, "state": "not-applicable"}
    return {
        "state": result.state,
        "applicable": True,
        "class": result.evidence_class,
        "value": plain_value(result.value),
        "v": rounded(result.v),
        "v_low": rounded(result.low),
        "v_expected": rounded(result.expected),
        "v_high": rounded(result.high),
        "disputed": result.disputed,
        "stale": result.stale,
    }


def plain_value(value: RawValue | None) -> Any:  # noqa: ANN401 - whatever JSON holds
    """Return an answer as JSON values."""
    if isinstance(value, HostLists):
        return value.model_dump(mode="json", exclude_unset=True)
    return list(value) if isinstance(value, tuple) else value


def rounded(number: float | None) -> float | None:
    """Return a figure as it is exported; None stays None."""
    return None if number is None else round(number, PLACES)


def scores_rows(cards: Sequence[Scorecard]) -> list[dict[str, Cell]]:
    """Return one row per option with the columns of :data:`COLUMNS`, in the order of the evaluation."""
    places = ranks(cards)
    return [_row(card, places.get(card.option)) for card in cards]


def _row(card: Scorecard, rank: int | None) -> dict[str, Cell]:
    option = _option(card)
    results = [gate.result for gate in card.gates]
    option |= {
        "rank": rank,
        "option": card.option,
        "gates_open": results.count("open"),
        "gates_failed": results.count("fail"),
        "conditions": len(option["conditions"]),
        "missing_evidence": len(option["missing_evidence"]),
    }
    return {name: option[name] for name in COLUMNS}


def scores_frame(cards: Sequence[Scorecard]) -> pd.DataFrame:
    """Return one row per option, index ``option``, with the other columns of :data:`COLUMNS`.

    Scores are shares in 0..1, missing where an option is not scorable or not eligible.
    """
    import pandas as pd  # noqa: PLC0415 - half a second that the command line need not pay

    return pd.DataFrame(scores_rows(cards), columns=list(COLUMNS)).set_index("option")


def scores_csv(cards: Sequence[Scorecard]) -> str:
    """Return ``scores.csv``: comma-separated, one row per option, no cell that a spreadsheet would run."""
    text = io.StringIO()
    writer = csv.DictWriter(text, COLUMNS, lineterminator="\n")
    writer.writeheader()
    for row in scores_rows(cards):
        writer.writerow({name: spreadsheet_cell(value) for name, value in row.items()})
    return text.getvalue()


def spreadsheet_cell(value: Cell) -> Cell:
    """Return a cell that no spreadsheet takes for a formula: such text gets an apostrophe in front.

    >>> spreadsheet_cell("=1+1"), spreadsheet_cell("plain"), spreadsheet_cell(-1)
    ("'=1+1", 'plain', -1)
    """
    if isinstance(value, str) and value.startswith(_FORMULA_STARTS):
        return f"'{value}"
    return value
