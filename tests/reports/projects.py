"""A project with two products, three options, and templates whose notebooks take no time."""

from __future__ import annotations

import hashlib
import shutil
from pathlib import Path
from typing import TYPE_CHECKING, Any

import nbformat
import yaml

if TYPE_CHECKING:
    from collections.abc import Mapping

ROOT = Path(__file__).resolve().parents[2]
SHIPPED = ROOT / "results" / "coding-agents-2026"
AIDER, LOCAL, CLINE = "aider/bedrock", "aider/local-model", "cline/ide-bedrock"
OPTIONS = (AIDER, LOCAL, CLINE)
ALL = ("comparison", *OPTIONS)

v4: Any = nbformat.v4  # it has no types


def write_template(path: Path, parameters: Mapping[str, str], source: str) -> None:
    lines = "".join(f"{name} = {value!r}\n" for name, value in parameters.items())
    cells = [
        v4.new_code_cell(lines, id="parameters", metadata={"tags": ["parameters"]}),
        v4.new_code_cell(source, id="work"),
    ]
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_text(v4.writes(v4.new_notebook(cells=cells)), encoding="utf-8")


def write_report_template(root: Path, source: str) -> None:
    path = root / "notebooks" / "templates" / "vendor_report.ipynb"
    write_template(path, {"evaluation": "", "option": ""}, source)


def make_project(root: Path) -> Path:
    """Return the folder of the evaluation."""
    evaluation = root / "results" / "small"
    shutil.copytree(ROOT / "questionnaires", root / "questionnaires")
    for folder in ("answers", "controls"):
        (evaluation / folder).mkdir(parents=True)
        for name in ("aider.yaml", "cline.yaml"):
            shutil.copy(SHIPPED / folder / name, evaluation / folder)
    shutil.copy(SHIPPED / "controls" / "conditions.yaml", evaluation / "controls")
    header = yaml.safe_load((SHIPPED / "evaluation.yaml").read_text(encoding="utf-8"))
    header |= {"id": "small", "title": "Small", "options": list(OPTIONS)}
    (evaluation / "evaluation.yaml").write_text(yaml.safe_dump(header), encoding="utf-8")
    write_report_template(root, "print(option)")
    templates = root / "notebooks" / "templates"
    write_template(templates / "comparison.ipynb", {"evaluation": ""}, "print(evaluation)")
    return evaluation


def append(path: Path, text: str = "\n# a note\n") -> None:
    path.write_text(path.read_text(encoding="utf-8") + text, encoding="utf-8")


def digests(folder: Path) -> dict[str, str]:
    """The hash of every file below a folder, hidden ones too."""
    return {
        path.relative_to(folder).as_posix(): hashlib.sha256(path.read_bytes()).hexdigest()
        for path in sorted(folder.rglob("*"))
        if path.is_file()
    }
