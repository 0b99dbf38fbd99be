from __future__ import annotations

from typing import TYPE_CHECKING

import pytest

from evalkit.files.migrating.notes import note_of, notes_in
from tests.files.migrating.projects import ANSWERS, loads, migrate, project, text_of

if TYPE_CHECKING:
    from pathlib import Path

TYPE = [("1.1.0", [{"changed": "LOC-01", "reason": "-"}])]


def test_comments_are_told_from_text_that_looks_like_them() -> None:
    text = (
        "# head\na: 1   # one\nb: |-  # block\n  text # no\nc: {x: 'a # b', # flow\n  y: 2}\nd: a#b\n# end\n"
    )
    found = list(notes_in(text))
    assert [note for _, note in found] == ["# head", "# one", "# block", "# flow", "# end"]
    assert all(text.startswith(note, at) for at, note in found)


@pytest.mark.parametrize("mark", ["", "\ufeff"])
@pytest.mark.parametrize("line_break", ["\n", "\r\n"])
def test_comments_in_what_is_rewritten_go_above_it(tmp_path: Path, mark: str, line_break: str) -> None:
    text = mark + ANSWERS.replace("\n", line_break)
    evaluation = project(tmp_path, TYPE, {"acme": text})
    migrate(evaluation)
    loads(evaluation)
    new = text_of(evaluation)
    assert new.startswith(f"{mark}# Our own file.{line_break}")
    assert f"    # Storage{line_break}" in new
    lines = new.split(line_break)
    at = lines.index("    LOC-01:")
    assert set(lines[at - 2 : at]) >= {"    # certain"}
    assert sorted(note for _, note in notes_in(text)) == sorted(note for _, note in notes_in(new))
    assert "\n" not in new.replace("\r\n", "") or line_break == "\n"


def test_a_note_is_one_line_whatever_its_text() -> None:
    assert note_of("a\n- b:\r\n\tc") == "# a - b: c"
