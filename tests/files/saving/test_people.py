from __future__ import annotations

import getpass
import shutil
import subprocess
from typing import TYPE_CHECKING, NoReturn

import pytest

from evalkit.files.saving.people import current_user

if TYPE_CHECKING:
    from pathlib import Path


@pytest.fixture(autouse=True)
def nobody(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    """No name from the machine on which the test runs."""
    monkeypatch.delenv("GIT_AUTHOR_NAME", raising=False)
    monkeypatch.setenv("GIT_CONFIG_GLOBAL", str(tmp_path / "none"))
    monkeypatch.setenv("GIT_CONFIG_NOSYSTEM", "1")
    monkeypatch.setenv("GIT_CEILING_DIRECTORIES", str(tmp_path.parent))
    monkeypatch.setattr(getpass, "getuser", lambda: "login")


def test_the_name_in_the_environment_of_git_comes_first(
    monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    monkeypatch.setenv("GIT_AUTHOR_NAME", "  The\x1b[31m \n team\u202e ")
    assert current_user(tmp_path) == "The [31m team"


@pytest.mark.skipif(shutil.which("git") is None, reason="git is not installed")
def test_git_is_asked_in_the_folder(tmp_path: Path) -> None:
    subprocess.run(["git", "init", "-q", tmp_path], check=True)  # noqa: S607 - the git on PATH
    subprocess.run(["git", "-C", tmp_path, "config", "user.name", "Bob Ray"], check=True)  # noqa: S607 - the same
    assert current_user(tmp_path) == "Bob Ray"


def test_without_git_it_is_the_name_in_the_system(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    assert current_user(tmp_path / "no such folder") == "login"
    monkeypatch.setenv("PATH", str(tmp_path))
    assert current_user(tmp_path) == "login"


def test_a_git_that_does_not_answer_is_not_waited_for(
    monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    def late(*_: object, timeout: float, **__: object) -> NoReturn:
        raise subprocess.TimeoutExpired("git", timeout)

    monkeypatch.setattr(subprocess, "run", late)
    assert current_user(tmp_path) == "login"


def test_a_user_without_a_name_is_unknown(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    def fail() -> NoReturn:
        raise KeyError("uid")

    monkeypatch.setattr(getpass, "getuser", fail)
    assert current_user(tmp_path) == "unknown"


@pytest.mark.parametrize(
    ("given", "name"),
    [("The team <ann@example.com>", "The team"), ("ann@example.com", "ann"), ("<ann@example.com>", "ann"),
     ("x" * 200, "x" * 80), ("@", "login"), (" ", "login")],
)  # fmt: skip
def test_it_is_a_name_and_never_an_address(
    monkeypatch: pytest.MonkeyPatch, tmp_path: Path, given: str, name: str
) -> None:
    monkeypatch.setenv("GIT_AUTHOR_NAME", given)
    assert current_user(tmp_path) == name
