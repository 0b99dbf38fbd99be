"""Files of one release -> records: read apart, judged together."""

from __future__ import annotations

import hashlib
import re
from dataclasses import dataclass
from typing import TYPE_CHECKING, Final

from evalkit.errors import EvalkitError
from evalkit.model.observation import Artefact, Coverage, Observation
from evalkit.observe.claims import claims_about, declared_hosts, own_hosts, vendor_domains
from evalkit.observe.judging import Case, judged
from evalkit.observe.limits import LARGEST_PACKED, Limits
from evalkit.observe.looking import Looked, Request
from evalkit.observe.looking_apart import NotLooked, look_apart
from evalkit.observe.rules import shipped_rules
from evalkit.observe.secrets import shown_text

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping, Sequence
    from datetime import date
    from pathlib import Path

    from evalkit.model.answers import ProductAnswers
    from evalkit.model.controls import ControlFile
    from evalkit.model.evaluation import EvaluationInputs
    from evalkit.model.observation import Obtained
    from evalkit.observe.listings import Listed

_CHUNK: Final = 1 << 20
_LONGEST_ID: Final = 64
_VERSION: Final = re.compile(r"[0-9]+(?:\.[0-9]+)+(?:[-+][\w.]+)?")
_SHOWN: Final = 120
_LISTED: Final = "PKG-LISTED"
_NOT_LISTED: Final = "PKG-LISTED-NOT"


@dataclass(frozen=True, slots=True)
class Statements:
    """What is known about the product from the files of an evaluation.

    Attributes
    ----------
    questions_of : dict
        The questions of each condition.
    questions : frozenset of str or None
        Ids of the questionnaire; None without an evaluation.
    """

    answers: ProductAnswers | None = None
    controls: ControlFile | None = None
    questions_of: Mapping[str, tuple[str, ...]] | None = None
    questions: frozenset[str] | None = None


def statements_of(inputs: EvaluationInputs, product: str) -> Statements:
    """Return what an evaluation states about a product; ``KeyError`` if it has none of that id."""
    catalogue = inputs.conditions
    return Statements(
        answers=inputs.answers[product],
        controls=inputs.controls.get(product),
        questions_of={
            name: condition.questions
            for name, condition in (catalogue.conditions if catalogue else {}).items()
        },
        questions=frozenset(inputs.questionnaire.by_id),
    )


@dataclass(frozen=True, slots=True)
class Given:
    """What is given beside the files of a release.

    Attributes
    ----------
    listed : tuple of Listed
        What registries and lock files say of them.
    obtained : Obtained or None
        Where they came from.
    """

    listed: tuple[Listed, ...] = ()
    obtained: Obtained | None = None


_NOTHING_GIVEN: Final = Given()


@dataclass(frozen=True, slots=True)
class _Meant:
    product: str
    version: str
    on: date


@dataclass(frozen=True, slots=True)
class Inspected:
    """One artefact's record, and what was seen in it.

    Attributes
    ----------
    is_excused : bool
        Whether it holds no program, because another file of the release does.
    """

    artefact: Artefact
    observations: tuple[Observation, ...]
    looked: Looked
    is_excused: bool

    @property
    def is_stale(self) -> bool:
        """Whether it is of another version than was asked about, or than the answers are."""
        return any(observation.stale for observation in self.observations)

    @property
    def is_listed(self) -> bool | None:
        """Whether it is the file that a list means; None where no list names it."""
        rules = {sighting.key for sighting in self.looked.sightings}
        return False if _NOT_LISTED in rules else (True if _LISTED in rules else None)


@dataclass(frozen=True, slots=True)
class Release:
    """All that was given of one release.

    Attributes
    ----------
    notes : tuple of str
        What a reader has to know besides.
    """

    product: str
    version: str
    parts: tuple[Inspected, ...]
    notes: tuple[str, ...]

    @property
    def is_checked_in_full(self) -> bool:
        """Whether every part that should hold the program was looked at in full."""
        levels = [part.artefact.coverage.level for part in self.parts]
        return "full" in levels and "partial" not in levels

    @property
    def contradictions(self) -> tuple[Observation, ...]:
        """The observations that contradict an answer."""
        return tuple(
            observation
            for part in self.parts
            for observation in part.observations
            if observation.relation == "contradicts"
        )


def inspect(  # noqa: PLR0913 - what is read, what it is held against, and how far
    paths: Sequence[Path],
    product: str,
    version: str,
    statements: Statements,
    *,
    on: date,
    limits: Limits | None = None,
    given: Given = _NOTHING_GIVEN,
) -> Release:
    """Return what is in the files of one release: a wrapper and its platform packages, or one file.

    Each is read in a process of its own. Nothing is run, installed, fetched or unpacked to disk.

    Parameters
    ----------
    version
        Of the release that is meant, of which files of another one are not judged; ``""`` for any.
    on
        The day that records bear.
    given
        What is known of the files besides.

    Raises
    ------
    EvalkitError
        If a file is not there, is no file or folder, or is larger than 1 GiB.
    """
    meant = _Meant(product, version, on)
    for path in paths:
        _refuse_unusable(path)
    request = _request(meant.product, statements, given)
    looked = [(path, _looked(path, request, limits or Limits())) for path in paths]
    about = _About(request, statements, meant, given)
    parts = tuple(
        _part(about, path, part, [other for _, other in looked if other is not part]) for path, part in looked
    )
    notes = (*_notes(parts, statements, meant.version), *_notes_of_lists(parts, given))
    return Release(meant.product, meant.version, parts, notes)


@dataclass(frozen=True, slots=True)
class _About:
    request: Request
    statements: Statements
    meant: _Meant
    given: Given


def _refuse_unusable(path: Path) -> None:
    if not path.exists():
        raise EvalkitError(f"{path}: there is no such file or folder")
    if not (path.is_file() or path.is_dir()):
        raise EvalkitError(f"{path}: is neither a file nor a folder")
    if path.is_file() and path.stat().st_size > LARGEST_PACKED:
        raise EvalkitError(
            f"{path}: has {path.stat().st_size >> 20} MiB; at most {LARGEST_PACKED >> 20} are read"
        )


def _request(product: str, statements: Statements, given: Given) -> Request:
    answers, controls = statements.answers, statements.controls
    return Request(
        product=product,
        claims=claims_about(answers, controls, statements.questions_of or {}),
        anchors=own_hosts(controls),
        domains=vendor_domains(controls, shipped_rules().hosts.clouds),
        declared=declared_hosts(answers, controls),
        listed=given.listed,
    )


def _looked(path: Path, request: Request, limits: Limits) -> Looked:
    found = look_apart(path, request, limits)
    return found if isinstance(found, Looked) else _unreadable(path, found)


def _unreadable(path: Path, failure: NotLooked) -> Looked:
    digest, size = hashlib.sha256(), 0
    if path.is_file():
        with path.open("rb") as file:
            while chunk := file.read(_CHUNK):
                digest.update(chunk)
                size += len(chunk)
    sha256 = digest.hexdigest()
    return Looked(
        kind="folder" if path.is_dir() else "file",
        name="",
        version="",
        platform="",
        source_public=False,
        platform_packages=(),
        sha256=sha256,
        contents=sha256,
        bytes=size,
        files=0,
        opaque_share=0.0,
        coverage=Coverage(
            bytes_total=0,
            bytes_scanned=0,
            bytes_opaque=0,
            members=0,
            limits_hit=(shown_text(failure.reason, _SHOWN),),
            program_present=False,
            level="none",
        ),
        sightings=(),
        rules=shipped_rules().name,
    )


def _part(about: _About, path: Path, looked: Looked, others: Sequence[Looked]) -> Inspected:
    subject = _id(looked, path)
    artefact = _record(about, subject, path, looked, is_alone=not others)
    case = _case(about, subject, looked, others)
    return Inspected(artefact, judged(case, shipped_rules()), looked, case.is_excused)


def _case(about: _About, subject: str, looked: Looked, others: Sequence[Looked]) -> Case:
    request, statements = about.request, about.statements
    coverage = looked.coverage
    has_program = any(other.coverage.program_present for other in others)
    return Case(
        product=request.product,
        subject=subject,
        looked=looked,
        claims=request.claims,
        answers=statements.answers,
        declared=request.declared,
        domains=request.domains,
        found_beside=frozenset(
            sighting.key.partition(" ")[2]
            for other in others
            for sighting in other.sightings
            if sighting.in_program and sighting.key.startswith("CLAIM-")
        ),
        is_stale=_is_stale(looked, about.meant.version, statements.answers),
        is_excused=has_program and not coverage.program_present and not coverage.limits_hit,
        questions=statements.questions,
    )


def _record(about: _About, subject: str, path: Path, looked: Looked, *, is_alone: bool) -> Artefact:
    meant = about.meant
    return Artefact(
        record="artefact",
        id=subject,
        product=meant.product,
        kind=looked.kind,
        file=shown_text(path.name, _SHOWN) or ".",
        name=looked.name,
        version=looked.version,
        platform=looked.platform,
        sha256=looked.sha256,
        bytes=looked.bytes,
        files=looked.files,
        release_set=None if is_alone else f"{meant.product} {meant.version}",
        obtained=about.given.obtained,
        source_public=looked.source_public,
        coverage=looked.coverage,
        rules=looked.rules,
        observed_on=meant.on,
    )


def _id(looked: Looked, path: Path) -> str:
    named = f"{looked.name or path.stem} {looked.version}".lower()
    if looked.platform.lower() not in named:
        named += f" {looked.platform.lower()}"
    words = re.sub(r"[^a-z0-9]+", "-", named).strip("-")[: _LONGEST_ID - 9].strip("-")
    return f"{words or 'artefact'}-{looked.contents[:8]}"


def is_same_version(stated: str, found: str) -> bool:
    """Whether a release's own version is the one stated; a platform may follow it.

    >>> [is_same_version("0.169.0", found) for found in ("0.169.0", "0.169.0-linux-x64", "0.169.1", "")]
    [True, True, False, True]
    """
    return not (stated and found) or found == stated or found.startswith(f"{stated}-")


def is_about_another(answers: ProductAnswers, version: str) -> bool:
    """Whether answers name versions of the product, and none of them is this one."""
    about = _VERSION.findall(answers.product.version)
    return bool(version and about) and version not in about


def _is_stale(looked: Looked, version: str, answers: ProductAnswers | None) -> bool:
    if not is_same_version(version, looked.version):
        return True
    return answers is not None and is_about_another(answers, version)


def _notes(parts: Sequence[Inspected], statements: Statements, version: str) -> list[str]:
    notes = [
        f"{part.artefact.file} is version {part.looked.version}, not {version}: nothing in it is judged"
        for part in parts
        if not is_same_version(version, part.looked.version)
    ]
    answers = statements.answers
    if answers is not None and is_about_another(answers, version):
        stated = shown_text(answers.product.version, _SHOWN)
        notes.append(f"the answers are about version {stated}, not {version}: nothing is judged")
    given = {part.looked.name for part in parts}
    missing = sorted({name for part in parts for name in part.looked.platform_packages} - given)
    if missing and not any(part.artefact.coverage.program_present for part in parts):
        notes.append(f"the program is in packages of their own that were not given: {', '.join(missing)}")
    return notes


def _notes_of_lists(parts: Sequence[Inspected], given: Given) -> Iterator[str]:
    for part in parts if given.listed else ():
        named = f"{part.looked.name} {part.looked.version}".strip() or "it"
        if part.is_listed is None:
            yield f"{part.artefact.file} was compared with no digest: no list names {named}"
        elif not part.is_listed:
            yield f"{part.artefact.file} is not the file that the list names as {named}: its digest differs"
