from __future__ import annotations

import json
from pathlib import Path

import pytest
from jsonschema import Draft202012Validator

from evalkit.files.reading import read_document
from evalkit.files.schemas import MODELS, json_schemas, schema_text, write_schemas

ROOT = Path(__file__).parents[2]
COMMITTED = ROOT / "questionnaires" / "schema"
SHIPPED = sorted([*ROOT.glob("questionnaires/*/**/*.yaml"), *ROOT.glob("results/*/**/*.yaml")])


@pytest.mark.parametrize("name", MODELS)
def test_the_committed_schema_is_that_of_the_model(name: str) -> None:
    text = (COMMITTED / f"{name}.schema.json").read_text(encoding="utf-8")
    assert text == schema_text(json_schemas()[name]), "run evalkit.files.write_schemas on the folder"


def test_there_are_no_other_committed_schemas() -> None:
    assert {path.name for path in COMMITTED.iterdir()} == {f"{name}.schema.json" for name in MODELS}


@pytest.mark.parametrize("name", MODELS)
def test_a_schema_is_one_and_names_its_dialect_and_file(name: str) -> None:
    schema = json_schemas()[name]
    Draft202012Validator.check_schema(schema)
    assert schema["$schema"] == "https://json-schema.org/draft/2020-12/schema"
    assert schema["$id"] == f"{name}.schema.json"
    assert schema["title"]
    assert schema["properties"]["format"]["const"] == f"evalkit/{name}/1"
    assert schema["additionalProperties"] is False


@pytest.mark.parametrize("path", SHIPPED, ids=lambda path: f"{path.parent.name}/{path.name}")
def test_a_shipped_file_fits_its_schema(path: Path) -> None:
    data = read_document(path).data
    schema = json_schemas()[data["format"].split("/")[1]]
    assert [error.message for error in Draft202012Validator(schema).iter_errors(data)] == []


def test_a_wrong_file_does_not_fit() -> None:
    data = {"format": "evalkit/answers/1", "questionnaire": "x", "odd": 1}
    errors = Draft202012Validator(json_schemas()["answers"]).iter_errors(data)
    assert {error.validator for error in errors} == {"required", "additionalProperties", "pattern"}


def test_schemas_are_written_as_files(tmp_path: Path) -> None:
    paths = write_schemas(tmp_path)
    assert [path.name for path in paths] == [f"{name}.schema.json" for name in MODELS]
    assert json.loads(paths[0].read_text(encoding="utf-8")) == json_schemas()["questionnaire"]
