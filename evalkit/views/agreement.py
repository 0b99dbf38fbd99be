"""How far several assessors of a product agree, and what is to be discussed, in words."""

from __future__ import annotations

import math
from dataclasses import dataclass
from typing import TYPE_CHECKING, Final

from evalkit.model.agreement import DISCUSSED_LEVELS, LEAST_ALPHA
from evalkit.model.records import GENERAL, state_of, stated_value, statement_for
from evalkit.scoring.agreement import agreement
from evalkit.views.answer_text import describe
from evalkit.views.numbers import NOTHING, count
from evalkit.views.wording import wording

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    from evalkit.model.agreement import Agreement, Disagreement, Figures
    from evalkit.model.answers import ProductAnswers, Statement
    from evalkit.model.evaluation import EvaluationInputs
    from evalkit.model.questionnaire import Question
    from evalkit.scoring.assessors import Voice

SEED: Final = 1
RESAMPLES: Final = 2000

HOW: Final = (
    "Alpha is Krippendorff's, of the levels of scales, ordinal: 1 where all agree, 0 where they agree as by"
    f" chance; beside it a 95 % bootstrap interval over questions ({RESAMPLES} draws, seed {SEED}). Exactly:"
    " pairs of assessors with the same answer, whatever the kind of question; within one level: scales only."
    f" {NOTHING} where fewer than two gave a level, or all levels are the same."
)

_PAIR: Final = 2

_NO_ANSWER: Final = "No answer"
"""Of one assessor; that nobody has looked yet would be said of all."""


@dataclass(frozen=True, slots=True)
class Said:
    """What one assessor says about one record; every text is as written and still to be escaped.

    Attributes
    ----------
    answers : tuple of str
        The answer in words; of conflicting statements each value that is stated; the state where there is no
        value.
    evidence : str
        The strongest class as written, in words.
    finding : str
        What was written about it; may be empty.
    """

    assessor: str
    state: str
    answers: tuple[str, ...]
    evidence: str
    finding: str


@dataclass(frozen=True, slots=True)
class Difference:
    """One record on which assessors differ.

    Attributes
    ----------
    record : str
        ``general``, or the deployments that it is about.
    apart : str
        How many levels they are apart, in words; empty where they differ in something else.
    unsettled : tuple of str
        The deployments for which no consensus stands.
    consensus, reason : str
        What was agreed on and why, where a consensus stands; else empty.
    """

    found: Disagreement
    question: Question
    record: str
    said: tuple[Said, ...]
    apart: str
    unsettled: tuple[str, ...]
    consensus: str
    reason: str

    @property
    def to_discuss(self) -> bool:
        """Whether it is two levels or more, or a refusal beside a value, and no consensus stands."""
        states = {said.state for said in self.said}
        refused = "refused" in states and bool({"answered", "conflicting"} & states)
        return bool(self.unsettled) and (self.found.must_be_discussed or refused)

    @property
    def task(self) -> str:
        """What is to be done about it, or how it was settled."""
        if not self.unsettled:
            return f"settled: {self.consensus}"
        partly = f"settled in part: {self.consensus}" if self.consensus else ""
        return "; ".join(it for it in ("discuss" if self.to_discuss else "", partly) if it)


@dataclass(frozen=True, slots=True)
class ProductAgreement:
    """How far the assessors of one product agree.

    Attributes
    ----------
    rows : tuple of (str, Figures)
        Title and figures, overall and by domain in the order of the questionnaire.
    """

    product: str
    name: str
    found: Agreement
    rows: tuple[tuple[str, Figures], ...]
    differences: tuple[Difference, ...]

    @property
    def to_discuss(self) -> tuple[Difference, ...]:
        """The differences that are to be discussed and are not settled."""
        return tuple(it for it in self.differences if it.to_discuss)

    @property
    def is_low(self) -> bool:
        """Whether alpha is below the threshold, overall or in a domain."""
        return any(figures.is_low for _, figures in self.rows)

    @property
    def is_fine(self) -> bool:
        """Whether there is nothing to discuss and no alpha below the threshold."""
        return not self.to_discuss and not self.is_low

    @property
    def sentences(self) -> tuple[str, ...]:
        """What follows from the figures, a sentence each; none where all is fine."""
        (_, overall), *domains = self.rows
        low = tuple(title for title, figures in domains if figures.is_low)
        threshold = f"{LEAST_ALPHA:.3f}".removeprefix("0")
        said = []
        if low:
            said.append(
                f"Alpha is below {threshold} in {wording.listed(low)}: rewrite the rubric there, so that it"
                " leaves less to judgement, and rescore."
            )
        elif overall.is_low:
            said.append(
                f"Alpha is below {threshold} overall, though in no domain alone: look at the differences,"
                " rewrite the rubric of the questions that they share, and rescore."
            )
        if self.to_discuss:
            many = count(len(self.to_discuss), "difference is", "differences are")
            said.append(
                f"{many} to be discussed ({DISCUSSED_LEVELS} levels or more, or a refusal beside a value),"
                " and settled by a consensus with its reason."
            )
        return tuple(said)

    @property
    def summary(self) -> str:
        """The product's assessors, alpha and differences in a line."""
        people = count(len(self.found.assessors), "assessor")
        differences = count(len(self.differences), "difference")
        alpha = alpha_text(self.found.overall)
        return f"{self.name}: {people}, alpha {alpha}, {differences}, {len(self.to_discuss)} to be discussed"


def product_agreements(inputs: EvaluationInputs) -> tuple[ProductAgreement, ...]:
    """Return the agreement on every product that several assessors answered, by product."""
    return tuple(
        _product(inputs, product, own)
        for product, own in sorted(inputs.assessors.items())
        if len(own) >= _PAIR
    )


def alpha_text(figures: Figures) -> str:
    """Return alpha with three decimals, cut off and not rounded: .6669 is below .667, and .9999 is not 1."""
    return _cut(figures.alpha)


def interval_text(figures: Figures) -> str:
    """Return the bootstrap interval of alpha; a dash where there is none."""
    if figures.interval is None:
        return NOTHING
    low, high = figures.interval
    return f"{_cut(low)} to {_cut(high)}"


def said_by(question: Question, assessor: str, statement: Statement) -> Said:
    """Return in words what an assessor says about a question."""
    classes = [item.evidence_class for item in statement.evidence]
    strongest = max(classes, key=tuple(wording.CLASS).index, default="none")
    state = state_of(statement)
    values = [] if statement.value is None else [statement.value]
    if state == "conflicting":
        values = [it for item in statement.evidence if (it := stated_value(item, statement)) is not None]
    words = tuple(dict.fromkeys(describe(question, value).named for value in values))
    silence = _NO_ANSWER if state == "unanswered" else wording.STATE[state]
    return Said(
        assessor=assessor,
        state=state,
        answers=words if state in ("answered", "conflicting") and words else (silence,),
        evidence=wording.CLASS[strongest],
        finding=statement.finding or "",
    )


def said_by_each(question: Question, speaking: Sequence[Voice]) -> tuple[Said, ...]:
    """Return what each assessor who answers says; nothing where the consensus speaks, or one alone."""
    if len(speaking) < _PAIR:
        return ()
    return tuple(
        said_by(question, it.assessor or "", it.statement)
        for it in speaking
        if state_of(it.statement) != "unanswered"
    )


def _product(
    inputs: EvaluationInputs, product: str, assessors: Mapping[str, ProductAnswers]
) -> ProductAgreement:
    found = agreement(inputs.questionnaire, assessors, seed=SEED, resamples=RESAMPLES)
    titles = {domain.id: domain.title for domain in inputs.questionnaire.domains}
    settled = inputs.answers[product]
    return ProductAgreement(
        product=product,
        name=settled.product.name,
        found=found,
        rows=(("Overall", found.overall), *((titles[it.domain], it.figures) for it in found.domains)),
        differences=tuple(_difference(inputs, settled, assessors, it) for it in found.disagreements),
    )


def _difference(
    inputs: EvaluationInputs,
    settled: ProductAnswers,
    assessors: Mapping[str, ProductAnswers],
    found: Disagreement,
) -> Difference:
    question = inputs.questionnaire.by_id[found.question]
    first = found.deployments[0]
    agreed = {it: statement_for(settled, question.id, it) for it in found.deployments}
    standing = {name: it for name, it in agreed.items() if state_of(it) != "unanswered"}
    words = [" / ".join(said_by(question, "", it).answers) for it in standing.values()]
    notes = [it.reviewed.note for it in standing.values() if it.reviewed and it.reviewed.note]
    return Difference(
        found=found,
        question=question,
        record="general" if found.scope == GENERAL else found.scope.replace("+", ", "),
        said=tuple(
            said_by(question, name, statement_for(file, question.id, first))
            for name, file in sorted(assessors.items())
        ),
        apart=count(found.levels_apart, "level") if found.levels_apart else "",
        unsettled=tuple(name for name in found.deployments if name not in standing),
        consensus="; ".join(dict.fromkeys(words)),
        reason=" ".join(dict.fromkeys(notes)),
    )


def _cut(value: float | None) -> str:
    if value is None:
        return NOTHING
    cut = math.floor(1000 * value + 1e-9) / 1000
    return f"{cut:.3f}".replace("-", "−")
