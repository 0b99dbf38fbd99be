"""What is written differently in two states of an evaluation: settings, facts, statements, evidence."""

from __future__ import annotations

from collections import Counter
from typing import TYPE_CHECKING, Any, Final

from evalkit.model.answers import Answer, Statement
from evalkit.model.change import EvidenceChange, FieldChange, StatementChange, ThingChange
from evalkit.model.records import GENERAL, identity

if TYPE_CHECKING:
    from collections.abc import Callable, Hashable, Iterator, Mapping, Sequence

    from evalkit.model.answers import EvidenceItem, ProductAnswers
    from evalkit.model.change import Kind
    from evalkit.model.evaluation import EvaluationInputs
    from evalkit.model.values import Value

_NAMES: Final = ("id", "level", "question", "option", "kind")
"""Keys by which the entries of a list are told apart; the first that all of them have, each once."""

_QUESTIONS: Final = frozenset({"questions"})


def changed_fields(old: Value, new: Value, without: frozenset[str] = frozenset()) -> tuple[FieldChange, ...]:
    """Return the fields that differ between two values of one kind, in the order of the newer one.

    Entries of a list that have ids are compared by them, whatever their order; other lists as a whole.
    """
    before, after = _flat(old, without), _flat(new, without)
    return tuple(
        FieldChange(path, before.get(path), after.get(path))
        for path in dict.fromkeys((*after, *before))
        if before.get(path) != after.get(path)
    )


def _flat(value: Value, without: frozenset[str]) -> dict[str, Any]:
    data = value.model_dump(mode="json", by_alias=True, exclude=set(without))
    return dict(_leaves(data, ""))


def _leaves(data: Any, path: str) -> Iterator[tuple[str, Any]]:  # noqa: ANN401 - any JSON value
    named = _named(data) if isinstance(data, list) else data
    if isinstance(named, dict) and named:
        for key, inner in named.items():
            yield from _leaves(inner, f"{path}.{key}" if path else str(key))
    elif data is not None and data != []:
        yield path, data


def _named(entries: list[Any]) -> dict[str, Any] | None:
    """Return the entries of a list by what tells them apart; None where nothing does."""
    if not entries or not all(isinstance(each, dict) for each in entries):
        return None
    for key in _NAMES:
        names = [each.get(key) for each in entries]
        if None not in names and len(set(names)) == len(names):
            rest = ({inner: it for inner, it in each.items() if inner != key} for each in entries)
            # A named entry without anything else is there all the same.
            return {str(name): each or True for name, each in zip(names, rest, strict=True)}
    return None


def changed_things(a: EvaluationInputs, b: EvaluationInputs) -> tuple[ThingChange, ...]:
    """Return all but statements that is otherwise in ``b``: settings, questions, products, controls."""
    return tuple(
        change
        for kind, before, after, without in _things(a, b)
        for change in _compared(kind, before, after, without)
    )


def _things(
    a: EvaluationInputs, b: EvaluationInputs
) -> Iterator[tuple[Kind, Mapping[str, Value], Mapping[str, Value], frozenset[str]]]:
    nothing: frozenset[str] = frozenset()
    yield "evaluation", {"": a.evaluation}, {"": b.evaluation}, nothing
    yield "questionnaire", {"": a.questionnaire.header}, {"": b.questionnaire.header}, nothing
    yield "domain", *_both(a, b, lambda it: {one.id: one for one in it.questionnaire.domains}), _QUESTIONS
    yield "question", a.questionnaire.by_id, b.questionnaire.by_id, nothing
    yield "profile", {"": a.profile}, {"": b.profile}, nothing
    yield "product", *_both(a, b, lambda it: {name: one.product for name, one in it.answers.items()}), nothing
    yield "deployment", *_both(a, b, _deployments), nothing
    yield "source", *_both(a, b, _sources), nothing
    yield "control", *_both(a, b, _controls), nothing
    yield "stakeholder", a.stakeholders, b.stakeholders, nothing


def _both(
    a: EvaluationInputs, b: EvaluationInputs, of: Callable[[EvaluationInputs], Mapping[str, Value]]
) -> tuple[Mapping[str, Value], Mapping[str, Value]]:
    return of(a), of(b)


def _deployments(inputs: EvaluationInputs) -> dict[str, Value]:
    return {f"{name}/{one.id}": one for name, said in inputs.answers.items() for one in said.deployments}


def _sources(inputs: EvaluationInputs) -> dict[str, Value]:
    found: dict[str, Value] = {}
    for name, said in inputs.answers.items():
        for each in (said, *inputs.assessors.get(name, {}).values()):
            for key, source in each.sources.items():
                found.setdefault(f"{name}/{key}", source)
    return found


def _controls(inputs: EvaluationInputs) -> dict[str, Value]:
    return {f"{name}/{one.id}": one for name, file in inputs.controls.items() for one in file.controls}


def _compared(
    kind: Kind, before: Mapping[str, Value], after: Mapping[str, Value], without: frozenset[str]
) -> Iterator[ThingChange]:
    for name in dict.fromkeys((*after, *before)):
        if name not in before or name not in after:
            yield ThingChange(kind, name, "added" if name in after else "removed")
        elif before[name] != after[name]:
            fields = changed_fields(before[name], after[name], without)
            if fields:
                yield ThingChange(kind, name, "changed", fields)


def changed_statements(a: EvaluationInputs, b: EvaluationInputs) -> tuple[StatementChange, ...]:
    """Return what is said otherwise about products that are in both states, in the order of questions."""
    questions = tuple(dict.fromkeys((*b.questionnaire.by_id, *a.questionnaire.by_id)))
    return tuple(
        change
        for product in sorted(a.answers.keys() & b.answers.keys())
        for question in questions
        for assessor, old, new in _files(a, b, product)
        for change in _statements(product, question, assessor, old, new)
    )


def _files(
    a: EvaluationInputs, b: EvaluationInputs, product: str
) -> Iterator[tuple[str | None, ProductAnswers | None, ProductAnswers | None]]:
    yield None, a.answers[product], b.answers[product]
    old, new = a.assessors.get(product, {}), b.assessors.get(product, {})
    for name in sorted(old.keys() | new.keys()):
        yield name, old.get(name), new.get(name)


def _statements(
    product: str,
    question: str,
    assessor: str | None,
    old: ProductAnswers | None,
    new: ProductAnswers | None,
) -> Iterator[StatementChange]:
    before = old.answers.get(question) if old else None
    after = new.answers.get(question) if new else None
    if before == after:
        return
    own_before = before.deployments if before else {}
    own_after = after.deployments if after else {}
    for scope in (GENERAL, *dict.fromkeys((*own_after, *own_before))):
        first = _general(before) if scope == GENERAL else own_before.get(scope)
        second = _general(after) if scope == GENERAL else own_after.get(scope)
        remarks = _remarks(before, after) if scope == GENERAL else 0
        if remarks or not _says_the_same(first, second):
            evidence = changed_evidence(first.evidence if first else (), second.evidence if second else ())
            yield StatementChange(product, question, scope, assessor, first, second, evidence, remarks)


def _general(answer: Answer | None) -> Statement | None:
    """Return the general answer alone; None where nothing is said in general."""
    if answer is None:
        return None
    content = {name: getattr(answer, name) for name in Statement.model_fields}
    said = Statement.model_construct(**content)
    return None if said == _NOTHING and answer.deployments else said


_NOTHING: Final = Statement()


def _remarks(before: Answer | None, after: Answer | None) -> int:
    old, new = (Counter(answer.comments if answer else ()) for answer in (before, after))
    return ((old - new) + (new - old)).total()


def _says_the_same(one: Statement | None, other: Statement | None) -> bool:
    """Whether two statements are the same to the word, with their evidence in any order."""
    if one is None or other is None:
        return one is other
    rest = [name for name in Statement.model_fields if name not in ("value", "evidence")]
    return identity(one) == identity(other) and all(getattr(one, it) == getattr(other, it) for it in rest)


def changed_evidence(
    before: Sequence[EvidenceItem], after: Sequence[EvidenceItem]
) -> tuple[EvidenceChange, ...]:
    """Return the evidence that was removed, changed or added.

    An item is the same, changed, if it cites the same place of the same source; else the same source with the
    same class; else the same source.
    """
    kept = Counter(after) & Counter(before)
    gone, come = _without(before, kept), _without(after, kept)
    found: list[EvidenceChange] = []
    for key in _KEYS:
        for item in list(gone):
            other = next((it for it in come if key(it) == key(item)), None)
            if other is not None:
                gone.remove(item)
                come.remove(other)
                found.append(EvidenceChange(item, other))
    removed = [EvidenceChange(item, None) for item in gone]
    return (*found, *removed, *(EvidenceChange(None, item) for item in come))


_KEYS: Final[tuple[Callable[[EvidenceItem], Hashable], ...]] = (
    lambda item: (item.source, item.locator),
    lambda item: (item.source, item.evidence_class),
    lambda item: item.source,
)


def _without(items: Sequence[EvidenceItem], kept: Counter[EvidenceItem]) -> list[EvidenceItem]:
    left = Counter(kept)
    rest = []
    for item in items:
        if left[item]:
            left[item] -= 1
        else:
            rest.append(item)
    return rest
