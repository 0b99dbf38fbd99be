"""Where the assessors of a product differ, as the report on one of its options shows it."""

from __future__ import annotations

from typing import TYPE_CHECKING

from evalkit.views.agreement import HOW, alpha_text, interval_text, product_agreements
from evalkit.views.numbers import NOTHING, count, percent
from evalkit.views.rendering import EMPTY, Section, section
from evalkit.views.wording import wording

if TYPE_CHECKING:
    from evalkit.views.agreement import Difference
    from evalkit.views.subject import Subject


def assessors(subject: Subject) -> Section:
    """Return how far assessors agree and where they differ; empty where fewer than two assessed the product.

    The figures are those of the product, the differences those that bear on this option. What each found
    stands beside the others' where no consensus was reached.
    """
    product, deployment = subject.product.id, subject.option.deployment.id
    found = next((it for it in product_agreements(subject.inputs) if it.product == product), None)
    if found is None or not subject.card.is_scored:
        return EMPTY
    figures = [
        (
            title,
            alpha_text(it),
            interval_text(it),
            percent(it.exact_share),
            percent(it.within_one_share),
            it.questions,
            it.is_low,
        )
        for title, it in found.rows
    ]
    rows = [it for it in found.differences if deployment in it.found.deployments]
    lines = [found.summary, *found.sentences, "Alpha (95 % interval), exactly, within one level, questions:"]
    lines += [
        f"  {title}: {alpha} ({interval}), {exact}, {within}, {questions}"
        for title, alpha, interval, exact, within, questions, _ in figures
    ]
    lines.append(f"{count(len(rows), 'difference')} on this option:")
    lines += [_line(it) for it in rows]
    return section(
        "assessors",
        lines,
        found=found,
        names=wording.listed(found.found.assessors),
        figures=figures,
        rows=[(it, deployment in it.unsettled) for it in rows],
        elsewhere=len(found.differences) - len(rows),
        how=HOW,
        nothing=NOTHING,
    )


def _line(row: Difference) -> str:
    said = "; ".join(f"{it.assessor}: {' / '.join(it.answers)} ({it.evidence})" for it in row.said)
    task = f" – {row.task}" if row.task else ""
    return f"  {row.question.id} {row.question.title}: {said}{task}"
