"""Lines of JSON between the processes of the fast engine, and the values that travel in them."""

from __future__ import annotations

import json
from dataclasses import asdict, dataclass, field
from pathlib import Path
from typing import TYPE_CHECKING, Any

from evalkit.engine.job import Job, Outcome

if TYPE_CHECKING:
    import socket
    from collections.abc import Iterator, Mapping

_dumps = json.dumps  # cells may replace it


@dataclass(frozen=True, slots=True)
class Setup:
    """What a server needs to know before its first job.

    Attributes
    ----------
    cwd, place : Path
        See :class:`~evalkit.engine.worksite.Worksite`.
    page : str
        The page maker as ``module:function``; empty for a server of shells, which makes no reports.
    prepare : str
        A function as ``module:function`` that is called once, before the first fork, so that each child
        inherits what it imported and computed; empty for none.
    prepare_with : mapping
        Its keyword arguments: JSON types.
    """

    cwd: Path
    place: Path
    page: str = ""
    prepare: str = ""
    prepare_with: Mapping[str, Any] = field(default_factory=dict)

    def packed(self) -> dict[str, Any]:
        """Return the setup as JSON types."""
        return asdict(self) | {
            "cwd": str(self.cwd),
            "place": str(self.place),
            "prepare_with": dict(self.prepare_with),
        }

    @classmethod
    def unpacked(cls, raw: Mapping[str, Any]) -> Setup:
        """Return the setup that was packed."""
        return cls(**{**raw, "cwd": Path(raw["cwd"]), "place": Path(raw["place"])})


def packed_job(job: Job) -> dict[str, Any]:
    """Return a job as JSON types."""
    paths = {name: str(getattr(job, name)) for name in ("template", "notebook", "html")}
    return asdict(job) | {"parameters": dict(job.parameters)} | paths


def unpacked_job(raw: Mapping[str, Any]) -> Job:
    """Return the job that was packed."""
    return Job(**{**raw, **{name: Path(raw[name]) for name in ("template", "notebook", "html")}})


def packed_outcome(outcome: Outcome) -> dict[str, Any]:
    """Return an outcome as JSON types."""
    return asdict(outcome) | {"hashes": dict(outcome.hashes)}


def unpacked_outcome(raw: Mapping[str, Any]) -> Outcome:
    """Return the outcome that was packed."""
    return Outcome(**raw)


def line_of(message: Mapping[str, Any]) -> bytes:
    """Return a message as a line."""
    return _dumps(message).encode() + b"\n"


def first_message(link: socket.socket) -> dict[str, Any]:
    """Return the first message that arrives; of what comes behind it nothing is taken."""
    line = b""
    while not line.endswith(b"\n"):
        piece = link.recv(1)
        if not piece:
            raise ConnectionError("the other side has said nothing")
        line += piece
    message: dict[str, Any] = json.loads(line)
    return message


class Lines:
    """Puts lines together from the pieces in which they arrive."""

    def __init__(self) -> None:
        self._rest = b""

    def messages(self, piece: bytes) -> Iterator[dict[str, Any]]:
        """Yield the messages that end in this piece."""
        *lines, self._rest = (self._rest + piece).split(b"\n")
        for line in lines:
            message: dict[str, Any] = json.loads(line)
            yield message
