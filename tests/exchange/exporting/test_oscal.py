"""OSCAL assessment results: valid by compliance-trestle, true to what gates decide, and stable."""

from __future__ import annotations

import json
import re
from typing import TYPE_CHECKING, Any
from uuid import UUID

import pytest
from trestle.oscal.assessment_results import Model

from evalkit.exchange.exporting.oscal import assessment_results
from evalkit.exchange.exporting.oscal_observations import method_of
from tests.exchange.exporting.own import chosen, inputs
from tests.scoring import builders as build
from tests.views.test_hostile import INVISIBLE

if TYPE_CHECKING:
    from collections.abc import Iterator

    from evalkit.exchange.exporting.format import Chosen


def document(of: Chosen) -> Any:  # noqa: ANN401 - JSON
    content = assessment_results(of).content
    assert isinstance(content, str)
    return json.loads(content)["assessment-results"]


@pytest.fixture(scope="module")
def made(own: Chosen) -> Any:  # noqa: ANN401 - JSON
    return document(own)


def result_of(made: Any, option: str) -> Any:  # noqa: ANN401 - JSON
    return next(it for it in made["results"] if prop(it, "option") == option)


def prop(of: Any, name: str) -> str:  # noqa: ANN401 - JSON
    return str(next(it["value"] for it in of["props"] if it["name"] == name))


def findings(result: Any) -> dict[str, Any]:  # noqa: ANN401 - JSON
    return {it["target"]["target-id"]: it for it in result.get("findings", [])}


def observations(result: Any, question: str) -> list[Any]:  # noqa: ANN401 - JSON
    return [it for it in result["observations"] if prop(it, "question") == question]


def leaves(value: Any, key: str = "") -> Iterator[tuple[str, Any]]:  # noqa: ANN401 - JSON
    if isinstance(value, dict):
        for name, part in value.items():
            yield from leaves(part, name)
    elif isinstance(value, list):
        for part in value:
            yield from leaves(part, key)
    else:
        yield key, value


@pytest.mark.parametrize("which", ["own", "hostile", "shipped"])
def test_trestle_takes_the_document_as_assessment_results(which: str, request: pytest.FixtureRequest) -> None:
    exported = document(request.getfixturevalue(which))
    model = Model.model_validate({"assessment-results": exported})
    assert len(model.assessment_results.results) == len(exported["results"])
    assert exported["metadata"]["oscal-version"] == "1.1.3"


def test_trestle_refuses_a_document_that_lacks_what_oscal_needs(made: Any) -> None:  # noqa: ANN401 - JSON
    broken = {key: part for key, part in made.items() if key != "import-ap"}
    with pytest.raises(ValueError, match="import-ap"):
        Model.model_validate({"assessment-results": broken})


def test_every_identifier_is_of_version_5_and_names_one_thing(made: Any) -> None:  # noqa: ANN401 - JSON
    named = [value for key, value in leaves(made) if key == "uuid"]
    assert len(set(named)) == len(named)
    assert {UUID(value).version for value in named} == {5}


def test_every_reference_leads_somewhere_in_its_result(made: Any) -> None:  # noqa: ANN401 - JSON
    for result in made["results"]:
        named = {value for key, value in leaves(result) if key == "uuid"}
        used = {value for key, value in leaves(result) if key.endswith("-uuid")}
        assert used <= named
    assert made["import-ap"]["href"] == f"#{made['back-matter']['resources'][0]['uuid']}"


def test_only_gates_that_apply_are_findings_and_only_a_passed_one_is_satisfied(made: Any) -> None:  # noqa: ANN401 - JSON
    here, there = findings(result_of(made, "p/direct")), findings(result_of(made, "p/ide"))
    told = {
        (name, it["target"]["status"]["state"], it["target"]["status"]["reason"], prop(it, "gate"))
        for name, it in here.items()
    }
    assert told == {
        ("LOC-01", "satisfied", "pass", "pass"),
        ("BBB-01", "not-satisfied", "other", "open"),
        ("BBB-02", "not-satisfied", "other", "waived"),
    }
    assert there["LOC-01"]["target"]["status"] == {"state": "not-satisfied", "reason": "fail"}
    assert "Undecided" in here["BBB-01"]["target"]["status"]["remarks"]
    assert "set aside" in here["BBB-02"]["target"]["status"]["remarks"]


def test_a_gate_that_is_not_passed_is_a_risk_with_what_would_help(made: Any) -> None:  # noqa: ANN401 - JSON
    result = result_of(made, "p/ide")
    risks = {it["uuid"]: it for it in result["risks"]}
    (related,) = findings(result)["LOC-01"]["related-risks"]
    risk = risks[related["risk-uuid"]]
    assert risk["status"] == "open"
    assert [it["description"] for it in risk["remediations"]] == ["Switch it off.", "Ask for it."]
    assert {it["lifecycle"] for it in risk["remediations"]} == {"recommendation"}
    waived = [it for it in result_of(made, "p/direct")["risks"] if it["status"] == "deviation-approved"]
    assert [(it["deadline"], prop(it, "gate")) for it in waived] == [("2026-11-22T23:59:59Z", "waived")]
    assert "related-risks" not in findings(result_of(made, "p/direct"))["LOC-01"]


def test_an_evidence_item_is_an_observation_with_its_method_days_and_source(made: Any) -> None:  # noqa: ANN401 - JSON
    answer, docs, talk, again = observations(result_of(made, "p/direct"), "LOC-01")
    assert (docs["methods"], talk["methods"], answer["methods"]) == (
        ["EXAMINE"],
        ["INTERVIEW"],
        ["EXAMINE", "INTERVIEW"],
    )
    assert (docs["collected"], docs["expires"]) == ("2026-11-22T00:00:00Z", "2027-05-21T23:59:59Z")
    (evidence,) = docs["relevant-evidence"]
    assert evidence["href"] == "https://example.com/a_(b)?c=1&d=2"
    assert prop(docs, "class") == "documented"
    assert prop(docs, "source") == "docs"
    assert prop(talk, "states") == "Level 4 of 4: -"
    assert docs["uuid"] != again["uuid"]
    (package,) = observations(result_of(made, "p/direct"), "LOC-03")[1]["relevant-evidence"]
    assert "href" not in package
    assert "pkg:npm/acme\\@1.0" in package["description"]


def test_an_answer_is_an_observation_with_what_it_is_worth(made: Any) -> None:  # noqa: ANN401 - JSON
    answer = observations(result_of(made, "p/direct"), "LOC-01")[0]
    shown = {it["name"]: it["value"] for it in answer["props"]}
    assert {it["ns"] for it in answer["props"]} == {"urn:evalkit:oscal"}
    assert shown["state"] == "answered"
    assert (shown["v-low"], shown["v"], shown["v-high"]) == ("0.25", "0.75", "0.75")
    assert answer["description"].startswith("Level 3 of 4: -.\n\nOne page lists them.\n\nAnother does not.")
    assert answer["description"].endswith("Also recorded: 30 days")
    silent = observations(result_of(made, "p/direct"), "LOC-10")[0]
    assert (silent["methods"], silent["collected"]) == (["UNKNOWN"], "2026-11-22T00:00:00Z")
    assert prop(silent, "state") == "refused"


def test_what_does_not_apply_is_excluded_and_not_observed(made: Any) -> None:  # noqa: ANN401 - JSON
    (selection,) = result_of(made, "p/direct")["reviewed-controls"]["control-selections"]
    assert [it["control-id"] for it in selection["exclude-controls"]] == ["LOC-02", "BBB-03"]
    assert observations(result_of(made, "p/direct"), "LOC-02") == []


@pytest.mark.parametrize(("option", "verdict"), [("q/direct", "not-scorable"), ("r/ide", "not-eligible")])
def test_an_option_without_figures_has_its_reason_and_nothing_that_looks_assessed(
    made: Any,  # noqa: ANN401 - JSON
    own: Chosen,
    option: str,
    verdict: str,
) -> None:
    result = result_of(made, option)
    assert prop(result, "verdict") == verdict
    assert not {"observations", "findings", "risks"} & result.keys()
    (selection,) = result["reviewed-controls"]["control-selections"]
    assert len(selection["exclude-controls"]) == len(own.inputs.questionnaire.questions)
    assert f"{option}" in assessment_results(own).losses[0]


def test_several_assessors_are_all_heard(made: Any) -> None:  # noqa: ANN401 - JSON
    answer = observations(result_of(made, "s/direct"), "LOC-01")[0]
    assert "ann: Level 3 of 4" in answer["description"]
    assert "ben: Level 1 of 4" in answer["description"]
    assert prop(answer, "state") == "conflicting"


def test_the_same_inputs_give_the_same_bytes_and_another_answer_keeps_all_identifiers_but_the_documents() -> (
    None
):
    before, after = inputs(), inputs(LOC_01=build.answer(1, build.item("contract", source="docs")))
    assert assessment_results(chosen(before)) == assessment_results(chosen(inputs()))
    one, other = document(chosen(before)), document(chosen(after))
    assert one["uuid"] != other["uuid"]
    was, now = result_of(one, "p/direct"), result_of(other, "p/direct")
    assert was["uuid"] == now["uuid"]
    assert findings(was)["LOC-01"]["uuid"] == findings(now)["LOC-01"]["uuid"]
    assert findings(now)["LOC-01"]["target"]["status"]["state"] == "not-satisfied"
    kept = [[it["uuid"] for it in observations(result, "LOC-01")] for result in (was, now)]
    assert kept[0][:2] == kept[1]


def test_moments_come_from_the_evaluation_and_never_from_the_clock(made: Any) -> None:  # noqa: ANN401 - JSON
    assert made["metadata"]["last-modified"] == "2026-11-22T00:00:00Z"
    assert {it["end"] for it in made["results"]} == {"2026-11-22T23:59:59Z"}


@pytest.mark.parametrize(
    ("kind", "said", "method"),
    [
        ("documented", None, "EXAMINE"),
        ("claim", None, "INTERVIEW"),
        ("tested", None, "TEST"),
        ("documented", "test", "TEST"),
    ],
)
def test_the_method_is_the_items_own_or_follows_from_its_class(kind: Any, said: Any, method: str) -> None:  # noqa: ANN401 - closed lists
    assert method_of(build.item(kind).model_copy(update={"method": said})) == method


def test_hostile_texts_are_text_and_no_address_but_http_is_a_link(hostile: Chosen) -> None:
    exported = document(hostile)
    told = [*leaves(exported)]
    assert not [value for _, value in told if isinstance(value, str) and INVISIBLE.search(value)]
    addresses = [value for key, value in told if key == "href" and not value.startswith("#")]
    assert not [value for value in addresses if re.match(r"[a-z]+:", value, re.IGNORECASE)]
    marked = [value for key, value in told if key in {"title", "description", "statement", "remarks"}]
    assert not [value for value in marked if re.search(r"(?<!\\)<|(?<!\\)\[", value)]
