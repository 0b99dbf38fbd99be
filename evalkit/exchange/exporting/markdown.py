"""An evaluation as GitHub Markdown: a table of verdicts, then every question of each product.

All text is shown as it was written: what Markdown or HTML would read as more than text has a backslash,
what hides or reorders is a token. Only http and https addresses become links. Not carried: the markup of
texts (emphasis, code), the distribution between the ends of an interval, weights, remarks, and the analysis
of how sure the ranking is, which the comparison of ``evalkit render`` shows. Options without figures have
their reason and no answers.
"""

from __future__ import annotations

from itertools import groupby
from typing import TYPE_CHECKING, Final

from evalkit.exchange.exporting.format import Exported
from evalkit.exchange.exporting.markdown_answers import answers
from evalkit.views.board.markdown import escaped
from evalkit.views.export import ranked, ranks
from evalkit.views.gates import gate_views
from evalkit.views.headline import title_of, way_out, why_not_today
from evalkit.views.numbers import NOTHING, percent, points
from evalkit.views.requirements import requirements
from evalkit.views.way_out import asks_of, measures_of
from evalkit.views.wording import wording

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

    from evalkit.exchange.exporting.format import Chosen
    from evalkit.model.scorecard import Scorecard
    from evalkit.views.subject import Subject

_LOSSES: Final = (
    "emphasis, code and links inside texts are shown as they were typed",
    "the distribution between the ends of an interval, weights and remarks are left out",
    "how sure the ranking is stands in the comparison of evalkit render",
)
_VERDICTS: Final = (
    "Rank",
    "Option",
    "Verdict",
    "Assured",
    "Expected",
    "Potential",
    "Answered",
    "Gates open",
    "Gates failed",
)


def document(chosen: Chosen) -> Exported:
    """Return the document; products in the order of the evaluation, the verdicts by assured score."""
    bare = [card.option for card in chosen.cards if not card.is_scored]
    unscored = (f"answers of options without figures are left out: {', '.join(bare)}",) if bare else ()
    blocks = [*_front(chosen), *_verdicts(chosen)]
    for _, own in groupby(chosen.subjects, key=lambda subject: subject.card.product):
        blocks += _product(tuple(own))
    return Exported("\n\n".join(blocks) + "\n", (*unscored, *_LOSSES))


def table(header: Sequence[str], rows: Sequence[Sequence[str]], figures: int = 0) -> str:
    """Return a table whose cells are escaped here; the last ``figures`` columns stand to the right."""
    marks = ["---"] * (len(header) - figures) + ["---:"] * figures
    lines = [[escaped(cell) or " " for cell in header], marks]
    lines += [[escaped(cell) or " " for cell in row] for row in rows]
    return "\n".join(f"| {' | '.join(line)} |" for line in lines)


def _front(chosen: Chosen) -> Iterator[str]:
    inputs = chosen.inputs
    profile, thresholds = inputs.profile, inputs.profile.thresholds
    needed = (
        f"every gate passed, {points(thresholds.approve_at)} of 100 assured,"
        f" {points(thresholds.domain_floor)} in each domain, {percent(thresholds.minimum_coverage)} of the"
        " weight answered"
    )
    yield f"# {escaped(inputs.evaluation.title)}"
    yield _facts(
        (
            ("Evaluation", inputs.evaluation.id),
            ("As of", inputs.evaluation.as_of.isoformat()),
            ("Questionnaire", f"{inputs.questionnaire.header.title} ({inputs.questionnaire.ref})"),
            ("Profile", f"{profile.title} ({profile.id} {profile.version})"),
            ("Options", f"{len(chosen.cards)} of {len(inputs.options())} that are compared"),
            ("Approval needs", needed),
        )
    )
    yield escaped(wording.THREE_NUMBERS)
    yield escaped(wording.NOT_PROOF)


def _verdicts(chosen: Chosen) -> Iterator[str]:
    places = ranks(chosen.cards)
    yield "## Verdicts"
    rows = [_verdict(chosen, card, places.get(card.option)) for card in ranked(chosen.cards)]
    yield table(_VERDICTS, rows, figures=6)


def _verdict(chosen: Chosen, card: Scorecard, place: int | None) -> tuple[str, ...]:
    results = [gate.result for gate in card.gates]
    span = card.span
    return (
        NOTHING if place is None else str(place),
        f"{title_of(chosen.inputs, card.option)} ({card.option})",
        wording.VERDICT[card.finding.verdict],
        *map(points, (None,) * 3 if span is None else (span.assured, span.expected, span.potential)),
        percent(card.coverage),
        str(results.count("open")) if span else NOTHING,
        str(results.count("fail")) if span else NOTHING,
    )


def _product(subjects: tuple[Subject, ...]) -> Iterator[str]:
    first = subjects[0]
    product, prepared = first.product, first.option.answers.prepared
    yield f"## {escaped(product.name)}"
    yield _facts(
        (
            ("Product", product.id),
            ("Vendor", product.vendor),
            ("Version", product.version),
            ("Licence", wording.words(product.licence)),
            ("Answers prepared", f"by {prepared.by}, {prepared.on.isoformat()}"),
            ("Basis", prepared.basis),
        )
    )
    for subject in subjects:
        yield from _option(subject)
    scored = tuple(subject for subject in subjects if subject.card.is_scored)
    if scored:
        yield from answers(scored)


def _option(subject: Subject) -> Iterator[str]:
    finding, deployment = subject.card.finding, subject.option.deployment
    yield f"### {escaped(deployment.name)} ({escaped(subject.card.option)})"
    today = why_not_today(requirements(subject.inputs, subject.card)) if finding.verdict != "approve" else ""
    told = (wording.REASON[finding.reason], today, way_out(finding))
    yield f"**{escaped(wording.VERDICT[finding.verdict])}.** {escaped(' '.join(it for it in told if it))}"
    gates = gate_views(subject)
    if gates:
        yield table(
            ("Gate", "Bar", "Found", "Evidence", "Needs", "Result", "Why"),
            [
                (
                    f"{it.question.id} {it.question.title}",
                    it.bar,
                    "; ".join(it.found),
                    wording.CLASS[it.evidence_class],
                    wording.CLASS[it.needs],
                    wording.GATE[it.result],
                    it.why,
                )
                for it in gates
            ],
        )
    yield from _way(subject)


def _way(subject: Subject) -> Iterator[str]:
    asks = asks_of(subject, subject.card.finding.evidence)
    if asks:
        yield "Evidence to obtain:"
        told = [
            f"{it.question.id} {it.question.title}: {'; '.join((it.proof, *it.documents))}" for it in asks
        ]
        yield "\n".join(f"- {escaped(text)}" for text in told)
    measures = measures_of(subject, subject.card.finding)
    if measures:
        yield f"Conditions. {escaped(wording.ASSUMES)}"
        yield "\n".join(
            f"- {escaped(f'{it.title} ({it.kind}, for {it.question.id} {it.question.title})')}"
            for it in measures
        )


def _facts(rows: Sequence[tuple[str, str]]) -> str:
    return "\n".join(f"- **{escaped(name)}:** {escaped(text)}" for name, text in rows)
