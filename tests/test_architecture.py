from __future__ import annotations

import ast
import json
from collections import Counter
from pathlib import Path
from typing import Any

import pytest
from importlinter.cli import lint_imports

from tools.canonical_notebooks import NOTEBOOKS, canonical_text, is_readable_id, notebook_paths

ROOT = Path(__file__).parent.parent
TEMPLATES = NOTEBOOKS / "templates"

# What makes a notebook more than calls to public names and prose.
THICK: dict[type[ast.AST], str] = {
    ast.FunctionDef: "a function",
    ast.AsyncFunctionDef: "a function",
    ast.Lambda: "a function",
    ast.ClassDef: "a class",
    ast.For: "a loop",
    ast.AsyncFor: "a loop",
    ast.While: "a loop",
    ast.comprehension: "a loop",
    ast.With: "a with block",
    ast.AsyncWith: "a with block",
    ast.BinOp: "arithmetic",
    ast.AugAssign: "arithmetic",
}


def thickness(source: str) -> list[str]:
    """What a code cell holds that belongs into evalkit, each as ``line: what``."""
    found = []
    for node in ast.walk(ast.parse(source)):
        line = getattr(node, "lineno", 1)
        if type(node) in THICK:
            found.append(f"{line}: {THICK[type(node)]}")
        elif isinstance(node, ast.Import):
            found += [f"{line}: import of {a.name}" for a in node.names if not _is_ours(a.name)]
        elif isinstance(node, ast.ImportFrom) and (node.level or not _is_ours(node.module or "")):
            found.append(f"{line}: import of {node.module}")
    return found


def _is_ours(module: str) -> bool:
    return module.partition(".")[0] == "evalkit"


def _cells(path: Path) -> list[dict[str, Any]]:
    cells: list[dict[str, Any]] = json.loads(path.read_text(encoding="utf-8"))["cells"]
    return cells


def _name(path: Path) -> str:
    return path.relative_to(NOTEBOOKS).as_posix()


every_notebook = pytest.mark.parametrize("path", notebook_paths(), ids=_name)
every_template = pytest.mark.parametrize("path", notebook_paths(TEMPLATES), ids=_name)


def test_each_module_imports_from_lower_layers_only(
    monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.chdir(ROOT)
    exit_code = lint_imports(config_filename="pyproject.toml", no_cache=True)
    assert exit_code == 0, capsys.readouterr().out


@pytest.mark.parametrize(
    ("source", "found"),
    [
        ("from evalkit import load\nload('x').table()", []),
        ("import evalkit.views", []),
        ("threshold = -1", []),
        ("import pandas as pd", ["1: import of pandas"]),
        ("import evalkit_extras", ["1: import of evalkit_extras"]),
        ("from . import views", ["1: import of None"]),
        ("x = 1\nx += 1", ["2: arithmetic"]),
        ("total = a + b", ["1: arithmetic"]),
        ("def f():\n    pass", ["1: a function"]),
        ("f = lambda: 0", ["1: a function"]),
        ("class A: pass", ["1: a class"]),
        ("for a in b: pass", ["1: a loop"]),
        ("while a: pass", ["1: a loop"]),
        ("[a for a in b]", ["1: a loop"]),
        ("with a: pass", ["1: a with block"]),
    ],
)
def test_a_cell_is_thick_if_it_does_more_than_call_evalkit(source: str, found: list[str]) -> None:
    assert thickness(source) == found


@every_notebook
def test_a_notebook_is_canonical(path: Path) -> None:
    text = path.read_bytes().decode("utf-8")
    assert text == canonical_text(text), "run `make notebooks`"


@every_notebook
def test_a_notebook_holds_no_outputs_and_no_counts(path: Path) -> None:
    code = [cell for cell in _cells(path) if cell["cell_type"] == "code"]
    assert [cell["id"] for cell in code if cell["outputs"] or cell["execution_count"] is not None] == []


@every_notebook
def test_a_notebook_has_readable_cell_ids(path: Path) -> None:
    assert [cell["id"] for cell in _cells(path) if not is_readable_id(cell["id"])] == []


@every_notebook
def test_a_notebook_starts_with_its_title(path: Path) -> None:
    first = _cells(path)[0]
    assert first["cell_type"] == "markdown"
    assert first["source"][0].startswith("# ")


@every_notebook
def test_a_notebook_is_thin(path: Path) -> None:
    found = {
        cell["id"]: thickness("".join(cell["source"])) for cell in _cells(path) if cell["cell_type"] == "code"
    }
    assert {cell_id: what for cell_id, what in found.items() if what} == {}


@every_template
def test_a_template_has_one_cell_of_parameters(path: Path) -> None:
    tags = Counter(tag for cell in _cells(path) for tag in cell["metadata"].get("tags", ()))
    assert tags["parameters"] == 1
