"""Small templates, and the one batch that most tests look at."""

from __future__ import annotations

from contextlib import closing
from dataclasses import dataclass
from pathlib import Path
from threading import Event as Bell
from typing import TYPE_CHECKING, Any

import nbformat
import pytest

from evalkit.engine.batch import render_batch
from evalkit.engine.choice import ENGINES, open_engine
from evalkit.engine.events import ignore
from evalkit.engine.job import Job

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping, Sequence

    from evalkit.engine.choice import EngineName
    from evalkit.engine.events import Event, OnEvent
    from evalkit.engine.job import Outcome

v4: Any = nbformat.v4  # it has no types
PARAMETERS = 'product = ""\nnumber: int = 0\npath = "a=b"\n'

GOOD = """import sys, warnings
print("product", product)
print("\\x1b[31mred\\x1b[0m \\u202egnp.exe </pre><b>", file=sys.stderr)
warnings.warn("odd")
object()"""
RAISES = """import os
def inner():
    raise ValueError("</script><b>no</b> \\x1b[1mbold\\x1b[0m \\u202e " + os.getcwd())
inner()"""

CELLS: dict[str, str] = {
    "good": GOOD,
    "raises": RAISES,
    "dies": "import os\nos._exit(3)",
    "hangs": "import time\ntime.sleep(600)",
    "leaves": "import sys\nsys.exit()",
    "kills-its-worker": "import os, signal\nos.kill(os.getppid(), signal.SIGKILL)\nwhile True: pass",
    "kills-its-worker-once": (
        "import os, signal\nfrom pathlib import Path\n"
        "if not Path('been-here').exists():\n"
        "    Path('been-here').touch()\n"
        "    os.kill(os.getppid(), signal.SIGKILL)\n"
        "    while True: pass\n"
    ),
}


def write_template(path: Path, source: str) -> Path:
    cells: list[Any] = [
        v4.new_markdown_cell("# Report\n\n<script>x</script> ![x](https://e.example/x.png)", id="title"),
        v4.new_code_cell(PARAMETERS, id="parameters", metadata={"tags": ["parameters"]}),
        v4.new_code_cell(source, id="work"),
        v4.new_code_cell("print('after')", id="after"),
    ]
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_text(v4.writes(v4.new_notebook(cells=cells)), encoding="utf-8")
    return path


@pytest.fixture
def template() -> Callable[[Path, str], Path]:
    """Write a template whose one cell is the given source."""
    return write_template


def job(folder: Path, name: str, parameters: Mapping[str, object] | None = None, **more: Any) -> Job:  # noqa: ANN401 - Job's fields
    return Job(
        name=name,
        template=write_template(folder / f"{name}.ipynb", CELLS.get(name, "product")),
        parameters={"product": name} if parameters is None else parameters,
        notebook=folder / "out" / f"{name}.ipynb",
        html=folder / "out" / f"{name}.html",
        title=more.pop("title", name),
        **more,
    )


@dataclass(frozen=True)
class Batch:
    engine: EngineName
    folder: Path
    jobs: Mapping[str, Job]
    outcomes: Mapping[str, Outcome]
    events: tuple[Event, ...]

    def page(self, name: str) -> str:
        return self.jobs[name].html.read_text(encoding="utf-8")

    def notebook(self, name: str) -> Any:  # noqa: ANN401 - nbformat has no types
        return v4.reads(self.jobs[name].notebook.read_text(encoding="utf-8"))


PAGE = "evalkit.reports.html:to_html"


def rendered(
    jobs: Sequence[Job],
    cwd: Path,
    *,
    engine: EngineName = "fast",
    slots: int = 1,
    on_event: OnEvent = ignore,
) -> tuple[Outcome, ...]:
    """What becomes of the jobs in an engine that is opened for them."""
    with closing(open_engine(engine, slots=slots, cwd=cwd, page=PAGE)) as opened:
        return render_batch(jobs, opened, on_event=on_event)


@pytest.fixture(scope="session", params=ENGINES)
def batch(tmp_path_factory: pytest.TempPathFactory, request: pytest.FixtureRequest) -> Batch:
    """One batch in which nearly everything goes wrong once; "good" runs in a folder with an awkward name."""
    folder = tmp_path_factory.mktemp("batch")
    jobs = [
        job(folder / "Ünï {product} {0} x", "good", title="A </title><script>x</script> \u202eB"),
        job(folder, "raises"),
        job(folder, "unknown", {"prodcut": "x"}),
        job(folder, "dies"),
        job(folder, "hangs", cell_timeout_seconds=3),
        job(folder, "leaves"),
        job(folder, "no-json", {"product": object()}),
        job(folder, "kills-its-worker"),
        job(folder, "kills-its-worker-once"),
    ]
    events: list[Event] = []
    outcomes = rendered(jobs, folder, engine=request.param, slots=2, on_event=events.append)
    by_name = {outcome.name: outcome for outcome in outcomes}
    return Batch(request.param, folder, {j.name: j for j in jobs}, by_name, tuple(events))


def processes_with(mark: str) -> set[int]:
    """Return the processes that inherited ``mark`` in their environment."""
    found = set()
    for process in Path("/proc").glob("[0-9]*"):
        try:
            if mark.encode() in (process / "environ").read_bytes():
                found.add(int(process.name))
        except OSError:
            continue  # gone in the meantime, or somebody else's
    return found


def wait_until_gone(mark: str, *, but: int = 0) -> set[int]:
    """Return the processes that still have ``mark`` in their environment after a while.

    One that was sent a signal may be seen until the system has found the time to end it.
    """
    bell = Bell()
    for _ in range(1200):
        if len(found := processes_with(mark)) <= but:
            break
        bell.wait(0.05)
    return found


def ends(pid: int) -> bool:
    """Whether a process ends within a while; its number is not given to another so soon."""
    bell = Bell()
    return any(not Path(f"/proc/{pid}").exists() or bell.wait(0.05) for _ in range(1200))


@pytest.fixture
def no_settings(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """Without IPython's settings of whoever runs the tests."""
    monkeypatch.setenv("IPYTHONDIR", str(tmp_path / "ipython"))
