"""An executed notebook without what differs between runs and machines."""

from __future__ import annotations

import ast
import json
from itertools import count
from typing import TYPE_CHECKING, Any, Final

import nbformat
from nbformat.v4 import writes as to_json

from evalkit.engine.legible import first_line, legible, without_addresses, without_machine
from evalkit.errors import RenderError

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator
    from pathlib import Path

    from nbformat import NotebookNode

_PAPERMILL_MARKER: Final = "papermill-error-cell-tag"
_MARKER: Final = "papermill-error"
_INJECTED: Final = "injected-parameters"
_WIDGET_VIEW: Final = "application/vnd.jupyter.widget-view+json"
_RUN_METADATA: Final = ("papermill", "execution", "ExecuteTime", "collapsed", "scrolled")


def canonical(notebook: NotebookNode, *, cwd: Path) -> NotebookNode:
    """Return the notebook as it is written: of two runs with the same inputs the same.

    Kept are cells, also those with which papermill points to an error, outputs, execution counts, tags and
    the parameters; gone are times, durations, paths, versions, environments, random cell ids, memory
    addresses and what widgets would need to move.

    Parameters
    ----------
    cwd
        The folder the cells ran in: written ``.`` in tracebacks and warnings.
    """
    markers = count(1)
    parameters = notebook.metadata.get("papermill", {}).get("parameters", {})
    metadata = {
        "kernelspec": {"display_name": "Python 3", "language": "python", "name": "python3"},
        "language_info": {"file_extension": ".py", "mimetype": "text/x-python", "name": "python"},
    }
    if parameters:
        metadata["papermill"] = {"parameters": parameters}
    content = {
        "nbformat": 4,
        "nbformat_minor": 5,
        "metadata": metadata,
        "cells": [_cell(cell, cwd) | _fixed_id(cell, markers) for cell in notebook.cells],
    }
    return nbformat.from_dict(content)  # type: ignore[no-any-return, no-untyped-call]


def to_bytes(notebook: NotebookNode) -> bytes:
    """Return the file's bytes: sorted keys, lines split, UTF-8, one newline at the end."""
    text: str = to_json(notebook).rstrip("\n") + "\n"  # type: ignore[no-untyped-call]
    return text.encode("utf-8", errors="backslashreplace")  # a lone surrogate becomes JSON's own \\udXXX


def cell_id(cell: NotebookNode) -> str:
    """Return the id that a cell has in the canonical notebook: papermill draws a random one for its own."""
    return _INJECTED if _INJECTED in cell.metadata.get("tags", ()) else str(cell.id)


def read_template(path: Path) -> NotebookNode:
    """Return a template notebook; cells without an id get one from their place.

    Raises
    ------
    RenderError
        If the file cannot be read or is no notebook of format 4.
    """
    try:
        raw = json.loads(path.read_text(encoding="utf-8"))
    except (OSError, ValueError) as error:
        said = error.strerror if isinstance(error, OSError) else error
        raise RenderError(f"template {path.name} cannot be read: {said}") from error
    if not isinstance(raw, dict) or raw.get("nbformat") != 4:  # noqa: PLR2004 - notebook format 4
        raise RenderError(f"template {path.name} is no notebook of format 4")
    cells = raw.get("cells")
    if not isinstance(cells, list) or not all(isinstance(cell, dict) for cell in cells):
        raise RenderError(f"template {path.name} has no list of cells")
    for number, cell in enumerate(cells, start=1):
        cell.setdefault("id", f"cell-{number}")
    content = raw | {"nbformat_minor": 5}
    try:
        nbformat.validate(content)
    except nbformat.ValidationError as error:
        raise RenderError(
            f"template {path.name} is no valid notebook: {first_line(error.message)}"
        ) from error
    return nbformat.reads(json.dumps(content), as_version=4)  # type: ignore[no-any-return, no-untyped-call]


def _fixed_id(cell: NotebookNode, markers: Iterator[int]) -> dict[str, str]:
    """Return the id of a cell with which papermill points to an error; it draws a random one."""
    return {"id": f"{_MARKER}-{next(markers)}"} if _PAPERMILL_MARKER in cell.metadata.get("tags", ()) else {}


def _cell(cell: NotebookNode, cwd: Path) -> dict[str, Any]:
    tags = cell.metadata.get("tags", ())
    metadata = {key: value for key, value in cell.metadata.items() if key not in _RUN_METADATA}
    if not tags:
        metadata.pop("tags", None)  # papermill adds an empty list
    result: dict[str, Any] = {
        "cell_type": cell.cell_type,
        "id": cell_id(cell),
        "metadata": metadata,
        "source": cell.source,
    }
    if _INJECTED in tags:
        result["source"] = _without_formatter(cell.source)
    if "attachments" in cell:
        result["attachments"] = cell.attachments
    if cell.cell_type == "code":
        result["execution_count"] = cell.get("execution_count")
        result["outputs"] = list(_outputs(cell.get("outputs", ()), cwd))
    return result


def _without_formatter(source: str) -> str:
    """Return the injected assignments in one form: papermill runs black over them where it is installed."""
    return f"# Parameters\n{ast.unparse(ast.parse(source))}"


def _outputs(outputs: Iterable[NotebookNode], cwd: Path) -> Iterable[dict[str, Any]]:
    """Yield outputs; neighbouring pieces of a stream, cut by chance, as one: stdout, then stderr."""
    streams: dict[str, str] = {}
    for output in outputs:
        if output.output_type == "stream":
            streams[output.name] = streams.get(output.name, "") + output.text
            continue
        yield from _streams(streams, cwd)
        streams = {}
        yield _output(output, cwd)
    yield from _streams(streams, cwd)


def _streams(texts: dict[str, str], cwd: Path) -> Iterable[dict[str, Any]]:
    for name in sorted(texts, reverse=True):
        yield {"output_type": "stream", "name": name, "text": without_machine(texts[name], cwd)}


def _output(output: NotebookNode, cwd: Path) -> dict[str, Any]:
    result = dict(output)
    if output.output_type == "error":
        result["evalue"] = without_machine(legible(output.evalue), cwd)
        result["traceback"] = [without_machine(legible(line), cwd) for line in output.traceback]
    else:
        data = dict(output.data)
        data.pop(_WIDGET_VIEW, None)  # a random id of a state that is not kept
        if "text/plain" in data:
            data["text/plain"] = without_addresses(data["text/plain"])
        result["data"] = data
    return result
