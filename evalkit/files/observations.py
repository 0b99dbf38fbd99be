"""``observations/<product>.<subject>.jsonl``: what was seen, one record per line, read and written.

The first line is the subject, an artefact or a capture; each other line is an observation of it. Files come
from other machines and from people's editors, so reading trusts nothing; what is written holds no secret.
"""

from __future__ import annotations

import hashlib
import json
import os
import re
from contextlib import contextmanager
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any, Final, NoReturn

from filelock import FileLock, Timeout

from evalkit.errors import EvalkitError, InvalidInputError, Problem
from evalkit.files.document import Document, harmless
from evalkit.files.reading import decode, read_bytes
from evalkit.files.translate import validate
from evalkit.model.observation import MAY_CONTRADICT, Artefact, Capture, Observation
from evalkit.model.secret_shapes import masked, secret_shape_of
from evalkit.writing import write_text

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Sequence
    from pathlib import Path

    from evalkit.files.document import Place
    from evalkit.files.workspace import Workspace

FOLDER: Final = "observations"

OBSERVATION_RULES: Final[dict[str, str]] = {
    "O001": "Each line of a file of observations is one JSON object.",
    "O002": "The first record is an artefact or a capture, and every other one an observation.",
    "O003": "An observation is about the subject and the product of its file.",
    "O004": "An observation stands once in its file.",
    "O005": "The file of observations is named <product>.<subject>.jsonl, after the subject in it.",
    "O006": "Only what was configured or observed contradicts, as its type of claim asks.",
    "O007": "A review says who decided, when and why; one that is new says nothing.",
    "O008": "No record holds a secret.",
}
"""What files of observations have to keep, by rule id."""

_NAME: Final = re.compile(
    r"(?P<product>[a-z0-9][a-z0-9-]{0,63})\.(?P<subject>[a-z0-9][a-z0-9-]{0,63})\.jsonl"
)
_PATIENCE_SECONDS: Final = 10
_LONGEST_LINE: Final = 200_000
_MOST_RECORDS: Final = 50_000
_MOST_PROBLEMS: Final = 50
_DIGESTS: Final = frozenset({"sha256", "sha256_12", "baseline", "id"})
"""Keys whose values are digests and no keys of anybody's."""


@dataclass(frozen=True, slots=True)
class ObservationFile:
    """One file of observations.

    Attributes
    ----------
    name : str
        Of the file in messages and hashes.
    sha256 : str
        Hexadecimal digest of the file's bytes.
    """

    name: str
    subject: Artefact | Capture
    observations: tuple[Observation, ...]
    sha256: str


def observation_files(workspace: Workspace) -> tuple[Path, ...]:
    """Return an evaluation's files of observations, by name; those whose name is another are problems.

    Raises
    ------
    InvalidInputError
        If a file is named otherwise, or is a link that leads out of the evaluation.
    """
    found = sorted(
        path for path in (workspace.evaluation / FOLDER).glob("*.jsonl") if not path.name.startswith(".")
    )
    problems = [problem for path in found for problem in workspace.leading_out(path)]
    problems += [_misnamed(workspace.name(path)) for path in found if not _NAME.fullmatch(path.name)]
    if problems:
        raise InvalidInputError(problems)
    return tuple(found)


def read_observations(path: Path, name: str | None = None) -> ObservationFile:
    """Return what a file of observations holds.

    Parameters
    ----------
    name
        Of the file in messages and hashes; the path as given by default.

    Raises
    ------
    InvalidInputError
        If it cannot be read, or breaks a rule of its format.
    """
    label = path.as_posix() if name is None else name
    return observations_of(read_bytes(path, label), path, label)


def observations_of(raw: bytes, path: Path, name: str) -> ObservationFile:
    """Return what the bytes of a file of observations hold; raises as :func:`read_observations`."""
    problems: list[Problem] = []
    subject: Artefact | Capture | None = None
    seen: dict[str, int] = {}
    observations: list[Observation] = []
    for document in _lines(decode(raw, name), path, name):
        if isinstance(document, Problem):
            problems.append(document)
        elif subject is None:
            subject = _subject(document, problems)
        elif observation := _observation(document, subject, seen, problems):
            observations.append(observation)
        if len(problems) >= _MOST_PROBLEMS or (problems and subject is None):
            break
    if subject is None and not problems:
        problems.append(Problem(name, 0, "O002", "", "the file is empty; its first record is the subject"))
    if subject is not None and path.name != file_name(subject):
        problems.append(_misnamed(name, file_name(subject)))
    if problems or subject is None:
        raise InvalidInputError(problems)
    return ObservationFile(name, subject, tuple(observations), hashlib.sha256(raw).hexdigest())


def file_name(subject: Artefact | Capture) -> str:
    """Return the name of the file that a subject's observations go to."""
    return f"{subject.product}.{subject.id}.jsonl"


def text_of(subject: Artefact | Capture, observations: Iterable[Observation]) -> str:
    """Return records as the file holds them: records and keys sorted, ASCII, every secret masked."""
    ordered = sorted(observations, key=lambda observation: (observation.rule.id, observation.id))
    return "".join(f"{record_line(record)}\n" for record in (subject, *ordered))


def record_line(record: Artefact | Capture | Observation) -> str:
    """Return one record as a line of JSON without its end, masked."""
    data = _without_secrets(record.model_dump(mode="json", by_alias=True, exclude_none=True))
    return json.dumps(data, sort_keys=True, ensure_ascii=True, separators=(",", ":"), allow_nan=False)


def write_observations(
    evaluation: Path, subject: Artefact | Capture, observations: Sequence[Observation]
) -> Path:
    """Write what was seen into an evaluation, and return the file.

    What a reviewer decided on an observation of the same id stays; an observation that is seen no more goes
    with its review, which version control keeps.

    Raises
    ------
    InvalidInputError
        If the file is there and cannot be read: it is not written over.
    EvalkitError
        If the folder is a link out of the evaluation, or the file cannot be written.
    """
    folder = evaluation / FOLDER
    path = folder / file_name(subject)
    for place in (folder, path):
        if not os.path.realpath(place).startswith(os.path.realpath(evaluation) + os.sep):
            raise EvalkitError(f"{place}: the link leads out of the evaluation's folder; nothing is written")
    try:
        folder.mkdir(exist_ok=True)
    except OSError as error:
        raise EvalkitError(f"{folder}: cannot be made: {error.strerror or error}") from error
    with locked_observations(path):
        if os.path.lexists(path):
            observations = reviewed_as_before(observations, read_observations(path).observations)
        write_text(path, text_of(subject, observations))
    return path


@contextmanager
def locked_observations(path: Path) -> Iterator[None]:
    """Keep others from changing a file of observations meanwhile.

    Raises
    ------
    EvalkitError
        If another process does not let go of it, or the folder cannot be written.
    """
    lock = FileLock(path.with_name(f".{path.stem}.lock"), _PATIENCE_SECONDS, 0o664)
    try:
        lock.acquire()
    except Timeout as error:
        raise EvalkitError(f"{path} is being changed by another process; try again") from error
    except OSError as error:
        raise EvalkitError(f"{path.parent} cannot be written: {error.strerror or error}") from error
    try:
        yield
    finally:
        lock.release()


def reviewed_as_before(
    observations: Iterable[Observation], before: Iterable[Observation]
) -> tuple[Observation, ...]:
    """Return observations with the reviews that those of the same id had."""
    reviews = {observation.id: observation.review for observation in before}
    return tuple(
        observation.model_copy(update={"review": reviews[observation.id]})
        if observation.id in reviews
        else observation
        for observation in observations
    )


def _lines(text: str, path: Path, name: str) -> Iterator[Document | Problem]:
    for number, line in enumerate(text.split("\n"), start=1):
        if not line.strip():
            continue
        if number > _MOST_RECORDS:
            yield Problem(name, number, "O001", "", f"more than {_MOST_RECORDS} records are not read")
            return
        data = _parsed(line, name, number)
        yield data if isinstance(data, Problem) else Document(path, name, data, "", _placed(data, number))


def _parsed(line: str, name: str, number: int) -> dict[str, Any] | Problem:
    if len(line) > _LONGEST_LINE:
        message = f"the line has {len(line)} characters; at most {_LONGEST_LINE} are read"
        return Problem(name, number, "O001", "", message)
    try:
        data = json.loads(line, object_pairs_hook=_once, parse_constant=_no_number)
    except (ValueError, RecursionError) as error:
        reason = "it is nested too deep" if isinstance(error, RecursionError) else harmless(str(error), 200)
        return Problem(name, number, "O001", "", f"the line is no JSON: {reason}")
    if not isinstance(data, dict):
        return Problem(name, number, "O001", "", "the line is JSON, but no object")
    return data


def _placed(data: Any, line: int) -> Place:  # noqa: ANN401 - any JSON value
    """Return the places of everything in a record, which are all in its line."""
    match data:
        case dict():
            return line, {key: _placed(item, line) for key, item in data.items()}, ""
        case list():
            return line, {at: _placed(item, line) for at, item in enumerate(data)}, ""
        case _:
            return line, None, ""


def _once(pairs: list[tuple[str, Any]]) -> dict[str, Any]:
    data = dict(pairs)
    if len(data) != len(pairs):
        raise ValueError("a key stands twice in one object")
    return data


def _no_number(word: str) -> NoReturn:
    raise ValueError(f"{word} is no number")


def _subject(document: Document, problems: list[Problem]) -> Artefact | Capture | None:
    kind = document.data.get("record")
    if kind not in ("artefact", "capture"):
        message = f"the first record is {harmless(str(kind))!r}; artefact or capture is expected"
        problems.append(document.problem("O002", ("record",), message))
        return None
    model: type[Artefact | Capture] = Artefact if kind == "artefact" else Capture
    found = validate(document, model)
    problems += found if isinstance(found, list) else ()
    problems += _secrets(document)
    return None if isinstance(found, list) else found


def _observation(
    document: Document, subject: Artefact | Capture, seen: dict[str, int], problems: list[Problem]
) -> Observation | None:
    if (kind := document.data.get("record")) != "observation":
        message = f"a record after the first is {harmless(str(kind))!r}; observation is expected"
        problems.append(document.problem("O002", ("record",), message))
        return None
    found = validate(document, Observation)
    problems += found if isinstance(found, list) else _broken(document, found, subject, seen)
    problems += _secrets(document)
    return None if isinstance(found, list) else found


def _broken(
    document: Document, observation: Observation, subject: Artefact | Capture, seen: dict[str, int]
) -> Iterator[Problem]:
    if (observation.subject, observation.product) != (subject.id, subject.product):
        message = (
            f"the observation is about {observation.product}, {observation.subject}; the file's subject is"
            f" {subject.product}, {subject.id}"
        )
        yield document.problem("O003", ("subject",), message)
    line = document.places[0]
    if (first := seen.setdefault(observation.id, line)) != line:
        message = f"the observation {observation.id} stands in line {first} already"
        yield document.problem("O004", ("id",), message)
    if observation.relation == "contradicts" and not may_contradict(observation):
        tested = observation.claim.type if observation.claim else "no claim"
        message = f"{observation.strength} cannot contradict {tested}"
        yield document.problem("O006", ("relation",), message)
    review = observation.review
    said = (review.by, review.on, review.reason)
    if (review.state == "new") != (said == (None, None, None)) or (review.state != "new" and not all(said)):
        message = f"the review is {review.state}, with by, on and reason {'none' if not any(said) else said}"
        yield document.problem("O007", ("review",), message)


def may_contradict(observation: Observation) -> bool:
    """Whether an observation is strong enough to contradict a claim of the type that it tests."""
    claim = observation.claim
    return claim is not None and observation.strength in MAY_CONTRADICT[claim.type]


def _secrets(document: Document) -> Iterator[Problem]:
    for key, text in _texts(document.data, ""):
        if key not in _DIGESTS and (shape := secret_shape_of(text)):
            hint = "take it out of the file, and change it where it is valid"
            yield document.problem("O008", (key,), f"{key} holds what looks like a secret: {shape}", hint)
            return


def _texts(data: Any, key: str) -> Iterator[tuple[str, str]]:  # noqa: ANN401 - any JSON value
    match data:
        case str():
            yield key, data
        case list():
            for item in data:
                yield from _texts(item, key)
        case dict():
            for name, item in data.items():
                yield key, name
                yield from _texts(item, name)


def _without_secrets(data: Any, key: str = "") -> Any:  # noqa: ANN401 - any JSON value
    match data:
        case str():
            return data if key in _DIGESTS else masked(data)
        case list():
            return [_without_secrets(item, key) for item in data]
        case dict():
            return {masked(name): _without_secrets(item, name) for name, item in data.items()}
        case _:
            return data


def _misnamed(name: str, wanted: str = "<product>.<subject>.jsonl") -> Problem:
    return Problem(name, 0, "O005", "", f"the file is named otherwise than {wanted}")
