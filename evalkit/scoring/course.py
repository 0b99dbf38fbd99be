"""How options stand on one day, and how on each day that comes if nothing is renewed."""

from __future__ import annotations

from collections import defaultdict
from dataclasses import dataclass, replace
from datetime import date, timedelta
from typing import TYPE_CHECKING

from evalkit.scoring.cited import is_of_other_version
from evalkit.scoring.lapse import effect_between, next_stand, stand_of

if TYPE_CHECKING:
    from collections.abc import Collection, Iterable, Iterator, Mapping, Sequence

    from evalkit.model.due import Effect
    from evalkit.model.evaluation import EvaluationInputs, Option
    from evalkit.scoring.cited import Cited
    from evalkit.scoring.lapse import Stand


@dataclass(frozen=True, slots=True)
class Passing:
    """What the end of one day does to one option.

    Attributes
    ----------
    governed : frozenset of (str, str)
        Question and source of what governed until then, and ends.
    stale : frozenset of (str, str)
        Of what governs still, although it has ended.
    """

    effect: Effect
    governed: frozenset[tuple[str, str]]
    stale: frozenset[tuple[str, str]]


@dataclass(frozen=True, slots=True)
class Look:
    """An evaluation looked at on one day.

    Attributes
    ----------
    inputs : EvaluationInputs
        As of that day.
    days : int or None
        How far ahead one looks; None for all.
    """

    inputs: EvaluationInputs
    days: int | None
    options: Sequence[Option]
    stands: Mapping[str, Stand]

    @classmethod
    def on(
        cls, inputs: EvaluationInputs, day: date, days: int | None, options: Collection[str] | None
    ) -> Look:
        """Return the look at an evaluation on a day; at all of its options by default."""
        today = dated(inputs, day)
        meant = [option for option in today.options() if options is None or option.id in options]
        return cls(today, days, meant, {option.id: stand_of(today, option) for option in meant})

    @property
    def day(self) -> date:
        """The day on which one looks."""
        return self.inputs.evaluation.as_of

    def options_of(self, product: str) -> list[Option]:
        """Return the options of one product."""
        return [option for option in self.options if option.answers.product.id == product]

    def is_ahead(self, day: date) -> bool:
        """Whether a day is not over, and near enough to be looked at."""
        ahead = day.toordinal() - self.day.toordinal()
        return ahead >= 0 and (self.days is None or ahead < self.days)

    def passings(self, option: Option, cited: Iterable[Cited]) -> Iterator[tuple[date, Passing]]:
        """Yield what the end of each day that comes does to an option, day by day."""
        stand = self.stands[option.id]
        for day, questions in sorted(self._ending(option, cited).items()):
            later = next_stand(stand, dated(self.inputs, day + timedelta(days=1)), option, questions)
            effect = effect_between(option.id, stand, later, questions)
            before, after = (governing(it, option, questions, day) for it in (stand, later))
            yield day, Passing(effect, before, after)
            stand = later

    def _ending(self, option: Option, cited: Iterable[Cited]) -> dict[date, list[str]]:
        """Return the days on which something of an option ends, and the questions whose evidence does."""
        evaluation = self.inputs.evaluation
        ending: defaultdict[date, set[str]] = defaultdict(set)
        for each in cited:
            if not each.is_of_other_version:
                ending[each.last_day].add(each.item.question)
        ends = [waiver.until for waiver in evaluation.waivers if waiver.option == option.id]
        for day in (*ends, *([evaluation.deadline] if evaluation.deadline else [])):
            ending.setdefault(day, set())
        # No day comes after the last one of the calendar.
        return {
            day: sorted(questions)
            for day, questions in ending.items()
            if self.is_ahead(day) and day < date.max
        }


def dated(inputs: EvaluationInputs, day: date) -> EvaluationInputs:
    """Return inputs as of another day."""
    return replace(inputs, evaluation=inputs.evaluation.model_copy(update={"as_of": day}))


def governing(
    stand: Stand, option: Option, questions: Iterable[str], day: date
) -> frozenset[tuple[str, str]]:
    """Return question and source of the evidence that governs and whose last day is ``day``.

    Tests of another version than the product's are none of it, whatever their day.
    """
    if stand.case is None:
        return frozenset()
    return frozenset(
        (question, it.item.source)
        for question in questions
        if stand.applies(question)
        for it in stand.case.readings[question].items
        if it.governs and it.expires == day and not is_of_other_version(it.item, option.answers)
    )
