"""An evaluation as a workbook (XLSX) whose formulas recompute its figures in any spreadsheet program.

Not carried: how verdicts come about, what applies and which evidence governs (they are given as evalkit works
them out); conditions, missing evidence, and the analysis of how sure the ranking is.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

from evalkit.exchange.exporting.format import Exported

if TYPE_CHECKING:
    from evalkit.exchange.exporting.format import Chosen

_LOSSES: Final = (
    "verdicts, what applies and which evidence governs do not follow changes: evalkit works them out",
    "conditions, missing evidence and how sure the ranking is are left out",
)


def evaluation_workbook(chosen: Chosen) -> Exported:
    """Return the workbook.

    Raises
    ------
    EvalkitError
        If xlsxwriter is not installed, or there are more options than a sheet has rows for.
    """
    from evalkit.exchange.evaluation_workbook import workbook  # noqa: PLC0415 - other formats do without it

    return Exported(workbook(chosen.inputs, chosen.cards), _LOSSES)
