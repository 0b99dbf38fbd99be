"""What stands around the answers: the evaluation, its waivers, controls, profiles; and what stops all."""

from __future__ import annotations

import os
import re
from typing import TYPE_CHECKING, Any

import pytest
import yaml

from evalkit.errors import EvalkitError, InvalidInputError
from evalkit.files.loading import check
from tests.files.migrating.projects import (
    HEAD,
    loads,
    migrate,
    project,
    renamed,
    small_conditions,
    small_controls,
    small_evaluation,
    small_profile,
    text_of,
)

if TYPE_CHECKING:
    from pathlib import Path

NOTHING = {"acme": HEAD.replace("answers:\n", "answers: {}\n")}


def gate(question: str, *, mitigable: bool = True) -> dict[str, Any]:
    return {"question": question, "at_least": 2, "mitigable": mitigable, "needs": "claim", "consequence": "-"}


def waiver(question: str) -> dict[str, Any]:
    return {
        "option": "acme/direct",
        "gate": question,
        "by": "CISO",
        "reason": f"Pilot of {question}.",
        "until": "2026-12-31",
    }


def test_a_waiver_goes_with_a_renamed_gate_and_else_stays_as_a_comment(tmp_path: Path) -> None:
    changes = [renamed("LOC-91", "LOC-01"), {"changed": "LOC-04", "reason": "-"}, renamed("LOC-95", "LOC-05")]
    evaluation = project(
        tmp_path,
        [("1.1.0", changes)],
        NOTHING,
        profile=small_profile(gates=[gate("LOC-01"), gate("LOC-04"), gate("LOC-05", mitigable=False)]),
        evaluation=small_evaluation(waivers=[waiver(name) for name in ("LOC-91", "LOC-04", "LOC-95")]),
    )
    plan = migrate(evaluation)
    loads(evaluation)
    text = (evaluation / "evaluation.yaml").read_text(encoding="utf-8")
    assert [each["gate"] for each in yaml.safe_load(text)["waivers"]] == ["LOC-01"]
    notes = [line for line in text.splitlines() if line.startswith("#")]
    assert notes[0].startswith(
        "# not carried over to demo@1.1.0, LOC-04 changed its meaning (1.1.0): {option: "
    )
    assert "Pilot of LOC-04." in notes[0]
    assert notes[1].startswith("# not carried over to demo@1.1.0, LOC-95 is final now: ")
    assert [row.to_do for row in plan.rows if "waiver" in row.where] == [
        "",
        "grant the waiver again, or not",
        "grant the waiver again, or not",
    ]


def test_comments_and_layout_of_the_evaluation_stay(tmp_path: Path) -> None:
    evaluation = project(tmp_path, [("1.1.0", [])], NOTHING)
    path = evaluation / "evaluation.yaml"
    text = f"# Ours.\n{path.read_text(encoding='utf-8')}".replace("id: autumn", "id:   autumn   # the first")
    path.write_text(text, encoding="utf-8")
    migrate(evaluation)
    assert path.read_text(encoding="utf-8") == text.replace("demo@1.0.0", "demo@1.1.0")


def test_controls_and_conditions_go_with_their_questions_line_by_line(tmp_path: Path) -> None:
    moved = {"changed": "LOC-04", "to": "LOC-14", "reason": "-", "values": [{"was": 2, "now": 3}]}
    evaluation = project(
        tmp_path,
        [("1.1.0", [moved, renamed("LOC-91", "LOC-05"), {"retired": "LOC-92", "reason": "-"}])],
        NOTHING,
        ["LOC-04=LOC-14"],
        conditions=small_conditions(deletion=["LOC-04", "LOC-91", "LOC-92"]),
        controls=small_controls({"LOC-91": {"to": 1}, "LOC-04": {"to": 2}}),
    )
    path = evaluation / "controls" / "acme.yaml"
    text = path.read_text(encoding="utf-8").replace("LOC-91:\n", "LOC-91:   # as read\n")
    path.write_text(text, encoding="utf-8")
    plan = migrate(evaluation)
    loads(evaluation)
    expected = text.replace("LOC-91", "LOC-05").replace("LOC-04", "LOC-14").replace("to: 2", "to: 3")
    assert expected != text
    assert path.read_text(encoding="utf-8") == expected
    conditions = yaml.safe_load((evaluation / "controls" / "conditions.yaml").read_text(encoding="utf-8"))
    assert conditions["conditions"]["deletion"]["questions"] == ["LOC-14", "LOC-05"]
    assert conditions["questionnaire"] == "demo@1.1.0"
    assert plan.to_do  # whether the condition bears on what changed, people say


@pytest.mark.parametrize("flow", [False, True])
def test_a_mapping_whose_level_means_nothing_any_more_stays_as_a_comment(
    tmp_path: Path, *, flow: bool
) -> None:
    change = {"changed": "LOC-04", "reason": "-", "values": [{"was": 2, "now": 2}]}
    evaluation = project(
        tmp_path,
        [("1.1.0", [change])],
        NOTHING,
        conditions=small_conditions(deletion=["LOC-04", "LOC-05"]),
        controls=small_controls({"LOC-04": {"to": 3}}, {"LOC-04": {"to": 1}, "LOC-05": {"to": 1}}),
    )
    path = evaluation / "controls" / "acme.yaml"
    if flow:
        data = yaml.safe_load(path.read_text(encoding="utf-8"))
        path.write_text(
            f"# Ours.\n{yaml.safe_dump(data, default_flow_style=True, width=9999)}", encoding="utf-8"
        )
    plan = migrate(evaluation)
    loads(evaluation)
    text = path.read_text(encoding="utf-8")
    read = yaml.safe_load(text)
    assert [control.get("questions", {}) for control in read["controls"]] == [{}, {"LOC-05": {"to": 1}}]
    notes = [line for line in text.splitlines() if "# not carried over to demo@1.1.0, LOC-04" in line]
    assert len(notes) == 2
    assert ("# Ours." in text) == flow
    told = [(row.where, row.to_do) for row in plan.rows if "AC-DEL" in row.where]
    assert told == [
        (f"results/autumn/controls/acme.yaml, AC-DEL-0{number}", "say what level the control shows")
        for number in (1, 2)
    ]


@pytest.mark.parametrize(
    ("written", "becomes"),
    [
        ("{LOC-04: {to: 3}, LOC-05: {to: 1}}", "{LOC-05: {to: 1}}"),
        ("{LOC-05: {to: 1}, LOC-04: {to: 3}}", "{LOC-05: {to: 1}}"),
        ("{'LOC-04': {to: 3},\n    LOC-05: {to: 1}}  # as read", "{LOC-05: {to: 1}}  # as read"),
        ("{LOC-01: {to: 3}, LOC-05: {to: 1}, LOC-04: {to: 3}, }", "{LOC-05: {to: 1}, }"),
    ],
)
def test_a_mapping_on_one_line_goes_alone_and_the_rest_of_the_file_stays(
    tmp_path: Path, written: str, becomes: str
) -> None:
    changes = [{"changed": name, "reason": "-"} for name in ("LOC-01", "LOC-04")]
    evaluation = project(
        tmp_path,
        [("1.1.0", changes)],
        NOTHING,
        conditions=small_conditions(deletion=["LOC-04", "LOC-05"]),
        controls=small_controls({"LOC-05": {"to": 1}}),
    )
    path = evaluation / "controls" / "acme.yaml"
    text = path.read_text(encoding="utf-8").replace("surfaces:", "surfaces:   # all of them\n ", 1)
    block = re.search(r"( *)questions:\n +LOC-05:\n +to: 1\n", text)
    assert block
    indent = block[1]
    path.write_text(text.replace(block[0], f"{indent}questions: {written}\n"), encoding="utf-8")
    migrate(evaluation)
    loads(evaluation)
    made = path.read_text(encoding="utf-8")
    notes = [line for line in made.splitlines(keepends=True) if "# not carried over" in line]
    assert [note.rpartition("(1.1.0): ")[2].strip() for note in notes] == re.findall(
        r"'?LOC-0[14]'?: {to: 3}", written
    )
    expected = text.replace(block[0], f"{''.join(notes)}{indent}questions: {becomes}\n")
    assert made == expected
    assert all(note.startswith(f"{indent}# ") for note in notes)


def test_profiles_belong_to_the_questionnaire_and_what_is_gone_in_them_is_named(tmp_path: Path) -> None:
    evaluation = project(
        tmp_path,
        [("1.1.0", [renamed("LOC-91", "LOC-01")])],
        NOTHING,
        profile=small_profile(gates=[gate("LOC-91")], question_weights={"LOC-91": 2}),
    )
    plan = migrate(evaluation)
    row = next(row for row in plan.rows if "profiles" in row.where)
    assert (row.question, row.where) == ("LOC-91", "questionnaires/demo/profiles/strict.yaml")
    assert row.happened == "renamed to LOC-01 (1.1.0)"
    assert {problem.code for problem in plan.left} == {"P005", "P020"}


def test_changes_that_nobody_answered_are_told_too(tmp_path: Path) -> None:
    changes = [renamed("LOC-91", "LOC-01"), {"retired": "LOC-92", "reason": "-"}]
    plan = migrate(project(tmp_path, [("1.1.0", changes)], NOTHING))
    assert [(row.question, row.where) for row in plan.rows] == [
        ("LOC-91", "answered nowhere"),
        ("LOC-92", "answered nowhere"),
    ]
    assert not plan.to_do


def test_a_second_run_does_nothing(tmp_path: Path) -> None:
    evaluation = project(tmp_path, [("1.1.0", [])])
    migrate(evaluation)
    before = {path: path.read_bytes() for path in evaluation.rglob("*") if path.is_file()}
    assert migrate(evaluation).batch.files == ()
    assert {path: path.read_bytes() for path in evaluation.rglob("*") if path.is_file()} == before


@pytest.mark.parametrize(
    ("stated", "message"),
    [
        ("demo@2.0.0", "demo@2.0.0, which is newer than the one installed, demo@1.1.0: nothing leads back"),
        ("demo@0.9.0", "demo@0.9.0, from which no step of migrations.yaml leads on; allowed are 1.0.0"),
        ("other@1.0.0", "is for other@1.0.0, and the evaluation uses demo@1.1.0"),
    ],
)
def test_a_version_from_which_nothing_leads_is_named(tmp_path: Path, stated: str, message: str) -> None:
    answers = {"acme": NOTHING["acme"].replace("demo@1.0.0", stated)}
    evaluation = project(tmp_path, [("1.1.0", [])], answers)
    with pytest.raises(EvalkitError) as caught:
        migrate(evaluation)
    assert message in str(caught.value)
    assert text_of(evaluation) == answers["acme"]


def test_a_version_of_thousands_of_digits_is_a_version(tmp_path: Path) -> None:
    answers = {"acme": NOTHING["acme"].replace("demo@1.0.0", f"demo@{'9' * 5000}.0.0")}
    with pytest.raises(EvalkitError, match="is newer than the one installed"):
        migrate(project(tmp_path, [("1.1.0", [])], answers))


def test_without_migrations_nobody_knows_what_changed(tmp_path: Path) -> None:
    evaluation = project(tmp_path, [("1.1.0", [])])
    (tmp_path / "questionnaires" / "demo" / "migrations.yaml").unlink()
    with pytest.raises(EvalkitError, match=r"questionnaires/demo has no migrations.yaml: nobody says"):
        migrate(evaluation)


def test_files_that_cannot_be_used_are_all_named_and_nothing_is_written(tmp_path: Path) -> None:
    evaluation = project(tmp_path, [("1.1.0", [])], {"acme": "format: x\n", "zeta": "- \n", "Odd": "x"})
    with pytest.raises(InvalidInputError) as caught:
        migrate(evaluation)
    assert [problem.code for problem in caught.value.problems] == ["Y018", "S010", "S003"]
    assert "demo@1.0.0" in (evaluation / "evaluation.yaml").read_text(encoding="utf-8")


def test_migrations_that_break_a_rule_are_named_by_check_and_stop_the_migration(tmp_path: Path) -> None:
    evaluation = project(tmp_path, [("1.1.0", [renamed("LOC-91", "LOC-99")])], NOTHING)
    with pytest.raises(InvalidInputError, match="M006 LOC-99 is no question"):
        migrate(evaluation)
    found = [problem for problem in check(evaluation) if problem.code == "M006"]
    assert [problem.file for problem in found] == ["questionnaires/demo/migrations.yaml"]


def test_check_says_how_to_go_on_from_an_earlier_version_only(tmp_path: Path) -> None:
    evaluation = project(tmp_path, [("1.1.0", [])], NOTHING, conditions=small_conditions())
    hints = {problem.code: problem.hint for problem in check(evaluation)}
    assert set(hints) == {"A001", "C001", "E001"}
    assert set(hints.values()) == {"evalkit migrate carries the evaluation over"}
    path = evaluation / "evaluation.yaml"
    path.write_text(path.read_text(encoding="utf-8").replace("demo@1.0.0", "demo@3.0.0"), encoding="utf-8")
    assert {problem.hint for problem in check(evaluation) if problem.code == "E001"} == {""}


def test_links_that_lead_out_are_not_followed(tmp_path: Path) -> None:
    evaluation = project(tmp_path, [("1.1.0", [{"retired": "LOC-02", "reason": "-"}])], None, ["-LOC-02"])
    outside = tmp_path / "outside"
    outside.mkdir()
    (evaluation / "retired").symlink_to(outside)
    with pytest.raises(InvalidInputError, match="Y017"):
        migrate(evaluation)
    assert list(outside.iterdir()) == []


def test_odd_files_beside_the_evaluation_s_are_in_nobody_s_way(tmp_path: Path) -> None:
    evaluation = project(tmp_path, [("1.1.0", [])])
    (evaluation / "gone").symlink_to("nowhere")
    (evaluation / "loop").symlink_to(evaluation)
    (evaluation / "out").mkdir()
    if hasattr(os, "mkfifo"):
        os.mkfifo(evaluation / "pipe")
    migrate(evaluation)
    loads(evaluation)


def test_an_answers_file_that_is_a_link_within_the_evaluation_stays_one(tmp_path: Path) -> None:
    evaluation = project(tmp_path, [("1.1.0", [])])
    path = evaluation / "answers" / "acme.yaml"
    path.rename(evaluation / "kept.yaml")
    path.symlink_to(evaluation / "kept.yaml")
    migrate(evaluation)
    assert path.is_symlink()
    assert "demo@1.1.0" in (evaluation / "kept.yaml").read_text(encoding="utf-8")
