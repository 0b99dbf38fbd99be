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
from evalkit.exchange.importing.draft import Choice, ChoiceMade
from evalkit.exchange.importing.project import Names, imported
from evalkit.files.instrument import load_questionnaire
from evalkit.files.loading import load_inputs
from evalkit.files.workspace import shipped
from evalkit.model.questionnaire import ScaleQuestion, SetQuestion
from tests.exchange.importing.ciso_library import LIBRARY, draft_of, library, told

if TYPE_CHECKING:
    from pathlib import Path


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
        "line 11: reference controls of the library: 1",
        "line 30: links of requirements to reference controls",
        "line 30: what implementation groups leave out: every requirement is asked, and names its groups",
    ]
    assert "its copyright notice is 'Acme, free to use'" in told(draft, "assumed")[0]
    many = library(
        *(f"{{urn: 'urn:{n}', assessable: true, ref_id: '{n}', name: N, odd: 1}}" for n in range(9))
    )
    assert "line 12 and 8 more: 'odd' of requirements" in told(draft_of(many), "left out")


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


def test_a_requirement_without_a_reference_is_called_as_its_urn_says_below_the_framework() -> None:
    node = "{{urn: 'urn:acme:risk:req_node:demo:{}', assessable: {}, name: N{}}}"
    draft = draft_of(library(*(node.format(*each) for each in (("a", "false", 1), ("a:1", "true", 2)))))
    assert [question.id for question in draft.questions] == ["a:1"]
    nodes = (("a:1", "true", 1), ("b:1", "true", 2), ("b:2:1", "true", 3))
    draft = draft_of(library(*(node.format(*each) for each in nodes)))
    assert [question.id for question in draft.questions] == ["a:1", "b:1", "b:2:1"]


def test_how_important_a_requirement_is_is_text_and_no_weight() -> None:
    draft = draft_of(library("{urn: 'urn:1', assessable: true, ref_id: '1', name: N, importance: mandatory}"))
    (question,) = draft.questions
    assert (question.why, question.weight) == ("Importance: mandatory", 1)
    assert told(draft, "changed") == [
        "line 12: how important requirements are stands beside the question, and is no weight"
    ]


def test_the_languages_of_translations_are_named() -> None:
    node = (
        "{urn: 'urn:1', assessable: true, ref_id: '1', name: N, translations: {fr: {name: M}, de: {name: L}}}"
    )
    assert told(draft_of(library(node)), "left out") == ["line 12: translations (de, fr)"]
