"""The sheet of gates: the rules of the profile, and their results for each option."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

from evalkit.exchange.evaluation_workbook import formulas
from evalkit.exchange.evaluation_workbook.columns import GATES
from evalkit.exchange.evaluation_workbook.layout import DEADLINE_ROW
from evalkit.exchange.evaluation_workbook.table import cell
from evalkit.model.questionnaire import ScaleQuestion
from evalkit.model.values import EVIDENCE_CLASSES, RANK
from evalkit.scoring.gates import bar_of, waiver_in_force
from evalkit.views.gates import bar_words

if TYPE_CHECKING:
    from evalkit.exchange.evaluation_workbook.contents import Contents, Said, Scored
    from evalkit.exchange.evaluation_workbook.layout import Layout
    from evalkit.exchange.evaluation_workbook.page import Page
    from evalkit.model.profile import Gate
    from evalkit.model.scorecard import GateResult
    from evalkit.scoring.gates import Bar

_VALUE: Final = 1
_PASSED_ROW: Final = DEADLINE_ROW + 2
_UNDECIDED_ROW: Final = DEADLINE_ROW + 3
UNDECIDED: Final = ("open", "fail")


def gate_names() -> dict[str, str]:
    """Return the cells that every gate looks at by their names in formulas."""
    return {
        "Deadline_passed": cell(_VALUE, _PASSED_ROW, GATES),
        "Undecided_gate": cell(_VALUE, _UNDECIDED_ROW, GATES),
    }


def write_gates(page: Page, layout: Layout, contents: Contents) -> None:
    """Write the sheet."""
    page.title(
        "Gates",
        "Knock-out rules. Change bars and evidence needed, and the results follow. Slack plays no role: a"
        " bar is compared with what the governing evidence states.",
    )
    for place, column in enumerate(layout.gates.columns):
        page.sheet.set_column(place, place, column.width)
    _days(page, contents)
    if not contents.inputs.profile.gates:
        page.put(layout.gate_rules.head, 0, "The profile has no gates.", "note")
        return
    page.headers(layout.gate_rules, height=42, wide=False)
    for gate in contents.inputs.profile.gates:
        _rule(page, layout, contents, gate)
    page.headers(layout.gates, height=42, wide=False)
    for place, scored in enumerate(contents.scored):
        for row, outcome in zip(layout.gates_of(place).each, scored.card.gates, strict=True):
            _outcome(page, layout, contents, (place, row), scored, outcome)
    last = layout.gates_of(len(contents.scored)).first - 1
    if contents.scored:
        page.sheet.autofilter(layout.gates.head, 0, last, len(layout.gates.columns) - 1)
        at, first = layout.gates.at["result"], layout.gates.first
        result = layout.gates.own("result", first)
        page.mark((first, at, last, at), "met", f'{result}="pass"')
        page.mark((first, at, last, at), "missed", f'OR({result}="fail",{result}="open")')
    rows, needs = list(layout.gate_rows.values()), layout.gate_rules.at["needs"]
    page.choices((rows[0], needs, rows[-1], needs), EVIDENCE_CLASSES)


def _days(page: Page, contents: Contents) -> None:
    evaluation = contents.inputs.evaluation
    passed = evaluation.deadline is not None and evaluation.as_of > evaluation.deadline
    day, deadline = cell(_VALUE, DEADLINE_ROW), cell(_VALUE, DEADLINE_ROW + 1)
    for row, text in enumerate(
        (
            "As of",
            "Deadline for vendors",
            "Deadline has passed (1 or 0)",
            "An undecided gate counts as",
        ),
        DEADLINE_ROW,
    ):
        page.put(row, 0, text, "strong")
    page.put(DEADLINE_ROW, _VALUE, evaluation.as_of, "input day")
    page.put(DEADLINE_ROW + 1, _VALUE, evaluation.deadline, "input day")
    page.formula(_PASSED_ROW, _VALUE, f'IF({deadline}="",0,IF({day}>{deadline},1,0))', int(passed), "number")
    page.put(_UNDECIDED_ROW, _VALUE, contents.inputs.profile.unknown_gate, "input text")
    page.choices((_UNDECIDED_ROW, _VALUE, _UNDECIDED_ROW, _VALUE), UNDECIDED)


def _rule(page: Page, layout: Layout, contents: Contents, gate: Gate) -> None:
    table, row = layout.gate_rules, layout.gate_rows[gate.question]
    question = contents.inputs.questionnaire.by_id[gate.question]
    bar = bar_of(gate, question)
    limit = gate.at_least if gate.at_most is None else gate.at_most
    page.row(
        table,
        row,
        question=gate.question,
        words=f"{question.title}: {bar_words(gate, question)}",
        needs=gate.needs,
        lifted="yes" if gate.mitigable else "no, final",
        consequence=gate.consequence,
    )
    if bar.v is None:
        page.put(row, table.at["bar"], None, "fixed")
        page.put(row, table.at["points"], None, "fixed")
    else:
        points, steps = layout.points, layout.points_rows[gate.question].steps
        page.row(table, row, bar=int(limit or 0) if isinstance(question, ScaleQuestion) else limit)
        found = formulas.level_points(
            table.own("bar", row), points.area("key", steps), points.area("points", steps)
        )
        page.calculated(table, row, "points", found, round(100 * bar.v, 9))
    needs = f"MATCH({table.own('needs', row)},Evidence_class,0)"
    page.calculated(table, row, "needs_rank", needs, RANK[gate.needs])
    contract, documented = RANK["contract"], RANK["documented"]
    page.calculated(
        table,
        row,
        "fails_rank",
        f'IF({table.own("needs", row)}="contract",{contract},{documented})',
        contract if gate.needs == "contract" else documented,
    )


def _outcome(  # noqa: PLR0913, PLR0917 - where it stands, and of what
    page: Page,
    layout: Layout,
    contents: Contents,
    at: tuple[int, int],
    scored: Scored,
    outcome: GateResult,
) -> None:
    place, row = at
    table, scores, rules = layout.gates, layout.scores, layout.gate_rules
    inputs = contents.inputs
    gate = next(gate for gate in inputs.profile.gates if gate.question == outcome.question)
    question = inputs.questionnaire.by_id[gate.question]
    said, result = scored.said[question.id], scored.card.question(question.id)
    bar, rule = bar_of(gate, question), layout.gate_rows[question.id]
    from_row = layout.block(place).first + layout.questions.index(question)
    waiver = waiver_in_force(inputs.evaluation.waivers, scored.card.option, gate, inputs.evaluation.as_of)
    page.row(
        table,
        row,
        option=scored.card.option,
        question=question.id,
        title=question.title,
        waived=int(waiver is not None),
        was=outcome.result,
        basis="formulas" if bar.v is not None else "ticks by evalkit, else formulas",
    )
    for key, cited, value in (
        ("state", "state", result.state),
        ("class", "class", result.evidence_class),
        ("lowest", "lowest_points", said.lowest.points),
        ("highest", "highest_points", said.highest.points),
    ):
        page.calculated(table, row, key, scores.cell(cited, from_row), "" if value is None else value)
    _reaching(page, layout, row, bar, said)
    text = formulas.gate_result(
        applies=scores.cell("applies", from_row),
        waived=table.own("waived", row),
        answered=scores.cell("answered", from_row),
        every=table.own("all", row),
        some=table.own("some", row),
        rank=scores.cell("rank", from_row),
        needs_rank=rules.cell("needs_rank", rule),
        fails_rank=rules.cell("fails_rank", rule),
        state=scores.cell("state", from_row),
    )
    page.calculated(table, row, "result", text, outcome.result)


def _reaching(page: Page, layout: Layout, row: int, bar: Bar, said: Said) -> None:
    """Write whether every and some governing value reaches the bar; for sets as evalkit has it."""
    table = layout.gates
    reached = [bar.reached_by(value) for value in said.reading.governing]
    every, some = int(bool(reached) and all(reached)), int(any(reached))
    if bar.v is None:
        page.put(row, table.at["all"], every, "input")
        page.put(row, table.at["some"], some, "input")
        return
    needed = layout.gate_rules.cell("points", layout.gate_rows[bar.gate.question])
    for key, cited, value in (("all", "lowest", every), ("some", "highest", some)):
        points = table.own(cited, row)
        reaches = f"IF(ISNUMBER({points}),IF({points}>={needed}-1E-7,1,0),0)"
        page.calculated(table, row, key, reaches, value)
