"""A library of CISO Assistant becomes a draft: requirements, questions, points; the rest is told."""

from __future__ import annotations

from datetime import date
from typing import TYPE_CHECKING

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from evalkit.errors import EvalkitError
from evalkit.exchange.exporting.ciso_assistant import library as exported
from evalkit.exchange.exporting.format import Chosen
from evalkit.exchange.importing.draft import AllTrue, Choice, ChoiceMade, DraftQuestion
from evalkit.exchange.importing.formats import Wanted, read
from evalkit.exchange.importing.project import Names, imported
from evalkit.files.instrument import load_questionnaire
from evalkit.files.loading import load_inputs
from evalkit.files.workspace import shipped
from evalkit.model.questionnaire import ScaleQuestion, SetQuestion

if TYPE_CHECKING:
    from pathlib import Path

    from evalkit.exchange.importing.draft import Draft

LIBRARY = """urn: urn:acme:risk:library:demo
locale: en
ref_id: DEMO
name: Demo library
copyright: Acme, free to use
version: 3
publication_date: 2024-09-28
provider: Acme
packager: acme
objects:
  reference_controls:
  - {urn: 'urn:acme:risk:function:c1', ref_id: C1, name: A control}
  framework:
    urn: urn:acme:risk:framework:demo
    ref_id: DEMO
    name: Demo framework
    min_score: 0
    max_score: 4
    scores_definition:
    - {score: 0, name: Nothing}
    - {score: 1, name: Begun, description: Somebody has begun.}
    - {score: 2, name: Half}
    - {score: 3, name: Nearly}
    - {score: 4, name: All}
    implementation_groups_definition:
    - {ref_id: B, name: basic}
    requirement_nodes:
    - {urn: 'urn:a', assessable: false, depth: 1, ref_id: A, name: Access, description: Who gets in.}
    - {urn: 'urn:a.1', assessable: false, depth: 2, parent_urn: 'urn:a', ref_id: A.1, name: Accounts}
    - urn: urn:a.1.1
      assessable: true
      depth: 3
      parent_urn: URN:A.1
      ref_id: A.1.1
      name: Owners
      description: Every account has an owner.
      annotation: Look at <b>shared</b> ones &amp; old ones.
      typical_evidence: A list
      implementation_groups: [B]
      reference_controls: ['urn:acme:risk:function:c1']
      weight: 3
    - urn: urn:a.1.2
      assessable: true
      depth: 3
      parent_urn: urn:a.1
      ref_id: 1.10
      name: Second factor
      description: Two factors are asked for.
      questions:
        urn:a.1.2:question:1:
          type: unique_choice
          text: Is a second factor asked for?
          choices:
          - {urn: 'urn:a.1.2:question:1:choice:1', value: No, description: Nobody is asked., add_score: 0}
          - {urn: 'urn:a.1.2:question:1:choice:2', value: Yes, description: All are., add_score: 3}
          - {urn: 'urn:a.1.2:question:1:choice:3', value: N/A}
        urn:a.1.2:question:2:
          type: text
          text: Which?
          depends_on:
            question: urn:a.1.2:question:1
            answers: ['urn:a.1.2:question:1:choice:2']
            condition: any
"""


def library(*nodes: str, framework: str = "", objects: str = "") -> str:
    """Return a library with these requirements, each a mapping in one line."""
    listed = "".join(f"    - {node}\n" for node in nodes)
    return (
        "urn: urn:acme:risk:library:one\nref_id: ONE\nname: One\nlocale: en\nversion: 1\n"
        f"objects:\n{objects}  framework:\n    urn: urn:f\n    ref_id: F\n    name: F\n{framework}"
        f"    requirement_nodes:\n{listed}"
    )


def draft_of(text: str | bytes, **wanted: object) -> Draft:
    """Return what a library says."""
    raw = text.encode() if isinstance(text, str) else text
    return read("ciso-assistant", raw, "library.yaml", Wanted(**wanted))  # type: ignore[arg-type]  # as given


def only(text: str) -> DraftQuestion:
    """Return the one question of a library."""
    (question,) = draft_of(text).questions
    return question


def told(draft: Draft, kind: str) -> list[str]:
    """Return what did not come over as it was, of one kind."""
    return [
        f"{note.where}: {note.text}" if note.where else note.text for note in draft.notes if note.kind == kind
    ]


def test_what_is_assessable_is_asked_below_the_top_of_its_branch() -> None:
    draft = draft_of(LIBRARY)
    assert (draft.title, draft.version) == ("Demo library", "3")
    (section,) = draft.sections
    assert (section.title, section.text) == ("Access", "Who gets in.")
    assert [question.id for question in section.questions] == ["A.1.1", "1.10 q1", "1.10 q2"]


def test_a_requirement_without_questions_is_rated_on_the_scale_of_scores() -> None:
    question = draft_of(LIBRARY).questions[0]
    assert (question.title, question.text, question.weight) == ("Owners", "Every account has an owner.", 3)
    assert list(question.choices)[:2] == [
        Choice("0", "Nothing", 0.0),
        Choice("1", "Somebody has begun.", 1.0, "Begun"),
    ]
    assert question.scale == (0.0, 4.0)
    assert question.why.split("\n\n") == [
        "Under: A.1 Accounts",
        "Look at shared ones & old ones.",
        "Typical evidence: A list",
        "Implementation groups: B (basic)",
    ]


def test_questions_of_a_requirement_share_its_weight_and_keep_their_points() -> None:
    _, first, second = draft_of(LIBRARY).questions
    assert first.choices == (
        Choice("1", "Nobody is asked.", 0.0, "No"),
        Choice("2", "All are.", 3.0, "Yes"),
        Choice("3", "N/A"),
    )
    assert (first.scale, first.weight, second.weight) == ((0, 4), 0.5, 0.5)
    assert second.asked_if == ChoiceMade("1.10 q1", ("2",))
    assert first.why.startswith("Under: A.1 Accounts\n\nTwo factors are asked for.")


def test_each_loss_is_told_once_with_how_often_it_was_met() -> None:
    draft = draft_of(LIBRARY)
    assert told(draft, "left out") == [
        "line 11: 1 reference controls of the library",
        "line 30: links of requirements to reference controls",
        "line 30: what implementation groups leave out: every requirement is asked, and names its groups",
    ]
    assert "its copyright notice is 'Acme, free to use'" in told(draft, "assumed")[0]
    many = library(
        *(f"{{urn: 'urn:{n}', assessable: true, ref_id: '{n}', name: N, odd: 1}}" for n in range(9))
    )
    assert "line 12 and 8 more: 'odd' of requirements" in told(draft_of(many), "left out")


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


QUESTION = "{urn: 'urn:1', assessable: true, ref_id: '1', name: N, questions: {'urn:1:q': {text: Q?, %s}}}"


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


def test_questions_in_odd_places_are_told() -> None:
    draft = draft_of(
        library(
            "{urn: 'urn:1', assessable: true, ref_id: '1', name: N,"
            " questions: [{type: text, text: A?, choices: [x]}]}",
            "{urn: 'urn:2', assessable: true, ref_id: '2', name: N, questions: {q: text}, question: text}",
        )
    )
    assert [question.text for question in draft.questions] == ["A?", "N"]
    left_out = " ".join(told(draft, "left out"))
    assert "a question that is no mapping" in left_out
    assert "choices of a question that is answered in words" in left_out


def test_odd_requirements_are_kept_and_told() -> None:
    draft = draft_of(
        library(
            "{urn: 'urn:1', assessable: yes, ref_id: same, name: First}",
            "{urn: 'urn:1', assessable: x, ref_id: same, name: Second}",
            "{urn: 'urn:3', assessable: true, parent_urn: 'urn:gone', description: Third}",
            "{urn: 'urn:4', assessable: true, parent_urn: 'urn:5', name: Fourth}",
            "{urn: 'urn:5', assessable: true, parent_urn: 'urn:4', name: Fifth, weight: heavy}",
            "{urn: 'urn:6', assessable: true, name: Screen, display_mode: splash}",
            "{urn: 'urn:7', assessable: maybe, name: Seventh}",
            "no mapping",
        )
    )
    assert [question.id for question in draft.questions] == ["1", "urn:1", "3", "4", "5"]
    changed, left_out = told(draft, "changed"), told(draft, "left out")
    assert any("whose URN another one has" in note for note in changed)
    assert any("below one that is not in the file" in note for note in changed)
    assert any("below itself" in note for note in changed)
    assert any("texts under which nothing is assessed" in note for note in left_out)
    assert any("whether it is assessable" in note for note in left_out)
    assert any("a requirement that is no mapping" in note for note in left_out)
    assert any("a weight that is no number" in note for note in told(draft, "assumed"))


def test_requirements_that_stand_alone_share_a_section() -> None:
    nodes = (f"{{urn: 'urn:{n}', assessable: true, ref_id: '{n}', name: N{n}}}" for n in range(1_001))
    draft = draft_of(library(*nodes))
    assert [(section.title, len(section.questions)) for section in draft.sections] == [
        ("F (1)", 999),
        ("F (2)", 2),
    ]


def test_several_frameworks_become_one_questionnaire() -> None:
    node = "requirement_nodes: [{urn: 'urn:1', assessable: true, name: N}]"
    text = f"name: Two\nobjects:\n  frameworks:\n  - {{name: A, {node}}}\n  - {{name: B, {node}}}\n"
    draft = draft_of(text)
    assert [section.title for section in draft.sections] == ["A: A", "B: B"]
    assert "2 frameworks became one questionnaire" in told(draft, "changed")


def test_texts_in_another_language_are_told() -> None:
    draft = draft_of(LIBRARY.replace("locale: en", "locale: fr\ntranslations: {en: {name: Demo}}"))
    assert any("its texts are in 'fr'" in note for note in told(draft, "changed"))
    assert any("translations" in note for note in told(draft, "left out"))


@pytest.mark.parametrize(
    ("text", "message"),
    [
        ("- a\n", "is no library of CISO Assistant"),
        ("name: x\nobjects: none\n", "is no library of CISO Assistant"),
        (
            "objects: {requirement_mapping_set: {urn: x}, threats: []}\n",
            "its objects: requirement_mapping_set, threats",
        ),
        (
            library("{urn: 'urn:1', assessable: false, name: N}"),
            "no requirement in it is marked as assessable",
        ),
        (
            library(*(f"{{urn: 'urn:{n}', assessable: x, name: N}}" for n in range(3_001))),
            "more than 3,000 questions",
        ),
        ("a: [\n", "library.yaml:2: is no YAML"),
    ],
)
def test_what_is_no_library_is_refused(text: str, message: str) -> None:
    with pytest.raises(EvalkitError, match=message):
        draft_of(text)


def test_an_imported_library_can_be_loaded_as_a_questionnaire(tmp_path: Path) -> None:
    made = imported(
        draft_of(LIBRARY),
        file="library.yaml",
        raw=LIBRARY.encode(),
        project=tmp_path,
        day=date(2026, 11, 20),
        names=Names(),
        points={},
    )
    made.write(tmp_path)
    questionnaire = load_inputs(tmp_path / made.evaluation).questionnaire
    owners, factor, _ = questionnaire.questions
    assert isinstance(owners, ScaleQuestion)
    assert [(level.points, level.label) for level in owners.levels][1] == (25.0, "Begun")
    assert isinstance(factor, SetQuestion)  # no scale: its best choice is not worth all
    assert [(option.points, option.text) for option in factor.options] == [
        (0.0, "No: Nobody is asked."),
        (75.0, "Yes: All are."),
    ]


def test_the_shipped_questionnaire_comes_back_from_its_export() -> None:
    evaluation = shipped("results", "coding-agents-2026")
    text = exported(Chosen(load_inputs(evaluation), ())).content
    assert isinstance(text, str)
    original = load_questionnaire(shipped("questionnaires", "coding-agent"))
    made = imported(
        draft_of(text),
        file="library.yaml",
        raw=text.encode(),
        project=evaluation / "nowhere",
        day=date(2026, 11, 20),
        names=Names(),
        points={},
    ).questionnaire
    assert [question.id for question in made.questions] == [question.id for question in original.questions]
    for question in original.questions:
        back = made.by_id[question.id]
        assert (back.title, back.question) == (question.title, question.question)
        assert back.why.startswith(question.why)
        if isinstance(question, ScaleQuestion):
            assert isinstance(back, ScaleQuestion)
            assert [(it.points, it.label, it.text) for it in back.levels] == [
                (it.points, it.label, it.text) for it in question.levels
            ]
        elif isinstance(question, SetQuestion):
            assert isinstance(back, SetQuestion)
            assert [(it.id, it.points, it.penalty) for it in back.options] == [
                (it.id, it.points, it.penalty) for it in question.options
            ]


@settings(max_examples=60, deadline=None, suppress_health_check=[HealthCheck.too_slow])
@given(
    at=st.integers(0, len(LIBRARY)),
    length=st.integers(0, 40),
    put=st.sampled_from(["", "{", "[", "*x", "&x ", "null", "- ", ": ", "\n", "1e999", "\x00", "<b", "'"]),
)
def test_no_damage_to_a_library_gives_more_than_a_message(at: int, length: int, put: str) -> None:
    try:
        draft = draft_of(LIBRARY[:at] + put + LIBRARY[at + length :])
    except EvalkitError as error:
        assert "library.yaml" in str(error) or "questions" in str(error)  # noqa: PT017 - any damage, or none
    else:
        assert draft.questions
