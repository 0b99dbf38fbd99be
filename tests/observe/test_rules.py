"""Every rule by its own examples, and what a rule may not be."""

from __future__ import annotations

import shutil
from pathlib import Path
from typing import TYPE_CHECKING

import pytest

from evalkit.errors import InvalidInputError
from evalkit.files.instrument import Reader, read_questionnaire
from evalkit.observe.dismissing import DISMISSED
from evalkit.observe.facts import FACTS
from evalkit.observe.rules import HOSTS_FILE, RULES_FOLDER, load_rules, shipped_rules
from tests.observe.made import found_by, program

if TYPE_CHECKING:
    from evalkit.observe.rules.rule import Example, Rule

PACK = shipped_rules()
PROJECT = Path(__file__).parents[2]

RULES = [
    "APR-BYPASS",
    "APR-EXTENSIONS",
    "APR-LOCK",
    "APR-SANDBOX",
    "APR-SANDBOX-FILE",
    "CLAIM-HOST",
    "CLAIM-LITERAL",
    "CLAIM-PATH",
    "CTL-MANAGED",
    "FLAG-SDK",
    "LOC-KEYCHAIN",
    "LOC-PATH",
    "LOC-RETENTION",
    "NET-INGEST",
    "NET-PROXY",
    "NET-VENDOR-UNDECLARED",
    "PKG-EXTRA",
    "PKG-INTEGRITY",
    "PKG-INTEGRITY-KEPT",
    "PKG-LICENCE",
    "PKG-LISTED",
    "PKG-LISTED-NOT",
    "PKG-NAMES",
    "PKG-NATIVE",
    "PKG-OPAQUE",
    "PKG-PLATFORMS",
    "PKG-SBOM",
    "PKG-SCRIPT",
    "PKG-SCRIPT-CHECKSUM",
    "PKG-SCRIPT-NET",
    "PKG-SIGNATURE",
    "PKG-SIGNATURE-LISTED",
    "PKG-SIGNATURE-UNKNOWN",
    "PKG-SMAP",
    "PKG-SMAP-INLINE",
    "PKG-SMAP-REF",
    "PKG-VERSION",
    "RTE-PROVIDER",
    "SEC-SHAPE",
    "TEL-KEY-AZURE",
    "TEL-KEY-DATADOG",
    "TEL-KEY-POSTHOG",
    "TEL-KEY-SENTRY",
    "TEL-KEY-STATSIG",
    "TEL-OTEL",
    "TEL-SWITCH",
    "UPD-HOST",
    "UPD-PIN",
    "UPD-REGISTRY",
    "UPD-SELF",
    "UPD-SWITCH",
]


def members_of(example: Example) -> dict[str, str | bytes]:
    """The artefact that an example stands for."""
    if isinstance(example, dict):
        is_wheel = any(".dist-info/" in label for label in example)
        return {label if is_wheel else f"package/{label}": text for label, text in example.items()}
    if example.startswith("{"):
        return {"package/package.json": example}
    return program(example)


def shape_of(members: dict[str, str | bytes]) -> str:
    return "zip" if any(".dist-info/" in label for label in members) else "tar"


def cases(kind: str) -> list[tuple[Rule, Example]]:
    return [
        (rule, example)
        for rule in PACK.rules
        for example in (rule.examples.match if kind == "match" else rule.examples.no_match)
    ]


def named(case: object) -> str | None:
    return getattr(case, "id", None)


def test_every_rule_is_there() -> None:
    assert [rule.id for rule in PACK.rules] == sorted(RULES)


@pytest.mark.parametrize(("rule", "example"), cases("match"), ids=named)
def test_a_rule_finds_its_own_examples(rule: Rule, example: Example) -> None:
    members = members_of(example)
    assert found_by(rule.id, members, shape=shape_of(members)) != []


@pytest.mark.parametrize(("rule", "example"), cases("no_match"), ids=named)
def test_a_rule_does_not_find_what_only_looks_like_it(rule: Rule, example: Example) -> None:
    members = members_of(example)
    assert found_by(rule.id, members, shape=shape_of(members)) == []


def test_rules_name_questions_facts_and_checks_that_exist() -> None:
    reader = Reader(Path.as_posix)
    questionnaire = read_questionnaire(reader, PROJECT / "questionnaires" / "coding-agent")
    assert questionnaire is not None, reader.problems
    asked = {question for rule in PACK.rules for question in rule.questions}
    asked |= {test.question for rule in PACK.rules for test in rule.contradicts}
    assert asked - set(questionnaire.by_id) == set()
    assert {rule.match.fact for rule in PACK.rules if rule.match.fact} == set(FACTS)
    assert {rule.unless for rule in PACK.rules if rule.unless} == set(DISMISSED)


def test_each_class_of_hosts_is_looked_for() -> None:
    assert {rule.match.hosts for rule in PACK.rules if rule.match.hosts} == set(PACK.hosts.classes)


def test_no_rule_holds_a_literal_of_a_product_without_saying_whose_it_is() -> None:
    owned = {
        literal
        for rule in PACK.rules
        if rule.match.literals
        for literals in rule.match.literals.owned.values()
        for literal in literals
    }
    anybodys = {literal for rule in PACK.rules if rule.match.literals for literal in rule.match.literals.any}
    assert owned & anybodys == set()


GOOD = """
- id: NET-TEST
  version: 1
  title: A test
  questions: [NET-01]
  tests: existence
  match: {patterns: [{re2: 'acme[0-9]', anchors: [acme]}]}
  value: literal
  strength: present
  told: "It holds {value}."
  examples: {match: [acme1], no_match: [acme]}
"""
BAD = {
    "a second rule of one id": (GOOD + GOOD, "stands in own.yaml already"),
    "a pattern that re2 does not have": (GOOD.replace("acme[0-9]", "acme(?=[0-9])"), "is no pattern of re2"),
    "a literal of three characters": (GOOD.replace("[acme]}]", "[acm]}]"), "'acm' is too short"),
    "a literal that is too short": (GOOD.replace("[acme]}]", "[ac]}]"), "S008"),
    "a contradiction at a strength that cannot": (
        GOOD.replace(
            "strength: present",
            "strength: present\n  contradicts: [{question: NET-01, at_least: 4, says: x}]",
        ),
        "present cannot contradict existence; configured or observed can",
    ),
    "a default that is told from a program": (
        GOOD.replace("tests: existence", "tests: default").replace(
            "strength: present",
            "strength: configured\n  contradicts: [{question: NET-01, at_least: 4, says: x}]",
        ),
        "configured cannot contradict default; observed can",
    ),
    "two things to look for": (
        GOOD.replace("match: {patterns", "match: {fact: opaque, patterns"),
        "match looks for 2 kinds of things",
    ),
    "a class of hosts that is none": (
        GOOD.replace("{patterns: [{re2: 'acme[0-9]', anchors: [acme]}]}", "{hosts: nothing}"),
        "nothing is not one of the classes of hosts",
    ),
    "no example of what it finds": (GOOD.replace("match: [acme1]", "match: []"), "it has no example"),
    "no example of what it does not": (GOOD.replace("no_match: [acme]", "no_match: []"), "S008"),
    "a question that is none": (GOOD.replace("[NET-01]", "[TRA]"), "S005"),
    "a key that rules do not have": (GOOD + "  script: rm\n", "S002"),
}


@pytest.mark.parametrize(("text", "message"), BAD.values(), ids=BAD)
def test_a_rule_that_is_none_is_refused_with_its_line(tmp_path: Path, text: str, message: str) -> None:
    (tmp_path / "own.yaml").write_text(f"format: evalkit/observation-rules/1\nrules:{text}", encoding="utf-8")
    with pytest.raises(InvalidInputError) as caught:
        load_rules(tmp_path, HOSTS_FILE)
    assert message in str(caught.value)
    assert all(problem.file == "own.yaml" and problem.line for problem in caught.value.problems)


def test_the_name_of_the_rules_changes_with_them(tmp_path: Path) -> None:
    folder = tmp_path / "rules"
    shutil.copytree(RULES_FOLDER, folder, ignore=shutil.ignore_patterns("*.py", "__pycache__"))
    assert load_rules(folder, HOSTS_FILE).name == PACK.name
    path = folder / "network.yaml"
    path.write_text(path.read_text(encoding="utf-8") + "# changed\n", encoding="utf-8")
    assert load_rules(folder, HOSTS_FILE).name != PACK.name
