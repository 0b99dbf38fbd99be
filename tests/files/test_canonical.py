from __future__ import annotations

import difflib
from pathlib import Path

import pytest
import yaml
from hypothesis import given

from evalkit.files.canonical import to_yaml
from evalkit.files.reading import document_of, read_document
from evalkit.files.schemas import MODELS
from evalkit.files.translate import validate
from evalkit.model.answers import Answer, EvidenceItem, ProductAnswers
from evalkit.model.controls import Target
from evalkit.model.profile import EvidencePolicy
from evalkit.model.values import Value
from tests.files.strategies import TRICKY, product_answers, targets, unhurried

ROOT = Path(__file__).parents[2]
SHIPPED = sorted([*ROOT.glob("questionnaires/*/**/*.yaml"), *ROOT.glob("results/*/**/*.yaml")])


def again(value: Value, text: str) -> Value:
    found = validate(document_of(text.encode(), Path("x.yaml"), "x.yaml"), type(value))
    assert isinstance(found, Value), found
    return found


def read(path: Path) -> Value:
    document = read_document(path)
    model = MODELS[document.data["format"].split("/")[1]]
    found = validate(document, model)
    assert isinstance(found, Value), found
    return found


def changed_lines(before: str, after: str) -> list[str]:
    lines = difflib.unified_diff(before.splitlines(), after.splitlines(), n=0, lineterm="")
    return [line for line in lines if line[:1] in "+-" and line[:3] not in ("---", "+++")]


@pytest.mark.parametrize("path", SHIPPED, ids=lambda path: f"{path.parent.name}/{path.name}")
def test_a_shipped_file_keeps_its_meaning_when_written_and_read(path: Path) -> None:
    value = read(path)
    text = to_yaml(value)
    assert again(value, text) == value
    assert to_yaml(again(value, text)) == text


@unhurried
@given(product_answers)
def test_answers_keep_their_meaning_when_written_and_read(value: ProductAnswers) -> None:
    text = to_yaml(value)
    assert again(value, text) == value
    assert to_yaml(again(value, text)) == text


@unhurried
@given(targets)
def test_settings_of_any_shape_keep_their_meaning_and_types(value: Target) -> None:
    text = to_yaml(value)
    read_again = again(value, text)
    assert isinstance(read_again, Target)
    assert repr(read_again.value) == repr(value.value)
    assert to_yaml(read_again) == text


@unhurried
@given(targets)
def test_a_yaml_1_1_reader_sees_the_same(value: Target) -> None:
    assert repr(yaml.safe_load(to_yaml(value)).get("value")) == repr(value.value)


@pytest.mark.parametrize("text", TRICKY)
def test_text_that_looks_like_something_else_stays_text_for_every_reader(text: str) -> None:
    answer = Answer(finding=text, evidence=(EvidenceItem(evidence_class="claim", source="a", locator=text),))
    written = to_yaml(answer)
    assert again(answer, written) == answer
    data = yaml.safe_load(written)
    assert (data["finding"], data["evidence"][0]["locator"]) == (text, text)


def test_an_item_is_one_line_however_long() -> None:
    item = EvidenceItem(evidence_class="documented", source="docs", locator="word " * 400)
    answer = Answer(value=3, evidence=(item, item))
    assert [line[:40] for line in to_yaml(answer).splitlines()] == [
        "value: 3",
        "evidence:",
        "- {class: documented, source: docs, loca",
        "- {class: documented, source: docs, loca",
    ]


def test_keys_stand_in_the_order_of_the_model_without_defaults() -> None:
    answer = Answer.model_validate({"finding": "b", "also": None, "value": ["v", "w"], "state": "answered"})
    assert to_yaml(answer) == "state: answered\nvalue: [v, w]\nfinding: b\n"


def test_a_text_of_several_lines_is_a_block_where_that_shows_it_truly() -> None:
    assert to_yaml(Answer(finding="a\n\n  b\n")) == "finding: |\n  a\n\n    b\n"
    assert to_yaml(Answer(finding="a \nb")) == 'finding: "a \\nb"\n'


def test_a_whole_number_of_a_fractional_key_is_written_short() -> None:
    policy = EvidencePolicy(slack_levels=0, reliability=1.0, valid_days=3)
    assert to_yaml(policy) == "{slack_levels: 0, reliability: 1, valid_days: 3}\n"
    assert to_yaml(Answer(value=3.0)) == "value: 3.0\n"
    assert to_yaml(Answer(value=1e-05)) == "value: 1.0e-05\n"


@pytest.mark.parametrize("text", ["yes", "On", "y", "N", "null", "1.2", "0x1", "0o7", "12:30", "2026-11-22"])
def test_text_that_some_yaml_reader_takes_for_something_else_is_quoted(text: str) -> None:
    assert to_yaml(Answer(finding=text)) == f"finding: '{text}'\n"


def test_dates_and_odd_keys_are_quoted() -> None:
    path = ROOT / "results/coding-agents-2026/answers/aider.yaml"
    (line,) = [line for line in to_yaml(read(path)).splitlines() if line.startswith("prepared:")]
    assert "'on': '2026-11-22'" in line


@pytest.mark.parametrize("path", sorted(ROOT.glob("results/*/answers/*.yaml")), ids=lambda path: path.stem)
def test_a_changed_answer_changes_its_own_lines_only(path: Path) -> None:
    value = read(path)
    assert isinstance(value, ProductAnswers)
    question, answer = list(value.answers.items())[7]
    changed = answer.model_copy(update={"finding": "Something else: it changed."})
    after = value.model_copy(update={"answers": {**value.answers, question: changed}})
    assert [line[:12] for line in changed_lines(to_yaml(value), to_yaml(after))] == [
        "-    finding",
        "+    finding",
    ]


def test_a_null_that_a_control_writes_is_kept_and_one_that_it_does_not_is_left_out() -> None:
    said = Target.model_validate({"mechanism": "m", "file": "f", "key": ["a"], "value": None})
    left = Target.model_validate({"mechanism": "m", "name": "A", "unset": True})
    assert "value: null\n" in to_yaml(said)
    assert "value" not in to_yaml(left)
    assert again(said, to_yaml(said)).model_fields_set == said.model_fields_set
