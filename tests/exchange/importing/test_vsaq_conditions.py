"""When questions of VSAQ are asked."""

from __future__ import annotations

import pytest

from evalkit.exchange.importing.draft import AllTrue, AnyTrue, ChoiceMade, NotTrue
from tests.exchange.importing.vsaq_files import QUESTIONNAIRE, items, told, vsaq


def asked_if(condition: str) -> object:
    """Return when something under a condition is asked, among questions of every kind."""
    draft = vsaq(
        items(
            {"type": "yesno", "id": "yn", "text": "A?", "yes": "Y", "no": "N"},
            {"type": "check", "id": "ck", "text": "B?"},
            {"type": "radiogroup", "id": "rg", "text": "C?", "choices": [{"r1": "1"}, {"r2": "2"}]},
            {"type": "line", "id": "ln", "text": "D?", "cond": "ck"},
            {"type": "box", "id": "it", "text": "E?", "cond": condition},
        )
    )
    found = {question.id: question for question in draft.questions}
    return found["it"].asked_if if "it" in found else "never"


YES, TICKED = ChoiceMade("yn", ("yes",)), ChoiceMade("ck", ("checked",))


def test_conditions_of_blocks_hold_for_what_is_in_them() -> None:
    _, lock, which, more, *_ = vsaq(QUESTIONNAIRE).questions
    own = ChoiceMade("where", ("where_own",))
    assert lock.asked_if == more.asked_if == own
    assert which.asked_if == AllTrue(
        (own, AllTrue((ChoiceMade("lock", ("yes",)), NotTrue(ChoiceMade("alarm", ("checked",))))))
    )


@pytest.mark.parametrize(
    ("condition", "expected"),
    [
        ("yn/yes", YES),
        (" ( yn/yes ) ", YES),
        ("!!ck", TICKED),
        ("ck/yes", TICKED),
        ("rg", ChoiceMade("rg", ("r1", "r2"))),
        ("r1||r2", ChoiceMade("rg", ("r1", "r2"))),
        ("yn/yes || ck && r1", AllTrue((AnyTrue((YES, TICKED)), ChoiceMade("rg", ("r1",))))),
        ("yn/yes && ck && r1", AllTrue((YES, TICKED, ChoiceMade("rg", ("r1",))))),
        ("!(yn/yes || ck)", NotTrue(AnyTrue((YES, TICKED)))),
        ("^ln", TICKED),
        ("^yn", None),
        ("false || ck", TICKED),
        ("!false", None),
        ("()", None),
        ("false", "never"),
        ("ck && false", "never"),
    ],
)
def test_conditions_are_read_as_vsaq_reads_them(condition: str, expected: object) -> None:
    assert asked_if(condition) == expected


@pytest.mark.parametrize(
    ("condition", "why"),
    [
        ("gone", "the condition names 'gone', which is not in the file"),
        ("ln", "the condition names 'ln', which is no choice"),
        ("yn", "the condition asks for 'yn' without /yes or /no, and is false in VSAQ"),
        ("ck/no", "the condition asks for ck/no, which is no question of yes and no"),
        ("ln/value", "the condition compares texts"),
        ('contains(ln/value, "x")', "it compares texts"),
        ("matches(ln)", "it calls 'matches'"),
        ("ck &", "'&' in it is not understood"),
        ("ck &&", "a name is expected in it, not ''"),
        ("(ck", "a bracket in it is not closed"),
        ("ck yn/yes", "'yn/yes' stands where '&&' or '||' is expected"),
        ("(" * 30 + "ck" + ")" * 30, "it is nested more than 8 deep"),
        ("ck && yn/yes || " * 20 + "ck", "it is too long"),
        ("x" * 5_000, "it has more than 4,000 characters"),
    ],
)
def test_conditions_that_cannot_be_said_are_told(condition: str, why: str) -> None:
    draft = vsaq(
        items(
            {"type": "yesno", "id": "yn", "text": "A?"},
            {"type": "check", "id": "ck", "text": "B?"},
            {"type": "line", "id": "ln", "text": "C?"},
            {"type": "box", "id": "it", "text": "D?", "cond": condition},
        )
    )
    assert draft.questions[-1].asked_if is None
    assert any(f"not kept where {why}:" in note for note in told(draft, "left out")), told(draft, "left out")


def test_conditions_on_what_is_shown_do_not_turn_in_circles() -> None:
    draft = vsaq(
        items(
            {"type": "line", "id": "a", "text": "A?", "cond": "^b"},
            {"type": "line", "id": "b", "text": "B?", "cond": "^a"},
        )
    )
    assert [question.asked_if for question in draft.questions] == [None, None]
    assert any("and so on" in note for note in told(draft, "left out"))
