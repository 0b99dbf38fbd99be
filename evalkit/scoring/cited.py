"""Every evidence item of an option, with the last day on which it counts in full; and items renewed."""

from __future__ import annotations

from collections import defaultdict
from dataclasses import dataclass, field, replace
from typing import TYPE_CHECKING, TypeVar

from evalkit.model.due import DatedItem
from evalkit.model.evaluation import Option
from evalkit.model.records import scope_of
from evalkit.scoring.assessors import voices
from evalkit.scoring.evidence import weigh

if TYPE_CHECKING:
    from collections.abc import Callable, Collection, Iterable, Iterator, Mapping
    from datetime import date

    from evalkit.model.answers import EvidenceItem, ProductAnswers, Statement
    from evalkit.model.evaluation import EvaluationInputs

    Pick = Callable[[EvidenceItem, ProductAnswers], bool]

S = TypeVar("S", bound="Statement")


@dataclass(frozen=True, slots=True)
class Cited:
    """An evidence item that an option's answers cite.

    Attributes
    ----------
    last_day : date
        The last day on which it counts in full, whatever version it was tested on.
    is_of_other_version : bool
        Whether it is a test of another version than the product's, and counts as expired for that.
    """

    source: str
    last_day: date
    is_of_other_version: bool
    item: DatedItem


@dataclass(frozen=True, slots=True)
class Group:
    """What one look at one source settles: its items about a product that end on the same day.

    Attributes
    ----------
    day : date or None
        The last day; None for tests of another version, which count as expired whatever the day.
    by_option : dict
        Its items by option.
    """

    product: str
    source: str
    day: date | None
    by_option: dict[str, list[DatedItem]] = field(default_factory=lambda: defaultdict(list))

    @property
    def items(self) -> tuple[DatedItem, ...]:
        """Its items, each once."""
        return tuple(dict.fromkeys(item for own in self.by_option.values() for item in own))

    @property
    def questions(self) -> tuple[str, ...]:
        """The questions that it answers, each once."""
        return tuple(dict.fromkeys(item.question for item in self.items))

    def questions_of(self, option: str) -> tuple[str, ...]:
        """Return the questions that it answers for one option."""
        return tuple(dict.fromkeys(item.question for item in self.by_option.get(option, ())))


def groups_of(options: Iterable[Option], cited: Mapping[str, Iterable[Cited]]) -> tuple[Group, ...]:
    """Return the items of all options by product, source and day."""
    groups: dict[tuple[str, str, date | None], Group] = {}
    for option in options:
        product = option.answers.product.id
        for each in cited[option.id]:
            day = None if each.is_of_other_version else each.last_day
            key = (product, each.source, day)
            groups.setdefault(key, Group(*key)).by_option[option.id].append(each.item)
    return tuple(groups.values())


def cited_by(inputs: EvaluationInputs, option: Option) -> Iterator[Cited]:
    """Yield the evidence items of an option's answers, by question; what a consensus replaced is none."""
    deployment = option.deployment.id
    for question in inputs.questionnaire.by_id:
        for voice in voices(inputs, option, question):
            if voice.statement.evidence:
                scope = scope_of(voice.answers, question, deployment)
                for item in voice.statement.evidence:
                    yield Cited(
                        source=item.source,
                        last_day=last_day(inputs, item, voice.answers),
                        is_of_other_version=is_of_other_version(item, voice.answers),
                        item=DatedItem(
                            question=question,
                            scope=scope,
                            assessor=voice.assessor,
                            evidence_class=item.evidence_class,
                            locator=item.locator,
                            collected=_weighed_on(inputs, item, voice.answers)[0],
                            version=item.version,
                        ),
                    )


def last_day(inputs: EvaluationInputs, item: EvidenceItem, answers: ProductAnswers) -> date:
    """Return the last day on which an item counts in full, as far as its age is concerned."""
    return _weighed_on(inputs, item, answers)[1]


def is_of_other_version(item: EvidenceItem, answers: ProductAnswers) -> bool:
    """Whether an item is a test of another version than the product's, compared as text."""
    return item.evidence_class == "tested" and item.version != answers.product.version


def renewed(
    inputs: EvaluationInputs, product: str, questions: Collection[str], pick: Pick
) -> EvaluationInputs:
    """Return inputs in which items of a product are as if collected today, of today's version.

    Parameters
    ----------
    questions
        Those whose evidence is looked at.
    pick
        Whether an item is renewed, given the answers it stands in.
    """

    def fresh(answers: ProductAnswers) -> ProductAnswers:
        own = {it: said for it in questions if (said := answers.answers.get(it)) is not None}
        changed = {
            it: _renewed(said, inputs, answers, pick).model_copy(
                update={
                    "deployments": {
                        name: _renewed(other, inputs, answers, pick)
                        for name, other in said.deployments.items()
                    }
                }
            )
            for it, said in own.items()
        }
        return answers.model_copy(update={"answers": answers.answers | changed})

    return with_answers(inputs, product, fresh)


def with_answers(
    inputs: EvaluationInputs, product: str, change: Callable[[ProductAnswers], ProductAnswers]
) -> EvaluationInputs:
    """Return inputs in which the answers about one product, each assessor's too, are changed."""
    assessors = dict(inputs.assessors)
    if product in assessors:
        assessors[product] = {name: change(own) for name, own in assessors[product].items()}
    answers = {**inputs.answers, product: change(inputs.answers[product])}
    return replace(inputs, answers=answers, assessors=assessors)


def same_option(inputs: EvaluationInputs, option: Option) -> Option:
    """Return an option with the answers that other inputs have about it."""
    return Option(inputs.answers[option.answers.product.id], option.deployment)


def _weighed_on(inputs: EvaluationInputs, item: EvidenceItem, answers: ProductAnswers) -> tuple[date, date]:
    evaluation, table = inputs.evaluation, inputs.profile.evidence
    weighed = weigh(item, v=None, answers=answers, deployment_id="", table=table, as_of=evaluation.as_of)
    return weighed.collected, weighed.expires


def _renewed(statement: S, inputs: EvaluationInputs, answers: ProductAnswers, pick: Pick) -> S:
    today = {"expires": inputs.evaluation.as_of, "version": answers.product.version}
    items = tuple(
        item.model_copy(update=today if item.evidence_class == "tested" else {"expires": today["expires"]})
        if pick(item, answers)
        else item
        for item in statement.evidence
    )
    return statement.model_copy(update={"evidence": items})
