"""A capture read in a child process: both ends of what the two processes say to one another."""

from __future__ import annotations

import dataclasses
import json
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Any, Final

from pydantic import BaseModel, ConfigDict, Field, ValidationError

from evalkit.errors import EvalkitError
from evalkit.model.observation import CaptureKind
from evalkit.observe.captures.events import FileEvent, FileOperation, NetworkEvent, Outcome, Reading
from evalkit.observe.captures.formats import read_file
from evalkit.observe.isolation import NoAnswerError, answer_of
from evalkit.observe.limits import MEBIBYTE, Bounds

if TYPE_CHECKING:
    from collections.abc import Mapping

BOUNDS: Final = Bounds(answer_bytes=512 * MEBIBYTE)
_Short = Annotated[str, Field(max_length=5000)]
_Network = tuple[int, float | None, _Short, bool, _Short, int | None, int | None, _Short | None, Outcome]
_File = tuple[int, FileOperation, _Short, int | None, _Short, bool, bool, _Short | None, bool | None, Outcome]
_NAMES: Final[dict[type, tuple[str, ...]]] = {
    kind: tuple(field.name for field in dataclasses.fields(kind)) for kind in (NetworkEvent, FileEvent)
}


class _Answer(BaseModel):
    """A reading as a child says it. Nothing of it is believed without a check."""

    model_config = ConfigDict(extra="forbid", frozen=True)

    kind: CaptureKind
    rows: int
    network: tuple[_Network, ...]
    files: tuple[_File, ...]
    notes: tuple[_Short, ...]
    limits_hit: tuple[_Short, ...]


def read_apart(path: Path, bounds: Bounds = BOUNDS) -> Reading:
    """Return what one file holds, as a child process reads it.

    Raises
    ------
    EvalkitError
        If it is no capture that is read, or its reader met a limit of time or memory.
    """
    try:
        answer = _Answer.model_validate_json(answer_of("capture", {"path": str(path.absolute())}, bounds))
    except NoAnswerError as none:
        raise EvalkitError(f"{path}: {none}") from none
    except ValidationError:
        raise EvalkitError(f"{path}: reading it ended without an answer") from None
    return Reading(
        answer.kind,
        answer.rows,
        tuple(NetworkEvent(*fields) for fields in answer.network),
        tuple(FileEvent(*fields) for fields in answer.files),
        answer.notes,
        answer.limits_hit,
    )


def do(asked: Mapping[str, str]) -> str:
    """Return, in the child, what the capture that is asked about holds."""
    reading = read_file(Path(asked["path"]))
    told = {
        "kind": reading.kind,
        "rows": reading.rows,
        "network": [_fields(event) for event in reading.network],
        "files": [_fields(event) for event in reading.files],
        "notes": reading.notes,
        "limits_hit": reading.limits_hit,
    }
    return json.dumps(told, ensure_ascii=True, allow_nan=False, separators=(",", ":"))


def _fields(event: NetworkEvent | FileEvent) -> list[Any]:
    # Lists, not objects: there may be a million.
    return [getattr(event, name) for name in _NAMES[type(event)]]
