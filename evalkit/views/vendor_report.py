"""The report on one option: its sections in the order in which a board member reads."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from evalkit.views.assessors import assessors
from evalkit.views.deployments import deployments
from evalkit.views.domains import domain_figure, domains
from evalkit.views.evidence_basis import evidence_basis
from evalkit.views.gates import gates
from evalkit.views.headline import identity, scores, title_of, verdict
from evalkit.views.level_map import level_map
from evalkit.views.made_from import made_from
from evalkit.views.observed import observed_section
from evalkit.views.open_points import open_points
from evalkit.views.questions import questions
from evalkit.views.sources import sources
from evalkit.views.way_out import way_out
from evalkit.views.what_would_change import what_would_change

if TYPE_CHECKING:
    from matplotlib.figure import Figure

    from evalkit.model.observed import Observed
    from evalkit.views.rendering import Section
    from evalkit.views.subject import Subject


@dataclass(frozen=True, slots=True)
class VendorReport:
    """The report on one option; each section is made when it is asked for, and shows itself in a notebook.

    A section with nothing to say is empty: an option without a score has only the first two and the last.

    Attributes
    ----------
    seen : tuple of Observed
        What was observed of the product; no figure depends on it.
    """

    subject: Subject
    seen: tuple[Observed, ...] = ()

    @property
    def title(self) -> str:
        """Product and deployment."""
        return title_of(self.subject.inputs, self.subject.card.option)

    @property
    def identity(self) -> Section:
        """What was looked at, when, under which profile and on what basis."""
        return identity(self.subject)

    @property
    def verdict(self) -> Section:
        """The verdict, its reason, and the requirements behind it."""
        return verdict(self.subject)

    @property
    def scores(self) -> Section:
        """Assured, expected and potential score, face value and coverage."""
        return scores(self.subject)

    @property
    def gates(self) -> Section:
        """The knock-out rules and how they came out."""
        return gates(self.subject)

    @property
    def domains(self) -> Section:
        """The domain profile."""
        return domains(self.subject)

    @property
    def level_map(self) -> Section:
        """All questions in one grid."""
        return level_map(self.subject)

    @property
    def evidence(self) -> Section:
        """What the figures rest on."""
        return evidence_basis(self.subject)

    @property
    def deployments(self) -> Section:
        """What differs from the product's other deployments."""
        return deployments(self.subject)

    @property
    def open_points(self) -> Section:
        """What is not known, not settled or too old."""
        return open_points(self.subject)

    @property
    def assessors(self) -> Section:
        """Where the product's assessors differ; empty where there are not several."""
        return assessors(self.subject)

    @property
    def observed(self) -> Section:
        """What the organisation observed itself; empty where it observed nothing."""
        return observed_section(self.subject, self.seen)

    @property
    def way_out(self) -> Section:
        """What is missing for a better verdict."""
        return way_out(self.subject)

    @property
    def what_would_change(self) -> Section:
        """What to ask next, and what each answer could do."""
        return what_would_change(self.subject)

    @property
    def questions(self) -> Section:
        """Every question with answer and evidence."""
        return questions(self.subject)

    @property
    def sources(self) -> Section:
        """The sources cited."""
        return sources(self.subject)

    @property
    def made_from(self) -> Section:
        """Versions and hashes of what this report was made from."""
        return made_from(self.subject.inputs, self.seen)

    @property
    def sections(self) -> tuple[Section, ...]:
        """All of them, in the order of the shipped template."""
        return (
            self.identity,
            self.verdict,
            self.scores,
            self.gates,
            self.domains,
            self.level_map,
            self.evidence,
            self.observed,
            self.way_out,
            self.what_would_change,
            self.deployments,
            self.open_points,
            self.assessors,
            self.questions,
            self.sources,
            self.made_from,
        )

    def domain_figure(self) -> Figure:
        """Return the domain profile as a matplotlib figure, to be changed and shown at will."""
        return domain_figure(self.subject)
