"""What a board decided, as text, Markdown and a page to print and sign."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Final

from evalkit.views.ask import markdown
from evalkit.views.freezing import freezing_words
from evalkit.views.headline import title_of
from evalkit.views.made_from import EVALKIT_VERSION
from evalkit.views.numbers import against, count, points
from evalkit.views.rendering import Section, render, section
from evalkit.views.subject import Subject
from evalkit.views.way_out import asks_of, measures_of
from evalkit.views.wording import wording

if TYPE_CHECKING:
    from collections.abc import Iterator

    from markupsafe import Markup

    from evalkit.model.decision import Basis, DecidedCondition, Decision, DecisionRecord, Standing
    from evalkit.model.evaluation import EvaluationInputs
    from evalkit.model.scorecard import Scorecard

_SHOWN: Final = 10
_SIGNATURES: Final = 4
_HASH: Final = 12


@dataclass(frozen=True, slots=True)
class DecidedOption:
    """A decision as its record shows it.

    Attributes
    ----------
    evalkit : str
        What evalkit said then, as a sentence.
    gates, missing : tuple of (str, str)
        Gates that did not pass with their outcome, and the first questions that wanted evidence with their
        titles.
    more : int
        How many questions more wanted evidence.
    """

    decision: Decision
    name: str
    evalkit: str
    gates: tuple[tuple[str, str], ...]
    missing: tuple[tuple[str, str], ...]
    more: int
    waivers: tuple[tuple[str, str, str, str], ...]


def condition_titles(inputs: EvaluationInputs, card: Scorecard) -> dict[str, str]:
    """Return the title of every condition that evalkit names for an option, by id, in its order."""
    titles: dict[str, str] = {}
    for measure in measures_of(_subject(inputs, card), card.finding):
        for name, title in ((measure.id, measure.title), *measure.companions):
            titles.setdefault(name, title)
    return titles


def standing_lines(inputs: EvaluationInputs, card: Scorecard) -> list[str]:
    """Return what evalkit says of an option before a board decides: verdict, conditions, missing evidence."""
    finding, span = card.finding, card.span
    approve_at = inputs.profile.thresholds.approve_at
    lines = [
        f"{card.option}: {title_of(inputs, card.option)}",
        f"  evalkit: {wording.VERDICT[finding.verdict]}. {wording.REASON[finding.reason]}",
    ]
    if span is not None:
        scores = f"{against(span.assured, approve_at)} of 100 assured, {points(span.potential)} potential"
        lines.append(f"  {scores}; {points(approve_at)} needed")
    open_gates = [it for it in card.gates if it.result in ("open", "fail")]
    if open_gates:
        told = (f"{it.question} {wording.GATE[it.result].lower()}" for it in open_gates)
        lines.append(f"  gates: {', '.join(told)}")
    lines += [f"  condition: {name} {title}" for name, title in condition_titles(inputs, card).items()]
    asks = asks_of(_subject(inputs, card), finding.evidence)
    lines += [
        f"  missing evidence: {ask.question.id} {ask.question.title} ({ask.proof})" for ask in asks[:_SHOWN]
    ]
    if len(asks) > _SHOWN:
        lines.append(f"  missing evidence: {count(len(asks) - _SHOWN, 'record')} more")
    return lines


def decision_lines(decision: Decision, inputs: EvaluationInputs) -> list[str]:
    """Return what was recorded of one option, for a terminal."""
    shown = _shown(decision, inputs)
    lines = [
        f"{decision.option}: {wording.VERDICT[decision.verdict]}, decided on {decision.on} by {decision.by}",
        f"  {shown.evalkit}",
    ]
    if decision.reason:
        lines.append(f"  reason: {decision.reason}")
    lines += [f"  condition: {_what(it)}; {it.owner}; due {it.due}" for it in decision.conditions]
    lines += [f"  waived until {until}: {gate}, by {by}: {why}" for gate, by, why, until in shown.waivers]
    lines += [f"  dissent: {it.by}: {it.text}" for it in decision.dissent]
    if decision.note:
        lines.append(f"  note: {decision.note}")
    return [*lines, f"  decided on inputs {decision.basis}"]


def decision_section(record: DecisionRecord, inputs: EvaluationInputs) -> Section:
    """Return the record of all decisions that hold, older ones in short, with lines to sign on."""
    options = [_shown(it, inputs) for it in record.decisions]
    lines = [line for it in record.decisions for line in decision_lines(it, inputs)]
    return section(
        "decision",
        lines,
        options=options,
        superseded=[(it, _name(it, inputs)) for it in record.superseded],
        bases=list(_bases(record)),
        evaluation=inputs.evaluation,
        profile=inputs.profile,
        frozen=freezing_words(inputs.freeze),
        signers=_signers(record),
    )


def decision_page(record: DecisionRecord, inputs: EvaluationInputs, *, sha256: str, style: Markup) -> str:
    """Return a whole page with the record, to print and sign.

    Parameters
    ----------
    sha256
        Of the file that holds the record.
    style
        CSS that goes into the page.
    """
    return render(
        "decision_page.html.j2",
        evaluation=inputs.evaluation,
        body=decision_section(record, inputs).html,
        sha256=sha256,
        style=style,
        version=EVALKIT_VERSION,
    )


def decision_markdown(record: DecisionRecord, inputs: EvaluationInputs, *, sha256: str) -> str:
    """Return the record in Markdown; parameters as for :func:`decision_page`."""
    lines = [
        f"# Decision record: {markdown(inputs.evaluation.title)}",
        "",
        "| Option | The board | evalkit said | On | By |",
        "|---|---|---|---|---|",
        *(_row(_shown(it, inputs)) for it in record.decisions),
    ]
    for it in record.decisions:
        lines += ["", *_markdown_option(_shown(it, inputs))]
    if record.superseded:
        lines += ["", "## Decided before", ""]
        lines += [
            f"- {it.on}, replaced on {it.superseded}: {markdown(_name(it, inputs))}:"
            f" {wording.VERDICT[it.verdict]}, by {markdown(it.by)}"
            for it in record.superseded
        ]
    lines += ["", "## What was decided on", ""]
    for basis, options in _bases(record):
        lines += _markdown_basis(basis, options)
    lines += [
        freezing_words(inputs.freeze),
        "",
        f"SHA-256 of decision.yaml: `{sha256.removeprefix('sha256:')}`",
    ]
    lines += ["", "## Signatures", "", "| Name | Function | Date | Signature |", "|---|---|---|---|"]
    lines += [f"| {markdown(name) if name else ' '} |   |   |   |" for name in _signers(record)]
    return "\n".join(lines) + "\n"


def _subject(inputs: EvaluationInputs, card: Scorecard) -> Subject:
    option = next(it for it in inputs.options() if it.id == card.option)
    return Subject(inputs, option, card)


def _shown(decision: Decision, inputs: EvaluationInputs) -> DecidedOption:
    said = decision.evalkit
    gates = ((name, result) for name, result in said.gates.items() if result in ("open", "fail"))
    return DecidedOption(
        decision=decision,
        name=_name(decision, inputs),
        evalkit=_said(said),
        gates=tuple((_question(name, inputs), result) for name, result in gates),
        missing=tuple((name, _title(name, inputs)) for name in said.missing_evidence[:_SHOWN]),
        more=max(0, len(said.missing_evidence) - _SHOWN),
        waivers=tuple(
            (_question(it.gate, inputs), it.by, it.reason, it.until.isoformat()) for it in decision.waivers
        ),
    )


def _said(said: Standing) -> str:
    verdict = f"evalkit said then: {wording.VERDICT[said.verdict]}"
    if said.assured is None:
        return f"{verdict}, without scores."
    scores = f"{points(said.assured)} of 100 assured, {points(said.expected)} expected"
    asked = [
        count(len(said.conditions), "condition") if said.conditions else "",
        f"evidence on {count(len(said.missing_evidence), 'record')}" if said.missing_evidence else "",
    ]
    wanted = " and ".join(filter(None, asked))
    asks = f"; it asks for {wanted}" if wanted else ""
    return f"{verdict}; {scores}, {points(said.potential)} potential{asks}."


def _name(decision: Decision, inputs: EvaluationInputs) -> str:
    if decision.name is not None:
        return decision.name
    known = {option.id for option in inputs.options()}
    return title_of(inputs, decision.option) if decision.option in known else decision.option


def _title(question: str, inputs: EvaluationInputs) -> str:
    known = inputs.questionnaire.by_id.get(question)
    return known.title if known is not None else ""


def _question(question: str, inputs: EvaluationInputs) -> str:
    return f"{question} {_title(question, inputs)}".strip()


def _what(condition: DecidedCondition) -> str:
    return " ".join(filter(None, (condition.id, condition.text)))


def _bases(record: DecisionRecord) -> Iterator[tuple[Basis, tuple[str, ...]]]:
    for name in dict.fromkeys(decision.basis for decision in record.decisions):
        yield record.bases[name], tuple(it.option for it in record.decisions if it.basis == name)


def _signers(record: DecisionRecord) -> tuple[str, ...]:
    """Return who is to sign: those who decided, those who dissent, and empty lines for the rest."""
    named = dict.fromkeys(it.by for it in record.decisions)
    named |= dict.fromkeys(one.by for it in record.decisions for one in it.dissent)
    return (*named, *[""] * max(1, _SIGNATURES - len(named)))


def _row(shown: DecidedOption) -> str:
    decision = shown.decision
    cells = (
        markdown(shown.name),
        wording.VERDICT[decision.verdict],
        wording.VERDICT[decision.evalkit.verdict],
        decision.on.isoformat(),
        markdown(decision.by),
    )
    return f"| {' | '.join(cells)} |"


def _markdown_option(shown: DecidedOption) -> Iterator[str]:
    decision = shown.decision
    yield f"## {markdown(shown.name)}"
    yield ""
    yield f"**{wording.VERDICT[decision.verdict]}**, decided on {decision.on} by {markdown(decision.by)}."
    yield ""
    yield shown.evalkit
    if shown.gates:
        yield from ("", "Gates then: " + "; ".join(_gate_line(*it) for it in shown.gates) + ".")
    if decision.reason:
        yield ""
        yield f"Why the board decided otherwise: {markdown(decision.reason)}"
    if decision.conditions:
        yield from ("", "| Condition | Owner | Due | Done |", "|---|---|---|---|")
        for it in decision.conditions:
            yield f"| {markdown(_what(it))} | {markdown(it.owner)} | {it.due} | {it.done or ' '} |"
    if shown.waivers:
        yield from ("", "| Waived gate | By | Reason | Until |", "|---|---|---|---|")
        for cells in shown.waivers:
            yield f"| {' | '.join(markdown(cell) for cell in cells)} |"
    if decision.dissent:
        yield ""
        yield from (f"- Dissent, {markdown(it.by)}: {markdown(it.text)}" for it in decision.dissent)
    if shown.missing:
        named = "; ".join(markdown(" ".join(it)) for it in shown.missing)
        more = f"; and {shown.more} more" if shown.more else ""
        yield from ("", f"Evidence that was missing: {named}{more}.")
    if decision.note:
        yield from ("", f"Note: {markdown(decision.note)}")


def _gate_line(gate: str, result: str) -> str:
    return f"{markdown(gate)}: {wording.GATE[result].lower()}"


def _markdown_basis(basis: Basis, options: tuple[str, ...]) -> Iterator[str]:
    yield (
        f"{count(len(options), 'decision')} ({', '.join(options)}) on the inputs `{basis.digest}`:"
        f" questionnaire {basis.questionnaire}, profile {basis.profile}, as of {basis.as_of},"
        f" evalkit {markdown(basis.evalkit)}."
    )
    yield from ("", "| File | SHA-256, first 12 digits |", "|---|---|")
    for name, value in sorted(basis.inputs.items()):
        yield f"| {markdown(name)} | `{value.removeprefix('sha256:')[:_HASH]}` |"
    yield ""
