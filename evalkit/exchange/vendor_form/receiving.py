"""A form that came back -> what each row of it comes to, and, on request, the answers file with it."""

from __future__ import annotations

import hashlib
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Final, Literal, TypeAlias

from evalkit.errors import EvalkitError
from evalkit.exchange.vendor_form import csv_form, json_form, workbook_reader
from evalkit.exchange.vendor_form.filing import Filer, filed
from evalkit.exchange.vendor_form.place import Place
from evalkit.exchange.vendor_form.rows import records_in
from evalkit.exchange.vendor_form.saying import said_beside
from evalkit.exchange.vendor_form.sheet import parsed_reference
from evalkit.files.saving.differences import differences
from evalkit.files.saving.merging import merged
from evalkit.files.saving.people import current_user
from evalkit.files.saving.states import ABSENT, Edit

if TYPE_CHECKING:
    from collections.abc import Collection, Iterable, Mapping
    from datetime import date, datetime
    from pathlib import Path

    from evalkit.exchange.vendor_form.rows import Record
    from evalkit.exchange.vendor_form.sheet import Reference, Returned
    from evalkit.files.saving.answers_file import AnswersFile
    from evalkit.files.saving.findings import Judge
    from evalkit.files.saving.parts import Json
    from evalkit.files.saving.states import FieldProblem, Snapshot
    from evalkit.model.answers import ProductAnswers

MAX_BYTES: Final = 20_000_000
"""Of a file that is read; a form has some hundred kB."""

CORRESPONDENCE: Final = "correspondence"

LEFT_EMPTY: Final = "left empty"
"""Reason of an answer that says nothing."""

Outcome: TypeAlias = Literal["accepted", "changed", "unchanged", "rejected"]

_ZIP: Final = b"PK\x03\x04"
_OLE: Final = b"\xd0\xcf\x11\xe0"
_START: Final = 200
"""Bytes in which it shows what a file of text is."""

_BLANK: Final = b"\xef\xbb\xbf \t\r\n"


@dataclass(frozen=True, slots=True)
class RowOutcome:
    """What an answer in a file that came back comes to.

    Attributes
    ----------
    question, scope : str
        ``""`` where the row does not say.
    where : str
        Where it stands in the file.
    outcome : {"accepted", "changed", "unchanged", "rejected"}
        ``changed`` is filed too: it contradicts what stood.
    reason : str
        Why it was rejected, or what is done with it.
    diff : tuple of str
        In words: what is said beside what stands, if these differ, and what changes in the answers file.
    """

    question: str
    scope: str
    where: str
    outcome: Outcome
    reason: str
    diff: tuple[str, ...] = ()


@dataclass(frozen=True)
class Received:
    """A file that came back, read and judged; nothing is written yet.

    Attributes
    ----------
    notes : tuple of str
        What was seen in the file and left alone, or is not as it was sent.
    """

    name: str
    sha256: str
    product: str
    vendor: str
    day: date
    by: str
    rows: tuple[RowOutcome, ...]
    notes: tuple[str, ...]
    file: AnswersFile
    edits: tuple[Edit, ...] = field(repr=False, default=())

    @property
    def rejected(self) -> tuple[RowOutcome, ...]:
        """What is not filed."""
        return tuple(row for row in self.rows if row.outcome == "rejected")

    def apply(self, at: datetime) -> tuple[str, ...]:
        """Write what is to be filed, and return what was not, since somebody changed it meanwhile.

        Raises
        ------
        EvalkitError
            If it cannot be written; nothing is changed then.
        """
        if not self.edits:
            return ()
        saved = self.file.save(self.edits, by=self.by, at=at, what=f"vendor's form {self.name}")
        return tuple(conflict.part for conflict in saved.conflicts)


def receive(evaluation: Path, path: Path, *, at: datetime, on: date | None = None) -> Received:
    """Return what a form that came back comes to.

    Parameters
    ----------
    at
        Now, for the stamp of who files it.
    on
        Day of receipt; the evaluation's day by default.

    Raises
    ------
    EvalkitError
        If the file is no form, is one of another evaluation or product, or is not safe to read; or if ``on``
        is after the evaluation's day.
    InvalidInputError
        If files of the evaluation cannot be used.
    """
    place = Place.of(evaluation)
    day = on or place.evaluation.as_of
    if day > place.evaluation.as_of:
        raise EvalkitError(
            f"received on {day}, after the evaluation's day, {place.evaluation.as_of}: no evidence may be"
            " dated after it; set as_of in evaluation.yaml first"
        )
    raw = _bytes(path)
    returned = _read(raw, path.name)
    reference, notes = _reference(place, returned, path.name)
    file = place.file(reference.product)
    snapshot = file.read()
    records, loose = records_in(place, snapshot.answers, returned, reference)
    product = snapshot.answers.product
    by = current_user(file.path.parent)
    sha256 = hashlib.sha256(raw).hexdigest()
    key, own, source = _source(snapshot.answers, path.name, sha256, day)
    filer = Filer(key, own, sha256, by, at.astimezone().date(), product.vendor, day)
    rows, edits = _judged(place.judge(file), snapshot, records, filer, {f"sources/{key}": source})
    return Received(
        path.name,
        sha256,
        product.id,
        product.vendor,
        day,
        by,
        (*rows, *(RowOutcome("", "", where, "rejected", reason) for where, reason in loose)),
        notes,
        file,
        tuple(edits),
    )


def _bytes(path: Path) -> bytes:
    try:
        if not path.is_file():
            raise EvalkitError(f"{path}: there is no such file")
        with path.open("rb") as file:
            raw = file.read(MAX_BYTES + 1)
    except OSError as error:
        raise EvalkitError(f"{path}: cannot be read: {error.strerror or error}") from error
    if len(raw) > MAX_BYTES:
        raise EvalkitError(
            f"{path.name} has more than {MAX_BYTES // 1_000_000} MB, which no form has; not read"
        )
    return raw


def _read(raw: bytes, name: str) -> Returned:
    if raw.startswith(_ZIP):
        return workbook_reader.returned(raw, name)
    if raw.startswith(_OLE):
        raise EvalkitError(
            f"{name} is an old .xls, or locked with a password; save it as .xlsx without a password"
        )
    start = raw[:_START].lstrip(_BLANK).lower()
    if start.startswith((b"{", b"[")):
        return json_form.returned(raw, name)
    if start.startswith((b"<!doctype html", b"<html")):
        raise EvalkitError(
            f"{name} is a page, which holds no answers: whoever filled it in has to press Save as file in it,"
            " and send the .json file that this saves"
        )
    return csv_form.returned(raw, name)


def _reference(place: Place, returned: Returned, name: str) -> tuple[Reference, tuple[str, ...]]:
    """Return which form a file is, and what is to be said of it."""
    found: dict[Reference, int] = {}
    for row in returned.rows:
        reference = parsed_reference(row.text("form"))
        if reference is not None:
            found[reference] = found.get(reference, 0) + 1
    if not found:
        raise EvalkitError(
            f"{name} is no form that evalkit sent: no row has the hidden columns id, form and digest"
        )
    reference = max(found, key=lambda each: found[each])
    evaluation, questionnaire = place.evaluation, place.questionnaire
    if reference.evaluation != evaluation.id:
        raise EvalkitError(
            f"{name} belongs to the evaluation {reference.evaluation[:80]!r}, not to {evaluation.id!r}"
        )
    if reference.questionnaire.partition("@")[0] != questionnaire.header.id:
        raise EvalkitError(
            f"{name} asks {reference.questionnaire[:80]!r}; the evaluation uses {questionnaire.ref!r}"
        )
    notes = list(returned.notes)
    if reference.questionnaire != questionnaire.ref:
        notes.append(
            f"the form asks {reference.questionnaire}, and {questionnaire.ref} is installed: only questions"
            " that are the same in both are taken"
        )
    return reference, tuple(notes)


def _source(
    answers: ProductAnswers, name: str, sha256: str, day: date
) -> tuple[str, Collection[str], dict[str, str]]:
    """Return key and content of the source that stands for the file, and the keys of all such sources."""
    vendor = answers.product.vendor
    source = {
        "title": f"Vendor's form {name}",
        "publisher": vendor,
        "kind": CORRESPONDENCE,
        "version": f"sha256 {sha256[:16]}",
        "retrieved": day.isoformat(),
    }
    prefix = "vendor-form-"
    own = {
        key
        for key, each in answers.sources.items()
        if key.startswith(prefix) and each.kind == CORRESPONDENCE and each.publisher == vendor
    }
    base = f"{prefix}{day.isoformat()}"
    number, key = 1, base
    while key in answers.sources and answers.sources[key].version != source["version"]:
        number += 1
        key = f"{base}-{number}"
    if key in answers.sources:
        source = answers.sources[key].model_dump(mode="json", exclude_none=True)
    return key, {*own, key}, source


def _judged(
    judge: Judge,
    snapshot: Snapshot,
    records: Iterable[Record],
    filer: Filer,
    source: Mapping[str, Json],
) -> tuple[list[RowOutcome], list[Edit]]:
    """File each record in turn; what would break a rule is rejected with the rule's message."""
    wanted: dict[str, Json] = {}
    rows: list[RowOutcome] = []
    for record in records:
        part = f"answers/{record.question}"
        state = snapshot.parts.get(part, ABSENT)
        reason = "; ".join(record.problems)
        if not reason and state.is_draft:
            reason = "an unfinished draft of this answer is in the form; finish it or take it back first"
        if reason:
            rows.append(RowOutcome(record.question, record.scope, record.where, "rejected", reason))
            continue
        if record.said.is_nothing:
            rows.append(RowOutcome(record.question, record.scope, record.where, "unchanged", LEFT_EMPTY))
            continue
        content = wanted.get(part, state.content)
        result = filed(part, content, record.scope, record.said, filer)
        if result.effect == "unchanged":
            rows.append(RowOutcome(record.question, record.scope, record.where, "unchanged", result.told))
            continue
        refused = _refused(judge, snapshot.answers, {**source, part: result.content}, part)
        if refused:
            told = "; ".join(f"{each.code} {each.message}" for each in refused)
            rows.append(RowOutcome(record.question, record.scope, record.where, "rejected", told))
            continue
        wanted[part] = result.content
        beside = said_beside(
            judge.questionnaire.by_id[record.question], content, record.scope, said=record.said.value
        )
        diff = (*filter(None, [beside]), *differences(part, content, result.content))
        rows.append(RowOutcome(record.question, record.scope, record.where, result.effect, result.told, diff))
    return rows, _edits(snapshot, source if _cites(wanted.values(), filer.source) else {}, wanted)


def _refused(
    judge: Judge, answers: ProductAnswers, wanted: Mapping[str, Json], part: str
) -> tuple[FieldProblem, ...]:
    return merged(judge, answers, wanted).refused.get(part, ())


def _edits(snapshot: Snapshot, *wanted: Mapping[str, Json]) -> list[Edit]:
    return [
        Edit(part, snapshot.parts.get(part, ABSENT).revision, content)
        for each in wanted
        for part, content in each.items()
    ]


def _cites(contents: Iterable[Json], source: str) -> bool:
    return any(
        item.get("source") == source
        for content in contents
        for statement in (content, *content.get("deployments", {}).values())
        for item in statement.get("evidence", ())
    )


def most_urgent_first(rows: Iterable[RowOutcome]) -> list[RowOutcome]:
    """Return rows with what needs somebody's eyes first."""
    order: list[Outcome] = ["rejected", "changed", "accepted", "unchanged"]
    return sorted(rows, key=lambda row: order.index(row.outcome))
