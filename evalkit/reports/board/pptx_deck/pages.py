"""Which parts stand on which slide: what does not fit goes on on a further one."""

from __future__ import annotations

from dataclasses import dataclass, replace
from functools import partial
from math import ceil
from typing import TYPE_CHECKING, Any, Final

from evalkit.errors import EvalkitError
from evalkit.reports.board.pptx_deck.layout import BODY, STEPS, Box, arranged, stack_height
from evalkit.reports.board.pptx_deck.text import height_of, with_texts
from evalkit.views.board.blocks import Bars, Beside, Bullets, Intervals, Paragraph, Table, Terms
from evalkit.views.board.clipping import clipped

if TYPE_CHECKING:
    from collections.abc import Collection, Iterator, Sequence

    from evalkit.reports.board.pptx_deck.layout import Placed
    from evalkit.views.board.blocks import Deck, Slide, SlideBlock

_CUTS: Final = (4000, 2800, 2000, 1400, 900, 600, 400, 240, 160, 120, 80, 60, 40, 24)
_TOGETHER: Final = 3
_TITLE: Final = Box(48, 26, 864, 64)
_TITLE_SIZES: Final = (26.0, 24.0, 22.0, 20.0, 18.0)


@dataclass(frozen=True, slots=True)
class Page:
    """What stands on one slide, and whether texts of it had to be cut."""

    placed: tuple[Placed, ...]
    is_cut: bool = False


def _fitting(blocks: Sequence[SlideBlock]) -> int | None:
    """Return the first step at which the parts fit on a slide."""
    for step in range(len(STEPS)):
        if stack_height(blocks, step, BODY.width) <= BODY.height:
            return step
    return None


@dataclass(frozen=True, slots=True)
class Sheet:
    """One slide of the presentation."""

    id: str
    title: str
    title_size: float
    placed: tuple[Placed, ...]
    notes: str
    is_appendix: bool


def sheets(deck: Deck) -> tuple[Sheet, ...]:
    """Return the slides of a presentation after that with its title; no two have one title."""
    found: list[Sheet] = []
    taken = {deck.title}
    for slide in deck.slides:
        for place, page in enumerate(pages(slide), start=1):
            title, size = fitted(slide.title, _TITLE, _TITLE_SIZES)
            is_cut = page.is_cut or title != slide.title
            title = _unlike(taken, title)
            notes = [slide.notes, *_texts(slide)] if is_cut else [slide.notes]
            name = slide.id if place == 1 else f"{slide.id}-{place}"
            found.append(
                Sheet(name, title, size, page.placed, "\n".join(notes), is_appendix=slide.is_appendix)
            )
            taken.add(title)
    return tuple(found)


def fitted(text: str, box: Box, sizes: Sequence[float]) -> tuple[str, float]:
    """Return a bold text and its size, which fit into a box: smaller where it has to be, cut if need be."""
    room = box.width - 24  # for a number behind it
    for size in sizes:
        if height_of(text, size, room, bold=True) <= box.height:
            return text, size
    return fitted(clipped(text, min(len(text) * 9 // 10, 600)), box, sizes[-1:])


def _unlike(taken: Collection[str], title: str) -> str:
    number, found = 1, title
    while found in taken:
        number += 1
        found = f"{title} ({number})"
    return found


def _texts(part: Any) -> list[str]:  # noqa: ANN401 - any part of a slide
    """Return all texts of a slide, in order, for its notes."""
    texts: list[str] = []

    def keep(text: str) -> str:
        texts.append(text)
        return text

    with_texts(part, keep, ("id", "notes", "alt", "tone"))
    return [text for text in texts if text]


def pages(slide: Slide) -> tuple[Page, ...]:
    """Return what stands on each of the slides that a slide takes; nothing is left out, nor out of the slide.

    Text is made smaller first, to 10 points. What still does not fit goes on on a further slide, a table
    between two rows. Only what no slide can hold by itself is cut; the cut is seen.

    Raises
    ------
    EvalkitError
        If a part does not fit on a slide however short its texts are.
    """
    step = _fitting(slide.blocks)
    if step is not None:
        return (Page(arranged(slide.blocks, BODY, step)),)
    parts = tuple(_split(slide.blocks, slide.id))
    step = max(_fitting(blocks) or 0 for blocks, _ in parts)
    return tuple(Page(arranged(blocks, BODY, step), is_cut) for blocks, is_cut in parts)


def _split(blocks: Sequence[SlideBlock], where: str) -> Iterator[tuple[tuple[SlideBlock, ...], bool]]:
    page: list[SlideBlock] = []
    is_cut = False
    waiting = list(blocks)
    while waiting:
        block = waiting.pop(0)
        if _fitting([*page, block]) is not None:
            page.append(block)
            continue
        count = _fitting_rows(page, block)
        if count:
            if not waiting and not page:  # as many on each slide
                total = len(_rows_of(block))
                count = ceil(total / ceil(total / count))
            first, rest = _cut_after(block, count)
            page.append(first)
            waiting.insert(0, rest)
        elif page:
            waiting.insert(0, block)
            count = len(_rows_of(page[-1]))
            if isinstance(block, Paragraph) and count > _TOGETHER:  # it is about what stands above it
                page[-1], rest = _cut_after(page[-1], ceil(count / 2))
                waiting.insert(0, rest)
        elif isinstance(block, Beside):
            waiting[:0] = [*block.left, *block.right]
            continue
        else:
            waiting.insert(0, _shortened(block, where))
            is_cut = True
            continue
        yield tuple(page), is_cut
        page, is_cut = [], False
    if page:
        yield tuple(page), is_cut


def _rows_of(block: SlideBlock) -> tuple[Any, ...]:
    match block:
        case Table(rows=rows) | Terms(rows) | Intervals(rows) | Bars(rows):
            return rows
        case Bullets(points, is_numbered):
            return () if is_numbered else points
        case _:
            return ()


def _cut_after(block: SlideBlock, count: int) -> tuple[SlideBlock, SlideBlock]:
    parts: Any = block
    name = "points" if isinstance(block, Bullets) else "rows"
    rows = _rows_of(block)
    return replace(parts, **{name: rows[:count]}), replace(parts, **{name: rows[count:]})


def _fitting_rows(page: Sequence[SlideBlock], block: SlideBlock) -> int:
    """Return how many rows of a part fit below the others, 0 if none does or if it has no rows."""
    for count in range(len(_rows_of(block)) - 1, 0, -1):
        if _fitting([*page, _cut_after(block, count)[0]]) is not None:
            return count
    return 0


def _shortened(block: SlideBlock, where: str) -> SlideBlock:
    """Return a part whose first row, or the whole of which, fits on a slide by itself."""
    for most in _CUTS:
        short: SlideBlock = with_texts(block, partial(clipped, most=most), ("alt", "tone"))
        if short != block and (_fitting([short]) is not None or _fitting_rows([], short)):
            return short
    raise EvalkitError(
        f"slide {where}: its {type(block).__name__.lower()} does not fit on a slide, however small the text"
    )
