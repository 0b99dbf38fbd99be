"""From inputs, scorecards and robustness to the brief."""

from __future__ import annotations

from string import ascii_uppercase
from typing import TYPE_CHECKING, Final, get_args

from evalkit.errors import EvalkitError
from evalkit.model.decision import Basis
from evalkit.model.scorecard import Verdict
from evalkit.views.board.brief import BoardBrief, Certainty, FirstPlace, GateLine, OptionLine
from evalkit.views.board.candidates import candidate
from evalkit.views.board.clipping import SENTENCE, clipped, option_name
from evalkit.views.board.difference import first_over_second
from evalkit.views.board.routes import routes
from evalkit.views.board.silence import cited_sources, silence
from evalkit.views.board.words import words
from evalkit.views.export import ranked, ranks
from evalkit.views.freezing import freezing_words
from evalkit.views.gates import bar_words
from evalkit.views.headline import verdict_counts
from evalkit.views.made_from import EVALKIT_VERSION
from evalkit.views.numbers import count, percent, points, whole
from evalkit.views.sentences import by_number
from evalkit.views.subject import Subject
from evalkit.views.wording import wording

if TYPE_CHECKING:
    from collections.abc import Sequence

    from evalkit.model.evaluation import EvaluationInputs
    from evalkit.model.robustness import Robustness
    from evalkit.model.scorecard import Scorecard
    from evalkit.views.board.brief import Candidate
    from evalkit.views.board.since import Since

SHORT_LIST: Final = 4
"""Options of the short list where none is named."""

MOST: Final = 6
"""Options of the short list at most: as many as a page shows side by side."""

_HEAD: Final = 3
_ORDER: Final[tuple[Verdict, ...]] = get_args(Verdict)


def board_brief(
    inputs: EvaluationInputs,
    cards: Sequence[Scorecard],
    robust: Robustness,
    *,
    short_list: Sequence[str] = (),
    since: Since | None = None,
) -> BoardBrief:
    """Return what a board is told about an evaluation.

    Parameters
    ----------
    cards
        Scorecards of all options, at least one.
    robust
        Of the same options.
    short_list
        Options that the board looks at closely, 6 at most; where empty, the best 4 by verdict, then by
        assured score.
    since
        What changed since the last board; None where there was none.

    Raises
    ------
    EvalkitError
        If there is no option, or more than 6 are named.
    """
    if not cards:
        raise EvalkitError(f"{inputs.evaluation.id} compares no option, so there is nothing to decide on")
    if len(short_list) > MOST:
        raise EvalkitError(
            f"{len(short_list)} options are named for the short list; allowed are {MOST} at most: a board"
            " cannot weigh more side by side"
        )
    chosen = short_listed(cards, short_list)
    places = ranks(cards)
    listed = {card.option: _line(inputs, card, places.get(card.option)) for card in ranked(cards)}
    subjects = [_subject(inputs, cards, card) for card in chosen]
    candidates = tuple(
        candidate(it, listed[it.card.option], robust, letter)
        for it, letter in zip(subjects, ascii_uppercase, strict=False)
    )
    evaluation, profile, instrument = inputs.evaluation, inputs.profile, inputs.questionnaire
    total = sum(profile.domain_weights[domain.id] for domain in instrument.domains)
    sure = _certainty(inputs, robust, chosen)
    return BoardBrief(
        title=clipped(evaluation.title),
        evaluation=evaluation.id,
        as_of=evaluation.as_of,
        profile=f"{clipped(profile.title)} ({profile.id} {profile.version})",
        profile_purpose=clipped(profile.purpose, SENTENCE),
        questionnaire=f"{clipped(instrument.header.title)} ({instrument.ref})",
        frozen=freezing_words(inputs.freeze),
        data_classes=tuple(wording.words(name) for name in evaluation.data_classes or ()),
        thresholds=profile.thresholds,
        products=len({card.product for card in cards}),
        verdicts=tuple((name, amount) for name in _ORDER for it, amount in _counts(cards) if it == name),
        decision=_decision(inputs, cards, candidates),
        recommendation=_recommendation(inputs, candidates),
        options=tuple(listed.values()),
        short_list=candidates,
        chosen=bool(short_list),
        domains=tuple(clipped(domain.title) for domain in instrument.domains),
        domain_questions=tuple(clipped(domain.seed, SENTENCE) for domain in instrument.domains),
        weights=tuple(profile.domain_weights[domain.id] / total for domain in instrument.domains),
        gates=_gates(inputs, chosen),
        certainty=sure,
        first_over_second=first_over_second(inputs, chosen, robust),
        routes=routes(subjects, listed),
        silence=tuple(it for it in map(silence, subjects) if it is not None),
        not_scored=tuple(it for it in listed.values() if it.span is None),
        method=_method(inputs, sure),
        glossary=words.GLOSSARY,
        sources=cited_sources(subjects),
        basis=Basis.of(inputs, EVALKIT_VERSION).digest,
        hashes=dict(inputs.hashes),
        since=since,
    )


def short_listed(cards: Sequence[Scorecard], named: Sequence[str]) -> list[Scorecard]:
    """Return the short list by verdict, then in the order of the ranking."""
    best_first = sorted(ranked(cards), key=lambda card: _ORDER.index(card.finding.verdict))
    if named:
        return [card for card in best_first if card.option in named]
    scored = [card for card in best_first if card.is_scored]
    return (scored or best_first)[:SHORT_LIST]


def _counts(cards: Sequence[Scorecard]) -> tuple[tuple[str, int], ...]:
    return verdict_counts(tuple(cards))


def _line(inputs: EvaluationInputs, card: Scorecard, place: int | None) -> OptionLine:
    return OptionLine(
        place=place,
        option=card.option,
        name=option_name(inputs, card.option),
        verdict=card.finding.verdict,
        span=card.span,
        face_value=card.face_value,
        coverage=card.coverage,
        gates=tuple(gate.result for gate in card.gates) if card.is_scored else (),
        domains=tuple(None if it.span is None else it.span.assured for it in card.domains),
        why_not_scored="" if card.is_scored else wording.REASON[card.finding.reason],
    )


def _subject(inputs: EvaluationInputs, cards: Sequence[Scorecard], card: Scorecard) -> Subject:
    option = next(it for it in inputs.options() if it.id == card.option)
    others = tuple(it for it in cards if it.product == card.product and it is not card)
    return Subject(inputs, option, card, others)


def _gates(inputs: EvaluationInputs, chosen: Sequence[Scorecard]) -> tuple[GateLine, ...]:
    lines = []
    for place, gate in enumerate(inputs.profile.gates):
        question = inputs.questionnaire.by_id[gate.question]
        results = tuple(card.gates[place].result if card.is_scored else None for card in chosen)
        bar = clipped(bar_words(gate, question), SENTENCE)
        lines.append(GateLine(clipped(question.title), bar, gate.mitigable, results))
    return tuple(lines)


def _certainty(inputs: EvaluationInputs, robust: Robustness, chosen: Sequence[Scorecard]) -> Certainty | None:
    if len(robust.options) < 2:  # noqa: PLR2004 - a ranking needs two
        return None
    stated = {row.option: row for row in robust.final_gates.scenario("stated").options}
    leader = max(stated.values(), key=lambda row: row.first)
    rows = tuple(
        FirstPlace(card.option, stated[card.option].first, sum(stated[card.option].acceptability[:_HEAD]))
        for card in chosen
        if card.option in stated
    )
    return Certainty(
        leader=leader.option,
        leader_name=option_name(inputs, leader.option),
        share=leader.first,
        word=leader.word,
        any_weights=robust.final_gates.scenario("flat").option(leader.option).first,
        rows=rows,
        draws=robust.draws,
        none_acceptable=robust.final_gates.none_acceptable,
    )


def _decision(inputs: EvaluationInputs, cards: Sequence[Scorecard], candidates: Sequence[Candidate]) -> str:
    first = candidates[0]
    conditions = sum(it.kind != "evidence" for it in first.to_do)
    evidence = sum(it.kind == "evidence" for it in first.to_do)
    classes = tuple(wording.words(name) for name in inputs.evaluation.data_classes or ())
    every = len(candidates) == len(cards)
    amount = count(len(candidates), "option")
    compared = words.COMPARED.format(options=amount) if every else amount
    situation = _situation(first)
    if situation == "none":
        options = words.NONE_OF.format(options=compared) if len(candidates) > 1 else words.NOT_EVEN_ONE
    else:
        options = words.ALL_OF.format(options=compared) if every and len(cards) > 1 else compared
    return words.DECISION[situation].format(
        letter=first.letter,
        name=first.line.name,
        data=words.WITH_DATA.format(classes=wording.listed(classes)) if classes else "",
        conditions=count(conditions, "condition"),
        needed=_needed(evidence, conditions),
        options=options,
        none=by_number(words.IS_SUFFICIENT, len(candidates)),
    )


def _needed(evidence: int, conditions: int) -> str:
    parts = []
    if evidence:
        said = by_number(words.EVIDENCE_NEEDED, evidence)
        parts.append(said.format(evidence=count(evidence, "piece of evidence")))
    if conditions:
        said = by_number(words.CONDITIONS_NEEDED, conditions)
        parts.append(said.format(conditions=count(conditions, "condition")))
    return wording.listed(tuple(parts))


def _recommendation(inputs: EvaluationInputs, candidates: Sequence[Candidate]) -> tuple[str, ...]:
    first = candidates[0]
    situation = _situation(first)
    sentences = [words.RECOMMENDATION[situation].format(letter=first.letter)]
    if first.reached is not None and situation in ("approve-with-conditions", "defer"):
        needed = points(inputs.profile.thresholds.approve_at)
        sentences.append(words.REACHED.format(reached=points(first.reached), needed=needed))
        if any(it.kind != "evidence" for it in first.to_do):
            sentences.append(words.CONDITIONAL)
    return tuple(sentences)


def _situation(first: Candidate) -> str:
    verdict = first.line.verdict
    return verdict if verdict in words.DECISION else "none"


def _method(inputs: EvaluationInputs, sure: Certainty | None) -> tuple[str, ...]:
    limits = inputs.profile.thresholds
    *others, drawn = words.METHOD
    sentences = (*others, drawn if sure else words.METHOD_WITHOUT_DRAWS)
    return tuple(
        sentence.format(
            questions=len(inputs.questionnaire.questions),
            domains=len(inputs.questionnaire.domains),
            approve_at=points(limits.approve_at),
            floor=points(limits.domain_floor),
            coverage=percent(limits.minimum_coverage),
            draws=whole(sure.draws) if sure else "",
        )
        for sentence in sentences
    )
