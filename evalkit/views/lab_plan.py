"""A plan for the lab: which tests to run, in what order, with what kit, in how much time."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

from evalkit.views.answer_text import describe
from evalkit.views.ask import markdown
from evalkit.views.numbers import count, number
from evalkit.views.vendor_letter import by_question

if TYPE_CHECKING:
    from collections.abc import Sequence

    from evalkit.model.evaluation import EvaluationInputs
    from evalkit.model.questionnaire import LabTest, Question
    from evalkit.views.ask import AskRow

_ORDER: Final = "The tests that are most likely to change a verdict come first."


def lab_plan(inputs: EvaluationInputs, rows: Sequence[AskRow], top: int | None = None) -> str:
    """Return the plan in Markdown: kit, then tests in the order of the ask-list.

    A test is listed once per product; it is run once for each of the question's open records.

    Parameters
    ----------
    rows
        The ask-list; records of questions that no lab can test are left out.
    top
        Tests in the plan; all by default.
    """
    header = inputs.questionnaire.header
    tests = [
        (records, test) for records in by_question(rows) for test in (records[0].test,) if test is not None
    ][:top]
    minutes = sum(test.minutes * len(records) for records, test in tests)
    runs = sum(len(records) for records, _ in tests)
    extent = f"{count(len(tests), 'test')}, {count(runs, 'run')}, {_time(minutes)} in all"
    needed = {it for _, test in tests for it in test.needs}
    kit = [it for it in header.lab_kit if it in needed] + sorted(needed - header.lab_kit.keys())
    lines = [
        f"# Lab plan: {markdown(inputs.evaluation.title)}",
        "",
        f"As of {inputs.evaluation.as_of.isoformat()}, profile {inputs.profile.id}: {extent}. {_ORDER}",
        "",
        "## Kit",
        "",
        *[f"- **{markdown(it)}**: {markdown(header.lab_kit.get(it, 'not described'))}" for it in kit],
        "",
        "## Reference scenario",
        "",
        markdown(header.reference_scenario),
    ]
    for place, (records, test) in enumerate(tests, start=1):
        lines += ["", *_test(inputs, place, records, test)]
    return "\n".join(lines) + "\n"


def _test(inputs: EvaluationInputs, place: int, records: Sequence[AskRow], test: LabTest) -> list[str]:
    question, product = records[0].question, inputs.answers[records[0].product].product
    runs = "" if len(records) == 1 else f" for each of {len(records)} runs"
    return [
        f"## {place}. {markdown(f'{product.name} {product.version}: {question.title}')} ({question.id})",
        "",
        f"> {markdown(question.question)}",
        "",
        f"Needs: {', '.join(markdown(it) for it in test.needs) or 'nothing'}  ",
        f"Time: {count(test.minutes, 'minute')}{runs}",
        "",
        *[f"- Run in: {markdown('; '.join(row.deployments))}{_changes(row)}" for row in records],
        "",
        *[f"{step}. {markdown(text)}" for step, text in enumerate(test.steps, start=1)],
        "",
        f"**Passes if:** {markdown(test.pass_if)} Passing shows {markdown(_shown(question, test))}.",
    ]


def _changes(row: AskRow) -> str:
    return f" ({markdown('; '.join(row.turns))})" if row.turns else ""


def _shown(question: Question, test: LabTest) -> str:
    if question.kind == "scale":
        return describe(question, int(test.passing_shows)).named
    return f"{number(test.passing_shows)} of 100"


def _time(minutes: int) -> str:
    hours, rest = divmod(minutes, 60)
    parts = ([count(hours, "hour")] if hours else []) + ([count(rest, "minute")] if rest or not hours else [])
    return " ".join(parts)
