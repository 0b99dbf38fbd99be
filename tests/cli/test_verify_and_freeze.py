"""``evalkit verify`` and ``evalkit freeze`` as their users call them."""

from __future__ import annotations

import json
import shutil
from typing import TYPE_CHECKING, Any

import pytest

from tests.cli.command import ROOT, evalkit

if TYPE_CHECKING:
    from pathlib import Path

SHIPPED = ROOT / "results" / "coding-agents-2026"
BEDROCK = "aider/bedrock"
ANSWERS = "results/ours/answers/aider.yaml"


@pytest.fixture
def ours(tmp_path: Path) -> Path:
    evaluation = tmp_path / "results" / "ours"
    shutil.copytree(ROOT / "questionnaires", tmp_path / "questionnaires")
    (evaluation / "answers").mkdir(parents=True)
    shutil.copy(SHIPPED / "answers" / "aider.yaml", evaluation / "answers")
    shutil.copy(SHIPPED / "evaluation.yaml", evaluation)
    return evaluation


@pytest.fixture
def decided(ours: Path) -> Path:
    done = evalkit(
        "decide", ours, "--option", BEDROCK, "--verdict", "approve-with-conditions", "--by", "Board",
        "--on", "2026-12-01", "--reason", "A pilot.", "--condition", "A contract;Legal;2027-01-31",
        "--waive", "APR-09", "--until", "2027-06-30",
    )  # fmt: skip
    assert done.returncode == 0, done.stderr
    return ours


def replaced(path: Path, old: str, new: str) -> None:
    text = path.read_text(encoding="utf-8")
    assert old in text
    path.write_text(text.replace(old, new, 1), encoding="utf-8")


def as_json(evaluation: Path, *flags: str) -> dict[str, Any]:
    found: dict[str, Any] = json.loads(
        evalkit("verify", evaluation, "--format", "json", "--on", "2026-12-02", *flags).stdout
    )
    return found


def test_nothing_changed(decided: Path) -> None:
    done = evalkit("verify", decided, "--on", "2026-12-02")
    assert done.returncode == 0, done.stdout
    assert "as decided; inputs and figures of 1 option are unchanged" in done.stdout
    assert f"{BEDROCK}: Approve with conditions, decided on 2026-12-01 by Board" in done.stdout
    assert "The questionnaire and profile were not frozen." in done.stdout
    found = as_json(decided)
    assert (found["format"], found["holds"]) == ("evalkit/verification/1", True)


def test_without_a_decision_there_is_nothing_to_verify(ours: Path) -> None:
    done = evalkit("verify", ours)
    assert done.returncode == 2
    assert "results/ours/decision.yaml is not there: nothing was decided yet" in " ".join(done.stderr.split())


def test_a_record_or_an_input_that_cannot_be_read_is_no_answer(decided: Path) -> None:
    replaced(decided / "answers" / "aider.yaml", "licence: open_source", "licence: open")
    assert evalkit("verify", decided).returncode == 2
    (decided / "decision.yaml").write_text("format: evalkit/decision/1\n", encoding="utf-8")
    done = evalkit("verify", decided)
    assert done.returncode == 2
    assert "results/ours/decision.yaml:" in done.stderr


def test_changed_added_and_missing_files_are_named(decided: Path) -> None:
    with (decided / "answers" / "aider.yaml").open("a", encoding="utf-8") as answers:
        answers.write("# a word\n")
    shutil.copy(SHIPPED / "answers" / "cline.yaml", decided / "answers")
    profile = decided.parents[1] / "questionnaires" / "coding-agent" / "profiles" / "standard.yaml"
    replaced(decided / "evaluation.yaml", "profile: standard", "profile: regulated")
    assert profile.exists()
    done = evalkit("verify", decided, "--on", "2026-12-02")
    assert done.returncode == 1
    assert "not as decided" in done.stdout.splitlines()[0]
    files = {it["file"]: it["fate"] for it in as_json(decided)["bases"][0]["files"]}
    assert files == {
        "questionnaires/coding-agent/profiles/regulated.yaml": "added",
        "questionnaires/coding-agent/profiles/standard.yaml": "missing",
        ANSWERS: "changed",
        "results/ours/answers/cline.yaml": "added",
        "results/ours/evaluation.yaml": "changed",
    }
    for name, fate in files.items():
        assert f"  {fate}: {name}" in done.stdout
    assert "  profile: standard → regulated" in done.stdout


def test_a_word_that_changes_no_figure_is_a_changed_file_and_nothing_else(decided: Path) -> None:
    with (decided / "answers" / "aider.yaml").open("a", encoding="utf-8") as answers:
        answers.write("# a word\n")
    found = as_json(decided)
    assert found["holds"] is False
    assert found["options"][0]["changes"] == []


def test_what_evalkit_says_otherwise_is_shown_old_and_new(decided: Path) -> None:
    assert "gate APR-09" not in evalkit("verify", decided).stdout
    replaced(
        decided / "evaluation.yaml",
        "waivers: []"
        if "waivers: []" in (decided / "evaluation.yaml").read_text(encoding="utf-8")
        else "as_of:",
        f"waivers:\n- {{option: {BEDROCK}, gate: APR-09, by: CISO, reason: R, until: '2027-06-30'}}"
        + ("" if "waivers: []" in (decided / "evaluation.yaml").read_text(encoding="utf-8") else "\nas_of:"),
    )
    done = evalkit("verify", decided, "--on", "2026-12-02")
    assert done.returncode == 1
    assert "  gate APR-09: Failed → Waived" in done.stdout
    changes = as_json(decided)["options"][0]["changes"]
    assert {"what": "gate APR-09", "old": "Failed", "new": "Waived"} in changes


def test_an_option_that_is_no_longer_compared_is_told(decided: Path) -> None:
    text = (decided / "evaluation.yaml").read_text(encoding="utf-8")
    kept = [line for line in text.splitlines() if not line.startswith("options:")]
    (decided / "evaluation.yaml").write_text(
        "\n".join([*kept, "options: [aider/gateway]", ""]), encoding="utf-8"
    )
    done = evalkit("verify", decided, "--on", "2026-12-02")
    assert done.returncode == 1
    assert "  option: compared → no longer compared" in done.stdout
    assert evalkit("check", decided).returncode == 0


@pytest.mark.parametrize(
    ("day", "past"),
    [
        ("2027-01-31", []),
        ("2027-02-01", ["condition"]),
        ("2027-06-30", ["condition"]),
        ("2027-07-01", ["condition", "waiver"]),
    ],
)
def test_conditions_and_waivers_past_their_day_are_told(decided: Path, day: str, past: list[str]) -> None:
    done = evalkit("verify", decided, "--on", day)
    assert done.returncode == (1 if past else 0)
    assert ("Past: aider/bedrock: A contract was due on 2027-01-31, owner Legal" in done.stdout) == bool(past)
    assert ("the waiver of APR-09 by Board ended on 2027-06-30" in done.stdout) == ("waiver" in past)
    found = json.loads(evalkit("verify", decided, "--format", "json", "--on", day).stdout)
    assert [it["kind"] for it in found["past"]] == past


def test_a_condition_that_was_done_is_not_due(decided: Path) -> None:
    replaced(decided / "decision.yaml", "due: '2027-01-31'", "due: '2027-01-31', done: '2027-01-15'")
    assert evalkit("verify", decided, "--on", "2027-02-01").returncode == 0


def test_an_older_decision_is_no_longer_looked_at(decided: Path) -> None:
    evalkit(
        "decide",
        decided,
        "--option",
        BEDROCK,
        "--verdict",
        "reject",
        "--by",
        "Board",
        "--on",
        "2026-12-05",
        "--again",
    )
    assert evalkit("verify", decided, "--on", "2028-01-01").returncode == 0


def test_a_frozen_instrument_that_changed_is_told(ours: Path) -> None:
    refused = evalkit("freeze", ours)
    assert refused.returncode == 2
    assert "there are 71 answers already" in " ".join(refused.stderr.split())
    done = evalkit("freeze", ours, "--late", "--by", "Risk office")
    assert done.returncode == 0, done.stderr
    assert "wrote results/ours/frozen.yaml" in done.stderr
    assert "frozen by Risk office at " in done.stdout
    assert "late, with 71 answers there" in done.stdout
    evalkit("decide", ours, "--option", BEDROCK, "--verdict", "reject", "--by", "B", "--on", "2026-12-01")
    kept = evalkit("verify", ours)
    assert kept.returncode == 0
    assert "late, when 71 answers were there." in kept.stdout
    profile = ours.parents[1] / "questionnaires" / "coding-agent" / "profiles" / "standard.yaml"
    with profile.open("a", encoding="utf-8") as file:
        file.write("# a word\n")
    changed = evalkit("verify", ours)
    assert changed.returncode == 1
    assert "were changed since they were frozen on " in changed.stdout
    assert "  changed: questionnaires/coding-agent/profiles/standard.yaml" in changed.stdout


def test_an_instrument_frozen_first_is_said_to_be(tmp_path: Path) -> None:
    evaluation = tmp_path / "ours"
    assert evalkit("new", evaluation, "--as-of", "2026-11-22").returncode == 0
    assert evalkit("freeze", evaluation, "--by", " ").returncode == 2
    done = evalkit("freeze", evaluation)
    assert done.returncode == 0, done.stderr
    assert "before the first answer" in done.stdout
    assert evalkit("freeze", evaluation, "--late").returncode == 2
