"""Rules that no schema can state: what must hold within a file and between files."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

from evalkit.files.rules import (
    answer_states,
    answer_values,
    applicability,
    evidence,
    gates,
    instrument,
    mappings,
    overrides,
    placeholders,
    points,
    product,
    sign_off,
    targets,
)
from evalkit.files.rules.answers import AnswersCase
from evalkit.files.rules.answers import rule as answers_book
from evalkit.files.rules.assessors import AssessorCase
from evalkit.files.rules.assessors import rule as assessors_book
from evalkit.files.rules.controls import CatalogueCase, ControlsCase
from evalkit.files.rules.controls import catalogue_rule as catalogue_book
from evalkit.files.rules.controls import rule as controls_book
from evalkit.files.rules.decision import DecisionCase
from evalkit.files.rules.decision import rule as decision_book
from evalkit.files.rules.evaluation import EvaluationCase
from evalkit.files.rules.evaluation import rule as evaluation_book
from evalkit.files.rules.migrations import MigrationsCase
from evalkit.files.rules.migrations import rule as migrations_book
from evalkit.files.rules.observations import ObservationsCase
from evalkit.files.rules.observations import rule as observations_book
from evalkit.files.rules.profile import ProfileCase
from evalkit.files.rules.profile import rule as profile_book
from evalkit.files.rules.questionnaire import QuestionnaireCase
from evalkit.files.rules.questionnaire import rule as questionnaire_book
from evalkit.files.rules.weights import WeightsCase
from evalkit.files.rules.weights import rule as weights_book

if TYPE_CHECKING:
    from collections.abc import Collection, Iterator, Mapping
    from datetime import date
    from types import ModuleType

    from evalkit.errors import Problem
    from evalkit.files.document import Document
    from evalkit.files.rules.registry import Rule
    from evalkit.model.answers import ProductAnswers
    from evalkit.model.controls import ConditionCatalogue, ControlFile
    from evalkit.model.decision import DecisionRecord
    from evalkit.model.evaluation import Evaluation, EvaluationInputs
    from evalkit.model.migration import Migrations
    from evalkit.model.profile import Profile
    from evalkit.model.questionnaire import Questionnaire
    from evalkit.model.stakeholder import StakeholderWeights


REGISTERING: Final[tuple[ModuleType, ...]] = (
    applicability,
    instrument,
    points,
    gates,
    product,
    answer_values,
    answer_states,
    evidence,
    overrides,
    targets,
    placeholders,
    mappings,
    sign_off,
)
"""Modules that register their rules in a book when they are imported."""

RULES: Final[Mapping[str, Rule]] = dict(
    sorted(
        {
            **questionnaire_book.rules,
            **profile_book.rules,
            **evaluation_book.rules,
            **answers_book.rules,
            **assessors_book.rules,
            **catalogue_book.rules,
            **controls_book.rules,
            **weights_book.rules,
            **decision_book.rules,
            **migrations_book.rules,
            **observations_book.rules,
        }.items()
    )
)
"""Every rule that this package checks, by id."""


def questionnaire_problems(
    questionnaire: Questionnaire,
    header: Document,
    domains: Mapping[str, Document],
    frameworks: Document | None,
) -> Iterator[Problem]:
    """Yield every problem of a questionnaire.

    Parameters
    ----------
    questionnaire
        As read from the files.
    header
        ``questionnaire.yaml``.
    domains
        Every domain file beside it, by file name without ``.yaml``.
    frameworks
        ``framework-ids.yaml``; without it identifiers are not checked.
    """
    yield from questionnaire_book.problems(QuestionnaireCase(questionnaire, header, domains, frameworks))


def migrations_problems(
    migrations: Migrations, document: Document, questionnaire: Questionnaire
) -> Iterator[Problem]:
    """Yield every problem of what became of the questions of earlier versions."""
    yield from migrations_book.problems(MigrationsCase(migrations, document, questionnaire))


def profile_problems(profile: Profile, document: Document, questionnaire: Questionnaire) -> Iterator[Problem]:
    """Yield every problem of a profile."""
    yield from profile_book.problems(ProfileCase(profile, document, questionnaire))


def evaluation_problems(
    evaluation: Evaluation,
    document: Document,
    questionnaire: Questionnaire,
    profile: Profile | None,
    deployments: Mapping[str, Collection[str]],
) -> Iterator[Problem]:
    """Yield every problem of an evaluation.

    Parameters
    ----------
    evaluation, document
        As read, and its file.
    questionnaire
        The one installed.
    profile
        The one named; without it waived gates are not checked.
    deployments
        Ids of the deployments by product id.
    """
    yield from evaluation_book.problems(
        EvaluationCase(evaluation, document, questionnaire, profile, deployments)
    )


def answers_problems(
    answers: ProductAnswers, document: Document, questionnaire: Questionnaire, as_of: date
) -> Iterator[Problem]:
    """Yield every problem of the answers about one product; no item may be dated after ``as_of``."""
    yield from answers_book.problems(AnswersCase(answers, document, questionnaire, as_of))


def assessor_problems(case: AssessorCase) -> Iterator[Problem]:
    """Yield every problem of an assessor's answers beside the others' and the consensus."""
    yield from assessors_book.problems(case)


def weights_problems(
    weights: StakeholderWeights, document: Document, questionnaire: Questionnaire
) -> Iterator[Problem]:
    """Yield every problem of a stakeholder's weights."""
    yield from weights_book.problems(WeightsCase(weights, document, questionnaire))


def catalogue_problems(
    catalogue: ConditionCatalogue, document: Document, questionnaire: Questionnaire
) -> Iterator[Problem]:
    """Yield every problem of the closed lists in ``conditions.yaml``."""
    yield from catalogue_book.problems(CatalogueCase(catalogue, document, questionnaire))


def controls_problems(
    controls: ControlFile,
    document: Document,
    questionnaire: Questionnaire,
    catalogue: ConditionCatalogue | None,
) -> Iterator[Problem]:
    """Yield every problem of the controls of one product; without a catalogue its lists are not checked."""
    yield from controls_book.problems(ControlsCase(controls, document, questionnaire, catalogue))


def decision_problems(
    record: DecisionRecord, document: Document, inputs: EvaluationInputs | None
) -> Iterator[Problem]:
    """Yield every problem of what a board decided.

    Parameters
    ----------
    inputs
        Today's. Decisions taken on others are not compared with them (``evalkit verify`` does that), nor is
        any where they are None.
    """
    yield from decision_book.problems(DecisionCase(record, document, inputs))


def observations_problems(case: ObservationsCase) -> Iterator[Problem]:
    """Yield every problem of one file of observations beside what it refers to."""
    yield from observations_book.problems(case)
