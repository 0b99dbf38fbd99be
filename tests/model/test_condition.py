"""The condition language."""

from __future__ import annotations

import pytest
from pydantic import TypeAdapter, ValidationError

from evalkit.model.condition import AllOf, AnswerCondition, AnyOf, Condition, FactCondition, Not, leaves

CONDITION: TypeAdapter[Condition] = TypeAdapter(Condition)
FACT = FactCondition(fact="routes", includes_any=("aws_bedrock",))
ANSWER = AnswerCondition(answer="RTN-03", at_least=1)


def test_a_condition_is_read_by_its_key() -> None:
    read = CONDITION.validate_python(
        {
            "all": [
                {"fact": "routes", "includes_any": ["aws_bedrock"]},
                {"any": [{"not": {"answer": "RTN-03", "at_least": 1}}]},
            ]
        }
    )
    assert read == AllOf(all=(FACT, AnyOf(any=(Not(not_=ANSWER),))))
    assert CONDITION.validate_python(CONDITION.dump_python(read)) == read


def test_leaves_come_in_the_order_written() -> None:
    nested = AllOf(all=(Not(not_=ANSWER), AnyOf(any=(FACT, ANSWER))))
    assert leaves(nested) == (ANSWER, FACT, ANSWER)
    assert leaves(FACT) == (FACT,)


@pytest.mark.parametrize("value", [{"none": []}, {}, "always", 3])
def test_anything_else_is_no_condition(value: object) -> None:
    with pytest.raises(ValidationError, match="must have one of the keys fact, answer, all, any, not"):
        CONDITION.validate_python(value)


def test_a_combination_of_nothing_is_an_error() -> None:
    with pytest.raises(ValidationError, match="at least 1"):
        CONDITION.validate_python({"all": []})
