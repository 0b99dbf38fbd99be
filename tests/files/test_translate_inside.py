"""Mistakes deep in a file are found where they are, and told without what is hostile in them."""

from __future__ import annotations

import pytest

from evalkit.model.answers import ProductAnswers
from evalkit.model.evaluation import Evaluation
from evalkit.model.migration import Migrations
from evalkit.model.profile import Profile
from evalkit.model.questionnaire import Domain
from tests.files.translating import ANSWERS, DOMAIN, MIGRATIONS, PROFILE, evaluation, problem_of, problems_of

CHANGES = {
    "{renamed: LOC-01}": [("to", "S001")],
    "{renamed: LOC1, to: LOC-02}": [("renamed", "S005")],
    "{retired: LOC-01, reason: ''}": [("reason", "S008")],
    "{retired: LOC-01, reasn: x}": [("reasn", "S002")],
    "{merged: [LOC-01], into: LOC-02, reason: x}": [("merged", "S008")],
    "{merged: LOC-01, into: LOC-02, reason: x}": [("merged", "S003")],
    "{split: LOC-01, into: [{question: LOC-02}], reason: x}": [("into", "S008")],
    "{split: LOC-01, into: [LOC-02, LOC-03], reason: x}": [("into[0]", "S003"), ("into[1]", "S003")],
    "{changed: LOC-01, reason: x, keeps: [all]}": [("keeps[0]", "S004")],
    "{changed: LOC-01, reason: x, values: [{was: true, now: 1}]}": [("values[0].was", "S003")],
    "{changed: LOC-01, reason: x, values: [{was: 1}]}": [("values[0].now", "S001")],
    "5": [("", "S013")],
}


@pytest.mark.parametrize(("change", "expected"), CHANGES.items())
def test_a_mistake_in_a_change_is_found_where_it_is(change: str, expected: list[tuple[str, str]]) -> None:
    problems = problems_of(f"{MIGRATIONS}  - {change}\n", Migrations)
    inner = [
        (problem.path.removeprefix("steps[0].changes[0]").lstrip("."), problem.code) for problem in problems
    ]
    assert inner == expected
    assert {problem.line for problem in problems} == {7}


CONDITIONS = {
    "{fact: licence}": [("eligibility.includes_any", "S001")],
    "{fact: 1, includes_any: [a]}": [("eligibility.fact", "S003")],
    "{fact: licence, includes_any: a}": [("eligibility.includes_any", "S003")],
    "{fact: licence, includes_any: []}": [("eligibility.includes_any", "S008")],
    "{answer: LOC-01, at_least: 1.5}": [("eligibility.at_least", "S003")],
    "{answer: LOC-01, at_least: 1, more: 2}": [("eligibility.more", "S002")],
    "{all: []}": [("eligibility.all", "S008")],
    "{all: 5}": [("eligibility.all", "S003")],
    "{not: {not: {any: [{fact: licence}, 5]}}}": [
        ("eligibility.not.not.any[0].includes_any", "S001"),
        ("eligibility.not.not.any[1]", "S012"),
    ],
    "[]": [("eligibility", "S012")],
}


@pytest.mark.parametrize(("condition", "expected"), CONDITIONS.items())
def test_a_mistake_in_a_condition_is_found_where_it_is(
    condition: str, expected: list[tuple[str, str]]
) -> None:
    problems = problems_of(f"{PROFILE}eligibility: {condition}\n", Profile)
    found = [(problem.path, problem.code) for problem in problems if problem.path.startswith("eligibility")]
    assert found == expected


def test_a_mistake_in_a_value_rule_is_found_in_its_own_branch() -> None:
    text = DOMAIN + (
        "id: NET-01\n  kind: number\n  limits: {min: a, max: true}\n"
        "  value_rule: {type: steps_at_most, steps: [{at_most: 1}], otherwise: 101}\n"
    )
    problems = [
        problem for problem in problems_of(text, Domain) if "limits" in problem.path or "rule" in problem.path
    ]
    assert [(problem.path, problem.code, problem.line) for problem in problems] == [
        ("questions[0].limits.min", "S003", 8),
        ("questions[0].limits.max", "S003", 8),
        ("questions[0].value_rule.steps[0].points", "S001", 9),
        ("questions[0].value_rule.otherwise", "S007", 9),
    ]


def test_points_of_a_host_case_are_a_number_or_the_formula_in_one_problem() -> None:
    case = "{when: both filled, points: many}"
    rule = f"{{type: host_coverage, matching: x, cases: [{case}]}}"
    text = DOMAIN + f"id: NET-01\n  kind: list\n  value_rule: {rule}\n"
    problem = problem_of(text, Domain, "questions[0].value_rule.cases[0].points")
    assert problem.message.startswith("NET-01 value_rule.cases[0].points: 'many' is not a number or 'floor(")


def test_the_lists_of_a_host_answer_are_looked_into() -> None:
    value = "{documented: ['a b'], observd: [], purposes_given: 1}"
    problems = problems_of(f"{ANSWERS}answers:\n  NET-01: {{value: {value}}}\n", ProductAnswers)
    assert [(problem.path, problem.code) for problem in problems] == [
        ("answers.NET-01.value.documented[0]", "S005"),
        ("answers.NET-01.value.purposes_given", "S003"),
        ("answers.NET-01.value.observd", "S002"),
    ]
    assert problems[2].hint == "did you mean 'observed'?"


def test_no_message_holds_a_control_sequence_or_a_long_value() -> None:
    hostile = "\\e]0;x\\a\\u202e" + "x" * 500
    text = evaluation(id=f'"{hostile}"', title=f'["{hostile}"]', profile=f'{{"{hostile}": 1}}')
    text += f'"{hostile}": 1\noptions: ["{hostile}"]\n'
    problems = problems_of(text, Evaluation)
    assert len(problems) == 5
    for problem in problems:
        assert str(problem).isprintable()
        assert len(str(problem)) < 400
