from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import nbformat
import pytest

from evalkit.engine.canonical_notebook import canonical, read_template, to_bytes
from evalkit.errors import RenderError

v4: Any = nbformat.v4  # it has no types
CWD = Path("/somewhere/else")


def _cell(*outputs: object, **more: object) -> object:
    return v4.new_code_cell("x", id="a", outputs=list(outputs), **more)


def _stream(name: str, text: str) -> object:
    return v4.new_output("stream", name=name, text=text)


def test_pieces_of_streams_become_one_each_whatever_their_order() -> None:
    one = _cell(_stream("stdout", "a"), _stream("stderr", "E"), _stream("stdout", "b"))
    two = _cell(_stream("stderr", "E"), _stream("stdout", "ab"))
    first, second = (canonical(v4.new_notebook(cells=[cell]), cwd=CWD) for cell in (one, two))
    assert first == second
    assert [output.text for output in first.cells[0].outputs] == ["ab", "E"]


def test_what_is_shown_between_streams_keeps_them_apart() -> None:
    shown = v4.new_output("display_data", data={"text/plain": "x"})
    notebook = v4.new_notebook(cells=[_cell(_stream("stdout", "a"), shown, _stream("stdout", "b"))])
    kinds = [output.output_type for output in canonical(notebook, cwd=CWD).cells[0].outputs]
    assert kinds == ["stream", "display_data", "stream"]


def test_of_papermill_only_the_parameters_stay() -> None:
    notebook = v4.new_notebook(
        cells=[_cell(metadata={"papermill": {"duration": 1}, "execution": {}, "tags": []})],
        metadata={"papermill": {"parameters": {"b": 1}, "duration": 2.5, "input_path": "/x"}, "widgets": {}},
    )
    result = canonical(notebook, cwd=CWD)
    assert result.metadata.papermill == {"parameters": {"b": 1}}
    assert "widgets" not in result.metadata
    assert result.cells[0].metadata == {}


def test_the_injected_cell_has_one_id_and_one_form() -> None:
    forms = ('# Parameters\nx = "a"\ny = [1,2]\n', "# Parameters\nx = 'a'\ny = [\n    1,\n    2,\n]\n")
    cells = [v4.new_code_cell(form, metadata={"tags": ["injected-parameters"]}) for form in forms]
    first, second = (canonical(v4.new_notebook(cells=[cell]), cwd=CWD) for cell in cells)
    assert first == second
    assert first.cells[0].id == "injected-parameters"


def test_the_cells_with_which_papermill_points_to_an_error_stay_with_ids_that_are_always_the_same() -> None:
    def banner(text: str) -> object:
        return v4.new_markdown_cell(text, metadata={"tags": ["papermill-error-cell-tag"]})

    cells = [banner("top"), _cell(), banner("anchor")]
    result = canonical(v4.new_notebook(cells=cells), cwd=CWD).cells
    assert [(cell.id, cell.source) for cell in result] == [
        ("papermill-error-1", "top"),
        ("a", "x"),
        ("papermill-error-2", "anchor"),
    ]


def test_a_traceback_has_no_colours_addresses_or_folders_of_the_machine() -> None:
    error = v4.new_output(
        "error",
        ename="E",
        evalue="<object object at 0x7f0011223344>",
        traceback=[f'\x1b[31mFile "{CWD}/a.py"', "File /tmp/ipykernel_12/345.py:3"],
    )
    (output,) = canonical(v4.new_notebook(cells=[_cell(error)]), cwd=CWD).cells[0].outputs
    assert output.evalue == "<object object at 0x…>"
    assert output.traceback == ['File "./a.py"', "File <cell>:3"]


def test_bytes_have_sorted_keys_and_end_in_one_newline() -> None:
    content = to_bytes(canonical(v4.new_notebook(cells=[_cell()]), cwd=CWD))
    assert content.endswith(b"}\n")
    assert list(json.loads(content)) == ["cells", "metadata", "nbformat", "nbformat_minor"]


def test_a_lone_surrogate_can_be_written() -> None:
    notebook = canonical(v4.new_notebook(cells=[_cell(_stream("stdout", "\ud800"))]), cwd=CWD)
    assert json.loads(to_bytes(notebook))["cells"][0]["outputs"][0]["text"] == ["\ud800"]


def test_cells_of_an_old_template_get_ids_by_their_place(tmp_path: Path) -> None:
    path = tmp_path / "old.ipynb"
    cell = {"cell_type": "markdown", "metadata": {}, "source": "x"}
    path.write_text(json.dumps({"cells": [cell, cell], "metadata": {}, "nbformat": 4, "nbformat_minor": 4}))
    assert [cell.id for cell in read_template(path).cells] == ["cell-1", "cell-2"]


@pytest.mark.parametrize(
    ("text", "reason"),
    [
        (None, "template t.ipynb cannot be read: No such file or directory"),
        ("{", "template t.ipynb cannot be read: Expecting property name"),
        ("[]", "template t.ipynb is no notebook of format 4"),
        ('{"nbformat": 3}', "template t.ipynb is no notebook of format 4"),
        ('{"nbformat": 4, "metadata": {}, "cells": [1]}', "template t.ipynb has no list of cells"),
        (
            '{"nbformat": 4, "metadata": {}, "cells": [{"cell_type": "code"}]}',
            "template t.ipynb is no valid notebook: ",
        ),
        ('{"nbformat": 4, "metadata": {}}', "template t.ipynb has no list of cells"),
    ],
)
def test_a_file_that_is_no_template_is_named(tmp_path: Path, text: str | None, reason: str) -> None:
    path = tmp_path / "t.ipynb"
    if text is not None:
        path.write_text(text)
    with pytest.raises(RenderError, match=reason):
        read_template(path)
