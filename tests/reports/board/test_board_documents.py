"""A board's documents as a notebook makes and shows them."""

from __future__ import annotations

from pathlib import Path

import pytest

from evalkit.errors import EvalkitError
from evalkit.reports.board.board_documents import board_documents

SHIPPED = str(Path(__file__).parents[3] / "results" / "coding-agents-2026")


def test_page_and_files_speak_the_language_that_is_asked_for(tmp_path: Path) -> None:
    board = board_documents(SHIPPED, "aider, codex-cli/gateway", language="de")
    shown = board.page.short_list.html
    assert "Gesichert" in shown
    assert "Assured" not in shown
    written = board.write("md", str(tmp_path))
    assert "memo.md" in written.html
    assert "Beantragter Entscheid" in (tmp_path / "memo.md").read_text(encoding="utf-8")


def test_nothing_is_written_where_no_folder_is_named(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.chdir(tmp_path)
    board_documents(SHIPPED, "aider").write("md", "")
    assert list(tmp_path.iterdir()) == []


def test_a_language_or_option_that_there_is_not_is_refused() -> None:
    with pytest.raises(EvalkitError, match="'fr' is no language"):
        board_documents(SHIPPED, language="fr")
    with pytest.raises(EvalkitError, match="'aidr' is no option or product"):
        board_documents(SHIPPED, "aidr")
