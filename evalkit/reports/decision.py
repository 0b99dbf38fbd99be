"""The record of what a board decided, as files to print and sign."""

from __future__ import annotations

import hashlib
from pathlib import Path
from typing import TYPE_CHECKING, Final

from markupsafe import Markup

from evalkit.errors import EvalkitError
from evalkit.files.reading import read_bytes
from evalkit.views.decision import decision_markdown, decision_page, in_words
from evalkit.views.languages import inputs_in, speech_of
from evalkit.views.spoken import ENGLISH, speaking
from evalkit.writing import write_text

if TYPE_CHECKING:
    from evalkit.files.workspace import Workspace
    from evalkit.model.decision import DecisionRecord
    from evalkit.model.evaluation import EvaluationInputs

_TEMPLATE: Final = Path(__file__).parent / "template"


def write_decision_record(
    workspace: Workspace, inputs: EvaluationInputs, record: DecisionRecord, language: str = ENGLISH
) -> tuple[Path, ...]:
    """Write ``out/board/decision.html`` and ``.md``, and return their paths.

    Parameters
    ----------
    language
        Code of the language in which they speak, with the evaluation's own words; what the board wrote itself
        stays as it is.

    Raises
    ------
    InvalidInputError
        If ``wording.yaml`` or a translation has problems.
    EvalkitError
        If there is no such language, the record cannot be read, or the files cannot be written.
    """
    said = speech_of(workspace.evaluation, language)
    spoken = inputs_in(language, workspace.evaluation, inputs)
    shown = in_words(record, inputs, spoken)
    path = workspace.decision_file
    sha256 = f"sha256:{hashlib.sha256(read_bytes(path, workspace.name(path))).hexdigest()}"
    texts = (_TEMPLATE.joinpath(name).read_text(encoding="utf-8") for name in ("style.css", "decision.css"))
    style = Markup("\n".join(texts))  # noqa: S704 - the project's own files
    board = workspace.evaluation / "out" / "board"
    try:
        board.mkdir(parents=True, exist_ok=True)
    except OSError as failure:
        raise EvalkitError(f"{board} cannot be made: {failure.strerror or failure}") from failure
    with speaking(said):
        written = {
            board / "decision.html": decision_page(shown, spoken, sha256=sha256, style=style),
            board / "decision.md": decision_markdown(shown, spoken, sha256=sha256),
        }
    for target, text in written.items():
        write_text(target, text)
    return tuple(written)
