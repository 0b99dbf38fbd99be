"""Choices, points, scales and conditions of CISO Assistant, in the older form and the newer."""

from __future__ import annotations

import pytest

from evalkit.exchange.importing.draft import AllTrue, Choice, ChoiceMade
from tests.exchange.importing.ciso_library import QUESTION, draft_of, library, only, told


def test_the_older_form_of_questions_with_shared_choices_is_read() -> None:
    draft = draft_of(
        library(
            "{urn: 'urn:1', assessable: true, ref_id: '1', question: {question_type: unique_choice,"
            " question_choices: &c [Yes, No, N/A], questions: [{urn: 'urn:1:q', text: First?}]}}",
            "{urn: 'urn:2', assessable: true, ref_id: '2', question: {question_type: unique_choice,"
            " question_choices: *c, questions: [{urn: 'urn:2:q', text: Second?}]}}",
        )
    )
    assert [[choice.text for choice in question.choices] for question in draft.questions] == [
        ["Yes", "No", "N/A"],
        ["Yes", "No", "N/A"],
    ]
    assert {choice.points for question in draft.questions for choice in question.choices} == {None}


@pytest.mark.parametrize(
    ("results", "points"),
    [
        (("true", "false", ""), [100, 0, None]),
        (("compliant", "partially_compliant", "non_compliant"), [100, 50, 0]),
        (("'true'", "not_applicable", "'false'"), [100, None, 0]),
        (("non_compliant", "", ""), [None, None, None]),
        (("", "", ""), [None, None, None]),
        (("whatever", "true", "false"), [None, 100, 0]),
    ],
)
def test_results_are_points_only_where_two_choices_differ_in_them(
    results: tuple[str, ...], points: list[float | None]
) -> None:
    choices = ", ".join(
        f"{{urn: 'c:{at}', value: v{at}, compute_result: {it}}}" for at, it in enumerate(results)
    )
    question = only(library(QUESTION % f"type: unique_choice, choices: [{choices}]"))
    assert [choice.points for choice in question.choices] == points
    assert question.scale is None


def test_points_decide_where_there_are_any() -> None:
    choices = (
        "[{urn: 'c:1', value: a, add_score: 2, compute_result: false}, {urn: 'c:2', value: b, add_score: 9}]"
    )
    text = library(QUESTION % f"type: single_choice, choices: {choices}", framework="    max_score: 4\n")
    draft = draft_of(text)
    (question,) = draft.questions
    assert [choice.points for choice in question.choices] == [2, 4]
    assert any("points beyond the scale" in note for note in told(draft, "changed"))


def test_that_half_is_assumed_is_told() -> None:
    choices = "[{value: a, compute_result: compliant}, {value: b, compute_result: partially_compliant}]"
    draft = draft_of(library(QUESTION % f"type: unique_choice, choices: {choices}"))
    assert any("partly compliant is worth 50" in note for note in told(draft, "assumed"))


@pytest.mark.parametrize("kind", ["text", "date", "number", "future", ""])
def test_what_is_no_choice_is_answered_in_words(kind: str) -> None:
    draft = draft_of(library(QUESTION % f"type: {kind}"))
    assert draft.questions[0].choices == ()
    assert any("in words" in note for note in told(draft, "changed")) is (kind != "text")


def test_yes_and_no_are_offered_without_a_worth() -> None:
    question = only(library(QUESTION % "type: boolean"))
    assert question.choices == (Choice("true", "Yes"), Choice("false", "No"))


@pytest.mark.parametrize(
    ("depends", "expected"),
    [
        ("{question: 'urn:1:a', answers: ['c:1', 'c:2'], condition: any}", ChoiceMade("1 q1", ("1", "2"))),
        (
            "{question: 'URN:1:A', answers: [c:1, c:2], condition: all}",
            AllTrue((ChoiceMade("1 q1", ("1",)), ChoiceMade("1 q1", ("2",)))),
        ),
        ("{question: a, answers: ['2']}", ChoiceMade("1 q1", ("2",))),
        ("{question: 'urn:gone', answers: ['c:1']}", None),
        ("{question: 'urn:1:a', answers: ['c:9']}", None),
        ("{question: 'urn:1:a'}", None),
        ("often", None),
    ],
)
def test_what_a_question_depends_on_is_kept_or_told(depends: str, expected: object) -> None:
    questions = (
        "'urn:1:a': {type: multiple_choice, text: A?,"
        " choices: [{urn: 'c:1', value: x}, {urn: 'c:2', value: y}]},"
        f" 'urn:1:b': {{type: text, text: B?, depends_on: {depends}}}"
    )
    draft = draft_of(library(f"{{urn: 'urn:1', assessable: true, ref_id: '1', questions: {{{questions}}}}}"))
    assert draft.questions[1].asked_if == expected
    assert any("when a question is asked" in note for note in told(draft, "left out")) is (expected is None)


def test_scales_of_one_requirement_come_before_those_of_its_framework() -> None:
    own = "scores_definition: [{score: 0, name: No}, {score: 1, name: Yes}], min_score: 0, max_score: 1"
    framework = "    max_score: 2\n    scores_definition: [{score: 0, name: a}, {score: 2, name: b}]\n"
    draft = draft_of(
        library(
            f"{{urn: 'urn:1', assessable: true, ref_id: '1', name: A, {own}}}",
            "{urn: 'urn:2', assessable: true, ref_id: '2', name: B}",
            "{urn: 'urn:3', assessable: true, ref_id: '3', name: C, scores_definition_ref: gone}",
            framework=framework,
        )
    )
    assert [[choice.text for choice in question.choices] for question in draft.questions] == [
        ["No", "Yes"],
        ["a", "b"],
        ["a", "b"],
    ]
    assert "line 15 and 1 more: scores between those that the file describes cannot be given" in told(
        draft, "changed"
    )


@pytest.mark.parametrize(
    ("definition", "texts", "told_of"),
    [
        (
            "[{score: 0, name: a}, {score: 0, name: b}, {score: x}, {score: 1, name: c}]",
            ["a", "c"],
            "defined twice",
        ),
        ("[{score: 0, name: a}]", [], ""),
        ("{scale: [{score: 0, name: a}, {score: 1, description: c}]}", ["a", "c"], ""),
        ("{other: [{score: 0, name: a}]}", [], "a scale of scores that is no list"),
        ("[a, {score: 0, name: a}, {score: 1, name: b, translations: {fr: {}}}]", ["a", "b"], "no mapping"),
        ("[{score: 0, name: a}, {score: 90, name: b}]", ["a", "b"], ""),
    ],
)
def test_scales_in_every_form_are_read_or_told(definition: str, texts: list[str], told_of: str) -> None:
    node = "{urn: 'urn:1', assessable: true, ref_id: '1', name: N, min_score: 0, max_score: 1}"
    draft = draft_of(library(node, framework=f"    scores_definition: {definition}\n"))
    assert [choice.text for choice in draft.questions[0].choices] == texts
    assert told_of in " ".join(told(draft, "left out"))


def test_a_scale_that_is_named_is_the_one_of_that_name() -> None:
    scales = "{one: [{score: 0, name: a}, {score: 1, name: b}]}"
    nodes = (
        f"{{urn: 'urn:{n}', assessable: true, name: {n}, scores_definition_ref: {n}}}" for n in ("one", "two")
    )
    draft = draft_of(library(*nodes, framework=f"    scores_definition: {scales}\n"))
    assert [len(question.choices) for question in draft.questions] == [2, 0]
    assert any(
        "the scale of scores 'two', which is not in the file" in note for note in told(draft, "left out")
    )


def test_odd_choices_are_kept_or_told() -> None:
    odd = "{urn: 'c:1', value: a, add_score: lots, new: 1}, {urn: 'c:1', value: b, translations: {}}"
    choices = f"[plain, [list], {odd}, {{urn: 'c:choice 5', value: c}}, {{urn: 'c:1', value: d}}]"
    draft = draft_of(library(QUESTION % f"type: unique_choice, choices: {choices}"))
    assert [(choice.id, choice.text, choice.points) for choice in draft.questions[0].choices] == [
        ("1", "plain", None),
        ("2", "a", None),
        ("3", "b", None),
        ("choice 5", "c", None),
        ("5", "d", None),
    ]
    left_out = " ".join(told(draft, "left out"))
    for what in ("no text and no mapping", "add_score that is no number", "'new' of choices"):
        assert what in left_out
    empty = draft_of(library(QUESTION % "type: unique_choice"))
    assert any("none is offered" in note for note in told(empty, "changed"))
