"""Since when a board is told what changed: a revision that is named, else the decision that was recorded."""

from __future__ import annotations

from typing import TYPE_CHECKING

from evalkit.files.decisions import load_record
from evalkit.files.revisions import inputs_at
from evalkit.files.workspace import Workspace
from evalkit.scoring.score import score
from evalkit.views.board.since import since_decision, since_revision
from evalkit.views.made_from import EVALKIT_VERSION

if TYPE_CHECKING:
    from collections.abc import Sequence
    from pathlib import Path

    from evalkit.model.evaluation import EvaluationInputs
    from evalkit.model.scorecard import Scorecard
    from evalkit.views.board.since import Since


def since_last_board(  # noqa: PLR0913 - all but three are keywords
    evaluation: Path,
    inputs: EvaluationInputs,
    cards: Sequence[Scorecard],
    *,
    revision: str | None = None,
    profile: str | None = None,
    in_words: EvaluationInputs | None = None,
) -> Since | None:
    """Return what changed since the last board; None where no revision is named and nothing was decided.

    Parameters
    ----------
    inputs
        Today's.
    revision
        What git knows the commit by that the last board saw.
    profile
        Id of the profile by which both are decided, in place of the evaluation's, then and now.
    in_words
        Today's inputs in the language that is spoken; as they are by default.

    Raises
    ------
    InvalidInputError
        If ``decision.yaml``, or a file of the revision, cannot be used.
    EvalkitError
        If the revision, or the evaluation in it, is not there.
    """
    if revision is not None:
        past = inputs_at(evaluation, revision, profile=profile)
        return since_revision(
            past.inputs,
            score(past.inputs),
            inputs,
            cards,
            name=past.revision.name,
            day=past.revision.day,
            in_words=in_words,
        )
    record = load_record(Workspace.of(evaluation), inputs)
    if record is None:
        return None
    return since_decision(record, inputs, cards, evalkit=EVALKIT_VERSION, in_words=in_words)
