"""The memo to the board: the brief in two to four pages, decision first."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

from evalkit.views.board.blocks import (
    Bar,
    Block,
    Callout,
    Cell,
    Column,
    Heading,
    Intervals,
    Memo,
    Paragraph,
    Table,
    Terms,
)
from evalkit.views.board.memo_options import all_options, at_a_glance, candidates, to_do
from evalkit.views.board.since_words import paragraph
from evalkit.views.board.words import words
from evalkit.views.made_from import EVALKIT_VERSION
from evalkit.views.numbers import count, percent, points, signed
from evalkit.views.spoken import speech
from evalkit.views.wording import wording

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping

    from evalkit.model.scorecard import GateOutcome
    from evalkit.views.board.blocks import Tone
    from evalkit.views.board.brief import BoardBrief, FirstOverSecond, Routes

SOURCES: Final = 3
"""Sources printed; the rest is counted, reports list them."""

SEVEN: Final = 7
"""Questions that are the spine; zero trust is the eighth domain."""

_TELLING: Final = 3
_WIDE: Final = 4
"""Options side by side; with more of them a table with sentences is set smaller."""

TONES: Final[Mapping[GateOutcome, Tone]] = {
    "pass": "good",
    "open": "partly",
    "fail": "low",
    "waived": "partly",
}


def memo(brief: BoardBrief) -> Memo:
    """Return the memo that says the brief."""
    return Memo(
        kind=words.MEMO["kind"],
        title=brief.title,
        day=brief.as_of,
        language=speech().language,
        facts=_facts(brief),
        page_label=words.MEMO["page"],
        blocks=tuple(_blocks(brief)),
    )


def _facts(brief: BoardBrief) -> tuple[tuple[str, str], ...]:
    verdicts = ", ".join(
        words.WITH_VERDICT.format(amount=amount, verdict=wording.VERDICT_IN_TEXT[name])
        for name, amount in brief.verdicts
    )
    compared = words.COMPARISON.format(
        options=count(len(brief.options), "option"),
        products=count(brief.products, "product"),
        verdicts=verdicts,
    )
    facts = [
        (words.MEMO["as_of"], wording.day(brief.as_of)),
        (words.MEMO["profile"], f"{brief.profile}: {brief.profile_purpose}"),
        (words.MEMO["compared"], compared),
    ]
    facts.append((words.MEMO["frozen"], brief.frozen))
    if brief.data_classes:
        facts.append((words.MEMO["data"], wording.listed(brief.data_classes)))
    return tuple(facts)


def _blocks(brief: BoardBrief) -> Iterator[Block]:
    yield Callout(words.MEMO["decision"], brief.decision)
    yield Paragraph(" ".join(brief.recommendation), words.MEMO["recommendation"])
    if brief.since is not None:
        yield Paragraph(paragraph(brief, brief.since), words.MEMO["since"])
    yield Heading(words.MEMO["at_a_glance"])
    yield at_a_glance(brief)
    if any(one.line.span for one in brief.short_list):
        yield _chart(brief)
    yield from _certainty(brief)
    yield Heading(words.MEMO["options"])
    yield from candidates(brief)
    if brief.first_over_second is not None:
        yield Heading(words.MEMO["why_first"])
        yield Paragraph(_why_first(brief, brief.first_over_second))
    yield from _matrix(brief)
    if brief.routes is not None:
        yield Heading(words.MEMO["routes"].format(product=brief.routes.product))
        yield from _routes(brief.routes)
    yield from _silence(brief)
    yield from to_do(brief)
    yield Heading(words.MEMO["signature"])
    yield _signature()
    yield Heading(words.MEMO["method"])
    yield Paragraph(" ".join(brief.method))
    yield Paragraph(words.NOT_PROOF, is_note=True)
    yield Heading(words.MEMO["glossary"])
    yield Terms(brief.glossary)
    yield from _sources(brief)
    yield from all_options(brief)


def _chart(brief: BoardBrief) -> Intervals:
    limit = brief.thresholds.approve_at
    rows = tuple(
        Bar(
            one.letter,
            None
            if one.line.span is None
            else (one.line.span.assured, one.line.span.expected, one.line.span.potential),
        )
        for one in brief.short_list
    )
    shown = "; ".join(map(interval_words, rows))
    alt = words.CHART_ALT.format(rows=shown, limit=points(limit))
    return Intervals(rows, limit, words.CHART_LIMIT.format(limit=points(limit)), alt)


def interval_words(row: Bar) -> str:
    """Return what a row of the chart shows, in words."""
    if row.scores is None:
        return words.CHART_NO_SCORE.format(label=row.label)
    assured, expected, potential = map(points, row.scores)
    return words.CHART_ROW.format(label=row.label, assured=assured, expected=expected, potential=potential)


def _certainty(brief: BoardBrief) -> Iterator[Block]:
    sure = brief.certainty
    if sure is None:
        return
    letters = {one.line.option: one.letter for one in brief.short_list}
    rows = "; ".join(f"{letters[row.option]}\u00a0{percent(row.first)}" for row in sure.rows)
    text = words.CERTAINTY.format(
        leader=letters.get(sure.leader, sure.leader_name),
        share=percent(sure.share),
        any_weights=percent(sure.any_weights),
        meaning=wording.CERTAINTY[sure.word],
        rows=rows or words.NOBODY,
    )
    if sure.none_acceptable > 0:
        text += words.NONE_ACCEPTABLE.format(share=percent(sure.none_acceptable))
    yield Paragraph(text, words.MEMO["certainty"])


def _why_first(brief: BoardBrief, why: FirstOverSecond) -> str:
    letters = {one.line.option: one.letter for one in brief.short_list}
    names = {"first": letters[why.first], "second": letters[why.second]}
    verdicts = {one.line.option: wording.VERDICT_IN_TEXT[one.line.verdict] for one in brief.short_list}
    amount = points(abs(why.difference))
    apart = words.SAME_SCORE if amount == "0" else words.AHEAD if why.difference > 0 else words.BEHIND
    sentences = [apart.format(amount=amount, **names)]
    if why.by_verdict:
        reason = words.BY_VERDICT.format(
            first_verdict=verdicts[why.first], second_verdict=verdicts[why.second], **names
        )
        sentences.insert(0, reason)
    ordered = sorted(why.parts, key=lambda part: -part.difference)
    for sentence, found in (
        (words.GAINS, [part for part in ordered if points(part.difference) != "0" and part.difference > 0]),
        (words.LOSES, [part for part in reversed(ordered) if part.difference < 0]),
    ):
        telling = [part for part in found if signed(part.difference) != "±0"][:_TELLING]
        if telling:
            parts = wording.listed(tuple(f"{it.title} ({signed(it.difference)})" for it in telling))
            sentences.append(sentence.format(parts=parts, **names))
    if why.wins is not None:
        sentences.append(words.WINS.format(share=percent(why.wins), **names))
    if why.moves:
        moves = wording.listed(
            tuple(
                words.MOVE.format(title=it.title, stated=percent(it.stated), changed=percent(it.changed))
                for it in why.moves[:_TELLING]
            )
        )
        others = len(why.moves) - _TELLING
        more = words.MORE_MOVES.format(others=count(others, "further weight")) if others > 0 else ""
        sentences.append(words.TURNS.format(moves=moves + more))
    else:
        sentences.append(words.NO_TURN)
    return " ".join(sentences)


def _matrix(brief: BoardBrief) -> Iterator[Block]:
    scored = [one for one in brief.short_list if one.line.span is not None]
    if not scored:
        return
    title = "matrix" if len(brief.domains) == SEVEN + 1 else "matrix_other"
    yield Heading(words.MEMO[title])
    columns = (
        Column(words.MEMO["domain"], share=3),
        Column(words.MEMO["weight"], is_figure=True),
        *(Column(one.letter, is_figure=True, share=1) for one in scored),
    )
    rows = []
    for place, (title, weight) in enumerate(zip(brief.domains, brief.weights, strict=True)):
        cells = [Cell(title), Cell(percent(weight))]
        for one in scored:
            share = one.line.domains[place]
            standing = brief.standing(share)
            said = words.STANDING[standing]
            cells.append(Cell(said if share is None else f"{said} {points(share)}", standing))
        rows.append(tuple(cells))
    yield Table(columns, tuple(rows))
    limits = brief.thresholds
    yield Paragraph(
        words.MATRIX_NOTE.format(floor=points(limits.domain_floor), approve_at=points(limits.approve_at)),
        is_note=True,
    )
    if brief.gates:
        yield Heading(words.MEMO["gate_matrix"])
        yield _gates(brief)


def _gates(brief: BoardBrief) -> Table:
    scored = [place for place, one in enumerate(brief.short_list) if one.line.span is not None]
    columns = (
        Column(words.MEMO["gate"], share=3),
        Column(words.MEMO["bar"], share=4),
        *(Column(brief.short_list[place].letter, share=1) for place in scored),
    )
    rows = []
    for gate in brief.gates:
        results = [gate.results[place] for place in scored]
        said = [Cell(wording.GATE_IN_TEXT[it], TONES.get(it, "none")) if it else Cell("–") for it in results]
        rows.append((Cell(gate.title), Cell(gate.bar), *said))
    return Table(columns, tuple(rows), is_dense=len(scored) > _WIDE)


def _routes(found: Routes) -> Iterator[Block]:
    columns = (Column("", share=1.1), *(Column(name, share=1) for name in found.names))
    stands = tuple(
        (wording.VERDICT[line.verdict], points(line.span.assured if line.span else None))
        for line in found.deployments
    )
    rows = [
        (words.MEMO["verdict"], *(verdict for verdict, _ in stands)),
        (words.MEMO["assured_of"], *(assured for _, assured in stands)),
        *((line.title, *line.answers) for line in found.lines),
    ]
    yield Table(columns, tuple(tuple(map(Cell, row)) for row in rows), is_dense=True)
    more = words.ROUTES_MORE.format(others=count(found.others, "further question")) if found.others else ""
    yield Paragraph(words.ROUTES.format(more=more) if found.lines else words.ROUTES_SAME, is_note=True)


def _silence(brief: BoardBrief) -> Iterator[Block]:
    letters = {one.line.option: one.letter for one in brief.short_list}
    elsewhere = [line for line in brief.not_scored if line.option not in letters]
    if not brief.silence and not elsewhere:
        return
    yield Heading(words.MEMO["silence"])
    for one in brief.silence:
        said = [words.NOT_ANSWERED.format(amount=amount, state=state) for state, amount in one.counts]
        heaviest = words.HEAVIEST.format(titles=wording.listed(one.heaviest)) if one.heaviest else ""
        text = words.SILENCE.format(
            asked=one.asked, said=", ".join(said) or words.ALL_ANSWERED, heaviest=heaviest
        )
        yield Paragraph(text, letters[one.option])
    for verdict, reason in dict.fromkeys((line.verdict, line.why_not_scored) for line in elsewhere):
        alike = tuple(
            line.option for line in elsewhere if (line.verdict, line.why_not_scored) == (verdict, reason)
        )
        yield Paragraph(f"{wording.listed(alike)}. {reason}", wording.VERDICT[verdict])


def _signature() -> Table:
    labels = (words.MEMO["verdict_of_board"], words.MEMO["decided"], words.MEMO["signed"])
    return Table(
        tuple(Column(label, share=1) for label in labels), (tuple(Cell("") for _ in labels),), is_form=True
    )


def _sources(brief: BoardBrief) -> Iterator[Block]:
    yield Heading(words.MEMO["sources"])
    total = len(brief.sources)
    shown = brief.sources[:SOURCES]
    listed = "; ".join(
        f"{it.title}, {it.publisher} ({it.kind}{', ' + it.dated if it.dated else ''}): {it.answers}"
        for it in shown
    )
    text = words.SOURCES.format(total=count(total, "source")) if total else words.NO_SOURCES
    if shown:
        text += words.SOURCES_MOST.format(listed=listed)
    yield Paragraph(text, is_note=True)
    yield Paragraph(_made_from(brief), is_note=True)


def _made_from(brief: BoardBrief) -> str:
    made = words.MADE_FROM.format(
        evaluation=brief.evaluation,
        questionnaire=brief.questionnaire,
        files=count(len(brief.hashes), "file"),
        version=EVALKIT_VERSION,
        basis=brief.basis,
    )
    own = speech().replaced
    replaced = words.REPLACED.format(texts=count(own, "text")) if own else ""
    return " ".join(said for said in (made, replaced, words.AS_WRITTEN) if said)
