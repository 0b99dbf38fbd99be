"""What to ask next over all options: single records first, then all of a product and all of a domain."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

from evalkit.scoring.first_place_shift import competing, first_place_shifts
from evalkit.scoring.information import value_of_information
from evalkit.scoring.information_groups import value_of_groups
from evalkit.views.ask import ask_rows
from evalkit.views.ask_groups import group_rows, how_known, rows_of
from evalkit.views.numbers import count, percent
from evalkit.views.rendering import EMPTY, Section, section
from evalkit.views.shift_basis import ShiftBasis

if TYPE_CHECKING:
    from collections.abc import Sequence

    from evalkit.model.evaluation import EvaluationInputs
    from evalkit.model.scorecard import Scorecard

SHOWN: Final = 10
"""Records printed; the rest is counted."""


def what_to_ask(inputs: EvaluationInputs, cards: Sequence[Scorecard]) -> Section:
    """Return the records and groups most worth knowing; empty where nothing is open.

    How far the first place shifts is measured where few enough options are compared.
    """
    options = {card.option for card in cards}
    values = value_of_information(inputs, options, first_place_shifts(inputs, options))
    if not values:
        return EMPTY
    basis = ShiftBasis(len(competing(inputs, options)))
    asks = ask_rows(inputs, values)
    moving = [
        ask
        for ask in asks
        if ask.value.verdict_changes > 0 or ask.value.leader_changes > 0 or ask.value.first_shift
    ]
    groups = group_rows(inputs, value_of_groups(inputs, options=options, domains_of_products=False))
    products, domains = rows_of(groups, "product"), rows_of(groups, "domain")
    lines = [
        f"{count(len(asks), 'open record')}, {len(moving)} of which alone can change a verdict or the lead"
    ]
    lines += [
        f"  {ask.product} {ask.question.id} {ask.question.title}: {percent(ask.value.verdict_changes)},"
        f" leader {percent(ask.value.leader_changes)}"
        for ask in moving[:SHOWN]
    ]
    lines += [
        f"  all of {row.name}: {percent(row.value.verdict_changes)},"
        f" leader {percent(row.value.leader_changes)}"
        for row in (*products, *domains)
    ]
    return section(
        "what_to_ask",
        lines,
        asks=moving[:SHOWN],
        moving=len(moving),
        open=len(asks),
        names={key: answers.product.name for key, answers in inputs.answers.items()},
        basis=basis,
        groups=[
            ("Product", "Products: all that is open on one, known at once", products),
            ("Domain", "Domains: all that is open in one, known at once", domains),
        ],
        how_known=how_known((*products, *domains)),
        shown=SHOWN,
    )
