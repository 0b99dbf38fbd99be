"""What to ask and test next: the open records, those first whose answer would change a decision."""

from __future__ import annotations

import csv
import io
import re
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any, Final

from evalkit.model.evaluation import Option
from evalkit.model.questionnaire import ScaleQuestion
from evalkit.model.values import RANK
from evalkit.scoring.assessors import voices
from evalkit.scoring.worth import TOLERANCE
from evalkit.views.answer_text import describe
from evalkit.views.export import PLACES, rounded, spreadsheet_cell
from evalkit.views.numbers import percent, points
from evalkit.views.safe_text import plain
from evalkit.views.wording import wording

if TYPE_CHECKING:
    from collections.abc import Iterable, Sequence

    from evalkit.model.answers import Statement
    from evalkit.model.evaluation import EvaluationInputs
    from evalkit.model.information import OptionEffect, RecordValue
    from evalkit.model.questionnaire import LabTest, Question
    from evalkit.model.scorecard import Verdict
    from evalkit.model.values import AnswerState
    from evalkit.views.ask_groups import GroupRow
    from evalkit.views.export import Cell
    from evalkit.views.shift_basis import ShiftBasis

COLUMNS: Final = (
    "kind",
    "place",
    "product",
    "domain",
    "question",
    "title",
    "scope",
    "deployments",
    "state",
    "records",
    "verdict_changes",
    "verdicts_changed",
    "approved_now",
    "approved",
    "leader_changes",
    "first_shift",
    "evppi",
    "weight",
    "turns",
    "strongest_proof",
    "lab_minutes",
    "error",
)
"""Columns of the list as CSV, in order; ``kind`` is ``record`` or that of a group."""

_OF_A_LINE: Final = ("kind", "domain", "deployments", "records", "verdicts_changed", "turns")
_OF_A_GROUP: Final = ("approved_now", "approved", "error")
"""Columns that the JSON document tells of a record in another way, and those that only groups have."""

_SPECIAL: Final = re.compile(r"[\\`*_\[\]~|$@]|(?<=\w):(?=\S)|(?<=www)\.", re.IGNORECASE)
_STARTS_A_BLOCK: Final = re.compile(r"^(\d{1,9}(?=[.)])|(?=[-+=#]))")
_HTML: Final = str.maketrans({"<": "&lt;", ">": "&gt;", "&": "&amp;"})


@dataclass(frozen=True, slots=True)
class Wanted:
    """One kind of evidence that would answer a question, and what it has to hold."""

    evidence_class: str
    what: str


@dataclass(frozen=True, slots=True)
class AskRow:
    """One open record as readers see it; every text is as written and still to be escaped.

    Attributes
    ----------
    place : int
        1 for the record to resolve first.
    deployments : tuple of str
        Names of the deployments that the record serves and that the question applies to.
    found : str
        The answer as it stands, or that there is none.
    finding : str
        What was written about it; may be empty.
    settles : tuple of Wanted
        Evidence that would settle it, the strongest first.
    test : LabTest or None
        How the organisation can see for itself.
    turns : tuple of str
        How verdicts change, for example ``defer for evidence → approve at level 4 (20 %)``; may be empty.
    value : RecordValue
        The figures.
    """

    place: int
    product: str
    question: Question
    deployments: tuple[str, ...]
    found: str
    finding: str
    settles: tuple[Wanted, ...]
    test: LabTest | None
    turns: tuple[str, ...]
    value: RecordValue


def ask_rows(
    inputs: EvaluationInputs, values: Iterable[RecordValue], top: int | None = None
) -> tuple[AskRow, ...]:
    """Return the ask-list in the order of the values, cut down to the first ``top``."""
    rows = tuple(_row(inputs, place, value) for place, value in enumerate(values, start=1))
    return rows if top is None else rows[:top]


def _row(inputs: EvaluationInputs, place: int, value: RecordValue) -> AskRow:
    question = inputs.questionnaire.by_id[value.question]
    answers = inputs.answers[value.product]
    served = [effect.option.partition("/")[2] for effect in value.options]
    option = Option(answers, answers.deployment(served[0]))
    said = [voice.statement for voice in voices(inputs, option, question.id)]
    wanted = sorted(
        (it for it in question.evidence if RANK[it.kind] <= RANK[question.strongest_proof]),
        key=lambda it: -RANK[it.kind],
    )
    return AskRow(
        place=place,
        product=value.product,
        question=question,
        deployments=tuple(answers.deployment(deployment).name for deployment in served),
        found=_found(question, value.state, said),
        finding=" ".join(dict.fromkeys(it.finding for it in said if it.finding)),
        settles=tuple(Wanted(it.kind, it.what) for it in wanted),
        test=question.lab_test,
        turns=_turns(question, value.options),
        value=value,
    )


def _found(question: Question, state: AnswerState, said: Sequence[Statement]) -> str:
    values = [it.value for it in said if it.value is not None]
    if state != "answered" or not values:
        return wording.STATE[state]
    classes = [item.evidence_class for it in said for item in it.evidence]
    strongest = max(classes, key=RANK.__getitem__)
    return f"{describe(question, values[0]).named} ({wording.CLASS[strongest]})"


def _turns(question: Question, effects: Sequence[OptionEffect]) -> tuple[str, ...]:
    """Return every change of a verdict once, with the values that bring it and the likeliest chance."""
    found: dict[tuple[Verdict, Verdict, tuple[float, ...]], float] = {}
    for effect in effects:
        for then in dict.fromkeys(it.verdict for it in effect.values if it.verdict != effect.verdict):
            own = [it for it in effect.values if it.verdict == then]
            key = (effect.verdict, then, tuple(it.value for it in own))
            found[key] = max(found.get(key, 0.0), sum(it.chance for it in own))
    return tuple(
        f"{_verdict(before)} → {_verdict(after)} at {_values(question, worths)} ({percent(chance)})"
        for (before, after, worths), chance in found.items()
    )


def _verdict(verdict: Verdict) -> str:
    return wording.VERDICT[verdict].lower()


def _values(question: Question, worths: Sequence[float]) -> str:
    if isinstance(question, ScaleQuestion):
        levels = [
            str(level.level)
            for level in question.levels
            if any(abs(level.points / 100 - worth) <= TOLERANCE for worth in worths)
        ]
        return f"level {wording.listed(tuple(levels))}"
    return f"{wording.listed(tuple(points(worth) for worth in worths))} of 100"


def ask_csv(rows: Sequence[AskRow], groups: Sequence[GroupRow] = ()) -> str:
    """Return the list as CSV, one line per record, then one per group; no cell that a spreadsheet would run.

    The column ``kind`` tells records from groups, whose cells on a question are empty.
    """
    text = io.StringIO()
    writer = csv.DictWriter(text, COLUMNS, lineterminator="\n")
    writer.writeheader()
    for cells in (*map(_cells, rows), *map(_group_cells, groups)):
        writer.writerow({name: _cell(value) for name, value in cells.items()})
    return text.getvalue()


def _cell(value: Cell) -> Cell:
    return spreadsheet_cell(plain(value) if isinstance(value, str) else value)


def _cells(row: AskRow) -> dict[str, Cell]:
    value = row.value
    return {
        "kind": "record",
        "place": row.place,
        "product": row.product,
        "domain": value.domain,
        "question": row.question.id,
        "title": row.question.title,
        "scope": value.scope,
        "deployments": "; ".join(row.deployments),
        "state": row.value.state,
        "records": 1,
        "verdict_changes": round(value.verdict_changes, PLACES),
        "verdicts_changed": round(sum(it.verdict_changes for it in value.options), PLACES),
        "leader_changes": round(value.leader_changes, PLACES),
        "first_shift": rounded(value.first_shift),
        "evppi": round(value.evppi, PLACES),
        "weight": round(value.weight, PLACES),
        "turns": "; ".join(row.turns),
        "strongest_proof": row.question.strongest_proof,
        "lab_minutes": None if row.test is None else row.test.minutes,
        **dict.fromkeys(_OF_A_GROUP),
    }


def _group_cells(row: GroupRow) -> dict[str, Cell]:
    value = row.value
    return {
        "kind": row.kind,
        "place": row.place,
        "product": value.product,
        "domain": value.domain,
        "title": row.name,
        "records": value.records,
        "verdict_changes": round(value.verdict_changes, PLACES),
        "verdicts_changed": round(value.verdicts_changed, PLACES),
        "approved_now": value.approved_now,
        "approved": round(value.approved, PLACES),
        "leader_changes": round(value.leader_changes, PLACES),
        "evppi": round(value.evppi, PLACES),
        "error": round(value.error, PLACES),
    }


def ask_document(
    inputs: EvaluationInputs, rows: Sequence[AskRow], groups: Sequence[GroupRow], basis: ShiftBasis
) -> dict[str, Any]:
    """Return the list and the groups as data, format ``evalkit/ask/1``, ready for ``export.to_json``."""
    return {
        "format": "evalkit/ask/1",
        "evaluation": inputs.evaluation.id,
        "questionnaire": inputs.questionnaire.ref,
        "profile": inputs.profile.id,
        "as_of": inputs.evaluation.as_of.isoformat(),
        "inputs": dict(inputs.hashes),
        "basis": {
            "options": basis.options,
            "draws": basis.draws if basis.measured else None,
            "seed": basis.seed if basis.measured else None,
            "note": basis.sentence,
        },
        "records": [_record(row) for row in rows],
        "groups": [_group(group) for group in groups],
    }


def _record(row: AskRow) -> dict[str, Any]:
    cells = {name: value for name, value in _cells(row).items() if name not in (*_OF_A_LINE, *_OF_A_GROUP)}
    options = {
        effect.option: {
            "verdict": effect.verdict,
            "verdict_changes": round(effect.verdict_changes, PLACES),
            "values": [
                {"value": round(it.value, PLACES), "chance": round(it.chance, PLACES), "verdict": it.verdict}
                for it in effect.values
            ],
        }
        for effect in row.value.options
    }
    wanted = [{"class": it.evidence_class, "what": it.what} for it in row.settles]
    return {**cells, "domain": row.value.domain, "settled_by": wanted, "options": options}


def _group(row: GroupRow) -> dict[str, Any]:
    value = row.value
    return {
        **{name: cell for name, cell in _group_cells(row).items() if name != "title"},
        "options": {option: round(chance, PLACES) for option, chance in value.by_option},
        "draws": value.draws,
        "seed": value.seed,
    }


def markdown(text: str) -> str:
    r"""Return text that Markdown shows as it is: one line, no link, image, HTML, heading or list.

    >>> print(markdown("<b> [x](http://e.example) *y* \u202e"))
    &lt;b&gt; \[x\](http\://e.example) \*y\* \\u202e
    >>> print(markdown("1. see www.e.example"))
    1\. see www\.e.example
    """
    escaped = _SPECIAL.sub(lambda match: "\\" + match.group(), plain(text)).translate(_HTML)
    return _STARTS_A_BLOCK.sub(lambda match: match.group() + "\\", escaped)
