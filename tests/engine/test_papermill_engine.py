"""``papermill --engine evalkit``: what comes out is what papermill's own engine gives."""

from __future__ import annotations

import json
import os
import re
import subprocess
import sys
from pathlib import Path
from typing import Any, Final

import pytest

from evalkit.engine.canonical_notebook import canonical
from tests.engine.conftest import wait_until_gone
from tests.engine.papermill_runs import Notebook, printed, run, saved, write

pytestmark = [
    pytest.mark.usefixtures("no_settings"),
    pytest.mark.skipif(not sys.platform.startswith("linux"), reason="elsewhere nothing is forked"),
]

WIDGETS: Final = "application/vnd.jupyter.widget-state+json"

MIXED: Final = (
    "import os, sys, time\nprint('out'); print('err', file=sys.stderr); x",
    "from IPython.display import HTML, display\nhandle = display(HTML('first'), display_id='one')",
    "handle.update(HTML('changed'))\n!echo from a program",
    "import ipywidgets as w\nbox = w.VBox([w.IntSlider(value=3), w.Image(value=b'\\x89PNG')]); box",
    (
        "box.children[0].value = 5\nprint('gone'); display(1); from IPython.display import clear_output\n"
        "clear_output()\nprint('kept')"
    ),
    "async def f(): return 42\nawait f()",
    "print('slow, and in ', end='', flush=True); time.sleep(0.5); print('pieces: ä'); 'value'",
    "print(sys.path, os.environ['MPLBACKEND'], os.environ['TERM'], os.path.basename(sys.argv[0]))",
    "print('up to here')\ndef inner(): raise ValueError('b')\ninner()",
    "print('never')",
)


@pytest.fixture(scope="module")
def pair(tmp_path_factory: pytest.TempPathFactory) -> tuple[Notebook, Notebook]:
    """The mixed notebook, run by papermill's own engine and by ours, each in a process of its own."""
    notebooks = []
    for engine in ("nbclient", "evalkit"):
        folder = tmp_path_factory.mktemp(engine)
        write(folder / "in.ipynb", *MIXED)
        environ = os.environ | {"IPYTHONDIR": str(folder / "ipython")}
        environ.pop("PYTEST_CURRENT_TEST")  # ipykernel looks for it, and then leaves file descriptors alone
        command = [sys.executable, "-W", "ignore", "-m", "papermill", "--engine", engine, "-p", "x", "7"]
        command += ["in.ipynb", "out.ipynb"]
        subprocess.run(command, cwd=folder, env=environ, capture_output=True, check=False)
        notebooks.append(saved(folder))
    return notebooks[0], notebooks[1]


def _normal(notebook: Notebook) -> list[str]:
    cells = []
    for cell in canonical(notebook, cwd=Path("/nowhere")).cells:
        text = json.dumps(cell.get("outputs"), sort_keys=True)
        cells.append(re.sub(r"[0-9a-f]{32}", "ID", f"{cell.cell_type} {cell.source} {text}"))
    return cells


def test_outputs_are_those_of_papermills_own_engine(pair: tuple[Notebook, Notebook]) -> None:
    stock, fast = map(_normal, pair)
    assert fast == stock
    assert any("ValueError" in cell and "up to here" in cell for cell in fast)


def test_numbers_status_and_times_are_noted_as_papermill_does(pair: tuple[Notebook, Notebook]) -> None:
    def notes(notebook: Notebook) -> list[Any]:
        return [
            (
                cell.get("execution_count"),
                cell.metadata.get("papermill", {}).get("status"),
                cell.metadata.get("papermill", {}).get("exception"),
                sorted(key for key, value in cell.metadata.get("papermill", {}).items() if value is not None),
                sorted(cell.metadata.get("execution", ())),
                cell.metadata.get("tags"),
            )
            for cell in notebook.cells
        ]

    stock, fast = map(notes, pair)
    assert fast == stock


def test_widgets_and_language_are_noted_as_nbclient_does(pair: tuple[Notebook, Notebook]) -> None:
    def states(notebook: Notebook) -> list[str]:
        found = notebook.metadata.widgets[WIDGETS]["state"].values()
        return sorted(re.sub(r"[0-9a-f]{32}", "ID", json.dumps(state, sort_keys=True)) for state in found)

    stock, fast = pair
    assert states(fast) == states(stock)
    assert fast.metadata.language_info == stock.metadata.language_info
    assert set(fast.metadata.papermill) == set(stock.metadata.papermill)


def test_an_output_widget_keeps_what_is_printed_within_it(tmp_path: Path) -> None:
    # Not held against papermill's own engine: https://github.com/jupyter/nbclient/issues/312
    source = "import ipywidgets as w\nout = w.Output()\nwith out: print('inside')\nprint('outside')"
    notebook = run(tmp_path, source)
    assert printed(notebook) == "outside\n"
    states = [widget["state"] for widget in notebook.metadata.widgets[WIDGETS]["state"].values()]
    kept = [output["text"] for state in states for output in state.get("outputs", ())]
    assert kept == ["inside\n"]


def test_the_command_logs_output_and_writes_it_to_a_file(tmp_path: Path) -> None:
    write(tmp_path / "in.ipynb", "print('value', x)", "import sys; print('complaint', file=sys.stderr)")
    command = [sys.executable, "-m", "papermill", "--engine", "evalkit", "-p", "x", "5"]
    done = subprocess.run(
        [*command, "--log-output", "--progress-bar", "--stdout-file", "stdout.txt", "in.ipynb", "out.ipynb"],
        cwd=tmp_path,
        env=os.environ | {"EVALKIT_TEST": str(tmp_path)},
        capture_output=True,
        text=True,
        check=False,
    )
    assert done.returncode == 0, done.stderr
    assert "value 5" in done.stderr
    assert "complaint" in done.stderr
    assert "Executing notebook with kernel: python3" in done.stderr
    assert "engine evalkit" not in done.stderr  # the notice
    assert done.stderr.count("cell/s") > 1  # the bar
    assert (tmp_path / "stdout.txt").read_text() == "value 5\n"
    assert printed(saved(tmp_path)) == "value 5\n"
    assert wait_until_gone(f"EVALKIT_TEST={tmp_path}") == set()


def test_two_calls_share_a_server_and_nothing_else(tmp_path: Path) -> None:
    look = (
        "import os, sys\nprint(os.getppid(), 'left' in globals(), 'left' in os.environ, '/left' in sys.path)"
    )
    leave = "left = 1; os.environ['left'] = '1'; sys.path.append('/left'); os.chdir('/')"
    first, second = (printed(run(tmp_path, look, leave)) for _ in range(2))
    assert first == second
    assert re.fullmatch(r"\d+ False False False\n", first)


def test_each_call_has_the_environment_and_the_folder_of_its_time(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    run(tmp_path, "1")  # the server is there
    (tmp_path / "here").mkdir()
    (tmp_path / "here/neighbour.py").write_text("name = 'next door'")
    monkeypatch.setenv("EVALKIT_GREETING", "grüß\udcff")
    monkeypatch.setenv("TZ", "Asia/Tokyo")
    monkeypatch.delenv("HOME", raising=False)
    source = (
        "import os, time, neighbour\n"
        "print(os.getcwd(), ascii(os.environ['EVALKIT_GREETING']), time.tzname[0], 'HOME' in os.environ,"
        " neighbour.name)"
    )
    said = printed(run(tmp_path, source, cwd=tmp_path / "here"))
    assert said == f"{tmp_path / 'here'} 'gr\\xfc\\xdf\\udcff' JST False next door\n"


def test_what_python_reads_at_its_start_is_that_of_the_call(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    run(tmp_path, "1")
    (tmp_path / "far").mkdir()
    (tmp_path / "far/away.py").write_text("name = 'far'")
    monkeypatch.setenv("PYTHONPATH", str(tmp_path / "far"))
    monkeypatch.setenv("PYTHONHASHSEED", "0")
    source = "import away, os, subprocess, sys; print(away.name, sys.flags.hash_randomization)"
    assert printed(run(tmp_path, source)) == "far 0\n"


def test_what_a_notebook_leaves_for_the_end_is_done(tmp_path: Path) -> None:
    run(
        tmp_path,
        "import atexit, logging.handlers, threading, time\n"
        "left_open = open('open.txt', 'w'); left_open.write('x' * 10)\n"
        "memory = logging.handlers.MemoryHandler(100, target=logging.FileHandler('log.txt'))\n"
        "logging.getLogger().addHandler(memory); logging.warning('kept until the end')\n"
        "atexit.register(lambda: open('atexit.txt', 'w').write('bye'))\n"
        "def late(): time.sleep(0.2); open('thread.txt', 'w').write('late')\n"
        "threading.Thread(target=late).start();",
        cwd=tmp_path,
    )
    written = {name: (tmp_path / f"{name}.txt").read_text() for name in ("open", "log", "atexit", "thread")}
    assert written == {"open": "x" * 10, "log": "kept until the end\n", "atexit": "bye", "thread": "late"}


class Reader:
    """A file that a cell waits for: it is there once the cell's first words have arrived."""

    def __init__(self, path: Path) -> None:
        self.path = path
        self.text = ""

    def write(self, text: str) -> None:
        self.text += text
        self.path.touch()

    def flush(self) -> None:
        """Nothing is kept back."""


def test_a_long_cell_is_heard_while_it_runs(tmp_path: Path) -> None:
    reader = Reader(tmp_path / "heard")
    source = (
        "import os, pathlib, time\nprint('first')\nos.write(1, b'\\xc3')\n"
        "while not pathlib.Path('heard').exists(): time.sleep(0.05)\n"
        "os.write(1, b'\\xa4\\n')\nprint('last')"
    )
    notebook = run(tmp_path, source, cwd=tmp_path, stdout_file=reader, execution_timeout=60)
    assert printed(notebook) == reader.text == "first\nä\nlast\n"
    assert len(notebook.cells[-1].outputs) > 1


def test_much_output_arrives_whole(tmp_path: Path) -> None:
    source = "for n in range(200_000): print(n)\nfrom IPython.display import HTML\nHTML('y' * 5_000_000)"
    notebook = run(tmp_path, source)
    assert printed(notebook) == "".join(f"{n}\n" for n in range(200_000))
    assert len(notebook.cells[-1].outputs[-1].data["text/html"]) == 5_000_000
