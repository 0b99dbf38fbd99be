"""Assessment results as programs write them in YAML: the same draft as of JSON, and every text a text."""

from __future__ import annotations

import json

import pytest

from evalkit.errors import EvalkitError
from evalkit.exchange.importing.formats import Wanted, read

DOCUMENT = """
assessment-results:
  metadata:
    title: "[System] results"
    version: 0.0.1
    oscal-version: 1.1.2
    last-modified: 2026-10-15T10:56:06.577123-04:00
  results:
    - title: Run
      uuid: r-1
      start: 2026-10-15T10:56:06.560163-04:00
      findings:
        - description: |
            No label was found.
          related-observations:
            - observation-uuid: o-1
          target:
            status: &state
              state: not-satisfied
            target-id: ID-1
            type: objective-id
      observations:
        - uuid: o-1
          collected: 2026-10-14T10:56:06.553304-04:00
          description: on
          methods: [TEST]
      reviewed-controls:
        control-selections:
          - include-controls:
              - control-id: ID-2
    - title: Run
      uuid: r-2
      start: 2026-10-12T00:00:00Z
      findings:
        - description: A label was found.
          target: {type: objective-id, target-id: ID-1, status: {state: satisfied}}
"""
AS_JSON = {
    "assessment-results": {
        "metadata": {
            "title": "[System] results",
            "version": "0.0.1",
            "oscal-version": "1.1.2",
            "last-modified": "2026-10-15T10:56:06.577123-04:00",
        },
        "results": [
            {
                "title": "Run",
                "uuid": "r-1",
                "start": "2026-10-15T10:56:06.560163-04:00",
                "findings": [
                    {
                        "description": "No label was found.\n",
                        "related-observations": [{"observation-uuid": "o-1"}],
                        "target": {
                            "status": {"state": "not-satisfied"},
                            "target-id": "ID-1",
                            "type": "objective-id",
                        },
                    }
                ],
                "observations": [
                    {
                        "uuid": "o-1",
                        "collected": "2026-10-14T10:56:06.553304-04:00",
                        "description": "on",
                        "methods": ["TEST"],
                    }
                ],
                "reviewed-controls": {"control-selections": [{"include-controls": [{"control-id": "ID-2"}]}]},
            },
            {
                "title": "Run",
                "uuid": "r-2",
                "start": "2026-10-12T00:00:00Z",
                "findings": [
                    {
                        "description": "A label was found.",
                        "target": {
                            "type": "objective-id",
                            "target-id": "ID-1",
                            "status": {"state": "satisfied"},
                        },
                    }
                ],
            },
        ],
    }
}


@pytest.mark.parametrize("sheet", ["", "r-2"])
def test_the_same_document_in_yaml_and_in_json_is_the_same_draft(sheet: str) -> None:
    wanted = Wanted(sheet=sheet)
    of_yaml = read("oscal-results", DOCUMENT.encode(), "ar.yaml", wanted)
    assert of_yaml == read("oscal-results", json.dumps(AS_JSON).encode(), "ar.json", wanted)
    assert [question.id for question in of_yaml.questions][:1] == ["ID-1"]


def test_results_of_one_title_are_told_apart_by_identifier_and_day() -> None:
    (told,) = [
        note.text
        for note in read("oscal-results", DOCUMENT.encode(), "ar.yaml", Wanted()).notes
        if "--sheet" in note.text
    ]
    assert told == "one of the results can be taken with --sheet: 'r-1' of 2026-10-15, 'r-2' of 2026-10-12"
    with pytest.raises(EvalkitError, match="2 results are called 'Run'; allowed are r-1, r-2"):
        read("oscal-results", DOCUMENT.encode(), "ar.yaml", Wanted(sheet="Run"))


@pytest.mark.parametrize(
    ("text", "told"),
    [
        ("assessment-results: {a: 1, a: 2}", "ar.yaml:1: the key 'a' stands twice in one mapping"),
        ("assessment-results: [", "ar.yaml:.*is no YAML"),
        ("- assessment-results", "is no OSCAL: neither JSON nor YAML with assessment-results in it"),
        ("assessment-results: []", "assessment-results is a list, not an object"),
        ("catalog: {}", "holds no assessment-results; it holds catalog"),
        ("a: *nothing", "ar.yaml:1: the alias '\\*nothing' names nothing above it"),
    ],
)
def test_yaml_that_is_none_is_refused_with_its_line(text: str, told: str) -> None:
    with pytest.raises(EvalkitError, match=told):
        read("oscal-results", text.encode(), "ar.yaml", Wanted())
