"""What people and vendors put into files: an error with its place and what is allowed, and no output."""

from __future__ import annotations

import json
import re
import shutil
from typing import TYPE_CHECKING

import pytest
import yaml

from tests.cli.command import ROOT, evalkit

if TYPE_CHECKING:
    from collections.abc import Callable
    from pathlib import Path

SHIPPED = ROOT / "results" / "coding-agents-2026"
ANSWERS = "results/small/answers/aider.yaml"
EVALUATION = "results/small/evaluation.yaml"
QUESTIONS = "questionnaires/coding-agent/transmission.yaml"
PROFILE = "questionnaires/coding-agent/profiles/standard.yaml"


@pytest.fixture
def project(tmp_path: Path) -> Path:
    evaluation = tmp_path / "results" / "small"
    shutil.copytree(ROOT / "questionnaires", tmp_path / "questionnaires")
    for folder in ("answers", "controls"):
        (evaluation / folder).mkdir(parents=True)
        shutil.copy(SHIPPED / folder / "aider.yaml", evaluation / folder)
    shutil.copy(SHIPPED / "controls" / "conditions.yaml", evaluation / "controls")
    shutil.copy(SHIPPED / "evaluation.yaml", evaluation)
    return tmp_path


def swapped(file: str, old: str, new: str, *, count: int = 1) -> Callable[[Path], str]:
    """A change of text; returns the file and line where it begins."""

    def change(project: Path) -> str:
        path = project / file
        text = path.read_text(encoding="utf-8")
        assert old in text
        path.write_text(text.replace(old, new, count), encoding="utf-8")
        return f"{file}:{text[: text.index(old)].count(chr(10)) + 1}"

    return change


def in_answer(question: str, old: str, new: str) -> Callable[[Path], str]:
    """A change within one answer; returns the file and line where the answer's change begins."""

    def change(project: Path) -> str:
        path = project / ANSWERS
        text = path.read_text(encoding="utf-8")
        start = text.index(f"\n  {question}:")
        place = text.index(old, start)
        path.write_text(text[:place] + new + text[place + len(old) :], encoding="utf-8")
        return f"{ANSWERS}:{text[:place].count(chr(10)) + 1}"

    return change


def without_evidence(question: str) -> Callable[[Path], str]:
    def change(project: Path) -> str:
        path = project / ANSWERS
        text = path.read_text(encoding="utf-8")
        start = text.index(f"\n  {question}:")
        rest = re.sub(r"\n    evidence:\n(    - .*\n(      .*\n)*)+", "\n", text[start:], count=1)
        path.write_text(text[:start] + rest, encoding="utf-8")
        return f"{ANSWERS}:"

    return change


def replaced(file: str, content: bytes) -> Callable[[Path], str]:
    def change(project: Path) -> str:
        (project / file).write_bytes(content)
        return file

    return change


def folder_in_place_of(file: str) -> Callable[[Path], str]:
    def change(project: Path) -> str:
        (project / file).unlink()
        (project / file).mkdir()
        return file

    return change


def _scale_value(text: str, question: str) -> str:
    found = re.search(rf"\n  {question}:\n(    .*\n)*?    value: (\d)", text)
    assert found
    return found.group(2)


def _value_to(new: str) -> Callable[[Path], str]:
    def change(project: Path) -> str:
        text = (project / ANSWERS).read_text(encoding="utf-8")
        return in_answer("APR-01", f"value: {_scale_value(text, 'APR-01')}", f"value: {new}")(project)

    return change


BOMB = b"a: &a [x, x]\nb: &b [*a, *a]\nc: &c [*b, *b]\nd: [*c, *c]\n"

CASES = {
    "an unquoted YES": (_value_to("YES"), "0..4"),
    "a typo in a level": (_value_to("22"), "0..4"),
    "a level in words": (_value_to("'No, not implemented.'"), "0..4"),
    "banana": (_value_to("banana"), "0..4"),
    "an unknown question": (swapped(ANSWERS, "  APR-01:", "  APR-99:"), "APR-0"),
    "a question answered twice": (swapped(ANSWERS, "  APR-02:", "  APR-01:"), "APR-01"),
    "an empty product name": (swapped(ANSWERS, "name: Aider", "name: ''"), "name"),
    "a value without evidence": (
        without_evidence("APR-01"),
        "evidence",
    ),
    "a licence that is none": (
        swapped(ANSWERS, "licence: open_source", "licence: opensource"),
        "open_source",
    ),
    "answers for another version": (
        swapped(ANSWERS, "questionnaire: coding-agent@1.0.0", "questionnaire: coding-agent@0.9.0"),
        "1.0.0",
    ),
    "a source cited but missing": (in_answer("APR-01", "source: ", "source: nowhere-"), "nowhere-"),
    "an option that is none": (
        swapped(EVALUATION, "options: all", "options: [aider/bedrok]"),
        "aider/bedrock",
    ),
    "an id that leads elsewhere": (
        swapped(EVALUATION, "id: coding-agents-2026", "id: ../../x"),
        "lower-case",
    ),
    "a profile that is none": (swapped(EVALUATION, "profile: standard", "profile: standart"), "standard"),
    "a day that is none": (swapped(EVALUATION, "'2026-11-22'", "2026-02-30"), "YYYY-MM-DD"),
    "evidence from the future": (
        in_answer("APR-01", "class: ", "collected: 2027-01-01, class: "),
        "2026-11-22",
    ),
    "a key that is none": (swapped(EVALUATION, "data_classes:", "data_clases:"), "data_classes"),
    "a visibility rule that asks itself": (
        swapped(QUESTIONS, "applies_if: null", "applies_if: {answer: NET-01, at_least: 1}"),
        "NET-01",
    ),
    "a visibility rule on an unknown fact": (
        swapped(QUESTIONS, "applies_if: null", "applies_if: {fact: route, includes_any: [aws_bedrock]}"),
        "routes",
    ),
    "levels out of order": (
        swapped(QUESTIONS, "{level: 2, points: 50", "{level: 2, points: 20"),
        "points",
    ),
    "a gate on an unknown question": (
        swapped(PROFILE, "question: APR-09", "question: APR-90"),
        "did you mean",
    ),
    "a gate whose bar is no level": (swapped(PROFILE, "at_least: 2", "at_least: 9"), "0, 1, 2, 3, 4"),
    "a YAML bomb": (replaced(ANSWERS, BOMB), "anchor"),
    "a file that is no text": (replaced(ANSWERS, b"format: \xff\xfe\n"), "UTF-8"),
    "tabs for indentation": (replaced(ANSWERS, b"product:\n\tid: aider\n"), "tab"),
    "a file of 50 MB": (replaced(ANSWERS, b"#" * 50_000_000), "5 MB"),
    "an empty file": (replaced(ANSWERS, b""), "empty"),
    "100,000 brackets": (replaced(ANSWERS, b"a: " + b"[" * 100_000), "deep"),
    "a folder in place of a file": (folder_in_place_of(ANSWERS), "folder"),
}


@pytest.mark.parametrize("name", CASES)
def test_bad_input_is_named_with_its_place_and_what_is_allowed(name: str, project: Path) -> None:
    change, allowed = CASES[name]
    place = change(project)
    done = evalkit("render", project / "results" / "small", cwd=project)
    assert done.returncode == 2, done.stderr
    assert any(line.startswith(place) for line in done.stderr.splitlines()), (place, done.stderr)
    assert allowed in done.stderr
    assert "Traceback" not in done.stderr
    assert not (project / "results" / "small" / "out").exists()


def test_a_cycle_of_visibility_rules_is_named_in_full(project: Path) -> None:
    path = project / QUESTIONS
    head, first, second = re.split(r"(?=- id: NET-0[34])", path.read_text(encoding="utf-8"), maxsplit=2)
    third, rest = re.split(r"(?=- id: NET-05)", second, maxsplit=1)
    first = re.sub(r"applies_if: .*", "applies_if: {answer: NET-04, at_least: 1}", first)
    third = re.sub(r"applies_if: .*", "applies_if: {answer: NET-03, at_least: 1}", third)
    path.write_text(head + first + third + rest, encoding="utf-8")
    done = evalkit("check", project / "results" / "small", cwd=project)
    assert done.returncode == 2
    assert "NET-03 -> NET-04 -> NET-03" in done.stderr


def _override(project: Path, question: str, deployment: str) -> str:
    path = project / ANSWERS
    data = yaml.safe_load(path.read_text(encoding="utf-8"))
    statement = {"state": "unknown", "finding": "Looked."}
    data["answers"][question].setdefault("deployments", {})[deployment] = statement
    path.write_text(json.dumps(data, default=str, indent=1), encoding="utf-8")
    done = evalkit("check", project / "results" / "small", cwd=project)
    assert done.returncode == 2
    return done.stderr


def test_an_override_for_an_unknown_deployment_is_an_error(project: Path) -> None:
    said = _override(project, "NET-05", "bedrok")
    assert "bedrok" in said
    assert "did you mean 'bedrock'" in said or "did you mean bedrock" in said


def test_an_override_where_the_question_does_not_vary_is_an_error(project: Path) -> None:
    path = project / "questionnaires" / "coding-agent" / "approvals.yaml"
    text = path.read_text(encoding="utf-8")
    fixed = "varies_by: {route: false, surface: false, plan: false"
    text = re.sub(r"varies_by: {route: \w+, surface: \w+, plan: \w+", fixed, text, count=1)
    path.write_text(text, encoding="utf-8")
    assert "A033" in _override(project, "APR-01", "bedrock")


def test_a_day_without_quotes_is_a_day(project: Path) -> None:
    swapped(EVALUATION, "'2026-11-22'", "2026-11-22")(project)
    assert evalkit("check", project / "results" / "small", cwd=project).returncode == 0


def test_all_problems_of_all_files_are_said_at_once(project: Path) -> None:
    names = (
        "an unquoted YES",
        "levels out of order",
        "a profile that is none",
        "a gate whose bar is no level",
    )
    places = [CASES[name][0](project) for name in names]
    done = evalkit("check", project / "results" / "small", cwd=project)
    assert [place for place in places if f"{place}: " not in done.stderr] == []
    assert f"{len(names)} problems in {len(names)} files" in done.stderr
