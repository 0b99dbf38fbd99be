from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING

import pytest

from evalkit.files.reading import document_of
from evalkit.files.translate import SCHEMA_RULES, validate
from evalkit.model.answers import ProductAnswers
from evalkit.model.evaluation import Evaluation
from evalkit.model.migration import Migrations
from evalkit.model.profile import Profile
from evalkit.model.questionnaire import Domain
from evalkit.model.values import Value

if TYPE_CHECKING:
    from evalkit.errors import Problem

EVALUATION = {
    "format": "evalkit/evaluation/1",
    "id": "a",
    "title": "A",
    "questionnaire": "coding-agent@1.0.0",
    "profile": "standard",
    "as_of": "2026-11-22",
}
ANSWERS = """\
format: evalkit/answers/1
questionnaire: coding-agent@1.0.0
product: {id: aider, name: Aider, vendor: A, version: '1', licence: open_source}
prepared: {by: x, on: 2026-11-22, basis: y}
deployments: [{id: a, name: A, route: r, surface: s, plan: p}]
"""
DOMAIN = "format: evalkit/domain/1\nid: a\ntitle: t\nseed: s\nquestions:\n- "
MIGRATIONS = """\
format: evalkit/migrations/1
questionnaire: ours
steps:
- from: 1.0.0
  to: 1.1.0
  changes:
"""
PROFILE = "format: evalkit/profile/1\n"


def problems_of(text: str, model: type[Value]) -> list[Problem]:
    found = validate(document_of(text.encode(), Path("x.yaml"), "x.yaml"), model)
    assert isinstance(found, list), found
    return found


def problem_of(text: str, model: type[Value], path: str) -> Problem:
    (problem,) = [problem for problem in problems_of(text, model) if problem.path == path]
    return problem


def evaluation(**changes: str) -> str:
    lines = {key: f"{key}: {value}" for key, value in EVALUATION.items()}
    lines |= {key: f"{key}: {value}" for key, value in changes.items()}
    return "\n".join(lines.values()) + "\n"


Bad = tuple[type[Value], str, str, str, int, str]
BAD: dict[str, Bad] = {
    "a key is missing": (
        Evaluation,
        evaluation().replace("title: A\n", ""),
        "title",
        "S001",
        1,
        "the key 'title' is missing",
    ),
    "a key inside is missing": (
        Evaluation,
        evaluation(waivers="\n- option: a/b"),
        "waivers[0].gate",
        "S001",
        8,
        "waivers[0]: the key 'gate' is missing",
    ),
    "a kind is missing": (
        Domain,
        DOMAIN + "id: LOC-01",
        "questions[0]",
        "S001",
        6,
        "LOC-01: the key 'kind' is missing",
    ),
    "a key is unknown": (
        Evaluation,
        evaluation(opions="all"),
        "opions",
        "S002",
        7,
        "the key 'opions' is not known (did you mean 'options'?)",
    ),
    "a key inside is unknown": (
        ProductAnswers,
        ANSWERS + "answers:\n  LOC-01: {value: 1, zzz: 1}\n",
        "answers.LOC-01.zzz",
        "S002",
        7,
        (
            "LOC-01: the key 'zzz' is not known"
            " (allowed are state, value, finding, also, evidence, answered, reviewed, comments, deployments)"
        ),
    ),
    "a version is a number": (
        ProductAnswers,
        ANSWERS.replace("version: '1'", "version: 3.10"),
        "product.version",
        "S003",
        3,
        "product.version: 3.10 (a number) is not text (write it in quotes: '3.10')",
    ),
    "a name is a truth value": (
        Evaluation,
        evaluation(title="true"),
        "title",
        "S003",
        3,
        "title: true (a truth value) is not text (write it in quotes: 'true')",
    ),
    "a value is empty": (
        Evaluation,
        evaluation(profile=""),
        "profile",
        "S003",
        5,
        "profile is empty; text is needed",
    ),
    "a list is text": (
        Evaluation,
        evaluation(data_classes="internal"),
        "data_classes",
        "S003",
        7,
        "data_classes: 'internal' is not a list",
    ),
    "a truth value is yes": (
        Profile,
        PROFILE + "gates:\n- {question: LOC-01,\n   mitigable: yes}\n",
        "gates[0].mitigable",
        "S003",
        4,
        "gates[0].mitigable: 'yes' is not true or false",
    ),
    "a number is text": (
        Profile,
        PROFILE + "gates:\n- at_least: two\n",
        "gates[0].at_least",
        "S003",
        3,
        "gates[0].at_least: 'two' is not a number",
    ),
    "a class is none": (
        ProductAnswers,
        ANSWERS + "answers:\n  LOC-01:\n    value: 1\n    evidence:\n    - {class: hearsay, source: a}\n",
        "answers.LOC-01.evidence[0].class",
        "S004",
        10,
        (
            "LOC-01 evidence[0].class: 'hearsay' is not one of"
            " claim, third_party, documented, source_read, contract, attested, tested"
        ),
    ),
    "a kind is none": (
        Domain,
        DOMAIN + "id: LOC-01\n  kind: essay",
        "questions[0].kind",
        "S004",
        7,
        "LOC-01 kind: 'essay' is not one of scale, number, set, list",
    ),
    "a key is not of the list": (
        Profile,
        PROFILE + "evidence:\n  hearsay: {slack_levels: 1, reliability: 1, valid_days: 1}\n",
        "evidence.hearsay",
        "S004",
        3,
        (
            "the key 'hearsay' is not one of"
            " claim, third_party, documented, source_read, contract, attested, tested"
        ),
    ),
    "options are a number": (
        Evaluation,
        evaluation(options="5"),
        "options",
        "S004",
        7,
        "options: 5 (a number) is not all or a list",
    ),
    "an id climbs": (
        ProductAnswers,
        ANSWERS.replace("id: aider", "id: ../../x"),
        "product.id",
        "S005",
        3,
        (
            "product.id: '../../x' is not an id: lower-case letters, digits and hyphens,"
            " beginning with a letter or digit"
        ),
    ),
    "a question id is none": (
        ProductAnswers,
        ANSWERS + "answers:\n  loc-1: {}\n",
        "answers.loc-1",
        "S005",
        7,
        "the key 'loc-1' is not a question id such as LOC-07: 2 to 5 capitals, a hyphen, 2 or 3 digits",
    ),
    "an option is none": (
        Evaluation,
        evaluation(options="[aider/a, aider]"),
        "options[1]",
        "S005",
        7,
        "options[1]: 'aider' is not an option, product/deployment, such as claude-code/bedrock",
    ),
    "a day is none": (
        Evaluation,
        evaluation(as_of="2026-02-30"),
        "as_of",
        "S006",
        6,
        "as_of: '2026-02-30' is not a date; write it as YYYY-MM-DD",
    ),
    "a share is too large": (
        Profile,
        PROFILE + "thresholds:\n  approve_at: 1.5\n",
        "thresholds.approve_at",
        "S007",
        3,
        "thresholds.approve_at: 1.5 (a number) is not at most 1",
    ),
    "a name is empty": (
        ProductAnswers,
        ANSWERS.replace("name: Aider", "name: ''"),
        "product.name",
        "S008",
        3,
        "product.name is empty; text that says something is needed",
    ),
    "a name is blank": (
        ProductAnswers,
        ANSWERS.replace("name: Aider", "name: ' '"),
        "product.name",
        "S008",
        3,
        "product.name: ' ' is not text that says something",
    ),
    "there are no deployments": (
        ProductAnswers,
        ANSWERS.partition("deployments")[0] + "deployments: []\n",
        "deployments",
        "S008",
        5,
        "deployments: 0 is too few, at least 1 needed",
    ),
    "an id is too long": (
        Evaluation,
        evaluation(id="a" * 65),
        "id",
        "S009",
        2,
        f"id: '{'a' * 59}…' is not text of at most 64 characters",
    ),
    "another format": (
        Evaluation,
        evaluation(format="evalkit/answers/1"),
        "format",
        "S010",
        1,
        (
            "format: 'evalkit/answers/1' is not evalkit/evaluation/1, which is expected here"
            " (is the file in its place?)"
        ),
    ),
    "another version of the format": (
        Evaluation,
        evaluation(format="evalkit/evaluation/2"),
        "format",
        "S010",
        1,
        (
            "format: 'evalkit/evaluation/2' is not evalkit/evaluation/1, which is expected here"
            " (this evalkit reads version 1 of the format only)"
        ),
    ),
    "no format": (
        Evaluation,
        "id: a\n",
        "",
        "S010",
        1,
        (
            "the file does not say its format; evalkit/evaluation/1 is expected"
            " (begin it with 'format: evalkit/evaluation/1')"
        ),
    ),
    "an answer is true": (
        ProductAnswers,
        ANSWERS + "answers:\n  LOC-01:\n    value: true\n",
        "answers.LOC-01.value",
        "S011",
        8,
        (
            "LOC-01 value: true (a truth value) is not an answer; allowed are a level, a number,"
            " a special value, a list of option ids, or the lists documented, observed, from_source"
            " with purposes_given and none_needed"
        ),
    ),
    "a condition is none": (
        Profile,
        PROFILE + "eligibility:\n  all:\n  - {fact: licence, includes_any: [a]}\n  - {fakt: licence}\n",
        "eligibility.all[1]",
        "S012",
        5,
        (
            "eligibility.all[1]: a mapping with the key fakt is not a condition;"
            " it must have one of the keys fact, answer, all, any, not"
        ),
    ),
    "a change is none": (
        Migrations,
        MIGRATIONS + "  - {moved: LOC-01, to: LOC-02}\n",
        "steps[0].changes[0]",
        "S013",
        7,
        (
            "steps[0].changes[0]: a mapping with the keys moved, to is not a change;"
            " it must have one of the keys renamed, split, merged, retired, changed"
        ),
    ),
}


@pytest.mark.parametrize("bad", BAD.values(), ids=BAD.keys())
def test_a_wrong_value_becomes_one_problem_in_plain_words(bad: Bad) -> None:
    model, text, path, code, line, says = bad
    assert str(problem_of(text, model, path)) == f"x.yaml:{line}: {code} {says}"


def test_every_rule_of_the_schema_has_a_bad_example() -> None:
    assert {bad[3] for bad in BAD.values()} == set(SCHEMA_RULES)


def test_a_good_file_becomes_its_value() -> None:
    document = document_of(evaluation().encode(), Path("x.yaml"), "x.yaml")
    found = validate(document, Evaluation)
    assert isinstance(found, Evaluation)
    assert found.title == "A"


@pytest.mark.parametrize("text", ["[]", "text", "12", "- a: 1\n- b: 2\n"])
def test_a_file_that_is_no_mapping_is_one_problem(text: str) -> None:
    (problem,) = problems_of(text, Evaluation)
    assert (problem.code, problem.line) == ("S003", 1)
    assert "is not a mapping" in problem.message


def test_a_typing_error_in_a_key_is_one_problem_and_not_two() -> None:
    (problem,) = problems_of(evaluation().replace("title:", "titel:"), Evaluation)
    assert (problem.code, problem.line, problem.hint) == ("S002", 3, "did you mean 'title'?")


def test_a_key_that_is_there_already_is_no_hint() -> None:
    (problem,) = problems_of(evaluation(titles="x"), Evaluation)
    assert "did you mean" not in problem.hint


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
