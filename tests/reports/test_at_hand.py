from __future__ import annotations

import shutil
from pathlib import Path
from typing import TYPE_CHECKING

import pytest

from evalkit import load_inputs, score
from evalkit.reports import documents
from evalkit.reports.at_hand import at_hand, keep, product_of
from evalkit.reports.documents import comparison, prepare, vendor_report

if TYPE_CHECKING:
    from collections.abc import Callable

ROOT = Path(__file__).parents[2]
PRODUCTS = ("aider", "claude-code")


@pytest.fixture(scope="module")
def original(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The shipped evaluation with two of its products, one option of each left out, and a stakeholder."""
    project = tmp_path_factory.mktemp("project")
    shutil.copytree(ROOT / "questionnaires", project / "questionnaires")
    shipped, own = ROOT / "results" / "coding-agents-2026", project / "results" / "ours"
    for folder in ("answers", "controls"):
        (own / folder).mkdir(parents=True)
        for product in PRODUCTS:
            shutil.copy(shipped / folder / f"{product}.yaml", own / folder)
    shutil.copy(shipped / "controls" / "conditions.yaml", own / "controls")
    lines = (shipped / "evaluation.yaml").read_text(encoding="utf-8").splitlines()
    kept = [line for line in lines if not line.startswith("options:")]
    options = "options: [aider/bedrock, aider/gateway, claude-code/bedrock, claude-code/direct]"
    (own / "evaluation.yaml").write_text("\n".join([*kept, options, ""]), encoding="utf-8")
    return own


@pytest.fixture
def evaluation(original: Path, tmp_path: Path) -> Path:
    """A copy that is at hand, and can be changed."""
    project = tmp_path / "project"
    shutil.copytree(original.parents[1], project)
    folder = project / "results" / "ours"
    keep(folder)
    return folder


def test_nothing_is_at_hand_unless_it_was_kept(original: Path) -> None:
    assert at_hand(original) is None


def test_what_is_at_hand_is_what_reading_gives(evaluation: Path) -> None:
    kept = at_hand(evaluation)
    assert kept is not None
    assert kept.inputs == load_inputs(evaluation)
    assert tuple(kept.cards.values()) == score(kept.inputs)


@pytest.mark.parametrize("product", PRODUCTS)
def test_of_one_product_too(evaluation: Path, product: str) -> None:
    kept = at_hand(evaluation, product)
    assert kept is not None
    assert kept.inputs == load_inputs(evaluation, products={product})
    assert tuple(kept.cards.values()) == score(kept.inputs)


def _append(name: str) -> Callable[[Path], object]:
    return lambda folder: (folder / name).write_bytes((folder / name).read_bytes() + b"# more\n")


CHANGES: dict[str, Callable[[Path], object]] = {
    "an answer": _append("answers/aider.yaml"),
    "a control": _append("controls/aider.yaml"),
    "the conditions": _append("controls/conditions.yaml"),
    "the evaluation": _append("evaluation.yaml"),
    "the questionnaire": _append("../../questionnaires/coding-agent/storage.yaml"),
    "the profile": _append("../../questionnaires/coding-agent/profiles/standard.yaml"),
    "an assessor more": lambda folder: shutil.copy(
        folder / "answers/aider.yaml", folder / "answers/aider.ann.yaml"
    ),
    "controls less": lambda folder: (folder / "controls/aider.yaml").unlink(),
    "a misplaced file": lambda folder: (folder / "answers/No.yml").touch(),
}


@pytest.mark.parametrize("change", CHANGES)
def test_after_a_change_nothing_is_at_hand(evaluation: Path, change: str) -> None:
    CHANGES[change](evaluation)
    assert at_hand(evaluation, "aider") is None
    assert at_hand(evaluation) is None


def test_a_stakeholder_more_counts(evaluation: Path) -> None:
    (evaluation / "weights").mkdir()
    (evaluation / "weights" / "security.yaml").write_text("format: evalkit/weights/1\n", encoding="utf-8")
    assert at_hand(evaluation, "aider") is None


def test_a_change_to_one_product_leaves_the_other_at_hand(evaluation: Path) -> None:
    _append("answers/aider.yaml")(evaluation)
    assert at_hand(evaluation, "claude-code") is not None


def test_documents_are_the_same_with_and_without(evaluation: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    def shown() -> list[str]:
        report = vendor_report(str(evaluation), "aider/bedrock")
        return [section.html for section in (*report.sections, comparison(str(evaluation)).ranking)]

    with_it = shown()
    monkeypatch.setattr(documents, "at_hand", lambda *_: None)
    assert shown() == with_it


def test_an_evaluation_that_would_take_too_much_memory_is_not_kept(original: Path, tmp_path: Path) -> None:
    project = tmp_path / "project"
    shutil.copytree(original.parents[1], project)
    folder = project / "results" / "ours"
    size = sum(file.stat().st_size for file in (folder / "answers").iterdir())
    assert keep(folder, most_bytes=size - 1) is None
    assert at_hand(folder) is None
    assert keep(folder, most_bytes=size) is not None


def test_files_that_cannot_be_used_are_left_to_the_notebooks(evaluation: Path) -> None:
    (evaluation / "evaluation.yaml").write_text("no: evaluation\n", encoding="utf-8")
    prepare(str(evaluation))
    assert at_hand(evaluation) is None


@pytest.mark.parametrize(
    ("name", "product"),
    [
        ("results/ours/answers/aider.yaml", "aider"),
        ("results/ours/answers/aider.ann.yaml", "aider"),
        ("results/ours/controls/aider.yaml", "aider"),
        ("results/ours/controls/conditions.yaml", None),
        ("results/ours/weights/aider.yaml", None),
    ],
)
def test_a_file_names_its_product(name: str, product: str | None) -> None:
    assert product_of(name) == product
