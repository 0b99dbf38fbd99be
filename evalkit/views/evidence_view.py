"""One evidence item as readers see it: what it counts as and why, and where it was read."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from evalkit.views.answer_text import describe
from evalkit.views.wording import wording

if TYPE_CHECKING:
    from evalkit.model.answers import Source
    from evalkit.model.scorecard import WeighedItem
    from evalkit.views.subject import Subject


@dataclass(frozen=True, slots=True)
class EvidenceView:
    """One evidence item.

    Attributes
    ----------
    counts_as : str
        The effective class in words where it differs from the class as written; else empty.
    why : str
        Why it differs.
    states : str
        The value that the item itself states, where it differs from the answer's; else empty.
    """

    key: str
    source: Source
    kind: str
    written: str
    counts_as: str
    why: str
    locator: str
    dates: str
    details: tuple[str, ...]
    states: str
    governs: bool


def evidence_views(
    subject: Subject, question_id: str, items: tuple[WeighedItem, ...]
) -> tuple[EvidenceView, ...]:
    """Return the evidence of one question, what governs first."""
    ordered = sorted(items, key=lambda it: not it.governs)
    return tuple(_view(subject, question_id, it) for it in ordered)


def reason_for_class(subject: Subject, weighed: WeighedItem) -> str:
    """Return why an item counts as another class than written; empty where it does not."""
    item = weighed.item
    if weighed.effective_class == item.evidence_class:
        return "expired, yet a claim cannot sink lower" if weighed.expired else ""
    if not weighed.covers:
        return "its scope does not cover this deployment"
    if subject.inputs.evaluation.as_of > weighed.expires:
        return f"expired after {weighed.expires.isoformat()}"
    return f"tested on {item.version or 'an unnamed version'}, not on {subject.product.version}"


def _view(subject: Subject, question_id: str, weighed: WeighedItem) -> EvidenceView:
    item = weighed.item
    changed = weighed.effective_class != item.evidence_class
    dates = f"{weighed.collected.isoformat()}, counts in full until {weighed.expires.isoformat()}"
    source = subject.option.answers.sources[item.source]
    details = [
        source.version or "",
        f"about version {item.version}" if item.version else "",
        f"by {_METHOD[item.method]}" if item.method else "",
        f"SHA-256 {item.sha256[:12]}…" if item.sha256 else "",
    ]
    return EvidenceView(
        key=item.source,
        source=source,
        kind=weighed.effective_class,
        written=wording.CLASS[item.evidence_class],
        counts_as=wording.CLASS[weighed.effective_class] if changed else "",
        why=reason_for_class(subject, weighed),
        locator=item.locator or "",
        dates=dates,
        details=tuple(text for text in details if text),
        states="" if item.value is None else describe(subject.question(question_id), item.value).named,
        governs=weighed.governs,
    )


_METHOD = {"examine": "examination", "interview": "interview", "test": "test"}
