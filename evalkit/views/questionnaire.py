"""A questionnaire for reading: as Markdown, and one line per question."""

from __future__ import annotations

from typing import TYPE_CHECKING, assert_never

from evalkit.model.questionnaire import ListQuestion, NumberQuestion, ScaleQuestion, SetQuestion

if TYPE_CHECKING:
    from collections.abc import Iterator

    from evalkit.model.questionnaire import Question, Questionnaire


def level_summary(question: Question) -> str:
    """Return in one line what may be answered, for example ``0 Not possible · 1 User may``."""
    match question:
        case ScaleQuestion():
            return " · ".join(f"{level.level} {level.label}" for level in question.levels)
        case NumberQuestion():
            specials = [special.id for special in question.special_values]
            limits = f"{question.limits.min:g} to {question.limits.max:g} {question.unit}"
            return " · ".join([limits, *specials])
        case SetQuestion():
            return " · ".join(option.id for option in question.options)
        case ListQuestion():
            return " · ".join(field.id for field in question.list_fields)
        case _:
            assert_never(question)


def questionnaire_markdown(questionnaire: Questionnaire, *, triage_only: bool = False) -> str:
    """Return the whole questionnaire as Markdown: seed questions, questions, levels, evidence, remedies."""
    lines = [f"# {questionnaire.header.title}", "", f"Version {questionnaire.header.version}.", ""]
    for domain in questionnaire.domains:
        chosen = [question for question in domain.questions if question.triage or not triage_only]
        if chosen:
            lines += [f"## {domain.title}", "", f"*{domain.seed}*", ""]
        for question in chosen:
            lines += _question(question)
    return "\n".join(lines).rstrip() + "\n"


def _question(question: Question) -> Iterator[str]:
    yield f"### {question.id} {question.title}"
    yield ""
    yield f"**{question.question}** {question.why}"
    yield ""
    yield from _answers(question)
    yield ""
    yield from (f"- Evidence ({wanted.kind}): {wanted.what}" for wanted in question.evidence)
    if question.remedy is not None:
        yield f"- Setting: {question.remedy.setting}"
        yield f"- Clause: {question.remedy.clause}"
    yield f"- Weight {question.weight:g}: {question.weight_reason}"
    yield ""


def _answers(question: Question) -> Iterator[str]:
    match question:
        case ScaleQuestion():
            yield from (
                f"{level.level}. **{level.label}** ({level.points:g} points): {level.text}"
                for level in question.levels
            )
        case NumberQuestion():
            yield f"A number of {question.unit}, {question.limits.min:g} to {question.limits.max:g}, or:"
            yield ""
            yield from (
                f"- `{special.id}` ({special.points:g} points): {special.text}"
                for special in question.special_values
            )
        case SetQuestion():
            yield from (f"- `{option.id}`: {option.text}" for option in question.options)
        case ListQuestion():
            yield from (f"- `{field.id}`: {field.text}" for field in question.list_fields)
        case _:
            assert_never(question)
