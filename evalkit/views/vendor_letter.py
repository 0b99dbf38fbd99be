"""A letter to a vendor: what is not known about its product, and what evidence would settle it.

It names no verdict, score or probability: a vendor answers the question, not the threshold.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

from evalkit.views.ask import markdown
from evalkit.views.wording import wording

if TYPE_CHECKING:
    from collections.abc import Sequence

    from evalkit.model.evaluation import EvaluationInputs
    from evalkit.views.ask import AskRow

_REQUEST: Final = (
    "We are deciding whether this product may be used. Below is what we could not establish, the most"
    " consequential first. Please answer by question number, for the product version and the deployments"
    " named, and attach or cite the evidence: address, date, version and section. “We do not know” and “we do"
    " not disclose this” are answers too."
)


def vendor_letters(inputs: EvaluationInputs, rows: Sequence[AskRow], top: int | None = None) -> str:
    """Return one letter in Markdown per product of the rows, products by id, with a rule between them.

    Parameters
    ----------
    rows
        The ask-list; its order is that of the questions. A question is asked once, whatever its records.
    top
        Questions per letter; all by default.
    """
    products = sorted({row.product for row in rows})
    letters = [vendor_letter(inputs, product, rows, top) for product in products]
    return "\n---\n\n".join(letters)


def vendor_letter(
    inputs: EvaluationInputs, product_id: str, rows: Sequence[AskRow], top: int | None = None
) -> str:
    """Return the letter on one product in Markdown."""
    product, evaluation = inputs.answers[product_id].product, inputs.evaluation
    asked = by_question([row for row in rows if row.product == product_id])[:top]
    lines = [
        f"# Questions on {markdown(f'{product.name} {product.version}')}",
        "",
        f"To: {markdown(product.vendor)}  ",
        f"Evaluation: {markdown(evaluation.title)}  ",
        f"As of: {evaluation.as_of.isoformat()}",
        "",
        _REQUEST,
    ]
    if evaluation.deadline is not None:
        lines += ["", f"Please answer by {evaluation.deadline.isoformat()}."]
    for number, records in enumerate(asked, start=1):
        lines += ["", *_question(number, records)]
    return "\n".join(lines) + "\n"


def by_question(rows: Sequence[AskRow]) -> list[list[AskRow]]:
    """Return the records of each product and question together, in the order of the most valuable."""
    found: dict[tuple[str, str], list[AskRow]] = {}
    for row in rows:
        found.setdefault((row.product, row.question.id), []).append(row)
    return list(found.values())


def _question(number: int, records: Sequence[AskRow]) -> list[str]:
    question = records[0].question
    lines = [
        f"## {number}. {markdown(question.title)} ({question.id})",
        "",
        f"> {markdown(question.question)}",
        "",
        f"**Why it matters:** {markdown(question.why)}",
        "",
        "**What we found so far:**",
        "",
    ]
    for row in records:
        finding = f" {markdown(row.finding)}" if row.finding else ""
        where = markdown("; ".join(row.deployments))
        lines.append(f"- {where}: {markdown(row.found)}.{finding}")
    lines += ["", "**What would settle it, strongest first:**", ""]
    lines += [
        f"- {wording.CLASS[it.evidence_class]} ({wording.CLASS_MEANING[it.evidence_class]}):"
        f" {markdown(it.what)}"
        for it in records[0].settles
    ] or [f"- {wording.CLASS[question.strongest_proof]}: {wording.CLASS_MEANING[question.strongest_proof]}"]
    return lines
