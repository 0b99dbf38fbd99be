"""An artefact read in a child process: both ends of what the two processes say to one another."""

from __future__ import annotations

import json
from dataclasses import asdict, dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Final

from pydantic import ValidationError

from evalkit.observe.isolation import NoAnswerError, answer_of
from evalkit.observe.limits import MEBIBYTE, Bounds, Limits
from evalkit.observe.looking import Looked, Request, look_into

if TYPE_CHECKING:
    from collections.abc import Mapping

_ANSWER_BYTES: Final = 64 * MEBIBYTE


@dataclass(frozen=True, slots=True)
class NotLooked:
    """Why nothing can be said of an artefact."""

    reason: str


def look_apart(path: Path, request: Request, limits: Limits) -> Looked | NotLooked:
    """Return what a child process finds in a file or folder, or why it found nothing.

    Nothing that the child does is believed without a check: its answer has to be a :class:`Looked`.
    """
    asked = {
        "path": str(path.absolute()),
        "request": request.model_dump_json(),
        "limits": json.dumps(asdict(limits)),
    }
    try:
        answer = answer_of("artefact", asked, Bounds(limits.seconds, limits.memory_bytes, _ANSWER_BYTES))
        return Looked.model_validate_json(answer)
    except NoAnswerError as none:
        return NotLooked(str(none))
    except ValidationError:
        return NotLooked("reading it ended without an answer")


def do(asked: Mapping[str, str]) -> str:
    """Return, in the child, what is in the artefact that is asked about."""
    request, limits = Request.model_validate_json(asked["request"]), Limits(**json.loads(asked["limits"]))
    return look_into(Path(asked["path"]), request, limits).model_dump_json()
