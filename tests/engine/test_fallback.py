"""Why the fast engine may not be usable: told in one line, and all reports are made nevertheless."""

from __future__ import annotations

import os
import sys
from contextlib import closing
from typing import TYPE_CHECKING, Any, Final

import pytest

from evalkit.engine.batch import render_batch
from evalkit.engine.choice import open_engine
from tests.engine.conftest import PAGE, job

if TYPE_CHECKING:
    from pathlib import Path

    from evalkit.engine.events import Event

NOTICE: Final = "the fast engine cannot be used here: {}; the stock one is used"
PREPARE: Final = {
    "a Python thread": (
        (
            "import threading\n"
            "def prepare():\n"
            "    threading.Thread(target=threading.Event().wait, name='sampler', daemon=True).start()\n"
        ),
        "a library has started a thread (sampler), and forking would freeze what it holds",
    ),
    "another thread": (
        (
            "import _thread, time\n"
            "def prepare():\n"
            "    _thread.start_new_thread(time.sleep, (600,))\n"  # threading does not know of it
            "    time.sleep(0.1)\n"
        ),
        "a library has started a thread outside of Python, and forking would freeze what it holds",
    ),
    "it raises": (
        "def prepare():\n    raise ValueError('two\\nlines')\n",
        "it cannot be started: ValueError: two",
    ),
    "it is missing": ("", "it cannot be started: AttributeError: module 'getting_ready' has no attribute"),
    "it exits": (
        "import sys\ndef prepare():\n    sys.exit('enough')\n",
        "its server ended at its start: enough",
    ),
    "it dies": ("import os\ndef prepare():\n    os._exit(1)\n", "its server ended at its start: no word"),
    "ipykernel has changed": (
        (
            "from ipykernel.ipkernel import IPythonKernel\n"
            "def prepare():\n"
            "    async def do_execute(self, *args, **kwargs):\n"
            "        return {'status': 'ok', 'execution_count': 1}\n"
            "    IPythonKernel.do_execute = do_execute\n"
        ),
        "its self-test failed: \"print('printed')\" gave []",
    ),
    "a private name is gone": (
        "from ipykernel.ipkernel import IPythonKernel\ndef prepare():\n    del IPythonKernel.do_execute\n",
        "its self-test failed: ",
    ),
    "the self-test dies": (
        "import os\ndef prepare():\n    os.register_at_fork(after_in_child=lambda: os._exit(9))\n",
        "its self-test failed: the process died",
    ),
}


def _notices(tmp_path: Path, **more: Any) -> list[str]:  # noqa: ANN401 - of the engine
    """Render a report, and return what is told of the batch."""
    report = job(tmp_path, "one")
    events: list[Event] = []
    with closing(open_engine("fast", slots=1, cwd=tmp_path, page=PAGE, **more)) as engine:
        (outcome,) = render_batch([report], engine, on_event=events.append)
    assert (outcome.name, outcome.status) == ("one", "rendered")
    assert report.notebook.exists()
    assert report.html.exists()
    assert [event.kind for event in events if event.kind in {"started", "finished"}] == [
        "started",
        "finished",
    ]
    return [event.job for event in events if event.kind == "notice"]


@pytest.mark.skipif(not sys.platform.startswith("linux"), reason="elsewhere the platform is the cause")
@pytest.mark.parametrize("cause", PREPARE)
def test_what_goes_wrong_in_the_server(cause: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    source, reason = PREPARE[cause]
    (tmp_path / "getting_ready.py").write_text(source)
    monkeypatch.setenv("PYTHONPATH", str(tmp_path))
    (notice,) = _notices(tmp_path, prepare="getting_ready:prepare")
    assert notice.startswith(NOTICE.format(reason).removesuffix("; the stock one is used"))
    assert notice.endswith("; the stock one is used")
    assert "\n" not in notice


def test_a_system_that_cannot_fork_safely(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    with monkeypatch.context() as patch:
        patch.setattr("evalkit.engine.fork.server_process.sys.platform", "darwin")
        engine = open_engine("fast", slots=2, cwd=tmp_path, page=PAGE)
    events: list[Event] = []
    with closing(engine):
        (outcome,) = render_batch([job(tmp_path, "one")], engine, on_event=events.append)
    assert outcome.status == "rendered"
    assert [event.job for event in events if event.kind == "notice"] == [
        NOTICE.format("on darwin processes cannot be forked safely")
    ]


@pytest.mark.skipif(not hasattr(os, "pidfd_open"), reason="here it is so anyway")
def test_a_python_without_pidfd_open(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.delattr(os, "pidfd_open")
    assert _notices(tmp_path) == [NOTICE.format("this Python has no pidfd_open")]


def test_where_all_is_well_nothing_is_told(tmp_path: Path) -> None:
    assert _notices(tmp_path) == []
