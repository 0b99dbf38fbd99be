"""Every rule that an input file has to keep, by id: for messages, documentation and tests."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

from evalkit.files import rules
from evalkit.files.document import SYNTAX_RULES
from evalkit.files.observations import OBSERVATION_RULES
from evalkit.files.rules.registry import SUBJECT_OF_LETTER, Rule
from evalkit.files.translate import SCHEMA_RULES
from evalkit.files.wordings import WORDING_RULES

if TYPE_CHECKING:
    from collections.abc import Mapping

RULES: Final[Mapping[str, Rule]] = {
    rule_id: Rule(rule_id, SUBJECT_OF_LETTER[rule_id[0]], text)
    for rule_id, text in (
        *sorted(SYNTAX_RULES.items()),
        *sorted(SCHEMA_RULES.items()),
        *sorted(WORDING_RULES.items()),
        *sorted(OBSERVATION_RULES.items()),
    )
} | dict(rules.RULES)
"""Syntax, then schema, then what must hold within and between files; ids are never reused."""

__all__ = ["RULES", "Rule"]
