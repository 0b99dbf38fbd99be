"""Makes an evaluation of as many options as asked for, from copies of the shipped answers."""

from __future__ import annotations

import re
import shutil
from itertools import cycle
from pathlib import Path

ROOT = Path(__file__).resolve().parent.parent
SHIPPED = ROOT / "results" / "coding-agents-2026"


def larger(project: Path, options: int) -> Path:
    """Write a project whose evaluation compares ``options`` options, and return the evaluation's folder.

    Products come again as ``<product>-2``, ``<product>-3`` and so on, each with its controls; every copy is
    another product to evalkit.
    """
    evaluation = project / "results" / "larger"
    for folder in ("answers", "controls"):
        (evaluation / folder).mkdir(parents=True)
    shutil.copytree(ROOT / "questionnaires", project / "questionnaires")
    shutil.copytree(ROOT / "notebooks" / "templates", project / "notebooks" / "templates")
    shutil.copy(SHIPPED / "controls" / "conditions.yaml", evaluation / "controls")
    named: list[str] = []
    files = sorted((SHIPPED / "answers").glob("*.yaml"))
    for place, file in enumerate(cycle(files)):
        named += _copied(file, evaluation, 1 + place // len(files))
        if len(named) >= options:
            break
    text = (SHIPPED / "evaluation.yaml").read_text(encoding="utf-8")
    listed = "\n".join(f"- {option}" for option in named[:options])
    text = re.sub(r"(?m)^options: all$", f"options:\n{listed}", text)
    (evaluation / "evaluation.yaml").write_text(text, encoding="utf-8")
    return evaluation


def _copied(file: Path, evaluation: Path, number: int) -> list[str]:
    """Copy one product's files under a new id, and return its options."""
    product = file.stem if number == 1 else f"{file.stem}-{number}"
    for folder, line in (("answers", "  id: "), ("controls", "product: ")):
        text = (SHIPPED / folder / file.name).read_text(encoding="utf-8")
        text = re.sub(rf"(?m)^{line}{re.escape(file.stem)}$", f"{line}{product}", text, count=1)
        (evaluation / folder / f"{product}.yaml").write_text(text, encoding="utf-8")
    deployments = (SHIPPED / "answers" / file.name).read_text(encoding="utf-8").partition("\nsources:")[0]
    return [f"{product}/{found}" for found in re.findall(r"(?m)^- \{id: ([a-z0-9-]+),", deployments)]
