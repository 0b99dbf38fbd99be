"""Answers that VSAQ saved, beside the questionnaire."""

from __future__ import annotations

import json
from datetime import date
from typing import TYPE_CHECKING

import pytest

from evalkit.errors import EvalkitError
from evalkit.exchange.importing.draft import DraftAnswer
from evalkit.exchange.importing.project import Names, imported
from evalkit.files.loading import load_inputs
from tests.exchange.importing.vsaq_files import ANSWERS, QUESTIONNAIRE, told, vsaq

if TYPE_CHECKING:
    from pathlib import Path


def test_answers_are_found_by_id() -> None:
    draft = vsaq(QUESTIONNAIRE, ANSWERS)
    assert [(answer.question, answer.choices, answer.text) for answer in draft.answers] == [
        ("where", ("where_own",), "On “Own site”: Soon"),
        ("lock", ("yes",), ""),
        ("which", (), "A big one"),
        ("more", ("more_guard", "more_cctv"), ""),
        ("plan", (), "File: plan.pdf"),
    ]
    assert draft.answers[0].where.startswith("answers.json")
    left_out = " ".join(told(draft, "left out"))
    for what in (
        "boxes not ticked",
        "list of things to do",
        "no question of the questionnaire",
        "files that were sent",
    ):
        assert what in left_out


@pytest.mark.parametrize(
    ("answers", "told_of"),
    [
        ({"name": 3}, "neither text nor ticked"),
        ({"name": True}, "an answer in words that is none"),
        ({"lock": "perhaps"}, "an answer to yes or no that is neither"),
        ({"alarm": "half"}, "a box that is neither ticked nor not"),
        ({"where": "checked"}, "an answer to a group"),
        ({"hosting": "x"}, "no question of the questionnaire"),
    ],
)
def test_answers_that_mean_nothing_are_told(answers: dict[str, object], told_of: str) -> None:
    draft = vsaq(QUESTIONNAIRE, answers)
    assert draft.answers == ()
    assert told_of in " ".join(told(draft, "left out"))


@pytest.mark.parametrize("wrapped", [{"answers": {"name": "Acme"}}, json.dumps({"name": "Acme"})])
def test_answers_are_found_in_what_browser_and_server_hold(wrapped: object) -> None:
    (answer,) = vsaq(QUESTIONNAIRE, wrapped).answers
    assert (answer.question, answer.text) == ("name", "Acme")


def test_answers_that_are_no_object_are_refused() -> None:
    with pytest.raises(EvalkitError, match=r"answers\.json holds no answers of VSAQ"):
        vsaq(QUESTIONNAIRE, [1])


def test_an_imported_questionnaire_can_be_loaded_with_its_answers(tmp_path: Path) -> None:
    made = imported(
        vsaq(QUESTIONNAIRE, ANSWERS),
        file="q.json",
        raw=QUESTIONNAIRE.encode(),
        project=tmp_path,
        day=date(2026, 11, 20),
        names=Names(product="acme"),
        points={"yes": 100, "no": 0},
    )
    made.write(tmp_path)
    inputs = load_inputs(tmp_path / made.evaluation)
    by_origin = {question.refs["origin"][0]: question for question in inputs.questionnaire.questions}
    assert inputs.options()[0].answers.answers[by_origin["lock"].id].value == 1
    assert by_origin["which"].applies_if is not None


def test_answers_keep_the_order_of_the_questions() -> None:
    draft = vsaq(QUESTIONNAIRE, {"name": "Acme", "which": "One"})
    assert [type(answer) for answer in draft.answers] == [DraftAnswer, DraftAnswer]
    assert [answer.question for answer in draft.answers] == ["which", "name"]
