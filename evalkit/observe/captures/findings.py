"""What a row of the table of verdicts looks at, and what it finds."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Literal

from evalkit.model.observed import is_other_version
from evalkit.observe.captures.seen import Contacts, HostSeen

if TYPE_CHECKING:
    from collections.abc import Iterator

    from evalkit.model.observation import ClaimType, Relation, Strength
    from evalkit.observe.captures.declared import Declarations
    from evalkit.observe.captures.events import FileEvent, Reading
    from evalkit.observe.captures.run_manifest import RunManifest

RuleName = Literal[
    "CAP-HOST-DECLARED",
    "CAP-HOST-UNDECLARED",
    "CAP-ROUTE-LEAK",
    "CAP-SWITCH-IGNORED",
    "CAP-DENIED-RETRY",
    "CAP-BYTES",
    "CAP-FILE-UNDOCUMENTED",
    "CAP-FILE-MODE",
    "CAP-FILE-SENSITIVE-READ",
    "CAP-FILE-REMAINS",
    "CAP-EXEC",
]


@dataclass(frozen=True, slots=True)
class Claimed:
    """The statement that a finding speaks to."""

    where: str
    literal: str
    type: ClaimType


@dataclass(frozen=True, slots=True)
class Finding:
    """What one row makes of one host or file.

    Attributes
    ----------
    questions : tuple of str
        To which the finding speaks.
    row : str
        Which row of the table it is; with the value, what makes it unique in a capture.
    """

    questions: tuple[str, ...]
    relation: Relation
    kind: Literal["host", "path", "count"]
    value: str
    told: str
    lines: tuple[int, ...]
    occurrences: int
    claim: Claimed | None = None
    strength: Strength = "observed"
    caveats: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Setting:
    """All that the rows look at: one capture, its run, and what is declared.

    Attributes
    ----------
    hosts : tuple of HostSeen
        Of this capture, without those of the idle machine.
    everywhere : frozenset of str
        Hosts of all captures of the run, those of the idle machine included.
    new_files : tuple of FileEvent
        Of a listing: files that were not there before, or were others; None without a listing from before.
    has_idle : bool
        Whether a capture of the idle machine was taken away.
    """

    reading: Reading
    manifest: RunManifest | None
    declared: Declarations | None
    hosts: tuple[HostSeen, ...] = ()
    everywhere: frozenset[str] = frozenset()
    new_files: tuple[FileEvent, ...] | None = None
    has_idle: bool = False
    _merged: dict[str, Contacts | None] = field(default_factory=dict)

    @property
    def route(self) -> str:
        """The route of the run, or nothing."""
        return self.manifest.run.route if self.manifest else ""

    @property
    def is_stale(self) -> bool:
        """Whether the run was of another version than the one that the answers are about."""
        if self.manifest is None or self.declared is None:
            return False
        return is_other_version(self.manifest.run.version, self.declared.answers.product.version)

    def agent_contacts(self, seen: HostSeen) -> Contacts | None:
        """Return the contacts that the agent itself is known to have had with a host; None if none are.

        They are those of its processes, and on a machine where nothing else ran those of unknown process.
        """
        if seen.host not in self._merged:
            own = list(self._own(seen))
            self._merged[seen.host] = _merged(own) if own else None
        return self._merged[seen.host]

    def _own(self, seen: HostSeen) -> Iterator[Contacts]:
        if self.manifest is None:
            return
        run = self.manifest.run
        for process, contacts in seen.by_process.items():
            if (process in run.processes) if process else run.isolated_host:
                yield contacts

    def is_by_process(self, seen: HostSeen) -> bool:
        """Whether a contact of one of the agent's own processes is known."""
        return self.manifest is not None and any(
            each in self.manifest.run.processes for each in seen.by_process
        )

    def is_by_agent(self, event: FileEvent) -> bool:
        """Whether the agent itself is known to have touched a file."""
        if self.manifest is None:
            return False
        if event.is_agent is None:
            return self.manifest.run.isolated_host
        return event.is_agent or event.process in self.manifest.run.processes


def times(number: int) -> str:
    """Return how often, in words.

    >>> times(1), times(3)
    ('once', '3 times')
    """
    return "once" if number == 1 else f"{number} times"


def files_told(number: int) -> str:
    """Return how many files, in words.

    >>> files_told(1), files_told(3)
    ('1 file', '3 files')
    """
    return "1 file" if number == 1 else f"{number} files"


def _merged(all_contacts: list[Contacts]) -> Contacts:
    firsts = [each.first_at for each in all_contacts if each.first_at is not None]
    lasts = [each.last_at for each in all_contacts if each.last_at is not None]
    return Contacts(
        count=sum(each.count for each in all_contacts),
        first_at=min(firsts, default=None),
        last_at=max(lasts, default=None),
        denied=sum(each.denied for each in all_contacts),
        denied_at=sorted(at for each in all_contacts for at in each.denied_at),
        reached=sum(each.reached for each in all_contacts),
    )
