"""An evaluation in a project of its own: one product that assessors answered, and one that none did."""

from __future__ import annotations

import shutil
from typing import TYPE_CHECKING

from evalkit.files.canonical import to_yaml
from evalkit.files.loading import load_inputs
from tests.cli.command import ROOT

if TYPE_CHECKING:
    from collections.abc import Mapping
    from pathlib import Path

    from evalkit.model.answers import Answer, ProductAnswers

SHIPPED = ROOT / "results" / "coding-agents-2026"

BASE = load_inputs(SHIPPED, products={"aider"}).answers["aider"]
"""What the assessors agree on but for what a test changes."""

AS_IS: Mapping[str, Answer] = {
    name: said
    for name, said in BASE.answers.items()
    if said.value is not None and all(item.value is None for item in said.evidence)
}
"""Answers whose evidence states their value, so that it may be changed."""


def assessed(
    folder: Path, files: Mapping[str, Mapping[str, Answer]], *, consensus: ProductAnswers | None = None
) -> Path:
    """Make an evaluation in which assessors say what BASE says, but for the answers given; return it."""
    evaluation = folder / "results" / "ours"
    (evaluation / "answers").mkdir(parents=True)
    shutil.copytree(ROOT / "questionnaires", folder / "questionnaires")
    shutil.copy(SHIPPED / "evaluation.yaml", evaluation)
    shutil.copy(SHIPPED / "answers" / "opencode.yaml", evaluation / "answers")
    for name, said in files.items():
        prepared = BASE.prepared.model_copy(update={"by": name.capitalize()})
        own = BASE.model_copy(update={"answers": BASE.answers | dict(said), "prepared": prepared})
        (evaluation / "answers" / f"aider.{name}.yaml").write_text(to_yaml(own), encoding="utf-8")
    if consensus is not None:
        (evaluation / "answers" / "aider.yaml").write_text(to_yaml(consensus), encoding="utf-8")
    return evaluation


def at(question: str, value: int) -> Answer:
    """BASE's answer to a question with another level."""
    return AS_IS[question].model_copy(update={"value": value, "finding": f"Read as level {value}."})
