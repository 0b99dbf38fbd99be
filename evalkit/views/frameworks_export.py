"""Frameworks as data for other programs, and as Markdown."""

from __future__ import annotations

import csv
import io
from typing import TYPE_CHECKING, Any, Final

from evalkit.scoring.framework_coverage import parts_of
from evalkit.views.board.markdown import escaped
from evalkit.views.export import rounded, spreadsheet_cell
from evalkit.views.frameworks import (
    COUNTS,
    RELATED,
    basis_words,
    count_words,
    not_related_words,
    note_on,
    outcome_words,
    outcomes,
)

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

    from evalkit.model.evaluation import EvaluationInputs
    from evalkit.model.scorecard import Scorecard
    from evalkit.scoring.framework_coverage import FrameworkCoverage
    from evalkit.views.export import Cell
    from evalkit.views.frameworks import Outcome

COLUMNS: Final = (
    "framework",
    "identifier",
    "relation",
    "question",
    "title",
    "option",
    "applies",
    "state",
    "class",
    "v_low",
    "v_high",
    "gate",
)
"""Columns of the CSV, in order; an identifier that no question is related to has one row."""

_RELATED: Final = {True: "related to", False: "no question"}


def frameworks_csv(
    inputs: EvaluationInputs, coverages: Sequence[FrameworkCoverage], cards: Sequence[Scorecard]
) -> str:
    """Return a row for each framework, identifier, related question and option."""
    out = io.StringIO()
    writer = csv.DictWriter(out, COLUMNS, lineterminator="\n")
    writer.writeheader()
    for row in _rows(inputs, coverages, cards):
        writer.writerow({name: spreadsheet_cell(value) for name, value in row.items()})
    return out.getvalue()


def _rows(
    inputs: EvaluationInputs, coverages: Sequence[FrameworkCoverage], cards: Sequence[Scorecard]
) -> Iterator[dict[str, Cell]]:
    by_id = inputs.questionnaire.by_id
    known = {question: outcomes(question, cards) for question in by_id}
    for coverage in coverages:
        for identifier in coverage.identifiers:
            row: dict[str, Cell] = {
                "framework": coverage.key,
                "identifier": identifier.id,
                "relation": _RELATED[identifier.is_related],
            }
            if not identifier.is_related and not identifier.has_parts:
                yield row
            for question in identifier.questions:
                for found in known[question]:
                    title = by_id[question].title
                    yield {**row, "question": question, "title": title, **_outcome_cells(found)}


def _outcome_cells(found: Outcome) -> dict[str, Cell]:
    result = found.result
    if result is None:
        return {"option": found.option, "applies": None, "state": "not-scored"}
    applies = result.applicable
    return {
        "option": found.option,
        "applies": str(applies).lower(),
        "state": found.state,
        "class": result.evidence_class if applies else None,
        "v_low": rounded(result.low) if applies else None,
        "v_high": rounded(result.high) if applies else None,
        "gate": found.gate,
    }


def frameworks_document(
    inputs: EvaluationInputs, coverages: Sequence[FrameworkCoverage], cards: Sequence[Scorecard]
) -> dict[str, Any]:
    """Return the same as data, format ``evalkit/frameworks/1``; what came out stands once per question."""
    asked = {question for coverage in coverages for question in coverage.questions}
    return {
        "format": "evalkit/frameworks/1",
        "evaluation": inputs.evaluation.id,
        "questionnaire": inputs.questionnaire.ref,
        "profile": inputs.profile.id,
        "as_of": inputs.evaluation.as_of.isoformat(),
        "relation": "related to",
        "meaning": RELATED,
        "frameworks": [_framework(coverage) for coverage in coverages],
        "questions": {
            question.id: {
                "title": question.title,
                "options": [_outcome_cells(found) for found in outcomes(question.id, cards)],
            }
            for question in inputs.questionnaire.questions
            if question.id in asked
        },
    }


def _framework(coverage: FrameworkCoverage) -> dict[str, Any]:
    framework = coverage.framework
    return {
        "key": coverage.key,
        "title": coverage.title,
        "name": framework.name if framework else None,
        "verified_in": list(framework.verified_in) if framework else [],
        "result": framework.result if framework else None,
        "identifiers": coverage.total,
        "identifiers_related": coverage.related,
        "related": [
            {"identifier": it.id, "questions": list(it.questions)}
            for it in coverage.identifiers
            if it.is_related
        ],
        "not_looked_at": [it.id for it in coverage.not_related],
    }


def frameworks_markdown(
    inputs: EvaluationInputs, coverages: Sequence[FrameworkCoverage], cards: Sequence[Scorecard]
) -> str:
    """Return the same as Markdown: a table per framework, and the identifiers no question is related to."""
    evaluation = inputs.evaluation
    of = f"{evaluation.title}, profile {inputs.profile.id}, as of {evaluation.as_of}"
    over = cards[0].option if len(cards) == 1 else f"{len(cards)} options"
    parts = [f"# Related frameworks: {escaped(of)}", f"Answers of {escaped(over)}.", RELATED, COUNTS]
    known = {it: outcome_words(outcomes(it, cards)) for it in inputs.questionnaire.by_id}
    for coverage in coverages:
        parts += [f"## {escaped(coverage.title)}", f"{escaped(count_words(coverage))}."]
        parts.append("\n".join(f"- {escaped(sentence)}" for sentence in basis_words(coverage)))
        parts.append(_table(inputs, coverage, known))
        missing = not_related_words(coverage)
        if missing:
            listed = "\n".join(f"- {escaped(names)}" for _, names in missing)
            parts.append(f"No question of this questionnaire is related to:\n\n{listed}")
    return "\n\n".join(filter(None, parts)) + "\n"


def _table(inputs: EvaluationInputs, coverage: FrameworkCoverage, known: dict[str, str]) -> str:
    rows = ["| Identifier | Related question | What came out |", "| --- | --- | --- |"]
    for _, own in parts_of(it for it in coverage.identifiers if it.is_related):
        for it in own:
            note = note_on(coverage, it)
            name = f"{it.id} ({note})" if note else it.id
            for question in it.questions:
                title = inputs.questionnaire.by_id[question].title
                cells = (name, f"{question} {title}", known[question])
                rows.append(f"| {' | '.join(map(escaped, cells))} |")
    return "\n".join(rows) if len(rows) > 2 else ""  # noqa: PLR2004 - more than its head
