from __future__ import annotations

import json
from typing import TYPE_CHECKING, Any

import nbformat
import pytest

from tools.canonical_notebooks import canonical_text, is_readable_id, main, notebook_paths

if TYPE_CHECKING:
    from pathlib import Path


def _notebook(*cells: dict[str, Any], minor: int = 5) -> str:
    metadata = {
        "kernelspec": {"display_name": "my venv", "language": "python", "name": "my-venv"},
        "language_info": {"name": "python", "version": "3.11.7"},
        "papermill": {"duration": 1.5},
    }
    return json.dumps({"cells": cells, "metadata": metadata, "nbformat": 4, "nbformat_minor": minor})


def _code(source: str, **other: Any) -> dict[str, Any]:  # noqa: ANN401 - any field of a cell
    empty: dict[str, Any] = {"cell_type": "code", "metadata": {}, "execution_count": None, "outputs": []}
    return empty | {"source": source} | other


def _ids(text: str) -> list[str]:
    return [cell["id"] for cell in json.loads(canonical_text(text))["cells"]]


RUN = _code(
    "1\n",
    id="load-answers",
    execution_count=7,
    outputs=[{"output_type": "stream", "name": "stdout", "text": "1"}],
    metadata={"tags": ["parameters"], "collapsed": True, "execution": {"iopub.status.busy": "now"}},
)


def test_outputs_counts_and_other_metadata_go_and_tags_stay() -> None:
    canonical = json.loads(canonical_text(_notebook(RUN)))
    assert canonical["cells"] == [
        {
            "cell_type": "code",
            "execution_count": None,
            "id": "load-answers",
            "metadata": {"tags": ["parameters"]},
            "outputs": [],
            "source": ["1"],
        }
    ]
    assert canonical["metadata"] == {
        "kernelspec": {"display_name": "Python 3", "language": "python", "name": "python3"},
        "language_info": {"name": "python"},
    }


def test_canonical_text_is_its_own_canonical_form() -> None:
    once = canonical_text(_notebook(RUN, _code("é = 1", id="8c1d2e3f")))
    assert canonical_text(once) == once
    assert once.endswith("}\n")
    assert '\n "cells"' in once
    assert "é" in once


def test_a_random_or_missing_id_is_replaced_by_a_readable_one() -> None:
    title = {"cell_type": "markdown", "metadata": {}, "source": "# What was answered?", "id": "0a1b2c3d"}
    parameters = _code("a = 1", id="d2719a6e-5a0b-4f0e-8a3c-0f3c1b8e7a11", metadata={"tags": ["parameters"]})
    assert _ids(_notebook(title, parameters)) == ["what-was-answered", "parameters"]
    assert _ids(_notebook(_code("show(x)"), _code("show(x)"), _code("123"), minor=4)) == [
        "show-x",
        "show-x-2",
        "cell",
    ]


def test_empty_cells_go_and_attachments_stay() -> None:
    picture = {"logo.png": {"image/png": "AA=="}}
    note = {"cell_type": "markdown", "metadata": {}, "source": "x", "id": "x", "attachments": picture}
    canonical = json.loads(canonical_text(_notebook(note, _code(" \n", id="empty"))))
    assert [cell.get("attachments") for cell in canonical["cells"]] == [picture]


@pytest.mark.parametrize("cell_id", ["load-answers", "decade", "a", "facade-bed", "step2"])
def test_words_are_readable_ids(cell_id: str) -> None:
    assert is_readable_id(cell_id)


@pytest.mark.parametrize("cell_id", ["0a1b2c3d", "ad3f9a1c", "Load", "load_answers", "-load", ""])
def test_hex_and_other_spellings_are_not_readable_ids(cell_id: str) -> None:
    assert not is_readable_id(cell_id)


@pytest.mark.parametrize("text", ["[]", "{}", "not json", '{"nbformat": 3, "worksheets": []}'])
def test_what_is_no_notebook_is_an_error(text: str) -> None:
    with pytest.raises(ValueError, match=r"not a notebook|Expecting value"):
        canonical_text(text)


def test_a_cell_that_breaks_the_format_is_an_error() -> None:
    with pytest.raises(nbformat.ValidationError, match="cell_type"):
        canonical_text(_notebook(_code("1", cell_type="poem")))


def test_check_names_the_notebook_and_changes_nothing(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    path = tmp_path / "a.ipynb"
    path.write_text(_notebook(RUN), encoding="utf-8")
    assert main(["--check", str(path)]) == 1
    assert "a.ipynb: not canonical" in capsys.readouterr().err
    assert path.read_text(encoding="utf-8") == _notebook(RUN)


def test_a_notebook_is_rewritten_once(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    path = tmp_path / "a.ipynb"
    path.write_text(_notebook(RUN), encoding="utf-8")
    assert main([str(path)]) == 0
    assert capsys.readouterr().out == f"{path}: rewritten\n"
    assert main([str(path)]) == 0
    assert main(["--check", str(path)]) == 0
    assert capsys.readouterr().out == ""


def test_checkpoints_are_not_notebooks(tmp_path: Path) -> None:
    for name in ("b.ipynb", "sub/a.ipynb", ".ipynb_checkpoints/b-checkpoint.ipynb"):
        (tmp_path / name).parent.mkdir(exist_ok=True)
        (tmp_path / name).touch()
    assert notebook_paths(tmp_path) == (tmp_path / "b.ipynb", tmp_path / "sub/a.ipynb")
