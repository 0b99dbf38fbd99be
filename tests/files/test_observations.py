"""Files of what was observed: written the same each time, and read as if somebody wanted to deceive."""

from __future__ import annotations

import json
from typing import TYPE_CHECKING, Any

import pytest

from evalkit.errors import EvalkitError, InvalidInputError
from evalkit.files.observations import (
    OBSERVATION_RULES,
    file_name,
    observation_files,
    observations_of,
    read_observations,
    record_line,
    text_of,
    write_observations,
)
from evalkit.files.workspace import Workspace
from evalkit.model.observation import Artefact, Observation

if TYPE_CHECKING:
    from pathlib import Path

SUBJECT: dict[str, Any] = {
    "record": "artefact",
    "id": "agent-1-0-0",
    "product": "acme",
    "kind": "npm",
    "file": "agent.tgz",
    "sha256": "a" * 64,
    "bytes": 10,
    "files": 1,
    "source_public": True,
    "coverage": {
        "bytes_total": 10,
        "bytes_scanned": 10,
        "bytes_opaque": 0,
        "members": 1,
        "program_present": True,
        "level": "full",
    },
    "rules": "1.0.0",
    "observed_on": "2026-11-22",
}
SEEN: dict[str, Any] = {
    "record": "observation",
    "id": "0123456789abcdef",
    "rule": {"id": "NET-INGEST", "version": 1},
    "product": "acme",
    "subject": "agent-1-0-0",
    "questions": ["NET-01"],
    "relation": "informs",
    "strength": "present",
    "value": {"kind": "host", "text": "api.segment.io"},
    "told": "The program names it.",
}
NAME = "acme.agent-1-0-0.jsonl"


def lines(*records: Any) -> bytes:  # noqa: ANN401 - records, good and bad
    return "".join(f"{each if isinstance(each, str) else json.dumps(each)}\n" for each in records).encode()


def problems_of(path: Path, *records: Any) -> list[tuple[str, int]]:  # noqa: ANN401 - as above
    path.write_bytes(lines(*records))
    with pytest.raises(InvalidInputError) as caught:
        read_observations(path)
    assert all(problem.file == path.as_posix() for problem in caught.value.problems)
    return [(problem.code, problem.line) for problem in caught.value.problems]


def subject() -> Artefact:
    return Artefact.model_validate(SUBJECT)


def seen(**changes: Any) -> Observation:  # noqa: ANN401 - fields of a record
    return Observation.model_validate({**SEEN, **changes})


def test_what_is_written_is_read_back(tmp_path: Path) -> None:
    (tmp_path / "evaluation.yaml").touch()
    path = write_observations(tmp_path, subject(), [seen(), seen(id="1" * 16)])
    assert path == tmp_path / "observations" / NAME
    found = read_observations(path)
    assert found.subject == subject()
    assert found.observations == (seen(), seen(id="1" * 16))


def test_records_are_written_in_one_order_and_one_form() -> None:
    text = text_of(subject(), [seen(id="2" * 16), seen(id="1" * 16)])
    assert text == text_of(subject(), [seen(id="1" * 16), seen(id="2" * 16)])
    assert [json.loads(line)["id"][0] for line in text.splitlines()] == ["a", "1", "2"]
    assert text.isascii()
    assert record_line(seen(told="\u202e\x1b é")).isascii()


def test_a_review_stays_when_an_artefact_is_inspected_again(tmp_path: Path) -> None:
    review = {"state": "rejected", "by": "R. Viewer", "on": "2026-11-23", "reason": "a sample"}
    write_observations(tmp_path, subject(), [seen(review=review)])
    path = write_observations(tmp_path, subject(), [seen(), seen(id="1" * 16)])
    states = {each.id: each.review.state for each in read_observations(path).observations}
    assert states == {"0123456789abcdef": "rejected", "1" * 16: "new"}


def test_a_file_that_cannot_be_read_is_not_written_over(tmp_path: Path) -> None:
    (tmp_path / "observations").mkdir()
    (tmp_path / "observations" / NAME).write_text("nonsense\n", encoding="utf-8")
    with pytest.raises(InvalidInputError):
        write_observations(tmp_path, subject(), [seen()])
    assert (tmp_path / "observations" / NAME).read_text(encoding="utf-8") == "nonsense\n"


@pytest.mark.parametrize("what", ["folder", "file"])
def test_nothing_is_written_through_a_link_out_of_the_evaluation(tmp_path: Path, what: str) -> None:
    outside, evaluation = tmp_path / "outside", tmp_path / "evaluation"
    outside.mkdir()
    evaluation.mkdir()
    if what == "folder":
        (evaluation / "observations").symlink_to(outside, target_is_directory=True)
    else:
        (evaluation / "observations").mkdir()
        (evaluation / "observations" / NAME).symlink_to(outside / NAME)
    with pytest.raises(EvalkitError, match="leads out of the evaluation's folder"):
        write_observations(evaluation, subject(), [seen()])
    assert list(outside.iterdir()) == []


def test_no_secret_is_written(tmp_path: Path) -> None:
    key = "phc_" + "a8Kd03mfLq7Zx1Vb5Nc9Rt2Wy4Ue6Io0"
    found = seen(
        told=f"It holds {key}.",
        value={"kind": "literal", "text": key},
        locators=[{"member": "home/x/https://joe:hunter2@a.example"}],
    )
    text = write_observations(tmp_path, subject(), [found]).read_text(encoding="ascii")
    assert key not in text
    assert "hunter2" not in text
    assert "a" * 64 in text  # the digest of the artefact is none


CLAIM = {"answer": "answers/acme.yaml VER-05", "literal": "x", "type": "existence"}
BAD: dict[str, tuple[list[Any], list[tuple[str, int]]]] = {
    "nothing": ([], [("O002", 0)]),
    "no JSON": ([SUBJECT, "{"], [("O001", 2)]),
    "a list": ([SUBJECT, "[]"], [("O001", 2)]),
    "a key twice": ([SUBJECT, '{"record": "observation", "record": "observation"}'], [("O001", 2)]),
    "no number": ([SUBJECT, '{"record": NaN}'], [("O001", 2)]),
    "nested without end": ([SUBJECT, '{"a":' + "[" * 90_000], [("O001", 2)]),
    "a line without end": ([SUBJECT, json.dumps({"a": "x" * 300_000})], [("O001", 2)]),
    "an observation first": ([SEEN], [("O002", 1)]),
    "two subjects": ([SUBJECT, SUBJECT], [("O002", 2)]),
    "another subject": ([SUBJECT, {**SEEN, "subject": "other"}], [("O003", 2)]),
    "another product": ([SUBJECT, {**SEEN, "product": "other"}], [("O003", 2)]),
    "one twice": ([SUBJECT, SEEN, SEEN], [("O004", 3)]),
    "another name": ([{**SUBJECT, "id": "other"}], [("O005", 0)]),
    "a weak contradiction": ([SUBJECT, {**SEEN, "relation": "contradicts", "claim": CLAIM}], [("O006", 2)]),
    "a contradiction of nothing": (
        [SUBJECT, {**SEEN, "relation": "contradicts", "strength": "configured"}],
        [("O006", 2)],
    ),
    "a review by nobody": ([SUBJECT, {**SEEN, "review": {"state": "accepted"}}], [("O007", 2)]),
    "a new review by somebody": ([SUBJECT, {**SEEN, "review": {"state": "new", "by": "x"}}], [("O007", 2)]),
    "a secret": ([SUBJECT, {**SEEN, "told": "https://joe:hunter2@a.example"}], [("O008", 2)]),
    "a word of no list": ([SUBJECT, {**SEEN, "strength": "certain"}], [("S004", 2)]),
    "a key too many": ([SUBJECT, {**SEEN, "script": "x"}], [("S002", 2)]),
    "a key too few": ([{key: value for key, value in SUBJECT.items() if key != "sha256"}], [("S001", 1)]),
}


@pytest.mark.parametrize(("records", "expected"), BAD.values(), ids=BAD)
def test_each_broken_rule_is_named_with_its_line(
    tmp_path: Path, records: list[Any], expected: list[tuple[str, int]]
) -> None:
    assert problems_of(tmp_path / NAME, *records) == expected


def test_every_rule_of_the_format_has_a_file_that_breaks_it() -> None:
    assert {code for _, expected in BAD.values() for code, _ in expected} >= set(OBSERVATION_RULES)


def test_problems_of_many_lines_come_together_and_end(tmp_path: Path) -> None:
    found = problems_of(tmp_path / NAME, SUBJECT, *["{"] * 200)
    assert len(found) == 50


def test_a_file_that_is_named_otherwise_is_a_problem(tmp_path: Path) -> None:
    (tmp_path / "evaluation.yaml").touch()
    folder = tmp_path / "observations"
    folder.mkdir()
    (folder / ".acme.x.jsonl").touch()
    assert observation_files(Workspace.of(tmp_path)) == ()
    (folder / "Acme.jsonl").touch()
    with pytest.raises(InvalidInputError, match="O005"):
        observation_files(Workspace.of(tmp_path))


def test_bytes_need_no_file(tmp_path: Path) -> None:
    found = observations_of(lines(SUBJECT, SEEN), tmp_path / NAME, "x")
    assert found.name == "x"
    assert file_name(found.subject) == NAME
