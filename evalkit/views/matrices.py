"""Options against gates and against domains, one row per option."""

from __future__ import annotations

from itertools import groupby
from typing import TYPE_CHECKING

from evalkit.views.gates import bar_words
from evalkit.views.level_map import band
from evalkit.views.numbers import NOTHING, points
from evalkit.views.rendering import EMPTY, Section, section
from evalkit.views.requirements import below_floor
from evalkit.views.wording import wording

if TYPE_CHECKING:
    from collections.abc import Sequence

    from evalkit.model.evaluation import EvaluationInputs
    from evalkit.model.scorecard import DomainResult, Scorecard


def by_product(cards: Sequence[Scorecard]) -> list[tuple[str, list[Scorecard]]]:
    """Return the scored options by product, both in the order of the evaluation."""
    scored = [card for card in cards if card.is_scored]
    products = list(dict.fromkeys(card.product for card in scored))
    ordered = sorted(scored, key=lambda card: products.index(card.product))
    return [(product, list(own)) for product, own in groupby(ordered, key=lambda card: card.product)]


def gate_matrix(inputs: EvaluationInputs, cards: Sequence[Scorecard]) -> Section:
    """Return options against gates; empty where there are no gates or no scores."""
    groups = by_product(cards)
    gates = inputs.profile.gates
    if not groups or not gates:
        return EMPTY
    columns = []
    for gate in gates:
        question = inputs.questionnaire.by_id[gate.question]
        columns.append((question, gate, bar_words(gate, question)))
    lines = [
        f"{card.option}: "
        + ", ".join(f"{gate.question} {wording.GATE[gate.result].lower()}" for gate in card.gates)
        for _, own in groups
        for card in own
    ]
    return section("gate_matrix", lines, groups=groups, columns=columns)


def domain_matrix(inputs: EvaluationInputs, cards: Sequence[Scorecard]) -> Section:
    """Return options against domains as a table shaded by the assured score."""
    groups = by_product(cards)
    if not groups:
        return EMPTY
    floor = inputs.profile.thresholds.domain_floor
    rows = [(product, [(card, _shaded(card, floor)) for card in own]) for product, own in groups]
    lines = [f"{card.option}: {_figures(card)}" for _, own in groups for card in own]
    domains = inputs.questionnaire.domains
    return section("domain_matrix", lines, groups=rows, domains=domains, floor=floor)


def _shaded(card: Scorecard, floor: float) -> list[tuple[DomainResult, str, bool]]:
    """Return each domain with its band of colour and whether it is below the floor."""
    return [
        (one, band(one.span.assured) if one.span else "none", below_floor(one, floor)) for one in card.domains
    ]


def _figures(card: Scorecard) -> str:
    return ", ".join(
        f"{one.domain} {points(one.span.assured) if one.span else NOTHING}" for one in card.domains
    )
