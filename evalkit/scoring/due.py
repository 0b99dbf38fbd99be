"""What falls due when, and what each day changes if nothing is renewed.

Scores are worked out for the days on which something ends, and only as far as it concerns them.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from evalkit.model.due import DUE_KINDS, Due, DueList, Effect, Turn
from evalkit.scoring.cited import cited_by, groups_of, is_of_other_version, last_day, renewed, same_option
from evalkit.scoring.course import Look, governing
from evalkit.scoring.duties import conditions_due, deadline_due, waivers_due
from evalkit.scoring.lapse import effect_between, merged, narrowed, next_stand
from evalkit.scoring.release import release_dues

if TYPE_CHECKING:
    from collections.abc import Collection, Mapping
    from datetime import date

    from evalkit.model.answers import EvidenceItem, ProductAnswers
    from evalkit.model.decision import DecisionRecord
    from evalkit.model.evaluation import EvaluationInputs
    from evalkit.scoring.cited import Group
    from evalkit.scoring.course import Passing

    Passings = Mapping[tuple[str, date], Passing]


def due_list(  # noqa: PLR0913 - all but the first are keywords
    inputs: EvaluationInputs,
    *,
    on: date,
    days: int | None = None,
    options: Collection[str] | None = None,
    record: DecisionRecord | None = None,
    releases: Mapping[str, str] | None = None,
) -> DueList:
    """Return all that falls due, by day, with what it changes.

    Parameters
    ----------
    on
        The day on which one looks.
    days
        How far ahead; 0 for what is past alone, None for all.
    options
        Ids of the options meant; all by default.
    record
        What the board decided, with conditions and waivers of its own.
    releases
        Version by product that is supposed to be out: what it would make stale.
    """
    look = Look.on(inputs, on, days, options)
    cited = {option.id: tuple(cited_by(look.inputs, option)) for option in look.options}
    passings = {
        (option.id, day): passing
        for option in look.options
        for day, passing in look.passings(option, cited[option.id])
    }
    dues = [
        *(_evidence_due(look, group, passings) for group in groups_of(look.options, cited)),
        *waivers_due(look, record, passings),
        *deadline_due(look, passings),
        *conditions_due(look, record),
    ]
    return DueList(
        on=on,
        days=days,
        dues=tuple(sorted((due for due in dues if due.is_past or look.is_ahead(due.day)), key=_order)),
        turns=tuple(
            Turn(day, change, passing.effect.gates)
            for (_, day), passing in sorted(passings.items(), key=lambda it: (it[0][1], it[0][0]))
            for change in passing.effect.turns
        ),
        releases=tuple(
            due
            for product, version in (releases or {}).items()
            for due in release_dues(look, product, version)
        ),
    )


def _evidence_due(look: Look, group: Group, passings: Passings) -> Due:
    if group.day is None or group.day < look.day:
        return _lapsed(look, group)
    return _ending(group, group.day, passings)


def _ending(group: Group, day: date, passings: Passings) -> Due:
    """Return a source that still counts: as its day ends, with all else of that day."""
    effects, matters = [], False
    for option in group.by_option:
        passing = passings.get((option, day))
        if passing is None:
            continue  # further ahead than one looks
        cited = {(question, group.source) for question in group.questions_of(option)}
        effects.append(narrowed(passing.effect, {question for question, _ in cited & passing.governed}))
        matters = matters or effects[-1] != Effect() or not cited.isdisjoint(passing.stale)
    return Due(
        kind="evidence",
        day=day,
        is_past=False,
        product=group.product,
        subject=group.source,
        options=tuple(group.by_option),
        matters=matters,
        items=group.items,
        effect=merged(effects),
    )


def _lapsed(look: Look, group: Group) -> Due:
    """Return a source that counts in full no longer: seen from the case that it alone is renewed."""

    def is_meant(item: EvidenceItem, answers: ProductAnswers) -> bool:
        if item.source != group.source:
            return False
        other = is_of_other_version(item, answers)
        return other if group.day is None else not other and last_day(look.inputs, item, answers) == group.day

    inputs = renewed(look.inputs, group.product, group.questions, is_meant)
    effects, matters = [], False
    for option in look.options_of(group.product):
        questions = group.questions_of(option.id)
        now = look.stands[option.id]
        fresh = next_stand(now, inputs, same_option(inputs, option), questions)
        effects.append(effect_between(option.id, fresh, now, questions))
        stale = group.day is not None and any(
            source == group.source for _, source in governing(now, option, questions, group.day)
        )
        matters = matters or effects[-1] != Effect() or stale
    return Due(
        kind="release" if group.day is None else "evidence",
        day=group.day or look.day,
        is_past=True,
        product=group.product,
        subject=group.source,
        text=look.inputs.answers[group.product].product.version if group.day is None else "",
        options=tuple(group.by_option),
        matters=matters,
        items=group.items,
        effect=merged(effects),
    )


def _order(due: Due) -> tuple[object, ...]:
    return (due.day, DUE_KINDS.index(due.kind), due.product, due.subject, due.options, due.text)
