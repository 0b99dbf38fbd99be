"""Every row of the table of verdicts that looks at hosts, in both directions."""

from __future__ import annotations

import dataclasses
import re
from typing import TYPE_CHECKING, Any

import pytest

from evalkit.observe.captures import file_rows, host_rows
from tests.observe.captures.kestrel import (
    BEDROCK,
    capture_file,
    contact,
    judged,
    manifest,
    only,
    verdicts,
)

if TYPE_CHECKING:
    from evalkit.model.evaluation import EvaluationInputs

BEACON = "beacon.kestrel.example"
TELEMETRY = "us.i.posthog.com"
SHORT = {"scenario": ["task"]}
"""A scenario after which nothing is said of hosts that were not seen."""


def with_endpoint(inputs: EvaluationInputs, host: str, **changes: object) -> EvaluationInputs:
    """Return inputs in which one endpoint of kestrel is another."""
    control = inputs.controls["kestrel"]
    endpoints = tuple(
        each.model_copy(update=changes) if each.hosts == (host,) else each for each in control.endpoints
    )
    changed = control.model_copy(update={"endpoints": endpoints})
    return dataclasses.replace(inputs, controls={"kestrel": changed})


def with_hosts(inputs: EvaluationInputs, **lists: object) -> EvaluationInputs:
    """Return inputs in which kestrel's general list of hosts is another."""
    answers = inputs.answers["kestrel"]
    answer = answers.answers["NET-01"]
    value = answer.value.model_copy(update=lists)  # type: ignore[union-attr]
    changed = answers.model_copy(
        update={"answers": {**answers.answers, "NET-01": answer.model_copy(update={"value": value})}}
    )
    return dataclasses.replace(inputs, answers={"kestrel": changed})


def test_a_host_declared_for_the_route_supports_the_list(inputs: EvaluationInputs) -> None:
    found = judged(inputs, capture_file(contact("api.kestrel.example")), run=manifest(**SHORT))
    assert verdicts(found) == {("CAP-HOST-DECLARED", "supports", "api.kestrel.example", ("NET-01",))}
    assert only(found, "CAP-HOST-DECLARED").deployments == ("direct",)


def test_a_host_declared_by_a_pattern_for_a_domain_supports_less(inputs: EvaluationInputs) -> None:
    found = judged(inputs, capture_file(contact("a.assets.kestrel.example")), run=manifest(**SHORT))
    seen = only(found, "CAP-HOST-DECLARED")
    assert (seen.relation, len(seen.caveats)) == ("supports", 1)
    bare = judged(inputs, capture_file(contact("assets.kestrel.example")), run=manifest(**SHORT))
    assert only(bare, "CAP-HOST-UNDECLARED").relation == "contradicts"


def test_a_host_declared_for_other_routes_only_contradicts(inputs: EvaluationInputs) -> None:
    found = judged(inputs, capture_file(contact("api.kestrel.example")), run=manifest(**BEDROCK, **SHORT))
    assert verdicts(found) == {("CAP-ROUTE-LEAK", "contradicts", "api.kestrel.example", ("RTE-03",))}


@pytest.mark.parametrize(
    "run",
    [{"isolated_host": False, "processes": []}, {"isolated_host": False, "processes": ["kestrel"]}],
    ids=["shared machine", "another process"],
)
def test_a_leak_that_is_not_laid_to_the_agent_informs(inputs: EvaluationInputs, run: dict[str, Any]) -> None:
    event = contact("api.kestrel.example", process="curl" if run["processes"] else None)
    found = judged(inputs, capture_file(event), run=manifest(**BEDROCK, **SHORT, **run))
    assert only(found, "CAP-ROUTE-LEAK").relation == "informs"


def test_a_process_of_the_agent_lays_a_leak_to_it_on_a_shared_machine(inputs: EvaluationInputs) -> None:
    event = contact("api.kestrel.example", process="kestrel")
    found = judged(inputs, capture_file(event), run=manifest(**BEDROCK, **SHORT, isolated_host=False))
    assert only(found, "CAP-ROUTE-LEAK").relation == "contradicts"


def test_processes_that_the_manifest_does_not_name_lay_nothing_to_the_agent(inputs: EvaluationInputs) -> None:
    event = contact("api.kestrel.example", process="node")
    found = judged(inputs, capture_file(event), run=manifest(**BEDROCK, **SHORT, processes=[]))
    assert only(found, "CAP-ROUTE-LEAK").relation == "informs"
    assert any("names processes" in limit for limit in found[0].limits)


def test_a_shared_host_is_never_held_against_the_product(inputs: EvaluationInputs) -> None:
    shared = with_endpoint(inputs, "api.kestrel.example", shared_host=True)
    found = judged(shared, capture_file(contact("api.kestrel.example")), run=manifest(**BEDROCK, **SHORT))
    assert only(found, "CAP-ROUTE-LEAK").relation == "informs"


def test_a_host_that_a_control_silences_contradicts_after_the_first_minute(inputs: EvaluationInputs) -> None:
    run = manifest(**SHORT, switches=["KE-TEL-01"])
    found = judged(inputs, capture_file(contact(TELEMETRY, at=61)), run=run)
    assert verdicts(found) == {
        ("CAP-HOST-DECLARED", "supports", TELEMETRY, ("NET-01",)),
        ("CAP-SWITCH-IGNORED", "contradicts", TELEMETRY, ("NET-05",)),
    }


@pytest.mark.parametrize("at", [0, 60, None], ids=["at once", "within a minute", "nobody knows when"])
def test_a_silenced_host_seen_at_the_start_informs(inputs: EvaluationInputs, at: float | None) -> None:
    run = manifest(**SHORT, switches=["KE-TEL-01"])
    found = judged(inputs, capture_file(contact(TELEMETRY, at=at)), run=run)
    assert only(found, "CAP-SWITCH-IGNORED").relation == "informs"


def test_a_control_counts_as_set_by_its_variable_too(inputs: EvaluationInputs) -> None:
    run = manifest(**SHORT, switches=["KESTREL_NO_TELEMETRY=1"])
    found = judged(inputs, capture_file(contact(TELEMETRY)), run=run)
    assert only(found, "CAP-SWITCH-IGNORED").relation == "contradicts"


def test_without_the_control_nothing_is_ignored(inputs: EvaluationInputs) -> None:
    found = judged(inputs, capture_file(contact(TELEMETRY)), run=manifest(**SHORT))
    assert verdicts(found) == {("CAP-HOST-DECLARED", "supports", TELEMETRY, ("NET-01",))}


def test_error_reports_that_a_control_silences_speak_to_their_own_question(inputs: EvaluationInputs) -> None:
    both = with_endpoint(inputs, TELEMETRY, purpose=("telemetry", "error-reports"))
    found = judged(both, capture_file(contact(TELEMETRY)), run=manifest(**SHORT, switches=["KE-TEL-01"]))
    assert only(found, "CAP-SWITCH-IGNORED").questions == ("NET-05", "NET-06")


def test_one_control_of_several_does_not_silence_a_host_of_several_purposes(inputs: EvaluationInputs) -> None:
    both = with_endpoint(
        inputs, TELEMETRY, purpose=("telemetry", "update"), off_by=("KE-TEL-01", "KE-UPD-01")
    )
    run = manifest(**SHORT, switches=["KE-TEL-01"])
    assert not [
        each
        for each in verdicts(judged(both, capture_file(contact(TELEMETRY)), run=run))
        if "SWITCH" in each[0]
    ]
    run = manifest(**SHORT, switches=["KE-TEL-01", "KE-UPD-01"])
    found = judged(both, capture_file(contact(TELEMETRY)), run=run)
    assert only(found, "CAP-SWITCH-IGNORED").questions == ("NET-05", "VER-01")


def test_a_host_that_the_route_requires_is_not_silenced(inputs: EvaluationInputs) -> None:
    needed = with_endpoint(inputs, TELEMETRY, required={"default": "required"})
    found = judged(needed, capture_file(contact(TELEMETRY)), run=manifest(**SHORT, switches=["KE-TEL-01"]))
    assert verdicts(found) == {("CAP-HOST-DECLARED", "supports", TELEMETRY, ("NET-01",))}


def test_a_route_leak_through_a_set_switch_is_two_observations(inputs: EvaluationInputs) -> None:
    run = manifest(**BEDROCK, **SHORT, switches=["KE-TEL-01"])
    found = judged(inputs, capture_file(contact(TELEMETRY)), run=run)
    assert verdicts(found) == {
        ("CAP-ROUTE-LEAK", "contradicts", TELEMETRY, ("RTE-03",)),
        ("CAP-SWITCH-IGNORED", "contradicts", TELEMETRY, ("NET-05",)),
    }


def test_a_host_that_stops_on_the_route_and_is_not_seen_supports(inputs: EvaluationInputs) -> None:
    own = contact("bedrock-runtime.eu-central-1.amazonaws.com")
    found = judged(inputs, capture_file(own), run=manifest(**BEDROCK))
    assert ("CAP-ROUTE-LEAK", "supports", "api.kestrel.example", ("RTE-03",)) in verdicts(found)
    assert only(found, "CAP-ROUTE-LEAK", "api.kestrel.example").caveats


@pytest.mark.parametrize(
    "changes",
    [
        {"intercept": "connect-only"},
        {"ended": "2026-11-20T10:04:00Z"},
        {"scenario": ["task", "error", "idle"]},
        {"scenario": ["task", "idle", "exit"]},
    ],
    ids=["not decrypted", "too short", "no exit", "no error"],
)
def test_a_run_that_shows_too_little_says_nothing_of_absence(
    inputs: EvaluationInputs, changes: dict[str, Any]
) -> None:
    own = contact("bedrock-runtime.eu-central-1.amazonaws.com")
    found = judged(inputs, capture_file(own), run=manifest(**BEDROCK | changes))
    assert not [each for each in verdicts(found) if each[0] == "CAP-ROUTE-LEAK"]


def test_a_host_seen_in_another_capture_of_the_run_is_not_absent(inputs: EvaluationInputs) -> None:
    har = capture_file(contact("bedrock-runtime.eu-central-1.amazonaws.com"))
    packets = capture_file(contact("api.kestrel.example"), kind="pcap")
    found = judged(inputs, har, packets, run=manifest(**BEDROCK))
    assert {each[1] for each in verdicts(found) if each[2] == "api.kestrel.example"} == {"contradicts"}


def test_an_undeclared_host_of_the_vendor_contradicts_a_complete_list(inputs: EvaluationInputs) -> None:
    found = judged(inputs, capture_file(contact(BEACON)), run=manifest(**SHORT))
    assert verdicts(found) == {("CAP-HOST-UNDECLARED", "contradicts", BEACON, ("NET-01",))}


def test_an_undeclared_host_informs_where_no_list_claims_to_be_complete(inputs: EvaluationInputs) -> None:
    found = judged(with_hosts(inputs, documented=()), capture_file(contact(BEACON)), run=manifest(**SHORT))
    assert only(found, "CAP-HOST-UNDECLARED").relation == "informs"


def test_an_undeclared_host_contradicts_that_none_is_needed(inputs: EvaluationInputs) -> None:
    none = with_hosts(inputs, documented=(), none_needed=True)
    found = judged(none, capture_file(contact(BEACON)), run=manifest(**SHORT))
    assert only(found, "CAP-HOST-UNDECLARED").relation == "contradicts"


def test_an_undeclared_host_on_a_shared_machine_informs(inputs: EvaluationInputs) -> None:
    run = manifest(**SHORT, isolated_host=False)
    found = judged(inputs, capture_file(contact(BEACON)), run=run)
    assert only(found, "CAP-HOST-UNDECLARED").relation == "informs"
    assert "reviewer" in only(found, "CAP-HOST-UNDECLARED").caveats[0]


def test_a_service_for_telemetry_contradicts_only_beside_an_idle_machine(inputs: EvaluationInputs) -> None:
    event = contact("o1.ingest.sentry.io")
    found = judged(inputs, capture_file(event), run=manifest(**SHORT))
    assert only(found, "CAP-HOST-UNDECLARED").relation == "informs"
    idle = capture_file(contact("time.acme.example"), kind="pcap")
    found = judged(inputs, capture_file(event), run=manifest(**SHORT), baselines=[idle])
    assert only(found, "CAP-HOST-UNDECLARED").relation == "contradicts"
    found = judged(
        inputs, capture_file(contact("o1.ingest.sentry.io", process="kestrel")), run=manifest(**SHORT)
    )
    assert only(found, "CAP-HOST-UNDECLARED").relation == "contradicts"


def test_hosts_of_the_idle_machine_are_taken_away(inputs: EvaluationInputs) -> None:
    idle = capture_file(contact(BEACON), kind="pcap")
    found = judged(inputs, capture_file(contact(BEACON)), run=manifest(**SHORT), baselines=[idle])
    assert verdicts(found) == set()


@pytest.mark.parametrize("host", ["npm.mirror.acme.example", "pypi.mirror.acme.example", "github.com"])
def test_hosts_of_tools_inform(inputs: EvaluationInputs, host: str) -> None:
    found = judged(inputs, capture_file(contact(host)), run=manifest(**SHORT))
    assert verdicts(found) == {("CAP-HOST-UNDECLARED", "informs", host, ("NET-01",))}
    assert "tools" in only(found, "CAP-HOST-UNDECLARED").told


def test_an_unknown_host_is_listed_for_the_vendor(inputs: EvaluationInputs) -> None:
    found = judged(inputs, capture_file(contact("cdn.elsewhere.example.org")), run=manifest(**SHORT))
    assert only(found, "CAP-HOST-UNDECLARED").relation == "informs"
    assert "ask the vendor" in only(found, "CAP-HOST-UNDECLARED").told


def test_an_endpoint_of_the_chosen_cloud_is_no_undeclared_host(inputs: EvaluationInputs) -> None:
    found = judged(
        inputs, capture_file(contact("sts.eu-central-1.amazonaws.com")), run=manifest(**BEDROCK, **SHORT)
    )
    assert "cloud of this route" in only(found, "CAP-HOST-UNDECLARED").told


def test_an_address_without_a_name_cannot_be_checked(inputs: EvaluationInputs) -> None:
    event = contact("203.0.113.9", scheme="quic")
    found = judged(inputs, capture_file(event, kind="pcap"), run=manifest(**SHORT))
    seen = only(found, "CAP-HOST-UNDECLARED")
    assert (seen.relation, seen.strength) == ("informs", "not_checkable")


def test_addresses_of_the_own_network_are_left_out_and_counted(inputs: EvaluationInputs) -> None:
    found = judged(inputs, capture_file(contact("10.0.0.5")), run=manifest(**SHORT))
    assert verdicts(found) == set()
    assert any("own network" in limit for limit in found[0].limits)


def test_a_refusal_after_which_the_product_works_supports_the_proxy(inputs: EvaluationInputs) -> None:
    events = (
        contact("updates.kestrel.example", 1, 100, outcome="denied"),
        contact("api.kestrel.example", 2, 200),
    )
    found = judged(inputs, capture_file(*events, kind="proxy-log"), run=manifest(**SHORT))
    assert only(found, "CAP-DENIED-RETRY").relation == "supports"
    assert only(found, "CAP-DENIED-RETRY").questions == ("NET-03",)


def test_a_refusal_after_which_nothing_follows_informs(inputs: EvaluationInputs) -> None:
    events = (
        contact("api.kestrel.example", 1, 100),
        contact("updates.kestrel.example", 2, 200, outcome="denied"),
    )
    found = judged(inputs, capture_file(*events, kind="proxy-log"), run=manifest(**SHORT))
    assert only(found, "CAP-DENIED-RETRY").relation == "informs"


@pytest.mark.parametrize(("times", "told"), [(10, 0), (11, 1)])
def test_asking_again_more_than_ten_times_a_minute_informs(
    inputs: EvaluationInputs, times: int, told: int
) -> None:
    events = [contact("updates.kestrel.example", each, 100 + each, outcome="denied") for each in range(times)]
    found = judged(inputs, capture_file(*events, kind="proxy-log"), run=manifest(**SHORT))
    again = [each for one in found for each in one.observations if "within a minute" in each.told]
    assert [each.relation for each in again] == ["informs"] * told


@pytest.mark.parametrize(
    ("host", "size", "intercept", "told"),
    [
        (TELEMETRY, 16 * 1024 + 1, "full", True),
        (TELEMETRY, 16 * 1024, "full", False),
        (TELEMETRY, 16 * 1024 + 1, "connect-only", False),
        ("api.kestrel.example", 1_000_000, "full", False),
    ],
)
def test_large_events_of_telemetry_inform(
    inputs: EvaluationInputs, host: str, size: int, intercept: str, *, told: bool
) -> None:
    found = judged(
        inputs, capture_file(contact(host, bytes_out=size)), run=manifest(**SHORT, intercept=intercept)
    )
    assert (("CAP-BYTES", "informs", host, ("NET-02",)) in verdicts(found)) is told


def test_a_placeholder_stands_for_the_host_that_the_manifest_names(inputs: EvaluationInputs) -> None:
    declared = with_hosts(inputs, documented=("{npm_registry}",))
    found = judged(declared, capture_file(contact("npm.mirror.acme.example")), run=manifest(**SHORT))
    assert only(found, "CAP-HOST-DECLARED").relation == "supports"
    unsaid = manifest(**SHORT, parameters={})
    found = judged(declared, capture_file(contact("npm.mirror.acme.example")), run=unsaid)
    assert only(found, "CAP-HOST-UNDECLARED").relation == "informs"


def test_hosts_are_compared_without_regard_to_case_and_final_dot(inputs: EvaluationInputs) -> None:
    upper = with_hosts(inputs, documented=("API.Kestrel.Example",))
    found = judged(upper, capture_file(contact("api.kestrel.example")), run=manifest(**SHORT))
    assert only(found, "CAP-HOST-DECLARED").relation == "supports"


def test_without_a_manifest_everything_only_informs(inputs: EvaluationInputs) -> None:
    events = [contact(host) for host in (BEACON, TELEMETRY, "api.kestrel.example")]
    found = judged(inputs, capture_file(*events), run=None)
    assert {(each[1], each[0]) for each in verdicts(found)} == {
        ("informs", "CAP-HOST-DECLARED"),
        ("informs", "CAP-HOST-UNDECLARED"),
    }
    assert {each.strength for each in found[0].observations} == {"mention"}


def test_without_answers_everything_only_informs() -> None:
    found = judged(None, capture_file(contact(BEACON), contact(TELEMETRY)), run=manifest(**SHORT))
    assert {each[1] for each in verdicts(found)} == {"informs"}


def test_another_version_than_the_answers_is_stale_and_judges_nothing(inputs: EvaluationInputs) -> None:
    run = manifest(**BEDROCK, **SHORT, version="1.3.9", switches=["KE-TEL-01"])
    found = judged(inputs, capture_file(contact(TELEMETRY)), run=run)
    assert {(each.relation, each.stale) for each in found[0].observations} == {("informs", True)}
    assert any("stale" in limit for limit in found[0].limits)


def test_every_question_of_a_row_is_one_of_the_questionnaire(inputs: EvaluationInputs) -> None:
    named = {
        value
        for module in (file_rows, host_rows)
        for value in (*vars(module).values(), *host_rows.SWITCH_QUESTIONS.values())
        if isinstance(value, str) and re.fullmatch(r"[A-Z]{3}-[0-9]{2}", value)
    }
    assert "NET-05" in named
    assert named <= set(inputs.questionnaire.by_id)


def test_the_same_capture_has_the_same_ids_whatever_the_order_of_its_rows(inputs: EvaluationInputs) -> None:
    one, other = contact(BEACON, 1), contact(TELEMETRY, 2)
    first = judged(inputs, capture_file(one, other), run=manifest())
    events = dataclasses.replace(capture_file(one, other).reading, network=(other, one))
    second = judged(inputs, dataclasses.replace(capture_file(one, other), reading=events), run=manifest())
    assert first == second
