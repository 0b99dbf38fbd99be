"""Assessment results of OSCAL: findings as answers, and every wrong type with its place."""

from __future__ import annotations

import copy
import json
import random
from contextlib import suppress
from datetime import date
from typing import TYPE_CHECKING, Any

import pytest

from evalkit.errors import EvalkitError
from evalkit.exchange.importing import json_text
from evalkit.exchange.importing.draft import Choice
from evalkit.exchange.importing.formats import Wanted, read
from evalkit.files.loading import load_inputs
from tests.exchange.importing.drafts import brought

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path

    from evalkit.exchange.importing.draft import Draft, DraftAnswer

OBSERVATION: dict[str, Any] = {
    "uuid": "o-1",
    "title": "Roles were listed",
    "description": "Two roles may delete logs.",
    "methods": ["TEST", "EXAMINE"],
    "types": ["finding"],
    "subjects": [{"subject-uuid": "c-1", "type": "component"}],
    "relevant-evidence": [
        {"href": "https://acme.example/roles", "description": "The list."},
        {"href": "#r-1", "remarks": "Its archive."},
    ],
    "collected": "2026-06-02T08:31:20-04:00",
    "expires": "2027-06-02T00:00:00Z",
    "remarks": "Looked at twice.",
}
FINDING: dict[str, Any] = {
    "uuid": "f-1",
    "title": "Logs can be deleted",
    "description": "Two roles are too strong.",
    "target": {
        "type": "objective-id",
        "target-id": "ac-6.1_obj",
        "title": "Least privilege",
        "status": {"state": "not-satisfied", "reason": "fail", "remarks": "Both in production."},
    },
    "related-observations": [{"observation-uuid": "o-1"}],
    "related-risks": [{"risk-uuid": "x-1"}],
}
RESULT: dict[str, Any] = {
    "uuid": "s-1",
    "title": "June",
    "description": "Monthly.",
    "start": "2026-06-01T00:00:00Z",
    "end": "2026-06-03T00:00:00Z",
    "local-definitions": {"components": [{"uuid": "c-1", "title": "Acme Assistant"}]},
    "reviewed-controls": {
        "control-selections": [
            {
                "include-controls": [
                    {"control-id": "ac-6.1"},
                    {"control-id": "au-2"},
                    {"control-id": "au-4"},
                    {"control-id": "au-3", "statement-ids": ["au-3_smt.a"]},
                ],
                "exclude-controls": [{"control-id": "au-4"}],
            }
        ],
        "control-objective-selections": [{"include-objectives": [{"objective-id": "ia-2_obj"}]}],
    },
    "observations": [OBSERVATION],
    "risks": [{"uuid": "x-1"}, {"uuid": "x-2"}],
    "findings": [FINDING],
}
DOCUMENT: dict[str, Any] = {
    "assessment-results": {
        "uuid": "d-1",
        "metadata": {
            "title": "Checks of Acme",
            "version": "2.1",
            "oscal-version": "1.1.2",
            "parties": [{"uuid": "p-1"}],
        },
        "import-ap": {"href": "plan.json"},
        "results": [RESULT],
        "back-matter": {
            "resources": [
                {"uuid": "r-1", "rlinks": [{"href": "archive.zip"}]},
                {"uuid": "r-2", "title": "Two"},
            ]
        },
    }
}


def drafted(document: object = DOCUMENT, sheet: str = "") -> Draft:
    """Return what a document says."""
    return read("oscal-results", json.dumps(document).encode(), "ar.json", Wanted(sheet=sheet))


def changed(**values: object) -> dict[str, Any]:
    """Return the document with values at paths such as ``results__0__findings``."""
    document = copy.deepcopy(DOCUMENT)
    for path, value in values.items():
        *keys, last = (int(key) if key.isdigit() else key.replace("_", "-") for key in path.split("__"))
        at: Any = document["assessment-results"]
        for key in keys:
            at = at[key]
        at[last] = value
    return document


def finding(state: str, *, target: str = "ac-6.1_obj", kind: str = "objective-id") -> dict[str, Any]:
    """Return a finding."""
    about = {"type": kind, "target-id": target, "status": {"state": state}}
    return {"uuid": f"{target} {state}", "title": f"It is {state}", "target": about}


def answer(draft: Draft, id_: str = "ac-6.1_obj") -> DraftAnswer:
    """Return an answer."""
    return next(each for each in draft.answers if each.question == id_)


def notes(draft: Draft, kind: str = "left out") -> str:
    """Return all notes of a kind."""
    return "\n".join(f"{note.where}: {note.text}" for note in draft.notes if note.kind == kind)


def test_each_target_is_a_question_and_each_family_a_section() -> None:
    found = drafted()
    assert [(each.title, [it.id for it in each.questions]) for each in found.sections] == [
        ("AC", ["ac-6.1_obj"]),
        ("AU", ["au-2", "au-3_smt.a"]),
        ("IA", ["ia-2_obj"]),
    ]
    asked = found.questions[0]
    assert asked.text == "Is the control objective ac-6.1_obj satisfied?"
    assert asked.title == "ac-6.1_obj Least privilege"
    assert asked.choices == (
        Choice("satisfied", "satisfied", 100),
        Choice("not-satisfied", "not-satisfied", 0),
    )
    assert found.questions[2].text == "Is the control statement au-3_smt.a satisfied?"
    assert (found.title, found.version) == ("Checks of Acme", "2.1")


def test_a_finding_is_an_answer_with_what_it_rests_on() -> None:
    found = answer(drafted())
    assert found.choices == ("not-satisfied",)
    assert found.where == "assessment-results.results[0].findings[0]"
    assert found.on == date(2026, 6, 2)
    assert found.link == "https://acme.example/roles archive.zip"
    assert found.text.split("\n\n") == [
        "Logs can be deleted",
        "Two roles are too strong.",
        "Least privilege",
        "Reason: fail",
        "Both in production.",
        "Roles were listed",
        "Two roles may delete logs.",
        "Methods: TEST, EXAMINE",
        "The list.",
        "Its archive.",
        "Looked at twice.",
    ]


def test_what_was_reviewed_without_a_finding_has_no_answer() -> None:
    assert [each.question for each in drafted().answers] == ["ac-6.1_obj"]


def test_the_one_component_that_observations_are_about_is_the_product() -> None:
    assert drafted().product == "Acme Assistant"
    assert "the product is 'Acme Assistant'" in notes(drafted(), "assumed")
    other = {**OBSERVATION, "uuid": "o-2", "subjects": [{"subject-uuid": "c-2", "type": "component"}]}
    assert drafted(changed(results__0__observations=[OBSERVATION, other])).product == ""


def test_what_is_not_taken_is_counted() -> None:
    told = notes(drafted())
    for part in (
        "2 risks of results",
        "1 related-risks of findings",
        "1 expires of observations",
        "1 subjects of observations",
        "1 controls that were not reviewed",
        "1 parties of metadata",
        "1 import-ap of the document",
        "1 resources of back-matter to which no evidence refers",
    ):
        assert part in told


def test_findings_that_agree_are_one_answer_as_old_as_the_oldest() -> None:
    later = {**RESULT, "uuid": "s-2", "title": "July", "end": "2026-07-03T00:00:00Z"}
    later["findings"] = [finding("not-satisfied")]
    found = answer(drafted(changed(results=[RESULT, later])))
    assert found.choices == ("not-satisfied",)
    assert found.on == date(2026, 6, 2)
    assert found.text.endswith("It is not-satisfied")


def test_findings_that_differ_give_no_value_unless_one_result_is_chosen() -> None:
    later = {**RESULT, "uuid": "s-2", "title": "July", "findings": [finding("satisfied")]}
    both = changed(results=[RESULT, later])
    found = drafted(both)
    assert answer(found).choices == ()
    assert "not-satisfied: Logs can be deleted" in answer(found).text
    assert "satisfied: It is satisfied" in answer(found).text
    assert "ac-6.1_obj is found in different ways, so it has no value: not-satisfied at" in notes(found)
    assert "can be taken with --sheet: 'June' of 2026-06-03, 'July' of 2026-06-03" in notes(found)
    for name in ("July", "s-2"):
        chosen = drafted(both, sheet=name)
        assert answer(chosen).choices == ("satisfied",)
        assert "the other results of the document: 1" in notes(chosen)
    with pytest.raises(
        EvalkitError, match="no result is called 'Juni'; allowed are June, July; did you mean"
    ):
        drafted(both, sheet="Juni")
    with pytest.raises(EvalkitError, match="2 results are called 'June'"):
        drafted(changed(results=[RESULT, RESULT]), sheet="June")


@pytest.mark.parametrize("state", ["pass", "", "Satisfied "])
def test_a_state_that_oscal_does_not_have_gives_no_value(state: str) -> None:
    found = drafted(changed(results__0__findings=[finding(state)]))
    assert answer(found).choices == ()
    assert answer(found).text
    assert f"the state of ac-6.1_obj is {state.strip()!r}: it has no value" in notes(found)


def test_one_target_of_two_types_is_told() -> None:
    pair = [finding("satisfied"), finding("satisfied", kind="statement-id")]
    told = notes(drafted(changed(results__0__findings=pair)), "changed")
    assert "ac-6.1_obj is called control objective and control statement" in told


def test_oddities_are_told_with_their_place() -> None:
    odd = changed(
        results__0__observations=[
            {**OBSERVATION, "collected": "2026-02-30T00:00:00Z"},
            OBSERVATION,
            {"uuid": "o-9"},
        ],
        results__0__findings=[
            {**FINDING, "related-observations": [{"observation-uuid": "o-7"}]},
            {"uuid": "f-2"},
            {"uuid": "f-3", "target": {"type": "objective-id"}},
        ],
        results__0__weather="fine",
        metadata__oscal_version="1.2.2",
        metadata__version="June",
    )
    told = notes(drafted(odd))
    assert "results[0].observations[0].collected: is no date: '2026-02-30T00:00:00Z'" in told
    assert "results[0].observations[1]: is an observation without an identifier of its own" in told
    assert "results[0].findings[1]: is a finding without a target" in told
    assert "results[0].findings[2]: is a finding without the id of its target" in told
    assert "results[0].weather: is nothing that OSCAL has there" in told
    assert "1 observation on which findings rest, not in the same result" in told
    assert "2 observations on which no finding rests" in told
    assert "of OSCAL 1.2.2; it is read as 1.1" in notes(drafted(odd), "assumed")
    assert "version 'June' of the document" in notes(drafted(odd), "changed")
    assert answer(drafted(odd)).on == date(2026, 6, 3)


def test_more_oddities_than_a_list_holds_are_counted() -> None:
    told = notes(drafted(changed(results__0__findings=[FINDING, *({"uuid": "f"} for _ in range(80))])))
    assert told.count("is a finding without a target") == 50
    assert "30 more oddities" in told


def test_what_was_imported_is_checked_and_scored_as_found(tmp_path: Path) -> None:
    made = brought(drafted(), tmp_path)
    made.write(tmp_path)
    inputs = load_inputs(tmp_path / made.evaluation)
    answers = inputs.options()[0].answers.answers
    assert {id_: each.value for id_, each in answers.items()} == {"AC-01": 0}
    assert answers["AC-01"].evidence[0].collected == date(2026, 6, 2)


@pytest.mark.parametrize(
    ("raw", "told"),
    [
        (b'<?xml version="1.0"?><assessment-results/>', "as XML does; .* convert it with oscal-cli"),
        (b"assessment-results:\n  uuid: x\n", "has no results"),
        (b"", "is empty"),
        (b'{"catalog": {}}', "holds no assessment-results; it holds catalog"),
        (b"{}", "it holds nothing"),
        (b'{"assessment-results": {}}', "has no results"),
        (b'{"assessment-results": {"results": []}}', "nothing is asked"),
        (b'{"assessment-results": {"a": 1, "a": 2}}', "the key 'a' stands twice"),
        (b'{"assessment-results": {"a": NaN}}', "NaN is no JSON"),
        (b'{"assessment-results": "\xff"}', "not UTF-8 text"),
        (b'{"assessment-results": ', "is no JSON"),
        (b'{"a":' * 100, "nested more than 64 deep"),
        (b'{"assessment-results": []}', "assessment-results is a list, not an object"),
    ],
)
def test_what_are_no_assessment_results_is_refused(raw: bytes, told: str) -> None:
    with pytest.raises(EvalkitError, match=told):
        read("oscal-results", raw, "ar.json", Wanted())


def test_a_document_of_too_many_parts_is_refused_before_it_is_read(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setattr(json_text, "MOST_TOKENS", 100)
    with pytest.raises(EvalkitError, match="more than 100 texts and brackets"):
        drafted()


def places(value: object, path: tuple[str | int, ...] = ()) -> Iterator[tuple[str | int, ...]]:
    """Yield the path of every value below one."""
    parts = value.items() if isinstance(value, dict) else enumerate(value) if isinstance(value, list) else ()
    for key, each in parts:
        yield (*path, key)
        yield from places(each, (*path, key))


def is_read(path: tuple[str | int, ...]) -> bool:
    """Whether something is made of a value; others are only counted."""
    names = [key for key in path if isinstance(key, str)]
    counted = {"parties", "risks", "related-risks", "import-ap", "types", "expires"}
    return not counted & set(names) and names[-2:] not in (
        ["assessment-results", "uuid"],
        ["findings", "uuid"],
        ["results", "description"],
    )


@pytest.mark.parametrize("path", [path for path in places(DOCUMENT) if is_read(path)], ids=str)
def test_a_value_of_a_wrong_type_is_refused_with_its_path(path: tuple[str | int, ...]) -> None:
    document = copy.deepcopy(DOCUMENT)
    at: Any = document
    for key in path[:-1]:
        at = at[key]
    at[path[-1]] = 7
    named = "".join(f"[{key}]" if isinstance(key, int) else f".{key}" for key in path).lstrip(".")
    with pytest.raises(EvalkitError) as error:
        drafted(document)
    assert str(error.value).startswith(f"ar.json: {named} is a number, not ")


def test_damaged_documents_raise_errors_of_evalkit_only() -> None:
    chance = random.Random(11)  # noqa: S311 - which values are damaged is no secret
    junk = [None, True, 0, "", [], {}, [None], {"a": 1}, "\u202e\x00", "#r-1", "2026-99-99T00:00:00Z"]
    every = list(places(DOCUMENT))
    for _ in range(300):
        document = copy.deepcopy(DOCUMENT)
        for _ in range(chance.choice((1, 2, 5))):
            *keys, last = chance.choice(every)
            at: Any = document
            with suppress(KeyError, IndexError, TypeError):
                for key in keys:
                    at = at[key]
                at[last] = copy.deepcopy(chance.choice(junk))
        with suppress(EvalkitError):
            drafted(document)
