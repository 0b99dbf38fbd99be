"""Slides that show options side by side: domains, gates, the ranking, and the tables that others take."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

from evalkit.views.board.blocks import (
    Bar,
    Bars,
    Beside,
    Bullets,
    Cell,
    Column,
    Intervals,
    Paragraph,
    Slide,
    Table,
)
from evalkit.views.board.deck_fit import GAP, HEIGHT, WIDTH, cut, option_cut, split, stack, trimmed
from evalkit.views.board.deck_words import words as deck_words
from evalkit.views.board.memo import SEVEN, TONES, interval_words
from evalkit.views.board.memo_options import all_options, at_a_glance
from evalkit.views.board.words import words
from evalkit.views.numbers import NOTHING, percent, points, whole
from evalkit.views.wording import wording

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

    from evalkit.views.board.blocks import SlideBlock
    from evalkit.views.board.brief import BoardBrief, Certainty
_NAME: Final = 44
_LEGEND: Final = 180
_SIDE_BY_SIDE: Final = 4
_CHART_NAME: Final = 18
_TITLE: Final = 32
_SENTENCE: Final = 150
_RESERVE: Final = 60
"""Pixels kept free where a row may take one line only: PowerPoint sets the same text a little wider."""


def paged(  # noqa: PLR0913 - the parts of a slide
    id: str,  # noqa: A002 - the slide's field
    title: str,
    table: Table,
    notes: str,
    *,
    under: Sequence[SlideBlock] = (),
    lines: int = 2,
    is_appendix: bool = False,
) -> Iterator[Slide]:
    """Yield a slide with a table, of so many lines a row, and what is under it; more where it takes more."""
    budget = HEIGHT - stack(under) - (GAP if under else 0)
    shown = trimmed(table, lines, WIDTH - _RESERVE) if lines == 1 else trimmed(table, lines)
    parts = tuple(split(shown, budget))
    for place, part in enumerate(parts, 1):
        said = deck_words.PART.format(title=title, part=place, parts=len(parts)) if len(parts) > 1 else title
        name = f"{id}-{place}" if len(parts) > 1 else id
        yield Slide(name, said, (part, *under), notes, is_appendix)


def legend(brief: BoardBrief, note: str = "") -> Paragraph:
    """Return what the letters of the short list stand for, after a note."""
    most = _LEGEND / max(len(brief.short_list), _SIDE_BY_SIDE)
    told = (
        deck_words.LEGEND.format(letter=one.letter, name=option_cut(one.line.name, most))
        for one in brief.short_list
    )
    return Paragraph(f"{note} {' · '.join(told)}".lstrip(), is_note=True)


def short_list(brief: BoardBrief) -> Table:
    """Return the short list in a table."""
    shown = at_a_glance(brief)
    rows = zip(brief.short_list, shown.rows, strict=True)
    named = ((row[0], Cell(option_cut(one.line.name, _NAME)), *row[2:]) for one, row in rows)
    has_room = len(brief.short_list) <= _SIDE_BY_SIDE and len(brief.verdicts) < _SIDE_BY_SIDE
    return trimmed(Table(shown.columns, tuple(named)), 3 if has_room else 2)


def every_option(brief: BoardBrief, columns: int | None = None, *, is_dense: bool = False) -> Table | None:
    """Return all options with the first columns of the memo's table; None where the short list is all.

    A dense table has their ids: names cut to one line would be alike.
    """
    letters = {one.line.option: one.letter for one in brief.short_list}
    for block in all_options(brief):
        if isinstance(block, Table):
            rows = zip(brief.options, block.rows, strict=True)
            named = (
                (
                    row[0],
                    Cell(_lettered(line.option if is_dense else line.name, letters.get(line.option))),
                    *row[2:columns],
                )
                for line, row in rows
            )
            return Table(block.columns[:columns], tuple(named), is_dense)
    return None


def domains(brief: BoardBrief) -> Iterator[Slide]:
    """Yield domains by short list; nothing where no option has a score."""
    scored = [one for one in brief.short_list if one.line.span is not None]
    if not scored:
        return
    columns = (
        Column(words.MEMO["domain"], share=2),
        Column(words.MEMO["question"], share=4.5),
        Column(words.MEMO["weight"], is_figure=True),
        *(Column(one.letter, share=1) for one in scored),
    )
    rows = []
    asked = zip(brief.domains, brief.domain_questions, brief.weights, strict=True)
    for place, (title, question, weight) in enumerate(asked):
        cells = [Cell(cut(title, _TITLE)), Cell(cut(question, _SENTENCE)), Cell(percent(weight))]
        for one in scored:
            share = one.line.domains[place]
            standing = brief.standing(share)
            said = words.STANDING[standing]
            cells.append(Cell(said if share is None else f"{said} {points(share)}", standing))
        rows.append(tuple(cells))
    limits = brief.thresholds
    note = deck_words.ASSURED_NOTE.format(
        floor=points(limits.domain_floor), approve_at=points(limits.approve_at)
    )
    title = deck_words.TITLES["domains" if len(brief.domains) == SEVEN + 1 else "domains_other"]
    apart = (Paragraph(note, is_note=True), legend(brief))
    together = (legend(brief, note),)
    table, notes = Table(columns, tuple(rows)), deck_words.NOTES["domains"]
    found = [
        tuple(paged("domains", title, table, notes, under=under, lines=most))
        for most, under in ((4, apart), (3, apart), (3, together), (2, together))
    ]
    yield from min(found, key=len)


def gates(brief: BoardBrief) -> Iterator[Slide]:
    """Yield gates by short list; nothing where the profile has none, or no option a score."""
    scored = [place for place, one in enumerate(brief.short_list) if one.line.span is not None]
    if not brief.gates or not scored:
        return
    columns = (
        Column(words.MEMO["gate"], share=2),
        Column(words.MEMO["bar"], share=3),
        *(Column(brief.short_list[place].letter, share=1) for place in scored),
    )
    rows = []
    for gate in brief.gates:
        results = [gate.results[place] for place in scored]
        said = [
            Cell(wording.GATE_IN_TEXT[it], TONES.get(it, "none")) if it else Cell(NOTHING) for it in results
        ]
        rows.append((Cell(cut(gate.title, _TITLE)), Cell(cut(gate.bar, _SENTENCE)), *said))
    yield from paged(
        "gates",
        deck_words.TITLES["gates"],
        Table(columns, tuple(rows)),
        deck_words.NOTES["gates"],
        under=(legend(brief),),
    )


def ranking(brief: BoardBrief) -> Iterator[Slide]:
    """Yield the ranges of the short list and how surely each option is first; nothing without a score."""
    if not any(one.line.span for one in brief.short_list):
        return
    sure = brief.certainty
    most = _CHART_NAME if sure and sure.rows else _NAME
    ranges = (Paragraph(deck_words.RANGE_TEXT, deck_words.RANGE), _intervals(brief, most))
    title, notes = deck_words.TITLES["ranking"], deck_words.NOTES["ranking"]
    if len(brief.short_list) > 1:
        notes = f"{notes} {deck_words.NOTES['ranking_overlap']}"
    if sure is None:
        yield Slide("ranking", title, ranges, notes)
        return
    title = deck_words.TITLES["ranking_sure"].format(meaning=wording.CERTAINTY[sure.word])
    notes = f"{notes} {deck_words.NOTES['ranking_sure'].format(draws=whole(sure.draws))}"
    blocks: tuple[SlideBlock, ...] = ranges
    if sure.rows:
        blocks = (Beside(ranges, tuple(_first_shares(brief, sure)), 0.6),)
    yield Slide("ranking", title, (*blocks, Bullets(tuple(_sure(brief, sure)))), notes)


def _intervals(brief: BoardBrief, most: float) -> Intervals:
    limit = brief.thresholds.approve_at
    rows = []
    told = []
    for one in brief.short_list:
        span = one.line.span
        scores = None if span is None else (span.assured, span.expected, span.potential)
        label = deck_words.OPTION_TITLE.format(letter=one.letter, name=option_cut(one.line.name, most))
        rows.append(Bar(label, scores))
        told.append(interval_words(Bar(one.letter, scores)))
    alt = words.CHART_ALT.format(rows="; ".join(told), limit=points(limit))
    return Intervals(tuple(rows), limit, words.CHART_LIMIT.format(limit=points(limit)), alt)


def _first_shares(brief: BoardBrief, sure: Certainty) -> Iterator[SlideBlock]:
    letters = {one.line.option: one.letter for one in brief.short_list}
    draws = whole(sure.draws)
    rows = tuple((letters[row.option], row.first, percent(row.first)) for row in sure.rows)
    told = "; ".join(f"{letter} {share}" for letter, _, share in rows)
    yield Paragraph(deck_words.FIRST_SHARE_TEXT.format(draws=draws), deck_words.FIRST_SHARE)
    yield Bars(rows, deck_words.FIRST_SHARE_ALT.format(draws=draws, rows=told))


def _sure(brief: BoardBrief, sure: Certainty) -> Iterator[str]:
    letters = {one.line.option: one.letter for one in brief.short_list}
    leader = letters.get(sure.leader) or option_cut(sure.leader_name, _NAME)
    share = percent(sure.share)
    yield deck_words.SURE.format(leader=leader, share=share, draws=whole(sure.draws))
    yield deck_words.SURE_ANY.format(share=percent(sure.any_weights))
    if sure.none_acceptable > 0:
        yield deck_words.NONE_ACCEPTABLE.format(share=percent(sure.none_acceptable))


def _lettered(name: str, letter: str | None) -> str:
    shown = option_cut(name, _NAME)
    return deck_words.OPTION_TITLE.format(letter=letter, name=shown) if letter else shown
