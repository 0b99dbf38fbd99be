from __future__ import annotations

from typing import Any

import pytest

from evalkit.files.saving.rebasing import rebased

Json = dict[str, Any]

SAID: Json = {"value": 2, "finding": "Read."}
REMARK: Json = {"by": "ben", "on": "2026-11-23", "text": "Which page?"}
SIGNED: Json = {"reviewed": {"by": "ben", "on": "2026-11-23"}}
ANSWERED: Json = {"answered": {"by": "ann", "on": "2026-11-23"}}


def test_an_edit_keeps_a_remark_that_came_meanwhile() -> None:
    mine = {"value": 3, "finding": "Read."} | ANSWERED
    assert rebased(SAID, mine, {**SAID, "comments": [REMARK]}) == {**mine, "comments": [REMARK]}


def test_a_remark_keeps_an_edit_that_came_meanwhile() -> None:
    theirs = {"value": 3, "finding": "Read.", "deployments": {"own": {"value": 1}}}
    remarked = {**SAID, "comments": [REMARK]}
    assert rebased(SAID, remarked, theirs) == {**theirs, "comments": [REMARK]}


def test_remarks_of_both_stand_once_each_in_the_order_in_which_they_were_saved() -> None:
    first, second, third = ({**REMARK, "text": text} for text in ("1", "2", "3"))
    mine, theirs = [first, third, second], [first, second]
    found = rebased(*({**SAID, "comments": each} for each in ([first], mine, theirs)))
    assert found == {**SAID, "comments": [first, second, third]}


def test_a_sign_off_falls_with_an_edit_that_was_on_its_way_and_stays_on_another_statement() -> None:
    base = {**SAID, "deployments": {"own": {"value": 1}}}
    theirs = {**SAID, **SIGNED, "deployments": {"own": {"value": 1} | SIGNED}}
    mine = {**SAID, "deployments": {"own": {"value": 0}}}
    assert rebased(base, mine, theirs) == {**SAID, **SIGNED, "deployments": {"own": {"value": 0}}}


def test_an_answer_taken_away_leaves_the_remark_that_came_meanwhile() -> None:
    assert rebased(SAID, None, {**SAID, "comments": [REMARK]}) == {
        "state": "unanswered",
        "comments": [REMARK],
    }
    assert rebased(SAID, None, SAID | SIGNED) is None


@pytest.mark.parametrize(
    ("mine", "theirs"),
    [
        ({"value": 3}, {"value": 4}),
        ({"value": 3}, None),
        ({**SAID, "deployments": {"own": {"value": 1}}}, {"value": 4}),
        (SAID | SIGNED, {"value": 4}),
        (SAID | SIGNED, SAID | {"reviewed": {"by": "cy", "on": "2026-11-23"}}),
        ([1], SAID),
    ],
)
def test_what_contradicts_is_for_people_to_decide(mine: Any, theirs: Any) -> None:  # noqa: ANN401 - JSON of any shape
    with pytest.raises(ValueError, match=r"both|not an answer"):
        rebased(SAID, mine, theirs)
