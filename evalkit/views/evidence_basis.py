"""What the figures rest on: the face value by class of evidence, the gap by its cause."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from evalkit.views.numbers import percent, points
from evalkit.views.rendering import EMPTY, Section, section
from evalkit.views.wording import wording

if TYPE_CHECKING:
    from collections.abc import Mapping

    from evalkit.views.subject import Subject


@dataclass(frozen=True, slots=True)
class Part:
    """One part of a whole: ``share`` of it, and ``score`` of 100 in absolute terms."""

    name: str
    meaning: str
    kind: str
    score: float
    share: float
    start: float


def evidence_basis(subject: Subject) -> Section:
    """Return how the face value splits by class and the gap by cause; each sums to its whole."""
    card = subject.card
    if card.span is None or card.face_value is None:
        return EMPTY
    strongest_first = dict(reversed(list(card.face_by_class.items())))
    face = _parts(strongest_first, wording.CLASS, wording.CLASS_MEANING)
    causes = _parts(card.gap, {**wording.STATE_SHORT, **wording.CLASS, **_CAUSE}, wording.GAP)
    gap = card.span.potential - card.span.assured
    lines = [f"Face value {points(card.face_value)} of 100:"]
    lines += [f"  {part.name}: {points(part.score)} ({percent(part.share)})" for part in face]
    lines.append(f"Gap {points(gap)} of 100:")
    lines += [f"  {part.meaning}: {points(part.score)} ({percent(part.share)})" for part in causes]
    return section("evidence_basis", lines, face=face, causes=causes, face_value=card.face_value, gap=gap)


_CAUSE = {"disputed": "disputed", "stale": "expired"}


def _parts(
    split: Mapping[str, float], names: Mapping[str, str], meanings: Mapping[str, str]
) -> tuple[Part, ...]:
    total = sum(split.values())
    parts = []
    start = 0.0
    for kind, score in split.items():
        share = score / total
        parts.append(Part(names[kind], meanings[kind], kind.replace("_", "-"), score, share, start))
        start += share
    return tuple(parts)
