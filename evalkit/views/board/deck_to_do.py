"""Slides to decide on: the recommendation, and what is to be done, with room for owners and dates."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

from evalkit.views.board.blocks import Bullets, Callout, Cell, Column, Paragraph, Slide, Table
from evalkit.views.board.deck_fit import GAP, HEIGHT, cut, height, split, trimmed
from evalkit.views.board.deck_words import words as deck_words
from evalkit.views.board.words import words

if TYPE_CHECKING:
    from collections.abc import Iterator

    from evalkit.views.board.blocks import SlideBlock
    from evalkit.views.board.brief import BoardBrief, ToDo

SLIDES: Final = 3
"""Slides with what is to be done; the memo has the rest."""

_WHAT: Final = 70
_SENTENCE: Final = 210


def recommendation(brief: BoardBrief) -> Iterator[Slide]:
    """Yield the recommendation with room for the decision, then what is to be done for the first option."""
    first, *others = brief.recommendation
    blocks: list[SlideBlock] = [Callout(words.MEMO["recommendation"], cut(first, _SENTENCE))]
    if others:
        blocks.append(Bullets(tuple(cut(sentence, _SENTENCE) for sentence in others)))
    labels = (words.MEMO["verdict_of_board"], words.MEMO["decided"], words.MEMO["signed"])
    columns = tuple(Column(label, share=1) for label in labels)
    blocks.append(Paragraph("", deck_words.SIGNATURE))
    blocks.append(Table(columns, (tuple(Cell("") for _ in labels),), is_form=True))
    notes = deck_words.NOTES["recommendation"].format(basis=brief.basis)
    yield Slide("recommendation", deck_words.TITLES["recommendation"], tuple(blocks), notes)
    yield from _to_do(brief)


def _to_do(brief: BoardBrief) -> Iterator[Slide]:
    first = brief.short_list[0]
    if not first.to_do:
        return
    columns = (
        Column(words.MEMO["number"], is_figure=True),
        Column(deck_words.KIND_LABEL),
        Column(words.MEMO["what"], share=4),
        Column(deck_words.SHOWN_BY, share=4),
        Column(words.MEMO["owner"], share=1.8),
        Column(words.MEMO["date"], share=1.3),
    )
    rows = tuple(_line(place, it) for place, it in enumerate(first.to_do, 1))
    under = Paragraph(deck_words.FILL_IN, is_note=True)
    parts = tuple(split(trimmed(Table(columns, rows, is_form=True), 2), HEIGHT - GAP - height(under)))
    title = deck_words.TITLES["to_do"].format(letter=first.letter)
    shown = parts[:SLIDES]
    left = sum(len(part.rows) for part in parts[SLIDES:])
    for place, part in enumerate(shown, 1):
        said = deck_words.PART.format(title=title, part=place, parts=len(shown)) if len(shown) > 1 else title
        note = under
        if left and place == len(shown):
            note = Paragraph(f"{deck_words.REST.format(others=left)} {deck_words.FILL_IN}", is_note=True)
        yield Slide(f"to-do-{place}", said, (part, note), deck_words.NOTES["to_do"])


def _line(place: int, it: ToDo) -> tuple[Cell, ...]:
    what = f"{it.what}; {words.CLOSES_GATE}" if it.closes_gate else it.what
    beside = "; ".join(it.serves) or it.how
    if it.kind == "remedy" and it.how:
        beside = it.how
    texts = (str(place), deck_words.KIND_OF[it.kind], cut(what, _WHAT), cut(beside, _WHAT), "", "")
    return tuple(Cell(text) for text in texts)
