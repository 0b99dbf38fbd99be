"""Whether the instrument was frozen before answers were opened, in words."""

from __future__ import annotations

from datetime import date
from typing import TYPE_CHECKING

from evalkit.views.numbers import count
from evalkit.views.sentences import by_number, sentences
from evalkit.views.wording import wording

if TYPE_CHECKING:
    from evalkit.model.frozen import Freeze


def freezing_words(freeze: Freeze | None) -> str:
    """Return one sentence for a report."""
    if freeze is None:
        return sentences.NOT_FROZEN
    record, day = freeze.record, wording.day(freeze.record.day)
    if freeze.changed:
        return sentences.CHANGED_SINCE.format(day=day, files=count(len(freeze.changed), "file"))
    if record.answers:
        said = by_number(sentences.FROZEN_AFTER, record.answers)
        return said.format(day=day, answers=count(record.answers, "answer"))
    if record.late:
        return sentences.FROZEN_LATE.format(day=day)
    if freeze.earlier:
        earlier = wording.day(date.fromisoformat(freeze.earlier[:10]))
        return sentences.ANSWERED_EARLIER.format(day=day, earlier=earlier)
    return sentences.FROZEN.format(day=day)
