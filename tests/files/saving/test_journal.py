from __future__ import annotations

import errno
import os
from datetime import datetime, timedelta, timezone
from typing import TYPE_CHECKING, NoReturn

import pytest

from evalkit.errors import EvalkitError
from evalkit.files.saving.journal import Change, Entry, Journal, Mark, timestamp

if TYPE_CHECKING:
    from pathlib import Path


def entry(name: str, new: str = "x", part: str = "product") -> Entry:
    change = Change(part, None, {"name": new}, is_draft=False)
    return Entry(name, "2026-11-22T12:00:00.000Z", "Ann", "edit", (change,), {"answers": ("a", "b")})


@pytest.fixture
def journal(tmp_path: Path) -> Journal:
    return Journal(tmp_path / "acme.history.jsonl")


def test_what_was_added_is_read_backwards(journal: Journal) -> None:
    one, two = entry("1"), entry("2", "é\ud83d\n")
    journal.add(one)
    journal.mark(Mark("1", is_done=True))
    journal.add(two)
    assert list(journal.backwards()) == [two, Mark("1", is_done=True), one]


def test_lines_longer_than_what_is_read_at_once_are_whole(journal: Journal) -> None:
    entries = [entry(str(number), "x" * (number * 50_000)) for number in range(6)]
    for each in entries:
        journal.add(each)
    assert list(journal.backwards()) == entries[::-1]


def test_a_journal_that_is_not_there_is_empty(journal: Journal) -> None:
    assert list(journal.backwards()) == []
    assert journal.pending() is None
    assert journal.newest_of("product") is None


def test_an_entry_is_pending_until_it_is_marked(journal: Journal) -> None:
    journal.add(entry("1"))
    assert journal.pending() == entry("1")
    journal.mark(Mark("1", is_done=False))
    assert journal.pending() is None


def test_a_torn_line_is_passed_over_and_the_next_one_stands_by_itself(journal: Journal) -> None:
    journal.add(entry("1"))
    journal.mark(Mark("1", is_done=True))
    with journal.path.open("ab") as file:
        file.write(b'{"id":"2","at":"2026-')
    assert journal.pending() is None
    journal.add(entry("3"))
    assert journal.pending() == entry("3")
    assert [number for number, item in journal.numbered() if item is None] == [3]


@pytest.mark.parametrize(
    "line",
    [
        b"",
        b"[]",
        b"3",
        b'{"id": 3}',
        b'{"done": null}',
        b"\xff\xfe",
        b'{"id":"1","at":"","by":"","what":"","changes":[1]}',
        b'{"id":"1","at":"","by":"","what":"","changes":[],"files":[]}',
        b"[" * 100_000,
    ],
)
def test_a_line_changed_by_hand_stops_nobody(journal: Journal, line: bytes) -> None:
    journal.add(entry("1"))
    with journal.path.open("ab") as file:
        file.write(line + b"\n")
    assert journal.pending() == entry("1")
    assert journal.newest_of("product") == (entry("1"), entry("1").changes[0])


def test_the_newest_change_of_a_part_is_one_that_was_made(journal: Journal) -> None:
    for name, is_done in (("1", True), ("2", False)):
        journal.add(entry(name))
        journal.mark(Mark(name, is_done=is_done))
    journal.add(entry("3", part="prepared"))
    newest = journal.newest_of("product")
    assert newest is not None
    assert newest[0].id == "1"


@pytest.mark.parametrize("number", [errno.ENOSPC, errno.EROFS, errno.EIO])
def test_what_cannot_be_written_down_leaves_the_journal_as_it_was(
    journal: Journal, monkeypatch: pytest.MonkeyPatch, number: int
) -> None:
    def fail(_: int) -> NoReturn:
        raise OSError(number, os.strerror(number))

    journal.add(entry("1"))
    before = journal.path.read_bytes()
    with monkeypatch.context() as patch:
        patch.setattr(os, "fsync", fail)
        with pytest.raises(EvalkitError, match=f"{os.strerror(number)}; nothing was changed"):
            journal.add(entry("2"))
    assert journal.path.read_bytes() == before


def test_a_journal_that_is_a_folder_is_said(journal: Journal) -> None:
    journal.path.mkdir()
    for use in (journal.pending, lambda: list(journal.numbered()), lambda: journal.add(entry("1"))):
        with pytest.raises(EvalkitError, match="Is a directory"):
            use()


def test_times_are_utc_with_milliseconds() -> None:
    at = datetime(2026, 11, 22, 1, 2, 3, 999_999, timezone(timedelta(hours=2)))
    assert timestamp(at) == "2026-11-21T23:02:03.999Z"
