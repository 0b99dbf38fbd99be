"""What would change the verdict on an option: which open record is worth asking, and what each could do."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Final

from evalkit.model.scorecard import Finding
from evalkit.scoring.information import value_of_information
from evalkit.scoring.score import case_of
from evalkit.scoring.tornado import tornado
from evalkit.views.ask import ask_rows
from evalkit.views.numbers import count, percent
from evalkit.views.rendering import EMPTY, Section, section
from evalkit.views.wording import wording

if TYPE_CHECKING:
    from evalkit.model.explanation import TornadoRow
    from evalkit.model.questionnaire import Question
    from evalkit.views.subject import Subject

SHOWN: Final = 10
"""Records printed of either list; the rest is counted."""


@dataclass(frozen=True, slots=True)
class Swing:
    """What one open record alone can do to the assured score.

    Attributes
    ----------
    reached : bool
        Whether its gate, if it turns out other than the evidence leaves open, is then reached.
    """

    question: Question
    row: TornadoRow
    reached: bool

    @property
    def verdicts(self) -> str:
        """The verdict at the lowest end, and at the best where that is another."""
        ends = (self.row.lowest.verdict, self.row.best.verdict)
        return " to ".join(dict.fromkeys(wording.VERDICT[end].lower() for end in ends))

    @property
    def otherwise(self) -> str:
        """What follows if the gate turns out otherwise; empty where that is no other verdict."""
        other = self.row.gate_otherwise
        if other is None or other.verdict in (self.row.lowest.verdict, self.row.best.verdict):
            return ""
        verdict = wording.VERDICT[other.verdict].lower()
        if self.reached:
            return f"{verdict} if it reaches the bar of its gate, against what was found"
        return f"{verdict} if it turns out to have nothing that its gate asks for"


def what_would_change(subject: Subject) -> Section:
    """Return the ask-list of an option and the swing of each record; empty where nothing is open."""
    if not subject.card.is_scored:
        return EMPTY
    option = subject.option.id
    values = value_of_information(subject.inputs, {option})
    case = case_of(subject.inputs, subject.option)
    swings = [] if isinstance(case, Finding) else list(tornado(case, subject.inputs, subject.option))
    if not values and not swings:
        return EMPTY
    asks = ask_rows(subject.inputs, values)
    turning = [ask for ask in asks if ask.value.verdict_changes > 0]
    lines = [f"{count(len(asks), 'open record')}, {len(turning)} of which alone can change the verdict"]
    lines += [
        f"  {ask.question.id} {ask.question.title}: {percent(ask.value.verdict_changes)}"
        for ask in turning[:SHOWN]
    ]
    return section(
        "what_would_change",
        lines,
        asks=turning[:SHOWN],
        turning=len(turning),
        open=len(asks),
        swings=[_swing(subject, row) for row in swings[:SHOWN]],
        rest=len(swings) - SHOWN,
        verdict=wording.VERDICT[subject.card.finding.verdict],
        shown=SHOWN,
    )


def _swing(subject: Subject, row: TornadoRow) -> Swing:
    stated = subject.governing(subject.card.question(row.question))
    return Swing(subject.question(row.question), row, reached=bool(stated))
