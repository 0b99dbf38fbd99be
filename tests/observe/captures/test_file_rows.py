"""Every row of the table of verdicts that looks at files, in both directions."""

from __future__ import annotations

import dataclasses
from typing import TYPE_CHECKING, Any

import pytest

from evalkit.observe.captures.events import FileEvent
from evalkit.observe.captures.local_paths import local_path
from tests.observe.captures.kestrel import capture_file, judged, manifest, only, verdicts

if TYPE_CHECKING:
    from evalkit.model.evaluation import EvaluationInputs
    from evalkit.observe.captures.capturing import CaptureFile
    from evalkit.observe.captures.events import FileOperation, Outcome

LISTED = {"documented_paths": ["~/.kestrel/sessions", "~/.kestrel/auth.json"]}
AUTH = "/home/somebody/.kestrel/auth.json"
CACHE = "/home/somebody/.cache/kestrel/index.db"
BEFORE = ("/home/somebody/.bashrc",)


def present(path: str, mode: int = 0o644, stamp: str = "10 1795162801", line: int = 1) -> FileEvent:
    """Return a file of a listing."""
    local = local_path(path)
    return FileEvent(line, "present", local.shown, mode, stamp, local.is_credential, local.is_private)


def call(  # noqa: PLR0913 - the parts of an event
    path: str,
    operation: FileOperation = "write",
    *,
    line: int = 1,
    mode: int | None = None,
    process: str | None = None,
    is_agent: bool = True,
    outcome: Outcome = "ok",
) -> FileEvent:
    """Return a call of a trace, by the traced program itself unless it is said otherwise."""
    local = local_path(path)
    return FileEvent(
        line,
        operation,
        local.shown,
        mode,
        is_credential=local.is_credential,
        is_private=local.is_private,
        process=process,
        is_agent=is_agent,
        outcome=outcome,
    )


def listing(*events: FileEvent) -> CaptureFile:
    """Return a listing of a home folder."""
    return capture_file(*events, kind="home-listing")


def before(*more: FileEvent) -> CaptureFile:
    """Return the listing from before the run."""
    return listing(*(present(path) for path in BEFORE), *more)


def trace(*events: FileEvent) -> CaptureFile:
    """Return a trace."""
    return capture_file(*events, kind="strace")


def with_level(inputs: EvaluationInputs, question: str, level: int) -> EvaluationInputs:
    """Return inputs in which a question has another level."""
    answers = inputs.answers["kestrel"]
    answer = answers.answers[question].model_copy(update={"value": level})
    changed = answers.model_copy(update={"answers": {**answers.answers, question: answer}})
    return dataclasses.replace(inputs, answers={"kestrel": changed})


def test_a_file_outside_the_listed_paths_contradicts_a_full_list(inputs: EvaluationInputs) -> None:
    found = judged(inputs, listing(present(CACHE, 0o600)), run=manifest(**LISTED), baselines=[before()])
    assert verdicts(found) == {("CAP-FILE-UNDOCUMENTED", "contradicts", "~/.cache/kestrel", ("LOC-01",))}


@pytest.mark.parametrize("level", [0, 1, 2])
def test_it_informs_where_the_answer_claims_no_full_list(inputs: EvaluationInputs, level: int) -> None:
    found = judged(with_level(inputs, "LOC-01", level), trace(call(CACHE)), run=manifest(**LISTED))
    assert only(found, "CAP-FILE-UNDOCUMENTED").relation == "informs"


def test_it_informs_where_nobody_copied_the_list(inputs: EvaluationInputs) -> None:
    found = judged(inputs, trace(call(CACHE)), run=manifest())
    assert only(found, "CAP-FILE-UNDOCUMENTED").relation == "informs"
    assert "documented_paths" in " ".join(found[0].limits)


def test_files_in_listed_folders_and_in_the_project_are_as_they_should_be(inputs: EvaluationInputs) -> None:
    events = (
        call("/home/somebody/.kestrel/sessions/2026/11/20/a.jsonl"),
        call("/srv/clients/acme/merger/src/main.py"),
    )
    run = manifest(**LISTED, project="/srv/clients/acme/merger")
    found = judged(inputs, trace(*events), run=run)
    assert verdicts(found) == set()
    assert "merger/src" not in found[0].capture.model_dump_json()


def test_the_folder_of_a_project_is_no_part_of_the_record(inputs: EvaluationInputs) -> None:
    run = manifest(project="/home/somebody/clients/acme/merger-of-two")
    (found,) = judged(inputs, trace(call(CACHE)), run=run)
    assert found.capture.run is not None
    assert (found.capture.run.project or "").startswith("~/clients/acme/#")


def test_a_star_in_a_listed_path_is_one_part(inputs: EvaluationInputs) -> None:
    run = manifest(documented_paths=["~/.kestrel/projects/*/notes"])
    inside = call("/home/somebody/.kestrel/projects/merger/notes/a.md")
    beside = call("/home/somebody/.kestrel/projects/merger/plans/a.md")
    assert verdicts(judged(inputs, trace(inside), run=run)) == set()
    assert only(judged(inputs, trace(beside), run=run), "CAP-FILE-UNDOCUMENTED").relation == "contradicts"


def test_a_file_that_was_there_before_is_not_new(inputs: EvaluationInputs) -> None:
    same = present(CACHE)
    found = judged(inputs, listing(same), run=manifest(**LISTED), baselines=[before(same)])
    assert verdicts(found) == set()
    changed = present(CACHE, stamp="11 1795162999")
    found = judged(inputs, listing(changed), run=manifest(**LISTED), baselines=[before(same)])
    assert only(found, "CAP-FILE-UNDOCUMENTED").relation == "contradicts"


@pytest.mark.parametrize(
    ("event", "relation"),
    [
        ({"is_agent": False, "process": "git"}, "informs"),
        ({"is_agent": False, "process": "kestrel"}, "contradicts"),
        ({"outcome": "unknown"}, "informs"),
    ],
    ids=["a program that the agent started", "the agent's own second process", "an unfinished call"],
)
def test_only_what_the_agent_surely_wrote_contradicts(
    inputs: EvaluationInputs, event: dict[str, Any], relation: str
) -> None:
    found = judged(inputs, trace(call(CACHE, **event)), run=manifest(**LISTED))
    assert only(found, "CAP-FILE-UNDOCUMENTED").relation == relation


def test_a_call_that_failed_wrote_nothing(inputs: EvaluationInputs) -> None:
    assert verdicts(judged(inputs, trace(call(CACHE, outcome="failed")), run=manifest(**LISTED))) == set()


def test_credentials_that_others_may_read_contradict_owner_only(inputs: EvaluationInputs) -> None:
    found = judged(inputs, listing(present(AUTH, 0o644)), run=manifest(**LISTED), baselines=[before()])
    seen = only(found, "CAP-FILE-MODE")
    assert (seen.relation, seen.questions, seen.value.text) == (
        "contradicts",
        ("LOC-04",),
        "~/.kestrel/auth.json",
    )


def test_credentials_of_the_owner_only_are_as_they_should_be(inputs: EvaluationInputs) -> None:
    found = judged(inputs, listing(present(AUTH, 0o600)), run=manifest(**LISTED), baselines=[before()])
    assert verdicts(found) == set()


def test_open_credentials_support_an_answer_that_admits_them(inputs: EvaluationInputs) -> None:
    admitted = with_level(inputs, "LOC-04", 0)
    found = judged(admitted, listing(present(AUTH)), run=manifest(**LISTED), baselines=[before()])
    assert only(found, "CAP-FILE-MODE").relation == "supports"


def test_the_mode_of_a_call_only_informs_since_the_umask_follows(inputs: EvaluationInputs) -> None:
    found = judged(inputs, trace(call(AUTH, mode=0o666)), run=manifest(**LISTED))
    assert only(found, "CAP-FILE-MODE").relation == "informs"


def test_without_a_listing_from_before_open_credentials_inform(inputs: EvaluationInputs) -> None:
    found = judged(inputs, listing(present(AUTH)), run=manifest(**LISTED))
    assert only(found, "CAP-FILE-MODE").relation == "informs"


def test_open_credentials_on_a_shared_machine_inform(inputs: EvaluationInputs) -> None:
    run = manifest(**LISTED, isolated_host=False)
    found = judged(inputs, listing(present(AUTH)), run=run, baselines=[before()])
    assert only(found, "CAP-FILE-MODE").relation == "informs"


def test_reading_where_keys_lie_informs_by_program(inputs: EvaluationInputs) -> None:
    events = (
        call("/home/somebody/.ssh/id_ed25519", "read"),
        call("/home/somebody/.aws/credentials", "read", process="aws", is_agent=False),
        call("/home/somebody/.bashrc", "read"),
    )
    found = judged(inputs, trace(*events), run=manifest())
    reads = {each for each in verdicts(found) if each[0] == "CAP-FILE-SENSITIVE-READ"}
    assert {(each[1], each[3]) for each in reads} == {("informs", ("APR-05", "ZTA-02"))}
    assert {each[2] for each in reads} == {"~/.ssh/id_ed25519", "~/.aws/credentials"}
    assert "by aws" in only(found, "CAP-FILE-SENSITIVE-READ", "~/.aws/credentials").told


def test_files_left_after_the_erasure_contradict_a_complete_one(inputs: EvaluationInputs) -> None:
    run = manifest(documented_paths=["~/.kestrel"], scenario=["task", "purge: kestrel purge --all"])
    left = listing(present("/home/somebody/.kestrel/sessions/a.jsonl"))
    found = judged(inputs, left, run=run, baselines=[before()])
    assert verdicts(found) == {("CAP-FILE-REMAINS", "contradicts", "~/.kestrel/sessions", ("LOC-09",))}


def test_files_left_without_an_erasure_say_nothing(inputs: EvaluationInputs) -> None:
    left = listing(present("/home/somebody/.kestrel/sessions/a.jsonl"))
    found = judged(inputs, left, run=manifest(documented_paths=["~/.kestrel"]), baselines=[before()])
    assert verdicts(found) == set()


def test_files_left_inform_where_the_answer_claims_less(inputs: EvaluationInputs) -> None:
    run = manifest(documented_paths=["~/.kestrel"], scenario=["task", "purge"])
    left = listing(present("/home/somebody/.kestrel/sessions/a.jsonl"))
    found = judged(with_level(inputs, "LOC-09", 2), left, run=run, baselines=[before()])
    assert only(found, "CAP-FILE-REMAINS").relation == "informs"


def test_programs_started_inform(inputs: EvaluationInputs) -> None:
    found = judged(inputs, trace(call("/usr/bin/git", "execute", process="git")), run=manifest())
    assert verdicts(found) == {("CAP-EXEC", "informs", "/usr/bin/git", ("APR-01", "ZTA-03"))}


def test_files_without_a_manifest_only_inform(inputs: EvaluationInputs) -> None:
    found = judged(inputs, trace(call(CACHE), call(AUTH, mode=0o666)), run=None)
    assert {each.relation for each in found[0].observations} == {"informs"}


def test_more_than_500_observations_of_a_rule_are_counted_only(inputs: EvaluationInputs) -> None:
    events = [call(f"/opt/{number}/x", line=number) for number in range(1, 503)]
    found = judged(inputs, trace(*events), run=manifest())
    assert len(found[0].observations) == 500
    assert any("2 more observations of CAP-FILE-UNDOCUMENTED" in limit for limit in found[0].limits)
