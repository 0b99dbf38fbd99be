"""What an evaluation says in another language, as a file beside it."""

from __future__ import annotations

import shutil
from pathlib import Path
from typing import TYPE_CHECKING

import pytest

from evalkit.errors import InvalidInputError
from evalkit.files.loading import check, load_inputs
from evalkit.files.wordings import read_evaluation_translation, translatable_texts
from evalkit.scoring.score import score
from evalkit.views.languages import inputs_in, languages
from evalkit.views.translated import translated

if TYPE_CHECKING:
    from evalkit.model.evaluation import EvaluationInputs

PROJECT = Path(__file__).parents[2]
SHIPPED = PROJECT / "results" / "coding-agents-2026"
HEAD = "format: evalkit/evaluation-translation/1\nevaluation: coding-agents-2026\nlanguage: de\n"


@pytest.fixture(scope="module")
def project(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A project with one product, as shipped, and no translation of the evaluation."""
    root = tmp_path_factory.mktemp("project")
    shutil.copytree(PROJECT / "questionnaires", root / "questionnaires")
    folder = root / "results" / "ours"
    for name in ("evaluation.yaml", "answers/aider.yaml", "controls/aider.yaml", "controls/conditions.yaml"):
        target = folder / name
        target.parent.mkdir(parents=True, exist_ok=True)
        shutil.copy(SHIPPED / name, target)
    return folder


@pytest.fixture(scope="module")
def inputs(project: Path) -> EvaluationInputs:
    return load_inputs(project)


@pytest.fixture
def evaluation(project: Path) -> Path:
    """The same without what an earlier test put there."""
    shutil.rmtree(project / "languages", ignore_errors=True)
    return project


def translate(evaluation: Path, text: str, language: str = "de") -> None:
    path = evaluation / "languages" / f"{language}.yaml"
    path.parent.mkdir(exist_ok=True)
    path.write_text(text, encoding="utf-8")


def test_an_evaluation_need_not_be_translated(evaluation: Path, inputs: EvaluationInputs) -> None:
    assert read_evaluation_translation(evaluation, inputs, "de") is None
    assert inputs_in("en", evaluation, inputs) is inputs


def test_what_is_translated_is_shown_so_and_the_rest_as_written(
    evaluation: Path, inputs: EvaluationInputs
) -> None:
    control, other = inputs.controls["aider"].controls[:2]
    deployment = inputs.answers["aider"].deployments[0]
    translate(
        evaluation, f"{HEAD}title: Agenten\ntexts:\n  {control.title}: Aus\n  {deployment.name}: Wolke\n"
    )
    shown = inputs_in("de", evaluation, inputs)
    assert shown.evaluation.title == "Agenten"
    assert [it.title for it in shown.controls["aider"].controls[:2]] == ["Aus", other.title]
    assert shown.answers["aider"].deployments[0].name == "Wolke"
    assert shown.answers["aider"].answers == inputs.answers["aider"].answers


def test_a_translation_is_no_input(evaluation: Path, inputs: EvaluationInputs) -> None:
    translate(evaluation, f"{HEAD}title: Agenten\n")
    again = load_inputs(evaluation)
    assert again.hashes == inputs.hashes
    assert score(translated(again, None, read_evaluation_translation(evaluation, again, "de"))) == score(
        inputs
    )


@pytest.mark.parametrize(
    ("text", "line", "says"),
    [
        (f"{HEAD}texts:\n  Analitics permanently off: Aus\n", 5, "did you mean Analytics permanently off?"),
        (f"{HEAD}texts:\n  Nothing like it: Aus\n", 5, "texts: the evaluation has no 'Nothing like it'"),
        (HEAD.replace("language: de", "language: fr"), 3, "language: fr is not de"),
        (HEAD.replace("coding-agents-2026", "other"), 2, "evaluation: other is not coding-agents-2026"),
        (f"{HEAD}text: {{}}\n", 4, "S002 the key 'text' is not known (did you mean 'texts'?)"),
        (f"{HEAD}texts:\n  Analytics permanently off: ' '\n", 5, "S008"),
    ],
)
def test_what_is_wrong_is_named_with_its_line_by_the_board_and_by_check(
    evaluation: Path, inputs: EvaluationInputs, text: str, line: int, says: str
) -> None:
    translate(evaluation, text)
    with pytest.raises(InvalidInputError) as refused:
        inputs_in("de", evaluation, inputs)
    (problem,) = refused.value.problems
    assert f"{problem}".startswith(f"results/ours/languages/de.yaml:{line}: ")
    assert says in str(problem)
    assert check(evaluation) == (problem,)
    load_inputs(evaluation)


def test_a_link_out_of_the_evaluation_is_refused(
    evaluation: Path, inputs: EvaluationInputs, tmp_path: Path
) -> None:
    outside = tmp_path / "de.yaml"
    outside.write_text(HEAD, encoding="utf-8")
    (evaluation / "languages").mkdir()
    (evaluation / "languages" / "de.yaml").symlink_to(outside)
    with pytest.raises(InvalidInputError, match="Y017 the link leads out"):
        read_evaluation_translation(evaluation, inputs, "de")
    assert [problem.code for problem in check(evaluation)] == ["Y017"]


def test_a_questionnaires_translation_is_checked_with_the_evaluation(evaluation: Path) -> None:
    path = evaluation.parents[1] / "questionnaires" / "coding-agent" / "languages" / "de.yaml"
    text = path.read_text(encoding="utf-8")
    try:
        path.write_text(text.replace("\n  LOC-01: ", "\n  LOC-99: ", 1), encoding="utf-8")
        assert [problem.code for problem in check(evaluation)] == ["L005"]
    finally:
        path.write_text(text, encoding="utf-8")


@pytest.mark.parametrize("language", languages()[1:])
def test_the_shipped_evaluation_is_translated_as_a_whole(language: str) -> None:
    inputs = load_inputs(SHIPPED)
    found = read_evaluation_translation(SHIPPED, inputs, language)
    assert found is not None
    assert found.title
    assert set(translatable_texts(inputs)) - set(found.texts) == set()
