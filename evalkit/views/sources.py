"""The sources that an option's answers cite, each once."""

from __future__ import annotations

from typing import TYPE_CHECKING

from evalkit.views.rendering import EMPTY, Section, section
from evalkit.views.wording import wording

if TYPE_CHECKING:
    from evalkit.views.subject import Subject


def sources(subject: Subject) -> Section:
    """Return the table of sources with the questions that cite them, in the order of the answer file."""
    if not subject.card.is_scored:
        return EMPTY
    cited: dict[str, list[str]] = {}
    for result in subject.card.questions:
        for key in dict.fromkeys(it.item.source for it in result.items):
            cited.setdefault(key, []).append(result.question)
    known = subject.option.answers.sources
    rows = [(key, source, cited[key]) for key, source in known.items() if key in cited]
    lines = [
        f"{source.title}, {source.publisher} ({wording.KIND[source.kind]}): {source.url or 'no address'}"
        for _, source, _ in rows
    ]
    return section("sources", lines, rows=rows, others=len(known) - len(rows))
