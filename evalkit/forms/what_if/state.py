"""What the options would score under other weights, thresholds, evidence tables or answers.

Plain values, no widget: the panel shows a :class:`WhatIf`, and a move of a slider makes the next one.
"""

from __future__ import annotations

import math
from dataclasses import dataclass, replace
from typing import TYPE_CHECKING, Final, Literal

from evalkit.forms.what_if.standing_sums import StandingSums, sums_of
from evalkit.model.answers import Answer, EvidenceItem, HostLists, Statement
from evalkit.model.profile import Profile, Thresholds
from evalkit.model.questionnaire import (
    ListQuestion,
    NumberQuestion,
    ScaleQuestion,
    SetQuestion,
    StepsAtMost,
)
from evalkit.model.scorecard import Finding
from evalkit.scoring.score import case_of
from evalkit.scoring.tables import lenient, strict

if TYPE_CHECKING:
    from collections.abc import Mapping

    from evalkit.model.answers import ProductAnswers, RawValue
    from evalkit.model.evaluation import EvaluationInputs, Option
    from evalkit.model.profile import EvidencePolicy
    from evalkit.model.questionnaire import Question
    from evalkit.model.scorecard import Span
    from evalkit.model.values import EvidenceClass

EvidenceTable = Literal["stated", "strict", "lenient"]
"""The profile's own evidence table, or how one level stricter or more lenient reads."""

Sums = StandingSums | Finding

_SOURCE: Final = "what-if"


@dataclass(frozen=True, slots=True)
class Supposed:
    """An answer that one option might have; no value stands for "searched for, not found"."""

    value: RawValue | None
    evidence_class: EvidenceClass = "tested"


Suppositions = dict[tuple[str, str], Supposed]
"""Supposed answers by option id and question id."""


@dataclass(frozen=True, slots=True)
class Outcome:
    """How one option stands; ``span``, ``coverage`` and ``rank`` are None where it has no score."""

    option: str
    finding: Finding
    span: Span | None
    coverage: float | None
    rank: int | None


@dataclass(frozen=True, slots=True)
class WhatIf:
    """One state of the panel; :meth:`changed` makes another and recomputes only what depends on the change.

    Attributes
    ----------
    start : EvaluationInputs
        The evaluation as its files are.
    domain_weights : mapping
        By domain; only ratios matter.
    """

    start: EvaluationInputs
    domain_weights: Mapping[str, float]
    thresholds: Thresholds
    table: EvidenceTable
    supposed: Mapping[tuple[str, str], Supposed]
    sums: Mapping[str, Sums]

    @classmethod
    def of(cls, inputs: EvaluationInputs) -> WhatIf:
        """Return the state in which nothing is changed."""
        profile = inputs.profile
        sums = {option.id: _sums(inputs, option) for option in inputs.options()}
        return cls(inputs, dict(profile.domain_weights), profile.thresholds, "stated", {}, sums)

    def changed(
        self,
        *,
        domain_weights: Mapping[str, float] | None = None,
        thresholds: Mapping[str, float] | None = None,
        table: EvidenceTable | None = None,
        supposed: Suppositions | None = None,
    ) -> WhatIf:
        """Return the state with some weights, thresholds, the table or all suppositions replaced.

        Weights and thresholds that are not named stay.

        Raises
        ------
        ValueError
            If a weight is not greater than 0, a threshold not in 0..1, or one of them unknown.
        KeyError
            If an answer is supposed for an option or question that there is none of.
        """
        new = replace(
            self,
            domain_weights=self._weights(domain_weights or {}),
            thresholds=Thresholds.model_validate({**dict(self.thresholds), **(thresholds or {})}),
            table=self.table if table is None else table,
            supposed=self.supposed if supposed is None else dict(supposed),
        )
        if new.table == self.table and new.supposed == self.supposed:
            return new
        return replace(new, sums=_sums_between(self, new))

    @property
    def profile(self) -> Profile:
        """The evaluation's profile with the changed weights, thresholds and evidence table."""
        own = self.start.profile
        update = {
            "domain_weights": dict(self.domain_weights),
            "thresholds": self.thresholds,
            "evidence": _table(own.evidence, self.table),
        }
        return own.model_copy(update=update)

    @property
    def inputs(self) -> EvaluationInputs:
        """The evaluation with everything changed, as ``score`` takes it."""
        answers = dict(self.start.answers)
        for (option, question), supposed in self.supposed.items():
            product, _, deployment = option.partition("/")
            said = _statement(supposed, answers[product], self.start)
            answers[product] = _with(answers[product], question, deployment, said)
        return replace(self.start, profile=self.profile, answers=answers)

    @property
    def outcomes(self) -> tuple[Outcome, ...]:
        """How every option stands, in the order of the evaluation."""
        total = math.fsum(self.domain_weights.values())
        weights = [self.domain_weights[domain.id] / total for domain in self.start.questionnaire.domains]
        figures = {
            option: sums.figures(weights)
            for option, sums in self.sums.items()
            if isinstance(sums, StandingSums)
        }
        assured = sorted((span.assured for span, _ in figures.values()), reverse=True)
        outcomes = []
        for option, sums in self.sums.items():
            if isinstance(sums, Finding):
                outcomes.append(Outcome(option, sums, None, None, None))
                continue
            span, coverage = figures[option]
            finding = sums.finding(weights, self.thresholds)
            outcomes.append(Outcome(option, finding, span, coverage, 1 + assured.index(span.assured)))
        return tuple(outcomes)

    def _weights(self, changes: Mapping[str, float]) -> dict[str, float]:
        for domain, weight in changes.items():
            if domain not in self.domain_weights:
                raise ValueError(f"{domain!r} is not one of {', '.join(self.domain_weights)}")
            if not (weight > 0 and math.isfinite(weight)):
                raise ValueError(f"{domain}: weight {weight} is not greater than 0")
        return {**self.domain_weights, **changes}


def _sums_between(before: WhatIf, after: WhatIf) -> dict[str, Sums]:
    """Return the sums of all options, those read anew that a change of table or answer reaches."""
    inputs = after.inputs
    options = {option.id: option for option in inputs.options()}
    pairs = {*after.supposed, *before.supposed}
    touched = {pair[0] for pair in pairs if after.supposed.get(pair) != before.supposed.get(pair)}
    for option in touched:
        if option not in options:
            raise KeyError(option)
    every = after.table != before.table
    return {
        name: _sums(inputs, option) if every or name in touched else before.sums[name]
        for name, option in options.items()
    }


def _sums(inputs: EvaluationInputs, option: Option) -> Sums:
    case = case_of(inputs, option)
    return case if isinstance(case, Finding) else sums_of(case)


def _table(
    own: dict[EvidenceClass, EvidencePolicy], table: EvidenceTable
) -> dict[EvidenceClass, EvidencePolicy]:
    match table:
        case "stated":
            return own
        case "strict":
            return strict(own)
        case "lenient":
            return lenient(own)


def _statement(supposed: Supposed, answers: ProductAnswers, inputs: EvaluationInputs) -> Statement:
    if supposed.value is None:
        return Statement(state="unknown")
    item = EvidenceItem(
        evidence_class=supposed.evidence_class,
        source=_SOURCE,
        collected=inputs.evaluation.as_of,
        version=answers.product.version if supposed.evidence_class == "tested" else None,
    )
    return Statement(value=supposed.value, evidence=(item,))


def _with(answers: ProductAnswers, question: str, deployment: str, said: Statement) -> ProductAnswers:
    """Return the answers in which one deployment has an answer of its own."""
    general = answers.answers.get(question, Answer())
    own = general.model_copy(update={"deployments": {**general.deployments, deployment: said}})
    return answers.model_copy(update={"answers": {**answers.answers, question: own}})


def answers_to_try(question: Question) -> tuple[RawValue, ...]:
    """Return answers worth trying, best last where they have an order.

    All levels of a scale, the limits of a number and its special values, each option of a set alone and all
    of them, and of host lists that none is needed.
    """
    match question:
        case ScaleQuestion():
            return tuple(level.level for level in question.levels)
        case NumberQuestion():
            rule = question.value_rule
            limits: list[float] = (
                [step.at_most for step in rule.steps]
                if isinstance(rule, StepsAtMost)
                else [step.at_least for step in rule.steps]
            )
            return (*(special.id for special in question.special_values), *reversed(limits))
        case SetQuestion():
            every = tuple(option.id for option in question.options)
            return (*((option,) for option in every), *([every] if len(every) > 1 else []))
        case ListQuestion():
            return (HostLists(none_needed=True),)


def draft(state: WhatIf, profile_id: str, title: str) -> Profile:
    """Return the changed profile under another id and title; supposed answers are no part of it.

    Raises
    ------
    pydantic.ValidationError
        If id or title are none.
    """
    base = state.start.profile
    origin = f"{base.id} {base.version}"
    changes = {
        "id": profile_id,
        "version": "1.0.0",
        "title": title,
        "purpose": f"Variant of {origin}, made in the what-if notebook.",
    }
    content = {**state.profile.model_dump(), **changes}
    if dict(state.domain_weights) != base.domain_weights:
        content["domain_reason"] = f"Set by hand in the what-if notebook, starting from {origin}."
    return Profile.model_validate(content)
