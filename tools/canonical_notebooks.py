"""Bring committed notebooks into one canonical form, so that a diff shows only what a person changed.

Canonical: nbformat 4.5, no outputs, counts or empty cells, no metadata but kernel, language and tags, a
readable id on each cell, keys sorted, one space of indent, a newline at the end.
"""

from __future__ import annotations

import argparse
import json
import re
import sys
from pathlib import Path
from typing import TYPE_CHECKING, Any

import nbformat

if TYPE_CHECKING:
    from collections.abc import Iterable, Sequence

NOTEBOOKS = Path(__file__).resolve().parent.parent / "notebooks"

Json = dict[str, Any]

# One kernel for everyone: a name from somebody's machine would not start elsewhere.
_NOTEBOOK_METADATA: Json = {
    "kernelspec": {"display_name": "Python 3", "language": "python", "name": "python3"},
    "language_info": {"name": "python"},
}
_READABLE_ID = re.compile(r"[a-z][a-z0-9]*(-[a-z0-9]+)*")
_RANDOM_ID = re.compile(r"(?=.*\d)[0-9a-f-]{8,}")
_ID_LENGTH = 48
_FORMAT = 4
_FORMAT_MINOR = 5


def is_readable_id(cell_id: str) -> bool:
    """Say whether a person could have given this id: lower-case words with hyphens, not random hex.

    >>> is_readable_id("load-answers"), is_readable_id("3f9a1c2e")
    (True, False)
    """
    return bool(_READABLE_ID.fullmatch(cell_id)) and not _RANDOM_ID.fullmatch(cell_id)


def notebook_paths(folder: Path = NOTEBOOKS) -> tuple[Path, ...]:
    """All notebooks below a folder in the order of their names, without JupyterLab's checkpoints."""
    return tuple(path for path in sorted(folder.rglob("*.ipynb")) if ".ipynb_checkpoints" not in path.parts)


def canonical_text(text: str) -> str:
    """The canonical form of a notebook's text; canonical text comes back as it is.

    Raises
    ------
    ValueError
        If the text is not JSON, or no notebook of format 4.
    nbformat.ValidationError
        If a cell breaks the notebook format.
    """
    notebook = json.loads(text)
    if not isinstance(notebook, dict) or notebook.get("nbformat") != _FORMAT or "cells" not in notebook:
        raise ValueError(f"not a notebook of format {_FORMAT}")
    taken: set[str] = set()
    cells = [_canonical_cell(cell, taken) for cell in notebook["cells"] if _source(cell)]
    canonical = {
        "cells": cells,
        "metadata": _NOTEBOOK_METADATA,
        "nbformat": _FORMAT,
        "nbformat_minor": _FORMAT_MINOR,
    }
    nbformat.validate(canonical)
    return json.dumps(canonical, ensure_ascii=False, indent=1, sort_keys=True) + "\n"


def _source(cell: Json) -> str:
    """Text of a cell, which a file holds as one string or as a list of lines."""
    return "".join(cell["source"]).rstrip()


def _canonical_cell(cell: Json, taken: set[str]) -> Json:
    source = _source(cell)
    tags = cell["metadata"].get("tags", [])
    cell_id = cell.get("id", "")
    name = cell_id if is_readable_id(cell_id) else _id_from(source, tags)
    canonical = {
        "cell_type": cell["cell_type"],
        "id": _free_id(name, taken),
        "metadata": {"tags": tags} if tags else {},
        "source": source.splitlines(keepends=True),
    }
    if cell["cell_type"] == "code":
        canonical |= {"execution_count": None, "outputs": []}
    elif cell.get("attachments"):
        canonical["attachments"] = cell["attachments"]
    return canonical


def _id_from(source: str, tags: Sequence[str]) -> str:
    """A readable id from the first tag, or else from the first line's words."""
    first = tags[0] if tags else source.lstrip().splitlines()[0]
    words = re.findall(r"[a-z][a-z0-9]*", first.lower())
    name = "-".join(words)[:_ID_LENGTH].rstrip("-")
    return name if is_readable_id(name) else "cell"


def _free_id(name: str, taken: set[str]) -> str:
    candidate, number = name, 1
    while candidate in taken:
        number += 1
        candidate = f"{name}-{number}"
    taken.add(candidate)
    return candidate


def main(arguments: Sequence[str] | None = None) -> int:
    """Rewrite notebooks, or with ``--check`` only name those that are not canonical (exit code 1)."""
    parser = argparse.ArgumentParser(description=__doc__.partition("\n")[0])
    parser.add_argument("paths", nargs="*", type=Path, help="notebooks (default: all below notebooks/)")
    parser.add_argument("--check", action="store_true", help="change nothing; exit 1 if a notebook would")
    options = parser.parse_args(arguments)
    differing = list(_differing(options.paths or notebook_paths()))
    for path, canonical in differing:
        if options.check:
            print(f"{path}: not canonical; `make notebooks` rewrites it", file=sys.stderr)
        else:
            path.write_text(canonical, encoding="utf-8", newline="\n")
            print(f"{path}: rewritten")
    return 1 if options.check and differing else 0


def _differing(paths: Iterable[Path]) -> Iterable[tuple[Path, str]]:
    for path in paths:
        text = path.read_bytes().decode("utf-8")
        canonical = canonical_text(text)
        if canonical != text:
            yield path, canonical


if __name__ == "__main__":
    sys.exit(main())
