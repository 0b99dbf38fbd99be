"""What falls due as data for other programs: CSV with a row for each thing to do, and JSON."""

from __future__ import annotations

import csv
import io
from dataclasses import asdict
from typing import TYPE_CHECKING, Any, Final

from evalkit.views.due import due_rows
from evalkit.views.export import rounded, spreadsheet_cell

if TYPE_CHECKING:
    from evalkit.model.due import Due, DueList, Effect, Held, OptionChange, Outlook
    from evalkit.model.evaluation import EvaluationInputs
    from evalkit.views.due import DueRow

COLUMNS: Final = (
    "kind",
    "day",
    "past",
    "matters",
    "product",
    "subject",
    "task",
    "url",
    "who",
    "options",
    "classes",
    "items",
    "questions",
    "verdicts_changed",
    "gates_changed",
    "answers_changed",
    "changes",
    "recorded_in",
)
"""Columns of the list as CSV, in order; lists are joined by semicolons."""


def due_csv(inputs: EvaluationInputs, found: DueList) -> str:
    """Return all that falls due as CSV, what governs nothing too; then what releases make stale."""
    out = io.StringIO()
    writer = csv.DictWriter(out, COLUMNS, lineterminator="\n")
    writer.writeheader()
    for row in due_rows(inputs, (*found.dues, *found.releases), found.on, most=None):
        writer.writerow({name: spreadsheet_cell(value) for name, value in _cells(row).items()})
    return out.getvalue()


def _cells(row: DueRow) -> dict[str, str | int]:
    due = row.due
    return {
        "kind": due.kind,
        "day": due.day.isoformat(),
        "past": str(due.is_past).lower(),
        "matters": str(due.matters).lower(),
        "product": due.product,
        "subject": due.subject,
        "task": row.task,
        "url": row.url,
        "who": due.who,
        "options": "; ".join(due.options),
        "classes": "; ".join(dict.fromkeys(item.evidence_class for item in due.items)),
        "items": len(due.items),
        "questions": "; ".join(row.about),
        "verdicts_changed": len(due.effect.turns),
        "gates_changed": len(due.effect.gates),
        "answers_changed": len({it.question for it in due.effect.readings}),
        "changes": "; ".join(row.effects),
        "recorded_in": "; ".join(due.recorded_in),
    }


def due_document(inputs: EvaluationInputs, found: DueList) -> dict[str, Any]:
    """Return what falls due as data, format ``evalkit/due/1``, ready for JSON."""
    return {
        "format": "evalkit/due/1",
        "evaluation": inputs.evaluation.id,
        "questionnaire": inputs.questionnaire.ref,
        "profile": inputs.profile.id,
        "on": found.on.isoformat(),
        "within_days": found.days,
        "past": len(found.past),
        "due": [_due(row) for row in due_rows(inputs, found.dues, found.on)],
        "turns": [
            {
                "last_day": turn.day.isoformat(),
                **_option(turn.change),
                "gates": [asdict(gate) for gate in turn.gates],
            }
            for turn in found.turns
        ],
        "releases": [_due(row) for row in due_rows(inputs, found.releases, found.on)],
    }


def _due(row: DueRow) -> dict[str, Any]:
    due: Due = row.due
    return {
        "kind": due.kind,
        "day": due.day.isoformat(),
        "past": due.is_past,
        "matters": due.matters,
        "product": due.product or None,
        "subject": due.subject or None,
        "text": due.text or None,
        "task": row.task,
        "url": row.url or None,
        "who": due.who or None,
        "options": list(due.options),
        "recorded_in": list(due.recorded_in),
        "items": [
            {
                "question": item.question,
                "scope": item.scope,
                "assessor": item.assessor,
                "class": item.evidence_class,
                "locator": item.locator,
                "collected": item.collected.isoformat(),
                "version": item.version,
            }
            for item in due.items
        ],
        **_effect(due.effect),
    }


def _effect(effect: Effect) -> dict[str, Any]:
    return {
        "options_changed": [_option(change) for change in effect.options],
        "gates_changed": [asdict(gate) for gate in effect.gates],
        "answers_changed": [
            {
                "option": it.option,
                "question": it.question,
                "before": _held(it.before),
                "after": _held(it.after),
            }
            for it in effect.readings
        ],
    }


def _option(change: OptionChange) -> dict[str, Any]:
    return {
        "option": change.option,
        "before": _outlook(change.before),
        "after": _outlook(change.after),
        "because": list(change.because),
    }


def _outlook(outlook: Outlook) -> dict[str, Any]:
    return {"verdict": outlook.verdict, "reason": outlook.reason, "assured": rounded(outlook.assured)}


def _held(held: Held) -> dict[str, Any]:
    return {"v_low": rounded(held.low), "v_high": rounded(held.high), "class": held.evidence_class}
