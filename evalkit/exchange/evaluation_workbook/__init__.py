"""An evaluation as a workbook whose formulas recompute its figures in any spreadsheet program."""

from evalkit.exchange.evaluation_workbook.making import workbook

__all__ = ["workbook"]
