"""Slides for questions: method, all options by domain, terms and sources."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

from evalkit.views.board.blocks import Bullets, Cell, Column, Paragraph, Slide, Table, Terms
from evalkit.views.board.deck_fit import cut, trimmed
from evalkit.views.board.deck_matrix import every_option, paged
from evalkit.views.board.deck_words import words as deck_words
from evalkit.views.board.words import words
from evalkit.views.made_from import EVALKIT_VERSION
from evalkit.views.numbers import count

if TYPE_CHECKING:
    from collections.abc import Iterator

    from evalkit.views.board.blocks import SlideBlock
    from evalkit.views.board.brief import BoardBrief

SOURCES: Final = 8
"""Sources shown; the rest is counted, reports list them."""

_LEADING: Final = 8
_DOMAINS: Final = 10
_TITLE: Final = 20
_SOURCE: Final = 50
_SENTENCE: Final = 180
_MADE: Final = 200


def appendix(brief: BoardBrief) -> Iterator[Slide]:
    """Yield what stands behind the recommendation."""
    method = (
        Bullets(tuple(cut(sentence, _SENTENCE) for sentence in brief.method)),
        Paragraph(words.NOT_PROOF, is_note=True),
    )
    yield Slide("method", deck_words.TITLES["method"], method, deck_words.NOTES["method"], is_appendix=True)
    yield from _all_options(brief)
    yield Slide(
        "terms",
        deck_words.TITLES["terms"],
        (Terms(brief.glossary),),
        deck_words.NOTES["terms"],
        is_appendix=True,
    )
    yield _sources(brief)


def _all_options(brief: BoardBrief) -> Iterator[Slide]:
    table = every_option(brief, is_dense=True)
    if table is None:
        return
    starts = range(0, len(brief.domains), _DOMAINS)
    for start in starts:
        kept = slice(_LEADING + start, _LEADING + start + _DOMAINS)
        columns = (*table.columns[:_LEADING], *table.columns[kept])
        rows = tuple((*row[:_LEADING], *row[kept]) for row in table.rows)
        titles = enumerate(brief.domains[start : start + _DOMAINS], start + 1)
        domains = " ".join(f"{place} {cut(title, _TITLE)}," for place, title in titles).rstrip(",")
        yield from paged(
            "all-options" if len(starts) == 1 else f"all-options-{start + 1}",
            deck_words.TITLES["all_options"],
            Table(columns, rows, is_dense=True),
            deck_words.NOTES["all_options"],
            under=(Paragraph(words.ALL_NOTE.format(domains=domains), is_note=True),),
            lines=1,
            is_appendix=True,
        )


def _sources(brief: BoardBrief) -> Slide:
    total = len(brief.sources)
    blocks: list[SlideBlock] = [
        Paragraph(words.SOURCES.format(total=count(total, *deck_words.SOURCE)) if total else words.NO_SOURCES)
    ]
    if total:
        labels = deck_words.SOURCE_COLUMNS
        columns = (
            Column(labels["title"], share=5),
            Column(labels["publisher"], share=2),
            Column(labels["kind"], share=2),
            Column(labels["dated"]),
            Column(labels["answers"], is_figure=True),
        )
        rows = tuple(
            tuple(
                map(
                    Cell,
                    (cut(it.title, _SOURCE), cut(it.publisher, _TITLE), it.kind, it.dated, str(it.answers)),
                )
            )
            for it in brief.sources[:SOURCES]
        )
        blocks.append(trimmed(Table(columns, rows), 2))
    made = words.MADE_FROM.format(
        evaluation=brief.evaluation,
        questionnaire=brief.questionnaire,
        files=count(len(brief.hashes), *deck_words.FILE),
        version=EVALKIT_VERSION,
        basis=brief.basis,
    )
    blocks.append(Paragraph(cut(made, _MADE), is_note=True))
    return Slide(
        "sources", deck_words.TITLES["sources"], tuple(blocks), deck_words.NOTES["sources"], is_appendix=True
    )
