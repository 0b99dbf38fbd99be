"""What an imported file becomes: an instrument that is scored like any other, and nothing made up."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest
from hypothesis import given
from hypothesis import strategies as st

from evalkit.errors import EvalkitError
from evalkit.exchange.importing.draft import (
    AllTrue,
    AnyTrue,
    Choice,
    ChoiceMade,
    Draft,
    DraftAnswer,
    DraftQuestion,
    DraftSection,
    NotTrue,
)
from evalkit.files.loading import load_inputs
from evalkit.model.questionnaire import ScaleQuestion, SetQuestion
from evalkit.scoring.score import score
from tests.exchange.importing.drafts import (
    OPEN_YES_NO,
    YES_NO,
    asked,
    brought,
    draft,
    question_of,
    told,
)

if TYPE_CHECKING:
    from pathlib import Path

    from evalkit.exchange.importing.draft import Wish


def test_choices_become_a_scale_from_the_least_to_the_most_worth(tmp_path: Path) -> None:
    choices = (Choice("y", "Yes", 10), Choice("p", "In part", 4), Choice("n", "No", 0))
    question = question_of(brought(draft(asked(choices=choices)), tmp_path))
    assert isinstance(question, ScaleQuestion)
    assert [(each.label, each.points) for each in question.levels] == [
        ("No", 0),
        ("In part", pytest.approx(40)),
        ("Yes", 100),
    ]


def test_what_is_worth_the_same_is_a_set_of_which_one_may_be_ticked(tmp_path: Path) -> None:
    choices = (Choice("a", "Always", 4), Choice("b", "Nearly always", 4), Choice("n", "Never", 0))
    made = brought(draft(asked(choices=choices), answers=[DraftAnswer("q1", "row", ("b",))]), tmp_path)
    question = question_of(made)
    assert isinstance(question, SetQuestion)
    assert set(question.value_rule.exclusive) == {"a", "b", "n"}
    assert [option.points for option in question.options] == [100, 100, 0]
    assert made.answers.answers[question.id].value == ("b",)


def test_several_choices_add_up(tmp_path: Path) -> None:
    choices = (Choice("a", "One", 1), Choice("b", "Three", 3), Choice("c", "None of them"))
    made = brought(draft(asked(choices=choices, several=True)), tmp_path)
    question = question_of(made)
    assert isinstance(question, SetQuestion)
    assert [option.points for option in question.options] == [25, 75, 0]
    assert any("None of them" in text for text in told(made, "assumed"))


def test_a_choice_without_worth_among_others_is_left_out_and_told(tmp_path: Path) -> None:
    made = brought(draft(asked(choices=(*YES_NO, Choice("na", "N/A")))), tmp_path)
    question = question_of(made)
    assert isinstance(question, ScaleQuestion)
    assert len(question.levels) == 2
    assert any("'N/A'" in text for text in told(made, "left out"))


def test_the_least_choice_counts_nothing_and_that_is_told(tmp_path: Path) -> None:
    choices = (Choice("1", "Low", 1), Choice("4", "High", 4))
    made = brought(draft(asked(choices=choices)), tmp_path)
    assert any("was worth 1" in text for text in told(made, "changed"))


@pytest.mark.parametrize("choices", [(), OPEN_YES_NO, (Choice("a", "A", 3), Choice("b", "B", 3))])
def test_without_a_worth_the_reader_judges(choices: tuple[Choice, ...], tmp_path: Path) -> None:
    said = DraftAnswer("q1", "row", tuple(each.id for each in choices[:1]), "For all staff.")
    made = brought(draft(asked(choices=choices), answers=[said]), tmp_path)
    question = question_of(made)
    assert isinstance(question, ScaleQuestion)
    assert question.levels[-1].label == "Acceptable"
    answer = made.answers.answers[question.id]
    assert (answer.state, answer.value, answer.finding) == ("unanswered", None, "For all staff.")
    assert answer.also == (choices[0].text if choices else None)
    assert any("q1" in text for text in told(made, "changed"))


def test_what_choices_are_worth_can_be_said(tmp_path: Path) -> None:
    made = brought(draft(asked(choices=OPEN_YES_NO)), tmp_path, {"YES": 100, "no": 0})
    question = question_of(made)
    assert isinstance(question, ScaleQuestion)
    assert [each.label for each in question.levels] == ["No", "Yes"]


def test_a_worth_for_a_choice_that_is_not_there_is_refused(tmp_path: Path) -> None:
    with pytest.raises(EvalkitError, match=r"--points 'maybe': .* allowed are No, Yes"):
        brought(draft(asked(choices=OPEN_YES_NO)), tmp_path, {"maybe": 50})


def test_an_answer_that_is_not_offered_is_kept_as_a_finding(tmp_path: Path) -> None:
    made = brought(draft(asked(), answers=[DraftAnswer("q1", "row 7", ("banana",))]), tmp_path)
    answer = made.answers.answers[question_of(made).id]
    assert (answer.value, answer.finding) == (None, "banana")
    assert any("'banana'" in text for text in told(made, "left out"))


def test_answers_to_nothing_and_second_answers_are_told(tmp_path: Path) -> None:
    answers = [
        DraftAnswer("q1", "row 1", ("yes",)),
        DraftAnswer("q1", "row 2", ("no",)),
        DraftAnswer("q9", "row 3", ("no",)),
    ]
    made = brought(draft(asked(), answers=answers), tmp_path)
    assert made.answers.answers[question_of(made).id].value == 1
    assert {note.where for note in made.notes if note.kind == "left out"} == {"row 2", "row 3"}


def test_every_answer_is_a_claim_of_the_vendor(tmp_path: Path) -> None:
    said = DraftAnswer("q1", "row 1", ("yes",), link="https://acme.example/mfa")
    made = brought(draft(asked(), answers=[said]), tmp_path)
    (item,) = made.answers.answers[question_of(made).id].evidence
    assert item.evidence_class == "claim"
    assert item.locator == "row 1; lead, not looked at: https://acme.example/mfa"


ALL_BUT_NO = ChoiceMade("q1", ("yes", "part"))
THREE = (Choice("yes", "Yes", 2), Choice("part", "Part", 1), Choice("no", "No", 0))


@pytest.mark.parametrize(
    ("wish", "said"),
    [
        (ChoiceMade("q1", ("yes",)), {"answer": "SEC-01", "at_least": 2}),
        (ALL_BUT_NO, {"answer": "SEC-01", "at_least": 1}),
        (
            ChoiceMade("q1", ("no",)),
            {
                "all": [
                    {"answer": "SEC-01", "at_least": 0},
                    {"not": {"answer": "SEC-01", "at_least": 1}},
                ]
            },
        ),
        (
            ChoiceMade("q1", ("part",)),
            {
                "all": [
                    {"answer": "SEC-01", "at_least": 1},
                    {"not": {"answer": "SEC-01", "at_least": 2}},
                ]
            },
        ),
        (NotTrue(ALL_BUT_NO), {"not": {"answer": "SEC-01", "at_least": 1}}),
        (
            AllTrue((ALL_BUT_NO, AnyTrue((ALL_BUT_NO, ALL_BUT_NO)))),
            {
                "all": [
                    {"answer": "SEC-01", "at_least": 1},
                    {"any": [{"answer": "SEC-01", "at_least": 1}, {"answer": "SEC-01", "at_least": 1}]},
                ]
            },
        ),
    ],
)
def test_when_a_question_is_asked_follows_the_choice(
    wish: Wish, said: dict[str, object], tmp_path: Path
) -> None:
    made = brought(draft(asked(choices=THREE), asked("q2", asked_if=wish)), tmp_path)
    condition = question_of(made, 1).applies_if
    assert condition is not None
    assert condition.model_dump(mode="json", by_alias=True) == said


def test_choices_without_worth_that_decide_become_facts(tmp_path: Path) -> None:
    deciding = asked("hosted", OPEN_YES_NO)
    wish = ChoiceMade("hosted", ("yes",))
    said = [DraftAnswer("hosted", "row", ("yes",))]
    made = brought(draft(deciding, asked("q2", asked_if=wish), answers=said), tmp_path)
    assert [question.id for question in made.questionnaire.questions] == ["SEC-02"]
    condition = question_of(made).applies_if
    assert condition is not None
    assert condition.model_dump() == {"fact": "features", "includes_any": ("hosted_yes",)}
    assert made.answers.product.features == ("hosted_yes",)


@pytest.mark.parametrize(
    "wish",
    [
        ChoiceMade("nowhere", ("yes",)),
        ChoiceMade("q1", ("never offered",)),
        ChoiceMade("words", ("yes",)),
        ChoiceMade("q2", ("yes",)),
        AllTrue(()),
    ],
)
def test_a_condition_that_cannot_be_said_is_told_and_the_question_asked(wish: Wish, tmp_path: Path) -> None:
    made = brought(draft(asked(), asked("words", ()), asked("q2", asked_if=wish)), tmp_path)
    assert question_of(made, 2).applies_if is None
    assert any("q2" in text for text in told(made, "left out"))


def test_a_circle_of_conditions_is_opened(tmp_path: Path) -> None:
    one = asked("q1", asked_if=ChoiceMade("q2", ("yes",)))
    two = asked("q2", asked_if=ChoiceMade("q1", ("yes",)))
    made = brought(draft(one, two), tmp_path)
    assert [question.applies_if is None for question in made.questionnaire.questions] == [False, True]


def test_weights_are_those_of_the_file(tmp_path: Path) -> None:
    made = brought(draft(asked("q1", weight=20), asked("q2")), tmp_path)
    made.write(tmp_path)
    inputs = load_inputs(tmp_path / "results" / "a-list")
    assert inputs.profile.question_weights == {"SEC-01": 20}
    assert inputs.profile.domain_weights == {"section": 21}


def test_ids_of_the_form_stay_and_others_are_numbered(tmp_path: Path) -> None:
    kept = brought(draft(asked("ABCD-01"), asked("ABCD-07")), tmp_path / "kept")
    assert [question.id for question in kept.questionnaire.questions] == ["ABCD-01", "ABCD-07"]
    mixed = brought(draft(asked("ABCD-01"), asked("1.2.3")), tmp_path / "mixed")
    assert [question.id for question in mixed.questionnaire.questions] == ["SEC-01", "SEC-02"]
    assert [question.refs["origin"] for question in mixed.questionnaire.questions] == [
        ("ABCD-01",),
        ("1.2.3",),
    ]


def test_a_second_vendor_joins_the_evaluation(tmp_path: Path) -> None:
    for product, choice in (("acme", "yes"), ("other", "no")):
        made = brought(
            draft(asked(), answers=[DraftAnswer("q1", "row", (choice,))]), tmp_path, product=product
        )
        made.write(tmp_path)
    inputs = load_inputs(tmp_path / "results" / "a-list")
    assert sorted(inputs.answers) == ["acme", "other"]
    faces = {card.option: card.face_value for card in score(inputs)}
    assert faces == {"acme/default": 1, "other/default": 0}


def test_nothing_that_is_there_is_written_over(tmp_path: Path) -> None:
    brought(draft(asked()), tmp_path).write(tmp_path)
    with pytest.raises(EvalkitError, match="is there already; name another product"):
        brought(draft(asked()), tmp_path)
    with pytest.raises(EvalkitError, match="another questionnaire or version"):
        brought(draft(asked("other")), tmp_path, product="second")


@pytest.mark.parametrize(
    ("names", "message"),
    [
        ({"product": "../up"}, "--product '../up' is no id"),
        ({"questionnaire": "A B"}, "--id 'A B' is no id"),
        ({"vendor": "a\x1b[31m"}, "--vendor"),
    ],
)
def test_names_that_are_none_are_refused(names: dict[str, str], message: str, tmp_path: Path) -> None:
    with pytest.raises(EvalkitError, match=message.replace("[", r"\[")):
        brought(draft(asked()), tmp_path, **names)


def test_a_file_without_questions_is_refused(tmp_path: Path) -> None:
    with pytest.raises(EvalkitError, match="no question in the file"):
        brought(Draft("Empty", ()), tmp_path)


def test_a_failure_half_way_leaves_no_half_of_a_questionnaire(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    made = brought(draft(asked(), asked("q2")), tmp_path)
    calls = []

    def fails_late(path: Path, text: str) -> None:
        calls.append(path)
        if len(calls) > 2:
            raise OSError(28, "No space left on device")
        path.write_text(text, encoding="utf-8")

    monkeypatch.setattr("evalkit.exchange.importing.project.write_text", fails_late)
    with pytest.raises(EvalkitError, match="No space left"):
        made.write(tmp_path)
    assert list(tmp_path.iterdir()) == []


TEXTS = st.text(max_size=30)
POINTS = st.none() | st.floats(allow_nan=True, allow_infinity=True)
CHOICES = st.builds(Choice, TEXTS, TEXTS, POINTS)
QUESTIONS = st.builds(
    DraftQuestion,
    id=TEXTS | st.sampled_from(["a", "b"]),
    text=TEXTS,
    where=TEXTS,
    title=TEXTS,
    why=TEXTS,
    choices=st.lists(CHOICES, max_size=4).map(tuple),
    several=st.booleans(),
    weight=st.floats(),
    asked_if=st.none() | st.builds(ChoiceMade, st.sampled_from(["a", "b", "c"]), st.tuples(TEXTS)),
)
SECTIONS = st.builds(DraftSection, TEXTS, TEXTS, st.lists(QUESTIONS, max_size=4).map(tuple), TEXTS)
ANSWERS = st.builds(
    DraftAnswer, st.sampled_from(["a", "b", "c"]), TEXTS, st.lists(TEXTS, max_size=2).map(tuple), TEXTS, TEXTS
)


@given(
    made=st.builds(
        Draft,
        TEXTS,
        st.lists(SECTIONS, max_size=3).map(tuple),
        st.lists(ANSWERS, max_size=4).map(tuple),
        version=TEXTS,
        product=TEXTS,
        vendor=TEXTS,
    )
)
def test_any_draft_becomes_files_that_can_be_read_or_is_refused(
    made: Draft, tmp_path_factory: pytest.TempPathFactory
) -> None:
    folder = tmp_path_factory.mktemp("any")
    try:
        brought(made, folder, product="")
    except EvalkitError as error:
        assert "no question in the file" in str(error)  # noqa: PT017 - the other outcome is as good
