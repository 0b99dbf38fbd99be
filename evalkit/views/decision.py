"""What a board decided, as text, Markdown and a page to print and sign."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Final

from evalkit.views.ask import markdown
from evalkit.views.decision_words import words
from evalkit.views.freezing import freezing_words
from evalkit.views.headline import title_of
from evalkit.views.made_from import EVALKIT_VERSION
from evalkit.views.numbers import against, count, points
from evalkit.views.rendering import Section, render, section
from evalkit.views.spoken import speech
from evalkit.views.subject import Subject
from evalkit.views.way_out import asks_of, measures_of
from evalkit.views.wording import wording

if TYPE_CHECKING:
    from collections.abc import Iterator

    from markupsafe import Markup

    from evalkit.model.decision import (
        Basis,
        DecidedCondition,
        Decision,
        DecisionRecord,
        Standing,
        SupersededDecision,
    )
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
    gates : tuple of (str, str)
        Gates that did not pass, with their outcome in words.
    missing : str
        The first questions that wanted evidence, and how many more did; empty where none did.
    waivers : tuple of (str, str, str, str)
        Gate, who waived it, why, and until when.
    """

    decision: Decision
    name: str
    evalkit: str
    gates: tuple[tuple[str, str], ...]
    missing: str
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


def in_words(record: DecisionRecord, inputs: EvaluationInputs, shown: EvaluationInputs) -> DecisionRecord:
    """Return a record as it is shown in a language: what stands in it as evalkit wrote it, in that language.

    What the board wrote itself stays.

    Parameters
    ----------
    inputs
        Today's.
    shown
        The same in the language.
    """
    named = {it.id: (title_of(inputs, it.id), title_of(shown, it.id)) for it in inputs.options()}
    titles = dict(_titles(inputs, shown))

    def translated(decision: Decision) -> dict[str, object]:
        was, now = named.get(decision.option, ("", ""))
        conditions = tuple(
            it.model_copy(update={"text": titles.get(it.text or "", it.text)}) if it.id else it
            for it in decision.conditions
        )
        return {"name": now if decision.name == was else decision.name, "conditions": conditions}

    return record.model_copy(
        update={
            "decisions": tuple(it.model_copy(update=translated(it)) for it in record.decisions),
            "superseded": tuple(it.model_copy(update=translated(it)) for it in record.superseded),
        }
    )


def _titles(inputs: EvaluationInputs, shown: EvaluationInputs) -> Iterator[tuple[str, str]]:
    """Yield each title that a condition of evalkit's can have, and what it is in the language."""
    for product, file in inputs.controls.items():
        for was, now in zip(file.controls, shown.controls[product].controls, strict=True):
            yield was.title, now.title
    for before, after in zip(inputs.questionnaire.questions, shown.questionnaire.questions, strict=True):
        if before.remedy is not None and after.remedy is not None:
            yield before.remedy.setting, after.remedy.setting


def decision_section(record: DecisionRecord, inputs: EvaluationInputs) -> Section:
    """Return the record of all decisions that hold, older ones in short, with lines to sign on."""
    options = [_shown(it, inputs) for it in record.decisions]
    lines = [line for it in record.decisions for line in decision_lines(it, inputs)]
    return section(
        "decision",
        lines,
        options=options,
        superseded=[_replaced(it, inputs) for it in record.superseded],
        bases=list(_bases(record)),
        profile=inputs.profile,
        frozen=freezing_words(inputs.freeze),
        signers=_signers(record),
        words=words,
        day=wording.day,
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
        words=words,
        language=speech().language,
        made=words.MADE.format(version=EVALKIT_VERSION),
    )


def decision_markdown(record: DecisionRecord, inputs: EvaluationInputs, *, sha256: str) -> str:
    """Return the record in Markdown; parameters as for :func:`decision_page`."""
    said = words.RECORD
    lines = [
        f"# {said['title']}: {markdown(inputs.evaluation.title)}",
        "",
        *_head(said["option"], said["board"], said["evalkit"], said["on"], said["by"]),
        *(_row(_shown(it, inputs)) for it in record.decisions),
    ]
    for it in record.decisions:
        lines += ["", *_markdown_option(_shown(it, inputs))]
    if record.superseded:
        lines += ["", f"## {said['superseded']}", ""]
        lines += [f"- {markdown(_replaced(it, inputs))}" for it in record.superseded]
    lines += ["", f"## {said['basis']}", ""]
    for basis, options in _bases(record):
        lines += _markdown_basis(basis, options)
    lines += [freezing_words(inputs.freeze), "", f"{words.HASH}: `{sha256.removeprefix('sha256:')}`"]
    lines += ["", f"## {said['signatures']}", ""]
    lines += _head(said["name"], said["function"], said["date"], said["signature"])
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
        gates=tuple((_question(name, inputs), wording.GATE_IN_TEXT[result]) for name, result in gates),
        missing=_missing(said.missing_evidence, inputs),
        waivers=tuple(
            (_question(it.gate, inputs), it.by, it.reason, wording.day(it.until)) for it in decision.waivers
        ),
    )


def _missing(questions: tuple[str, ...], inputs: EvaluationInputs) -> str:
    titles = "; ".join(_question(name, inputs) for name in questions[:_SHOWN])
    more = len(questions) - _SHOWN
    if more > 0:
        return words.MISSING_MORE.format(titles=titles, more=count(more, "further question"))
    return words.MISSING.format(titles=titles) if titles else ""


def _said(said: Standing) -> str:
    verdict = wording.VERDICT[said.verdict]
    if said.assured is None:
        return words.SAID_WITHOUT_SCORES.format(verdict=verdict)
    asked = (
        count(len(said.conditions), "condition") if said.conditions else "",
        count(len(said.missing_evidence), "piece of evidence") if said.missing_evidence else "",
    )
    scores = words.SAID.format(
        verdict=verdict,
        assured=points(said.assured),
        expected=points(said.expected),
        potential=points(said.potential),
    )
    wanted = wording.listed(tuple(filter(None, asked)))
    return f"{scores} {words.ASKED.format(wanted=wanted)}" if wanted else scores


def _replaced(decision: SupersededDecision, inputs: EvaluationInputs) -> str:
    return words.REPLACED.format(
        day=wording.day(decision.on),
        later=wording.day(decision.superseded),
        name=_name(decision, inputs),
        verdict=wording.VERDICT[decision.verdict],
        by=decision.by,
    )


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


def _head(*labels: str) -> tuple[str, str]:
    return f"| {' | '.join(labels)} |", f"|{'---|' * len(labels)}"


def _row(shown: DecidedOption) -> str:
    decision = shown.decision
    cells = (
        markdown(shown.name),
        wording.VERDICT[decision.verdict],
        wording.VERDICT[decision.evalkit.verdict],
        wording.day(decision.on),
        markdown(decision.by),
    )
    return f"| {' | '.join(cells)} |"


def _markdown_option(shown: DecidedOption) -> Iterator[str]:
    decision, said = shown.decision, words.RECORD
    yield f"## {markdown(shown.name)}"
    yield ""
    by = words.DECIDED_BY.format(day=wording.day(decision.on), by=markdown(decision.by))
    yield f"**{wording.VERDICT[decision.verdict]}.** {by}"
    yield ""
    yield shown.evalkit
    if shown.gates:
        gates = "; ".join(f"{markdown(gate)}: {result}" for gate, result in shown.gates)
        yield from ("", words.GATES.format(gates=gates))
    if decision.reason:
        yield ""
        yield f"{said['reason']}: {markdown(decision.reason)}"
    if decision.conditions:
        yield from ("", *_head(said["condition"], said["owner"], said["due"], said["done"]))
        for it in decision.conditions:
            done = wording.day(it.done) if it.done else " "
            yield f"| {markdown(_what(it))} | {markdown(it.owner)} | {wording.day(it.due)} | {done} |"
    if shown.waivers:
        yield from ("", *_head(said["gate"], said["by"], said["because"], said["until"]))
        for cells in shown.waivers:
            yield f"| {' | '.join(markdown(cell) for cell in cells)} |"
    if decision.dissent:
        yield ""
        yield from (f"- {said['dissent']}, {markdown(it.by)}: {markdown(it.text)}" for it in decision.dissent)
    if shown.missing:
        yield from ("", f"{said['missing']}: {markdown(shown.missing)}")
    if decision.note:
        yield from ("", f"{said['note']}: {markdown(decision.note)}")


def _markdown_basis(basis: Basis, options: tuple[str, ...]) -> Iterator[str]:
    yield words.ON_INPUTS.format(
        basis=f"`{basis.digest}`",
        options=", ".join(options),
        questionnaire=basis.questionnaire,
        profile=basis.profile,
        day=wording.day(basis.as_of),
        version=markdown(basis.evalkit),
    )
    yield from ("", *_head(words.RECORD["file"], words.RECORD["hash"]))
    for name, value in sorted(basis.inputs.items()):
        yield f"| {markdown(name)} | `{value.removeprefix('sha256:')[:_HASH]}` |"
    yield ""
