"""Products against conditions: what an administrator can bring about, and what stands in where not."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Final

from evalkit.scoring.enforceability import ANSWERS, standing
from evalkit.scoring.enforcement import systems_of
from evalkit.views.rendering import EMPTY, Section, section
from evalkit.views.substitutes import substitute_for

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    from evalkit.model.controls import ConditionText
    from evalkit.model.evaluation import EvaluationInputs
    from evalkit.model.scorecard import Scorecard
    from evalkit.scoring.enforceability import Enforceability, Standing

ANSWER: Final[Mapping[Enforceability, str]] = {
    "yes": "yes",
    "partly": "partly",
    "no": "no",
    "image": "image only",
    "none": "none recorded",
}
SYMBOL: Final[Mapping[Enforceability, str]] = {
    "yes": "✓",
    "partly": "◐",
    "no": "✕",
    "image": "▣",
    "none": "–",
}
MEANING: Final[Mapping[Enforceability, str]] = {
    "yes": "a setting of an administrator that users cannot undo does it",
    "partly": "gaps or an escape are known",
    "no": "only something related exists",
    "image": "settings that users own; they bind in an image or behind a wrapper only",
    "none": "no control is recorded, which is no proof that there is none",
}
BY_HAND: Final = "by hand"


@dataclass(frozen=True, slots=True)
class Part:
    """One answer, and how many of a product's deployments have it.

    Attributes
    ----------
    by_hand : bool
        Whether it is a line of a checklist: a person does it, and nothing is written.
    gaps : tuple of str
        Operating systems on which less can be done.
    """

    answer: Enforceability
    amount: int
    by_hand: bool = False
    gaps: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Cell:
    """One product under one condition: its answers, the best first, over the deployments compared."""

    parts: tuple[Part, ...]

    @property
    def said(self) -> tuple[tuple[str, str], ...]:
        """Symbol and words of each answer."""
        of = sum(part.amount for part in self.parts)
        return tuple((SYMBOL[part.answer], _words(part, of)) for part in self.parts)

    @property
    def text(self) -> str:
        """The cell in words."""
        return "; ".join(words for _, words in self.said)


def _words(part: Part, of: int) -> str:
    words = ANSWER[part.answer]
    if part.amount < of:
        words = f"{words} in {part.amount} of {of}"
    if part.by_hand:
        words = f"{words}, {BY_HAND}"
    return f"{words}, less on {' and '.join(part.gaps)}" if part.gaps else words


@dataclass(frozen=True, slots=True)
class Row:
    """One condition: what it says, a cell per product, and what stands in where a product does not do it."""

    condition: str
    text: str
    cells: tuple[Cell, ...]
    substitute: str


@dataclass(frozen=True, slots=True)
class Matrix:
    """Products by name, in the order of the evaluation, and a row per condition."""

    products: tuple[str, ...]
    rows: tuple[Row, ...]


def matrix(inputs: EvaluationInputs, options: Sequence[str]) -> Matrix:
    """Return the matrix over options; without products or rows where there are no controls."""
    catalogue = inputs.conditions
    chosen = [it for it in inputs.options() if it.id in options and it.answers.product.id in inputs.controls]
    products = list(dict.fromkeys(it.answers.product.id for it in chosen))
    if catalogue is None or not products:
        return Matrix((), ())
    rows = []
    for name, text in catalogue.conditions.items():
        cells = []
        for product in products:
            standings = [
                standing(
                    inputs.controls[product],
                    name,
                    text,
                    option=it,
                    systems=systems_of(it, inputs.evaluation),
                )
                for it in chosen
                if it.answers.product.id == product
            ]
            cells.append(_cell(standings))
        rows.append(Row(name, text.text, tuple(cells), _substitute(inputs, name, text, cells)))
    return Matrix(tuple(inputs.controls[product].name for product in products), tuple(rows))


def _cell(standings: Sequence[Standing]) -> Cell:
    parts = []
    for answer in ANSWERS:
        own = [it for it in standings if it.answer == answer]
        if own:
            gaps = dict.fromkeys(system for it in own for system in it.gaps)
            parts.append(Part(answer, len(own), all(it.by_hand for it in own), tuple(gaps)))
    return Cell(tuple(parts))


def _substitute(inputs: EvaluationInputs, name: str, text: ConditionText, cells: Sequence[Cell]) -> str:
    if all(part.answer == "yes" and not part.by_hand for cell in cells for part in cell.parts):
        return ""
    return substitute_for(name, text, inputs.questionnaire)


def enforceability(inputs: EvaluationInputs, cards: Sequence[Scorecard]) -> Section:
    """Return the matrix as a part of the comparison; empty where there are no controls."""
    made = matrix(inputs, [card.option for card in cards])
    if not made.rows:
        return EMPTY
    lines = [
        f"{row.condition}: "
        + ", ".join(f"{name} {cell.text}" for name, cell in zip(made.products, row.cells, strict=True))
        for row in made.rows
    ]
    legend = [(SYMBOL[answer], ANSWER[answer], MEANING[answer]) for answer in ANSWERS]
    return section("enforceability", lines, matrix=made, legend=legend)
