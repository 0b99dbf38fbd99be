"""How far several assessors agree, as data for other programs."""

from __future__ import annotations

import csv
import io
from typing import TYPE_CHECKING, Any, Final

from evalkit.model.agreement import DISCUSSED_LEVELS, LEAST_ALPHA
from evalkit.views.agreement import RESAMPLES, SEED
from evalkit.views.export import rounded, spreadsheet_cell
from evalkit.views.safe_text import plain

if TYPE_CHECKING:
    from collections.abc import Sequence

    from evalkit.model.agreement import Figures
    from evalkit.model.evaluation import EvaluationInputs
    from evalkit.views.agreement import Difference, ProductAgreement
    from evalkit.views.export import Cell

COLUMNS: Final = (
    "kind",
    "product",
    "assessors",
    "domain",
    "alpha",
    "alpha_low",
    "alpha_high",
    "exact_share",
    "within_one_share",
    "questions",
    "records",
    "below_threshold",
    "question",
    "title",
    "scope",
    "findings",
    "levels_apart",
    "discuss",
    "consensus",
    "reason",
)
"""Columns of the agreement as CSV, in order; ``kind`` is ``overall``, ``domain`` or ``difference``."""


def agreement_csv(agreements: Sequence[ProductAgreement]) -> str:
    """Return overall figures, domains and differences as CSV; no cell that a spreadsheet would run."""
    text = io.StringIO()
    writer = csv.DictWriter(text, COLUMNS, lineterminator="\n")
    writer.writeheader()
    for each in agreements:
        domains = ["", *(it.domain for it in each.found.domains)]
        rows: list[dict[str, Cell]] = [
            _figures_cells(each, domain, figures)
            for domain, (_, figures) in zip(domains, each.rows, strict=True)
        ]
        rows += [_difference_cells(each, it) for it in each.differences]
        for row in rows:
            cells = {name: plain(it) if isinstance(it, str) else it for name, it in row.items()}
            writer.writerow({name: spreadsheet_cell(it) for name, it in cells.items()})
    return text.getvalue()


def agreement_document(inputs: EvaluationInputs, agreements: Sequence[ProductAgreement]) -> dict[str, Any]:
    """Return the agreement as data, format ``evalkit/agreement/1``, ready for ``export.to_json``."""
    return {
        "format": "evalkit/agreement/1",
        "evaluation": inputs.evaluation.id,
        "questionnaire": inputs.questionnaire.ref,
        "inputs": dict(inputs.hashes),
        "least_alpha": LEAST_ALPHA,
        "discussed_levels": DISCUSSED_LEVELS,
        "resamples": RESAMPLES,
        "seed": SEED,
        "products": [
            {
                "product": each.product,
                "assessors": list(each.found.assessors),
                "overall": _figures_data(each.found.overall),
                "domains": {it.domain: _figures_data(it.figures) for it in each.found.domains},
                "differences": [_difference_data(it) for it in each.differences],
            }
            for each in agreements
        ],
    }


def _figures_cells(each: ProductAgreement, domain: str, figures: Figures) -> dict[str, Cell]:
    low, high = figures.interval or (None, None)
    return {
        "kind": "domain" if domain else "overall",
        "product": each.product,
        "assessors": "; ".join(each.found.assessors),
        "domain": domain,
        "alpha": rounded(figures.alpha),
        "alpha_low": rounded(low),
        "alpha_high": rounded(high),
        "exact_share": rounded(figures.exact_share),
        "within_one_share": rounded(figures.within_one_share),
        "questions": figures.questions,
        "records": figures.records,
        "below_threshold": str(figures.is_low).lower(),
    }


def _difference_cells(each: ProductAgreement, row: Difference) -> dict[str, Cell]:
    return {
        "kind": "difference",
        "product": each.product,
        "assessors": "; ".join(each.found.assessors),
        "domain": row.found.domain,
        "question": row.question.id,
        "title": row.question.title,
        "scope": row.found.scope,
        "findings": "; ".join(f"{it.assessor}: {' / '.join(it.answers)} ({it.evidence})" for it in row.said),
        "levels_apart": row.found.levels_apart,
        "discuss": str(row.to_discuss).lower(),
        "consensus": row.consensus,
        "reason": row.reason,
    }


def _figures_data(figures: Figures) -> dict[str, Any]:
    return {
        "alpha": rounded(figures.alpha),
        "interval": None if figures.interval is None else [rounded(it) for it in figures.interval],
        "exact_share": rounded(figures.exact_share),
        "within_one_share": rounded(figures.within_one_share),
        "questions": figures.questions,
        "records": figures.records,
        "scale_records": figures.scale_records,
        "below_threshold": figures.is_low,
    }


def _difference_data(row: Difference) -> dict[str, Any]:
    return {
        "question": row.question.id,
        "domain": row.found.domain,
        "scope": row.found.scope,
        "deployments": list(row.found.deployments),
        "assessors": {
            it.assessor: {
                "state": it.state,
                "answers": list(it.answers),
                "class": row.found.positions[it.assessor].evidence_class,
                "finding": it.finding,
            }
            for it in row.said
        },
        "levels_apart": row.found.levels_apart,
        "discuss": row.to_discuss,
        "unsettled": list(row.unsettled),
        "consensus": row.consensus or None,
        "reason": row.reason or None,
    }
