"""A question of an earlier version -> where it went; what refers to it goes with it or not."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from evalkit.files.migrating.statements import counterpart
from evalkit.model.migration import Changed, Renamed, said_of, sources_of, targets_of

if TYPE_CHECKING:
    from collections.abc import Iterable, Sequence

    from evalkit.model.migration import AnyChange, Step


@dataclass(frozen=True, slots=True)
class Followed:
    """Where a question went.

    Attributes
    ----------
    now : tuple of str
        Its ids today: none where it was retired, several where it was split.
    changes : tuple of changes
        What happened to it, with the version in which it did.
    """

    now: tuple[str, ...]
    changes: tuple[tuple[AnyChange, str], ...]

    @property
    def is_same(self) -> bool:
        """Whether it asks what it asked, if under another id."""
        return all(isinstance(change, Renamed) for change, _ in self.changes)

    @property
    def happened(self) -> str:
        """What happened to it, in words."""
        return ", ".join(f"{said_of(change)} ({version})" for change, version in self.changes)

    def level(self, level: int) -> int | None:
        """Return what a level is called today; None where its meaning went."""
        for change, _ in self.changes:
            if isinstance(change, Changed):
                found = counterpart(level, change.values, change.keeps)
                if not isinstance(found, int):
                    return None
                level = found
            elif not isinstance(change, Renamed):
                return None
        return level


def followed(question: str, steps: Iterable[Step]) -> Followed:
    """Return where a question went in these steps."""
    now: tuple[str, ...] = (question,)
    changes: list[tuple[AnyChange, str]] = []
    for step in steps:
        found = {source: change for change in step.changes for source in sources_of(change)}
        happened = [found[name] for name in now if name in found]
        changes += [(change, step.to) for change in happened]
        now = _unique(
            target for name in now for target in (targets_of(found[name]) if name in found else (name,))
        )
    return Followed(now, tuple(changes))


def followed_all(questions: Sequence[str], steps: Sequence[Step]) -> tuple[str, ...]:
    """Return where several questions went, each named once."""
    return _unique(target for question in questions for target in followed(question, steps).now)


def _unique(names: Iterable[str]) -> tuple[str, ...]:
    return tuple(dict.fromkeys(names))
