"""How far several assessors of one product agree, and where they differ."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from evalkit.model.agreement import Agreement, Disagreement, DomainAgreement, Figures, Position
from evalkit.model.questionnaire import ScaleQuestion
from evalkit.model.records import (
    GENERAL,
    normalised,
    scope_of,
    state_of,
    stated_value,
    statement_for,
)
from evalkit.model.values import RANK
from evalkit.scoring.reliability import bootstrap_interval, krippendorff_alpha, pair_share

if TYPE_CHECKING:
    from collections.abc import Hashable, Mapping, Sequence

    from evalkit.model.answers import ProductAnswers, RawValue, Statement
    from evalkit.model.questionnaire import Question, Questionnaire

__all__ = ["agreement", "bootstrap_interval", "disagreements", "krippendorff_alpha", "pair_share"]

_PAIR = 2
"""It takes two to agree."""


def agreement(
    questionnaire: Questionnaire,
    answers_by_assessor: Mapping[str, ProductAnswers],
    *,
    seed: int = 1,
    resamples: int = 2000,
) -> Agreement:
    """Return how far the assessors of one product agree, overall and in each domain.

    A unit is a record: a question with the deployments for which everybody means the same of his own answers.
    Only values count: who did not answer, found nothing, was refused an answer or found a conflict is missing
    there.

    Parameters
    ----------
    answers_by_assessor
        Answers about one product by assessor, the deployments the same in each.
    seed, resamples
        Of the bootstrap over questions.

    Raises
    ------
    ValueError
        If there are fewer than two assessors.
    """
    units = _units(questionnaire, answers_by_assessor)
    domains = (
        DomainAgreement(
            domain.id, _figures([unit for unit in units if unit.domain == domain.id], seed, resamples)
        )
        for domain in questionnaire.domains
    )
    return Agreement(
        product=next(iter(answers_by_assessor.values())).product.id,
        assessors=tuple(sorted(answers_by_assessor)),
        overall=_figures(units, seed, resamples),
        domains=tuple(domains),
        disagreements=_differences(units),
    )


def disagreements(
    questionnaire: Questionnaire, answers_by_assessor: Mapping[str, ProductAnswers]
) -> tuple[Disagreement, ...]:
    """Return every record on which assessors who answered differ in state or value.

    In the order of the questionnaire; parameters and errors are those of :func:`agreement`.
    """
    return _differences(_units(questionnaire, answers_by_assessor))


@dataclass(frozen=True, slots=True)
class _Unit:
    """One record with what each assessor says about it."""

    question: Question
    domain: str
    scope: str
    deployments: tuple[str, ...]
    statements: Mapping[str, Statement]

    @property
    def values(self) -> tuple[Hashable, ...]:
        """Each assessor's value in comparable form; None where there is none."""
        return tuple(
            normalised(said.value) if state_of(said) == "answered" else None
            for said in self.statements.values()
        )

    @property
    def steps(self) -> tuple[int | None, ...]:
        """For each assessor the place of his level on the scale, from 0; None where he has none."""
        return tuple(
            self.step(said.value) if state_of(said) == "answered" else None
            for said in self.statements.values()
        )

    @property
    def levels(self) -> tuple[int | None, ...]:
        """For each assessor his level; None where he has none."""
        scale = self.question.levels if isinstance(self.question, ScaleQuestion) else ()
        return tuple(None if step is None else scale[step].level for step in self.steps)

    def step(self, value: RawValue | None) -> int | None:
        """Return the place of a level on the scale, from 0; None for what is no level."""
        scale = self.question.levels if isinstance(self.question, ScaleQuestion) else ()
        return next((place for place, level in enumerate(scale) if level.level == value), None)

    def levels_apart(self) -> int | None:
        """Return the steps between lowest and highest level; None where fewer than two state one."""
        stated = [
            [step for value in _stated(said) if (step := self.step(value)) is not None]
            for said in self.statements.values()
        ]
        own = [steps for steps in stated if steps]
        return None if len(own) < _PAIR else max(map(max, own)) - min(map(min, own))


def _units(questionnaire: Questionnaire, answers: Mapping[str, ProductAnswers]) -> list[_Unit]:
    if len(answers) < _PAIR:
        msg = f"agreement needs at least two assessors; there are {len(answers)}"
        raise ValueError(msg)
    ordered = {name: answers[name] for name in sorted(answers)}
    deployments = [each.id for each in next(iter(ordered.values())).deployments]
    units = []
    for question in questionnaire.questions:
        served: dict[tuple[str, ...], list[str]] = {}
        for each in deployments:
            scopes = tuple(scope_of(file, question.id, each) for file in ordered.values())
            served.setdefault(scopes, []).append(each)
        for scopes, own in served.items():
            units.append(
                _Unit(
                    question=question,
                    domain=questionnaire.domain_of[question.id].id,
                    scope=GENERAL if set(scopes) == {GENERAL} else "+".join(sorted(own)),
                    deployments=tuple(own),
                    statements={
                        name: statement_for(file, question.id, own[0]) for name, file in ordered.items()
                    },
                )
            )
    return units


def _figures(units: Sequence[_Unit], seed: int, resamples: int) -> Figures:
    compared = [unit for unit in units if sum(value is not None for value in unit.values) >= _PAIR]
    scales = [unit for unit in compared if isinstance(unit.question, ScaleQuestion)]
    levels = list(zip(*(unit.levels for unit in scales), strict=True))
    alpha = krippendorff_alpha(levels)
    interval = None
    if alpha is not None:
        clusters = [unit.question.id for unit in scales]
        interval = bootstrap_interval(levels, seed=seed, clusters=clusters, resamples=resamples)
    return Figures(
        alpha=alpha,
        interval=interval,
        exact_share=pair_share(list(zip(*(unit.values for unit in compared), strict=True))),
        within_one_share=pair_share(
            list(zip(*(unit.steps for unit in scales), strict=True)), lambda one, other: abs(one - other) <= 1
        ),
        questions=len({unit.question.id for unit in compared}),
        records=len(compared),
        scale_records=len(scales),
    )


def _differences(units: Sequence[_Unit]) -> tuple[Disagreement, ...]:
    found = []
    for unit in units:
        said = [each for each in unit.statements.values() if state_of(each) != "unanswered"]
        if len({(state_of(each), frozenset(map(normalised, _stated(each)))) for each in said}) < _PAIR:
            continue
        found.append(
            Disagreement(
                question=unit.question.id,
                domain=unit.domain,
                scope=unit.scope,
                deployments=unit.deployments,
                positions={name: _position(statement) for name, statement in unit.statements.items()},
                levels_apart=unit.levels_apart(),
            )
        )
    return tuple(found)


def _stated(statement: Statement) -> tuple[RawValue, ...]:
    """Return the value of an answer; of a conflict, those that its strongest evidence states."""
    match state_of(statement):
        case "answered":
            values = [statement.value]
        case "conflicting":
            rank = RANK[_strongest(statement)]
            items = [item for item in statement.evidence if RANK[item.evidence_class] == rank]
            values = [stated_value(item, statement) for item in items]
        case _:
            values = []
    return tuple(value for value in values if value is not None)


def _position(statement: Statement) -> Position:
    state = state_of(statement)
    value = statement.value if state == "answered" else None
    return Position(state, value, _strongest(statement))


def _strongest(statement: Statement) -> str:
    return max((item.evidence_class for item in statement.evidence), key=RANK.__getitem__, default="none")
