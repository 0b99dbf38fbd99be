"""``papermill --engine evalkit``: how cells, notebooks, callers and servers end, and nothing is left."""

from __future__ import annotations

import os
import re
import select
import signal
import sys
from concurrent.futures import ThreadPoolExecutor
from contextlib import suppress
from typing import TYPE_CHECKING, Final

import papermill
import pytest
from nbclient.exceptions import CellTimeoutError, DeadKernelError

from tests.engine.conftest import ends, processes_with, wait_until_gone
from tests.engine.papermill_runs import Notebook, printed, run, saved, script, write

if TYPE_CHECKING:
    import subprocess
    from collections.abc import Iterator
    from pathlib import Path

pytestmark = [
    pytest.mark.usefixtures("no_settings"),
    pytest.mark.skipif(not sys.platform.startswith("linux"), reason="elsewhere nothing is forked"),
]


def test_a_cell_that_takes_too_long_is_ended_with_what_it_started(tmp_path: Path) -> None:
    source = (
        "import subprocess, time\nsleeper = subprocess.Popen(['sleep', '600'])\n"
        "print('so far', end='')\nprint(sleeper.pid, file=open('pid', 'w'))\ntime.sleep(600)"
    )
    with pytest.raises(CellTimeoutError, match="after 3 seconds") as caught:
        run(tmp_path, source, execution_timeout=3, cwd=tmp_path)
    assert "so far" in str(caught.value)  # the cell's source
    assert printed(saved(tmp_path)) == "so far"
    assert ends(int((tmp_path / "pid").read_text()))


def test_a_cell_that_never_stops_to_speak_is_ended(tmp_path: Path) -> None:
    with pytest.raises(CellTimeoutError, match="after 1 seconds"):
        run(tmp_path, "while True: display('x' * 10_000, clear=True)", execution_timeout=1)


def test_a_cell_may_take_what_another_may_not(tmp_path: Path) -> None:
    def limit(cell: Notebook) -> int | None:
        return 60 if "sleep" in cell.source else None

    source = "import time; time.sleep(0.1); print('done')"
    assert printed(run(tmp_path, source, timeout_func=limit)) == "done\n"


@pytest.mark.parametrize(
    ("source", "how"),
    [
        ("os._exit(3)", "it ended itself with exit code 3"),
        ("os._exit(0)", "it ended itself with exit code 0"),
        ("os.kill(os.getpid(), 11)", "SIGSEGV"),
        ("os.kill(os.getpid(), 40)", "signal 40"),
        ("os.closerange(3, 1000)", "the cell broke the process that it ran in"),
    ],
)
def test_a_cell_that_ends_its_process_is_told_with_what_it_printed(
    tmp_path: Path, source: str, how: str
) -> None:
    with pytest.raises(DeadKernelError, match=f"the kernel died: {how}$"):
        run(tmp_path, "import os; print('before')", f"print('written'); os.write(1, b'raw \\xc3'); {source}")
    notebook = saved(tmp_path)
    assert printed(notebook) == "before\nwritten\nraw \N{REPLACEMENT CHARACTER}"
    assert [cell.metadata.papermill.status for cell in notebook.cells] == ["completed"] * 4
    assert printed(run(tmp_path, "print('again')")) == "again\n"


def test_a_server_that_is_killed_costs_one_notebook(tmp_path: Path) -> None:
    kill = "import os, time; print('said'); os.kill(os.getppid(), 9); time.sleep(60)"
    with pytest.raises(DeadKernelError, match="died with the process that forked it"):
        run(tmp_path, kill)
    assert printed(saved(tmp_path)) == "said\n"
    assert printed(run(tmp_path, "print('again')")) == "again\n"


def test_threads_run_notebooks_at_the_same_time(tmp_path: Path) -> None:
    folders = [tmp_path / str(number) for number in range(2)]
    meet = (
        "import os, pathlib, time\npathlib.Path(f'{root}/{x}/here').touch()\n"
        "while not pathlib.Path(f'{root}/{1 - x}/here').exists(): time.sleep(0.02)\nprint(x)"
    )

    def one(number: int) -> str:
        folders[number].mkdir(exist_ok=True)
        return printed(run(folders[number], f"root = {str(tmp_path)!r}", meet, parameters={"x": number}))

    with ThreadPoolExecutor(2) as pool:
        assert list(pool.map(one, (0, 1))) == ["0\n", "1\n"]


SCRIPT: Final = """
import os, sys, papermill
def pid(name):
    notebook = papermill.execute_notebook(
        "in.ipynb", name, engine_name="evalkit", progress_bar=False
    )
    return notebook.cells[-1].outputs[0].text.strip()
first = pid("1.ipynb")
child = os.fork()
if not child:
    print("fork", pid("2.ipynb") != first)
    sys.exit(4)
print(os.waitstatus_to_exitcode(os.waitpid(child, 0)[1]))
print("same", pid("3.ipynb") == first)
"""


def test_a_fork_of_the_caller_has_a_server_of_its_own(tmp_path: Path) -> None:
    write(tmp_path / "in.ipynb", "import os; print(os.getppid())")
    said, complaints = script(tmp_path, SCRIPT).communicate(timeout=120)
    assert said.splitlines() == ["fork True", "4", "same True"], complaints
    assert wait_until_gone(f"EVALKIT_TEST={tmp_path}") == set()


BUSY: Final = """import subprocess, time
subprocess.Popen(["sleep", "600"])
subprocess.Popen(["sleep", "600"], start_new_session=True)
print("busy")
with open("bell", "w") as bell:
    bell.write("running")
while True: pass"""


FORKED: Final = """
import os, papermill, time
from evalkit.engine.for_papermill.warm_servers import open_shell
open_shell().__exit__(None, None, None)  # the server is there, and the fork has all that leads to it
if not os.fork():
    time.sleep(600)
"""
RUN: Final = "import papermill; papermill.execute_notebook('in.ipynb', 'out.ipynb', engine_name='evalkit')"


@pytest.fixture
def busy(
    tmp_path: Path,
    request: pytest.FixtureRequest,
    interruptible: None,  # noqa: ARG001 - asked for what it does
) -> Iterator[tuple[subprocess.Popen[str], str]]:
    """A process of papermill's that is within a cell that never ends, and a mark of all that it started."""
    write(tmp_path / "in.ipynb", BUSY)
    os.mkfifo(tmp_path / "bell")
    bell = os.open(tmp_path / "bell", os.O_RDONLY | os.O_NONBLOCK)
    process = script(tmp_path, f"{getattr(request, 'param', '')}\n{RUN}")
    ready, _, _ = select.select([bell], [], [], 120)
    os.close(bell)
    with process:
        assert ready
        yield process, f"EVALKIT_TEST={tmp_path}"
        with suppress(ProcessLookupError):
            os.killpg(process.pid, signal.SIGKILL)  # its fork


def test_ctrl_c_ends_every_process_and_keeps_the_notebook(
    busy: tuple[subprocess.Popen[str], str], tmp_path: Path
) -> None:
    process, mark = busy
    assert len(processes_with(mark)) >= 4  # caller, server, child, what the cell started
    os.killpg(process.pid, signal.SIGINT)  # as a terminal does
    _, said = process.communicate(timeout=120)
    assert process.returncode == -signal.SIGINT
    assert said.rstrip().endswith("KeyboardInterrupt")
    assert wait_until_gone(mark) == set()
    assert [cell.metadata.papermill.status for cell in saved(tmp_path).cells][-1] == "completed"


@pytest.mark.parametrize(("busy", "left"), [("", 0), (FORKED, 1)], indirect=["busy"], ids=["alone", "forked"])
def test_nothing_outlives_a_killed_caller_but_its_own_forks(
    busy: tuple[subprocess.Popen[str], str], left: int
) -> None:
    process, mark = busy
    process.kill()
    process.wait(timeout=120)
    assert len(wait_until_gone(mark, but=left)) == left


def test_an_error_cell_raises_as_ever_and_leaves_no_child(tmp_path: Path) -> None:
    with pytest.raises(papermill.PapermillExecutionError, match="division by zero"):
        run(tmp_path, "import os; print(os.getpid())", "1/0", "print('never')")
    notebook = saved(tmp_path)
    (pid,) = re.findall(r"^(\d+)\n", printed(notebook))
    assert ends(int(pid))
    assert "An Exception was encountered" in notebook.cells[0].source
    assert "never" not in printed(notebook)


def test_errors_may_be_allowed(tmp_path: Path) -> None:
    with pytest.raises(papermill.PapermillExecutionError):  # papermill looks for errors afterwards
        run(tmp_path, "1/0", "print('reached')", allow_errors=True)
    assert printed(saved(tmp_path)) == "reached\n"
