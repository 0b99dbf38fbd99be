"""Frameworks in words: to which identifiers questions are related, and what came out on those questions.

Nothing here says that anything meets what a framework asks for: no question is a test of an identifier.
"""

from __future__ import annotations

from dataclasses import dataclass
from itertools import groupby
from typing import TYPE_CHECKING, Final

from evalkit.scoring.framework_coverage import parts_of
from evalkit.views.made_from import EVALKIT_VERSION
from evalkit.views.numbers import NOTHING, count, points
from evalkit.views.question_matrix import PER_PAGE, Block
from evalkit.views.rendering import render
from evalkit.views.subject import display_state
from evalkit.views.wording import wording

if TYPE_CHECKING:
    from collections.abc import Sequence

    from markupsafe import Markup

    from evalkit.model.evaluation import EvaluationInputs
    from evalkit.model.questionnaire import Question
    from evalkit.model.scorecard import GateOutcome, QuestionResult, Scorecard
    from evalkit.scoring.framework_coverage import FrameworkCoverage, Identifier

RELATED: Final = (
    "“Related to” says that a question asks about something that an identifier is about as well. It does not"
    " say that an option, its vendor or whoever uses it does what the identifier asks for: a questionnaire is"
    " no audit, and most identifiers ask for much that no question here is about."
)
COUNTS: Final = (
    "A count of related identifiers describes the questionnaire, not the options. Identifiers that are only a"
    " heading for others are not counted."
)


@dataclass(frozen=True, slots=True)
class Outcome:
    """What came out on one question for one option.

    Attributes
    ----------
    state : str
        As readers see it: a question that does not apply has none of its own; empty where the option is not
        scored.
    gate : str or None
        Outcome of the gate on the question; None where there is no gate.
    """

    option: str
    result: QuestionResult | None
    state: str
    gate: GateOutcome | None

    @property
    def band(self) -> str:
        """The score of 100 that the evidence supports, and the one that it leaves open: v⁻ to v⁺."""
        if self.result is None or not self.result.applicable:
            return NOTHING
        return f"{points(self.result.low)}–{points(self.result.high)}"


def outcomes(question: str, cards: Sequence[Scorecard]) -> tuple[Outcome, ...]:
    """Return what came out on a question, one entry per option."""
    return tuple(_outcome(question, card) for card in cards)


def _outcome(question: str, card: Scorecard) -> Outcome:
    if not card.is_scored:
        return Outcome(card.option, None, "", None)
    result = card.question(question)
    gate = next((it.result for it in card.gates if it.question == question), None)
    return Outcome(card.option, result, display_state(result), gate)


def outcome_words(found: Sequence[Outcome]) -> str:
    """Return in short what came out for one option, or over several."""
    if len(found) == 1:
        return _single(found[0])
    known = [it for it in found if it.result is not None]
    applies = [it.result for it in known if it.result is not None and it.result.applicable]
    if not applies:
        return "applies to none" if known else "no option is scored"
    answered = sum(it.is_answered for it in applies)
    words = [
        f"applies to {len(applies)} of {len(found)}",
        f"answered for {answered}",
        f"evidence supports {_range([it.low for it in applies])} of 100",
        f"leaves open {_range([it.high for it in applies])}",
    ]
    gates = [it.gate for it in known if it.gate not in (None, "not-applicable")]
    if gates:
        told = (f"{gates.count(name)} {text}" for name, text in wording.GATE_IN_TEXT.items() if name in gates)
        words.append(f"gate: {', '.join(told)}")
    return ", ".join(words)


def _range(shares: Sequence[float]) -> str:
    low, high = points(min(shares)), points(max(shares))
    return low if low == high else f"{low} to {high}"


def _single(found: Outcome) -> str:
    result = found.result
    if result is None:
        return "the option is not scored"
    words = [wording.STATE_SHORT[found.state]]
    if result.applicable:
        if result.is_answered:
            words.append(wording.CLASS[result.evidence_class])
        words.append(f"{found.band} of 100")
    if found.gate not in (None, "not-applicable"):
        words.append(f"gate {wording.GATE_IN_TEXT[found.gate]}")
    return ", ".join(words)


def count_words(coverage: FrameworkCoverage) -> str:
    """Return to how many identifiers of a framework a question is related, and how many questions are."""
    asked = count(len(coverage.questions), "question")
    if coverage.total is None:
        return f"{asked} related to {coverage.related} identifiers; how many there are is not listed"
    return f"{asked} related to {coverage.related} of {coverage.total} identifiers"


def basis_words(coverage: FrameworkCoverage) -> tuple[str, ...]:
    """Return where the identifiers of a framework come from, in sentences."""
    framework = coverage.framework
    if framework is None:
        return ("The questionnaire lists no identifiers of it.",)
    return (
        f"Identifiers of {framework.name}; no text of it.",
        f"Checked: {framework.result}.",
        f"Seen in: {'; '.join(framework.verified_in)}.",
    )


def not_related_words(coverage: FrameworkCoverage) -> tuple[tuple[str, str], ...]:
    """Return the identifiers that no question is related to, by what they begin with."""
    return tuple((part, ", ".join(it.id for it in own)) for part, own in parts_of(coverage.not_related))


def note_on(coverage: FrameworkCoverage, identifier: Identifier) -> str:
    """Return how an identifier is called in a later edition, where the instrument knows; may be empty."""
    framework = coverage.framework
    if framework is None:
        return ""
    later = framework.to_4_1_by_equal_title.get(identifier.id, identifier.id)
    if later != identifier.id:
        return f"{later} in 4.1"
    return "no equal title in 4.1" if identifier.id in framework.without_equal_title_in_4_1 else ""


@dataclass(frozen=True, slots=True)
class Line:
    """A question that is related to an identifier, with what came out."""

    question: Question
    words: str


def frameworks_html(
    inputs: EvaluationInputs,
    coverages: Sequence[FrameworkCoverage],
    cards: Sequence[Scorecard],
    style: Markup,
    *,
    among_reports: bool,
) -> str:
    """Return the whole page.

    Parameters
    ----------
    style
        CSS that goes into the page.
    among_reports
        Whether it lies beside the index, the comparison and the reports, so that it may lead to them.
    """
    by_id = inputs.questionnaire.by_id
    asked = {question for coverage in coverages for question in coverage.questions}
    known = {question: outcomes(question, cards) for question in by_id if question in asked}
    words = {question: outcome_words(found) for question, found in known.items()}
    frameworks = [
        (
            coverage,
            [
                (
                    part,
                    [
                        (it, note_on(coverage, it), [Line(by_id[q], words[q]) for q in it.questions])
                        for it in own
                    ],
                )
                for part, own in parts_of(it for it in coverage.identifiers if it.is_related)
            ],
        )
        for coverage in coverages
    ]
    return render(
        "frameworks_page.html.j2",
        evaluation=inputs.evaluation,
        profile=inputs.profile,
        questionnaire=inputs.questionnaire,
        frameworks=frameworks,
        cards=cards,
        names={card.option: _name(inputs, card) for card in cards},
        rows=[(by_id[question], found) for question, found in known.items()],
        whole=_block(inputs, cards, 0),
        pages=_pages(inputs, cards),
        count_words=count_words,
        basis_words=basis_words,
        not_related_words=not_related_words,
        related=RELATED,
        counts=COUNTS,
        among_reports=among_reports,
        version=EVALKIT_VERSION,
        style=style,
    )


def _name(inputs: EvaluationInputs, card: Scorecard) -> str:
    answers = inputs.answers[card.product]
    return f"{answers.product.name}: {answers.deployment(card.deployment).name}"


def _pages(inputs: EvaluationInputs, cards: Sequence[Scorecard]) -> list[Block]:
    """Return the options that stand beside each other on each printed page; none where one holds them all."""
    starts = range(0, len(cards), PER_PAGE)
    return [_block(inputs, cards[it : it + PER_PAGE], it) for it in starts] if len(starts) > 1 else []


def _block(inputs: EvaluationInputs, cards: Sequence[Scorecard], start: int) -> Block:
    spans = [
        (inputs.answers[product].product.name, len(list(own)))
        for product, own in groupby(cards, key=lambda card: card.product)
    ]
    return Block(tuple(cards), tuple(spans), start)
