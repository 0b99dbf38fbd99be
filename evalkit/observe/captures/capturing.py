"""Files of one run -> a capture record with its observations for each."""

from __future__ import annotations

import hashlib
import re
from dataclasses import dataclass
from datetime import UTC, date, datetime
from typing import TYPE_CHECKING, Final

from evalkit.errors import EvalkitError
from evalkit.model.observation import Capture
from evalkit.observe.captures.declared import declarations
from evalkit.observe.captures.findings import Setting
from evalkit.observe.captures.formats import open_ordinary
from evalkit.observe.captures.host_names import is_own_network
from evalkit.observe.captures.judging import RULES, judge
from evalkit.observe.captures.limits_told import limits_told
from evalkit.observe.captures.local_paths import local_path
from evalkit.observe.captures.reading_apart import read_apart
from evalkit.observe.captures.run_manifest import check_run
from evalkit.observe.captures.seen import hosts_seen
from evalkit.observe.secrets import shown_text

if TYPE_CHECKING:
    from collections.abc import Sequence
    from pathlib import Path

    from evalkit.model.evaluation import EvaluationInputs
    from evalkit.model.observation import CaptureKind, CaptureRun, Observation
    from evalkit.observe.captures.events import FileEvent, Reading
    from evalkit.observe.captures.run_manifest import RunManifest

_CHUNK: Final = 1 << 20
_NAME: Final = 200
_LISTING: Final[CaptureKind] = "home-listing"


@dataclass(frozen=True, slots=True)
class Captured:
    """One file of a run, and what it says.

    Attributes
    ----------
    limits : tuple of str
        What it cannot show, in plain words.
    """

    capture: Capture
    observations: tuple[Observation, ...]
    limits: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class CaptureFile:
    """One file as read."""

    path: Path
    sha256: str
    size: int
    reading: Reading


def read_capture(path: Path) -> CaptureFile:
    """Return one file as read; raises ``EvalkitError`` if it is no capture that is read."""
    digest = hashlib.sha256()
    size = 0
    try:
        with open_ordinary(path) as file:
            while chunk := file.read(_CHUNK):
                digest.update(chunk)
                size += len(chunk)
    except OSError as error:
        raise EvalkitError(f"{path}: it cannot be read: {error.strerror or error}") from error
    except EvalkitError as error:
        raise EvalkitError(f"{path}: {error}") from None
    return CaptureFile(path, digest.hexdigest(), size, read_apart(path))


def capture_run(  # noqa: PLR0913 - what a run is made of
    files: Sequence[CaptureFile],
    *,
    manifest: RunManifest | None,
    product: str,
    baselines: Sequence[CaptureFile] = (),
    inputs: EvaluationInputs | None = None,
    on: date | None = None,
) -> tuple[Captured, ...]:
    """Return what the files of one run say, in the order given.

    Parameters
    ----------
    manifest
        How the run was done; without it, nothing is held for or against an answer.
    product
        Whose capture it is.
    baselines
        Captures of the same machine without the agent, and home listings from before the run.
    inputs
        The evaluation with the answers; without it, nothing is held for or against an answer either.
    on
        When it was observed; by default the day of the run, else that of the first event.

    Raises
    ------
    EvalkitError
        If the manifest names another baseline, or the day cannot be told.
    InvalidInputError
        If the manifest does not fit the answers.
    """
    if manifest and inputs:
        check_run(manifest, inputs.answers)
    idle = [file for file in baselines if file.reading.kind != _LISTING]
    before = [file for file in baselines if file.reading.kind == _LISTING]
    _check_baseline(manifest, idle)
    seen_idle = {event.host for file in idle for event in file.reading.network}
    answers = inputs.answers.get(product) if inputs else None
    controls = inputs.controls.get(product) if inputs else None
    declared = declarations(answers, controls, manifest.run if manifest else None) if answers else None
    known = frozenset(each.id for each in inputs.questionnaire.questions) if inputs else None
    everywhere = frozenset(event.host for file in files for event in file.reading.network)
    found = []
    for file in files:
        network = [event for event in file.reading.network if not is_own_network(event.host)]
        setting = Setting(
            reading=file.reading,
            manifest=manifest,
            declared=declared,
            hosts=hosts_seen(network, seen_idle),
            everywhere=everywhere,
            new_files=_new_files(file.reading, before),
            has_idle=bool(idle),
        )
        capture = _record(file, manifest, product, _day(file, manifest, on))
        judged = judge(capture, setting, known)
        told = limits_told(setting, judged, own_network=len(file.reading.network) - len(network))
        found.append(Captured(capture, judged.observations, told))
    return tuple(found)


def _check_baseline(manifest: RunManifest | None, idle: Sequence[CaptureFile]) -> None:
    wanted = manifest.run.baseline if manifest else None
    if wanted and idle and all(file.sha256 != wanted for file in idle):
        given = ", ".join(f"{file.path} is {file.sha256[:12]}…" for file in idle)
        raise EvalkitError(f"the run manifest names the baseline {wanted[:12]}…, but {given}")


def _new_files(reading: Reading, before: Sequence[CaptureFile]) -> tuple[FileEvent, ...] | None:
    """Return the files of a listing that were not there before, or were others; None without one."""
    if reading.kind != _LISTING or not before:
        return None
    old = {(event.path, event.mode, event.stamp) for file in before for event in file.reading.files}
    return tuple(event for event in reading.files if (event.path, event.mode, event.stamp) not in old)


def _record(file: CaptureFile, manifest: RunManifest | None, product: str, on: date) -> Capture:
    run = manifest.run if manifest else None
    key = f"{file.sha256} {run.model_dump_json() if run else ''}"
    digest = hashlib.sha256(key.encode()).hexdigest()[:12]
    return Capture(
        record="capture",
        id=f"{file.reading.kind}-{digest}",
        product=product,
        kind=file.reading.kind,
        file=shown_text(file.path.name, _NAME),
        sha256=file.sha256,
        bytes=file.size,
        rows=file.reading.rows,
        run=_without_project(run) if run else None,
        limits_hit=file.reading.limits_hit,
        rules=RULES,
        observed_on=on,
    )


def _without_project(run: CaptureRun) -> CaptureRun:
    """Return a run as its record may hold it: a project's folder tells of people and customers."""
    project = run.project and local_path(run.project).shown
    return run.model_copy(update={"project": project})


def _day(file: CaptureFile, manifest: RunManifest | None, on: date | None) -> date:
    if on is not None:
        return on
    moments = [event.at for event in file.reading.network if event.at is not None]
    moment = manifest.started if manifest else min(moments, default=None)
    if moment is None:
        raise EvalkitError(f"{file.path}: it does not tell its day; say --on YYYY-MM-DD")
    return datetime.fromtimestamp(moment, UTC).date()


def check_product(product: str) -> str:
    """Return the id of a product; raises ``EvalkitError`` if it is none."""
    if re.fullmatch(r"[a-z0-9][a-z0-9-]{0,63}", product) is None:
        raise EvalkitError(f"--product {product!r} is no id: lower-case letters, digits and hyphens")
    return product
