"""Rule A043: four eyes."""

from __future__ import annotations

from typing import TYPE_CHECKING

from evalkit.files.rules.answers import AnswersCase, rule
from evalkit.files.rules.wording import shown
from evalkit.model.people import same_person

if TYPE_CHECKING:
    from collections.abc import Iterator

    from evalkit.files.rules.registry import Found


@rule("A043", "Who answered does not sign the answer off: four eyes.")
def _another_signs_off(case: AnswersCase) -> Iterator[Found]:
    for placed in case.statements:
        answered, reviewed = placed.statement.answered, placed.statement.reviewed
        if answered and reviewed and same_person(answered.by, reviewed.by):
            message = f"signed off by {shown(reviewed.by)}, who answered; allowed is anybody else"
            yield placed.found(("reviewed", "by"), message)
