"""The instrument frozen by hash before answers are opened, and whether it is still the same."""

from __future__ import annotations

import os
import re
from datetime import UTC, datetime
from typing import TYPE_CHECKING, Final

from evalkit.errors import EvalkitError, InvalidInputError
from evalkit.files import rules
from evalkit.files.canonical import to_yaml
from evalkit.files.instrument import Reader, read_questionnaire
from evalkit.files.reading import read_document
from evalkit.files.saving.journal import Entry, parsed
from evalkit.model.evaluation import Evaluation
from evalkit.model.frozen import Freeze, Frozen
from evalkit.model.profile import Profile
from evalkit.writing import write_text

if TYPE_CHECKING:
    from collections.abc import Mapping
    from pathlib import Path

    from evalkit.files.workspace import Workspace

_AT: Final = re.compile(rb'"at":\s*"([^"]*)"')
_PARTS: Final = "answers/"
_SECONDS: Final = len("2026-11-22T09:30:00")


def freeze(workspace: Workspace, *, by: str, at: datetime, late: bool) -> Frozen:
    """Write ``frozen.yaml``, and return what it says.

    Parameters
    ----------
    at
        The moment, with its time zone.
    late
        Freeze also if there are answers already; the file then says so, with their number.

    Raises
    ------
    InvalidInputError
        If the evaluation, its questionnaire or its profile cannot be used.
    EvalkitError
        If it is frozen already, there are answers and it is not to be late, or the file cannot be written.
    """
    path = workspace.frozen_file
    if os.path.lexists(path):
        raise EvalkitError(
            f"{workspace.name(path)} is there already: the instrument is frozen once. To freeze another one,"
            " remove the file, so that version control shows it"
        )
    evaluation, hashes = _instrument(workspace)
    there = answers_there(workspace)
    moment = at.astimezone(UTC).isoformat(timespec="seconds").removesuffix("+00:00") + "Z"
    journal = earliest_answer(workspace, moment)
    if (there or journal) and not late:
        raise EvalkitError(f"{_seen(there, journal)}; freeze before answers are opened, or say so: --late")
    frozen = Frozen(
        format="evalkit/frozen/1",
        questionnaire=evaluation.questionnaire,
        profile=evaluation.profile,
        by=by,
        at=moment,
        late=bool(there or journal),
        answers=sum(there.values()),
        instrument=hashes,
    )
    write_text(path, to_yaml(frozen))
    return frozen


def answers_there(workspace: Workspace) -> dict[str, int]:
    """Return how many answers each answers file has, by its name; files without any are left out.

    Raises
    ------
    InvalidInputError
        If a file cannot be read.
    """
    found = {}
    for file in workspace.answers:
        data = read_document(file.path, workspace.name(file.path)).data
        answers = data.get("answers") if isinstance(data, dict) else None
        if answers:
            found[workspace.name(file.path)] = len(answers)
    return found


def earliest_answer(workspace: Workspace, before: str = "") -> str:
    """Return when somebody first answered a question with the form; empty where no journal has it.

    Parameters
    ----------
    before
        Only of what is older than this moment.

    Raises
    ------
    EvalkitError
        If a journal is there and cannot be read.
    """
    folder = workspace.evaluation / "answers"
    paths = [path for path in folder.glob("*.history.jsonl") if not path.name.startswith(".")]
    return min(filter(None, (_first_answer(path, before) for path in sorted(paths))), default="")


def freeze_of(record: Frozen, hashes: Mapping[str, str], workspace: Workspace) -> Freeze:
    """Return what is known today of an instrument that was frozen.

    Parameters
    ----------
    hashes
        Of today's input files, by name; those of the instrument are chosen from them.
    """
    folder = workspace.name(workspace.questionnaires)
    today = {name: value for name, value in hashes.items() if name.startswith(f"{folder}/")}
    names = record.instrument.keys() | today.keys()
    changed = tuple(sorted(name for name in names if record.instrument.get(name) != today.get(name)))
    return Freeze(record, changed, earliest_answer(workspace, record.at))


def read_freeze(reader: Reader, workspace: Workspace) -> Freeze | None:
    """Return what is known of the freezing, after all of the instrument was read; None without a file.

    The reader keeps its hash, and what is wrong with it.
    """
    path = workspace.frozen_file
    if not os.path.lexists(path):
        return None
    outside = list(workspace.leading_out(path))
    reader.problems.extend(outside)
    read = None if outside else reader.read(path, Frozen)
    return read and freeze_of(read[1], reader.hashes, workspace)


def _instrument(workspace: Workspace) -> tuple[Evaluation, dict[str, str]]:
    """Return the evaluation, and the hashes of the questionnaire and profile that it names."""
    reader = Reader(workspace.name)
    read = reader.read(workspace.evaluation_file, Evaluation)
    if read is None:
        raise InvalidInputError(reader.problems)
    evaluation = read[1]
    folder = workspace.questionnaire_folder(evaluation.questionnaire.partition("@")[0])
    questionnaire = read_questionnaire(reader, folder)
    profile = reader.read(folder / "profiles" / f"{evaluation.profile}.yaml", Profile)
    if questionnaire and profile:
        reader.problems.extend(rules.profile_problems(profile[1], profile[0], questionnaire))
    if reader.problems or questionnaire is None:
        raise InvalidInputError(reader.problems)
    if questionnaire.ref != evaluation.questionnaire:
        seen = f"questionnaire: {evaluation.questionnaire} is not the one installed, {questionnaire.ref}"
        raise EvalkitError(f"{workspace.name(workspace.evaluation_file)}: {seen}")
    own = workspace.name(workspace.evaluation_file)
    return evaluation, {name: value for name, value in sorted(reader.hashes.items()) if name != own}


def _seen(there: Mapping[str, int], journal: str) -> str:
    if not there:
        return f"somebody answered on {journal} already, though no answer is left"
    first = ", ".join(f"{name} has {number}" for name, number in list(there.items())[:3])
    more = f" and {len(there) - 3} files more" if len(there) > 3 else ""  # noqa: PLR2004 - as many as are named
    return f"there are {sum(there.values())} answers already ({first}{more})"


def _is_before(one: str, other: str) -> bool:
    """Whether a moment is in an earlier second than another; only journals have milliseconds."""
    return one[:_SECONDS] < other[:_SECONDS]


def _first_answer(path: Path, before: str) -> str:
    """Return the moment of the oldest entry of a journal that answers a question."""
    oldest = before
    found = ""
    try:
        with path.open("rb") as file:
            for line in file:
                # Most lines are of later; to parse each would cost every report.
                stated = _AT.search(line)
                if stated is None or (
                    oldest and not _is_before(stated[1].decode("ascii", "replace"), oldest)
                ):
                    continue
                entry = parsed(line)
                if isinstance(entry, Entry) and any(
                    each.part.startswith(_PARTS) and each.new is not None for each in entry.changes
                ):
                    oldest = found = entry.at
    except OSError as error:
        raise EvalkitError(f"{path}: cannot be read: {error.strerror or error}") from error
    return found
