"""Changes the example in one place, writes it as YAML, and asks every rule."""

from __future__ import annotations

import copy
from collections.abc import Callable, Iterator, Mapping
from functools import cache
from pathlib import Path
from typing import TYPE_CHECKING, Any, TypeAlias, TypeVar

import pytest
import yaml

from evalkit.files import rules
from evalkit.files.assessors import assessors_problems
from evalkit.files.reading import document_of
from evalkit.files.translate import validate
from evalkit.model.answers import ProductAnswers
from evalkit.model.controls import ConditionCatalogue, ControlFile
from evalkit.model.decision import DecisionRecord
from evalkit.model.evaluation import Evaluation, EvaluationInputs
from evalkit.model.migration import Migrations
from evalkit.model.profile import Profile
from evalkit.model.questionnaire import Domain, FrameworkIds, Questionnaire, QuestionnaireHeader
from evalkit.model.stakeholder import StakeholderWeights
from evalkit.model.values import Value
from tests.files.rules.example import DECIDED_ON, FILES

if TYPE_CHECKING:
    from evalkit.errors import Problem
    from evalkit.files.document import Document

Changes: TypeAlias = Mapping[tuple[str | int, ...], Any]
ModelT = TypeVar("ModelT", bound=Value)

_GONE = "(gone)"
"""As the new value of a key: take the key out."""


class _WithoutAliases(yaml.SafeDumper):
    def ignore_aliases(self, _: object) -> bool:
        return True


class Example:
    """The example's files after changes: their texts, and the problems that rules find in them."""

    def __init__(self, changes: Changes) -> None:
        self.texts = dict(_texts())
        files = {path[0]: copy.deepcopy(FILES.get(str(path[0]))) for path in changes}
        for path, value in changes.items():
            _put(files, list(path), value)
        self.texts |= {str(name): _text(data) for name, data in files.items()}

    def document(self, name: str) -> Document:
        return _document(name, self.texts[name])

    def read(self, name: str, model: type[ModelT]) -> ModelT:
        value = _validated(name, self.texts[name], model)
        assert isinstance(value, model), f"the case breaks the schema, no rule: {value}"
        return value

    @property
    def domains(self) -> list[str]:
        return [name for name in self.texts if name in ("storage", "network", "extra")]

    def questionnaire(self) -> Questionnaire:
        return Questionnaire(
            self.read("questionnaire", QuestionnaireHeader),
            tuple(self.read(name, Domain) for name in self.domains),
            self.read("framework-ids", FrameworkIds).frameworks,
        )

    def answers_problems(self, document: Document) -> Iterator[Problem]:
        answers = self.read("acme.answers", ProductAnswers)
        as_of = self.read("evaluation", Evaluation).as_of
        return rules.answers_problems(answers, document, self.questionnaire(), as_of)

    def assessors_problems(self) -> Iterator[Problem]:
        read = {
            name: (self.document(f"acme.{name}"), self.read(f"acme.{name}", ProductAnswers))
            for name in ("ann", "bob")
        }
        return assessors_problems(None, read, self.questionnaire())

    def weights_problems(self) -> Iterator[Problem]:
        for name in (name for name in self.texts if name.endswith(".weights")):
            weights = self.read(name, StakeholderWeights)
            yield from rules.weights_problems(weights, self.document(name), self.questionnaire())

    def evaluation_problems(self) -> Iterator[Problem]:
        answers = self.read("acme.answers", ProductAnswers)
        return rules.evaluation_problems(
            self.read("evaluation", Evaluation),
            self.document("evaluation"),
            self.questionnaire(),
            self.read("strict", Profile),
            {answers.product.id: [each.id for each in answers.deployments]},
        )

    def decision_problems(self) -> Iterator[Problem]:
        answers = self.read("acme.answers", ProductAnswers)
        inputs = EvaluationInputs(
            evaluation=self.read("evaluation", Evaluation),
            questionnaire=self.questionnaire(),
            profile=self.read("strict", Profile),
            answers={answers.product.id: answers},
            hashes=DECIDED_ON,
        )
        usable = None if any(self.evaluation_problems()) else inputs  # as loading has it
        record = self.read("decision", DecisionRecord)
        return rules.decision_problems(record, self.document("decision"), usable)

    def problems(self) -> list[Problem]:
        questionnaire = self.questionnaire()
        domains = {name: self.document(name) for name in self.domains}
        profile = self.read("strict", Profile)
        conditions = self.read("conditions", ConditionCatalogue)
        controls = self.read("acme.controls", ControlFile)
        return [
            *rules.questionnaire_problems(
                questionnaire, self.document("questionnaire"), domains, self.document("framework-ids")
            ),
            *rules.profile_problems(profile, self.document("strict"), questionnaire),
            *rules.migrations_problems(
                self.read("migrations", Migrations), self.document("migrations"), questionnaire
            ),
            *self.evaluation_problems(),
            *self.answers_problems(self.document("acme.answers")),
            *self.assessors_problems(),
            *self.weights_problems(),
            *self.decision_problems(),
            *rules.catalogue_problems(conditions, self.document("conditions"), questionnaire),
            *rules.controls_problems(controls, self.document("acme.controls"), questionnaire, conditions),
        ]


def _text(data: Any) -> str:  # noqa: ANN401 - any YAML value
    text: str = yaml.dump(data, Dumper=_WithoutAliases, sort_keys=False, width=1000)
    return text


@cache
def _texts() -> dict[str, str]:
    return {name: _text(data) for name, data in FILES.items()}


@cache
def _document(name: str, text: str) -> Document:
    path = Path(f"/example/{name.partition('.')[0]}.yaml")
    return document_of(text.encode(), path, name)


@cache
def _validated(name: str, text: str, model: type[Value]) -> Value | list[Problem]:
    return validate(_document(name, text), model)


def _put(files: dict[str | int, Any], path: list[str | int], value: Any) -> None:  # noqa: ANN401 - any YAML value
    *parents, last = path
    at: Any = files
    for part in parents:
        at = at[part]
    if value == _GONE:
        del at[last]
    elif isinstance(at, list) and last == len(at):
        at.append(value)
    else:
        at[last] = value


@pytest.fixture
def example() -> Callable[[Changes], Example]:
    return Example


@pytest.fixture
def assert_breaks() -> Callable[[str, Changes, str, str], None]:
    """Asserts that changes break one rule only, in a line that holds a text, with a message that does."""

    def check(rule_id: str, changes: Changes, line: str, message: str) -> None:
        changed = Example(changes)
        # A broken questionnaire may make other files wrong; within a kind of file no rule drags in another.
        problems = [problem for problem in changed.problems() if problem.code[0] == rule_id[0]]
        assert {problem.code for problem in problems} == {rule_id}, "\n".join(map(str, problems))
        told = [f"{problem.message} ({problem.hint})" for problem in problems]
        assert any(message in text for text in told), "\n".join(told)
        problem = next(each for each, text in zip(problems, told, strict=True) if message in text)
        assert line in changed.texts[problem.file].splitlines()[problem.line - 1]

    return check


@pytest.fixture
def cases_cover() -> Callable[[str, list[tuple[str, Changes, str, str]]], None]:
    """Asserts that a table of cases has one for every rule whose id begins with the letter."""

    def check(letter: str, cases: list[tuple[str, Changes, str, str]]) -> None:
        assert {case[0] for case in cases} == {name for name in rules.RULES if name.startswith(letter)}

    return check
