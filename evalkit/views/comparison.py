"""The comparison of all options of an evaluation."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import TYPE_CHECKING

from evalkit.views.agreement import product_agreements
from evalkit.views.certainty import certainty
from evalkit.views.condition_text import condition_words
from evalkit.views.enforceability import enforceability
from evalkit.views.gate_exclusions import exclusions_section
from evalkit.views.headline import title_of, verdict_counts, verdict_flips
from evalkit.views.made_from import made_from
from evalkit.views.matrices import domain_matrix, gate_matrix
from evalkit.views.numbers import count, percent, points
from evalkit.views.observed import observed_counts
from evalkit.views.question_matrix import question_matrix
from evalkit.views.ranking import ranking, ranking_figures
from evalkit.views.rendering import EMPTY, Section, section
from evalkit.views.weight_sweeps import weight_sweeps
from evalkit.views.what_to_ask import what_to_ask
from evalkit.views.why_first import why_first
from evalkit.views.wording import wording

if TYPE_CHECKING:
    from collections.abc import Mapping

    from matplotlib.figure import Figure

    from evalkit.model.evaluation import EvaluationInputs
    from evalkit.model.observed import Observed
    from evalkit.model.scorecard import Scorecard


@dataclass(frozen=True, slots=True)
class Comparison:
    """The comparison of any number of options; each section shows itself in a notebook.

    Attributes
    ----------
    seen : mapping of str to tuple of Observed
        What was observed of each product; no figure depends on it.
    """

    inputs: EvaluationInputs
    cards: tuple[Scorecard, ...]
    seen: Mapping[str, tuple[Observed, ...]] = field(default_factory=dict)

    @property
    def summary(self) -> Section:
        """What was compared, and how many options have each verdict."""
        evaluation, profile = self.inputs.evaluation, self.inputs.profile
        counts = verdict_counts(self.cards)
        flips = tuple(card.option for card in self.cards if verdict_flips(card))
        compared = {card.product for card in self.cards}
        facts = [
            ("Compared", f"{count(len(self.cards), 'option')} of {count(len(compared), 'product')}"),
            ("As of", evaluation.as_of.isoformat()),
            ("Profile", f"{profile.title} ({profile.id} {profile.version})"),
        ]
        assessed = [it.summary for it in product_agreements(self.inputs) if it.product in compared]
        if assessed:
            facts.append(("Several assessors", "; ".join(assessed)))
        lines = [evaluation.title, *(f"{name}: {text}" for name, text in facts)]
        lines += [f"{wording.VERDICT[name]}: {amount}" for name, amount in counts]
        lines.append(f"Verdict depends on the reading of the evidence: {', '.join(flips) or 'none'}")
        return section("summary", lines, facts=facts, counts=counts, flips=flips, evaluation=evaluation)

    @property
    def ranking(self) -> Section:
        """All options by assured score."""
        return ranking(self.inputs, self.cards)

    @property
    def certainty(self) -> Section:
        """How sure the ranking is."""
        return certainty(self.inputs, self.cards)

    @property
    def why_first(self) -> Section:
        """Why the first option is above the second, and what would change that."""
        return why_first(self.inputs, self.cards)

    @property
    def what_to_ask(self) -> Section:
        """What to ask next: the records, products and domains most worth knowing."""
        return what_to_ask(self.inputs, self.cards)

    @property
    def exclusions(self) -> Section:
        """Which gates exclude each option, and in what share of the draws."""
        return exclusions_section(self.inputs, [card.option for card in self.cards])

    @property
    def weight_sweeps(self) -> Section:
        """Who is first as the weight of one domain goes from nothing to everything."""
        return weight_sweeps(self.inputs, self.cards)

    @property
    def gates(self) -> Section:
        """Options against gates."""
        return gate_matrix(self.inputs, self.cards)

    @property
    def enforceability(self) -> Section:
        """Which conditions each product's own controls can bring about; empty without controls."""
        return enforceability(self.inputs, self.cards)

    @property
    def domains(self) -> Section:
        """Options against domains."""
        return domain_matrix(self.inputs, self.cards)

    @property
    def questions(self) -> Section:
        """Options against questions."""
        return question_matrix(self.inputs, self.cards)

    @property
    def not_compared(self) -> Section:
        """Options without a score, with the reason; empty where every option has one."""
        apart = [card for card in self.cards if not card.is_scored]
        if not apart:
            return EMPTY
        rule = self.inputs.profile.eligibility
        rows = [
            (card, title_of(self.inputs, card.option), wording.REASON[card.finding.reason]) for card in apart
        ]
        lines = [
            f"{card.option}: {wording.VERDICT[card.finding.verdict]}. {reason}" for card, _, reason in rows
        ]
        eligible = any(card.finding.reason == "eligibility" for card in apart)
        return section(
            "not_compared",
            lines,
            rows=rows,
            rule=condition_words(rule) if rule is not None and eligible else "",
        )

    @property
    def observed(self) -> Section:
        """How much was observed of each product by the organisation itself; empty where nothing was."""
        return observed_counts(self.inputs, self.seen, {card.product for card in self.cards})

    @property
    def methods(self) -> Section:
        """How the figures come about."""
        limits = self.inputs.profile.thresholds
        sentences = [
            wording.THREE_NUMBERS,
            wording.INDEPENDENT,
            (
                f"Approval needs every gate settled, {points(limits.approve_at)} of 100 assured,"
                f" {points(limits.domain_floor)} in every domain of which enough applies, and"
                f" {percent(limits.minimum_coverage)} of the weight answered."
            ),
            wording.ABSENCE,
        ]
        weights = [
            (domain.title, self.inputs.profile.domain_weights[domain.id])
            for domain in self.inputs.questionnaire.domains
        ]
        total = sum(weight for _, weight in weights)
        shares = [(title, weight / total) for title, weight in weights]
        lines = [*sentences, *(f"{title}: {percent(share)}" for title, share in shares)]
        return section(
            "methods", lines, sentences=sentences, shares=shares, table=self.inputs.profile.evidence
        )

    @property
    def made_from(self) -> Section:
        """Versions and hashes of what this comparison was made from."""
        return made_from(self.inputs, [it for files in self.seen.values() for it in files])

    def ranking_figures(self) -> tuple[Figure, ...]:
        """Return the ranking as matplotlib figures, to be changed and shown at will."""
        return ranking_figures(self.inputs, self.cards)
