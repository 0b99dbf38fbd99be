from __future__ import annotations

from pathlib import Path

import pytest

from evalkit.errors import Problem
from evalkit.files.document import At, Document, rendered, shown
from evalkit.files.reading import document_of

TEXT = """\
answers:
  LOC-07:
    value: 3
    evidence:
    - class: documented
      source: a
    - {class: claim,
       source: b}
applies_if:
  all:
  - fact: surfaces
    includes_any: [cli]
  - not:
      fact: licence
"""


@pytest.fixture
def document() -> Document:
    return document_of(TEXT.encode(), Path("x.yaml"), "results/x.yaml")


@pytest.mark.parametrize(
    ("at", "line"),
    [
        ((), 1),
        (("answers",), 1),
        (("answers", "LOC-07"), 2),
        (("answers", "LOC-07", "value"), 3),
        (("answers", "LOC-07", "evidence", 0), 5),
        (("answers", "LOC-07", "evidence", 0, "source"), 6),
        (("answers", "LOC-07", "evidence", 1, "source"), 8),
        (("answers", "LOC-07", "evidence", 2), 4),
        (("answers", "LOC-07", "finding"), 2),
        (("nowhere",), 1),
    ],
)
def test_a_line_is_that_of_the_key_or_the_nearest_ancestor(document: Document, at: At, line: int) -> None:
    assert document.line(at) == line


@pytest.mark.parametrize(
    ("at", "real", "line"),
    [
        (
            ("applies_if", "all", "all", 0, "fact", "includes_any"),
            ("applies_if", "all", 0, "includes_any"),
            12,
        ),
        (("applies_if", "all", "all", 0, "fact", "fact"), ("applies_if", "all", 0, "fact"), 11),
        (("applies_if", "all", "all", 1, "not", "not", "fact"), ("applies_if", "all", 1, "not", "fact"), 14),
        (("answers", "LOC-07", "value", "float"), ("answers", "LOC-07", "value"), 3),
    ],
)
def test_the_branches_of_a_union_are_left_out_of_a_path(
    document: Document, at: At, real: At, line: int
) -> None:
    assert document.existing(at) == real
    assert document.line(at) == line


def test_a_missing_key_is_kept_at_the_end_of_its_path(document: Document) -> None:
    at = ("applies_if", "all", "all", 1, "not", "not", "fact", "includes_any")
    assert document.existing(at, missing=True) == ("applies_if", "all", 1, "not", "includes_any")


def test_a_problem_says_file_line_and_path(document: Document) -> None:
    at = ("answers", "LOC-07", "evidence", 0, "class")
    problem = document.problem("A001", at, "no", "hint")
    assert problem == Problem("results/x.yaml", 5, "A001", "answers.LOC-07.evidence[0].class", "no", "hint")


def test_numbers_keep_how_they_are_written(document: Document) -> None:
    assert document.source_text(("answers", "LOC-07", "value")) == "3"
    assert document.source_text(("answers", "LOC-07", "evidence", 0, "class")) == ""


@pytest.mark.parametrize(
    ("value", "text"),
    [
        ("a" * 100, "'" + "a" * 59 + "…'"),
        ("\x1b[2J\u202e\n", "'\\x1b[2J\\u202e\\n'"),
        ({"a": 1}, "a mapping with the key a"),
        (dict.fromkeys("abcdef"), "a mapping with the keys a, b, c, d, …"),
        ({}, "a mapping with no keys"),
        ([1, 2], "a list of 2"),
        (2.5, "2.5"),
        (False, "false"),
    ],
)
def test_a_value_is_shown_short_and_harmless(value: object, text: str) -> None:
    assert shown(value) == text


def test_a_path_is_rendered_harmless() -> None:
    assert rendered(("a", "\x1bb", 0, 1, "c")) == "a.\\x1bb[0][1].c"
