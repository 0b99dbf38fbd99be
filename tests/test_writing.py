from __future__ import annotations

import errno
import os
import stat
from typing import TYPE_CHECKING, NoReturn

import pytest

from evalkit.errors import EvalkitError
from evalkit.writing import remove_leftovers, write_bytes, write_text

if TYPE_CHECKING:
    from pathlib import Path


@pytest.fixture
def path(tmp_path: Path) -> Path:
    path = tmp_path / "x.yaml"
    path.write_text("old\n", encoding="utf-8")
    return path


def names(folder: Path) -> list[str]:
    return [path.name for path in folder.iterdir()]


def fail_with(number: int) -> object:
    def fail(*_: object) -> NoReturn:
        raise OSError(number, os.strerror(number))

    return fail


def test_a_file_is_written_as_utf_8_without_changing_line_ends(path: Path) -> None:
    write_text(path, "é\r\n😀\n")
    assert path.read_bytes() == "é\r\n😀\n".encode()
    assert names(path.parent) == ["x.yaml"]


def test_a_new_file_has_the_usual_permissions(tmp_path: Path) -> None:
    write_text(tmp_path / "new.yaml", "a\n")
    (tmp_path / "other").touch()
    assert (tmp_path / "new.yaml").stat().st_mode == (tmp_path / "other").stat().st_mode


@pytest.mark.parametrize("mode", [0o600, 0o664, 0o755])
def test_a_file_keeps_its_permissions(path: Path, mode: int) -> None:
    path.chmod(mode)
    write_text(path, "new\n")
    assert stat.S_IMODE(path.stat().st_mode) == mode


def test_a_link_stays_a_link(path: Path) -> None:
    link = path.with_name("link.yaml")
    link.symlink_to(path)
    write_text(link, "new\n")
    assert link.is_symlink()
    assert path.read_text(encoding="utf-8") == "new\n"


@pytest.mark.parametrize(
    ("call", "number", "says"),
    [
        ("fsync", errno.ENOSPC, "no space left"),
        ("fsync", errno.EDQUOT, "no space left"),
        ("fsync", errno.EIO, "cannot be written"),
        ("open", errno.EACCES, "may not be written"),
        ("open", errno.EROFS, "may not be written"),
        ("open", errno.ENOSPC, "no space left"),
    ],
)
def test_a_failure_leaves_the_old_file_and_nothing_beside_it(
    path: Path, monkeypatch: pytest.MonkeyPatch, call: str, number: int, says: str
) -> None:
    with monkeypatch.context() as patch:
        patch.setattr(os, call, fail_with(number))
        with pytest.raises(EvalkitError, match=says) as caught:
            write_text(path, "new\n")
    assert "the file is unchanged" in str(caught.value)
    assert path.read_text(encoding="utf-8") == "old\n"
    assert names(path.parent) == ["x.yaml"]


def test_a_full_disk_is_said_in_words(path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    real = os.open

    def to_the_full_device(_path: Path, flags: int, _mode: int = 0o777) -> int:
        return real("/dev/full", flags & ~os.O_EXCL & ~os.O_CREAT)

    monkeypatch.setattr(os, "open", to_the_full_device)
    with pytest.raises(EvalkitError, match="no space left on the disk; the file is unchanged"):
        write_text(path, "new\n")
    assert path.read_text(encoding="utf-8") == "old\n"


def test_an_interruption_leaves_nothing_beside_the_file(path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    def interrupt(_: int) -> NoReturn:
        raise KeyboardInterrupt

    monkeypatch.setattr(os, "fsync", interrupt)
    with pytest.raises(KeyboardInterrupt):
        write_text(path, "new\n")
    assert names(path.parent) == ["x.yaml"]


def test_a_write_protected_file_is_not_replaced(path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(os, "access", lambda *_: False)  # chmod does not bind root
    with pytest.raises(EvalkitError, match="may not be written"):
        write_text(path, "new\n")


def test_a_missing_folder_is_said_in_words(tmp_path: Path) -> None:
    with pytest.raises(EvalkitError, match="its folder does not exist"):
        write_text(tmp_path / "none" / "x.yaml", "a")


def test_a_folder_is_not_written_over(tmp_path: Path) -> None:
    (tmp_path / "x.yaml").mkdir()
    with pytest.raises(EvalkitError, match="is a folder"):
        write_text(tmp_path / "x.yaml", "a")
    assert names(tmp_path) == ["x.yaml"]


def test_a_file_system_that_cannot_sync_folders_is_no_failure(
    path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    real = os.fsync

    def only_files(handle: int) -> None:
        if stat.S_ISDIR(os.fstat(handle).st_mode):
            raise OSError(errno.EINVAL, "Invalid argument")
        real(handle)

    monkeypatch.setattr(os, "fsync", only_files)
    write_text(path, "new\n")
    assert path.read_text(encoding="utf-8") == "new\n"


def test_bytes_are_written_whole_and_their_hash_is_returned(path: Path) -> None:
    digest = write_bytes(path, b"")
    assert path.read_bytes() == b""
    assert digest == "sha256:e3b0c44298fc1c149afbf4c8996fb92427ae41e4649b934ca495991b7852b855"


def test_what_a_killed_process_left_beside_a_file_is_found(tmp_path: Path) -> None:
    path = tmp_path / "a[1].html"
    left = tmp_path / ".a[1].html.0011aabb.tmp"
    for other in (path, left, tmp_path / ".b.html.0011aabb.tmp"):
        other.touch()
    remove_leftovers(path)
    assert (path.exists(), left.exists(), (tmp_path / ".b.html.0011aabb.tmp").exists()) == (True, False, True)
