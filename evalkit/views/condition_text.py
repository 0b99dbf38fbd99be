"""A condition of the questionnaire or profile in words."""

from __future__ import annotations

from typing import TYPE_CHECKING

from evalkit.model.condition import AllOf, AnswerCondition, AnyOf, FactCondition, Not
from evalkit.views.sentences import sentences
from evalkit.views.wording import wording

if TYPE_CHECKING:
    from evalkit.model.condition import Condition


def condition_words(condition: Condition) -> str:
    """Return a condition as a clause.

    >>> condition_words(FactCondition(fact="licence", includes_any=("open_source",)))
    'licence is open source'
    """
    match condition:
        case FactCondition(fact=fact, includes_any=wanted):
            values = sentences.OR.join(wording.words(value) for value in wanted)
            return sentences.IS.format(fact=wording.words(fact), values=values)
        case AnswerCondition(answer=question, at_least=level):
            return sentences.AT_LEVEL.format(question=question, level=level)
        case AllOf(all=parts):
            return sentences.AND.join(_bracketed(part) for part in parts)
        case AnyOf(any=parts):
            return sentences.OR.join(_bracketed(part) for part in parts)
        case Not(not_=part):
            return sentences.NOT_SO.format(condition=_bracketed(part))


def _bracketed(condition: Condition) -> str:
    text = condition_words(condition)
    return f"({text})" if isinstance(condition, (AllOf, AnyOf)) else text
