"""What differs between two releases of a product, as far as both were looked into."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Literal

if TYPE_CHECKING:
    from evalkit.model.observation import Artefact, Capture, Coverage, Strength

DriftKind = Literal["hosts", "keys", "switches", "settings", "install scripts", "package", "other"]
"""What sort of thing differs."""

DriftChange = Literal["new", "gone", "changed", "stronger", "weaker"]
"""How it differs; stronger and weaker say how far it goes: what was mentioned is now configured."""


@dataclass(frozen=True, slots=True)
class Drifted:
    """One thing that one release has otherwise than the other.

    Attributes
    ----------
    name : str
        The host, literal or path, or the fingerprint of a key; of a fact, what it says.
    before, after : str
        What a fact said in each release; empty for what is there or not.
    old, new : Strength or None
        How far it goes in each release; None where it was not seen.
    is_certain : bool
        Whether the release in which it was not seen was looked into in full.
    questions : tuple of str
        On which it bears.
    told : str
        The sentence of the rule that found it.
    """

    kind: DriftKind
    change: DriftChange
    rule: str
    name: str
    before: str
    after: str
    old: Strength | None
    new: Strength | None
    is_certain: bool
    questions: tuple[str, ...]
    told: str


@dataclass(frozen=True, slots=True)
class Release:
    """One of the two releases.

    Attributes
    ----------
    level : str
        How far it was looked into: ``full``, ``partial`` or ``none``; of a capture ``run``.
    limits : tuple of str
        What ended the look early.
    """

    file: str
    version: str
    subject: Artefact | Capture
    level: str
    limits: tuple[str, ...]
    coverage: Coverage | None


@dataclass(frozen=True, slots=True)
class Drift:
    """Two releases side by side.

    Attributes
    ----------
    sizes : tuple of (str, int, int)
        What is counted, in the older and the newer one, where they differ.
    not_comparable : tuple of str
        What cannot be said, and why.
    bears_on : tuple of str
        Questions that are answered, and on which a difference bears that is more than a mention.
    """

    product: str
    old: Release
    new: Release
    changes: tuple[Drifted, ...]
    sizes: tuple[tuple[str, int, int], ...]
    not_comparable: tuple[str, ...]
    bears_on: tuple[str, ...]
