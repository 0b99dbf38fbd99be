"""The parts that a written document is made of; each form of it shows them in its own way.

Texts are plain, as they were written: whoever shows one escapes it.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Literal

if TYPE_CHECKING:
    from datetime import date

Tone = Literal["", "low", "partly", "good", "none"]
"""How a cell is shaded; what it means always stands in the cell, too."""


@dataclass(frozen=True, slots=True)
class Heading:
    """A heading; level 1 is that of a part, 2 that of an option."""

    text: str
    level: Literal[1, 2] = 1


@dataclass(frozen=True, slots=True)
class Paragraph:
    """Some sentences, with a word in front that says what they are about."""

    text: str
    label: str = ""
    is_note: bool = False


@dataclass(frozen=True, slots=True)
class Callout:
    """What is to be read if nothing else is."""

    label: str
    text: str


@dataclass(frozen=True, slots=True)
class Terms:
    """Terms with their meaning."""

    rows: tuple[tuple[str, str], ...]


@dataclass(frozen=True, slots=True)
class Column:
    """A column: figures stand right; ``share`` is its part of the width, 0 for as little as it takes."""

    label: str
    is_figure: bool = False
    share: float = 0


@dataclass(frozen=True, slots=True)
class Cell:
    """A cell of a table; ``note`` stands behind the text, smaller where a form can do that."""

    text: str
    tone: Tone = ""
    note: str = ""


@dataclass(frozen=True, slots=True)
class Table:
    """A table; ``is_dense`` for one of many rows, ``is_form`` where readers write into it."""

    columns: tuple[Column, ...]
    rows: tuple[tuple[Cell, ...], ...]
    is_dense: bool = False
    is_form: bool = False


@dataclass(frozen=True, slots=True)
class Bar:
    """One row of a chart of intervals: scores in 0..1, None where there are none."""

    label: str
    scores: tuple[float, float, float] | None


@dataclass(frozen=True, slots=True)
class Intervals:
    """A chart: for each row the range from assured over expected to potential, against a limit.

    Attributes
    ----------
    alt : str
        What it shows, in words.
    """

    rows: tuple[Bar, ...]
    limit: float
    limit_label: str
    alt: str


Block = Heading | Paragraph | Callout | Terms | Table | Intervals


@dataclass(frozen=True, slots=True)
class Bullets:
    """A few points, in order; ``is_numbered`` where the order is one of doing."""

    points: tuple[str, ...]
    is_numbered: bool = False


@dataclass(frozen=True, slots=True)
class Figure:
    """One large number: what it is, the number with its unit, and what it is out of."""

    label: str
    value: str
    of: str = ""
    tone: Tone = ""


@dataclass(frozen=True, slots=True)
class Figures:
    """A row of large numbers, 2 to 4."""

    figures: tuple[Figure, ...]


@dataclass(frozen=True, slots=True)
class Bars:
    """A chart of bars: by label a value in -1..1, with the text that stands at its end.

    Attributes
    ----------
    rows : tuple of (str, float, str)
        Label, value, and the value as readers are told it.
    alt : str
        What it shows, in words.
    """

    rows: tuple[tuple[str, float, str], ...]
    alt: str


@dataclass(frozen=True, slots=True)
class Beside:
    """Two stacks of parts side by side; ``share`` is the left one's part of the width, 0..1."""

    left: tuple[SlideBlock, ...]
    right: tuple[SlideBlock, ...]
    share: float = 0.5


SlideBlock = Paragraph | Callout | Terms | Table | Intervals | Bullets | Figures | Bars | Beside


@dataclass(frozen=True, slots=True)
class Slide:
    """One slide: at most what fits on 16:9 without scrolling.

    Attributes
    ----------
    id : str
        Stable, lower case, fit for an address; unique in the deck.
    notes : str
        What who presents may say, and where it comes from.
    is_appendix : bool
        Whether it stands behind the recommendation, for questions.
    """

    id: str
    title: str
    blocks: tuple[SlideBlock, ...]
    notes: str
    is_appendix: bool = False


@dataclass(frozen=True, slots=True)
class Deck:
    """Slides with what stands on each of them.

    Attributes
    ----------
    facts : tuple of (str, str)
        For the title slide, which renderers make of title, kind and facts.
    page_label : str
        With ``{page}`` and ``{pages}``.
    running : str
        At the foot of each slide.
    """

    kind: str
    title: str
    day: date
    language: str
    facts: tuple[tuple[str, str], ...]
    running: str
    page_label: str
    slides: tuple[Slide, ...]


@dataclass(frozen=True, slots=True)
class Memo:
    """A written document: what stands above it, and its parts in order."""

    kind: str
    title: str
    day: date
    language: str
    facts: tuple[tuple[str, str], ...]
    page_label: str
    blocks: tuple[Block, ...]
