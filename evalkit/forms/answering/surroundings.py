"""What lies around answers and decides what they are worth: questionnaire, profile, controls."""

from __future__ import annotations

from contextlib import suppress
from typing import TYPE_CHECKING, TypeAlias

from evalkit.files.workspace import Workspace

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path

    from evalkit.model.evaluation import EvaluationInputs

_Look: TypeAlias = "dict[Path, tuple[int, int]]"


class Surroundings:
    """The files on which the scores of an evaluation depend, its answers left out.

    Parameters
    ----------
    folder
        The evaluation.
    inputs
        As they were read just now.
    """

    def __init__(self, folder: Path, inputs: EvaluationInputs) -> None:
        workspace = Workspace.of(folder)
        questionnaire = workspace.questionnaire_folder(inputs.questionnaire.header.id)
        own = workspace.evaluation
        self._folders = (own, own / "controls", own / "weights", questionnaire, questionnaire / "profiles")
        self._more = (own / "answers", own / "observations", own.parent)
        self._seen = self._look()

    def have_changed(self) -> bool:
        """Whether a file was written, added or removed since this was made; what they say is not compared."""
        return self._look() != self._seen

    def folders(self) -> tuple[Path, ...]:
        """Return the folders that are there in which something may change, answers and observations too.

        The evaluation's own folder may be taken away and come back, so the one around it is among them too.
        """
        return tuple(folder for folder in (*self._folders, *self._more) if folder.is_dir())

    def _look(self) -> _Look:
        return dict(self._stamps())

    def _stamps(self) -> Iterator[tuple[Path, tuple[int, int]]]:
        for folder in self._folders:
            for path in folder.glob("[!.]*.yaml"):
                with suppress(OSError):  # removed at this moment
                    stat = path.stat()
                    yield path, (stat.st_mtime_ns, stat.st_size)
