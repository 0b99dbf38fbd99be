"""The tests that turn desk research into class ``tested``: read back each file, then test each question."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

from evalkit.views.ask import markdown
from evalkit.views.numbers import count, number

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping, Sequence

    from evalkit.hardening.documents import SettingsDocument
    from evalkit.hardening.levels import Shown
    from evalkit.hardening.selection import Case
    from evalkit.model.controls import Control
    from evalkit.model.questionnaire import Question, Questionnaire

_HOW: Final = (
    "Desk research proposes a level; these tests show it. Deploy the baseline on a machine of the lab, read"
    " each file back, run the tests, and file what was seen as evidence of class tested."
)


def lab_tests(
    case: Case,
    questionnaire: Questionnaire,
    made: Sequence[SettingsDocument],
    shown: Sequence[Shown],
) -> str:
    """Return the plan in Markdown: kit, what to read back, then a test per question it shows."""
    tests = [(it, questionnaire.by_id[it.question]) for it in shown if it.question in questionnaire.by_id]
    needs = {need for _, question in tests if question.lab_test for need in question.lab_test.needs}
    kit = questionnaire.header.lab_kit
    minutes = sum(question.lab_test.minutes for _, question in tests if question.lab_test)
    lines = [
        f"# Test plan: {markdown(case.file.name)}, {markdown(case.option.deployment.name)}",
        "",
        _HOW,
        "",
        f"{count(len(tests), 'question')}, {count(minutes, 'minute')} of lab tests in all.",
        "",
        "## Kit",
        "",
        *[f"- **{markdown(need)}**: {markdown(kit.get(need, 'not described'))}" for need in sorted(needs)],
        "",
        "## Read back first",
        "",
        *_read_back(made),
        "",
        "## Tests",
    ]
    controls = {control.id: control for control in case.file.controls}
    for it, question in tests:
        lines += ["", *_test(question, it, controls)]
    return "\n".join(lines) + "\n"


def _read_back(made: Sequence[SettingsDocument]) -> Iterator[str]:
    seen = set()
    for document in made:
        if document.key in seen:
            continue
        seen.add(document.key)
        check = document.described.check
        how = f"`{_code(check)}`" if check else "no way to read it back is documented"
        yield f"- {markdown(document.key)}: {how}; then `evalkit harden --verify` on what was deployed."
    if not seen:
        yield "- No file is written."


def _code(text: str) -> str:
    return " ".join(text.split()).replace("`", "'")


def _test(question: Question, shown: Shown, controls: Mapping[str, Control]) -> Iterator[str]:
    before = "no level" if shown.answered is None else f"level {shown.answered}"
    yield f"### {question.id} {markdown(question.title)}"
    yield ""
    yield f"Answered: {before}. With the baseline: level {shown.baseline}, by {', '.join(shown.controls)}."
    for name in shown.controls:
        checked = controls[name].checked
        yield ""
        yield f"- {name} {markdown(controls[name].title)}: {markdown(controls[name].effect)}"
        if checked:
            yield f"  Seen so far: {markdown(checked)}."
    yield ""
    test = question.lab_test
    if test is None:
        wanted = "; ".join(
            markdown(it.what) for it in question.evidence if it.kind == question.strongest_proof
        )
        yield f"No lab test is described; the strongest proof is {question.strongest_proof}: {wanted or '–'}."
        return
    needs = ", ".join(map(markdown, test.needs)) or "nothing"
    yield f"Needs: {needs}. {count(test.minutes, 'minute')}."
    yield ""
    yield from (f"{place}. {markdown(step)}" for place, step in enumerate(test.steps, start=1))
    yield ""
    short = (
        ""
        if test.passing_shows >= shown.baseline
        else " That is less than the baseline claims: test further."
    )
    yield f"**Passes if:** {markdown(test.pass_if)} Passing shows level {number(test.passing_shows)}.{short}"
