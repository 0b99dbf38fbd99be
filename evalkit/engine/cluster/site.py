"""What a worker of a cluster must have so that it makes the same reports as this machine."""

from __future__ import annotations

import hashlib
import sys
from dataclasses import dataclass, field, replace
from typing import TYPE_CHECKING, Any, Self

from evalkit.engine.libraries import versions

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping
    from pathlib import Path

    from evalkit.engine.choice import EngineName


@dataclass(frozen=True, slots=True)
class Site:
    """What a chunk needs to know besides its jobs, and what the machine that sent it has.

    Attributes
    ----------
    engine, cwd, page, prepare, prepare_with
        See :func:`evalkit.engine.choice.open_engine`.
    versions : mapping
        Of Python and the packages that shape a report.
    templates : mapping
        Hash of each template of the batch.
    """

    engine: EngineName
    cwd: Path
    page: str
    prepare: str = ""
    prepare_with: Mapping[str, Any] = field(default_factory=dict)
    versions: Mapping[str, str] = field(default_factory=dict)
    templates: Mapping[Path, str] = field(default_factory=dict)

    @classmethod
    def here(
        cls, engine: EngineName, cwd: Path, page: str, prepare: str, prepare_with: Mapping[str, Any]
    ) -> Self:
        """Return a site with the versions that this machine has."""
        return cls(engine, cwd, page, prepare, dict(prepare_with), _versions())

    def with_templates(self, templates: Iterable[Path]) -> Self:
        """Return the site with the hashes that templates have on this machine."""
        return replace(self, templates={path: _hash(path) for path in sorted(set(templates))})

    def problem(self) -> str:
        """Return what the machine that this is called on lacks; empty if it has all."""
        if not self.cwd.is_dir():
            return f"the folder {self.cwd}, in which cells run, is not there"
        for path, value in self.templates.items():
            found = _hash(path)
            if found != value:
                return f"the template {path} {'differs' if found else 'is not there'}"
        own = _versions()
        differ = [
            f"{name} {own[name] or 'is not there'} instead of {wanted}"
            for name, wanted in self.versions.items()
            if own[name] != wanted
        ]
        return f"it has {', '.join(differ)}" if differ else ""


def _versions() -> dict[str, str]:
    return {"Python": ".".join(map(str, sys.version_info[:2]))} | versions()


def _hash(path: Path) -> str:
    """Return the hash of a file; empty if it cannot be read."""
    try:
        return hashlib.sha256(path.read_bytes()).hexdigest()
    except OSError:
        return ""
