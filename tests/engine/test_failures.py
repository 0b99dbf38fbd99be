"""Whatever a cell does to its process: a notebook, a page, the next job, and no process that stays."""

from __future__ import annotations

import sys
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any, Final

import nbformat
import pytest

from evalkit.engine.job import Job
from tests.engine.conftest import rendered, wait_until_gone

if TYPE_CHECKING:
    from collections.abc import Mapping
    from pathlib import Path

    from evalkit.engine.events import Event
    from evalkit.engine.job import Outcome

pytestmark = pytest.mark.skipif(not sys.platform.startswith("linux"), reason="the fast engine needs Linux")
v4: Any = nbformat.v4  # it has no types

BROKE: Final = "the kernel died: the cell broke the process that it ran in"
LATE: Final = "the cell took longer than the 2 s it may take"

# Of each failure: the cell, and the reason that is told.
FAILURES: Final[Mapping[str, tuple[str, str]]] = {
    "exception": ("raise ValueError('no')", "ValueError: no"),
    "syntax": ("def (:", "SyntaxError: invalid syntax (4115833731.py, line 3)"),
    "system-exit": ("sys.exit(3)", "SystemExit: 3"),
    "interrupt-raised": ("raise KeyboardInterrupt", "KeyboardInterrupt"),
    "interrupt-sent": ("os.kill(os.getpid(), signal.SIGINT)", "KeyboardInterrupt"),
    "interrupt-awaiting": (
        (
            "import asyncio\n"
            "signal.signal(signal.SIGALRM, lambda *_: os.kill(os.getpid(), signal.SIGINT))\n"
            "asyncio.get_running_loop().call_soon(signal.setitimer, signal.ITIMER_REAL, 0.1)\n"
            "await asyncio.sleep(60)"
        ),
        BROKE,
    ),
    "memory": (
        "import resource\nresource.setrlimit(resource.RLIMIT_AS, (1 << 30, 1 << 30))\nx = bytearray(4 << 30)",
        "MemoryError",
    ),
    "exit-0": ("os._exit(0)", "the kernel died: it ended itself with exit code 0"),
    "exit-3": ("os._exit(3)", "the kernel died: it ended itself with exit code 3"),
    "exit-of-the-engine": ("os._exit(70)", BROKE),
    "segfault": ("import ctypes; ctypes.string_at(0)", "the kernel died: SIGSEGV"),
    "killed": ("os.kill(os.getpid(), signal.SIGKILL)", "the kernel died: SIGKILL"),
    "stopped": ("os.kill(os.getpid(), signal.SIGSTOP)", LATE),
    "terminated": ("os.kill(os.getpid(), signal.SIGTERM)", "the kernel died: SIGTERM"),
    "realtime": ("os.kill(os.getpid(), 40)", "the kernel died: signal 40"),
    "alarm": ("signal.alarm(1); import time; time.sleep(60)", "the kernel died: SIGALRM"),
    "loop": ("while True: pass", LATE),
    "c-call": ("import ctypes; ctypes.CDLL(None).pause()", LATE),
    "deaf-loop": (
        (
            "signal.signal(signal.SIGTERM, signal.SIG_IGN)\nwhile True:\n    try:\n        while True: pass\n"
            "    except BaseException: pass"
        ),
        LATE,
    ),
    "recursion": (
        "import ctypes; sys.setrecursionlimit(10**8)\nf = lambda x: [x].sort(key=f) or f(x)\nf(1)",
        "the kernel died: SIGSEGV",
    ),
    "standard-descriptors": ("[os.close(n) for n in range(3)]; 1/0", "ZeroDivisionError: division by zero"),
    "all-descriptors": ("os.closerange(3, 4096); print('lost')", BROKE),
    "file-size": (
        "import resource; resource.setrlimit(resource.RLIMIT_FSIZE, (4096, 4096))\nprint('x' * 10_000)",
        BROKE,
    ),
    "no-answer": ("get_ipython().kernel.do_execute = None; 1/0", "ZeroDivisionError: division by zero"),
    "group": (
        "os.setpgid(0, os.getppid()) if os.getpid() != os.getpgid(0) else 1/0",
        "ZeroDivisionError: division by zero",
    ),
    "dumps": (  # of orjson, too, which jupyter_client takes where it is there
        "import json; json.dumps = sys.modules.get('orjson', json).dumps = None; 'never shown'",
        "the cell ended without an answer",
    ),
    "kills-its-group": ("os.killpg(0, signal.SIGKILL)", "the kernel died: SIGKILL"),
}
# What goes well although it looks bad: the text that the page shows.
SURVIVED: Final[Mapping[str, tuple[str, str]]] = {
    "much": ("print('x' * 30_000_000); print('the end')", "the end"),
    "sleeper": ("import subprocess; print(subprocess.Popen(['sleep', '600']).pid > 0)", "True"),
    "daemon": (
        "import subprocess\nsubprocess.run('setsid sleep 600 & setsid sleep 601 &', shell=True); 'left'",
        "left",
    ),
    "fork": ("if not os.fork(): signal.pause()\n'forked'", "forked"),
    "open": ("import builtins; builtins.open = None; 'no open'", "no open"),
    "write": ("os.write = None; 'no write'", "no write"),
    "exit": ("sys.exit = os._exit = None; 'no exit'", "no exit"),
    "streams": (
        "import io; sys.stdout = sys.stderr = io.StringIO(); print('gone'); 'no streams'",
        "no streams",
    ),
    "surrogate": ("print('lone \\ud800')\ndisplay({'text/plain': 'other \\udfff'}, raw=True)", "lone ?"),
    "thread": (
        "import threading; threading.Thread(target=threading.Event().wait).start(); 'running'",
        "running",
    ),
    "closes-pipe": ("os.dup2(os.open(os.devnull, os.O_RDWR), 0); 'devnull'", "devnull"),
    "atexit": ("import atexit; atexit.register(lambda: 1/0); 'registered'", "registered"),
    "next": ("'as ever'", "as ever"),
}
BEFORE: Final = "import os, signal, sys\nprint('in an earlier cell')"
START: Final = "print('up to here', end='')\nos.write(1, b' and here'); os.write(2, b'and there');\n"
ALL: Final = {**FAILURES, **SURVIVED}


@dataclass(frozen=True)
class Ended:
    """What is left of the batch."""

    mark: str
    jobs: Mapping[str, Job]
    outcomes: Mapping[str, Outcome]
    events: tuple[Event, ...]
    processes: set[int]
    folder: Path

    def cells(self, name: str) -> Mapping[str, Any]:
        notebook = v4.reads(self.jobs[name].notebook.read_text(encoding="utf-8"))
        return {cell.id: cell for cell in notebook.cells}


@pytest.fixture(scope="module")
def ended(tmp_path_factory: pytest.TempPathFactory) -> Ended:
    folder = tmp_path_factory.mktemp("failures")
    jobs = []
    for name, (source, told) in ALL.items():
        cells = [("before", BEFORE), ("work", START + source), ("after", "print('after')")]
        notebook = v4.new_notebook(cells=[v4.new_code_cell(text, id=cell) for cell, text in cells])
        (folder / f"{name}.ipynb").write_text(v4.writes(notebook))
        out = folder / "out" / name
        files = (out.with_suffix(".ipynb"), out.with_suffix(".html"))
        seconds = 2 if told == LATE else 120  # none of the others may be late on a busy machine
        jobs.append(Job(name, folder / f"{name}.ipynb", {}, *files, name, cell_timeout_seconds=seconds))
    events: list[Event] = []
    with pytest.MonkeyPatch.context() as patch:
        patch.setenv("EVALKIT_FAILURES", str(folder))
        outcomes = rendered(jobs, folder, slots=4, on_event=events.append)
        mark = f"EVALKIT_FAILURES={folder}"
        processes = wait_until_gone(mark)
    return Ended(
        mark, {j.name: j for j in jobs}, {o.name: o for o in outcomes}, tuple(events), processes, folder
    )


def test_it_is_the_fast_engine_that_does_all_this(ended: Ended) -> None:
    assert [event.job for event in ended.events if event.kind == "notice"] == []


@pytest.mark.parametrize("name", FAILURES)
def test_a_failure_is_told_with_its_cell_and_reason(ended: Ended, name: str) -> None:
    outcome = ended.outcomes[name]
    assert (outcome.status, outcome.cell, outcome.reason) == ("failed", "work", FAILURES[name][1])


@pytest.mark.parametrize("name", FAILURES)
def test_a_failing_cell_stands_in_the_notebook_with_its_output_up_to_there(ended: Ended, name: str) -> None:
    cells = ended.cells(name)
    texts: dict[str, str] = {}
    for output in cells["work"].outputs:
        if output.output_type == "stream":
            texts.setdefault(output.name, output.text)
    if name != "syntax":  # of which nothing runs
        assert cells["before"].outputs[0].text == "in an earlier cell\n"
        assert texts["stdout"].startswith("up to here and here")
        assert texts["stderr"].startswith("and there")
    errors = [output for output in cells["work"].outputs if output.output_type == "error"]
    assert len(errors) == (name != "dumps")  # it could not be sent
    assert cells["work"].execution_count == 2
    assert cells["after"].outputs == []
    assert "papermill-error-1" in cells
    assert "papermill-error-2" in cells


@pytest.mark.parametrize("name", FAILURES)
def test_the_page_of_a_failure_says_why_once_and_shows_what_came_before(ended: Ended, name: str) -> None:
    page = ended.jobs[name].html.read_text(encoding="utf-8")
    assert "this report is incomplete" in page
    assert "Cell <code>work</code> failed" in page
    assert "An Exception was encountered" not in page
    if name != "syntax":
        assert "up to here and here" in page


@pytest.mark.parametrize("name", SURVIVED)
def test_what_only_looks_bad_is_rendered(ended: Ended, name: str) -> None:
    assert (ended.outcomes[name].status, ended.outcomes[name].reason) == ("rendered", "")
    assert SURVIVED[name][1] in ended.jobs[name].html.read_text(encoding="utf-8")
    assert ended.jobs[name].notebook.stat().st_size < 31_000_000


def test_each_job_starts_once_and_ends_once(ended: Ended) -> None:
    for kinds in ({"started"}, {"finished", "failed"}):
        assert sorted(event.job for event in ended.events if event.kind in kinds) == sorted(ALL)


def test_nothing_half_written_stays(ended: Ended) -> None:
    written = {path for job in ended.jobs.values() for path in (job.notebook, job.html)}
    assert set((ended.folder / "out").iterdir()) == written


def test_no_process_stays(ended: Ended) -> None:
    assert ended.processes == set()


def test_a_cell_that_removes_the_engines_own_folder_is_found_and_the_batch_goes_on(tmp_path: Path) -> None:
    remove = "import os, shutil\nshutil.rmtree(os.environ['IPYTHONDIR'] + '/../..', ignore_errors=True)\n"
    sources = {"removes": remove, "removes-and-dies": remove + "os._exit(1)", "next": "print('as ever')"}
    jobs = []
    for name, source in sources.items():
        cells = [v4.new_code_cell(text, id=cell) for cell, text in (("before", BEFORE), ("work", source))]
        path = tmp_path / f"{name}.ipynb"
        path.write_text(v4.writes(v4.new_notebook(cells=cells)))
        jobs.append(Job(name, path, {}, tmp_path / f"o/{name}.ipynb", tmp_path / f"o/{name}.html", name))
    outcomes = rendered(jobs, tmp_path)
    assert [(outcome.status, outcome.cell) for outcome in outcomes] == [
        ("rendered", None),
        ("failed", "work"),
        ("rendered", None),
    ]
    assert all(job.notebook.exists() and job.html.exists() for job in jobs)
