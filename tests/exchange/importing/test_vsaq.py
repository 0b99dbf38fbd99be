"""A questionnaire of VSAQ becomes a draft: items, conditions, advice, answers; the rest is told."""

from __future__ import annotations

import json
from datetime import date
from typing import TYPE_CHECKING, Any

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from evalkit.errors import EvalkitError
from evalkit.exchange.importing.draft import AllTrue, AnyTrue, Choice, ChoiceMade, DraftAnswer, NotTrue
from evalkit.exchange.importing.formats import Wanted, read
from evalkit.exchange.importing.project import Names, imported
from evalkit.exchange.importing.vsaq.tolerant_json import read_json
from evalkit.files.loading import load_inputs

if TYPE_CHECKING:
    from pathlib import Path

    from evalkit.exchange.importing.draft import Draft

QUESTIONNAIRE = r"""
// The licence stands here.
{
  "version": 2,
  "questionnaire": [{
    "type": "block", "text": "Hosting &amp; access", /* the root */
    "items": [
      { "type": "block", "id": "intro", "text": "Before you begin",
        "items": [{ "type": "info", "text": "Ask the <b>owner</b>." }] },
      { "type": "block", "id": "hosting", "text": "Hosting",
        "items": [
          { "type": "info", "text": "Why this matters." },
          { "type": "radiogroup", "id": "where", "text": "<p>Where does it run?</p>" +
              "<ul><li>not a lab</li></ul>",
            "defaultChoice": true,
            "choices": [{ "where_own": "Own\x20site" }, { "where_cloud": "Cloud" }] },
          { "type": "tip", "id": "warn_own", "cond": "where_own", "warn": "yes", "severity": "high",
            "name": "Own site", "text": "Lock the door.", "why": "Why not?", "todo": "Buy a lock" },
          { "type": "block", "text": "Own site", "cond": "where_own",
            "items": [
              { "type": "yesno", "id": "lock", "text": "Is it locked?", "yes": "Yes, always", "no": "No" },
              { "type": "box", "id": "which", "text": "Which lock?", "cond": "lock/yes && !alarm" },
              { "type": "info", "text": "What else is there?" },
              { "type": "checkgroup", "choices": [{ "more_guard": "Guard" }, { "more_cctv": "Cameras" }] },
            ] },
          { "type": "check", "id": "alarm", "text": "There is an alarm." },
        ] },
      { "type": "line", "id": "name", "text": "Your name", "placeholder": "J. Doe", "required": true },
      { "type": "upload", "id": "plan", "text": "Send the plan" },
      { "type": "spacer" }
    ]
  }]
}
"""


def vsaq(text: str | bytes, answers: object = None) -> Draft:
    """Return what a questionnaire says, and a file of answers."""
    raw = text.encode() if isinstance(text, str) else text
    second = None if answers is None else (json.dumps(answers).encode(), "answers.json")
    return read("vsaq", raw, "q.json", Wanted(answers=second))


def items(*content: dict[str, Any], **top: object) -> str:
    """Return a questionnaire of these items in one block."""
    block = {"type": "block", "text": "Root", "items": [{"type": "block", "text": "Part", "items": content}]}
    return json.dumps({"questionnaire": [block], **top})


def told(draft: Draft, kind: str) -> list[str]:
    """Return what did not come over as it was, of one kind."""
    return [
        f"{note.where}: {note.text}" if note.where else note.text for note in draft.notes if note.kind == kind
    ]


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


def test_conditions_of_blocks_hold_for_what_is_in_them() -> None:
    _, lock, which, more, *_ = vsaq(QUESTIONNAIRE).questions
    own = ChoiceMade("where", ("where_own",))
    assert lock.asked_if == more.asked_if == own
    assert which.asked_if == AllTrue(
        (own, AllTrue((ChoiceMade("lock", ("yes",)), NotTrue(ChoiceMade("alarm", ("checked",))))))
    )


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


ANSWERS = {
    "where_own": "checked",
    "where_cloud": "",
    "lock": "yes",
    "which": " A big one ",
    "more_guard": "checked",
    "more_cctv": True,
    "alarm": "",
    "name": "",
    "plan": "id7|plan.pdf",
    "warn_own": "Soon",
    "vsaq_todo_warn_own": "done",
    "gone": "x",
}


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


def test_answers_keep_the_order_of_the_questions() -> None:
    draft = vsaq(QUESTIONNAIRE, {"name": "Acme", "which": "One"})
    assert [type(answer) for answer in draft.answers] == [DraftAnswer, DraftAnswer]
    assert [answer.question for answer in draft.answers] == ["which", "name"]


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
