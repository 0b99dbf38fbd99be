from __future__ import annotations

import re
from typing import TYPE_CHECKING

import pytest

from evalkit.files.catalogue import RULES
from evalkit.files.document import SYNTAX_RULES
from evalkit.files.rules.registry import Found, Rulebook
from evalkit.files.translate import SCHEMA_RULES

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator

    from evalkit.files.rules.profile import ProfileCase


def test_the_catalogue_has_every_rule_of_syntax_schema_and_content() -> None:
    subjects = {rule.subject for rule in RULES.values()}
    files = {
        "questionnaire",
        "profile",
        "evaluation",
        "answers",
        "controls",
        "weights",
        "decision",
        "migrations",
        "observations",
        "wording",
    }
    assert subjects == {"syntax", "schema"} | files
    assert set(RULES) >= {*SYNTAX_RULES, *SCHEMA_RULES}


@pytest.mark.parametrize("rule_id", RULES)
def test_a_rule_is_one_sentence_under_its_id(rule_id: str) -> None:
    rule = RULES[rule_id]
    assert rule.id == rule_id
    assert re.fullmatch(r"[A-Z]\d{3}", rule_id)
    assert re.fullmatch(r"[A-Z].*\.", rule.text)


def test_no_two_rules_say_the_same() -> None:
    texts = [rule.text for rule in RULES.values() if rule.subject not in ("syntax", "schema")]
    # Two kinds of file share the wording of a rule that holds for both.
    assert len(texts) - len(set(texts)) <= 2


def test_an_id_is_registered_once() -> None:
    book: Rulebook[ProfileCase] = Rulebook()

    def check(_: ProfileCase) -> Iterator[Found]:
        yield Found((), "")

    book("P999", "All is well.")(check)
    with pytest.raises(ValueError, match="rule P999 is registered twice"):
        book("P999", "All is well.")(check)


def test_a_message_cannot_steer_a_terminal(example: Callable[..., object]) -> None:
    changed = example({("acme.answers", "answers", "LOC-02", "value", 0): "\x1b[31mred" + "x" * 900})
    problem = next(iter(changed.problems()))  # type: ignore[attr-defined]  # the fixture's class is conftest's
    assert "\\x1b[31mred" in problem.message
    assert len(problem.message) < 700
