"""Reading a workbook as an analyst does: tables by their headers, and whether they say what evalkit says."""

from __future__ import annotations

import io
import re
import warnings
import zipfile
from typing import TYPE_CHECKING, Any

import openpyxl

from evalkit.model.values import EVIDENCE_CLASSES
from evalkit.scoring.shares import GAP_BUCKETS
from evalkit.views.export import ranks

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    from evalkit.model.evaluation import EvaluationInputs
    from evalkit.model.scorecard import Scorecard

PLACES = 5e-7
SPAN = ("assured", "expected", "potential")
Table = list[dict[str, Any]]


def opened(raw: bytes, *, values: bool = True) -> Any:  # noqa: ANN401 - openpyxl's workbook
    """Open a workbook to read its figures, or to change it; openpyxl need not know all of it."""
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")
        return openpyxl.load_workbook(io.BytesIO(raw), data_only=values, read_only=values)


def table(sheet: Any, first_header: str, *, last: bool = False) -> Table:  # noqa: ANN401 - openpyxl's sheet
    """Return the rows below the headers that begin with one, until a row is empty; "#n" cites by place."""
    rows = list(sheet.iter_rows(values_only=True))
    heads = [place for place, row in enumerate(rows) if row[0] == first_header]
    head = heads[-1 if last else 0]
    found = []
    for row in rows[head + 1 :]:
        if row[0] is None and row[1] is None:
            break
        named = {name: cell for name, cell in zip(rows[head], row, strict=True) if name}
        found.append(named | {f"#{place}": cell for place, cell in enumerate(row)})
    return found


def without_figures(raw: bytes) -> bytes:
    """Return a workbook in which every formula has 0 for its figure, so that only who calculates is right."""
    made = io.BytesIO()
    with zipfile.ZipFile(io.BytesIO(raw)) as old, zipfile.ZipFile(made, "w", zipfile.ZIP_DEFLATED) as new:
        for member in old.infolist():
            content = old.read(member)
            if member.filename.startswith("xl/worksheets/sheet"):
                content = re.sub(rb"</f><v>[^<]*</v>", b"</f><v>0</v>", content)
                content = re.sub(rb'(<c r="[A-Z]+[0-9]+"(?: s="[0-9]+")?) t="str">', rb"\1>", content)
            new.writestr(member, content)
    return made.getvalue()


def differences(book: Any, inputs: EvaluationInputs, cards: Sequence[Scorecard]) -> list[str]:  # noqa: ANN401 - openpyxl's workbook
    """Return every figure that is not evalkit's to six places, and every row that is missing."""
    scored = [card for card in cards if card.span is not None]
    found = [*_overview(book["Overview"], cards)]
    by_option: dict[str, dict[str, dict[str, Any]]] = {}
    for row in table(book["Scores"], "Option"):
        by_option.setdefault(row["Option"], {})[row["Question"]] = row
    found += _unequal("options in Scores", set(by_option), {card.option for card in scored})
    domains = {row["Option"]: row for row in table(book["Domains"], "Option")}
    shares = {row["Option"]: row for row in table(book["Shares"], "Option")}
    gates = {}
    if inputs.profile.gates:
        rows = table(book["Gates"], "Option", last=True) if scored else []
        gates = {(row["Option"], row["Gate"]): row for row in rows}
    for card in scored:
        found += _questions(by_option[card.option], card)
        found += _domains(domains[card.option], card)
        found += _shares(shares[card.option], card)
        for gate in card.gates:
            row = gates[card.option, gate.question]
            found += _unequal(f"{card.option} {gate.question} gate", row["Result"], gate.result)
    return found


def _overview(sheet: Any, cards: Sequence[Scorecard]) -> list[str]:  # noqa: ANN401 - openpyxl's sheet
    rows = {row["Id"]: row for row in table(sheet, "Rank")}
    found = _unequal("options in Overview", set(rows), {card.option for card in cards})
    for card in cards:
        row = rows[card.option]
        if card.span is None:
            found += _unequal(card.option, (row["Assured"], row["Answered"]), ("–", "–"))
            continue
        known = {
            "Rank": ranks(cards)[card.option],
            "Assured": card.span.assured,
            "Expected": card.span.expected,
            "Potential": card.span.potential,
            "Answered": card.coverage,
            "Face value": card.face_value,
            "Unverified": "–" if card.unverified_share is None else card.unverified_share,
            "Gap": card.span.potential - card.span.assured,
            "All met": "met" if card.finding.reason == "sufficient" else "not met",
        }
        if card.expected_counting_absent is not None:
            known["Expected if what does not apply counted 0"] = card.expected_counting_absent
        for name, value in known.items():
            found += _unequal(f"{card.option} {name}", row[name], value)
    return found


def _questions(rows: Mapping[str, Mapping[str, Any]], card: Scorecard) -> list[str]:
    found = _unequal(f"{card.option} questions", set(rows), {result.question for result in card.questions})
    for result in card.questions:
        row = rows[result.question]
        known = {
            "Assured": result.low,
            "Expected": result.expected,
            "Potential": result.high,
            "Face value": result.v or 0.0,
            "Weight": result.weight,
        }
        for name, value in known.items():
            found += _unequal(f"{card.option} {result.question} {name}", row[name], value)
    return found


def _domains(row: Mapping[str, Any], card: Scorecard) -> list[str]:
    found = []
    for place, domain in enumerate(card.domains, 1):
        span = ("–", "–", "–") if domain.span is None else tuple(getattr(domain.span, name) for name in SPAN)
        figures = (span[0], domain.applicable_share, span[1], span[2])
        for band, figure in enumerate(figures):
            cell = row[f"#{place + band * len(card.domains)}"]
            found += _unequal(f"{card.option} {domain.domain} {band}", cell, figure)
    return found


def _shares(row: Mapping[str, Any], card: Scorecard) -> list[str]:
    figures = [card.face_by_class.get(name, 0.0) for name in EVIDENCE_CLASSES]
    figures += [card.face_value or 0.0, *(card.gap.get(name, 0.0) for name in GAP_BUCKETS)]
    found = []
    for place, figure in enumerate(figures, 1):
        found += _unequal(f"{card.option} shares {place}", row[f"#{place}"], figure)
    return found


def _unequal(what: str, found: object, known: object) -> list[str]:
    if isinstance(found, (int, float)) and isinstance(known, (int, float)):
        return [] if abs(found - known) < PLACES else [f"{what}: {found} is not {known}"]
    return [] if found == known else [f"{what}: {found!r} is not {known!r}"]
