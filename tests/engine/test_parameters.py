from __future__ import annotations

from typing import TYPE_CHECKING, Any

import nbformat
import pytest

from evalkit.engine.parameters import checked_parameters, parameter_names
from evalkit.errors import RenderError

if TYPE_CHECKING:
    from nbformat import NotebookNode

v4: Any = nbformat.v4  # it has no types


def _notebook(source: str) -> NotebookNode:
    notebook: NotebookNode = v4.new_notebook(
        cells=[v4.new_code_cell(source, metadata={"tags": ["parameters"]})]
    )
    return notebook


def test_names_are_those_the_cell_assigns_also_annotated_and_with_equals_signs_in_values() -> None:
    source = 'a = "x=y"\nb: int = 1\nc = d = None\n# e = 1\nprint(f := 1)'
    assert parameter_names(_notebook(source)) == ("a", "b", "c", "d")


def test_a_template_without_a_parameters_cell_takes_none() -> None:
    notebook = v4.new_notebook(cells=[v4.new_code_cell("a = 1")])
    assert checked_parameters(notebook, {}) == {}
    with pytest.raises(RenderError, match=r"parameter a is not in .*; allowed: none"):
        checked_parameters(notebook, {"a": 1})


def test_tuples_become_lists_and_names_are_sorted() -> None:
    given = checked_parameters(_notebook("b = a = 1"), {"b": ("x", 1), "a": {"k": None}})
    assert list(given.items()) == [("a", {"k": None}), ("b", ["x", 1])]


def test_a_value_of_no_json_type_is_refused() -> None:
    with pytest.raises(RenderError, match="of no JSON type"):
        checked_parameters(_notebook("a = 1"), {"a": {1, 2}})


def test_a_parameters_cell_that_is_no_python_is_refused() -> None:
    with pytest.raises(RenderError, match="no Python"):
        checked_parameters(_notebook("a ="), {"a": 1})
