"""The command line as its users call it."""

from __future__ import annotations

import csv
import json
import re
import shutil
from typing import TYPE_CHECKING

import pytest
from typer.testing import CliRunner

from evalkit.cli.app import app
from evalkit.files.catalogue import RULES
from tests.cli.command import ROOT, evalkit

if TYPE_CHECKING:
    from pathlib import Path

SHIPPED = ROOT / "results" / "coding-agents-2026"

COMMANDS = sorted(
    command.name or command.callback.__name__ for command in app.registered_commands if command.callback
)


@pytest.fixture
def copy(tmp_path: Path) -> Path:
    """A copy of the shipped evaluation with one product, in a project of its own."""
    evaluation = tmp_path / "results" / "small"
    shutil.copytree(ROOT / "questionnaires", tmp_path / "questionnaires")
    for folder in ("answers", "controls"):
        (evaluation / folder).mkdir(parents=True)
    shutil.copy(SHIPPED / "evaluation.yaml", evaluation)
    shutil.copy(SHIPPED / "controls" / "conditions.yaml", evaluation / "controls")
    for folder in ("answers", "controls"):
        shutil.copy(SHIPPED / folder / "aider.yaml", evaluation / folder)
    return evaluation


def test_every_command_is_documented_in_the_readme() -> None:
    readme = (ROOT / "README.md").read_text(encoding="utf-8")
    missing = [name for name in COMMANDS if f"evalkit {name}" not in readme]
    assert COMMANDS == [
        "agreement",
        "ask",
        "board",
        "capture",
        "check",
        "consensus",
        "decide",
        "demo",
        "diff",
        "drift",
        "due",
        "export",
        "form",
        "frameworks",
        "freeze",
        "harden",
        "history",
        "import",
        "inspect",
        "migrate",
        "new",
        "observations",
        "present",
        "questions",
        "receive",
        "render",
        "score",
        "send",
        "verify",
    ]
    assert missing == []


@pytest.mark.parametrize("name", COMMANDS)
def test_every_option_of_a_command_is_documented_in_the_readme(name: str) -> None:
    readme = (ROOT / "README.md").read_text(encoding="utf-8")
    shown = CliRunner().invoke(app, [name, "--help"]).output
    options = {found for found in re.findall(r"(?<![\w-])--[a-z-]+", shown) if found != "--help"}
    assert [option for option in sorted(options) if option not in readme] == []


def test_help_names_every_command_with_a_sentence() -> None:
    shown = CliRunner().invoke(app, ["--help"])
    assert shown.exit_code == 0
    for name in COMMANDS:
        assert re.search(rf"^\s+{name}\s+[A-Z]\w+", shown.output, flags=re.MULTILINE), name


def test_check_finds_no_problem_in_the_shipped_evaluation() -> None:
    done = evalkit("check")
    assert done.returncode == 0, done.stderr
    assert "39 options, no problem" in done.stderr


def test_check_names_file_line_and_what_is_allowed_and_exits_with_2(copy: Path) -> None:
    answers = copy / "answers" / "aider.yaml"
    text = answers.read_text(encoding="utf-8").replace("licence: open_source", "licence: opensource", 1)
    answers.write_text(text, encoding="utf-8")
    line = text[: text.index("licence: opensource")].count("\n") + 1
    done = evalkit("check", copy)
    assert done.returncode == 2
    assert f"answers/aider.yaml:{line}: " in done.stderr
    assert "closed" in done.stderr
    assert "Traceback" not in done.stderr


def test_check_prints_problems_as_json(copy: Path) -> None:
    (copy / "evaluation.yaml").write_text("format: evalkit/evaluation/1\nid: ../../x\n", encoding="utf-8")
    done = evalkit("check", copy, "--format", "json")
    problems = json.loads(done.stdout)
    assert done.returncode == 2
    assert {"file", "line", "code", "path", "message", "hint"} == set(problems[0])


CIRCLE = """
format: evalkit/weights/1
stakeholder: dpo
title: Privacy
method: ahp
comparisons:
  storage:
    {transmission: 9, routing: 0.11, remote-control: 1, updates: 1, approvals: 1, retention: 1, zero-trust: 1}
  transmission: {routing: 9, remote-control: 1, updates: 1, approvals: 1, retention: 1, zero-trust: 1}
  routing: {remote-control: 1, updates: 1, approvals: 1, retention: 1, zero-trust: 1}
  remote-control: {updates: 1, approvals: 1, retention: 1, zero-trust: 1}
  updates: {approvals: 1, retention: 1, zero-trust: 1}
  approvals: {retention: 1, zero-trust: 1}
  retention: {zero-trust: 1}
"""


def test_comparisons_that_contradict_one_another_are_a_finding_and_stop_nothing(copy: Path) -> None:
    (copy / "weights").mkdir()
    (copy / "weights" / "dpo.yaml").write_text(CIRCLE, encoding="utf-8")
    done = evalkit("check", copy)
    assert done.returncode == 1, done.stderr
    assert "weights/dpo.yaml:6: W011 comparisons: consistency ratio 0." in done.stderr
    assert "the files can be used as they are" in done.stderr
    assert evalkit("check", copy, "--format", "json").returncode == 1
    assert evalkit("score", copy).returncode == 0
    (copy / "weights" / "ciso.yaml").write_text(CIRCLE, encoding="utf-8")
    both = evalkit("check", copy)
    assert both.returncode == 2
    assert "W001" in both.stderr
    assert "can be used" not in both.stderr


def test_every_rule_of_the_catalogue_can_be_looked_up() -> None:
    shown = evalkit("check", "--rules").stdout
    assert [rule for rule in RULES if rule not in shown] == []


def test_score_writes_the_same_json_as_the_format_says(copy: Path) -> None:
    done = evalkit("score", copy, "--format", "json")
    document = json.loads(done.stdout)
    assert done.returncode == 0, done.stderr
    assert document["format"] == "evalkit/scores/1"
    assert document["options"][0]["id"] == "aider/direct-anthropic"
    assert done.stdout == json.dumps(document, sort_keys=True, indent=2, ensure_ascii=False) + "\n"
    assert all(value.startswith("sha256:") for value in document["inputs"].values())


def test_score_by_another_profile_and_day_says_so(copy: Path) -> None:
    done = evalkit("score", copy, "--format", "json", "--profile", "regulated", "--as-of", "2027-03-01")
    document = json.loads(done.stdout)
    assert (document["profile"], document["as_of"]) == ("regulated", "2027-03-01")


def test_a_later_day_makes_evidence_stale_and_never_raises_the_assured_score(copy: Path) -> None:
    now, later = (
        json.loads(evalkit("score", copy, "--format", "json", "--as-of", day).stdout)["options"]
        for day in ("2026-11-22", "2027-12-01")
    )
    assert all(after["assured"] <= before["assured"] for before, after in zip(now, later, strict=True))
    assert any(question.get("stale") for question in later[0]["questions"].values())


def test_score_as_csv_has_one_row_per_option(copy: Path) -> None:
    rows = list(csv.DictReader(evalkit("score", copy, "--format", "csv").stdout.splitlines()))
    assert [row["option"] for row in rows][:2] == ["aider/direct-anthropic", "aider/bedrock"]
    assert rows[0]["verdict"] == "reject"


def test_score_as_table_shows_every_option(copy: Path) -> None:
    shown = evalkit("score", copy).stdout
    assert all(f"aider/{name}" in shown for name in ("direct-anthropic", "bedrock", "gateway", "local-model"))


@pytest.mark.parametrize(
    ("arguments", "said"),
    [
        (("score", "--profile", "regulatd"), "regulated"),
        (("score", "--as-of", "tomorrow"), "YYYY-MM-DD"),
        (("score", "no/such/folder"), "no/such/folder"),
        (("render", "--only", "aider/nowhere"), "did you mean"),
        (("render", "--jobs", "0"), "greater than or equal to 1"),
        (("questions", "coding-agnt"), "coding-agent"),
        (("frobnicate",), "No such command"),
    ],
)
def test_wrong_usage_exits_with_2_and_says_what_is_allowed(
    arguments: tuple[str, ...], said: str, copy: Path
) -> None:
    given = (
        [*arguments[:1], str(copy), *arguments[1:]]
        if arguments[1:2] and arguments[1].startswith("--")
        else arguments
    )
    done = evalkit(*given, cwd=copy)
    assert done.returncode == 2, done.stderr
    assert said in done.stderr
    assert "Traceback" not in done.stderr


def test_dir_may_be_left_out_where_there_is_one_evaluation(copy: Path) -> None:
    assert evalkit("check", cwd=copy.parents[1]).returncode == 0


def test_two_evaluations_must_be_told_apart(copy: Path) -> None:
    shutil.copytree(copy, copy.parent / "other")
    done = evalkit("check", cwd=copy.parents[1])
    assert done.returncode == 2
    assert "small" in done.stderr
    assert "other" in done.stderr


def test_a_new_evaluation_can_be_checked_and_scored_at_once(tmp_path: Path) -> None:
    made = tmp_path / "Our Agents"
    assert evalkit("new", made, "--title", "Our agents", "--as-of", "2026-11-22").returncode == 0
    assert evalkit("check", made).returncode == 0
    document = json.loads(evalkit("score", made, "--format", "json").stdout)
    assert document["evaluation"] == "our-agents"
    assert document["options"][0]["verdict"] == "not-scorable"
    assert document["options"][0]["assured"] is None


def test_new_keeps_what_is_there(copy: Path) -> None:
    before = (copy / "evaluation.yaml").read_bytes()
    done = evalkit("new", copy)
    assert done.returncode == 2
    assert (copy / "evaluation.yaml").read_bytes() == before


def test_questions_as_markdown_holds_every_question() -> None:
    shown = evalkit("questions", "--format", "markdown").stdout
    assert len(re.findall(r"^### [A-Z]{3}-\d{2} ", shown, flags=re.MULTILINE)) == 74


def test_questions_can_be_cut_down_to_the_first_meeting() -> None:
    shown = evalkit("questions", "--format", "markdown", "--triage").stdout
    assert len(re.findall(r"^### [A-Z]{3}-\d{2} ", shown, flags=re.MULTILINE)) == 17


def test_text_from_vendors_cannot_steer_the_terminal(copy: Path) -> None:
    answers = copy / "answers" / "aider.yaml"
    text = answers.read_text(encoding="utf-8").replace(
        "licence: open_source", r'licence: "\e[2J\u202Eevil"', 1
    )
    answers.write_text(text, encoding="utf-8")
    done = evalkit("check", copy)
    assert done.returncode == 2
    assert "\x1b[2J" not in done.stderr
    assert "\u202e" not in done.stderr


def test_the_version_is_printed() -> None:
    assert re.fullmatch(r"evalkit \d+\.\d+\.\d+\S*\n", evalkit("--version").stdout)
