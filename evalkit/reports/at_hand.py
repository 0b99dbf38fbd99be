"""Inputs and scorecards that a process has at hand before the first notebook asks for them.

A server that forks a child per report reads and scores an evaluation once (:func:`keep`); a child takes
what is at hand if the files are still the same to the byte. Elsewhere nothing is ever at hand.
"""

from __future__ import annotations

import hashlib
from dataclasses import dataclass, replace
from typing import TYPE_CHECKING, Final, TypeVar

from evalkit.files.loading import load_inputs
from evalkit.files.workspace import CONDITIONS, Workspace
from evalkit.scoring.score import score

if TYPE_CHECKING:
    from collections.abc import Mapping
    from pathlib import Path

    from evalkit.model.evaluation import EvaluationInputs
    from evalkit.model.scorecard import Scorecard


@dataclass(frozen=True, slots=True)
class AtHand:
    """What was read and computed.

    Attributes
    ----------
    cards : mapping
        Scorecards by option.
    """

    inputs: EvaluationInputs
    cards: Mapping[str, Scorecard]

    def of_product(self, product: str) -> AtHand:
        """Return what is left if the answers and controls of one product alone had been read."""
        inputs, evaluation = self.inputs, self.inputs.evaluation
        if evaluation.options != "all":
            options = tuple(option for option in evaluation.options if _product(option) == product)
            evaluation = evaluation.model_copy(update={"options": options})
        own = replace(
            inputs,
            evaluation=evaluation,
            answers=_only(inputs.answers, product),
            controls=_only(inputs.controls, product),
            assessors=_only(inputs.assessors, product),
            hashes={
                name: value for name, value in inputs.hashes.items() if product_of(name) in (None, product)
            },
        )
        return AtHand(
            own, {option: card for option, card in self.cards.items() if _product(option) == product}
        )


T = TypeVar("T")
_KEPT: Final[dict[Path, AtHand]] = {}


MOST_BYTES: Final = 6_000_000
"""Of answers files, some 300 options: what is at hand takes fifty times as much memory."""


def keep(folder: Path, *, most_bytes: int = MOST_BYTES) -> AtHand | None:
    """Read and score an evaluation, and have it at hand from now on; None if it has too many answers.

    Raises
    ------
    EvalkitError
        If its files cannot be used.
    """
    if sum(file.path.stat().st_size for file in Workspace.of(folder).answers) > most_bytes:
        return None
    inputs = load_inputs(folder)
    kept = AtHand(inputs, {card.option: card for card in score(inputs)})
    _KEPT[folder.resolve()] = kept
    return kept


def at_hand(folder: Path, product: str | None = None) -> AtHand | None:
    """Return what is at hand of an evaluation, or of one product of it; None if nothing is, or files changed.

    Parameters
    ----------
    folder
        The evaluation's folder.
    """
    kept = _KEPT.get(folder.resolve())
    if kept is None:
        return None
    if product is not None:
        kept = kept.of_product(product)
    return kept if _unchanged(folder, kept.inputs, product) else None


def product_of(name: str) -> str | None:
    """Return the product that a file is about, an assessor's or of observations too; None if about all.

    >>> product_of("results/ours/answers/claude-code.bo.yaml"), product_of("results/ours/evaluation.yaml")
    ('claude-code', None)
    """
    folder, _, file = name.rpartition("/")
    if not folder.endswith(("/answers", "/controls", "/observations")) or file == CONDITIONS:
        return None
    return file.partition(".")[0]


def _unchanged(folder: Path, inputs: EvaluationInputs, product: str | None) -> bool:
    """Whether the files that would be read are those that were read, with the same bytes."""
    workspace = Workspace.of(folder)
    if any(workspace.misplaced()):
        return False  # as reading would find
    folders = [workspace.evaluation / name for name in ("answers", "controls", "weights")]
    files = [path for own in folders for path in own.glob("*.y*ml") if not path.name.startswith(".")]
    names = {workspace.name(path) for path in files}
    there = {name for name in names if product is None or product_of(name) in (None, product)}
    if there != {name for name in inputs.hashes if (workspace.root / name).parent in folders}:
        return False
    bases = (workspace.root, workspace.questionnaires.parent)
    return all(any(_hash(base / name) == value for base in bases) for name, value in inputs.hashes.items())


def _hash(path: Path) -> str:
    try:
        return f"sha256:{hashlib.sha256(path.read_bytes()).hexdigest()}"
    except OSError:
        return ""


def _only(values: Mapping[str, T], product: str) -> dict[str, T]:
    return {name: value for name, value in values.items() if name == product}


def _product(option: str) -> str:
    return option.partition("/")[0]
