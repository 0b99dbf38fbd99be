from __future__ import annotations

import shutil
from datetime import date
from pathlib import Path

import pytest

from evalkit.errors import EvalkitError, InvalidInputError
from evalkit.files.document import SYNTAX_RULES
from evalkit.files.loading import check, load_inputs, load_questionnaire

ROOT = Path(__file__).parents[2]
SHIPPED = ROOT / "results" / "coding-agents-2026"


@pytest.fixture
def project(tmp_path: Path) -> Path:
    """A project of its own, with two of the shipped products."""
    shutil.copytree(ROOT / "questionnaires", tmp_path / "questionnaires")
    folder = tmp_path / "results" / "one"
    for product in ("aider", "cursor"):
        for part in ("answers", "controls"):
            (folder / part).mkdir(parents=True, exist_ok=True)
            shutil.copy(SHIPPED / part / f"{product}.yaml", folder / part)
    shutil.copy(SHIPPED / "controls" / "conditions.yaml", folder / "controls")
    shutil.copy(SHIPPED / "evaluation.yaml", folder)
    return tmp_path


@pytest.fixture
def evaluation(project: Path) -> Path:
    return project / "results" / "one"


def edit(path: Path, old: str, new: str) -> None:
    text = path.read_text(encoding="utf-8")
    assert old in text
    path.write_text(text.replace(old, new, 1), encoding="utf-8")


def found(evaluation: Path) -> list[tuple[str, str, int]]:
    return [(problem.code, problem.file.rpartition("/")[2], problem.line) for problem in check(evaluation)]


def test_the_shipped_evaluation_is_read_whole() -> None:
    inputs = load_inputs(SHIPPED)
    assert load_inputs(str(SHIPPED)).hashes == inputs.hashes
    assert check(SHIPPED) == ()
    assert len(inputs.answers) == len(inputs.controls) == 9
    assert len(inputs.questionnaire.questions) == 74
    assert inputs.profile.id == "standard"
    assert inputs.hashes.keys() == {
        path.relative_to(ROOT).as_posix()
        for path in [
            *ROOT.glob("questionnaires/coding-agent/*.yaml"),
            ROOT / "questionnaires/coding-agent/profiles/standard.yaml",
            *(path for path in SHIPPED.glob("**/*.yaml") if path.parent.name != "languages"),
        ]
    }
    assert all(digest.startswith("sha256:") for digest in inputs.hashes.values())


def test_profile_and_day_can_be_replaced(evaluation: Path) -> None:
    inputs = load_inputs(evaluation, profile="regulated", as_of=date(2027, 1, 1))
    assert inputs.profile.id == inputs.evaluation.profile == "regulated"
    assert inputs.evaluation.as_of == date(2027, 1, 1)


def test_the_day_that_replaces_is_the_day_that_rules_go_by(evaluation: Path) -> None:
    with pytest.raises(InvalidInputError) as caught:
        load_inputs(evaluation, as_of=date(2020, 1, 1))
    assert {problem.code[0] for problem in caught.value.problems} == {"A"}


def test_one_product_can_be_read_alone(evaluation: Path) -> None:
    edit(evaluation / "evaluation.yaml", "options: all", "options: [aider/bedrock, cursor/enterprise-ide]")
    (evaluation / "answers" / "cursor.yaml").write_text("broken: [", encoding="utf-8")
    inputs = load_inputs(evaluation, products=["aider"])
    assert list(inputs.answers) == list(inputs.controls) == ["aider"]
    assert [option.id for option in inputs.options()] == ["aider/bedrock"]
    assert not any("cursor" in name for name in inputs.hashes)


def test_an_unknown_product_or_profile_is_said_with_those_there_are(evaluation: Path) -> None:
    with pytest.raises(EvalkitError, match="no answers about cline; there are: aider, cursor"):
        load_inputs(evaluation, products=["cline", "aider"])
    with pytest.raises(EvalkitError, match="no none; there are: open-source-only-lab, regulated, standard"):
        load_inputs(evaluation, profile="none")


def test_an_option_of_a_product_that_is_not_there_is_a_problem(evaluation: Path) -> None:
    edit(evaluation / "evaluation.yaml", "options: all", "options: [aider/bedrock, cline/direct]")
    assert [(code, line) for code, _, line in found(evaluation)] == [("E002", 8)]


def test_problems_of_all_files_are_reported_at_once(project: Path, evaluation: Path) -> None:
    edit(evaluation / "answers" / "aider.yaml", "licence: open_source", "licence: open")
    (evaluation / "answers" / "cursor.yaml").write_text("a: 1\na: 2\n", encoding="utf-8")
    edit(evaluation / "controls" / "aider.yaml", "disclaimer:", "disclamer:")
    edit(project / "questionnaires/coding-agent/profiles/regulated.yaml", "RTE-06", "RTE-99")
    problems = found(evaluation)
    assert {("A003", "aider.yaml"), ("Y011", "cursor.yaml"), ("S002", "aider.yaml")} <= {
        (code, file) for code, file, _ in problems
    }
    assert {code[0] for code, file, _ in problems if file == "regulated.yaml"} == {"P"}
    with pytest.raises(InvalidInputError) as caught:
        load_inputs(evaluation)
    files = {problem.file.rpartition("/")[2] for problem in caught.value.problems}
    assert files == {"aider.yaml", "cursor.yaml"}  # the other profiles are not read


def test_a_broken_domain_is_one_problem_and_not_hundreds(project: Path, evaluation: Path) -> None:
    (project / "questionnaires/coding-agent/storage.yaml").write_text("id: [", encoding="utf-8")
    edit(evaluation / "answers" / "cursor.yaml", "format:", "fromat:")
    assert {(code, file) for code, file, _ in found(evaluation)} == {
        ("Y009", "storage.yaml"),
        ("S010", "cursor.yaml"),
    }


def test_a_missing_domain_is_one_problem(project: Path, evaluation: Path) -> None:
    (project / "questionnaires/coding-agent/storage.yaml").unlink()
    assert ("Q001", "questionnaire.yaml") in {(code, file) for code, file, _ in found(evaluation)}
    assert {code[0] for code, _, _ in found(evaluation)} == {"Q"}


def test_a_typing_error_in_the_evaluation_does_not_hide_other_problems(evaluation: Path) -> None:
    edit(evaluation / "evaluation.yaml", "title:", "titel:")
    edit(evaluation / "answers" / "aider.yaml", "licence: open_source", "licence: open")
    assert {(code, file) for code, file, _ in found(evaluation)} == {
        ("S002", "evaluation.yaml"),
        ("A003", "aider.yaml"),
    }


def test_a_missing_evaluation_is_a_problem(evaluation: Path) -> None:
    (evaluation / "evaluation.yaml").unlink()
    assert found(evaluation) == [("Y001", "evaluation.yaml", 0)]


def test_a_questionnaire_that_is_not_there_is_named(evaluation: Path) -> None:
    edit(evaluation / "evaluation.yaml", "coding-agent@1.0.0", "coding-agents@1.0.0")
    (problem,) = check(evaluation)
    assert (problem.code, problem.line) == ("Y019", 4)
    assert problem.message == "questionnaire: there is no coding-agents; there are: coding-agent"


def test_a_profile_that_is_not_there_is_named(evaluation: Path) -> None:
    edit(evaluation / "evaluation.yaml", "profile: standard", "profile: strict")
    (problem,) = check(evaluation)
    assert (problem.code, problem.line) == ("Y020", 5)
    assert load_inputs(evaluation, profile="standard").profile.id == "standard"


def test_an_evaluation_without_answers_is_a_problem(evaluation: Path) -> None:
    for path in (evaluation / "answers").iterdir():
        path.unlink()
    assert "Y021" in {code for code, _, _ in found(evaluation)}


def test_files_that_lead_out_or_would_be_passed_over_are_problems(project: Path, evaluation: Path) -> None:
    shutil.move(evaluation / "answers" / "cursor.yaml", project / "cursor.yaml")
    (evaluation / "answers" / "cursor.yaml").symlink_to(project / "cursor.yaml")
    shutil.copy(evaluation / "answers" / "aider.yaml", evaluation / "answers" / "Aider.yaml")
    codes = {code for code, _, _ in found(evaluation)}
    assert {"Y017", "Y018"} <= codes <= SYNTAX_RULES.keys()


def test_a_linked_evaluation_file_is_not_followed(project: Path, evaluation: Path) -> None:
    shutil.move(evaluation / "evaluation.yaml", project / "e.yaml")
    (evaluation / "evaluation.yaml").symlink_to(project / "e.yaml")
    assert found(evaluation) == [("Y017", "evaluation.yaml", 0)]


def test_an_assessors_answers_are_checked_and_no_part_of_the_consensus(evaluation: Path) -> None:
    own = evaluation / "answers" / "aider.ann.yaml"
    shutil.copy(evaluation / "answers" / "aider.yaml", own)
    edit(own, "name: Aider", "name: As Ann sees it")
    inputs = load_inputs(evaluation)
    assert inputs.answers["aider"].product.name == "Aider"
    assert sorted(inputs.answers) == ["aider", "cursor"]
    assert "results/one/answers/aider.ann.yaml" in inputs.hashes
    edit(own, "licence: open_source", "licence: open")
    assert [(code, file) for code, file, _ in found(evaluation)] == [("A003", "aider.ann.yaml")]


def test_an_evaluation_without_a_project_uses_the_shipped_questionnaire(
    tmp_path: Path, evaluation: Path
) -> None:
    alone = tmp_path / "elsewhere"
    shutil.rmtree(tmp_path / "questionnaires")
    shutil.move(evaluation, alone)
    inputs = load_inputs(alone)
    assert "questionnaires/coding-agent/storage.yaml" in inputs.hashes
    assert "elsewhere/answers/aider.yaml" in inputs.hashes


def test_a_questionnaire_is_loaded_by_itself(project: Path) -> None:
    folder = project / "questionnaires" / "coding-agent"
    assert load_questionnaire(folder).ref == "coding-agent@1.0.0"
    edit(folder / "storage.yaml", "kind: scale", "kind: scales")
    with pytest.raises(InvalidInputError) as caught:
        load_questionnaire(folder)
    (problem,) = caught.value.problems
    assert (problem.code, problem.file) == ("S004", "questionnaires/coding-agent/storage.yaml")
