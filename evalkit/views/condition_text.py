"""A condition of the questionnaire or profile in words."""

from __future__ import annotations

from typing import TYPE_CHECKING

from evalkit.model.condition import AllOf, AnswerCondition, AnyOf, FactCondition, Not
from evalkit.views.wording import words

if TYPE_CHECKING:
    from evalkit.model.condition import Condition


def condition_words(condition: Condition) -> str:
    """Return a condition as a clause.

    >>> condition_words(FactCondition(fact="licence", includes_any=("open_source",)))
    'licence is open source'
    """
    match condition:
        case FactCondition(fact=fact, includes_any=wanted):
            return f"{words(fact)} is {' or '.join(words(value) for value in wanted)}"
        case AnswerCondition(answer=question, at_least=level):
            return f"{question} is at level {level} or better"
        case AllOf(all=parts):
            return " and ".join(_bracketed(part) for part in parts)
        case AnyOf(any=parts):
            return " or ".join(_bracketed(part) for part in parts)
        case Not(not_=part):
            return f"it is not so that {_bracketed(part)}"


def _bracketed(condition: Condition) -> str:
    text = condition_words(condition)
    return f"({text})" if isinstance(condition, (AllOf, AnyOf)) else text
