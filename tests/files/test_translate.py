"""Each rule of the schema by a bad example, and the words of its problem."""

from __future__ import annotations

from pathlib import Path

import pytest

from evalkit.files.reading import document_of
from evalkit.files.translate import SCHEMA_RULES, validate
from evalkit.model.answers import ProductAnswers
from evalkit.model.evaluation import Evaluation
from evalkit.model.migration import Migrations
from evalkit.model.profile import Profile
from evalkit.model.questionnaire import Domain
from evalkit.model.values import Value
from tests.files.translating import ANSWERS, DOMAIN, MIGRATIONS, PROFILE, evaluation, problem_of, problems_of

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
