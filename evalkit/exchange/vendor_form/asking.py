"""Questions -> rows that somebody outside can fill in."""

from __future__ import annotations

import hashlib
from typing import TYPE_CHECKING, assert_never

from evalkit.exchange.vendor_form.sheet import NO, YES, Line, text_digest
from evalkit.model.questionnaire import ListQuestion, NumberQuestion, ScaleQuestion, SetQuestion
from evalkit.model.records import state_of
from evalkit.views.answer_text import describe
from evalkit.views.numbers import number
from evalkit.views.wording import wording

if TYPE_CHECKING:
    from collections.abc import Iterator

    from evalkit.exchange.vendor_form.sheet import Kind
    from evalkit.model.answers import Statement
    from evalkit.model.questionnaire import Level, Question, Questionnaire, SpecialValue

ALSO = "also"
"""Part of the row for a companion value."""

FLAGS = ("purposes_given", "none_needed")
"""Fields of host lists that are true or false."""


def asked(question: Question, scope: str, applies: str, found: str = "") -> tuple[Line, ...]:
    """Return the rows for one answer to a question.

    Parameters
    ----------
    scope, applies
        The deployments meant, as ids joined by ``+`` (``*`` for the general answer) and in words.
    found
        What was found so far, in words.
    """
    return (_head(question, scope, applies, found), *_parts(question, scope, applies))


def level_choice(level: Level) -> str:
    """Return a level as the dropdown offers it."""
    return f"{level.level} · {level.label}"


def special_choice(special: SpecialValue) -> str:
    """Return a special value as the dropdown offers it."""
    return special.id.replace("_", " ")


def digest_of(questionnaire: Questionnaire) -> str:
    """Return a hash that changes with any question or choice."""
    lines = (line for question in questionnaire.questions for line in asked(question, "*", ""))
    text = "\n".join(f"{line.id} {line.digest}" for line in lines)
    return hashlib.sha256(text.encode()).hexdigest()[:16]


def found_so_far(question: Question, statement: Statement) -> str:
    """Return what stands for a question, in words."""
    state = state_of(statement)
    head = wording.STATE[state]
    if state == "answered" and statement.value is not None:
        described = describe(question, statement.value)
        said = [described.named, *(tick.text for tick in described.ticks)]
        said += [f"{hosts.found}: {', '.join(hosts.names)}" for hosts in described.hosts]
        head = "\n– ".join(said)
    return "\n".join(filter(None, (head, statement.finding)))


def _head(question: Question, scope: str, applies: str, found: str) -> Line:
    text = f"{question.title}\n{question.question}"
    match question:
        case ScaleQuestion():
            levels = [f"{level_choice(level)}: {level.text}" for level in question.levels]
            choices = tuple(map(level_choice, question.levels))
            guidance, hint = "\n".join(levels), "Choose the highest level that holds in full."
            return Line(question.id, scope, "", "level", text, guidance, applies, choices, found, hint)
        case NumberQuestion():
            low, high = number(question.limits.min), number(question.limits.max)
            unit = wording.words(question.unit)
            allowed = f"A number of {unit}, {low} to {high}"
            specials = [f"{special_choice(each)}: {each.text}" for each in question.special_values]
            guidance = "\n".join([f"{allowed}{', or:' if specials else '.'}", *specials])
            choices = tuple(map(special_choice, question.special_values))
            hint = f"{allowed}{', or one of the list' if specials else ''}. No unit, no thousands separator."
            return Line(question.id, scope, "", "number", text, guidance, applies, choices, found, hint)
        case SetQuestion():
            rule = question.value_rule
            guidance = "Say yes or no on each of the rows below."
            counted = getattr(rule, "count_only", None)
            guidance += f"\n{counted}" if counted else ""
            alone = [option.text for option in question.options if option.id in rule.exclusive]
            guidance += f"\nIf yes, then no to all others: {' '.join(alone)}" if alone else ""
            return Line(question.id, scope, "", "head", text, guidance, applies, found=found)
        case ListQuestion():
            guidance = (
                "Answer on the rows below: one host or pattern per line of a cell, yes or no elsewhere."
            )
            return Line(question.id, scope, "", "head", text, guidance, applies, found=found)
        case _:
            assert_never(question)


def _parts(question: Question, scope: str, applies: str) -> Iterator[Line]:
    def line(part: str, kind: Kind, text: str, guidance: str, hint: str) -> Line:
        choices = (YES, NO) if kind in {"tick", "flag"} else ()
        return Line(question.id, scope, part, kind, text, guidance, applies, choices, hint=hint)

    if isinstance(question, SetQuestion):
        for option in question.options:
            yield line(option.id, "tick", f"{question.title}: {option.text}", "yes or no", "yes or no")
    elif isinstance(question, ListQuestion):
        for each in question.list_fields:
            kind: Kind = "flag" if each.id in FLAGS else "hosts"
            guidance = "yes or no" if kind == "flag" else "One host or pattern per line"
            title = wording.words(each.id)
            yield line(each.id, kind, f"{question.title}, {title}: {each.text}", guidance, guidance)
    if question.also_record is not None:
        unit = question.also_record.unit
        guidance = "Text" if unit == "text" else f"In {wording.words(unit)}"
        text = f"{question.title}, also: {question.also_record.text}"
        yield line(ALSO, "also", text, guidance, guidance)


def same_question(line: Line, text: str, guidance: str) -> bool:
    """Whether a row shows what the form asks on it."""
    return text_digest(text, guidance) == line.digest
