from __future__ import annotations

import pytest
import yaml

from evalkit.errors import InvalidInputError, Problem
from evalkit.files import parsing
from evalkit.files.document import SYNTAX_RULES
from evalkit.files.parsing import parse


def problems_of(text: str) -> tuple[Problem, ...]:
    with pytest.raises(InvalidInputError) as caught:
        parse(text, "x.yaml")
    return caught.value.problems


BAD = {
    "nothing": ("", "Y007", 0),
    "only a comment": ("# nothing\n", "Y007", 0),
    "only null": ("---\n~\n", "Y007", 0),
    "two documents": ("a: 1\n---\nb: 2\n", "Y008", 2),
    "a colon in text": ("a: 1\nb: c: d\n", "Y009", 2),
    "an open bracket": ("a: [1, 2\nb: 3\n", "Y009", 2),
    "an open quote": ('a: "b\n', "Y009", 2),
    "a tab as indentation": ("a:\n\tb: 1\n", "Y010", 2),
    "a tab after spaces": ("a:\n  b: 1\n  \tc: 2\n", "Y010", 3),
    "a key twice": ("a: 1\nb: 2\na: 3\n", "Y011", 3),
    "a key twice inside": ("a:\n- {b: 1,\n   b: 2}\n", "Y011", 3),
    "a number as key": ("a: 1\n2: b\n", "Y012", 2),
    "true as key": ("true: 1\n", "Y012", 1),
    "null as key": ("a:\n  ~: 1\n", "Y012", 2),
    "a list as key": ("a: 1\n[b]: 2\n", "Y012", 2),
    "a mapping as key": ("a: 1\n{b: c}: 2\n", "Y012", 2),
    "an anchor": ("a: &x 1\n", "Y013", 1),
    "an anchor on a list": ("a:\n  &x\n  - 1\n", "Y013", 2),
    "an alias": ("a: 1\nb: *x\n", "Y013", 2),
    "an alias as key": ("a: 1\n*x : 2\n", "Y013", 2),
    "a tag": ("a: 1\nb: !!python/object/apply:os.system [ls]\n", "Y014", 2),
    "an own tag": ("a: !secret x\n", "Y014", 1),
    "a binary": ("a: !!binary aGk=\n", "Y014", 1),
    "a number tag on text": ("a: !!int x\n", "Y014", 1),
    "a list tag on a mapping": ("a: !!seq {b: 1}\n", "Y014", 1),
    "brackets": ("a:\n  " + "[" * 100_000, "Y015", 2),
    "braces": ("a: " + "{a: " * 100_000, "Y015", 1),
    "dashes": ("- " * 100_000, "Y015", 1),
    "question marks": ("? " * 100_000, "Y012", 1),
    "infinity": ("a: 1\nb: .inf\n", "Y016", 2),
    "a huge number": ("a: " + "9" * 10_000 + "\n", "Y016", 1),
}


@pytest.mark.parametrize(("text", "code", "line"), BAD.values(), ids=BAD.keys())
def test_bad_yaml_is_named_with_its_line(text: str, code: str, line: int) -> None:
    problems = problems_of(text)
    assert [(problem.code, problem.line) for problem in problems] == [(code, line)]
    assert problems[0].file == "x.yaml"
    assert len(str(problems[0])) < 400


@pytest.mark.parametrize(("text", "code", "line"), BAD.values(), ids=BAD.keys())
def test_without_the_c_parser_the_same_is_refused(
    monkeypatch: pytest.MonkeyPatch, text: str, code: str, line: int
) -> None:
    monkeypatch.setattr(parsing, "LOADER", yaml.SafeLoader)
    (problem,) = problems_of(text)
    assert problem.code == code
    assert abs(problem.line - line) <= 1  # for an open bracket the parsers name different lines


def test_every_rule_about_text_has_a_bad_example() -> None:
    about_text = {code for code in SYNTAX_RULES if "Y007" <= code <= "Y016"}
    assert {code for _, code, _ in BAD.values()} == about_text


def test_a_repeated_key_names_both_lines_and_its_place() -> None:
    (problem,) = problems_of("answers:\n  LOC-01: {}\n  LOC-02: {}\n  LOC-01: {}\n")
    assert problem.message == "the key 'LOC-01' stands twice: first in line 2, again in line 4"
    assert problem.path == "answers.LOC-01"


def test_a_yaml_bomb_is_refused_at_its_first_anchors_and_never_expanded() -> None:
    levels = ['l0: &l0 ["lol"]'] + [f"l{n}: &l{n} [{', '.join([f'*l{n - 1}'] * 9)}]" for n in range(1, 30)]
    problems = problems_of("\n".join(levels))
    assert {problem.code for problem in problems} == {"Y013"}
    assert problems[0].line == 1


def test_all_mistakes_of_a_file_that_can_be_read_on_are_reported() -> None:
    problems = problems_of("a: 1\na: 2\n3: 4\nb: !x 5\n")
    assert [(problem.code, problem.line) for problem in problems] == [("Y011", 2), ("Y012", 3), ("Y014", 4)]


def test_a_file_full_of_mistakes_is_given_up() -> None:
    assert len(problems_of("a: &x 1\n" + "".join(f"k{n}: &x{n} 1\n" for n in range(1000)))) == 20


def test_a_message_shows_no_control_sequence_of_the_file() -> None:
    problems = problems_of('"\\e[31mred\\u202e": 1\n"\\e[31mred\\u202e": 2\n')
    assert "\x1b" not in str(problems[0])
    assert "\\x1b[31mred\\u202e" in problems[0].message


def test_the_parsers_words_are_made_plain() -> None:
    (problem,) = problems_of("a: b: c\n")
    assert "text that holds ': ' needs quotes" in problem.message


@pytest.mark.parametrize(
    ("text", "data"),
    [
        ("a: !!str 12\nb: ! 12\nc: '12'\n", {"a": "12", "b": "12", "c": "12"}),
        (
            "a: !!int '12'\nb: !!float 1\nc: !!null ''\nd: !!bool true\n",
            {"a": 12, "b": 1.0, "c": None, "d": True},
        ),
        ("a: !!map {b: !!seq [1]}\n", {"a": {"b": [1]}}),
        ("on: yes\nprepared: {on: 2026-11-22}\n", {"on": "yes", "prepared": {"on": "2026-11-22"}}),
        ("<<: 1\n=: 2\n", {"<<": 1, "=": 2}),
        ("a: |\n  x\n  y\nb: >-\n  x\n  y\n", {"a": "x\ny\n", "b": "x y"}),
        ("[1, 2]", [1, 2]),
        ("just text", "just text"),
        ("a:\r\n- b\r\n- c\r\n", {"a": ["b", "c"]}),
    ],
)
def test_plain_documents_are_read(text: str, data: object) -> None:
    assert parse(text, "x.yaml")[0] == data
