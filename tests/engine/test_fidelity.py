"""The awkward notebook in the fast engine, held against papermill with its own engine and a real kernel."""

from __future__ import annotations

import json
import os
import re
import subprocess
import sys
import tempfile
from contextlib import closing
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any, Final

import nbformat
import pytest

from evalkit.engine.batch import render_batch
from evalkit.engine.choice import ENGINES, open_engine
from evalkit.engine.job import Job
from tests.engine.awkward import LIKE_NUMBERS, NAMES, notebook
from tests.engine.conftest import PAGE, rendered

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping
    from pathlib import Path

    from evalkit.engine.events import Event

v4: Any = nbformat.v4  # it has no types
PARAMETERS: Final = {"name": "b=c", "nothing": None, "x": 2}
WIDGETS: Final = "application/vnd.jupyter.widget-state+json"

# With a limit: nbclient sometimes waits for a cell with an output widget that has ended long ago
# (https://github.com/jupyter/nbclient/issues/312); the outputs are right nevertheless.
STOCK = """
import sys
import papermill
try:
    papermill.execute_notebook(
        "awkward.ipynb", "stock.ipynb", parameters=eval(sys.argv[1]), kernel_name="python3",
        progress_bar=False, execution_timeout=10, cwd="cwd",
    )
except papermill.PapermillExecutionError as error:
    print(error.ename)
"""

# Called in the server: each child keeps a copy of its notebook as papermill left it.
KEEPING = """
from pathlib import Path
import nbformat
from evalkit.engine import report

def keep_raw(path):
    canonical = report.canonical
    def kept(notebook, **more):
        Path(path).write_text(nbformat.writes(notebook), encoding="utf-8", errors="backslashreplace")
        return canonical(notebook, **more)
    report.canonical = kept
"""


@dataclass(frozen=True)
class Pair:
    """The same notebook, run by papermill's own engine and by the fast one."""

    stock: Any
    fast: Any


@pytest.fixture(scope="module")
def pair(tmp_path_factory: pytest.TempPathFactory) -> Pair:
    folder = tmp_path_factory.mktemp("fidelity")
    (folder / "cwd").mkdir()
    (folder / "keeping.py").write_text(KEEPING)
    (folder / "awkward.ipynb").write_text(v4.writes(notebook()))
    # ipykernel looks whether it is tested, and leaves file descriptors alone then.
    surroundings = {name: value for name, value in os.environ.items() if name != "PYTEST_CURRENT_TEST"}
    stock = subprocess.Popen(
        [sys.executable, "-W", "ignore", "-c", STOCK, repr(PARAMETERS)],
        cwd=folder,
        env=surroundings | {"IPYTHONDIR": str(folder / "ipython")},
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
    )
    job = Job("awkward", folder / "awkward.ipynb", PARAMETERS, folder / "f.ipynb", folder / "f.html", "")
    events: list[Event] = []
    with pytest.MonkeyPatch.context() as patch:
        patch.setenv("PYTHONPATH", str(folder))
        with closing(
            open_engine(
                "fast",
                slots=1,
                cwd=folder / "cwd",
                page=PAGE,
                prepare="keeping:keep_raw",
                prepare_with={"path": str(folder / "fast.ipynb")},
            )
        ) as engine:
            (outcome,) = render_batch([job], engine, on_event=events.append)
    said, complaints = stock.communicate(timeout=120)
    assert said.endswith(b"ZeroDivisionError\n"), complaints.decode(errors="replace")
    assert (outcome.cell, outcome.reason) == ("fails", "ZeroDivisionError: division by zero")
    assert [event.job for event in events if event.kind == "notice"] == []
    stock_notebook, fast_notebook = (
        v4.reads((folder / f"{name}.ipynb").read_text(encoding="utf-8")) for name in ("stock", "fast")
    )
    return Pair(stock_notebook, fast_notebook)


def _normal(value: object) -> str:
    """Return JSON without what differs from run to run: ids, times, addresses, colours."""
    text = json.dumps(value, sort_keys=True, ensure_ascii=False)
    for pattern, name in (
        (r"\\u001b\[[0-9;]*m", ""),
        (re.escape(tempfile.gettempdir()) + r"/ipykernel_\d+/\d+\.py", "CELL"),
        (r"\b[0-9a-f]{32}\b", "ID"),
        (r"IPY_MODEL_\w+", "MODEL"),
        (r"0x[0-9a-f]+", "ADDRESS"),
        (r"T_[0-9a-f]{5}", "STYLE"),
        (r"\d+:\d+&lt;\d+:\d+,\s*[\d.?]+ *(?:it/s|s/it)", "PACE"),
    ):
        text = re.sub(pattern, name, text)
    return text


def _outputs(cell: Any) -> list[str]:  # noqa: ANN401 - nbformat has no types
    """Return a cell's outputs; streams between two others as one each, as their pieces come by chance."""
    return [_normal(output) for output in _joined(cell.get("outputs", ()))]


def _joined(outputs: Iterable[Any]) -> Iterable[Mapping[str, Any]]:
    streams: dict[str, str] = {}
    for output in [*outputs, None]:
        if output is not None and output.output_type == "stream":
            streams[output.name] = streams.get(output.name, "") + output.text
            continue
        yield from ({"name": name, "text": streams[name]} for name in sorted(streams))
        streams.clear()
        if output is not None:
            yield output


def _code(run: Any) -> dict[str, Any]:  # noqa: ANN401 - nbformat has no types
    return {cell.id: cell for cell in run.cells if cell.cell_type == "code"}


@pytest.mark.parametrize("name", NAMES)
def test_a_cell_has_the_outputs_and_the_number_that_a_kernel_gives_it(pair: Pair, name: str) -> None:
    stock, fast = _code(pair.stock)[name], _code(pair.fast)[name]
    expected, found = _outputs(stock), _outputs(fast)
    if name in LIKE_NUMBERS:
        expected, found = (
            [re.sub(r"\d[\d.e+]* ?(?:[nmµμ]?s|it/s|s/it)?(?![a-z])", "N", text) for text in texts]
            for texts in (expected, found)
        )
    assert found == expected
    assert fast.execution_count == stock.execution_count
    assert fast.source == stock.source


def test_nearly_every_cell_has_something_to_compare(pair: Pair) -> None:
    assert len([cell for cell in _code(pair.stock).values() if cell.outputs]) > 80


def test_cells_are_those_of_papermill_with_its_own_among_them(pair: Pair) -> None:
    stock, fast = ([(c.cell_type, c.source) for c in run.cells] for run in (pair.stock, pair.fast))
    assert fast == stock
    tags = [c.metadata.tags[0] for c in pair.fast.cells if c.metadata.get("tags")]
    assert tags[:3] == ["papermill-error-cell-tag", "parameters", "injected-parameters"]
    assert tags.count("papermill-error-cell-tag") == 2


def test_what_papermill_notes_of_each_cell_is_the_same(pair: Pair) -> None:
    def notes(run: Any) -> list[tuple[Any, ...]]:  # noqa: ANN401 - nbformat has no types
        return [
            (c.metadata.get("tags"), note.get("status"), note.get("exception"), sorted(note))
            for c in run.cells
            for note in (c.metadata.get("papermill", {}),)
        ]

    assert notes(pair.fast) == notes(pair.stock)


def test_the_notebooks_own_metadata_are_the_same(pair: Pair) -> None:
    stock, fast = pair.stock.metadata, pair.fast.metadata
    assert set(fast) == set(stock)
    assert fast.language_info == stock.language_info
    assert fast.kernelspec == stock.kernelspec
    of_the_run = {"start_time", "end_time", "duration", "input_path", "output_path"}
    assert set(fast.papermill) == set(stock.papermill) > of_the_run
    for key in set(fast.papermill) - of_the_run:
        assert fast.papermill[key] == stock.papermill[key]


def test_widgets_have_the_same_state(pair: Pair) -> None:
    stock, fast = (
        sorted(_normal(state) for state in run.metadata.widgets[WIDGETS]["state"].values())
        for run in (pair.stock, pair.fast)
    )
    assert len(fast) > 20
    assert fast == stock


REALISTIC: Final = (
    (
        "setup",
        "import matplotlib.pyplot as plt, pandas as pd, warnings\nframe = pd.DataFrame({'a': [1, 2.5]})",
    ),
    ("table", "frame"),
    ("styled", "frame.style.format('{:.2f}').set_uuid('of-the-report')"),
    ("figure", "figure, axes = plt.subplots()\naxes.plot(frame['a'], label='a')\naxes.legend()\nplt.show()"),
    ("widget", "import ipywidgets\nipywidgets.IntSlider(description='left out')"),
    ("said", "import sys\nprint(name, x)\nprint('to stderr', file=sys.stderr)\nwarnings.warn('odd')"),
    ("object", "object(), frame.memory_usage"),
    (
        "html",
        "from IPython.display import HTML, Markdown, display\ndisplay(HTML('<b>b</b>'), Markdown('**m**'))",
    ),
    ("fails", "print('up to here')\nframe['missing']"),
    ("never", "print('never')"),
)


def test_both_engines_write_the_same_bytes(tmp_path: Path) -> None:
    cells = [v4.new_code_cell('x = 1\nname = ""', id="parameters", metadata={"tags": ["parameters"]})]
    cells += [v4.new_code_cell(source, id=name) for name, source in REALISTIC]
    (tmp_path / "realistic.ipynb").write_text(v4.writes(v4.new_notebook(cells=cells)))
    hashes = {}
    for engine in ENGINES:
        files = tmp_path / engine / "r.ipynb", tmp_path / engine / "r.html"
        job = Job("r", tmp_path / "realistic.ipynb", {"x": 2, "name": "é"}, *files, "Both", "en")
        (outcome,) = rendered([job], tmp_path, engine=engine)
        assert (outcome.status, outcome.cell) == ("failed", "fails")
        hashes[engine] = outcome.hashes
        assert files[0].read_text().count("papermill-error-cell-tag") == 2
    one, two = ((tmp_path / engine / "r.ipynb").read_text() for engine in ENGINES)
    assert one == two
    assert hashes["fast"] == hashes["stock"]
