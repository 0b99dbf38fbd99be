from __future__ import annotations

from functools import partial
from pathlib import Path
from typing import TYPE_CHECKING, TypeVar

import pytest

from evalkit.files import rules
from evalkit.files.reading import read_document
from evalkit.files.translate import validate
from evalkit.model.answers import ProductAnswers
from evalkit.model.controls import ConditionCatalogue, ControlFile
from evalkit.model.evaluation import Evaluation
from evalkit.model.profile import Profile
from evalkit.model.questionnaire import Domain, FrameworkIds, Questionnaire, QuestionnaireHeader
from evalkit.model.values import Value

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator

    from evalkit.errors import Problem
    from evalkit.files.document import Document

ROOT = Path(__file__).parents[3]
INSTRUMENT = ROOT / "questionnaires" / "coding-agent"
RESULTS = ROOT / "results" / "coding-agents-2026"
ModelT = TypeVar("ModelT", bound=Value)


def _read(path: Path, model: type[ModelT]) -> tuple[ModelT, Document]:
    document = read_document(path)
    value = validate(document, model)
    assert not isinstance(value, list), value
    return value, document


def _read_all(folder: Path, model: type[ModelT]) -> dict[str, tuple[ModelT, Document]]:
    return {
        path.stem: _read(path, model) for path in sorted(folder.glob("*.yaml")) if path.stem != "conditions"
    }


@pytest.fixture(scope="module")
def checks() -> list[Callable[[], Iterator[Problem]]]:
    header, header_file = _read(INSTRUMENT / "questionnaire.yaml", QuestionnaireHeader)
    domains = {name: _read(INSTRUMENT / f"{name}.yaml", Domain) for name in header.domains}
    frameworks, frameworks_file = _read(INSTRUMENT / "framework-ids.yaml", FrameworkIds)
    questionnaire = Questionnaire(
        header, tuple(domain for domain, _ in domains.values()), frameworks.frameworks
    )
    profiles = _read_all(INSTRUMENT / "profiles", Profile)
    evaluation, evaluation_file = _read(RESULTS / "evaluation.yaml", Evaluation)
    answers = _read_all(RESULTS / "answers", ProductAnswers)
    conditions, conditions_file = _read(RESULTS / "controls" / "conditions.yaml", ConditionCatalogue)
    controls = _read_all(RESULTS / "controls", ControlFile)
    deployments = {name: [each.id for each in product.deployments] for name, (product, _) in answers.items()}
    files = {name: document for name, (_, document) in domains.items()}
    profile = profiles[evaluation.profile][0]
    return [
        partial(rules.questionnaire_problems, questionnaire, header_file, files, frameworks_file),
        *(partial(rules.profile_problems, *each, questionnaire) for each in profiles.values()),
        partial(rules.evaluation_problems, evaluation, evaluation_file, questionnaire, profile, deployments),
        *(
            partial(rules.answers_problems, *each, questionnaire, evaluation.as_of)
            for each in answers.values()
        ),
        partial(rules.catalogue_problems, conditions, conditions_file, questionnaire),
        *(partial(rules.controls_problems, *each, questionnaire, conditions) for each in controls.values()),
    ]


def test_the_shipped_data_breaks_no_rule(checks: list[Callable[[], Iterator[Problem]]]) -> None:
    assert [str(problem) for check in checks for problem in check()] == []
