"""The slides for the board: the brief again, decision first, one thing on each slide."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

from evalkit.views.board.blocks import (
    Bullets,
    Callout,
    Cell,
    Column,
    Deck,
    Figure,
    Figures,
    Paragraph,
    Slide,
    Table,
)
from evalkit.views.board.deck_appendix import appendix
from evalkit.views.board.deck_changes import changes
from evalkit.views.board.deck_fit import cut, trimmed
from evalkit.views.board.deck_matrix import domains, every_option, gates, ranking, short_list
from evalkit.views.board.deck_options import candidates, not_answered, routes, why_first
from evalkit.views.board.deck_to_do import recommendation
from evalkit.views.board.deck_words import words as deck_words
from evalkit.views.board.memo import memo
from evalkit.views.board.words import words
from evalkit.views.numbers import against, count, number
from evalkit.views.wording import wording

if TYPE_CHECKING:
    from collections.abc import Iterator

    from evalkit.views.board.brief import BoardBrief

ON_ONE_SLIDE: Final = 14
"""Options up to which one slide names all."""

_FIGURES: Final = 8
_TWO_LINES: Final = 9
_RUNNING: Final = 60
_SENTENCE: Final = 210


def deck(brief: BoardBrief) -> Deck:
    """Return the slides that say the brief; each of them holds what fits on it."""
    said = memo(brief)
    return Deck(
        kind=deck_words.KIND,
        title=said.title,
        day=said.day,
        language=said.language,
        facts=said.facts,
        running=deck_words.RUNNING.format(title=cut(said.title, _RUNNING), day=wording.day(said.day)),
        page_label=deck_words.PAGE,
        slides=tuple(_slides(brief)),
    )


def _slides(brief: BoardBrief) -> Iterator[Slide]:
    yield _decision(brief)
    yield from changes(brief)
    yield _options(brief)
    yield from domains(brief)
    yield from gates(brief)
    yield from ranking(brief)
    yield from candidates(brief)
    yield from why_first(brief)
    yield from routes(brief)
    yield from not_answered(brief)
    yield from recommendation(brief)
    yield from appendix(brief)


def _decision(brief: BoardBrief) -> Slide:
    notes = deck_words.NOTES
    first = brief.short_list[0]
    said = [notes["decision"].format(letter=first.letter)]
    if first.to_do:
        said.append(notes["decision_to_do"])
    if first.line.span is not None:
        said.append(notes["decision_numbers"].format(needed=_mark(brief)))
    blocks = (
        Callout(words.MEMO["decision"], cut(brief.decision, 2 * _SENTENCE)),
        Figures(tuple(_numbers(brief))),
        Bullets(tuple(cut(sentence, _SENTENCE) for sentence in brief.recommendation)),
    )
    return Slide("decision", deck_words.TITLES["decision"], blocks, " ".join(said))


def _numbers(brief: BoardBrief) -> Iterator[Figure]:
    first = brief.short_list[0]
    total = count(len(brief.options), *deck_words.OPTION)
    products = count(brief.products, *deck_words.PRODUCT)
    yield Figure(
        deck_words.COMPARED,
        str(len(brief.options)),
        deck_words.OF_PRODUCTS.format(options=deck_words.OPTION[len(brief.options) != 1], products=products),
    )
    approved = dict(brief.verdicts).get("approve", 0)
    yield Figure(
        deck_words.APPROVED,
        str(approved),
        deck_words.OF_OPTIONS.format(options=total),
        "good" if approved else "",
    )
    if first.line.span is None:
        return
    limit = brief.thresholds.approve_at
    needed = deck_words.NEEDED.format(needed=_mark(brief))
    assured = first.line.span.assured
    label = deck_words.STANDS.format(letter=first.letter)
    yield Figure(label, against(assured, limit), needed, brief.standing(assured))
    if first.reached is not None:
        label = deck_words.REACHED.format(letter=first.letter)
        yield Figure(label, against(first.reached, limit), needed, brief.standing(first.reached))


def _mark(brief: BoardBrief) -> str:
    return number(round(100 * brief.thresholds.approve_at, 2))


def _options(brief: BoardBrief) -> Slide:
    total = count(len(brief.options), *deck_words.OPTION)
    verdicts = ", ".join(
        words.WITH_VERDICT.format(amount=amount, verdict=wording.VERDICT_IN_TEXT[name])
        for name, amount in brief.verdicts
    )
    title = deck_words.TITLES["options"].format(options=total, verdicts=verdicts)
    if len(brief.options) > ON_ONE_SLIDE:
        notes = deck_words.NOTES["short_list"].format(amount=len(brief.short_list), total=total)
        note = Paragraph(deck_words.SHORT_LIST_NOTE, is_note=True)
        return Slide("options", title, (short_list(brief), _by_verdict(brief), note), notes)
    note = Paragraph(deck_words.OPTIONS_NOTE, is_note=True)
    everyone = every_option(brief, _FIGURES) or short_list(brief)
    shown = trimmed(everyone, 2 if len(brief.options) <= _TWO_LINES else 1)
    return Slide("options", title, (shown, note), deck_words.NOTES["options"])


def _by_verdict(brief: BoardBrief) -> Table:
    columns = (
        Column(words.MEMO["verdict"], share=2),
        Column(deck_words.VERDICT_OPTIONS, share=1),
        Column(deck_words.VERDICT_MEANS, share=5),
    )
    total = len(brief.options)
    rows = tuple(
        (
            Cell(wording.VERDICT[name]),
            Cell(deck_words.OUT_OF.format(amount=amount, total=total)),
            Cell(wording.VERDICT_MEANING[name]),
        )
        for name, amount in brief.verdicts
    )
    return Table(columns, rows)
