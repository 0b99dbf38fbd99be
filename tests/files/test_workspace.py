from __future__ import annotations

from pathlib import Path

import pytest

from evalkit.errors import EvalkitError
from evalkit.files import workspace as workspace_module
from evalkit.files.workspace import ProductFile, Workspace, find_evaluation, nearest_evaluation, shipped

ROOT = Path(__file__).parents[2]


def touch(path: Path) -> Path:
    path.parent.mkdir(parents=True, exist_ok=True)
    path.touch()
    return path


@pytest.fixture
def project(tmp_path: Path) -> Path:
    touch(tmp_path / "questionnaires/own/questionnaire.yaml")
    touch(tmp_path / "results/one/evaluation.yaml")
    return tmp_path


@pytest.fixture
def workspace(project: Path) -> Workspace:
    return Workspace.of(project / "results/one")


def test_in_a_checkout_the_shipped_files_lie_beside_the_package() -> None:
    assert shipped("questionnaires", "coding-agent") == ROOT / "questionnaires" / "coding-agent"


def test_in_a_wheel_the_shipped_files_lie_in_the_package(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    inside = touch(tmp_path / "evalkit/shipped/questionnaires/x/questionnaire.yaml")
    monkeypatch.setattr(workspace_module, "_PACKAGE", tmp_path / "evalkit")
    assert shipped("questionnaires", "x", "questionnaire.yaml") == inside


def test_what_was_not_shipped_is_an_error() -> None:
    with pytest.raises(EvalkitError, match="came without questionnaires/none"):
        shipped("questionnaires", "none")


@pytest.mark.parametrize("given", ["results/one", "results/one/evaluation.yaml", "."])
def test_an_evaluation_is_found_by_folder_file_or_project(project: Path, given: str) -> None:
    assert find_evaluation(project / given, Path("/nowhere")) == project / "results/one"


def test_an_evaluation_is_found_where_nothing_is_said(project: Path) -> None:
    assert find_evaluation(None, project) == project / "results/one"
    assert find_evaluation(None, project / "results/one") == project / "results/one"


def test_two_evaluations_are_listed(project: Path) -> None:
    touch(project / "results/two/evaluation.yaml")
    with pytest.raises(EvalkitError, match=r"there are 2: .*results/one, .*results/two"):
        find_evaluation(None, project)
    with pytest.raises(EvalkitError, match="is no evaluation, and there are 2"):
        find_evaluation(project, project)


@pytest.mark.parametrize(
    ("given", "says"),
    [
        (None, r"no evaluation was named, and there is no .*/results/\*/evaluation.yaml"),
        ("none", "there is no such folder"),
        ("file", "is neither the folder of an evaluation nor its evaluation.yaml"),
        (".", "is no evaluation, and there is no"),
    ],
)
def test_no_evaluation_is_an_error_that_says_where_was_looked(
    tmp_path: Path, given: str | None, says: str
) -> None:
    touch(tmp_path / "file")
    with pytest.raises(EvalkitError, match=says):
        find_evaluation(None if given is None else tmp_path / given, tmp_path)


def test_the_project_is_the_nearest_folder_with_questionnaires(project: Path, workspace: Workspace) -> None:
    assert workspace.root == project
    assert workspace.questionnaire_folder("own") == project / "questionnaires/own"
    assert workspace.name(workspace.evaluation_file) == "results/one/evaluation.yaml"
    assert workspace.name(project / "questionnaires/own/a.yaml") == "questionnaires/own/a.yaml"


def test_without_questionnaires_the_shipped_ones_serve(tmp_path: Path) -> None:
    touch(tmp_path / "one/evaluation.yaml")
    workspace = Workspace.of(tmp_path / "one")
    assert (workspace.root, workspace.questionnaires) == (tmp_path, ROOT / "questionnaires")
    assert workspace.name(tmp_path / "one/answers/a.yaml") == "one/answers/a.yaml"
    assert workspace.name(ROOT / "questionnaires/coding-agent/a.yaml") == "questionnaires/coding-agent/a.yaml"
    assert workspace.name(Path("/elsewhere/a.yaml")) == "/elsewhere/a.yaml"


def test_answers_are_listed_by_product_with_assessors_after_the_consensus(workspace: Workspace) -> None:
    folder = workspace.evaluation / "answers"
    paths = {
        name: touch(folder / name) for name in ("b.ann.yaml", "b.yaml", "a.yaml", ".b.yaml", "README.md")
    }
    assert workspace.answers == (
        ProductFile("a", None, paths["a.yaml"]),
        ProductFile("b", None, paths["b.yaml"]),
        ProductFile("b", "ann", paths["b.ann.yaml"]),
    )
    assert list(workspace.misplaced()) == []


def test_conditions_are_no_product(workspace: Workspace) -> None:
    before = workspace.conditions_file
    conditions = touch(workspace.evaluation / "controls/conditions.yaml")
    touch(workspace.evaluation / "controls/a.yaml")
    assert (before, workspace.conditions_file) == (None, conditions)
    assert [file.product for file in workspace.controls] == ["a"]


@pytest.mark.parametrize(
    "name", ["Aider.yaml", "aider.yml", "a b.yaml", "a.b.c.yaml", "aider.YAML", "-a.yaml"]
)
def test_a_file_that_nobody_would_read_is_a_problem(workspace: Workspace, name: str) -> None:
    touch(workspace.evaluation / "answers" / name)
    (problem,) = workspace.misplaced()
    assert (problem.code, problem.line, problem.file) == ("Y018", 0, f"results/one/answers/{name}")
    assert workspace.answers == ()


def test_a_link_out_of_the_evaluation_is_refused_and_not_followed(
    project: Path, workspace: Workspace
) -> None:
    answers = workspace.evaluation / "answers"
    inside = touch(answers / "a.yaml")
    (answers / "b.yaml").symlink_to(inside)
    (answers / "c.yaml").symlink_to(touch(project / "secret.yaml"))
    (answers / "d.yaml").symlink_to(project / "none.yaml")
    assert [file.product for file in workspace.answers] == ["a", "b"]
    assert [(problem.code, problem.file[-6:]) for problem in workspace.misplaced()] == [
        ("Y017", "c.yaml"),
        ("Y017", "d.yaml"),
    ]


def test_a_linked_folder_of_answers_is_refused(project: Path, workspace: Workspace) -> None:
    touch(project / "elsewhere/a.yaml")
    (workspace.evaluation / "answers").symlink_to(project / "elsewhere")
    assert [problem.code for problem in workspace.misplaced()] == ["Y017"]
    assert workspace.answers == ()


def test_an_evaluation_may_itself_be_a_link(project: Path, workspace: Workspace) -> None:
    touch(workspace.evaluation / "answers/a.yaml")
    (project / "current").symlink_to(workspace.evaluation)
    linked = Workspace.of(project / "current")
    assert linked == workspace
    assert [file.product for file in linked.answers] == ["a"]


@pytest.mark.parametrize("place", [".", "notebooks/templates", "results/one"])
def test_a_notebook_finds_its_evaluation_wherever_in_the_project_it_runs(project: Path, place: str) -> None:
    (project / place).mkdir(parents=True, exist_ok=True)
    found = nearest_evaluation("results/one", project / place)
    assert found.resolve() == project / "results" / "one"


def test_an_evaluation_that_is_nowhere_is_named_as_it_was_asked_for(project: Path) -> None:
    assert nearest_evaluation("results/none", project) == project / "results" / "none"
