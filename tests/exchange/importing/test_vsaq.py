"""A questionnaire of VSAQ becomes a draft: items, conditions, advice, answers; the rest is told."""

from __future__ import annotations

import json

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from evalkit.errors import EvalkitError
from evalkit.exchange.importing.draft import Choice, ChoiceMade
from evalkit.exchange.importing.vsaq.tolerant_json import read_json
from tests.exchange.importing.vsaq_files import ANSWERS, QUESTIONNAIRE, items, told, vsaq


def test_items_become_questions_in_the_sections_of_their_blocks() -> None:
    draft = vsaq(QUESTIONNAIRE)
    assert (draft.title, draft.version) == ("Hosting & access", "2")
    assert [
        (section.title, [question.id for question in section.questions]) for section in draft.sections
    ] == [
        ("Hosting", ["where", "lock", "which", "more", "alarm"]),
        ("Hosting & access", ["name", "plan"]),
    ]
    assert draft.sections[0].text == "Before you begin:\n\nAsk the owner.\n\nWhy this matters."


def test_texts_are_joined_and_their_markup_is_taken_off() -> None:
    where = vsaq(QUESTIONNAIRE).questions[0]
    assert where.text == "Where does it run?\n\n- not a lab"
    assert where.choices == (
        Choice("where_own", "Own site"),
        Choice("where_cloud", "Cloud"),
        Choice("none_of_the_above", "None of the above."),
    )


def test_each_kind_of_item_offers_what_vsaq_offers() -> None:
    _, lock, which, more, alarm, *_ = vsaq(QUESTIONNAIRE).questions
    assert lock.choices == (Choice("yes", "Yes, always"), Choice("no", "No"))
    assert which.choices == ()
    assert (more.several, more.text) == (True, "What else is there?")
    assert alarm.choices == (Choice("checked", "Ticked"), Choice("unchecked", "Not ticked"))


def test_advice_is_guidance_and_never_a_worth() -> None:
    draft = vsaq(QUESTIONNAIRE)
    assert draft.questions[0].why == (
        "Warning (high) if “Own site”: Own site\nLock the door.\nAsked for then: Why not?\nTo do: Buy a lock"
    )
    assert {choice.points for question in draft.questions for choice in question.choices} == {None}


def test_what_cannot_be_carried_is_told_once() -> None:
    draft = vsaq(QUESTIONNAIRE)
    assert told(draft, "left out") == ["line 28: 'required': how an answer is to be typed"]
    assert told(draft, "changed") == [
        "line 24: the text before a question that has none is its text",
        "line 29: where a file is asked for, its name is the answer",
    ]
    assert draft.questions[-2].why == "Shown where the answer goes: J. Doe"


def test_advice_without_a_question_of_its_own_goes_to_the_one_before() -> None:
    draft = vsaq(
        items(
            {"type": "tip", "id": "t0", "text": "Before all"},
            {"type": "line", "id": "a", "text": "A?"},
            {"type": "tip", "id": "t1", "text": "After A", "customTitle": "Look"},
            {"type": "tip", "id": "t2", "text": "Odd", "cond": "gone || a"},
            {"type": "check", "id": "c", "text": "C?"},
            {"type": "tip", "id": "t3", "text": "Not C", "cond": "!c", "name": "Open"},
        )
    )
    assert [question.why for question in draft.questions] == [
        "Advice:\nBefore all\n\nLook:\nAfter A\n\nAdvice if gone || a:\nOdd",
        "Advice unless “c: Ticked”: Open\nNot C",
    ]


def test_radio_buttons_of_one_block_are_one_question() -> None:
    draft = vsaq(
        items(
            {"type": "info", "text": "Which?"},
            {"type": "radio", "id": "r1", "text": "One"},
            {"type": "radio", "id": "r2", "text": "Two"},
            {"type": "line", "id": "l", "text": "Why?", "cond": "r2"},
        ),
        {"r1": "", "r2": "checked"},
    )
    which, why = draft.questions
    assert (which.text, which.choices, which.several) == (
        "Which?",
        (Choice("r1", "One"), Choice("r2", "Two")),
        False,
    )
    assert why.asked_if == ChoiceMade("group of r1", ("r2",))
    assert [answer.choices for answer in draft.answers] == [("r2",)]


def test_an_id_that_stands_twice_loses_no_question() -> None:
    draft = vsaq(
        items(
            {"type": "radiogroup", "id": "x", "text": "A?", "choices": [{"a1": "1"}, {"a2": "2"}]},
            {"type": "radiogroup", "id": "x", "text": "B?", "choices": [{"b1": "1"}, {"b2": "2"}]},
            {"type": "line", "id": "x", "text": "C?", "cond": "b1"},
        )
    )
    assert [question.id for question in draft.questions] == ["x", "x (2)", "x (3)"]
    assert draft.questions[2].asked_if == ChoiceMade("x (2)", ("b1",))
    assert (
        "line 1 and 1 more: an id stands more than once: conditions and answers mean what has it first"
        in told(draft, "changed")
    )


def test_a_question_without_a_text_has_that_before_it_or_of_its_block() -> None:
    draft = vsaq(
        items(
            {"type": "checkgroup", "text": "Which?", "choices": [{"a": "A"}]},
            {"type": "checkgroup", "choices": [{"b": "B"}]},
            {"type": "line", "id": "c"},
        )
    )
    assert [question.text for question in draft.questions] == ["Which?", "Which?", "Part"]
    assert len(told(draft, "assumed")) == 2


def test_extensions_stand_where_they_belong_under_their_namespace() -> None:
    extension = [
        {"type": "yesno", "id": "first", "text": "F?", "insertBefore": "a"},
        {"type": "checkgroup", "id": "last", "text": "L?", "choices": [{"l1": "1"}], "insertAfter": "a"},
        {"type": "line", "id": "lost", "text": "X?", "insertAfter": "gone"},
    ]
    draft = vsaq(items({"type": "line", "id": "a", "text": "A?"}, extensions=extension, namespace="ns"))
    assert [question.id for question in draft.questions] == ["ns:first", "a", "ns:last"]
    assert draft.questions[2].choices == (Choice("ns:l1", "1"),)
    assert told(draft, "left out") == ["line 1: an extension whose place is not in the questionnaire"]


def test_an_extension_alone_is_a_questionnaire() -> None:
    draft = vsaq(json.dumps({"extensions": [{"type": "line", "id": "a", "text": "A?", "insertAfter": "x"}]}))
    assert [section.title for section in draft.sections] == ["Questions"]
    assert "where the items of an extension belong" in told(draft, "changed")[0]


def test_odd_items_are_told() -> None:
    draft = vsaq(
        items(
            {"type": "line", "id": "a", "text": "A?", "auth": "admin", "default": "x", "insert": "t"},
            {"type": "template", "id": "b"},
            {"type": "line", "text": "No id"},
            {"type": "radiogroup", "id": "c", "text": "Nothing offered", "choices": []},
            {"type": "radiogroup", "text": "D?", "choices": [{"d": "1"}], "choicesConds": [{"d": "a"}]},
            templates={"t": []},
        )
    )
    assert [question.id for question in draft.questions] == ["a", "group of d"]
    left_out = " ".join(told(draft, "left out"))
    for what in (
        "'templates' of the file",
        "'insert' of items",
        "type 'template'",
        "without an id",
        "offers no choice",
    ):
        assert what in left_out
    changed = " ".join(told(draft, "changed"))
    assert "administrators" in changed
    assert "offered under a condition" in changed


@pytest.mark.parametrize(
    ("text", "message"),
    [
        ("{}", "q.json is no questionnaire of VSAQ"),
        ('{"questionnaire": 3}', "q.json is no questionnaire of VSAQ"),
        (items(), "there is no question in it"),
        ('{"questionnaire": [{"a": 1} {"b": 2}]}', "q.json:1:29: ',' or ']' is expected, not '{'"),
        ("{'a': 1}", "q.json:1:2: a key in double quotes is expected, not '''"),
        ('{"a": x}', "q.json:1:7: a value is expected, not 'x'"),
        ('{"a"\n 1}', "q.json:2:2: ':' is expected behind the key 'a', not '1'"),
        ('{"a": "b\nc"}', "q.json:1:7: the text that begins here does not end in its line"),
        ('{"a": "b" +\n 3}', "q.json:2:2: a text in double quotes is expected behind '+', not '3'"),
        (r'{"a": "\q"}', r"q.json:1:8: '\q' is no escape"),
        ("/* {}", "q.json:1:1: the comment that begins here does not end"),
        ('{"a": [1', "q.json:1:9: ',' or ']' is expected, not the end of the file"),
        ("{} {}", "q.json:1:4: something stands behind the end"),
        ("[" * 100, "nested more than 60 deep"),
        ("[" + "1," * 500_001, "more than 500,000 values"),
        ("", "q.json:1:1: the file ends where a value is expected"),
        (b'{"a": "\xff"}', "q.json:1: the byte 0xff is not UTF-8"),
        ("[1e999]", "a value is expected"),
    ],
)
def test_what_is_not_written_as_vsaq_writes_is_refused_with_its_place(
    text: str | bytes, message: str
) -> None:
    with pytest.raises(EvalkitError) as caught:
        vsaq(text)
    assert message in str(caught.value)


@given(
    st.recursive(
        st.none() | st.booleans() | st.floats(allow_nan=False, allow_infinity=False) | st.text(),
        lambda inner: st.lists(inner) | st.dictionaries(st.text(), inner),
        max_leaves=20,
    )
)
def test_all_json_is_read_as_json(value: object) -> None:
    text = json.dumps(value, ensure_ascii=True)
    assert read_json(text.encode(), "x.json").data == json.loads(text)


def test_repeated_keys_are_told() -> None:
    draft = vsaq(
        items({"type": "line", "id": "a", "text": "A?"}).replace('"text": "A?"', '"text": "B?", "text": "A?"')
    )
    assert draft.questions[0].text == "A?"
    assert told(draft, "changed") == ["line 1: key 'text' stands twice in one object; the last one counts"]


@settings(max_examples=80, deadline=None, suppress_health_check=[HealthCheck.too_slow])
@given(
    at=st.integers(0, len(QUESTIONNAIRE)),
    length=st.integers(0, 40),
    put=st.sampled_from(
        ["", "{", "[", '"', "+", "//", "/*", "null", ",", "\\u", "\x00", "<b", "&&", "(", "false"]
    ),
)
def test_no_damage_to_a_questionnaire_gives_more_than_a_message(at: int, length: int, put: str) -> None:
    try:
        draft = vsaq(QUESTIONNAIRE[:at] + put + QUESTIONNAIRE[at + length :], ANSWERS)
    except EvalkitError as error:
        assert "q.json" in str(error)  # noqa: PT017 - any damage, or none
    else:
        assert draft.questions
