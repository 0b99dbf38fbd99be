"""Rules A017 to A025 and A036: state, value and evidence of an answer agree."""

from __future__ import annotations

from typing import TYPE_CHECKING

from evalkit.files.rules.answers import AnswersCase, rule
from evalkit.files.rules.wording import shown
from evalkit.model.records import normalised

if TYPE_CHECKING:
    from collections.abc import Iterator

    from evalkit.files.rules.registry import Found

_NOTHING = (None, ())
"""Values that say nothing: none written, and a set with nothing ticked."""


@rule("A017", "What is answered has a value.")
def _answered_has_a_value(case: AnswersCase) -> Iterator[Found]:
    for placed in case.statements:
        if placed.statement.state == "answered" and placed.statement.value is None:
            message = "state answered without a value; give the value, or the state unknown, refused or"
            yield placed.found(("state",), f"{message} unanswered")


@rule("A018", "An answer has a value or a state; only above answers by deployment may both be missing.")
def _something_is_said(case: AnswersCase) -> Iterator[Found]:
    for placed in case.statements:
        statement = placed.statement
        if statement.state is not None or statement.value is not None:
            continue
        overridden = case.answers.answers[placed.question_id].deployments
        if placed.deployment is not None or statement.evidence or not overridden:
            message = "neither value nor state; allowed states are unknown, refused, conflicting, unanswered"
            yield placed.found((), message)


@rule("A019", "What is unknown, refused or unanswered has no value.")
def _silence_has_no_value(case: AnswersCase) -> Iterator[Found]:
    for placed in case.statements:
        state, value = placed.statement.state, placed.statement.value
        if state in ("unknown", "refused", "unanswered") and value not in _NOTHING:
            hint = "leave out the state or the value"
            yield placed.found(("value",), f"value {shown(value)} beside the state {state}", hint)


@rule("A020", "A conflicting answer has no value of its own: its evidence items state theirs.")
def _conflict_has_no_value(case: AnswersCase) -> Iterator[Found]:
    for placed in case.statements:
        if placed.statement.state == "conflicting" and placed.statement.value is not None:
            message = f"value {shown(placed.statement.value)} beside the state conflicting"
            yield placed.found(("value",), message, "write the values on the evidence items")


@rule("A021", "A value rests on evidence.")
def _values_rest_on_evidence(case: AnswersCase) -> Iterator[Found]:
    for placed in case.statements:
        if (
            placed.state == "answered"
            and placed.statement.value is not None
            and not placed.statement.evidence
        ):
            message = f"value {shown(placed.statement.value)} without evidence; at least one item is needed"
            yield placed.found(("value",), message, "cite a source, or give the state unknown")


@rule("A023", "Each evidence item of a conflicting answer states its value.")
def _conflicting_items_state_values(case: AnswersCase) -> Iterator[Found]:
    for placed in case.statements:
        if placed.statement.state != "conflicting":
            continue
        for item, at in placed.items():
            if item.value in _NOTHING:
                yield placed.found(
                    at, f"the item from {item.source} states no value; in a conflict each must"
                )


@rule("A024", "In a conflicting answer at least two items of the highest class differ in value.")
def _conflicting_items_differ(case: AnswersCase) -> Iterator[Found]:
    for placed in case.statements:
        if placed.statement.state != "conflicting":
            continue
        if any(item.value in _NOTHING for item in placed.statement.evidence):
            continue  # A023 says so; whether they differ cannot be known
        stated = {normalised(item.value): item.value for item in placed.strongest}
        if len(stated) < 2:  # noqa: PLR2004 - it takes two to differ
            seen = ", ".join(map(shown, stated.values())) or "nothing"
            name = placed.strongest[0].evidence_class if placed.strongest else "any"
            message = f"conflicting, but class {name}, the highest, states {seen}; two values are needed"
            yield placed.found(("state",), message)


@rule("A025", "The value of an answer is that of an evidence item of the highest class.")
def _strongest_evidence_states_the_value(case: AnswersCase) -> Iterator[Found]:
    for placed in case.statements:
        value = placed.statement.value
        if placed.state != "answered" or value is None or not placed.strongest:
            continue
        if all(
            item.value is not None and normalised(item.value) != normalised(value)
            for item in placed.strongest
        ):
            seen = ", ".join(sorted({shown(item.value) for item in placed.strongest}))
            name = placed.strongest[0].evidence_class
            message = f"value {shown(value)}, but class {name}, the highest cited, states {seen}"
            yield placed.found(("value",), message)


@rule("A036", "A companion text stands only where the question asks for one.")
def _companions_are_asked_for(case: AnswersCase) -> Iterator[Found]:
    for placed in case.statements:
        asked = placed.question is None or placed.question.also_record is not None
        if placed.statement.also is not None and not asked:
            message = f"also {shown(placed.statement.also)}, but the question asks for no companion value"
            yield placed.found(("also",), message, "move it to the finding")
