"""What the baseline shows: each question's level before and with it, and how far each condition is met."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from evalkit.hardening.selection import level_holds
from evalkit.scoring.enforceability import is_by_hand, is_in_image, standing
from evalkit.scoring.enforcement import is_binding

if TYPE_CHECKING:
    from collections.abc import Mapping

    from evalkit.hardening.selection import Case, Selection
    from evalkit.model.scorecard import Scorecard
    from evalkit.scoring.enforceability import Standing


@dataclass(frozen=True, slots=True)
class Shown:
    """One question, its level as answered, and with the baseline deployed and read back.

    Attributes
    ----------
    answered : int or None
        None where no level is answered.
    controls : tuple of str
        Written controls that show a level of it.
    by_hand : bool
        Whether the level rests on a line of the checklist.
    """

    question: str
    answered: int | None
    baseline: int
    controls: tuple[str, ...]
    by_hand: bool

    @property
    def rises(self) -> bool:
        """Whether the baseline shows more than was answered."""
        return self.answered is None or self.baseline > self.answered


@dataclass(frozen=True, slots=True)
class Met:
    """One condition asked for: how far it can be met for the option, and what is written for it."""

    standing: Standing
    written: tuple[str, ...]
    open: tuple[str, ...]

    @property
    def is_enforced(self) -> bool:
        """Whether written files alone bring it about and no user can undo them."""
        return self.standing.answer == "yes" and not self.standing.by_hand and bool(self.written)


def answered_levels(card: Scorecard) -> Mapping[str, int]:
    """Return the level of every question that is answered by one."""
    return {
        result.question: result.value
        for result in card.questions
        if isinstance(result.value, int) and not isinstance(result.value, bool)
    }


def levels(case: Case, selection: Selection, answered: Mapping[str, int]) -> tuple[Shown, ...]:
    """Return the questions of which written controls show a level, by id.

    The level with the baseline is the highest of the answer and of what each control shows; levels are never
    added, and none is lowered.
    """
    everywhere = [it for it in selection.chosen if it.systems == case.systems]
    written = {it.control.id for it in everywhere}
    shown: dict[str, list[tuple[int, str]]] = {}
    for it in everywhere:
        for question, level in level_holds(case, written, it.control):
            shown.setdefault(question, []).append((level, it.control.id))
    hand = {it.control.id for it in everywhere if is_by_hand(it.control)}
    made = []
    for question in sorted(shown):
        each = shown[question]
        best = max(level for level, _ in each)
        resting = {name for level, name in each if level == best}
        before = answered.get(question)
        made.append(
            Shown(
                question,
                before,
                best if before is None else max(before, best),
                tuple(name for _, name in each),
                by_hand=resting <= hand,
            )
        )
    return tuple(made)


def met(case: Case, selection: Selection) -> tuple[Met, ...]:
    """Return how far each condition asked for is met, in the order asked."""
    return tuple(
        Met(
            standing(
                case.file,
                name,
                case.catalogue.conditions[name],
                option=case.option,
                systems=case.systems,
            ),
            tuple(it.control.id for it in selection.chosen if name in it.control.conditions),
            tuple(
                it.control
                for it in selection.open
                if any(name in one.conditions for one in case.file.controls if one.id == it.control)
            ),
        )
        for name in selection.conditions
        if name in case.catalogue.conditions
    )


def standing_of_control(case: Case, selection: Selection, control_id: str) -> str:
    """Return how a written control holds: ``binding``, ``by hand``, ``image only`` or ``users can undo``."""
    control = next(it.control for it in selection.chosen if it.control.id == control_id)
    if is_by_hand(control):
        return "by hand"
    if is_in_image(case.file, control):
        return "image only"
    return "binding" if is_binding(control, case.systems) else "users can undo"
