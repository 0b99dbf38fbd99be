"""``evalkit harden`` as its users call it."""

from __future__ import annotations

import json
import sys
from typing import TYPE_CHECKING
from unittest import mock

import pytest

from tests.cli.command import ROOT, evalkit

if TYPE_CHECKING:
    from pathlib import Path

SHIPPED = "results/coding-agents-2026"


def test_named_conditions_are_written_and_enforced(tmp_path: Path) -> None:
    done = evalkit(
        "harden", SHIPPED, "claude-code/bedrock", "--for", "telemetry-off", "--for", "no-bypass",
        "--set", "region=eu-central-1", "--os", "linux", "-o", tmp_path / "out",
    )  # fmt: skip
    assert (done.returncode, done.stdout) == (0, "")
    assert "read README.md first" in done.stderr
    settings = json.loads((tmp_path / "out/linux/managed-settings/managed-settings.json").read_text())
    assert settings["env"]["DISABLE_TELEMETRY"] == "1"
    again = evalkit(
        "harden", "--verify", tmp_path / "out",
        "--against", tmp_path / "out/linux/managed-settings/managed-settings.json",
    )  # fmt: skip
    assert (again.returncode, again.stdout) == (0, "")


def test_missing_values_are_all_named_with_type_and_example(tmp_path: Path) -> None:
    done = evalkit("harden", "claude-code/bedrock", "--for", "route-pin", "-o", tmp_path / "out")
    assert done.returncode == 2
    assert "region: Cloud region of the model endpoint" in done.stderr
    assert "of type string, for example eu-central-1" in done.stderr
    assert not (tmp_path / "out").exists()
    done = evalkit(
        "harden", "claude-code/bedrock", "--for", "route-pin", "--allow-open", "-o", tmp_path / "out"
    )
    assert done.returncode == 1
    assert "open: region has no value, needed by CC-ROU-01" in done.stderr


def test_missing_values_are_asked_for_in_a_terminal(tmp_path: Path) -> None:
    answers = ["not a\tregion", "eu-central-1"]
    with (
        mock.patch.object(sys, "stdin", mock.Mock(isatty=lambda: True)),
        mock.patch("typer.prompt", side_effect=answers),
    ):
        done = evalkit(
            "harden", "claude-code/bedrock", "--for", "region-pin", "--os", "linux", "-o", tmp_path / "out"
        )
    assert done.returncode == 1  # partly only
    assert "not enforced by what was written (partly): region-pin" in done.stderr
    settings = json.loads((tmp_path / "out/linux/managed-settings/managed-settings.json").read_text())
    assert settings["env"]["AWS_REGION"] == "eu-central-1"


def test_a_verdict_without_conditions_writes_the_egress_list_and_says_so(tmp_path: Path) -> None:
    done = evalkit("harden", "aider/local-model", "-o", tmp_path / "out")
    assert done.returncode in (0, 1)
    assert "the verdict is reject, and asks for no control" in done.stderr
    assert (tmp_path / "out/egress/allow.txt").exists()


@pytest.mark.parametrize(
    ("arguments", "because"),
    [
        (["claude-code/bedrock"], "say where to write"),
        ([], "PRODUCT/DEPLOYMENT is taken"),
        (["a", "b", "c"], "PRODUCT/DEPLOYMENT is taken"),
        (["claude-code", "-o", "{out}"], "name product and deployment"),
        (["claude/bedrock", "-o", "{out}"], "there are no answers about claude"),
        (["claude-code/moon", "-o", "{out}"], "claude-code/bedrock"),
        (["claude-code/bedrock", "--os", "beos", "-o", "{out}"], "linux, macos, windows"),
        (["claude-code/bedrock", "--for", "peace", "-o", "{out}"], "conditions: telemetry-off"),
        (["claude-code/bedrock", "--set", "regio=x", "-o", "{out}"], "no such parameter; there are: npm"),
        (["claude-code/bedrock", "--set", "retention_days=99", "-o", "{out}"], "allowed are 1 to 30"),
        (["claude-code/bedrock", "--for", "all", "--allow", "x", "-o", "{out}"], "no purpose; there are:"),
        (["claude-code/bedrock", "-o", f"{SHIPPED}/controls/x"], "lies in the evaluation"),
        (["claude-code/bedrock", "--schema", "x", "-o", "{out}"], "write KEY=FILE"),
        (["claude-code/bedrock", "--schema", "x=/none.json", "-o", "{out}"], "cannot be read as JSON"),
        (["--verify", "{out}"], "--against FILE"),
        (["--verify", "{out}", "--against", "x.json"], "has no baseline.json"),
    ],
)  # fmt: skip
def test_wrong_usage_is_said_and_nothing_is_written(
    arguments: list[str], because: str, tmp_path: Path
) -> None:
    out = tmp_path / "out"
    done = evalkit("harden", *(it.replace("{out}", str(out)) for it in arguments))
    assert done.returncode == 2
    assert because in " ".join(done.stderr.split())
    assert not out.exists()
    assert not (ROOT / SHIPPED / "controls" / "x").exists()


def test_a_folder_with_foreign_files_is_left_alone(tmp_path: Path) -> None:
    (tmp_path / "note.txt").write_text("mine")
    done = evalkit("harden", "aider/local-model", "-o", tmp_path)
    assert (done.returncode, [path.name for path in tmp_path.iterdir()]) == (2, ["note.txt"])


def test_a_weaker_file_is_a_finding_in_words_and_as_json(tmp_path: Path) -> None:
    out = tmp_path / "out"
    evalkit(
        "harden",
        "claude-code/bedrock",
        "--for",
        "no-bypass",
        "--set",
        "region=eu-central-1",
        "--os",
        "linux",
        "-o",
        out,
    )
    (tmp_path / "managed-settings.json").write_text(
        '{"permissions": {"disableBypassPermissionsMode": "\\u001b[31m"}}'
    )
    done = evalkit("harden", "--verify", out, "--against", tmp_path / "managed-settings.json")
    assert done.returncode == 1
    assert "\x1b" not in done.stdout
    assert "CC-APP-01" in done.stdout
    told = evalkit(
        "harden", "--verify", out, "--against", tmp_path / "managed-settings.json", "--format", "json"
    )
    outcomes = {it["what"]: it["outcome"] for it in json.loads(told.stdout)["differences"]}
    assert outcomes["permissions.disableBypassPermissionsMode"] == "weaker"
    assert outcomes["disableAutoMode"] == "missing"


def test_the_matrix_is_printed_in_words_and_as_json() -> None:
    done = evalkit("harden", SHIPPED, "--matrix")
    assert done.returncode == 0
    assert "memory-off" in done.stdout
    assert "image only: settings that users own" in done.stdout
    told = json.loads(evalkit("harden", "--matrix", "--format", "json").stdout)
    assert (told["format"], len(told["rows"]), len(told["products"])) == ("evalkit/enforceability/1", 43, 9)
