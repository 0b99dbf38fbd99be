"""What differs between two states of an evaluation, and why its options stand otherwise."""

from __future__ import annotations

from typing import TYPE_CHECKING

from evalkit.errors import EvalkitError
from evalkit.model.change import Change, OptionChange, ReadingChange
from evalkit.model.records import normalised
from evalkit.scoring.change_causes import causes, tips
from evalkit.scoring.change_contents import changed_statements, changed_things
from evalkit.scoring.change_steps import steps

if TYPE_CHECKING:
    from collections.abc import Collection, Hashable, Iterator, Sequence

    from evalkit.model.change import StatementChange
    from evalkit.model.evaluation import EvaluationInputs
    from evalkit.model.scorecard import QuestionResult, Scorecard
    from evalkit.scoring.change_steps import Step


def change(
    a: EvaluationInputs,
    b: EvaluationInputs,
    before: Sequence[Scorecard],
    after: Sequence[Scorecard],
    *,
    only: Collection[str] | None = None,
) -> Change:
    """Return what differs between an earlier and a later state, and what each difference did.

    Parameters
    ----------
    before, after
        Scorecards of all options, as :func:`evalkit.scoring.score.score` returns them.
    only
        Ids of the options to tell about, with what is said about their products; all by default.

    Raises
    ------
    EvalkitError
        If the two are answered on different questionnaires, not only on different versions of one.
    """
    require_comparable(a, b)
    way = steps(a, b)
    statements = changed_statements(a, b)
    found = tuple(it for it in _options(a, b, before, after, way) if only is None or it.option in only)
    products = {it.option.partition("/")[0] for it in found}
    if only is not None:
        statements = tuple(it for it in statements if it.product in products)
    return Change(
        as_of_before=a.evaluation.as_of,
        as_of_after=b.evaluation.as_of,
        things=tuple(
            it
            for it in changed_things(a, b)
            if only is None or it.kind not in _OF_PRODUCTS or it.id.partition("/")[0] in products
        ),
        statements=statements,
        readings=_readings(found, statements),
        options=found,
    )


_OF_PRODUCTS = frozenset({"product", "deployment", "source", "control"})


def require_comparable(a: EvaluationInputs, b: EvaluationInputs) -> None:
    """Raise ``EvalkitError`` unless two states are answered on one questionnaire, whatever its version."""
    old, new = a.questionnaire, b.questionnaire
    if old.header.id != new.header.id:
        raise EvalkitError(
            f"{a.evaluation.id} is answered on {old.ref} and {b.evaluation.id} on {new.ref}: only two"
            " evaluations on one questionnaire, in whatever versions, can be compared"
        )


def _options(
    a: EvaluationInputs,
    b: EvaluationInputs,
    before: Sequence[Scorecard],
    after: Sequence[Scorecard],
    way: Sequence[Step],
) -> Iterator[OptionChange]:
    was = {card.option: card for card in before}
    now = {card.option: card for card in after}
    for name in dict.fromkeys((*now, *was)):
        old, new = was.get(name), now.get(name)
        if old is None or new is None or old == new:
            yield OptionChange(name, old, new)
            continue
        parts, turns = causes(a, way, name)
        tipped = tips(old, new, a.profile.thresholds, b.profile.thresholds)
        yield OptionChange(name, old, new, parts, turns, tipped)


def _readings(
    options: Sequence[OptionChange], statements: Sequence[StatementChange]
) -> tuple[ReadingChange, ...]:
    stated = {(it.product, it.question) for it in statements}
    groups: dict[tuple[str, str, Hashable, Hashable], list[str]] = {}
    pairs: dict[tuple[str, str, Hashable, Hashable], tuple[QuestionResult, QuestionResult]] = {}
    for option in options:
        if option.before is None or option.after is None:
            continue
        product = option.after.product
        was = {result.question: result for result in option.before.questions}
        for new in option.after.questions:
            old = was.get(new.question)
            if old is None or _seen(old) == _seen(new):
                continue
            key = (product, new.question, _seen(old), _seen(new))
            groups.setdefault(key, []).append(option.option)
            pairs.setdefault(key, (old, new))
    order = {result.question: place for it in options for place, result in enumerate(it.card.questions)}
    found = [
        ReadingChange(product, question, tuple(names), (product, question) in stated, *pairs[key])
        for key, names in groups.items()
        for product, question in (key[:2],)
    ]
    return tuple(sorted(found, key=lambda it: (it.product, order[it.question], it.options)))


def _seen(result: QuestionResult) -> Hashable:
    """Return what of a question counts for an option; a question that does not apply counts for nothing."""
    if not result.applicable:
        return None
    return (
        result.state,
        result.evidence_class,
        normalised(result.value),
        result.v,
        result.low,
        result.expected,
        result.high,
        result.disputed,
        result.stale,
    )
