"""The memo's parts on options: at a glance, one by one, what is to be done, and all of them in a table."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

from evalkit.views.board.blocks import Block, Cell, Column, Heading, Paragraph, Table
from evalkit.views.board.words import words
from evalkit.views.numbers import NOTHING, count, percent, points
from evalkit.views.requirements import SETTLED
from evalkit.views.wording import wording

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Sequence

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
    """Return the short list in figures, then each option: why, and what is most open."""
    if any(one.unverified for one in brief.short_list):
        yield _needs(brief)
        yield Paragraph(words.NEEDS_NOTE, is_note=True)
    shared = {
        reason: letters
        for reason, letters in _alike((one.why[0], one.letter) for one in brief.short_list if _details(one))
        if len(letters) > 1
    }
    verdicts = {one.letter: wording.VERDICT[one.line.verdict] for one in brief.short_list}
    for reason, letters in shared.items():
        label = words.OF_OPTIONS.format(what=verdicts[letters[0]], options=wording.listed(letters))
        yield Paragraph(reason, label)
    for one in brief.short_list:
        yield Heading(f"{one.letter} · {one.line.name}", 2)
        own = () if one.letter in shared.get(one.why[0], ()) else (one.why[0],)
        yield Paragraph(" ".join((*own, *_details(one))), verdicts[one.letter])
    for readings, letters in _alike((one.readings, one.letter) for one in brief.short_list if one.flips):
        label = words.MEMO["sensitivity"]
        yield Paragraph(readings, words.OF_OPTIONS.format(what=label, options=wording.listed(letters)))


def _needs(brief: BoardBrief) -> Table:
    """Return what is to be done for each option, and what of it nobody has proven, in figures."""
    scored = [one for one in brief.short_list if one.unverified is not None]
    columns = (
        Column(words.MEMO["measure"], share=7),
        *(Column(one.letter, is_figure=True, share=1) for one in scored),
    )
    rows = [
        (words.NEEDS["evidence"], [_amount(one, "evidence") for one in scored]),
        (words.NEEDS["conditions"], [_amount(one, "control", "remedy") for one in scored]),
        (words.NEEDS["reached"], [points(one.reached) for one in scored]),
        (words.NEEDS["face"], [points(one.line.face_value) for one in scored]),
        (words.NEEDS["claims"], [percent(one.unverified.share) for one in scored if one.unverified]),
        *_causes([one.unverified for one in scored if one.unverified]),
    ]
    return Table(columns, tuple((Cell(name), *map(Cell, figures)) for name, figures in rows))


def _causes(found: Sequence[Unverified]) -> Iterator[tuple[str, list[str]]]:
    """Yield what lies between assured and potential, by cause, that of most weight first."""
    shares = [dict(it.causes) for it in found]
    every = dict.fromkeys(cause for it in found for cause, _ in it.causes)
    for cause in sorted(every, key=lambda name: -sum(it.get(name, 0) for it in shares)):
        figures = [points(it.get(cause, 0)) for it in shares]
        if set(figures) != {"0"}:
            yield words.NEEDS["cause"].format(cause=cause), figures


def _amount(one: Candidate, *kinds: str) -> str:
    """Return how much is to be done; nothing where nothing done would make the option sufficient."""
    if one.line.verdict == "reject":
        return NOTHING
    return str(sum(it.kind in kinds for it in one.to_do))


def _widest(one: Candidate) -> tuple[str, ...]:
    if one.unverified is None or not one.unverified.points:
        return ()
    told = "; ".join(f"{it.title} ({it.cause})" for it in one.unverified.points)
    return (words.WIDEST.format(points=told),)


def _details(one: Candidate) -> tuple[str, ...]:
    """Return what is true of this option only: what stands in the way, and what is most open."""
    return (*one.why[1:2], *_widest(one))


def _alike(pairs: Iterable[tuple[str, str]]) -> Iterator[tuple[str, tuple[str, ...]]]:
    """Yield each text with the letters of all options of which it is true."""
    letters: dict[str, list[str]] = {}
    for text, letter in pairs:
        letters.setdefault(text, []).append(letter)
    yield from ((text, tuple(those)) for text, those in letters.items())


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
        yield _form(words.MEMO["shown_by"], [(it, it.how) for it in evidence[:EVIDENCE]])
    if conditions:
        yield Paragraph(words.TO_DEPLOY.format(amount=amounts["conditions"]), words.MEMO["deploy"])
        yield _form(words.MEMO["serves"], [(it, "; ".join(it.serves)) for it in conditions])


def _form(what: str, things: Sequence[tuple[ToDo, str]]) -> Table:
    columns = (
        Column(words.MEMO["number"], is_figure=True),
        Column(what, share=10),
        Column(words.MEMO["owner"], share=2.6),
        Column(words.MEMO["date"], share=1.6),
    )
    rows = tuple(
        (Cell(str(place)), Cell(_what(it), note=note), Cell(""), Cell(""))
        for place, (it, note) in enumerate(things, 1)
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


def _amounts(one: Candidate) -> dict[str, str]:
    evidence = sum(it.kind == "evidence" for it in one.to_do)
    return {
        "evidence": count(evidence, "piece of evidence"),
        "conditions": count(len(one.to_do) - evidence, "condition"),
    }
