"""The memo's parts on options: at a glance, one by one, what is to be done, and all of them in a table."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

from evalkit.views.board.blocks import Block, Cell, Column, Heading, Paragraph, Table
from evalkit.views.board.words import words
from evalkit.views.numbers import NOTHING, count, percent, points
from evalkit.views.requirements import SETTLED
from evalkit.views.wording import wording

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

    from evalkit.views.board.brief import BoardBrief, Candidate, OptionLine, ToDo, Unverified

EVIDENCE: Final = 15
"""Pieces of evidence printed; conditions are printed all."""

_FIGURES = ("assured", "expected", "potential")


def at_a_glance(brief: BoardBrief) -> Table:
    """Return the short list as a table, whose letters the other tables use."""
    columns = (
        Column(words.MEMO["letter"]),
        Column(words.MEMO["option"], share=1),
        Column(words.MEMO["verdict"]),
        *(Column(words.MEMO[name], is_figure=True) for name in _FIGURES),
        Column(words.MEMO["answered"], is_figure=True),
        Column(words.MEMO["gates"], is_figure=True),
    )
    rows = tuple((Cell(one.letter), Cell(one.line.name), *_figures(one.line)) for one in brief.short_list)
    return Table(columns, rows)


def all_options(brief: BoardBrief) -> Iterator[Block]:
    """Return all options in a table, where the short list is not all of them."""
    if len(brief.options) == len(brief.short_list):
        return
    letters = {one.line.option: one.letter for one in brief.short_list}
    yield Heading(words.MEMO["all"])
    domains = " ".join(f"{place} {title}," for place, title in enumerate(brief.domains, 1)).rstrip(",")
    yield Paragraph(words.ALL_NOTE.format(domains=domains), is_note=True)
    columns = (
        Column(words.MEMO["place"], is_figure=True),
        Column(words.MEMO["option"], share=1),
        Column(words.MEMO["verdict"]),
        *(Column(words.MEMO[name], is_figure=True) for name in _FIGURES),
        Column(words.MEMO["answered"], is_figure=True),
        Column(words.MEMO["gates"], is_figure=True),
        *(Column(str(place), is_figure=True) for place in range(1, len(brief.domains) + 1)),
    )
    rows = []
    for line in brief.options:
        letter = letters.get(line.option)
        name = f"{line.option} ({letter})" if letter else line.option
        domains_of = (
            [Cell(points(share), brief.standing(share)) for share in line.domains]
            if line.span
            else [Cell(NOTHING)] * len(brief.domains)
        )
        place = str(line.place) if line.place else NOTHING
        rows.append((Cell(place), Cell(name), *_figures(line), *domains_of))
    yield Table(columns, tuple(rows), is_dense=True)


def candidates(brief: BoardBrief) -> Iterator[Block]:
    """Return each option of the short list: why, what is needed, what is unverified."""
    for one in brief.short_list:
        verdict = wording.VERDICT[one.line.verdict]
        yield Heading(f"{one.letter} · {one.line.name}", 2)
        yield Paragraph(" ".join((*one.why[:2], *_needed(one))), verdict)
        if one.unverified is not None:
            yield Paragraph(_unverified(one.line, one.unverified), words.MEMO["unverified"])
        if one.flips:
            yield Paragraph(one.readings, words.MEMO["sensitivity"])


def to_do(brief: BoardBrief) -> Iterator[Block]:
    """Return what is to be done for the first option, with room for owners and dates."""
    first = brief.short_list[0]
    if not first.to_do:
        return
    yield Heading(words.MEMO["to_do"].format(name=first.letter))
    amounts = _amounts(first)
    evidence = [it for it in first.to_do if it.kind == "evidence"]
    conditions = [it for it in first.to_do if it.kind != "evidence"]
    if evidence:
        said = words.TO_OBTAIN if len(evidence) <= EVIDENCE else words.TO_OBTAIN_SOME
        told = said.format(amount=amounts["evidence"], shown=EVIDENCE, letter=first.letter)
        yield Paragraph(told, words.MEMO["obtain"])
        yield _form(words.MEMO["by"], [(it, it.how) for it in evidence[:EVIDENCE]])
    if conditions:
        yield Paragraph(words.TO_DEPLOY.format(amount=amounts["conditions"]), words.MEMO["deploy"])
        yield _form(words.MEMO["serves"], [(it, "; ".join(it.serves)) for it in conditions])


def _form(second: str, things: Sequence[tuple[ToDo, str]]) -> Table:
    columns = (
        Column(words.MEMO["number"], is_figure=True),
        Column(words.MEMO["what"], share=5),
        Column(second, share=5),
        Column(words.MEMO["owner"], share=2),
        Column(words.MEMO["date"], share=1.4),
    )
    rows = tuple(
        (Cell(str(place)), Cell(_what(it)), Cell(beside), Cell(""), Cell(""))
        for place, (it, beside) in enumerate(things, 1)
    )
    return Table(columns, rows, is_form=True)


def _what(it: ToDo) -> str:
    how = f" ({it.how})" if it.kind == "remedy" and it.how else ""
    gate = f"; {words.CLOSES_GATE}" if it.closes_gate else ""
    return f"{words.KIND[it.kind]}{it.what}{how}{gate}"


def _figures(line: OptionLine) -> tuple[Cell, ...]:
    verdict = Cell(wording.VERDICT[line.verdict])
    if line.span is None:
        return (verdict, *(Cell(NOTHING) for _ in range(5)))
    span = line.span
    settled = sum(result in SETTLED for result in line.gates)
    return (
        verdict,
        *(Cell(points(share)) for share in (span.assured, span.expected, span.potential)),
        Cell(percent(line.coverage)),
        Cell(words.SETTLED.format(settled=settled, gates=len(line.gates)) if line.gates else NOTHING),
    )


def _needed(one: Candidate) -> tuple[str, ...]:
    if not one.to_do:
        return ()
    amounts = _amounts(one)
    parts = [amounts[name] for name, kinds in _KINDS.items() if any(it.kind in kinds for it in one.to_do)]
    return (words.NEEDED.format(parts=wording.listed(tuple(parts)), reached=points(one.reached)),)


_KINDS = {"evidence": ("evidence",), "conditions": ("control", "remedy")}


def _amounts(one: Candidate) -> dict[str, str]:
    evidence = sum(it.kind == "evidence" for it in one.to_do)
    return {
        "evidence": count(evidence, "piece of evidence"),
        "conditions": count(len(one.to_do) - evidence, "condition"),
    }


def _unverified(line: OptionLine, found: Unverified) -> str:
    sentences = []
    if found.share is not None:
        sentences.append(
            words.UNVERIFIED.format(share=_capitalised(percent(found.share)), face=points(line.face_value))
        )
    causes = [f"{cause} ({points(share)})" for cause, share in found.causes if points(share) != "0"]
    if causes and line.span is not None:
        sentences.append(
            words.GAP.format(
                assured=points(line.span.assured),
                potential=points(line.span.potential),
                causes="; ".join(causes),
            )
        )
    if found.points:
        told = "; ".join(f"{it.title} ({it.cause})" for it in found.points)
        sentences.append(words.WIDEST.format(points=told))
    return " ".join(sentences)


def _capitalised(text: str) -> str:
    return text[:1].upper() + text[1:]
