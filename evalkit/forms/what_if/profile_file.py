"""A profile as a new file of the project's questionnaire."""

from __future__ import annotations

from typing import TYPE_CHECKING

from pydantic import ValidationError

from evalkit.errors import EvalkitError
from evalkit.files.canonical import to_yaml
from evalkit.files.workspace import Workspace
from evalkit.forms.what_if.state import draft
from evalkit.writing import write_text

if TYPE_CHECKING:
    from pathlib import Path

    from evalkit.forms.what_if.state import WhatIf

_ALLOWED = {
    "id": "lower-case letters, digits and hyphens, for example strict-2027",
    "title": "any text that says something",
}


def write_profile(state: WhatIf, evaluation: Path, profile_id: str, title: str) -> str:
    """Write the state's weights, thresholds and evidence table as a new profile, and return its path.

    The path is relative to the project.

    Raises
    ------
    EvalkitError
        If id or title are none, the project has no questionnaires of its own, a profile of that id is there
        already, or the file cannot be written.
    """
    try:
        profile = draft(state, profile_id, title)
    except ValidationError as error:
        field = str(error.errors()[0]["loc"][0])
        given = {"id": profile_id, "title": title}.get(field, "")
        raise EvalkitError(f"{field}: {given!r} is not {_ALLOWED.get(field, 'allowed')}") from error
    workspace = Workspace.of(evaluation)
    if not workspace.questionnaires.is_relative_to(workspace.root):
        raise EvalkitError(f"{workspace.root}: the project has no questionnaires/ of its own to write to")
    folder = workspace.questionnaire_folder(profile.questionnaire) / "profiles"
    path = folder / f"{profile.id}.yaml"
    if path.exists() or path.is_symlink():
        raise EvalkitError(f"{workspace.name(path)} is there already; choose another id")
    write_text(path, to_yaml(profile))
    return workspace.name(path)
