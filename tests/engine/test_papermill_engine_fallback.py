"""``papermill --engine evalkit`` where it cannot be used: papermill's own engine runs the notebook."""

from __future__ import annotations

import json
import logging
import subprocess
import sys
from typing import TYPE_CHECKING, Final

import papermill
import pytest
from jupyter_client.kernelspec import NoSuchKernel

from tests.engine.papermill_runs import printed, run, write

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path


pytestmark = [
    pytest.mark.usefixtures("no_settings"),
    pytest.mark.skipif(not sys.platform.startswith("linux"), reason="elsewhere nothing is forked"),
]

ON_STOCK: Final = "import sys; print(any('ipykernel' in arg for arg in sys.orig_argv))"


@pytest.fixture(autouse=True)
def heard(monkeypatch: pytest.MonkeyPatch) -> Iterator[None]:
    """papermill's log is heard, whatever an earlier test of this process did to logging."""
    log = logging.getLogger("papermill")
    monkeypatch.setattr(log, "disabled", False)
    monkeypatch.setattr(log, "propagate", True)
    before = log.level, log.manager.disable
    log.setLevel(logging.WARNING)
    logging.disable(logging.NOTSET)
    yield
    log.setLevel(before[0])
    logging.disable(before[1])


def test_where_nothing_can_be_forked_papermills_own_engine_runs_the_notebook(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, caplog: pytest.LogCaptureFixture
) -> None:
    monkeypatch.setattr("evalkit.engine.fork.server_process.sys.platform", "darwin")
    assert printed(run(tmp_path, ON_STOCK)) == "True\n"
    assert [r.getMessage() for r in caplog.records if "evalkit" in r.getMessage()] == [
        (
            "The engine evalkit cannot be used, so papermill's own is: "
            "on darwin processes cannot be forked safely"
        )
    ]


def test_without_a_reason_nothing_is_told(tmp_path: Path, caplog: pytest.LogCaptureFixture) -> None:
    assert printed(run(tmp_path, ON_STOCK)) == "False\n"
    assert caplog.records == []


def test_a_kernel_of_another_language_is_papermills_affair(
    tmp_path: Path, caplog: pytest.LogCaptureFixture
) -> None:
    kernel = {"display_name": "R", "language": "R", "name": "ir"}
    path = write(tmp_path / "in.ipynb", "1", kernel=kernel)
    with pytest.raises(NoSuchKernel):
        papermill.execute_notebook(path, tmp_path / "out.ipynb", engine_name="evalkit", progress_bar=False)
    assert "the kernel ir is not this interpreter's ipykernel" in caplog.text


def test_a_kernel_that_is_started_in_its_own_way_is_papermills_affair(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, caplog: pytest.LogCaptureFixture
) -> None:
    argv = [sys.executable, "-m", "ipykernel_launcher", "-f", "{connection_file}"]
    for name, env in (("plain", {}), ("own", {"COLOUR": "blue"})):
        folder = tmp_path / "kernels" / name
        folder.mkdir(parents=True)
        spec = {"argv": argv, "display_name": name, "language": "python", "env": env}
        (folder / "kernel.json").write_text(json.dumps(spec))
    monkeypatch.setenv("JUPYTER_PATH", str(tmp_path))
    source = "import os; print(os.environ.get('COLOUR'))"
    assert printed(run(tmp_path, ON_STOCK, source, kernel_name="plain")) == "False\nNone\n"
    assert caplog.records == []
    assert printed(run(tmp_path, ON_STOCK, source, kernel_name="own")) == "True\nblue\n"
    assert "the kernel own is not this interpreter's ipykernel" in caplog.text


def test_a_users_ipython_startup_files_are_run(tmp_path: Path, caplog: pytest.LogCaptureFixture) -> None:
    startup = tmp_path / "ipython/profile_default/startup"
    startup.mkdir(parents=True)
    (startup / "00-mine.py").write_text("mine = 'set up'")
    assert printed(run(tmp_path, "print(mine)")) == "set up\n"
    assert "00-mine.py changes what a kernel does" in caplog.text


def test_an_option_that_needs_a_kernel_gets_one(tmp_path: Path, caplog: pytest.LogCaptureFixture) -> None:
    assert printed(run(tmp_path, ON_STOCK, extra_arguments=["--no-secure"])) == "True\n"
    assert "extra_arguments needs a kernel" in caplog.text


def test_papermill_can_be_imported_after_any_module_of_the_engine() -> None:
    for name in ("for_papermill.entry", "for_papermill.engine", "fork.client"):
        text = (
            f"import evalkit.engine.{name}, papermill.engines as e; e.papermill_engines.get_engine('evalkit')"
        )
        subprocess.run([sys.executable, "-c", text], check=True)
