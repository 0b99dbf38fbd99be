"""What is exported, what comes out of it, and what a format is."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from evalkit.views.subject import Subject

if TYPE_CHECKING:
    from collections.abc import Callable

    from evalkit.model.evaluation import EvaluationInputs
    from evalkit.model.scorecard import Scorecard


@dataclass(frozen=True, slots=True)
class Chosen:
    """An evaluation, and the scorecards of the options that are exported, in its order."""

    inputs: EvaluationInputs
    cards: tuple[Scorecard, ...]

    @property
    def subjects(self) -> tuple[Subject, ...]:
        """Return each option with its scorecard."""
        options = {option.id: option for option in self.inputs.options()}
        return tuple(Subject(self.inputs, options[card.option], card) for card in self.cards)


@dataclass(frozen=True, slots=True)
class Exported:
    r"""The content of a file, and what of the evaluation it does not carry.

    Attributes
    ----------
    content : str or bytes
        Text has ``\n`` at the end of each line.
    losses : tuple of str
        A sentence each, without its stop; in the order of importance.
    """

    content: str | bytes
    losses: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Format:
    """One format.

    Attributes
    ----------
    endings : tuple of str
        What the names of its files may end in.
    by_option : bool
        Whether it is about options, so that some of them may be chosen.
    line_end : str
        As programs that read such files want it.
    encoding : str
        That of files; what is printed has no byte order mark.
    """

    name: str
    title: str
    endings: tuple[str, ...]
    write: Callable[[Chosen], Exported]
    by_option: bool = True
    line_end: str = "\n"
    encoding: str = "utf-8"

    def raw(self, content: str | bytes) -> bytes:
        """Return the bytes of a file with this content."""
        if isinstance(content, bytes):
            return content
        return content.replace("\n", self.line_end).encode(self.encoding)
