"""The rules that came with evalkit, checked when they are loaded."""

from __future__ import annotations

import hashlib
from dataclasses import dataclass
from functools import cache
from pathlib import Path
from typing import TYPE_CHECKING, Final, TypeVar

import re2

from evalkit.errors import InvalidInputError, Problem
from evalkit.files.reading import read_document
from evalkit.files.translate import validate
from evalkit.model.observation import MAY_CONTRADICT
from evalkit.model.values import Value
from evalkit.observe.needles import compiled
from evalkit.observe.rules.rule import HostCatalogue, MatchOf, Rule, RuleFile

if TYPE_CHECKING:
    from collections.abc import Iterator

    from evalkit.files.document import Document

Model = TypeVar("Model", bound=Value)

VERSION: Final = "1.1.0"
"""Of the rules as a whole; a change of what any of them finds raises it."""

RULES_FOLDER: Final = Path(__file__).parent
HOSTS_FILE: Final = RULES_FOLDER.parent / "hosts.yaml"
FEWEST_FIXED: Final = 4
"""Characters that stand as they are in whatever a rule looks for, so that it finds no noise."""


@dataclass(frozen=True, slots=True)
class RulePack:
    """All rules, and the hosts they name.

    Attributes
    ----------
    name : str
        Version and digest, for records.
    """

    rules: tuple[Rule, ...]
    hosts: HostCatalogue
    name: str

    def rule(self, rule_id: str) -> Rule:
        """Return one rule; ``KeyError`` if there is none of that id."""
        for rule in self.rules:
            if rule.id == rule_id:
                return rule
        raise KeyError(rule_id)


@cache
def shipped_rules() -> RulePack:
    """Return the rules that came with evalkit."""
    return load_rules(RULES_FOLDER, HOSTS_FILE)


def load_rules(folder: Path, hosts_file: Path) -> RulePack:
    """Return the rules of a folder.

    Raises
    ------
    InvalidInputError
        If a file cannot be read, or a rule is none: with every problem.
    """
    problems: list[Problem] = []
    rules: list[Rule] = []
    documents = [read_document(path, path.name) for path in sorted(folder.glob("*.yaml"))]
    hosts_document = read_document(hosts_file, hosts_file.name)
    hosts = _valid(hosts_document, HostCatalogue, problems)
    seen: dict[str, str] = {}
    for document in documents:
        if (file := _valid(document, RuleFile, problems)) is None:
            continue
        for number, rule in enumerate(file.rules):
            problems += (
                document.problem("RULE", ("rules", number), f"{rule.id}: {text}")
                for text in _broken(rule, hosts, seen)
            )
            seen[rule.id] = document.name
            rules.append(rule)
    if problems or hosts is None:
        raise InvalidInputError(problems)
    digest = hashlib.sha256(
        "".join(file.sha256 for file in (*documents, hosts_document)).encode()
    ).hexdigest()
    return RulePack(tuple(sorted(rules, key=lambda rule: rule.id)), hosts, f"{VERSION}+{digest[:12]}")


def _valid(document: Document, model: type[Model], problems: list[Problem]) -> Model | None:
    found = validate(document, model)
    if isinstance(found, list):
        problems += found
        return None
    return found


def _broken(rule: Rule, hosts: HostCatalogue | None, seen: dict[str, str]) -> Iterator[str]:
    if rule.id in seen:
        yield f"stands in {seen[rule.id]} already"
    if (kinds := _kinds(rule.match)) != 1:
        yield f"match looks for {kinds} kinds of things; it has to be one"
    if rule.contradicts and rule.strength not in MAY_CONTRADICT[rule.tests]:
        allowed = " or ".join(sorted(MAY_CONTRADICT[rule.tests]))
        yield f"{rule.strength} cannot contradict {rule.tests}; {allowed} can"
    if not rule.examples.match and not rule.examples_elsewhere:
        yield "it has no example of what it finds"
    if hosts is not None and rule.match.hosts is not None and rule.match.hosts not in hosts.classes:
        yield f"{rule.match.hosts} is not one of the classes of hosts: {', '.join(hosts.classes)}"
    for pattern in _patterns(rule.match):
        try:
            compiled(pattern)
        except re2.error as error:
            yield f"{pattern!r} is no pattern of re2: {error}"
    for literal in _literals(rule.match):
        if len(literal) < FEWEST_FIXED:
            yield f"{literal!r} is too short to be looked for"


def _kinds(match: MatchOf) -> int:
    stated = (
        match.patterns,
        match.literals,
        match.hosts,
        match.vendor_hosts,
        match.files,
        match.fact,
        match.claims,
    )
    return sum(bool(kind) for kind in stated)


def _patterns(match: MatchOf) -> Iterator[str]:
    yield from (pattern.re2 for pattern in match.patterns)
    yield from (pattern.but_not for pattern in match.patterns if pattern.but_not)
    yield from (pattern for patterns in match.files.values() for pattern in patterns)
    yield from match.outside


def _literals(match: MatchOf) -> Iterator[str]:
    for pattern in match.patterns:
        yield from (f"{anchor}{pattern.near or ''}" for anchor in pattern.anchors)
    if match.literals is not None:
        yield from match.literals.any
        for owned in match.literals.owned.values():
            yield from owned
