"""What becomes of answers, change by change, as the files say it afterwards."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, TypeAlias

import pytest

from evalkit.errors import InvalidInputError
from evalkit.files.loading import load_inputs
from evalkit.files.reading import read_document
from evalkit.files.translate import validate
from evalkit.model.answers import ProductAnswers
from evalkit.model.records import state_of, statement_for
from evalkit.scoring.score import score_option
from tests.files.migrating.projects import (
    ANSWERS,
    HEAD,
    loads,
    migrate,
    project,
    renamed,
    says,
    small_evaluation,
    text_of,
)

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping, Sequence
    from pathlib import Path

    from evalkit.files.migrating.plan import Plan
    from evalkit.model.answers import Answer

CITED = "evidence: [{class: documented, source: docs}]"

Migrated: TypeAlias = "Callable[..., tuple[Plan, Mapping[str, Answer]]]"


@pytest.fixture
def migrated(tmp_path: Path) -> Migrated:
    """Writes answers, migrates them by changes of one step, and checks that all can be used then."""

    def run(
        changes: Sequence[Mapping[str, Any]], answers: str, questions: Sequence[str] = ()
    ) -> tuple[Plan, Mapping[str, Answer]]:
        evaluation = project(tmp_path, [("1.1.0", changes)], {"acme": HEAD + answers}, questions)
        plan = migrate(evaluation)
        loads(evaluation)
        return plan, says(evaluation).answers

    return run


def remark(answer: Answer) -> str:
    """What the migration wrote on an answer."""
    (own,) = [each for each in answer.comments if each.by == "Mig"]
    assert own.text.startswith("evalkit migrate: ")
    return own.text.removeprefix("evalkit migrate: ")


def test_a_renamed_question_keeps_its_answer_its_sign_off_and_its_lines(tmp_path: Path) -> None:
    evaluation = project(tmp_path, [("1.1.0", [renamed("LOC-01", "LOC-11")])], None, ["LOC-01=LOC-11"])
    before = says(evaluation).answers["LOC-01"]
    assert not migrate(evaluation).to_do
    assert says(evaluation).answers["LOC-11"] == before
    expected = ANSWERS.replace("LOC-01:", "LOC-11:").replace("demo@1.0.0", "demo@1.1.0")
    assert text_of(evaluation) == expected


def test_a_retired_answer_is_kept_as_it_stood_outside_what_counts(tmp_path: Path) -> None:
    change = {"retired": "LOC-02", "reason": "Nobody asks."}
    evaluation = project(tmp_path, [("1.1.0", [change])], None, ["-LOC-02"])
    before = says(evaluation)
    assert not migrate(evaluation).to_do
    loads(evaluation)
    assert set(says(evaluation).answers) == {"LOC-01", "NET-03"}
    path = evaluation / "retired" / "1.0.0" / "acme.yaml"
    kept = validate(read_document(path), ProductAnswers)
    assert isinstance(kept, ProductAnswers)
    assert kept == before.model_copy(update={"answers": {"LOC-02": before.answers["LOC-02"]}})
    assert "# two pages" in path.read_text(encoding="utf-8")
    assert "# two pages" not in text_of(evaluation)


def test_a_changed_question_is_unanswered_with_all_that_was_said(migrated: Migrated) -> None:
    answer = f"""\
    LOC-01:
        value: 2
        finding: As read.
        {CITED}
        answered: {{by: Ann, on: 2026-05-03}}
        reviewed: {{by: Ben, on: 2026-05-04, note: Fine.}}
        comments: [{{by: Cid, on: 2026-05-05, text: Why?}}]
        deployments: {{ide: {{state: refused, finding: They will not say.}}}}
"""
    plan, answers = migrated([{"changed": "LOC-01", "reason": "Other files count."}], answer)
    new = answers["LOC-01"]
    assert (new.state, new.value, new.answered, new.reviewed) == ("unanswered", None, None, None)
    assert new.finding == "As read."
    assert [item.source for item in new.evidence] == ["docs"]
    assert new.deployments["ide"].state == "unanswered"
    assert new.deployments["ide"].finding == "They will not say."
    assert new.comments[0].text == "Why?"
    assert remark(new) == (
        "LOC-01 changed its meaning in version 1.1.0: Other files count. To be answered again."
        " Before: value 2; answered by Ann on 2026-05-03; signed off by Ben on 2026-05-04 (Fine.)."
        " for ide: refused."
    )
    assert plan.to_do
    assert [row.to_do for row in plan.rows] == ["answer again: LOC-01"]


def test_what_is_to_be_answered_again_counts_as_unanswered(tmp_path: Path) -> None:
    evaluation = project(tmp_path, [("1.1.0", [{"changed": "LOC-02", "reason": "-"}])])
    migrate(evaluation)
    inputs = load_inputs(evaluation)
    assert state_of(statement_for(inputs.answers["acme"], "LOC-02", "direct")) == "unanswered"
    results = {result.question: result for result in score_option(inputs, inputs.options()[0]).questions}
    assert results["LOC-02"].state == "unanswered"


@pytest.mark.parametrize(
    ("said", "change", "state", "value"),
    [
        (f"{{value: 2, {CITED}}}", {"values": [{"was": 2, "now": 3}]}, None, 3),
        (f"{{value: 1, {CITED}}}", {"values": [{"was": 2, "now": 3}]}, "unanswered", None),
        ("{state: unknown, finding: None found.}", {"keeps": ["unknown"]}, "unknown", None),
        ("{state: unknown, finding: None found.}", {"keeps": ["refused"]}, "unanswered", None),
        ("{state: refused}", {"keeps": ["refused"]}, "refused", None),
    ],
)
def test_an_answer_whose_meaning_stays_stands(
    migrated: Migrated, said: str, change: dict[str, Any], state: str | None, value: int | None
) -> None:
    plan, answers = migrated([{"changed": "LOC-01", "reason": "-", **change}], f"    LOC-01: {said}\n")
    assert (answers["LOC-01"].state, answers["LOC-01"].value) == (state, value)
    assert plan.to_do == (state == "unanswered")


def test_an_answer_that_reads_as_before_keeps_its_sign_off_and_another_does_not(migrated: Migrated) -> None:
    signed = f"{CITED}, reviewed: {{by: Ben, on: 2026-05-04}}"
    values = [{"was": 1, "now": 1}, {"was": 2, "now": 3}]
    changes = [{"changed": name, "reason": "-", "values": values} for name in ("LOC-01", "LOC-05")]
    text = f"    LOC-01: {{value: 1, {signed}}}\n    LOC-05: {{value: 2, {signed}}}\n"
    plan, answers = migrated(changes, text)
    assert answers["LOC-01"].reviewed is not None
    assert answers["LOC-01"].comments == ()
    assert (answers["LOC-05"].value, answers["LOC-05"].reviewed) == (3, None)
    assert "value 2; signed off by Ben on 2026-05-04" in remark(answers["LOC-05"])
    assert not plan.to_do


def test_ticks_go_over_together_or_not_at_all(migrated: Migrated) -> None:
    values = [{"was": "open", "now": "open_format"}, {"was": "free", "now": "open_format"}]
    changes = [{"changed": "LOC-02", "reason": "-", "values": values}]
    _, answers = migrated(changes, f"    LOC-02: {{value: [open, free], {CITED}}}\n")
    assert answers["LOC-02"].value == ("open_format",)


def test_one_tick_without_a_counterpart_opens_the_question(migrated: Migrated) -> None:
    changes = [{"changed": "LOC-02", "reason": "-", "values": [{"was": "open", "now": "open_format"}]}]
    _, answers = migrated(changes, f"    LOC-02: {{value: [open, free], {CITED}}}\n")
    assert answers["LOC-02"].state == "unanswered"
    assert "value open, free" in remark(answers["LOC-02"])


def test_numbers_keep_their_meaning_where_it_is_said(migrated: Migrated) -> None:
    change = {"changed": "LOC-03", "reason": "-", "keeps": ["numbers"]}
    _, answers = migrated([change], f"    LOC-03: {{value: 30, {CITED}}}\n")
    assert answers["LOC-03"].value == 30


def test_a_conflict_whose_sides_mean_the_same_now_is_open(migrated: Migrated) -> None:
    items = ", ".join(f"{{class: documented, source: docs, value: {each}}}" for each in (1, 3))
    values = [{"was": 1, "now": 2}, {"was": 3, "now": 2}]
    _, answers = migrated(
        [{"changed": "LOC-01", "reason": "-", "values": values}],
        f"    LOC-01: {{state: conflicting, evidence: [{items}]}}\n",
    )
    assert answers["LOC-01"].state == "unanswered"
    assert "documented from docs stated 2" in " ".join(each.text for each in answers["LOC-01"].comments)


def test_a_conflict_that_stays_one_stays(migrated: Migrated) -> None:
    items = ", ".join(f"{{class: documented, source: docs, value: {each}}}" for each in (1, 3))
    values = [{"was": 1, "now": 2}, {"was": 3, "now": 3}]
    _, answers = migrated(
        [{"changed": "LOC-01", "reason": "-", "values": values}],
        f"    LOC-01: {{state: conflicting, evidence: [{items}]}}\n",
    )
    assert [item.value for item in answers["LOC-01"].evidence] == [2, 3]


def test_merged_questions_that_agree_are_one_answer(migrated: Migrated) -> None:
    change = {"merged": ["LOC-91", "LOC-05"], "into": "LOC-05", "reason": "One thing."}
    text = f"""\
    LOC-91: {{value: 2, finding: First., {CITED}, reviewed: {{by: Ben, on: 2026-05-04}}}}
    LOC-05: {{value: 2, finding: Second., {CITED}, comments: [{{by: Cid, on: 2026-05-05, text: Why?}}]}}
"""
    plan, answers = migrated([change], text)
    new = answers["LOC-05"]
    assert set(answers) == {"LOC-05"}
    assert (new.value, new.finding, len(new.evidence), new.reviewed) == (2, "First.\n\nSecond.", 1, None)
    assert "LOC-91 signed off by Ben on 2026-05-04" in remark(new)
    assert new.comments[0].text == "Why?"
    assert not plan.to_do


@pytest.mark.parametrize(
    "other", [f"{{value: 1, finding: Second., {CITED}}}", "{state: unknown, finding: Second.}"]
)
def test_merged_questions_that_do_not_agree_are_to_be_answered_again(migrated: Migrated, other: str) -> None:
    change = {"merged": ["LOC-91", "LOC-92"], "into": "LOC-05", "reason": "One thing."}
    text = f"    LOC-91: {{value: 2, finding: First., {CITED}}}\n    LOC-92: {other}\n"
    plan, answers = migrated([change], text)
    assert (answers["LOC-05"].state, answers["LOC-05"].finding) == ("unanswered", "First.\n\nSecond.")
    assert "LOC-91 value 2" in remark(answers["LOC-05"])
    assert plan.to_do


def test_one_of_two_merged_questions_is_no_answer_to_both(migrated: Migrated) -> None:
    change = {"merged": ["LOC-91", "LOC-92"], "into": "LOC-05", "reason": "One thing."}
    _, answers = migrated([change], f"    LOC-91: {{value: 2, {CITED}}}\n")
    assert answers["LOC-05"].state == "unanswered"


def test_the_parts_of_a_split_take_what_is_said_and_are_to_be_answered(migrated: Migrated) -> None:
    into = [
        {"question": "LOC-01", "carry": ["evidence"], "values": [{"was": 2, "now": 3}]},
        {"question": "LOC-05", "carry": []},
    ]
    change = {"split": "LOC-91", "into": into, "reason": "Two things."}
    text = f"    LOC-91: {{value: 2, finding: Both., {CITED}}}\n"
    plan, answers = migrated([change], text)
    first, second = answers["LOC-01"], answers["LOC-05"]
    assert (first.state, first.finding, len(first.evidence)) == ("unanswered", None, 1)
    assert (second.state, second.finding, second.evidence) == ("unanswered", None, ())
    assert "It suggests here 3: confirm it, or answer anew." in remark(first)
    assert remark(first).endswith("\nfinding: Both.")
    assert "To be answered by itself. Before: value 2." in remark(second)
    assert {row.to_do for row in plan.rows} == {"answer again: LOC-01", "answer again: LOC-05"}


def test_an_answer_that_the_question_does_not_allow_any_more_is_to_be_given_again(migrated: Migrated) -> None:
    plan, answers = migrated([], f"    LOC-01: {{value: 7, finding: Seven., {CITED}}}\n")
    assert (answers["LOC-01"].state, answers["LOC-01"].finding) == ("unanswered", "Seven.")
    assert "does not fit the question any more: LOC-01: level 7 is not one of 0..3" in remark(
        answers["LOC-01"]
    )
    assert plan.to_do


def test_what_fits_no_question_at_all_stays_as_text(migrated: Migrated) -> None:
    # LOC-05 allows no difference between deployments, and the items differ whatever the value.
    text = f"""\
    LOC-91:
        value: 2
        {CITED}
        deployments: {{ide: {{value: 1, finding: Other., evidence: [{{class: claim, source: blog}}]}}}}
"""
    _, answers = migrated([renamed("LOC-91", "LOC-05")], text)
    new = answers["LOC-05"]
    assert (new.state, new.evidence, new.deployments) == ("unanswered", (), {})
    assert "finding: Other." in new.comments[-1].text


def test_a_companion_that_nobody_asks_for_becomes_a_remark(migrated: Migrated) -> None:
    _, answers = migrated(
        [renamed("LOC-91", "LOC-01")], f"    LOC-91: {{value: 2, also: 30 days, {CITED}}}\n"
    )
    assert (answers["LOC-01"].value, answers["LOC-01"].also) == (2, None)
    assert remark(answers["LOC-01"]).endswith("It was: 30 days")


def test_an_answer_of_which_nothing_is_said_stops_all(tmp_path: Path) -> None:
    text = HEAD + "".join(f"    {name}: {{state: unknown}}\n" for name in ("LOC-77", "LOC-91", "LOC-01"))
    evaluation = project(tmp_path, [("1.1.0", [renamed("LOC-91", "LOC-01")])], {"acme": text})
    with pytest.raises(InvalidInputError) as caught:
        migrate(evaluation)
    lost, twice = sorted(caught.value.problems)
    assert (lost.code, lost.file) == ("A010", "results/autumn/answers/acme.yaml")
    assert text.splitlines()[lost.line - 1].strip().startswith("LOC-77")
    assert "LOC-77 is no question of demo@1.1.0, and migrations.yaml does not say" in lost.message
    assert twice.message == "LOC-91 becomes LOC-01, which is answered in this file already"
    assert text_of(evaluation) == text


def test_several_versions_are_crossed_at_once(tmp_path: Path) -> None:
    steps = [
        ("1.1.0", [renamed("LOC-91", "LOC-92"), {"changed": "LOC-93", "to": "LOC-94", "reason": "Once."}]),
        ("1.2.0", []),
        ("2.0.0", [renamed("LOC-92", "LOC-01"), {"changed": "LOC-94", "to": "LOC-05", "reason": "Twice."}]),
    ]
    text = f"{HEAD}    LOC-91: {{value: 2, {CITED}}}\n    LOC-93: {{value: 2, {CITED}}}\n"
    evaluation = project(tmp_path, steps, {"acme": text})
    plan = migrate(evaluation)
    loads(evaluation)
    answers = says(evaluation).answers
    assert (answers["LOC-01"].value, answers["LOC-05"].state) == (2, "unanswered")
    assert plan.rows[0].happened == "renamed to LOC-92 (1.1.0), renamed to LOC-01 (2.0.0)"
    assert [row.question for row in plan.rows] == ["LOC-91", "LOC-93"]


def test_files_of_several_versions_each_begin_at_their_own(tmp_path: Path) -> None:
    steps = [("1.1.0", [renamed("LOC-91", "LOC-92")]), ("2.0.0", [renamed("LOC-92", "LOC-01")])]
    later = HEAD.replace("demo@1.0.0", "demo@1.1.0")
    answers = {
        "acme": f"{HEAD}    LOC-91: {{value: 2, {CITED}}}\n",
        "acme.ann": f"{later}    LOC-92: {{value: 1, {CITED}}}\n",
        "acme.bob": f"{HEAD.replace('demo@1.0.0', 'demo@2.0.0')}    LOC-01: {{value: 0, {CITED}}}\n",
    }
    evaluation = project(tmp_path, steps, answers)
    migrate(evaluation)
    loads(evaluation)
    assert [says(evaluation, stem).answers["LOC-01"].value for stem in answers] == [2, 1, 0]


def test_a_refusal_that_no_consensus_settles_any_more_is_opened_again(tmp_path: Path) -> None:
    change = {"changed": "LOC-01", "reason": "-", "values": [{"was": 2, "now": 2}], "keeps": ["refused"]}
    answers = {
        "acme": f"{HEAD}    LOC-01: {{state: unknown}}\n",
        "acme.ann": f"{HEAD}    LOC-01: {{state: refused}}\n",
        "acme.bob": f"{HEAD}    LOC-01: {{value: 2, {CITED}}}\n",
    }
    evaluation = project(tmp_path, [("1.1.0", [change])], answers)
    migrate(evaluation)
    loads(evaluation)
    assert [says(evaluation, stem).answers["LOC-01"].state for stem in answers] == [
        "unanswered",
        "unanswered",
        None,
    ]


def test_what_was_wrong_before_is_named_and_stays(tmp_path: Path) -> None:
    text = f"{HEAD}    LOC-91: {{value: 2, evidence: [{{class: documented, source: page}}]}}\n"
    evaluation = project(tmp_path, [("1.1.0", [renamed("LOC-91", "LOC-01")])], {"acme": text})
    plan = migrate(evaluation)
    assert [problem.code for problem in plan.left] == ["A022"]
    assert says(evaluation).answers["LOC-01"].value == 2


def test_an_evaluation_in_json_is_carried_over_too(tmp_path: Path) -> None:
    import json  # noqa: PLC0415 - here only

    source = project(tmp_path / "a", [("1.1.0", [])])
    data = read_document(source / "answers" / "acme.yaml").data
    text = json.dumps(data)
    evaluation = project(
        tmp_path / "b", [("1.1.0", [renamed("LOC-01", "LOC-11")])], {"acme": text}, ["LOC-01=LOC-11"]
    )
    (evaluation / "evaluation.yaml").write_text(json.dumps(small_evaluation()), encoding="utf-8")
    migrate(evaluation)
    loads(evaluation)
    assert says(evaluation).answers["LOC-11"].value == 2
