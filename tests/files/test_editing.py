from __future__ import annotations

import difflib
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given

from evalkit.errors import EvalkitError
from evalkit.files.canonical import to_yaml
from evalkit.files.editing import update_answers
from evalkit.files.reading import document_of
from evalkit.files.translate import validate
from evalkit.model.answers import ProductAnswers
from tests.files.strategies import product_answers, unhurried

ROOT = Path(__file__).parents[2]
HEAD = """\
# Our own file.
format: evalkit/answers/1
questionnaire: coding-agent@1.0.0   # pinned
product: {id: aider, name: Aider, vendor: A,
    version: '1', licence: open_source}
prepared: {by: x, on: 2026-11-22, basis: y}
deployments:
- {id: a, name: A, route: r, surface: s, plan: p}   # the only one
"""
TEXT = (
    HEAD
    + """\
sources:
    docs: {title: Docs, publisher: A, kind: vendor-docs}

answers:
    # Storage
    LOC-01:
        value:   3   # certain
        finding: Long text
          that is wrapped.  # as found
        evidence:
        - class: documented
          source: docs

    LOC-03: {state: unknown, finding: Nothing.}  # ask again

    # Network: "é😀"
    NET-01:
        finding: |
            Line one.

            Line two.
        value: 2
# The end.
"""
)


def read(text: str) -> ProductAnswers:
    found = validate(document_of(text.encode(), Path("x.yaml"), "x.yaml"), ProductAnswers)
    assert isinstance(found, ProductAnswers), found
    return found


def changed(text: str, change: dict[str, Any]) -> ProductAnswers:
    """What the text says, with some answers changed; None takes one away."""
    before = read(text)
    answers = {
        key: answer.model_dump(by_alias=True, exclude_unset=True) for key, answer in before.answers.items()
    }
    for key, value in change.items():
        if value is None:
            del answers[key]
        else:
            answers[key] = answers.get(key, {}) | value
    data = before.model_dump(by_alias=True, exclude_unset=True) | {"answers": dict(sorted(answers.items()))}
    return ProductAnswers.model_validate(data)


def diff(before: str, after: str) -> list[str]:
    lines = difflib.unified_diff(before.split("\n"), after.split("\n"), n=0, lineterm="")
    return [line for line in lines if line[:1] in "+-" and line[:3] not in ("---", "+++")]


def difference(text: str, change: dict[str, Any]) -> list[str]:
    after = changed(text, change)
    updated = update_answers(text, read(text), after)
    assert read(updated) == after
    return diff(text, updated)


def test_nothing_changed_gives_the_same_text() -> None:
    assert update_answers(TEXT, read(TEXT), read(TEXT)) == TEXT


def test_a_changed_value_is_one_line_and_its_comment_stays() -> None:
    assert difference(TEXT, {"LOC-01": {"value": 2}}) == [
        "-        value:   3   # certain",
        "+        value: 2   # certain",
    ]


def test_a_wrapped_text_is_replaced_as_a_whole() -> None:
    assert difference(TEXT, {"LOC-01": {"finding": "Short."}}) == [
        "-        finding: Long text",
        "-          that is wrapped.  # as found",
        "+        finding: Short.  # as found",
    ]


def test_a_comment_does_not_become_part_of_a_new_block() -> None:
    assert difference(TEXT, {"LOC-01": {"finding": "One.\nTwo."}})[2:] == [
        "+        finding: |-  # as found",
        "+          One.",
        "+          Two.",
    ]


def test_an_answer_in_flow_style_is_replaced_and_nothing_else() -> None:
    assert difference(TEXT, {"LOC-03": {"state": None, "value": 1}}) == [
        "-    LOC-03: {state: unknown, finding: Nothing.}  # ask again",
        "+    LOC-03:  # ask again",
        "+      value: 1",
        "+      finding: Nothing.",
    ]


def test_a_block_is_replaced_and_the_comment_after_it_stays() -> None:
    assert difference(TEXT, {"NET-01": {"finding": "x"}}) == [
        "-        finding: |",
        "-            Line one.",
        "-",
        "-            Line two.",
        "+        finding: x",
    ]


def test_a_new_answer_goes_where_the_order_puts_it() -> None:
    assert difference(TEXT, {"LOC-02": {"value": 1}}) == ["+    LOC-02:", "+      value: 1"]
    updated = update_answers(TEXT, read(TEXT), changed(TEXT, {"LOC-02": {"value": 1}}))
    assert list(read(updated).answers) == ["LOC-01", "LOC-02", "LOC-03", "NET-01"]


def test_a_key_at_the_end_of_an_answer_and_an_answer_behind_it_come_at_once() -> None:
    signed = {"answered": {"by": "B", "on": "2026-11-22"}}
    assert difference(TEXT, {"LOC-01": signed, "LOC-02": {"value": 1}}) == [
        "+        answered: {by: B, 'on': '2026-11-22'}",
        "+    LOC-02:",
        "+      value: 1",
    ]


def test_new_answers_may_come_first_and_last() -> None:
    change = {key: {"value": 1} for key in ("APR-01", "APR-02", "ZTA-01", "ZTA-02")}
    updated = update_answers(TEXT, read(TEXT), changed(TEXT, change))
    assert list(read(updated).answers) == [
        "APR-01",
        "APR-02",
        "LOC-01",
        "LOC-03",
        "NET-01",
        "ZTA-01",
        "ZTA-02",
    ]
    assert updated.endswith("# The end.\n")


def test_a_removed_answer_is_cut_out() -> None:
    assert difference(TEXT, {"LOC-03": None}) == [
        "-    LOC-03: {state: unknown, finding: Nothing.}  # ask again"
    ]


def test_a_key_is_added_to_an_answer_and_taken_away() -> None:
    assert difference(TEXT, {"NET-01": {"also": "30 days"}}) == ["+        also: 30 days"]
    before = read(TEXT)
    less = before.answers["NET-01"].model_copy(update={"value": None})
    after = before.model_copy(update={"answers": {**before.answers, "NET-01": less}})
    assert diff(TEXT, update_answers(TEXT, before, after)) == ["-        value: 2"]


def test_all_answers_may_go_and_come() -> None:
    empty = read(HEAD)
    before = read(TEXT)
    none = before.model_copy(update={"answers": {}})
    without = update_answers(TEXT, before, none)
    assert read(without) == none
    assert "# The end." in without
    added = update_answers(HEAD, empty, empty.model_copy(update={"answers": before.answers}))
    assert added.startswith(HEAD)
    assert read(added).answers == before.answers


def test_a_new_source_is_one_line() -> None:
    before = read(TEXT)
    sources = {**before.sources, "new": before.sources["docs"]}
    after = before.model_copy(update={"sources": sources})
    assert diff(TEXT, update_answers(TEXT, before, after)) == [
        "+    new: {title: Docs, publisher: A, kind: vendor-docs}"
    ]


def test_product_prepared_and_deployments_are_replaced_as_blocks() -> None:
    before = read(TEXT)
    after = before.model_copy(
        update={
            "product": before.product.model_copy(update={"version": "2"}),
            "deployments": (*before.deployments, before.deployments[0].model_copy(update={"id": "b"})),
        }
    )
    updated = update_answers(TEXT, before, after)
    assert read(updated) == after
    assert "# pinned" in updated
    assert updated.partition("sources:")[2] == TEXT.partition("sources:")[2]


def test_line_ends_and_byte_order_mark_of_the_file_are_kept() -> None:
    text = "\ufeff" + TEXT.replace("\n", "\r\n")
    updated = update_answers(text, read(text), changed(text, {"LOC-02": {"value": 1}, "LOC-03": None}))
    assert updated.startswith("\ufeff#")
    assert updated.count("\n") == updated.count("\r\n")
    assert diff(text, updated)[0] == "+    LOC-02:\r"


def test_a_file_without_a_last_line_end_can_be_added_to() -> None:
    text = TEXT.removesuffix("\n# The end.\n")
    assert difference(text, {"ZTA-01": {"value": 1}}) == ["+    ZTA-01:", "+      value: 1"]


def test_a_block_that_keeps_its_blank_lines_keeps_them() -> None:
    text = HEAD + "answers:\n  LOC-01:\n    finding: |+\n      a\n\n\n  LOC-03:\n    value: 1\n"
    assert difference(text, {"LOC-02": {"value": 1}}) == ["+  LOC-02:", "+    value: 1"]


@pytest.mark.parametrize(
    "text",
    [
        to_yaml(read(TEXT)).replace("answers:\n", "? answers\n:\n", 1).replace("\n  LOC", "\n  LOC"),
        "--- " + repr(read(TEXT).model_dump(mode="json", by_alias=True, exclude_none=True))
        .replace("True", "true").replace("False", "false"),
    ],
    ids=["explicit keys", "flow style"],
)  # fmt: skip
def test_a_layout_without_lines_of_its_own_is_written_anew(text: str) -> None:
    after = changed(text, {"LOC-03": None})
    assert read(update_answers(text, read(text), after)) == after


def test_a_key_written_with_its_default_stays() -> None:
    text = HEAD + "answers:\n  LOC-01:\n    value: 1\n    also: null\n    evidence: []\n"
    assert difference(text, {"LOC-01": {"value": 2}}) == ["-    value: 1", "+    value: 2"]
    assert difference(text, {"LOC-01": {"also": "x"}}) == ["-    also: null", "+    also: x"]


def test_a_file_that_somebody_else_changed_is_not_overwritten() -> None:
    before = read(TEXT)
    with pytest.raises(EvalkitError, match="changed by somebody else"):
        update_answers(TEXT.replace("Nothing.", "Something."), before, before)
    with pytest.raises(EvalkitError, match="changed by somebody else"):
        update_answers("", before, before)


@unhurried
@given(product_answers, product_answers)
def test_any_change_gives_exactly_what_was_asked_for(before: ProductAnswers, after: ProductAnswers) -> None:
    text = to_yaml(before)
    assert read(update_answers(text, before, after)) == after


@pytest.mark.parametrize("path", sorted(ROOT.glob("results/*/answers/*.yaml")), ids=lambda path: path.stem)
def test_in_a_shipped_file_only_the_lines_of_the_change_change(path: Path) -> None:
    text = path.read_text(encoding="utf-8")
    before = read(text)
    for question, answer in list(before.answers.items())[::25]:
        new = answer.model_copy(update={"finding": f"New: {question}", "also": "x"})
        after = before.model_copy(update={"answers": {**before.answers, question: new}})
        updated = update_answers(text, before, after)
        assert read(updated) == after
        start = text.index(f"\n  {question}:")
        end = text.find("\n  ", start + 1)
        while end >= 0 and text[end + 3] in " -":
            end = text.find("\n  ", end + 1)
        assert updated.startswith(text[: start + 1])
        assert updated.endswith(text[end:] if end >= 0 else "")
