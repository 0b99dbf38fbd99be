"""A notebook that spoils its process spoils no other: it prints what it finds, then dirties all it can."""

from __future__ import annotations

import os
from contextlib import closing
from typing import TYPE_CHECKING, Any, Final

import nbformat
import pytest

from evalkit.engine.batch import render_batch
from evalkit.engine.choice import open_engine
from evalkit.engine.job import Job
from tests.engine.conftest import PAGE

if TYPE_CHECKING:
    from evalkit.engine.events import Event

v4: Any = nbformat.v4  # it has no types

PROBE: Final = """
import builtins, gc, json, locale, logging, os, random, signal, sys, threading, warnings
import matplotlib as mpl, matplotlib.pyplot, numpy as np, pandas as pd
import papermill, nbclient, IPython
from evalkit.engine import report
def line_of(process):
    try:
        with open(f"/proc/{process}/cmdline", "rb") as file:
            return file.read()
    except OSError:
        return b""
own_sleep = b"sleep\\0" + os.environ["SLEEP"].encode()
state = {
    "pandas": pd.get_option("display.max_rows"),
    "rcParams": dict(mpl.rcParams)["font.size"],
    "backend": mpl.get_backend(),
    "figures": mpl.pyplot.get_fignums(),
    "module": sorted(vars(report)),
    "environment": sorted(os.environ),
    "LANG": os.environ.get("LANG"),
    "path": len(sys.path),
    "builtins": sorted(vars(builtins)),
    "globals": sorted(name for name in globals() if name.startswith("left")),
    "cwd": os.path.basename(os.getcwd()),
    "umask": os.umask(0o22),
    "warnings": len(warnings.filters),
    "locale": locale.setlocale(locale.LC_ALL),
    "threads": threading.active_count(),
    "SIGTERM": str(signal.getsignal(signal.SIGTERM)),
    "SIGALRM": str(signal.getsignal(signal.SIGALRM)),
    "alarm": signal.getitimer(signal.ITIMER_REAL),
    "streams": [type(s).__name__ for s in (sys.stdout, sys.stderr, sys.stdin)],
    "hooks": [h.__module__ for h in (sys.excepthook, sys.displayhook, threading.excepthook)],
    "json": json.dumps is sys.modules["json"].dumps and "json" in sys.modules,
    "evil": "evil" in sys.modules,
    "loggers": (logging.root.level, len(logging.root.handlers), logging.root.manager.disable),
    "recursion": sys.getrecursionlimit(),
    "trace": (str(sys.gettrace()), str(sys.getprofile())),
    "gc": gc.isenabled(),
    "numpy": np.geterr()["divide"],
    "formatters": sorted(map(str, get_ipython().display_formatter.formatters)),
    "events": len(get_ipython().events.callbacks["post_run_cell"]),
    "magics": "evil" in get_ipython().magics_manager.magics["line"],
    "history": (len(In), sorted(Out)),
    "files": sorted(os.listdir("/proc/self/fd"), key=int),
    "priority": os.nice(0),
    "hash": hash("text"),
    "daemons": [p for p in os.listdir("/proc") if p.isdigit() and own_sleep in line_of(p)],
}
for name, value in state.items():
    print(name, value)
"""
# Called in the server: what is imported and drawn here is what each child inherits.
EVERYTHING: Final = """
import random
import matplotlib.pyplot, numpy, pandas
def draw():
    random.random(), numpy.random.rand()
"""
RANDOM: Final = "print(np.random.rand(), random.random(), np.random.default_rng().random())"
DIRT: Final = """
left_over = 1
pd.set_option("display.max_rows", 3)
mpl.rcParams["font.size"] = 33
mpl.use("svg")
mpl.pyplot.figure()
report.evil = 1
report.canonical_copy = report.Run = None
os.environ["EVIL"] = "1"
os.environ["LANG"] = "evil"
sys.path.append("/evil")
builtins.evil = 1
builtins.open = builtins.print = None
os.chdir("/")
os.umask(0)
warnings.simplefilter("ignore")
locale.setlocale(locale.LC_ALL, "C")
random.seed(1)
np.random.seed(1)
threading.Thread(target=threading.Event().wait, daemon=True).start()
signal.signal(signal.SIGTERM, signal.SIG_IGN)
signal.signal(signal.SIGALRM, lambda *_: None)
signal.setitimer(signal.ITIMER_REAL, 1000)
sys.modules["evil"] = sys
del sys.modules["json"]
sys.excepthook = threading.excepthook = print
logging.disable()
logging.root.addHandler(logging.StreamHandler())
logging.root.setLevel(1)
sys.setrecursionlimit(5000)
gc.disable()
np.seterr(all="raise")
get_ipython().register_magic_function(print, magic_name="evil")
get_ipython().events.register("post_run_cell", lambda *_: None)
kept = os.open("/dev/null", os.O_RDONLY)
os.nice(1)
os.system("setsid sleep $SLEEP &")
sys.stdout = sys.stderr = sys.__stderr__
"""


@pytest.fixture(scope="module")
def printed(tmp_path_factory: pytest.TempPathFactory) -> dict[str, tuple[str, str]]:
    """What each job of one process found, and what it drew; "clean" jobs leave nothing behind."""
    folder = tmp_path_factory.mktemp("isolation")
    kinds = {"dirty": DIRT, "clean": "pass"}
    for kind, source in kinds.items():
        cells = [
            v4.new_code_cell(text, id=name)
            for name, text in (("probe", PROBE), ("random", RANDOM), ("dirt", source))
        ]
        (folder / f"{kind}.ipynb").write_text(v4.writes(v4.new_notebook(cells=cells)))
    order = ("clean-1", "dirty-1", "dirty-2", "clean-2", "dirty-3", "clean-3")
    jobs = [
        Job(
            name, folder / f"{name[:-2]}.ipynb", {}, folder / f"o/{name}.ipynb", folder / f"o/{name}.html", ""
        )
        for name in order
    ]
    events: list[Event] = []
    (folder / "everything.py").write_text(EVERYTHING)
    with pytest.MonkeyPatch.context() as patch:
        patch.setenv("PYTHONPATH", str(folder))
        patch.setenv("SLEEP", str(100_000 + os.getpid()))  # another run on this machine has others
        with closing(
            open_engine("fast", slots=1, cwd=folder, page=PAGE, prepare="everything:draw")
        ) as engine:
            outcomes = render_batch(jobs, engine, on_event=events.append)
    assert [(outcome.status, outcome.reason) for outcome in outcomes] == [("rendered", "")] * len(jobs)
    assert [event.job for event in events if event.kind == "notice"] == []
    found = {}
    for job in jobs:
        cells = v4.reads(job.notebook.read_text()).cells
        found[job.name] = (cells[0].outputs[0].text, cells[1].outputs[0].text)
    return found


def test_each_notebook_finds_a_pristine_process_whatever_ran_before(
    printed: dict[str, tuple[str, str]],
) -> None:
    first = printed["clean-1"][0].splitlines()
    assert len(first) > 30
    for name, (state, _) in printed.items():
        assert state.splitlines() == first, name


def test_no_two_notebooks_draw_the_same_random_numbers(printed: dict[str, tuple[str, str]]) -> None:
    for column in range(3):
        assert len({drawn.split()[column] for _, drawn in printed.values()}) == len(printed)
