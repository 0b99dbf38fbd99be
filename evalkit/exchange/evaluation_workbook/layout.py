"""Which sheet, row and column everything has, known before anything is written: sheets cite each other."""

from __future__ import annotations

from dataclasses import dataclass
from functools import cached_property
from typing import TYPE_CHECKING, Final

from evalkit.errors import EvalkitError
from evalkit.exchange.evaluation_workbook import columns
from evalkit.exchange.evaluation_workbook.table import Column, Rows, Table
from evalkit.model.questionnaire import NumberQuestion, ScaleQuestion, SetQuestion
from evalkit.model.values import EVIDENCE_CLASSES
from evalkit.scoring.shares import GAP_BUCKETS

if TYPE_CHECKING:
    from collections.abc import Mapping

    from evalkit.exchange.evaluation_workbook.contents import Contents
    from evalkit.model.questionnaire import Question

MOST_ROWS: Final = 1_048_576
"""Of one sheet."""

DEADLINE_ROW: Final = 3
"""Of the gates: as-of day, deadline, whether it has passed, what an undecided gate counts as."""

THRESHOLD_ROW: Final = 4
GRID_ROW: Final = 15
"""Of the evidence: heading of the values that numbers, sets and lists may have."""

_DOMAIN_HEAD = 4
_SHARES_HEAD = 4


@dataclass(frozen=True, slots=True)
class PointsRows:
    """Where the points of one question stand.

    Attributes
    ----------
    steps : Rows
        Levels of a scale, options, cases; of a number its steps, the last of them for what lies beyond.
    special : Rows or None
        Special values of a number.
    """

    steps: Rows
    special: Rows | None = None


@dataclass(frozen=True)
class Layout:
    """Tables and rows of one workbook."""

    contents: Contents

    overview = columns.OVERVIEW_TABLE
    ranking = columns.RANKING_TABLE
    scores = columns.SCORES_TABLE
    weights = columns.WEIGHTS_TABLE
    evidence = columns.EVIDENCE_TABLE
    points = columns.POINTS_TABLE
    gate_rules = columns.GATE_RULES

    @cached_property
    def questions(self) -> tuple[Question, ...]:
        """Every question in the order of the questionnaire."""
        return self.contents.inputs.questionnaire.questions

    @cached_property
    def domain_rows(self) -> Mapping[str, int]:
        """The row of each domain's weight."""
        first = THRESHOLD_ROW + 8
        return {
            domain.id: row for row, domain in enumerate(self.contents.inputs.questionnaire.domains, first)
        }

    @cached_property
    def question_rows(self) -> Mapping[str, int]:
        """The row of each question's weight; those of a domain follow each other."""
        first = max(self.domain_rows.values()) + 4
        return {question.id: row for row, question in enumerate(self.questions, first)}

    def weights_of_domain(self, domain_id: str) -> Rows:
        """Return the rows of the weights of a domain's questions."""
        return self._of_domain(domain_id, self.question_rows[self.questions[0].id])

    def _of_domain(self, domain_id: str, first: int) -> Rows:
        for domain in self.contents.inputs.questionnaire.domains:
            last = first + len(domain.questions) - 1
            if domain.id == domain_id:
                return Rows(first, last)
            first = last + 1
        raise KeyError(domain_id)

    def block(self, place: int) -> Rows:
        """Return the rows of an option in the scores, by its place in the order of rank."""
        first = self.scores.first + place * len(self.questions)
        return Rows(first, first + len(self.questions) - 1)

    def block_of_domain(self, place: int, domain_id: str) -> Rows:
        """Return the rows of a domain of an option in the scores."""
        return self._of_domain(domain_id, self.block(place).first)

    @cached_property
    def overview_rows(self) -> Rows:
        """The rows of the options with figures."""
        first = self.overview.first
        return Rows(first, first + len(self.contents.scored) - 1)

    @cached_property
    def points_rows(self) -> Mapping[str, PointsRows]:
        """Where the points of each question stand."""
        row = self.points.first
        rows = {}
        for question in self.questions:
            steps, special = _points_count(question)
            own = PointsRows(
                Rows(row, row + steps - 1),
                Rows(row + steps, row + steps + special - 1) if special else None,
            )
            row += steps + special
            rows[question.id] = own
        return rows

    @cached_property
    def domains(self) -> Table:
        """Four figures of each domain, an option per row."""
        groups = (("assured", False), ("applies", False), ("expected", True), ("potential", True))
        figures = [
            Column(f"{key} {domain.id}", domain.title, 13, "share", int(folded), folded=folded)
            for key, folded in groups
            for domain in self.contents.inputs.questionnaire.domains
        ]
        return Table(columns.DOMAINS, _DOMAIN_HEAD, (Column("option", "Option", 27, "strong"), *figures))

    @cached_property
    def shares(self) -> Table:
        """The face value by class and the gap by cause, an option per row."""
        classes = [Column(f"class {name}", name, 12, "part") for name in EVIDENCE_CLASSES]
        causes = [Column(f"gap {name}", name, 12, "part") for name in GAP_BUCKETS]
        every = (
            Column("option", "Option", 27, "strong"),
            *classes,
            Column("face", "Face value", 11, "fine"),
            *causes,
            Column("gap", "Gap", 11, "fine"),
        )
        return Table(columns.SHARES, _SHARES_HEAD, every)

    @cached_property
    def gate_rows(self) -> Mapping[str, int]:
        """The row of each gate of the profile."""
        return {
            gate.question: row
            for row, gate in enumerate(self.contents.inputs.profile.gates, self.gate_rules.first)
        }

    @cached_property
    def gates(self) -> Table:
        """Each gate for each option, below the rules."""
        return Table(columns.GATES, self.gate_rules.first + len(self.gate_rows) + 2, columns.GATE_COLUMNS)

    def gates_of(self, place: int) -> Rows:
        """Return the rows of an option's gates; the last lies before the first where there is no gate."""
        first = self.gates.first + place * len(self.gate_rows)
        return Rows(first, first + len(self.gate_rows) - 1)

    def check(self) -> None:
        """Make sure that everything has a row.

        Raises
        ------
        EvalkitError
            If a sheet would have more rows than spreadsheet programs take.
        """
        options = len(self.contents.scored)
        for sheet, last in (
            (columns.SCORES, self.block(options).first),
            (columns.GATES, self.gates_of(options).first),
            (columns.OVERVIEW, self.overview.first + len(self.contents.cards)),
        ):
            if last >= MOST_ROWS - 100:
                raise EvalkitError(
                    f"{options} options and {len(self.questions)} questions need {last:,} rows on the sheet"
                    f" {sheet}; spreadsheet programs take {MOST_ROWS:,}. Evaluate fewer options at once."
                )


def _points_count(question: Question) -> tuple[int, int]:
    """Return how many rows a question's points take, and how many its special values."""
    match question:
        case ScaleQuestion():
            return len(question.levels), 0
        case NumberQuestion():
            return len(question.value_rule.steps) + 1, len(question.special_values)
        case SetQuestion():
            return len(question.options), 0
        case _:
            return len(question.value_rule.cases), 0
