"""``evalkit decide`` as its users call it, with flags and in a terminal."""

from __future__ import annotations

import io
import shutil
import sys
from datetime import date
from typing import TYPE_CHECKING
from unittest import mock

import pytest
import yaml

from evalkit.files.decisions import load_record
from evalkit.files.loading import load_inputs
from evalkit.files.workspace import Workspace
from evalkit.scoring.score import score
from tests.cli.command import ROOT, Done, evalkit

if TYPE_CHECKING:
    from pathlib import Path

    from evalkit.model.decision import Decision, DecisionRecord
    from evalkit.model.scorecard import Scorecard

SHIPPED = ROOT / "results" / "coding-agents-2026"
REJECTED, DEFERRED = "opencode/local", "opencode/gateway"
BY = ("--by", "Procurement board", "--on", "2026-12-01")
REJECT = ("--option", REJECTED, "--verdict", "reject", *BY)


@pytest.fixture
def ours(tmp_path: Path) -> Path:
    """An evaluation of one product; one option has a condition and a mitigable gate that fails."""
    evaluation = tmp_path / "results" / "ours"
    shutil.copytree(ROOT / "questionnaires", tmp_path / "questionnaires")
    for folder in ("answers", "controls"):
        (evaluation / folder).mkdir(parents=True)
        shutil.copy(SHIPPED / folder / "opencode.yaml", evaluation / folder)
    shutil.copy(SHIPPED / "controls" / "conditions.yaml", evaluation / "controls")
    shutil.copy(SHIPPED / "evaluation.yaml", evaluation)
    return evaluation


def record(evaluation: Path) -> DecisionRecord:
    found = load_record(Workspace.of(evaluation), load_inputs(evaluation))
    assert found is not None
    return found


def decision(evaluation: Path, option: str) -> Decision:
    found = record(evaluation).of(option)
    assert found is not None
    return found


def card(evaluation: Path, option: str) -> Scorecard:
    return next(each for each in score(load_inputs(evaluation)) if each.option == option)


def flat(text: str) -> str:
    return " ".join(text.split())


def test_a_decision_is_recorded_with_all_that_was_said(ours: Path) -> None:
    done = evalkit(
        "decide", ours, "--option", DEFERRED, "--verdict", "approve-with-conditions", *BY,
        "--reason", "One isolated team.", "--waive", "APR-09", "--until", "2027-06-30",
        "--condition", "APR-09;Platform;2027-01-31", "--condition", "A contract; with annex;Legal;2027-02-28",
        "--dissent", "CISO: Too early: wait.", "--note", "Looked at again in spring.",
    )  # fmt: skip
    assert done.returncode == 0, done.stderr
    assert "wrote results/ours/decision.yaml" in done.stderr
    assert "a waiver counts in scores once it also stands in evaluation.yaml" in flat(done.stderr)
    made = decision(ours, DEFERRED)
    assert (made.verdict, made.by, made.on) == (
        "approve-with-conditions",
        "Procurement board",
        date(2026, 12, 1),
    )
    assert (made.evalkit.verdict, made.reason) == ("defer", "One isolated team.")
    assert [(it.id, it.text, it.owner, it.due.isoformat()) for it in made.conditions][1] == (
        None,
        "A contract; with annex",
        "Legal",
        "2027-02-28",
    )
    assert (made.conditions[0].id, made.conditions[0].owner) == ("APR-09", "Platform")
    assert made.conditions[0].text  # its title, so that the record is read without the controls
    (waiver,) = made.waivers
    assert (waiver.gate, waiver.by, waiver.reason) == ("APR-09", "Procurement board", "One isolated team.")
    assert [(it.by, it.text) for it in made.dissent] == [("CISO", "Too early: wait.")]
    assert "evalkit said then: Defer for evidence" in done.stdout
    assert evalkit("check", ours).returncode == 0


def test_what_evalkit_says_needs_no_reason_and_several_options_are_decided_alike(ours: Path) -> None:
    done = evalkit("decide", ours, *REJECT, "--option", "opencode/zen", "--format", "yaml")
    assert done.returncode == 0, done.stderr
    shown = yaml.safe_load(done.stdout)
    assert [it["option"] for it in shown["decisions"]] == [REJECTED, "opencode/zen"]
    assert (ours / "decision.yaml").read_text(encoding="utf-8") == done.stdout
    assert decision(ours, REJECTED).reason is None


def test_all_conditions_of_evalkit_are_taken_at_once(ours: Path) -> None:
    evalkit(
        "decide",
        ours,
        "--option",
        DEFERRED,
        "--verdict",
        "defer",
        *BY,
        "--condition",
        "all;Platform;2027-01-31",
    )
    made = decision(ours, DEFERRED)
    assert tuple(it.id for it in made.conditions) == made.evalkit.conditions


def test_today_is_the_day_if_none_is_said(ours: Path) -> None:
    evalkit("decide", ours, "--option", REJECTED, "--verdict", "reject", "--by", "B")
    assert (date.today() - decision(ours, REJECTED).on).days in (0, 1)  # noqa: DTZ011 - as its user says it


@pytest.mark.parametrize(
    ("flags", "told"),
    [
        (("--option", REJECTED), "--verdict, --by missing; say what the board decided: --option OPTION"),
        (("--verdict", "reject", *BY), "--option missing"),
        (
            ("--option", "opencode/locale", *REJECT[2:]),
            "is no option of this evaluation; allowed are opencode/",
        ),
        (
            ("--option", REJECTED, "--verdict", "defer", *BY),
            "evalkit says reject, the board defer: --reason TEXT",
        ),
        ((*REJECT, "--dissent", "Too early"), "--dissent 'Too early': write who, a colon, and the opinion"),
        ((*REJECT, "--condition", "Do it"), "--condition 'Do it': write what, who sees to it and until when"),
        ((*REJECT, "--condition", "Do it;;2027-01-01"), "write what, who sees to it and until when"),
        ((*REJECT, "--condition", "Do it;A;soon"), "write what, who sees to it and until when"),
        (
            (*REJECT, "--condition", "CC-TEL-01;A;2027-01-01"),
            "evalkit names no such condition for opencode/local",
        ),
        ((*REJECT, "--waive", "APR-09"), "--waive APR-09 needs --reason TEXT and --until DAY"),
        ((*REJECT, "--waive", "RTN-09", "--reason", "R", "--until", "2027-01-01"), "gate RTN-09 is final"),
        (
            (*REJECT, "--condition", "Do it;A;2027-01-01"),
            "D005 opencode/local: conditions beside the verdict",
        ),
        (("--again",), "there is no terminal to ask in; say what the board decided"),
        (("--render",), "nothing was decided yet, so there is no record to write"),
    ],
)
def test_what_is_missing_or_not_allowed_is_said_and_nothing_is_written(
    ours: Path, flags: tuple[str, ...], told: str
) -> None:
    done = evalkit("decide", ours, *flags)
    assert done.returncode == 2
    assert told in flat(done.stderr)
    assert not (ours / "decision.yaml").exists()


def test_an_option_is_decided_anew_only_with_again(ours: Path) -> None:
    evalkit("decide", ours, *REJECT)
    done = evalkit("decide", ours, *REJECT, "--note", "Second.")
    assert done.returncode == 2
    assert "say --again" in done.stderr
    assert evalkit("decide", ours, *REJECT, "--note", "Second.", "--again").returncode == 0
    assert [it.note for it in (*record(ours).superseded, *record(ours).decisions)] == [None, "Second."]


def test_a_damaged_record_is_named_with_its_line_and_kept(ours: Path) -> None:
    (ours / "decision.yaml").write_text("format: evalkit/decision/1\nevaluation: [\n", encoding="utf-8")
    done = evalkit("decide", ours, *REJECT)
    assert done.returncode == 2
    assert "results/ours/decision.yaml:" in done.stderr
    assert (ours / "decision.yaml").read_text(encoding="utf-8").endswith("[\n")


def test_the_record_to_sign_is_rendered_alone_or_with_a_decision_and_the_same_each_time(ours: Path) -> None:
    done = evalkit("decide", ours, *REJECT, "--render")
    assert done.returncode == 0, done.stderr
    board = ours / "out" / "board"
    first = {path.name: path.read_bytes() for path in board.iterdir()}
    assert set(first) == {"decision.html", "decision.md"}
    again = evalkit("decide", ours, "--render")
    assert (again.returncode, again.stdout) == (0, "")
    assert {path.name: path.read_bytes() for path in board.iterdir()} == first


def test_the_record_to_sign_speaks_german_and_the_evaluations_own_words(ours: Path) -> None:
    (ours / "wording.yaml").write_text("de: {decision: {RECORD: {title: Niederschrift}}}\n", encoding="utf-8")
    done = evalkit("decide", ours, *REJECT, "--render", "--lang", "de")
    assert done.returncode == 0, done.stderr
    text = (ours / "out" / "board" / "decision.md").read_text(encoding="utf-8")
    assert text.startswith("# Niederschrift: ")
    assert "Unterschriften" in text
    assert '<html lang="de">' in (ours / "out" / "board" / "decision.html").read_text(encoding="utf-8")
    refused = evalkit("decide", ours, "--render", "--lang", "fr")
    assert refused.returncode == 2
    assert "allowed are en, de" in refused.stderr


class Terminal(io.StringIO):
    """Somebody at a keyboard."""

    def isatty(self) -> bool:
        return True


def answered(evaluation: Path, *lines: str, flags: tuple[str, ...] = ()) -> Done:
    with mock.patch.object(sys, "stdin", Terminal("".join(f"{line}\n" for line in lines))):
        return evalkit("decide", evaluation, *flags)


def test_in_a_terminal_it_shows_what_evalkit_says_and_asks(ours: Path) -> None:
    done = answered(
        ours,
        "Procurement board", "2026-12-01",
        "opencode/nothing", DEFERRED, "perhaps", "approve-with-conditions",
        "", "One isolated team.",  # a reason is asked for until there is one
        "Platform", "soon", "2026-11-30", "2027-01-31",  # evalkit's condition: owner, and a day that can be
        "A contract", "Legal", "2027-02-28", "",
        "y", "Isolated.", "2027-06-30",  # the gate
        "CISO", "Too early.", "",
        "In spring again.", "y",
        REJECTED, "", "", "", "",  # as evalkit says: no reason, nobody dissents, no note, recorded
        "",
    )  # fmt: skip
    assert done.returncode == 0, done.stderr
    shown = flat(done.stderr)
    for step in card(ours, DEFERRED).finding.evidence[:3]:
        assert f"missing evidence: {step.question} " in shown
    assert "condition: APR-09 " in shown
    assert "evalkit: Defer for evidence." in shown
    for told in (
        "is none of the options above",
        "perhaps is not one of",
        "soon is not a day",
        "before the decision",
    ):
        assert told in shown
    made = decision(ours, DEFERRED)
    assert (made.verdict, made.reason, made.note) == (
        "approve-with-conditions",
        "One isolated team.",
        "In spring again.",
    )
    assert [(it.id, it.owner, it.due.isoformat()) for it in made.conditions] == [
        ("APR-09", "Platform", "2027-01-31"),
        (None, "Legal", "2027-02-28"),
    ]
    assert [(it.gate, it.reason) for it in made.waivers] == [("APR-09", "Isolated.")]
    assert [it.by for it in made.dissent] == ["CISO"]
    assert decision(ours, REJECTED).verdict == "reject"


def test_in_a_terminal_it_asks_before_an_option_is_decided_anew(ours: Path) -> None:
    evalkit("decide", ours, *REJECT)
    before = (ours / "decision.yaml").read_bytes()
    done = answered(ours, "B", "2026-12-02", REJECTED, "n", "")
    assert done.returncode == 0
    assert "was decided on 2026-12-01: Reject, by Procurement board" in flat(done.stderr)
    assert "nothing was recorded" in done.stderr
    assert (ours / "decision.yaml").read_bytes() == before
    answered(ours, "B", "2026-12-02", REJECTED, "y", "reject", "", "", "y", "")
    assert [old.by for old in record(ours).superseded] == ["Procurement board"]


def test_what_is_not_confirmed_is_not_recorded_and_neither_is_half_a_conversation(ours: Path) -> None:
    done = answered(ours, "B", "2026-12-01", REJECTED, "reject", "", "", "n", "")
    assert done.returncode == 0
    half = answered(ours, "B", "2026-12-01", REJECTED, "reject")
    assert half.returncode == 1
    assert not (ours / "decision.yaml").exists()
