"""``evaluation.yaml`` of an earlier version -> one of today's; waivers go along, or stay as comments."""

from __future__ import annotations

from typing import TYPE_CHECKING

from evalkit.files.canonical import emitted, plain
from evalkit.files.editing import keys_under, update_value
from evalkit.files.migrating.following import followed
from evalkit.files.migrating.notes import note_of, with_lines, with_notes
from evalkit.files.migrating.rows import Rewritten, Row

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    from evalkit.model.evaluation import Evaluation, Waiver
    from evalkit.model.migration import Step


def migrated_evaluation(
    text: str, evaluation: Evaluation, steps: Sequence[Step], ref: str, gates: Mapping[str, bool] | None
) -> Rewritten:
    """Return the text of ``evaluation.yaml``; waivers that do not hold any more stay in it as comments.

    Parameters
    ----------
    ref
        The questionnaire and version that is installed.
    gates
        The gates of the profile as it is now, and whether each is mitigable; None where it cannot be read.
    """
    kept: list[Waiver] = []
    rows: list[Row] = []
    notes: list[str] = []
    for waiver in evaluation.waivers:
        went = followed(waiver.gate, steps)
        gate = went.now[0] if went.now else ""
        where = f"evaluation.yaml, waiver for {waiver.option}"
        why = went.happened if not went.is_same else _no_gate(gate, gates)
        if why:
            rows.append(Row(waiver.gate, why, where, "grant the waiver again, or not"))
            stated = emitted(plain(waiver)).strip()
            notes.append(note_of(f"not carried over to {ref}, {waiver.gate} {why}: {stated}"))
            continue
        if gate != waiver.gate:
            rows.append(Row(waiver.gate, went.happened, where))
        kept.append(waiver.model_copy(update={"gate": gate}))
    after = evaluation.model_copy(update={"questionnaire": ref, "waivers": tuple(kept)})
    made = update_value(text, evaluation, after)
    made = with_notes(text, made, after)
    if notes:
        place = ("waivers",) if "waivers" in keys_under(made.removeprefix("\ufeff")) else ("questionnaire",)
        made = with_lines(made, notes, after, *place)
    return Rewritten(made, tuple(rows))


def _no_gate(gate: str, gates: Mapping[str, bool] | None) -> str:
    if gates is None or gates.get(gate):
        return ""
    return "is final now" if gate in gates else "is no gate of the profile any more"
