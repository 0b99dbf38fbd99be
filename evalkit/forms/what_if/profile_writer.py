"""Controls to keep what the sliders say as a new profile."""

from __future__ import annotations

from typing import TYPE_CHECKING

from evalkit.errors import EvalkitError
from evalkit.forms import controls
from evalkit.forms.what_if.profile_file import write_profile

if TYPE_CHECKING:
    from collections.abc import Callable
    from pathlib import Path

    from evalkit.forms.what_if.state import WhatIf


class ProfileWriter:
    """Id, title and a button; what came of it is said below.

    Parameters
    ----------
    state
        Returns what is to be written.
    """

    def __init__(self, folder: Path, state: Callable[[], WhatIf]) -> None:
        self._folder = folder
        self._state = state
        profile = state().start.profile
        self.id = controls.text("Id", f"{profile.id}-what-if")
        self.title = controls.text("Title", f"{profile.title}, what if")
        self.write = controls.button(
            "Write as profile", self._write, icon="save", tooltip="Write a new profile file"
        )
        self.message = controls.html(
            controls.note("Keeps weights, thresholds and evidence table; supposed answers are not kept.")
        )
        self.widget = controls.column(
            controls.heading("Keep it as a profile"), self.id, self.title, self.write, self.message
        )

    def _write(self) -> None:
        try:
            path = write_profile(self._state(), self._folder, self.id.value.strip(), self.title.value.strip())
        except EvalkitError as error:
            self.message.value = controls.problem(str(error))
        else:
            self.message.value = controls.note(
                f"Written: {path}. To use it, name it in evaluation.yaml as profile: {self.id.value.strip()}"
            )
