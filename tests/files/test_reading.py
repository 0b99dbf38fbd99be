from __future__ import annotations

import contextlib
import hashlib
import os
import socket
from pathlib import Path
from typing import NoReturn

import pytest

from evalkit.errors import InvalidInputError, Problem
from evalkit.files.reading import MAX_BYTES, read_document

ROOT = Path(__file__).parents[2]


def problem_of(path: Path) -> Problem:
    with pytest.raises(InvalidInputError) as caught:
        read_document(path, "answers/x.yaml")
    (problem,) = caught.value.problems
    assert problem.file == "answers/x.yaml"
    return problem


def file_of(folder: Path, content: bytes) -> Path:
    path = folder / "x.yaml"
    path.write_bytes(content)
    return path


def test_a_missing_file_is_a_problem(tmp_path: Path) -> None:
    assert problem_of(tmp_path / "x.yaml").code == "Y001"
    assert problem_of(file_of(tmp_path, b"a: 1") / "y.yaml").code == "Y001"


def test_a_folder_is_no_file(tmp_path: Path) -> None:
    problem = problem_of(tmp_path)
    assert (problem.code, problem.line) == ("Y002", 0)
    assert "a folder" in problem.message


def test_a_pipe_is_refused_and_not_waited_for(tmp_path: Path) -> None:
    os.mkfifo(tmp_path / "x.yaml")
    assert problem_of(tmp_path / "x.yaml").code == "Y002"


def test_a_pipe_behind_a_link_is_refused(tmp_path: Path) -> None:
    os.mkfifo(tmp_path / "pipe")
    (tmp_path / "x.yaml").symlink_to("pipe")
    assert problem_of(tmp_path / "x.yaml").code == "Y002"


def test_a_device_is_refused() -> None:
    assert problem_of(Path("/dev/zero")).code == "Y002"


def test_a_socket_is_refused(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.chdir(tmp_path)  # the path of a socket must be short
    with socket.socket(socket.AF_UNIX) as server:
        server.bind("s")
        assert problem_of(Path("s")).code == "Y002"


def test_a_file_that_becomes_a_pipe_before_it_is_opened_is_refused(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    path = file_of(tmp_path, b"a: 1\n")
    stat = path.stat()
    path.unlink()
    os.mkfifo(path)
    monkeypatch.setattr(Path, "stat", lambda _self: stat)
    assert problem_of(path).code == "Y002"


def test_a_link_to_itself_is_refused(tmp_path: Path) -> None:
    (tmp_path / "x.yaml").symlink_to("x.yaml")
    problem = problem_of(tmp_path / "x.yaml")
    assert (problem.code, problem.message) == ("Y003", "the link leads back to itself")


def test_a_file_without_permission_is_refused(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    path = file_of(tmp_path, b"a: 1\n")

    def refuse(*_: object) -> NoReturn:  # chmod does not bind root
        raise PermissionError(13, "Permission denied")

    monkeypatch.setattr(os, "open", refuse)
    problem = problem_of(path)
    assert (problem.code, problem.message) == ("Y003", "you may not read this file")


def test_a_disk_error_is_a_problem(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    path = file_of(tmp_path, b"a: 1\n")

    def fail(*_: object) -> NoReturn:
        raise OSError(5, "Input/output error")

    monkeypatch.setattr(os, "open", fail)
    assert problem_of(path).message == "the file cannot be read: Input/output error"


def test_a_file_of_50_mb_is_refused_unread(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    path = tmp_path / "x.yaml"
    with path.open("wb") as file:
        file.truncate(50_000_000)
    monkeypatch.setattr(os, "open", None)
    problem = problem_of(path)
    assert problem.code == "Y004"
    assert "50.0 MB" in problem.message


def test_a_file_of_just_5_mb_is_read(tmp_path: Path) -> None:
    head = b"a: "
    assert (
        len(read_document(file_of(tmp_path, head + b"x" * (MAX_BYTES - len(head)))).data["a"])
        == MAX_BYTES - 3
    )


@pytest.mark.parametrize(
    ("content", "line"),
    [
        (b"a: 1\nb: \xff\n", 2),
        (b"a: 1\nb: 1\nc: caf\xe9\n", 3),
        ("a: 1".encode("utf-16"), 1),
        (b"a: \xed\xa0\x80", 1),
    ],
)
def test_what_is_no_utf_8_is_refused(tmp_path: Path, content: bytes, line: int) -> None:
    problem = problem_of(file_of(tmp_path, content))
    assert (problem.code, problem.line) == ("Y005", line)


@pytest.mark.parametrize("char", ["\0", "\x1b", "\x7f", "\x85", "\u2028", "\ufffe"])
def test_a_control_character_is_refused(tmp_path: Path, char: str) -> None:
    problem = problem_of(file_of(tmp_path, f"a: 1\n\nb: x{char}y\n".encode()))
    assert (problem.code, problem.line) == ("Y006", 3)
    assert f"U+{ord(char):04X}" in problem.message


def test_a_byte_order_mark_does_no_harm(tmp_path: Path) -> None:
    document = read_document(file_of(tmp_path, b"\xef\xbb\xbfa: 1\nb: 2\n"))
    assert document.data == {"a": 1, "b": 2}
    assert document.line(("b",)) == 2


def test_lines_are_counted_with_every_line_end_and_script(tmp_path: Path) -> None:
    document = read_document(file_of(tmp_path, "a: '😀é'\r\nb: [\r\n  日本]\r\n".encode()))
    assert document.data == {"a": "😀é", "b": ["日本"]}
    assert document.line(("b", 0)) == 3


def test_a_document_knows_its_path_and_digest(tmp_path: Path) -> None:
    path = file_of(tmp_path, b"a: 1\n")
    document = read_document(path, "x.yaml")
    assert (document.path, document.name) == (path, "x.yaml")
    assert document.sha256 == hashlib.sha256(b"a: 1\n").hexdigest()
    assert document.path.is_absolute()


@pytest.mark.parametrize("opening", ["[", "{a: ", "- ", "? ", "a: &x ", "'", '"', "!", "a: |\n ", "# ", "%"])
def test_a_hostile_file_of_5_mb_is_read_or_refused_and_crashes_nothing(tmp_path: Path, opening: str) -> None:
    path = file_of(tmp_path, (opening * (MAX_BYTES // len(opening))).encode())
    with contextlib.suppress(InvalidInputError):  # some are well-formed
        assert read_document(path).path == path
