"""What a board reads on one page, as sections that a notebook shows: parts of the memo, in its words."""

from __future__ import annotations

from dataclasses import dataclass, field
from functools import cached_property
from typing import TYPE_CHECKING, Final

from evalkit.model.scorecard import Span
from evalkit.views.board.blocks import Callout, Heading, Intervals, Paragraph, Table, Terms
from evalkit.views.board.memo import memo
from evalkit.views.board.words import words
from evalkit.views.chart_svg import to_svg
from evalkit.views.interval_chart import Interval, interval_figure
from evalkit.views.ranking import LIMIT_NAME
from evalkit.views.rendering import Section, section
from evalkit.views.spoken import Speech, speaking, speech

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Mapping, Sequence

    from markupsafe import Markup

    from evalkit.views.board.blocks import Bar, Block, Cell, Memo
    from evalkit.views.board.brief import BoardBrief

_DECISION: Final = ""


@dataclass(frozen=True)
class BoardPage:
    """Parts of the memo that says a brief, in the words spoken when this was made; each shows itself."""

    brief: BoardBrief
    spoken: Speech = field(default_factory=speech)

    @property
    def decision(self) -> Section:
        """What is compared, the decision asked for, and the recommendation."""
        with speaking(self.spoken):
            return _shown(self._parts[_DECISION], self._memo.facts, title=self._memo.title)

    @property
    def short_list(self) -> Section:
        """The short list as a table and as intervals, and how sure its order is."""
        return self._part("at_a_glance")

    @property
    def options(self) -> Section:
        """Why each option stands where it stands, and what of it nobody has proven."""
        return self._part("options")

    @property
    def gates(self) -> Section:
        """The gates for each option of the short list."""
        return self._part("gate_matrix")

    @property
    def method(self) -> Section:
        """How the figures come about."""
        return self._part("method")

    def _part(self, name: str) -> Section:
        with speaking(self.spoken):
            return _shown(self._parts.get(words.MEMO[name], ()))

    @cached_property
    def _memo(self) -> Memo:
        return memo(self.brief)

    @cached_property
    def _parts(self) -> Mapping[str, Sequence[Block]]:
        return dict(_by_heading(self._memo.blocks))


def _by_heading(blocks: Iterable[Block]) -> Iterator[tuple[str, Sequence[Block]]]:
    """Yield what stands below each heading of the first level, with it; what stands before all has none."""
    name = _DECISION
    part: list[Block] = []
    for block in blocks:
        if isinstance(block, Heading) and block.level == 1:
            yield name, part
            name, part = block.text, []
        part.append(block)
    yield name, part


def _shown(blocks: Sequence[Block], facts: Sequence[tuple[str, str]] = (), title: str = "") -> Section:
    lines = [line for block in blocks for line in _lines(block)]
    shown = [{"kind": type(block).__name__, "block": block, "chart": _chart(block)} for block in blocks]
    return section(
        "board_part",
        [*([title] if title else []), *(f"{name}: {text}" for name, text in facts), *lines],
        title=title,
        facts=facts,
        blocks=shown,
    )


def _lines(block: Block) -> list[str]:
    match block:
        case Heading(text):
            return [text]
        case Callout(label, text) | Paragraph(text, label):
            return [f"{label}: {text}" if label else text]
        case Table(columns, rows):
            head = " | ".join(column.label for column in columns)
            return [head, *(" | ".join(map(_cell, row)) for row in rows)]
        case Terms(rows):
            return [f"{term}: {meaning}" for term, meaning in rows]
        case Intervals():
            return []  # the table says the same figures


def _cell(cell: Cell) -> str:
    return f"{cell.text} ({cell.note})" if cell.note else cell.text


def _chart(block: Block) -> Markup | None:
    if not isinstance(block, Intervals):
        return None
    rows = [Interval(bar.label, _span(bar)) for bar in block.rows]
    figure = interval_figure(rows, limit=block.limit, limit_name=LIMIT_NAME)
    return to_svg(figure, name="board", alt=block.alt)


def _span(bar: Bar) -> Span | None:
    return None if bar.scores is None else Span(*bar.scores)
