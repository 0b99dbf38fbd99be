"""What is left of a process that died, and what a disk that is full or read-only does."""

from __future__ import annotations

import errno
import fcntl
import os
from typing import TYPE_CHECKING, Any, NoReturn

import filelock
import pytest

from evalkit.errors import EvalkitError
from evalkit.files.saving import answers_file as module
from evalkit.files.saving.journal import Mark
from evalkit.writing import write_bytes
from tests.files.saving.acme import CITED, START, TEXT, acme, answers_file, edit, names, put, save, says

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator
    from pathlib import Path

    from evalkit.files.saving.answers_file import AnswersFile

WHOLE = {"value": 2, "evidence": CITED}


class Died(BaseException):
    """The process is gone: nothing that comes after runs."""


@pytest.fixture
def file(tmp_path: Path) -> AnswersFile:
    return acme(tmp_path)


def dying(monkeypatch: pytest.MonkeyPatch, at_write: int) -> Iterator[None]:
    """Let the process die at a write of a file, the first being 0."""
    count = iter(range(100))

    def write(path: Path, raw: bytes) -> str:
        if next(count) == at_write:
            raise Died
        return write_bytes(path, raw)

    with monkeypatch.context() as patch:
        patch.setattr(module, "write_bytes", write)
        yield


def died(monkeypatch: pytest.MonkeyPatch, act: Callable[[], Any], at_write: int = 0) -> None:
    for _ in dying(monkeypatch, at_write):
        with pytest.raises(Died):
            act()


def last_mark(file: AnswersFile) -> Mark | None:
    item = next(file.journal.backwards())
    return item if isinstance(item, Mark) else None


def test_what_a_process_began_is_finished_by_whoever_reads_next(
    file: AnswersFile, monkeypatch: pytest.MonkeyPatch
) -> None:
    died(monkeypatch, lambda: put(file, "answers/LOC-03", WHOLE))
    assert file.path.read_bytes() == TEXT.encode()
    left = file.path.with_name(".acme.yaml.00aa11bb.tmp")
    left.write_text("half", encoding="utf-8")
    other = answers_file(file.path)
    assert other.read().answers.answers["LOC-03"].value == 2
    mark = last_mark(file)
    assert mark is not None
    assert mark.is_done
    assert names(file) == ["acme.history.jsonl", "acme.yaml"]
    assert TEXT.splitlines()[:20] == file.path.read_text(encoding="utf-8").splitlines()[:20]


def test_a_draft_that_was_written_halfway_is_finished(
    file: AnswersFile, monkeypatch: pytest.MonkeyPatch
) -> None:
    put(file, "answers/LOC-03", {"value": 2})
    put(file, "answers/LOC-07", {"value": 1})
    # One edit is promoted, the other draft stays: answers and drafts both change.
    died(monkeypatch, lambda: put(file, "answers/LOC-03", WHOLE), at_write=1)
    parts = answers_file(file.path).read().parts
    assert (parts["answers/LOC-03"].is_draft, parts["answers/LOC-07"].is_draft) == (False, True)
    assert parts["answers/LOC-03"].problems == ()


def test_what_was_all_written_is_only_marked(file: AnswersFile, monkeypatch: pytest.MonkeyPatch) -> None:
    def die(*_: object) -> NoReturn:
        raise Died

    with monkeypatch.context() as patch:
        patch.setattr(file.journal, "mark", die)
        with pytest.raises(Died):
            put(file, "answers/LOC-03", WHOLE)
    written = file.path.stat()
    answers_file(file.path).recover()
    assert file.path.stat().st_mtime_ns == written.st_mtime_ns
    mark = last_mark(file)
    assert mark is not None
    assert mark.is_done


def test_a_new_file_that_was_not_written_is_finished(
    file: AnswersFile, monkeypatch: pytest.MonkeyPatch
) -> None:
    answers = says(file)
    file.path.unlink()
    died(monkeypatch, lambda: file.create(answers, by="Ann", at=START))
    assert answers_file(file.path).read().answers == answers


@pytest.mark.parametrize("which", ["answers", "drafts"])
def test_what_was_changed_by_somebody_else_meanwhile_is_given_up(
    file: AnswersFile, monkeypatch: pytest.MonkeyPatch, which: str
) -> None:
    put(file, "answers/LOC-07", {"value": 1})
    died(monkeypatch, lambda: put(file, "answers/LOC-03", WHOLE))
    if which == "answers":
        file.path.write_text(TEXT.replace("As read.", "Another commit."), encoding="utf-8")
    else:
        file.drafts_path.unlink()
    before = file.path.read_bytes()
    snapshot = answers_file(file.path).read()
    assert "answers/LOC-03" not in snapshot.parts
    assert file.path.read_bytes() == before
    mark = last_mark(file)
    assert mark is not None
    assert not mark.is_done


def test_what_the_questionnaire_no_longer_takes_is_given_up(
    file: AnswersFile, monkeypatch: pytest.MonkeyPatch
) -> None:
    died(monkeypatch, lambda: put(file, "answers/LOC-03", WHOLE))
    raw = file.journal.path.read_text(encoding="utf-8")
    file.journal.path.write_text(raw.replace('"value":2', '"valued":2'), encoding="utf-8")
    other = answers_file(file.path)
    put(other, "answers/LOC-09", {"state": "refused"})
    assert [item.is_done for item in file.journal.backwards() if isinstance(item, Mark)] == [True, False]


def test_what_cannot_be_finished_now_is_finished_later_and_read_meanwhile(
    file: AnswersFile, monkeypatch: pytest.MonkeyPatch
) -> None:
    died(monkeypatch, lambda: put(file, "answers/LOC-03", WHOLE))
    with monkeypatch.context() as patch:
        patch.setattr(module, "write_bytes", failing(errno.ENOSPC, 0, always=True))
        assert "LOC-03" not in answers_file(file.path).read().answers.answers
    assert "LOC-03" in answers_file(file.path).read().answers.answers


def test_a_process_that_was_interrupted_goes_on_itself(
    file: AnswersFile, monkeypatch: pytest.MonkeyPatch
) -> None:
    died(monkeypatch, lambda: put(file, "answers/LOC-03", WHOLE))
    put(file, "answers/LOC-09", {"state": "refused"})
    assert list(says(file).answers) == ["LOC-01", "LOC-03", "LOC-05", "LOC-09"]


def failing(number: int, at_write: int, *, always: bool = False) -> Callable[[Path, bytes], str]:
    """Writing that fails as a disk does, at one write or from there on."""
    count = iter(range(100))

    def write(path: Path, raw: bytes) -> str:
        here = next(count)
        if here == at_write or (always and here > at_write):
            raise EvalkitError(f"{path}: {os.strerror(number)}; the file is unchanged")
        return write_bytes(path, raw)

    return write


@pytest.mark.parametrize("at_write", [0, 1])
def test_a_full_disk_leaves_everything_as_it_was(
    file: AnswersFile, monkeypatch: pytest.MonkeyPatch, at_write: int
) -> None:
    put(file, "answers/LOC-03", {"value": 2})
    put(file, "answers/LOC-07", {"value": 1})
    before = {path.name: path.read_bytes() for path in file.path.parent.iterdir()}
    late = edit(file, "answers/LOC-03", WHOLE)
    with monkeypatch.context() as patch:
        patch.setattr(module, "write_bytes", failing(errno.ENOSPC, at_write))
        with pytest.raises(EvalkitError, match="No space left"):
            save(file, late)
    assert {path.name: path.read_bytes() for path in file.path.parent.iterdir()} == before
    assert save(file, late).conflicts == ()
    assert says(file).answers["LOC-03"].value == 2


def test_what_a_full_disk_left_halfway_is_finished_later_and_may_be_saved_again(
    file: AnswersFile, monkeypatch: pytest.MonkeyPatch
) -> None:
    put(file, "answers/LOC-03", {"value": 2})
    put(file, "answers/LOC-07", {"value": 1})
    late = edit(file, "answers/LOC-03", WHOLE)
    with monkeypatch.context() as patch:
        patch.setattr(module, "write_bytes", failing(errno.ENOSPC, 1, always=True))
        with pytest.raises(EvalkitError, match="No space left"):
            save(file, late)
    saved = save(file, late)
    assert (saved.conflicts, saved.parts["answers/LOC-03"].is_draft) == ((), False)
    assert file.read().parts["answers/LOC-07"].is_draft


def test_a_journal_on_a_full_disk_stops_the_save_before_anything_is_written(
    file: AnswersFile, monkeypatch: pytest.MonkeyPatch
) -> None:
    put(file, "answers/LOC-09", {"state": "refused"})
    before = {path.name: path.read_bytes() for path in file.path.parent.iterdir()}
    late = edit(file, "answers/LOC-03", WHOLE)

    def full(*_: object) -> NoReturn:
        raise OSError(errno.ENOSPC, os.strerror(errno.ENOSPC))

    with monkeypatch.context() as patch:
        patch.setattr(os, "fsync", full)
        with pytest.raises(EvalkitError, match=r"acme\.history\.jsonl.*No space left"):
            save(file, late)
    assert {path.name: path.read_bytes() for path in file.path.parent.iterdir()} == before


def test_a_mark_that_finds_no_space_makes_no_failure_of_what_is_saved(
    file: AnswersFile, monkeypatch: pytest.MonkeyPatch
) -> None:
    def full(_: Mark) -> NoReturn:
        raise EvalkitError("No space left on device")

    with monkeypatch.context() as patch:
        patch.setattr(file.journal, "mark", full)
        put(file, "answers/LOC-03", WHOLE)
    assert file.read().answers.answers["LOC-03"].value == 2
    assert last_mark(file) is not None


def refuse(*_: object) -> NoReturn:  # chmod does not bind root
    raise PermissionError(errno.EACCES, os.strerror(errno.EACCES))


def test_a_folder_that_is_read_only_can_be_read_and_saving_says_so(
    file: AnswersFile, monkeypatch: pytest.MonkeyPatch
) -> None:
    late = edit(file, "answers/LOC-03", WHOLE)
    monkeypatch.setattr(filelock.FileLock, "acquire", refuse)
    assert file.read().answers == says(file)
    with pytest.raises(
        EvalkitError, match=r"\.acme\.lock cannot be made: Permission denied; nothing was changed"
    ):
        save(file, late)
    assert file.path.read_bytes() == TEXT.encode()


def test_a_file_that_stays_locked_is_said_with_its_lock(
    file: AnswersFile, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(module, "_PATIENCE_SECONDS", 0.0)
    late = edit(file, "answers/LOC-03", WHOLE)
    # A lock of its own: held by the same thread, filelock would take it for a mistake.
    with file.lock_path.open("ab") as held:
        fcntl.flock(held, fcntl.LOCK_EX)
        for use in (file.read, lambda: save(file, late)):
            with pytest.raises(EvalkitError, match=r"another process.*\.acme\.lock"):
                use()
    assert save(file, late).conflicts == ()
