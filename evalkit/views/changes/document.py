"""What changed as data for other programs, format ``evalkit/changes/1``."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from evalkit.model.answers import Statement
from evalkit.model.records import state_of
from evalkit.views.changes.contents import readings_of
from evalkit.views.changes.phrases import statement_words
from evalkit.views.changes.report import conditions, missing_evidence
from evalkit.views.export import plain_value, rounded

if TYPE_CHECKING:
    from evalkit.model.answers import EvidenceItem
    from evalkit.model.change import Change, OptionChange, StatementChange
    from evalkit.model.scorecard import QuestionResult, Scorecard
    from evalkit.views.changes.comparison import State, StateComparison

_PLACES = 9
"""Decimal places of what a cause adds, so that the parts still sum to the difference."""


def changes_document(found: StateComparison) -> dict[str, Any]:
    """Return all that changed, ready for :func:`evalkit.views.export.to_json`."""
    change: Change = found.change
    return {
        "format": "evalkit/changes/1",
        "before": _state(found.before),
        "after": _state(found.after),
        "changed": not change.is_empty,
        "notes": list(found.notes),
        "settings": [
            {
                "kind": it.kind,
                "id": it.id,
                "fate": it.fate,
                "fields": [{"path": each.path, "old": each.old, "new": each.new} for each in it.fields],
            }
            for it in change.things
        ],
        "answers": [_statement(found, it) for it in change.statements],
        "readings": [
            {
                "product": it.product,
                "question": it.question,
                "options": list(it.options),
                "stated": it.is_stated,
                "before": _reading(it.before),
                "after": _reading(it.after),
            }
            for it in change.readings
        ],
        "options": [_option(found, it) for it in change.options if it.is_changed],
        "unchanged_options": [it.option for it in change.options if not it.is_changed],
    }


def _state(state: State) -> dict[str, Any]:
    inputs, revision = state.inputs, state.revision
    return {
        "label": state.label,
        "evaluation": inputs.evaluation.id,
        "questionnaire": inputs.questionnaire.ref,
        "profile": inputs.profile.id,
        "as_of": inputs.evaluation.as_of.isoformat(),
        "revision": revision
        and {"name": revision.name, "commit": revision.commit, "day": revision.day.isoformat()},
    }


def _statement(found: StateComparison, it: StatementChange) -> dict[str, Any]:
    before, after = it.before or Statement(), it.after or Statement()
    return {
        "product": it.product,
        "question": it.question,
        "scope": it.scope,
        "assessor": it.assessor,
        "summary": list(statement_words(found, it)),
        "state": _pair(state_of(before), state_of(after)),
        "value": _pair(plain_value(before.value), plain_value(after.value)),
        "finding": _pair(before.finding, after.finding),
        "signed_off": _pair(_signed(before), _signed(after)),
        "remarks": it.remarks,
        "evidence": [
            {"fate": each.fate, "before": _item(each.before), "after": _item(each.after)}
            for each in it.evidence
        ],
        "counts_for": [
            {
                "options": list(each.options),
                "before": _reading(each.before),
                "after": _reading(each.after),
            }
            for each in readings_of(found, it)
        ],
    }


def _pair(old: object, new: object) -> dict[str, object]:
    return {"old": old, "new": new}


def _signed(statement: Statement) -> dict[str, Any] | None:
    reviewed = statement.reviewed
    return None if reviewed is None else {"by": reviewed.by, "on": reviewed.on.isoformat()}


def _item(item: EvidenceItem | None) -> dict[str, Any] | None:
    if item is None:
        return None
    return item.model_dump(mode="json", by_alias=True, exclude_defaults=True)


def _reading(result: QuestionResult) -> dict[str, Any]:
    if not result.applicable:
        return {"applicable": False, "state": "not-applicable"}
    return {
        "applicable": True,
        "state": result.state,
        "class": result.evidence_class,
        "v_low": rounded(result.low),
        "v_expected": rounded(result.expected),
        "v_high": rounded(result.high),
        "stale": result.stale,
        "disputed": result.disputed,
    }


def _option(found: StateComparison, it: OptionChange) -> dict[str, Any]:
    ranks = (found.before.ranks.get(it.option), found.after.ranks.get(it.option))
    return {
        "id": it.option,
        "fate": "added" if it.before is None else "removed" if it.after is None else "changed",
        "before": _card(it.before, ranks[0]),
        "after": _card(it.after, ranks[1]),
        "difference": None if it.difference is None else round(it.difference, _PLACES),
        "causes": [
            {"cause": part.cause, "question": part.question, "amount": round(part.amount, _PLACES)}
            for part in it.parts
        ],
        "turns": [
            {"cause": turn.cause, "question": turn.question, "before": turn.before, "after": turn.after}
            for turn in it.turns
        ],
        "tipped": [
            {
                "kind": tip.kind,
                "id": tip.id,
                "met": tip.is_met,
                "before": _found(tip.before),
                "after": _found(tip.after),
                "needed": _pair(tip.needed_before, tip.needed_after),
            }
            for tip in it.tips
        ],
    }


def _found(value: object) -> object:
    return rounded(value) if isinstance(value, float) else value


def _card(card: Scorecard | None, rank: int | None) -> dict[str, Any] | None:
    if card is None:
        return None
    span = card.span
    return {
        "verdict": card.finding.verdict,
        "reason": card.finding.reason,
        "rank": rank,
        "assured": None if span is None else rounded(span.assured),
        "expected": None if span is None else rounded(span.expected),
        "potential": None if span is None else rounded(span.potential),
        "coverage": rounded(card.coverage),
        "gates": {gate.question: gate.result for gate in card.gates},
        "conditions": list(conditions(card)),
        "missing_evidence": list(missing_evidence(card)),
    }
