"""Which parameters a template has: papermill only warns of a name that it does not know."""

from __future__ import annotations

import ast
import json
from typing import TYPE_CHECKING, Any

from evalkit.errors import RenderError

if TYPE_CHECKING:
    from collections.abc import Mapping

    from nbformat import NotebookNode


def parameter_names(notebook: NotebookNode) -> tuple[str, ...]:
    """Return the names that the cell tagged ``parameters`` assigns, in order; empty without such a cell.

    Raises
    ------
    RenderError
        If the cell is no Python.
    """
    for cell in notebook.cells:
        if "parameters" in cell.metadata.get("tags", ()):
            return _assigned(cell.source)
    return ()


def checked_parameters(notebook: NotebookNode, given: Mapping[str, object]) -> dict[str, Any]:
    """Return the given parameters as JSON types, in the order of their names.

    Raises
    ------
    RenderError
        If the template has no such parameter, or a value is of no JSON type.
    """
    known = parameter_names(notebook)
    unknown = sorted(set(given) - set(known))
    if unknown:
        raise RenderError(
            f"parameter {', '.join(unknown)} is not in the template's parameters cell;"
            f" allowed: {', '.join(known) or 'none'}"
        )
    return json_types(given)


def json_types(given: Mapping[str, object]) -> dict[str, Any]:
    """Return parameters as JSON types, in the order of their names.

    Raises
    ------
    RenderError
        If a value is of no JSON type.
    """
    try:
        parameters: dict[str, Any] = json.loads(json.dumps(dict(given), sort_keys=True))
    except TypeError as error:
        raise RenderError(f"a parameter's value is of no JSON type: {error}") from error
    return parameters


def _assigned(source: str) -> tuple[str, ...]:
    try:
        tree = ast.parse(source)
    except SyntaxError as error:
        raise RenderError(f"the template's parameters cell is no Python: {error.msg}") from error
    names: list[str] = []
    for statement in tree.body:
        targets: list[ast.expr] = []
        if isinstance(statement, ast.Assign):
            targets = statement.targets
        elif isinstance(statement, ast.AnnAssign):
            targets = [statement.target]
        names += [target.id for target in targets if isinstance(target, ast.Name)]
    return tuple(names)
