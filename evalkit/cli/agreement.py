"""``evalkit agreement``: how far several assessors agree, and what they are to discuss."""

from __future__ import annotations

import sys
from pathlib import Path
from typing import TYPE_CHECKING

from evalkit.cli.console import print_table, print_text, say
from evalkit.errors import EvalkitError
from evalkit.files.loading import load_inputs
from evalkit.files.workspace import find_evaluation
from evalkit.views.agreement import (
    HOW,
    alpha_text,
    interval_text,
    product_agreements,
)
from evalkit.views.agreement_export import agreement_csv, agreement_document
from evalkit.views.export import to_json
from evalkit.views.numbers import NOTHING, count, percent

if TYPE_CHECKING:
    from collections.abc import Sequence

    from evalkit.model.evaluation import EvaluationInputs
    from evalkit.views.agreement import Difference, ProductAgreement

HOW_TO_START = "each assessor answers in a file of its own, answers/<product>.<assessor>.yaml"


def print_agreement(directory: Path | None, *, product: str | None, output: str) -> int:
    """Print the agreement of assessors as table, csv or json to standard output.

    Returns 0, or 1 if a difference is to be discussed or an alpha is below the threshold.

    Raises
    ------
    EvalkitError
        If there is no such product, or fewer than two assessors answered it.
    """
    folder = find_evaluation(directory, Path.cwd())
    inputs = load_inputs(folder, products=None if product is None else {product}, settled=False)
    found = product_agreements(inputs)
    if product is not None and not found:
        there = ", ".join(inputs.assessors.get(product, {})) or "none"
        raise EvalkitError(
            f"{product}: agreement needs two assessors or more; there are: {there}; {HOW_TO_START}"
        )
    match output:
        case "json":
            sys.stdout.write(to_json(agreement_document(inputs, found)))
        case "csv":
            sys.stdout.write(agreement_csv(found))
        case _:
            for each in found:
                _print_product(inputs, each)
            if found:
                print_text(HOW)
    if not found:
        say(f"no product has answers of several assessors, so there is nothing to compare; {HOW_TO_START}")
    return 0 if all(each.is_fine for each in found) else 1


def print_differences(rows: Sequence[Difference], title: str) -> None:
    """Print differences, each assessor in a column."""
    names = [it.assessor for it in rows[0].said]
    print_table(
        (
            ("Question", "left"),
            ("Record", "left"),
            *((name, "left") for name in names),
            ("Apart", "right"),
            ("To do", "left"),
        ),
        [
            (
                f"{row.question.id} {row.question.title}",
                row.record,
                *(f"{' / '.join(it.answers)} ({it.evidence})" for it in row.said),
                row.apart or NOTHING,
                row.task or NOTHING,
            )
            for row in rows
        ],
        title=title,
    )


def _print_product(inputs: EvaluationInputs, each: ProductAgreement) -> None:
    print_table(
        (
            ("Domain", "left"),
            ("Alpha", "right"),
            ("95 % interval", "right"),
            ("Exactly", "right"),
            ("Within one level", "right"),
            ("Questions", "right"),
            ("Records", "right"),
        ),
        [
            (
                title,
                alpha_text(figures),
                interval_text(figures),
                percent(figures.exact_share),
                percent(figures.within_one_share),
                str(figures.questions),
                str(figures.records),
            )
            for title, figures in each.rows
        ],
        title=f"{inputs.evaluation.title}: {each.name}, assessed by {', '.join(each.found.assessors)}",
    )
    if each.differences:
        many = count(len(each.differences), "record")
        print_differences(each.differences, f"{many} on which the assessors of {each.name} differ")
    else:
        print_text(f"The assessors of {each.name} differ on no record.")
    for sentence in each.sentences:
        print_text(sentence)
