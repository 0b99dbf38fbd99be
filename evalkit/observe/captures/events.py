"""What a reader takes out of a capture: who was spoken to and which files were touched, and no content."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Literal

if TYPE_CHECKING:
    from evalkit.model.observation import CaptureKind

Outcome = Literal["ok", "denied", "failed", "unknown"]
"""What became of a connection or a call; denied is what a proxy refused by its rules."""

FileOperation = Literal["present", "read", "write", "execute"]


@dataclass(frozen=True, slots=True)
class NetworkEvent:
    """One contact with a host.

    Attributes
    ----------
    line : int
        Row, entry or packet of the capture, from 1.
    at : float or None
        Seconds since 1970, UTC; None where the capture does not tell the day.
    host : str
        Name in lower case, in ASCII; or an address, if ``is_address``.
    scheme : str
        ``https``, ``http``, ``dns``, ``tls``, ``quic``, ``tcp`` or ``udp``.
    process : str or None
        Name of the process, where the capture tells it.
    """

    line: int
    at: float | None
    host: str
    is_address: bool
    scheme: str
    port: int | None = None
    bytes_out: int | None = None
    process: str | None = None
    outcome: Outcome = "ok"


@dataclass(frozen=True, slots=True)
class FileEvent:
    """One file that was there, or that a process touched.

    Attributes
    ----------
    path : str
        With ``~`` for the home folder, and digests for names that may tell of people and projects.
    mode : int or None
        Permission bits; of a call, those it asked for.
    stamp : str
        Size and time of the file where a listing gives them: another stamp is another content.
    is_credential, is_private : bool
        Whether the file is named like one for credentials; whether it lies where keys and profiles do.
    process : str or None
        Program that made the call.
    is_agent : bool or None
        Whether the traced program itself made the call, and not one that it started.
    """

    line: int
    operation: FileOperation
    path: str
    mode: int | None = None
    stamp: str = ""
    is_credential: bool = False
    is_private: bool = False
    process: str | None = None
    is_agent: bool | None = None
    outcome: Outcome = "ok"


@dataclass(frozen=True, slots=True)
class Reading:
    """One capture as read.

    Attributes
    ----------
    rows : int
        Entries, lines or packets looked at.
    notes : tuple of str
        What the capture cannot show, or holds and could not be read, with numbers.
    limits_hit : tuple of str
        Which limits ended the reading early.
    """

    kind: CaptureKind
    rows: int
    network: tuple[NetworkEvent, ...] = ()
    files: tuple[FileEvent, ...] = ()
    notes: tuple[str, ...] = ()
    limits_hit: tuple[str, ...] = ()


@dataclass(slots=True)
class Tally:
    """Counts what a reader passed over, by reason."""

    counts: dict[str, int] = field(default_factory=dict)

    def add(self, reason: str) -> None:
        """Count one more."""
        self.counts[reason] = self.counts.get(reason, 0) + 1

    def notes(self) -> tuple[str, ...]:
        """Return a note per reason, the reasons in order."""
        return tuple(f"{count} × {reason}" for reason, count in sorted(self.counts.items()))
